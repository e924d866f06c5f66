import CSQLite

/// The query whose one column holds the images that are trained on.
struct ImageQuery {
    private let text: String
    private let connection: Connection

    init(_ text: String, _ connection: Connection) {
        self.text = text
        self.connection = connection
    }

    func run(into images: TrainingImages) throws(SQLError) {
        let statement = try prepare()
        defer { _ = sqlite.finalize(statement) }
        while true {
            switch sqlite.step(statement) {
            case SQLITE_ROW: try take(statement, images)
            case SQLITE_DONE: return
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
            let columns = sqlite.column_count(statement)
            guard columns == 1 else {
                throw SQLError(
                    columns == 0
                        ? "The argument 'query' gives no rows; a SELECT of one column was expected."
                        : "The argument 'query' gives \(columns) columns; one, with the images as blobs, was expected.")
            }
            return statement
        } catch {
            _ = sqlite.finalize(statement)
            throw error
        }
    }

    private func take(_ statement: OpaquePointer, _ images: TrainingImages) throws(SQLError) {
        let kind: String
        switch sqlite.column_type(statement, 0) {
        case SQLITE_BLOB:
            // An empty blob has no address.
            let start = sqlite.column_blob(statement, 0)
            let count = start == nil ? 0 : Int(sqlite.column_bytes(statement, 0))
            return try images.add(UnsafeRawBufferPointer(start: start, count: count))
        case SQLITE_NULL: kind = "NULL"
        case SQLITE_TEXT: kind = "text"
        default: kind = "a number"
        }
        throw SQLError("Row \(images.count + 1) of the query is \(kind); an image as a blob was expected.")
    }
}
