/// How a picture lies in its file: the values of EXIF's tag Orientation (EXIF 2.32, section 4.6.4).
enum Orientation: Int {
    case upright = 1
    case mirrored, upsideDown, mirroredUpsideDown, transposed, onItsLeftSide, transversed, onItsRightSide

    /// Whether rows of the file are columns of the picture.
    var isOnItsSide: Bool { rawValue >= 5 }

    /// Turns a picture the right way up.
    ///
    /// - Parameters:
    ///   - source: `[height, width, channels]` as it lies in the file.
    ///   - destination: as many values; `[width, height, channels]` where the picture lies on its side.
    func apply(
        from source: UnsafePointer<UInt8>, height: Int, width: Int, channels: Int, to destination: UnsafeMutablePointer<UInt8>
    ) {
        let (rows, columns) = isOnItsSide ? (width, height) : (height, width)
        var to = destination
        for y in 0..<rows {
            for x in 0..<columns {
                let (fromY, fromX): (Int, Int)
                switch self {
                case .upright: (fromY, fromX) = (y, x)
                case .mirrored: (fromY, fromX) = (y, width - 1 - x)
                case .upsideDown: (fromY, fromX) = (height - 1 - y, width - 1 - x)
                case .mirroredUpsideDown: (fromY, fromX) = (height - 1 - y, x)
                case .transposed: (fromY, fromX) = (x, y)
                case .onItsLeftSide: (fromY, fromX) = (height - 1 - x, y)
                case .transversed: (fromY, fromX) = (height - 1 - x, width - 1 - y)
                case .onItsRightSide: (fromY, fromX) = (x, width - 1 - y)
                }
                let from = source + (fromY * width + fromX) * channels
                for channel in 0..<channels { to[channel] = from[channel] }
                to += channels
            }
        }
    }
}

/// What is read of a picture's EXIF data: the orientation. They are a small TIFF file (TIFF 6.0, section 2): the byte order,
/// the number 42, and where the first directory is; a directory is a count, and entries of 12 bytes.
enum EXIF {
    /// Nil where nothing is said, or said in a way that cannot be: cameras and editors write much that is out of order, and
    /// a picture without directions is taken as it lies.
    static func orientation(_ tiff: UnsafeRawBufferPointer) -> Orientation? {
        guard tiff.count >= 8 else { return nil }
        let isBig: Bool
        switch (tiff[0], tiff[1]) {
        case (0x49, 0x49): isBig = false
        case (0x4D, 0x4D): isBig = true
        default: return nil
        }
        func short(_ place: Int) -> Int? {
            guard place >= 0, place <= tiff.count - 2 else { return nil }
            let raw = tiff.loadUnaligned(fromByteOffset: place, as: UInt16.self)
            return Int(isBig ? UInt16(bigEndian: raw) : UInt16(littleEndian: raw))
        }
        func long(_ place: Int) -> Int? {
            guard place >= 0, place <= tiff.count - 4 else { return nil }
            let raw = tiff.loadUnaligned(fromByteOffset: place, as: UInt32.self)
            return Int(isBig ? UInt32(bigEndian: raw) : UInt32(littleEndian: raw))
        }
        guard short(2) == 42, let directory = long(4), let entries = short(directory) else { return nil }
        for entry in 0..<entries {
            // Offsets have 32 bits, so that nothing here comes near an overflow.
            let place = directory + 2 + 12 * entry
            guard let tag = short(place), let type = short(place + 2), let count = long(place + 4) else { return nil }
            // One number of 16 bits, which lies in the entry itself.
            if tag == 0x0112 { return type == 3 && count == 1 ? short(place + 8).flatMap { Orientation(rawValue: $0) } : nil }
        }
        return nil
    }
}
