// What the options say about how two networks play against each other: the loss, its penalties, what the discriminator is shown, how
// often each is updated, by which optimiser. The adversarial recipes share it.

import Base
import Graph
import Networks
import Objectives
import Optimisers

struct AdversarialSettings: Sendable {
    let loss: AdversarialLoss
    let smoothing: Float
    let latents: LatentDistribution
    let generatorOptimiser: any Optimiser
    let discriminatorOptimiser: any Optimiser
    /// The generator is updated once in so many steps.
    let generatorCadence: Cadence
    let clip: Float?
    let averageDecay: Float
    let weightLimit: Float?
    let packing: Packing
    let showing: Showing
    private let r1: Float
    private let r2: Float
    private let lipschitz: Float
    private let dragan: Float
    private let penaltyCadence: Cadence

    /// - Throws: a sentence for options that contradict each other, or do not suit the networks or the items.
    init(_ options: OptionValues, _ backbone: any Backbone) throws(GanError) {
        try self.init(options, image: backbone.image, range: backbone.pixelRange, judgesApart: backbone.judgesImagesApart)
    }

    /// - Parameters:
    ///   - image: [height, width, channels] of the items.
    ///   - range: The values of a pixel that are black and white.
    ///   - judgesApart: Whether what the discriminator says of an item depends on that item alone.
    init(_ options: OptionValues, image: Shape, range: (low: Float, high: Float), judgesApart: Bool) throws(GanError) {
        try options.checkAgreement()
        try options.checkAgreement(image: image, judgesApart: judgesApart)
        loss = options[Choices.loss]
        smoothing = Float(options.real(.labelSmoothing))
        latents = options[Choices.latentDistribution]
        generatorOptimiser = options.optimiser(.generator)
        discriminatorOptimiser = options.optimiser(.discriminator)
        generatorCadence = .every(options.integer(.discriminatorSteps))
        let clip = options.real(.gradientClip)
        self.clip = clip > 0 ? Float(clip) : nil
        let limit = options.real(.weightClip)
        weightLimit = limit > 0 ? Float(limit) : nil
        averageDecay = Float(options.real(.averageDecay))
        packing = Packing(size: options.integer(.packing))
        showing = Showing(options, range: range, packing)
        r1 = Float(options.real(.r1))
        r2 = Float(options.real(.r2))
        lipschitz = Float(options.real(.gradientPenalty))
        dragan = Float(options.real(.dragan))
        penaltyCadence = .every(options.integer(.penaltyInterval))
    }

    static let metrics = [
        StepMetric(
            "discriminator.loss",
            "What the discriminator maximises over the last step's batch: the mean of log D(x) + log(1 - D(G(z))), or minus the loss that was chosen."),
        StepMetric(
            "generator.loss",
            "What the generator maximises over the last step's batch: the mean of log D(G(z)), or minus the loss that was chosen."),
        StepMetric("discriminator.real", "The mean of D(x) over the last step's real images, a probability from 0 to 1."),
        StepMetric("discriminator.fake", "The mean of D(G(z)) over the last step's generated images, a probability from 0 to 1."),
    ]

    static let possibleMetrics = metrics + [AdaptiveAugmentation.metric]

    /// Those of a training with these settings.
    var metrics: [StepMetric] { Self.metrics + (showing.adaptation.target == nil ? [] : [AdaptiveAugmentation.metric]) }

    /// The discriminator's loss with the penalties that are due at this step, on the slope by what the discriminator sees. A penalty
    /// that comes every n steps weighs n times as much (Karras et al. 1912.04958, appendix B).
    ///
    /// - Parameters:
    ///   - real: What the discriminator was shown of real items, and of generated ones.
    ///   - judge: The discriminator's logits of other items.
    func penalised(
        _ loss: Tensor, real: Tensor, fake: Tensor, logitsOf judged: Judged, _ s: StepBuilder, judge: (Tensor) throws(GanError) -> Tensor
    ) throws(GanError) -> Tensor {
        guard r1 > 0 || r2 > 0 || lipschitz > 0 || dragan > 0, s.happens(penaltyCadence) else { return loss }
        let times = Float(penaltyCadence.interval)
        var total = loss
        let slopes = [(r1, judged.real, real), (r2, judged.fake, fake)].filter { $0.0 > 0 }
        // Those of all items, whichever is wanted: the walk back is then a multiple of the loss's own, and made once for both.
        let logits = slopes.isEmpty ? [] : [try judged.real("logits"), try judged.fake("logits")]
        for (norm, (weight, _, _)) in zip(try GradientPenalty.squaredNorms(of: logits, at: slopes.map(\.2)), slopes) {
            total = try total + norm * (weight / 2 * times)
        }
        if lipschitz > 0 {
            let share = try packing.first(ofEach: s.uniform(real.shape.dropFirst().map { _ in 1 }))
            let between = try real * share + fake * (1 - share)
            total = try total + GradientPenalty.unitNorm(of: judge(between), at: between) * (lipschitz * times)
        }
        if dragan > 0 {
            // Half the batch's deviation, in any direction: section 2.4 of Kodali et al.
            let deviation = try (real - real.mean()).squared().mean().squareRoot()
            let direction = try s.uniform([real.elementCount / s.batch]).reshape(real.shape)
            let around = try real + deviation * 0.5 * direction
            total = try total + GradientPenalty.unitNorm(of: judge(around), at: around) * (dragan * times)
        }
        return total
    }

    /// The four numbers of every step. Objectives are told as they are maximised; without a generator's update its number stays.
    func report(discriminator: Tensor, generator: Tensor?, _ judged: Judged, _ s: StepBuilder) throws(GanError) {
        try s.metric("discriminator.loss", discriminator.negated())
        if let generator { try s.metric("generator.loss", generator.negated()) }
        try s.metric("discriminator.real", judged.real("logits").sigmoid().mean())
        try s.metric("discriminator.fake", judged.fake("logits").sigmoid().mean())
    }
}
