import Base
import Data
import Foundation
import XCTest

final class NPYTests: XCTestCase {
    private func shape(_ height: Int, _ width: Int, _ channels: Int) throws -> ImageShape {
        try ImageShape(height: height, width: width, channels: channels)
    }

    func testEveryElementTypeInBothOrders() throws {
        let folder = TemporaryFolder()
        let integers: [Int64] = [3, 0, 7, 2]
        let fractions = [0, 0.25, 1, 0.5]
        func both<T: FixedWidthInteger>(_ values: [T], _ code: String) -> [(String, [UInt8])] {
            [("<" + code, values.flatMap { littleEndian($0) }), (">" + code, values.flatMap { bigEndian($0) })]
        }
        let signed: [Int64] = [-3, 0, 7, 2]
        let naturals =
            [("|u1", integers.map { UInt8($0) })] + both(integers.map { UInt16($0) }, "u2") + both(integers.map { UInt32($0) }, "u4")
            + both(integers.map { UInt64($0) }, "u8")
        let whole =
            [("|i1", signed.map { UInt8(bitPattern: Int8($0)) })] + both(signed.map { Int16($0) }, "i2") + both(signed.map { Int32($0) }, "i4")
            + both(signed, "i8")
        let floats = both(fractions.map { Float($0).bitPattern }, "f4") + both(fractions.map { $0.bitPattern }, "f8")
        let cases: [([(String, [UInt8])], [Float])] = [
            (naturals, integers.map { Float($0) / 7 }), (whole, signed.map { (Float($0) + 3) / 10 }), (floats, fractions.map { Float($0) }),
            ([("|b1", [0, 0, 1, 0])], [0, 0, 1, 0]),
        ]
        for (arrays, expected) in cases {
            for (type, elements) in arrays {
                for version in [1, 2, 3] as [UInt8] {
                    for packed in [false, true] {
                        let bytes = npy(type, "(2, 1, 2)", elements, version: version)
                        let data = try Dataset.open(path: folder.write("x.npy", packed ? gzip(bytes) : bytes))
                        XCTAssertEqual(data.count, 2)
                        XCTAssertEqual(data.shape, try shape(1, 2, 1))
                        let values = type == "|u1" ? try data.floats([0, 1]).map { $0 * 255 / 7 } : try data.floats([0, 1])
                        for (value, wanted) in zip(values, expected) { XCTAssertEqual(value, wanted, accuracy: 1e-6, type) }
                    }
                }
            }
        }
    }

    func testAxesBecomeShapes() throws {
        let folder = TemporaryFolder()
        let cases: [(String, [Int])] = [
            ("(2, 12)", [1, 12, 1]), ("(2, 3, 4)", [3, 4, 1]), ("(2, 2, 2, 3)", [2, 2, 3]), ("(2,2,1,3,2)", [2, 1, 6]), ("(24L, 1L)", [1, 1, 1]),
        ]
        for (axes, wanted) in cases {
            let data = try Dataset.open(path: folder.write("x", npy("|u1", axes, Array(0..<24))))
            XCTAssertEqual(data.shape, try shape(wanted[0], wanted[1], wanted[2]), axes)
            XCTAssertEqual(data.bytes, Array(0..<24), "in the order of the file")
        }
        var options = DatasetOptions()
        (options.height, options.width) = (3, 4)
        XCTAssertEqual(try Dataset.open(path: folder.write("x", npy("|u1", "(2, 12)", Array(0..<24))), options: options).shape, try shape(3, 4, 1))
        // PyTorch's order is asked about, and taken as it stands where the options say so.
        let torch = folder.write("t", npy("|u1", "(2, 3, 5, 6)", [UInt8](repeating: 7, count: 180)))
        assertFails(.mismatch, "[count, channels, height, width]", "numpy.transpose", "data.channels to 6") { _ = try Dataset.open(path: torch) }
        options = DatasetOptions()
        options.channels = 6
        XCTAssertEqual(try Dataset.open(path: torch, options: options).shape, try shape(3, 5, 6))
    }

