import Base
import Data
import XCTest

/// CSV and JSON lines, as programs write them, and as nobody should.
final class CSVTests: XCTestCase {
    private func csv(_ bytes: [UInt8]) throws -> [[String]] {
        try bytes.withUnsafeBytes { bytes in
            var reader = CSVReader(bytes, name: "x.csv")
            var all: [[String]] = []
            while let (fields, _) = try reader.record() { all.append(fields) }
            return all
        }
    }

    private func csv(_ text: String) throws -> [[String]] { try csv(Array(text.utf8)) }

    func testWhatProgramsWrite() throws {
        let expected = [["a", "b"], ["1", "2"]]
        XCTAssertEqual(try csv("a,b\n1,2\n"), expected)
        XCTAssertEqual(try csv("a,b\r\n1,2\r\n"), expected, "RFC 4180")
        XCTAssertEqual(try csv("a,b\r1,2"), expected, "an old Mac's, without an end")
        XCTAssertEqual(try csv("\u{FEFF}a,b\n\n1,2\n\n\n"), expected, "a mark of UTF-8, empty lines")
        XCTAssertEqual(try csv("\"a\",\"b\"\n\"1\",\"2\""), expected)
        XCTAssertEqual(try csv("a,b\n,\n"), [["a", "b"], ["", ""]])
        XCTAssertEqual(try csv("a,b\n\"x, \"\"y\"\"\nz\r\n\",ü🙂\n"), [["a", "b"], ["x, \"y\"\nz\r\n", "ü🙂"]])
        XCTAssertEqual(try csv("\"\",\"\"\"\"\n"), [["", "\""]])
        XCTAssertEqual(try csv("a\n1\n"), [["a"], ["1"]])
        XCTAssertEqual(try csv(" a , b\n"), [[" a ", " b"]], "spaces belong to fields")
        XCTAssertEqual(try csv(""), [])
        XCTAssertEqual(try csv("\n\r\n\n"), [])
        XCTAssertEqual(try csv("\u{FEFF}"), [])
    }

    func testLinesAreCountedThroughQuotes() throws {
        let bytes = Array("a,b\n\"x\ny\",2\n\n3,4\n".utf8)
        try bytes.withUnsafeBytes { bytes in
            var reader = CSVReader(bytes, name: "x.csv")
            var lines: [Int] = []
            while let (_, line) = try reader.record() { lines.append(line) }
            XCTAssertEqual(lines, [1, 2, 5])
        }
    }

    func testWhatIsRefused() {
        assertFails(.badFormat, "Line 3", "x.csv", "1 field", "2") { _ = try csv("a,b\n1,2\n3\n") }
        assertFails(.badFormat, "Line 2", "3 fields") { _ = try csv("a,b\n1,2,3\n") }
        assertFails(.truncated, "Line 2", "quotation marks") { _ = try csv("a,b\n\"1,2\n3,4\n") }
        assertFails(.truncated, "Line 1") { _ = try csv("\"") }
        assertFails(.badFormat, "Line 1", "behind a closing quotation mark") { _ = try csv("\"a\"b,c\n") }
        assertFails(.badFormat, "Line 1", "quotation mark within") { _ = try csv("a\"b\",c\n") }
        assertFails(.badFormat, "Line 2", "not UTF-8") { _ = try csv(Array("a,b\n".utf8) + [0x63, 0xE9, 0x2C, 0x31, 0x0A]) }
        assertFails(.badFormat, "Line 1", "not UTF-8") { _ = try csv([0x22, 0xFF, 0x22, 0x0A]) }
        assertFails(.badFormat, "Line 2", "zero byte") { _ = try csv(Array("a,b\n1".utf8) + [0, 0x2C, 0x32]) }
        assertFails(.badFormat, "Line 1", "more than 4096 fields") { _ = try csv([UInt8](repeating: 0x2C, count: 1 << 20)) }
        assertFails(.badFormat, "Line 1", "more than 1048576 bytes") { _ = try csv([UInt8](repeating: 0x61, count: 1 << 20 + 1)) }
        assertFails(.badFormat, "Line 1", "more than 1048576 bytes") {
            _ = try csv([0x22] + [UInt8](repeating: 0x61, count: 1 << 21) + [0x22])
        }
    }

    /// Whatever the bytes, there is an end, and what fails says on which line.
    func testAnyBytes() {
        var state: UInt64 = 7
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        let pieces: [[UInt8]] = [[0x22], [0x2C], [0x0A], [0x0D], [0x0D, 0x0A], [0], [0xFF], [0x61], [0xC3, 0xA9], [0xEF, 0xBB, 0xBF], [0x22, 0x22]]
        for _ in 0..<20_000 {
            let bytes = (0..<random(14)).flatMap { _ in pieces[random(pieces.count)] }
            do { _ = try csv(bytes) } catch let error as GanError {
                XCTAssertTrue(error.message.hasPrefix("Line ") && error.message.hasSuffix("."), error.message)
            } catch { XCTFail("\(error)") }
        }
    }

    // MARK: JSON lines

    private func json(_ text: [UInt8]) throws -> [[String: JSONReader.Value]] {
        try text.withUnsafeBytes { bytes in
            var reader = JSONLines(bytes, name: "x.jsonl")
            var all: [[String: JSONReader.Value]] = []
            while let (members, _) = try reader.record() { all.append(members) }
            return all
        }
    }

    private func json(_ text: String) throws -> [[String: JSONReader.Value]] { try json(Array(text.utf8)) }

    func testJSONLines() throws {
        let line = #"{"a": "x\n\u00e9", "b": -1.5e3, "c": [], "d": ["p", "q"], "e": null, "f": true, "g": {"h": [1, {"i": 2}]}, "j": [1]}"#
        XCTAssertEqual(
            try json("\u{FEFF}\n" + line + "\r\n  \n{}"),
            [
                [
                    "a": .text("x\né"), "b": .number("-1.5e3"), "c": .texts([]), "d": .texts(["p", "q"]), "e": .null, "f": .boolean(true),
                    "g": .other, "j": .other,
                ], [:],
            ])
        XCTAssertEqual(try json(""), [])
    }

    func testJSONThatIsRefused() {
        assertFails(.badFormat, "Line 2", "x.jsonl", "byte 1") { _ = try json("{}\n[1]\n") }
        assertFails(.badFormat, "Line 1", "twice") { _ = try json(#"{"a": 1, "a": 2}"#) }
        assertFails(.badFormat, "Line 1", "ends") { _ = try json(#"{"a": "#) }
        assertFails(.badFormat, "Line 1", "after its end") { _ = try json("{}{}") }
        assertFails(.badFormat, "Line 1", "deeper") { _ = try json("{\"a\":" + String(repeating: "[", count: 100_000)) }
        for value in ["tru", "nul", "01x", "+1", "-", ".", "1e", "NaN", "'a'", "\"\u{1}\"", ""] {
            assertFails(.badFormat, "Line 1") { _ = try json("{\"a\": \(value)}") }
        }
        assertFails(.badFormat, "Line 1", "UTF-8") { _ = try json(Array("{\"a\": \"".utf8) + [0xFF] + Array("\"}".utf8)) }
        assertFails(.badFormat, "Line 1") { _ = try json([0x7B, 0, 0x7D]) }
    }
}
