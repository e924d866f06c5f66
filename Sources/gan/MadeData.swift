// gan data: what the library makes itself, to try a training on.
import ArgumentParser
import CGan

struct MadeData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "List or write the data that can be made, to try a training on.",
        usage: "gan data [<name> <out>] [<options>]",
        discussion: """
            Without a NAME it lists what there is. OUT is a file, NPY where its name ends in .npy and IDX where it ends in .idx (of a table CSV), or else a \
            folder, which gets the files of images and labels under MNIST's names, or of pictures with tags or captions a PNG of each and metadata.csv, or of volumes the folders views and volumes.

            The same data are made where the name stands for a path, as in 'gan train ring', if no file or folder is called so.
            """)

    @Argument(help: "What to make.")
    var name: String?

    @Argument(help: "The file or folder to write.")
    var out: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many items (default: as many as are usual).", valueName: "n"))
    var count: Int64?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Where the items come from: another seed, other items.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(name: .long, help: ArgumentHelp("The digits that 'stacked' and 'moving' are made of (default: drawn ones).", valueName: "data"))
    var from: String?

    @Flag(name: .long, help: "Write over files that are there.")
    var force = false

    @Flag(name: .long, help: "Print the list as an array of JSON objects.")
    var json = false

    @Flag(name: [.short, .long], help: "Say nothing unless something is wrong.")
    var quiet = false

    func validate() throws {
        if name != nil, out == nil { throw ValidationError("Where to? Say 'gan data NAME OUT', with a file or a folder.") }
        if let count, count < 1 { throw ValidationError("'--count' is \(count); 1 or more was expected.") }
    }

    static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    /// Whether a path stands for made data: it has such a name, and nothing is there.
    static func isMeant(by path: String) -> Bool {
        !Paths.exists(path) && (0..<gan_made_count()).contains { text(gan_made_name($0)) == path }
    }

    mutating func run() throws {
        guard let name, let out else { return try list() }
        var digits: Handle?
        if let from {
            let options = try Library.options()
            digits = try openDataset(from, options, isQuiet: quiet)
        }
        let data = try Handle(destroy: gan_dataset_destroy) { gan_dataset_make(name, count ?? 0, seed, digits?.pointer, $0) }
        var items: Int64 = 0, height: Int32 = 0, width: Int32 = 0, channels: Int32 = 0, classes: Int32 = 0
        try check(gan_dataset_shape(data.pointer, &items, &height, &width, &channels))
        try check(gan_dataset_classes(data.pointer, &classes))
        if TableNetwork.isTable(data) {
            guard out.hasSuffix(".csv") else { throw Failure(Exit.usage, "A table is written as comma-separated values: give a name that ends in .csv, such as \(name).csv.") }
            if !force, Paths.exists(out), !Places.isStream(out) { throw Failure(Exit.cannotCreate, "\"\(out)\" is there already. Name another file; --force writes over it.") }
            try Pipes.writing(to: out) { try check(gan_dataset_write(data.pointer, out, nil), .output) }
            if !quiet { Output.note("\(Format.count(items, "row")) → \(out)") }
            return
        }
        let isFile = out.hasSuffix(".npy") || out.hasSuffix(".idx")
        if !isFile, let described = try DescribedPictures(data, count: items, height: height, width: width, channels: channels) {
            try described.write(to: out, isForced: force, cause: count == nil ? "'\(name)' has \(items) pictures" : "'--count' is \(items)")
            if !quiet { Output.note("\(Format.count(items, "image")) of \(height) × \(width) × \(channels) and their \(described.what) → \(out)") }
            return
        }
        if !isFile, let viewed = try ViewedVolumes(data, count: items) {
            try viewed.write(to: out, isForced: force, cause: count == nil ? "'\(name)' has \(items) volumes" : "'--count' is \(items)")
            if !quiet { Output.note("\(Format.count(items, "volume")) of \(viewed.size) and their views → \(out)") }
            return
        }
        let isRow = height == 1 && channels == 1
        var images = out, labels: String?
        if !isFile {
            if isRow { throw Failure(Exit.usage, "Rows of numbers are written into an NPY file: give a name that ends in .npy, such as \(name).npy.") }
            try Paths.checkFolder(out)
            try Paths.makeFolder(out)
            images = Paths.join(out, channels == 1 ? "train-images-idx3-ubyte" : "train-images-idx4-ubyte")
            if classes > 0 { labels = Paths.join(out, classes <= 256 ? "train-labels-idx1-ubyte" : "train-labels-idx1-int") }
        }
        if !force, let taken = [images, labels].compactMap({ $0 }).first(where: { Paths.exists($0) && !Places.isStream($0) }) {
            throw Failure(Exit.cannotCreate, "\"\(taken)\" is there already. Name another file; --force writes over it.")
        }
        try Pipes.writing(to: images) { try check(gan_dataset_write(data.pointer, images, labels), .output) }
        if !quiet {
            let clip = try DataFields.clip(of: data).map { "\(Format.count(items, "clip")) of \($0[0]) frames of \($0[1]) × \($0[2]) × \($0[3])" }
            let volumes = try DataFields.volumes(of: data, items)
            let what = isRow ? "\(Format.count(items, "row")) of \(width)" : clip ?? volumes ?? "\(Format.count(items, "image")) of \(height) × \(width) × \(channels)"
            Output.note("\(what)\(labels == nil ? "" : " and their labels") → \(out)")
        }
    }

    private func list() throws {
        let rows = (0..<gan_made_count()).map { (name: Self.text(gan_made_name($0)), summary: Self.text(gan_made_summary($0))) }
        if json {
            return try Output.line(json: "[" + rows.map { row in
                var object = JSONObject()
                object.add("name", row.name)
                object.add("summary", row.summary)
                return object.closed
            }.joined(separator: ",\n ") + "]")
        }
        for (index, row) in rows.enumerated() {
            if index > 0 { try Output.line() }
            try Output.line(row.name)
            try Output.line(Format.wrapped(row.summary, Terminal.columns, indent: 4))
        }
    }
}
