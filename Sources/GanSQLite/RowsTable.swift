import CGan
import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// gan_rows(model, seed, count [, first, conditions]): rows of a table, with the columns of the table that the model learnt from.
//
// A table-valued function has its columns before it knows its arguments. So it begins with none but them; when it is called for a model
// with other columns than it has, it is registered anew with those, and the call ends with SQLITE_SCHEMA, upon which SQLite compiles the
// statement once more and finds the columns of the model. What a statement names itself has to be there when it is compiled first: for
// that there is CREATE VIRTUAL TABLE people USING gan_rows('people.safetensors'), whose columns are the model's from the beginning.

enum RowsTable {
    /// As it is before any model was asked for.
    static let initial = definition([], model: nil)

    /// - Parameters:
    ///   - columns: those of a model.
    ///   - model: the path of the model of a table that was created for it; nil for the function, whose first argument it is.
    static func definition(_ columns: [Model.Column], model: String?) -> TableDefinition {
        let names = Names.different(columns.map(\.name))
        let declared = zip(names, columns).map { name, column in "\(Names.quoted(name)) \(column.declaredType)" }
        let all: [StaticString] = ["model", "seed", "count", "first", "conditions"]
        return TableDefinition(
            name: "gan_rows",
            usage: model == nil ? "gan_rows(model, seed, count [, first, conditions])" : "A table of gan_rows, called as NAME(seed, count [, first, conditions]),",
            // A table has one column at least.
            columns: declared.isEmpty ? ["\"row\" INTEGER"] : declared, arguments: Array(model == nil ? all[...] : all.dropFirst()),
            required: model == nil ? 3 : 2, isDirectOnly: false, cost: 1000, rows: 1000,
            reader: { RowsReader($0, columns: columns.map(\.name), model: model) })
    }

    /// What CREATE VIRTUAL TABLE … USING gan_rows('people.safetensors') was given: the path.
    static func path(_ argument: String) throws(SQLError) -> String {
        let text = argument.utf8.drop { $0 <= 32 }
        guard let quote = text.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw SQLError("gan_rows takes the path of a model between quotation marks, as in USING gan_rows('people.safetensors').")
        }
        var path: [UInt8] = []
        var rest = text.dropFirst()
        while let byte = rest.popFirst() {
            if byte == quote {
                guard rest.first == quote else { break }
                rest.removeFirst()
            }
            path.append(byte)
        }
        return String(decoding: path, as: UTF8.self)
    }
}

/// Names of columns, as SQLite wants them.
private enum Names {
    static func quoted(_ name: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in name.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            // A name ends where a text of C does.
            if byte != 0 { bytes.append(byte) }
        }
        return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
    }

    /// SQLite takes no two names that differ by the case of letters alone, and the hidden columns have names too.
    static func different(_ names: [String]) -> [String] {
        var known: Set<String> = ["model", "seed", "count", "first", "conditions"]
        return names.map { name in
            var own = name.isEmpty ? "column" : name
            var number = 2
            while !known.insert(own.lowercased()).inserted {
                own = "\(name)_\(number)"
                number += 1
            }
            return own
        }
    }
}

/// What a connection remembers of the models that gan_rows changed its columns for.
final class RowsColumns {
    private var before: [String] = []
    private var now: [String] = []
    /// Whether rows were read since the columns changed.
    private var wereRead = true

    func noteReading() { wereRead = true }

    /// Gives gan_rows the columns of another model, and has the statement compiled anew.
    func change(to model: Model, in connection: Connection) throws(SQLError) -> Never {
        let names = model.columns.map(\.name)
        // Back and forth without a row read: the statement wants both.
        if !wereRead, names == before {
            // The next statement is another.
            wereRead = true
            throw SQLError(
                "gan_rows has the columns of one model at a time, and this statement asks for two: CREATE VIRTUAL TABLE people USING gan_rows('people.safetensors') makes a table for each.")
        }
        (before, now, wereRead) = (now, names, false)
        try TableModule.register(RowsTable.definition(model.columns, model: nil), in: connection)
        throw SQLError(SQLITE_SCHEMA, "gan_rows has other columns now.")
    }
}

private final class RowsReader: RowReader {
    private let connection: Connection
    private let columns: [String]
    private let path: String?
    private var model: Model?
    private var seed: UInt64 = 0
    private var conditions = ""
    private var index: Int64 = 0
    private var end: Int64 = 0
    private var cells: [Double] = []
    /// The rows that are in memory.
    private var drawn: Range<Int64> = 0..<0

    init(_ connection: Connection, columns: [String], model: String?) {
        self.connection = connection
        self.columns = columns
        path = model
    }

    func start(_ arguments: TableArguments) throws(SQLError) {
        (index, end, drawn) = (0, 0, 0..<0)
        let place = path == nil ? 1 : 0
        let (seed, count) = (try arguments.required(place), try arguments.required(place + 1))
        var named = path
        if path == nil {
            let value = try arguments.required(0)
            if value.isNull { return }
            named = try value.text()
        }
        guard let named, !seed.isNull, !count.isNull else { return }
        let first = try arguments.optional(place + 2)?.integer(0, .max - 1) ?? 0
        let rows = try count.integer(0, .max)
        self.seed = try seed.seed()
        let model = try connection.models.model(named)
        guard !model.columns.isEmpty else { throw SQLError("\"\(named)\" makes no rows of a table; gan_sample draws from it.") }
        guard model.columns.map(\.name) == columns else {
            if path == nil { try connection.rows.change(to: model, in: connection) }
            throw SQLError("\"\(named)\" has other columns than when this table was created; drop the table and create it anew.")
        }
        guard rows <= .max - 1 - first else {
            throw SQLError("The rows from \(first) on, \(rows) of them, go beyond the last number, \(Int64.max - 1).")
        }
        conditions = try arguments.optional(place + 3)?.text() ?? ""
        try model.ask(conditions)
        self.model = model
        (index, end) = (first, first + rows)
        connection.rows.noteReading()
    }

    func next() throws(SQLError) { index += 1 }
    var isAtEnd: Bool { index >= end }
    var rowID: Int64 { index }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        guard let model, model.columns.indices.contains(column) else { return }
        if !drawn.contains(index) { try draw(model) }
        let cell = cells[Int(index - drawn.lowerBound) * model.columns.count + column]
        try model.give(cell, column, to: context)
    }

    /// Few rows the first time, then as many as were drawn before and as many again.
    private func draw(_ model: Model) throws(SQLError) {
        let width = model.columns.count
        let most = max(1, (1 << 17) / width)
        let count = min(most, drawn.upperBound == index ? max(16, drawn.count * 2) : 16, Int(clamping: end - index))
        drawn = 0..<0
        cells = [Double](repeating: 0, count: count * width)
        try model.drawRows(seed, index, Int64(count), conditions, into: &cells)
        drawn = index..<index + Int64(count)
    }
}
