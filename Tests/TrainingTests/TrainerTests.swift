import Base
import Data
import Training
import XCTest

/// Exactness, saving and the course of a training.
final class TrainerTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "libgan-training-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

    private func checkpoint(_ trainer: Trainer, _ name: String = "a") throws -> Data {
        let path = "\(folder)/\(name).safetensors"
        try trainer.save(to: path)
        return try Foundation.Data(contentsOf: URL(fileURLWithPath: path))
    }
    private typealias Data = Foundation.Data

    func testResumingIsExact() throws {
        let data = try bars()
        let whole = try Trainer(options: smallOptions(), dataset: data)
        try whole.run(epochs: 7, progress: nil)

        let first = try Trainer(options: smallOptions(), dataset: data)
        try first.run(epochs: 3, progress: nil)
        try first.save(to: "\(folder)/three.safetensors")
        let second = try Trainer(checkpoint: "\(folder)/three.safetensors", overrides: nil, dataset: data)
        try second.run(epochs: 4, progress: nil)
        XCTAssertEqual(try checkpoint(whole, "whole"), try checkpoint(second, "second"))
    }

    func testThreadsDoNotChangeTheResult() throws {
        let data = try bars()
        // Large enough that the work is really shared.
        let settings = [("generator.hidden", "200"), ("discriminator.hidden", "160"), ("latent.size", "64")]
        let one = try Trainer(options: smallOptions(settings + [("threads", "1")]), dataset: data)
        try one.step(10)
        let expected = try checkpoint(one)
        for threads in [2, 3, 8] {
            let many = try Trainer(options: smallOptions(settings + [("threads", "\(threads)")]), dataset: data)
            try many.step(10)
            XCTAssertEqual(expected, try checkpoint(many), "\(threads) threads")
        }
    }

    func testTheSeedDecides() throws {
        let data = try bars()
        let checkpoints = try ["5", "5", "6"].map { seed in
            let trainer = try Trainer(options: smallOptions([("seed", seed)]), dataset: data)
            try trainer.step(4)
            return try XCTUnwrap(trainer.values(of: "generator.0.weight"))
        }
        XCTAssertEqual(checkpoints[0], checkpoints[1])
        XCTAssertNotEqual(checkpoints[0], checkpoints[2])
    }

    func testEpochsAndProgress() throws {
        let trainer = try Trainer(options: smallOptions(), dataset: bars())
        XCTAssertEqual(trainer.stepsPerEpoch, 3)
        var epochs = 0
        try trainer.run(epochs: 4) { event in
            if event == .epoch { epochs += 1 }
            return true
        }
        XCTAssertEqual(epochs, 4)
        XCTAssertEqual(trainer.stepCount, 12)
        try trainer.step(1)
        // What remains of an epoch counts as the first.
        try trainer.run(epochs: 1, progress: nil)
        XCTAssertEqual(trainer.stepCount, 15)
    }

    func testStoppingByCallbackAndCancelling() throws {
        let trainer = try Trainer(options: smallOptions(), dataset: bars())
        XCTAssertThrowsError(try trainer.run(epochs: 100) { _ in false }) { XCTAssertEqual(($0 as? GanError)?.status, .cancelled) }
        let stopped = trainer.stepCount
        XCTAssertGreaterThan(stopped, 0)
        XCTAssertThrowsError(
            try trainer.run(epochs: 100) { _ in
                trainer.cancel()
                return true
            }
        ) { XCTAssertEqual(($0 as? GanError)?.status, .cancelled) }
        // A cancelled training goes on where it stood.
        try trainer.step(2)
        XCTAssertGreaterThan(trainer.stepCount, stopped)
    }

    func testDivergenceIsReported() throws {
        // Thirty layers of large weights: the logits overflow.
        let layers = [String](repeating: "64", count: 30).joined(separator: ",")
        let trainer = try Trainer(
            options: smallOptions([
                ("discriminator.hidden", layers), ("discriminator.initial-deviation", "10"), ("discriminator.activation", "linear"),
            ]), dataset: bars())
        XCTAssertThrowsError(try trainer.step(5)) { XCTAssertEqual(($0 as? GanError)?.status, .diverged, "\($0)") }
    }

    func testWrongDataAreRefused() throws {
        func status(_ body: () throws -> Void) -> Status? {
            do { try body() } catch { return (error as? GanError)?.status }
            return nil
        }
        XCTAssertEqual(status { _ = try Trainer(options: smallOptions([("batch-size", "61")]), dataset: bars()) }, .badData)
        XCTAssertEqual(status { _ = try Trainer(options: smallOptions([("image.width", "7")]), dataset: bars()) }, .mismatch)
        let path = "\(folder)/six.safetensors"
        try Trainer(options: smallOptions(), dataset: bars()).save(to: path)
        XCTAssertEqual(status { _ = try Trainer(checkpoint: path, overrides: nil, dataset: bars(side: 5)) }, .mismatch)
        XCTAssertEqual(
            status { _ = try Trainer(checkpoint: path, overrides: { var o = OptionValues(); try o.set("generator.hidden", text: "9"); return o }(), dataset: bars()) },
            .mismatch)
        let generator = "\(folder)/generator.safetensors"
        try Trainer(checkpoint: path, overrides: nil, dataset: bars()).snapshot().save(to: generator)
        XCTAssertEqual(status { _ = try Trainer(checkpoint: generator, overrides: nil, dataset: bars()) }, .mismatch)
    }
}
