import Base

/// PNG files that become one dataset in the given order.
///
/// Headers are read first, so that sizes and colours are known, and memory for all pictures is taken, before any is decoded.
enum PNGFolder {
    static func open(_ paths: [String], options: DatasetOptions) throws(GanError) -> Dataset {
        var allGrey = true
        var first: PNGFile?
        for path in paths {
            let picture = try header(of: path)
            allGrey = allGrey && picture.isGrey
            if let first { try checkAlike(picture, first, options) }
            first = first ?? picture
        }
        guard let first else { throw GanError(.notFound, "There are no PNG files to open.") }
        let shape = try shape(first, allGrey: allGrey, options)
        let total = try Sizes.product(paths.count, shape.elements, of: "\(paths.count) images of \(shape)")
        let pixels = try AlignedBuffer<UInt8>(count: total, for: "\(paths.count) images of \(shape)")
        for (place, path) in paths.enumerated() {
            let bytes = try InputFile(path: path).readAll()
            try decode(bytes, path, shape, options, into: pixels.pointer + place * shape.elements)
        }
        return try dataset(pixels, count: paths.count, shape, options, of: "the PNG files")
    }

    /// One picture, from a file that is open already.
    static func open(_ source: ByteSource, options: DatasetOptions) throws(GanError) -> Dataset {
        let bytes = try source.stored()
        defer { withExtendedLifetime(bytes) {} }
        let start = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes.buffer).prefix(PNGFile.headerSize))
        let picture = try PNGFile(header: start, path: source.path)
        let shape = try shape(picture, allGrey: picture.isGrey, options)
        let pixels = try AlignedBuffer<UInt8>(count: shape.elements, for: "an image of \(shape)")
        try decode(bytes, source.path, shape, options, into: pixels.pointer)
        return try dataset(pixels, count: 1, shape, options, of: "\"\(source.path)\"")
    }

    private static func header(of path: String) throws(GanError) -> PNGFile {
        let file = try InputFile(path: path)
        let bytes = try AlignedBuffer<UInt8>(count: PNGFile.headerSize, for: "a PNG header")
        defer { withExtendedLifetime(bytes) {} }
        bytes.shorten(to: try file.read(into: UnsafeMutableRawBufferPointer(bytes.buffer)))
        return try PNGFile(header: UnsafeRawBufferPointer(bytes.buffer), path: path)
    }

    private static func shape(_ first: PNGFile, allGrey: Bool, _ options: DatasetOptions) throws(GanError) -> ImageShape {
        try options.check()
        guard [0, 1, 3].contains(options.channels) else {
            throw GanError(.outOfRange, "The option data.channels is \(options.channels); PNG files are read as 1 (grey) or 3 (RGB) channels.")
        }
        let channels = options.channels == 0 ? (allGrey ? 1 : 3) : options.channels
        if options.fit == .crop {
            guard options.height > 0, options.width > 0 else {
                throw GanError(.outOfRange, "The option data.fit is crop, which needs the options data.height and data.width.")
            }
            return try ImageShape(height: options.height, width: options.width, channels: channels)
        }
        for (name, wanted, actual) in [("height", options.height, first.height), ("width", options.width, first.width)]
        where wanted != 0 && wanted != actual {
            throw GanError(
                .mismatch,
                "The option data.\(name) is \(wanted), and \"\(first.path)\" is \(size(first)); set data.fit to crop to scale it.")
        }
        return try ImageShape(height: first.height, width: first.width, channels: channels)
    }

    private static func checkAlike(_ picture: PNGFile, _ first: PNGFile, _ options: DatasetOptions) throws(GanError) {
        if options.fit == .exact && (picture.width != first.width || picture.height != first.height) {
            throw GanError(
                .mismatch,
                "\"\(picture.path)\" is \(size(picture)), and \"\(first.path)\" \(size(first)); make them one size, or set data.fit to crop with data.height and data.width.")
        }
    }

    private static func size(_ picture: PNGFile) -> String { "\(picture.width) wide and \(picture.height) high" }

    private static func decode(
        _ file: AlignedBuffer<UInt8>, _ path: String, _ shape: ImageShape, _ options: DatasetOptions,
        into pixels: UnsafeMutablePointer<UInt8>
    ) throws(GanError) {
        defer { withExtendedLifetime(file) {} }
        let bytes = UnsafeRawBufferPointer(file.buffer)
        let picture = try PNGFile(header: UnsafeRawBufferPointer(rebasing: bytes.prefix(PNGFile.headerSize)), path: path)
        if picture.height == shape.height && picture.width == shape.width {
            try picture.decode(bytes, channels: shape.channels, into: pixels)
            return
        }
        guard options.fit == .crop else {
            throw GanError(.mismatch, "\"\(path)\" is \(size(picture)), which it was not a moment ago.")
        }
        let count = try Sizes.product(picture.height, picture.width, shape.channels, of: "the pixels of \"\(path)\"")
        let whole = try AlignedBuffer<UInt8>(count: count, for: "the pixels of \"\(path)\"")
        defer { withExtendedLifetime(whole) {} }
        try picture.decode(bytes, channels: shape.channels, into: whole.pointer)
        try Resample.cover(from: whole.pointer, height: picture.height, width: picture.width, to: pixels, shape)
    }

    private static func dataset(
        _ pixels: AlignedBuffer<UInt8>, count: Int, _ shape: ImageShape, _ options: DatasetOptions, of what: String
    ) throws(GanError) -> Dataset {
        let range = try options.range(default: 0, 255)
        if let outside = range.firstOutside(UnsafePointer(pixels.pointer), pixels.count) {
            throw range.violation(
                Float(pixels.pointer[outside]), at: outside, shape: shape, of: what, advice: ValueRange.optionAdvice)
        }
        return Dataset(count: count, shape: shape, storage: .bytes(pixels.pointer), range: range, labels: nil, owner: pixels)
    }
}
