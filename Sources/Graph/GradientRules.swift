// The gradient of every primitive, a rule each, written with primitives. `y` is the node, `g` the gradient with respect
// to it; the answer has one entry per operand, nil where the gradient is zero or not wanted.

import Base

enum GradientRules {
    static func apply(_ y: Tensor, gradient g: Tensor, wanted: [Bool]) throws(GanError) -> [Tensor?] {
        let x = (0..<wanted.count).map { y.operand($0) }
        /// The gradient of operand `index`, computed only where it is wanted.
        func rule(_ index: Int, _ make: () throws(GanError) -> Tensor) throws(GanError) -> Tensor? {
            wanted[index] ? try make() : nil
        }
        let zero = try y.graph.constant(0, y.shape)

        switch y.node.operation {
        case .buffer, .constant, .random:
            return []
        case .unary(let function):
            return [try unary(function, x[0], y, g)]
        case .binary(let function):
            return try binary(function, x[0], x[1], y, g, rule)
        case .withoutGradient:
            return [nil]
        case .select:
            return [
                nil,
                try rule(1) { () throws(GanError) in try x[0].select(g, zero) },
                try rule(2) { () throws(GanError) in try x[0].select(zero, g) },
            ]

        case .broadcast:
            return [try g.sum(axes: y.shape.indices.filter { y.shape[$0] != x[0].shape[$0] })]
        case .reshape:
            return [try g.reshape(x[0].shape)]
        case .permute(let order):
            var inverse = order
            for (i, axis) in order.enumerated() { inverse[axis] = i }
            return [try g.permute(inverse)]
        case .slice(let starts, let strides):
            return [try y.graph.add(.pad(before: starts, interior: strides.map { $0 - 1 }), [g], shape: x[0].shape)]
        case .pad(let before, let interior):
            return [try g.slice(starts: before, counts: x[0].shape, strides: interior.map { $0 + 1 })]
        case .concatenate(let axis):
            var start = 0
            var parts: [Tensor?] = []
            for (index, part) in x.enumerated() {
                var starts = y.shape.map { _ in 0 }
                starts[axis] = start
                start += part.shape[axis]
                parts.append(wanted[index] ? try g.slice(starts: starts, counts: part.shape) : nil)
            }
            return parts

        case .sum:
            return [try g.broadcast(to: x[0].shape)]
        case .maximum(let axes):
            // Elements that tie for the maximum share its gradient evenly.
            let ties = try x[0].equal(y.broadcast(to: x[0].shape))
            return [try ties * (g / ties.sum(axes: axes)).broadcast(to: x[0].shape)]

        case .matrixProduct(let transposeA, let transposeB):
            return [
                try rule(0) { () throws(GanError) in
                    transposeA
                        ? try x[1].product(g, transposeA: transposeB, transposeB: true)
                        : try g.product(x[1], transposeA: false, transposeB: !transposeB)
                },
                try rule(1) { () throws(GanError) in
                    transposeB
                        ? try g.product(x[0], transposeA: true, transposeB: transposeA)
                        : try x[0].product(g, transposeA: !transposeA, transposeB: false)
                },
            ]
        // A convolution is linear in each operand, and so are its two gradients; the three are each other's gradients.
        case .convolution(let window):
            return [
                try rule(0) { () throws(GanError) in try y.graph.add(.convolutionInputGradient(window), [g, x[1]], shape: x[0].shape) },
                try rule(1) { () throws(GanError) in try weights(window, x[0], g, shape: x[1].shape) },
            ]
        case .convolutionInputGradient(let window):
            return [
                try rule(0) { () throws(GanError) in try y.graph.add(.convolution(window), [g, x[1]]) },
                try rule(1) { () throws(GanError) in try y.graph.add(.convolutionWeightGradient(window), [g, x[0]], shape: x[1].shape) },
            ]
        case .convolutionWeightGradient(let window):
            return [
                try rule(0) { () throws(GanError) in try y.graph.add(.convolutionInputGradient(window), [x[1], g], shape: x[0].shape) },
                try rule(1) { () throws(GanError) in try y.graph.add(.convolution(window), [x[0], g]) },
            ]

        // Indices are whole numbers: no gradient.
        case .gather:
            return [try rule(0) { () throws(GanError) in try g.scatterAdd(x[1], entries: x[0].shape[0]) }, nil]
        case .scatterAdd:
            return [try rule(0) { () throws(GanError) in try g.gather(x[1]) }, nil]
        }
    }

