// Gradients of first and second order against central finite differences in Double, for every row of `GradientCase.all`,
// and what is stated about points where no derivative exists.

import Base
import Graph
import Plan
import TestSupport
import XCTest

final class GradientTests: XCTestCase {
    func testAgainstFiniteDifferences() throws {
        for (number, row) in GradientCase.all.enumerated() {
            do {
                try check(row, seed: UInt64(number + 1))
            } catch {
                XCTFail("\(row.name): \(error)")
            }
        }
    }

    func testEveryPrimitiveHasARow() throws {
        var seen: Set<String> = []
        for row in GradientCase.all {
            let graph = Graph()
            let inputs = try row.inputs.enumerated().map { try graph.buffer("input \($0)", $1.shape) }
            _ = try row.build(inputs)
            for node in graph.nodes {
                switch node.operation {
                case .unary(let function): seen.insert("unary \(function)")
                case .binary(let function): seen.insert("binary \(function)")
                default: seen.insert(String("\(node.operation)".prefix { $0 != "(" }))
                }
            }
        }
        let primitives =
            UnaryFunction.allCases.map { "unary \($0)" } + BinaryFunction.allCases.map { "binary \($0)" } + [
                "buffer", "constant", "random", "select", "withoutGradient", "broadcast", "reshape", "permute", "slice", "pad", "concatenate", "sum", "maximum",
                "matrixProduct", "convolution", "convolutionInputGradient", "convolutionWeightGradient", "gather", "scatterAdd",
            ]
        XCTAssertEqual(seen, Set(primitives))
    }

    /// The gradient of L = Σ c · y, c being random, and that of M = Σ d · ∇L, also with respect to c.
    private func check(_ row: GradientCase, seed: UInt64) throws {
        let graph = Graph()
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.seed = seed
        var random = SplitMix64(seed)
        func buffer(_ name: String, _ input: Input) throws -> Tensor {
            interpreter.buffers[name] = input.values(&random)
            return try graph.buffer(name, input.shape)
        }
        let inputs = try row.inputs.enumerated().map { try buffer("input \($0)", $1) }
        let variables = zip(inputs, row.inputs).filter { $1.isVariable }.map { $0.0 }
        let y = try row.build(inputs)
        let weights = try buffer("weights", Input(y.shape))
        let first = try (y * weights).sum()
        let gradients = try graph.gradient(of: first, with: variables)
        try compare("\(row.name), first order", first, gradients, variables, interpreter)

        var second = try graph.constant(0, [])
        for (i, gradient) in gradients.enumerated() {
            second = try second + (gradient * buffer("direction \(i)", Input(gradient.shape))).sum().reshape([])
        }
        let all = variables + [weights]
        try compare("\(row.name), second order", second, graph.gradient(of: second, with: all), all, interpreter)
    }

