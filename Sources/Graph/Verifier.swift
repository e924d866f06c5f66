// What is legal: for every operation the shapes it takes and the shape it gives. A node that is not legal is never made,
// so whatever walks a graph (the gradient, the planner, the interpreter) can rely on every statement here.

import Base

enum Verifier {
    static func shape(of operation: Operation, operands: [Shape], requested: Shape?) throws(GanError) -> Shape {
        func fail(_ why: String) -> GanError {
            GanError(.internalError, "\(operation) of \(operands) to \(requested.map { "\($0)" } ?? "its own shape"): \(why).")
        }
        func expect(_ condition: Bool, _ why: @autoclosure () -> String) throws(GanError) {
            if !condition { throw fail(why()) }
        }
        func given() throws(GanError) -> Shape {
            guard let requested else { throw fail("no shape was given") }
            return requested
        }
        try expect(operands.count == arity(of: operation, given: operands.count), "wrong number of operands")

        let result: Shape
        switch operation {
        case .buffer, .constant:
            result = try given()
        case .random:
            result = try given()
            try expect(result.count == 2, "random numbers have rank 2")
        case .unary, .withoutGradient:
            result = operands[0]
        case .binary, .select:
            result = operands[0]
            try expect(operands.allSatisfy { $0 == result }, "the shapes differ")
        case .broadcast:
            result = try given()
            try expect(
                result.count == operands[0].count && zip(operands[0], result).allSatisfy { $0 == $1 || $0 == 1 },
                "only axes of length 1 can be repeated")
        case .reshape:
            result = try given()
            try expect(try count(result) == count(operands[0]), "the number of elements changes")
        case .permute(let order):
            try expect(order.sorted() == Array(operands[0].indices), "not a permutation of the axes")
            result = order.map { operands[0][$0] }
        case .slice(let starts, let strides):
            result = try given()
            let x = operands[0]
            try expect(result.count == x.count && starts.count == x.count && strides.count == x.count, "the ranks differ")
            for axis in x.indices {
                try expect(1 <= strides[axis] && strides[axis] <= x[axis] && starts[axis] >= 0 && result[axis] >= 1, "bad start, stride or length")
                // Divided, not multiplied: that cannot overflow.
                try expect(
                    starts[axis] < x[axis] && result[axis] - 1 <= (x[axis] - 1 - starts[axis]) / strides[axis], "axis \(axis) is too short")
            }
        case .pad(let before, let interior):
            result = try given()
            let x = operands[0]
            try expect(result.count == x.count && before.count == x.count && interior.count == x.count, "the ranks differ")
            for axis in x.indices {
                try expect(before[axis] >= 0 && interior[axis] >= 0, "negative padding")
                try expect(before[axis] < result[axis] && interior[axis] < result[axis], "axis \(axis) does not fit")
                let gaps = try Sizes.product(x[axis] - 1, interior[axis], of: "padding")
                try expect(try Sizes.sum(gaps, x[axis] - 1, before[axis], of: "padding") < result[axis], "axis \(axis) does not fit")
            }
        case .concatenate(let axis):
            var shape = operands[0]
            try expect(shape.indices.contains(axis), "no axis \(axis)")
            for other in operands.dropFirst() {
                try expect(other.count == shape.count, "the ranks differ")
                for i in shape.indices where i != axis { try expect(other[i] == shape[i], "axis \(i) differs") }
                shape[axis] = try Sizes.sum(shape[axis], other[axis], of: "a concatenation")
            }
            result = shape
        case .sum(let axes), .maximum(let axes):
            var shape = operands[0]
            try expect(axes == Array(Set(axes)).sorted(), "the axes are not in order")
            for axis in axes {
                try expect(shape.indices.contains(axis), "no axis \(axis)")
                shape[axis] = 1
            }
            result = shape
        case .matrixProduct(let transposeA, let transposeB):
            let (a, b) = (operands[0], operands[1])
            try expect(a.count >= 2 && a.count == b.count, "the ranks differ or are below 2")
            try expect(a.dropLast(2) == b.dropLast(2), "the batches differ")
            let (m, k) = transposeA ? (a[a.count - 1], a[a.count - 2]) : (a[a.count - 2], a[a.count - 1])
            let (l, n) = transposeB ? (b[b.count - 1], b[b.count - 2]) : (b[b.count - 2], b[b.count - 1])
            try expect(k == l, "the inner lengths differ")
            result = a.dropLast(2) + [m, n]
        case .convolution(let window):
            let (x, w) = (operands[0], operands[1])
            try check(window, x: x, w: w, expect)
            result = [x[0]] + outputLengths(window, x: x, w: w) + [w[w.count - 1]]
            try expect(result.allSatisfy { $0 >= 1 }, "the window is larger than the padded image")
        case .convolutionInputGradient(let window):
            result = try given()
            let (g, w) = (operands[0], operands[1])
            try check(window, x: result, w: w, expect)
            try expect(g == [result[0]] + outputLengths(window, x: result, w: w) + [w[w.count - 1]], "the gradient's shape is wrong")
        case .convolutionWeightGradient(let window):
            result = try given()
            let (x, g) = (operands[0], operands[1])
            try check(window, x: x, w: result, expect)
            try expect(g == [x[0]] + outputLengths(window, x: x, w: result) + [result[result.count - 1]], "the gradient's shape is wrong")
        case .gather:
            try expect(operands[0].count == 2 && operands[1].count == 1, "a table and a list are needed")
            result = [operands[1][0], operands[0][1]]
        case .scatterAdd:
            result = try given()
            try expect(operands[0].count == 2 && operands[1].count == 1 && result.count == 2, "a matrix and a list are needed")
            try expect(operands[0][0] == operands[1][0] && operands[0][1] == result[1], "the lengths differ")
        }
        try expect(result.allSatisfy { $0 >= 1 }, "an axis is empty")
        // Sizes with room to spare, 2⁴³ elements, so that nothing downstream can overflow: neither bytes, nor the sum over all
        // tensors of a graph, nor the count of an operation's steps.
        _ = try Sizes.product([count(result), 1 << 20], of: "a tensor \(result)")
        switch operation {
        case .matrixProduct(let transposeA, _):
            let inner = operands[0][result.count - (transposeA ? 2 : 1)]
            _ = try Sizes.product([count(result), inner, 64], of: "a matrix product")
        case .convolution:
            _ = try Sizes.product([try terms(y: result, w: operands[1]), 64], of: "a convolution")
        case .convolutionInputGradient:
            _ = try Sizes.product([try terms(y: operands[0], w: operands[1]), 64], of: "a convolution")
        case .convolutionWeightGradient:
            _ = try Sizes.product([try terms(y: operands[1], w: result), 64], of: "a convolution")
        default:
            break
        }
        return result
    }

