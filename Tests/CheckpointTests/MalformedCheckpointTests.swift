import Base
import Checkpoint
import XCTest

/// Bytes that are no checkpoint give an error, never a trap and never a checkpoint.
final class MalformedCheckpointTests: XCTestCase {
    private func parseFailure(_ bytes: [UInt8], _ what: String = "", line: UInt = #line) -> GanError {
        failure(what, line: line) { _ = try parse(bytes) }
    }

    // MARK: Accidents

    func testCutAtEveryLength() throws {
        let bytes = try State().bytes()
        for length in 0..<bytes.count {
            XCTAssertEqual(parseFailure(Array(bytes[..<length]), "\(length)").status, .truncated, "\(length)")
        }
    }

    func testEverySingleChangedBit() throws {
        var bytes = try State().bytes()
        var counts: [Status: Int] = [:]
        for index in bytes.indices {
            for bit in 0..<8 {
                bytes[index] ^= 1 << bit
                counts[parseFailure(bytes, "byte \(index), bit \(bit)").status, default: 0] += 1
                bytes[index] ^= 1 << bit
            }
        }
        XCTAssertEqual(
            Set(counts.keys), [.checksum, .badFormat, .truncated, .newerVersion], "another status than the contract promises")
        let tensorBits = State().tensors.reduce(0) { $0 + $1.values.count } * 32
        XCTAssertGreaterThanOrEqual(counts[.checksum] ?? 0, tensorBits, "every bit of the data is under the checksum")
        try State().assertEqual(try parse(bytes))
    }

    func testChecksumDigits() throws {
        let bytes = try State().bytes()
        let mark = Array("\"checksum\":\"".utf8)
        let start = try XCTUnwrap(bytes.indices.first { bytes[$0...].starts(with: mark) }) + mark.count
        for index in start..<start + 8 {
            for digit in "0123456789abcdef".utf8 where digit != bytes[index] {
                var changed = bytes
                changed[index] = digit
                XCTAssertEqual(parseFailure(changed).status, .checksum)
            }
            for wrong in "gAF-+ .".utf8 {
                var changed = bytes
                changed[index] = wrong
                XCTAssertEqual(parseFailure(changed).status, .badFormat)
            }
        }
    }

    // MARK: Lies, one at a time

    private func header(_ tensors: String) -> String {
        #"{"__metadata__":{"checksum":"00000000","format":"libgan","format-version":"1","kind":"trainer","options":"{}","seed":"1","step":"1"}"#
            + (tensors.isEmpty ? "" : "," + tensors) + "}"
    }

