import Base
import Data
import Foundation
import XCTest

/// The pictures of Tests/Pictures, each beside the pixels that Pillow decodes.
final class JPEGTests: XCTestCase {
    private let pictures = testsFolder + "/Pictures/"

    private func names() throws -> [String] {
        try Folder.entries(pictures).filter { $0.hasSuffix(".jpg") }.map { String($0.dropLast(4)) }
    }

    private func needLibrary() throws {
        guard let library = dlopen("libturbojpeg.so.0", RTLD_NOW) else { throw XCTSkip("libturbojpeg.so.0 is not installed") }
        dlclose(library)
    }

    private func assertNear(_ found: [UInt8], _ wanted: [UInt8], within tolerance: Int = 2, _ name: String, line: UInt = #line) {
        XCTAssertEqual(found.count, wanted.count, name, line: line)
        let worst = zip(found, wanted).map { abs(Int($0) - Int($1)) }.max() ?? 255
        XCTAssertLessThanOrEqual(worst, tolerance, name, line: line)
    }

    func testEveryKindIsAsPillowReadsIt() throws {
        try needLibrary()
        let names = try names()
        XCTAssertGreaterThanOrEqual(names.count, 18)
        for name in names {
            let found = try Dataset.open(path: pictures + name + ".jpg")
            let wanted = try Dataset.open(path: pictures + name + ".png")
            XCTAssertEqual(found.shape, wanted.shape, name)
            assertNear(found.bytes, wanted.bytes, name)
            // In grey: the luminance of the colours that were just compared.
            var options = DatasetOptions()
            options.channels = 1
            let grey = try Dataset.open(path: pictures + name + ".jpg", options: options)
            XCTAssertEqual(grey.shape.channels, 1)
            if found.shape.channels == 3 {
                let bytes = found.bytes
                let luminance = (0..<bytes.count / 3).map { (i: Int) -> UInt8 in
                    let (red, green, blue) = (Int(bytes[3 * i]), Int(bytes[3 * i + 1]), Int(bytes[3 * i + 2]))
                    return UInt8((299 * red + 587 * green + 114 * blue + 500) / 1000)
                }
                assertNear(grey.bytes, luminance, within: 4, name + " in grey")  // colours that are cut off at 0 and 255 have another
            } else {
                options.channels = 3
                XCTAssertEqual(try Dataset.open(path: pictures + name + ".jpg", options: options).bytes, found.bytes.flatMap { [$0, $0, $0] })
            }
        }
    }

    func testAFolderOfBothFormats() throws {
        try needLibrary()
        let folder = TemporaryFolder()
        folder.write("b.JPEG", try fileBytes(pictures + "baseline.jpg"))
        folder.write("c.png", try fileBytes(pictures + "baseline.png"))
        folder.write("a.jpg", try fileBytes(pictures + "grey.jpg"))
        folder.write("d.Jpg", try fileBytes(pictures + "rgb.png"))  // a name that says something else than the contents
        let data = try Dataset.open(path: folder.path)
        XCTAssertEqual(data.count, 4)
        XCTAssertEqual(data.shape, try ImageShape(height: 11, width: 17, channels: 3))
        let size = data.shape.elements
        assertNear(Array(data.bytes[size..<2 * size]), Array(data.bytes[2 * size..<3 * size]), "the same picture twice")
        // A picture on its side is as high as the others are wide.
        folder.write("e.jpg", try fileBytes(pictures + "orientation-6.jpg"))
        assertFails(.mismatch, "e.jpg\" is 11 wide and 17 high", "data.fit", "data.height", "data.width") { _ = try Dataset.open(path: folder.path) }
        var options = DatasetOptions()
        (options.fit, options.height, options.width) = (.crop, 6, 6)
        XCTAssertEqual(try Dataset.open(path: folder.path, options: options).count, 5)
    }

