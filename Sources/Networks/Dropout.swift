import Base
import Graph

/// Dropout (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014): in training each number is 0
/// with probability `share`, and the others grow so that their mean stays; in sampling nothing happens. Which are 0 is numbered by
/// sample, so a sample does not depend on its batch.
enum Dropout {
    static func apply(_ x: Tensor, share: Float, _ scope: Scope) throws(GanError) -> Tensor {
        if scope.purpose == .sampling || share <= 0 { return x }
        let kept = try scope.noise(.uniform, x.shape).greater(share)
        return try x * (kept * (1 / (1 - share)))
    }
}
