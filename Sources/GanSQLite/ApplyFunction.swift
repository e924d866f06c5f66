import CGan
import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// gan_apply: a picture of a picture, both files in blobs.

enum ApplyFunction {
    static func register(in connection: Connection) throws(SQLError) {
        for count in [Int32(2), 3, 4] {
            try ScalarFunctions.register("gan_apply", count, SQLITE_UTF8, connection) { context, count, values in
                guard let context, let values, count >= 2, let path = values[0], let picture = values[1], let data = sqlite.user_data(context) else { return }
                let arguments = (path: Value(path, "model"), picture: Value(picture, "picture"))
                if arguments.path.isNull || arguments.picture.isNull { return sqlite.result_null(context) }
                func optional(_ place: Int, _ name: StaticString) -> Value? {
                    guard count > place, let value = values[place], sqlite.value_type(value) != SQLITE_NULL else { return nil }
                    return Value(value, name)
                }
                do throws(SQLError) {
                    let seed = try optional(2, "seed").map { (value) throws(SQLError) in try value.seed() } ?? 0
                    let network = try Connection.from(data).networks.model(try arguments.path.text()) { (path) throws(SQLError) in try Network(path: path) }
                    let picture = try Picture(try arguments.picture.blob("a PNG or JPEG file"), convert: 4, "picture")
                    let holes = try Holes(optional(3, "mask"), picture)
                    try network.apply(to: picture, holes, seed: seed) { start, size in
                        gan_sqlite_result_blob_copy(Host.functions, context, start, UInt64(size))
                    }
                } catch {
                    error.report(context)
                }
            }
        }
    }
}

/// A decoded file, [height, width, channels] of 0 … 1.
struct Picture {
    let height, width, channels: Int32
    /// Bits a channel in the file.
    let depth: Int32
    let pixels: Numbers

    init(_ file: UnsafeRawBufferPointer, convert: Int32, _ name: StaticString) throws(SQLError) {
        func check(_ status: Int32) throws(SQLError) {
            do throws(SQLError) { try SQLError.check(status) } catch { throw SQLError(error.code, "The argument '\(name)': \(error.message)") }
        }
        guard let start = file.baseAddress else { throw SQLError("The argument '\(name)' is an empty blob; a PNG or JPEG file was expected.") }
        var (height, width, channels, depth) = (Int32(0), Int32(0), Int32(0), Int32(0))
        try check(gan_image_decode_floats(start, file.count, convert, nil, 0, &height, &width, &channels, &depth))
        let pixels = try Numbers(Int(height) * Int(width) * Int(channels), for: "a picture")
        try check(gan_image_decode_floats(start, file.count, convert, pixels.start, pixels.count, &height, &width, &channels, &depth))
        (self.height, self.width, self.channels, self.depth, self.pixels) = (height, width, channels, depth, pixels)
    }

    var count: Int { Int(height) * Int(width) }
}

/// Memory for floats, which there may be too little of.
final class Numbers {
    let start: UnsafeMutablePointer<Float>
    let count: Int

    init(_ count: Int, for what: String) throws(SQLError) {
        guard let memory = calloc(max(count, 1), MemoryLayout<Float>.stride) else { throw .outOfMemory("\(what) of \(count) numbers") }
        start = memory.bindMemory(to: Float.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { free(start) }
}

/// What is to be filled: 1 there, and 0 elsewhere.
struct Holes {
    let mask: Numbers
    /// Whether somebody said it, or it is what is transparent in the picture.
    let isSaid: Bool

    /// - Parameter said: a PNG or JPEG file of the picture's size, white where something is to be filled, or text of column, row, width and
    ///   height; nil for what is transparent.
    init(_ said: Value?, _ picture: Picture) throws(SQLError) {
        mask = try Numbers(picture.count, for: "a mask")
        isSaid = said != nil
        guard let said else {
            for pixel in 0..<mask.count where picture.pixels.start[4 * pixel + 3] < 0.5 { mask.start[pixel] = 1 }
            return
        }
        if said.isText {
            try fill(try said.text(), Int(picture.width), Int(picture.height))
            return
        }
        let file = try Picture(try said.blob("a picture as a blob, or a box as text such as '10,10,14,14',"), convert: 1, "mask")
        guard file.height == picture.height, file.width == picture.width else {
            throw SQLError("The argument 'mask' has \(file.width) × \(file.height) pixels, and the picture has \(picture.width) × \(picture.height).")
        }
        for pixel in 0..<mask.count where file.pixels.start[pixel] > 0.5 { mask.start[pixel] = 1 }
    }

    private func fill(_ box: String, _ width: Int, _ height: Int) throws(SQLError) {
        let numbers = box.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.drop { $0 == " " }) ?? -1 }
        guard numbers.count == 4, numbers.allSatisfy({ (0...1 << 20).contains($0) }), numbers[2] > 0, numbers[3] > 0 else {
            throw SQLError("The argument 'mask' is '\(box)'; column, row, width and height in pixels, such as '10,10,14,14', were expected.")
        }
        guard numbers[0] < width, numbers[1] < height else {
            throw SQLError("The box '\(box)' begins beyond the picture of \(width) × \(height) pixels.")
        }
        for y in numbers[1]..<min(numbers[1] + numbers[3], height) {
            for x in numbers[0]..<min(numbers[0] + numbers[2], width) { mask.start[y * width + x] = 1 }
        }
    }

