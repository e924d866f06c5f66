// gan apply: a picture of a picture, or of each picture in a folder; or the frames that follow.
import ArgumentParser
import CGan
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make pictures of pictures: sharper, of another kind, with holes filled, or what follows.",
        usage: "gan apply <checkpoint> <input> <output> [<options>]",
        discussion: """
            The checkpoint is of the recipe image-to-image, super-resolution, inpainting or next-frame. The input is a picture of any size, PNG or JPEG, a \
            folder of them, or - for standard input; the output a PNG file, a folder, or - for standard output. What is transparent stays so.

            With inpainting, what is to be filled is white in --mask, lies in a --box, or is transparent; the rest is not changed.

            With next-frame the input is a folder of frames in the order of their names, an array [frames, height, width], or a folder or an \
            array of such; the output is a folder, which gets so many --frames that follow, as numbered pictures.
            """)

    @Argument(help: "The checkpoint of the network.")
    var checkpoint: String

    @Argument(help: "A picture, a folder of pictures, or -.")
    var input: String

    @Argument(help: "A PNG file, a folder, or -.")
    var output: String

    @Option(name: .long, help: ArgumentHelp("A picture of the same size, white where something is to be filled; of a folder, a folder.", valueName: "file"))
    var mask: String?

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What is to be filled: column and row of a corner, width and height; may be said several times.", valueName: "x,y,w,h"))
    var box: [String] = []

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many frames that follow are made, with a model of next-frame (default: 1).", valueName: "n"))
    var frames: Int?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Where a network's noise comes from: another seed, another variant.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "tile"), valueName: "n"))
    var tile: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "threads"), valueName: "n"))
    var threads: String?

    @Flag(name: .long, help: "Write over files that are there.")
    var force = false

    @Flag(name: [.short, .long], help: "Say nothing unless something is wrong.")
    var quiet = false

    func validate() throws {
        if mask != nil && !box.isEmpty { throw ValidationError("'--mask' and '--box' do not go together.") }
        if let frames, !(1...Self.mostFrames).contains(frames) { throw ValidationError("'--frames' is \(frames); 1 to \(Self.mostFrames) were expected.") }
        for text in box { _ = try Self.box(text) }
    }

    private static let mostFrames = 65536

    private static func box(_ text: String) throws -> Box {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let w = numbers[2], let h = numbers[3], x >= 0, y >= 0, w > 0, h > 0,
            [x, y, w, h].allSatisfy({ $0 <= 1 << 20 })
        else {
            throw ValidationError("'--box' takes column, row, width and height in pixels, such as 10,10,14,14, and got '\(text)'.")
        }
        return Box(x: x, y: y, width: w, height: h)
    }

    mutating func run() throws {
        if output == "-", isatty(STDOUT_FILENO) == 1 {
            throw Failure(Exit.usage, "Standard output is a terminal, which shows no bytes; send it to a file or a program.")
        }
        Ignored.tellInstructionSet()
        let options = try Library.options()
        if let threads { try check(gan_options_set(options.pointer, "threads", threads)) }
        if let tile { try check(gan_options_set(options.pointer, "tile", tile)) }
        let network = try PictureNetwork(checkpoint, options, seed: seed)
        if !network.fillsHoles && (mask != nil || !box.isEmpty) {
            throw Failure(Exit.usage, "\"\(checkpoint)\" fills no holes: '--mask' and '--box' go with the recipe inpainting.")
        }
        if let following = network.following { return try follow(following) }
        if frames != nil { throw Failure(Exit.usage, "\"\(checkpoint)\" makes a picture of one picture: '--frames' goes with the recipe next-frame.") }
        let boxes = try box.map { try Self.box($0) }
        guard input != "-", Paths.isFolder(input) else {
            if Paths.isFolder(output) { throw Failure(Exit.usage, "\"\(output)\" is a folder, and \"\(input)\" is one picture: name a file.") }
            if output != "-" { try checkOutput(output) }
            return try network.apply(from: input, mask: mask, boxes, to: output)
        }
        guard output != "-" else { throw Failure(Exit.usage, "A folder of pictures cannot go to standard output; name a folder.") }
        let names = try Paths.pictures(in: input)
        if names.isEmpty { throw Failure(Exit.badData, "The folder \"\(input)\" has no PNG or JPEG files.") }
        try Paths.checkFolder(output)
        let targets = names.map { Paths.join(output, Paths.withoutExtension($0) + ".png") }
        if Set(targets).count < targets.count {
            throw Failure(Exit.badData, "The folder \"\(input)\" has pictures whose names differ in their endings only; they would become one file.")
        }
        if Paths.isFolder(output) { for target in targets { try checkOutput(target) } }
        try Paths.makeFolder(output)
        for (index, name) in names.enumerated() {
            if !quiet && Terminal.isInteractive { try Output.write("\r" + Self.bar(index, of: names.count, name) + "\u{1B}[K") }
            try network.apply(from: Paths.join(input, name), mask: mask.map { Paths.join($0, name) }, boxes, to: targets[index])
        }
        if !quiet && Terminal.isInteractive { try Output.write("\r\u{1B}[K") }
        if !quiet { Output.note("\(names.count) pictures in \"\(output)\".") }
    }

    private func follow(_ network: FrameNetwork) throws {
        if input == "-" { throw Failure(Exit.usage, "\"\(checkpoint)\" looks at \(network.past) frames: name a folder of them, or an array.") }
        if output == "-" { throw Failure(Exit.usage, "Frames cannot go to standard output; name a folder.") }
        let count = frames ?? 1
        let clips = try network.apply(from: input, to: output, frames: count, isQuiet: quiet, check: checkOutput)
        if !quiet { Output.note("\(Format.count(Int64(count), "frame"))\(clips == 1 ? "" : " of \(clips) clips each") in \"\(output)\".") }
    }

    /// How far it is, and what is made at the moment.
    private static func bar(_ done: Int, of count: Int, _ name: String) -> String {
        let width = 20
        let full = width * done / max(count, 1)
        let line = "[" + String(repeating: "#", count: full) + String(repeating: "-", count: width - full) + "] \(done)/\(count) \(name)"
        return String(line.prefix(max(Terminal.columns - 1, 8)))
    }

    private func checkOutput(_ path: String) throws {
        try Paths.checkFile(path)
        if Paths.exists(path) && !Paths.isStream(path) && !force {
            throw Failure(Exit.cannotCreate, "\"\(path)\" is there already; '--force' writes over it.")
        }
    }
}

