import Base
import Data
import Measures
import Training
import XCTest

final class ClassifierTests: XCTestCase {
    static let small = [("recipe", "classifier"), ("classifier.channels", "4"), ("classifier.features", "20"), ("classifier.learning-rate", "0.01")]

    private func trained(_ settings: [(String, String)] = [], epochs: Int64, data: Dataset) throws -> Trainer {
        let trainer = try Trainer(options: smallOptions(Self.small + settings), dataset: data)
        try trainer.run(epochs: epochs, progress: nil)
        return trainer
    }

    private func metric(_ name: String, _ trainer: Trainer) throws -> Double { trainer.metric(try XCTUnwrap(Metric.find(name))) }

    func testBothNetworksLearnWhatTheyHaveNotSeen() throws {
        let data = try bars(count: 400, side: 8, classes: 4)
        for settings in [[("classifier.shift", "0")], [("classifier.network", "mlp"), ("classifier.hidden", "16,12"), ("classifier.shift", "0")]] {
            let trainer = try trained(settings, epochs: 12, data: data)
            XCTAssertGreaterThan(try metric("accuracy", trainer), 0.95)
            XCTAssertEqual(trainer.stepsPerEpoch, 18, "40 of 400 are held out")
            XCTAssertGreaterThan(try metric("classifier.accuracy", trainer), 0.9)
        }
    }

    /// What is held out is known after resuming too, and nothing of it was learnt.
    func testTheSameAreHeldOutByEverySeedAfterResuming() throws {
        let split = try DataSplit(count: 100, heldOut: 0.2, seed: 7), again = try DataSplit(count: 100, heldOut: 0.2, seed: 7)
        XCTAssertEqual(split.heldOutCount, 20)
        let held = (0..<20).map { split.heldOut.pointer[$0] }
        XCTAssertEqual(held, (0..<20).map { again.heldOut.pointer[$0] })
        let taken = try XCTUnwrap(split.taken)
        XCTAssertEqual(Set(held).union((0..<80).map { taken.pointer[$0] }), Set(0..<100))
        let order = try BatchOrder(count: 80, batch: 20, seed: 7, shuffles: true, items: taken)
        for epoch in 0..<3 {
            var seen: [Int] = []
            for step in 0..<4 { seen += Array(order.rows(step: Int64(4 * epoch + step))) }
            XCTAssertEqual(seen.sorted(), (0..<80).map { taken.pointer[$0] })
        }
        XCTAssertNil(try DataSplit(count: 5, heldOut: 0, seed: 1).taken)
        XCTAssertEqual(try DataSplit(count: 1, heldOut: 0.5, seed: 1).takenCount, 1)
    }

