import Base

/// Picture files that become one dataset in the given order.
///
/// Headers are read first, so that sizes and colours are known, and memory for all pictures is taken, before any is decoded.
enum Pictures {
    /// Pictures as columns: `image`, or `source` and `target` where each picture is two; and what else is known of each.
    static func columns(_ paths: [FilePath], with others: [Column] = [], options: DatasetOptions) throws(GanError) -> [Column] {
        guard options.items == .pictures else {
            throw GanError(
                .mismatch,
                "The option data.items is \(options.items.rawValue), and these are pictures.")
        }
        var columns: [Column] = []
        if options.pairs == .none {
            columns.append(try column(paths, name: Field.image, options: options))
        } else {
            columns.append(try column(paths, name: Field.source, part: .left, options: options))
            columns.append(try column(paths, name: Field.target, part: .right, options: options))
        }
        guard case .patches(let patches) = columns[0].storage else { return columns + others }
        for other in others { columns.append(try other.repeated(for: patches)) }
        return columns
    }

    /// Pictures that belong together, one for one.
    static func pair(_ sources: [FilePath], _ targets: [FilePath], options: DatasetOptions) throws(GanError) -> [Column] {
        let (source, target) = (
            try column(sources, name: Field.source, options: options), try column(targets, name: Field.target, options: options)
        )
        if case .patches(let mine) = source.storage, case .patches(let theirs) = target.storage, let unlike = mine.firstUnlike(theirs) {
            throw GanError(
                .mismatch,
                "\"\(sources[unlike])\" is \(mine.size(ofPicture: unlike)), and \"\(targets[unlike])\", which belongs to it, \(theirs.size(ofPicture: unlike)); patches are cut at one place of both, which have to be of one size.")
        }
        return [source, target]
    }

    static func column(_ paths: [FilePath], name: String, part: Part = .whole, options: DatasetOptions) throws(GanError) -> Column {
        let (pixels, found, pictures) = try read(paths, part: part, options: options)
        var (shape, count, storage) = (found, paths.count, Column.Storage.bytes(UnsafePointer(pixels.pointer)))
        if let pictures {
            let patches = Patches(shape, pixels: pixels, pictures: pictures)
            (count, storage) = (patches.count, .patches(patches))
        }
        return Column(
            Field(name, .values(shape.axes)), count: count, shape: shape, storage: storage,
            range: try range(of: pixels, shape, options, "the pictures"), owner: Owner(pixels, pictures))
    }

    /// What keeps the memory of a column.
    private final class Owner {
        let pixels: AlignedBuffer<UInt8>
        let pictures: AlignedBuffer<Patches.Picture>?

        init(_ pixels: AlignedBuffer<UInt8>, _ pictures: AlignedBuffer<Patches.Picture>?) {
            self.pixels = pixels
            self.pictures = pictures
        }
    }

    /// Clips [frames, height, width, channels]: the pictures of each folder in the order of their names, in which numbers count as numbers.
    static func clips(_ folders: [FolderContents.Class], options: DatasetOptions) throws(GanError) -> Column {
        let frames = options.frames == 0 ? folders[0].pictures.count : options.frames
        var paths: [FilePath] = []
        for folder in folders {
            let pictures = folder.pictures.sorted { $0.bytes.precedesNaturally($1.bytes) }
            let isFit = options.frames == 0 ? pictures.count == frames : pictures.count >= frames
            guard isFit else {
                throw GanError(
                    .mismatch,
                    "The clip \"\(FilePath.text(folder.name))\" has \(pictures.count) pictures, and \(options.frames == 0 ? "\"\(FilePath.text(folders[0].name))\" has \(frames)" : "the option data.frames is \(frames)"); set data.frames to the number that all have at least, and longer ones are cut into several.")
            }
            paths += pictures.prefix(pictures.count / frames * frames)
        }
        if options.fit == .patches { throw GanError(.mismatch, "The option data.fit is patches, which are of pictures, and these are clips; crop scales them.") }
        var options = options
        options.patches = .usual
        let (pixels, shape, _) = try read(paths, part: .whole, options: options)
        let axes = [frames] + shape.axes
        return Column(
            Field(Field.clip, .values(axes)), count: paths.count / frames, shape: try ImageShape(folding: axes),
            storage: .bytes(UnsafePointer(pixels.pointer)), range: try range(of: pixels, shape, options, "the pictures"), owner: pixels)
    }

