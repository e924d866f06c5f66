import Base
import Graph

extension Classification {
    /// The softmax of logits [batch, classes]: rows that sum to 1.
    public static func probabilities(_ logits: Tensor) throws(GanError) -> Tensor { try (logits - logSumExp(logits)).exponential() }
}
