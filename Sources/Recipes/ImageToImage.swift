// The recipe `image-to-image`: Isola et al., "Image-to-image translation with conditional adversarial networks", 2017, 1611.07004. A
// generator with skips makes the target of the source, near the true one; the discriminator sees both, patch by patch.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

/// Where the pictures to begin with come from.
public enum SourceKind: String, CaseIterable, Sendable {
    /// The data have them beside the targets.
    case pairs
    /// Made of the targets.
    case grey, edges, blurred, posterised
}

public struct ImageToImage: Recipe {
    public static let name = "image-to-image"
    public static let summary = "Pictures of another kind from pictures: by pairs, or of a picture's grey, edges, blurred or posterised version."
    public static let paper = "Isola et al., Image-to-image translation with conditional adversarial networks, 2017, arxiv.org/abs/1611.07004"
    public static let options: [Option] = [Choices.source.option, .absoluteWeight, .dropout]
    public static let defaults: [(Option, OptionValue)] =
        PictureSettings.defaults + [(.generatorChannels, .integer(32)), (.discriminatorChannels, .integer(32))]

    private let source: SourceKind
    /// [height, width, channels] of what is read and of what is made.
    private let sourceShape: Shape
    private let image: Shape
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
        source = options[Choices.source]
        let image: Shape
        let read: Shape
        if source == .pairs {
            (read, image) = try fields.pair(for: Self.name)
        } else {
            image = try fields.image(for: Self.name)
            read = source == .grey || source == .edges ? [image[0], image[1], 1] : image
        }
        if source == .grey && image[2] == 1 {
            throw GanError(.mismatch, "The option source=grey makes colour of grey, and these pictures are grey themselves.")
        }
        guard min(image[0], image[1]) >= 4 else {
            throw GanError(.mismatch, "The recipe 'image-to-image' learns from pictures of 4×4 pixels or more; these have \(image[0])×\(image[1]).")
        }
        // Noise is numbered by its place in what the network is given, which is another in each piece of a picture.
        isLocal = options[Choices.generatorNorm].isLocal && options.real(.dropout) == 0
        mirrors = options.flag(.augmentMirror)
        absoluteWeight = Float(options.real(.absoluteWeight))
        let network = UNet(
            channels: options.integer(.generatorChannels), sides: [image[0], image[1]], norm: options[Choices.generatorNorm],
            style: options.style(.generator, activation: .leakyRelu), dropout: Float(options.real(.dropout)))
        let judge = PatchDiscriminator(
            channels: options.integer(.discriminatorChannels), sides: [image[0], image[1]], norm: options[Choices.discriminatorNorm],
            style: options.style(.discriminator, activation: .leakyRelu))
        generator = Network("generator", inputs: [Port(Application.picture, read)]) { (inputs, scope) throws(GanError) in
            ["images": try network(inputs(Application.picture), outputs: image[2], scope).tanh()]
        }
        discriminator = Network("discriminator", inputs: [Port("images", image), Port("source", read)]) { (inputs, scope) throws(GanError) in
            ["logits": try judge(Tensor.concatenate([inputs("source"), inputs("images")], axis: 3), scope)]
        }
        game = try PictureSettings.game(options, image, discriminator, isTold: true)
        self.image = image
        sourceShape = read
        self.network = network
    }

    public var networks: [Network] { [generator, discriminator] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + PictureSettings.metrics }
    public var metrics: [StepMetric] { game.settings.metrics + PictureSettings.metrics }

    public var sampling: Sampling {
        Sampling(generator, [Sampling.Input(Application.picture, .picture(sourceShape, low: -1, high: 1))], output: "images")
    }

    public var application: Application? {
        Application(
            generator, output: "images", channels: (sourceShape[2], image[2]), multiple: network.multiple, reach: isLocal ? network.reach : nil)
    }

    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] {
        let (read, truth) = try pair(s, mirrors: false)
        return [read, try s.run(generator, [Application.picture: read])("images"), truth]
    }

    /// What is read, and what is to be made of it.
    private func pair(_ s: StepBuilder, mirrors: Bool) throws(GanError) -> (read: Tensor, truth: Tensor) {
        guard source == .pairs else {
            let truth = try mirrors ? s.mirrored(s.images(image)) : s.images(image)
            return (try made(of: truth), truth)
        }
        let pair = try Tensor.concatenate([s.data(Port(Field.source, sourceShape)), s.data(Port(Field.target, image))], axis: 3)
        let both = mirrors ? try s.mirrored(pair) : pair
        return (
            try both.slice(starts: [0, 0, 0, 0], counts: [s.batch] + sourceShape),
            try both.slice(starts: [0, 0, 0, sourceShape[2]], counts: [s.batch] + image)
        )
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let (read, truth) = try pair(s, mirrors: mirrors)
        let made = try s.run(generator, [Application.picture: read])("images")
        let distance = try Reconstruction.absolute(made, truth) * absoluteWeight
        try game.step(
            s, real: truth, fake: made, told: ["source": read], moving: [(generator, game.settings.generatorOptimiser)],
            generatorTerms: { (_) throws(GanError) in [distance] })
        try PictureSettings.report(made, truth, s)
    }

    private func made(of truth: Tensor) throws(GanError) -> Tensor {
        switch source {
        case .pairs: truth
        case .grey: try PictureFilters.grey(truth)
        case .edges: try PictureFilters.edges(truth, low: -1, high: 1)
        case .blurred: try PictureFilters.blurred(truth, deviation: 2)
        case .posterised: try PictureFilters.posterised(truth, levels: 4, low: -1, high: 1)
        }
    }
}
