// Finds the updates that are Adam (Kingma & Ba, 2015, algorithm 1), as Training/Adam.swift writes them, so that parameters
// and moments are read and written once, by one kernel, which where the gradient is a matrix product is the product's.

import Graph

/// One parameter's step: p ← p − rate · (m′ · c₁) / (√(v′ · c₂) + ε), with m′ = β₁m + (1 − β₁)g and v′ = β₂v + (1 − β₂)g².
struct AdamFusion {
    /// The nodes of the new values.
    var newParameter: Int
    var newFirst: Int
    var newSecond: Int
    /// The old values' nodes, which are buffers, and the gradient's.
    var parameter: Int
    var first: Int
    var second: Int
    var gradient: Int
    /// The product that is the gradient, where its kernel takes the step too.
    var product: Int?
    /// The step of a bias, which such a kernel takes with the weights': its gradient is the sums of the columns of what the
    /// product multiplies by. At most one.
    var bias: [AdamFusion] = []
    /// The buffer of [rate, c₁, c₂].
    var scalars: Int
    var beta1: Float
    var beta2: Float
    var complement1: Float
    var complement2: Float
    var epsilon: Float
    /// All nodes that the kernel stands for.
    var absorbed: [Int]

    /// This one, and that of the bias.
    var all: [AdamFusion] { [self] + bias }
}

extension Analysis {
    func adamFusions() -> [AdamFusion] {
        let names = Dictionary(updates.map { ($0.value.id, $0.buffer) }, uniquingKeysWith: { first, _ in first })
        let fusions = updates.compactMap { update -> AdamFusion? in
            guard var fusion = adam(update.value.id) else { return nil }
            // The three old values are the buffers of the three new ones.
            for (new, old) in [(fusion.newParameter, fusion.parameter), (fusion.newFirst, fusion.first), (fusion.newSecond, fusion.second)] {
                guard case .buffer(let name) = node(old).operation, names[new] == name, updateCount[new] == 1 else { return nil }
            }
            // Nothing else reads what the kernel keeps to itself.
            let inside = Set(fusion.absorbed)
            for id in fusion.absorbed where id != fusion.newParameter {
                guard users[id].allSatisfy(inside.contains) else { return nil }
                guard updateCount[id] == 0 || id == fusion.newFirst || id == fusion.newSecond else { return nil }
            }
            if isFused(fusion, inside: inside) {
                fusion.product = fusion.gradient
                fusion.absorbed.append(fusion.gradient)
            }
            return fusion
        }
        return withBiases(fusions)
    }

    /// The same steps, with those of biases taken in by those of their layer's weights.
    private func withBiases(_ fusions: [AdamFusion]) -> [AdamFusion] {
        var fusions = fusions
        for index in fusions.indices {
            guard let product = fusions[index].product else { continue }
            let operands = node(product).operands
            let bias = fusions.firstIndex { other in
                guard other.product == nil, other.bias.isEmpty, let sum = columnSum(madeFor: other) else { return false }
                let state = [other.parameter, other.first, other.second]
                return node(sum[0]).operands[0] == operands[1]
                    && operands.allSatisfy { !state.contains(root(of: $0).node) }
                    // The weights' gradient may not need the bias's new value.
                    && Set(graph.reachable(from: operands))
                        .isDisjoint(with: [other.newParameter, other.newFirst, other.newSecond])
            }
            guard let bias, var step = Optional(fusions[bias]), let sum = columnSum(madeFor: step) else { continue }
            step.absorbed += sum
            fusions[index].bias = [step]
        }
        let taken = Set(fusions.flatMap(\.bias).map(\.newParameter))
        return fusions.filter { !taken.contains($0.newParameter) }
    }

    /// The sum over the rows of a matrix that is the step's gradient and nothing else, and the nodes that give it another shape.
    private func columnSum(madeFor fusion: AdamFusion) -> [Int]? {
        var nodes: [Int] = []
        var id = fusion.gradient
        while true {
            guard updateCount[id] == 0, users[id].allSatisfy((fusion.absorbed + nodes).contains) else { return nil }
            nodes.insert(id, at: 0)
            switch node(id).operation {
            case .reshape: id = node(id).operands[0]
            case .sum(axes: [0]): return node(node(id).operands[0]).shape.count == 2 ? nodes : nil
            default: return nil
            }
        }
    }

