import Base
import CZlib
import Data
import Glibc
import XCTest

/// A folder that goes with the test.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/gan-data-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) == nil ? "" : String(cString: $0.baseAddress!) }
        chmod(path, 0o755)
    }

    deinit { Self.remove(FilePath(path)) }

    private static func remove(_ path: FilePath) {
        for entry in (try? Folder.contents(path)) ?? [] {
            let inner = path.appending(entry.name)
            let name = (inner.bytes + [0]).map { CChar(bitPattern: $0) }
            // A link to a folder is no folder of ours.
            if unlink(name) != 0 { remove(inner) }
        }
        rmdir((path.bytes + [0]).map { CChar(bitPattern: $0) })
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file, and makes the folders on the way to it.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) -> String {
        var made = path
        for part in name.split(separator: "/").dropLast() {
            made += "/" + part
            mkdir(made, 0o755)
        }
        unlink(path + "/" + name)  // a file system waits for the disk where a file is cut to nothing and written again
        let file = fopen(path + "/" + name, "w")!
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        return path + "/" + name
    }
}

let testsFolder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

func fileBytes(_ path: String) throws -> [UInt8] {
    let bytes = try InputFile(path: path).readAll()
    return withExtendedLifetime(bytes) { Array(bytes.buffer) }
}

/// The body fails with this status and a sentence that contains the words.
func assertFails(
    _ status: Status, _ words: String..., file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void
) {
    do {
        try body()
        XCTFail("nothing was thrown", file: file, line: line)
    } catch let error as GanError {
        XCTAssertEqual(error.status, status, error.message, file: file, line: line)
        XCTAssertTrue(error.message.hasSuffix("."), error.message, file: file, line: line)
        for word in words { XCTAssertTrue(error.message.contains(word), "\(word) is not in: \(error.message)", file: file, line: line) }
    } catch {
        XCTFail("\(error)", file: file, line: line)
    }
}

func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

func idx(_ type: UInt8, _ axes: [Int], _ elements: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(axes.count)] + axes.flatMap { bigEndian(UInt32($0)) } + elements
}

func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1000)
    deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    let size = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = uInt(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = uInt(target.count)
            XCTAssertEqual(deflate(&stream, Z_FINISH), Z_STREAM_END)
            return Int(stream.total_out)
        }
    }
    deflateEnd(&stream)
    return Array(output[..<size])
}

extension Dataset {
    func floats(_ rows: [Int], _ low: Float = 0, _ high: Float = 1) throws -> [Float] {
        var values = [Float](repeating: .nan, count: rows.count * shape.elements)
        try rows.withUnsafeBufferPointer { rows in
            try values.withUnsafeMutableBufferPointer { try copyBatch(rows: rows, into: $0.baseAddress!, rangeLow: low, rangeHigh: high) }
        }
        return values
    }

    /// All stored bytes.
    var bytes: [UInt8] {
        guard case .bytes(let pointer) = storage else { return [] }
        return Array(UnsafeBufferPointer(start: pointer, count: count * shape.elements))
    }

    var labelArray: [Int32] { labels.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? [] }
}

/// A PNG encoder for what libpng's simplified writer cannot make: every depth, palettes, transparency, interlacing.
struct TestPNG {
    var width: Int
    var height: Int
    var depth = 8
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
    var colour = 0
    var palette: [UInt8] = []
    var transparency: [UInt8] = []
    var interlaced = false
    /// 0 … 4 for every row, or nil for each in turn.
    var filter: Int? = 0
    /// Sample `channel` of pixel (x, y).
    var sample: (_ x: Int, _ y: Int, _ channel: Int) -> Int

    var bytes: [UInt8] {
        var raw: [UInt8] = []
        let passes: [(x: Int, y: Int, dx: Int, dy: Int)] =
            interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] : [(0, 0, 1, 1)]
        let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colour]!
        let pixelSize = max(1, channels * depth / 8)
        var rowsDone = 0
        for pass in passes where pass.x < width {
            var above: [UInt8] = []
            for y in stride(from: pass.y, to: height, by: pass.dy) {
                var row: [UInt8] = []
                var bits = 0
                var filled = 0
                for x in stride(from: pass.x, to: width, by: pass.dx) {
                    for channel in 0..<channels {
                        bits = bits << depth | sample(x, y, channel)
                        filled += depth
                        while filled >= 8 {
                            row.append(UInt8(bits >> (filled - 8) & 255))
                            filled -= 8
                            bits &= 1 << filled - 1
                        }
                    }
                }
                if filled > 0 { row.append(UInt8(bits << (8 - filled) & 255)) }
                let type = filter ?? rowsDone % 5
                raw.append(UInt8(type))
                for i in 0..<row.count {
                    let left = i >= pixelSize ? Int(row[i - pixelSize]) : 0
                    let up = above.isEmpty ? 0 : Int(above[i])
                    let corner = above.isEmpty || i < pixelSize ? 0 : Int(above[i - pixelSize])
                    let nearest = [left, up, corner].min { abs($0 - (left + up - corner)) < abs($1 - (left + up - corner)) } ?? 0
                    raw.append(row[i] &- UInt8([0, left, up, (left + up) / 2, nearest][type]))
                }
                above = row
                rowsDone += 1
            }
        }
        var packed = [UInt8](repeating: 0, count: raw.count + 1000)
        var size = uLong(packed.count)
        compress2(&packed, &size, raw, uLong(raw.count), 6)
        let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [UInt8(depth), UInt8(colour), 0, 0, interlaced ? 1 : 0]
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
        if !palette.isEmpty { file += chunk("PLTE", palette) }
        if !transparency.isEmpty { file += chunk("tRNS", transparency) }
        return file + chunk("IDAT", Array(packed[..<Int(size)])) + chunk("IEND", [])
    }

    private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let covered = Array(name.utf8) + data
        return bigEndian(UInt32(data.count)) + covered + bigEndian(covered.withUnsafeBytes { Checksum.crc32($0) })
    }
}
