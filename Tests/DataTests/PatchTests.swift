import Base
import Data
import XCTest

/// Patches of pictures of different sizes: whole pixels of the pictures, at places that the key decides.
final class PatchTests: XCTestCase {
    private func options(_ height: Int, _ width: Int) -> DatasetOptions {
        var options = DatasetOptions()
        (options.fit, options.height, options.width) = (.patches, height, width)
        return options
    }

    /// A pixel tells where it is: its picture, its row and its column.
    private func picture(_ number: Int, _ width: Int, _ height: Int) -> [UInt8] {
        TestPNG(width: width, height: height, colour: 2) { x, y, channel in [number, y, x][channel] }.bytes
    }

    private func values(_ column: Column, _ items: [Int], key: UInt64) throws -> [[UInt8]] {
        var floats = [Float](repeating: .nan, count: items.count * column.elements)
        try items.withUnsafeBufferPointer { rows in
            try floats.withUnsafeMutableBufferPointer { try column.copyBatch(rows: rows, into: XCTUnwrap($0.baseAddress), rangeLow: 0, rangeHigh: 255, key: key) }
        }
        return items.indices.map { i in floats[i * column.elements..<(i + 1) * column.elements].map { UInt8($0) } }
    }

    func testPatchesArePiecesOfThePictures() throws {
        let folder = TemporaryFolder()
        let sizes = [(40, 30), (9, 7), (100, 8)]
        for (number, (width, height)) in sizes.enumerated() { folder.write("\(number).png", picture(number, width, height)) }
        let data = try Dataset.open(path: folder.path, options: options(6, 5))
        XCTAssertTrue(data.isPatches)
        XCTAssertEqual(data.shape, try ImageShape(height: 6, width: 5, channels: 3))
        XCTAssertGreaterThanOrEqual(data.count, 256)
        let items = Array(0..<data.count)
        var places: [Int: Set<[UInt8]>] = [:]
        for patch in try values(data.columns[0], items, key: 11) {
            let (number, top, left) = (Int(patch[0]), Int(patch[1]), Int(patch[2]))
            XCTAssertLessThanOrEqual(left + 5, sizes[number].0)
            XCTAssertLessThanOrEqual(top + 6, sizes[number].1)
            let expected = (0..<6).flatMap { y in (0..<5).flatMap { x in [UInt8(number), UInt8(top + y), UInt8(left + x)] } }
            XCTAssertEqual(patch, expected)
            places[number, default: []].insert([patch[1], patch[2]])
        }
        // Each as often as its area is large, and nearly always at another place.
        let counts = sizes.indices.map { number in items.count { data.columns[0].isPatch($0, of: number) } }
        XCTAssertEqual(counts[0], 20 * counts[1])
        XCTAssertEqual(counts[2] * 2, 27 * counts[1])
        XCTAssertLessThanOrEqual(places[1]?.count ?? 0, (9 - 5 + 1) * (7 - 6 + 1))
        XCTAssertGreaterThan(places[0]?.count ?? 0, 100)
    }

    func testTheKeyAloneDecides() throws {
        let folder = TemporaryFolder()
        for (number, (width, height)) in [(40, 30), (31, 50)].enumerated() { folder.write("\(number).png", picture(number, width, height)) }
        let column = try Dataset.open(path: folder.path, options: options(8, 8)).columns[0]
        let all = try values(column, Array(0..<column.count), key: 5)
        XCTAssertEqual(try values(column, [17], key: 5), [all[17]])
        XCTAssertEqual(try Dataset.open(path: folder.path, options: options(8, 8)).columns[0].fingerprint, column.fingerprint)
        XCTAssertNotEqual(try values(column, Array(0..<column.count), key: 6), all)
        XCTAssertNotEqual(Patches.key(seed: 1, epoch: 2), Patches.key(seed: 2, epoch: 1))
    }

    func testPairsHaveTheirPatchesAtOnePlace() throws {
        let folder = TemporaryFolder()
        for (number, (width, height)) in [(40, 30), (31, 50)].enumerated() {
            for name in ["source", "target"] { folder.write("\(name)/\(number).png", picture(number, width, height)) }
        }
        let data = try Dataset.open(path: folder.path, options: options(8, 8))
        let items = Array(0..<data.count)
        XCTAssertEqual(try values(data.columns[0], items, key: 3), try values(data.columns[1], items, key: 3))
        folder.write("target/1.png", picture(1, 31, 51))
        assertFails(.mismatch, "source/1.png\" is 31 wide and 50 high", "target/1.png", "51 high") { _ = try Dataset.open(path: folder.path, options: options(8, 8)) }
    }

    func testLabelsAreThoseOfThePictures() throws {
        let folder = TemporaryFolder()
        folder.write("cat/0.png", picture(0, 20, 30))
        folder.write("dog/1.png", picture(1, 50, 20))
        let data = try Dataset.open(path: folder.path, options: options(8, 8))
        let labels = try XCTUnwrap(data.labels)
        for (item, patch) in try values(data.columns[0], Array(0..<data.count), key: 9).enumerated() { XCTAssertEqual(Int32(patch[0]), labels[item]) }
    }

    func testWhenPicturesBecomePatchesUnasked() throws {
        let folder = TemporaryFolder()
        var asked = DatasetOptions()
        asked.patches = PatchPreference(side: 32, multiple: 8, wholeMultiple: 2, isUnasked: true)
        folder.write("0.png", picture(0, 40, 30))
        folder.write("1.png", picture(1, 40, 30))
        XCTAssertFalse(try Dataset.open(path: folder.path, options: asked).isPatches)
        folder.write("2.png", picture(2, 200, 21))
        let data = try Dataset.open(path: folder.path, options: asked)
        XCTAssertEqual(data.shape, try ImageShape(height: 16, width: 32, channels: 3))
        assertFails(.mismatch, "2.png\" is 200 wide and 21 high", "0.png") { _ = try Dataset.open(path: folder.path) }
        folder.write("3.png", picture(3, 200, 7))
        assertFails(.mismatch, "3.png\" is 200 wide and 7 high", "too small for patches of 8 pixels", "crop") { _ = try Dataset.open(path: folder.path, options: asked) }
        // Odd sides, where even ones are needed; and a single picture.
        let odd = TemporaryFolder()
        odd.write("0.png", picture(0, 41, 30))
        XCTAssertTrue(try Dataset.open(path: odd.path, options: asked).isPatches)
        XCTAssertTrue(try Dataset.open(path: odd.file("0.png"), options: asked).isPatches)
        assertFails(.mismatch, "patches of pictures") { try Dataset.open(path: odd.path, options: asked).write(to: odd.file("x.idx"), labels: nil) }
        asked.items = .clips
        asked.fit = .patches
        assertFails(.mismatch, "clips") { _ = try Dataset.open(path: odd.path, options: asked) }
    }
}

extension Column {
    fileprivate func isPatch(_ item: Int, of picture: Int) -> Bool {
        if case .patches(let patches) = storage { patches.picture(of: item) == picture } else { false }
    }
}
