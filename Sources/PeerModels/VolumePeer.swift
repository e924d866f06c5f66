// A model of volumes, with exactly the layers of which other frameworks' figures are known: the networks of Wu et al. 1610.07584, at 32 × 32 × 32
// voxels and few channels.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers
import Recipes

public struct VolumePeer: Recipe {
    public static let name = "peer of volumes"
    public static let summary = "What other frameworks' figures are of."
    public static let paper = ""
    public static let options: [Option] = []

    private static let (latent, widths) = (100, [32, 64, 128])
    private static let volume: Shape = [32, 32, 32, 1]
    private static var norm: Norm { .batch(BatchNorm(deviation: 0.02, keepsStatistics: true)) }
    private let generator: Network
    private let discriminator: Network

    public init() {
        let style = LayerStyle(.normal(deviation: 0.02))
        let leaky = Activation.leakyRelu(slope: 0.2)
        generator = Network("generator", inputs: [Port("latents", [Self.latent])]) { (inputs, scope) throws(GanError) in
            var x = try Layers.dense(inputs("latents"), outputs: 4 * 4 * 4 * Self.widths[2], norm: Self.norm, style, scope["fc"]).maximum(0)
            x = try x.reshape([x.shape[0], 4, 4, 4, Self.widths[2]])
            x = try Layers.transposedConvolution(x, outputs: Self.widths[1], norm: Self.norm, style, scope["u1"]).maximum(0)
            x = try Layers.transposedConvolution(x, outputs: Self.widths[0], norm: Self.norm, style, scope["u2"]).maximum(0)
            return ["images": try Layers.transposedConvolution(x, outputs: 1, style, scope["u3"]).sigmoid()]
        }
        discriminator = Network("discriminator", inputs: [Port("images", Self.volume)]) { (inputs, scope) throws(GanError) in
            var x = try leaky(Layers.convolution(inputs("images"), outputs: Self.widths[0], style, scope["c1"]))
            x = try leaky(Layers.convolution(x, outputs: Self.widths[1], norm: Self.norm, style, scope["c2"]))
            x = try leaky(Layers.convolution(x, outputs: Self.widths[2], norm: Self.norm, style, scope["c3"]))
            return ["logits": try Layers.dense(x.reshape([x.shape[0], x.elementCount / x.shape[0]]), outputs: 1, style, scope["fc"])]
        }
    }

    /// No option and no data decide anything.
    public init(_ options: OptionValues, fields: [Field]) throws(GanError) { self.init() }

    public var networks: [Network] { [generator, discriminator] }
    public static let possibleMetrics = [StepMetric("discriminator.loss", "Minimised."), StepMetric("generator.loss", "Minimised.")]
    public var metrics: [StepMetric] { Self.possibleMetrics }
    public var pixelRange: (low: Float, high: Float) { (0, 1) }
    public var sampling: Sampling { Sampling(generator, [.init("latents", .latent(size: Self.latent, .normal))], output: "images") }

    /// Real and generated volumes go apart, for their batches are normalised.
    public func step(_ s: StepBuilder) throws(GanError) {
        let optimiser = Adam(rate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8)
        let fake = try s.run(generator, ["latents": s.latents(Self.latent, .normal)])("images")
        func judge(_ volumes: Tensor) throws(GanError) -> Tensor { try s.run(discriminator, ["images": volumes])("logits") }
        let loss = AdversarialLoss.nonSaturating
        let real = try judge(s.data(Port(Field.volume, Self.volume)))
        let discriminatorLoss = try loss.discriminator(real: real, fake: judge(fake))
        try s.minimise(discriminatorLoss, moving: [(discriminator, optimiser)])
        let generatorLoss = try loss.generator(real: real, fake: judge(fake))
        try s.minimise(generatorLoss, moving: [(generator, optimiser)])
        try s.metric("discriminator.loss", discriminatorLoss)
        try s.metric("generator.loss", generatorLoss)
    }
}
