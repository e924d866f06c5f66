// Nodes that need not be made. Rules are local and exact (but for the sign of zero, 0 · x = 0 where x is not finite, and a choice
// between two that are the same, whose condition may be NaN); they keep the graphs that the gradient writes as small as those a
// person would write. Each rule is one case.

import Base

enum Simplifier {
    /// A tensor equal to the node that would be made, if there is a simpler one.
    static func simplify(_ operation: Operation, _ operands: [Tensor], shape: Shape) throws(GanError) -> Tensor? {
        switch operation {
        case .buffer, .constant, .random, .convolution, .convolutionInputGradient, .convolutionWeightGradient, .gather, .scatterAdd:
            return nil
        case .unary(let function):
            return try unary(function, operands[0])
        case .binary(let function):
            return try binary(function, operands[0], operands[1])
        case .withoutGradient:
            // A leaf may be a variable; everything else that has no operand has no gradient anyway.
            if operands[0].constantValue != nil || operands[0].node.operation == .withoutGradient { return operands[0] }
            return nil
        case .select:
            if let condition = operands[0].constantValue, !condition.isNaN { return condition != 0 ? operands[1] : operands[2] }
            return operands[1].id == operands[2].id ? operands[1] : nil
        case .broadcast, .reshape:
            return try view(operation, operands[0], shape)
        case .permute(let order):
            return try permute(operands[0], order, shape)
        case .slice, .pad:
            return operands[0].shape == shape ? operands[0] : nil
        case .concatenate:
            if operands.count == 1 { return operands[0] }
            guard let value = operands[0].constantValue, operands.allSatisfy({ $0.constantValue == value }) else { return nil }
            return try operands[0].graph.constant(value, shape)
        case .sum(let axes):
            return try sum(operands[0], axes, shape)
        case .maximum(let axes):
            return try maximum(operands[0], axes)
        case .matrixProduct(let transposeA, let transposeB):
            return try matrixProduct(operands[0], operands[1], transposeA, transposeB)
        }
    }

    private static func unary(_ function: UnaryFunction, _ x: Tensor) throws(GanError) -> Tensor? {
        if let value = x.constantValue {
            return try x.graph.constant(Float(ScalarFunctions.apply(function, Double(value))), x.shape)
        }
        if function == .negate, case .unary(.negate) = x.node.operation { return x.operand(0) }
        return nil
    }

