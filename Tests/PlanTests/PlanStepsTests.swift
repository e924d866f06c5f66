// How much work a plan consists of: fusion that no longer happens gives right results and slow ones, which only a count shows.

import Base
import Compute
import Graph
import Kernels
import Plan
import XCTest

final class PlanStepsTests: XCTestCase {
    private func steps(_ inputs: [Shape], _ build: ([Tensor]) throws -> [Update]) throws -> [String] {
        let graph = Graph()
        let tensors = try inputs.enumerated().map { try graph.buffer("\($0)", $1) }
        return try Planner.plan(build(tensors), of: graph).steps.map { step in
            switch step.work {
            case .product(let work):
                let epilogue = [
                    work.bias == nil ? "" : " + bias", work.activation == .identity ? "" : ", \(work.activation)",
                    work.derivativeOf == nil ? "" : " · slope of \(work.derivativeActivation)",
                ]
                return "product" + epilogue.joined()
            case .elementwise(let work) where work.rows == 256:
                return work.sums.isEmpty ? "matrix" : "matrix to \(work.sums.count) sums"
            default:
                return String("\(step.work)".prefix { $0 != "(" })
            }
        }
    }

    func testALayerIsOneProduct() throws {
        let shapes: [Shape] = [[10, 20], [20, 30], [30]]
        XCTAssertEqual(try steps(shapes) { [Update("y", try $0[0].product($0[1]) + $0[2])] }, ["product + bias"])
        XCTAssertEqual(try steps(shapes) { [Update("y", try ($0[0].product($0[1]) + $0[2]).maximum(0))] }, ["product + bias, relu"])
        XCTAssertEqual(try steps(shapes) { [Update("y", try ($0[0].product($0[1]) + $0[2]).sigmoid())] }, ["product + bias, sigmoid"])
        XCTAssertEqual(try steps(shapes) { [Update("y", try ($0[0].product($0[1]) + $0[2]).tanh())] }, ["product + bias, tanh"])
        XCTAssertEqual(try steps(shapes) { [Update("y", try $0[0].permute([1, 0]).product($0[1], transposeA: true))] }, ["product"])
    }

    func testTheGradientOfALayerIsAProductWithASlope() throws {
        let shapes: [Shape] = [[10, 20], [20, 30], [30, 5]]
        for (name, activation) in [("relu", { try $0.maximum(0) }), ("sigmoid", { try $0.sigmoid() }), ("tanh", { try $0.tanh() })]
            as [(String, (Tensor) throws -> Tensor)]
        {
            let made = try steps(shapes) { x in
                let y = try activation(x[0].product(x[1])).product(x[2])
                let gradient = try x[0].graph.gradient(of: (y * y).sum(), with: [x[1]])[0]
                return [Update("g", gradient)]
            }
            XCTAssertEqual(made, ["product, \(name)", "product", "elementwise", "product · slope of \(name)", "product"], name)
        }
    }

    /// The pass behind a penalty on a slope goes forwards through the derivative of each activation.
    func testThePassBehindASlopeIsProductsWithASlope() throws {
        let made = try steps([[10, 20], [20, 30], [30, 40], [40, 5]]) { x in
            func leaky(_ x: Tensor) throws -> Tensor { try x.greater(0).select(x, x * 0.2) }
            let y = try leaky(leaky(x[0].product(x[1])).product(x[2])).product(x[3])
            let slope = try x[0].graph.gradient(of: y.sum(), with: [x[0]])[0]
            return [Update("g", try x[0].graph.gradient(of: slope.squared().sum(), with: [x[3]])[0])]
        }
        XCTAssertEqual(made.filter { $0 == "product · slope of leakyRelu" }.count, 4, "\(made)")
    }

    func testAChainIsOnePass() throws {
        let made = try steps([[50, 60], [60], [50, 1]]) { [Update("0", try (($0[0] * $0[1] + $0[2]).tanh() * 0.5 - $0[0]).exponential())] }
        XCTAssertEqual(made, ["elementwise"])
    }

