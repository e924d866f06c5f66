import Base
import Graph

/// Dropout (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014): in training each number is 0
/// with probability `share`, and the others grow so that their mean stays; in sampling nothing happens, unless it is the network's noise
/// (Isola et al. 1611.07004, section 3.1). Which are 0 is numbered by
/// sample, so a sample does not depend on its batch.
enum Dropout {
    static func apply(_ x: Tensor, share: Float, keptInSampling: Bool = false, _ scope: Scope) throws(GanError) -> Tensor {
        if share <= 0 || (scope.purpose == .sampling && !keptInSampling) { return x }
        let kept = try scope.noise(.uniform, x.shape).greater(share)
        return try x * (kept * (1 / (1 - share)))
    }
}
