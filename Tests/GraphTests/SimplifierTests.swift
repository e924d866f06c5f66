// Each rule of the simplifier gives less to compute and equal values; equal nodes are one node.

import Base
import Graph
import enum Graph.Operation  // not Foundation's
import Plan
import TestSupport
import XCTest

final class SimplifierTests: XCTestCase {
    /// One rule: the operation on these operands need not be made as it stands.
    private struct Row: Sendable {
        let name: String
        let operation: Operation
        let shape: Shape?
        let operands: @Sendable (Graph) throws -> [Tensor]
        init(_ name: String, _ operation: Operation, _ shape: Shape? = nil, _ operands: @escaping @Sendable (Graph) throws -> [Tensor]) {
            self.name = name
            self.operation = operation
            self.shape = shape
            self.operands = operands
        }
    }

    private static func x(_ graph: Graph, _ shape: Shape = [2, 3]) throws -> Tensor { try graph.buffer("x", shape) }

    private static let rows: [Row] =
        UnaryFunction.allCases.map { function in
            Row("\(function) of a constant", .unary(function)) { [try $0.constant(0.75, [2, 3])] }
        }
        + BinaryFunction.allCases.map { function in
            Row("\(function) of constants", .binary(function)) { [try $0.constant(0.75, [2, 3]), try $0.constant(0.5, [2, 3])] }
        } + [
            Row("−(−x)", .unary(.negate)) { [try x($0).negated()] },
            Row("0 + x", .binary(.add)) { [try $0.constant(0, [2, 3]), try x($0)] },
            Row("x + 0", .binary(.add)) { [try x($0), try $0.constant(0, [2, 3])] },
            Row("x − 0", .binary(.subtract)) { [try x($0), try $0.constant(0, [2, 3])] },
            Row("0 − x", .binary(.subtract)) { [try $0.constant(0, [2, 3]), try x($0)] },
            Row("1 · x", .binary(.multiply)) { [try $0.constant(1, [2, 3]), try x($0)] },
            Row("x · 1", .binary(.multiply)) { [try x($0), try $0.constant(1, [2, 3])] },
            Row("−1 · x", .binary(.multiply)) { [try $0.constant(-1, [2, 3]), try x($0)] },
            Row("x · −1", .binary(.multiply)) { [try x($0), try $0.constant(-1, [2, 3])] },
            Row("0 · x", .binary(.multiply)) { [try $0.constant(0, [2, 3]), try x($0)] },
            Row("x · 0", .binary(.multiply)) { [try x($0), try $0.constant(0, [2, 3])] },
            Row("x / 1", .binary(.divide)) { [try x($0), try $0.constant(1, [2, 3])] },
            Row("x / −1", .binary(.divide)) { [try x($0), try $0.constant(-1, [2, 3])] },
            Row("0 / x", .binary(.divide)) { [try $0.constant(0, [2, 3]), try x($0)] },
            Row("select by 1", .select) { [try $0.constant(1, [2, 3]), try x($0), try x($0).tanh()] },
            Row("select by 0", .select) { [try $0.constant(0, [2, 3]), try x($0).tanh(), try x($0)] },
            Row("select of equals", .select) { [try x($0).greater(0), try x($0), try x($0)] },
            Row("broadcast to the same shape", .broadcast, [2, 3]) { [try x($0)] },
            Row("broadcast of a constant", .broadcast, [4, 3]) { [try $0.constant(0.5, [1, 3])] },
            Row("broadcast of a broadcast", .broadcast, [4, 3]) { [try x($0, [1, 1]).broadcast(to: [1, 3])] },
            Row("reshape to the same shape", .reshape, [2, 3]) { [try x($0)] },
            Row("reshape of a constant", .reshape, [3, 2]) { [try $0.constant(0.5, [6])] },
            Row("reshape of a reshape", .reshape, [3, 2]) { [try x($0).reshape([6])] },
            Row("reshape there and back", .reshape, [2, 3]) { [try x($0).reshape([6])] },
            Row("permute by nothing", .permute([0, 1])) { [try x($0)] },
            Row("permute of a constant", .permute([1, 0])) { [try $0.constant(0.5, [2, 3])] },
            Row("permute of a permute", .permute([1, 2, 0])) { [try x($0, [2, 3, 4]).permute([2, 1, 0])] },
            Row("permute there and back", .permute([1, 2, 0])) { [try x($0, [2, 3, 4]).permute([2, 0, 1])] },
            Row("slice of everything", .slice(starts: [0, 0], strides: [1, 1]), [2, 3]) { [try x($0)] },
            Row("pad by nothing", .pad(before: [0, 0], interior: [0, 0]), [2, 3]) { [try x($0)] },
            Row("concatenate one", .concatenate(axis: 0)) { [try x($0)] },
            Row("concatenate equal constants", .concatenate(axis: 0)) { [try $0.constant(2, [1, 3]), try $0.constant(2, [4, 3])] },
            Row("sum over axes of length 1", .sum(axes: [1])) { [try x($0, [2, 1, 3])] },
            Row("sum over no axis", .sum(axes: [])) { [try x($0)] },
            Row("sum of a constant", .sum(axes: [1])) { [try $0.constant(0.5, [2, 3])] },
            Row("sum of a sum", .sum(axes: [0])) { [try x($0).sum(axes: [1])] },
            Row("sum of repetitions", .sum(axes: [0])) { [try x($0, [1, 3]).broadcast(to: [4, 3])] },
            Row("sum of some repetitions", .sum(axes: [0])) { [try x($0, [1, 1]).broadcast(to: [4, 3])] },
            Row("maximum over axes of length 1", .maximum(axes: [1])) { [try x($0, [2, 1, 3])] },
            Row("sum of parts that tile", .binary(.add)) {
                [try x($0).pad(before: [0, 0], after: [2, 0]), try $0.buffer("y", [2, 3]).pad(before: [2, 0], after: [0, 0])]
            },
            Row("sum of parts that tile, the other way round", .binary(.add)) {
                [try x($0).pad(before: [0, 2], after: [0, 0]), try $0.buffer("y", [2, 2]).pad(before: [0, 0], after: [0, 3])]
            },
            Row("product of a transpose", .matrixProduct(transposeA: false, transposeB: false)) { [try x($0, [3, 2]).permute([1, 0]), try $0.buffer("y", [3, 4])] },
            Row("product with a transpose", .matrixProduct(transposeA: true, transposeB: true)) { [try x($0, [3, 2]), try $0.buffer("y", [3, 4]).permute([1, 0])] },
            Row("product of transposes with a batch", .matrixProduct(transposeA: true, transposeB: false)) {
                [try x($0, [5, 2, 3]).permute([0, 2, 1]), try $0.buffer("y", [5, 4, 3]).permute([0, 2, 1])]
            },
        ]