    func testBatchNormalisationIsFewPasses() throws {
        // Forwards: the sum, the squares' sum, the result. Backwards: both sums of the gradient, the result.
        let shape = [256, 64]
        func normalised(_ x: [Tensor]) throws -> Tensor {
            let mean = try x[0].mean(axes: [0])
            let centred = try x[0] - mean
            let scale = try x[1] / (centred.squared().mean(axes: [0]) + 1e-5).squareRoot()
            return try centred * scale + x[2]
        }
        // Work on rows of 64 alone is a handful of numbers, and is left out.
        func passes(_ build: ([Tensor]) throws -> [Update]) throws -> [String] {
            try steps([shape, [64], [64], shape], build).filter { $0.hasPrefix("matrix") }
        }
        let forwards = try passes { [Update("y", try normalised($0).maximum(0))] }
        XCTAssertEqual(forwards, ["matrix to 1 sums", "matrix to 1 sums", "matrix"])
        let both = try passes { x in
            let y = try normalised(x)
            let gradients = try x[0].graph.gradient(of: (y * x[3]).sum(), with: [x[0], x[1], x[2]])
            return zip(["0", "1", "2"], gradients).map { Update("g" + $0, $1) }
        }
        XCTAssertEqual(both, ["matrix to 1 sums", "matrix to 2 sums", "matrix to 2 sums", "matrix"])
    }

    func testAnInputIsFilledWhereAConcatenationWantsIt() throws {
        let graph = Graph()
        let (x, w) = (try graph.buffer("x", [4, 6]), try graph.buffer("w", [5, 6]))
        let both = try Tensor.concatenate([x, w.tanh()], axis: 0)
        let update = [Update("y", try both.product(both, transposeB: true))]
        let plan = try Planner.plan(update, of: graph, inputs: ["x"])
        XCTAssertEqual(plan.buffers.keys.sorted(), ["w", "y"])
        XCTAssertEqual(plan.steps.count, 2)
        // One more reader, and it stays a buffer.
        let read = try Planner.plan(update + [Update("z", x.exponential())], of: graph, inputs: ["x"])
        XCTAssertEqual(read.buffers.keys.sorted(), ["w", "x", "y", "z"])

        let names = ["w": 30, "y": 81]
        let buffers = try names.reduce(into: [String: AlignedBuffer<Float>]()) { $0[$1.key] = try AlignedBuffer(count: $1.value, for: $1.key) }
        for i in 0..<30 { buffers["w"]!.pointer[i] = 0.1 * Float(i % 7) }
        let executor = try Executor(plan, buffers: buffers, kernels: .selected, pool: ThreadPool(threads: 2))
        let place = try XCTUnwrap(executor.inputs["x"])
        for run in 0..<3 {
            for i in 0..<24 { place[i] = Float(i + run) }
            executor.run(seed: 1, firstRow: 0)
            // Rows 1 and 2 of x: Σ (6 + i + run)(12 + i + run).
            XCTAssertEqual(buffers["y"]!.pointer[9 + 2], (0..<6).reduce(0) { $0 + Float((6 + $1 + run) * (12 + $1 + run)) })
        }
    }

    func testViewsAreNoWork() throws {
        let made = try steps([[6, 8, 10]]) { x in
            [Update("y", try x[0].slice(starts: [2, 0, 0], counts: [3, 8, 10]).reshape([24, 10]).slice(starts: [4, 0], counts: [1, 10]).tanh())]
        }
        XCTAssertEqual(made, ["elementwise"])
        XCTAssertEqual(try steps([[6, 8]]) { [Update("0", $0[0])] }, [])
    }

    func testPartsAreMadeInTheirConcatenation() throws {
        let made = try steps([[6, 8], [6, 8]]) { [Update("y", try Tensor.concatenate([$0[0].tanh(), $0[1].exponential()], axis: 0) * 2)] }
        XCTAssertEqual(made, ["elementwise", "elementwise", "elementwise"])
    }

