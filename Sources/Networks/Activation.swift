import Base
import Graph

/// The functions between layers.
public enum Activation: Hashable, Sendable {
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
        case .leakyRelu(let slope): try x.greater(0).select(x, x * slope)
        case .sigmoid: try x.sigmoid()
        case .tanh: try x.tanh()
        }
    }
}
