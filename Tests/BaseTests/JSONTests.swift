import Base
import XCTest

final class JSONTests: XCTestCase {
    private func read<R>(
        _ bytes: some Sequence<UInt8>, _ body: (inout JSONReader) throws(JSONReader.Failure) -> R
    ) throws -> R {
        try withExactly(Array(bytes)) { bytes in
            var reader = JSONReader(bytes)
            let result = try body(&reader)
            try reader.end()
            return result
        }
    }

    private func readString(_ text: String) throws -> String {
        try read(text.utf8) { (reader) throws(JSONReader.Failure) in try reader.string().value }
    }

    func testStrings() throws {
        XCTAssertEqual(try readString(#""""#), "")
        XCTAssertEqual(try readString(#" "plain é 😀""#), "plain é 😀")
        XCTAssertEqual(try readString(#""\"\\\/\b\f\n\r\t""#), "\"\\/\u{8}\u{C}\n\r\t")
        XCTAssertEqual(try readString(#""a\u0041\u00e9\u20AC\uD83D\uDE00z""#), "aAé€😀z")
        XCTAssertEqual(try readString(#""\u0000""#), "\0")
    }

    func testMalformedStrings() {
        for text in [
            "", "\"", "\"a", "a\"", "'a'", #""\"#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#,
            #""\ud83d\u0041""#, #""\ud83d\"#, #""\ude00""#, #""\u+123""#, "\"\n\"", "\"\u{1}\"", #""a" x"#, "\"a\"\n", "\"a\"\0",
        ] {
            XCTAssertThrowsError(try readString(text), text)
        }
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80], [0x80]] {
            for escape in ["", "\\n"] {  // with and without the path of strings that have escapes
                let text = Array("\"".utf8) + Array(escape.utf8) + bytes + Array("\"".utf8)
                XCTAssertThrowsError(
                    try read(text) { (reader) throws(JSONReader.Failure) in try reader.string().value }, "\(bytes)")
            }
        }
    }

    func testIntegers() throws {
        func integer(_ text: String) throws -> Int {
            try read(text.utf8) { (reader) throws(JSONReader.Failure) in try reader.integer() }
        }
        for (text, value) in [
            ("0", 0), ("7 ", 7), ("-1", -1), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
        ] {
            XCTAssertEqual(try integer(text), value)
        }
        for text in [
            "", "-", "+1", "00", "01", "-0", "-01", "1.0", "1e2", "1E2", ".5", "0x1", "9223372036854775808", "-9223372036854775809",
            "99999999999999999999999999999999", "1 2", "true", "null", "\"1\"", "NaN",
        ] {
            XCTAssertThrowsError(try integer(text), text)
        }
    }

    func testMapsAndArrays() throws {
        func map(_ text: String) throws -> [String: String] {
            try read(text.utf8) { (reader) throws(JSONReader.Failure) in try reader.stringMap(atMost: 50).mapValues(\.value) }
        }
        XCTAssertEqual(try map("{}"), [:])
        XCTAssertEqual(try map("{ \"a\" : \"1\" ,\r\n\t\"b\":\"2\"}  "), ["a": "1", "b": "2"])
        for text in [
            "{", "}", "[]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":\"1\",}", "{,\"a\":\"1\"}", "{\"a\":\"1\" \"b\":\"2\"}", "{a:\"1\"}",
            "{\"a\":\"1\",\"a\":\"2\"}", "{\"a\":\"1\",\"\\u0061\":\"2\"}", "{\"a\":1}", "{\"a\":{}}", "{\"a\":null}", "{}{}", "{} x",
            String(repeating: "{\"a\":", count: 100_000), String(repeating: "[", count: 100_000),
        ] {
            XCTAssertThrowsError(try map(text), String(text.prefix(40)))
        }

        func many(_ count: Int) -> String { JSONWriter.text(ofStringMap: Dictionary(uniqueKeysWithValues: (0..<count).map { ("\($0)", "") })) }
        XCTAssertEqual(try map(many(50)).count, 50)
        XCTAssertThrowsError(try map(many(51)))

        func array(_ text: String) throws -> [Int] {
            try read(text.utf8) { (reader) throws(JSONReader.Failure) in
                var values: [Int] = []
                try reader.openArray()
                while try reader.nextElement() { values.append(try reader.integer()) }
                return values
            }
        }
        XCTAssertEqual(try array("[]"), [])
        XCTAssertEqual(try array("[ 1 , 2,3 ]"), [1, 2, 3])
        for text in ["[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{1]", "[[1]]", "[1]]"] {
            XCTAssertThrowsError(try array(text), text)
        }
    }

    func testTheOffsetOfAnErrorIsThatOfTheByte() {
        for (text, offset) in [("{\"a\":1}", 5), ("{\"a\":\"\\q\"}", 6), ("{\"a\":\"b\",\"a\":\"c\"}", 10), ("{} x", 3)] {
            XCTAssertThrowsError(try read(text.utf8) { (reader) throws(JSONReader.Failure) in try reader.stringMap(atMost: 50) }) { error in
                XCTAssertEqual((error as? JSONReader.Failure)?.offset, offset, text)
            }
        }
    }

    func testWhatIsWrittenIsReadBack() throws {
        let everyControl = String(String.UnicodeScalarView((0..<0x30).compactMap(Unicode.Scalar.init(_:)) as [Unicode.Scalar]))
        let map = ["": "", "b": "\"\\/\u{7F}", "a": everyControl, "é😀": "é😀", "\n": "\u{2028}"]
        let text = JSONWriter.text(ofStringMap: map)
        XCTAssertEqual(
            try read(text.utf8) { (reader) throws(JSONReader.Failure) in try reader.stringMap(atMost: 50).mapValues(\.value) }, map)
        let decoded = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
        XCTAssertEqual(decoded, map, "Foundation's reader agrees")
    }

    func testTheWriterIsCanonical() {
        XCTAssertEqual(JSONWriter.text(ofStringMap: ["b": "2", "B": "é", "a": "\u{1}\u{1F}\n"]), #"{"B":"é","a":"\u0001\u001f\n","b":"2"}"#)
        var writer = JSONWriter()
        writer.openObject()
        writer.member("x")
        writer.openArray()
        writer.integer(1)
        writer.integer(-2)
        writer.closeArray()
        writer.member("y")
        writer.openObject()
        writer.closeObject()
        writer.member("z")
        writer.string("w")
        writer.closeObject()
        XCTAssertEqual(String(decoding: writer.bytes, as: UTF8.self), #"{"x":[1,-2],"y":{},"z":"w"}"#)
    }
}
