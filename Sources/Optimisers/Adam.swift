// Adam (Kingma & Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1), and AdamW, which takes weight decay out of
// the gradient (Loshchilov & Hutter, 1711.05101, algorithm 2).

import Base
import Graph

public struct Adam: Optimiser {
    public var rate: Double
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    /// How much of itself a parameter loses a step, times the rate.
    public var decay: Double
    public var schedule: RateSchedule

    public init(rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double = 0, schedule: RateSchedule = RateSchedule()) {
        self.rate = rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.decay = decay
        self.schedule = schedule
    }

    public var name: String { "adam" }
    public var slots: [String] { ["adam.m", "adam.v"] }
    public var scalarCount: Int { 3 }
    public var powers: [(scalar: Int, base: Double)] { [(1, beta1), (2, beta2)] }

    /// [rate, 1 / (1 − β₁ᵗ), 1 / (1 − β₂ᵗ)]
    public func writeScalars(step t: Int64, to scalars: UnsafeMutablePointer<Float>) {
        scalars[0] = Float(rate * schedule.factor(step: t))
        scalars[1] = Float(1 / (1 - Power.raise(beta1, t)))
        scalars[2] = Float(1 / (1 - Power.raise(beta2, t)))
    }

    public func step(
        _ p: Tensor, gradient g: Tensor, slots: [Tensor], scalar: (Int) throws(GanError) -> Tensor
    ) throws(GanError) -> (parameter: Tensor, slots: [Tensor]) {
        let newM = try slots[0] * Float(beta1) + g * Float(1 - beta1)
        let newV = try slots[1] * Float(beta2) + g * g * Float(1 - beta2)
        let denominator = try (newV * scalar(2)).squareRoot() + Float(epsilon)
        var kept = p
        if decay != 0 { kept = try p - scalar(0) * p * Float(decay) }
        return (try kept - scalar(0) * (newM * scalar(1)) / denominator, [newM, newV])
    }
}
