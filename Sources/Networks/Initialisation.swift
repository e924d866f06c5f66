// How weights begin, as rules that know a layer's size.

import Base
import Graph

public enum Initialisation: Hashable, Sendable {
    /// Normal with mean 0.
    case normal(deviation: Float)
    /// Normal with deviation gain · √(1 / inputs) (He et al. 1502.01852 with gain √2).
    case he(gain: Float)
    /// Normal with deviation √(2 / (inputs + outputs)) (Glorot & Bengio, "Understanding the difficulty of training deep
    /// feedforward neural networks", 2010, equation 12).
    case glorot
    case orthogonal(gain: Float)

    /// - Parameters:
    ///   - inputs: How many numbers each output is a sum of.
    ///   - outputs: How many outputs each input reaches.
    func value(inputs: Int, outputs: Int) -> InitialValue {
        switch self {
        case .normal(let deviation): .normal(deviation: deviation)
        case .he(let gain): .normal(deviation: Float(Double(gain) / Double(max(inputs, 1)).squareRoot()))
        case .glorot: .normal(deviation: Float((2 / Double(max(inputs + outputs, 1))).squareRoot()))
        case .orthogonal(let gain): .orthogonal(gain: gain)
        }
    }
}
