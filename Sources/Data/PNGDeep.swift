import Base
internal import CZlib

/// PNG pictures of 16 bits a channel, to and from numbers.
///
/// libpng's simplified interface, the only one that may be used here (see PNGFile), takes 16 bits for linear light: it would
/// multiply colours by their opacity when it reads, and write a gamma that makes other programs show them brighter. So the samples are
/// taken out of the file, and put into one, as the PNG specification says (sections 7, 9 and 10).
enum PNGDeep {
    /// Undoes what is packed and filtered.
    ///
    /// - Parameters:
    ///   - bytes: a whole file whose chunks have been checked.
    ///   - samples: a pixel: 1 and 3 without, 2 and 4 with opacity.
    ///   - channels: 1 for a grey picture, 3, or 4 with opacity; transparency is composed over black where there is none.
    ///   - pixels: receives [height, width, channels], 0 … 1.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, width: Int, height: Int, samples: Int, isInterlaced: Bool, channels: Int, name: String,
        into pixels: UnsafeMutablePointer<Float>
    ) throws(GanError) {
        let packed = GrowingBytes(for: "the pixels of \(name)")
        // The colour that stands for nothing, of files without opacity.
        var absent: [UInt16]?
        var position = 8
        while position + 12 <= bytes.count {
            let length = Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self).bigEndian)
            guard length <= bytes.count - position - 12 else { break }
            let kind = bytes[position + 4..<position + 8]
            let data = UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + 8 + length])
            if kind.elementsEqual("IDAT".utf8) { try packed.append(data) }
            if kind.elementsEqual("tRNS".utf8), samples % 2 == 1, data.count == 2 * samples, packed.count == 0 {
                absent = (0..<samples).map { data.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self).bigEndian }
            }
            position += 12 + length
        }
        let passes = isInterlaced ? PNGDeinterlace.passes : [(0, 0, 1, 1)]
        let rows = try PNGDeinterlace.unpack(packed, width, height, 2 * samples, passes, name)
        defer { withExtendedLifetime(rows) {} }
        let colours = samples > 2 ? 3 : 1
        let stride = 1 + 2 * samples * width
        for y in 0..<height {
            let row = UnsafeRawPointer(rows.pointer + y * stride + 1)
            for x in 0..<width {
                func sample(_ place: Int) -> UInt16 { row.loadUnaligned(fromByteOffset: 2 * (x * samples + place), as: UInt16.self).bigEndian }
                var opacity: Float = samples % 2 == 0 ? Float(sample(samples - 1)) / 65535 : 1
                if let absent, (0..<samples).allSatisfy({ sample($0) == absent[$0] }) { opacity = 0 }
                let to = pixels + (y * width + x) * channels
                for channel in 0..<min(channels, 3) {
                    let value = Float(sample(min(channel, colours - 1))) / 65535
                    to[channel] = channels == 4 ? value : value * opacity
                }
                if channels == 4 { to[3] = opacity }
            }
        }
    }

    /// A picture as a file. The same pixels give the same bytes.
    ///
    /// - Parameters:
    ///   - pixels: [height, width, channels], 0 … 1; 1 (grey), 3 (RGB) or 4 (RGBA) channels; beyond the ends they are brought to the nearer.
    static func encode(_ pixels: UnsafePointer<Float>, height: Int, width: Int, channels: Int) throws(GanError) -> AlignedBuffer<UInt8> {
        let stride = try Sizes.sum(1, Sizes.product(2, channels, width, of: "the picture"), of: "the picture")
        let rows = try AlignedBuffer<UInt8>(count: Sizes.product(stride, height, of: "the picture"), for: "a picture of \(width)×\(height)")
        for y in 0..<height {
            let row = rows.pointer + y * stride
            row[0] = 1  // Each byte is kept as what it has more than that of the pixel before.
            var before = [UInt16](repeating: 0, count: channels)
            for x in 0..<width {
                for channel in 0..<channels {
                    let value = quantize(pixels[(y * width + x) * channels + channel], 65535)
                    let to = row + 1 + 2 * (x * channels + channel)
                    to[0] = UInt8(value >> 8) &- UInt8(before[channel] >> 8)
                    to[1] = UInt8(truncatingIfNeeded: value) &- UInt8(truncatingIfNeeded: before[channel])
                    before[channel] = value
                }
            }
        }
        var size = compressBound(uLong(rows.count))
        let packed = try AlignedBuffer<UInt8>(count: Int(size), for: "a PNG file")
        defer { withExtendedLifetime((rows, packed)) {} }
        guard compress2(packed.pointer, &size, rows.pointer, uLong(rows.count), 6) == Z_OK else {
            throw GanError(.outOfMemory, "No memory for a picture of \(width)×\(height).")
        }
        let result = GrowingBytes(for: "a PNG file")
        try result.reserve(PNGFile.signature.count).copyBytes(from: PNGFile.signature)
        result.append(PNGFile.signature.count)
        let sides = [width, height].flatMap { PNGDeinterlace.bigEndian(UInt32(truncatingIfNeeded: $0)) }
        try PNGDeinterlace.chunk("IHDR", sides + [16, channels == 1 ? 0 : channels == 3 ? 2 : 6, 0, 0, 0], to: result)
        var rest = packed.buffer.prefix(Int(size))
        while !rest.isEmpty {
            try PNGDeinterlace.chunk("IDAT", Array(rest.prefix(1 << 20)), to: result)
            rest = rest.dropFirst(1 << 20)
        }
        try PNGDeinterlace.chunk("IEND", [], to: result)
        return try result.finish()
    }

    /// The nearest of the whole numbers up to `most`; 0 for what is no number.
    static func quantize(_ value: Float, _ most: Float) -> UInt16 {
        value > 0 ? UInt16(min(value, 1) * most + 0.5) : 0
    }
}
