import CGan
import CSQLite

/// gan_evaluate(model, query [, count, classifier, width, height, channels]): how good a model's samples are beside the images that a
/// query gives; a row a measure that can be had.
let evaluateTable = TableDefinition(
    name: "gan_evaluate", usage: "gan_evaluate(model, query [, count, classifier, width, height, channels])",
    columns: ["measure TEXT", "value REAL", "spread REAL", "better TEXT"],
    arguments: ["model", "query", "count", "classifier", "width", "height", "channels"], required: 2, isDirectOnly: true,
    cost: 1e12, rows: 15, reader: { EvaluateReader($0) })

private final class EvaluateReader: RowReader {
    private let connection: Connection
    private var rows: [(name: String, value: Double, spread: Double, goal: String)] = []
    private var place = 0

    init(_ connection: Connection) { self.connection = connection }

    func start(_ arguments: TableArguments) throws(SQLError) {
        rows = []
        place = 0
        let path = try arguments.required(0), query = try arguments.required(1)
        if path.isNull || query.isNull { return }
        let model = try connection.models.model(try path.text())
        let images = try arguments.images(from: 4)
        try images.checkArguments()
        let wanted = try arguments.optional(2)?.integer(1, 1 << 22)
        var classifier: OpaquePointer?
        if let judge = try arguments.optional(3)?.text() { try SQLError.check(gan_classifier_load(judge, nil, &classifier)) }
        defer { gan_classifier_destroy(classifier) }
        let table = try ImageQuery(try query.text(), connection).run(into: images, isTable: !model.columns.isEmpty)
        let dataset: OpaquePointer?
        if let table { dataset = try table.dataset(TrainingOptions("")) } else { dataset = try images.dataset() }
        defer { gan_dataset_destroy(dataset) }
        let evaluation = try model.evaluation(beside: dataset, classifier, count: wanted ?? min(Int64(table?.count ?? images.count), 10_000))
        defer { gan_evaluation_destroy(evaluation) }
        for index in 0..<gan_measure_count() {
            guard let name = gan_measure_name(index), let goal = gan_measure_goal(index) else { continue }
            var value = 0.0, spread = 0.0
            let status = gan_evaluation_value(evaluation, name, &value, &spread)
            // What these images have not, such as labels, is no row.
            if status == GAN_E_MISMATCH { continue }
            try SQLError.check(status)
            rows.append((String(cString: name), value, spread, String(cString: goal)))
        }
    }

    func next() throws(SQLError) { place += 1 }
    var isAtEnd: Bool { place >= rows.count }
    var rowID: Int64 { Int64(place) }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        guard rows.indices.contains(place) else { return }
        let row = rows[place]
        switch column {
        case 0: SQLText.give(row.name, to: context)
        case 1: sqlite.result_double(context, row.value)
        case 2 where row.spread.isNaN: sqlite.result_null(context)
        case 2: sqlite.result_double(context, row.spread)
        default: SQLText.give(row.goal, to: context)
        }
    }
}
