import Base
import Data
import XCTest

final class PictureTests: XCTestCase {
    private func open(_ picture: TestPNG, channels: Int = 0, _ folder: TemporaryFolder) throws -> Dataset {
        var options = DatasetOptions()
        options.channels = channels
        return try Dataset.open(path: folder.write("x.png", picture.bytes), options: options)
    }

    func testGreyOfEveryDepthPlainAndInterlaced() throws {
        let folder = TemporaryFolder()
        for depth in [1, 2, 4, 8, 16] {
            let largest = 1 << depth - 1
            for interlaced in [false, true] {
                for (width, height) in [(1, 1), (3, 2), (9, 11)] {
                    let sample = { (x: Int, y: Int) in (x * 31 + y * 7919) % (largest + 1) }
                    let picture = TestPNG(width: width, height: height, depth: depth, interlaced: interlaced) { x, y, _ in sample(x, y) }
                    let data = try open(picture, folder)
                    XCTAssertEqual(data.shape, try ImageShape(height: height, width: width, channels: 1))
                    let expected = (0..<width * height).map { i in
                        UInt8((Double(sample(i % width, i / width)) * 255 / Double(largest)).rounded())
                    }
                    XCTAssertEqual(data.bytes, expected, "\(depth) bits, \(width)×\(height), interlaced: \(interlaced)")
                    // Grey as RGB is three times the same.
                    XCTAssertEqual(try open(picture, channels: 3, folder).bytes, expected.flatMap { [$0, $0, $0] })
                }
            }
        }
    }

    func testColour() throws {
        let folder = TemporaryFolder()
        let sample = { (x: Int, y: Int, c: Int) in (x * 50 + y * 80 + c * 90) % 256 }
        let expected = (0..<36).map { UInt8(sample($0 / 3 % 4, $0 / 12, $0 % 3)) }
        for interlaced in [false, true] {
            XCTAssertEqual(try open(TestPNG(width: 4, height: 3, colour: 2, interlaced: interlaced, sample: sample), folder).bytes, expected)
            let deep = TestPNG(width: 4, height: 3, depth: 16, colour: 2, interlaced: interlaced) { sample($0, $1, $2) * 257 }
            XCTAssertEqual(try open(deep, folder).bytes, expected)
        }
        // Every row filter, plain and interlaced, in 8 and 16 bits.
        for filter in [0, 1, 2, 3, 4, nil] {
            for (depth, interlaced) in [(8, false), (8, true), (16, false), (16, true)] {
                for colour in [0, 2, 4, 6] {
                    let channels = [0: 1, 2: 3, 4: 2, 6: 4][colour] ?? 0
                    let opaque = { (x: Int, y: Int, c: Int) in c == 3 || (colour == 4 && c == 1) ? 255 : sample(x * 3, y * 7 + x, c) }
                    let picture = TestPNG(width: 13, height: 9, depth: depth, colour: colour, interlaced: interlaced, filter: filter) {
                        opaque($0, $1, $2) * (depth == 16 ? 257 : 1)
                    }
                    let kept = channels > 2 ? 3 : 1
                    var wanted: [UInt8] = []
                    for y in 0..<9 { for x in 0..<13 { for c in 0..<kept { wanted.append(UInt8(opaque(x, y, c))) } } }
                    XCTAssertEqual(try open(picture, folder).bytes, wanted, "\(depth) bits, colour \(colour), filter \(filter ?? -1), \(interlaced)")
                }
            }
        }
        // Luminance keeps grey as it is, and orders the primaries as the eye does.
        let same = TestPNG(width: 256, height: 1, colour: 2) { x, _, _ in x }
        for (i, value) in try open(same, channels: 1, folder).bytes.enumerated() { XCTAssertEqual(Int(value), i, accuracy: 1) }
        let primaries = TestPNG(width: 3, height: 1, colour: 2) { x, _, c in x == c ? 255 : 0 }
        let grey = try open(primaries, channels: 1, folder).bytes
        XCTAssertTrue(grey[1] > grey[0] && grey[0] > grey[2], "\(grey)")
        assertFails(.outOfRange, "data.channels is 4") { _ = try open(same, channels: 4, folder) }
    }

