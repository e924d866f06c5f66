// What the discriminator is shown of items: changed at random, with noise, several at a time. All of it is part of the graph, so
// generators learn through it.

import Base
import Graph

struct Showing: Sendable {
    let adaptation: AdaptiveAugmentation
    private let augmentation: Augmentation
    private let mirrors: Bool
    /// The deviation of the noise at first, and when there is none any more.
    private let noise: Double
    private let noiseEnd: Int64
    private let packing: Packing

    init(_ options: OptionValues, range: (low: Float, high: Float), _ packing: Packing) {
        augmentation = Augmentation(kind: options[Choices.augment], range: range)
        let target = options.real(.augmentTarget)
        let interval = options.integer(.augmentEvery)
        adaptation = AdaptiveAugmentation(
            target: target > 0 ? Float(target) : nil, initial: Float(options.real(.augmentProbability)), interval: Float(interval),
            stride: Float(Double(options.integer(.batchSize)) * Double(interval) / Double(options.integer(.augmentImages))))
        mirrors = options.flag(.augmentMirror)
        noise = options.real(.noise)
        noiseEnd = Int64(options.integer(.noiseSteps))
        self.packing = packing
    }

    /// The step's items as the discriminator is shown them, [batch / m, …].
    func callAsFunction(real: Tensor, fake: Tensor, _ s: StepBuilder) throws(GanError) -> (real: Tensor, fake: Tensor) {
        var (real, fake) = (mirrors ? try s.mirrored(real) : real, fake)
        if augmentation.kind != .none {
            let probability = try adaptation.probability(s)
            real = try augmentation(real, probability: probability, s)
            fake = try augmentation(fake, probability: probability, s)
        }
        // Sønderby et al. 1610.04490, section 3; Arjovsky & Bottou 1701.04862, section 3.
        if noise > 0, s.happens(.before(noiseEnd)) {
            let (noise, end) = (noise, noiseEnd)
            let deviation = try s.schedule("noise") { step in noise * max(0, 1 - Double(step) / Double(end)) }
            let shape = Array(real.shape.dropFirst())
            real = try real + s.normal(shape) * deviation
            fake = try fake + s.normal(shape) * deviation
        }
        return (try packing.items(real), try packing.items(fake))
    }
}
