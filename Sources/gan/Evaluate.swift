// gan evaluate: how good samples are, beside data.
import ArgumentParser
import CGan

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how good samples are, beside data.",
        usage: "gan evaluate <samples> <data> [--classifier <file>] [<options>]",
        discussion: """
            SAMPLES is a checkpoint to draw from, or pictures that anybody made: a file or a folder, as DATA is.

            Measures look at features of pictures: those of a classifier. Where data have labels or tags one is trained on them, \
            once, and kept in the file DATA.classifier.safetensors, which is trained anew when the data change; --classifier takes \
            another (gan train DATA --recipe classifier --out judge.safetensors). Without labels random convolutions take its \
            place, which know form and texture and nothing of what pictures show, or with --features autoencoder an autoencoder. \
            Values compare only under the same features and with the same number of samples.

            --list tells what the measures are, what is good, how they depend on the number of samples, and where they are from.
            """)

    @Argument(help: "A checkpoint, or pictures: a file or a folder.")
    var samples: String?

    @Argument(help: "The data: a file or a folder.")
    var data: String?

    @OptionGroup var judging: JudgeFlags

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many samples to draw from a checkpoint (default: as many as the data have, at most 10000).", valueName: "n"))
    var count: Int64?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Which samples are drawn from a checkpoint.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Measures by their names, with commas (default: all that can be had).", valueName: "names"))
    var measure: String?

    @Option(name: .long, help: ArgumentHelp("A PNG of samples, each with the picture of the data nearest to it, the nearest pairs first.", valueName: "file"))
    var neighbours: String?

    @Option(name: .long, help: ArgumentHelp("A PNG with a row for each class: the samples of which the classifier is most sure.", valueName: "file"))
    var classes: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "threads"), valueName: "n"))
    var threads: String?

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("An option of how pictures are read, such as data.fit=crop.", valueName: "name=value"))
    var set: [String] = []

    @Flag(name: .long, help: "Print one JSON object.")
    var json = false

    @Flag(name: .long, help: "Print lines of CSV.")
    var csv = false

    @Flag(name: .long, help: "List the measures.")
    var list = false

    @Flag(name: .long, help: "Write over pictures that gan did not make.")
    var force = false

    func validate() throws {
        if json, csv { throw ValidationError("'--json' and '--csv' do not go together.") }
        if list { return }
        guard samples != nil, data != nil else { throw ValidationError("Evaluate what? Name a checkpoint or pictures, and the data beside which they are measured.") }
        if let count, count < 1 { throw ValidationError("'--count' is \(count); 1 or more was expected.") }
        if classes != nil, ["autoencoder", "random"].contains(judging.features) {
            throw ValidationError("'--classes' needs a classifier, and '--features' is \(judging.features).")
        }
        for (name, path) in [("neighbours", neighbours), ("classes", classes)] where path == "-" {
            throw ValidationError("'--\(name)' takes the name of a file. A file called - is './-'.")
        }
    }

    mutating func run() throws {
        if list { return try MeasureList(isJSON: json).print() }
        guard let samples, let data else { return }
        let wanted = try measure.map { try Self.measures($0) }
        let options = try Library.options()
        if let threads { try check(gan_options_set(options.pointer, "threads", threads)) }
        for setting in set { try Library.set(options, setting) }
        try checkOutputs()

        let dataset = try openDataset(data, options)
        let isTable = TableNetwork.isTable(dataset)
        if isTable {
            if let path = neighbours ?? classes { throw Failure(Exit.usage, "\"\(data)\" is a table, of whose rows there are no pictures for \"\(path)\".") }
            if let path = judging.classifier { throw Failure(Exit.usage, "\"\(data)\" is a table, and \"\(path)\" makes features of pictures: leave '--classifier' out.") }
        }
        let source = try PictureSource(samples, options, seed: seed)
        // Nothing is trained for pictures that are not compared.
        let judge = try !isTable && source.fits(dataset)
            ? Judge.wanted(judging, data: data, dataset, options, outputs: [samples, neighbours, classes], isQuiet: false) : nil
        if classes != nil, judge?.tellsClasses == false || judge == nil, try source.fits(dataset) {
            throw Failure(Exit.badData, "'--classes' needs a classifier of classes, and \(data) has no labels that one could be trained on: name one by --classifier.")
        }
        let (evaluation, report) = try Patience.telling("Measuring …") {
            let evaluation = try source.evaluation(beside: dataset, judge?.handle, options, count: count)
            return (evaluation, try EvaluationReport(evaluation, measures: wanted, judge: judge, isTable: isTable))
        }
        if json {
            try Output.line(json: report.json(samples: samples, data: data))
        } else if csv {
            try Output.write(report.csv)
        } else {
            try Output.write(report.table)
        }
        let pictures = EvaluationPictures(evaluation: evaluation, source: source, dataset: dataset, samples: report.samples)
        if let neighbours { try pictures.writeNeighbours(neighbours) }
        if let classes, let judge { try pictures.writeClasses(classes, judge.handle) }
    }

    private static func measures(_ names: String) throws -> [Measure] {
        var measures: [Measure] = []
        for name in names.split(separator: ",") {
            guard let measure = Measure.all.first(where: { $0.name == name }) else {
                throw Failure(Exit.usage, "There is no measure '\(name)'. There are \(Measure.all.map(\.name).joined(separator: ", ")).")
            }
            // Each once, however often it is named.
            if !measures.contains(where: { $0.name == measure.name }) { measures.append(measure) }
        }
        guard !measures.isEmpty else { throw Failure(Exit.usage, "'--measure' takes names with commas, such as recall,coverage, and got none. --list lists them.") }
        return measures
    }

    private func checkOutputs() throws {
        var places = Places()
        if let samples { places.read(samples, "what is evaluated") }
        if let data { places.read(data, "the data") }
        if let classifier = judging.classifier { places.read(classifier, "the classifier") }
        for (name, path) in [("neighbours", neighbours), ("classes", classes)] {
            guard let path else { continue }
            try places.write(path, "'--\(name)'")
            if !force { try Places.refuseOtherKind(path, toWrite: .png) }
            try Paths.checkFile(path)
        }
        try places.writeLines()
    }
}

