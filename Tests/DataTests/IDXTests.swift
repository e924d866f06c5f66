import Base
import Data
import Glibc
import Foundation
import XCTest

final class IDXTests: XCTestCase {
    func testEveryElementType() throws {
        let folder = TemporaryFolder()
        let integers = [-3, 0, 7, 2]
        let cases: [(UInt8, [UInt8], [Float])] = [
            (0x08, [0, 51, 255, 102], [0, 0.2, 1, 0.4]),
            (0x09, integers.map { UInt8(bitPattern: Int8($0)) }, [0, 0.3, 1, 0.5]),
            (0x0B, integers.flatMap { bigEndian(Int16($0)) }, [0, 0.3, 1, 0.5]),
            (0x0C, integers.flatMap { bigEndian(Int32($0)) }, [0, 0.3, 1, 0.5]),
            (0x0D, [0, 0.25, 1, 0.5].flatMap { bigEndian(Float($0).bitPattern) }, [0, 0.25, 1, 0.5]),
            (0x0E, [0, 0.25, 1, 0.5].flatMap { bigEndian(Double($0).bitPattern) }, [0, 0.25, 1, 0.5]),
        ]
        for (type, elements, expected) in cases {
            for packed in [false, true] {
                let bytes = idx(type, [2, 1, 2], elements)
                let data = try Dataset.open(path: folder.write("x", packed ? gzip(bytes) : bytes))
                XCTAssertEqual(data.count, 2)
                XCTAssertEqual(data.shape, try ImageShape(height: 1, width: 2, channels: 1))
                let values = try data.floats([0, 1])
                for (value, wanted) in zip(values, expected) { XCTAssertEqual(value, wanted, accuracy: 1e-6, "type \(type)") }
                if case .bytes = data.storage { XCTAssertEqual(type, 8) } else { XCTAssertNotEqual(type, 8) }
            }
        }
    }

    func testAxesBecomeShapes() throws {
        let folder = TemporaryFolder()
        let cases: [([Int], [Int])] = [
            ([2, 12], [1, 12, 1]), ([2, 3, 4], [3, 4, 1]), ([2, 2, 2, 3], [2, 2, 3]), ([2, 2, 1, 3, 2], [2, 1, 6]),
            ([2, 3, 4] + [Int](repeating: 1, count: 252), [3, 4, 1]),
        ]
        for (axes, shape) in cases {
            let path = folder.write("x", idx(8, axes, [UInt8](repeating: 9, count: 24)))
            XCTAssertEqual(try Dataset.open(path: path).shape, try ImageShape(height: shape[0], width: shape[1], channels: shape[2]))
        }
        var options = DatasetOptions()
        options.height = 3
        options.width = 4
        let flat = folder.write("flat", idx(8, [2, 12], Array(0..<24)))
        XCTAssertEqual(try Dataset.open(path: flat, options: options).shape, try ImageShape(height: 3, width: 4, channels: 1))
        options.width = 5
        assertFails(.mismatch, "15 values", "12") { _ = try Dataset.open(path: flat, options: options) }
        let image = folder.write("image", idx(8, [2, 3, 4], Array(0..<24)))
        assertFails(.mismatch, "data.width is 5", "3×4×1") { _ = try Dataset.open(path: image, options: options) }
        options.width = -1
        assertFails(.outOfRange, "data.width") { _ = try Dataset.open(path: image, options: options) }
    }

    func testRangeOptions() throws {
        let folder = TemporaryFolder()
        var options = DatasetOptions()
        options.minimum = -1
        let floats = folder.write("f", idx(13, [2, 1, 2], [-1, 0, 0.5, 1].flatMap { bigEndian(Float($0).bitPattern) }))
        XCTAssertEqual(try Dataset.open(path: floats, options: options).floats([0, 1]), [0, 0.5, 0.75, 1])
        assertFails(.badData, "Element 0 of item 0", "is -1", "data.minimum") { _ = try Dataset.open(path: floats) }
        options.minimum = 0
        options.maximum = 1
        let masks = folder.write("m", idx(8, [2, 1, 2], [0, 1, 1, 0]))
        XCTAssertEqual(try Dataset.open(path: masks, options: options).floats([0, 1], -1, 1), [-1, 1, 1, -1])
        let notMask = folder.write("n", idx(8, [2, 1, 2], [0, 1, 1, 2]))
        assertFails(.badData, "Element 1 of item 1", "is 2") { _ = try Dataset.open(path: notMask, options: options) }
        options.maximum = 0
        assertFails(.outOfRange, "data.maximum") { _ = try Dataset.open(path: masks, options: options) }
        options.maximum = .nan
        assertFails(.outOfRange, "data.maximum") { _ = try Dataset.open(path: masks, options: options) }
        options.maximum = 1e300
        assertFails(.outOfRange, "data.maximum") { _ = try Dataset.open(path: masks, options: options) }
        // Integers that are all the same are black.
        let same = folder.write("s", idx(12, [1, 1, 2], [5, 5].flatMap { bigEndian(Int32($0)) }))
        XCTAssertEqual(try Dataset.open(path: same).floats([0]), [0, 0])
        let extremes = folder.write("e", idx(12, [1, 1, 2], [Int32.min, Int32.max].flatMap { bigEndian($0) }))
        XCTAssertEqual(try Dataset.open(path: extremes).floats([0]), [0, 1])
    }

