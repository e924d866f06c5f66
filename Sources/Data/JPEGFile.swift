import Base

/// One JPEG file in memory: its size, how it lies, a check of its structure, and its pixels as bytes through libturbojpeg.
///
/// The header is read here and not by libturbojpeg, so that sizes are known, and files that lie about them refused,
/// whether it is installed or not. (ITU-T T.81, annex B; JFIF; EXIF.)
struct JPEGFile {
    static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// What messages call it: its path in quotation marks, or "in memory".
    let name: String
    /// Of the picture the right way up.
    var width: Int { orientation.isOnItsSide ? storedHeight : storedWidth }
    var height: Int { orientation.isOnItsSide ? storedWidth : storedHeight }
    var isGrey: Bool { components == 1 }

    private let storedWidth: Int
    private let storedHeight: Int
    private let components: Int
    private let orientation: Orientation
    private let isArithmetic: Bool

    /// Reads the header, which ends where the frame's sizes are.
    ///
    /// - Parameters:
    ///   - bytes: the file, or its beginning.
    ///   - isWhole: that no more can be had.
    ///   - name: what messages call it.
    /// - Returns: nil where more is needed.
    static func header(_ bytes: UnsafeRawBufferPointer, isWhole: Bool, name: String) throws(GanError) -> JPEGFile? {
        guard bytes.prefix(signature.count).elementsEqual(signature.prefix(bytes.count)) else {
            throw GanError(.badFormat, "The file \(name) is not JPEG.")
        }
        var segments = JPEGSegments(bytes)
        var orientation: Orientation?
        while let segment = segments.next() {
            switch segment.marker {
            case 0xE1 where segment.data.prefix(6).elementsEqual([0x45, 0x78, 0x69, 0x66, 0, 0]):  // "Exif"
                orientation = orientation ?? EXIF.orientation(UnsafeRawBufferPointer(rebasing: segment.data.dropFirst(6)))
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                return try JPEGFile(frame: segment, orientation ?? .upright, name)
            case 0xDA, 0xD9:
                throw GanError(.badFormat, "The JPEG file \(name) holds no picture.")
            default:
                break
            }
        }
        if isWhole { throw cutShort(name) }
        return nil
    }

    private init(frame: JPEGSegments.Segment, _ orientation: Orientation, _ name: String) throws(GanError) {
        let data = frame.data
        guard data.count >= 6 else { throw GanError(.badFormat, "The JPEG file \(name) does not say how large it is.") }
        let kind = frame.marker & 3
        guard kind != 3, frame.marker & 0xF4 != 0xC4 else {
            throw GanError(.badFormat, "The JPEG file \(name) is lossless or in stages; sequential and progressive ones are read.")
        }
        guard data[0] == 8 else { throw GanError(.badFormat, "The JPEG file \(name) has \(data[0]) bits a sample; 8 are read.") }
        storedHeight = Int(data[1]) << 8 | Int(data[2])
        storedWidth = Int(data[3]) << 8 | Int(data[4])
        components = Int(data[5])
        // A quarter of a gigabyte for one picture in grey, as for PNG.
        guard storedWidth > 0, storedHeight > 0, storedWidth * storedHeight <= 1 << 28 else {
            throw GanError(
                .badFormat, "The JPEG file \(name) is \(storedWidth)×\(storedHeight) pixels; at least 1 a side and at most \(1 << 28) in all are read.")
        }
        guard [1, 3, 4].contains(components) else {
            throw GanError(.badFormat, "The JPEG file \(name) has \(components) colours; 1 (grey), 3 (RGB) or 4 (CMYK) were expected.")
        }
        isArithmetic = frame.marker >= 0xC9
        self.orientation = orientation
        self.name = name
    }

    /// Decodes to `[height, width, channels]`; `channels` is 1, 3 or 4, the last opaque.
    ///
    /// - Parameter bytes: the whole file.
    func decode(_ bytes: UnsafeRawBufferPointer, channels: Int, into pixels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        if channels == 4 {
            try decode(bytes, channels: 3, into: pixels)
            // From the last pixel on, so that none is overwritten before it was read.
            for pixel in (0..<width * height).reversed() {
                for channel in (0..<3).reversed() { pixels[pixel * 4 + channel] = pixels[pixel * 3 + channel] }
                pixels[pixel * 4 + 3] = 255
            }
            return
        }
        try checkStructure(bytes)
        guard let library = TurboJPEG.shared else {
            throw GanError(
                .notFound,
                "The JPEG file \(name) needs libturbojpeg, which is not installed (Debian, Ubuntu: apt-get install libturbojpeg0; Fedora: dnf install turbojpeg); or convert it to PNG.")
        }
        let format: TurboJPEG.PixelFormat = components == 4 ? .cmyk : channels == 1 ? .grey : .rgb
        let decoded = try library.decode(bytes, width: storedWidth, height: storedHeight, name: name, format: format)
        defer { withExtendedLifetime(decoded) {} }
        if components == 4 { Self.mix(decoded.pointer, storedWidth * storedHeight, channels) }
        orientation.apply(from: decoded.pointer, height: storedHeight, width: storedWidth, channels: channels, to: pixels)
    }