    /// As numpy.save writes a transposed array, or the numbers of a table of pandas.
    func testFortranOrder() throws {
        let folder = TemporaryFolder()
        let axes = [3, 2, 4, 5]
        let count = axes.reduce(1, *)
        // Value i of the C order, where Fortran's order has it.
        var file = [UInt8](repeating: 0, count: count)
        for i in 0..<count {
            let place = [i / 40, i / 20 % 2, i / 5 % 4, i % 5]
            file[place[0] + 3 * (place[1] + 2 * (place[2] + 4 * place[3]))] = UInt8(i)
        }
        let bytes = try Dataset.open(path: folder.write("x", npy("|u1", "(3, 2, 4, 5)", file, order: "True")))
        XCTAssertEqual(bytes.bytes, (0..<count).map { UInt8($0) })
        XCTAssertEqual(bytes.shape, try shape(2, 4, 5))
        let floats = file.flatMap { littleEndian((Double($0) / 128).bitPattern) }
        XCTAssertEqual(try Dataset.open(path: folder.write("x", npy("<f8", "(3, 2, 4, 5)", floats, order: "True"))).floats([2, 0]),
            (Array(80..<120) + Array(0..<40)).map { Float($0) / 128 })
        // Rows of a table, and axes of 1, of which there is no order.
        XCTAssertEqual(try Dataset.open(path: folder.write("x", npy("|u1", "(2, 3)", [1, 4, 2, 5, 3, 6], order: "True"))).bytes, [1, 2, 3, 4, 5, 6])
        XCTAssertEqual(try Dataset.open(path: folder.write("x", npy("|u1", "(1, 6, 1)", [1, 4, 2, 5, 3, 6], order: "True"))).bytes, [1, 4, 2, 5, 3, 6])
        let images = folder.write("i", npy("|u1", "(2, 3)", [1, 4, 2, 5, 3, 6]))
        XCTAssertEqual(try Dataset.openIDX(images: images, labels: folder.write("l", npy("|u1", "(2, 1)", [3, 1], order: "True"))).labelArray, [3, 1])
        assertFails(.badFormat, "axes") {
            let rows = [UInt8](repeating: 0, count: 64)
            _ = try Dataset.openIDX(images: images, labels: folder.write("l", npy("<i4", "(2, 8)", rows, order: "True")))
        }
    }

    func testRangeAndLabels() throws {
        let folder = TemporaryFolder()
        let images = folder.write("i", npy("<f4", "(3, 1, 1)", [-1, 0, 1].flatMap { littleEndian(Float($0).bitPattern) }))
        assertFails(.badData, "Element 0 of item 0", "is -1", "data.minimum") { _ = try Dataset.open(path: images) }
        var options = DatasetOptions()
        (options.minimum, options.maximum) = (-1, 1)
        func open(_ labels: [UInt8]) throws -> Dataset {
            try Dataset.openIDX(images: images, labels: folder.write("l", labels), options: options)
        }
        XCTAssertEqual(try open(npy("<i8", "(3,)", [4, 0, 2].flatMap { littleEndian(Int64($0)) })).labelArray, [4, 0, 2])
        XCTAssertEqual(try open(npy(">i8", "(3, 1)", [4, 0, 2].flatMap { bigEndian(Int64($0)) })).classCount, 5)
        XCTAssertEqual(try open(idx(8, [3], [4, 0, 2])).labelArray, [4, 0, 2])
        assertFails(.badData, "item 2") { _ = try open(npy("<i8", "(3,)", [4, 0, Int64.max].flatMap { littleEndian($0) })) }
        assertFails(.badData, "item 1") { _ = try open(npy("<i8", "(3,)", [4, Int64.min, 0].flatMap { littleEndian($0) })) }
        assertFails(.badData, "item 1") { _ = try open(npy("<u8", "(3,)", [4, UInt64.max, 0].flatMap { littleEndian($0) })) }
        assertFails(.badFormat, "integers") { _ = try open(npy("<f4", "(3,)", [UInt8](repeating: 0, count: 12))) }
        assertFails(.badFormat, "axes") { _ = try open(npy("<i4", "(3, 7)", [UInt8](repeating: 0, count: 84))) }
        // QMNIST's eight numbers an item: the class, the writer, …
        let rows = [5, 1, 9].flatMap { (label: Int32) -> [UInt8] in ([label] + (1001..<1008)).flatMap { bigEndian($0) } }
        XCTAssertEqual(try open(idx(12, [3, 8], rows)).labelArray, [5, 1, 9])
    }