/// Where samples come from: a generator, or pictures.
struct PictureSource {
    private enum Kind {
        case generator(Handle, Handle)
        case pictures(Handle)
    }

    private let kind: Kind
    private let seed: UInt64

    init(_ path: String, _ options: Handle, seed: UInt64) throws {
        self.seed = seed
        if Places.isCheckpoint(path) {
            let generator = try Library.generator(path)
            kind = .generator(generator, try Library.sampler(generator, options))
        } else {
            kind = .pictures(try openDataset(path, options))
        }
    }

    func evaluation(beside data: Handle, _ judge: Handle?, _ options: Handle, count: Int64?) throws -> Handle {
        switch kind {
        case .generator(let generator, _):
            let number = try count ?? min(Self.shape(data).count, 10_000)
            return try Handle(.input, destroy: gan_evaluation_destroy) {
                gan_evaluate_generator(generator.pointer, data.pointer, judge?.pointer, options.pointer, seed, number, $0)
            }
        case .pictures(let pictures):
            if count != nil { Output.note("'--count' is for checkpoints: all of the pictures are measured.") }
            return try Handle(.input, destroy: gan_evaluation_destroy) {
                gan_evaluate_dataset(pictures.pointer, data.pointer, judge?.pointer, options.pointer, $0)
            }
        }
    }

    /// Whether samples have the data's shape, so that they can be compared at all.
    func fits(_ data: Handle) throws -> Bool {
        let theirs = try Self.shape(data)
        switch kind {
        case .generator(let generator, _):
            var height: Int32 = 0, width: Int32 = 0, channels: Int32 = 0
            try check(gan_generator_shape(generator.pointer, &height, &width, &channels))
            return (height, width, channels) == (theirs.height, theirs.width, theirs.channels)
        case .pictures(let pictures):
            let mine = try Self.shape(pictures)
            return (mine.height, mine.width, mine.channels) == (theirs.height, theirs.width, theirs.channels)
        }
    }

    /// The bytes of one sample.
    func pixels(_ index: Int64, size: Int) throws -> [UInt8] {
        switch kind {
        case .generator(_, let sampler):
            var bytes = [UInt8](repeating: 0, count: size)
            try check(gan_sampler_draw_bytes(sampler.pointer, seed, index, 1, &bytes, size))
            return bytes
        case .pictures(let pictures): return try Self.pixels(pictures, index, size: size)
        }
    }

    /// The bytes of one item of data.
    static func pixels(_ dataset: Handle, _ index: Int64, size: Int) throws -> [UInt8] {
        var values = [Float](repeating: 0, count: size)
        try check(gan_dataset_read(dataset.pointer, index, 1, &values, size), .input)
        return values.map { UInt8(max(0, min(255, ($0 * 255).rounded()))) }
    }

    static func shape(_ dataset: Handle) throws -> (count: Int64, height: Int32, width: Int32, channels: Int32) {
        var count: Int64 = 0, height: Int32 = 0, width: Int32 = 0, channels: Int32 = 0
        try check(gan_dataset_shape(dataset.pointer, &count, &height, &width, &channels))
        return (count, height, width, channels)
    }
}
