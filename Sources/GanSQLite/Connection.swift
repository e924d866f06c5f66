import CGan
import CSQLite
import PluginSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the extension keeps for one database connection: the models that were used last.
final class Connection: @unchecked Sendable {
    let database: OpaquePointer
    let models = ModelCache<Model>()
    let networks = ModelCache<Network>()
    let rows = RowsColumns()

    init(_ database: OpaquePointer, _ api: UnsafePointer<sqlite3_api_routines>) throws(SQLError) {
        guard Host.enter(api) else {
            throw SQLError("The extension is in use by another SQLite library of this process; copy the file to load it into both.")
        }
        self.database = database
    }

    deinit { Host.leave() }

    /// The connection's last failure, in SQLite's words.
    var lastError: SQLError {
        SQLError(sqlite.errcode(database), sqlite.errmsg(database).map { String(cString: $0) } ?? "The database failed.")
    }

    /// The context that SQLite keeps with a function or a table and gives back to `release`.
    func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    static let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
        if let context { Unmanaged<Connection>.fromOpaque(context).release() }
    }

    static func from(_ context: UnsafeMutableRawPointer) -> Connection {
        Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
    }
}

/// A failure as SQLite tells it: a code and a sentence.
struct SQLError: Error {
    let code: Int32
    let message: String

    init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A wrong argument and the like.
    init(_ message: String) { self.init(SQLITE_ERROR, message) }

    static let interrupted = SQLError(SQLITE_INTERRUPT, "interrupted")
    static func outOfMemory(_ what: String) -> SQLError { SQLError(SQLITE_NOMEM, "No memory for \(what).") }

    /// Throws what a call of libgan failed with, in its own sentence.
    static func check(_ status: Int32) throws(SQLError) {
        if status == GAN_OK { return }
        throw SQLError(status: status, String(cString: gan_error_message()))
    }

    private init(status: Int32, _ sentence: String) {
        self.init(status == GAN_E_OUT_OF_MEMORY ? SQLITE_NOMEM : SQLITE_ERROR, sentence)
    }

    static func of<Result>(_ body: () throws(InputFailure) -> Result) throws(SQLError) -> Result {
        do throws(InputFailure) { return try body() } catch { throw SQLError(status: error.status, error.sentence) }
    }

    /// Makes this the result of an SQL function.
    func report(_ context: OpaquePointer) {
        var message = message
        message.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                sqlite.result_error(context, text.baseAddress, Int32(clamping: text.count))
            }
        }
        // After the message, which would put SQLITE_ERROR in its place.
        sqlite.result_error_code(context, code)
    }
}

enum SQLText {
    /// Makes this the result of a column; SQLite copies it.
    static func give(_ text: String, to context: OpaquePointer) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                // No address is NULL, and no text is not.
                var none: CChar = 0
                if let start = text.baseAddress {
                    gan_sqlite_result_text_copy(Host.functions, context, start, UInt64(text.count))
                } else {
                    gan_sqlite_result_text_copy(Host.functions, context, &none, 0)
                }
            }
        }
    }

    /// A copy in memory that SQLite frees; nil when there is none.
    static func copy(_ text: String) -> UnsafeMutablePointer<CChar>? { copy(text, with: sqlite.malloc64) }

    static func copy(
        _ text: String, with malloc: @convention(c) (UInt64) -> UnsafeMutableRawPointer?
    ) -> UnsafeMutablePointer<CChar>? {
        var text = text
        return text.withUTF8 { bytes in
            guard let memory = malloc(UInt64(bytes.count) + 1) else { return nil }
            if let source = bytes.baseAddress { memcpy(memory, source, bytes.count) }
            let copy = memory.assumingMemoryBound(to: CChar.self)
            copy[bytes.count] = 0
            return copy
        }
    }
}
