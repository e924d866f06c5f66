// Adam (Kingma & Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1) as graph nodes.

import Base
import Graph
import Models
import Plan

struct Adam {
    struct Constants: Equatable {
        var rate: Double
        var beta1: Double
        var beta2: Double
        var epsilon: Double
    }

    let network: String
    let constants: Constants

    /// The buffer of the numbers that change with the step: [rate, 1 / (1 − β₁ᵗ), 1 / (1 − β₂ᵗ)].
    var scalarBuffer: String { "\(network).adam" }

    static func firstMoment(_ parameter: String) -> String { "\(parameter).adam.m" }
    static func secondMoment(_ parameter: String) -> String { "\(parameter).adam.v" }
    static func isMoment(_ buffer: String) -> Bool { buffer.hasSuffix(".adam.m") || buffer.hasSuffix(".adam.v") }

    /// Fills the scalar buffer for step `t`, from 1 on, calculated in double precision.
    func writeScalars(step t: Int64, to scalars: UnsafeMutablePointer<Float>) {
        scalars[0] = Float(constants.rate)
        scalars[1] = Float(1 / (1 - power(constants.beta1, t)))
        scalars[2] = Float(1 / (1 - power(constants.beta2, t)))
    }

    /// Square and multiply: libm's pow may differ between machines, and resumed runs have to agree.
    private func power(_ base: Double, _ exponent: Int64) -> Double {
        var (result, factor, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }

    /// The parameters' new values, and the updates that store them with their moments.
    func step(_ parameters: Parameters, gradients: [Tensor]) throws(GanError) -> (values: [Tensor], updates: [Update]) {
        let graph = parameters.graph
        let scalars = try graph.buffer(scalarBuffer, [3])
        func scalar(_ index: Int, _ shape: Shape) throws(GanError) -> Tensor {
            try scalars.slice(starts: [index], counts: [1]).broadcast(to: shape)
        }
        var values: [Tensor] = []
        var updates: [Update] = []
        for ((parameter, p), g) in zip(zip(parameters.list, parameters.tensors), gradients) {
            let shape = parameter.shape
            let m = try graph.buffer(Self.firstMoment(parameter.name), shape)
            let v = try graph.buffer(Self.secondMoment(parameter.name), shape)
            let newM = try m * Float(constants.beta1) + g * Float(1 - constants.beta1)
            let newV = try v * Float(constants.beta2) + g * g * Float(1 - constants.beta2)
            let denominator = try (newV * scalar(2, shape)).squareRoot() + Float(constants.epsilon)
            let newP = try p - scalar(0, shape) * (newM * scalar(1, shape)) / denominator
            values.append(newP)
            updates += [Update(parameter.name, newP), Update(Self.firstMoment(parameter.name), newM), Update(Self.secondMoment(parameter.name), newV)]
        }
        return (values, updates)
    }
}
