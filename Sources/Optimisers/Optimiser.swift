// How parameters follow their gradients: a rule for one parameter as graph nodes, what it keeps about each parameter, and the few
// numbers of it that change with the step.

import Base
import Graph

public protocol Optimiser: Sendable {
    /// What its buffers are named by: "adam".
    var name: String { get }
    /// What it keeps about each parameter, by the names behind the parameter's: "adam.m".
    var slots: [String] { get }
    /// How many numbers change with the step.
    var scalarCount: Int { get }

    /// Which of those numbers are 1 / (1 − baseᵗ), of its step `t`: where steps are left out by what is in them, nobody knows `t` beforehand.
    var powers: [(scalar: Int, base: Double)] { get }

    /// Calculates those numbers for its step `t`, from 1 on, in double precision.
    func writeScalars(step t: Int64, to scalars: UnsafeMutablePointer<Float>)

    /// The new values of a parameter and of its slots.
    ///
    /// - Parameter scalar: The numbers of `writeScalars`, by their index, in the parameter's shape.
    func step(
        _ parameter: Tensor, gradient: Tensor, slots: [Tensor], scalar: (Int) throws(GanError) -> Tensor
    ) throws(GanError) -> (parameter: Tensor, slots: [Tensor])
}

extension Optimiser {
    public var powers: [(scalar: Int, base: Double)] { [] }
}

/// How a learning rate goes on over the training.
public struct RateSchedule: Hashable, Sendable {
    public enum Shape: String, CaseIterable, Sendable {
        case constant
        /// Down to 0 in a straight line.
        case linear
        /// Down to 0 along half a cosine (Loshchilov & Hutter 1608.03983).
        case cosine
    }

    public var shape: Shape
    /// Over so many steps the rate rises from 0 in a straight line.
    public var warmUp: Int64
    /// The step at which a falling rate is 0.
    public var end: Int64

    public init(_ shape: Shape = .constant, warmUp: Int64 = 0, end: Int64 = 0) {
        self.shape = shape
        self.warmUp = warmUp
        self.end = end
    }

    /// The share of the rate that step `t` uses, from 1 on.
    func factor(step t: Int64) -> Double {
        let rising = warmUp > 0 && t < warmUp ? Double(t) / Double(warmUp) : 1
        guard shape != .constant, end > 0 else { return rising }
        let done = min(1, Double(t - 1) / Double(end))
        return rising * (shape == .linear ? 1 - done : 0.5 * (1 + cosineOfHalfTurn(done)))
    }

    /// cos(πx) for x of 0 … 1, by its series: libm's may differ between machines, and resumed runs have to agree.
    private func cosineOfHalfTurn(_ x: Double) -> Double {
        // About the middle, where the cosine is −sin(π(x − ½)).
        let angle = (x - 0.5) * Double.pi
        var (term, sum) = (angle, angle)
        for n in 1...12 {
            term *= -angle * angle / Double(2 * n * (2 * n + 1))
            sum += term
        }
        return -sum
    }
}

enum Power {
    /// Square and multiply: libm's pow may differ between machines, and resumed runs have to agree.
    static func raise(_ base: Double, _ exponent: Int64) -> Double {
        var (result, factor, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }
}
