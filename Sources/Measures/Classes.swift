// What classes samples are of: their entropy, how many of the data's there are, and whether those that were asked for came.

import Base

enum Classes {
    static let entropy = Measure(
        "class-entropy", "The entropy of the classes that a classifier takes the samples for, divided by that of equally many of each.",
        paper: "Shannon, A mathematical theory of communication, 1948, doi.org/10.1002/j.1538-7305.1948.tb01338.x",
        range: "0 to 1", goal: .higher, needs: .classes, minimum: 1, samples: "grows with the samples as long as some classes have few")

    static let modes = Measure(
        "modes", "How many classes a classifier finds among the samples, at least one sample each.",
        paper: "Metz et al., Unrolled generative adversarial networks, 2016, arxiv.org/abs/1611.02163, section 3.3.1",
        range: "1 to the number of classes", goal: .higher, needs: .classes, minimum: 1, samples: "grows with the samples")

    static let divergence = Measure(
        "mode-divergence", "The Kullback–Leibler divergence of the samples' classes from those of the data, both as a classifier sees them, in nats.",
        paper: "Metz et al., Unrolled generative adversarial networks, 2016, arxiv.org/abs/1611.02163, section 3.3.1",
        range: "0 or more; infinite where the samples have a class that the data have not", goal: .lower, needs: .classes, minimum: 1,
        samples: "too large by about (classes − 1) / (2 · samples)")

    static let agreement = Measure(
        "label-agreement", "The share of samples whose class, as a classifier sees it, is the one that was asked for.",
        paper: "Odena, Olah & Shlens, Conditional image synthesis with auxiliary classifier GANs, 2016, arxiv.org/abs/1610.09585, section 4.2",
        range: "0 to 1", goal: .higher, needs: .labels, minimum: 1, samples: "no influence but chance")

    /// How many rows have their largest probability at each class; the first of equals counts.
    static func histogram(_ probabilities: Features) -> [Int] {
        var counts = [Int](repeating: 0, count: probabilities.width)
        for row in 0..<probabilities.count { counts[probabilities.largest(row)] += 1 }
        return counts
    }

    static func entropy(_ counts: [Int]) -> Double {
        let total = Double(counts.reduce(0, +))
        if counts.count < 2 || total == 0 { return 0 }
        let sum = counts.reduce(0.0) { sum, count in
            if count == 0 { return sum }
            let share = Double(count) / total
            return sum - share * Logarithm.of(share)
        }
        return sum / Logarithm.of(Double(counts.count))
    }

    static func divergence(_ samples: [Int], _ data: [Int]) -> Double {
        let (n, m) = (Double(samples.reduce(0, +)), Double(data.reduce(0, +)))
        var sum = 0.0
        for (a, b) in zip(samples, data) where a > 0 { sum += Double(a) / n * (Logarithm.of(Double(a) / n) - Logarithm.of(Double(b) / m)) }
        return max(sum, 0)
    }

    static func agreement(_ probabilities: Features, labels: [Int32]) -> Double {
        var same = 0
        for (row, label) in labels.enumerated() where probabilities.largest(row) == Int(label) { same += 1 }
        return Double(same) / Double(max(labels.count, 1))
    }
}

extension Features {
    /// Where a row has its largest number; the first of equals.
    public func largest(_ index: Int) -> Int {
        let row = row(index)
        var place = 0
        for i in 1..<max(width, 1) where row[i] > row[place] { place = i }
        return place
    }}
