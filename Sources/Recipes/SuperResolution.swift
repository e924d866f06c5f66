// The recipe `super-resolution`: Ledig et al., "Photo-realistic single image super-resolution using a generative adversarial network", 2017,
// 1609.04802. The small pictures are made of the large ones by the graph. First the generator learns to be near the truth on average
// (which blurs what it cannot know), then a discriminator tells it what large pictures look like.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

/// How the small pictures are made.
public enum Shrinking: String, CaseIterable, Sendable {
    /// Cubic convolution against aliasing, by which benchmarks are made.
    case bicubic
    /// The mean of the pixels that each covers.
    case area

    func callAsFunction(_ x: Tensor, by factor: Int) throws(GanError) -> Tensor {
        switch self {
        case .bicubic: try PictureFilters.shrunk(x, by: factor)
        case .area: try x.averagedPixels(factor)
        }
    }
}

/// In what the made picture is to be near the truth, beside pixels.
public enum ContentKind: String, CaseIterable, Sendable {
    case pixels
    /// The maps of a network of random weights.
    case random
    /// The maps of a classifier of the library's.
    case classifier
}

public struct SuperResolution: Recipe {
    public static let name = "super-resolution"
    public static let summary = "Pictures with 2, 4 or 8 times as long sides, sharp ones if wanted."
    public static let paper =
        "Ledig et al., Photo-realistic single image super-resolution using a generative adversarial network, 2017, arxiv.org/abs/1609.04802"
    public static let options: [Option] = [
        .scale, Choices.shrinking.option, .sharpness, .pretraining, Choices.content.option, .contentWeight, .contentClassifier, .classifierChannels,
    ]
    public static let defaults: [(Option, OptionValue)] =
        PictureSettings.defaults + [
            (.generatorChannels, .integer(32)), (.discriminatorChannels, .integer(32)), (.generatorLearningRate, .real(5e-4)),
            (Choices.generatorNorm.option, .choice(NormKind.none.rawValue)), (Choices.discriminatorNorm.option, .choice(NormKind.none.rawValue)),
            (.generatorBlocks, .integer(8)), (.averageDecay, .real(0.999)),
        ]

    private let image: Shape
    private let scale: Int
    private let shrinking: Shrinking
    private let sharpness: Float
    private let adversary: Cadence
    private let mirrors: Bool
    private let resolver: SubPixelNetwork
    private let game: AdversarialGame
    /// Whether a pixel depends on those around it only.
    private let isLocal: Bool
    private let generator: Network
    private let discriminator: Network
    /// Shows what made pictures and true ones are compared in; nil for pixels alone.
    private let content: Network?
    private let contentWeight: Float
    /// What its parameters' names begin with.
    public static let contentName = PictureSettings.contentName
    private static let contentMetric = StepMetric(
        "content.loss", "How far made pictures are from the true ones in the maps of a network, by the option content: 0 for equal ones.")

