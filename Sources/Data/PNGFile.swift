#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
internal import CPng

/// One PNG in memory: its header, a check of its structure, and its pixels as bytes through libpng.
///
/// libpng's simplified interface is used alone, because errors of the other one leave by `longjmp`, which must not
/// cross Swift's frames. Conversions: palettes and bit depths become 8 bits a channel; 16 bits are rounded to 8, unless numbers are asked for; values
/// are those of the file, whatever it says of their gamma; colour becomes grey by libpng's luminance; transparent pixels
/// are composed over black.
struct PNGFile {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The signature and the header chunk.
    static let headerSize = 33

    /// What messages call it: its path in quotation marks, or "in memory".
    let name: String
    let width: Int
    let height: Int
    let isGrey: Bool
    private let bitsPerPixel: Int
    /// Bits a channel: 16, or 8 for everything else.
    let depth: Int
    /// Interlaced with 16 bits a sample, which libpng needs help with.
    private let isDeepAndInterlaced: Bool

    /// Reads the first `headerSize` bytes.
    ///
    /// - Parameter name: what messages call it.
    init(header bytes: UnsafeRawBufferPointer, name: String) throws(GanError) {
        let shared = min(bytes.count, Self.signature.count)
        guard bytes.prefix(shared).elementsEqual(Self.signature.prefix(shared)) else {
            throw GanError(.badFormat, "The file \(name) is not PNG.")
        }
        guard bytes.count >= Self.headerSize else { throw Self.cutShort(name) }
        guard Self.number(bytes, 8) == 13, bytes[12..<16].elementsEqual("IHDR".utf8) else {
            throw GanError(.badFormat, "The PNG file \(name) does not begin with a header.")
        }
        guard Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[12..<29])) == UInt32(Self.number(bytes, 29)) else {
            throw GanError(.checksum, "The header of the PNG file \(name) does not match its checksum.")
        }
        let width = Self.number(bytes, 16)
        let height = Self.number(bytes, 20)
        // libpng's own limit for one side, and a quarter of a gigabyte for one picture in grey.
        guard (1...1_000_000).contains(width), (1...1_000_000).contains(height), width * height <= 1 << 28 else {
            throw GanError(
                .badFormat, "The PNG file \(name) is \(width)×\(height) pixels; 1 to 1000000 a side and at most \(1 << 28) in all are read.")
        }
        let samples: Int
        switch bytes[25] {
        case 0, 3: samples = 1
        case 2: samples = 3
        case 4: samples = 2
        case 6: samples = 4
        default: throw GanError(.badFormat, "The PNG file \(name) has the unknown colour type \(bytes[25]).")
        }
        self.name = name
        self.width = width
        self.height = height
        self.isGrey = bytes[25] == 0 || bytes[25] == 4
        self.bitsPerPixel = samples * Int(bytes[24])
        self.depth = bytes[24] == 16 && bytes[25] != 3 ? 16 : 8
        self.isDeepAndInterlaced = bytes[24] == 16 && bytes[28] == 1 && bytes[25] != 3
    }

    /// Decodes to `[height, width, channels]`; `channels` is 1, 3 or, with transparency, 4.
    ///
    /// - Parameter bytes: the whole file.
    func decode(_ bytes: UnsafeRawBufferPointer, channels: Int, into pixels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        if try checkStructure(bytes) {
            let plain = try Self.withoutGamma(bytes, name)
            defer { withExtendedLifetime(plain) {} }
            try decodeWhole(UnsafeRawBufferPointer(plain.buffer), channels: channels, into: pixels)
        } else {
            try decodeWhole(bytes, channels: channels, into: pixels)
        }
    }

    /// Decodes to numbers, 0 … 1, with all of 16 bits.
    func decode(_ bytes: UnsafeRawBufferPointer, channels: Int, into pixels: UnsafeMutablePointer<Float>) throws(GanError) {
        _ = try checkStructure(bytes)
        try PNGDeep.decode(
            bytes, width: width, height: height, samples: bitsPerPixel / 16, isInterlaced: isDeepAndInterlaced, channels: channels, name: name,
            into: pixels)
    }

    private func decodeWhole(
        _ bytes: UnsafeRawBufferPointer, channels: Int, into pixels: UnsafeMutablePointer<UInt8>
    ) throws(GanError) {
        if isDeepAndInterlaced {
            let plain = try PNGDeinterlace.rewrite(bytes, width: width, height: height, pixelSize: bitsPerPixel / 8, name: name)
            defer { withExtendedLifetime(plain) {} }
            try decodeChecked(UnsafeRawBufferPointer(plain.buffer), channels: channels, into: pixels)
        } else {
            try decodeChecked(bytes, channels: channels, into: pixels)
        }
    }

    private func decodeChecked(
        _ bytes: UnsafeRawBufferPointer, channels: Int, into pixels: UnsafeMutablePointer<UInt8>
    ) throws(GanError) {
        // libpng keeps the image's address between the calls, so it has to stay where it is.
        let holder = try AlignedBuffer<png_image>(count: 1, for: "a PNG decoder")
        let image = holder.pointer
        image.pointee.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { withExtendedLifetime(holder) { png_image_free(image) } }
        guard png_image_begin_read_from_memory(image, bytes.baseAddress, bytes.count) != 0 else { throw refusal(image) }
        guard Int(image.pointee.width) == width, Int(image.pointee.height) == height else {
            throw GanError(.badFormat, "The PNG file \(name) has two headers.")
        }
        let alpha = png_uint_32(PNG_FORMAT_FLAG_ALPHA)
        let hasAlpha = image.pointee.format & alpha != 0
        image.pointee.format = (channels >= 3 ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0) | (hasAlpha || channels == 4 ? alpha : 0)
        // Otherwise 16-bit files without a colour space are taken as linear light and brightened.
        image.pointee.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
        guard hasAlpha && channels != 4 else {
            guard png_image_finish_read(image, nil, pixels, 0, nil) != 0 else { throw refusal(image) }
            return
        }
        let count = width * height
        let straight = try AlignedBuffer<UInt8>(count: count * (channels + 1), for: "the pixels of \(name)")
        defer { withExtendedLifetime(straight) {} }
        guard png_image_finish_read(image, nil, straight.pointer, 0, nil) != 0 else { throw refusal(image) }
        for pixel in 0..<count {
            let from = straight.pointer + pixel * (channels + 1)
            let opacity = Int(from[channels])
            for channel in 0..<channels {
                pixels[pixel * channels + channel] = UInt8(truncatingIfNeeded: (Int(from[channel]) * opacity + 127) / 255)
            }
        }
    }

    /// The chunks by which libpng would change the values of samples: a 128 that was stored with a gamma of 1 would come out
    /// as 186. They are data, and not light on somebody's screen; Pillow and OpenCV read them as they are too.
    private static let gammaChunks = [Array("gAMA".utf8), Array("cICP".utf8)]

    /// A copy of the file, whose chunks have been checked, without them.
    private static func withoutGamma(_ bytes: UnsafeRawBufferPointer, _ name: String) throws(GanError) -> AlignedBuffer<UInt8> {
        let result = GrowingBytes(for: "the pixels of \(name)")
        _ = try result.reserve(bytes.count)
        try result.append(UnsafeRawBufferPointer(rebasing: bytes.prefix(signature.count)))
        var position = signature.count
        while position + 12 <= bytes.count {
            let size = min(12 + number(bytes, position), bytes.count - position)
            if !gammaChunks.contains(where: { bytes[position + 4..<position + 8].elementsEqual($0) }) {
                try result.append(UnsafeRawBufferPointer(rebasing: bytes[position..<position + size]))
            }
            position += size
        }
        return try result.finish()
    }

    /// Walks the chunks: tells a file that was cut short or damaged, and pixels that the data cannot hold.
    ///
    /// - Returns: whether there is one that says something of gamma.
    private func checkStructure(_ bytes: UnsafeRawBufferPointer) throws(GanError) -> Bool {
        var position = Self.signature.count
        var packed = 0
        var saysGamma = false
        while true {
            guard position + 12 <= bytes.count else { throw Self.cutShort(name) }
            let length = Self.number(bytes, position)
            guard length <= bytes.count - position - 12 else { throw Self.cutShort(name) }
            let kind = bytes[position + 4..<position + 8]
            // A small letter in front marks chunks that pictures can do without.
            if kind.first.map({ $0 & 0x20 == 0 }) ?? false {
                let covered = UnsafeRawBufferPointer(rebasing: bytes[position + 4..<position + 8 + length])
                guard Checksum.crc32(covered) == UInt32(Self.number(bytes, position + 8 + length)) else {
                    throw GanError(.checksum, "The PNG file \(name) is damaged: a part does not match its checksum.")
                }
            }
            if kind.elementsEqual("IDAT".utf8) { packed += length }
            if Self.gammaChunks.contains(where: { kind.elementsEqual($0) }) { saysGamma = true }
            if kind.elementsEqual("IEND".utf8) { break }
            position += 12 + length
        }
        // Deflate packs at most 1032 to 1 (RFC 1951).
        guard height * ((width * bitsPerPixel + 7) / 8 + 1) <= 1032 * packed + 1032 else {
            throw GanError(
                .badFormat, "The PNG file \(name) claims \(width)×\(height) pixels, which its \(packed) bytes of data cannot hold.")
        }
        return saysGamma
    }

    private func refusal(_ image: UnsafeMutablePointer<png_image>) -> GanError {
        let offset = MemoryLayout<png_image>.offset(of: \.message) ?? 0
        let text = (UnsafeRawPointer(image) + offset).assumingMemoryBound(to: CChar.self)
        let reason = image.pointee.warning_or_error == 0 ? "unknown" : String(cString: text)
        if Text.holds(reason, "memory") { return GanError(.outOfMemory, "No memory for decoding \(name).") }
        return GanError(.badFormat, "The PNG file \(name) cannot be decoded (\(reason)).")
    }

    private static func cutShort(_ name: String) -> GanError {
        GanError(.truncated, "The PNG file \(name) was cut short.")
    }

    /// A big-endian 32-bit number.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian)
    }
}