    /// Which part of each picture is meant.
    enum Part { case whole, left, right }

    /// The pixels of pictures, `[paths] + shape`; or, with where each lies, those of pictures of different sizes, of which patches of a
    /// shape are to be cut.
    private static func read(
        _ paths: [FilePath], part: Part, options: DatasetOptions
    ) throws(GanError) -> (AlignedBuffer<UInt8>, ImageShape, AlignedBuffer<Patches.Picture>?) {
        let start = try AlignedBuffer<UInt8>(count: PictureFile.headerSize, for: "the start of a picture")
        var allGrey = true
        var first: PictureFile?
        var smallest: (height: PictureFile, width: PictureFile)?
        var sizes: [(height: Int, width: Int)] = []
        let mayBePatches = options.fit == .patches || (options.fit == .exact && options.patches.isUnasked)
        if mayBePatches { try Memory.check(room: Sizes.product(paths.count, 32, of: "the sizes of pictures")) }
        for path in paths {
            let picture = try header(of: path, UnsafeMutableRawBufferPointer(start.buffer))
            allGrey = allGrey && picture.isGrey
            if part != .whole, picture.width % 2 != 0 {
                throw GanError(.mismatch, "\(picture.name) is \(size(picture)), which cannot be halved, and the option data.pairs is side-by-side.")
            }
            if mayBePatches {
                sizes.append((picture.height, part == .whole ? picture.width : picture.width / 2))
                let least = smallest ?? (picture, picture)
                smallest = (picture.height < least.height.height ? picture : least.height, picture.width < least.width.width ? picture : least.width)
            } else if let first {
                try checkAlike(picture, first, options)
            }
            first = first ?? picture
        }
        withExtendedLifetime(start) {}
        guard let first else { throw GanError(.notFound, "There are no pictures to open.") }
        if mayBePatches, let smallest, options.fit == .patches || options.patches.wants(sizes) {
            let shape = try patchShape(within: smallest, part, allGrey: allGrey, options)
            let (pixels, pictures) = try readWhole(paths, sizes, part, shape.channels, options)
            return (pixels, shape, pictures)
        }
        let shape = try shape(first, part, allGrey: allGrey, options)
        let total = try Sizes.product(paths.count, shape.elements, of: "\(paths.count) images of \(shape)")
        let pixels = try AlignedBuffer<UInt8>(count: total, for: "\(paths.count) images of \(shape)")
        for (place, path) in paths.enumerated() {
            let file = try InputFile(path: path)
            try decode(try file.readAll(), file.path, part, shape, options, into: pixels.pointer + place * shape.elements)
        }
        return (pixels, shape, nil)
    }

    /// The shape of patches: the options', or one that fits into every picture.
    private static func patchShape(
        within smallest: (height: PictureFile, width: PictureFile), _ part: Part, allGrey: Bool, _ options: DatasetOptions
    ) throws(GanError) -> ImageShape {
        let channels = try channels(allGrey: allGrey, options)
        let sides = (height: smallest.height.height, width: part == .whole ? smallest.width.width : smallest.width.width / 2)
        let known = (height: max(options.height, options.patchHeight), width: max(options.width, options.patchWidth))
        let height = known.height > 0 ? known.height : options.patches.side(within: sides.height)
        let width = known.width > 0 ? known.width : options.patches.side(within: sides.width)
        for (side, least, wanted, picture) in [
            (height, sides.height, max(known.height, options.patches.multiple), smallest.height),
            (width, sides.width, max(known.width, options.patches.multiple), smallest.width),
        ] where side > least || side == 0 {
            throw GanError(
                .mismatch,
                "\(picture.name) is \(size(picture))\(part == .whole ? "" : ", both halves together"), which is too small for patches of \(wanted) pixels a side. Leave it out, set data.height and data.width to smaller sides, or set data.fit to crop, which scales every picture.")
        }
        return try ImageShape(height: height, width: width, channels: channels)
    }

