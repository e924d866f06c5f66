// Samples that were learnt by heart, and samples that are there twice. What is near is measured by the data: pictures of different
// things are about as far apart as the data's own nearest neighbours are.

enum Copies {
    static let copies = Measure(
        "copies", "The share of samples that are nearly an item of the data: nearer than half of what a nearest neighbour within the data is at the median.",
        paper: "Meehan, Chaudhuri & Dasgupta, A non-parametric test to detect data-copying in generative models, 2020, arxiv.org/abs/2004.05675, on which this is modelled",
        range: "0 to 1", goal: .lower, needs: .features, minimum: 2, samples: "grows with the data, of which more are near")

    static let duplicates = Measure(
        "duplicates", "The share of samples that nearly another sample is: nearer than half of what a nearest neighbour within the data is at the median.",
        paper: "Arora & Zhang, Do GANs actually learn the distribution? An empirical study, 2017, arxiv.org/abs/1706.08224, on which this is modelled",
        range: "0 to 1", goal: .lower, needs: .features, minimum: 2, samples: "grows with the samples: compare values of equal numbers only")

    /// A quarter of the median squared distance of a nearest neighbour: half, squared.
    static func limit(_ data: NearestOthers, count: Int) -> Double {
        let sorted = (0..<count).map { data.radius($0, 1) }.sorted()
        return sorted[(count - 1) / 2] / 4
    }
}
