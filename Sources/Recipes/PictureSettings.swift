// What the recipes from picture to picture share: their defaults, how a discriminator of pictures is played against, and what is told of
// how near the truth they are.

import Base
import Data
import Graph
import Networks
import Objectives

enum PictureSettings {
    /// Few pictures a step, for there is much in each; weights by the size of their layer; Adam as Radford et al. have it.
    static let defaults: [(Option, OptionValue)] = [
        (.batchSize, .integer(16)),
        (Choices.generatorInitialisation.option, .choice(InitialisationKind.he.rawValue)),
        (Choices.discriminatorInitialisation.option, .choice(InitialisationKind.he.rawValue)),
        (Choices.generatorOutput.option, .choice(OutputKind.tanh.rawValue)),
        (.generatorBeta1, .real(0.5)), (.discriminatorBeta1, .real(0.5)),
    ]

    /// The network in whose maps pictures are compared.
    static let contentName = "content"

    /// The halvings of a U-Net need sides that can be halved often.
    static let patches = PatchPreference(side: 64, multiple: 16, isUnasked: true)

    static let metrics = [
        StepMetric("error", "The mean distance of a made pixel from the true one over the last step's batch, of a range from 0 to 1."),
        StepMetric("psnr", "The peak signal-to-noise ratio of the last step's batch, in decibels."),
    ]

    /// How the discriminator is played against.
    ///
    /// - Parameter isTold: Whether it sees pictures beside what they were made of, so that nothing may be changed in one of the two.
    static func game(
        _ options: OptionValues, _ image: Shape, _ discriminator: Network, isTold: Bool, from cadence: Cadence = .always
    ) throws(GanError) -> AdversarialGame {
        var options = options
        if isTold, let option = [Choices.augment.option, .packing, .noise].first(where: { options.value($0) != $0.defaultValue }) {
            throw GanError(
                .outOfRange,
                "The recipe '\(options.choice(.recipe))' shows its discriminator pictures beside what they were made of, and \(option.name)=\(options.text(option)) would change one of the two: leave it at \(option.defaultText).")
        }
        if options.integer(.packing) > 1 {
            throw GanError(
                .outOfRange, "packing is \(options.text(.packing)), and the recipe '\(options.choice(.recipe))' shows its discriminator one picture at a time: leave it at 1.")
        }
        // Turned round is what everything is made of, and not what is shown.
        options.replace(.augmentMirror, with: .boolean(false))
        let norm = options[Choices.discriminatorNorm]
        let judgesApart = norm != .batch && norm != .batchByClass
        return AdversarialGame(
            settings: try AdversarialSettings(options, image: image, range: (-1, 1), judgesApart: judgesApart), discriminator: discriminator,
            judgesApart: judgesApart, cadence: cadence)
    }

    /// Pixels are from −1 to 1.
    static func report(_ made: Tensor, _ truth: Tensor, _ s: StepBuilder) throws(GanError) {
        try s.metric("error", Reconstruction.absolute(made, truth) * 0.5)
        // 10 · log10(2² / mean square)
        let square = try Reconstruction.squared(made, truth) * 0.25 + 1e-12
        try s.metric("psnr", square.logarithm() * (-10 / 2.302585092994046))
    }
}