/// Pixels of a picture, from a corner on.
struct Box {
    let x, y, width, height: Int
}

/// A network that makes pictures of pictures, on files.
struct PictureNetwork {
    let fillsHoles: Bool
    /// What says frames instead, where the model does that.
    let following: FrameNetwork?
    private let inputChannels, outputChannels: Int
    private let applier: Handle
    private let seed: UInt64

    /// Whether a generator makes pictures of pictures, and not of numbers.
    static func `is`(_ generator: Handle) -> Bool {
        (try? Handle(destroy: gan_applier_destroy) { gan_applier_create(generator.pointer, nil, $0) }) != nil
    }

    /// Whether that is what a training trains.
    static func isWhat(_ trainer: Handle) throws -> Bool {
        let recipe = try Library.option(trainer, "recipe")
        if recipe == "classifier" { return false }
        return `is`(try Handle(destroy: gan_generator_destroy) { gan_trainer_generator(trainer.pointer, $0) })
    }

    init(_ checkpoint: String, _ options: Handle, seed: UInt64) throws {
        let generator = try Library.generator(checkpoint)
        let applier = try Handle(.input, destroy: gan_applier_destroy) { gan_applier_create(generator.pointer, options.pointer, $0) }
        var (input, output, takesMask): (Int32, Int32, Int32) = (0, 0, 0)
        try check(gan_applier_channels(applier.pointer, &input, &output, &takesMask))
        (inputChannels, outputChannels, fillsHoles) = (Int(input), Int(output), takesMask == 1)
        self.applier = applier
        self.seed = seed
        var past: Int32 = 0
        try check(gan_applier_frames(applier.pointer, &past))
        following = past > 0 ? FrameNetwork(applier, past: Int(past), channels: inputChannels, seed: seed) : nil
    }

