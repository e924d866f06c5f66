import Base

/// What a file metadata.csv or metadata.jsonl beside pictures says of them, as Hugging Face's ImageFolder reads it: `file_name`, and any of
/// `label`, `tags` and `text`.
struct Metadata {
    /// What is said of one picture.
    struct Row {
        var label: String?
        var tags: [String]?
        var text: String?
        let line: Int
    }

    private let path: FilePath
    /// The folder that the names are relative to.
    private let folder: FilePath
    private var rows: [FilePath: Row] = [:]
    private var columns: Set<String> = []

    private static let names = ["metadata.csv", "metadata.jsonl"]
    /// Names beside which others are passed over.
    private static let meanings = ["label", "tags", "text"]
    /// More than any such file of pictures that one machine learns from.
    private static let longestFile = 1 << 30

    /// The file among the contents of a folder; nil where there is none.
    static func path(in folder: FilePath, _ entries: [Folder.Entry]) -> FilePath? {
        names.first { name in entries.contains { $0.kind == .file && $0.name.elementsEqual(name.utf8) } }.map { folder.appending(Array($0.utf8)) }
    }

    /// - Returns: nil for a file that is about something else, having no column `file_name`.
    init?(path: FilePath, folder: FilePath) throws(GanError) {
        self.path = path
        self.folder = folder
        let file = try InputFile(path: path)
        if let size = file.size, size > Self.longestFile {
            throw GanError(.outOfRange, "\"\(path)\" has \(size) bytes; at most \(Self.longestFile) are read.")
        }
        let bytes = try file.readAll()
        defer { withExtendedLifetime(bytes) {} }
        let contents = UnsafeRawBufferPointer(bytes.buffer)
        let isUsable = path.name.last == UInt8(ascii: "v") ? try readCSV(contents) : try readJSON(contents)
        guard isUsable else { return nil }
    }

    private mutating func readCSV(_ bytes: UnsafeRawBufferPointer) throws(GanError) -> Bool {
        var reader = CSVReader(bytes, name: path.description)
        guard let (header, _) = try reader.record() else { return false }
        let names = header.map { String(Text.trimmed($0)) }
        guard let nameColumn = names.firstIndex(of: "file_name") else { return false }
        for meaning in ["file_name"] + Self.meanings where names.count(where: { $0 == meaning }) > 1 {
            throw GanError(.badFormat, "\"\(path)\" has two columns '\(meaning)'.")
        }
        columns = Set(names).intersection(Self.meanings)
        let places = Self.meanings.map { names.firstIndex(of: $0) }
        var cells: [(FilePath, Row, tags: String)] = []
        while let (fields, line) = try reader.record() {
            try room(cells.count)
            var row = Row(line: line)
            if let place = places[0] { row.label = fields[place] }
            if let place = places[2] { row.text = fields[place] }
            cells.append((try file(fields[nameColumn], line), row, places[1].map { fields[$0] } ?? ""))
        }
        // What stands between tags is one thing in the whole file, so that "blue hair|glasses" keeps its space.
        let separator = Self.separators.first { mark in cells.contains { $0.tags.contains(mark) } } ?? " "
        for (file, row, tags) in cells {
            var row = row
            if places[1] != nil { row.tags = Self.split(tags, at: separator) }
            try add(file, row)
        }
        return true
    }

    private mutating func readJSON(_ bytes: UnsafeRawBufferPointer) throws(GanError) -> Bool {
        var reader = JSONLines(bytes, name: path.description)
        var separated: [(FilePath, Row, tags: String?)] = []
        while let (members, line) = try reader.record() {
            try room(separated.count)
            guard case .text(let name)? = members["file_name"] else {
                if separated.isEmpty { return false }
                throw GanError(.badFormat, "Line \(line) of \"\(path)\" has no text \"file_name\", as those before it have.")
            }
            columns.formUnion(Set(members.keys).intersection(Self.meanings))
            var row = Row(line: line)
            var tags: String?
            row.label = try word(members["label"], "label", line)
            row.text = try word(members["text"], "text", line)
            if case .texts(let several)? = members["tags"] { row.tags = several.map { String(Text.trimmed($0)) } } else {
                tags = try word(members["tags"], "tags", line)
            }
            separated.append((try file(name, line), row, tags))
        }
        let separator = Self.separators.first { mark in separated.contains { $0.tags?.contains(mark) == true } } ?? " "
        for (file, row, tags) in separated {
            var row = row
            if let tags { row.tags = Self.split(tags, at: separator) }
            try add(file, row)
        }
        return !rows.isEmpty
    }

    /// A value as one word or text; nil for none.
    private func word(_ value: JSONReader.Value?, _ name: String, _ line: Int) throws(GanError) -> String? {
        switch value {
        case nil, .null: return nil
        case .text(let text): return text
        case .number(let number): return number
        case .boolean(let value): return value ? "true" : "false"
        case .texts, .other:
            throw GanError(.badFormat, "Line \(line) of \"\(path)\" has a \"\(name)\" that is neither text nor a number.")
        }
    }

    private static let separators: [Character] = ["|", ","]

