// Every operation refuses shapes that are not legal with an error, also where sizes would overflow; and takes legal ones.

import Base
import Graph
import enum Graph.Operation  // not Foundation's
import XCTest

final class VerifierTests: XCTestCase {
    private struct Row: Sendable {
        let operation: Operation
        let operands: [Shape]
        var shape: Shape?
        init(_ operation: Operation, _ operands: [Shape], _ shape: Shape? = nil) {
            self.operation = operation
            self.operands = operands
            self.shape = shape
        }
    }

    private static let plain = Window(stride: [1], paddingBefore: [0], paddingAfter: [0])
    private static let plane = Window(stride: [2, 1], dilation: [1, 2], paddingBefore: [0, 1], paddingAfter: [1, 0])
    private static let big = Int.max
    private static let wide: Shape = [1 << 21, 1 << 21]

    private static func window(
        stride: [Int] = [1], dilation: [Int] = [1], before: [Int] = [0], after: [Int] = [0]
    ) -> Window {
        Window(stride: stride, dilation: dilation, paddingBefore: before, paddingAfter: after)
    }

    private static let illegal: [Row] = leaves + elementwise + shapes + reductions + products + convolutions + tables

    private static let leaves: [Row] = [
        Row(.buffer("x"), []), Row(.buffer("x"), [], [0]), Row(.buffer("x"), [], [3, -1]), Row(.buffer("x"), [], [big]),
        Row(.buffer("x"), [], [1 << 32, 1 << 32]), Row(.buffer("x"), [], [-1, -1]), Row(.buffer("x"), [[1]], [1]),
        Row(.constant(1), []), Row(.constant(1), [], [0, 2]), Row(.constant(1), [], [big, 2]), Row(.constant(1), [[2]], [2]),
        Row(.random(.normal, stream: 0), [], [4]), Row(.random(.uniform, stream: 0), [], [2, 2, 2]), Row(.random(.uniform, stream: 0), [], [0, 2]),
        Row(.random(.normal, stream: 0), []), Row(.random(.normal, stream: 0), [], [big, big]),
    ]

    private static let elementwise: [Row] = [
        Row(.unary(.tanh), []), Row(.unary(.tanh), [[2], [2]]),
        Row(.binary(.add), [[2], [3]]), Row(.binary(.add), [[2], [2, 1]]), Row(.binary(.add), [[2]]), Row(.binary(.add), [[2], [2], [2]]),
        Row(.select, [[2], [2]]), Row(.select, [[2], [2], [3]]), Row(.select, [[1], [2], [2]]),
    ]

    private static let shapes: [Row] = [
        Row(.broadcast, [[2]], [3]), Row(.broadcast, [[1]], [2, 2]), Row(.broadcast, [[1]]), Row(.broadcast, [[1]], [0]), Row(.broadcast, [[1]], [-3]),
        Row(.broadcast, [[1, 1]], [big, 2]), Row(.broadcast, [[1]], [big]), Row(.broadcast, [], [1]), Row(.broadcast, [[2]], [1]),
        Row(.reshape, [[6]], [5]), Row(.reshape, [[6]]), Row(.reshape, [[6]], [-2, -3]), Row(.reshape, [[6]], [big, 6]), Row(.reshape, [[6]], [6, 0]),
        Row(.permute([0]), [[2, 3]]), Row(.permute([0, 0]), [[2, 3]]), Row(.permute([0, 2]), [[2, 3]]), Row(.permute([-1, 0]), [[2, 3]]),
        Row(.permute([big, 0]), [[2, 3]]), Row(.permute([0, 1]), []),
        Row(.slice(starts: [0], strides: [1]), [[4]]), Row(.slice(starts: [0], strides: [1]), [[4]], [5]),
        Row(.slice(starts: [2], strides: [1]), [[4]], [3]), Row(.slice(starts: [-1], strides: [1]), [[4]], [2]),
        Row(.slice(starts: [0], strides: [0]), [[4]], [2]), Row(.slice(starts: [0], strides: [-1]), [[4]], [2]),
        Row(.slice(starts: [0], strides: [2]), [[4]], [3]), Row(.slice(starts: [0], strides: [1]), [[4]], [0]),
        Row(.slice(starts: [0], strides: [1]), [[4]], [-1]), Row(.slice(starts: [0, 0], strides: [1, 1]), [[4]], [2]),
        Row(.slice(starts: [0], strides: [1, 1]), [[4]], [2]), Row(.slice(starts: [0], strides: [1]), [[4]], [2, 2]),
        Row(.slice(starts: [big], strides: [1]), [[4]], [2]), Row(.slice(starts: [1], strides: [big]), [[4]], [3]),
        Row(.slice(starts: [0], strides: [1]), [[4]], [big]), Row(.slice(starts: [0], strides: [big]), [[4]], [1]),
        Row(.slice(starts: [4], strides: [1]), [[4]], [1]), Row(.slice(starts: [0], strides: [1]), [[4]], [.min]),
        Row(.slice(starts: [.min], strides: [.min]), [[4]], [.min]),
        Row(.pad(before: [0], interior: [0]), [[4]]), Row(.pad(before: [0], interior: [0]), [[4]], [3]), Row(.pad(before: [1], interior: [0]), [[4]], [4]),
        Row(.pad(before: [-1], interior: [0]), [[4]], [8]), Row(.pad(before: [0], interior: [-1]), [[4]], [8]), Row(.pad(before: [0], interior: [1]), [[4]], [6]),
        Row(.pad(before: [0, 0], interior: [0]), [[4]], [8]), Row(.pad(before: [0], interior: [0]), [[4]], [8, 1]),
        Row(.pad(before: [big], interior: [0]), [[4]], [8]), Row(.pad(before: [0], interior: [big]), [[4]], [8]),
        Row(.pad(before: [0], interior: [big]), [[1]], [8]), Row(.pad(before: [big], interior: [big]), [[4]], [big]),
        Row(.pad(before: [0], interior: [0]), [[4]], [big]), Row(.pad(before: [0], interior: [0]), [[4]], [-4]),
        Row(.pad(before: [0], interior: [0]), [[4]], [.min]),
        Row(.concatenate(axis: 0), []), Row(.concatenate(axis: 1), [[2]]), Row(.concatenate(axis: -1), [[2]]), Row(.concatenate(axis: 0), [[2], [2, 2]]),
        Row(.concatenate(axis: 0), [[2, 3], [2, 4]]), Row(.concatenate(axis: big), [[2]]), Row(.concatenate(axis: 0), [wide, wide, wide]),
    ]