    func testPaletteOfEveryDepth() throws {
        let folder = TemporaryFolder()
        for depth in [1, 2, 4, 8] {
            let entries = 1 << depth
            let palette = (0..<3 * entries).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }
            let picture = TestPNG(width: 7, height: 3, depth: depth, colour: 3, palette: palette) { x, y, _ in (x + y * 5) % entries }
            let expected = (0..<21).flatMap { i in (0..<3).map { palette[(i % 7 + i / 7 * 5) % entries * 3 + $0] } }
            XCTAssertEqual(try open(picture, folder).bytes, expected, "\(depth) bits")
        }
    }

    func testTransparencyIsOverBlack() throws {
        let folder = TemporaryFolder()
        func over(_ value: Int, _ alpha: Int) -> UInt8 { UInt8((Double(value * alpha) / 255).rounded()) }
        let grey = TestPNG(width: 256, height: 1, colour: 4) { x, _, c in c == 0 ? 200 : x }
        XCTAssertEqual(try open(grey, folder).bytes, (0..<256).map { over(200, $0) })
        let colour = TestPNG(width: 256, height: 1, colour: 6) { x, _, c in c == 3 ? x : 100 + c * 50 }
        XCTAssertEqual(try open(colour, folder).bytes, (0..<256).flatMap { x in (0..<3).map { over(100 + $0 * 50, x) } })
        let palette = TestPNG(width: 2, height: 1, colour: 3, palette: [10, 20, 30, 40, 50, 60], transparency: [128]) { x, _, _ in x }
        XCTAssertEqual(try open(palette, folder).bytes, [over(10, 128), over(20, 128), over(30, 128), 40, 50, 60])
        let key = TestPNG(width: 3, height: 1, transparency: [0, 90]) { x, _, _ in 80 + 10 * x }
        XCTAssertEqual(try open(key, folder).bytes, [80, 0, 100])
    }

    func testAFolderIsOneDatasetInTheOrderOfNames() throws {
        let folder = TemporaryFolder()
        func put(_ name: String, _ value: Int, colour: Int = 0, _ width: Int = 2, _ height: Int = 2) {
            folder.write(name, TestPNG(width: width, height: height, colour: colour) { _, _, _ in value }.bytes)
        }
        put("b.PNG", 2)
        put("a.png", 1)
        folder.write("notes.txt", [0x68])
        folder.write("._a.png", [0x68])
        let grey = try Dataset.open(path: folder.path)
        XCTAssertEqual(grey.bytes, [1, 1, 1, 1, 2, 2, 2, 2])
        XCTAssertEqual(grey.shape.channels, 1)
        put("c.png", 3, colour: 2)
        XCTAssertEqual(try Dataset.open(path: folder.path).shape.channels, 3)
        put("d.png", 4, 3, 2)
        assertFails(.mismatch, "/d.png", "/a.png", "3 wide and 2 high", "2 wide and 2 high", "crop") { _ = try Dataset.open(path: folder.path) }
        var options = DatasetOptions()
        options.fit = .crop
        assertFails(.outOfRange, "data.height") { _ = try Dataset.open(path: folder.path, options: options) }
        options.height = 2
        options.width = 2
        options.channels = 1
        XCTAssertEqual(try Dataset.open(path: folder.path, options: options).count, 4)
        options.fit = .exact
        options.height = 5
        assertFails(.mismatch, "data.height is 5") { _ = try Dataset.open(path: folder.file("a.png"), options: options) }
        folder.write("aa.png", [1, 2, 3])
        assertFails(.badFormat, "/aa.png") { _ = try Dataset.open(path: folder.path) }
    }

    func testScalingAndCropping() throws {
        let folder = TemporaryFolder()
        func crop(_ picture: TestPNG, _ height: Int, _ width: Int) throws -> [UInt8] {
            var options = DatasetOptions()
            (options.fit, options.height, options.width) = (.crop, height, width)
            return try Dataset.open(path: folder.write("x.png", picture.bytes), options: options).bytes
        }
        // Shrinking by whole numbers is the mean of each block.
        let blocks = TestPNG(width: 6, height: 4) { x, y, _ in (x * 7 + y * 11) * 2 }
        let means = (0..<6).map { (i: Int) -> UInt8 in UInt8(28 * (i % 3) + 44 * (i / 3) + 18) }
        XCTAssertEqual(try crop(blocks, 2, 3), means)
        // Without scaling, the centre.
        let wide = TestPNG(width: 8, height: 2) { x, y, _ in x * 10 + y }
        XCTAssertEqual(try crop(wide, 2, 2), [30, 40, 31, 41])
        // Growing a ramp stays a ramp, and flat stays flat at every size.
        let ramp = TestPNG(width: 4, height: 4) { x, _, _ in x * 64 }
        XCTAssertEqual(Array(try crop(ramp, 8, 8)[..<8]), [0, 16, 48, 80, 112, 144, 176, 192])
        for (height, width) in [(1, 1), (3, 5), (7, 2), (13, 17), (100, 90), (1, 200)] {
            let flat = TestPNG(width: 13, height: 9, colour: 2) { _, _, c in 77 + c }
            let result = try crop(flat, height, width)
            XCTAssertEqual(result, (0..<height * width * 3).map { UInt8(77 + $0 % 3) }, "\(height)×\(width)")
        }
        // Thirds: each pixel covers one and a half.
        let three = TestPNG(width: 3, height: 3) { x, _, _ in [0, 90, 180][x] }
        XCTAssertEqual(try crop(three, 2, 2), [30, 150, 30, 150])
    }
}
