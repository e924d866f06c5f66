// Convolutions in a plan: what their write-back takes in, when weights are packed, and that the results are the reference's.

import Base
import Graph
import Kernels
import Plan
import XCTest

final class ConvolutionPlanTests: XCTestCase {
    private let window = Window(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1])

    private func leaky(_ x: Tensor) throws -> Tensor { try x.greater(0).select(x, x * 0.2) }

    private func values(_ shapes: [String: Shape]) -> [String: [Float]] {
        var state: UInt32 = 7
        var values: [String: [Float]] = [:]
        for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
            values[name] = (0..<shape.reduce(1, *)).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return Float(state >> 8) / Float(1 << 23) - 1
            }
        }
        return values
    }

    private func check(_ graph: Graph, _ updates: [Update], _ shapes: [String: Shape], runs: Int = 1) throws {
        var harness = PlanHarness(graph: graph, updates: updates, values: values(shapes))
        harness.runs = runs
        if let wrong = try harness.disagreement() { XCTFail(wrong) }
    }

    private func works(_ graph: Graph, _ updates: [Update]) throws -> [ConvolutionWork] {
        try Planner.plan(updates, of: graph).steps.compactMap { if case .convolution(let work) = $0.work { work } else { nil } }
    }

    private func kinds(_ graph: Graph, _ updates: [Update]) throws -> [String] {
        try Planner.plan(updates, of: graph).steps.map { String("\($0.work)".prefix { $0 != "(" }) }
    }

    /// Bias and leaky ReLU are part of the first convolution, and the slope of the gradient that of the second one's input
    /// gradient, though the mask is taken from a value that is never in memory.
    func testLeakyReluIsPartOfAConvolutionInBothDirections() throws {
        let shapes: [String: Shape] = ["x": [15, 12, 12, 3], "v": [4, 4, 3, 32], "b": [32], "w": [4, 4, 32, 16]]
        let graph = Graph()
        let x = try graph.buffer("x", [15, 12, 12, 3]), v = try graph.buffer("v", [4, 4, 3, 32])
        let b = try graph.buffer("b", [32]), w = try graph.buffer("w", [4, 4, 32, 16])
        let hidden = try leaky(x.convolution(v, window) + b)
        let y = try hidden.convolution(w, window)
        let gradients = try graph.gradient(of: y.squared().mean(), with: [v, b, w])
        let updates = [Update("y", y), Update("hidden", hidden)] + zip(["gv", "gb", "gw"], gradients).map { Update($0, $1) }
        let works = try works(graph, updates)
        XCTAssertEqual(works.filter { $0.activation == .leakyRelu && $0.bias != nil && $0.slope == 0.2 }.count, 1)
        XCTAssertEqual(works.filter { $0.derivativeActivation == .leakyRelu && $0.kind == .inputGradient }.count, 1)
        try check(graph, updates, shapes)
    }

    /// The same where the pre-activation itself is asked for, or its sign by others: nothing may be lost.
    func testAPreactivationThatIsNeededIsKept() throws {
        let shapes: [String: Shape] = ["x": [3, 9, 9, 2], "v": [4, 4, 2, 8]]
        let graph = Graph()
        let z = try graph.buffer("x", [3, 9, 9, 2]).convolution(graph.buffer("v", [4, 4, 2, 8]), window)
        try check(graph, [Update("y", leaky(z)), Update("z", z)], shapes)
        try check(graph, [Update("y", leaky(z)), Update("mask", z.greater(0) * 3)], shapes)
        try check(graph, [Update("y", leaky(z)), Update("mask", z.greater(0.25) * 3)], shapes)
        try check(graph, [Update("y", z.greater(0).select(z, z * -0.5)), Update("mask", z.greater(0) + 0)], shapes)
    }

    func testReluTanhAndSigmoidArePartOfATransposedConvolution() throws {
        let shapes: [String: Shape] = ["x": [2, 5, 5, 7], "v": [4, 4, 3, 7], "b": [3]]
        for (activation, apply): (Activation, (Tensor) throws -> Tensor) in [
            (.relu, { try $0.maximum(0) }), (.tanh, { try $0.tanh() }), (.sigmoid, { try $0.sigmoid() }),
        ] {
            let graph = Graph()
            let x = try graph.buffer("x", [2, 5, 5, 7]), v = try graph.buffer("v", [4, 4, 3, 7]), b = try graph.buffer("b", [3])
            let y = try apply(x.transposedConvolution(v, window, to: [2, 10, 10, 3]) + b)
            XCTAssertEqual(try kinds(graph, [Update("y", y)]), ["convolutionPacking", "convolution"])
            let gradients = try graph.gradient(of: y.squared().mean(), with: [x, v, b])
            let updates = [Update("y", y)] + zip(["gx", "gv", "gb"], gradients).map { Update($0, $1) }
            XCTAssertEqual(try works(graph, updates).filter { $0.activation == activation }.count, 1)
            try check(graph, updates, shapes)
        }
    }

    /// Two uses of the same weights share one packing; new weights are packed anew.
    func testWeightsArePackedOnceUntilTheyChange() throws {
        let shapes: [String: Shape] = ["x": [4, 8, 8, 3], "z": [2, 8, 8, 3], "w": [4, 4, 3, 20]]
        let graph = Graph()
        let x = try graph.buffer("x", [4, 8, 8, 3]), z = try graph.buffer("z", [2, 8, 8, 3]), w = try graph.buffer("w", [4, 4, 3, 20])
        let both = try [Update("a", x.convolution(w, window)), Update("b", z.convolution(w, window))]
        XCTAssertEqual(try kinds(graph, both), ["convolutionPacking", "convolution", "convolution"])
        try check(graph, both, shapes)
        let new = try w - graph.gradient(of: x.convolution(w, window).squared().mean(), with: [w])[0]
        let changed = try [Update("w", new), Update("c", z.convolution(new, window))]
        XCTAssertEqual(try kinds(graph, changed).filter { $0 == "convolutionPacking" }.count, 2)
        try check(graph, changed, shapes, runs: 3)
    }
}
