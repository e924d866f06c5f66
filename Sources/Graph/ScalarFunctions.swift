// The meaning of the elementwise functions on one number, in Double: the definition that constant folding, the
// reference interpreter and the tests of the kernels share. What is made from NaN is NaN, comparisons and choices included: a
// network that has diverged must not look as if it had not.

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
        case .maximum: a > b || a.isNaN ? a : b
        case .minimum: a < b || a.isNaN ? a : b
        case .greater: a.isNaN || b.isNaN ? .nan : a > b ? 1 : 0
        case .equal: a.isNaN || b.isNaN ? .nan : a == b ? 1 : 0
        }
    }

    /// condition ≠ 0 ? a : b
    public static func select(_ condition: Double, _ a: Double, _ b: Double) -> Double {
        condition.isNaN ? condition : condition != 0 ? a : b
    }
}
