import Base
import Data
import XCTest

final class WriterTests: XCTestCase {
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    func testGridsReadBack() throws {
        let folder = TemporaryFolder()
        for channels in [1, 3] {
            let shape = try ImageShape(height: 2, width: 3, channels: channels)
            let pixels = noise(5 * shape.elements)
            for grid in [
                ImageGrid(columns: 1), ImageGrid(columns: 5), ImageGrid(columns: 2, margin: 1, background: 9), ImageGrid(columns: 3, margin: 2, scale: 3),
                ImageGrid(columns: 8, scale: 2),
            ] {
                try PNGWriter.write(pixels, count: 5, shape: shape, grid: grid, path: folder.file("x.png"))
                let picture = try Dataset.open(path: folder.file("x.png"))
                let rows = (5 + grid.columns - 1) / grid.columns
                let width = grid.columns * (3 * grid.scale + grid.margin) + grid.margin
                let height = rows * (2 * grid.scale + grid.margin) + grid.margin
                XCTAssertEqual(picture.shape, try ImageShape(height: height, width: width, channels: channels))
                // Every pixel of the picture, from its own coordinates.
                var expected: [UInt8] = []
                for y in 0..<height {
                    for x in 0..<width {
                        let (column, dx) = (x - grid.margin).quotientAndRemainder(dividingBy: 3 * grid.scale + grid.margin)
                        let (row, dy) = (y - grid.margin).quotientAndRemainder(dividingBy: 2 * grid.scale + grid.margin)
                        let item = row * grid.columns + column
                        let inside =
                            x >= grid.margin && y >= grid.margin && dx < 3 * grid.scale && dy < 2 * grid.scale && column < grid.columns
                            && item < 5
                        for channel in 0..<channels {
                            let source = item * shape.elements + (dy / grid.scale * 3 + dx / grid.scale) * channels + channel
                            expected.append(inside ? pixels[source] : grid.background)
                        }
                    }
                }
                XCTAssertEqual(picture.bytes, expected, "\(grid)")
            }
        }
        XCTAssertEqual(try Folder.entries(folder.path), ["x.png"])
    }

    func testEncodingIsTheFileAndRepeatsItself() throws {
        let folder = TemporaryFolder()
        for channels in [1, 3, 4] {
            // Noise, which cannot be compressed, needs the most room.
            let shape = try ImageShape(height: 201, width: 333, channels: channels)
            let pixels = noise(2 * shape.elements)
            let grid = ImageGrid(columns: 2, margin: 1)
            try PNGWriter.write(pixels, count: 2, shape: shape, grid: grid, path: folder.file("x.png"))
            let file = try fileBytes(folder.file("x.png"))
            let encoded = try PNGWriter.encode(pixels, count: 2, shape: shape, grid: grid)
            XCTAssertEqual(withExtendedLifetime(encoded) { Array(encoded.buffer) }, file)
            XCTAssertEqual(Array(file[1..<4]), Array("PNG".utf8))
        }
    }

    func testTransparencyIsWritten() throws {
        let folder = TemporaryFolder()
        let shape = try ImageShape(height: 1, width: 2, channels: 4)
        try PNGWriter.write([200, 100, 50, 128, 1, 2, 3, 255], count: 1, shape: shape, grid: ImageGrid(columns: 1, margin: 1), path: folder.file("x"))
        let bytes = try Dataset.open(path: folder.file("x")).bytes
        XCTAssertEqual(Array(bytes[15..<21]), [100, 50, 25, 1, 2, 3])
        XCTAssertEqual(try fileBytes(folder.file("x"))[25], 6)
    }

