// What makes the features of pictures when nobody names a classifier: one that is trained once on the data's own labels or tags, or an
// autoencoder, and kept in a file beside the data.
import ArgumentParser
import CGan

/// By what features pictures are judged.
struct JudgeFlags: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The checkpoint of a classifier or an autoencoder, which makes the features.", valueName: "file"))
    var classifier: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Without --classifier, what makes them: classifier (trained on the data's labels or tags, once), autoencoder, random convolutions, or auto: a classifier where there are labels or tags, else random.",
            valueName: "kind"))
    var features = "auto"

    @Flag(name: .customLong("no-cache"), help: "Neither take such a classifier or autoencoder from the file beside the data, nor keep it there.")
    var isForgotten = false

    private static let kinds = ["auto", "classifier", "autoencoder", "random"]

    func validate() throws {
        guard Self.kinds.contains(features) else {
            throw ValidationError("'--features' is '\(features)'; \(Self.kinds.dropLast().joined(separator: ", ")) or \(Self.kinds.last ?? "") was expected.")
        }
        if classifier != nil, features != "auto" {
            throw ValidationError("'--classifier' names what makes the features, and '--features \(features)' asks for others: say one of them.")
        }
    }

    /// The flags as they were given, for a command that is to be typed again.
    var words: [String] {
        (classifier.map { ["--classifier", $0] } ?? []) + (features == "auto" ? [] : ["--features", features]) + (isForgotten ? ["--no-cache"] : [])
    }
}

struct Judge {
    let handle: Handle
    /// The file that it is in, where it is in one.
    let path: String?
    /// The share of the pictures that it was not trained on whose class it names, or of whose tags it is right about; nil where that is not known.
    let accuracy: Double?
    /// "labels", "tags", or nothing for an autoencoder.
    let target: String

    var tellsClasses: Bool { target == "labels" }
    /// "classifier" or "autoencoder".
    var kind: String { target.isEmpty ? "autoencoder" : "classifier" }

    /// Below this nothing is learnt that could judge.
    private static let leastItems = 100
    /// So many steps make a judge, in whole epochs.
    private static let steps: Int64 = 1000

    /// What the flags ask for; nil for random features.
    /// - Parameters:
    ///   - outputs: What the command is going to write, where no judge must lie.
    static func wanted(
        _ flags: JudgeFlags, data path: String, _ dataset: Handle, _ options: Handle, outputs: [String?], isQuiet: Bool
    ) throws -> Judge? {
        if let classifier = flags.classifier {
            let handle = try Handle(.input, destroy: gan_classifier_destroy) { gan_classifier_load(classifier, options.pointer, $0) }
            // Where it was trained on these very data, it tells how well it knows them.
            let own = try Places.isStream(classifier) ? nil : kept(at: classifier, dataset, options)
            return try Judge(handle, path: classifier, accuracy: own?.accuracy)
        }
        let outline = try Outline(dataset)
        var kind = flags.features
        if kind == "auto" { kind = outline.isJudgeable && outline.count >= leastItems ? "classifier" : "random" }
        if kind == "random" { return nil }

        var place = flags.isForgotten ? nil : place(beside: path, kind)
        if let taken = place, outputs.contains(where: { $0.map { Places.isSame($0, taken) } ?? false }) { place = nil }
        if let there = place, Paths.exists(there) {
            if let known = try kept(at: there, dataset, options), known.kind == kind { return known }
            if recipe(of: there) == kind {
                if !isQuiet { Output.note("\(there) knows other data than \(path) has now; another \(kind) takes its place.") }
            } else {
                Output.note("\(there) is there already and holds no \(kind): the one that is trained now will not be kept.")
                place = nil
            }
        }
        do {
            return try trained(kind, path, dataset, outline, options, place, isQuiet)
        } catch let failure as Failure where failure.code == Exit.diverged && flags.features == "auto" {
            // Nobody asked for it.
            Output.note("The classifier that was trained on \(path) diverged, and random features take its place.")
            return nil
        }
    }

    private init(_ handle: Handle, path: String?, accuracy: Double?) throws {
        self.handle = handle
        self.path = path
        self.accuracy = accuracy
        target = try Library.text { gan_classifier_target(handle.pointer, $0, $1, $2) }
    }

    private init(of trainer: Handle, path: String?) throws {
        let accuracy = try Library.metric(trainer, "accuracy")
        try self.init(
            Handle(destroy: gan_classifier_destroy) { gan_trainer_classifier(trainer.pointer, $0) }, path: path, accuracy: accuracy.isFinite ? accuracy : nil)
    }

    // MARK: What is kept

    /// The file beside data: "mnist.classifier.safetensors" beside the folder mnist. Nil beside what comes through a pipe.
    static func place(beside data: String, _ kind: String) -> String? {
        if Paths.exists(data), Places.isStream(data) { return nil }
        let path = Paths.withoutSlashes(data)
        let name = path.split(separator: "/").last.map { String($0) } ?? ""
        // What is called . or .. has a name elsewhere: then within it, where no picture is called so.
        return name.isEmpty || name == "." || name == ".." ? Paths.join(path, "\(kind).safetensors") : "\(path).\(kind).safetensors"
    }

