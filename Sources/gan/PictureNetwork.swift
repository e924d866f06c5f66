// Networks that make pictures of pictures, on files.
import CGan
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Pixels of a picture, from a corner on.
struct Box {
    let x, y, width, height: Int
}

/// A network that makes pictures of pictures, on files.
struct PictureNetwork {
    let fillsHoles: Bool
    /// What says frames instead, where the model does that.
    let following: FrameNetwork?
    let outputChannels: Int
    let inputChannels: Int
    /// What is made where that is volumes.
    let volumes: VolumeNetwork?
    private let applier: Handle
    private let seed: UInt64

    /// Whether a generator makes pictures of pictures, and not of numbers.
    static func `is`(_ generator: Handle) -> Bool {
        (try? Handle(destroy: gan_applier_destroy) { gan_applier_create(generator.pointer, nil, $0) }) != nil
    }

    /// Whether that is what a training trains.
    static func isWhat(_ trainer: Handle) throws -> Bool {
        let recipe = try Library.option(trainer, "recipe")
        if ["classifier", "autoencoder"].contains(recipe) { return false }
        return `is`(try Handle(destroy: gan_generator_destroy) { gan_trainer_generator(trainer.pointer, $0) })
    }

    /// - Parameter level: of the shapes in volumes.
    init(_ checkpoint: String, _ options: Handle, seed: UInt64, level: Float? = nil) throws {
        let generator = try Library.generator(checkpoint)
        let applier = try Handle(.input, destroy: gan_applier_destroy) { gan_applier_create(generator.pointer, options.pointer, $0) }
        var (input, output, takesMask): (Int32, Int32, Int32) = (0, 0, 0)
        try check(gan_applier_channels(applier.pointer, &input, &output, &takesMask))
        (inputChannels, outputChannels, fillsHoles) = (Int(input), Int(output), takesMask == 1)
        self.applier = applier
        self.seed = seed
        volumes = try VolumeNetwork(generator, range: (0, 1), level: level)
        var past: Int32 = 0
        try check(gan_applier_frames(applier.pointer, &past))
        following = past > 0 ? FrameNetwork(applier, past: Int(past), channels: inputChannels, seed: seed) : nil
    }

    func apply(from path: String, mask maskPath: String?, _ boxes: [Box], to target: String) throws {
        let picture = try Picture(path, channels: 4)
        var hasAlpha = picture.pixels.indices.contains { $0 % 4 == 3 && picture.pixels[$0] < 255 }
        let mask = fillsHoles ? try holes(of: picture, path, maskPath, boxes) : nil
        if fillsHoles && maskPath == nil && boxes.isEmpty { hasAlpha = false }
        let target = target == "-" ? "/dev/stdout" : target
        if let numbers = picture.numbers {
            var (made, height, width) = try made(of: Picture.channels(inputChannels, of: numbers), mask, picture.height, picture.width)
            if hasAlpha { made = withAlpha(made, of: picture, numbers, height, width) }
            return try write(made, height, width, hasAlpha ? 4 : outputChannels, depth: 16, to: target)
        }
        var pixels = picture.channels(inputChannels)
        let (height, width) = try roomySides(picture.height, picture.width)
        var made = [UInt8](repeating: 0, count: height * width * outputChannels)
        try check(
            gan_applier_apply_bytes(applier.pointer, seed, &pixels, mask, Int32(picture.height), Int32(picture.width), &made, made.count), .input)
        if hasAlpha { made = withAlpha(made, of: picture, picture.pixels, height, width) }
        try check(
            gan_image_write_png(made, 1, Int32(height), Int32(width), Int32(hasAlpha ? 4 : outputChannels), 1, 0, 1, target), .output)
    }

    /// Of numbers in an NPY file, or into one: one picture [height, width], or several [count, height, width] or with
    /// channels behind; or of a picture file into an array.
    func apply(fromArray path: String, mask maskPath: String?, _ boxes: [Box], to target: String) throws {
        let source: PictureArray
        var mask: [UInt8]?
        if path.lowercased().hasSuffix(".npy") {
            source = try PictureArray(path, channels: inputChannels)
            if fillsHoles {
                if maskPath == nil && boxes.isEmpty { throw Failure(Exit.usage, "An array has nothing transparent: say '--mask FILE' or '--box X,Y,W,H'.") }
                let blank = Picture(height: source.height, width: source.width, pixels: [UInt8](repeating: 255, count: source.height * source.width * 4))
                mask = try holes(of: blank, path, maskPath, boxes)
            }
        } else {
            let picture = try Picture(path, channels: 4)
            let numbers = picture.numbers ?? picture.pixels.map { Float($0) / 255 }
            source = PictureArray(height: picture.height, width: picture.width, values: Picture.channels(inputChannels, of: numbers))
            if fillsHoles { mask = try holes(of: picture, path, maskPath, boxes) }
        }
        let isArray = target.lowercased().hasSuffix(".npy")
        guard source.count == 1 || isArray else {
            throw Failure(Exit.usage, "\"\(path)\" holds \(source.count) pictures, and \"\(target)\" one: name an NPY file for what is made of them.")
        }
        var all: [Float] = []
        var (height, width) = (0, 0)
        for index in 0..<source.count {
            let one: [Float]
            (one, height, width) = try made(of: source.picture(index), mask, source.height, source.width)
            all += one
        }
        guard isArray else { return try write(all, height, width, outputChannels, depth: 16, to: target == "-" ? "/dev/stdout" : target) }
        let result = try Handle(destroy: gan_dataset_destroy) {
            gan_dataset_create_floats(all, Int64(source.count), Int32(height), Int32(width), Int32(outputChannels), 0, 1, nil, 0, nil, nil, $0)
        }
        try check(gan_dataset_write(result.pointer, target, nil), .output)
    }

