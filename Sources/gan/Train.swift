// gan train, and what it shares with gan resume.
import ArgumentParser
import CGan

/// The flags of both.
struct TrainingFlags: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder for rows of samples, log.csv and loss.png.", valueName: "dir"), completion: .directory)
    var samples: String?

    @Option(name: .long, help: ArgumentHelp("Write samples and the checkpoint after the first and every N-th epoch.", valueName: "n"))
    var every: Int64 = 10

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "threads"), valueName: "n"))
    var threads: String?

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Any option of the library; 'gan options' lists them. --NAME VALUE does the same.", valueName: "name=value"),
        completion: .list(OptionRow.all.map { $0.name + "=" }))
    var set: [String] = []

    @Flag(name: .long, help: "Report in lines of JSON.")
    var json = false

    @Flag(name: [.short, .long], help: "Say nothing unless something is wrong.")
    var quiet = false

    func validate() throws {
        guard every >= 1 else { throw ValidationError("'--every' is \(every); 1 or more was expected.") }
    }

    /// Options of the library as they were asked for.
    func options(seed: String? = nil) throws -> Handle {
        let options = try Library.options()
        if let seed { try check(gan_options_set(options.pointer, "seed", seed)) }
        if let threads { try check(gan_options_set(options.pointer, "threads", threads)) }
        for setting in set { try Library.set(options, setting) }
        return options
    }

    func request(data: String, checkpoint: String, epochs: Int64) -> Training.Request {
        Training.Request(
            data: data, checkpoint: checkpoint, samples: samples, epochs: epochs, every: every, settings: set, threads: threads,
            quiet: quiet, json: json)
    }

    /// That every output can be written, before anything that takes time.
    func prepareOutputs(checkpoint: String) throws {
        try Paths.checkFile(checkpoint)
        guard let samples else { return }
        try Paths.makeFolder(samples)
        try Paths.checkFile(Paths.join(samples, "log.csv"))
        try Paths.checkFile(Paths.join(samples, "loss.png"))
    }
}

func openDataset(_ path: String, _ options: Handle) throws -> Handle {
    try Handle(.input, destroy: gan_dataset_destroy) { gan_dataset_open(path, options.pointer, $0) }
}

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a new pair of networks on images.",
        discussion: """
            DATA is a file (IDX, the format of MNIST, plain or gzip; NPY; PNG; JPEG) or a folder: of MNIST's files, of PNG \
            and JPEG files, or of a sub-folder of them for each class.

            A line tells how each epoch went: the means of both losses, as the networks maximise them. Ctrl-C saves the \
            checkpoint and says how to go on; a second Ctrl-C ends at once.
            """)

    @Argument(help: "The images: a file or a folder.", completion: .file())
    var data: String

    @Option(name: .long, help: ArgumentHelp("How often to see every image.", valueName: "n"))
    var epochs: Int64 = 100

    @Option(name: .shortAndLong, help: ArgumentHelp("The checkpoint to write or replace.", valueName: "file"), completion: .file(extensions: ["safetensors"]))
    var out = "gan.safetensors"

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "seed"), valueName: "n"))
    var seed: String?

    @OptionGroup var flags: TrainingFlags

    func validate() throws {
        guard epochs >= 1 else { throw ValidationError("'--epochs' is \(epochs); 1 or more was expected.") }
    }

    mutating func run() throws {
        let options = try flags.options(seed: seed)
        try flags.prepareOutputs(checkpoint: out)
        let dataset = try openDataset(data, options)
        let trainer = try Handle(.input, destroy: gan_trainer_destroy) { gan_trainer_create(options.pointer, dataset.pointer, $0) }
        var training = try Training(flags.request(data: data, checkpoint: out, epochs: epochs), trainer: trainer, dataset: dataset, isNew: true)
        try training.run()
    }
}
