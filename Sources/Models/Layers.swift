// Layers: functions that return nodes.

import Base
import Graph

/// The functions between layers.
public enum Nonlinearity: Hashable, Sendable {
    case linear
    case relu
    /// x > 0 ? x : slope · x
    case leakyRelu(slope: Float)
    case sigmoid
    case tanh

    public func callAsFunction(_ x: Tensor) throws(GanError) -> Tensor {
        switch self {
        case .linear: x
        case .relu: try x.maximum(0)
        case .leakyRelu(let slope): try x.maximum(0) + x.minimum(x.graph.constant(0, x.shape)) * slope
        case .sigmoid: try x.sigmoid()
        case .tanh: try x.tanh()
        }
    }
}

public enum Layers {
    /// A fully connected layer, x · W + b: x [batch, inputs], W `name.weight` [inputs, outputs], b `name.bias` [outputs].
    public static func dense(
        _ x: Tensor, outputs: Int, name: String, deviation: Float, _ parameters: Parameters
    ) throws(GanError) -> Tensor {
        guard x.rank == 2 else { throw GanError(.internalError, "A fully connected layer on \(x.shape).") }
        let weight = try parameters("\(name).weight", [x.shape[1], outputs], .normal(deviation: deviation))
        let bias = try parameters("\(name).bias", [outputs], .constant(0))
        return try x.product(weight) + bias
    }
}
