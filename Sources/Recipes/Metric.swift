// What can be read of a training, by name.

import Measures

public struct Metric: Sendable {
    public enum Kind: Sendable {
        case step, epoch, stepsPerEpoch, imagesPerSecond
        /// One of the recipe's.
        case ofStep
        /// Of the networks as they were at the end of an epoch.
        case measured
    }

    public let name: String
    public let summary: String
    public let kind: Kind

    public static let all: [Metric] = [
        Metric(name: "step", summary: "How many training steps have been made.", kind: .step),
        Metric(name: "epoch", summary: "How many epochs have been finished.", kind: .epoch),
        Metric(name: "steps-per-epoch", summary: "How many steps make an epoch.", kind: .stepsPerEpoch),
        Metric(
            name: "images-per-second", summary: "How many real images a second the current or last run has trained on; 0 before.",
            kind: .imagesPerSecond),
    ] + stepMetrics.map { Metric(name: $0.name, summary: $0.summary, kind: .ofStep) }
        + measured.map { Metric(name: $0.name, summary: $0.summary, kind: .measured) }

    /// What the metrics of evaluations begin with; a measure's name follows.
    public static let evaluation = "evaluate."
    public static let accuracy = "accuracy"
    public static let bestEpoch = evaluation + "best-epoch"
    public static let stale = evaluation + "stale"
    public static let collapsed = evaluation + "collapsed"

    private static let measured: [StepMetric] =
        [StepMetric(accuracy, "The share of the held-out pictures whose class the classifier named at the end of the last epoch.")]
        + Measure.all.filter { $0.isOfProgress }.map { StepMetric(evaluation + $0.name, "At the last evaluation in training: \($0.summary)") }
        + [
            StepMetric(bestEpoch, "The epoch of the best evaluation so far in this run, by evaluate.measure."),
            StepMetric(stale, "How many evaluations there were since the best; 0 where the last was the best."),
            StepMetric(collapsed, "1 where recall or the classes' entropy fell far below its best at the last evaluation (evaluate.collapse), else 0."),
        ]

    /// Of all recipes, each once.
    private static let stepMetrics: [StepMetric] = {
        var all: [StepMetric] = []
        for metric in RecipeList.all.flatMap({ $0.possibleMetrics }) where !all.contains(where: { $0.name == metric.name }) { all.append(metric) }
        return all
    }()

    public static func find(_ name: String) -> Metric? { all.first { $0.name == name } }
}
