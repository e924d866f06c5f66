// What can be read of a training, by name.

public struct Metric: Sendable {
    public enum Kind: Sendable {
        case step, epoch, stepsPerEpoch, imagesPerSecond
        /// The number at this place of the step's metrics.
        case ofStep(Int)
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
        Metric(
            name: "discriminator.loss",
            summary: "The mean of log D(x) + log(1 - D(G(z))) over the last step's batch, which the discriminator maximises.",
            kind: .ofStep(0)),
        Metric(
            name: "generator.loss",
            summary: "What the generator maximises over the last step's batch: the mean of log D(G(z)), or of -log(1 - D(G(z))) with the loss minimax.",
            kind: .ofStep(1)),
        Metric(
            name: "discriminator.real", summary: "The mean of D(x) over the last step's real images, a probability from 0 to 1.", kind: .ofStep(2)),
        Metric(
            name: "discriminator.fake", summary: "The mean of D(G(z)) over the last step's generated images, a probability from 0 to 1.",
            kind: .ofStep(3)),
    ]

    public static func find(_ name: String) -> Metric? { all.first { $0.name == name } }
}
