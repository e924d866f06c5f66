import CSQLite

// gan_train and gan_resume as functions: the same arguments, all epochs at once, and the number of steps as the result.
//
// A statement that reads a table, and one of these functions' tables is a table, has a read transaction on the main
// database until its end: that is SQLite's, and no table can give it back earlier. In a database without a write-ahead log
// nobody else can write for so long. `SELECT gan_train(…)` reads no table, so the transaction is that of the query with
// the images, and over before the training begins.

enum TrainFunctions {
    static func register(in connection: Connection) throws(SQLError) {
        for definition in [trainTable, resumeTable] {
            let call = Unmanaged.passRetained(TrainFunction(definition, connection))
            // Released by SQLite also when this fails.
            let code = sqlite.create_function_v2(
                connection.database, definition.name, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, call.toOpaque(),
                { context, count, values in
                    guard let context, let data = sqlite.user_data(context) else { return }
                    Unmanaged<TrainFunction>.fromOpaque(data).takeUnretainedValue().call(context, count, values)
                }, nil, nil, { data in if let data { Unmanaged<TrainFunction>.fromOpaque(data).release() } })
            if code != SQLITE_OK { throw connection.lastError }
        }
    }
}

private final class TrainFunction {
    private let definition: TableDefinition
    private let connection: Connection

    init(_ definition: TableDefinition, _ connection: Connection) {
        self.definition = definition
        self.connection = connection
    }

    func call(_ context: OpaquePointer, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
        do throws(SQLError) {
            guard Int(count) <= definition.arguments.count else {
                throw SQLError("\(definition.usage) takes at most \(definition.arguments.count) arguments, and \(count) were given.")
            }
            let arguments = TableArguments(definition)
            for place in 0..<Int(count) { try arguments.set(place, values?[place]) }
            guard let reader = definition.reader(connection) as? TrainReader else { return }
            try reader.start(arguments)
            var steps: Int64 = 0
            while !reader.isAtEnd {
                steps = try reader.steps()
                try reader.next()
            }
            sqlite.result_int64(context, steps)
        } catch {
            error.report(context)
        }
    }
}