    func testLyingHeaders() throws {
        let folder = TemporaryFolder()
        func fails(_ status: Status, _ word: String, _ bytes: [UInt8], line: UInt = #line) {
            assertFails(status, "x.npy", word, line: line) { _ = try Dataset.open(path: folder.write("x.npy", bytes)) }
        }
        let zeros = [UInt8](repeating: 0, count: 8)
        fails(.badFormat, "header", npy("<f4", "(1, 1, 2)", zeros, order: "Perhaps"))
        fails(.badFormat, "'<f2'", npy("<f2", "(2, 2)", zeros))
        fails(.badFormat, "'<c8'", npy("<c8", "(1, 1)", zeros))
        fails(.badFormat, "'|S8'", npy("|S8", "(1, 1)", zeros))
        fails(.badFormat, "'|O'", npy("|O", "(1, 1)", zeros))
        fails(.badFormat, "one axis", npy("|u1", "(8,)", zeros))
        fails(.badFormat, "single number", npy("<f8", "()", zeros))
        fails(.badData, "no items", npy("|u1", "(0, 8)", []))
        fails(.badFormat, "size 0", npy("|u1", "(8, 0)", []))
        fails(.truncated, "cut short", npy("|u1", "(2, 5)", zeros))
        fails(.badFormat, "too many", npy("|u1", "(2, 3)", zeros))
        fails(.truncated, "promises", npy("<f8", "(60000, 1000, 1000)", zeros))
        fails(.badFormat, "any file can hold", npy("<f8", "(4294967296, 4294967296, 4294967296)", zeros))
        fails(.badFormat, "any file can hold", npy("<f8", "(99999999999999999999, 1)", zeros))
        fails(.badFormat, "description", npy("|u1", "(-2, 4)", zeros))
        fails(.badFormat, "description", npy("|u1", "8", zeros))
        fails(.badFormat, "description", npy("|u1", "(" + String(repeating: "1, ", count: 70) + ")", zeros))
        fails(.badFormat, "version 4", npy("|u1", "(2, 4)", zeros, version: 4))
        fails(.badFormat, "several fields", npyHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }") + zeros)
        fails(.badFormat, "lacks", npyHeader("{'descr': '|u1', 'shape': (2, 4), }") + zeros)
        for text in ["", "{", "{}}", "{'descr'}", "{'descr': '|u1", "{'descr': '|u1', 'descr': '|u1'}", "{'shape': (2", "{'fortran_order': 1}", "{1: 2}", "[]"] {
            fails(.badFormat, "header", npyHeader(text) + zeros)
        }
        // The length of the description: longer than the file, and than any description.
        fails(.truncated, "cut short", [0x93] + Array("NUMPY".utf8) + [1, 0, 0xFF, 0xFF] + zeros)
        fails(.badFormat, "claims to have 4294967295 bytes", [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF] + zeros)
        fails(.badFormat, "neither", [0x93] + Array("NUMBER".utf8) + zeros)
        let good = npy("<i2", "(2, 2)", zeros)
        for length in 0..<good.count {
            XCTAssertNil(try? Dataset.open(path: folder.write("cut.npy", Array(good[..<length]))), "\(length) of \(good.count) bytes")
        }
        for place in 0..<good.count {
            for change in [1, 0x10, 0x80, 0xFF] as [UInt8] {
                var bytes = good
                bytes[place] ^= change
                if let data = try? Dataset.open(path: folder.write("changed.npy", bytes)) { XCTAssertGreaterThan(data.count, 0) }
            }
        }
    }

