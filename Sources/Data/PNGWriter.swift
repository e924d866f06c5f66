#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
internal import CPng

/// How several images are laid out in one picture.
public struct ImageGrid: Sendable {
    /// Images a row, at least 1.
    public var columns: Int
    /// Pixels around every image, 0 or more; one margin lies between neighbours.
    public var margin: Int
    /// How many pixels wide and high each pixel becomes, at least 1.
    public var scale: Int
    /// The value of the margin and of places without an image; opaque where there is an alpha channel.
    public var background: UInt8

    public init(columns: Int, margin: Int = 0, scale: Int = 1, background: UInt8 = 0) {
        self.columns = columns
        self.margin = margin
        self.scale = scale
        self.background = background
    }
}

/// Images as one PNG file of 8 bits a channel: a grid, row by row.
public enum PNGWriter {
    /// - Parameters:
    ///   - pixels: `[count, height, width, channels]`; 1 (grey), 3 (RGB) or 4 (RGBA) channels.
    /// - Throws: `.invalidArgument`, `.outOfRange` (too large for PNG), `.outOfMemory`; as `AtomicFile`.
    public static func write(
        _ pixels: UnsafePointer<UInt8>, count: Int, shape: ImageShape, grid: ImageGrid, path: String
    ) throws(GanError) {
        let encoded = try encode(pixels, count: count, shape: shape, grid: grid)
        defer { withExtendedLifetime(encoded) {} }
        let file = try AtomicFile(path: path)
        try file.write(UnsafeRawBufferPointer(encoded.buffer))
        try file.commit()
    }

    /// The bytes of the file; its `count` is the size. The same pixels give the same bytes.
    public static func encode(
        _ pixels: UnsafePointer<UInt8>, count: Int, shape: ImageShape, grid: ImageGrid
    ) throws(GanError) -> AlignedBuffer<UInt8> {
        let size = try size(count: count, shape: shape, grid: grid)
        let row = size.width * shape.channels
        let raw = try Sizes.product(row, size.height, of: "the picture")
        let picture = try AlignedBuffer<UInt8>(count: raw, for: "a picture of \(size.width)×\(size.height)")
        draw(pixels, count: count, shape: shape, grid: grid, row: row, height: size.height, into: picture.pointer)

        // Room for data that cannot be compressed, each 8 KiB in a chunk of its own, and for the other chunks.
        let most = try Sizes.sum(raw, raw / 4, size.height * 2, 65536, of: "the picture")
        let encoded = try AlignedBuffer<UInt8>(count: most, for: "a PNG file")
        let holder = try AlignedBuffer<png_image>(count: 1, for: "a PNG encoder")
        let image = holder.pointer
        defer { withExtendedLifetime((holder, picture)) { png_image_free(image) } }
        image.pointee.version = png_uint_32(PNG_IMAGE_VERSION)
        image.pointee.width = png_uint_32(size.width)
        image.pointee.height = png_uint_32(size.height)
        switch shape.channels {
        case 1: image.pointee.format = 0
        case 3: image.pointee.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        default: image.pointee.format = png_uint_32(PNG_FORMAT_FLAG_COLOR) | png_uint_32(PNG_FORMAT_FLAG_ALPHA)
        }
        var bytes = png_alloc_size_t(most)
        guard png_image_write_to_memory(image, encoded.pointer, &bytes, 0, picture.pointer, 0, nil) != 0, Int(bytes) <= most else {
            let offset = MemoryLayout<png_image>.offset(of: \.message) ?? 0
            let reason = String(cString: (UnsafeRawPointer(image) + offset).assumingMemoryBound(to: CChar.self))
            throw GanError(
                Text.holds(reason, "memory") ? .outOfMemory : .internalError, "A picture of \(size.width)×\(size.height) was not encoded (\(reason)).")
        }
        encoded.shorten(to: Int(bytes))
        return encoded
    }

