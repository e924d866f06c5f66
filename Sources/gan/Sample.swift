// gan sample: draws from a checkpoint into pictures and files.
import ArgumentParser
import CGan
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw images, shapes, or rows of a table, from a checkpoint.",
        usage: "gan sample <checkpoint> --png <file> [<options>]",
        discussion: """
            Sample I under a seed is always the same image, whatever else is drawn with it: --first 10 --count 1 is the \
            eleventh image of --count 64.

            Of a generator that was told classes (condition=labels), --label 7 draws that class and --labels a row of each; of one that \
            was told tags (--recipe tags), --tags smile,glasses draws with those; of one that \
            found codes by itself (the recipe infogan), --sweep c1 shows what a code does.

            Of a generator of rows (the recipe table) --csv writes a table; --where city=Seoul draws rows of that city, \
            and --where 'age>=30' those that happen to be so old.

            Of a generator of volumes (the recipe volume) --obj, --stl and --binvox write shapes, and --png views of them from all around: of each a \
            square of four.

            With --interpolate A,B the images are the way from sample A to sample B, in --frames steps, both ends included.
            """)

    @Argument(help: "The checkpoint to draw from.")
    var checkpoint: String

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many images to draw.", valueName: "n"))
    var count: Int64?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Where the images come from: another seed, other images.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("The number of the first image.", valueName: "n"))
    var first: Int64 = 0

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("The class of every image, by its name or number; several, with commas, in turn.", valueName: "class"))
    var label: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("The tags of every image, with commas between them, or none; several lists, with semicolons, in turn.", valueName: "tags"))
    var tags: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("What every image is to show, of a generator that reads texts; a line each for several in turn.", valueName: "text"))
    var text: String?

    @Flag(name: .long, help: "A row of each class: --count is how many of each (default: 8).")
    var labels = false

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set what images are made of, such as c1=3 (gan inspect lists it).", valueName: "input=value"))
    var input: [String] = []

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Every image through all values of one input, a row an image; --count is how many images (default: 8).", valueName: "input"))
    var sweep: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Draw a latent's numbers anew that are larger than this: fewer kinds of images, each more typical.", valueName: "n"))
    var truncation: String?

    @Option(name: .long, help: ArgumentHelp("One PNG with all of them in a grid; - for standard output.", valueName: "file"))
    var png: String?

    @Option(name: .long, help: ArgumentHelp("A folder for a PNG of each.", valueName: "dir"))
    var pngs: String?

    @Option(name: .long, help: ArgumentHelp("An IDX file of bytes, the format of MNIST.", valueName: "file"))
    var idx: String?

    @Option(name: .long, help: ArgumentHelp("A NumPy file of floats in the generator's range.", valueName: "file"))
    var npy: String?

    @Option(name: .long, help: ArgumentHelp("A shape as an OBJ file; of several a file each, numbered.", valueName: "file"))
    var obj: String?

    @Option(name: .long, help: ArgumentHelp("A shape as a binary STL file; of several a file each, numbered.", valueName: "file"))
    var stl: String?

    @Option(name: .long, help: ArgumentHelp("A shape as a binvox file; of several a file each, numbered.", valueName: "file"))
    var binvox: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("What is greater in a volume is the inside of its shape (default: the middle of its range).", valueName: "n"))
    var level: Float?

    @Option(name: .long, help: ArgumentHelp("Rows of a table as comma-separated values; - for standard output.", valueName: "file"))
    var csv: String?

    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What each row of the table is to meet: a column, one of =, !=, <, <=, > and >=, and a value; as often as needed.", valueName: "condition"))
    var condition: [String] = []

    @Option(name: .long, help: ArgumentHelp("The bytes alone, [image, row, column, channel]; - for standard output.", valueName: "file"))
    var raw: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Draw the way between two samples.", valueName: "a,b"))
    var interpolate: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many images the way has (default: 60).", valueName: "n"))
    var frames: Int64?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Images in a row of the grid (default: nearly a square).", valueName: "n"))
    var columns: Int32?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many pixels wide and high each pixel becomes in a PNG.", valueName: "n"))
    var scale: Int32 = 2

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Black pixels around each image of the grid.", valueName: "n"))
    var margin: Int32 = 1

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "threads"), valueName: "n"))
    var threads: String?

    @Flag(name: .long, help: "Write over files of another kind, and into a folder that gan did not fill.")
    var force = false

    @Flag(name: [.short, .long], help: "Say nothing unless something is wrong.")
    var quiet = false

    func validate() throws {
        for (name, value, least) in [
            ("count", count ?? 1, 1), ("first", first, 0), ("frames", frames ?? 1, 1), ("columns", Int64(columns ?? 1), 1),
            ("scale", Int64(scale), 1), ("margin", Int64(margin), 0),
        ] as [(String, Int64, Int64)] where value < least {
            throw ValidationError("'--\(name)' is \(value); \(least) or more was expected.")
        }
        if png == nil, pngs == nil, idx == nil, npy == nil, raw == nil, csv == nil, shapes.isEmpty {
            throw ValidationError(
                "Where to? Say --png FILE, --pngs DIR, --idx FILE, --npy FILE or --raw FILE, of a table --csv FILE, or of volumes --obj, --stl or --binvox FILE.")
        }
        if let level, !level.isFinite { throw ValidationError("'--level' is \(level); a number was expected.") }
        for (ending, path) in shapes { try Shapes.checkEnding(path, ending) }
        if csv != nil, !shapes.isEmpty || png != nil || pngs != nil || idx != nil || raw != nil || labels || sweep != nil || interpolate != nil {
            throw ValidationError("'--csv' writes rows of a table, which are no images: it goes with --count, --seed, --first, --where, --input and --npy.")
        }
        if !condition.isEmpty, csv == nil { throw ValidationError("'--where' is about rows of a table, and goes with '--csv FILE'.") }
        if [label != nil, labels, sweep != nil, interpolate != nil].filter({ $0 }).count > 1 {
            throw ValidationError("'--label', '--labels', '--sweep' and '--interpolate' do not go together.")
        }
        if columns != nil, labels || sweep != nil {
            throw ValidationError("'--columns' does not go with '--\(labels ? "labels" : "sweep")', whose table has columns of its own.")
        }
        var setters: [String: String] = label != nil ? ["label": "'--label'"] : labels ? ["label": "'--labels'"] : [:]
        if let sweep { setters[sweep] = "'--sweep \(sweep)'" }
        for setting in input {
            let name = String(setting.prefix { $0 != "=" })
            if let other = setters.updateValue("'--input \(setting)'", forKey: name) {
                throw ValidationError(
                    "\(other) and '--input \(setting)' both set the input '\(name)'. Say one of them; values with commas between them are taken in turn.")
            }
        }
        if png == "-", raw == "-" { throw ValidationError("Only one of '--png' and '--raw' can go to standard output.") }
        if frames != nil, interpolate == nil { throw ValidationError("'--frames' goes with '--interpolate A,B'.") }
        for (name, path) in [("pngs", pngs), ("idx", idx), ("npy", npy)] + shapes.map({ ($0.0, $0.1 as String?) }) where path == "-" {
            throw ValidationError("'--\(name)' cannot go to standard output; '--png -' and '--raw -' can.")
        }
        _ = try ends()
    }

    /// The formats of shapes that are asked for, and their files.
    private var shapes: [(ending: String, path: String)] {
        zip(Shapes.endings, [obj, stl, binvox]).compactMap { ending, path in path.map { (ending, $0) } }
    }

    /// How many are drawn where nothing says so: of shapes in files of their own one.
    private var usualCount: Int64 { shapes.isEmpty ? 64 : 1 }

    /// The two samples of --interpolate.
    private func ends() throws -> (from: Int64, to: Int64)? {
        guard let interpolate else { return nil }
        let numbers = interpolate.split(separator: ",", omittingEmptySubsequences: false).map { Int64($0) }
        guard numbers.count == 2, let from = numbers[0], let to = numbers[1], from >= 0, to >= 0 else {
            throw ValidationError("'--interpolate' takes the numbers of two samples, such as 1,2, and got '\(interpolate)'.")
        }
        return (from, to)
    }

    mutating func run() throws {
        if png == "-" || raw == "-", isatty(STDOUT_FILENO) == 1 {
            throw Failure(Exit.usage, "Standard output is a terminal, which shows no bytes; send it to a file or a program.")
        }
        Ignored.tellInstructionSet()
        for (flag, isSet, need) in [
            ("columns", columns != nil && png == nil, "without '--png'"), ("margin", margin != 1 && png == nil, "without '--png'"),
            ("scale", scale != 2 && png == nil && pngs == nil, "without '--png' or '--pngs'"),
            ("count", count != nil && interpolate != nil, "with '--interpolate', of which '--frames' says how many images it has"),
            ("first", first != 0 && interpolate != nil, "with '--interpolate'"),
        ] where isSet {
            Output.note("Note: '--\(flag)' changes nothing \(need).")
        }
        let options = try Library.options()
        for (name, value) in [("threads", threads), ("truncation", truncation)] {
            if let value { try check(gan_options_set(options.pointer, name, value)) }
        }
        try checkOutputs()
        let generator = try Library.generator(checkpoint, isQuiet: quiet)
        let volumes = try VolumeNetwork(generator, level: level)
        if PictureNetwork.is(generator) {
            if volumes != nil {
                throw Failure(
                    Exit.badData, "\"\(checkpoint)\" makes shapes of pictures, and has no samples of its own; it is used with 'gan apply'.",
                    command: ["gan", "apply", checkpoint, "picture.png", "shape.obj"])
            }
            throw Failure(
                Exit.badData, "\"\(checkpoint)\" makes pictures of pictures, and has no samples of its own; it is used with 'gan apply'.",
                command: ["gan", "apply", checkpoint, "picture.png", "out.png"])
        }
        if volumes == nil, let flag = shapes.first?.ending ?? level.map({ _ in "level" }) {
            throw Failure(Exit.badData, "\"\(checkpoint)\" makes \(TableNetwork.is(generator) ? "rows of a table" : "pictures") and no shapes: '--\(flag)' goes with the recipe volume.")
        }
        let sampler = try Library.sampler(generator, options)
        var inputs = try GeneratorInputs(generator)
        for setting in input { try inputs.set(sampler, setting) }
        if let label { try inputs.set(sampler, "label", to: label) }
        if let tags { try inputs.set(sampler, "tags", to: tags) }
        if let text { try inputs.set(sampler, "text", to: text) }
        var rows: GeneratorInputs.Rows?
        if labels { rows = try inputs.rows(of: "label", items: count ?? 8) }
        if let sweep { rows = try inputs.rows(of: sweep, items: count ?? 8) }
        if let csv {
            let rows = count ?? 64
            try TableNetwork.write(sampler, seed: seed, first: first, count: rows, where: condition, to: csv)
            if !quiet { Output.note("\(Format.count(rows, "row")) → \(csv == "-" ? "standard output" : csv)") }
            if let npy { try Pipes.writing(to: npy) { try check(gan_sampler_write_npy(sampler.pointer, seed, first, rows, npy), .output) } }
            return
        }
        if TableNetwork.is(generator), npy == nil {
            throw Failure(
                Exit.badData, "\"\(checkpoint)\" makes rows of a table, which are no pictures; '--csv' writes them.",
                command: ["gan", "sample", checkpoint, "--count", "1000", "--csv", "rows.csv"])
        }
        var images = try Images(generator: generator, sampler: sampler, seed: seed, first: first, count: rows?.count ?? count ?? usualCount)
        if let rows { try images.fill(rows, of: inputs) }
        if let (from, to) = try ends() { try images.interpolate(from: from, to: to, frames: frames ?? 60) }

        let files = volumes.map { [images] network in
            Shapes(network: network, count: images.count, numbers: images.fileNumbers, values: { try images.floats($0) })
        }
        let side = files == nil || (png == nil && pngs == nil) ? 0 : try Shapes.side(scale: scale)
        if let files { try checkShapes(of: files) }
        if let pngs { try checkPictures(of: images, in: pngs) }
        if let raw, raw != "-", !force { try Places.refuseOtherKind(raw, toWrite: .raw(imageSize: images.imageSize)) }
        try checkRoom(for: images)
        if let pngs {
            try Paths.makeFolder(pngs)
            for path in [png, idx, npy, raw] { if let path, path != "-" { try Paths.checkFile(path) } }
        }
        let layout = Images.Layout(columns: columns ?? rows?.columns ?? Images.columns(of: images.count), margin: margin, scale: scale)
        if png != nil { try images.checkGrid(layout, columns: columns, shape: files.map { _ in side }) }
        if let files { for (_, path) in shapes { try files.write(path) } }
        if let idx { try Pipes.writing(to: idx) { try images.writeIDX(idx) } }
        if let npy { try Pipes.writing(to: npy) { try images.writeNPY(npy) } }
        if let png { try Pipes.writing(to: png) { if let files { try files.writeSheet(png, layout, side: side) } else { try images.writePNG(png, layout) } } }
        if let pngs { if let files { try files.writeSheets(pngs, side: side) } else { try images.writePNGs(pngs, scale: scale) } }
        if let raw { try Pipes.writing(to: raw) { try images.writeRaw(raw) } }
        if !quiet {
            let named = shapes.compactMap { files?.told($0.path) } + [png, pngs, idx, npy, raw].compactMap { $0 }
            let places = named.map { $0 == "-" ? "standard output" : $0 }.joined(separator: ", ")
            let what = volumes.map { "\(Format.count(images.count, "shape")) of \($0.sides)" }
                ?? "\(Format.count(images.count, "image")) of \(images.height) × \(images.width) × \(images.channels)"
            Output.note("\(what) → \(places)")
        }
    }

    /// That every output can be written, and that none is the checkpoint or another's.
    private func checkOutputs() throws {
        var places = Places()
        places.read(checkpoint, "the checkpoint to draw from")
        for (name, path) in [("png", png), ("idx", idx), ("npy", npy), ("raw", raw), ("csv", csv)] + shapes.map({ ($0.ending, $0.path as String?) }) {
            guard let path else { continue }
            try path == "-" ? places.writeLines() : places.write(path, "'--\(name)'")
        }
        if let pngs { try places.write(pngs, "'--pngs'", isFolder: true) }
        for (path, kind) in [(png, .png), (idx, .idx), (npy, .npy), (raw, nil), (csv, .csv)] as [(String?, Places.Kind?)] {
            guard let path, path != "-" else { continue }
            if let kind, !force { try Places.refuseOtherKind(path, toWrite: kind) }
            try Paths.checkFile(path)
        }
        if let pngs { try Paths.checkFolder(pngs) }
    }

    /// That every file of a shape can be written, and that none is another kind of file, the checkpoint or another output.
    private func checkShapes(of files: Shapes) throws {
        for (ending, path) in shapes {
            var room = Room()
            try room.take(files: files.count, in: Paths.folder(of: path), "'--\(interpolate == nil ? "count" : "frames")' is \(files.count)")
            let others = ([checkpoint, png, idx, npy, raw] as [String?]).compactMap { $0 }.filter { $0 != "-" } + shapes.map { $0.path }.filter { $0 != path }
            for (index, name) in Shapes.names(path, files.count, files.numbers).enumerated() {
                if let other = others.first(where: { Places.isSame($0, name) }) {
                    throw Failure(Exit.usage, "'--\(ending)' would write over \"\(other)\". Name another file.")
                }
                if !force, let kind = Places.Kind(shape: ending) { try Places.refuseOtherKind(name, toWrite: kind) }
                // The folder is the same for all.
                if index == 0 || Paths.exists(name) { try Paths.checkFile(name) }
            }
        }
    }

    /// That there is room for what is going to be written, before the first image is drawn.
    private func checkRoom(for images: Images) throws {
        var room = Room()
        let cause = "'\(interpolate == nil ? "--count" : "--frames")' is \(interpolate == nil ? count ?? images.count : images.count)"
        let bytes = Double(images.count) * Double(images.imageSize)
        for (path, size) in [(idx, bytes), (npy, 4 * bytes), (raw, bytes)] {
            if let path, path != "-" { try room.take(size, for: path, cause) }
        }
        if let pngs { try room.take(files: images.count, in: pngs, cause) }
    }

    /// That no picture of a folder is written over but those of an earlier run, nor an output that has such a name there.
    private func checkPictures(of images: Images, in folder: String) throws {
        let (numbers, digits) = images.fileNumbers
        if !force, let why = Places.foreignFolder(folder), Places.foreignPicture(in: folder, numbers, digits: digits) == nil {
            throw Failure(Exit.cannotCreate, "The folder \"\(folder)\" \(why). Name a folder for these pictures alone, or one that is to be made; --force writes there.")
        }
        if !force, let name = Places.foreignPicture(in: folder, numbers, digits: digits) {
            throw Failure(
                Exit.cannotCreate, "\"\(Paths.join(folder, name))\" is in the way, and gan did not make it. Name another folder; --force writes over it.")
        }
        for path in [checkpoint, png, idx, npy, raw] {
            if let path, path != "-", Places.isPicture(path, of: folder, numbers, digits: digits) {
                throw Failure(Exit.usage, "'--pngs' would write over \"\(path)\". Name another folder.")
            }
        }
    }
}
