import CSQLite

/// An argument of a function or a table, and what is said when it is of the wrong kind.
///
/// Text that looks like a whole number is one, as in a column of SQLite's, and so is a real number that is whole (7.0, for
/// SQLite's arithmetic and many programs' numbers are real); nothing else is converted: a seed of 1.5, or a path that is
/// a number, is a mistake that silence would hide.
struct Value {
    private let value: OpaquePointer
    private let name: StaticString

    init(_ value: OpaquePointer, _ name: StaticString) {
        self.value = value
        self.name = name
    }

    var isNull: Bool { sqlite.value_type(value) == SQLITE_NULL }

    /// Any whole number of 64 bits.
    func integer() throws(SQLError) -> Int64 {
        switch sqlite.value_numeric_type(value) {
        case SQLITE_INTEGER: return sqlite.value_int64(value)
        case SQLITE_FLOAT:
            let real = sqlite.value_double(value)
            guard let number = Int64(exactly: real) else { throw wrong("a whole number") }
            // Beyond 2⁵³ a real number stands for its neighbours too, and the one that was meant may be lost.
            guard number.magnitude <= 1 << 53 else {
                throw SQLError("The argument '\(name)' is the real number \(real), too large to be exact; a whole number without a point was expected.")
            }
            return number
        default: throw wrong("a whole number")
        }
    }

    /// A whole number from `least` to `most`.
    func integer(_ least: Int64, _ most: Int64) throws(SQLError) -> Int64 {
        let number = try integer()
        guard number >= least else { throw SQLError("The argument '\(name)' is \(number); \(least) or more was expected.") }
        guard number <= most else { throw SQLError("The argument '\(name)' is \(number); at most \(most) was expected.") }
        return number
    }

    /// A seed: any whole number, a negative one as its 64 bits are.
    func seed() throws(SQLError) -> UInt64 { UInt64(bitPattern: try integer()) }

    func text() throws(SQLError) -> String {
        guard sqlite.value_type(value) == SQLITE_TEXT else { throw wrong("text") }
        guard let start = sqlite.value_text(value) else { throw .outOfMemory("the argument '\(name)'") }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite.value_bytes(value)))
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SQLError("The argument '\(name)' is not UTF-8.") }
        guard !text.utf8.contains(0) else { throw SQLError("The argument '\(name)' holds a character 0.") }
        return text
    }

    var isText: Bool { sqlite.value_type(value) == SQLITE_TEXT }

    /// Bytes, which stay until the function returns.
    func blob(_ expected: StaticString) throws(SQLError) -> UnsafeRawBufferPointer {
        guard sqlite.value_type(value) == SQLITE_BLOB else { throw wrong(expected) }
        // An empty blob has no address.
        guard let start = sqlite.value_blob(value) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite.value_bytes(value)))
    }

    /// What samples are made of: text such as `label=7, c2=0.5` or a class's name, or the number of a class.
    func inputs() throws(SQLError) -> String {
        if sqlite.value_type(value) == SQLITE_TEXT { return try text() }
        guard sqlite.value_type(value) == SQLITE_INTEGER || sqlite.value_type(value) == SQLITE_FLOAT else {
            throw wrong("text such as 'label=7', or a class's number,")
        }
        return String(try integer())
    }

    private func wrong(_ expected: StaticString) -> SQLError {
        let kind =
            switch sqlite.value_type(value) {
            case SQLITE_INTEGER: "the number \(sqlite.value_int64(value))"
            case SQLITE_FLOAT: "the number \(sqlite.value_double(value))"
            case SQLITE_TEXT: "text"
            case SQLITE_BLOB: "a blob"
            default: "NULL"
            }
        return SQLError("The argument '\(name)' is \(kind); \(expected) was expected.")
    }
}
