// What `train` and `resume` do alike: they make steps, tell how it goes, write samples, the log and checkpoints, and at the
// end the picture of the losses.
import CGan

struct Training {
    /// Everything the user asked for.
    struct Request {
        var data: String
        /// Images of the other kind, for a recipe that learns from two.
        var second: String?
        var checkpoint: String
        var samples: String?
        var epochs: Int64
        var every: Int64
        var settings: [String]
        var threads: String?
        var judging: JudgeFlags
        var force: Bool
        var quiet: Bool
        var json: Bool
        /// Whether the options were chosen for the data, which is then told.
        var isAutomatic = false

        /// What was learnt from, as arguments of a command.
        var dataArguments: [String] { [data] + (second.map { [$0] } ?? []) }
    }

    let request: Request
    let trainer: Handle
    private let stepsPerEpoch: Int64
    private let batchSize: Int64
    private let target: Int64
    private let canDraw: Bool
    /// And not of numbers: what has no samples, but is applied.
    private let makesPicturesOfPictures: Bool
    /// Whether samples are rows of items of the data and of what is made of them.
    private let hasPreview: Bool
    private let progress: Progress
    private var log: TrainingLog?
    private let metrics: StepMetrics
    private var meter: LossMeter
    private var watch: Watch
    private var measures: TrainingMeasures
    /// A network that draws nothing, and by which pictures are judged.
    private let isClassifier: Bool
    /// Rows of a table rather than images.
    private let isTable: Bool
    private let dataset: Handle
    /// What was chosen, until it is told with how long it will take.
    private var chosen: String?
    /// The last step of which a checkpoint was saved.
    private var savedStep: Int64 = -1
    /// Whether the checkpoint goes into a pipe or a device, which takes one, and only one.
    private let isStreamed: Bool
    /// Whether what is saved is gone: in a device.
    private let keepsNothing: Bool
    /// Why the lines of epochs can no longer be written. The training goes on without them, and its exit code tells.
    private var silenced: Failure?
    /// Still true when saving has failed.
    private var isSaving = false

    /// - Parameter isNew: whether an earlier log in the folder of the samples is another training's.
    init(_ request: Request, trainer: Handle, dataset: Handle, isNew: Bool) throws {
        self.request = request
        self.trainer = trainer
        self.dataset = dataset
        watch = Watch(loss: (try? Library.option(trainer, "loss")) ?? "")
        if request.isAutomatic, !request.quiet, !request.json { chosen = try Automatic.sentence(trainer) }
        stepsPerEpoch = Int64(try Library.metric(trainer, "steps-per-epoch"))
        batchSize = Int64(try Library.option(trainer, "batch-size")) ?? 1
        let (target, overflow) = request.epochs.multipliedReportingOverflow(by: stepsPerEpoch)
        guard !overflow, target < 1 << 48 else {
            throw Failure(Exit.usage, "'--epochs' is \(request.epochs), and \(stepsPerEpoch) steps in each are more than can be counted.")
        }
        self.target = target
        var count: Int64 = 0, height: Int32 = 0, width: Int32 = 0, channels: Int32 = 0
        try check(gan_dataset_shape(dataset.pointer, &count, &height, &width, &channels))
        makesPicturesOfPictures = try PictureNetwork.isWhat(trainer)
        var rowHeight: Int32 = 0, rowWidth: Int32 = 0, rowChannels: Int32 = 0
        hasPreview = gan_trainer_preview_shape(trainer.pointer, &rowHeight, &rowWidth, &rowChannels) == GAN_OK
        canDraw = [1, 3, 4].contains(channels) && !makesPicturesOfPictures && !hasPreview
        metrics = try StepMetrics(of: trainer)
        meter = LossMeter(metrics)
        measures = try TrainingMeasures(trainer)
        isClassifier = ["classifier", "autoencoder"].contains((try? Library.option(trainer, "recipe")) ?? "")
        isTable = TableNetwork.isTable(dataset)
        progress = Progress(
            isShown: Terminal.isInteractive && !request.json && !request.quiet, epochs: request.epochs, stepsPerEpoch: stepsPerEpoch, metrics)
        let end = Int64((try? Library.option(trainer, "rate.steps")) ?? "0") ?? 0
        if !isNew, end > 0, end < target, (try? Library.option(trainer, "rate.schedule")) ?? "constant" != "constant" {
            Output.note("Note: the learning rate is 0 from step \(end) on, and nothing is learnt after it. --rate.steps \(target) lets it fall until the end of this.")
        }
        isStreamed = Places.isStream(request.checkpoint)
        keepsNothing = Places.keepsNothing(request.checkpoint)
        if isNew, !request.force { try refuseToForget(count) }
        if measures.isDue(0), !request.force { try Places.refuseOtherKind(TrainingMeasures.bestPath(request.checkpoint), toWrite: .checkpoint) }
        try check(gan_trainer_check_save(trainer.pointer, request.checkpoint), .output)
        if let folder = request.samples {
            try Paths.makeFolder(folder)
            // Once more: what was made may lie where the checkpoint was to go.
            try Paths.checkFile(request.checkpoint)
            log = try TrainingLog(folder: folder, keeping: isNew ? 0 : Int64(try Library.metric(trainer, "epoch")), metrics, measured: measures.names)
            measures.remember(log?.rows ?? [])
        }
        try announce(count, height, width, channels)
        if isNew, !request.quiet, !request.json, let sentence = try DataFields.unusedTags(of: dataset, trainer: trainer) { Output.note(sentence) }
    }

