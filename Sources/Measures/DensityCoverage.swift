// Density and coverage (Naeem et al. 2002.09797, equations 4 and 5, with their k = 5): as precision and recall, with balls around the
// data alone, where there are no outliers of a generator's to widen them.

enum DensityCoverage {
    private static let paper =
        "Naeem et al., Reliable fidelity and diversity metrics for generative models, 2020, arxiv.org/abs/2002.09797"

    static let density = Measure(
        "density", "How many balls of the data, which reach to the fifth nearest neighbour, hold a sample on average, divided by 5.",
        paper: paper, range: "0 or more; about 1 where both are alike", goal: .higher, needs: .features,
        minimum: Encounters.densityNeighbours + 1, samples: "hardly any influence of the samples' number")

    static let coverage = Measure(
        "coverage", "The share of the data whose ball, which reaches to the fifth nearest neighbour, holds a sample.",
        paper: paper, range: "0 to 1", goal: .higher, needs: .features, minimum: Encounters.densityNeighbours + 1,
        samples: "grows with the samples: compare values of equal numbers only")
}
