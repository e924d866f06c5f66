import Base
import Glibc
import XCTest

final class TextTests: XCTestCase {
    func testRealNumbers() {
        let good: [(String, Double)] = [
            ("0", 0), ("-0", 0), ("1", 1), ("+1", 1), ("-1.5", -1.5), (".5", 0.5), ("5.", 5), ("2e-4", 2e-4), ("1E+3", 1000),
            ("1.7976931348623157e308", .greatestFiniteMagnitude), ("1e-999", 0), ("0.1", 0.1),
            (String(repeating: "0", count: 1000) + "7", 7),
        ]
        for (text, value) in good { XCTAssertEqual(Text.double(text), value, text) }
        let bad = [
            "", " 1", "1 ", "1,5", "0x10", "0x1p3", "inf", "-inf", "nan", "infinity", "1e", "e1", ".", "-", "+", "--1", "1e+", "1_000",
            "1e400", "-1e400", "1.2.3", "１", "1\0", "1f", String(repeating: "1", count: 2000),
        ]
        for text in bad { XCTAssertNil(Text.double(text), text) }
        XCTAssertEqual(Text.float("0.1"), 0.1)
        XCTAssertNil(Text.float("1e39"))
    }

    func testIntegers() {
        XCTAssertEqual(Text.int64("-9223372036854775808"), .min)
        XCTAssertEqual(Text.int64("+7"), 7)
        XCTAssertEqual(Text.uint64("18446744073709551615"), .max)
        for text in ["", "-", "9223372036854775808", "1.0", "1e3", " 1", "0x1", "1 "] { XCTAssertNil(Text.int64(text), text) }
        for text in ["", "-1", "+1", "-0", "18446744073709551616", "1.0"] { XCTAssertNil(Text.uint64(text), text) }
    }

    func testFormattingIsTheShortestThatReadsBack() {
        let cases: [(Double, String)] = [
            (0, "0"), (100, "100"), (0.0002, "0.0002"), (1e-05, "1e-05"), (0.1, "0.1"), (-2.5, "-2.5"), (1e300, "1e+300"),
            (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"),
        ]
        for (value, text) in cases { XCTAssertEqual(Text.format(value), text) }
        XCTAssertEqual(Text.format(Float(0.1)), "0.1")
        var bits: UInt64 = 1
        for _ in 0..<2000 {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: bits)
            if value.isFinite { XCTAssertEqual(Text.double(Text.format(value)), value) }
        }
    }

    func testNoLocaleChangesNumbers() {
        defer { setlocale(LC_ALL, "C") }
        for name in ["de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", ""] where setlocale(LC_ALL, name) != nil {
            XCTAssertEqual(Text.double("1.5"), 1.5)
            XCTAssertNil(Text.double("1,5"))
            XCTAssertEqual(Text.format(1.5), "1.5")
        }
    }

    func testNearestName() {
        let names = ["batch-size", "generator.learning-rate", "generator.widths", "data.minimum", "data.maximum", "epochs", "loss"]
        let cases: [(String, String?)] = [
            ("bach-size", "batch-size"), ("batch_size", "batch-size"), ("Batch-Size", "batch-size"), ("btach-size", "batch-size"),
            ("learning-rate", "generator.learning-rate"), ("generator.learningrate", "generator.learning-rate"),
            ("data.maximun", "data.maximum"), ("epoch", "epochs"), ("", nil), ("zzzzzz", nil), ("x", nil), ("ab", nil),
            (String(repeating: "a", count: 100_000), nil), ("los", "loss"),
        ]
        for (name, expected) in cases { XCTAssertEqual(Text.nearestName(to: name, among: names), expected, name) }
    }
}

final class MemoryTests: XCTestCase {
    func testBuffersAreAlignedZeroAndMayFail() throws {
        for count in [0, 1, 3, 1000, 1 << 19, 1 << 20, (1 << 20) + 12_345] {
            for often in [false, true] {
                let buffer = try AlignedBuffer<Float>(count: count, often: often, for: "a test")
                XCTAssertEqual(Int(bitPattern: buffer.pointer) % 64, 0)
                XCTAssertTrue(buffer.buffer.allSatisfy { $0 == 0 })
                for i in 0..<count { buffer.pointer[i] = 1 }
            }
        }
        assertFails(.outOfMemory, "a test") { _ = try AlignedBuffer<UInt8>(count: 1 << 60, for: "a test") }
        assertFails(.outOfMemory, "a test") { _ = try AlignedBuffer<UInt8>(count: .max, for: "a test") }
        assertFails(.outOfRange, "a test") { _ = try AlignedBuffer<Double>(count: .max, for: "a test") }
        assertFails(.outOfRange, "a test") { _ = try AlignedBuffer<Double>(count: -1, for: "a test") }
        let buffer = try AlignedBuffer<UInt8>(count: 10, for: "a test")
        buffer.shorten(to: 20)
        buffer.shorten(to: -1)
        XCTAssertEqual(buffer.count, 10)
        buffer.shorten(to: 4)
        XCTAssertEqual(buffer.buffer.count, 4)
    }

