import CGan
import CSQLite

/// What a call of gan_train or gan_resume asks for.
struct TrainingRequest {
    /// The checkpoint to go on from; nil for a training from the beginning.
    let model: String?
    let query: String
    /// How many in all.
    let epochs: Int64
    let out: String
    let images: TrainingImages
    let options: TrainingOptions
}

/// A training whose images come from a query, epoch by epoch.
final class Training {
    private let out: String
    private let epochs: Int64
    /// "same" where a resumed training has the images that it had, in their order, "other", or "unknown".
    private(set) var data = "same"
    private var trainer: OpaquePointer?
    private var pulse: OpaquePointer?
    private var wasInterrupted = false

    /// Gathers the images, after which the database is not needed any more, and finds out whether the end can be reached.
    init(_ request: TrainingRequest, _ connection: Connection) throws(SQLError) {
        out = request.out
        epochs = request.epochs
        try OpenDatabases.refuse(out, in: connection)
        try CheckpointPlace.refuse(out)
        try request.images.checkArguments()
        let rows = try ImageQuery(request.query, connection).run(into: request.images, isTable: try Training.isTable(request))

        let dataset: OpaquePointer?
        if let rows { dataset = try rows.dataset(request.options) } else { dataset = try request.images.dataset() }
        // The trainer keeps it alive.
        defer { gan_dataset_destroy(dataset) }
        if let model = request.model {
            try SQLError.check(gan_trainer_load(model, request.options.handle, dataset, &trainer))
            let made = try count("epoch")
            guard made < epochs else {
                throw SQLError(
                    "The argument 'epochs' is \(epochs), and \"\(model)\" has \(made) already; the number of epochs in all was expected, which is more than that.")
            }
            try compareData(with: model)
        } else {
            try SQLError.check(gan_trainer_create(request.options.handle, dataset, &trainer))
            try refuseToForget()
        }
        // Now, and not after the first epoch, is the time to say that the checkpoint cannot be written.
        try SQLError.check(gan_trainer_check_save(trainer, out))
        pulse = try Training.pulse(connection)
    }

    /// Whether the recipe is about rows of a table.
    private static func isTable(_ request: TrainingRequest) throws(SQLError) -> Bool {
        var text = [CChar](repeating: 0, count: 64)
        if let model = request.model {
            var checkpoint: OpaquePointer?
            // Where it cannot be read, loading says so.
            guard gan_checkpoint_open(model, &checkpoint) == GAN_OK else { return false }
            defer { gan_checkpoint_destroy(checkpoint) }
            guard gan_checkpoint_option(checkpoint, "recipe", &text, text.count, nil) == GAN_OK else { return false }
        } else {
            try SQLError.check(gan_options_get(request.options.handle, "recipe", &text, text.count, nil))
        }
        return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } == "table"
    }

    /// That the checkpoint to be replaced has not more training behind it than this one is going to have.
    private func refuseToForget() throws(SQLError) {
        guard let there = CheckpointPlace.steps(of: out) else { return }
        let (target, overflow) = epochs.multipliedReportingOverflow(by: try count("steps-per-epoch"))
        guard !overflow, there > target else { return }
        throw SQLError(
            "The argument 'out' is \"\(out)\", which holds a training of \(there) steps, and this one would end after \(target); "
                + "the name of another file was expected. gan_resume goes on with that training.")
    }

    /// Finds out whether this is an exact continuation. That it is not is told where SQLite tells what is no error: in its log, which
    /// serves the function too, whose result has no place for it.
    private func compareData(with model: String) throws(SQLError) {
        var comparison: Int32 = 0
        try SQLError.check(gan_trainer_data(trainer, &comparison))
        data = comparison == GAN_DATA_SAME ? "same" : comparison == GAN_DATA_OTHER ? "other" : "unknown"
        guard comparison == GAN_DATA_OTHER else { return }
        let sentence = "gan_resume: the query does not give the images that \"\(model)\" was trained on, or not in that order (ORDER BY): "
            + "the training goes on with other data, and is no exact continuation."
        sentence.withCString { gan_sqlite_log(Host.functions, SQLITE_WARNING, $0) }
    }

    deinit {
        gan_trainer_destroy(trainer)
        _ = sqlite.finalize(pulse)
    }

    /// Trains to the end of an epoch and saves; false when there are no more to do.
    func runEpoch() throws(SQLError) -> Bool {
        if try count("epoch") >= epochs { return false }
        let status = gan_trainer_run(
            trainer, 1,
            { context, _, _ in
                guard let context else { return 0 }
                return Unmanaged<Training>.fromOpaque(context).takeUnretainedValue().isToStop ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
        if wasInterrupted { throw .interrupted }
        try SQLError.check(status)
        try SQLError.check(gan_trainer_save(trainer, out))
        return true
    }

    func metric(_ name: String) throws(SQLError) -> Double {
        var value = 0.0
        try SQLError.check(gan_trainer_metric(trainer, name, &value))
        return value
    }

    /// A metric that counts.
    func count(_ name: String) throws(SQLError) -> Int64 { Int64(exactly: try metric(name)) ?? 0 }

    // MARK: Interruption

    /// A statement whose only purpose is to be interrupted. The host's progress handler is called after so many operations
    /// of a statement as the host said, and nobody else can be asked for that number; so this one makes about 15,000 of
    /// them, in a quarter of a millisecond, twenty times a second. Where an authorizer forbids recursion, a short one serves.
    private static func pulse(_ connection: Connection) throws(SQLError) -> OpaquePointer? {
        var statement: OpaquePointer?
        let long = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n WHERE i < 0"
        if sqlite.prepare_v2(connection.database, long, -1, &statement, nil) == SQLITE_OK { return statement }
        guard sqlite.prepare_v2(connection.database, "SELECT 1", -1, &statement, nil) == SQLITE_OK else { throw connection.lastError }
        return statement
    }

    /// Whether the statement was interrupted, by `sqlite3_interrupt` or a progress handler. SQLite tells (only from 3.41 on
    /// in a function of its own, and of the handler nowhere) by not running another statement; while the outer one runs,
    /// that does not take the request away.
    private var isToStop: Bool {
        let code = sqlite.step(pulse)
        _ = sqlite.reset(pulse)
        if code == SQLITE_INTERRUPT { wasInterrupted = true }
        return wasInterrupted
    }
}

/// Options from text such as "generator.hidden=256,256; batch-size=64", which the library checks.
final class TrainingOptions {
    private(set) var handle: OpaquePointer?

    init(_ text: String) throws(SQLError) {
        try SQLError.check(gan_options_create(&handle))
        for part in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "\n") }) {
            guard let setting = TrainingOptions.trimmed(part) else { continue }
            guard let sign = setting.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw SQLError("The options hold '\(setting)'; settings as name=value, with semicolons between them, were expected.")
            }
            let name = TrainingOptions.trimmed(setting.utf8[..<sign]) ?? ""
            let value = TrainingOptions.trimmed(setting.utf8[setting.utf8.index(after: sign)...]) ?? ""
            try SQLError.check(gan_options_set(handle, name, value))
        }
    }

    deinit { gan_options_destroy(handle) }

    /// Without blanks at its ends; nil when nothing is left.
    private static func trimmed(_ text: Substring.UTF8View) -> String? {
        var text = text
        while let first = text.first, first <= 32 { text = text.dropFirst() }
        while let last = text.last, last <= 32 { text = text.dropLast() }
        return text.isEmpty ? nil : String(Substring(text))
    }
}
