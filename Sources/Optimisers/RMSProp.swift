// RMSProp (Tieleman & Hinton, "Lecture 6.5: rmsprop", Coursera, 2012).

import Base
import Graph

public struct RMSProp: Optimiser {
    public var rate: Double
    /// How much of the mean of squared gradients is kept at each step.
    public var smoothing: Double
    public var epsilon: Double
    public var schedule: RateSchedule

    public init(rate: Double, smoothing: Double = 0.99, epsilon: Double = 1e-8, schedule: RateSchedule = RateSchedule()) {
        self.rate = rate
        self.smoothing = smoothing
        self.epsilon = epsilon
        self.schedule = schedule
    }

    public var name: String { "rmsprop" }
    public var slots: [String] { ["rmsprop.v"] }
    public var scalarCount: Int { 1 }

    public func writeScalars(step t: Int64, to scalars: UnsafeMutablePointer<Float>) { scalars[0] = Float(rate * schedule.factor(step: t)) }

    public func step(
        _ p: Tensor, gradient g: Tensor, slots: [Tensor], scalar: (Int) throws(GanError) -> Tensor
    ) throws(GanError) -> (parameter: Tensor, slots: [Tensor]) {
        let newV = try slots[0] * Float(smoothing) + g * g * Float(1 - smoothing)
        return (try p - scalar(0) * g / (newV.squareRoot() + Float(epsilon)), [newV])
    }
}
