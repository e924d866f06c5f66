// The recipe `gan`: a generator and a discriminator of pictures, unconditional (Goodfellow et al. 2014) or told a class (Mirza &
// Osindero 2014), by any of the losses and penalties of `Objectives`.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

/// What both networks are told of an item.
public enum ConditionKind: String, CaseIterable, Sendable {
    case none
    case labels
}

/// How they are told it.
public enum Conditioning: String, CaseIterable, Sendable {
    /// As one number for every class beside the latent, and beside the pixels as further channels (Mirza & Osindero 1411.1784).
    case concatenate
    /// The same with numbers that are learnt for each class.
    case embed
    /// The discriminator adds the product of its features with a vector of the class (Miyato & Koyama 1802.05637, equation 3).
    case projection
    /// The discriminator also says which class it sees (Odena et al. 1610.09585).
    case auxiliary
}

public struct AdversarialRecipe: Recipe {
    public static let name = "gan"
    public static let summary = "Pictures like those of the data; of a class that is asked for, with condition=labels."
    public static let paper =
        "Goodfellow et al., Generative adversarial nets, 2014, arxiv.org/abs/1406.2661; Mirza & Osindero, Conditional generative adversarial nets, 2014, arxiv.org/abs/1411.1784"
    public static let options: [Option] = [Choices.condition.option, Choices.conditioning.option, .embeddingSize]

    private let pair: NetworkPair
    private let settings: AdversarialSettings
    private let game: AdversarialGame
    private let conditioning: Conditioning
    /// The classes; 0 without a condition.
    private let classes: Int
    private let classNames: [String]

    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited { .adversarial(data, options) }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        let conditioning = options[Choices.conditioning]
        var (classes, names): (Int, [String]) = (0, [])
        if options[Choices.condition] == .labels { (classes, names) = try fields.classes(for: "condition=labels") }
        try options.checkAgreement(classes: classes)
        let backbone = try options.backbone(image)
        settings = try AdversarialSettings(options, backbone)
        pair = try NetworkPair(
            backbone, latent: options.integer(.latentSize), classes: classes, conditioning: conditioning,
            embedding: options.integer(.embeddingSize), packing: settings.packing)
        game = AdversarialGame(settings: settings, discriminator: pair.discriminator, judgesApart: backbone.judgesImagesApart)
        self.conditioning = conditioning
        self.classes = classes
        classNames = names
    }

    public var networks: [Network] { [pair.generator, pair.discriminator] }
    public var pixelRange: (low: Float, high: Float) { pair.backbone.pixelRange }
    public var metrics: [StepMetric] { settings.metrics }

    public var sampling: Sampling {
        var inputs = [Sampling.Input("latents", .latent(size: pair.latent, settings.latents))]
        if classes > 0 { inputs.append(Sampling.Input("label", .label(classes: classes, names: classNames))) }
        return Sampling(pair.generator, inputs, output: "images")
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let latents = try s.latents(pair.latent, settings.latents)
        var condition: Tensors = [:]
        if classes > 0 { condition["label"] = try s.labels() }
        var toGenerator = condition
        toGenerator["latents"] = latents
        let fake = try s.run(pair.generator, toGenerator)("images")
        let real = try s.images(pair.backbone.image)

        func classification(_ result: Tensors) throws(GanError) -> [Tensor] {
            guard conditioning == .auxiliary && classes > 0 else { return [] }
            return [try Classification.crossEntropy(result("classes"), targets: condition("label").oneHot(classes))]
        }
        try game.step(
            s, real: real, fake: fake, told: condition, moving: [(pair.generator, settings.generatorOptimiser)],
            discriminatorTerms: { (judged) throws(GanError) in try classification(judged.real) }, generatorTerms: classification)
    }
}
