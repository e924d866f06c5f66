// gan train, and what it shares with gan resume.
import ArgumentParser
import CGan

/// The library's options, for every command that trains.
struct SettingFlags: ParsableArguments {
    /// For the help alone: it comes as --set preset=NAME (see Flags.swift).
    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "preset"), valueName: "name"))
    var preset: String?

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Any option, as often as needed; 'gan options' lists all \(OptionRow.all.count). --NAME VALUE does the same.", valueName: "name=value"))
    var set: [String] = []
}

/// The flags of both.
struct TrainingFlags: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder for rows of samples, log.csv and loss.png.", valueName: "dir"))
    var samples: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Write samples and the checkpoint after the first and every N-th epoch.", valueName: "n"))
    var every: Int64 = 10

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "threads"), valueName: "n"))
    var threads: String?

    /// For the evaluations in training (evaluate.every).
    @OptionGroup var judging: JudgeFlags

    @OptionGroup var settings: SettingFlags

    @Flag(name: .long, help: "Write over another training's checkpoint and samples, and over other files in their way.")
    var force = false

    @Flag(name: .long, help: "Report in lines of JSON.")
    var json = false

    @Flag(name: [.short, .long], help: "Say nothing unless something is wrong.")
    var quiet = false

    func validate() throws {
        guard every >= 1 else { throw ValidationError("'--every' is \(every); 1 or more was expected.") }
        if samples == "-" { throw ValidationError("'--samples' takes a folder, and - is standard output. A folder of that name is './-'.") }
    }

    static func validate(checkpoint: String?) throws {
        guard checkpoint == "-" else { return }
        throw ValidationError(
            "A checkpoint is replaced as a whole, which standard output cannot be: '--out' takes the name of a file. A file called - is './-'.")
    }

    /// Options of the library as they were asked for.
    func options(seed: String? = nil) throws -> Handle {
        let options = try Library.options()
        if let seed { try check(gan_options_set(options.pointer, "seed", seed)) }
        if let threads { try check(gan_options_set(options.pointer, "threads", threads)) }
        for setting in settings.set { try Library.set(options, setting) }
        return options
    }

    /// Has the trainer's evaluations judged as the flags say.
    func judge(_ trainer: Handle, data: String, _ dataset: Handle, _ options: Handle, checkpoint: String) throws {
        guard try judging.classifier != nil || TrainingMeasures(trainer).isDue(0) else { return }
        let outputs = [checkpoint, TrainingMeasures.bestPath(checkpoint)]
        let judge = try Judge.wanted(judging, data: data, dataset, options, outputs: outputs, isQuiet: quiet || json)
        if let judge { try check(gan_trainer_judge(trainer.pointer, judge.handle.pointer), .input) }
    }

    func request(data: String, second: String?, checkpoint: String, epochs: Int64) -> Training.Request {
        Training.Request(
            data: data, second: second, checkpoint: checkpoint, samples: samples, epochs: epochs, every: every, settings: settings.set, threads: threads, judging: judging,
            force: force, quiet: quiet, json: json)
    }

    /// That every output can be written, and that none is an input or another's, before anything that takes time and before
    /// anything is made.
    /// - Parameter input: the checkpoint that is gone on with.
    func checkOutputs(data: String, second: String?, input: String? = nil, checkpoint: String) throws {
        if let samples, Paths.exists(samples) { try Paths.requireFolder(samples) }
        var places = Places()
        // A training may well replace the checkpoint that it goes on with.
        if checkpoint != input {
            places.read(data, "the images")
            if let second { places.read(second, "the second kind of images") }
        }
        if let classifier = judging.classifier { places.read(classifier, "the classifier") }
        try places.write(checkpoint, "'--out'")
        if !quiet { try places.writeLines() }
        if let input {
            places.read(input, "the checkpoint to go on with")
            places.read(data, "the images")
            if let second { places.read(second, "the second kind of images") }
        }
        if let samples {
            for data in [data, second] { if let data { try places.checkSamples(samples, data: data) } }
            for path in [samples, Paths.join(samples, "log.csv"), Paths.join(samples, "loss.png")] { try places.write(path, "'--samples'", isFolder: path == samples) }
        }

        if !force, checkpoint != input { try Places.refuseOtherKind(checkpoint, toWrite: .checkpoint) }
        try Paths.checkFile(checkpoint)
        guard let samples else { return }
        try Paths.checkFolder(samples)
        guard Paths.exists(samples) else { return }
        for name in ["log.csv", "loss.png"] { try Paths.checkFile(Paths.join(samples, name)) }
        if !force, let name = Places.foreignSample(in: samples) {
            throw Failure(
                Exit.cannotCreate,
                "\"\(Paths.join(samples, name))\" is in the way, and no training made it. Name another folder; --force writes over it.")
        }
    }
}

func openDataset(_ path: String, _ options: Handle, isQuiet: Bool = false) throws -> Handle {
    try Patience.reading(path, isQuiet: isQuiet) {
        try Handle(.input, destroy: gan_dataset_destroy) { gan_dataset_open(path, options.pointer, $0) }
    }
}

