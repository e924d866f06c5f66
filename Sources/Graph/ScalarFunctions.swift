// The meaning of the elementwise functions on one number, in Double: the definition that constant folding, the
// reference interpreter and the tests of the kernels share.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

public enum ScalarFunctions {
    public static func apply(_ function: UnaryFunction, _ x: Double) -> Double {
        switch function {
        case .negate: -x
        case .absolute: abs(x)
        case .exponential: exp(x)
        case .logarithm: log(x)
        case .squareRoot: x.squareRoot()
        case .tanh: tanh(x)
        case .sigmoid: x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
        case .softplus: max(x, 0) + log1p(exp(-abs(x)))
        }
    }

    public static func apply(_ function: BinaryFunction, _ a: Double, _ b: Double) -> Double {
        switch function {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .maximum: a > b ? a : b
        case .minimum: a < b ? a : b
        case .greater: a > b ? 1 : 0
        case .equal: a == b ? 1 : 0
        }
    }
}