    /// Cyan, magenta, yellow and black become RGB or grey, in place. As every program that writes such files follows
    /// Photoshop, 255 is taken as no ink, as Pillow and browsers take it.
    private static func mix(_ pixels: UnsafeMutablePointer<UInt8>, _ count: Int, _ channels: Int) {
        for pixel in 0..<count {
            let from = pixels + 4 * pixel
            let black = Int(from[3])
            let red = (Int(from[0]) * black + 127) / 255
            let green = (Int(from[1]) * black + 127) / 255
            let blue = (Int(from[2]) * black + 127) / 255
            let to = pixels + channels * pixel
            if channels == 1 {
                // The luminance of JPEG's own grey (JFIF; ITU-R BT.601).
                to[0] = UInt8(truncatingIfNeeded: (299 * red + 587 * green + 114 * blue + 500) / 1000)
            } else {
                to[0] = UInt8(truncatingIfNeeded: red)
                to[1] = UInt8(truncatingIfNeeded: green)
                to[2] = UInt8(truncatingIfNeeded: blue)
            }
        }
    }

    /// Walks through the file to its end: tells one that was cut short, and pixels that the data cannot hold.
    private func checkStructure(_ bytes: UnsafeRawBufferPointer) throws(GanError) {
        var segments = JPEGSegments(bytes)
        var packed = 0
        while true {
            guard let segment = segments.next() else { throw Self.cutShort(name) }
            if segment.marker == 0xD9 { break }
            if segment.marker == 0xDA { packed += segments.skipScan() }
        }
        // In Huffman's code every block of 64 pixels takes a bit at least; other codes are not so easily bounded.
        guard isArithmetic || storedWidth * storedHeight <= 512 * (packed + 1) else {
            throw GanError(
                .badFormat,
                "The JPEG file \(name) claims \(storedWidth)×\(storedHeight) pixels, which its \(packed) bytes of data cannot hold.")
        }
    }

    static func cutShort(_ name: String) -> GanError { GanError(.truncated, "The JPEG file \(name) was cut short.") }
}

/// The parts of a JPEG file, one after another. Ends, without an error, where the bytes do.
struct JPEGSegments {
    struct Segment {
        let marker: UInt8
        /// Behind the length; empty for markers that stand alone.
        let data: UnsafeRawBufferPointer
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 2

    /// - Parameter bytes: a file, or its beginning, with the marker that all begin with.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() -> Segment? {
        while true {
            // Bytes between the parts are passed over, as all decoders do.
            while position < bytes.count, bytes[position] != 0xFF { position += 1 }
            while position < bytes.count, bytes[position] == 0xFF { position += 1 }
            guard position < bytes.count else { return nil }
            let marker = bytes[position]
            position += 1
            switch marker {
            case 0, 1, 0xD0...0xD8: continue
            case 0xD9: return Segment(marker: marker, data: UnsafeRawBufferPointer(start: nil, count: 0))
            default: break
            }
            guard position + 2 <= bytes.count else { return nil }
            let length = max(2, Int(bytes[position]) << 8 | Int(bytes[position + 1]))
            guard length <= bytes.count - position else { return nil }
            let data = UnsafeRawBufferPointer(rebasing: bytes[position + 2..<position + length])
            position += length
            return Segment(marker: marker, data: data)
        }
    }

    /// Passes over the coded data behind the header of a scan, and returns how many bytes they are.
    mutating func skipScan() -> Int {
        let start = position
        while position + 1 < bytes.count {
            // FF 00 is a byte FF of the data, and FF D0 … FF D7 are marks within them.
            if bytes[position] == 0xFF, bytes[position + 1] != 0, !(0xD0...0xD7).contains(bytes[position + 1]) { break }
            position += 1
        }
        return position - start
    }
}
