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
