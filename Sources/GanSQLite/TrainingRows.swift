import CGan
import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Rows of a query as comma-separated values, which the library reads as a table. NULL is a missing value.
final class TrainingRows {
    private var memory = Memory()
    private var used = 0
    private(set) var count = 0

    /// The names of the columns, then rows.
    func addNames(_ statement: OpaquePointer) throws(SQLError) {
        for column in 0..<sqlite.column_count(statement) {
            try add(sqlite.column_name(statement, column).map { UnsafeBufferPointer(start: $0, count: strlen($0)) }, isFirst: column == 0)
        }
        try end()
    }

    func add(_ statement: OpaquePointer) throws(SQLError) {
        count += 1
        for column in 0..<sqlite.column_count(statement) {
            switch sqlite.column_type(statement, column) {
            case SQLITE_NULL: try add(nil, isFirst: column == 0)
            case SQLITE_BLOB:
                let name = sqlite.column_name(statement, column).map { String(cString: $0) } ?? ""
                throw SQLError("Row \(count) of the query has a blob in the column \"\(name)\"; of a table numbers and texts were expected.")
            default:
                guard let text = sqlite.column_text(statement, column) else { throw .outOfMemory("a row of the query") }
                let length = Int(sqlite.column_bytes(statement, column))
                try text.withMemoryRebound(to: CChar.self, capacity: length) { (text) throws(SQLError) in
                    try add(UnsafeBufferPointer(start: text, count: length), isFirst: column == 0)
                }
            }
        }
        try end()
    }

    private func append(_ byte: UInt8) throws(SQLError) {
        if used == memory.capacity { try memory.grow(to: max(1 << 16, memory.capacity * 2), for: "\(count) rows") }
        memory.start?.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
        used += 1
    }

    /// A field between quotation marks, or nothing.
    private func add(_ text: UnsafeBufferPointer<CChar>?, isFirst: Bool) throws(SQLError) {
        if !isFirst { try append(UInt8(ascii: ",")) }
        guard let text else { return }
        try append(UInt8(ascii: "\""))
        for character in text {
            let byte = UInt8(bitPattern: character)
            if byte == UInt8(ascii: "\"") { try append(byte) }
            try append(byte)
        }
        try append(UInt8(ascii: "\""))
    }

    private func end() throws(SQLError) { try append(UInt8(ascii: "\n")) }

    /// A dataset, whose owner the caller becomes.
    func dataset(_ options: TrainingOptions) throws(SQLError) -> OpaquePointer? {
        guard count > 0 else { throw SQLError("The query gave no rows.") }
        var dataset: OpaquePointer?
        try SQLError.check(gan_options_set(options.handle, "table.header", "yes"))
        try SQLError.check(gan_dataset_create_table(memory.start, used, options.handle, &dataset))
        return dataset
    }
}
