import Base
import Data
import Graph
import Plan
import Training
import XCTest

/// The training step, whole: planned, fused and run on the kernels, against the same graph interpreted in Double.
final class StepTests: XCTestCase {
    private func compare(_ settings: [(String, String)], side: Int = 6, steps: Int, tolerance: Double, line: UInt = #line) throws {
        try compareWithReference(settings, data: bars(side: side), steps: steps, tolerance: tolerance, line: line)
    }

    func testTheTutorialsNetworks() throws { try compare([], steps: 5, tolerance: 2e-4) }
    func testMinimax() throws { try compare([("loss", "minimax")], steps: 5, tolerance: 2e-4) }
    func testLeakyReluAndTanh() throws {
        try compare(
            [("generator.activation", "leaky-relu"), ("discriminator.activation", "leaky-relu"), ("generator.output", "tanh")], steps: 5,
            tolerance: 5e-4)
    }
    func testTanhSigmoidAndLinearLayers() throws {
        try compare(
            [("generator.activation", "tanh"), ("discriminator.activation", "sigmoid"), ("generator.output", "linear")], steps: 5,
            tolerance: 5e-4)
    }
    func testNoHiddenLayers() throws { try compare([("generator.hidden", ""), ("discriminator.hidden", "")], steps: 5, tolerance: 2e-4) }
    func testManyHiddenLayers() throws {
        try compare([("generator.hidden", "12,7,33"), ("discriminator.hidden", "20,5")], steps: 3, tolerance: 1e-3)
    }
    func testUniformLatents() throws { try compare([("latent.distribution", "uniform")], steps: 3, tolerance: 2e-4) }
    func testDeepConvolutional() throws {
        try compare(
            [("preset", "dcgan"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("generator.initial-deviation", "0.3"),
             ("discriminator.initial-deviation", "0.3"), ("batch-size", "6")],
            side: 8, steps: 2, tolerance: 2e-3)
    }
    func testBatchOfOne() throws { try compare([("batch-size", "1")], steps: 3, tolerance: 5e-4) }

    /// With weights this small the discriminator says 1/2 at first, so both losses have known values.
    func testTheFirstLossesAreThoseOfACoin() throws {
        var options = OptionValues()
        try options.set("batch-size", integer: 20)
        let trainer = try Trainer(options: options, dataset: bars())
        try trainer.step(1)
        let read = { (name: String) in trainer.metric(try XCTUnwrap(Metric.find(name))) }
        XCTAssertEqual(try read("discriminator.loss"), 2 * log(0.5), accuracy: 0.02)
        XCTAssertEqual(try read("generator.loss"), log(0.5), accuracy: 0.02)
        XCTAssertEqual(try read("discriminator.real"), 0.5, accuracy: 0.01)
        XCTAssertEqual(try read("discriminator.fake"), 0.5, accuracy: 0.01)
        XCTAssertEqual(try read("step"), 1)
    }

    func testInitialWeightsHaveTheirDeviation() throws {
        var options = OptionValues()
        try options.set("batch-size", integer: 20)
        let trainer = try Trainer(options: options, dataset: bars())
        let weights = try XCTUnwrap(trainer.values(of: "generator.0.weight")).map(Double.init)
        XCTAssertEqual(weights.count, 128 * 256)
        let mean = weights.reduce(0, +) / Double(weights.count)
        let deviation = (weights.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(weights.count)).squareRoot()
        XCTAssertEqual(mean, 0, accuracy: 3e-4)
        XCTAssertEqual(deviation, 0.01, accuracy: 2e-4)
        XCTAssertEqual(try XCTUnwrap(trainer.values(of: "generator.0.bias")), [Float](repeating: 0, count: 256))
    }
}