    /// Through a pipe nobody knows how long the data are: what the header promises is gathered, and no more than that.
    func testPipes() throws {
        let folder = TemporaryFolder()
        func open(_ bytes: [UInt8], andThenEndlessly endless: [UInt8] = []) throws -> Dataset {
            let path = folder.file("pipe")
            unlink(path)
            mkfifo(path, 0o600)
            let before = signal(SIGPIPE, SIG_IGN)
            defer { signal(SIGPIPE, before) }
            let ended = expectation(description: "the writer ends")
            let writer = Thread {
                let end = Foundation.open(path, O_WRONLY)
                var done = 0
                while done < bytes.count {
                    let wrote = bytes[done...].withUnsafeBytes { write(end, $0.baseAddress, $0.count) }
                    if wrote <= 0 { break }
                    done += wrote
                }
                while !endless.isEmpty, endless.withUnsafeBytes({ write(end, $0.baseAddress, $0.count) }) > 0 {}
                close(end)
                ended.fulfill()
            }
            writer.start()
            defer { wait(for: [ended], timeout: 60) }
            return try Dataset.open(path: path)
        }
        let pixels = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for array in [npy("|u1", "(10, 100, 100)", pixels), idx(8, [10, 100, 100], pixels)] {
            XCTAssertEqual(try open(array).bytes, pixels)
            XCTAssertEqual(try open(gzip(array)).bytes, pixels)
            assertFails(.truncated, "promises") { _ = try open(Array(array.dropLast())) }
            assertFails(.truncated) { _ = try open(gzip(Array(array.dropLast()))) }
            assertFails(.badFormat, "goes on") { _ = try open(array, andThenEndlessly: pixels) }
        }
        assertFails(.truncated, "empty") { _ = try open([]) }
        assertFails(.truncated, "promises") { _ = try open(npy("<f8", "(60000, 1000, 1000)", [1, 2, 3])) }
        let zeros = [UInt8](repeating: 0, count: 65536)
        assertFails(.badFormat, "element type 0") { _ = try open(zeros, andThenEndlessly: zeros) }
        assertFails(.badFormat, "neither") { _ = try open([1], andThenEndlessly: pixels.map { $0 | 1 }) }
        let png = TestPNG(width: 5, height: 4) { x, y, _ in x + y }.bytes
        XCTAssertEqual(try open(png).shape, try shape(4, 5, 1))
    }

    func testWhatOtherFilesAre() throws {
        let folder = TemporaryFolder()
        let cases: [([UInt8], String)] = [
            ([0x50, 0x4B, 3, 4, 20, 0], ".npz"), (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), "WebP"), (Array("GIF89a".utf8), "GIF"),
            ([0, 0, 0, 24] + Array("ftypheic".utf8), "HEIC"), ([0x89] + Array("HDF".utf8) + [13, 10, 26, 10], "HDF5"),
            (Array(repeating: 1, count: 8) + Array("{\"a\":".utf8), "safetensors"), ([0x80, 4, 0x95, 1, 2], "pickle"),
            (Array("SQLite format 3\0".utf8), "SQLite"), ([0xFD] + Array("7zXZ".utf8) + [0], "XZ"), (Array("hello".utf8), "neither"),
        ]
        for (bytes, word) in cases {
            assertFails(.badFormat, "/x", word) { _ = try Dataset.open(path: folder.write("x", bytes)) }
        }
        // The same under a picture's name.
        for (bytes, word) in cases {
            let pictures = TemporaryFolder()
            pictures.write("x.jpg", bytes)
            assertFails(.badFormat, "x.jpg", word) { _ = try Dataset.open(path: pictures.path) }
        }
        let png = folder.write("p.png", TestPNG(width: 1, height: 1) { _, _, _ in 1 }.bytes)
        assertFails(.badFormat, "PNG") { _ = try Dataset.openIDX(images: png, labels: nil) }
    }
}

func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

func npy(_ type: String, _ shape: String, _ elements: [UInt8], order: String = "False", version: UInt8 = 1) -> [UInt8] {
    npyHeader("{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }", version: version) + elements
}

func npyHeader(_ text: String, version: UInt8 = 1) -> [UInt8] {
    let padded = text + String(repeating: " ", count: (64 - (text.utf8.count + 13) % 64) % 64) + "\n"
    let length = version == 1 ? littleEndian(UInt16(padded.utf8.count)) : littleEndian(UInt32(padded.utf8.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(padded.utf8)
}