    /// That the checkpoint to be replaced has not more training behind it than this one is going to have.
    private func refuseToForget(_ images: Int64) throws {
        guard let (steps, batchSize) = Places.training(at: request.checkpoint), steps > target else { return }
        // Its own epochs: it may see another number of images a step.
        let made = steps / max(images / batchSize, 1)
        throw Failure(
            Exit.cannotCreate,
            "\"\(request.checkpoint)\" holds a training of \(Format.count(steps, "step")), and this one would end after \(target). Name another file; --force writes over it; "
                + "and 'gan resume' goes on with that training, here for \(Format.count(request.epochs, "epoch")) more.",
            command: ["gan", "resume", request.checkpoint] + request.dataArguments + ["--epochs", String(made + request.epochs)])
    }

    private mutating func announce(_ count: Int64, _ height: Int32, _ width: Int32, _ channels: Int32) throws {
        let clip = try DataFields.clip(of: dataset)
        if request.json {
            var object = JSONObject()
            object.add("event", "start")
            object.add("version", Library.version)
            object.add("instruction-set", Library.instructionSet)
            object.add("images", count)
            if let clip { object.add("frames", clip[0]) }
            object.add("height", clip?[1] ?? Int64(height))
            object.add("width", clip?[2] ?? Int64(width))
            object.add("channels", clip?[3] ?? Int64(channels))
            object.add("epochs", request.epochs)
            object.add("steps-per-epoch", stepsPerEpoch)
            object.add("step", Int64(try Library.metric(trainer, "step")))
            let line = object.closed
            try telling { try Output.line(json: line) }
        } else if !request.quiet {
            let what = isTable ? Format.count(count, "row") : try DataFields.volumes(of: dataset, count) ?? clip.map { "\(Format.count(count, "clip")) of \($0[0]) frames of \($0[1]) × \($0[2]) × \($0[3])" }
            Output.note(
                "\(what ?? "\(Format.count(count, "image")) of \(height) × \(width) × \(channels)") from \(request.data)\(MadeData.isMeant(by: request.data) ? ", which gan made" : "")\(try second()), "
                    + "\(Format.count(stepsPerEpoch, "step")) an epoch, \(Library.instructionSet)")
            if request.samples != nil, !canDraw, !hasPreview, !isClassifier {
                Output.note(
                    makesPicturesOfPictures
                        ? "This recipe makes pictures of \(clip == nil ? "pictures" : "those before them"); there will be no samples. 'gan apply' makes some of your own."
                        : "Images of \(channels) values per pixel cannot be shown as PNG; there will be no samples.")
            }
            if try Library.option(trainer, "data.fit") == "patches", !request.settings.contains(where: { $0.hasPrefix("data.fit=") }) {
                Output.note(
                    "The pictures are of different sizes, or large: what is learnt from are patches of \(height) × \(width) pixels, cut anywhere out of them, "
                        + "\(Format.count(count, "of them", plural: "of them")) an epoch (--data.fit patches; --data.height and --data.width set their size).")
            }
            for data in request.dataArguments where Places.isStream(data) {
                Output.note("\(data) cannot be read a second time: to go on later, 'gan resume' will need these images as a file or a folder.")
            }
        }
    }

