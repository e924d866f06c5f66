// Images on their way from a sampler into files. Samples go by the library's own writers; the images of an interpolation
// are decoded here, some at a time, and written in the same formats.
import CGan

struct Images {
    struct Layout {
        let columns, margin, scale: Int32
    }

    let height, width, channels: Int32
    private(set) var count: Int64
    private let sampler: Handle
    private let generator: Handle
    private let seed: UInt64
    private let first: Int64
    /// Of an interpolation: [count, latent size].
    private var latents: [Float]?
    private let latentSize: Int

    var imageSize: Int { Int(height) * Int(width) * Int(channels) }
    /// How many images are in memory at once, where not all need be: some megabytes.
    private var chunk: Int64 { Int64(max(1, min(4096, (1 << 22) / max(imageSize, 1)))) }

    init(generator: Handle, sampler: Handle, seed: UInt64, first: Int64, count: Int64) throws {
        self.generator = generator
        self.sampler = sampler
        self.seed = seed
        self.first = first
        self.count = count
        var h: Int32 = 0, w: Int32 = 0, c: Int32 = 0, size: Int32 = 0
        try check(gan_generator_shape(generator.pointer, &h, &w, &c))
        try check(gan_generator_latent_size(generator.pointer, &size))
        (height, width, channels, latentSize) = (h, w, c, Int(size))
        guard !first.addingReportingOverflow(count).overflow else {
            throw Failure(Exit.usage, "'--first' \(first) and '--count' \(count) go beyond the last number there is.")
        }
    }

    /// Columns of a grid that is nearly a square.
    static func columns(of count: Int64) -> Int32 {
        Int32(clamping: Int64(Double(count).squareRoot().rounded(.up)))
    }

    /// That a grid of so many images is one that a PNG can hold. The library would speak of columns and rows that nobody asked for.
    /// - Parameter columns: what '--columns' was, where it was given.
    /// - Parameter shape: the side of a picture of a shape, where these are volumes.
    func checkGrid(_ layout: Layout, columns: Int32?, shape: Int32? = nil) throws {
        let rows = (Double(count) / Double(layout.columns)).rounded(.up)
        let (height, width) = shape.map { ($0 / layout.scale, $0 / layout.scale) } ?? (self.height, self.width)
        for (sides, size, what) in [(Double(layout.columns), width, "wider"), (rows, height, "higher")] {
            let pixels = sides * (Double(size) * Double(layout.scale) + Double(layout.margin)) + Double(layout.margin)
            guard pixels > Self.mostPixels else { continue }
            let cause = what == "wider" ? columns.map { "'--columns' is \($0)" } : nil
            throw Failure(
                Exit.usage,
                "\(cause ?? "'\(latents == nil ? "--count" : "--frames")' is \(count)"): a grid of so many images of \(height) × \(width) pixels at '--scale' "
                    + "\(layout.scale) would be \(what) than the \(Format.grouped(Self.mostPixels)) pixels that a PNG may be. '--pngs' writes a file of each.")
        }
    }

    /// The longest side that libpng takes.
    private static let mostPixels = 1e6

    /// Makes these the images on the way from one sample to another: along a great circle where latents are normal, and on a
    /// straight line where they fill a cube.
    mutating func interpolate(from: Int64, to: Int64, frames: Int64) throws {
        let (size, overflow) = Int(frames).multipliedReportingOverflow(by: latentSize)
        guard !overflow, size <= 1 << 30 else { throw Failure(Exit.usage, "'--frames' is \(frames), more than memory holds.") }
        var a = [Float](repeating: 0, count: latentSize), b = a
        try check(gan_sampler_latents(sampler.pointer, seed, from, 1, &a, latentSize))
        try check(gan_sampler_latents(sampler.pointer, seed, to, 1, &b, latentSize))
        let distribution = try Library.text { gan_generator_option(generator.pointer, "latent.distribution", $0, $1, $2) }
        let path = distribution == "normal" ? GAN_PATH_SPHERICAL : GAN_PATH_LINEAR
        var way = [Float](repeating: 0, count: size)
        try check(gan_sampler_path(sampler.pointer, a, b, path, frames, &way, size))
        latents = way
        count = frames
    }

    /// Makes these a table: latents under all values of one input. Other inputs stay the same along a latent.
    mutating func fill(_ rows: GeneratorInputs.Rows, of inputs: GeneratorInputs) throws {
        let (size, overflow) = Int(rows.count).multipliedReportingOverflow(by: latentSize)
        guard !overflow, size <= 1 << 30 else { throw Failure(Exit.usage, "\(rows.count) images are more than memory holds.") }
        var own = [Float](repeating: 0, count: Int(rows.items) * latentSize)
        try check(gan_sampler_latents(sampler.pointer, seed, first, rows.items, &own, own.count))
        var all: [Float] = []
        all.reserveCapacity(size)
        for image in 0..<rows.count {
            let start = Int(rows.item(of: image)) * latentSize
            all += own[start..<start + latentSize]
        }
        for (index, input) in inputs.all.enumerated() where input.kind != "latent" && (index == rows.input || !inputs.isSet.contains(input.name)) {
            let values = (0..<rows.count).map { image -> Float in
                if index == rows.input { return rows.value(of: image) }
                return input.classes > 0 ? Float(rows.item(of: image) % Int64(input.classes)) : 0
            }
            try check(gan_sampler_set_values(sampler.pointer, input.name, values, Int64(values.count)))
        }
        latents = all
        count = rows.count
    }

    // MARK: Writing