    private func compare(
        _ name: String, _ output: Tensor, _ gradients: [Tensor], _ variables: [Tensor], _ interpreter: ReferenceInterpreter
    ) throws {
        let values = try interpreter.evaluate(gradients)
        for (i, variable) in variables.enumerated() {
            guard case .buffer(let buffer) = variable.node.operation else { return XCTFail("\(name): no buffer") }
            XCTAssertEqual(gradients[i].shape, variable.shape, name)
            var moved = interpreter
            let differences = try (0..<variable.elementCount).map { element in
                func at(_ step: Double) throws -> Double {
                    moved.buffers[buffer]?[element] += step
                    defer { moved.buffers[buffer]?[element] -= step }
                    return try moved.evaluate([output])[0][0]
                }
                let step = 1e-4
                // Four points: the error is of the fourth order in the step.
                return try (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
            }
            if let wrong = difference(values[i], differences, tolerance: 1e-7) { XCTFail("\(name), \(buffer): \(wrong)") }
        }
    }

    // MARK: Where there is no derivative

    /// The gradients of Σ f(inputs).
    private func gradients(_ inputs: [(Shape, [Double])], _ build: ([Tensor]) throws -> Tensor) throws -> [[Double]] {
        let graph = Graph()
        var interpreter = ReferenceInterpreter(graph: graph)
        var tensors: [Tensor] = []
        for (i, (shape, values)) in inputs.enumerated() {
            interpreter.buffers["\(i)"] = values
            tensors.append(try graph.buffer("\(i)", shape))
        }
        return try interpreter.evaluate(graph.gradient(of: build(tensors).sum(), with: tensors))
    }

    func testKinks() throws {
        let x = ([3], [-1.0, 0, 1])
        XCTAssertEqual(try gradients([x]) { try $0[0].absolute() }, [[-1, 0, 1]])
        XCTAssertEqual(try gradients([x]) { try $0[0].maximum(0) }, [[0, 0, 1]])
        XCTAssertEqual(try gradients([x]) { try $0[0].maximum($0[0] * 0.5) }, [[0.5, 0.5, 1]])
        // Equal operands: all of it goes to the second.
        let y = ([3], [0.0, 0, 0])
        XCTAssertEqual(try gradients([x, y]) { try $0[0].maximum($0[1]) }, [[0, 0, 1], [1, 1, 0]])
        XCTAssertEqual(try gradients([x, y]) { try $0[0].minimum($0[1]) }, [[1, 0, 0], [0, 1, 1]])
        // Comparisons are steps: 0 everywhere.
        XCTAssertEqual(try gradients([x, y]) { try $0[0].greater($0[1]) }, [[0, 0, 0], [0, 0, 0]])
        XCTAssertEqual(try gradients([x, y]) { try $0[0].equal($0[1]) }, [[0, 0, 0], [0, 0, 0]])
        // Whatever is not 0 selects the first; the condition has no gradient.
        XCTAssertEqual(try gradients([x, y, y]) { try $0[0].select($0[1], $0[2]) }, [[0, 0, 0], [1, 0, 1], [0, 1, 0]])
        XCTAssertEqual(try gradients([([1], [0])]) { try $0[0].squareRoot() }, [[.infinity]])
        XCTAssertEqual(try gradients([([1], [0])]) { try $0[0].logarithm() }, [[.infinity]])
    }

    func testTiesShareTheGradientOfAMaximum() throws {
        XCTAssertEqual(try gradients([([4], [1, 3, 3, 2])]) { try $0[0].largest() }, [[0, 0.5, 0.5, 0]])
        XCTAssertEqual(try gradients([([2, 3], [1, 1, 1, 2, 5, 5])]) { try $0[0].largest(axes: [1]) }, [[1.0 / 3, 1.0 / 3, 1.0 / 3, 0, 0.5, 0.5]])
        XCTAssertEqual(try gradients([([2, 2], [1, 4, 1, 3])]) { try $0[0].largest(axes: [0]) }, [[0.5, 1, 0.5, 0]])
    }

    func testIndicesHaveNoGradient() throws {
        let table = ([3, 1], [1.0, 2, 3]), indices = ([4], [0.0, 2, 2, 9])
        XCTAssertEqual(try gradients([table, indices]) { try $0[0].gather($0[1]) }, [[1, 0, 3], [0, 0, 0, 0]])
        XCTAssertEqual(try gradients([([2, 1], [1, 2]), ([2], [1, -3])]) { try $0[0].scatterAdd($0[1], entries: 2) }, [[1, 1], [0, 0]])
    }

    // MARK: The walk

    func testVariablesMayBeAnywhere() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2]), unused = try graph.buffer("unused", [2, 2])
        let middle = try x.tanh()
        let output = try (middle * middle * x).sum()
        let gradients = try graph.gradient(of: output, with: [middle, x, unused, output])
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers["x"] = [0.5, -2]
        let t = [0.5, -2].map { tanh($0) }
        let values = try interpreter.evaluate(gradients)
        XCTAssertNil(difference(values[0], [2 * t[0] * 0.5, 2 * t[1] * -2], tolerance: 1e-12))
        XCTAssertNil(difference(values[1], zip([0.5, -2], t).map { $1 * $1 + 2 * $0 * $1 * (1 - $1 * $1) }, tolerance: 1e-12))
        XCTAssertEqual(values[2], [0, 0, 0, 0])
        XCTAssertEqual(values[3], [1])
    }

    func testNothingFlowsThroughWhatIsHeld() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2])
        let middle = try x.tanh()
        let output = try (middle * x).sum()
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers["x"] = [0.5, -2]
        let values = try interpreter.evaluate(
            graph.gradient(of: output, with: [x], holding: [middle]) + graph.gradient(of: output, with: [middle], holding: [middle])
                + graph.gradient(of: output, with: [x], holding: [output]))
        XCTAssertNil(difference(values[0], [tanh(0.5), tanh(-2)], tolerance: 1e-12))
        XCTAssertEqual(values[1], [0.5, -2], "a variable is no constant, held or not")
        XCTAssertEqual(values[2], [0, 0])
    }

    func testOnlyWhatIsNeededIsAdded() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [8, 4]), w = try graph.buffer("w", [4, 2]), b = try graph.buffer("b", [2])
        let y = try (x.product(w) + b).maximum(0)
        let before = graph.nodes.count
        let gradient = try graph.gradient(of: y.sum(), with: [w])[0]
        // Nothing flows to x or b: no product with wᵀ, no sum over the batch.
        let products = graph.nodes[before...].filter { if case .matrixProduct = $0.operation { true } else { false } }
        XCTAssertEqual(products.count, 1)
        XCTAssertEqual(graph.nodes[gradient.id].operation, .matrixProduct(transposeA: true, transposeB: false))
    }
}