    /// The gradient of a convolution's weights [window…, inputs, outputs]. Few outputs of many inputs, such as the pixels that a network
    /// ends with, would leave most of a vector register empty: there picture and gradient change places. Σ x[p + k] g[p] over p, with
    /// q = p + k, is Σ g[q − k] x[q] over q: the gradient of a convolution that makes `inputs` of `outputs`, whose window is turned round.
    private static func weights(_ window: Window, _ x: Tensor, _ g: Tensor, shape: Shape) throws(GanError) -> Tensor {
        let sides = Array(shape.dropLast(2))
        let (inputs, outputs) = (shape[sides.count], shape[sides.count + 1])
        let positions = try Sizes.product(sides, of: "a window")
        let isPlain = window.stride.allSatisfy { $0 == 1 } && window.dilation.allSatisfy { $0 == 1 }
        let isWithin = sides.indices.allSatisfy { window.paddingBefore[$0] < sides[$0] && window.paddingAfter[$0] < sides[$0] }
        guard outputs <= fewOutputs, inputs >= manyInputs, positions > 1, isPlain, isWithin else {
            return try x.graph.add(.convolutionWeightGradient(window), [x, g], shape: shape)
        }
        let turned = Window(
            stride: window.stride, paddingBefore: sides.indices.map { sides[$0] - 1 - window.paddingBefore[$0] },
            paddingAfter: sides.indices.map { sides[$0] - 1 - window.paddingAfter[$0] })
        let swapped = try x.graph.add(.convolutionWeightGradient(turned), [g, x], shape: sides + [outputs, inputs])
        // positions − 1, …, 1, 0
        var places = try x.graph.constant(Float(positions - 1), [1])
        while places.elementCount < positions {
            let count = places.elementCount
            places = try Tensor.concatenate([places, places - Float(count)], axis: 0)
        }
        places = try places.slice(starts: [0], counts: [positions])
        let back = try swapped.reshape([positions, swapped.elementCount / positions]).gather(places).reshape(sides + [outputs, inputs])
        return try back.permute(Array(sides.indices) + [sides.count + 1, sides.count])
    }

    private static let fewOutputs = 4
    private static let manyInputs = 16

    private static func unary(_ function: UnaryFunction, _ x: Tensor, _ y: Tensor, _ g: Tensor) throws(GanError) -> Tensor {
        switch function {
        case .negate: return try g.negated()
        // |x| at 0 has the gradient 0.
        case .absolute:
            let zero = try x.graph.constant(0, x.shape)
            return try x.greater(0).select(g, zero.greater(x).select(g.negated(), zero))
        case .exponential: return try g * y
        case .logarithm: return try g / x
        case .squareRoot: return try g * 0.5 / y
        case .tanh: return try g * (1 - y * y)
        case .sigmoid: return try g * (y * (1 - y))
        case .softplus: return try g * x.sigmoid()
        }
    }

    private static func binary(
        _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ y: Tensor, _ g: Tensor,
        _ rule: (Int, () throws(GanError) -> Tensor) throws(GanError) -> Tensor?
    ) throws(GanError) -> [Tensor?] {
        let zero = try y.graph.constant(0, y.shape)
        switch function {
        case .add:
            return [g, g]
        case .subtract:
            return [g, try rule(1) { () throws(GanError) in try g.negated() }]
        case .multiply:
            return [
                try rule(0) { () throws(GanError) in try g * b },
                try rule(1) { () throws(GanError) in try g * a },
            ]
        case .divide:
            return [
                try rule(0) { () throws(GanError) in try g / b },
                try rule(1) { () throws(GanError) in try (g * y / b).negated() },
            ]
        // Where both are equal the gradient goes to the second operand: max(x, 0) has the gradient 0 at 0. The
        // comparison uses the result instead of the first operand, so that an activation's input need not be kept.
        case .maximum:
            return [
                try rule(0) { () throws(GanError) in try y.greater(b).select(g, zero) },
                try rule(1) { () throws(GanError) in try y.greater(b).select(zero, g) },
            ]
        case .minimum:
            return [
                try rule(0) { () throws(GanError) in try b.greater(y).select(g, zero) },
                try rule(1) { () throws(GanError) in try b.greater(y).select(zero, g) },
            ]
        case .greater, .equal:
            return [nil, nil]
        }
    }
}
