// The recipe `gan`: a generator and a discriminator of pictures, unconditional (Goodfellow et al. 2014) or told a class or tags (Mirza &
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
    case tags
}

/// How they are told it.
public enum Conditioning: String, CaseIterable, Sendable {
    /// As one number for every class or tag beside the latent, and beside the pixels as further channels (Mirza & Osindero 1411.1784).
    case concatenate
    /// The same with numbers that are learnt for each class; those of all tags of an item are added.
    case embed
    /// The discriminator adds the product of its features with a vector of the class, or the sum of its tags' (Miyato & Koyama 1802.05637, equation 3).
    case projection
    /// The discriminator also says which class it sees (Odena et al. 1610.09585), or whether each tag is there (Jin et al. 1708.05509).
    case auxiliary
}

public struct AdversarialRecipe: Recipe {
    public static let name = "gan"
    public static let summary = "Pictures like those of the data; of a class that is asked for, with condition=labels, or with tags, with condition=tags."
    public static let paper =
        "Goodfellow et al., Generative adversarial nets, 2014, arxiv.org/abs/1406.2661; Mirza & Osindero, Conditional generative adversarial nets, 2014, arxiv.org/abs/1411.1784"
    public static let options: [Option] = [Choices.condition.option, Choices.conditioning.option, .embeddingSize]
    public static let hasNetworksByOption = true

    private let pair: NetworkPair
    private let settings: AdversarialSettings
    private let game: AdversarialGame
    private let conditioning: Conditioning
    private let told: Told
    private let toldInput: Sampling.Input?

    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited { .adversarial(data, options) }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        let conditioning = options[Choices.conditioning]
        switch options[Choices.condition] {
        case .none: (told, toldInput) = (.nothing, nil)
        case .labels:
            let (classes, names) = try fields.classes(for: "condition=labels")
            (told, toldInput) = (.label(classes), Sampling.Input(Field.label, .label(classes: classes, names: names)))
        case .tags:
            let (names, examples) = try fields.tags(for: "condition=tags")
            (told, toldInput) = (.tags(names.count), Sampling.Input(Field.tags, .tags(names, examples: examples)))
        }
        try options.checkAgreement(told)
        let backbone = try options.backbone(image)
        settings = try AdversarialSettings(options, backbone)
        pair = try NetworkPair(
            backbone, latent: options.integer(.latentSize), told: told, conditioning: conditioning,
            embedding: options.integer(.embeddingSize), packing: settings.packing)
        game = AdversarialGame(settings: settings, discriminator: pair.discriminator, judgesApart: backbone.judgesImagesApart)
        self.conditioning = conditioning
    }

    public var networks: [Network] { [pair.generator, pair.discriminator] }
    public var pixelRange: (low: Float, high: Float) { pair.backbone.pixelRange }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics }
    public var metrics: [StepMetric] { settings.metrics }

    public var sampling: Sampling {
        var inputs = [Sampling.Input("latents", .latent(size: pair.latent, settings.latents))]
        if let toldInput { inputs.append(toldInput) }
        return Sampling(pair.generator, inputs, output: "images")
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let latents = try s.latents(pair.latent, settings.latents)
        var condition: Tensors = [:]
        if let port = told.port { condition[port.name] = try s.data(port) }
        var toGenerator = condition
        toGenerator["latents"] = latents
        let fake = try s.run(pair.generator, toGenerator)("images")
        let real = try s.images(pair.backbone.image)

        func classification(_ result: Tensors) throws(GanError) -> [Tensor] {
            guard conditioning == .auxiliary, let port = told.port else { return [] }
            return [try told.crossEntropy(result("classes"), condition(port.name))]
        }
        try game.step(
            s, real: real, fake: fake, told: condition, moving: [(pair.generator, settings.generatorOptimiser)],
            discriminatorTerms: { (judged) throws(GanError) in try classification(judged.real) }, generatorTerms: classification)
    }
}
