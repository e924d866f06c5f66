import CGan
import CSQLite

/// gan_train(query, epochs, out [, options, width, height, channels]): trains on the images that a query gives; a row
/// an epoch. Only statements of the application itself may call it: it takes the machine and writes a file, which is not
/// for a view in a database that came from elsewhere.
let trainTable = TableDefinition(
    name: "gan_train", usage: "gan_train(query, epochs, out [, options, width, height, channels])",
    columns: columns, arguments: ["query", "epochs", "out", "options", "width", "height", "channels"], required: 3, isDirectOnly: true,
    // So dear that no plan calls it more than once where one call will do.
    cost: 1e12, rows: 20,
    reader: { connection in
        TrainReader(connection) { (arguments) throws(SQLError) in
            TrainingRequest(
                model: nil, query: try arguments.required(0).text(), epochs: try arguments.required(1).integer(1, .max),
                out: try arguments.required(2).text(), images: try arguments.images(from: 4), options: try arguments.options(at: 3))
        }
    })

/// gan_resume(model, query, epochs [, out, options, width, height, channels]): trains what a checkpoint holds until it has
/// so many epochs in all, into `out` or the checkpoint itself.
let resumeTable = TableDefinition(
    name: "gan_resume", usage: "gan_resume(model, query, epochs [, out, options, width, height, channels])",
    columns: resumeColumns, arguments: ["model", "query", "epochs", "out", "options", "width", "height", "channels"], required: 3, isDirectOnly: true,
    cost: 1e12, rows: 20,
    reader: { connection in
        TrainReader(connection) { (arguments) throws(SQLError) in
            let model = try arguments.required(0).text()
            return TrainingRequest(
                model: model, query: try arguments.required(1).text(), epochs: try arguments.required(2).integer(1, .max),
                out: try arguments.optional(3)?.text() ?? model, images: try arguments.images(from: 5), options: try arguments.options(at: 4))
        }
    })

private let columns = ["epoch INTEGER", "step INTEGER"] + metrics.map { "\(column(of: $0)) REAL" }

/// libgan's names of the metrics behind epoch and step: all that a training of any recipe has, NULL where a recipe has none of that
/// name. The first columns stand where they stood when there was one recipe.
private let metrics: [String] = {
    let common = ["step", "epoch", "steps-per-epoch", "images-per-second"]
    let own = (0..<gan_metric_count()).compactMap { gan_metric_name($0) }.map { String(cString: $0) }.filter { !common.contains($0) }
    return own.prefix(4) + ["images-per-second"] + own.dropFirst(4)
}()

private func column(of metric: String) -> String {
    String(decoding: metric.utf8.map { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
}

/// Behind them, of gan_resume: whether the query gave the images that the model was trained on.
private let resumeColumns = columns + ["data TEXT"]

extension TableArguments {
    /// What images are to be gathered, from the arguments width, height and channels.
    func images(from place: Int) throws(SQLError) -> TrainingImages {
        let limit = Int64(Int32.max)
        return TrainingImages(
            width: try optional(place)?.integer(1, limit), height: try optional(place + 1)?.integer(1, limit),
            channels: try optional(place + 2)?.integer(1, limit))
    }

    fileprivate func options(at place: Int) throws(SQLError) -> TrainingOptions {
        try TrainingOptions(try optional(place)?.text() ?? "")
    }
}

/// A row appears when its epoch has ended and the checkpoint of it lies in `out`. Whatever ends the training after that,
/// an interruption, LIMIT or a lost machine, leaves the checkpoint of the last row.
final class TrainReader: RowReader {
    private let connection: Connection
    private let request: (TableArguments) throws(SQLError) -> TrainingRequest
    private var training: Training?
    private var rows: Int64 = 0

    init(_ connection: Connection, _ request: @escaping (TableArguments) throws(SQLError) -> TrainingRequest) {
        self.connection = connection
        self.request = request
    }

    func start(_ arguments: TableArguments) throws(SQLError) {
        training = nil
        rows = 0
        training = try Training(try request(arguments), connection)
        try next()
    }

    func next() throws(SQLError) {
        if try training?.runEpoch() == true { rows += 1 } else { training = nil }
    }

    var isAtEnd: Bool { training == nil }
    var rowID: Int64 { rows }

    /// How many steps had been made when the epoch of this row ended.
    func steps() throws(SQLError) -> Int64 { try training?.count("step") ?? 0 }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        guard let training else { return }
        switch column {
        case 0: sqlite.result_int64(context, try training.count("epoch"))
        case 1: sqlite.result_int64(context, try training.count("step"))
        default:
            guard metrics.indices.contains(column - 2) else { return SQLText.give(training.data, to: context) }
            // What is no number is NULL, as everywhere in SQLite.
            sqlite.result_double(context, try training.metric(metrics[column - 2]))
        }
    }
}
