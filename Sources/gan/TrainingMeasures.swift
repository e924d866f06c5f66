// What the library measured of the networks at the ends of epochs, on its way into lines, logs and the best checkpoint.
import CGan

struct TrainingMeasures {
    /// Metrics that are told with an epoch.
    let names: [String]
    /// Which of them decides, with "evaluate." in front, and whether less of it is better.
    let deciding: String
    let isLower: Bool
    private let every: Int64
    private let patience: Int64
    private(set) var best: (epoch: Int64, value: Double)?
    private var isWarned = false

    private static let prefix = "evaluate."

    /// Whether a metric is of the networks at the end of an epoch rather than of a step.
    static func isMeasured(_ name: String) -> Bool {
        name == "accuracy" || ["accuracy.", prefix].contains { name.hasPrefix($0) } || name.hasSuffix(rate)
    }

    /// What the names of learning rates end in.
    static let rate = ".learning-rate"

    private static let notes = ["best-epoch", "stale", "collapsed"].map { prefix + $0 }

    init(_ trainer: Handle) throws {
        names = try Library.metrics(trainer).filter { Self.isMeasured($0) && !Self.notes.contains($0) }
        every = Int64(try Library.option(trainer, "evaluate.every")) ?? 0
        patience = Int64(try Library.option(trainer, "evaluate.patience")) ?? 0
        let measure = try Library.option(trainer, "evaluate.measure")
        deciding = Self.prefix + measure
        isLower = Measure.all.first { $0.name == measure }?.goal != "higher"
    }

    func isDue(_ epoch: Int64) -> Bool { every > 0 && epoch % every == 0 && names.contains { $0.hasPrefix(Self.prefix) } }

    /// What there is to tell of an epoch.
    func values(_ trainer: Handle, _ epoch: Int64) throws -> [String: Double] {
        var values: [String: Double] = [:]
        for name in names where !name.hasPrefix(Self.prefix) || isDue(epoch) {
            let value = try Library.metric(trainer, name)
            if value.isFinite { values[name] = value }
        }
        return values
    }

    /// What was the best in the log of a training that goes on.
    mutating func remember(_ rows: [TrainingLog.Row]) {
        for row in rows { if let value = row.measures[deciding] { _ = note(value, row.epoch) } }
    }

    /// Whether a value is the best so far.
    mutating func note(_ value: Double, _ epoch: Int64) -> Bool {
        if let best, isLower ? value >= best.value : value <= best.value { return false }
        best = (epoch, value)
        return true
    }

    /// Whether the training has gone on for long enough without a better evaluation.
    func isExhausted(_ epoch: Int64) -> Bool {
        guard patience > 0, every > 0, isDue(epoch), let best else { return false }
        return (epoch - best.epoch) / every >= patience
    }

    /// Once, a sentence when samples collapse.
    mutating func warning(_ trainer: Handle, _ epoch: Int64) throws -> String? {
        guard !isWarned, isDue(epoch), try Library.metric(trainer, Self.prefix + "collapsed") == 1 else { return nil }
        isWarned = true
        return "The samples of epoch \(epoch) are far less varied than those before: recall, or the entropy of their classes, fell below "
            + "\(try Library.option(trainer, "evaluate.collapse")) of its best. A lower learning rate, or penalties (r1, r2), may help."
    }

    /// "  accuracy 98.2 %  frechet-distance 12.3, the best": what stands behind the line of an epoch.
    func text(_ values: [String: Double], isBest: Bool) -> String {
        var text = ""
        if let accuracy = values["accuracy"] { text += "  accuracy \(Format.fixed(100 * accuracy, 1)) %" }
        if let value = values[deciding] {
            text += "  \(deciding.dropFirst(Self.prefix.count)) \(Format.significant(value, 4))" + (isBest ? ", the best" : "")
        }
        return text
    }

    /// Where the best checkpoint goes: beside the last.
    static func bestPath(_ checkpoint: String) -> String {
        let end = ".safetensors"
        return checkpoint.hasSuffix(end) ? checkpoint.dropLast(end.count) + "-best" + end : checkpoint + "-best"
    }
}
