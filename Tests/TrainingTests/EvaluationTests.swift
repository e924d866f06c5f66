import Base
import Data
import Measures
import Training
import XCTest

final class EvaluationTests: XCTestCase {
    private func bits(_ trainer: Trainer) -> [String: [UInt32]] {
        var all: [String: [UInt32]] = [:]
        for name in trainer.savedNames { all[name] = (trainer.values(of: name) ?? []).map(\.bitPattern) }
        return all
    }

    private func metric(_ name: String, _ trainer: Trainer) throws -> Double { trainer.metric(try XCTUnwrap(Metric.find(name), name)) }

    func testNetworksAreTheSameWithEvaluations() throws {
        let data = try bars(count: 100, side: 8, classes: 3)
        for settings in [[], [("condition", "labels"), ("average.decay", "0.9")]] {
            let plain = try Trainer(options: smallOptions(settings), dataset: data)
            try plain.run(epochs: 4, progress: nil)
            for threads in ["1", "3"] {
                let measured = try Trainer(
                    options: smallOptions(settings + [("evaluate.every", "2"), ("evaluate.count", "50"), ("threads", threads)]), dataset: data)
                var seen: [Double] = []
                try measured.run(epochs: 4) { event in
                    if event == .epoch { seen.append((try? self.metric("evaluate.frechet-distance", measured)) ?? -1) }
                    return true
                }
                XCTAssertEqual(bits(plain), bits(measured))
                XCTAssertTrue(seen[0].isNaN)
                XCTAssertTrue(seen[1] > 0 && seen[2] == seen[1] && seen[3] > 0 && seen[3] != seen[2], "\(seen)")
                XCTAssertGreaterThan(try metric("evaluate.best-epoch", measured), 0)
            }
            XCTAssertFalse(plain.metricList.contains { $0.name.hasPrefix("evaluate.") })
        }
    }

    func testPatienceEndsARun() throws {
        let data = try bars(count: 100, side: 8)
        let trainer = try Trainer(
            options: smallOptions([
                ("evaluate.every", "1"), ("evaluate.count", "50"), ("evaluate.patience", "2"), ("generator.learning-rate", "0"), ("discriminator.learning-rate", "0"),
            ]), dataset: data)
        try trainer.run(epochs: 50, progress: nil)
        // Nothing is learnt, so nothing is better than the first.
        XCTAssertEqual(try metric("epoch", trainer), 3)
        XCTAssertEqual(try metric("evaluate.stale", trainer), 2)
        XCTAssertEqual(try metric("evaluate.best-epoch", trainer), 1)
    }

    func testAJudgeTellsOfClasses() throws {
        let data = try bars(count: 200, side: 8, classes: 3)
        let classifier = try Trainer(options: smallOptions(ClassifierTests.small), dataset: data)
        try classifier.run(epochs: 5, progress: nil)
        let trainer = try Trainer(options: smallOptions([("condition", "labels"), ("evaluate.every", "1"), ("evaluate.count", "40")]), dataset: data)
        try trainer.setJudge(classifier.classifier())
        try trainer.run(epochs: 1, progress: nil)
        for name in ["class-entropy", "modes", "label-agreement", "classifier-score"] {
            XCTAssertTrue(trainer.metricList.contains { $0.name == "evaluate.\(name)" })
            XCTAssertTrue(try metric("evaluate.\(name)", trainer).isFinite)
        }
    }

    func testDataBesideThemselves() throws {
        let data = try bars(count: 120, side: 8, classes: 3)
        let evaluation = try Evaluation(data, beside: data, nil, threads: 2)
        for (name, expected) in [("frechet-distance", 0.0), ("precision", 1), ("recall", 1), ("coverage", 1), ("copies", 1), ("sliced-wasserstein", 0)] {
            XCTAssertEqual(try evaluation.comparison.value(Measure.find(name)).value, expected, accuracy: 1e-6, name)
        }
        XCTAssertThrowsError(try evaluation.comparison.value(Measure.find("modes")))
        XCTAssertThrowsError(try Evaluation(bars(side: 6), beside: data, nil, threads: 1)) { XCTAssertTrue("\($0)".contains("6×6×1"), "\($0)") }
    }
}