    /// The judge in a file, if it was trained on these data.
    private static func kept(at path: String, _ dataset: Handle, _ options: Handle) throws -> Judge? {
        var handle: OpaquePointer?
        let plain = try Library.options()
        try check(gan_options_set(plain.pointer, "threads", Library.text { gan_options_get(options.pointer, "threads", $0, $1, $2) }))
        guard gan_trainer_load(path, plain.pointer, dataset.pointer, &handle) == GAN_OK, let handle else { return nil }
        let trainer = try Handle(destroy: gan_trainer_destroy) { out in
            out.pointee = handle
            return GAN_OK
        }
        var comparison: Int32 = 0
        try check(gan_trainer_data(trainer.pointer, &comparison))
        guard comparison == GAN_DATA_SAME, ["classifier", "autoencoder"].contains(try Library.option(trainer, "recipe")) else { return nil }
        return try Judge(of: trainer, path: path)
    }

    /// What a checkpoint was trained by; nil where there is none.
    private static func recipe(of path: String) -> String? {
        guard let checkpoint = try? Handle(destroy: gan_checkpoint_destroy, { gan_checkpoint_open(path, $0) }) else { return nil }
        return try? Library.text { gan_checkpoint_option(checkpoint.pointer, "recipe", $0, $1, $2) }
    }

    // MARK: Training one

    private static func trained(
        _ kind: String, _ path: String, _ dataset: Handle, _ outline: Outline, _ options: Handle, _ place: String?, _ isQuiet: Bool
    ) throws -> Judge {
        let own = try Library.options()
        func set(_ name: String, _ value: String) throws { try check(gan_options_set(own.pointer, name, value)) }
        try set("threads", Library.text { gan_options_get(options.pointer, "threads", $0, $1, $2) })
        try set("recipe", kind)
        // A tenth is held out; of few pictures few are looked at at a time, so that a step costs little and there may be many.
        let taken = kind == "classifier" ? outline.count - max(outline.count / 10, 1) : outline.count
        let batch = min(max(taken, 1), min(100, max(10, taken / 20)))
        try set("batch-size", String(batch))
        // A small picture that is moved may show something else.
        if kind == "classifier" { try set("classifier.shift", String(min(2, outline.side / 14))) }
        // Wider networks for large pictures would take long, and for small ones see no more.
        let (widest, area) = (kind == "classifier" ? 32 : 16, outline.area)
        try set("\(kind).channels", String(area <= 256 ? widest / 2 : area <= 4096 ? widest : area <= 16384 ? widest / 2 : widest / 4))
        let stepsPerEpoch = Int64(max(taken / batch, 1))
        let total = stepsPerEpoch * min(100, max(2, (steps + stepsPerEpoch - 1) / stepsPerEpoch))
        try set("rate.schedule", "cosine")
        try set("rate.steps", String(total))
        let trainer = try Handle(.input, destroy: gan_trainer_destroy) { gan_trainer_create(own.pointer, dataset.pointer, $0) }

        var place = place
        if let there = place, gan_trainer_check_save(trainer.pointer, there) != GAN_OK {
            Output.note("The \(kind) of \(path) will not be kept for the next time. \(Wording.translated(String(cString: gan_error_message())))")
            place = nil
        }
        let started = Clock.now()
        try check(gan_trainer_step(trainer.pointer, min(3, total)))
        if !isQuiet {
            let time = (Clock.now() - started) / 3 * Double(total)
            let what = kind == "classifier" ? "a classifier of \(path), by which samples are judged" : "an autoencoder of \(path), whose features samples are judged by"
            Output.note("Training \(what): \(Format.count(total, "step")), about \(Format.time(time))\(place.map { ", and kept in \($0)" } ?? "").")
        }
        if total > 3 { try check(gan_trainer_step(trainer.pointer, total - 3)) }
        if let there = place, gan_trainer_save(trainer.pointer, there) != GAN_OK {
            Output.note("The \(kind) of \(path) is not kept for the next time. \(Wording.translated(String(cString: gan_error_message())))")
            place = nil
        }
        return try Judge(of: trainer, path: place)
    }

    /// What data are, as far as a judge of them is concerned.
    private struct Outline {
        let count, area, side: Int
        /// Whether they are pictures of two classes or more, or with tags.
        let isJudgeable: Bool

        init(_ dataset: Handle) throws {
            let shape = try PictureSource.shape(dataset)
            (count, area, side) = (Int(shape.count), Int(shape.height) * Int(shape.width), Int(min(shape.height, shape.width)))
            var classes: Int32 = 0, fields: Int32 = 0
            try check(gan_dataset_classes(dataset.pointer, &classes))
            try check(gan_dataset_field_count(dataset.pointer, &fields))
            let kinds = try (0..<fields).map { index in try Library.text { gan_dataset_field_kind(dataset.pointer, index, $0, $1, $2) } }
            let name = try Library.text { gan_dataset_field_name(dataset.pointer, 0, $0, $1, $2) }
            isJudgeable = name == "image" && (classes >= 2 || classes == 0 && kinds.contains("tags"))
        }
    }
}