    private static func binary(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor? {
        if let p = a.constantValue, let q = b.constantValue {
            return try a.graph.constant(Float(ScalarFunctions.apply(function, Double(p), Double(q))), a.shape)
        }
        switch (function, a.constantValue, b.constantValue) {
        case (.add, 0, _): return b
        case (.add, _, 0), (.subtract, _, 0): return a
        case (.subtract, 0, _): return try b.graph.add(.unary(.negate), [b])
        case (.multiply, 1, _): return b
        case (.multiply, _, 1), (.divide, _, 1): return a
        case (.multiply, -1, _): return try b.graph.add(.unary(.negate), [b])
        case (.multiply, _, -1), (.divide, _, -1): return try a.graph.add(.unary(.negate), [a])
        case (.multiply, 0, _), (.multiply, _, 0), (.divide, 0, _): return try a.graph.constant(0, a.shape)
        case (.add, nil, nil):
            if let whole = try tiles(a, b) { return whole }
            return try tiles(b, a)
        default: return nil
        }
    }

    /// The sum of two parts that were each padded to the whole, side by side, is their concatenation: so the gradients of the
    /// slices that cut a batch in two become one tensor again without being added to zeros.
    private static func tiles(_ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor? {
        guard case .pad(let beforeA, let interiorA) = a.node.operation, case .pad(let beforeB, let interiorB) = b.node.operation,
            (beforeA + interiorA + interiorB).allSatisfy({ $0 == 0 })
        else { return nil }
        let (first, second) = (a.operand(0), b.operand(0))
        let moved = beforeB.indices.filter { beforeB[$0] != 0 }
        guard moved.count == 1, let axis = moved.first, beforeB[axis] == first.shape[axis],
            first.shape[axis] + second.shape[axis] == a.shape[axis],
            a.shape.indices.allSatisfy({ $0 == axis || (first.shape[$0] == a.shape[$0] && second.shape[$0] == a.shape[$0]) })
        else { return nil }
        return try a.graph.add(.concatenate(axis: axis), [first, second])
    }

    private static func view(_ operation: Operation, _ x: Tensor, _ shape: Shape) throws(GanError) -> Tensor? {
        if x.shape == shape { return x }
        if let value = x.constantValue { return try x.graph.constant(value, shape) }
        guard x.node.operation == operation else { return nil }
        // A view of a view of the same kind looks through.
        return try x.graph.add(operation, [x.operand(0)], shape: shape)
    }

    private static func permute(_ x: Tensor, _ order: [Int], _ shape: Shape) throws(GanError) -> Tensor? {
        if order == Array(x.shape.indices) { return x }
        if let value = x.constantValue { return try x.graph.constant(value, shape) }
        if case .permute(let inner) = x.node.operation {
            return try x.graph.add(.permute(order.map { inner[$0] }), [x.operand(0)])
        }
        return nil
    }

    private static func sum(_ x: Tensor, _ axes: [Int], _ shape: Shape) throws(GanError) -> Tensor? {
        let effective = axes.filter { x.shape[$0] != 1 }
        if effective.isEmpty { return x }
        let repeats = Float(effective.reduce(1) { $0 * x.shape[$1] })
        if let value = x.constantValue { return try x.graph.constant(value * repeats, shape) }
        if case .sum(let inner) = x.node.operation, runs(Set(inner + axes).sorted(), in: x.operand(0).shape).count == 1 {
            return try x.graph.add(.sum(axes: Set(inner + axes).sorted()), [x.operand(0)])
        }
        // The sum over axes that are all repetitions is a product.
        if case .broadcast = x.node.operation, effective.allSatisfy({ x.operand(0).shape[$0] == 1 }) {
            let narrow = try x.graph.add(.broadcast, [x.operand(0)], shape: shape)
            return try x.graph.add(.binary(.multiply), [narrow, x.graph.constant(repeats, shape)])
        }
        if let y = try sumOfTerms(x, effective, shape) { return y }
        let runs = runs(effective, in: x.shape)
        if runs.count > 1 {
            var y = x
            for run in runs.reversed() { y = try y.graph.add(.sum(axes: run), [y]) }
            return y
        }
        return effective == axes ? nil : try x.graph.add(.sum(axes: effective), [x])
    }

    /// What is the same all along the summed axes is taken out of the sum: Σ s · x = s · Σ x, Σ −x = −Σ x, and a sum with such
    /// a term falls apart. The gradient of batch normalisation then needs the two sums over its gradient only, which one
    /// pass makes, and no further pass for those of its terms.
    private static func sumOfTerms(_ x: Tensor, _ axes: [Int], _ shape: Shape) throws(GanError) -> Tensor? {
        /// What remains of a tensor that is repeated along the axes.
        func factor(_ x: Tensor) throws(GanError) -> Tensor? {
            if let value = x.constantValue { return try x.graph.constant(value, shape) }
            guard isRepeated(x, along: axes) else { return nil }
            return try x.graph.add(.broadcast, [x.operand(0)], shape: shape)
        }
        func sum(_ x: Tensor) throws(GanError) -> Tensor { try x.graph.add(.sum(axes: axes), [x]) }
        switch x.node.operation {
        case .unary(.negate):
            return try x.graph.add(.unary(.negate), [sum(x.operand(0))])
        case .binary(.multiply):
            let (a, b) = (x.operand(0), x.operand(1))
            if let factor = try factor(a) { return try x.graph.add(.binary(.multiply), [sum(b), factor]) }
            if let factor = try factor(b) { return try x.graph.add(.binary(.multiply), [sum(a), factor]) }
            return nil
        case .binary(.add):
            let terms = [x.operand(0), x.operand(1)]
            guard terms.contains(where: { hasRepeatedFactor($0, along: axes) }) else { return nil }
            return try x.graph.add(.binary(.add), [sum(terms[0]), sum(terms[1])])
        default: return nil
        }
    }

    private static func isRepeated(_ x: Tensor, along axes: [Int]) -> Bool {
        guard case .broadcast = x.node.operation else { return false }
        return axes.allSatisfy { x.operand(0).shape[$0] == 1 }
    }

    private static func hasRepeatedFactor(_ x: Tensor, along axes: [Int]) -> Bool {
        switch x.node.operation {
        case .broadcast: return isRepeated(x, along: axes)
        case .unary(.negate): return hasRepeatedFactor(x.operand(0), along: axes)
        case .binary(.multiply): return isRepeated(x.operand(0), along: axes) || isRepeated(x.operand(1), along: axes)
        default: return false
        }
    }

    private static func maximum(_ x: Tensor, _ axes: [Int]) throws(GanError) -> Tensor? {
        let effective = axes.filter { x.shape[$0] != 1 }
        if effective.isEmpty { return x }
        let runs = runs(effective, in: x.shape)
        if runs.count > 1 {
            var y = x
            for run in runs.reversed() { y = try y.graph.add(.maximum(axes: run), [y]) }
            return y
        }
        return effective == axes ? nil : try x.graph.add(.maximum(axes: effective), [x])
    }

    /// Axes that are neighbours (but for axes of length 1 between them) are reduced together: reductions over several
    /// runs of axes are reductions of reductions, so that each sees its operand as [outer, reduced, inner].
    private static func runs(_ axes: [Int], in shape: Shape) -> [[Int]] {
        var runs: [[Int]] = []
        for axis in axes {
            if let last = runs.last?.last, shape[(last + 1)..<axis].allSatisfy({ $0 == 1 }) {
                runs[runs.count - 1].append(axis)
            } else {
                runs.append([axis])
            }
        }
        return runs
    }

    /// A product of a transposed matrix is a product with the transpose in its flag.
    private static func matrixProduct(_ a: Tensor, _ b: Tensor, _ transposeA: Bool, _ transposeB: Bool) throws(GanError) -> Tensor? {
        func untransposed(_ x: Tensor) -> Tensor? {
            guard case .permute(let order) = x.node.operation else { return nil }
            let n = order.count
            let swap = Array(0..<(n - 2)) + [n - 1, n - 2]
            return order == swap ? x.operand(0) : nil
        }
        let (plainA, plainB) = (untransposed(a), untransposed(b))
        if plainA == nil && plainB == nil { return nil }
        return try a.graph.add(
            .matrixProduct(transposeA: transposeA != (plainA != nil), transposeB: transposeB != (plainB != nil)),
            [plainA ?? a, plainB ?? b])
    }
}

extension Tensor {
    /// The tensor's node's operand number `index`.
    func operand(_ index: Int) -> Tensor {
        let id = node.operands[index]
        return Tensor(graph: graph, id: id, shape: graph.nodes[id].shape)
    }
}
