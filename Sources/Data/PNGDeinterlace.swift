#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
internal import CZlib

/// Rewrites an interlaced PNG of 16 bits a sample without interlacing.
///
/// libpng's simplified interface mixes up the rows of such files when asked for 8 bits (pnggroup/libpng issue 853; the
/// versions that distributions ship have it). What is done here is in the PNG specification: the seven passes of Adam7
/// (section 8) and the five row filters (section 9). Everything but the order of the pixels is left to libpng.
enum PNGDeinterlace {
    static let passes: [(x: Int, y: Int, dx: Int, dy: Int)] = [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ]

    /// - Parameters:
    ///   - bytes: a whole file whose chunks have been checked.
    ///   - pixelSize: bytes a pixel, all samples together.
    ///   - name: what messages call the file.
    static func rewrite(
        _ bytes: UnsafeRawBufferPointer, width: Int, height: Int, pixelSize: Int, name: String
    ) throws(GanError) -> AlignedBuffer<UInt8> {
        let result = GrowingBytes(for: "the pixels of \(name)")
        let packed = GrowingBytes(for: "the pixels of \(name)")
        try result.append(UnsafeRawBufferPointer(rebasing: bytes[..<8]))
        var position = 8
        while position < bytes.count {
            let length = Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self).bigEndian)
            let kind = bytes[position + 4..<position + 8]
            let data = UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + 8 + length])
            if kind.elementsEqual("IDAT".utf8) {
                try packed.append(data)
            } else if position == 8, data.count == 13 {
                var header = Array(data)
                header[12] = 0  // not interlaced
                try chunk("IHDR", header, to: result)
            } else if kind.elementsEqual("IEND".utf8) {
                break
            } else if packed.count == 0 {
                // What comes behind the pixels says nothing about them.
                try result.append(UnsafeRawBufferPointer(rebasing: bytes[position..<position + 12 + length]))
            }
            position += 12 + length
        }
        let rows = try unpack(packed, width, height, pixelSize, passes, name)
        defer { withExtendedLifetime(rows) {} }
        var size = compressBound(uLong(rows.count))
        let again = try AlignedBuffer<UInt8>(count: Int(size), for: "the pixels of \(name)")
        defer { withExtendedLifetime(again) {} }
        guard compress2(again.pointer, &size, rows.pointer, uLong(rows.count), 1) == Z_OK else {
            throw GanError(.outOfMemory, "No memory for decoding \(name).")
        }
        var rest = again.buffer.prefix(Int(size))
        while !rest.isEmpty {
            // A chunk's length has 31 bits.
            try chunk("IDAT", Array(rest.prefix(1 << 20)), to: result)
            rest = rest.dropFirst(1 << 20)
        }
        try chunk("IEND", [], to: result)
        return try result.finish()
    }

    /// The rows from top to bottom, each behind a byte; of a file that is not interlaced, the one pass takes every pixel.
    static func unpack(
        _ packed: GrowingBytes, _ width: Int, _ height: Int, _ pixelSize: Int, _ passes: [(x: Int, y: Int, dx: Int, dy: Int)], _ name: String
    ) throws(GanError) -> AlignedBuffer<UInt8> {
        var total = 0
        for pass in passes where pass.x < width && pass.y < height {
            total += ((height - pass.y - 1) / pass.dy + 1) * (1 + ((width - pass.x - 1) / pass.dx + 1) * pixelSize)
        }
        let filtered = try AlignedBuffer<UInt8>(count: total, for: "the pixels of \(name)")
        defer { withExtendedLifetime(filtered) {} }
        var size = uLong(total)
        let source = packed.bytes
        let status = uncompress(filtered.pointer, &size, source.baseAddress?.assumingMemoryBound(to: UInt8.self), uLong(source.count))
        guard status == Z_OK, Int(size) == total else {
            throw status == Z_MEM_ERROR
                ? GanError(.outOfMemory, "No memory for decoding \(name).")
                : GanError(.badFormat, "The PNG file \(name) cannot be decoded (its compressed data are corrupt).")
        }
        let stride = 1 + width * pixelSize
        let rows = try AlignedBuffer<UInt8>(count: height * stride, for: "the pixels of \(name)")
        var row = filtered.pointer
        for pass in passes where pass.x < width && pass.y < height {
            let columns = (width - pass.x - 1) / pass.dx + 1
            var above: UnsafeMutablePointer<UInt8>?
            for y in Swift.stride(from: pass.y, to: height, by: pass.dy) {
                guard unfilter(row + 1, above, columns * pixelSize, pixelSize, type: row[0]) else {
                    throw GanError(.badFormat, "The PNG file \(name) cannot be decoded (the row filter \(row[0]) is unknown).")
                }
                for column in 0..<columns {
                    memcpy(rows.pointer + y * stride + 1 + (pass.x + column * pass.dx) * pixelSize, row + 1 + column * pixelSize, pixelSize)
                }
                above = row + 1
                row += 1 + columns * pixelSize
            }
        }
        return rows
    }

    /// Undoes one row's filter in place; false for a type that does not exist.
    private static func unfilter(
        _ row: UnsafeMutablePointer<UInt8>, _ above: UnsafeMutablePointer<UInt8>?, _ count: Int, _ pixelSize: Int, type: UInt8
    ) -> Bool {
        guard type <= 4 else { return false }
        for i in 0..<count {
            let left = i >= pixelSize ? Int(row[i - pixelSize]) : 0
            let up = above.map { Int($0[i]) } ?? 0
            let predicted: Int
            switch type {
            case 1: predicted = left
            case 2: predicted = up
            case 3: predicted = (left + up) / 2
            case 4:
                // Paeth: whichever neighbour is nearest to left + up − upper left.
                let upperLeft = i >= pixelSize ? above.map { Int($0[i - pixelSize]) } ?? 0 : 0
                let (toLeft, toUp, toBoth) = (abs(up - upperLeft), abs(left - upperLeft), abs(left + up - 2 * upperLeft))
                predicted = toLeft <= toUp && toLeft <= toBoth ? left : toUp <= toBoth ? up : upperLeft
            default: predicted = 0
            }
            row[i] = row[i] &+ UInt8(truncatingIfNeeded: predicted)
        }
        return true
    }

    static func chunk(_ name: String, _ data: [UInt8], to result: GrowingBytes) throws(GanError) {
        let covered = Array(name.utf8) + data
        let check = covered.withUnsafeBytes { Checksum.crc32($0) }
        let whole = bigEndian(UInt32(truncatingIfNeeded: data.count)) + covered + bigEndian(check)
        let room = try result.reserve(whole.count)
        room.copyBytes(from: whole)
        result.append(whole.count)
    }

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { (shift: UInt32) in UInt8(truncatingIfNeeded: value >> shift) }
    }
}
