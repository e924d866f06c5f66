// Losses of classifiers, from logits.

import Base
import Graph

public enum Classification {
    /// mean over items of −log softmax(logits)[label]: logits [batch, classes], `targets` [batch, classes], rows that sum to 1.
    public static func crossEntropy(_ logits: Tensor, targets: Tensor) throws(GanError) -> Tensor {
        try (logits.logSumExp(axis: 1) - (logits * targets).sum(axes: [1])).mean()
    }

    /// mean over items and tags of the cross-entropy of independent yes-or-no questions: logits and targets (0 … 1) [batch, tags].
    public static func binaryCrossEntropy(_ logits: Tensor, targets: Tensor) throws(GanError) -> Tensor {
        try (logits.softplus() - logits * targets).mean()
    }

    /// The share of items whose largest logit is the target's; a tie counts for all that tie.
    public static func accuracy(_ logits: Tensor, targets: Tensor) throws(GanError) -> Tensor {
        let isLargest = try logits.equal(logits.largest(axes: [1]).broadcast(to: logits.shape))
        return try (isLargest * targets).sum(axes: [1]).mean()
    }

    /// The share of the yes-or-no questions that are answered right: logits and targets (0 or 1) [batch, tags].
    public static func tagAccuracy(_ logits: Tensor, targets: Tensor) throws(GanError) -> Tensor {
        try logits.greater(0).equal(targets.greater(0.5)).mean()
    }
}
