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

    func testPlannedCases() throws {
        for (number, row) in PlanCase.all.enumerated() {
            do {
                let (graph, updates, values) = try row.make(seed: UInt64(1000 + number))
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
