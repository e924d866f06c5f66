// gan resume: goes on with a training as if it had never stopped.
import ArgumentParser
import CGan

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with a training.",
        usage: "gan resume <checkpoint> <data> [<data2>] --epochs <n> [<options>]",
        discussion: """
            The result is the same, to the last bit, as if the training had never stopped. --epochs counts from the very \
            beginning: after 20 epochs, 'gan resume … --epochs 40' makes 20 more. Where that many are made already there is \
            nothing to do, and that is a success.

            Learning rates, Adam's constants, the threads and the data.… options may be set anew; what the networks are made of may not.
            """)

    @Argument(help: "The checkpoint to go on with.")
    var checkpoint: String

    @Argument(help: "The images, the same as before.")
    var data: String

    @Argument(help: ArgumentHelp("With translation, the images of the other kind.", valueName: "data2"))
    var second: String?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How many epochs there are to be in all, those already made included.", valueName: "n"))
    var epochs: Int64

    @Option(name: .shortAndLong, help: ArgumentHelp("The checkpoint to write or replace (default: the one that was read).", valueName: "file"))
    var out: String?

    @OptionGroup var flags: TrainingFlags

    func validate() throws {
        guard epochs >= 1 else { throw ValidationError("'--epochs' is \(epochs); 1 or more was expected.") }
        try TrainingFlags.validate(checkpoint: out)
    }

    mutating func run() throws {
        let options = try flags.options()
        guard Paths.exists(checkpoint) else {
            throw Failure(Exit.noInput, "The checkpoint \"\(checkpoint)\" does not exist. 'gan train' makes one.")
        }
        let target = out ?? checkpoint
        if out == nil, Places.isStream(checkpoint) {
            throw Failure(Exit.usage, "\"\(checkpoint)\" is no file that could be written again. Say --out FILE.")
        }
        try flags.checkOutputs(data: data, second: second, input: checkpoint, checkpoint: target)
        try takeShape(from: checkpoint, options)
        // A checkpoint that cannot be read is told by whoever loads it.
        let recipe = second.flatMap { _ in Places.recipe(ofTrainingAt: checkpoint) } ?? "translation"
        let dataset = try openDatasets(data, second, recipe: recipe, options, isQuiet: flags.quiet)
        let trainer = try Patience.reading(checkpoint, isQuiet: flags.quiet) {
            try Handle(.input, destroy: gan_trainer_destroy) { gan_trainer_load(checkpoint, options.pointer, dataset.pointer, $0) }
        }
        try flags.judge(trainer, data: data, dataset, options, checkpoint: target)
        try Ignored.tell(flags.settings.set) { try Library.option(trainer, $0) }
        var data: Int32 = 0
        try check(gan_trainer_data(trainer.pointer, &data))
        if data == GAN_DATA_OTHER {
            Output.note(
                "gan: \"\(self.data)\"\(second.map { " and \"\($0)\" do" } ?? " does") not hold the images that \"\(checkpoint)\" was trained on, or not in that order: "
                    + "the training goes on with other data, and is no exact continuation.")
        }
        try goOn(trainer, dataset, target)
        if data == GAN_DATA_OTHER { throw OtherData() }
    }

    /// What the data are, such as pictures or clips, goes by the recipe, and so does how patches are cut out of pictures.
    private func takeShape(from checkpoint: String, _ options: Handle) throws {
        // What is wrong with the file is said when the training is loaded.
        guard !Places.isStream(checkpoint), let file = try? Handle(destroy: gan_checkpoint_destroy, { gan_checkpoint_open(checkpoint, $0) }) else { return }
        for name in ["recipe", "scale", "image.height", "image.width"] where !flags.settings.set.contains(where: { $0.hasPrefix(name + "=") }) {
            guard let value = try? Library.text({ gan_checkpoint_option(file.pointer, name, $0, $1, $2) }), !value.isEmpty else { continue }
            try check(gan_options_set(options.pointer, name, value))
        }
    }

    private func goOn(_ trainer: Handle, _ dataset: Handle, _ target: String) throws {
        let finished = Int64(try Library.metric(trainer, "epoch"))
        if finished >= epochs, !flags.quiet, !flags.json {
            Output.note(
                "\(checkpoint) has \(Format.count(finished, "epoch")) already, and --epochs is the number in all: nothing to do. "
                    + "--epochs \(finished + 1) or more goes on.")
        }
        if finished >= epochs, !flags.json {
            if let out, out != checkpoint { try Pipes.writing(to: out) { try check(gan_trainer_save(trainer.pointer, out), .output) } }
            return
        }
        var training = try Training(flags.request(data: data, second: second, checkpoint: target, epochs: epochs), trainer: trainer, dataset: dataset, isNew: false)
        try training.run()
    }
}