    func apply(from path: String, mask maskPath: String?, _ boxes: [Box], to target: String) throws {
        let picture = try Picture(path, channels: 4)
        var pixels = picture.channels(inputChannels)
        var mask: [UInt8]?
        var hasAlpha = picture.pixels.indices.contains { $0 % 4 == 3 && picture.pixels[$0] < 255 }
        if fillsHoles {
            mask = try holes(of: picture, path, maskPath, boxes)
            if maskPath == nil && boxes.isEmpty { hasAlpha = false }
        }
        var (height, width): (Int32, Int32) = (0, 0)
        try check(gan_applier_shape(applier.pointer, Int32(picture.height), Int32(picture.width), &height, &width))
        var made = [UInt8](repeating: 0, count: Int(height) * Int(width) * outputChannels)
        try check(
            gan_applier_apply_bytes(applier.pointer, seed, &pixels, mask, Int32(picture.height), Int32(picture.width), &made, made.count), .input)
        var channels = outputChannels
        if hasAlpha {
            made = withAlpha(made, of: picture, Int(height), Int(width))
            channels = 4
        }
        try check(
            gan_image_write_png(made, 1, height, width, Int32(channels), 1, 0, 1, target == "-" ? "/dev/stdout" : target), .output)
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
    private func withAlpha(_ made: [UInt8], of picture: Picture, _ height: Int, _ width: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: height * width * 4)
        for y in 0..<height {
            for x in 0..<width {
                let pixel = y * width + x
                for channel in 0..<3 { result[pixel * 4 + channel] = made[pixel * outputChannels + (outputChannels == 3 ? channel : 0)] }
                result[pixel * 4 + 3] = picture.pixels[(y * picture.height / height * picture.width + x * picture.width / width) * 4 + 3]
            }
        }
        return result
    }
}

/// A picture in memory, [height, width, channels].
struct Picture {
    let height, width: Int
    let pixels: [UInt8]

    init(_ path: String, channels: Int32) throws {
        guard let bytes = path == "-" ? Paths.standardInput() : Paths.bytes(path) else {
            throw Failure(Exit.noInput, "The picture \"\(path)\" cannot be read: \(systemError(errno)).")
        }
        var (h, w, c): (Int32, Int32, Int32) = (0, 0, 0)
        func named(_ status: Int32) throws {
            do { try check(status, .input) } catch let failure as Failure {
                throw Failure(failure.code, Self.named(failure.message, path))
            }
        }
        try named(gan_image_decode(bytes, bytes.count, channels, nil, 0, &h, &w, &c))
        var pixels = [UInt8](repeating: 0, count: Int(h) * Int(w) * Int(c))
        try named(gan_image_decode(bytes, bytes.count, channels, &pixels, pixels.count, &h, &w, &c))
        (height, width, self.pixels) = (Int(h), Int(w), pixels)
    }

    /// The library's sentence of a picture in memory, with the file's name.
    private static func named(_ message: String, _ path: String) -> String {
        let words = message.split(separator: " ", omittingEmptySubsequences: false)
        guard let place = words.indices.dropLast().first(where: { words[$0] == "in" && words[$0 + 1].hasPrefix("memory") }) else { return message }
        let rest = words[place + 1].dropFirst("memory".count)
        var named = words[..<place].map { String($0) }
        named.append("\"\(path)\"\(rest)")
        named += words[(place + 2)...].map { String($0) }
        return named.joined(separator: " ")
    }

    /// Of RGBA: grey (luminance) or RGB.
    func channels(_ count: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: height * width * count)
        for pixel in 0..<height * width {
            if count == 1 {
                var sum = 500
                for (channel, weight) in [299, 587, 114].enumerated() { sum += weight * Int(pixels[pixel * 4 + channel]) }
                result[pixel] = UInt8(sum / 1000)
            } else {
                for channel in 0..<min(count, 3) { result[pixel * count + channel] = pixels[pixel * 4 + channel] }
            }
        }
        return result
    }
}
