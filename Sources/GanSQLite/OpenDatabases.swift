import CSQLite
import PluginSupport

/// The databases that a connection has open: the main one and those that are attached.
enum OpenDatabases {
    /// What SQLite keeps beside a database, which must not be made by anybody else either.
    private static let endings = ["", "-journal", "-wal", "-shm"]

    /// Refuses a file to write that is one of theirs: replaced while it is open, a database would be lost.
    static func refuse(_ path: String, in connection: Connection) throws(SQLError) {
        var statement: OpaquePointer?
        guard sqlite.prepare_v2(connection.database, "PRAGMA database_list", -1, &statement, nil) == SQLITE_OK else { throw connection.lastError }
        defer { _ = sqlite.finalize(statement) }
        while sqlite.step(statement) == SQLITE_ROW {
            // Empty for one that is in memory or temporary.
            guard let text = sqlite.column_text(statement, 2), text.pointee != 0 else { continue }
            let file = String(cString: text)
            for ending in endings where leadToOneFile(path, file + ending) {
                throw SQLError(
                    "The argument 'out' is \"\(path)\", which is \(ending.isEmpty ? "an open database" : "a file of the open database \"\(file)\""); the name of another file was expected.")
            }
        }
    }
}