/// The data of a training: one data set, or two beside each other, where its recipe learns from two.
func openDatasets(_ data: String, _ second: String?, recipe: String, _ options: Handle, isQuiet: Bool) throws -> Handle {
    // First what is wrong with the line, which takes no time to find out.
    if second != nil, !["translation", "image-to-image", "view-to-volume"].contains(recipe) {
        throw Failure(
            Exit.usage,
            "The recipe '\(recipe)' takes one data set, and got \"\(data)\" and \"\(second ?? "")\". Two are for the recipe translation, and, as pairs in the same order, for image-to-image and view-to-volume.")
    }
    let isOfVolumes = recipe == "view-to-volume"
    func open(_ path: String, as items: String) throws -> Handle {
        guard second != nil, isOfVolumes else { return try openDataset(path, options, isQuiet: isQuiet) }
        try check(gan_options_set(options.pointer, "data.items", items))
        defer { _ = gan_options_set(options.pointer, "data.items", "views") }
        return try openDataset(path, options, isQuiet: isQuiet)
    }
    let first = try open(data, as: "pictures")
    guard let second else { return first }
    let both = [first, try open(second, as: "volumes")]
    return try withExtendedLifetime(both) {
        try Handle(.input, destroy: gan_dataset_destroy) {
            gan_dataset_combine(both.map { $0.pointer }, 2, isOfVolumes ? "view\nvolume" : "source\ntarget", recipe == "translation" ? 0 : 1, $0)
        }
    }
}

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a new pair of networks on images.",
        usage: "gan train <data> [<data2>] [<options>]",
        discussion: """
            DATA is a file (IDX, the format of MNIST, plain or gzip; NPY; PNG; JPEG; CSV, a table) or a folder: of MNIST's files, of PNG \
            and JPEG files, or of a sub-folder of them for each class.

            A line tells how each epoch went: the means of both losses, as the networks maximise them. Ctrl-C finishes the \
            step, saves the checkpoint and says how to go on; a second Ctrl-C stops without saving.

            What the networks are is a matter of options, of which --preset is the first. Unless one is named, or a layer of a \
            network is set, it is auto, which looks at the data and chooses networks, a loss and penalties that suit them. \
            In place of DATA there may be a name of 'gan data', such as ring or digits.

            The recipe translation learns from two kinds of images, of which DATA2 is the second (or from a folder with the folders \
            trainA and trainB): 'gan train horses zebras --recipe translation'. With image-to-image DATA2 are the targets, in the order \
            of the sources; with view-to-volume, which takes a folder with the folders views and volumes too, they are the views' volumes.
            """)

    @Argument(help: "The images: a file or a folder.")
    var data: String

    @Argument(help: ArgumentHelp("With translation, images of the other kind; with view-to-volume, volumes.", valueName: "data2"))
    var second: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How often to see every image (default: 100, or what suits the data where the preset is auto).", valueName: "n"))
    var epochs: Int64?

    @Option(name: .shortAndLong, help: ArgumentHelp("The checkpoint to write or replace.", valueName: "file"))
    var out = "gan.safetensors"

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "seed"), valueName: "n"))
    var seed: String?

    @OptionGroup var flags: TrainingFlags

    func validate() throws {
        if let epochs, epochs < 1 { throw ValidationError("'--epochs' is \(epochs); 1 or more was expected.") }
        try TrainingFlags.validate(checkpoint: out)
    }

    mutating func run() throws {
        let options = try flags.options(seed: seed)
        try flags.checkOutputs(data: data, second: second, checkpoint: out)
        if !flags.force, let samples = flags.samples { try checkSamples(samples) }
        if Automatic.isWanted(flags.settings.set) { try check(gan_options_set(options.pointer, "preset", "auto")) }
        let isAutomatic = try Library.text { gan_options_get(options.pointer, "preset", $0, $1, $2) } == "auto"
        let recipe = try Library.text { gan_options_get(options.pointer, "recipe", $0, $1, $2) }
        let dataset = try openDatasets(data, second, recipe: recipe, options, isQuiet: flags.quiet)
        func create() throws -> Handle { try Handle(.input, destroy: gan_trainer_destroy) { gan_trainer_create(options.pointer, dataset.pointer, $0) } }
        var trainer = try create()
        let epochs = try self.epochs ?? usualEpochs(trainer, isAutomatic)
        if isAutomatic, try Automatic.setEnd(of: trainer, epochs, options, flags.settings.set) { trainer = try create() }
        try flags.judge(trainer, data: data, dataset, options, checkpoint: out)
        try Ignored.tell(flags.settings.set) { try Library.option(trainer, $0) }
        var request = flags.request(data: data, second: second, checkpoint: out, epochs: epochs)
        request.isAutomatic = isAutomatic
        var training = try Training(request, trainer: trainer, dataset: dataset, isNew: true)
        try training.run()
    }

    private func usualEpochs(_ trainer: Handle, _ isAutomatic: Bool) throws -> Int64 {
        // They have learnt what there is to learn by then.
        if try ["classifier", "autoencoder"].contains(Library.option(trainer, "recipe")) { return 10 }
        if try Library.option(trainer, "recipe") == "table" { return Automatic.epochsOfTable(stepsPerEpoch: Int64(try Library.metric(trainer, "steps-per-epoch"))) }
        guard isAutomatic else { return 100 }
        let isRow = try Library.option(trainer, "image.height") == "1" && Library.option(trainer, "image.channels") == "1"
        return Automatic.epochs(stepsPerEpoch: Int64(try Library.metric(trainer, "steps-per-epoch")), isRow: isRow)
    }

    /// Refuses a folder with the samples of another training.
    private func checkSamples(_ folder: String) throws {
        let names = Places.samples(in: folder)
        if names.isEmpty { return }
        throw Failure(
            Exit.cannotCreate,
            "\"\(folder)\" holds samples of another training (\(names.joined(separator: ", "))). Name another folder; --force writes over its samples; "
                + "and 'gan resume CHECKPOINT DATA --epochs N --samples DIR' goes on with that training.")
    }
}