    func testBuffersOnTheBestOfSeveralPlaces() throws {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        for (count, times) in [(1, 4), (page / 4, 3), (5 * page + 7, 4), (40 * page, 2)] {
            // The one in the middle is to be the best.
            var seen: [UnsafeMutablePointer<Float>] = []
            let buffer = try AlignedBuffer<Float>(count: count, onBestOf: times, for: "a test") { place in
                XCTAssertEqual(Int(bitPattern: place) % page, 0)
                XCTAssertTrue(place[0] == 0 && place[count - 1] == 0)
                seen.append(place)
                return seen.count == 2 ? 1 : 2
            }
            XCTAssertGreaterThanOrEqual(seen.count, times)
            XCTAssertEqual(Set(seen).count, seen.count)
            XCTAssertEqual(buffer.pointer, seen[1])
            XCTAssertEqual(buffer.count, count)
            XCTAssertTrue(buffer.buffer.allSatisfy { $0 == 0 })
            for i in 0..<count { buffer.pointer[i] = Float(i) }
            XCTAssertEqual(buffer.pointer[count - 1], Float(count - 1))
            // What was not chosen is the system's again.
            let end = UnsafeMutableRawPointer(buffer.pointer) + (count * 4 + page - 1) / page * page
            XCTAssertEqual(msync(UnsafeMutableRawPointer(buffer.pointer) - page, page, MS_ASYNC), -1)
            XCTAssertEqual(errno, ENOMEM)
            if seen.count > 2 { XCTAssertEqual(msync(end, page, MS_ASYNC), -1) }
        }
        assertFails(.outOfMemory, "a test") { _ = try AlignedBuffer<UInt8>(count: 1 << 60, onBestOf: 4, for: "a test") { _ in 0 } }
        assertFails(.outOfRange, "a test") { _ = try AlignedBuffer<UInt8>(count: .max, onBestOf: 4, for: "a test") { _ in 0 } }
        assertFails(.outOfRange, "a test") { _ = try AlignedBuffer<Float>(count: -1, onBestOf: 4, for: "a test") { _ in 0 } }
    }

    func testSizes() throws {
        XCTAssertEqual(try Sizes.product(3, 4, 5, of: "it"), 60)
        XCTAssertEqual(try Sizes.sum(3, 4, of: "it"), 7)
        assertFails(.outOfRange, "it") { _ = try Sizes.product(.max, 2, of: "it") }
        assertFails(.outOfRange, "it") { _ = try Sizes.product(0, -1, of: "it") }
        assertFails(.outOfRange, "it") { _ = try Sizes.sum(.max, 1, of: "it") }
    }

    func testGrowingBytes() throws {
        let gathered = GrowingBytes(for: "a test")
        for i in 0..<1000 {
            let bytes = [UInt8](repeating: UInt8(i % 256), count: i)
            try bytes.withUnsafeBytes { try gathered.append($0) }
        }
        let all = try gathered.finish()
        XCTAssertEqual(all.count, 999 * 1000 / 2)
        XCTAssertEqual(all.buffer.last, UInt8(999 % 256))
        XCTAssertEqual(try gathered.finish().count, 0)
    }

    func testChecksum() {
        // The check value that every description of this polynomial gives.
        let bytes = Array("123456789".utf8)
        bytes.withUnsafeBytes { bytes in
            XCTAssertEqual(Checksum.crc32(bytes), 0xCBF4_3926)
            let front = Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[..<4]))
            XCTAssertEqual(Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[4...]), continuing: front), 0xCBF4_3926)
        }
        XCTAssertEqual(Checksum.crc32(UnsafeRawBufferPointer(start: nil, count: 0)), 0)
    }

    /// Bit by bit, as the standard describes it.
    private func slowChecksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var check = UInt32.max
        for byte in bytes {
            check ^= UInt32(byte)
            for _ in 0..<8 { check = check >> 1 ^ (check & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~check
    }

    func testChecksumsOfManyLengths() {
        let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7 &+ $0 >> 3) }
        bytes.withUnsafeBytes { bytes in
            for length in Array(0...200) + [255, 256, 257, 319, 320, 321, 512, 1000, 1024, 2047, 2999] {
                for start in [0, 1] {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
                    XCTAssertEqual(Checksum.crc32(part), slowChecksum(part), "\(length) bytes")
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[(start + length)...])
                    let whole = slowChecksum(bytes[start...])
                    XCTAssertEqual(Checksum.crc32(rest, continuing: Checksum.crc32(part)), whole)
                    XCTAssertEqual(Checksum.combined(Checksum.crc32(part), Checksum.crc32(rest), count: rest.count), whole)
                }
            }
        }
    }
}