    func testTheCasesBelowAreMalformedInNothingElse() throws {
        _ = try parse(sealed(file(header(""))))
        _ = try parse(sealed(file(header(#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#), data: 8)))
        _ = try parse(sealed(file(header(#""a":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}"#) + "   ", data: 8)))
        let reversed = #""b":{"dtype":"F32","shape":[],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
        XCTAssertEqual(try parse(sealed(file(header(reversed), data: 8))).tensorNames, ["a", "b"])
        let empty = #""b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]}"#
        XCTAssertEqual(try parse(sealed(file(header(empty), data: 4))).tensorNames, ["a", "b"])
        let unknown = #""a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}"#
        let error = failure { _ = try parse(sealed(file(header(unknown), data: 16))).values("a", [1]) }
        XCTAssertTrue(error.message.contains("F128"), error.message)
    }

    func testHeaderLengths() {
        let json = Array(header("").utf8)
        for (length, status): (UInt64, Status) in [
            (0, .badFormat), (1, .badFormat), (2, .badFormat), (UInt64(json.count) - 1, .badFormat),
            (UInt64(json.count) + 1, .truncated), (100_000_000, .truncated), (100_000_001, .badFormat), (1 << 31, .badFormat),
            (1 << 63, .badFormat), (.max, .badFormat), (.max - 7, .badFormat),
        ] {
            let bytes = withUnsafeBytes(of: length.littleEndian, Array.init) + json
            XCTAssertEqual(parseFailure(bytes, "\(length)").status, status, "\(length)")
        }
    }

    /// What begins as a file of a well-known kind is called by its name; a length of a header that merely looks like one is not.
    func testFilesOfAnotherKind() throws {
        for (beginning, name) in [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a PNG picture"), ([0, 0, 8, 3, 0, 0, 0x27, 0x10], "an IDX file"),
            ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "compressed by gzip"), ([0x80, 2, 0x7D, 0x71, 0, 0x58, 1, 0], "a Python pickle"),
        ] as [([UInt8], String)] {
            for rest in [0, 30, 600_000] {
                let error = parseFailure(beginning + [UInt8](repeating: 7, count: rest))
                XCTAssertEqual(error.status, .badFormat, name)
                XCTAssertTrue(error.message.contains(" is \(name)"), error.message)
            }
        }
        XCTAssertEqual(parseFailure([0x80, 2, 0, 0, 0, 0, 0, 0] + Array("{".utf8)).status, .truncated)
    }

    func testTensorDescriptions() {
        let max = Int.max
        for (tensors, data, expected) in [
            // Offsets.
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"#, 4, "4 bytes that its offsets say"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}"#, 8, "a beginning and an end"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}"#, 12, "leaves a gap"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}"#, 8, "negative"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0]}"#, 8, "a beginning and an end"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}"#, 8, "more than 2"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775808]}"#, 8, "64 bits"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,\#(max)]}"#, 8, "\(max) bytes"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8.0]}"#, 8, "whole number"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":"08"}"#, 8, "beginning of an array"),
            (#""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, 4, "overlaps"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#, 8, "overlaps"),
            (#""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}"#, 12, "leaves a gap"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, 9, "something follows"),
            ("", 1, "something follows"),
            // Shapes.
            (#""a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}"#, 8, "negative"),
            (#""a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}"#, 8, "negative"),
            (#""a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}"#, 0, "larger than any memory"),
            (#""a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}"#, 8, "larger than any memory"),
            (#""a":{"dtype":"F32","shape":[\#(max)],"data_offsets":[0,8]}"#, 8, "larger than any memory"),
            (#""a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}"#, 1, "does not have"),
            (#""a":{"dtype":"F32","shape":[\#(Array(repeating: "1", count: 65).joined(separator: ","))],"data_offsets":[0,4]}"#, 4, "more than 64"),
            (#""a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}"#, 8, "whole number"),
            (#""a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}"#, 8, "beginning of an array"),
            // Members.
            (#""a":{"dtype":"F32","shape":[2]}"#, 8, "no \"data_offsets\""),
            (#""a":{"dtype":"F32","data_offsets":[0,8]}"#, 8, "no \"shape\""),
            (#""a":{"shape":[2],"data_offsets":[0,8]}"#, 8, "no \"dtype\""),
            (#""a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, 8, "twice"),
            (#""a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}"#, 8, "twice"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,8]}"#, 8, "twice"),
            (#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1]}"#, 8, "\"strides\""),
            (#""a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}"#, 8, "a string"),
            (#""a":null"#, 0, "beginning of an object"),
            (#""a":"# + String(repeating: "{\"a\":", count: 10_000), 0, "does not know"),
            (#""a":"# + String(repeating: "[", count: 10_000), 0, "beginning of an object"),
            (#""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#, 8, "twice"),
            (#""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#, 8, "twice"),
            (#""__metadata__":{}"#, 0, "twice"),
        ] {
            let error = parseFailure(sealed(file(header(tensors), data: data)), String(tensors.prefix(100)))
            XCTAssertEqual(error.status, .badFormat, "\(tensors.prefix(100)): \(error.message)")
            XCTAssertTrue(error.message.contains(expected), "\(tensors.prefix(100)): \(error.message)")
        }
        let cut = file(header(#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#), data: 7)
        XCTAssertEqual(parseFailure(cut).status, .truncated)
    }

    func testAHeaderMadeOfNamesAlone() {
        let tensors = (0...100_000).map { #""\#($0)":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"# }.joined(separator: ",")
        let metadata = (0...100_000).map { #""\#($0)":"""# }.joined(separator: ",")
        for json in [header(tensors), "{\"__metadata__\":{\(metadata)}}"] {
            let error = parseFailure(file(json))
            XCTAssertEqual(error.status, .badFormat)
            XCTAssertTrue(error.message.contains("more than 100000 names"), error.message)
        }
    }

    func testHeadersAroundTheTensors() {
        let good = header("")
        for json in [
            " " + good, "[]", "{", "{}x", "{} \n", good + "\n", good + "x", good + good, "{\"__metadata__\":[]}", "{\"__metadata__\":null}",
            "{\"__metadata__\":{\"format\":1}}", "{\"__metadata__\":{\"format\":{}}}", "{}", "\u{FEFF}" + good,
        ] {
            XCTAssertEqual(parseFailure(sealed(file(json)), json).status, .badFormat, json)
        }
        let notText = Array(good.utf8).map { $0 == UInt8(ascii: "k") ? 0xFF : $0 }
        XCTAssertEqual(parseFailure(file(notText, data: [])).status, .badFormat)
    }

    func testMetadata() {
        func error(_ old: String, _ new: String, line: UInt = #line) -> GanError {
            XCTAssertTrue(header("").contains(old), line: line)
            return parseFailure(sealed(file(header("").replacingOccurrences(of: old, with: new))), new, line: line)
        }
        for (old, new) in [
            (#""format":"libgan""#, #""format":"pt""#), (#""format":"libgan","#, ""), (#""format-version":"1","#, ""),
            (#""format-version":"1""#, #""format-version":"0""#), (#""format-version":"1""#, #""format-version":"one""#),
            (#""format-version":"1""#, #""format-version":" 1""#), (#""kind":"trainer""#, #""kind":"encoder""#),
            (#""kind":"trainer","#, ""), (#""seed":"1""#, #""seed":"-1""#), (#""seed":"1""#, #""seed":"18446744073709551616""#),
            (#""seed":"1","#, ""), (#""step":"1""#, #""step":"""#), (#""step":"1""#, #""step":"9223372036854775808""#),
            (#","step":"1""#, ""), (#""options":"{}","#, ""), (#""options":"{}""#, #""options":"""#),
            (#""options":"{}""#, #""options":"{\"a\":1}""#), (#""options":"{}""#, #""options":"{\"a\":\"1\",\"a\":\"1\"}""#),
            (#""options":"{}""#, #""options":"{}x""#), (#""checksum":"00000000","#, ""),
            (#""checksum":"00000000""#, #""Checksum":"00000000""#), (#""checksum":"00000000""#, #""checksum" : "\u00300000000""#),
            (#""checksum":"00000000""#, #""checksum" : "000000000""#), (#""checksum":"00000000""#, #""checksum" : """#),
        ] {
            XCTAssertEqual(error(old, new).status, .badFormat, new)
        }
        let newer = error(#""format-version":"1""#, #""format-version":"3""#)
        XCTAssertEqual(newer.status, .newerVersion)
        XCTAssertTrue(newer.message.contains("version 3"), newer.message)
        XCTAssertEqual(error(#""format-version":"1""#, #""format-version":"18446744073709551615""#).status, .newerVersion)
    }

    func testANameInAMessageIsShortAndOnOneLine() {
        let name = "x\\n\\u001b\\u202e" + String(repeating: "y", count: 10_000)
        let error = parseFailure(file(header("\"\(name)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}"), data: 8))
        XCTAssertTrue(error.message.contains(#""x\u{a}\u{1b}\u{202e}yyy"#), error.message)
        XCTAssertLessThan(error.message.count, 400)
    }

    // MARK: Chance

    /// Thousands of files with random changes, half of them with length and checksum made right again, so that the
    /// change is seen by what comes after.
    func testRandomChanges() throws {
        var random = FixedGenerator(state: 2014)
        let original = try State().bytes()
        let headerSize = Int(original.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
        let interesting = Array(#""{}[],:\u0123456789-.eE"#.utf8) + [0, 0x7F, 0x80, 0xC3, 0xED, 0xFF, 0x20, 0x0A]
        var accepted = 0
        for _ in 0..<20_000 {
            var json = Array(original[8..<(8 + headerSize)])
            var data = Array(original[(8 + headerSize)...])
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<json.count, using: &random)
                switch Int.random(in: 0..<7, using: &random) {
                case 0: json[place] = interesting.randomElement(using: &random) ?? 0
                case 1: json[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: json.insert(interesting.randomElement(using: &random) ?? 0, at: place)
                case 3: json.removeSubrange(place..<min(json.count, place + Int.random(in: 1...9, using: &random)))
                case 4: json.insert(contentsOf: json[place..<min(json.count, place + 60)], at: Int.random(in: 0..<json.count, using: &random))
                case 5:
                    // A digit for a digit: headers that stay well-formed and lie.
                    let digits = json.indices.filter { (0x30...0x39).contains(json[$0]) }
                    if let digit = digits.randomElement(using: &random) { json[digit] = UInt8.random(in: 0x30...0x39, using: &random) }
                default: if !data.isEmpty { data[Int.random(in: 0..<data.count, using: &random)] ^= 0x55 }
                }
                if json.isEmpty { json = [0x7B] }
            }
            if Bool.random(using: &random) { data.removeLast(Int.random(in: 0...min(4, data.count), using: &random)) }
            var bytes = file(json, data: data)
            if Bool.random(using: &random) { bytes = sealed(bytes) } else { bytes[Int.random(in: 0..<8, using: &random)] ^= 1 }
            do {
                let checkpoint = try parse(bytes)
                accepted += 1
                for name in checkpoint.tensorNames {
                    let shape = try XCTUnwrap(checkpoint.shape(name))
                    do { _ = try checkpoint.values(name, shape) } catch let error as GanError { XCTAssertEqual(error.status, .mismatch) }
                }
                _ = checkpoint.firstNonFinite
            } catch let error as GanError {
                XCTAssertTrue([.badFormat, .truncated, .checksum, .newerVersion].contains(error.status), error.message)
            }
        }
        XCTAssertGreaterThan(accepted, 20, "no change got past the checksum, so nothing behind it was tried")
    }
}
