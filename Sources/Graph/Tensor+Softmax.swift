// Exponentials that are compared: from the largest on, so that nothing overflows. The largest is held by gradients: what is
// taken out of every exponent changes no result, so it has no part in any gradient, of whatever order.

import Base

extension Tensor {
    /// exp(x) / Σ exp(x) along `axis`.
    public func softmax(axis: Int) throws(GanError) -> Tensor {
        let shifted = try (self - largest(axes: [axis]).withoutGradient()).exponential()
        return try shifted / shifted.sum(axes: [axis])
    }

    /// log Σ exp(x) along `axis`, which stays with length 1.
    public func logSumExp(axis: Int) throws(GanError) -> Tensor {
        let largest = try largest(axes: [axis]).withoutGradient()
        return try (self - largest).exponential().sum(axes: [axis]).logarithm() + largest
    }
}
