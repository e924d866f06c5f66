// The variational lower bound of the mutual information between codes and what is generated of them (Chen et al., "InfoGAN",
// 1606.03657, equation 4), up to the codes' own entropy, which is constant: minimising these maximises it.

import Base
import Graph

public enum MutualInformation {
    /// −mean(log Q(c | x)) of a categorical code: Q's logits and the code as one number each, both [batch, categories].
    public static func categorical(_ logits: Tensor, code: Tensor) throws(GanError) -> Tensor {
        try Classification.crossEntropy(logits, targets: code)
    }

    /// −mean(log Q(c | x)) of continuous codes under a factored normal distribution: its means, the logarithms of its variances, and
    /// the codes, all [batch, codes], without the constant ½ log 2π.
    public static func gaussian(mean: Tensor, logVariance: Tensor, codes: Tensor) throws(GanError) -> Tensor {
        let squares = try (codes - mean).squared() * logVariance.negated().exponential()
        return try ((squares + logVariance) * 0.5).sum(axes: [1]).mean()
    }
}