    /// How many images there are of the other kind.
    private func second() throws -> String {
        guard let second = request.second else { return "" }
        var count: Int64 = 0
        for index in 0..<(try Library.fieldCount(dataset))
        where ["target", "volume"].contains(try Library.text { gan_dataset_field_name(dataset.pointer, index, $0, $1, $2) }) {
            try check(gan_dataset_field_items(dataset.pointer, index, &count))
        }
        let isOfVolumes = try Library.option(trainer, "recipe") == "view-to-volume"
        return " and \(Format.count(count, isOfVolumes ? "volume" : "image")) from \(second)"
    }

    // MARK: The run

    mutating func run() throws {
        Interruption.setLastWords("Stopped without saving: nothing of this training was kept.")
        Interruption.catchSignals()
        do {
            try train()
        } catch {
            progress.erase()
            let failure = error as? Failure
            if failure?.code == Exit.diverged, savedStep >= 0 {
                throw Failure(Exit.diverged, "\(failure?.message ?? "") \(request.checkpoint) holds step \(savedStep).")
            }
            // First the training, then what was wrong; unless it was the training, or its saving, or all is saved.
            if failure?.code != Exit.diverged, !isSaving { try keep(before: failure) }
            throw error
        }
        if let silenced { throw silenced }
    }

    /// Saves what would be lost when the run ends now, and says so.
    private mutating func keep(before failure: Failure?) throws {
        do { try save() } catch let second as Failure {
            guard let failure else { throw second }
            throw Failure(failure.code, "\(failure.message) Nor could the training be saved: \(second.message)")
        }
        // Who interrupted it was told already.
        if failure != nil, !request.quiet, savedStep < target, !Interruption.isRequested {
            Output.note("\(request.checkpoint) \(Self.took(keepsNothing)) all \(Format.count(savedStep, "step")).\(isStreamed ? "" : " Go on with")")
            if !isStreamed { Output.note(command: resumeCommand) }
        }
    }

    /// Writes lines for as long as somebody reads them. Where they cannot be written the training goes on and its end tells why;
    /// but a reader that has gone ends it.
    private mutating func telling(_ body: () throws -> Void) throws {
        if silenced != nil { return }
        do { try body() } catch let failure as Failure {
            silenced = failure
            Output.note("\(failure.message) The training goes on.")
        }
    }

    private mutating func train() throws {
        var step = Int64(try Library.metric(trainer, "step"))
        progress.start(step: step, target: target, images: batchSize)
        while step < target {
            if Interruption.isRequested { return try stop(at: step) }
            try Interruption.duringStep { try check(gan_trainer_step(trainer.pointer, 1)) }
            step += 1
            let values = try metrics.values(of: trainer)
            meter.add(values)
            if let warning = watch.add(metrics, values) { warn(warning) }
            tellChoice(after: step)
            if step % stepsPerEpoch == 0 {
                try endEpoch(step)
                if measures.isExhausted(step / stepsPerEpoch), step < target {
                    warn("No evaluation was better for as many as evaluate.patience says: the training ends with epoch \(step / stepsPerEpoch).")
                    break
                }
            }
            progress.update(step: step, losses: meter.last)
        }
        progress.erase()
        try save()
        try drawLosses()
        try report("finished", step)
        if !request.json, !request.quiet {
            if let best = measures.best, !isStreamed {
                Output.note("The best was epoch \(best.epoch), which \(TrainingMeasures.bestPath(request.checkpoint)) holds.")
            }
            if isStreamed { return Output.note("\(request.checkpoint) \(Self.took(keepsNothing)) the checkpoint\(whereTheRestIs).") }
            if isClassifier {
                Output.note("\(request.checkpoint) is saved\(whereTheRestIs). Judge samples by it with")
                return Output.note(command: ["gan", "evaluate", "gan.safetensors", request.data, "--classifier", request.checkpoint])
            }
            if makesPicturesOfPictures, try Library.option(trainer, "recipe") == "next-frame" {
                Output.note("\(request.checkpoint) is saved\(whereTheRestIs). Say which frames follow by it with")
                return Output.note(command: ["gan", "apply", request.checkpoint, "frames", "out", "--frames", "5"])
            }
            if ["volume", "view-to-volume"].contains(try Library.option(trainer, "recipe")) {
                Output.note("\(request.checkpoint) is saved\(whereTheRestIs). Make \(makesPicturesOfPictures ? "shapes of pictures" : "shapes") by it with")
                return Output.note(
                    command: makesPicturesOfPictures
                        ? ["gan", "apply", request.checkpoint, "picture.png", "shape.obj"] : ["gan", "sample", request.checkpoint, "--count", "1", "--obj", "shape.obj"])
            }
            if makesPicturesOfPictures {
                Output.note("\(request.checkpoint) is saved\(whereTheRestIs). Make pictures of pictures by it with")
                return Output.note(command: ["gan", "apply", request.checkpoint, "picture.png", "out.png"])
            }
            Output.note("\(request.checkpoint) is saved\(whereTheRestIs). Draw from it with")
            Output.note(command: ["gan", "sample", request.checkpoint] + (isTable ? ["--count", "1000", "--csv", "rows.csv"] : ["--count", "64", "--png", "grid.png"]))
        }
    }

