// What a layer does to its weights before it uses them.

import Base
import Graph

public enum Weight: Hashable, Sendable {
    /// As they are.
    case plain
    /// Divided by their largest singular value, which one step of the power method a run follows (Miyato et al., "Spectral
    /// normalization for generative adversarial networks", 1802.05957, algorithm 1).
    case spectral

    /// - Parameter weight: Outputs are the last axis, or the one `outputAxis` names.
    func callAsFunction(_ weight: Tensor, outputAxis: Int, _ scope: Scope) throws(GanError) -> Tensor {
        switch self {
        case .plain: return weight
        case .spectral:
            let outputs = weight.shape[outputAxis]
            let order = weight.shape.indices.filter { $0 != outputAxis } + [outputAxis]
            let matrix = try weight.permute(order).reshape([weight.elementCount / outputs, outputs])
            let fixed = try matrix.withoutGradient()
            let before = try scope.state("weight.u", [1, outputs], .normal(deviation: 1))
            let v = try Weight.unit(before.product(fixed, transposeB: true))  // [1, rest]
            var u = try Weight.unit(before)
            if scope.purpose == .training {
                u = try Weight.unit(v.product(fixed))
                scope.setState("weight.u", u)
            }
            // u and v are held; σ is linear in the weights.
            let sigma = try v.withoutGradient().product(matrix).product(u.withoutGradient(), transposeB: true)
            return try weight / sigma.reshape(weight.shape.map { _ in 1 })
        }
    }

    private static func unit(_ x: Tensor) throws(GanError) -> Tensor {
        try x / (x.squared().sum().squareRoot() + 1e-12)
    }
}
