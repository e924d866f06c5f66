// The recipe `tags`: Jin et al., "Towards the automatic anime characters creation with generative adversarial networks", 2017, 1708.05509.
// The generator is told tags beside its latent. The discriminator has a second head, which says of each tag whether the picture has it:
// it learns that from the data's pictures, and the generator has to make pictures of which it says what was asked for. DRAGAN's
// penalty keeps its slope around the data's pictures near 1 (section 4.3). Theirs is the loss λ_adv · adversarial + the sum over tags of
// their cross-entropies + λ_gp · penalty with as large a λ_adv as there are tags; this is that divided by λ_adv, `dragan` being the
// penalty's weight in it.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct TagsRecipe: Recipe {
    public static let name = "tags"
    public static let summary = "Characters, or other pictures, with the tags that are asked for, such as blue-hair,glasses."
    public static let paper =
        "Jin et al., Towards the automatic anime characters creation with generative adversarial networks, 2017, arxiv.org/abs/1708.05509"
    public static let options: [Option] = [.tagsWeight, .tagsJudged, Choices.tagsDrawn.option]
    public static let defaults: [(Option, OptionValue)] = [
        (.batchSize, .integer(64)),
        (Choices.generatorInitialisation.option, .choice(InitialisationKind.he.rawValue)),
        (Choices.discriminatorInitialisation.option, .choice(InitialisationKind.he.rawValue)),
        (Choices.discriminatorActivation.option, .choice(ActivationKind.leakyRelu.rawValue)),
        (Choices.discriminatorNorm.option, .choice(NormKind.none.rawValue)),
        (Choices.generatorUpsampling.option, .choice(Upsampling.shuffle.rawValue)),
        (Choices.generatorOutput.option, .choice(OutputKind.tanh.rawValue)),
        (.discriminatorChannels, .integer(32)), (.generatorBlocks, .integer(4)), (.discriminatorBlocks, .integer(1)),
        (.dragan, .real(0.5)), (.averageDecay, .real(0.999)),
        (.generatorLearningRate, .real(5e-4)), (.discriminatorLearningRate, .real(5e-4)), (.generatorBeta1, .real(0.5)), (.discriminatorBeta1, .real(0.5)),
    ]

    private let pair: NetworkPair
    private let settings: AdversarialSettings
    private let game: AdversarialGame
    private let told: Told
    private let port: Port
    private let input: Sampling.Input
    private let drawn: TagsDrawn
    private let weight: Float

    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited { .characters(data, options) }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        let (names, examples) = try fields.tags(for: "The recipe '\(Self.name)'")
        told = .tags(names.count)
        port = Port(Field.tags, [names.count])
        input = Sampling.Input(Field.tags, .tags(names, examples: examples))
        weight = Float(options.real(.tagsWeight))
        drawn = options[Choices.tagsDrawn]
        let isJudged = options.flag(.tagsJudged)
        guard weight > 0 || isJudged else {
            throw GanError(
                .outOfRange,
                "tags.weight is 0 and tags.judged false, so nothing asks whether a picture has its tags: give one of them, or leave both unset.")
        }
        try options.checkAgreement(told)
        let backbone = try options.characters(image)
        settings = try AdversarialSettings(options, backbone)
        pair = try NetworkPair(
            backbone, latent: options.integer(.latentSize), told: told, conditioning: .auxiliary, embedding: 0, packing: settings.packing,
            alsoProjects: isJudged)
        game = AdversarialGame(settings: settings, discriminator: pair.discriminator, judgesApart: backbone.judgesImagesApart)
    }

    public var networks: [Network] { [pair.generator, pair.discriminator] }
    public var pixelRange: (low: Float, high: Float) { pair.backbone.pixelRange }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + ownMetrics }
    public var metrics: [StepMetric] { settings.metrics + Self.ownMetrics }

    static let ownMetrics = [
        StepMetric("tags.real", "How far the discriminator is from telling the tags of the last step's pictures of the data: the mean cross-entropy of a tag, in nats."),
        StepMetric("tags.fake", "The same of generated pictures and the tags that they were asked for."),
    ]

    public var sampling: Sampling {
        Sampling(pair.generator, [Sampling.Input("latents", .latent(size: pair.latent, settings.latents)), input], output: "images")
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let tags = try s.data(port)
        let asked = try asked(tags, s)
        let fake = try s.run(pair.generator, ["latents": s.latents(pair.latent, settings.latents), port.name: asked])("images")
        let real = try s.images(pair.backbone.image)
        var read: (real: Tensor?, fake: Tensor?)
        try game.step(
            s, real: real, fake: fake, told: [port.name: tags], toldOfFake: [port.name: asked], moving: [(pair.generator, settings.generatorOptimiser)],
            discriminatorTerms: { (judged) throws(GanError) in
                let term = try told.crossEntropy(judged.real("classes"), tags)
                read.real = term
                return weight > 0 ? [try term * weight] : []
            },
            generatorTerms: { (again) throws(GanError) in
                let term = try told.crossEntropy(again("classes"), asked)
                read.fake = term
                return weight > 0 ? [try term * weight] : []
            })
        if let real = read.real { try s.metric("tags.real", real) }
        if let fake = read.fake { try s.metric("tags.fake", fake) }
    }

    /// The tags that the generator is asked for, [batch, tags].
    private func asked(_ tags: Tensor, _ s: StepBuilder) throws(GanError) -> Tensor {
        switch drawn {
        case .together: return tags
        case .apart: return try tags.mean(axes: [0]).broadcast(to: tags.shape).greater(s.uniform(port.shape))
        }
    }
}

extension OptionValues {
    /// The networks of the recipe for pictures [height, width, channels].
    fileprivate func characters(_ image: Shape) throws(GanError) -> any Backbone {
        let networks = try CharacterNetworks(
            image: image, generator: convolutional(.generator), output: self[Choices.generatorOutput].activation,
            discriminator: convolutional(.discriminator), levels: integer(.levels))
        return try withDiscreteLatents(networks)
    }
}