    /// One picture of numbers 0 … 1, beyond which they are brought to the nearer end, with 8 or 16 bits a channel.
    public static func encode(_ pixels: UnsafePointer<Float>, shape: ImageShape, depth: Int) throws(GanError) -> AlignedBuffer<UInt8> {
        _ = try size(count: 1, shape: shape, grid: ImageGrid(columns: 1))
        if depth == 16 { return try PNGDeep.encode(pixels, height: shape.height, width: shape.width, channels: shape.channels) }
        let bytes = try AlignedBuffer<UInt8>(count: shape.elements, for: "an image of \(shape)")
        defer { withExtendedLifetime(bytes) {} }
        for place in 0..<shape.elements { bytes.pointer[place] = UInt8(truncatingIfNeeded: PNGDeep.quantize(pixels[place], 255)) }
        return try encode(UnsafePointer(bytes.pointer), count: 1, shape: shape, grid: ImageGrid(columns: 1))
    }

    /// The size of the picture, with everything checked that could be wrong.
    public static func size(count: Int, shape: ImageShape, grid: ImageGrid) throws(GanError) -> (width: Int, height: Int) {
        for (name, value, least) in [("count", count, 1), ("columns", grid.columns, 1), ("margin", grid.margin, 0), ("scale", grid.scale, 1)]
        where value < least {
            throw GanError(.invalidArgument, "\(name) is \(value); at least \(least) was expected.")
        }
        guard [1, 3, 4].contains(shape.channels) else {
            throw GanError(.invalidArgument, "The images have \(shape.channels) channels; PNG takes 1 (grey), 3 (RGB) or 4 (RGBA).")
        }
        let rows = (count - 1) / grid.columns + 1
        let width = try side(shape.width, grid.columns, grid, "wide")
        let height = try side(shape.height, rows, grid, "high")
        guard width * height <= Int(Int32.max) / shape.channels else {
            throw GanError(.outOfRange, "The picture would be \(width)×\(height) pixels, which is too large for PNG; write fewer images or scale less.")
        }
        return (width, height)
    }

    /// libpng takes at most a million pixels a side.
    private static func side(_ size: Int, _ number: Int, _ grid: ImageGrid, _ direction: String) throws(GanError) -> Int {
        let most = 1_000_000
        if size <= most && number <= most && grid.scale <= most && grid.margin <= most {
            // Each factor is below 2²⁰, so nothing here reaches 2⁶³.
            let total = number * (size * grid.scale + grid.margin) + grid.margin
            if total <= most { return total }
        }
        throw GanError(
            .outOfRange,
            "\(number) images \(size) pixels \(direction), at scale \(grid.scale) with a margin of \(grid.margin), are more than the \(most) pixels that PNG takes.")
    }

    private static func draw(
        _ pixels: UnsafePointer<UInt8>, count: Int, shape: ImageShape, grid: ImageGrid, row: Int, height: Int,
        into picture: UnsafeMutablePointer<UInt8>
    ) {
        memset(picture, Int32(grid.background), row * height)
        let channels = shape.channels
        if channels == 4 {
            var alpha = 3
            while alpha < row * height {
                picture[alpha] = 255
                alpha += 4
            }
        }
        for item in 0..<count {
            let top = grid.margin + item / grid.columns * (shape.height * grid.scale + grid.margin)
            let left = grid.margin + item % grid.columns * (shape.width * grid.scale + grid.margin)
            for y in 0..<shape.height {
                let from = pixels + item * shape.elements + y * shape.width * channels
                let to = picture + (top + y * grid.scale) * row + left * channels
                for x in 0..<shape.width * grid.scale {
                    for channel in 0..<channels { to[x * channels + channel] = from[x / grid.scale * channels + channel] }
                }
                for repeated in 1..<grid.scale {
                    memcpy(to + repeated * row, to, shape.width * grid.scale * channels)
                }
            }
        }
    }
}