    /// How many products a convolution adds up: for every element of the result, the window and the input's channels.
    private static func terms(y: Shape, w: Shape) throws(GanError) -> Int {
        try Sizes.product([count(y), count(Array(w.dropLast()))], of: "a convolution")
    }

    private static func count(_ shape: Shape) throws(GanError) -> Int { try Sizes.product(shape, of: "a tensor \(shape)") }

    private static func arity(of operation: Operation, given: Int) -> Int {
        switch operation {
        case .buffer, .constant, .random: 0
        case .unary, .withoutGradient, .broadcast, .reshape, .permute, .slice, .pad, .sum, .maximum: 1
        case .select: 3
        case .concatenate: max(given, 1)
        case .binary, .matrixProduct, .convolution, .convolutionInputGradient, .convolutionWeightGradient, .gather, .scatterAdd: 2
        }
    }

    private static func check(
        _ window: Window, x: Shape, w: Shape, _ expect: (Bool, @autoclosure () -> String) throws(GanError) -> Void
    ) throws(GanError) {
        let spatial = x.count - 2
        try expect(spatial >= 1 && w.count == x.count, "the ranks differ or are below 3")
        try expect(
            [window.stride, window.dilation, window.paddingBefore, window.paddingAfter].allSatisfy { $0.count == spatial },
            "the window's rank differs")
        try expect(window.stride.allSatisfy { $0 >= 1 } && window.dilation.allSatisfy { $0 >= 1 }, "stride and dilation are at least 1")
        try expect((window.paddingBefore + window.paddingAfter).allSatisfy { $0 >= 0 }, "negative padding")
        try expect(
            (window.stride + window.dilation + window.paddingBefore + window.paddingAfter).allSatisfy { $0 <= 1 << 24 }
                && (x + w).allSatisfy { 1 <= $0 && $0 <= 1 << 31 }, "the window or the image is empty or too large")
        try expect(w[w.count - 2] == x[x.count - 1], "the channels differ")
    }

    /// How many positions the window takes along each spatial axis; below 1 when it does not fit.
    private static func outputLengths(_ window: Window, x: Shape, w: Shape) -> [Int] {
        (0..<(x.count - 2)).map { axis in
            let reach = (w[axis] - 1) * window.dilation[axis] + 1
            let room = x[axis + 1] + window.paddingBefore[axis] + window.paddingAfter[axis] - reach
            return room < 0 ? 0 : room / window.stride[axis] + 1
        }
    }
}
