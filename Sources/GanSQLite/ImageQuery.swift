import CSQLite

/// The query whose first column holds the images that are trained on, and whose second, where there is one, their labels.
struct ImageQuery {
    private let text: String
    private let connection: Connection

    init(_ text: String, _ connection: Connection) {
        self.text = text
        self.connection = connection
    }

    /// - Parameter isTable: Whether the rows are those of a table, however few columns there are.
    /// - Returns: The rows, where they are those of a table: a query of more than two columns is no list of images.
    func run(into images: TrainingImages, isTable: Bool) throws(SQLError) -> TrainingRows? {
        let statement = try prepare()
        defer { _ = sqlite.finalize(statement) }
        let rows = isTable || sqlite.column_count(statement) > 2 ? TrainingRows() : nil
        try rows?.addNames(statement)
        while true {
            switch sqlite.step(statement) {
            case SQLITE_ROW: if let rows { try rows.add(statement) } else { try take(statement, images) }
            case SQLITE_DONE: return rows
            default: throw connection.lastError
            }
        }
    }

    private func prepare() throws(SQLError) -> OpaquePointer {
        var statement: OpaquePointer?
        var isFollowed = false
        let code = text.withCString { start in
            var rest: UnsafePointer<CChar>?
            let code = sqlite.prepare_v2(connection.database, start, -1, &statement, &rest)
            guard code == SQLITE_OK, let rest, rest.pointee != 0 else { return code }
            // Blanks and comments may follow; anything else is a second statement, or none.
            var second: OpaquePointer?
            isFollowed = sqlite.prepare_v2(connection.database, rest, -1, &second, nil) != SQLITE_OK || second != nil
            _ = sqlite.finalize(second)
            return code
        }
        do throws(SQLError) {
            if code != SQLITE_OK { throw connection.lastError }
            guard let statement else { throw SQLError("The argument 'query' is empty; a SELECT of one column was expected.") }
            if isFollowed { throw SQLError("The argument 'query' holds more than one statement; one SELECT was expected.") }
            guard sqlite.stmt_readonly(statement) != 0 else {
                throw SQLError("The argument 'query' writes to the database; a SELECT was expected.")
            }
            guard sqlite.column_count(statement) > 0 else { throw SQLError("The argument 'query' gives no rows; a SELECT was expected.") }
            return statement
        } catch {
            _ = sqlite.finalize(statement)
            throw error
        }
    }

    private func take(_ statement: OpaquePointer, _ images: TrainingImages) throws(SQLError) {
        let row = "Row \(images.count + 1) of the query"
        guard sqlite.column_type(statement, 0) == SQLITE_BLOB else {
            throw SQLError("\(row) is \(kind(statement, 0)); an image as a blob was expected.")
        }
        var label: Int32?
        if sqlite.column_count(statement) > 1 {
            let number = sqlite.column_int64(statement, 1)
            guard sqlite.column_type(statement, 1) == SQLITE_INTEGER, let small = Int32(exactly: number), small >= 0, small < .max else {
                let found = sqlite.column_type(statement, 1) == SQLITE_INTEGER ? "the number \(number)" : kind(statement, 1)
                throw SQLError("\(row) has \(found) for a label; the number of a class, 0 or more, was expected.")
            }
            label = small
        }
        // An empty blob has no address.
        let start = sqlite.column_blob(statement, 0)
        let count = start == nil ? 0 : Int(sqlite.column_bytes(statement, 0))
        try images.add(UnsafeRawBufferPointer(start: start, count: count), label: label)
    }

    private func kind(_ statement: OpaquePointer, _ column: Int32) -> String {
        switch sqlite.column_type(statement, column) {
        case SQLITE_NULL: "NULL"
        case SQLITE_TEXT: "text"
        case SQLITE_BLOB: "a blob"
        default: "a number"
        }
    }
}
