import Base
import XCTest

import Data

/// Volumes from files: binvox, arrays, and views beside them.
final class VolumeTests: XCTestCase {
    private let folder = TemporaryFolder()

    private func open(_ name: String = "", _ set: (inout DatasetOptions) -> Void = { _ in }) throws -> Dataset {
        var options = DatasetOptions()
        options.items = .volumes
        set(&options)
        return try Dataset.open(FilePath(name.isEmpty ? folder.path : folder.file(name)), options: options)
    }

    /// - Parameter voxels: In the file's order: x, z, y.
    private func binvox(_ dim: [Int], _ voxels: [UInt8], header: String? = nil) -> [UInt8] {
        var bytes = Array((header ?? "#binvox 1\ndim \(dim.map { String($0) }.joined(separator: " "))\ntranslate 0 0.5 -1\nscale 2\ndata\n").utf8)
        var place = 0
        while place < voxels.count {
            var end = place
            while end < voxels.count, voxels[end] == voxels[place], end - place < 255 { end += 1 }
            bytes += [voxels[place], UInt8(end - place)]
            place = end
        }
        return bytes
    }

    private func values(_ data: Dataset, column: Int = 0) throws -> [Float] {
        let column = data.columns[column]
        var values = [Float](repeating: .nan, count: column.count * column.elements)
        try Array(0..<column.count).withUnsafeBufferPointer { rows in
            try values.withUnsafeMutableBufferPointer { try column.copyBatch(rows: rows, into: XCTUnwrap($0.baseAddress), rangeLow: 0, rangeHigh: 1) }
        }
        return values
    }

    func testBinvoxRunsFromXOverZToY() throws {
        // 2 × 3 × 4: x of 2, z of 3, y of 4.
        var voxels = [UInt8](repeating: 0, count: 24)
        func place(_ x: Int, _ y: Int, _ z: Int) -> Int { (x * 3 + z) * 4 + y }
        voxels[place(0, 3, 1)] = 1
        voxels[place(1, 0, 2)] = 1
        folder.write("one.binvox", binvox([2, 3, 4], voxels))
        let data = try open("one.binvox")
        XCTAssertEqual(data.fields, [Field("volume", .values([2, 4, 3, 1]))])
        var expected = [Float](repeating: 0, count: 24)
        expected[(0 * 4 + 3) * 3 + 1] = 1
        expected[(1 * 4 + 0) * 3 + 2] = 1
        XCTAssertEqual(try values(data), expected)
    }

    func testFoldersOfFilesAreReadInTheirOrder() throws {
        folder.write("b.binvox", binvox([2, 2, 2], [1, 1, 1, 1, 0, 0, 0, 0]))
        folder.write("a/c.binvox", binvox([2, 2, 2], [UInt8](repeating: 1, count: 8)))
        folder.write("notes.txt", [65])
        XCTAssertEqual(try values(open()), [1, 1, 1, 1, 0, 0, 0, 0] + [Float](repeating: 1, count: 8))
        folder.write("d.npy", npy("|u1", "(2, 2, 2)", [0, 255, 0, 0, 0, 0, 0, 255]))
        XCTAssertEqual(try values(open()), [1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1] + [Float](repeating: 1, count: 8))
        folder.write("e.binvox", binvox([2, 2, 4], [UInt8](repeating: 1, count: 16)))
        assertFails(.mismatch, "e.binvox\" has 2×4×2×1", "2×2×2×1", "one size") { _ = try open() }
    }

    func testArraysOfBitsAreWhiteAtOne() throws {
        folder.write("v.idx", idx(8, [2, 2, 2, 2], [0, 1, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 8)))
        XCTAssertEqual(try values(open("v.idx")).reduce(0, +), 3)
        folder.write("w.idx", idx(8, [1, 2, 2, 2], [0, 255, 0, 1, 0, 0, 0, 0]))
        XCTAssertEqual(try values(open("w.idx"))[1], 1)
        XCTAssertEqual(try values(open("w.idx"))[3], 1 / 255, accuracy: 1e-6)
    }

