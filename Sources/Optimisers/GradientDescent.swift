// Stochastic gradient descent with momentum (Polyak, "Some methods of speeding up the convergence of iteration methods", 1964).

import Base
import Graph

public struct GradientDescent: Optimiser {
    public var rate: Double
    public var momentum: Double
    public var schedule: RateSchedule

    public init(rate: Double, momentum: Double = 0, schedule: RateSchedule = RateSchedule()) {
        self.rate = rate
        self.momentum = momentum
        self.schedule = schedule
    }

    public var name: String { "sgd" }
    public var slots: [String] { momentum == 0 ? [] : ["sgd.m"] }
    public var scalarCount: Int { 1 }

    public func writeScalars(step t: Int64, to scalars: UnsafeMutablePointer<Float>) { scalars[0] = Float(rate * schedule.factor(step: t)) }

    public func step(
        _ p: Tensor, gradient g: Tensor, slots: [Tensor], scalar: (Int) throws(GanError) -> Tensor
    ) throws(GanError) -> (parameter: Tensor, slots: [Tensor]) {
        guard let velocity = slots.first else { return (try p - scalar(0) * g, []) }
        let newVelocity = try velocity * Float(momentum) + g
        return (try p - scalar(0) * newVelocity, [newVelocity])
    }
}