    /// The network sees few pixels of a small picture, and what it finds at their edges is not to be learnt: as large as Ledig et al. have them.
    public static func patches(_ options: OptionValues) -> PatchPreference? {
        let scale = max(1, min(options.integer(.scale), 8))
        return PatchPreference(side: max(96, 16 * scale), multiple: 4 * scale, wholeMultiple: scale, isUnasked: true)
    }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        let scale = options.integer(.scale)
        guard [2, 4, 8].contains(scale) else {
            throw GanError(.outOfRange, "The option scale is \(scale); sides can be made 2, 4 or 8 times as long.")
        }
        guard image[0] % scale == 0, image[1] % scale == 0, min(image[0], image[1]) / scale >= 4 else {
            throw GanError(
                .mismatch,
                "Super-resolution by \(scale) learns from pictures whose sides are multiples of \(scale), \(4 * scale) or more; these have \(image[0])×\(image[1]). Set data.fit=crop, and data.height and data.width to such sides.")
        }
        isLocal = options[Choices.generatorNorm].isLocal
        mirrors = options.flag(.augmentMirror)
        sharpness = Float(options.real(.sharpness))
        adversary = .from(Int64(options.integer(.pretraining)))
        shrinking = options[Choices.shrinking]
        let resolver = SubPixelNetwork(
            channels: options.integer(.generatorChannels), blocks: options.integer(.generatorBlocks), scale: scale,
            norm: options[Choices.generatorNorm], style: options.style(.generator, activation: .relu))
        let judge = PatchDiscriminator(
            channels: options.integer(.discriminatorChannels), sides: [image[0], image[1]], norm: options[Choices.discriminatorNorm],
            style: options.style(.discriminator, activation: .leakyRelu))
        generator = Network("generator", inputs: [Port(Application.picture, [image[0] / scale, image[1] / scale, image[2]])]) {
            (inputs, scope) throws(GanError) in ["images": try resolver(inputs(Application.picture), scope)]
        }
        discriminator = Network("discriminator", inputs: [Port("images", image)]) { (inputs, scope) throws(GanError) in
            ["logits": try judge(inputs("images"), scope)]
        }
        game = try PictureSettings.game(options, image, discriminator, isTold: false, from: adversary)
        // Without a discriminator what is nearest in pixels is wanted.
        let kind = sharpness > 0 ? options[Choices.content] : .pixels
        contentWeight = kind == .pixels ? 0 : Float(options.real(.contentWeight))
        if kind == .pixels {
            content = nil
        } else {
            let features: ContentFeatures = kind == .random ? .random : .classifier(channels: options.integer(.classifierChannels))
            // The file was read when the training began, and is part of it from then on.
            if kind == .classifier { _ = options.words(.contentClassifier) }
            content = Network(PictureSettings.contentName, inputs: [Port("images", image)], isFixed: true) { (inputs, scope) throws(GanError) in
                var maps: Tensors = [:]
                for (level, map) in try features(inputs("images"), scope).enumerated() { maps[String(level)] = map }
                return maps
            }
        }
        self.image = image
        self.scale = scale
        self.resolver = resolver
    }

    public var networks: [Network] { sharpness > 0 ? [generator, discriminator] + (content.map { [$0] } ?? []) : [generator] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + PictureSettings.metrics + [contentMetric] }
    public var metrics: [StepMetric] {
        (sharpness > 0 ? game.settings.metrics : []) + PictureSettings.metrics + (content == nil ? [] : [Self.contentMetric])
    }

    public var sampling: Sampling {
        let small = [image[0] / scale, image[1] / scale, image[2]]
        return Sampling(generator, [Sampling.Input(Application.picture, .picture(small, low: -1, high: 1))], output: "images")
    }

    public var application: Application? {
        Application(generator, output: "images", channels: (image[2], image[2]), reach: isLocal ? resolver.reach : nil, scale: scale)
    }

    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] {
        let truth = try s.images(image)
        let small = try small(truth)
        return [small, try s.run(generator, [Application.picture: small])("images"), truth]
    }

    private func small(_ truth: Tensor) throws(GanError) -> Tensor {
        let shrunk = try shrinking(truth, by: scale)
        return try shrunk.minimum(truth.graph.constant(1, shrunk.shape)).maximum(-1)
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let truth = try mirrors ? s.mirrored(s.images(image)) : s.images(image)
        let small = try small(truth)
        let made = try s.run(generator, [Application.picture: small])("images")
        // The adversarial loss weighs 1, so that gradients are of one size before and after the discriminator joins.
        var error = try Reconstruction.absolute(made, truth) * (1 / max(sharpness, 1e-6))
        let moving = [(generator, game.settings.generatorOptimiser)]
        if sharpness > 0 && s.happens(adversary) {
            if let content {
                let distance = try Reconstruction.relative(maps(made, content, s), maps(truth, content, s))
                try s.metric(Self.contentMetric.name, distance)
                error = try error + distance * (contentWeight / sharpness)
            }
            try game.step(s, real: truth, fake: made, moving: moving, generatorTerms: { (_) throws(GanError) in [error] })
        } else {
            try s.minimise(error, moving: moving, game.settings.generatorCadence, clip: game.settings.clip)
            if game.settings.averageDecay > 0 { try s.average(generator, decay: game.settings.averageDecay) }
        }
        try PictureSettings.report(made, truth, s)
    }

    private func maps(_ pictures: Tensor, _ content: Network, _ s: StepBuilder) throws(GanError) -> [Tensor] {
        let maps = try s.run(content, ["images": pictures])
        return try maps.names.sorted().map { (name) throws(GanError) in try maps(name) }
    }
}