    /// Every picture at its full size, one after the other.
    private static func readWhole(
        _ paths: [FilePath], _ sizes: [(height: Int, width: Int)], _ part: Part, _ channels: Int, _ options: DatasetOptions
    ) throws(GanError) -> (AlignedBuffer<UInt8>, AlignedBuffer<Patches.Picture>) {
        let pictures = try AlignedBuffer<Patches.Picture>(count: paths.count, for: "the sizes of pictures")
        var total = 0
        for (place, size) in sizes.enumerated() {
            pictures.pointer[place] = Patches.Picture(offset: total, height: size.height, width: size.width)
            let (sum, overflow) = total.addingReportingOverflow(try Sizes.product(size.height, size.width, channels, of: "a picture"))
            guard !overflow else { throw GanError(.outOfRange, "These pictures have more pixels than can be counted.") }
            total = sum
        }
        let pixels = try AlignedBuffer<UInt8>(count: total, for: "\(paths.count) pictures")
        for (place, path) in paths.enumerated() {
            let file = try InputFile(path: path)
            let picture = pictures.pointer[place]
            let shape = try ImageShape(height: picture.height, width: picture.width, channels: channels)
            try decode(try file.readAll(), file.path, part, shape, options, into: pixels.pointer + picture.offset)
        }
        return (pixels, pictures)
    }

    /// One picture, from a file that is open already.
    static func open(_ source: ByteSource, options: DatasetOptions) throws(GanError) -> Dataset {
        let bytes = try source.stored()
        defer { withExtendedLifetime(bytes) {} }
        let picture = try PictureFile(UnsafeRawBufferPointer(bytes.buffer), path: source.path)
        if options.fit == .patches || (options.fit == .exact && options.patches.wants([(picture.height, picture.width)])) {
            return try Dataset(columns: [patches(of: picture, bytes, options)])
        }
        let shape = try shape(picture, .whole, allGrey: picture.isGrey, options)
        let pixels = try AlignedBuffer<UInt8>(count: shape.elements, for: "an image of \(shape)")
        try decode(bytes, source.path, .whole, shape, options, into: pixels.pointer)
        let range = try range(of: pixels, shape, options, "\"\(source.path)\"")
        return try Dataset(count: 1, shape: shape, storage: .bytes(UnsafePointer(pixels.pointer)), range: range, labels: nil, owner: pixels)
    }

