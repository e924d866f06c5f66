// What is measured of networks while they train: of a classifier how many held-out pictures it knows, of a generator the measures of
// every n-th epoch. Nothing that a training depends on is changed, so the networks are the same with it and without.

import Base
import Data
import Measures
import Recipes

struct TrainingMeasures {
    /// By the names of metrics.
    private(set) var values: [String: Double] = [:]
    /// Makes the features; nil for random ones.
    var judge: Classifier?
    private let every: Int64
    private let count: Int
    private let measure: Measure?
    private let patience: Int
    private let collapse: Double
    private var best: Double?
    private var stale = 0
    /// The best of what falls when a generator collapses.
    private var highest: [String: Double] = [:]

    /// Of the samples that evaluations draw, which are the same each time: no training draws under it.
    private static let seed: UInt64 = 0xBB67_AE85_84CA_A73B
    private static let ofCollapse = ["recall", "class-entropy"]

    init(_ options: OptionValues) {
        every = Int64(options.integer(.evaluateEvery))
        count = options.integer(.evaluateCount)
        measure = try? Measure.find(options.choice(.evaluateMeasure))
        patience = options.integer(.evaluatePatience)
        collapse = options.real(.evaluateCollapse)
    }

    func isDue(epoch: Int64) -> Bool { every > 0 && epoch % every == 0 }

    /// Whether as many evaluations as evaluate.patience says were no better than the best.
    var isExhausted: Bool { patience > 0 && stale >= patience }

    /// Whether the training has this metric.
    func has(_ name: String, heldOut: Bool, draws: Bool) -> Bool {
        if name == Metric.accuracy { return heldOut }
        if every == 0 || !draws { return false }
        return values.isEmpty ? [Metric.bestEpoch, Metric.stale, Metric.collapsed].contains(name) || isMeasured(name) : values[name] != nil
    }

    private func isMeasured(_ name: String) -> Bool {
        Measure.all.contains { $0.isOfProgress && Metric.evaluation + $0.name == name && ($0.needs == .features || judge != nil) }
    }

    /// How many of the items a classifier knows.
    mutating func measureAccuracy(_ classifier: Classifier, _ dataset: Dataset, items: UnsafeBufferPointer<Int>, threads: Int) throws(GanError) {
        let seen = try FeatureSource(classifier, shape: dataset.shape, threads: threads).observe(dataset, items: items, keepsPictures: false)
        if let probabilities = seen.tagProbabilities, let column = dataset.column(Field.tags)?.column, case .bytes(let tags) = column.storage {
            var right = [Int](repeating: 0, count: probabilities.width)
            for (row, item) in items.enumerated() {
                for tag in right.indices where (probabilities.row(row)[tag] > 0.5) == (tags[item * right.count + tag] != 0) { right[tag] += 1 }
            }
            for (name, count) in zip(Self.tagMetrics(classifier.classNames), right) { values[name.name] = Double(count) / Double(max(items.count, 1)) }
            values[Metric.accuracy] = Double(right.reduce(0, +)) / Double(max(items.count * right.count, 1))
            return
        }
        guard let probabilities = seen.probabilities, let labels = seen.labels else { return }
        var right = 0
        for (row, label) in labels.enumerated() where probabilities.largest(row) == Int(label) { right += 1 }
        values[Metric.accuracy] = Double(right) / Double(max(labels.count, 1))
    }

    /// A metric for each tag. Names are words of lists, so what is no letter, digit, hyphen or underscore of a tag's is a hyphen.
    static func tagMetrics(_ tags: [String]) -> [Metric] {
        var names: [String] = []
        for (place, tag) in tags.prefix(mostTags).enumerated() {
            let name = String(tag.prefix(40).map { ($0.isASCII && ($0.isLetter || $0.isNumber)) || $0 == "_" ? $0 : "-" })
            names.append(name.isEmpty || names.contains(name) ? "\(name)\(name.isEmpty ? "" : "-")\(place)" : name)
        }
        return names.map { Metric.accuracy(ofTag: $0) }
    }

    /// Of more tags than anybody looks at one by one, the first.
    private static let mostTags = 64

    mutating func evaluate(_ generator: Generator, _ dataset: Dataset, epoch: Int64, threads: Int) throws(GanError) {
        let evaluation = try Evaluation(
            generator, seed: Self.seed, count: count, beside: dataset, judge, threads: threads, most: count, keepsPictures: false)
        for measure in Measure.all where measure.isOfProgress && evaluation.comparison.obstacle(measure) == nil {
            values[Metric.evaluation + measure.name] = try evaluation.comparison.value(measure).value
        }
        guard let measure, let value = values[Metric.evaluation + measure.name] else {
            let obstacle = measure.flatMap { evaluation.comparison.obstacle($0) }
            throw obstacle ?? GanError(.internalError, "An evaluation came without the measure that decides.")
        }
        let isBest = best.map { measure.goal == .lower ? value < $0 : value > $0 } ?? true
        if isBest {
            best = value
            stale = 0
            values[Metric.bestEpoch] = Double(epoch)
        } else {
            stale += 1
        }
        values[Metric.stale] = Double(stale)
        values[Metric.collapsed] = noteCollapse() ? 1 : 0
    }

    /// Whether one of those that fall with a collapse is below its share of the best, of a best that is worth a look.
    private mutating func noteCollapse() -> Bool {
        var isCollapsed = false
        for name in Self.ofCollapse {
            guard let value = values[Metric.evaluation + name] else { continue }
            let most = max(highest[name] ?? 0, value)
            highest[name] = most
            if most >= 0.05 && value < collapse * most { isCollapsed = true }
        }
        return isCollapsed
    }
}