    private static func split(_ tags: String, at separator: Character) -> [String] {
        tags.split(separator: separator).map { String(Text.trimmed($0)) }.filter { !$0.isEmpty }
    }

    /// Before a list grows much: Swift's arrays end the process where there is no memory.
    private func room(_ count: Int) throws(GanError) {
        if count & 4095 == 0 { try Memory.check(room: max(count, 4096) * 256) }
    }

    private func file(_ name: String, _ line: Int) throws(GanError) -> FilePath {
        var rest = name[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        guard !rest.isEmpty else { throw GanError(.badFormat, "Line \(line) of \"\(path)\" has no file name.") }
        return folder.appending(Array(rest.utf8))
    }

    private mutating func add(_ file: FilePath, _ row: Row) throws(GanError) {
        if let other = rows.updateValue(row, forKey: file) {
            throw GanError(.badFormat, "Lines \(other.line) and \(row.line) of \"\(path)\" are both about \"\(file)\".")
        }
    }

    // MARK: Columns

    /// Columns of what is said of these pictures, in their order.
    ///
    /// - Throws: `.mismatch` for a picture of which nothing is said, or something of a picture that is not there.
    func columns(of pictures: [FilePath], options: DatasetOptions) throws(GanError) -> [Column] {
        guard !columns.isEmpty else { return [] }
        var found: [Row] = []
        for picture in pictures {
            guard let row = rows[picture] else {
                throw GanError(
                    .mismatch,
                    "\"\(path)\" says nothing of \"\(picture)\"; add a line for it, move it away, or set data.metadata to false to learn from the pictures alone.")
            }
            found.append(row)
        }
        if found.count < rows.count {
            let known = Set(pictures)
            if let missing = rows.filter({ !known.contains($0.key) }).min(by: { $0.value.line < $1.value.line }) {
                throw GanError(.mismatch, "Line \(missing.value.line) of \"\(path)\" is about \"\(missing.key)\", and there is no such picture.")
            }
        }
        var result: [Column] = []
        if columns.contains("label") { result.append(try labels(found, pictures, options)) }
        if columns.contains("tags") { result.append(try tags(found, pictures)) }
        if columns.contains("text") {
            let texts = try found.map { (row) throws(GanError) in try value(row.text, "text", row) }
            result.append(try Column.texts(texts, length: options.textLength, name: Field.text))
        }
        return result
    }

    private func value<Value>(_ value: Value?, _ name: String, _ row: Row) throws(GanError) -> Value {
        if let value { return value }
        throw GanError(.badData, "Line \(row.line) of \"\(path)\" has no \"\(name)\", as other lines have.")
    }

    /// Whole numbers from 0 on are the classes' numbers; anything else are their names, in the order of their bytes.
    private func labels(_ rows: [Row], _ pictures: [FilePath], _ options: DatasetOptions) throws(GanError) -> Column {
        var texts: [String] = []
        for row in rows {
            let text = String(Text.trimmed(try value(row.label, "label", row)))
            guard !text.isEmpty else { throw GanError(.badData, "Line \(row.line) of \"\(path)\" has an empty label.") }
            texts.append(text)
        }
        let values = try AlignedBuffer<Int32>(count: rows.count, for: "labels")
        let numbers = texts.compactMap { text in Text.uint64(text).flatMap { $0 < 1 << 16 ? Int32($0) : nil } }
        if numbers.count == texts.count {
            for (place, number) in numbers.enumerated() { values.pointer[place] = number }
            return Column(try Labels(checking: values, classes: options.classes, of: "\"\(path)\""))
        }
        let names = Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard options.classes == 0 || options.classes >= names.count else {
            throw GanError(.badData, "\"\(path)\" has \(names.count) different labels, and the option data.classes is \(options.classes).")
        }
        var places: [String: Int32] = [:]
        for (index, name) in names.enumerated() { places[name] = Int32(truncatingIfNeeded: index) }
        for (place, text) in texts.enumerated() { values.pointer[place] = places[text] ?? 0 }
        return Column(try Labels(checking: values, classes: max(options.classes, names.count), names: names, of: "\"\(path)\""))
    }

    private func tags(_ rows: [Row], _ pictures: [FilePath]) throws(GanError) -> Column {
        var known: Set<String> = []
        for row in rows {
            known.formUnion(row.tags ?? [])
            guard known.count <= Column.mostTags else {
                throw GanError(.outOfRange, "\"\(path)\" has more than \(Column.mostTags) different tags, of which line \(row.line) has one.")
            }
        }
        guard !known.isEmpty else { throw GanError(.badData, "\"\(path)\" has a column of tags, and no picture has one.") }
        let names = known.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var places: [String: Int] = [:]
        for (index, name) in names.enumerated() { places[name] = index }
        let flags = try AlignedBuffer<UInt8>(count: Sizes.product(rows.count, names.count, of: "tags"), for: "tags")
        for (item, row) in rows.enumerated() {
            for tag in row.tags ?? [] {
                if let place = places[tag] { flags.pointer[item * names.count + place] = 1 }
            }
        }
        return try Column.tags(flags, count: rows.count, names: names, name: Field.tags)
    }
}
