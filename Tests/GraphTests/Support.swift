// What the tests of this room share: comparisons that name the case.

import Base
import XCTest

/// Largest difference beyond `tolerance` · (1 + |expected|), as a sentence; nil where all is well.
func difference(_ got: [Double], _ expected: [Double], tolerance: Double) -> String? {
    if got.count != expected.count { return "\(got.count) elements instead of \(expected.count)" }
    for (i, (a, b)) in zip(got, expected).enumerated() where !(abs(a - b) <= tolerance * (1 + abs(b))) && a != b {
        return "element \(i) is \(a) instead of \(b)"
    }
    return nil
}

/// Expects that `body` throws a `GanError`.
func expectRefusal(_ name: String, file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void) {
    do {
        try body()
        XCTFail("\(name) was accepted", file: file, line: line)
    } catch let error as GanError {
        XCTAssertTrue(error.message.hasSuffix("."), "\(name): the message is no sentence: \(error.message)", file: file, line: line)
    } catch {
        XCTFail("\(name) threw \(error)", file: file, line: line)
    }
}
