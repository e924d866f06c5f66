// The inception score (Salimans et al. 1606.03498, section 4) of any classifier: the exponential of how much a sample's class
// probabilities differ from those of all samples, as a mean of Kullback–Leibler divergences.

import Base

enum ClassifierScore {
    static let measure = Measure(
        "classifier-score", "How sure a classifier is of every sample while all classes are there (the inception score, with another classifier).",
        paper: "Salimans et al., Improved techniques for training GANs, 2016, arxiv.org/abs/1606.03498",
        range: "1 to the number of classes", goal: .higher, needs: .classes, minimum: 2,
        samples: "grows a little with the samples; the spread is the standard deviation over ten parts of them")

    /// - Parameter probabilities: Rows that sum to 1.
    static func of(_ probabilities: Features) -> MeasureValue {
        let count = probabilities.count
        let value = of(probabilities, 0..<count)
        guard count >= 20 else { return MeasureValue(value) }
        return MeasureValue(value, spread: (0..<10).map { of(probabilities, count * $0 / 10..<count * ($0 + 1) / 10) }.deviation)
    }

    private static func of(_ probabilities: Features, _ rows: Range<Int>) -> Double {
        let width = probabilities.width
        var mean = [Double](repeating: 0, count: width)
        for row in rows {
            for (index, value) in probabilities.line(row).enumerated() { mean[index] += Double(value) / Double(rows.count) }
        }
        let logarithms = mean.map { Logarithm.of($0) }
        var divergence = 0.0
        for row in rows {
            for (index, value) in probabilities.line(row).enumerated() where value > 0 {
                divergence += Double(value) * (Logarithm.of(Double(value)) - logarithms[index])
            }
        }
        return Logarithm.exponential(divergence / Double(rows.count))
    }
}
