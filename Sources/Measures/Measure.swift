// What a measure is, and the list of all. Adding one is a file beside this one, a line in the list, and its line in `Comparison`.

import Base

public struct Measure: Sendable {
    /// Whether more of it is better.
    public enum Goal: String, Sendable {
        case higher
        case lower
    }

    /// What it is made of.
    public enum Needs: String, Sendable {
        /// Features of samples and of the data.
        case features
        /// Class probabilities, which a classifier tells.
        case classes
        /// Those, and the classes that samples were to be of.
        case labels
        /// The pictures themselves.
        case pictures
        /// The cells of a table.
        case rows
    }

    public let name: String
    /// What it is, in a sentence.
    public let summary: String
    /// Where it is from.
    public let paper: String
    /// What values it has.
    public let range: String
    public let goal: Goal
    public let needs: Needs
    /// How many samples, and items of the data, it needs.
    public let minimum: Int
    /// How it depends on the number of samples.
    public let samples: String

    init(
        _ name: String, _ summary: String, paper: String, range: String, goal: Goal, needs: Needs, minimum: Int, samples: String
    ) {
        self.name = name
        self.summary = summary
        self.paper = paper
        self.range = range
        self.goal = goal
        self.needs = needs
        self.minimum = minimum
        self.samples = samples
    }

    /// Whether it is found quickly enough to be looked at during a training.
    public var isOfProgress: Bool { needs != .pictures && needs != .rows && name != FrechetInfinity.measure.name }

    public static let all: [Measure] = [
        FrechetDistance.measure, FrechetInfinity.measure, KernelDistance.measure,
        PrecisionRecall.precision, PrecisionRecall.recall, DensityCoverage.density, DensityCoverage.coverage,
        Copies.copies, Copies.duplicates,
        SlicedWasserstein.measure,
        ClassifierScore.measure, Classes.entropy, Classes.modes, Classes.divergence, Classes.agreement,
    ] + TableMeasures.all

    /// - Throws: `.unknownName` with the nearest name.
    public static func find(_ name: String) throws(GanError) -> Measure {
        if let measure = all.first(where: { $0.name == name }) { return measure }
        let advice = Text.nearestName(to: name, among: all.map(\.name)).map { "Did you mean '\($0)'?" } ?? "gan_measure_name lists all names."
        throw GanError(.unknownName, "There is no measure '\(name.prefix(60))'. \(advice)")
    }
}

/// A measure's value.
public struct MeasureValue: Sendable {
    public let value: Double
    /// A standard deviation, as the measure defines it; NaN where it has none.
    public let spread: Double

    init(_ value: Double, spread: Double = .nan) {
        self.value = value
        self.spread = spread
    }
}
