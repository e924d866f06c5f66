// Tables out of files and out of memory: comma-separated values, also with semicolons or tabulators, plain or gzip. A file is read in
// pieces, so that it may be larger than memory as long as its numbers are not.

import Base

extension Table {
    /// Whether a file's name says that it is a table.
    static func isTable(_ path: FilePath) -> Bool {
        let name = path.name.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        return [".csv", ".tsv", ".csv.gz", ".tsv.gz"].contains { name.count > $0.utf8.count && name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    static func read(_ source: ByteSource, options: TableOptions) throws(GanError) -> Table {
        if !source.isGzip { try FileKind.refuseForeignTable(source) }
        var reader = TableReader(name: "\"\(source.path)\"", file: source.path, options: options)
        try reader.read { (room) throws(GanError) in try source.read(into: room) }
        return try reader.finish()
    }

    /// A table that a program has in memory, as such a file holds it.
    public static func read(_ text: UnsafeRawBufferPointer, options: TableOptions) throws(GanError) -> Table {
        var reader = TableReader(name: "the table", file: "the table", options: options)
        var done = 0
        try reader.read { (room) throws(GanError) in
            let count = min(room.count, text.count - done)
            room.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[done..<done + count]))
            done += count
            return count
        }
        return try reader.finish()
    }
}

private struct TableReader {
    let name: String
    let file: String
    let options: TableOptions
    private var columns: [TableColumnReader?] = []
    private var count = 0
    private var separator: UInt8?
    /// Where the records of the last piece ended.
    private var line = 1
    private var width: Int?

    private static let piece = 1 << 20
    /// A record that is longer is no row of a table.
    private static let longestRecord = 1 << 26

    init(name: String, file: String, options: TableOptions) {
        self.name = name
        self.file = file
        self.options = options
    }

    /// - Parameter more: Fills a buffer, and says how far; less than it holds at the end.
    mutating func read(_ more: (UnsafeMutableRawBufferPointer) throws(GanError) -> Int) throws(GanError) {
        var left: [UInt8] = []
        var isEnd = false
        // Within quotation marks a line end is part of a field. Where they stand as they should, an even number is before every other.
        var (quotes, seen, end) = (false, 0, 0)
        while !isEnd {
            try Memory.check(room: 2 * (left.count + Self.piece))
            let start = left.count
            left += [UInt8](repeating: 0, count: Self.piece)
            let got = try left.withUnsafeMutableBufferPointer { (bytes) throws(GanError) in
                try more(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[start...])))
            }
            isEnd = got < Self.piece
            left.removeLast(Self.piece - got)
            var carriage = 0
            while seen < left.count {
                switch left[seen] {
                case UInt8(ascii: "\""): quotes.toggle()
                case UInt8(ascii: "\n"): if !quotes { end = seen + 1 }
                case UInt8(ascii: "\r"): if !quotes, seen + 1 < left.count { carriage = seen + 1 }
                default: break
                }
                seen += 1
            }
            // Lines of old Macintoshes end with a carriage return alone.
            if end == 0, carriage > 0, left[carriage] != UInt8(ascii: "\n") { end = carriage }
            let isTooLong = end == 0 && !isEnd && left.count > Self.longestRecord
            if isEnd || isTooLong { end = left.count }
            if end > 0 {
                let first = line
                try left.withUnsafeBufferPointer { (bytes) throws(GanError) in
                    try take(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<end])))
                }
                // A quotation mark without its like, of which most are made, has been told of by now.
                if isTooLong { throw GanError(.badData, "Line \(first) of \(name) has more than \(Self.longestRecord >> 20) MB, which no row of a table has.") }
                left.removeSubrange(..<end)
                (seen, end) = (seen - end, 0)
            }
        }
    }

    /// Whole records.
    private mutating func take(_ bytes: UnsafeRawBufferPointer) throws(GanError) {
        let separator = separator ?? Self.separator(of: bytes)
        self.separator = separator
        var reader = CSVReader(bytes, name: file, separator: separator, line: line, width: width)
        while let (fields, line) = try reader.record() {
            if columns.isEmpty {
                try begin(fields, line: line)
                if hasHeader(fields) { continue }
            }
            for (index, field) in fields.enumerated() { try columns[index]?.append(field, line: line) }
            count += 1
            try Memory.check()
        }
        line = reader.line
        width = reader.width
    }

    /// What stands between the names of the first line.
    private static func separator(of bytes: UnsafeRawBufferPointer) -> UInt8 {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        if line.contains(UInt8(ascii: ",")) { return UInt8(ascii: ",") }
        if line.contains(UInt8(ascii: "\t")) { return UInt8(ascii: "\t") }
        return line.contains(UInt8(ascii: ";")) ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }

    private func hasHeader(_ first: [String]) -> Bool {
        switch options.header {
        case .yes: true
        case .no: false
        case .auto:
            !first.contains { cell in
                let text = String(Text.trimmed(cell))
                return text.isEmpty || NumberForm.number(text) != nil || NumberForm.date(text) != nil
            }
        }
    }

    private mutating func begin(_ first: [String], line: Int) throws(GanError) {
        guard first.count <= TableSchema.mostColumns else {
            throw GanError(.outOfRange, "\(name) has \(first.count) columns; at most \(TableSchema.mostColumns) were expected.")
        }
        let isNamed = hasHeader(first)
        let names = first.enumerated().map { index, cell in
            let name = isNamed ? String(Text.trimmed(cell)) : ""
            return name.isEmpty ? "c\(index + 1)" : name
        }
        for wanted in options.categorical + options.continuous + options.leftOut where !names.contains(wanted) {
            throw TableSchema.unknown(wanted, among: names)
        }
        if let both = options.categorical.first(where: { options.continuous.contains($0) }) {
            throw GanError(.outOfRange, "The column \(quoted(both)) is named by table.categorical and by table.continuous; it can be one of the two.")
        }
        columns = names.map { column in
            if options.leftOut.contains(column) { return nil }
            let wish: TableColumnReader.Wish =
                options.categorical.contains(column) ? .categories : options.continuous.contains(column) ? .quantity : .none
            return TableColumnReader(name: column, wish: wish, table: name)
        }
    }

    mutating func finish() throws(GanError) -> Table {
        guard !columns.isEmpty else { throw GanError(.badData, "\(name) is empty: a line with the names of the columns was expected, and rows.") }
        var finished: [Table.Column] = []
        for index in columns.indices {
            guard var column = columns[index] else { continue }
            columns[index] = nil
            finished.append(try column.finish())
        }
        guard !finished.isEmpty else { throw GanError(.badData, "All columns of \(name) are left out (table.leave-out).") }
        return try Table(columns: finished, count: count, name: name)
    }
}
