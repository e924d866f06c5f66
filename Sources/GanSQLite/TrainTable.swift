import CGan
import CSQLite

/// gan_train(query, epochs, out [, options, width, height, channels]): trains on the images that a query gives; a row
/// an epoch. Only statements of the application itself may call it: it takes the machine and writes a file, which is not
/// for a view in a database that came from elsewhere.
let trainTable = TableDefinition(
    name: "gan_train", usage: "gan_train(query, epochs, out [, options, width, height, channels])",
    columns: ["epoch INTEGER", "step INTEGER"] + metrics.map { "\($0.column) REAL" },
    arguments: ["query", "epochs", "out", "options", "width", "height", "channels"], required: 3, isDirectOnly: true,
    // So dear that no plan calls it more than once where one call will do.
    cost: 1e12, rows: 20, reader: { TrainReader($0) })

/// The columns behind epoch and step, and what libgan calls them.
private let metrics: [(column: String, name: String)] = [
    ("discriminator_loss", "discriminator.loss"), ("generator_loss", "generator.loss"),
    ("discriminator_real", "discriminator.real"), ("discriminator_fake", "discriminator.fake"),
    ("images_per_second", "images-per-second"),
]

/// A row appears when its epoch has ended and the checkpoint of it lies in `out`. Whatever ends the training after that,
/// an interruption, LIMIT or a lost machine, leaves the checkpoint of the last row.
private final class TrainReader: RowReader {
    private let connection: Connection
    private var trainer: OpaquePointer?
    private var pulse: OpaquePointer?
    private var out = ""
    private var epoch: Int64 = 0
    private var epochs: Int64 = 0
    private var wasInterrupted = false

    init(_ connection: Connection) { self.connection = connection }

    deinit { stop() }

    private func stop() {
        gan_trainer_destroy(trainer)
        trainer = nil
        _ = sqlite.finalize(pulse)
        pulse = nil
    }

    func start(_ arguments: TableArguments) throws(SQLError) {
        stop()
        (epoch, wasInterrupted) = (0, false)
        let query = try arguments.required(0).text()
        epochs = try arguments.required(1).integer(1, .max)
        out = try arguments.required(2).text()
        try OpenDatabases.refuse(out, in: connection)
        let limit = Int64(Int32.max)
        let images = TrainingImages(
            width: try arguments.optional(4)?.integer(1, limit), height: try arguments.optional(5)?.integer(1, limit),
            channels: try arguments.optional(6)?.integer(1, limit))
        let options = try TrainingOptions(try arguments.optional(3)?.text() ?? "")
        try images.checkArguments()
        try ImageQuery(query, connection).run(into: images)

        let dataset = try images.dataset()
        // The trainer keeps it alive.
        defer { gan_dataset_destroy(dataset) }
        try SQLError.check(gan_trainer_create(options.handle, dataset, &trainer))
        // Now, and not after the first epoch, is the time to say that the checkpoint cannot be written.
        try SQLError.check(gan_trainer_check_save(trainer, out))
        guard sqlite.prepare_v2(connection.database, "SELECT 1", -1, &pulse, nil) == SQLITE_OK else { throw connection.lastError }
        try next()
    }

    func next() throws(SQLError) {
        if epoch >= epochs {
            epoch = .max
            return stop()
        }
        let status = gan_trainer_run(
            trainer, 1,
            { context, _, _ in
                guard let context else { return 0 }
                return Unmanaged<TrainReader>.fromOpaque(context).takeUnretainedValue().isToStop ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
        if wasInterrupted { throw .interrupted }
        try SQLError.check(status)
        try SQLError.check(gan_trainer_save(trainer, out))
        epoch += 1
    }

    /// Whether the statement was interrupted. SQLite tells (only from 3.41 on in a function of its own) by not running
    /// the smallest statement there is; while the outer one runs, that does not take the request away.
    private var isToStop: Bool {
        let code = sqlite.step(pulse)
        _ = sqlite.reset(pulse)
        if code == SQLITE_INTERRUPT { wasInterrupted = true }
        return wasInterrupted
    }

    var isAtEnd: Bool { trainer == nil }
    var rowID: Int64 { epoch }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        switch column {
        case 0: sqlite.result_int64(context, epoch)
        case 1: sqlite.result_int64(context, Int64(exactly: try metric("step")) ?? 0)
        default:
            guard metrics.indices.contains(column - 2) else { return }
            sqlite.result_double(context, try metric(metrics[column - 2].name))
        }
    }

    private func metric(_ name: String) throws(SQLError) -> Double {
        var value = 0.0
        try SQLError.check(gan_trainer_metric(trainer, name, &value))
        return value
    }
}

/// Options from text such as "generator.hidden=256,256; batch-size=64", which the library checks.
private struct TrainingOptions: ~Copyable {
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
