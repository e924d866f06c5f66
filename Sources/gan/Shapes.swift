// Volumes that networks make, on their way into files of shapes.
import ArgumentParser
import CGan

/// What a network makes that makes volumes.
struct VolumeNetwork {
    let depth, height, width: Int32
    /// What is greater is inside.
    let level: Float

    var size: Int { Int(depth) * Int(height) * Int(width) }
    var sides: String { "\(depth) × \(height) × \(width)" }

    /// Nil where the generator makes something else.
    /// - Parameters:
    ///   - range: of its numbers; the generator's own unless given.
    ///   - level: within that; the middle unless given.
    init?(_ generator: Handle, range: (low: Float, high: Float)? = nil, level: Float?) throws {
        var axes = [Int64](repeating: 0, count: 8), rank = 0
        try check(gan_generator_axes(generator.pointer, &axes, axes.count, &rank))
        // Depth, height, width and numbers in a cell, of which shapes have one.
        guard rank == 4, axes[3] == 1 else { return nil }
        (depth, height, width) = (Int32(clamping: axes[0]), Int32(clamping: axes[1]), Int32(clamping: axes[2]))
        var (low, high) = range ?? (0, 1)
        if range == nil { try check(gan_generator_range(generator.pointer, &low, &high)) }
        self.level = level ?? low + (high - low) / 2
    }
}

/// Volumes, some at a time, as files of shapes.
struct Shapes {
    let network: VolumeNetwork
    let count: Int64
    /// How the files are numbered where each shape has its own.
    let numbers: (Range<Int64>, digits: Int)
    /// [count, depth, height, width] of some of them.
    let values: (Range<Int64>) throws -> [Float]

    /// Endings of formats of which a file holds one shape.
    static let endings = ["obj", "stl", "binvox"]

    // MARK: Names

    /// The files of such a format: the one that was named or, of several shapes, one for each, numbered as pictures in a folder are.
    static func names(_ path: String, _ count: Int64, _ numbers: (Range<Int64>, digits: Int)) -> [String] {
        if count == 1 { return [path] }
        let start = Paths.withoutExtension(path), end = path.dropFirst(start.count)
        return numbers.0.map { number in
            let text = String(number)
            return "\(start)-\(String(repeating: "0", count: max(numbers.digits - text.count, 0)))\(text)\(end)"
        }
    }

    /// How messages call them.
    func told(_ path: String) -> String {
        let names = Self.names(path, count, (numbers.0.lowerBound..<numbers.0.lowerBound + min(count, 2), numbers.digits))
        guard count > 1 else { return path }
        let last = Self.names(path, 2, (numbers.0.upperBound - 1..<numbers.0.upperBound, numbers.digits))
        return "\(names[0]) … \(last[0])"
    }

    /// That a name says the format which is to be written.
    static func checkEnding(_ path: String, _ ending: String) throws {
        guard path.lowercased().hasSuffix("." + ending) else {
            throw ValidationError("'--\(ending)' writes a file whose name ends in .\(ending), and got \"\(path)\".")
        }
    }

    // MARK: Writing

    /// Writes each shape into a file of its own, in the format that the name says.
    func write(_ path: String) throws {
        for (index, name) in Self.names(path, count, numbers).enumerated() {
            let one = try values(Int64(index)..<Int64(index) + 1)
            if !one.contains(where: { $0 > network.level }) {
                Output.note("Note: the shape in \"\(name)\" is empty: nothing is greater than \(Format.significant(Double(network.level), 4)).")
            }
            try Pipes.writing(to: name) {
                try check(gan_shape_write(one, 1, network.depth, network.height, network.width, network.level, name), .output)
            }
        }
    }

    /// Writes all of them as numbers, [count, depth, height, width].
    func writeNPY(_ path: String) throws {
        let all = try values(0..<count)
        try Pipes.writing(to: path) {
            try check(gan_shape_write(all, count, network.depth, network.height, network.width, network.level, path), .output)
        }
    }

    // MARK: Views

    /// Where a shape is looked at from in a sheet, in degrees: as gan_shape_write does.
    private static let azimuths = [35.0, 125, 215, 305], elevation = 25.0

    /// The side of a picture of one shape, four views, which at a scale of 1 are so many pixels wide.
    static func side(scale: Int32) throws -> Int32 {
        guard scale <= mostPixels / usualPixels else {
            throw Failure(Exit.usage, "'--scale' is \(scale); a view of a shape has \(usualPixels) pixels at 1 and may be \(mostPixels / usualPixels) times as large.")
        }
        return 2 * usualPixels * scale
    }

    /// Of a view; more gan_shape_render does not draw.
    private static let usualPixels: Int32 = 64, mostPixels: Int32 = 4096

    /// Four views of a shape as a square of pixels.
    private func views(_ volume: UnsafePointer<Float>, side: Int32) throws -> [UInt8] {
        let half = side / 2, row = Int(side), part = Int(half)
        var pixels = [UInt8](repeating: 255, count: row * row), view = [UInt8](repeating: 0, count: part * part)
        for (number, azimuth) in Self.azimuths.enumerated() {
            try check(
                gan_shape_render(
                    volume, network.depth, network.height, network.width, network.level, azimuth, Self.elevation, half, &view, view.count))
            for line in 0..<part {
                let start = (number / 2 * part + line) * row + number % 2 * part
                pixels.replaceSubrange(start..<start + part, with: view[line * part..<(line + 1) * part])
            }
        }
        return pixels
    }

    /// Pictures of some of the shapes, [count, side, side].
    func pictures(_ range: Range<Int64>, side: Int32) throws -> [UInt8] {
        try Memory.check(range.count * Int(side) * Int(side), for: "the pictures of \(range.count) shapes")
        var all: [UInt8] = []
        for index in range {
            try values(index..<index + 1).withUnsafeBufferPointer { if let start = $0.baseAddress { all += try views(start, side: side) } }
        }
        return all
    }

    /// Writes one PNG with all of them in a grid.
    func writeSheet(_ path: String, _ layout: Images.Layout, side: Int32) throws {
        let pixels = try pictures(0..<count, side: side)
        let status = gan_image_write_png(pixels, count, side, side, 1, layout.columns, layout.margin, 1, path == "-" ? "/dev/stdout" : path)
        if status != GAN_OK, path == "-" { try Output.checkReader() }
        try check(status, .output)
    }

    /// Writes a PNG of each into a folder, by its number.
    func writeSheets(_ folder: String, side: Int32) throws {
        for index in 0..<count {
            let number = String(numbers.0.lowerBound + index)
            let path = Paths.join(folder, String(repeating: "0", count: numbers.digits - number.count) + number + ".png")
            try check(gan_image_write_png(try pictures(index..<index + 1, side: side), 1, side, side, 1, 1, 0, 1, path), .output)
        }
    }
}
