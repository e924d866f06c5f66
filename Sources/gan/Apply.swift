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
        abstract: "Make pictures of pictures: sharper, of another kind, with holes filled, or what follows; or shapes.",
        usage: "gan apply <checkpoint> <input> <output> [<options>]",
        discussion: """
            The checkpoint is of the recipe image-to-image, super-resolution, inpainting, translation, next-frame or view-to-volume. The input is a picture of any size, PNG or JPEG, a \
            folder of them, or - for standard input; the output a PNG file, a folder, or - for standard output. What is transparent stays so, \
            and 16 bits a channel stay 16. Input or output, or both, may be NPY files of numbers from 0 to 1: a picture or several.

            A folder is made whole: pictures in sub-folders stay in theirs, and a metadata.csv or .jsonl goes along, so that what had labels \
            has them afterwards. IDX files become IDX files, and MNIST's folder another with the same labels.

            With inpainting, what is to be filled is white in --mask, lies in a --box, or is transparent; the rest is not changed.

            With next-frame the input is a folder of frames in the order of their names, an array [frames, height, width], or a folder or an \
            array of such; the output is a folder, which gets so many --frames that follow, as numbered pictures.

            With view-to-volume the output is a shape: OBJ, STL, binvox, NPY, or a PNG with four views of it, as its name ends. Of a folder or an \
            array of pictures .npy and .png hold all, and of the others each shape has a numbered file.
            """)

    @Argument(help: "The checkpoint of the network.")
    var checkpoint: String

    @Argument(help: "A picture, a folder of pictures, an NPY file, or -.")
    var input: String

    @Argument(help: "A PNG or NPY file, a folder, or -; of a shape also an OBJ, STL or binvox file.")
    var output: String

    @Option(name: .long, help: ArgumentHelp("A picture of the same size, white where something is to be filled; of a folder, a folder.", valueName: "file"))
    var mask: String?

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What is to be filled: column and row of a corner, width and height; may be said several times.", valueName: "x,y,w,h"))
    var box: [String] = []

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many frames that follow are made, with a model of next-frame (default: 1).", valueName: "n"))
    var frames: Int?

    @Flag(name: .long, help: "With translation: make pictures of the first kind of the second's.")
    var reverse = false

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Where a network's noise comes from: another seed, another variant.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("With view-to-volume: what is greater in a volume is the inside of its shape (default: 0.5).", valueName: "n"))
    var level: Float?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "tile"), valueName: "n"))
    var tile: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "threads"), valueName: "n"))
    var threads: String?

    @Flag(name: .long, help: "Leave out pictures of a folder that are broken, animated or do not fit, and say which.")
    var skip = false

    @Flag(name: .long, help: "Write over files that are there.")
    var force = false

    @Flag(name: [.short, .long], help: "Say nothing unless something is wrong.")
    var quiet = false

    func validate() throws {
        if mask != nil && !box.isEmpty { throw ValidationError("'--mask' and '--box' do not go together.") }
        if let frames, !(1...Self.mostFrames).contains(frames) { throw ValidationError("'--frames' is \(frames); 1 to \(Self.mostFrames) were expected.") }
        if let level, !level.isFinite { throw ValidationError("'--level' is \(level); a number was expected.") }
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
        if reverse { try check(gan_options_set(options.pointer, "reverse", "true")) }
        let network = try PictureNetwork(checkpoint, options, seed: seed, level: level)
        if !network.fillsHoles && (mask != nil || !box.isEmpty) {
            throw Failure(Exit.usage, "\"\(checkpoint)\" fills no holes: '--mask' and '--box' go with the recipe inpainting.")
        }
        if let following = network.following { return try follow(following) }
        if frames != nil { throw Failure(Exit.usage, "\"\(checkpoint)\" makes a picture of one picture: '--frames' goes with the recipe next-frame.") }
        if let volumes = network.volumes { return try makeShapes(network, volumes) }
        if level != nil { throw Failure(Exit.usage, "\"\(checkpoint)\" makes pictures and no shapes: '--level' goes with the recipe view-to-volume.") }
        let boxes = try box.map { try Self.box($0) }
        guard input != "-", Paths.isFolder(input) else {
            if input != "-", Places.isBytes(input) { return try applyArrays(network, options) }
            if skip { throw Failure(Exit.usage, "'--skip' leaves out pictures of a folder, and \"\(input)\" is none.") }
            if Paths.isFolder(output) { throw Failure(Exit.usage, "\"\(output)\" is a folder, and \"\(input)\" is one picture: name a file.") }
            if output != "-" { try checkOutput(output) }
            if Self.isNPY(input) || Self.isNPY(output) { return try network.apply(fromArray: input, mask: mask, boxes, to: output) }
            return try network.apply(from: input, mask: mask, boxes, to: output)
        }
        if Self.isNPY(output) { throw Failure(Exit.usage, "\"\(input)\" is a folder, whose pictures go into a folder and not into an NPY file.") }
        guard output != "-" else { throw Failure(Exit.usage, "A folder of pictures cannot go to standard output; name a folder.") }
        if !Places.isSame(output, input) && Places.isInside(output, input) {
            throw Failure(Exit.usage, "\"\(output)\" is in \"\(input)\", all of whose pictures are read: name a folder elsewhere.")
        }
        let pictures = try PictureFolder(input)
        if pictures.names.isEmpty {
            if try !Paths.names(in: input, where: { $0.contains("idx") }).isEmpty { return try applyArrays(network, options) }
            throw Failure(Exit.badData, "The folder \"\(input)\" has no PNG or JPEG files.")
        }
        try apply(network, boxes, to: pictures)
    }

    private func apply(_ network: PictureNetwork, _ boxes: [Box], to pictures: PictureFolder) throws {
        try Paths.checkFolder(output)
        let names = pictures.names
        let targets = names.map { Paths.join(output, PictureFolder.madeName($0)) }
        if Set(targets).count < targets.count {
            throw Failure(Exit.badData, "The folder \"\(input)\" has pictures whose names differ in their endings only; they would become one file.")
        }
        let list = pictures.list.map { Paths.join(output, $0.name) }
        for target in targets + (list.map { [$0] } ?? []) where Paths.exists(target) { try checkOutput(target) }
        for folder in pictures.folders { try Paths.makeFolder(folder.isEmpty ? output : Paths.join(output, folder)) }
        var leftOut: Set<String> = []
        for (index, name) in names.enumerated() {
            try showBar(index, of: names.count, name)
            do {
                try network.apply(from: Paths.join(input, name), mask: mask.map { Paths.join($0, name) }, boxes, to: targets[index])
            } catch let failure as Failure where failure.isOfInput {
                if !skip { throw Failure(failure.code, "\(failure.message) With '--skip' such pictures are left out.") }
                try eraseBar()
                Output.note("Left out: \(failure.message)")
                leftOut.insert(name)
            }
        }
        try eraseBar()
        let made = names.count - leftOut.count
        if made == 0 { throw Failure(Exit.badData, "None of the \(names.count) pictures in \"\(input)\" could be used.") }
        // What is said of pictures is there when they are.
        if let list, let bytes = pictures.list?.renamed(leavingOut: leftOut) {
            let file = try OutputFile(list)
            try bytes.withUnsafeBytes { try file.write($0) }
            try file.commit()
        }
        if !quiet {
            let rest = leftOut.isEmpty ? "" : ", \(leftOut.count) left out"
            Output.note("\(Format.count(Int64(made), "picture")) in \"\(output)\"\(pictures.list.map { ", with \($0.name)" } ?? "")\(rest).")
        }
    }

    private func applyArrays(_ network: PictureNetwork, _ options: Handle) throws {
        if network.fillsHoles { throw Failure(Exit.usage, "\"\(checkpoint)\" fills holes, which an array of pictures says nothing of: apply it to files.") }
        if output == "-" { throw Failure(Exit.usage, "An array of pictures cannot go to standard output; name a file.") }
        if skip { throw Failure(Exit.usage, "'--skip' leaves out pictures of a folder, and \"\(input)\" is an array.") }
        let arrays = try LabelledArray(input, output, options, isQuiet: quiet)
        if Paths.isFolder(input) { try Paths.checkFolder(output) } else { try checkOutput(output) }
        for path in [arrays.labels, arrays.images].compactMap({ $0 }) where Paths.isFolder(input) && Paths.exists(path) { try checkOutput(path) }
        if Paths.isFolder(input) { try Paths.makeFolder(output) }
        try arrays.apply(network) { try showBar(Int($0), of: Int(arrays.count), "") }
        try eraseBar()
        if !quiet { Output.note("\(Format.count(arrays.count, "picture")) in \"\(arrays.images)\"\(arrays.labels == nil ? "" : ", with labels").") }
    }

    func showBar(_ done: Int, of count: Int, _ name: String) throws {
        if !quiet && Terminal.isInteractive { try Output.write("\r" + Self.bar(done, of: count, name) + "\u{1B}[K") }
    }

    func eraseBar() throws {
        if !quiet && Terminal.isInteractive { try Output.write("\r\u{1B}[K") }
    }

    private func follow(_ network: FrameNetwork) throws {
        if input == "-" { throw Failure(Exit.usage, "\"\(checkpoint)\" looks at \(network.past) frames: name a folder of them, or an array.") }
        if output == "-" { throw Failure(Exit.usage, "Frames cannot go to standard output; name a folder.") }
        if skip { throw Failure(Exit.usage, "'--skip' leaves out pictures of a folder, and of frames that follow each other none may be missing.") }
        let count = frames ?? 1
        let clips = try network.apply(from: input, to: output, frames: count, isQuiet: quiet, check: checkOutput)
        if !quiet { Output.note("\(Format.count(Int64(count), "frame"))\(clips == 1 ? "" : " of \(clips) clips each") in \"\(output)\".") }
    }

    private static func isNPY(_ path: String) -> Bool { path.lowercased().hasSuffix(".npy") }

    /// How far it is, and what is made at the moment.
    private static func bar(_ done: Int, of count: Int, _ name: String) -> String {
        let width = 20
        let full = width * done / max(count, 1)
        let line = "[" + String(repeating: "#", count: full) + String(repeating: "-", count: width - full) + "] \(done)/\(count) \(name)"
        return String(line.prefix(max(Terminal.columns - 1, 8)))
    }

    /// Before a picture is looked at.
    func checkOutput(_ path: String) throws {
        let lower = path.lowercased()
        if let ending = [".jpg", ".jpeg", ".safetensors"].first(where: { lower.hasSuffix($0) }) {
            throw Failure(Exit.usage, "\"\(path)\" ends in \(ending), and what is written is PNG: name a file that ends in .png, or in .npy for numbers.")
        }
        for (what, other) in [("the checkpoint", checkpoint), ("the mask", mask ?? checkpoint)] where Places.isSame(path, other) {
            throw Failure(Exit.usage, "The output would write over \"\(path)\", which is \(what). Name another file.")
        }
        try Paths.checkFile(path)
        if Paths.exists(path) && !Paths.isStream(path) && !force {
            throw Failure(Exit.cannotCreate, "\"\(path)\" is there already; '--force' writes over it.")
        }
    }
}
