// What can be read of a training, by name.

public struct Metric: Sendable {
    public enum Kind: Sendable {
        case step, epoch, stepsPerEpoch, imagesPerSecond
        /// One of the recipe's.
        case ofStep
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

    /// Of all recipes, each once.
    private static let stepMetrics: [StepMetric] = AdversarialSettings.metrics + InfoRecipe.ownMetrics + [AdaptiveAugmentation.metric]

    public static func find(_ name: String) -> Metric? { all.first { $0.name == name } }
}
