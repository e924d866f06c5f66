// Finds what the write-back of a matrix product or a convolution can do while the tile is in registers: add a bias, apply an activation, or
// multiply by an activation's derivative; and products that are added to another value, which accumulate in place.

import Graph
import Kernels

/// A product and the nodes that its write-back stands for.
struct ProductFusion {
    /// The product's node.
    var product: Int
    /// The last node of the chain: what the write-back leaves in memory.
    var result: Int
    /// All nodes from the product to the result, and whatever they alone need.
    var absorbed: [Int]
    var bias: Int?
    var activation = Activation.identity
    var derivativeOf: Int?
    var derivativeActivation = Activation.identity
    /// Of leaky ReLU.
    var slope: Float = 0
    /// An absorbed node that others ask for its sign only, which the result has too.
    var sameSign: Int?
}

extension Analysis {
    /// - Parameter taken: Products that belong to other work.
    func productFusions(except taken: Set<Int>) -> [ProductFusion] {
        live.compactMap { id in
            if taken.contains(id) { return nil }
            switch node(id).operation {
            case .matrixProduct:
                if node(id).shape.count != 2 { return nil }
            case .convolution, .convolutionInputGradient: break
            default: return nil
            }
            var fusion = ProductFusion(product: id, result: id, absorbed: [id])
            takeBias(&fusion)
            takeActivation(&fusion)
            if fusion.result == id { takeDerivative(&fusion) }
            return fusion
        }
    }

    /// Whether a product of two matrices is summed in one go, so that its result is written once only.
    func isShortProduct(_ id: Int) -> Bool {
        guard case .matrixProduct(let transposeA, _) = node(id).operation, node(id).shape.count == 2 else { return false }
        return node(node(id).operands[0]).shape[transposeA ? 0 : 1] <= 512
    }

    /// product + broadcast of a row
    private func takeBias(_ fusion: inout ProductFusion) {
        guard let sum = onlyUser(of: fusion.result), case .binary(.add) = node(sum).operation else { return }
        let operands = node(sum).operands
        let other = operands[0] == fusion.result ? operands[1] : operands[0]
        guard other != fusion.result, case .broadcast = node(other).operation else { return }
        let row = node(other).operands[0]
        guard let columns = node(sum).shape.last, node(row).shape.last == columns, node(row).elementCount == columns else { return }
        // The row must be in memory: a constant is not.
        guard constant(root(of: row).node) == nil else { return }
        fusion.bias = row
        fusion.result = sum
        fusion.absorbed.append(sum)
    }

    private func takeActivation(_ fusion: inout ProductFusion) {
        if takeLeakyRelu(&fusion) { return }
        guard let user = onlyUser(of: fusion.result) else { return }
        switch node(user).operation {
        case .binary(.maximum):
            let operands = node(user).operands
            guard operands[0] == fusion.result, constant(operands[1]) == 0 else { return }
            fusion.activation = .relu
        case .unary(.sigmoid): fusion.activation = .sigmoid
        case .unary(.tanh): fusion.activation = .tanh
        default: return
        }
        fusion.result = user
        fusion.absorbed.append(user)
    }

    /// The derivative of an activation, as the gradient writes it: product · f′, with f′ in terms of the activation's output.
    private func takeDerivative(_ fusion: inout ProductFusion) {
        let product = fusion.product
        if takeLeakyReluDerivative(&fusion) { return }
        guard let user = onlyUser(of: product) else { return }
        let operands = node(user).operands
        switch node(user).operation {
        case .select:
            // (y > 0) ? product : 0
            guard operands[1] == product, operands[0] != product, constant(operands[2]) == 0 else { return }
            let mask = node(operands[0])
            guard case .binary(.greater) = mask.operation, constant(mask.operands[1]) == 0 else { return }
            guard constant(mask.operands[0]) == nil else { return }
            fusion.derivativeOf = mask.operands[0]
            fusion.derivativeActivation = .relu
        case .binary(.multiply):
            let factor = operands[0] == product ? operands[1] : operands[0]
            guard factor != product, let (y, activation) = derivative(factor) else { return }
            fusion.derivativeOf = y
            fusion.derivativeActivation = activation
        default: return
        }
        fusion.result = user
        fusion.absorbed.append(user)
        for operand in operands { absorb(operand, into: &fusion) }
    }

    /// Takes in what computes the derivative from y, as far as nothing else needs it.
    func absorb(_ id: Int, into fusion: inout ProductFusion) {
        guard id != fusion.derivativeOf, isElementwise(id), updateCount[id] == 0, users[id].allSatisfy(fusion.absorbed.contains) else { return }
        fusion.absorbed.append(id)
        for operand in node(id).operands { absorb(operand, into: &fusion) }
    }

    /// y(1 − y) or 1 − y².
    private func derivative(_ id: Int) -> (y: Int, Activation)? {
        let operands = node(id).operands
        func oneMinus(_ id: Int) -> Int? {
            guard case .binary(.subtract) = node(id).operation, constant(node(id).operands[0]) == 1 else { return nil }
            return node(id).operands[1]
        }
        if case .binary(.multiply) = node(id).operation, let y = oneMinus(operands[1]), y == operands[0], constant(y) == nil {
            return (y, .sigmoid)
        }
        if let square = oneMinus(id), case .binary(.multiply) = node(square).operation {
            let factors = node(square).operands
            if factors[0] == factors[1], constant(factors[0]) == nil { return (factors[0], .tanh) }
        }
        return nil
    }
}
