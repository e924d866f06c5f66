import Base
import Data
import Graph
import Plan
import Training
import XCTest

/// The training step, whole: planned, fused and run on the kernels, against the same graph interpreted in Double.
final class StepTests: XCTestCase {
    /// Runs `steps` steps both ways from the same state and compares every saved buffer.
    private func compare(_ settings: [(String, String)], side: Int = 6, steps: Int, tolerance: Double, line: UInt = #line) throws {
        let data = try bars(side: side)
        let options = try smallOptions(settings + [("data.shuffle", "false")])
        let trainer = try Trainer(options: options, dataset: data)
        let step = try AdversarialStep(trainer.options)

        var reference = ReferenceInterpreter(graph: step.graph)
        reference.seed = UInt64(options.integer(.seed))
        for parameter in step.generator + step.discriminator + step.states {
            let values = try XCTUnwrap(trainer.values(of: parameter.name))
            reference.buffers[parameter.name] = values.map(Double.init)
            for moment in ["adam.m", "adam.v"] {
                reference.buffers["\(parameter.name).\(moment)"] = values.map { _ in 0 }
            }
        }
        let batch = options.integer(.batchSize)
        let isTanh = options.choice(.generatorOutput) != "sigmoid"
        for index in 0..<steps {
            let first = index % (data.count / batch) * batch
            guard case .bytes(let bytes) = data.storage else { return XCTFail("bytes were expected") }
            let count = data.shape.elements
            reference.buffers["batch"] = (first * count..<(first + batch) * count).map {
                isTanh ? Double(bytes[$0]) / 127.5 - 1 : Double(bytes[$0]) / 255
            }
            reference.firstRow = UInt64(index * batch)
            for (network, rate, beta1, beta2) in [
                ("generator", Option.generatorLearningRate, Option.generatorBeta1, Option.generatorBeta2),
                ("discriminator", .discriminatorLearningRate, .discriminatorBeta1, .discriminatorBeta2),
            ] {
                let t = Double(index + 1)
                reference.buffers["\(network).adam"] = [
                    options.real(rate), 1 / (1 - pow(options.real(beta1), t)), 1 / (1 - pow(options.real(beta2), t)),
                ]
            }
            let values = try reference.evaluate(step.updates.map(\.value))
            for (update, value) in zip(step.updates, values) { reference.buffers[update.buffer] = value }
            try trainer.step(1)
        }
        for update in step.updates {
            let expected = try XCTUnwrap(reference.buffers[update.buffer])
            let actual = try XCTUnwrap(trainer.values(of: update.buffer))
            let scale = expected.map(abs).max() ?? 0
            for (a, e) in zip(actual, expected) {
                XCTAssertEqual(Double(a), e, accuracy: tolerance * max(scale, 1e-6), "\(update.buffer) with \(settings)", line: line)
                if abs(Double(a) - e) > tolerance * max(scale, 1e-6) { return }
            }
        }
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
