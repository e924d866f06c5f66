import Base
import Graph
import Objectives
import Plan
import XCTest

/// Losses, as their papers write them.
final class LossTests: XCTestCase {
    private let real = [-2.0, 0.3, 5, 0.6]
    private let fake = [0.7, -1.1, 0.2, -4]

    private func value(_ make: (Tensor, Tensor) throws(GanError) -> Tensor) throws -> [Double] {
        let graph = Graph()
        let result = try make(graph.buffer("real", [4, 1]), graph.buffer("fake", [4, 1]))
        var reference = ReferenceInterpreter(graph: graph)
        reference.buffers = ["real": real, "fake": fake]
        return try reference.evaluate([result])[0]
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    func testSmoothedTargets() throws {
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        for smoothing: Float in [0, 0.1, 0.5] {
            let s = Double(smoothing)
            let expected = -mean(real.map { (1 - s) * log(sigmoid($0)) + s * log(1 - sigmoid($0)) }) - mean(fake.map { log(1 - sigmoid($0)) })
            for loss in [AdversarialLoss.nonSaturating, .minimax] {
                let found = try value { (real, fake) throws(GanError) in try loss.discriminator(real: real, fake: fake, smoothing: smoothing) }
                XCTAssertEqual(found[0], expected, accuracy: 1e-6)
            }
            let squares = (mean(real.map { ($0 - 1 + s) * ($0 - 1 + s) }) + mean(fake.map { $0 * $0 })) / 2
            let found = try value { (real, fake) throws(GanError) in try AdversarialLoss.leastSquares.discriminator(real: real, fake: fake, smoothing: smoothing) }
            XCTAssertEqual(found[0], squares, accuracy: 1e-6)
        }
    }

    /// Of three items the first two could be taken for each other.
    func testContrast() throws {
        let scores = [[1.5, 9, -0.5], [-3, 0.25, 1], [2, 0.5, 0.75]]
        let alike = [[1.0, 1, 0], [1, 1, 0], [0, 0, 1]]
        func share(_ own: Double, _ all: [Double]) -> Double { log(all.map { exp($0) }.reduce(0, +)) - own }
        func item(_ i: Int) -> Double {
            let others = (0..<3).filter { $0 == i || alike[i][$0] == 0 }
            return (share(scores[i][i], others.map { scores[i][$0] }) + share(scores[i][i], others.map { scores[$0][i] })) / 2
        }
        for (counted, expected) in [(nil, (item(0) + item(1) + item(2)) / 3), ([1.0, 0, 1], (item(0) + item(2)) / 2), ([0, 0, 0], 0)] as [([Double]?, Double)] {
            let graph = Graph()
            let result = try Contrast.crossEntropy(
                graph.buffer("scores", [3, 3]), identity: graph.buffer("identity", [3, 3]), alike: graph.buffer("alike", [3, 3]),
                counted: counted == nil ? nil : graph.buffer("counted", [3, 1]))
            var reference = ReferenceInterpreter(graph: graph)
            reference.buffers = [
                "scores": Array(scores.joined()), "alike": Array(alike.joined()), "identity": [1, 0, 0, 0, 1, 0, 0, 0, 1], "counted": counted ?? [],
            ]
            XCTAssertEqual(try reference.evaluate([result])[0][0], expected, accuracy: 1e-6)
        }
    }

    func testBeliefIsPositiveWhereRealItemsAreTakenForReal() throws {
        func signs(_ loss: AdversarialLoss) throws -> [Bool] {
            try value { (real, fake) throws(GanError) in try loss.belief(real: real, fake: fake) }.map { $0 > 0 }
        }
        for loss in [AdversarialLoss.nonSaturating, .minimax, .hinge] { XCTAssertEqual(try signs(loss), [false, true, true, true]) }
        XCTAssertEqual(try signs(.leastSquares), [false, false, true, true])
        for loss in [AdversarialLoss.relativistic, .wasserstein] { XCTAssertEqual(try signs(loss), [false, true, true, true]) }
        // The mean of the generated ones is −1.05.
        XCTAssertEqual(try signs(.relativisticAverage), [false, true, true, true])
    }
}