    private func warn(_ text: String) {
        progress.erase()
        Output.note(text)
    }

    /// As soon as some steps tell how long one takes.
    private mutating func tellChoice(after step: Int64) {
        guard let chosen, step % stepsPerEpoch == 0 || step >= target || step >= 3 && progress.seconds >= 2 || step >= 200 else { return }
        self.chosen = nil
        let left = progress.seconds / Double(max(step, 1)) * Double(target)
        warn("\(chosen). \(Format.count(request.epochs, "epoch")), about \(Format.time(left)).")
    }

    private mutating func endEpoch(_ step: Int64) throws {
        let epoch = step / stepsPerEpoch
        let values = try measures.values(trainer, epoch)
        let row = TrainingLog.Row(
            epoch: epoch, step: step, sums: meter.sums, imagesPerSecond: progress.speed(step), seconds: progress.seconds, measures: values)
        meter.begin()
        // Before anything that may fail: what was learnt must not be lost with it.
        let isMilestone = epoch == 1 || epoch % request.every == 0 || epoch == request.epochs
        if isMilestone, !isStreamed || step >= target { try save() }
        let best = values[measures.deciding].map { measures.note($0, epoch) }
        let isBest = best ?? false
        if isBest, !isStreamed {
            isSaving = true
            try check(gan_trainer_save(trainer.pointer, TrainingMeasures.bestPath(request.checkpoint)), .output)
            isSaving = false
        }
        try log?.append(row)
        if request.json {
            let line = row.json(metrics, measures.names, best: best)
            try telling { try Output.line(json: line) }
        } else if !request.quiet {
            progress.erase()
            let end = measures.text(values, isBest: isBest)
            let line = row.text(metrics, of: request.epochs, columns: Terminal.isInteractive ? Terminal.columns : 80 + end.count, end: end)
            try telling { try Output.line(line) }
        }
        if let warning = try measures.warning(trainer, epoch) { warn(warning) }
        if isMilestone, !isClassifier {
            try drawSamples(epoch)
            if !isTable, let warning = try watch.look(at: trainer, dataset) { warn(warning) }
        }
    }

    private mutating func save() throws {
        let step = Int64(try Library.metric(trainer, "step"))
        if step == savedStep { return }
        isSaving = true
        try Pipes.writing(to: request.checkpoint) { try check(gan_trainer_save(trainer.pointer, request.checkpoint), .output) }
        isSaving = false
        savedStep = step
        Interruption.setLastWords(
            "Stopped without saving: \(request.checkpoint) \(Self.took(keepsNothing)) step \(step), and what came after it is lost.")
    }

    /// A row of ten samples: the same ten latents each time, so that the rows show one thing growing. Where pictures are made of pictures,
    /// rows of what was read, what was made of it, and the truth.
    private func drawSamples(_ epoch: Int64) throws {
        guard let folder = request.samples else { return }
        if hasPreview { return try drawPreview(to: Self.samplePath(folder, epoch)) }
        guard canDraw else { return }
        let generator = try Handle(destroy: gan_generator_destroy) { gan_trainer_generator(trainer.pointer, $0) }
        let sampler = try Library.sampler(generator)
        let seed = UInt64(try Library.option(trainer, "seed")) ?? 0
        if isTable { return try check(gan_sampler_write_csv(sampler.pointer, seed, 0, 10, Self.samplePath(folder, epoch, ".csv")), .output) }
        try check(gan_sampler_write_png(sampler.pointer, seed, 0, 10, 10, 2, 2, Self.samplePath(folder, epoch)), .output)
    }

