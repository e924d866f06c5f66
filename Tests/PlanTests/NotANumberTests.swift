// A network that has diverged must not look as if it had not: what is made from NaN is NaN, in the definition of the functions,
// when constants are folded, in the reference interpreter, and in planned graphs, whose write-backs take activations and
// their derivatives in.

import Base
import Graph
import Plan
import TestSupport
import XCTest

final class NotANumberTests: XCTestCase {
    func testEveryFunctionPassesIt() {
        for function in UnaryFunction.allCases { XCTAssertTrue(ScalarFunctions.apply(function, .nan).isNaN, "\(function)") }
        for function in BinaryFunction.allCases {
            XCTAssertTrue(ScalarFunctions.apply(function, .nan, 1).isNaN, "\(function) of NaN and 1")
            XCTAssertTrue(ScalarFunctions.apply(function, 1, .nan).isNaN, "\(function) of 1 and NaN")
        }
        XCTAssertTrue(ScalarFunctions.select(.nan, 1, 2).isNaN)
        XCTAssertEqual([ScalarFunctions.select(3, 1, 2), ScalarFunctions.select(0, 1, 2)], [1, 2])
    }

    func testConstantsAreFoldedToIt() throws {
        let graph = Graph()
        let (strange, one) = (try graph.constant(.nan, [3]), try graph.constant(1, [3]))
        for folded in try [strange.maximum(one), one.minimum(strange), strange.greater(one), one.equal(strange), strange.maximum(0)] {
            XCTAssertEqual(folded.constantValue?.isNaN, true)
        }
        let chosen = try strange.select(graph.buffer("a", [3]), graph.buffer("b", [3]))
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers = ["a": [1, 2, 3], "b": [4, 5, 6]]
        let found = try interpreter.everything(behind: [chosen])[chosen.id]?.elements
        XCTAssertEqual(found?.map(\.isNaN), [true, true, true])
    }

    private static let activations: [(String, @Sendable (Tensor) throws -> Tensor)] = [
        ("relu", { try $0.maximum(0) }), ("leaky relu", { try $0.greater(0).select($0, $0 * 0.2) }), ("sigmoid", { try $0.sigmoid() }),
        ("tanh", { try $0.tanh() }), ("softplus", { try $0.softplus() }), ("minimum", { try $0.minimum($0.graph.constant(0.5, $0.shape)) }),
        ("absolute", { try $0.absolute() }), ("equal", { try $0.equal($0) * $0 }),
        ("largest", { try $0 - $0.largest(axes: [$0.shape.count - 1]) }),
    ]

    /// One row of a batch is NaN: its results and its gradients are, those of other rows are not, and both agree with the interpreter.
    func testPlannedNetworksPassIt() throws {
        for (name, activation) in Self.activations {
            for window in [nil, Window(stride: [1, 1], paddingBefore: [1, 1], paddingAfter: [1, 1])] {
                let graph = Graph()
                var random = SplitMix64(7)
                var values: [String: [Float]] = [:]
                func buffer(_ name: String, _ shape: Shape) throws -> Tensor {
                    values[name] = Input(shape).values(&random).map { Float($0) }
                    return try graph.buffer(name, shape)
                }
                let x = try buffer("x", window == nil ? [6, 20] : [6, 5, 5, 4])
                let w = try buffer("w", window == nil ? [20, 33] : [3, 3, 4, 17])
                let b = try buffer("b", window == nil ? [33] : [17])
                let sum = try window.map { try x.convolution(w, $0) } ?? x.product(w)
                let y = try activation(sum + b)
                let weights = try buffer("weights", y.shape)
                let gradient = try graph.gradient(of: (y * weights).sum(), with: [x, w])
                let row = x.shape.dropFirst().reduce(1, *)
                for i in 0..<row { values["x"]?[2 * row + i] = .nan }
                let updates = [Update("y", y), Update("gx", gradient[0]), Update("gw", gradient[1])]
                let label = "\(name), \(window == nil ? "dense" : "convolution")"
                if let wrong = try PlanHarness(graph: graph, updates: updates, values: values).disagreement() { XCTFail("\(label): \(wrong)") }
                var interpreter = ReferenceInterpreter(graph: graph)
                interpreter.buffers = values.mapValues { $0.map(Double.init) }
                let all = try interpreter.everything(behind: updates.map(\.value))
                for (what, tensor) in [("result", y), ("gradient", gradient[0])] {
                    let elements = all[tensor.id]?.elements ?? []
                    let count = elements.count / 6
                    for (i, element) in elements.enumerated() where element.isNaN != (i / count == 2) {
                        XCTFail("\(label): element \(i) of the \(what) is \(element)")
                        break
                    }
                }
            }
        }
    }
}