    func testLabels() throws {
        let folder = TemporaryFolder()
        let images = folder.write("i", idx(8, [3, 1, 1], [1, 2, 3]))
        func open(_ labels: [UInt8], classes: Int = 0) throws -> Dataset {
            var options = DatasetOptions()
            options.classes = classes
            return try Dataset.openIDX(images: images, labels: folder.write("l", labels), options: options)
        }
        XCTAssertEqual(try open(idx(8, [3], [4, 0, 2])).labelArray, [4, 0, 2])
        XCTAssertEqual(try open(gzip(idx(8, [3], [4, 0, 2]))).classCount, 5)
        XCTAssertEqual(try open(idx(11, [3], [4, 0, 300].flatMap { bigEndian(Int16($0)) })).classCount, 301)
        XCTAssertEqual(try open(idx(12, [3], [4, 0, 70000].flatMap { bigEndian(Int32($0)) })).labelArray, [4, 0, 70000])
        XCTAssertEqual(try open(idx(8, [3], [4, 0, 2]), classes: 10).classCount, 10)
        assertFails(.mismatch, "are 2", "3 images") { _ = try open(idx(8, [2], [0, 0])) }
        assertFails(.badData, "item 1", "is 4", "0 … 3") { _ = try open(idx(8, [3], [0, 4, 0]), classes: 4) }
        assertFails(.badData, "item 2", "is -1") { _ = try open(idx(9, [3], [0, 4, 255])) }
        assertFails(.badData, "item 0") { _ = try open(idx(12, [3], [Int32.max, 0, 0].flatMap { bigEndian($0) })) }
        XCTAssertEqual(try open(idx(8, [3, 1], [0, 4, 0])).labelArray, [0, 4, 0])
        assertFails(.badFormat, "axes") { _ = try open(idx(8, [3, 2], [0, 4, 0, 1, 2, 3])) }
        assertFails(.badFormat, "integers") { _ = try open(idx(13, [3], [UInt8](repeating: 0, count: 12))) }
        assertFails(.truncated) { _ = try open(idx(8, [3], [0, 4])) }
        assertFails(.notFound, "/no") { _ = try Dataset.openIDX(images: images, labels: folder.file("no")) }
    }

    func testGzipOfSeveralMembersAndThroughAPipe() throws {
        let folder = TemporaryFolder()
        let bytes = idx(8, [1000, 10, 20], (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) })
        // Parts so that a member ends at every possible distance from the end of a reading buffer.
        for cut in [1, 5, 16, 70_000, 199_999] {
            let packed = gzip(Array(bytes[..<cut])) + gzip(Array(bytes[cut...])) + gzip([])
            XCTAssertEqual(try Dataset.open(path: folder.write("x", packed)).bytes, Array(bytes[16...]), "cut at \(cut)")
        }
        mkfifo(folder.file("pipe"), 0o600)
        let end = open(folder.file("pipe"), O_RDWR)
        let small = gzip(idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 6]))
        Glibc.write(end, small, small.count)
        let path = folder.file("pipe")
        // The reader sees the end only when the last writer has gone, so that one goes a little later.
        let closer = Thread {
            usleep(200_000)
            close(end)
        }
        closer.start()
        XCTAssertEqual(try Dataset.open(path: path).bytes, [1, 2, 3, 4, 5, 6])
    }

    func testMemberBoundariesAtTheEndOfTheReadingBuffer() throws {
        let folder = TemporaryFolder()
        // Data that cannot be compressed, so that the member's length follows the data's.
        var state: UInt64 = 1
        let noise = (0..<70_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let bytes = idx(8, [1, 1, 70_000], noise)
        let overhead = gzip(Array(bytes[..<60_000])).count - 60_000
        for shift in -3...3 {
            let cut = 65_536 - overhead + shift
            let packed = gzip(Array(bytes[..<cut])) + gzip(Array(bytes[cut...]))
            XCTAssertEqual(try Dataset.open(path: folder.write("x", packed)).bytes, noise, "shift \(shift)")
        }
    }

    func testMNIST() throws {
        let data = try Dataset.open(path: repository + "/examples-c/data")
        XCTAssertEqual(data.count, 10000)
        XCTAssertEqual(data.shape, try ImageShape(height: 28, width: 28, channels: 1))
        XCTAssertEqual(data.classCount, 10)
        XCTAssertEqual(Array(data.labelArray.prefix(5)), [7, 2, 1, 0, 4])
        // The mean of the test split is widely reported as 0.1325.
        let mean = Double(data.bytes.reduce(0) { $0 + Int($1) }) / 7_840_000 / 255
        XCTAssertEqual(mean, 0.1325, accuracy: 0.0005)
    }

    func testTheNamesOfMNIST() throws {
        let folder = TemporaryFolder()
        let test = idx(8, [1, 1, 1], [9])
        let train = idx(8, [2, 1, 1], [1, 2])
        folder.write("t10k-images.idx3-ubyte", test)
        XCTAssertEqual(try Dataset.open(path: folder.path).bytes, [9])
        folder.write("train-images-idx3-ubyte.gz", gzip(train))
        let data = try Dataset.open(path: folder.path)
        XCTAssertEqual(data.bytes, [1, 2])
        XCTAssertNil(data.labels)
        folder.write("train-labels.idx1-ubyte", idx(8, [2], [1, 0]))
        XCTAssertEqual(try Dataset.open(path: folder.path).labelArray, [1, 0])
        folder.write("train-labels-idx1-ubyte", idx(8, [1], [1]))
        assertFails(.mismatch) { _ = try Dataset.open(path: folder.path) }
    }
}

