// What can be read of a training, by name.

import Measures

public struct Metric: Sendable {
    public enum Kind: Sendable {
        case step, epoch, stepsPerEpoch, imagesPerSecond
        /// One of the recipe's.
        case ofStep
        /// The learning rate of a network at the last step.
        case rate(network: String)
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
    ] + stepMetrics.map { Metric(name: $0.name, summary: $0.summary, kind: .ofStep) } + rates
        + measured.map { Metric(name: $0.name, summary: $0.summary, kind: .measured) }

    /// What the metrics of evaluations begin with; a measure's name follows.
    public static let evaluation = "evaluate."
    public static let accuracy = "accuracy"
    public static let bestEpoch = evaluation + "best-epoch"
    public static let stale = evaluation + "stale"
    public static let collapsed = evaluation + "collapsed"

    private static let measured: [StepMetric] =
        [StepMetric(accuracy, "The share of the held-out pictures whose class the classifier named at the end of the last epoch; of tags, the mean of the shares of all of them.")]
        + Measure.all.filter { $0.isOfProgress }.map { StepMetric(evaluation + $0.name, "At the last evaluation in training: \($0.summary)") }
        + [
            StepMetric(bestEpoch, "The epoch of the best evaluation so far in this run, by evaluate.measure."),
            StepMetric(stale, "How many evaluations there were since the best; 0 where the last was the best."),
            StepMetric(collapsed, "1 where recall or the classes' entropy fell far below its best at the last evaluation (evaluate.collapse), else 0."),
        ]

    /// The options of that name say where rates begin.
    private static let rates: [Metric] = OptionTable.all.reduce(into: []) { rates, option in
        guard option.name.hasSuffix(learningRate), !rates.contains(where: { $0.name == option.name }) else { return }
        rates.append(.rate(of: String(option.name.dropLast(learningRate.count))))
    }

    private static let learningRate = ".learning-rate"

    /// What a network's optimiser makes of its rate as the training goes on.
    public static func rate(of network: String) -> Metric {
        Metric(name: network + learningRate, summary: "The \(network)'s learning rate at the last step, as the option rate.schedule has it.", kind: .rate(network: network))
    }

    /// How many of the held-out pictures a classifier of tags is right about, as far as one tag is concerned.
    public static func accuracy(ofTag name: String) -> Metric {
        Metric(name: accuracy + "." + name, summary: "The share of the held-out pictures whose tag '\(name)' the classifier told right at the end of the last epoch.", kind: .measured)
    }

    /// Of all recipes, each once.
    private static let stepMetrics: [StepMetric] = {
        var all: [StepMetric] = []
        for metric in RecipeList.all.flatMap({ $0.possibleMetrics }) where !all.contains(where: { $0.name == metric.name }) { all.append(metric) }
        return all
    }()

    public static func find(_ name: String) -> Metric? { all.first { $0.name == name } }
}