    private static func samplePath(_ folder: String, _ epoch: Int64, _ ending: String = ".png") -> String {
        let digits = String(epoch)
        return Paths.join(folder, String(repeating: "0", count: max(4 - digits.count, 0)) + digits + ending)
    }

    private func drawPreview(to path: String) throws {
        var height: Int32 = 0, width: Int32 = 0, channels: Int32 = 0
        try check(gan_trainer_preview_shape(trainer.pointer, &height, &width, &channels))
        let rows = 8
        var pixels = [UInt8](repeating: 0, count: rows * Int(height) * Int(width) * Int(channels))
        try pixels.withUnsafeMutableBufferPointer { try check(gan_trainer_preview(trainer.pointer, 0, Int64(rows), $0.baseAddress, $0.count)) }
        // Small ones would be looked at with a magnifying glass.
        let scale: Int32 = height <= 64 ? 2 : 1
        try check(gan_image_write_png(pixels, Int64(rows), height, width, channels, 1, 2, scale, path), .output)
    }

    private func drawLosses() throws {
        guard let folder = request.samples, let rows = log?.rows, !rows.isEmpty else { return }
        try LossFigure(rows: rows, metrics: metrics, loss: (try? Library.option(trainer, "loss")) ?? "", measures: measures).write(to: Paths.join(folder, "loss.png"))
    }

    /// What a place did with what was saved there. A device, such as /dev/null, has no more of it.
    private static func took(_ keepsNothing: Bool) -> String { keepsNothing ? "is a device, which kept nothing of" : "holds" }

    private var whereTheRestIs: String {
        request.samples.map { "; \(isClassifier || (makesPicturesOfPictures && !hasPreview) ? "" : "samples, ")log.csv and loss.png are in \($0)" } ?? ""
    }

    // MARK: Stopping

    private mutating func stop(at step: Int64) throws {
        progress.erase()
        try save()
        // Whatever else fails, how to go on is said.
        let rest = Result { try drawLosses() }
        try report("interrupted", step)
        if !request.json || request.quiet == false {
            let place = "Interrupted in epoch \(step / stepsPerEpoch + 1) of \(request.epochs)"
            if isStreamed {
                Output.note("\(place); \(request.checkpoint) \(Self.took(keepsNothing)) the checkpoint.")
            } else {
                Output.note("\(place) and saved \(request.checkpoint). Go on with")
                Output.note(command: resumeCommand)
            }
        }
        try rest.get()
        if let silenced { throw silenced }
        throw Interrupted()
    }

    private mutating func report(_ status: String, _ step: Int64) throws {
        guard request.json else { return }
        var object = JSONObject()
        object.add("event", "end")
        object.add("status", status)
        object.add("epoch", step / stepsPerEpoch)
        object.add("step", step)
        object.add("checkpoint", request.checkpoint)
        if let best = measures.best, !isStreamed {
            object.add("best-epoch", best.epoch)
            object.add("best-checkpoint", TrainingMeasures.bestPath(request.checkpoint))
        }
        if status == "interrupted", !isStreamed { object.add("resume", resumeCommand.map(Format.quoted).joined(separator: " ")) }
        let line = object.closed
        try telling { try Output.line(json: line) }
    }

    /// The command that does the rest, with everything that the checkpoint does not know itself.
    private var resumeCommand: [String] {
        var words = ["gan", "resume", request.checkpoint] + request.dataArguments + ["--epochs", String(request.epochs)]
        if let samples = request.samples { words += ["--samples", samples] }
        if request.every != 10 { words += ["--every", String(request.every)] }
        if let threads = request.threads { words += ["--threads", threads] }
        words += request.judging.words
        for setting in request.settings { words += ["--set", setting] }
        if request.json { words.append("--json") }
        if request.quiet { words.append("--quiet") }
        return words
    }
}