    /// Larger ones, made here by libturbojpeg itself, in every way in which it samples colours and orders its data.
    func testLargerPictures() throws {
        try needLibrary()
        let folder = TemporaryFolder()
        let (width, height) = (301, 203)
        let original = (0..<width * height * 3).map { (i: Int) -> UInt8 in
            let (x, y, channel) = (i / 3 % width, i / 3 / width, i % 3)
            return UInt8(128 + 100 * sin(Double(x * (channel + 1)) / 40) * cos(Double(y) / (30 + Double(channel))))
        }
        for sampling in 0...5 as ClosedRange<Int32> {
            for progressive in [0, 16384] as [Int32] {  // TJFLAG_PROGRESSIVE
                let bytes = try XCTUnwrap(compressed(original, width, height, sampling, progressive))
                let data = try Dataset.open(path: folder.write("x.jpg", bytes))
                XCTAssertEqual(data.shape, try ImageShape(height: height, width: width, channels: sampling == 3 ? 1 : 3))
                if sampling == 3 { continue }
                let difference = zip(data.bytes, original).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
                XCTAssertLessThan(Double(difference) / Double(original.count), 3, "sampling \(sampling), \(progressive)")
                for cut in [bytes.count / 3, bytes.count - 3] {
                    assertFails(.truncated, "x.jpg") { _ = try Dataset.open(path: folder.write("x.jpg", Array(bytes[..<cut]))) }
                }
            }
        }
    }