    /// Of one picture without a mask, as bytes.
    func made(of picture: Picture) throws -> [UInt8] {
        let sides = try roomySides(picture.height, picture.width)
        var made = [UInt8](repeating: 0, count: sides.height * sides.width * outputChannels)
        try check(
            gan_applier_apply_bytes(
                applier.pointer, seed, picture.channels(inputChannels), nil, Int32(picture.height), Int32(picture.width), &made, made.count), .input)
        return made
    }

    /// The sides of what is made of a picture.
    func sides(_ height: Int, _ width: Int) throws -> (height: Int, width: Int) {
        var (rows, columns): (Int32, Int32) = (0, 0)
        try check(gan_applier_shape(applier.pointer, Int32(clamping: height), Int32(clamping: width), &rows, &columns), .input)
        return (Int(rows), Int(columns))
    }

    /// The same, of a picture for which there is memory, as numbers and with opacity.
    private func roomySides(_ height: Int, _ width: Int) throws -> (height: Int, width: Int) {
        let made = try sides(height, width)
        let numbers = made.height * made.width * (outputChannels + 4)
        try Memory.check(numbers * MemoryLayout<Float>.stride, for: "a picture of \(made.height) × \(made.width) pixels")
        return made
    }

    /// Of numbers 0 … 1, [height, width, input channels].
    func made(of numbers: [Float], _ mask: [UInt8]?, _ height: Int, _ width: Int) throws -> ([Float], height: Int, width: Int) {
        let (rows, columns) = try roomySides(height, width)
        var made = [Float](repeating: 0, count: rows * columns * outputChannels)
        let holes = mask?.map { $0 > 127 ? Float(1) : 0 }
        try check(gan_applier_apply(applier.pointer, seed, numbers, holes, Int32(height), Int32(width), &made, made.count), .input)
        return (made, rows, columns)
    }

    private func write(_ pixels: [Float], _ height: Int, _ width: Int, _ channels: Int, depth: Int32, to target: String) throws {
        var size = 0
        var bytes = [UInt8](repeating: 0, count: pixels.count * Int(depth / 8) * 5 / 4 + 4096)
        var status = gan_image_encode_png(pixels, Int32(height), Int32(width), Int32(channels), depth, &bytes, bytes.count, &size)
        if status == GAN_E_BUFFER_TOO_SMALL, size > bytes.count {
            bytes = [UInt8](repeating: 0, count: size)
            status = gan_image_encode_png(pixels, Int32(height), Int32(width), Int32(channels), depth, &bytes, bytes.count, &size)
        }
        try check(status, .output)
        let file = try OutputFile(target)
        try bytes.withUnsafeBytes { try file.write(UnsafeRawBufferPointer(rebasing: $0.prefix(size))) }
        try file.commit()
    }

    /// 255 where something is to be filled.
    private func holes(of picture: Picture, _ path: String, _ maskPath: String?, _ boxes: [Box]) throws -> [UInt8] {
        if let maskPath {
            let mask = try Picture(maskPath, channels: 1)
            guard mask.height == picture.height, mask.width == picture.width else {
                throw Failure(
                    Exit.badData,
                    "The mask \"\(maskPath)\" has \(mask.width) × \(mask.height) pixels, and the picture \"\(path)\" has \(picture.width) × \(picture.height).")
            }
            return mask.pixels
        }
        var mask = [UInt8](repeating: 0, count: picture.height * picture.width)
        for box in boxes {
            guard box.x < picture.width, box.y < picture.height else {
                throw Failure(
                    Exit.usage,
                    "'--box' \(box.x),\(box.y),\(box.width),\(box.height) begins beyond the picture \"\(path)\" of \(picture.width) × \(picture.height) pixels.")
            }
            for y in box.y..<min(box.y + box.height, picture.height) {
                for x in box.x..<min(box.x + box.width, picture.width) { mask[y * picture.width + x] = 255 }
            }
        }
        if boxes.isEmpty {
            for pixel in mask.indices where picture.pixels[pixel * 4 + 3] < 128 { mask[pixel] = 255 }
        }
        guard mask.contains(255) else {
            throw Failure(
                Exit.usage, "Nothing is to be filled in \"\(path)\": say '--mask FILE' or '--box X,Y,W,H', or make what is to be filled transparent.")
        }
        return mask
    }

    /// As RGBA, with the transparency of the picture that it was made of.
    /// - Parameter source: the picture's pixels, RGBA.
    private func withAlpha<Number: Numeric>(_ made: [Number], of picture: Picture, _ source: [Number], _ height: Int, _ width: Int) -> [Number] {
        var result = [Number](repeating: 0, count: height * width * 4)
        for y in 0..<height {
            for x in 0..<width {
                let pixel = y * width + x
                for channel in 0..<3 { result[pixel * 4 + channel] = made[pixel * outputChannels + (outputChannels == 3 ? channel : 0)] }
                result[pixel * 4 + 3] = source[(y * picture.height / height * picture.width + x * picture.width / width) * 4 + 3]
            }
        }
        return result
    }
}
