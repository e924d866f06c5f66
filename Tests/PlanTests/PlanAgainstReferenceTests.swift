// The planner, the executor and the kernels together against the reference interpreter: every case of the table of
// gradients, what the planner treats in a special way, and random graphs.

import Base
import Graph
import Plan
import TestSupport
import XCTest

final class PlanAgainstReferenceTests: XCTestCase {
    // MARK: Random graphs

    func testRandomGraphs() throws {
        var run = 0
        for seed in 1...400 as ClosedRange<UInt64> {
            do {
                let random = try RandomGraph(seed: seed)
                var harness = PlanHarness(graph: random.graph, updates: random.updates, values: random.values)
                harness.seed = seed << 32 | seed
                guard try harness.isClearOfSteps() else { continue }
                if let wrong = try harness.disagreement() { XCTFail("seed \(seed): \(wrong)") }
                run += 1
            } catch {
                XCTFail("seed \(seed): \(error)")
            }
        }
        XCTAssertGreaterThan(run, 250, "too few graphs were clear of steps")
    }

    // MARK: The table of gradients

    /// Every case, its gradients, and the gradients of a linear functional of those.
    func testGradientCases() throws {
        for (number, row) in GradientCase.all.enumerated() {
            let graph = Graph()
            var values: [String: [Float]] = [:]
            var random = SplitMix64(UInt64(number + 1))
            func buffer(_ name: String, _ input: Input) throws -> Tensor {
                values[name] = input.values(&random).map { Float($0) }
                return try graph.buffer(name, input.shape)
            }
            do {
                let inputs = try row.inputs.enumerated().map { try buffer("input \($0)", $1) }
                let variables = zip(inputs, row.inputs).filter { $1.isVariable }.map { $0.0 }
                let y = try row.build(inputs)
                let gradients = try graph.gradient(of: (y * buffer("weights", Input(y.shape))).sum(), with: variables)
                var functional = try graph.constant(0, [])
                for (i, gradient) in gradients.enumerated() {
                    functional = try functional + (gradient * buffer("direction \(i)", Input(gradient.shape))).sum().reshape([])
                }
                let second = try graph.gradient(of: functional, with: variables)
                let outputs = [("y", [y]), ("first order", gradients), ("second order", second)]
                let all = outputs.flatMap { name, tensors in tensors.enumerated().map { Update("\(name) \($0)", $1) } }
                // Together, and each order alone: what is only an intermediate value then has another place, or none.
                for updates in [all] + outputs.map({ name, tensors in tensors.enumerated().map { Update("\(name) \($0)", $1) } }) {
                    let harness = PlanHarness(graph: graph, updates: updates, values: values)
                    XCTAssertTrue(try harness.isClearOfSteps(), "\(row.name) is too near a step")
                    if let wrong = try harness.disagreement() { XCTFail("\(row.name): \(wrong)") }
                }
            } catch {
                XCTFail("\(row.name): \(error)")
            }
        }
    }

    // MARK: What the planner treats in a special way

    private struct Row: Sendable {
        let name: String
        let inputs: [Shape]
        let build: @Sendable ([Tensor]) throws -> [Update]
        init(_ name: String, _ inputs: [Shape], _ build: @escaping @Sendable ([Tensor]) throws -> [Update]) {
            self.name = name
            self.inputs = inputs
            self.build = build
        }
    }