    private static let reductions: [Row] = [
        Row(.sum(axes: [1]), [[2]]), Row(.sum(axes: [-1]), [[2]]), Row(.sum(axes: [1, 0]), [[2, 2]]), Row(.sum(axes: [0, 0]), [[2, 2]]),
        Row(.sum(axes: [big]), [[2, 2]]), Row(.sum(axes: []), []),
        Row(.maximum(axes: [1]), [[2]]), Row(.maximum(axes: [-1]), [[2]]), Row(.maximum(axes: [1, 0]), [[2, 2]]), Row(.maximum(axes: [0]), []),
    ]

    private static let products: [Row] = [
        Row(.matrixProduct(transposeA: false, transposeB: false), [[2, 3], [4, 5]]), Row(.matrixProduct(transposeA: true, transposeB: false), [[2, 3], [3, 5]]),
        Row(.matrixProduct(transposeA: false, transposeB: true), [[2, 3], [3, 5]]), Row(.matrixProduct(transposeA: true, transposeB: true), [[3, 2], [3, 5]]),
        Row(.matrixProduct(transposeA: false, transposeB: false), [[3], [3]]), Row(.matrixProduct(transposeA: false, transposeB: false), [[2, 3], [1, 3, 5]]),
        Row(.matrixProduct(transposeA: false, transposeB: false), [[2, 2, 3], [3, 3, 5]]), Row(.matrixProduct(transposeA: false, transposeB: false), [[2, 3]]),
        Row(.matrixProduct(transposeA: false, transposeB: false), [[1 << 40, 1], [1, 1 << 40]]),
        Row(.matrixProduct(transposeA: false, transposeB: false), [wide, wide]), Row(.matrixProduct(transposeA: true, transposeB: true), [wide, wide]),
    ]