    /// How many numbers have to be computed to evaluate these tensors.
    private func work(_ graph: Graph, _ tensors: [Tensor]) -> Int {
        graph.reachable(from: tensors).reduce(0) { $0 + graph.nodes[$1].elementCount }
    }

    func testEachRuleIsSmallerAndEqual() throws {
        for row in Self.rows {
            let graph = Graph()
            let operands = try row.operands(graph)
            let before = work(graph, operands)
            let result = try graph.add(row.operation, operands, shape: row.shape)

            var interpreter = ReferenceInterpreter(graph: graph)
            var random = SplitMix64(7)
            for node in graph.nodes {
                if case .buffer(let name) = node.operation { interpreter.buffers[name] = Input(node.shape).values(&random) }
            }
            let values = zip(try interpreter.evaluate(operands), operands).map { ReferenceInterpreter.Value($1.shape, $0) }
            let expected = try interpreter.value(of: row.operation, values, shape: result.shape)
            // Folded constants are rounded to Float.
            if let wrong = difference(try interpreter.evaluate([result])[0], expected.elements, tolerance: 1e-7) { XCTFail("\(row.name): \(wrong)") }
            XCTAssertLessThan(work(graph, [result]), before + result.elementCount, "\(row.name): nothing was saved")
        }
    }