    private func compressed(_ pixels: [UInt8], _ width: Int, _ height: Int, _ sampling: Int32, _ flags: Int32) -> [UInt8]? {
        typealias Init = @convention(c) () -> UnsafeMutableRawPointer?
        typealias Compress = @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, Int32, Int32, Int32, Int32, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
            UnsafeMutablePointer<UInt>?, Int32, Int32, Int32
        ) -> Int32
        typealias Free = @convention(c) (UnsafeMutablePointer<UInt8>?) -> Void
        typealias Destroy = @convention(c) (UnsafeMutableRawPointer?) -> Int32
        let library = dlopen("libturbojpeg.so.0", RTLD_NOW)
        guard let start = dlsym(library, "tjInitCompress"), let compress = dlsym(library, "tjCompress2"), let free = dlsym(library, "tjFree"),
            let destroy = dlsym(library, "tjDestroy")
        else { return nil }
        let handle = unsafeBitCast(start, to: Init.self)()
        defer { _ = unsafeBitCast(destroy, to: Destroy.self)(handle) }
        var bytes: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        let status = unsafeBitCast(compress, to: Compress.self)(
            handle, pixels, Int32(width), 0, Int32(height), 0, &bytes, &size, sampling, 92, flags)
        defer { unsafeBitCast(free, to: Free.self)(bytes) }
        return status == 0 ? Array(UnsafeBufferPointer(start: bytes, count: Int(size))) : nil
    }

    /// Notes and previews may fill more than the part of a file that is read first.
    func testTheSizeBehindLongNotes() throws {
        try needLibrary()
        let good = try fileBytes(pictures + "baseline.jpg")
        let note: [UInt8] = [0xFF, 0xFE, 0xFF, 0xFF] + [UInt8](repeating: 0x41, count: 65533)
        let folder = TemporaryFolder()
        for notes in 1...3 {
            folder.write("x.jpg", Array(good[..<2]) + (0..<notes).flatMap { _ in note } + Array(good[2...]))
            XCTAssertEqual(try Dataset.open(path: folder.path).bytes, try Dataset.open(path: pictures + "baseline.jpg").bytes)
        }
    }

    func testEXIFThatLies() throws {
        try needLibrary()
        let folder = TemporaryFolder()
        let plain = try fileBytes(pictures + "baseline.jpg")
        func height(_ tiff: [UInt8]) throws -> Int {
            let data = Array("Exif\0\0".utf8) + tiff
            let segment: [UInt8] = [0xFF, 0xE1] + bigEndian(UInt16(data.count + 2)) + data
            return try Dataset.open(path: folder.write("x.jpg", Array(plain[..<2]) + segment + Array(plain[2...]))).shape.height
        }
        func directory(_ entries: UInt16, _ entry: [UInt8], at place: UInt32 = 8) -> [UInt8] {
            Array("MM".utf8) + bigEndian(UInt16(42)) + bigEndian(place) + bigEndian(entries) + entry
        }
        let turned = bigEndian(UInt16(0x0112)) + bigEndian(UInt16(3)) + bigEndian(UInt32(1)) + bigEndian(UInt16(6)) + [0, 0]
        XCTAssertEqual(try height(directory(1, turned)), 17)
        XCTAssertEqual(try height(directory(65535, turned)), 17, "the entry that is there")
        let other = [UInt8](repeating: 0, count: 12)
        XCTAssertEqual(try height(directory(2, other + turned)), 17)
        for lie in [
            [], Array("MM".utf8), directory(0, turned), directory(1, turned, at: .max), directory(1, turned, at: 21), directory(65535, other),
            directory(1, Array(turned[..<9])), Array("XX".utf8) + directory(1, turned).dropFirst(2), directory(1, turned).map { $0 == 42 ? 43 : $0 },
            directory(1, bigEndian(UInt16(0x0112)) + bigEndian(UInt16(4)) + turned[4...]),
            directory(1, turned[..<4] + bigEndian(UInt32(2)) + turned[8...]),
            directory(1, turned[..<8] + bigEndian(UInt16(9)) + [0, 0]), directory(1, turned[..<8] + bigEndian(UInt16(0)) + [0, 0]),
        ] {
            XCTAssertEqual(try height(Array(lie)), 11, "\(lie)")
        }
    }

    /// Cut anywhere it is refused, whether libturbojpeg is there or not; with any byte changed it is read or refused.
    func testCutsAndChangedBytes() throws {
        let folder = TemporaryFolder()
        for name in ["baseline", "progressive", "cmyk", "orientation-6"] {
            let good = try fileBytes(pictures + name + ".jpg")
            for length in 0..<good.count {
                let path = folder.write("x.jpg", Array(good[..<length]))
                do {
                    _ = try Dataset.open(path: folder.path)
                    XCTFail("\(length) of \(good.count) bytes")
                } catch {
                    XCTAssertEqual(error.status, .truncated, error.message)
                }
                XCTAssertNil(try? Dataset.open(path: path))
            }
            for place in 0..<good.count {
                for change in [1, 0x80, 0xFF] as [UInt8] {
                    var bytes = good
                    bytes[place] ^= change
                    if let data = try? Dataset.open(path: folder.write("x.jpg", bytes)) { XCTAssertEqual(data.count, 1) }
                }
            }
        }
    }

    func testHeadersThatLie() throws {
        let folder = TemporaryFolder()
        let good = try fileBytes(pictures + "baseline.jpg")
        let frame = try XCTUnwrap((2..<good.count).first { good[$0] == 0xFF && good[$0 + 1] == 0xC0 })
        func fails(_ word: String, line: UInt = #line, _ change: (inout [UInt8]) -> Void) {
            var bytes = good
            change(&bytes)
            assertFails(.badFormat, word, line: line) { _ = try Dataset.open(path: folder.write("x.jpg", bytes)) }
        }
        fails("cannot hold") { $0.replaceSubrange(frame + 5..<frame + 9, with: [0x3F, 0, 0x3F, 0]) }
        fails("65535×65535") { $0.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF]) }
        fails("17×0") { $0.replaceSubrange(frame + 5..<frame + 7, with: [0, 0]) }
        fails("12 bits") { $0[frame + 4] = 12 }
        fails("2 colours") { $0[frame + 9] = 2 }
        fails("lossless") { $0[frame + 1] = 0xC3 }
        fails("in stages") { $0[frame + 1] = 0xC5 }
        fails("holds no picture") { $0[frame + 1] = 0xDA }
    }

    /// Without a gamma from the file: samples are what is stored.
    func testGammaOfPNGChangesNothing() throws {
        let folder = TemporaryFolder()
        for (colour, depth, interlaced) in [(0, 8, false), (2, 8, true), (0, 16, false), (2, 16, true), (6, 8, false), (3, 8, false)] {
            let palette = colour == 3 ? (0..<256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] } : []
            let picture = TestPNG(width: 16, height: 16, depth: depth, colour: colour, palette: palette, interlaced: interlaced) { x, y, c in
                c == 3 ? 255 : (y * 16 + x) * (depth == 16 ? 257 : 1)
            }
            let wanted = try Dataset.open(path: folder.write("plain.png", picture.bytes)).bytes
            XCTAssertEqual(wanted.first, 0)
            XCTAssertEqual(wanted.last, 255)
            XCTAssertTrue(wanted.contains(128))
            for gamma in [100_000, 45455, 20000, 250_000] as [UInt32] {
                let data = Array("gAMA".utf8) + bigEndian(gamma)
                let chunk = bigEndian(UInt32(4)) + data + bigEndian(data.withUnsafeBytes { Checksum.crc32($0) })
                let bytes = Array(picture.bytes[..<33]) + chunk + Array(picture.bytes[33...])
                XCTAssertEqual(try Dataset.open(path: folder.write("gamma.png", bytes)).bytes, wanted, "colour \(colour), gamma \(gamma)")
            }
        }
    }
}
