// Which of several belongs to which: every item is to score highest with what it came with, among all that is in the batch (van den Oord,
// Li & Vinyals, "Representation learning with contrastive predictive coding", 2018, 1807.03748, equation 4, either way round as Zhang et
// al., "Cross-modal contrastive learning for text-to-image generation", 2021, 2101.04702).

import Base
import Graph

public enum Contrast {
    /// The mean of −log of the share that an item's own has of all, over the rows and over the columns.
    ///
    /// - Parameters:
    ///   - scores: [n, n]; that of row i with column i is of what belongs together.
    ///   - identity: [n, n], ones on the diagonal.
    ///   - alike: [n, n], ones where row and column could be taken for each other, which is no mistake; the diagonal may be 0 or 1.
    ///   - counted: [n, 1], ones for the items that are looked at; nil for all.
    public static func crossEntropy(_ scores: Tensor, identity: Tensor, alike: Tensor, counted: Tensor? = nil) throws(GanError) -> Tensor {
        let count = scores.shape[0]
        let own = try (scores * identity).sum(axes: [1])
        let others = try scores - (alike * (1 - identity)) * 1e4
        let perItem = try (others.logSumExp(axis: 1) + others.logSumExp(axis: 0).reshape([count, 1]) - own * 2) * 0.5
        guard let counted else { return try perItem.mean() }
        return try (perItem * counted).sum() / counted.sum().maximum(1)
    }
}
