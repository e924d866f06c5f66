// A step of training of these models, as other frameworks are timed: noise, both updates by Adam, the generator against the new
// discriminator.

import Base
import Data
import Graph
import Networks
import Optimisers
import Recipes

public struct PeerRecipe: Recipe {
    public static let name = "peer"
    public static let summary = "What other frameworks' figures are of."
    public static let paper = ""
    public static let options: [Option] = []

    public let model: PeerModel

    public init(_ model: PeerModel) { self.model = model }

    /// No option and no data decide anything.
    public init(_ options: OptionValues, fields: [Field]) throws(GanError) { model = PeerModel(.wassersteinPenalty) }

    public var networks: [Network] { [model.generator, model.discriminator] }
    public static let possibleMetrics = [StepMetric("discriminator.loss", "Minimised."), StepMetric("generator.loss", "Minimised.")]
    public var metrics: [StepMetric] { Self.possibleMetrics }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public var sampling: Sampling {
        Sampling(model.generator, [.init("latents", .latent(size: model.latent, .normal))], output: "images")
    }

    public var optimiser: Adam {
        model.kind == .residual
            ? Adam(rate: 2e-4, beta1: 0, beta2: 0.99, epsilon: 1e-8) : Adam(rate: 1e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8)
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let latents = try s.latents(model.latent, .normal)
        let fake = try s.run(model.generator, ["latents": latents])("images")
        let real = try s.data(Port(Field.image, [model.side, model.side, 3]))
        let (loss, _) = try model.discriminatorLoss(real: real, fake: fake, share: s.uniform([1, 1, 1])) { (items) throws(GanError) in
            try s.run(model.discriminator, ["images": items])("logits")
        }
        try s.minimise(loss, moving: [(model.discriminator, optimiser)])
        let ofFake = try s.run(model.discriminator, ["images": fake])("logits")
        let ofReal = model.loss.isRelativistic ? try s.run(model.discriminator, ["images": real])("logits") : ofFake
        let generatorLoss = try model.loss.generator(real: ofReal, fake: ofFake)
        try s.minimise(generatorLoss, moving: [(model.generator, optimiser)])
        try s.metric("discriminator.loss", loss)
        try s.metric("generator.loss", generatorLoss)
    }
}