    func testWhatCannotBeDrawn() throws {
        let folder = TemporaryFolder()
        let pixels = [UInt8](repeating: 0, count: 100)
        func write(_ count: Int, _ channels: Int, _ grid: ImageGrid) throws {
            let shape = try ImageShape(height: 2, width: 2, channels: channels)
            try PNGWriter.write(pixels, count: count, shape: shape, grid: grid, path: folder.file("x"))
        }
        assertFails(.invalidArgument, "count is 0") { try write(0, 1, ImageGrid(columns: 1)) }
        assertFails(.invalidArgument, "columns is 0") { try write(1, 1, ImageGrid(columns: 0)) }
        assertFails(.invalidArgument, "margin is -1") { try write(1, 1, ImageGrid(columns: 1, margin: -1)) }
        assertFails(.invalidArgument, "scale is 0") { try write(1, 1, ImageGrid(columns: 1, scale: 0)) }
        assertFails(.invalidArgument, "2 channels") { try write(1, 2, ImageGrid(columns: 1)) }
        for grid in [
            ImageGrid(columns: .max), ImageGrid(columns: 1, margin: .max), ImageGrid(columns: 1, scale: .max), ImageGrid(columns: 500_001),
            ImageGrid(columns: 1, margin: 500_000), ImageGrid(columns: 1, scale: 400_000),
        ] {
            assertFails(.outOfRange, "PNG") { try write(1, 1, grid) }
        }
        assertFails(.outOfRange) { try write(.max, 1, ImageGrid(columns: 10)) }
        XCTAssertEqual(try Folder.entries(folder.path), [])
        assertFails(.invalidArgument, "height is 0") { _ = try ImageShape(height: 0, width: 1, channels: 1) }
        assertFails(.outOfRange) { _ = try ImageShape(height: .max, width: 2, channels: 1) }
        assertFails(.outOfRange) { _ = try ImageShape(height: 1 << 20, width: 1 << 20, channels: 1) }
        assertFails(.noSpace, "/dev/full") {
            try PNGWriter.write(pixels, count: 1, shape: ImageShape(height: 2, width: 2, channels: 1), grid: ImageGrid(columns: 1), path: "/dev/full")
        }
    }

    func testIDX() throws {
        let folder = TemporaryFolder()
        for channels in [1, 3] {
            let shape = try ImageShape(height: 4, width: 5, channels: channels)
            let pixels = noise(3 * shape.elements)
            let writer = try IDXWriter(path: folder.file("x"), count: 3, shape: shape)
            for item in 0..<3 {
                try Array(pixels[item * shape.elements..<(item + 1) * shape.elements]).withUnsafeBufferPointer { try writer.write($0) }
            }
            try writer.finish()
            let data = try Dataset.open(path: folder.file("x"))
            XCTAssertEqual(data.shape, shape)
            XCTAssertEqual(data.bytes, pixels)
        }
        XCTAssertEqual(try fileBytes(folder.file("x"))[3], 4)
        let none = try IDXWriter(path: folder.file("none"), count: 0, shape: ImageShape(height: 1, width: 2, channels: 1))
        try none.finish()
        XCTAssertEqual(try fileBytes(folder.file("none")), idx(8, [0, 1, 2], []))
    }

    func testNPY() throws {
        let folder = TemporaryFolder()
        let writer = try NPYWriter(path: folder.file("x"), count: 2, shape: ImageShape(height: 1, width: 2, channels: 1))
        try [Float(0.5), -1, 2, .infinity].withUnsafeBufferPointer { try writer.write($0) }
        try writer.finish()
        let file = try fileBytes(folder.file("x"))
        XCTAssertEqual(file.count, 128 + 16)
        XCTAssertEqual(Array(file[..<10]), [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
        let text = String(decoding: file[10..<128], as: UTF8.self)
        XCTAssertTrue(text.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 2, 1), }"), text)
        XCTAssertTrue(text.hasSuffix(" \n"))
        XCTAssertEqual(Array(file[128..<132]), [0, 0, 0, 0x3F])
    }

    func testFilesThatDoNotKeepTheirPromiseDoNotAppear() throws {
        let folder = TemporaryFolder()
        let shape = try ImageShape(height: 1, width: 2, channels: 1)
        assertFails(.invalidArgument, "lacks 2") {
            let writer = try IDXWriter(path: folder.file("x"), count: 1, shape: shape)
            try writer.finish()
        }
        assertFails(.invalidArgument, "room for 2") {
            let writer = try NPYWriter(path: folder.file("x"), count: 1, shape: shape)
            try [Float](repeating: 0, count: 3).withUnsafeBufferPointer { try writer.write($0) }
        }
        assertFails(.invalidArgument) { _ = try NPYWriter(path: folder.file("x"), count: -1, shape: shape) }
        assertFails(.outOfRange) { _ = try NPYWriter(path: folder.file("x"), count: .max, shape: shape) }
        assertFails(.outOfRange) { _ = try IDXWriter(path: folder.file("x"), count: 1 << 33, shape: shape) }
        assertFails(.notFound) { _ = try IDXWriter(path: folder.file("no/x"), count: 1, shape: shape) }
        assertFails(.noSpace) { _ = try IDXWriter(path: "/dev/full", count: 1, shape: shape) }
        XCTAssertEqual(try Folder.entries(folder.path), [])
    }
}
