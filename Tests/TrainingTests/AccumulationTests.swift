import Base
import Data
import Training
import XCTest

/// A batch in parts is the whole batch in less memory.
final class AccumulationTests: XCTestCase {
    private static let convolutional = [("preset", "dcgan"), ("generator.channels", "2"), ("discriminator.channels", "2"), ("generator.norm", "layer"), ("discriminator.norm", "instance")]
    private static let cases: [[(String, String)]] = [
        [],
        [("loss", "relativistic"), ("r1", "1"), ("r2", "1"), ("average.decay", "0.9"), ("gradient-clip", "0.3")],
        [("loss", "wasserstein"), ("gradient-penalty", "1"), ("discriminator.steps", "2"), ("packing", "2")],
        [("condition", "labels"), ("conditioning", "auxiliary"), ("packing", "2"), ("noise", "0.2"), ("noise.steps", "2"), ("label-smoothing", "0.1")],
        [("augment", "all"), ("augment.target", "0.6"), ("augment.every", "1"), ("augment.images", "60"), ("augment.mirror", "true")],
        [("discriminator.spectral-norm", "true"), ("generator.spectral-norm", "true"), ("average.decay", "0.5")],
        [("recipe", "infogan"), ("info.categories", "3"), ("loss", "hinge")],
        convolutional + [("augment", "translation")],
    ]

    func testThePartsHaveTheGradientsOfTheWhole() throws {
        let data = try bars(side: 8, classes: 3)
        for settings in Self.cases {
            func train(_ parts: Int) throws -> Trainer {
                // Adam makes large steps of roundings where there is hardly a gradient.
                let trainer = try Trainer(
                    options: smallOptions([
                        ("generator.optimiser", "sgd"), ("discriminator.optimiser", "sgd"), ("generator.learning-rate", "0.1"), ("discriminator.learning-rate", "0.1"),
                        ("discriminator.activation", "tanh"), ("generator.activation", "tanh"), ("accumulate", "\(parts)"),
                    ] + settings), dataset: data)
                try trainer.step(4)
                return trainer
            }
            let whole = try train(1)
            for parts in [2, 5] {
                let inParts = try train(parts)
                XCTAssertEqual(inParts.savedNames, whole.savedNames)
                for name in whole.savedNames {
                    let (expected, found) = (whole.values(of: name) ?? [], inParts.values(of: name) ?? [])
                    let scale = expected.map(abs).max() ?? 0
                    for (a, b) in zip(found, expected) { XCTAssertEqual(a, b, accuracy: 2e-5 + 2e-4 * scale, "\(name) in \(parts) parts, \(settings)") }
                }
                for metric in whole.metricList where metric.name != "images-per-second" {
                    XCTAssertEqual(inParts.metric(metric), whole.metric(metric), accuracy: 1e-3, "\(metric.name) in \(parts) parts, \(settings)")
                }
            }
        }
    }

    func testMemoryFalls() throws {
        let data = try bars(count: 64, side: 16)
        func memory(_ parts: String) throws -> Int {
            try Trainer(
                options: smallOptions([("preset", "dcgan"), ("batch-size", "64"), ("generator.channels", "8"), ("discriminator.channels", "8"), ("accumulate", parts)]),
                dataset: data
            ).intermediateCount
        }
        let whole = try memory("1")
        XCTAssertLessThan(try memory("8"), whole / 4)
    }

    /// The statistics that sampling uses are those of the whole batch's mean, and come out of all parts.
    func testRunningStatisticsFollowAllParts() throws {
        let data = try bars(side: 8)
        func statistics(_ parts: String) throws -> [Float] {
            let trainer = try Trainer(
                options: smallOptions([("preset", "dcgan"), ("generator.channels", "2"), ("discriminator.channels", "2"), ("accumulate", parts)]), dataset: data)
            try trainer.step(1)
            return try XCTUnwrap(trainer.values(of: "generator.0.mean"))
        }
        for (a, b) in zip(try statistics("4"), try statistics("1")) { XCTAssertEqual(a, b, accuracy: 1e-6) }
    }
}
