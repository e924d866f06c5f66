import Base

/// Comma-separated values (RFC 4180): records of fields, a line each, except that a field between quotation marks may hold commas,
/// line ends and doubled quotation marks.
///
/// It pulls: a record is read when it is asked for, and nothing else is kept. What programs do besides is understood: a mark of
/// UTF-8 at the beginning, line ends of any kind, no line end behind the last record, empty lines. What would be guessed at is refused,
/// with the number of the line: records of another number of fields than the first, something behind a closing quotation mark, bytes
/// that are no UTF-8, zero bytes.
public struct CSVReader {
    private let bytes: UnsafeRawBufferPointer
    private let name: String
    private let separator: UInt8
    private var offset = 0
    /// The line at `offset`, from 1.
    public private(set) var line = 1
    /// How many fields the first record has, which all others must have.
    public private(set) var width: Int?

    private static let longestField = 1 << 20
    private static let mostFields = 1 << 12

    /// - Parameters:
    ///   - bytes: the whole file, which must outlive the reader.
    ///   - name: of the file, for sentences.
    public init(_ bytes: UnsafeRawBufferPointer, name: String) {
        self.init(bytes, name: name, separator: UInt8(ascii: ","), line: 1, width: nil)
    }

    /// A part of a file that begins where a record does.
    ///
    /// - Parameters:
    ///   - separator: What stands between fields.
    ///   - line: The number of the first line, and `width` how many fields the records before it have.
    init(_ bytes: UnsafeRawBufferPointer, name: String, separator: UInt8, line: Int, width: Int?) {
        self.bytes = bytes
        self.name = name
        self.separator = separator
        self.line = line
        self.width = width
        if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// The next record with the line that it begins on, or nil at the end.
    /// - Throws: `.badFormat`, `.truncated` where the file ends within quotation marks.
    public mutating func record() throws(GanError) -> (fields: [String], line: Int)? {
        while true {
            guard offset < bytes.count else { return nil }
            let start = line
            var fields: [String] = []
            var isEnd = false
            while !isEnd {
                guard fields.count < Self.mostFields else { throw failure("has more than \(Self.mostFields) fields", start) }
                let field = try field(isEnd: &isEnd)
                fields.append(field)
            }
            // An empty line is no record; where records have one field, it could be one of nothing, which is of no use either.
            if fields.count == 1, fields[0].isEmpty, width != 1 || offset >= bytes.count { continue }
            if let width, width != fields.count {
                throw failure("has \(fields.count) field\(fields.count == 1 ? "" : "s"), and the first line \(width)", start)
            }
            width = fields.count
            return (fields, start)
        }
    }

    private func failure(_ what: String, _ line: Int, _ status: Status = .badFormat) -> GanError {
        GanError(status, "Line \(line) of \"\(name)\" \(what).")
    }

    private func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// Reads a field and what ends it. `isEnd` is set where that is the end of the record.
    private mutating func field(isEnd: inout Bool) throws(GanError) -> String {
        let text = peek() == UInt8(ascii: "\"") ? try quotedField() : try plainField()
        switch peek() {
        case nil: isEnd = true
        case separator: offset += 1
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            endLine()
            isEnd = true
        default: throw failure("has something behind a closing quotation mark", line)
        }
        return text
    }

    private mutating func endLine() {
        if peek() == UInt8(ascii: "\r") { offset += 1 }
        if peek() == UInt8(ascii: "\n") { offset += 1 }
        line += 1
    }

    private mutating func plainField() throws(GanError) -> String {
        let start = offset
        while let byte = peek(), byte != separator, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            guard byte != UInt8(ascii: "\"") else { throw failure("has a quotation mark within a field that does not begin with one", line) }
            offset += 1
        }
        return try text(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), line)
    }

    private mutating func quotedField() throws(GanError) -> String {
        let begun = line
        offset += 1
        var contents: [UInt8] = []
        var plain = offset
        while let byte = peek() {
            if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && !(offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\n"))) {
                line += 1
            }
            offset += 1
            guard contents.count + (offset - plain) <= Self.longestField + 1 else {
                throw failure("has a field of more than \(Self.longestField) bytes", begun)
            }
            guard byte == UInt8(ascii: "\"") else { continue }
            contents.append(contentsOf: bytes[plain..<offset - 1])
            guard peek() == UInt8(ascii: "\"") else {
                return try text(contents, begun)
            }
            contents.append(byte)
            offset += 1
            plain = offset
        }
        throw failure("opens quotation marks, and the file ends before they are closed", begun, .truncated)
    }

    private func text(_ bytes: some Collection<UInt8>, _ line: Int) throws(GanError) -> String {
        guard bytes.count <= Self.longestField else { throw failure("has a field of more than \(Self.longestField) bytes", line) }
        guard !bytes.contains(0) else { throw failure("has a zero byte, which no text has", line) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("is not UTF-8", line) }
        return text
    }
}