    func testWhatIsNoBinvoxIsTold() throws {
        let full = [UInt8](repeating: 1, count: 64)
        let good = binvox([4, 4, 4], full)
        func fails(_ status: Status, _ bytes: [UInt8], _ words: String..., line: UInt = #line) {
            folder.write("bad.binvox", bytes)
            do {
                _ = try open("bad.binvox")
                XCTFail("it was read", line: line)
            } catch {
                XCTAssertEqual((error as? GanError)?.status, status, "\(error)", line: line)
                for word in words { XCTAssertTrue("\(error)".contains(word), "\(word) in \(error)", line: line) }
            }
        }
        fails(.truncated, Array(good.dropLast(2)), "64 voxels", "cut short")
        fails(.truncated, Array(good.dropLast(1)), "cut short")
        fails(.truncated, Array(good.prefix(20)))
        fails(.truncated, [])
        fails(.badFormat, good + [1, 1], "more voxels")
        fails(.badFormat, good.dropLast(2) + [7, 64], "value 7")
        fails(.badFormat, good.dropLast(2) + [1, 0], "no voxels")
        fails(.badFormat, Array("hello\n".utf8) + good, "#binvox")
        fails(.badFormat, binvox([], full, header: "#binvox 1\ndata\n"), "dim")
        fails(.badFormat, binvox([], full, header: "#binvox 1\ndim 4 4\ndata\n"), "dim 4 4", "three sides")
        fails(.badFormat, binvox([], full, header: "#binvox 1\ndim 4 4 -4\ndata\n"), "three sides")
        fails(.badFormat, binvox([], full, header: "#binvox 1\ndim 4 4 99999999999999999999\ndata\n"), "three sides")
        fails(.badFormat, binvox([], full, header: "#binvox 1\n" + String(repeating: "x", count: 5000)), "no line \"data\"")
        // Sides that no memory holds, and those that these bytes cannot fill.
        fails(.truncated, binvox([], full, header: "#binvox 1\ndim 65536 65536 65536\ndata\n"), "at most", "lies")
        fails(.truncated, binvox([], full, header: "#binvox 1\ndim 40 40 40\ndata\n"), "64000 voxels", "at most")
        folder.write("bad.binvox", good)
        XCTAssertEqual(try open("bad.binvox").count, 1)
    }

    func testViewsBelongToVolumesOfTheirNames() throws {
        let pixel = try fileBytes(testsFolder + "/Pictures/grey.png")
        for name in ["a", "b"] {
            folder.write("views/\(name).png", pixel)
            folder.write("volumes/\(name).binvox", binvox([2, 2, 2], [UInt8](repeating: name == "a" ? 0 : 1, count: 8)))
        }
        let data = try open { $0.items = .views }
        XCTAssertEqual(data.fields.map(\.name), ["view", "volume"])
        XCTAssertEqual(data.count, 2)
        XCTAssertEqual(try values(data, column: 1), [Float](repeating: 0, count: 8) + [Float](repeating: 1, count: 8))
        XCTAssertEqual(try open().fields.map(\.name), ["volume"], "volumes alone")
        folder.write("views/c.png", pixel)
        assertFails(.mismatch, "c.png", "volumes", "every view has a volume") { _ = try open { $0.items = .views } }
        folder.write("volumes/c.npy", npy("|u1", "(2, 2, 2)", [UInt8](repeating: 1, count: 8)))
        folder.write("volumes/d.binvox", binvox([2, 2, 2], [UInt8](repeating: 1, count: 8)))
        assertFails(.mismatch, "d.binvox", "every volume has a view") { _ = try open { $0.items = .views } }
    }

    func testViewsAndVolumesAreArrays() throws {
        folder.write("set/views-idx3-ubyte", idx(8, [2, 2, 2], Array(1...8)))
        folder.write("set/voxels-2-idx4-ubyte", idx(8, [2, 2, 2, 2], [UInt8](repeating: 255, count: 16)))
        folder.write("set/labels-idx1-ubyte", idx(8, [2], [0, 1]))
        let data = try open { $0.items = .views }
        XCTAssertEqual(data.fields, [Field("view", .values([2, 2, 1])), Field("volume", .values([2, 2, 2, 1]))])
        XCTAssertEqual(try open("set").fields, [Field("volume", .values([2, 2, 2, 1]))])
        folder.write("set/views-idx3-ubyte", idx(8, [3, 2, 2], Array(1...12)))
        assertFails(.mismatch, "3 views", "2 volumes") { _ = try open { $0.items = .views } }
        folder.write("set/volumes.npy", npy("|u1", "(2, 2, 2, 2)", [UInt8](repeating: 1, count: 16)))
        assertFails(.mismatch, "several arrays", "volumes.npy") { _ = try open("set") }
    }

    func testWhereThereAreNone() throws {
        folder.write("readme.txt", [65])
        assertFails(.notFound, "no volumes", "binvox") { _ = try open() }
        assertFails(.notFound, "no views with volumes", "'views' and 'volumes'") { _ = try open { $0.items = .views } }
        folder.write("v.idx", idx(8, [1, 2, 2, 2], [UInt8](repeating: 0, count: 8)))
        assertFails(.mismatch, "is a file", "combined as pairs") { _ = try open("v.idx") { $0.items = .views } }
    }
}
