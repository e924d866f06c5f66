import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// gan_sample(model, seed, count [, first, inputs]): a row a sample.
let sampleTable = TableDefinition(
    name: "gan_sample", usage: "gan_sample(model, seed, count [, first, inputs])",
    columns: ["\"index\" INTEGER", "width INTEGER", "height INTEGER", "channels INTEGER", "pixels BLOB"],
    arguments: ["model", "seed", "count", "first", "inputs"], required: 3, isDirectOnly: false, cost: 1000, rows: 64,
    reader: { SampleReader($0) })

/// Draws when pixels are asked for, some samples at once: counting rows costs nothing, and as many rows as one likes
/// may be asked for, since no more than a piece is ever in memory.
private final class SampleReader: RowReader {
    private let connection: Connection
    private var model: Model?
    private var seed: UInt64 = 0
    private var inputs = ""
    private var index: Int64 = 0
    /// Behind the last sample.
    private var end: Int64 = 0

    private var pixels = Memory()
    /// The samples that are in memory.
    private var drawn: Range<Int64> = 0..<0

    init(_ connection: Connection) { self.connection = connection }

    func start(_ arguments: TableArguments) throws(SQLError) {
        (index, end, drawn) = (0, 0, 0..<0)
        let (path, seed, count) = (try arguments.required(0), try arguments.required(1), try arguments.required(2))
        // As SQLite's own table-valued functions do.
        if path.isNull || seed.isNull || count.isNull { return }
        let first = try arguments.optional(3)?.integer(0, .max - 1) ?? 0
        let rows = try count.integer(0, .max)
        self.seed = try seed.seed()
        let model = try connection.models.model(try path.text())
        self.model = model
        inputs = try arguments.optional(4)?.inputs() ?? ""
        try model.check(inputs)
        guard rows <= .max - 1 - first else {
            throw SQLError("The samples from \(first) on, \(rows) of them, go beyond the last number, \(Int64.max - 1).")
        }
        index = first
        end = first + rows
    }

    func next() throws(SQLError) { index += 1 }
    var isAtEnd: Bool { index >= end }
    var rowID: Int64 { index }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        guard let model else { return }
        switch column {
        case 0: sqlite.result_int64(context, index)
        case 1: sqlite.result_int64(context, Int64(model.width))
        case 2: sqlite.result_int64(context, Int64(model.height))
        case 3: sqlite.result_int64(context, Int64(model.channels))
        default:
            if !drawn.contains(index) { try draw(model) }
            let start = pixels.start.map { $0 + Int(index - drawn.lowerBound) * model.size }
            gan_sqlite_result_blob_copy(Host.functions, context, start, UInt64(model.size))
        }
    }

    /// One sample the first time, then as many as were drawn before and as many again, up to a megabyte.
    private func draw(_ model: Model) throws(SQLError) {
        let most = max(1, (1 << 20) / max(1, model.size))
        let count = min(most, drawn.upperBound == index ? max(1, drawn.count * 2) : 1, Int(clamping: end - index))
        drawn = 0..<0
        try pixels.grow(to: count * model.size, for: "\(count) images")
        guard let start = pixels.start else { return }
        try model.draw(seed, index, Int64(count), inputs, into: start)
        drawn = index..<index + Int64(count)
    }
}