    /// Whether the gradient is a product of the form AᵀB, as a dense layer's weights have, that nothing else reads; of a size
    /// that pays: whole rows of parameters, some of A and all of B stay in the second-level cache.
    private func isFused(_ fusion: AdamFusion, inside: Set<Int>) -> Bool {
        let gradient = node(fusion.gradient)
        guard case .matrixProduct(transposeA: true, transposeB: false) = gradient.operation, gradient.shape.count == 2 else { return false }
        let (rows, columns, inner) = (gradient.shape[0], gradient.shape[1], node(gradient.operands[0]).shape[0])
        return rows >= 32 && (32...1024).contains(columns) && (1...512).contains(inner) && inner * columns <= 131_072
            && updateCount[fusion.gradient] == 0 && users[fusion.gradient].allSatisfy(inside.contains)
            // No member may still be reading what another updates.
            && gradient.operands.allSatisfy { ![fusion.parameter, fusion.first, fusion.second].contains(root(of: $0).node) }
    }

    private func adam(_ id: Int) -> AdamFusion? {
        guard let (parameter, change) = binary(.subtract, id),
            let (numerator, denominator) = binary(.divide, change),
            let (rate, corrected) = binary(.multiply, numerator), let rateScalar = scalar(rate),
            let (newFirst, firstCorrection) = binary(.multiply, corrected), let firstScalar = scalar(firstCorrection),
            let (root, epsilonNode) = binary(.add, denominator), let epsilon = constant(epsilonNode),
            case .unary(.squareRoot) = node(root).operation,
            let (newSecond, secondCorrection) = binary(.multiply, node(root).operands[0]), let secondScalar = scalar(secondCorrection),
            let (first, beta1, gradientTerm) = moment(newFirst),
            let (gradient, complement1Node) = binary(.multiply, gradientTerm), let complement1 = constant(complement1Node),
            let (second, beta2, squareTerm) = moment(newSecond),
            let (square, complement2Node) = binary(.multiply, squareTerm), let complement2 = constant(complement2Node),
            let (g, h) = binary(.multiply, square), g == gradient, h == gradient,
            rateScalar.node == firstScalar.node, rateScalar.node == secondScalar.node,
            (rateScalar.offset, firstScalar.offset, secondScalar.offset) == (0, 1, 2)
        else { return nil }
        let decayed = [node(newFirst).operands[0], node(newSecond).operands[0]]
        return AdamFusion(
            newParameter: id, newFirst: newFirst, newSecond: newSecond, parameter: parameter, first: first, second: second,
            gradient: gradient, scalars: rateScalar.node, beta1: beta1, beta2: beta2, complement1: complement1,
            complement2: complement2, epsilon: epsilon,
            absorbed: [
                id, change, numerator, denominator, corrected, root, node(root).operands[0], newFirst, newSecond, gradientTerm, squareTerm, square,
            ] + decayed)
    }

    private func binary(_ function: BinaryFunction, _ id: Int) -> (Int, Int)? {
        guard case .binary(function) = node(id).operation else { return nil }
        return (node(id).operands[0], node(id).operands[1])
    }

    /// old · β + rest
    private func moment(_ id: Int) -> (old: Int, beta: Float, rest: Int)? {
        guard let (decayed, rest) = binary(.add, id), let (old, betaNode) = binary(.multiply, decayed), let beta = constant(betaNode)
        else { return nil }
        return (old, beta, rest)
    }

    /// One number of a buffer, repeated.
    private func scalar(_ id: Int) -> (node: Int, offset: Int)? {
        var source = id
        if case .broadcast = node(id).operation { source = node(id).operands[0] }
        guard node(source).elementCount == 1 else { return nil }
        let (root, offset) = root(of: source)
        guard case .buffer = node(root).operation else { return nil }
        return (root, offset)
    }
}