    private static func patches(of picture: PictureFile, _ bytes: AlignedBuffer<UInt8>, _ options: DatasetOptions) throws(GanError) -> Column {
        let shape = try patchShape(within: (picture, picture), .whole, allGrey: picture.isGrey, options)
        let pictures = try AlignedBuffer<Patches.Picture>(count: 1, for: "the size of a picture")
        pictures.pointer[0] = Patches.Picture(offset: 0, height: picture.height, width: picture.width)
        let pixels = try AlignedBuffer<UInt8>(count: Sizes.product(picture.height, picture.width, shape.channels, of: "a picture"), for: "a picture")
        try picture.decode(UnsafeRawBufferPointer(bytes.buffer), channels: shape.channels, into: pixels.pointer)
        let patches = Patches(shape, pixels: pixels, pictures: pictures)
        return Column(
            Field(Field.image, .values(shape.axes)), count: patches.count, shape: shape, storage: .patches(patches),
            range: try range(of: pixels, shape, options, picture.name), owner: Owner(pixels, pictures))
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

    private static func channels(allGrey: Bool, _ options: DatasetOptions) throws(GanError) -> Int {
        try options.check()
        guard [0, 1, 3].contains(options.channels) else {
            throw GanError(.outOfRange, "The option data.channels is \(options.channels); pictures are read as 1 (grey) or 3 (RGB) channels.")
        }
        return options.channels == 0 ? (allGrey ? 1 : 3) : options.channels
    }

    private static func shape(_ first: PictureFile, _ part: Part, allGrey: Bool, _ options: DatasetOptions) throws(GanError) -> ImageShape {
        let channels = try channels(allGrey: allGrey, options)
        if options.fit == .crop {
            guard options.height > 0, options.width > 0 else {
                throw GanError(.outOfRange, "The option data.fit is crop, which needs the options data.height and data.width.")
            }
            return try ImageShape(height: options.height, width: options.width, channels: channels)
        }
        let width = part == .whole ? first.width : first.width / 2
        for (name, wanted, actual) in [("height", options.height, first.height), ("width", options.width, width)]
        where wanted != 0 && wanted != actual {
            throw GanError(
                .mismatch,
                "The option data.\(name) is \(wanted), and \(first.name) is \(size(first))\(part == .whole ? "" : ", both halves together"); set data.fit to crop to scale it.")
        }
        return try ImageShape(height: first.height, width: width, channels: channels)
    }

    private static func checkAlike(_ picture: PictureFile, _ first: PictureFile, _ options: DatasetOptions) throws(GanError) {
        if options.fit == .exact && (picture.width != first.width || picture.height != first.height) {
            throw GanError(
                .mismatch,
                "\(picture.name) is \(size(picture)), and \(first.name) \(size(first)). To scale all to one size and crop them at the centre, set data.fit to crop, and data.height and data.width to that size, such as 64 each; to learn from patches of them, set it to patches.")
        }
    }

    private static func size(_ picture: PictureFile) -> String { "\(picture.width) wide and \(picture.height) high" }

    private static func decode(
        _ file: AlignedBuffer<UInt8>, _ path: String, _ part: Part, _ shape: ImageShape, _ options: DatasetOptions,
        into pixels: UnsafeMutablePointer<UInt8>
    ) throws(GanError) {
        defer { withExtendedLifetime(file) {} }
        let bytes = UnsafeRawBufferPointer(file.buffer)
        let picture = try PictureFile(bytes, path: path)
        let width = part == .whole ? picture.width : picture.width / 2
        let isExact = picture.height == shape.height && width == shape.width
        if isExact, part == .whole {
            try picture.decode(bytes, channels: shape.channels, into: pixels)
            return
        }
        guard isExact || options.fit == .crop, width > 0 else {
            throw GanError(.mismatch, "\(picture.name) is \(size(picture)), which it was not a moment ago.")
        }
        let count = try Sizes.product(picture.height, picture.width, shape.channels, of: "the pixels of \(picture.name)")
        let whole = try AlignedBuffer<UInt8>(count: count, for: "the pixels of \(picture.name)")
        defer { withExtendedLifetime(whole) {} }
        try picture.decode(bytes, channels: shape.channels, into: whole.pointer)
        if part != .whole {
            // The half moves to the front, row by row.
            let (row, half) = (picture.width * shape.channels, width * shape.channels)
            for y in 0..<picture.height {
                let from = whole.pointer + y * row + (part == .left ? 0 : row - half)
                for i in 0..<half { whole.pointer[y * half + i] = from[i] }
            }
        }
        if isExact {
            pixels.update(from: whole.pointer, count: shape.elements)
        } else {
            try Resample.cover(from: whole.pointer, height: picture.height, width: width, to: pixels, shape)
        }
    }

    private static func range(
        of pixels: AlignedBuffer<UInt8>, _ shape: ImageShape, _ options: DatasetOptions, _ what: String
    ) throws(GanError) -> ValueRange {
        let range = try options.range(default: 0, 255)
        if let outside = range.firstOutside(UnsafePointer(pixels.pointer), pixels.count) {
            throw range.violation(
                Float(pixels.pointer[outside]), at: outside, shape: shape, of: what, advice: ValueRange.optionAdvice)
        }
        return range
    }
}

extension [UInt8] {
    /// Whether this name comes before the other where numbers count as numbers: frame2 before frame10.
    func precedesNaturally(_ other: [UInt8]) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        var (a, b) = (self[...], other[...])
        while let x = a.first, let y = b.first {
            if isDigit(x), isDigit(y) {
                let (p, q) = (a.prefix(while: isDigit), b.prefix(while: isDigit))
                let (left, right) = (p.drop { $0 == UInt8(ascii: "0") }, q.drop { $0 == UInt8(ascii: "0") })
                if left.count != right.count { return left.count < right.count }
                if !left.elementsEqual(right) { return left.lexicographicallyPrecedes(right) }
                (a, b) = (a[p.endIndex...], b[q.endIndex...])
            } else {
                if x != y { return x < y }
                (a, b) = (a.dropFirst(), b.dropFirst())
            }
        }
        return a.isEmpty && !b.isEmpty
    }
}
