import Base

/// Picture files that become one dataset in the given order.
///
/// Headers are read first, so that sizes and colours are known, and memory for all pictures is taken, before any is decoded.
enum Pictures {
    /// - Parameter labels: one for each path, with the names of the classes.
    static func open(_ paths: [FilePath], labels: Labels?, options: DatasetOptions) throws(GanError) -> Dataset {
        let start = try AlignedBuffer<UInt8>(count: PictureFile.headerSize, for: "the start of a picture")
        var allGrey = true
        var first: PictureFile?
        for path in paths {
            let picture = try header(of: path, UnsafeMutableRawBufferPointer(start.buffer))
            allGrey = allGrey && picture.isGrey
            if let first { try checkAlike(picture, first, options) }
            first = first ?? picture
        }
        withExtendedLifetime(start) {}
        guard let first else { throw GanError(.notFound, "There are no pictures to open.") }
        let shape = try shape(first, allGrey: allGrey, options)
        let total = try Sizes.product(paths.count, shape.elements, of: "\(paths.count) images of \(shape)")
        let pixels = try AlignedBuffer<UInt8>(count: total, for: "\(paths.count) images of \(shape)")
        for (place, path) in paths.enumerated() {
            let file = try InputFile(path: path)
            try decode(try file.readAll(), file.path, shape, options, into: pixels.pointer + place * shape.elements)
        }
        return try dataset(pixels, count: paths.count, shape, labels, options, of: "the pictures")
    }

    /// One picture, from a file that is open already.
    static func open(_ source: ByteSource, options: DatasetOptions) throws(GanError) -> Dataset {
        let bytes = try source.stored()
        defer { withExtendedLifetime(bytes) {} }
        let picture = try PictureFile(UnsafeRawBufferPointer(bytes.buffer), path: source.path)
        let shape = try shape(picture, allGrey: picture.isGrey, options)
        let pixels = try AlignedBuffer<UInt8>(count: shape.elements, for: "an image of \(shape)")
        try decode(bytes, source.path, shape, options, into: pixels.pointer)
        return try dataset(pixels, count: 1, shape, nil, options, of: "\"\(source.path)\"")
    }

    /// - Parameter room: for the beginning of the file.
    private static func header(of path: FilePath, _ room: UnsafeMutableRawBufferPointer) throws(GanError) -> PictureFile {
        let file = try InputFile(path: path)
        let start = UnsafeRawBufferPointer(rebasing: room[..<(try file.read(into: room))])
        if let picture = try PictureFile.header(start, isWhole: start.count < room.count, path: file.path) { return picture }
        // The picture's size is behind a large preview, or notes.
        let whole = try InputFile(path: path).readAll()
        defer { withExtendedLifetime(whole) {} }
        return try PictureFile(UnsafeRawBufferPointer(whole.buffer), path: file.path)
    }

    private static func shape(_ first: PictureFile, allGrey: Bool, _ options: DatasetOptions) throws(GanError) -> ImageShape {
        try options.check()
        guard [0, 1, 3].contains(options.channels) else {
            throw GanError(.outOfRange, "The option data.channels is \(options.channels); pictures are read as 1 (grey) or 3 (RGB) channels.")
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
                "The option data.\(name) is \(wanted), and \(first.name) is \(size(first)); set data.fit to crop to scale it.")
        }
        return try ImageShape(height: first.height, width: first.width, channels: channels)
    }

    private static func checkAlike(_ picture: PictureFile, _ first: PictureFile, _ options: DatasetOptions) throws(GanError) {
        if options.fit == .exact && (picture.width != first.width || picture.height != first.height) {
            throw GanError(
                .mismatch,
                "\(picture.name) is \(size(picture)), and \(first.name) \(size(first)). To scale all to one size and crop them at the centre, set data.fit to crop, and data.height and data.width to that size, such as 64 each.")
        }
    }

    private static func size(_ picture: PictureFile) -> String { "\(picture.width) wide and \(picture.height) high" }

    private static func decode(
        _ file: AlignedBuffer<UInt8>, _ path: String, _ shape: ImageShape, _ options: DatasetOptions,
        into pixels: UnsafeMutablePointer<UInt8>
    ) throws(GanError) {
        defer { withExtendedLifetime(file) {} }
        let bytes = UnsafeRawBufferPointer(file.buffer)
        let picture = try PictureFile(bytes, path: path)
        if picture.height == shape.height && picture.width == shape.width {
            try picture.decode(bytes, channels: shape.channels, into: pixels)
            return
        }
        guard options.fit == .crop else {
            throw GanError(.mismatch, "\(picture.name) is \(size(picture)), which it was not a moment ago.")
        }
        let count = try Sizes.product(picture.height, picture.width, shape.channels, of: "the pixels of \(picture.name)")
        let whole = try AlignedBuffer<UInt8>(count: count, for: "the pixels of \(picture.name)")
        defer { withExtendedLifetime(whole) {} }
        try picture.decode(bytes, channels: shape.channels, into: whole.pointer)
        try Resample.cover(from: whole.pointer, height: picture.height, width: picture.width, to: pixels, shape)
    }

    private static func dataset(
        _ pixels: AlignedBuffer<UInt8>, count: Int, _ shape: ImageShape, _ labels: Labels?, _ options: DatasetOptions, of what: String
    ) throws(GanError) -> Dataset {
        let range = try options.range(default: 0, 255)
        if let outside = range.firstOutside(UnsafePointer(pixels.pointer), pixels.count) {
            throw range.violation(
                Float(pixels.pointer[outside]), at: outside, shape: shape, of: what, advice: ValueRange.optionAdvice)
        }
        return Dataset(count: count, shape: shape, storage: .bytes(pixels.pointer), range: range, labels: labels, owner: pixels)
    }
}