    var isEmpty: Bool { !(0..<mask.count).contains { mask.start[$0] > 0 } }
}

/// A network that makes pictures of pictures. A connection's calls come one at a time, so one applier serves them all.
final class Network {
    private var applier: OpaquePointer?
    private let input, output: Int
    private let fillsHoles: Bool

    init(path: String) throws(SQLError) {
        var (generator, applier) = (OpaquePointer?.none, OpaquePointer?.none)
        var (input, output, takesMask) = (Int32(0), Int32(0), Int32(0))
        defer { gan_generator_destroy(generator) }
        do throws(SQLError) {
            try SQLError.check(gan_generator_load(path, &generator))
            try SQLError.check(gan_applier_create(generator, nil, &applier))
            try SQLError.check(gan_applier_channels(applier, &input, &output, &takesMask))
            var rank = 0
            try SQLError.check(gan_generator_axes(generator, nil, 0, &rank))
            if rank > 3 { throw SQLError("This model makes volumes of pictures, and gan_apply gives pictures: 'gan apply' makes files of shapes.") }
        } catch {
            gan_applier_destroy(applier)
            throw error
        }
        self.applier = applier
        (self.input, self.output, fillsHoles) = (Int(input), Int(output), takesMask == 1)
    }

    deinit { gan_applier_destroy(applier) }

    /// Makes a picture and gives its file to `give`, as deep as the one that it is made of. What is transparent stays so, unless that is what
    /// was filled.
    func apply(
        to picture: Picture, _ holes: borrowing Holes, seed: UInt64, _ give: (UnsafeMutableRawPointer?, Int) -> Void
    ) throws(SQLError) {
        if fillsHoles {
            if holes.isEmpty { throw SQLError("Nothing is to be filled: say a mask or a box, or make what is to be filled transparent.") }
        } else if holes.isSaid {
            throw SQLError("This model fills no holes: the argument 'mask' goes with the recipe inpainting.")
        }
        let count = picture.count
        let source = try Numbers(count * input, for: "a picture")
        let pixels = picture.pixels.start
        // Grey as the command makes it of 8 bits, which are whole numbers.
        let whole: Float = picture.depth == 8 ? 255 : 65535
        for pixel in 0..<count {
            if input == 1 {
                let grey = 299 * (pixels[4 * pixel] * whole).rounded() + 587 * (pixels[4 * pixel + 1] * whole).rounded() + 114 * (pixels[4 * pixel + 2] * whole).rounded()
                source.start[pixel] = ((grey + 500) / 1000).rounded(.down) / whole
            } else {
                for channel in 0..<input { source.start[input * pixel + channel] = pixels[4 * pixel + min(channel, 2)] }
            }
        }
        var (height, width) = (Int32(0), Int32(0))
        try SQLError.check(gan_applier_shape(applier, picture.height, picture.width, &height, &width))
        let made = try Numbers(Int(height) * Int(width) * output, for: "a picture")
        try SQLError.check(
            gan_applier_apply(
                applier, seed, source.start, fillsHoles ? holes.mask.start : nil, picture.height, picture.width, made.start, made.count))
        let isClear = fillsHoles && !holes.isSaid ? false : (0..<count).contains { pixels[4 * $0 + 3] < 1 }
        let result = isClear ? try withOpacity(of: picture, made, Int(height), Int(width)) : made
        try encode(result, height, width, isClear ? 4 : Int32(output), picture.depth, give)
    }

    private func withOpacity(of picture: Picture, _ made: Numbers, _ height: Int, _ width: Int) throws(SQLError) -> Numbers {
        let result = try Numbers(height * width * 4, for: "a picture")
        let (from, rows, columns) = (picture.pixels.start, Int(picture.height), Int(picture.width))
        for y in 0..<height {
            for x in 0..<width {
                let pixel = y * width + x
                for channel in 0..<3 { result.start[4 * pixel + channel] = made.start[output * pixel + min(channel, output - 1)] }
                result.start[4 * pixel + 3] = from[4 * (y * rows / height * columns + x * columns / width) + 3]
            }
        }
        return result
    }

    private func encode(
        _ pixels: Numbers, _ height: Int32, _ width: Int32, _ channels: Int32, _ depth: Int32, _ give: (UnsafeMutableRawPointer?, Int) -> Void
    ) throws(SQLError) {
        var file = Memory()
        var needed = 0
        // Asking for the size would pack the picture twice.
        var capacity = pixels.count * Int(depth / 8) * 5 / 4 + 4096
        while true {
            try file.grow(to: capacity, for: "a picture")
            let status = gan_image_encode_png(pixels.start, height, width, channels, depth, file.start, file.capacity, &needed)
            if status == GAN_E_BUFFER_TOO_SMALL && needed > capacity {
                capacity = needed
                continue
            }
            try SQLError.check(status)
            return give(file.start, needed)
        }
    }
}