    private static let rows: [Row] = [
        // Buffers named "0", "1", … are the inputs; other names are outputs.
        Row("counting", [[1]]) { [Update("0", try $0[0] + 1)] },
        Row("a constant", [[4]]) { [Update("0", try $0[0].graph.constant(3, [4])), Update("y", try $0[0].graph.constant(2, [70, 90]))] },
        Row("nothing changes", [[4]]) { [Update("0", $0[0])] },
        Row("a copy", [[5, 7]]) { [Update("y", $0[0])] },
        Row("a swap", [[4], [4]]) { [Update("0", $0[1]), Update("1", $0[0])] },
        Row("a rotation", [[100, 100], [100, 100], [100, 100]]) { [Update("0", $0[1]), Update("1", $0[2]), Update("2", $0[0])] },
        Row("a swap with work between", [[40], [40]]) { [Update("0", try $0[1] * 2), Update("1", try $0[0].tanh())] },
        Row("a view of a buffer into another", [[4, 6], [2, 6]]) { [Update("1", try $0[0].slice(starts: [1, 0], counts: [2, 6])), Update("0", try $0[0] + 1)] },
        Row("one value in three buffers", [[50, 60], [50, 60]]) {
            let y = try $0[0] * $0[1]
            return [Update("0", y), Update("1", y), Update("y", y), Update("z", try y.sum())]
        },
        Row("a value and its view", [[6, 8]]) {
            let y = try $0[0].tanh()
            return [Update("y", y), Update("z", try y.reshape([48])), Update("w", try y.slice(starts: [2, 0], counts: [3, 8]))]
        },
        Row("old values are read after new ones are made", [[30, 40]]) {
            let new = try $0[0] - 0.1
            return [Update("0", new), Update("y", try $0[0].sum(axes: [0])), Update("z", try new.permute([1, 0]) + $0[0].permute([1, 0]))]
        },
        Row("a buffer read as broadcast of a part of itself", [[6, 5]]) {
            [Update("0", try $0[0] + $0[0].slice(starts: [2, 0], counts: [1, 5]))]
        },
        Row("a buffer read permuted while it is updated", [[70, 70]]) { [Update("0", try $0[0] + $0[0].permute([1, 0]))] },
        Row("Adam", [[33, 20], [33, 20], [33, 20], [33, 20], [1]]) { x in
            let m = try x[1] * 0.9 + x[3] * 0.1
            let v = try x[2].absolute() * 0.99 + x[3].squared() * 0.01
            return [
                Update("0", try x[0] - m * 0.01 / (v.squareRoot() + 1e-3) * x[4]), Update("1", m), Update("2", v), Update("4", try x[4] * 0.5),
            ]
        },
        Row("a chain longer than the registers", [[9, 100], [9, 100]]) { x in
            var y = x[0]
            for i in 0..<60 { y = try (y * 0.5 + x[1] * Float(i)).tanh() + x[i % 2] }
            return [Update("y", y)]
        },
        Row("a chain that keeps much alive", [[90, 100]] + (0..<40).map { _ in [100] }) { x in
            let parts = try (1...40).map { try (x[0] * x[$0]).tanh() }
            let sum = try parts.reversed().reduce(x[0]) { try $0 + $1 }
            return [Update("y", sum), Update("z", parts[7])]
        },
        Row("rows and columns in one chain", [[60, 70], [70], [60, 1], []]) { [Update("y", try ($0[0] * $0[1] + $0[2]) * $0[3])] },
        Row("repetitions in the middle and around", [[4, 30, 5], [4, 1, 5], [1, 30, 1], [30, 5], [4, 1, 1]]) {
            [Update("y", try $0[0] * $0[1] + $0[2] * $0[3] - $0[4])]
        },
        Row("a reduced value beside what it came from", [[90, 110]]) {
            let centred = try $0[0] - $0[0].mean(axes: [0])
            return [Update("y", try centred / (centred.squared().mean(axes: [1]) + 0.1).squareRoot()), Update("z", centred)]
        },
        Row("reductions of everything", [[70, 130]]) { [Update("s", try $0[0].sum()), Update("m", try $0[0].largest()), Update("t", try $0[0].tanh().sum())] },
        Row("a layer: product, bias, relu, and its gradients", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.maximum(0) } },
        Row("a layer: sigmoid", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.sigmoid() } },
        Row("a layer: tanh", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.tanh() } },
        Row("a layer: leaky relu", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.maximum($0 * 0.2) } },
        Row("a layer: softplus", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.softplus() } },
        Row("a product added to a product", [[40, 50], [50, 60], [40, 20], [20, 60]]) { [Update("y", try $0[0].product($0[1]) + $0[2].product($0[3]))] },
        Row("a product read twice", [[40, 50], [50, 60], [60]]) {
            let product = try $0[0].product($0[1])
            return [Update("y", try (product + $0[2]).maximum(0)), Update("z", try product.tanh())]
        },
        Row("a product with one row or one column", [[1, 300], [300, 40], [40, 1], [40]]) {
            let y = try ($0[0].product($0[1]) + $0[3]).sigmoid()
            return [Update("y", y), Update("z", try y.product($0[2]))]
        },
        Row("a product with a constant bias", [[20, 30], [30, 10]]) { [Update("y", try ($0[0].product($0[1]) + 2).tanh())] },
        Row("a product with a column added", [[20, 30], [30, 10], [20, 1]]) { [Update("y", try ($0[0].product($0[1]) + $0[2]).tanh())] },
        Row("a product in its own operand", [[30, 30]]) { [Update("0", try $0[0].product($0[0]).tanh())] },
        Row("a product of a part of a buffer", [[40, 12], [12, 9]]) { [Update("y", try $0[0].slice(starts: [10, 0], counts: [20, 12]).product($0[1]))] },
        Row("a product of a constant", [[40, 12]]) { [Update("y", try $0[0].graph.constant(1, [8, 40]).product($0[0]))] },
        Row("a product into a concatenation", [[40, 12], [12, 9], [30, 9]]) {
            let whole = try Tensor.concatenate([$0[0].product($0[1]).tanh(), $0[2], $0[2].tanh()], axis: 0)
            return [Update("y", whole), Update("z", try whole.sum(axes: [0]))]
        },
        Row("a concatenation of one value twice", [[20, 9]]) {
            let y = try $0[0].tanh()
            return [Update("y", try Tensor.concatenate([y, y, y], axis: 0)), Update("z", try Tensor.concatenate([y, $0[0], y], axis: 1))]
        },
        Row("concatenations of concatenations", [[20, 9], [7, 9]]) {
            let inner = try Tensor.concatenate([$0[0].tanh(), $0[1].exponential()], axis: 0)
            let outer = try Tensor.concatenate([inner, $0[1], inner], axis: 0)
            return [Update("y", outer), Update("z", try inner * 2)]
        },
        Row("a batch of products", [[6, 20, 30], [6, 30, 25], [25]]) {
            [Update("y", try ($0[0].product($0[1]) + $0[2]).maximum(0)), Update("z", try $0[0].product($0[0], transposeA: true))]
        },
        Row("a batch of products too large for one member", [[16, 64, 64], [16, 64, 64]]) { [Update("y", try $0[0].product($0[1], transposeB: true).tanh())] },
        Row("the slope of a function whose value nobody needs", [[30, 20], [20, 1]]) { x in
            let slope = try x[0].graph.gradient(of: x[0].tanh().product(x[1]).sum(), with: [x[0]])[0]
            return [Update("y", slope), Update("z", try slope.squared().sum(axes: [1]))]
        },
        Row("the slope of a sigmoid whose value nobody needs", [[30, 20], [20, 1]]) { x in
            [Update("y", try x[0].graph.gradient(of: x[0].sigmoid().product(x[1]).sum(), with: [x[0]])[0])]
        },
        Row("the slope of a relu of a sum", [[30, 20], [30, 20], [20, 8]]) { x in
            let hidden = try (x[0] + x[1]).maximum(0)
            return [Update("y", try x[0].graph.gradient(of: hidden.product(x[2]).sum(), with: [x[0]])[0])]
        },
        Row("a permutation of eight axes", [[2, 3, 2, 1, 3, 2, 2, 3]]) { [Update("y", try $0[0].permute([7, 2, 5, 0, 3, 1, 6, 4]))] },
        Row("a transpose too large for one member", [[120, 90]]) { [Update("y", try $0[0].permute([1, 0])), Update("z", try $0[0].permute([1, 0]).sum(axes: [1]))] },
        Row("slices of everything", [[30, 40, 3]]) {
            [
                Update("a", try $0[0].slice(starts: [3, 0, 0], counts: [7, 40, 3])), Update("b", try $0[0].slice(starts: [3, 5, 0], counts: [1, 7, 3]).tanh()),
                Update("c", try $0[0].slice(starts: [3, 5, 1], counts: [1, 1, 2]) * 2), Update("d", try $0[0].slice(starts: [0, 0, 2], counts: [30, 40, 1])),
                Update("e", try $0[0].slice(starts: [1, 2, 0], counts: [10, 13, 2], strides: [2, 3, 2]).sum(axes: [1])),
                Update("f", try $0[0].slice(starts: [1, 0, 0], counts: [10, 40, 3], strides: [3, 1, 1]).sum(axes: [0])),
            ]
        },
        Row("padding around and between", [[30, 41]]) { [Update("y", try $0[0].pad(before: [1, 2], after: [3, 0], interior: [1, 2]).sum(axes: [1])), Update("z", try $0[0].pad(before: [70, 0], after: [0, 0]))] },
        Row("random numbers", [[120, 50]]) {
            let graph = $0[0].graph
            let normal = try graph.random(.normal, stream: 1, [120, 50]), uniform = try graph.random(.uniform, stream: 1, [120, 50])
            return [Update("n", normal), Update("u", uniform), Update("y", try $0[0] * normal + uniform), Update("s", try normal.slice(starts: [3, 0], counts: [5, 50]))]
        },
        Row("random numbers of odd widths", [[1]]) { x in
            try [1, 2, 3, 5, 31, 127].map { Update("n \($0)", try x[0].graph.random(.normal, stream: 7, [9, $0]) * x[0]) }
        },
        Row("convolutions of 32 by 32 pixels", [[4, 32, 32, 3], [5, 5, 3, 8], [8]]) { x in
            let window = Window(stride: [2, 2], paddingBefore: [2, 1], paddingAfter: [2, 2])
            let y = try (x[0].convolution(x[1], window) + x[2]).maximum(0)
            return try [Update("y", y)] + x[0].graph.gradient(of: y.squared().mean(), with: x).enumerated().map { Update("g \($0)", $1) }
        },
        Row("a transposed convolution to 16 by 16 pixels", [[3, 8, 8, 6], [4, 4, 2, 6], [2]]) { x in
            let window = Window(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1])
            let y = try (x[0].transposedConvolution(x[1], window, to: [3, 16, 16, 2]) + x[2]).tanh()
            return try [Update("y", y)] + x[0].graph.gradient(of: y.squared().mean(), with: x).enumerated().map { Update("g \($0)", $1) }
        },
    ]

    /// A layer, a scalar made of it, and the descent of all parameters.
    private static func layer(_ x: [Tensor], _ activation: (Tensor) throws -> Tensor) throws -> [Update] {
        let y = try activation(x[0].product(x[1]) + x[2])
        let loss = try (y.squared() * 0.5 + y).mean()
        let gradients = try x[0].graph.gradient(of: loss, with: x)
        return try [Update("y", y), Update("loss", loss)] + x.enumerated().map { Update("\($0)", try $1 - gradients[$0] * 0.5) }
    }

    func testPlannedCases() throws {
        for (number, row) in Self.rows.enumerated() {
            let graph = Graph()
            var values: [String: [Float]] = [:]
            var random = SplitMix64(UInt64(1000 + number))
            do {
                let inputs = try row.inputs.enumerated().map { index, shape in
                    values["\(index)"] = Input(shape).values(&random).map { Float($0) }
                    return try graph.buffer("\(index)", shape)
                }
                let updates = try row.build(inputs)
                for order in [updates, updates.reversed()] {
                    var harness = PlanHarness(graph: graph, updates: order, values: values)
                    harness.runs = 3
                    if let wrong = try harness.disagreement() { XCTFail("\(row.name): \(wrong)") }
                }
            } catch {
                XCTFail("\(row.name): \(error)")
            }
        }
    }

    func testUpdatesThatContradictAreRefused() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2, 3])
        let rows: [(String, [Update])] = [
            ("one buffer updated twice", [Update("y", x), Update("y", try x.tanh())]),
            ("an update of another shape", [Update("x", try x.sum())]),
            ("an update with the shape of a view", [Update("x", try x.reshape([3, 2]))]),
            ("one name with two shapes", [Update("y", try x.sum() + graph.buffer("x", [1, 3]).sum())]),
        ]
        for (name, updates) in rows {
            XCTAssertThrowsError(try Planner.plan(updates, of: graph), name) { XCTAssertTrue($0 is GanError, name) }
        }
    }
}
