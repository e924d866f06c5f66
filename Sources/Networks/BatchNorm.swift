// Batch normalisation (Ioffe & Szegedy, "Batch normalization: accelerating deep network training by reducing internal
// covariate shift", 2015, algorithms 1 and 2).

import Base
import Graph

/// y = γ · (x − mean) / √(variance + ε) + β for every channel (the last axis), with parameters γ `gamma` and β `beta`.
///
/// In training mean and variance are those of the batch, over all axes but the last; where the network will be sampled
/// from, running averages of them are kept as the states `mean` and `variance`. In sampling those take their place, and
/// the whole is folded into the weights of the layer before, which the planner does once (`BatchPlan`).
public struct BatchNorm: Hashable, Sendable {
    /// ε
    public var epsilon: Float = 1e-5
    /// How much of each batch's statistics goes into the running averages.
    public var momentum: Float = 0.1
    /// The standard deviation of the initial γ around 1.
    public var deviation: Float
    public var keepsStatistics: Bool

    public init(deviation: Float, keepsStatistics: Bool) {
        self.deviation = deviation
        self.keepsStatistics = keepsStatistics
    }

    func apply(weight: Tensor, outputAxis: Int, _ scope: Scope, _ map: (Tensor) throws(GanError) -> Tensor) throws(GanError) -> Tensor {
        let channels = weight.shape[outputAxis]
        let gamma = try scope.parameter("gamma", [channels], .normal(mean: 1, deviation: deviation))
        let beta = try scope.parameter("beta", [channels], .constant(0))
        return try normalise(weight: weight, outputAxis: outputAxis, scope, gamma: gamma, beta: beta, map)
    }

    /// Without γ and β.
    func normalise(weight: Tensor, outputAxis: Int, _ scope: Scope, _ map: (Tensor) throws(GanError) -> Tensor) throws(GanError) -> Tensor {
        let channels = weight.shape[outputAxis]
        return try normalise(
            weight: weight, outputAxis: outputAxis, scope, gamma: scope.graph.constant(1, [channels]),
            beta: scope.graph.constant(0, [channels]), map)
    }

    private func normalise(
        weight: Tensor, outputAxis: Int, _ scope: Scope, gamma: Tensor, beta: Tensor, _ map: (Tensor) throws(GanError) -> Tensor
    ) throws(GanError) -> Tensor {
        let channels = weight.shape[outputAxis]
        switch scope.purpose {
        case .training:
            // In the layer's own shape, so that what follows and its gradient join the same chains.
            let x = try map(weight)
            let axes = Array(x.shape.indices.dropLast())
            let mean = try x.mean(axes: axes)
            let centred = try x - mean
            let variance = try centred.squared().mean(axes: axes)
            if keepsStatistics { try keep(mean, variance, count: x.elementCount / channels, scope) }
            let scale = try gamma / (variance + epsilon).squareRoot()
            return try centred * scale + beta
        case .sampling:
            let mean = try scope.state("mean", [channels], .constant(0))
            let variance = try scope.state("variance", [channels], .constant(1))
            let scale = try gamma / (variance + epsilon).squareRoot()
            var shape = weight.shape.map { _ in 1 }
            shape[outputAxis] = channels
            return try map(weight * scale.reshape(shape)) + (beta - mean * scale)
        }
    }

    /// The running variance is the unbiased one, as if the batch were a sample of the data.
    private func keep(_ mean: Tensor, _ variance: Tensor, count: Int, _ scope: Scope) throws(GanError) {
        let channels = mean.elementCount
        let oldMean = try scope.state("mean", [channels], .constant(0))
        let oldVariance = try scope.state("variance", [channels], .constant(1))
        let unbiased = Float(Double(momentum) * Double(count) / Double(max(count - 1, 1)))
        scope.setState("mean", try oldMean * (1 - momentum) + mean.reshape([channels]) * momentum)
        scope.setState("variance", try oldVariance * (1 - momentum) + variance.reshape([channels]) * unbiased)
    }
}