    func testNothingElseIsSimplified() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2, 3])
        let rows: [(String, () throws -> Tensor)] = [
            ("x + 1", { try x + 1 }), ("x − 1", { try x - 1 }), ("1 − x", { try 1 - x }), ("1 / x", { try 1 / x }), ("x / 2", { try x / 2 }),
            ("max(x, 0)", { try x.maximum(0) }), ("x = 0", { try x.equal(graph.constant(0)) }), ("|x|", { try x.absolute() }),
            ("sum of a permute", { try x.permute([1, 0]).sum(axes: [0]) }), ("maximum of a maximum", { try x.largest(axes: [0]).largest(axes: [1]) }),
            ("a sum of parts that overlap", { try x.pad(before: [0, 0], after: [1, 0]) + x.pad(before: [1, 0], after: [0, 0]) }),
            ("a sum of parts with a gap", { try x.pad(before: [0, 0], after: [3, 0]) + x.pad(before: [3, 0], after: [0, 0]) }),
            ("a sum of parts along two axes", { try x.pad(before: [0, 0], after: [2, 3]) + x.pad(before: [2, 3], after: [0, 0]) }),
            ("a sum of parts with padding around", { try x.pad(before: [0, 0], after: [2, 1]) + x.pad(before: [2, 0], after: [0, 1]) }),
            ("different constants side by side", { try Tensor.concatenate([graph.constant(1, [1, 2]), graph.constant(2, [1, 2])], axis: 0) }),
            ("sum across a broadcast", { try x.sum(axes: [0]).broadcast(to: [4, 3]).sum(axes: [1]) }),
            ("product with a batch permuted", { try x.reshape([1, 2, 3]).permute([1, 0, 2]).product(graph.buffer("w", [2, 3, 1])) }),
        ]
        for (name, build) in rows {
            let before = graph.nodes.count
            let result = try build()
            XCTAssertEqual(result.id, graph.nodes.count - 1, "\(name) is not a node of its own")
            XCTAssertGreaterThan(graph.nodes.count, before, name)
        }
    }

    func testSumKeepsOnlyAxesThatMatter() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2, 1, 3])
        XCTAssertEqual(try x.sum(axes: [0, 1]).id, try x.sum(axes: [0]).id)
        XCTAssertEqual(try x.sum(axes: [2, 2, 0]).id, try x.sum().id)
    }

    /// Kernels take [outer, reduced, inner]: a reduction's axes are neighbours, but for axes of length 1 between them.
    func testReductionsOverSeveralRunsAreReductionsOfReductions() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2, 3, 1, 2, 2])
        var interpreter = ReferenceInterpreter(graph: graph)
        var random = SplitMix64(3)
        interpreter.buffers["x"] = Input(x.shape).values(&random)
        let value = ReferenceInterpreter.Value(x.shape, interpreter.buffers["x"] ?? [])
        for mask in 0..<32 {
            let axes = (0..<5).filter { mask >> $0 & 1 == 1 }
            for (result, operation) in [(try x.sum(axes: axes), Operation.sum(axes: axes)), (try x.largest(axes: axes), .maximum(axes: axes))] {
                let expected = try interpreter.value(of: operation, [value], shape: result.shape)
                XCTAssertNil(difference(try interpreter.evaluate([result])[0], expected.elements, tolerance: 1e-12), "\(operation)")
            }
        }
        for node in graph.nodes {
            guard case .sum(let axes) = node.operation else { continue }
            let operand = graph.nodes[node.operands[0]].shape
            XCTAssertTrue((axes[0]...axes[axes.count - 1]).allSatisfy { axes.contains($0) || operand[$0] == 1 }, "\(node)")
        }
    }

    func testEqualNodesAreOneNode() throws {
        let graph = Graph()
        func build() throws -> [Tensor] {
            let x = try graph.buffer("x", [2, 4])
            let w = try graph.buffer("w", [4, 4])
            let z = try graph.random(.normal, stream: 3, [2, 4])
            let y = try (x.product(w) + z).tanh()
            return [y, try y.sum(axes: [1]), try y.slice(starts: [0, 1], counts: [2, 2], strides: [1, 2]), try y.pad(before: [1, 0], after: [0, 0])]
        }
        let first = try build()
        let count = graph.nodes.count
        XCTAssertEqual(try build().map(\.id), first.map(\.id))
        XCTAssertEqual(graph.nodes.count, count)
        XCTAssertEqual(Set(graph.nodes).count, count, "two nodes are equal")
        // A gradient taken twice is made once.
        let gradient = try graph.gradient(of: first[1].sum(), with: [graph.buffer("w", [4, 4])])
        let larger = graph.nodes.count
        XCTAssertEqual(try graph.gradient(of: first[1].sum(), with: [graph.buffer("w", [4, 4])]).map(\.id), gradient.map(\.id))
        XCTAssertEqual(graph.nodes.count, larger)
    }

    func testDifferentNodesStayDifferent() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2, 2])
        let different = [
            x, try graph.buffer("y", [2, 2]), try graph.constant(1, [2, 2]), try graph.constant(2, [2, 2]), try graph.constant(1, [4]),
            try graph.random(.normal, stream: 0, [2, 2]), try graph.random(.normal, stream: 1, [2, 2]), try graph.random(.uniform, stream: 0, [2, 2]),
            try x.permute([1, 0]), try x.reshape([4]), try x.reshape([1, 4]), try x.sum(axes: [0]), try x.sum(axes: [1]), try x.largest(axes: [0]),
            try x.product(x), try x.product(x, transposeA: true), try x.product(x, transposeB: true),
            try x.slice(starts: [0, 0], counts: [1, 2]), try x.slice(starts: [1, 0], counts: [1, 2]),
            try x.pad(before: [1, 0], after: [0, 0]), try x.pad(before: [0, 0], after: [1, 0]), try x.pad(before: [0, 0], after: [0, 0], interior: [1, 0]),
        ]
        XCTAssertEqual(Set(different.map(\.id)).count, different.count)
    }
}