final class MalformedFileTests: XCTestCase {
    /// The name of each file begins with the status that opening it has to give.
    func testEveryFileInTheFolder() throws {
        let statuses: [String: Status] = [
            "truncated": .truncated, "badFormat": .badFormat, "checksum": .checksum, "mismatch": .mismatch, "badData": .badData,
            "outOfRange": .outOfRange,
        ]
        let folder = testsFolder + "/Malformed/images"
        let names = try Folder.entries(folder)
        XCTAssertGreaterThanOrEqual(names.count, 90)
        let before = try Folder.entries("/proc/self/fd").count
        for name in names {
            let expected = try XCTUnwrap(statuses[String(name.prefix { $0 != "." })], name)
            assertFails(expected, name) { _ = try Dataset.open(path: folder + "/" + name) }
            // The same bytes as labels, and in a folder of pictures, are survived too.
            XCTAssertNil(try? Dataset.openIDX(images: repository + "/examples-c/data/t10k-images-idx3-ubyte.gz", labels: folder + "/" + name))
        }
        XCTAssertEqual(try Folder.entries("/proc/self/fd").count, before)
    }

    /// Every beginning of a good file, and every file with one byte changed, is refused or opened, and nothing else happens.
    func testCutsAndChangedBytes() throws {
        let folder = TemporaryFolder()
        let plain = idx(8, [2, 2, 3], Array(0..<12))
        let png = TestPNG(width: 5, height: 4, colour: 2) { x, y, c in x * 40 + y * 10 + c }.bytes
        for good in [plain, gzip(plain), png] {
            for length in 0..<good.count {
                let path = folder.write("cut", Array(good[..<length]))
                XCTAssertNil(try? Dataset.open(path: path), "\(length) of \(good.count) bytes")
            }
            for place in 0..<good.count {
                for change in [1, 0x80, 0xFF] as [UInt8] {
                    var bytes = good
                    bytes[place] ^= change
                    if let data = try? Dataset.open(path: folder.write("changed", bytes)) { XCTAssertGreaterThan(data.count, 0) }
                }
            }
        }
    }

    /// The same with checksums put right, so that what lies behind them is reached.
    func testChangedChunksOfPictures() throws {
        let folder = TemporaryFolder()
        let pictures = [
            TestPNG(width: 5, height: 4, depth: 16, colour: 2, interlaced: true, filter: nil) { x, y, c in x * 4000 + y * 1000 + c },
            TestPNG(width: 5, height: 4, depth: 4, colour: 3, palette: Array(0..<48), transparency: [1, 2]) { x, y, _ in x + y },
            TestPNG(width: 5, height: 4, colour: 6, interlaced: true) { x, y, c in x * 40 + y * 10 + c },
        ]
        for good in pictures.map(\.bytes) {
            var position = 8
            while position < good.count {
                let length = good[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
                for place in position + 4..<position + 8 + length {
                    for change in [1, 0x20, 0x82] as [UInt8] {
                        var bytes = good
                        bytes[place] ^= change
                        let check = Array(bytes[position + 4..<position + 8 + length]).withUnsafeBytes { Checksum.crc32($0) }
                        bytes.replaceSubrange(position + 8 + length..<position + 12 + length, with: bigEndian(check))
                        let path = folder.write("changed", bytes)
                        for channels in [0, 1] {
                            var options = DatasetOptions()
                            options.channels = channels
                            if let data = try? Dataset.open(path: path, options: options) { XCTAssertEqual(data.count, 1) }
                        }
                    }
                }
                position += 12 + length
            }
        }
    }

    func testFilesAndFoldersThatAreNotThere() throws {
        let folder = TemporaryFolder()
        assertFails(.notFound, "/no") { _ = try Dataset.open(path: folder.file("no")) }
        assertFails(.notFound, folder.path, "no images") { _ = try Dataset.open(path: folder.path) }
        assertFails(.badFormat, "is a folder") { _ = try Dataset.openIDX(images: folder.path, labels: nil) }
        assertFails(.invalidArgument, "empty") { _ = try Dataset.open(path: "") }
        let isRoot = geteuid() == 0
        chmod(folder.path, 0)
        if isRoot { seteuid(65534) }
        assertFails(.accessDenied, folder.path) { _ = try Dataset.open(path: folder.path) }
        if isRoot { seteuid(0) }
        chmod(folder.path, 0o755)
    }
}