    func testProbabilitiesDoNotDependOnTheBatchNorOnThreadsNorOnTheFile() throws {
        let data = try bars(count: 200, side: 8, classes: 3)
        let folder = NSTemporaryDirectory() + "classifier-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for settings in [[], [("classifier.network", "mlp"), ("classifier.hidden", "")]] {
            let trainer = try trained(settings, epochs: 2, data: data)
            try trainer.save(to: folder + "/judge.safetensors")
            let (copy, loaded) = (try trainer.classifier(), try Classifier(path: folder + "/judge.safetensors"))
            XCTAssertEqual(copy.classCount, 3)
            var images = [Float](repeating: 0, count: 150 * 64)
            for i in images.indices { images[i] = Float(i % 17) / 8 - 1 }
            func run(_ classifier: Classifier, _ threads: Int, _ rows: Range<Int>) throws -> [UInt32] {
                var probabilities = [Float](repeating: .nan, count: rows.count * 3)
                var features = [Float](repeating: .nan, count: rows.count * classifier.featureCount)
                let runner = try ClassifierRunner(classifier, threads: threads)
                images.withUnsafeBufferPointer { images in
                    probabilities.withUnsafeMutableBufferPointer { probabilities in
                        features.withUnsafeMutableBufferPointer { features in
                            if let start = images.baseAddress {
                                runner.run(start + rows.lowerBound * 64, count: rows.count, probabilities: probabilities.baseAddress, features: features.baseAddress)
                            }
                        }
                    }
                }
                for row in 0..<rows.count { XCTAssertEqual(probabilities[row * 3..<row * 3 + 3].reduce(0, +), 1, accuracy: 1e-5) }
                return probabilities.map(\.bitPattern) + features.map(\.bitPattern)
            }
            let whole = try run(copy, 1, 0..<150)
            XCTAssertEqual(try run(loaded, 3, 0..<150), whole)
            for row in [0, 7, 149] {
                let one = try run(loaded, 2, row..<row + 1)
                XCTAssertEqual(Array(one.prefix(3)), Array(whole[row * 3..<row * 3 + 3]))
            }
        }
    }

    /// Bars with three tags: two that pictures show, and one that all have.
    private func tagged(_ names: [String] = ["left", "right side", "all"]) throws -> Dataset {
        let bars = try bars(count: 400, side: 8)
        var flags: [UInt8] = []
        for item in 0..<400 { flags += [item % 8 < 4 ? 1 : 0, item % 8 >= 6 ? 1 : 0, 1] }
        return try bars.adding(Column.tags(flags, count: 400, names: names, name: Field.tags))
    }

    func testTagsAreToldEachByItself() throws {
        let data = try tagged()
        let trainer = try trained([("classifier.shift", "0")], epochs: 12, data: data)
        for name in ["accuracy", "accuracy.left", "accuracy.right-side", "accuracy.all"] {
            let metric = try XCTUnwrap(trainer.findMetric(name), name)
            XCTAssertTrue(trainer.metricList.contains { $0.name == name })
            XCTAssertGreaterThan(trainer.metric(metric), 0.95, name)
        }
        let parts = try ["left", "right-side", "all"].map { trainer.metric(try XCTUnwrap(trainer.findMetric("accuracy.\($0)"))) }
        XCTAssertEqual(try metric("accuracy", trainer), parts.reduce(0, +) / 3, accuracy: 1e-12)
        let classifier = try trainer.classifier()
        XCTAssertEqual(classifier.target, .tags)
        XCTAssertEqual(classifier.classNames, ["left", "right side", "all"])
        var images = [Float](repeating: 0, count: 8 * 64), probabilities = [Float](repeating: .nan, count: 8 * 3)
        try Array(0..<8).withUnsafeBufferPointer { items in
            try images.withUnsafeMutableBufferPointer { images in
                try data.copyBatch(rows: items, into: XCTUnwrap(images.baseAddress), rangeLow: -1, rangeHigh: 1)
            }
        }
        let runner = try ClassifierRunner(classifier, threads: 2)
        images.withUnsafeBufferPointer { images in
            probabilities.withUnsafeMutableBufferPointer { probabilities in
                if let start = images.baseAddress { runner.run(start, count: 8, probabilities: probabilities.baseAddress, features: nil) }
            }
        }
        for item in 0..<8 {
            XCTAssertEqual(probabilities[item * 3] > 0.5, item < 4)
            XCTAssertEqual(probabilities[item * 3 + 1] > 0.5, item >= 6)
            XCTAssertGreaterThan(probabilities[item * 3 + 2], 0.5)
        }
        // What it tells is no class, so no measure of classes can be had; its features are like any others.
        let evaluation = try Evaluation(data, beside: data, classifier, threads: 1)
        XCTAssertEqual(try evaluation.comparison.value(Measure.find("frechet-distance")).value, 0, accuracy: 1e-6)
        XCTAssertThrowsError(try evaluation.comparison.value(Measure.find("modes")))
        XCTAssertThrowsError(try trained(epochs: 1, data: bars(count: 100, side: 8))) { XCTAssertTrue("\($0)".contains("label"), "\($0)") }
        XCTAssertThrowsError(try trained([("classifier.target", "tags")], epochs: 1, data: bars(count: 100, side: 8, classes: 2))) {
            XCTAssertTrue("\($0)".contains("tags"), "\($0)")
        }
    }

    /// Metrics are columns of lists, whatever tags are called.
    func testTagsOfAnyNameHaveMetrics() throws {
        let trainer = try trained(epochs: 1, data: tagged(["a b", "a/b", "\u{E9}/"]))
        let names = trainer.metricList.map(\.name).filter { $0.hasPrefix("accuracy.") }
        XCTAssertEqual(names, ["accuracy.a-b", "accuracy.a-b-1", "accuracy.--"])
    }

    /// What is known of held-out pictures, and the learning rates, are known as soon as a training is loaded.
    func testALoadedTrainingKnowsHowGoodItIs() throws {
        let folder = NSTemporaryDirectory() + "classifier-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let data = try bars(count: 200, side: 8, classes: 3)
        let trainer = try trained([("rate.schedule", "linear"), ("rate.steps", "100")], epochs: 3, data: data)
        try trainer.save(to: folder + "/judge.safetensors")
        let loaded = try Trainer(checkpoint: folder + "/judge.safetensors", overrides: nil, dataset: data)
        for name in ["accuracy", "classifier.learning-rate"] {
            XCTAssertEqual(try metric(name, loaded), try metric(name, trainer), name)
            XCTAssertTrue(try metric(name, loaded).isFinite, name)
        }
        // 20 of the 180 that are not held out a step: that of the 27th, from 0.01 down to 0 at 100.
        XCTAssertEqual(try metric("classifier.learning-rate", trainer), 0.01 * (1 - 26.0 / 100), accuracy: 1e-8)
        XCTAssertEqual(loaded.dataComparison, .same)
        // The same pictures under other labels are other data.
        let others = try bars(count: 200, side: 8, classes: 3, from: 1)
        XCTAssertEqual(try Trainer(checkpoint: folder + "/judge.safetensors", overrides: nil, dataset: others).dataComparison, .other)
    }

    func testAnAutoencoderMakesFeaturesOfPicturesWithoutLabels() throws {
        let folder = NSTemporaryDirectory() + "classifier-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let small = [("recipe", "autoencoder"), ("autoencoder.channels", "4"), ("autoencoder.features", "10"), ("autoencoder.learning-rate", "0.01")]
        for (height, width) in [(8, 8), (1, 12), (9, 17)] {
            var pixels = [UInt8](repeating: 0, count: 200 * height * width)
            for item in 0..<200 { for row in 0..<height { pixels[(item * height + row) * width + item % width] = 255 } }
            let data = try pixels.withUnsafeBufferPointer { pixels in
                try Dataset.fromBytes(
                    XCTUnwrap(pixels.baseAddress), count: 200, shape: ImageShape(height: height, width: width, channels: 1), labels: nil, classes: 0,
                    ownership: .copy)
            }
            let trainer = try Trainer(options: smallOptions(small), dataset: data)
            try trainer.run(epochs: 1, progress: nil)
            let first = try metric("autoencoder.loss", trainer)
            try trainer.run(epochs: 20, progress: nil)
            XCTAssertLessThan(try metric("autoencoder.loss", trainer), 0.5 * first)
            XCTAssertFalse(trainer.metricList.contains { $0.name == "accuracy" })
            try trainer.save(to: folder + "/encoder.safetensors")
            let encoder = try Classifier(path: folder + "/encoder.safetensors")
            XCTAssertEqual(encoder.target, .nothing)
            XCTAssertEqual(encoder.classCount, 0)
            XCTAssertEqual(encoder.featureCount, 10)
            let evaluation = try Evaluation(data, beside: data, encoder, threads: 2)
            XCTAssertEqual(try evaluation.comparison.value(Measure.find("coverage")).value, 1)
            XCTAssertThrowsError(try evaluation.comparison.value(Measure.find("modes")))
            XCTAssertThrowsError(try trainer.snapshot())
        }
    }

    func testWhatIsNoClassifierIsRefused() throws {
        XCTAssertThrowsError(try Trainer(options: smallOptions(Self.small), dataset: bars())) {
            XCTAssertTrue("\($0)".contains("needs a label for every item"), "\($0)")
        }
        XCTAssertThrowsError(try Trainer(options: smallOptions(Self.small), dataset: bars(classes: 1)))
        XCTAssertThrowsError(try trained(epochs: 1, data: bars(count: 100, side: 8, classes: 3)).snapshot()) {
            XCTAssertTrue("\($0)".contains("draws nothing"), "\($0)")
        }
        let generator = try Trainer(options: smallOptions(), dataset: bars())
        XCTAssertThrowsError(try generator.classifier()) { XCTAssertEqual(($0 as? GanError)?.status, .mismatch) }
        let folder = NSTemporaryDirectory() + "classifier-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try generator.save(to: folder + "/gan.safetensors")
        XCTAssertThrowsError(try Classifier(path: folder + "/gan.safetensors")) { XCTAssertTrue("\($0)".contains("is no classifier"), "\($0)") }
        let judge = try trained(epochs: 1, data: bars(count: 100, side: 8, classes: 3)).classifier()
        XCTAssertThrowsError(try generator.setJudge(judge)) { XCTAssertTrue("\($0)".contains("8×8×1"), "\($0)") }
    }
}
