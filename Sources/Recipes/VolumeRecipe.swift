// The recipe `volume`: Wu et al., "Learning a probabilistic latent space of object shapes via 3D generative-adversarial modeling", 2016,
// 1610.07584, section 3.2 (3D-GAN). The networks are those of a DCGAN with three spatial axes. The discriminator learns faster than the
// generator, for of two volumes it is easier to say which is real than to make one: at steps at which it is right about more than a share
// of the batch, it stays as it is.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct VolumeRecipe: Recipe {
    public static let name = "volume"
    public static let summary = "Volumes, as shapes made of voxels, like those of the data."
    public static let paper =
        "Wu et al., Learning a probabilistic latent space of object shapes via 3D generative-adversarial modeling, 2016, arxiv.org/abs/1610.07584"
    public static let options: [Option] = [.volumeAccuracy, .volumePieces]
    public static let defaults: [(Option, OptionValue)] =
        VolumeSettings.defaults + [(Choices.dataItems.option, .choice(DatasetOptions.Items.volumes.rawValue))]

    private let pair: NetworkPair
    private let game: AdversarialGame

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let volume = try fields.volume(for: Self.name)
        try options.checkAgreement(.nothing)
        let networks = try options.volumeNetworks(volume, output: .sigmoid)
        let settings = try AdversarialSettings(options, networks)
        pair = try NetworkPair(
            networks, latent: options.integer(.latentSize), told: .nothing, conditioning: .concatenate, embedding: 0, packing: settings.packing)
        game = VolumeSettings.game(options, settings, pair.discriminator, judgesApart: networks.judgesImagesApart)
    }

    public var networks: [Network] { [pair.generator, pair.discriminator] }
    public var pixelRange: (low: Float, high: Float) { VolumeSettings.range }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.metrics + [AdversarialGame.accuracy] }
    public var metrics: [StepMetric] { AdversarialSettings.metrics + (game.accuracyLimit == nil ? [] : [AdversarialGame.accuracy]) }
    public var made: Shape? { pair.backbone.image }

    public var sampling: Sampling {
        Sampling(pair.generator, [Sampling.Input("latents", .latent(size: pair.latent, game.settings.latents))], output: "images")
    }

    /// A volume of each row's latents, from three sides.
    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] {
        try VolumeSettings.views(of: s.run(pair.generator, ["latents": s.latents(pair.latent, game.settings.latents)])("images"))
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let fake = try s.run(pair.generator, ["latents": s.latents(pair.latent, game.settings.latents)])("images")
        let real = try s.data(VolumeSettings.port(pair.backbone.image))
        try game.step(s, real: real, fake: fake, moving: [(pair.generator, game.settings.generatorOptimiser)])
    }
}