    private static let convolutions: [Row] = [
        Row(.convolution(plain), [[2, 3], [3, 4]]), Row(.convolution(plain), [[2, 5, 3], [3, 4]]), Row(.convolution(plain), [[2, 5, 3], [3, 4, 4]]),
        Row(.convolution(plain), [[2, 5, 3], [6, 3, 4]]), Row(.convolution(plain), [[2, 5, 3]]), Row(.convolution(plain), [[], []]), Row(.convolution(plain), [[2], [2]]),
        Row(.convolution(plane), [[2, 5, 3], [2, 3, 4]]), Row(.convolution(plain), [[2, 5, 5, 3], [2, 2, 3, 4]]),
        Row(.convolution(window(stride: [0])), [[2, 5, 3], [2, 3, 4]]), Row(.convolution(window(stride: [-1])), [[2, 5, 3], [2, 3, 4]]),
        Row(.convolution(window(dilation: [0])), [[2, 5, 3], [2, 3, 4]]), Row(.convolution(window(dilation: [5])), [[2, 5, 3], [2, 3, 4]]),
        Row(.convolution(window(before: [-1])), [[2, 5, 3], [2, 3, 4]]), Row(.convolution(window(after: [-1])), [[2, 5, 3], [2, 3, 4]]),
        Row(.convolution(window(stride: [big])), [[2, 5, 3], [2, 3, 4]]), Row(.convolution(window(dilation: [big])), [[2, 5, 3], [2, 3, 4]]),
        Row(.convolution(window(before: [big])), [[2, 5, 3], [2, 3, 4]]), Row(.convolution(window(before: [big], after: [big])), [[2, 5, 3], [2, 3, 4]]),
        Row(.convolution(window(stride: [])), [[2, 5, 3], [2, 3, 4]]), Row(.convolution(window(stride: [1, 1])), [[2, 5, 3], [2, 3, 4]]),
        Row(.convolution(window(before: [1 << 24])), [[1 << 30, 1, 1], [1, 1, 1 << 20]]),
        Row(.convolution(plain), [[1, 1 << 40, 1], [1, 1, 1]]), Row(.convolution(plain), [[1 << 20, 3, 1 << 20], [1, 1 << 20, 1 << 20]]),
        Row(.convolutionInputGradient(plain), [[1 << 20, 3, 1 << 20], [1, 1 << 20, 1 << 20]], [1 << 20, 3, 1 << 20]),
        Row(.convolutionWeightGradient(plain), [[1 << 20, 3, 1 << 20], [1 << 20, 3, 1 << 20]], [1, 1 << 20, 1 << 20]),
        Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]]), Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], [2, 6, 3]),
        Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], [2, 5, 4]), Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], [3, 5, 3]),
        Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], [2, big, 3]), Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], [2, .min, 3]),
        Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], [2, 5]), Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], [2, 0, 3]),
        Row(.convolutionInputGradient(plain), [[2, 4, 4]], [2, 5, 3]), Row(.convolutionInputGradient(plain), [[2, 4, 4], [2, 3, 4]], []),
        Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]]), Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], [3, 3, 4]),
        Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], [2, 3, 5]), Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], [2, 2, 4]),
        Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], [.min, 3, 4]), Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], [big, 3, 4]),
        Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], [3, 4]), Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], [0, 3, 4]),
        Row(.convolutionWeightGradient(plain), [[2, 5, 3]], [2, 3, 4]), Row(.convolutionWeightGradient(plain), [[2, 5, 3], [2, 4, 4]], []),
    ]

    private static let tables: [Row] = [
        Row(.gather, [[4, 3]]), Row(.gather, [[4], [2]]), Row(.gather, [[4, 3], [2, 1]]), Row(.gather, [[4, 3, 1], [2]]),
        Row(.gather, [[1, 1 << 40], [1 << 40]]),
        Row(.scatterAdd, [[4, 3], [4]]), Row(.scatterAdd, [[4, 3], [5]], [7, 3]), Row(.scatterAdd, [[4, 3], [4]], [7, 2]), Row(.scatterAdd, [[4, 3], [4]], [7]),
        Row(.scatterAdd, [[4, 3], [4]], [0, 3]), Row(.scatterAdd, [[4, 3], [4]], [-7, 3]), Row(.scatterAdd, [[4, 3], [4]], [big, 3]),
        Row(.scatterAdd, [[4], [4]], [7, 1]), Row(.scatterAdd, [[4, 3], [4, 1]], [7, 3]), Row(.scatterAdd, [[4, 3]], [7, 3]),
    ]

    private static let legal: [(row: Row, result: Shape)] = [
        (Row(.buffer("y"), [], []), []), (Row(.constant(2), [], [2, 3]), [2, 3]), (Row(.random(.normal, stream: 1), [], [2, 3]), [2, 3]),
        (Row(.unary(.tanh), [[]]), []), (Row(.binary(.add), [[2, 3], [2, 3]]), [2, 3]), (Row(.select, [[2], [2], [2]]), [2]),
        (Row(.broadcast, [[1, 3]], [4, 3]), [4, 3]), (Row(.reshape, [[2, 3]], [6]), [6]), (Row(.reshape, [[1]], []), []),
        (Row(.permute([2, 0, 1]), [[2, 3, 4]]), [4, 2, 3]),
        (Row(.slice(starts: [1], strides: [2]), [[6]], [3]), [3]), (Row(.pad(before: [1], interior: [2]), [[3]], [8]), [8]),
        (Row(.concatenate(axis: 1), [[2, 3], [2, 1], [2, 3]]), [2, 7]),
        (Row(.sum(axes: [0, 2]), [[2, 3, 4]]), [1, 3, 1]), (Row(.sum(axes: []), [[2]]), [2]), (Row(.maximum(axes: [1]), [[2, 3]]), [2, 1]),
        (Row(.matrixProduct(transposeA: false, transposeB: false), [[2, 3], [3, 5]]), [2, 5]),
        (Row(.matrixProduct(transposeA: true, transposeB: false), [[3, 2], [3, 5]]), [2, 5]),
        (Row(.matrixProduct(transposeA: false, transposeB: true), [[2, 3], [5, 3]]), [2, 5]),
        (Row(.matrixProduct(transposeA: true, transposeB: true), [[7, 3, 2], [7, 5, 3]]), [7, 2, 5]),
        (Row(.convolution(plain), [[2, 5, 3], [2, 3, 4]]), [2, 4, 4]), (Row(.convolution(plane), [[2, 5, 5, 3], [3, 3, 3, 4]]), [2, 2, 2, 4]),
        (Row(.convolutionInputGradient(plane), [[2, 2, 2, 4], [3, 3, 3, 4]], [2, 5, 5, 3]), [2, 5, 5, 3]),
        (Row(.convolutionWeightGradient(plane), [[2, 5, 5, 3], [2, 2, 2, 4]], [3, 3, 3, 4]), [3, 3, 3, 4]),
        (Row(.gather, [[4, 3], [9]]), [9, 3]), (Row(.scatterAdd, [[9, 3], [9]], [4, 3]), [4, 3]),
    ]

    private func add(_ row: Row) throws -> Tensor {
        let graph = Graph()
        var operands: [Tensor] = []
        for (i, shape) in row.operands.enumerated() {
            do {
                operands.append(try graph.buffer("operand \(i)", shape))
            } catch {
                XCTFail("the operand \(shape) of \(row.operation) is itself refused")
            }
        }
        let before = graph.nodes.count
        do {
            return try graph.add(row.operation, operands, shape: row.shape)
        } catch {
            XCTAssertEqual(graph.nodes.count, before, "a refused \(row.operation) left a node behind")
            throw error
        }
    }

    func testIllegalShapesAreRefused() {
        for row in Self.illegal {
            expectRefusal("\(row.operation) of \(row.operands) to \(row.shape.map { "\($0)" } ?? "nil")") { _ = try add(row) }
        }
    }

    func testLegalShapesAreTaken() throws {
        for (row, result) in Self.legal {
            XCTAssertEqual(try add(row).shape, result, "\(row.operation) of \(row.operands)")
        }
    }

    func testBuildersRefuse() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2, 3])
        let other = try Graph().buffer("x", [2, 3])
        let rows: [(String, () throws -> Void)] = [
            ("shapes that do not broadcast", { _ = try x + graph.buffer("y", [3, 3]) }),
            ("a broadcast to a lower rank", { _ = try x.broadcast(to: [3]) }),
            ("padding of another rank", { _ = try x.pad(before: [1], after: [1]) }),
            ("padding that overflows", { _ = try x.pad(before: [.max, 0], after: [1, 0]) }),
            ("interior padding that overflows", { _ = try x.pad(before: [0, 0], after: [0, 0], interior: [0, .max]) }),
            ("negative padding", { _ = try x.pad(before: [0, 0], after: [-1, 0]) }),
            ("negative interior padding of one element", { _ = try x.sum().pad(before: [0, 0], after: [0, 0], interior: [0, -1]) }),
            ("a negative stride for one element", { _ = try x.slice(starts: [0, 0], counts: [1, 1], strides: [-1, 1]) }),
            ("a slice of another rank", { _ = try x.slice(starts: [0], counts: [1]) }),
            ("strides of a higher rank", { _ = try x.slice(starts: [0, 0], counts: [1, 1], strides: [1, 1, 1]) }),
            ("nothing to concatenate", { _ = try Tensor.concatenate([], axis: 0) }),
            ("tensors of two graphs", { _ = try x + other }),
            ("a gradient across graphs", { _ = try graph.gradient(of: x.sum(), with: [other]) }),
            ("a gradient of another graph", { _ = try graph.gradient(of: other.sum(), with: [x]) }),
            ("a gradient of many numbers", { _ = try graph.gradient(of: x, with: [x]) }),
        ]
        for (name, body) in rows { expectRefusal(name, body) }
    }
}
