import Base
import Measures
import XCTest

final class RefusalTests: XCTestCase {
    func testTooFewSamplesAreTold() throws {
        let few = try rows(1, 4, seed: 1)
        for measure in Measure.all where measure.needs == .features && measure.minimum > 1 {
            let comparison = try compared(few, rows(200, 4, seed: 2))
            XCTAssertThrowsError(try comparison.value(measure)) { error in
                XCTAssertEqual((error as? GanError)?.status, .mismatch)
                XCTAssertTrue("\(error)".contains("needs \(measure.minimum) samples or more, and there are 1"), "\(error)")
            }
        }
        XCTAssertThrowsError(try value("precision", compared(rows(200, 4, seed: 2), rows(3, 4, seed: 1)))) { error in
            XCTAssertTrue("\(error)".contains("needs 4 items of the data or more, and there are 3"), "\(error)")
        }
        // With exactly as many as it says each measure has a value.
        for measure in Measure.all where measure.needs == .features {
            let comparison = try compared(rows(measure.minimum, 4, seed: 1), rows(measure.minimum, 4, seed: 2))
            XCTAssertTrue(try comparison.value(measure).value.isFinite, measure.name)
        }
    }

    func testOtherWidths() throws {
        XCTAssertThrowsError(try compared(rows(10, 4, seed: 1), rows(10, 5, seed: 1))) { error in
            XCTAssertEqual("\(error)", "The samples have 4 features each and the data 5; features of one kind were expected.")
        }
    }

    func testNumbersThatAreNone() throws {
        for wrong in [Float.nan, .infinity, -.infinity] {
            var values = [Float](repeating: 1, count: 12)
            values[7] = wrong
            XCTAssertThrowsError(try Features(copying: values, count: 4, width: 3, of: "the samples' features")) { error in
                XCTAssertEqual(
                    "\(error)", "Number 1 of row 2 of the samples' features is not finite; every feature has to be a finite number.")
            }
        }
    }

    func testWhatIsMissingIsTold() throws {
        let comparison = try compared(rows(100, 4, seed: 1), rows(100, 4, seed: 2))
        for measure in Measure.all where measure.needs != .features {
            XCTAssertThrowsError(try comparison.value(measure)) { XCTAssertEqual(($0 as? GanError)?.status, .mismatch) }
        }
    }

    func testNamesAreUniqueAndMisspellingsAreUnderstood() throws {
        XCTAssertEqual(Set(Measure.all.map(\.name)).count, Measure.all.count)
        XCTAssertThrowsError(try Measure.find("frechet-distanse")) { XCTAssertTrue("\($0)".contains("Did you mean 'frechet-distance'?"), "\($0)") }
    }

    func testHugeAndTinyFeaturesStayFinite() throws {
        for scale in [Float(1e-30), 1e30] {
            let comparison = try compared(rows(200, 6, seed: 1, scale: scale), rows(300, 6, seed: 2, scale: scale))
            for measure in Measure.all where measure.needs == .features { XCTAssertTrue(try comparison.value(measure).value.isFinite, measure.name) }
        }
    }
}
