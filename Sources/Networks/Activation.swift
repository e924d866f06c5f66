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

    /// What weights are multiplied by at first so that the numbers behind the function stay as large as those in front (He et al.
    /// 1502.01852, equation 15).
    var gain: Float {
        switch self {
        case .relu: Float(2).squareRoot()
        case .leakyRelu(let slope): (2 / (1 + slope * slope)).squareRoot()
        case .linear, .sigmoid, .tanh: 1
        }
    }
}

/// The functions that an option or a list of layers names; the slope of leaky-relu is an option of its own.
public enum ActivationKind: String, CaseIterable, Sendable {
    case relu
    case leakyRelu = "leaky-relu"
    case sigmoid
    case tanh
    case linear

    public func activation(slope: Float) -> Activation {
        switch self {
        case .relu: .relu
        case .leakyRelu: .leakyRelu(slope: slope)
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        case .linear: .linear
        }
    }
}
