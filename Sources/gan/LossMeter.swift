// What a trainer tells of its steps, over an epoch: the mean of each number, and how far it strayed from it.
import CGan

/// The numbers that a trainer tells after each step: those of its recipe, in the library's order.
struct StepMetrics {
    let names: [String]

    /// What every training has, and what no step tells.
    private static let counters: Set<String> = ["step", "epoch", "steps-per-epoch", "images-per-second"]

    init(of trainer: Handle) throws {
        var count: Int32 = 0
        try check(gan_trainer_metric_count(trainer.pointer, &count))
        names = try (0..<count).map { index in try Library.text { gan_trainer_metric_name(trainer.pointer, index, $0, $1, $2) } }
            .filter { !Self.counters.contains($0) && !TrainingMeasures.isMeasured($0) }
    }

    func values(of trainer: Handle) throws -> [Double] { try names.map { try Library.metric(trainer, $0) } }

    static func isLoss(_ name: String) -> Bool { name == "loss" || name.hasSuffix(".loss") }

    /// The two that a line for people has room for, losses where there are any, with a short and a long name: "D" and "D loss".
    /// - Parameter values: What is known of each; NaN for what no step has made yet, such as a discriminator's loss before it joins.
    func shown(_ values: [Double]) -> [(index: Int, short: String, long: String)] {
        let known = names.indices.filter { !values[$0].isNaN }
        let some = known.isEmpty ? Array(names.indices) : known
        let losses = some.filter { Self.isLoss(names[$0]) }
        return (losses.isEmpty ? some : losses).prefix(2).map { index in
            let short = Self.isLoss(names[index]) && names[index] != "loss" ? names[index].prefix(1).uppercased() : names[index]
            return (index, short, losses.isEmpty || names[index] == "loss" ? names[index] : short + " loss")
        }
    }
}

struct LossMeter {
    /// Mean and deviation as they grow (Welford, "Note on a method for calculating corrected sums of squares", 1962).
    struct Sum {
        private(set) var count = 0.0
        /// NaN of nothing.
        var mean: Double { count > 0 ? running : .nan }
        private var running = 0.0
        private var squares = 0.0

        /// A number that no step has made yet is none. (A training that diverges ends with a sentence.)
        mutating func add(_ value: Double) {
            if value.isNaN { return }
            count += 1
            let difference = value - running
            running += difference / count
            squares += difference * (value - running)
        }

        var deviation: Double { count > 0 ? (squares / count).squareRoot() : 0 }
    }

    /// One for each of the step's metrics.
    private(set) var sums: [Sum]
    private(set) var last: [Double]?

    init(_ metrics: StepMetrics) { sums = metrics.names.map { _ in Sum() } }

    mutating func add(_ values: [Double]) {
        last = values
        for (index, value) in values.enumerated() { sums[index].add(value) }
    }

    /// Begins a new epoch.
    mutating func begin() { sums = sums.map { _ in Sum() } }
}
