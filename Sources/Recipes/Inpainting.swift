// The recipe `inpainting`: fills holes, or what an unwanted object covered. Pathak et al., "Context encoders", 2016, 1604.07379: near the
// truth inside the hole, and judged; with a judge of the whole picture and one of the hole together, as Iizuka et al., "Globally and locally
// consistent image completion", 2017, have them.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

/// Where the holes of training are.
public enum HoleKind: String, CaseIterable, Sendable {
    /// A box in the middle.
    case centre
    /// A box anywhere, of sides from half the hole's size to all of it.
    case boxes
    /// Thick strokes across the picture.
    case strokes
    /// A box or strokes, one as often as the other.
    case mixed
}

public struct Inpainting: Recipe {
    public static let name = "inpainting"
    public static let summary = "Pictures with what is missing, or was taken out, filled in."
    public static let paper =
        "Pathak et al., Context encoders: feature learning by inpainting, 2016, arxiv.org/abs/1604.07379; Iizuka et al., Globally and locally consistent image completion, 2017, doi.org/10.1145/3072959.3073659"
    public static let options: [Option] = [Choices.hole.option, .holeSize, .absoluteWeight]
    public static let defaults: [(Option, OptionValue)] =
        PictureSettings.defaults + [
            (.generatorChannels, .integer(32)), (.discriminatorChannels, .integer(32)),
            (Choices.discriminatorNorm.option, .choice(NormKind.none.rawValue)),
        ]

    private let image: Shape
    private let hole: Holes
    private let game: AdversarialGame
    private let mirrors: Bool
    /// Whether a pixel depends on those around it only.
    private let isLocal: Bool
    private let absoluteWeight: Float
    private let network: UNet
    private let generator: Network
    private let discriminator: Network

    public static func patches(_ options: OptionValues) -> PatchPreference? { PictureSettings.patches }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        isLocal = options[Choices.generatorNorm].isLocal
        mirrors = options.flag(.augmentMirror)
        absoluteWeight = Float(options.real(.absoluteWeight))
        hole = Holes(options[Choices.hole], size: options.real(.holeSize))
        let network = UNet(
            channels: options.integer(.generatorChannels), sides: [image[0], image[1]], norm: options[Choices.generatorNorm],
            style: options.style(.generator, activation: .leakyRelu), dropout: 0)
        let judge = HoleDiscriminator(
            channels: options.integer(.discriminatorChannels), sides: [image[0], image[1]], norm: options[Choices.discriminatorNorm],
            style: options.style(.discriminator, activation: .leakyRelu))
        let mask = Port(Application.mask, [image[0], image[1], 1])
        generator = Network("generator", inputs: [Port(Application.picture, image), mask]) { (inputs, scope) throws(GanError) in
            // What lies in the hole is not looked at.
            let mask = try inputs(Application.mask)
            let kept = try inputs(Application.picture) * (1 - mask)
            let made = try network(Tensor.concatenate([kept, mask], axis: 3), outputs: image[2], scope).tanh()
            return ["images": try kept + made * mask, "made": made]
        }
        discriminator = Network("discriminator", inputs: [Port("images", image), mask]) { (inputs, scope) throws(GanError) in
            ["logits": try judge(inputs("images"), mask: inputs(Application.mask), scope)]
        }
        game = try PictureSettings.game(options, image, discriminator, isTold: true)
        self.image = image
        self.network = network
    }

    public var networks: [Network] { [generator, discriminator] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + PictureSettings.metrics }
    public var metrics: [StepMetric] { game.settings.metrics + PictureSettings.metrics }

    public var sampling: Sampling {
        Sampling(
            generator,
            [
                Sampling.Input(Application.picture, .picture(image, low: -1, high: 1)),
                Sampling.Input(Application.mask, .picture([image[0], image[1], 1], low: 0, high: 1)),
            ], output: "images")
    }

    public var application: Application? {
        Application(
            generator, output: "images", channels: (image[2], image[2]), multiple: network.multiple, reach: isLocal ? network.reach : nil, fillsHoles: true)
    }

    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] {
        let truth = try s.images(image)
        let mask = try hole.masks(height: image[0], width: image[1], s)
        let filled = try s.run(generator, [Application.picture: truth, Application.mask: mask])("images")
        // The hole is grey.
        return [try truth * (1 - mask), filled, truth]
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let truth = try mirrors ? s.mirrored(s.images(image)) : s.images(image)
        let mask = try hole.masks(height: image[0], width: image[1], s)
        let result = try s.run(generator, [Application.picture: truth, Application.mask: mask])
        let filled = try result("images")
        // The mean over the pixels of holes alone.
        let distance = try ((filled - truth).absolute().sum() / (mask.sum() * Float(image[2]))).reshape([]) * absoluteWeight
        try game.step(
            s, real: truth, fake: filled, told: [Application.mask: mask], moving: [(generator, game.settings.generatorOptimiser)],
            generatorTerms: { (_) throws(GanError) in [distance] })
        try PictureSettings.report(filled, truth, s)
    }
}
