// How likely augmentation is: as an option says, or by how much the discriminator knows the data by heart (Karras et al., "Training
// generative adversarial networks with limited data", 2006.06676, section 3.1, with their r_t: the mean sign of what the
// discriminator says of real items). Its numbers are states of the training, so a resumed one goes on as if it had never stopped.

import Base
import Graph
import Networks

struct AdaptiveAugmentation: Sendable {
    /// Where the mean sign is to be; nil for a probability that stays.
    let target: Float?
    /// The probability, or the first one.
    let initial: Float
    /// So many steps are looked at before each change.
    let interval: Float
    /// How much the probability changes at once.
    let stride: Float

    static let metric = StepMetric(
        "augment.probability", "How likely each augmentation of a picture is, from 0 to 1, with augment.target.")

    /// As the step sees it; nil for always.
    func probability(_ s: StepBuilder) throws(GanError) -> Tensor? {
        if target == nil { return initial < 1 ? try s.graph.constant(initial, [1]) : nil }
        return try s.state("augment.probability", [1], .constant(initial))
    }

    /// Notes what the discriminator believed of the step's real items. A change is made by what the steps before have noted, so
    /// that it is the same in all parts of a batch.
    ///
    /// - Parameter belief: Positive where a real item was taken for real, [rows, 1].
    func follow(_ belief: Tensor, _ s: StepBuilder) throws(GanError) {
        guard let target else { return }
        let probability = try s.state("augment.probability", [1], .constant(initial))
        let signs = try s.state("augment.signs", [1], .constant(0))
        let count = try s.state("augment.steps", [1], .constant(0))
        let rows = Float(belief.elementCount)
        let sign = try (belief.greater(0).sum().reshape([1]) * 2 - rows) * (1 / rows)
        // 1 where the time has come: then the counting begins again.
        let isDue = try count.greater(interval - 0.5)
        let isCounting = try 1 - isDue
        let excess = try signs - count * target
        let direction = try excess.greater(0) - s.graph.constant(0, [1]).greater(excess)
        let changed = try probability + isDue * direction * stride
        s.setState("augment.probability", try changed.maximum(0).minimum(s.graph.constant(1, [1])))
        s.setState("augment.signs", try signs * isCounting + sign)
        s.setState("augment.steps", try count * isCounting + 1)
        try s.metric(Self.metric.name, probability)
    }
}
