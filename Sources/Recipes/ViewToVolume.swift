// The recipe `view-to-volume`: section 3.3 of Wu et al. 1610.07584 (3D-VAE-GAN). An encoder says of a picture how the latents of what it
// shows are distributed; of one of them the generator of `volume` makes the volume. Both learn from views with their volumes, the generator
// also from what the discriminator says of volumes of latents that nobody has seen a picture of.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct ViewToVolume: Recipe {
    public static let name = "view-to-volume"
    public static let summary = "The volume of what a picture shows, learnt from views with their volumes."
    public static let paper = VolumeRecipe.paper
    public static let options: [Option] = [.volumeAccuracy, .volumePieces, .viewChannels, .viewReconstruction, .viewDivergence]
    public static let defaults: [(Option, OptionValue)] =
        VolumeSettings.defaults + [(Choices.dataItems.option, .choice(DatasetOptions.Items.views.rawValue))]

    private let volume: Shape
    /// [height, width, channels]
    private let view: Shape
    private let latent: Int
    private let reconstructionWeight: Float
    private let divergenceWeight: Float
    private let game: AdversarialGame
    private let generator: Network
    private let discriminator: Network
    private let encoder: Network

    private static let (latents, mean, logVariance) = ("latents", "mean", "log-variance")
    private static let metrics = [
        StepMetric("reconstruction", "The mean cross-entropy of a voxel of what the last step's views were made into, in nats."),
        StepMetric("divergence", "How far the latents of the last step's views are from those that are drawn, in nats for one of their numbers."),
        StepMetric("intersection", "The voxels that are full both in the last step's volumes and in what was made of their views, as a share of those that are full in either."),
    ]

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let volume = try fields.volume(for: Self.name)
        let view = try fields.view(for: Self.name)
        try options.checkAgreement(.nothing)
        guard options[Choices.latentDistribution] == .normal else {
            throw GanError(
                .outOfRange, "The option latent.distribution is \(options.text(Choices.latentDistribution.option)), and the latents of views are normal: leave it at normal.")
        }
        let latent = options.integer(.latentSize)
        let networks = try options.volumeNetworks(volume, output: .linear)
        let settings = try AdversarialSettings(options, networks)
        guard settings.packing.size == 1 else {
            throw GanError(.outOfRange, "packing is \(settings.packing.size), and the recipe '\(Self.name)' shows its discriminator one volume at a time: leave it at 1.")
        }
        let ofViews = try ViewEncoder(view: view, channels: options.integer(.viewChannels), latent: latent)
        encoder = Network(Sampling.encoderName, inputs: [Port(Application.picture, view), Port(Application.variation, [1])]) {
            (inputs, scope) throws(GanError) in
            let pictures = try inputs(Application.picture)
            let (mean, logVariance) = try ofViews(pictures, scope)
            let deviation = try (logVariance * 0.5).exponential() * inputs(Application.variation)
            return [
                Self.latents: try mean + deviation * scope.noise(.normal, [pictures.shape[0], latent]), Self.mean: mean, Self.logVariance: logVariance,
            ]
        }
        generator = Network("generator", inputs: [Port(Self.latents, [latent])]) { (inputs, scope) throws(GanError) in
            let logits = try networks.generate(inputs(Self.latents), .none, scope)
            return ["images": try logits.sigmoid(), "logits": logits]
        }
        discriminator = Network("discriminator", inputs: [Port("images", volume)]) { (inputs, scope) throws(GanError) in
            ["logits": try networks.head(networks.features(inputs("images"), .none, scope), outputs: 1, name: nil, scope)]
        }
        game = VolumeSettings.game(options, settings, discriminator, judgesApart: networks.judgesImagesApart)
        reconstructionWeight = Float(options.real(.viewReconstruction))
        divergenceWeight = Float(options.real(.viewDivergence))
        self.volume = volume
        self.view = view
        self.latent = latent
    }

    public var networks: [Network] { [generator, discriminator, encoder] }
    public var pixelRange: (low: Float, high: Float) { VolumeSettings.range }
    public static var possibleMetrics: [StepMetric] { VolumeRecipe.possibleMetrics + metrics }
    public var metrics: [StepMetric] {
        AdversarialSettings.metrics + (game.accuracyLimit == nil ? [] : [AdversarialGame.accuracy]) + Self.metrics
    }
    public var made: Shape? { volume }
    public var drawn: Shape? { volume }

    /// Of latents as they are drawn: volumes of no view in particular.
    public var sampling: Sampling { Sampling(generator, [Sampling.Input(Self.latents, .latent(size: latent, .normal))], output: "images") }

    public var application: Application? {
        Application(
            volume: Sampling(generator, [], output: "images", encoder: .init(encoder, input: Self.latents)), of: volume, view: view, range: pixelRange)
    }

    /// The view, what is made of it, and the truth, both from three sides.
    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] {
        guard [1, 3].contains(view[2]) else { return [] }
        let picture = try s.data(Port(Field.view, view))
        let latents = try s.run(encoder, [Application.picture: picture, Application.variation: s.graph.constant(0, [s.batch, 1])])(Self.mean)
        let made = try s.run(generator, [Self.latents: latents])("images")
        return try [picture] + VolumeSettings.views(of: made) + VolumeSettings.views(of: s.data(VolumeSettings.port(volume)))
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let real = try s.data(VolumeSettings.port(volume))
        let seen = try s.run(
            encoder, [Application.picture: s.data(Port(Field.view, view)), Application.variation: s.graph.constant(1, [s.batch, 1])])
        // In one batch: both have the statistics that a finished generator will have.
        let latents = try Tensor.concatenate([seen(Self.latents), s.latents(latent, .normal)], axis: 0)
        let both = try s.run(generator, [Self.latents: latents])
        func half(_ all: Tensor, _ start: Int) throws(GanError) -> Tensor {
            try all.slice(starts: [start * s.batch] + volume.map { _ in 0 }, counts: [s.batch] + volume)
        }
        let (made, fake) = (try half(both("images"), 0), try half(both("images"), 1))
        let logits = try half(both("logits"), 0)
        // −log of what the generator believes of each voxel's state.
        let reconstruction = try Classification.binaryCrossEntropy(logits, targets: real)
        // The divergence of normal distributions from the standard one (Kingma & Welling 1312.6114, appendix B), of each number.
        let (mean, logVariance) = (try seen(Self.mean), try seen(Self.logVariance))
        let divergence = try (mean.squared() + logVariance.exponential() - logVariance - 1).mean() * 0.5
        let terms = [try reconstruction * reconstructionWeight, try divergence * divergenceWeight]
        let optimiser = game.settings.generatorOptimiser
        try game.step(
            s, real: real, fake: fake, moving: [(generator, optimiser), (encoder, optimiser)], generatorTerms: { (_) throws(GanError) in terms })
        if game.settings.averageDecay > 0, s.happens(game.settings.generatorCadence) { try s.average(encoder, decay: game.settings.averageDecay) }
        try s.metric("reconstruction", reconstruction)
        try s.metric("divergence", divergence)
        let (there, isMade) = (try real.greater(0.5), try made.greater(0.5))
        let (common, either) = (try (there * isMade).sum(), try there.maximum(isMade).sum())
        try s.metric("intersection", common / either.maximum(1))
    }
}

extension [Field] {
    /// The [height, width, channels] of the views.
    /// - Throws: `.mismatch` where there are none.
    fileprivate func view(for recipe: String) throws(GanError) -> Shape {
        for field in self {
            if field.name == Field.view, case .values(let axes) = field.kind, axes.count == 3 { return axes }
        }
        throw GanError(
            .mismatch,
            "The recipe '\(recipe)' learns from views with their volumes, and the data have no views: take a folder with the folders 'views' and 'volumes', whose files have equal names, and open it with data.items=views, or combine a data set 'view' with one 'volume' as pairs.")
    }
}
