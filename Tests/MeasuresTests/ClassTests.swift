import Base
import Measures
import XCTest

final class ClassTests: XCTestCase {
    private func features(_ rows: [[Float]]) throws -> Features {
        let features = try Features(count: rows.count, width: rows[0].count, of: "rows")
        for (index, row) in rows.enumerated() { for (place, value) in row.enumerated() { features.row(index)[place] = value } }
        return features
    }

    private func comparison(_ samples: [[Float]], _ data: [[Float]], labels: [Int32]? = nil) throws -> Comparison {
        var mine = Observations(features: try features(samples)), theirs = Observations(features: try features(data))
        mine.probabilities = mine.features
        theirs.probabilities = theirs.features
        mine.labels = labels
        return try Comparison(samples: mine, data: theirs, Team(threads: 1))
    }

    func testKnownValues() throws {
        // Sure of every sample, half of them of each of two classes among four: exp(KL) = 2, entropy ln 2 / ln 4.
        let samples: [[Float]] = [[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]]
        let data: [[Float]] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
        let comparison = try comparison(samples, data, labels: [0, 1, 2, 2])
        XCTAssertEqual(try value("classifier-score", comparison), 2, accuracy: 1e-12)
        XCTAssertEqual(try value("class-entropy", comparison), 0.5, accuracy: 1e-12)
        XCTAssertEqual(try value("modes", comparison), 2)
        XCTAssertEqual(try value("mode-divergence", comparison), log(2), accuracy: 1e-12)
        XCTAssertEqual(try value("label-agreement", comparison), 0.75)
        XCTAssertEqual(comparison.histogram()?.samples, [2, 0, 2, 0])
        XCTAssertEqual(comparison.histogram()?.data, [1, 1, 1, 1])
    }

    func testAClassifierThatIsSureOfNothingScoresOne() throws {
        let even = [[Float]](repeating: [0.25, 0.25, 0.25, 0.25], count: 30)
        let comparison = try comparison(even, even)
        XCTAssertEqual(try value("classifier-score", comparison), 1, accuracy: 1e-12)
        XCTAssertEqual(try comparison.value(Measure.find("classifier-score")).spread, 0, accuracy: 1e-12)
        XCTAssertEqual(try value("modes", comparison), 1)
        XCTAssertEqual(try value("class-entropy", comparison), 0)
    }

    func testAClassThatTheDataHaveNotIsInfinitelyFar() throws {
        XCTAssertEqual(try value("mode-divergence", comparison([[0, 1], [1, 0]], [[1, 0], [1, 0]])), .infinity)
    }
}