    func writePNG(_ path: String, _ layout: Layout) throws {
        if latents != nil {
            let pixels = try allBytes()
            let status = gan_image_write_png(
                pixels, count, height, width, channels, layout.columns, layout.margin, layout.scale, path == "-" ? "/dev/stdout" : path)
            if status != GAN_OK, path == "-" { try Output.checkReader() }
            return try check(status, .output)
        }
        if path != "-" {
            return try check(
                gan_sampler_write_png(sampler.pointer, seed, first, count, layout.columns, layout.margin, layout.scale, path), .output)
        }
        var size = 0
        try check(gan_sampler_encode_png(sampler.pointer, seed, first, count, layout.columns, layout.margin, layout.scale, nil, 0, &size))
        var bytes = [UInt8](repeating: 0, count: size)
        try check(
            gan_sampler_encode_png(sampler.pointer, seed, first, count, layout.columns, layout.margin, layout.scale, &bytes, size, &size))
        try bytes.withUnsafeBytes { try Output.write($0) }
    }

    /// The numbers of the files of `writePNGs`, and how many digits they have at least.
    var fileNumbers: (Range<Int64>, digits: Int) {
        let start = latents == nil ? first : 0
        return (start..<start + count, max(6, String(start + count - 1).count))
    }

    func writePNGs(_ folder: String, scale: Int32) throws {
        let (numbers, digits) = fileNumbers
        for index in 0..<count {
            let number = String(numbers.lowerBound + index)
            let path = Paths.join(folder, String(repeating: "0", count: digits - number.count) + number + ".png")
            if latents == nil {
                try check(gan_sampler_write_png(sampler.pointer, seed, first + index, 1, 1, 0, scale, path), .output)
            } else {
                try check(gan_image_write_png(try bytes(index..<index + 1), 1, height, width, channels, 1, 0, scale, path), .output)
            }
        }
    }

    func writeIDX(_ path: String) throws {
        if latents == nil { return try check(gan_sampler_write_idx(sampler.pointer, seed, first, count, path), .output) }
        let file = try OutputFile(path)
        let axes = [Int(count), Int(height), Int(width)] + (channels == 1 ? [] : [Int(channels)])
        var header: [UInt8] = [0, 0, 8, UInt8(axes.count)]  // 8: unsigned bytes
        for axis in axes { for shift in [24, 16, 8, 0] { header.append(UInt8(truncatingIfNeeded: axis >> shift)) } }
        try header.withUnsafeBytes { try file.write($0) }
        try forEachChunk { try file.write($0) }
        try file.commit()
    }

    func writeNPY(_ path: String) throws {
        if latents == nil { return try check(gan_sampler_write_npy(sampler.pointer, seed, first, count, path), .output) }
        let file = try OutputFile(path)
        // https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0: the header ends at a multiple of 64.
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), \(height), \(width), \(channels)), }"
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        start += [UInt8(truncatingIfNeeded: header.utf8.count), UInt8(truncatingIfNeeded: header.utf8.count >> 8)]
        try start.withUnsafeBytes { try file.write($0) }
        try file.write(header)
        var begin: Int64 = 0
        while begin < count {
            let some = min(chunk, count - begin)
            try floats(begin..<begin + some).withUnsafeBytes { try file.write($0) }
            begin += some
        }
        try file.commit()
    }

    func writeRaw(_ path: String) throws {
        if path == "-" { return try forEachChunk { try Output.write($0) } }
        let file = try OutputFile(path)
        try forEachChunk { try file.write($0) }
        try file.commit()
    }

    // MARK: Drawing

    private func withLatents(_ first: Int64, _ some: Int64, _ body: (UnsafePointer<Float>?) throws -> Void) throws {
        try latents?.withUnsafeBufferPointer { buffer in
            try body(buffer.baseAddress.map { $0 + Int(first) * latentSize })
        }
    }

    /// In the generator's range.
    func floats(_ range: Range<Int64>) throws -> [Float] {
        let (size, overflow) = range.count.multipliedReportingOverflow(by: imageSize)
        guard !overflow, size <= 1 << 34 else { throw Failure(Exit.usage, "\(range.count) of them are more than memory holds.") }
        try Memory.check(size * MemoryLayout<Float>.stride, for: "\(range.count) of them")
        var values = [Float](repeating: 0, count: size)
        let some = Int64(range.count)
        if latents == nil {
            try check(gan_sampler_draw(sampler.pointer, seed, first + range.lowerBound, some, &values, size))
        } else {
            try withLatents(range.lowerBound, some) { try check(gan_sampler_decode(sampler.pointer, $0, some, &values, size)) }
        }
        return values
    }

    private func bytes(_ range: Range<Int64>) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: range.count * imageSize)
        let some = Int64(range.count)
        if latents == nil {
            try check(gan_sampler_draw_bytes(sampler.pointer, seed, first + range.lowerBound, some, &pixels, pixels.count))
        } else {
            try withLatents(range.lowerBound, some) { try check(gan_sampler_decode_bytes(sampler.pointer, $0, some, &pixels, pixels.count)) }
        }
        return pixels
    }

    private func allBytes() throws -> [UInt8] {
        let (size, overflow) = Int(count).multipliedReportingOverflow(by: imageSize)
        guard !overflow, size <= 1 << 32 else { throw Failure(Exit.usage, "\(count) images are too many for one picture.") }
        return try bytes(0..<count)
    }

    private func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var begin: Int64 = 0
        while begin < count {
            let end = begin + min(chunk, count - begin)
            try bytes(begin..<end).withUnsafeBytes(body)
            begin = end
        }
    }
}