    func testAdamIsOneKernel() throws {
        let fused = [
            "Adam", "Adam, the gradient being a buffer", "Adam, the gradient being the parameter", "Adam, the gradient being the first moment",
            "Adam whose scalars are updated", "Adam, the parameter read before and after",
        ]
        let plain = [
            "Adam, a new moment read too", "Adam, a new moment stored twice", "Adam without its moments' updates", "Adam with its moments exchanged",
            "Adam with its scalars in another order", "Adam without memory of the mean",
        ]
        for (names, count) in [(fused, 1), (plain, 0)] {
            for name in names {
                let row = try XCTUnwrap(PlanCase.all.first { $0.name == name }, name)
                let (graph, updates, _) = try row.make(seed: 1)
                let adams = try Planner.plan(updates, of: graph).steps.filter { if case .adam = $0.work { true } else { false } }
                XCTAssertEqual(adams.count, count, name)
            }
        }
    }

    func testAdamIsPartOfTheProductThatIsItsGradient() throws {
        let rows = [
            ("Adam, the gradient being a product", 1), ("Adam, the product's operand being overwritten", 1),
            ("Adam, the gradient being a product that is read too", 0), ("Adam, the gradient being a product with the parameter", 0),
            ("Adam, the gradient being a product of the parameter's moment", 0),
        ]
        for (name, count) in rows {
            let row = try XCTUnwrap(PlanCase.all.first { $0.name == name }, name)
            let (graph, updates, _) = try row.make(seed: 1)
            let steps = try Planner.plan(updates, of: graph).steps
            let products = steps.filter { if case .product(let work) = $0.work { work.adam != nil } else { false } }
            let adams = steps.filter { if case .adam = $0.work { true } else { false } }
            XCTAssertEqual(products.count, count, name)
            XCTAssertEqual(adams.count, 1 - count, name)
        }
    }

    func testABiasIsPartOfItsWeightsStep() throws {
        let rows = [
            ("Adam of weights and bias", true), ("Adam of a bias before its weights", true), ("Adam of a bias of another shape", true),
            ("Adam of a bias whose gradient is read too", false), ("Adam of a bias that the weights' gradient needs afterwards", false),
            ("Adam of a bias that the weights' gradient reads before", true),
        ]
        for (name, together) in rows {
            let row = try XCTUnwrap(PlanCase.all.first { $0.name == name }, name)
            let (graph, updates, _) = try row.make(seed: 1)
            let steps = try Planner.plan(updates, of: graph).steps
            let products = steps.filter { if case .product(let work) = $0.work { work.biasAdam != nil } else { false } }
            let adams = steps.filter { if case .adam = $0.work { true } else { false } }
            XCTAssertEqual(products.count, together ? 1 : 0, name)
            XCTAssertEqual(adams.count, together ? 0 : 1, name)
        }
    }

    /// Zeros are looked for in what comes from outside, and nowhere else.
    func testZerosAreLookedForInInputsAndBehindRectifiers() throws {
        let graph = Graph()
        let (images, made) = (try graph.buffer("images", [50, 60]), try graph.buffer("made", [50, 60]))
        let weights = try graph.buffer("weights", [60, 70])
        let both = try Tensor.concatenate([images, made.tanh()], axis: 0)
        let updates = [
            Update("a", try images.product(weights)), Update("b", try both.product(weights).tanh()), Update("c", try made.product(weights)),
            Update("d", try both.product(both, transposeA: true)), Update("e", try (images * 2).product(weights)),
            Update("f", try made.maximum(0).product(weights)), Update("g", try made.maximum(0).product(made, transposeA: true)),
            Update("h", try made.greater(0).select(made.tanh(), graph.constant(0, [50, 60])).product(weights)),
            Update("i", try made.maximum(1).product(weights)),
        ]
        let skipping = try Planner.plan(updates, of: graph, inputs: ["images"]).steps.compactMap {
            if case .product(let work) = $0.work { work.skipsZeros } else { nil }
        }
        XCTAssertEqual(skipping, [true, true, false, true, false, true, false, true, false])
    }
}
