// One column as its cells come in, row by row. What it is, its cells tell in the end: as long as there are few different ones they are kept
// as texts and places among them, beyond that as numbers.

import Base

struct TableColumnReader {
    let name: String
    /// What the caller says that it is.
    enum Wish { case none, categories, quantity }
    private let wish: Wish
    private let table: String

    private var places: [String: Int32] = [:]
    private var texts: [String] = []
    /// The line that each text came from first.
    private var lines: [Int] = []
    private var codes: [Int32] = []
    /// From the row on that had one text too many.
    private var numbers: [Double] = []
    private var form: NumberForm?
    private var isLong = false
    private var missingText: String?
    private var missingCount = 0

    /// So many different texts are kept before they have to be numbers.
    private static let mostTexts = 1 << 16
    /// Numbers of so few values are categories, where each has so many rows on average.
    private static let fewValues = 20
    private static let rowsOfFew = 10

    init(name: String, wish: Wish, table: String) {
        self.name = name
        self.wish = wish
        self.table = table
    }

    // MARK: Cells

    /// What tables write where a number is missing. In a column of texts these are texts like others.
    private static func isMissing(_ text: String) -> Bool {
        guard text.utf8.count <= 4 else { return false }
        return ["", "?", "na", "n/a", "nan", "null", "none", "nil"].contains(text.lowercased())
    }

    /// Lists grow to any size, and where there is no memory for that, Swift would end the host.
    private static func grow<Element>(_ list: inout [Element]) throws(GanError) {
        guard list.count == list.capacity else { return }
        let wanted = try Sizes.product(max(list.count, 512), 2, of: "a column")
        try Memory.check(room: Sizes.product(wanted, MemoryLayout<Element>.stride, of: "a column"))
        list.reserveCapacity(wanted)
    }

    mutating func append(_ cell: String, line: Int) throws(GanError) {
        let text = String(Text.trimmed(cell))
        if isLong { return try appendNumber(text, line: line) }
        try Self.grow(&codes)
        if let place = places[text] {
            codes.append(place)
            return
        }
        if texts.count == Self.mostTexts {
            try becomeLong(line: line)
            return try appendNumber(text, line: line)
        }
        let place = Int32(truncatingIfNeeded: texts.count)
        places[text] = place
        texts.append(text)
        lines.append(line)
        codes.append(place)
    }

    private func refusal(_ what: String) -> GanError { GanError(.badData, "The column \(quoted(name)) of \(table) \(what)") }

    private var tooMany: GanError {
        refusal(
            "has more than \(TableSchema.mostCategories) different texts, too many for categories: leave it out (table.leave-out), as names and numbers of things are to be, or join its values into fewer.")
    }

    /// Reads what came so far as numbers.
    private mutating func becomeLong(line: Int) throws(GanError) {
        guard wish != .categories else { throw tooMany }
        guard let (values, form) = readTexts() else { throw tooMany }
        self.form = form
        try Memory.check(room: codes.count * 16)
        numbers = codes.map { values[Int($0)] }
        noteMissing()
        isLong = true
        (places, texts, lines, codes) = ([:], [], [], [])
    }

    private mutating func appendNumber(_ text: String, line: Int) throws(GanError) {
        try Self.grow(&numbers)
        if Self.isMissing(text) {
            if missingText == nil { missingText = text }
            missingCount += 1
            numbers.append(.nan)
            return
        }
        let isDate: Bool
        if case .date? = form { isDate = true } else { isDate = false }
        let read = isDate ? NumberForm.date(text) : NumberForm.number(text).map { ($0, NumberForm.form(ofNumber: text)) }
        guard let (value, own) = read, let joined = form.map({ $0.joined(own) }) ?? own else {
            throw refusal("has \(quoted(text)) in line \(line), where the lines before have \(isDate ? "dates of one form" : "numbers").")
        }
        form = joined
        numbers.append(value)
    }

    /// All texts as numbers, or as dates of one form; nil where they are neither. Missing ones are no number.
    private func readTexts() -> (values: [Double], form: NumberForm?)? {
        for isDate in [false, true] {
            var form: NumberForm?
            var values: [Double] = []
            var isAll = true
            for text in texts {
                if Self.isMissing(text) {
                    values.append(.nan)
                    continue
                }
                let read = isDate ? NumberForm.date(text) : NumberForm.number(text).map { ($0, NumberForm.form(ofNumber: text)) }
                guard let (value, own) = read, let joined = form.map({ $0.joined(own) }) ?? own else {
                    isAll = false
                    break
                }
                form = joined
                values.append(value)
            }
            if isAll, form != nil { return (values, form) }
        }
        return nil
    }

    private mutating func noteMissing() {
        for (place, text) in texts.enumerated() where Self.isMissing(text) {
            if missingText == nil { missingText = text }
            let code = Int32(truncatingIfNeeded: place)
            missingCount += codes.count { $0 == code }
        }
    }

    // MARK: The whole column

    mutating func finish() throws(GanError) -> Table.Column {
        try Memory.check()
        let read = isLong ? nil : readTexts()
        if wish == .quantity, !isLong, read == nil {
            let place = texts.indices.first { !Self.isMissing(texts[$0]) && NumberForm.number(texts[$0]) == nil }
            let found = place.map { "has \(quoted(texts[$0])) in line \(lines[$0])" } ?? "has no numbers"
            throw refusal("\(found), and table.continuous says that it is a quantity.")
        }
        var isQuantity = isLong || read != nil
        if let read, wish != .quantity {
            let different = read.values.count { !$0.isNaN }
            let isFew = different <= Self.fewValues && codes.count >= Self.rowsOfFew * different
            isQuantity = wish == .none && !isFew
        }
        return isQuantity ? try quantity(read) : try categories()
    }

    private mutating func quantity(_ read: (values: [Double], form: NumberForm?)?) throws(GanError) -> Table.Column {
        if let read {
            noteMissing()
            form = read.form
            try Memory.check(room: codes.count * 8)
            numbers = codes.map { read.values[Int($0)] }
        }
        let buffer = try AlignedBuffer<Double>(count: numbers.count, for: "a column of \(table)")
        for (row, value) in numbers.enumerated() { buffer.pointer[row] = value }
        return Table.Column(name: name, cells: .numbers(buffer, form ?? .general), missingCount: missingCount, missingText: missingText ?? "")
    }

    /// Sorted, so that they do not depend on the order of the rows.
    private func categories() throws(GanError) -> Table.Column {
        // Of texts an empty one is missing; of numbers that are told as categories, what means so.
        let areNumbers = texts.contains { NumberForm.number($0) != nil } && texts.allSatisfy { Self.isMissing($0) || NumberForm.number($0) != nil }
        func isNothing(_ text: String) -> Bool { text.isEmpty || (areNumbers && Self.isMissing(text)) }
        let names = areNumbers ? texts.filter { !isNothing($0) }.sorted { (NumberForm.number($0) ?? 0, $0) < (NumberForm.number($1) ?? 0, $1) }
            : texts.filter { !isNothing($0) }.sorted()
        guard names.count <= TableSchema.mostCategories else { throw tooMany }
        var order: [String: Int32] = [:]
        for (place, text) in names.enumerated() { order[text] = Int32(truncatingIfNeeded: place) }
        let buffer = try AlignedBuffer<Int32>(count: codes.count, for: "a column of \(table)")
        let places = texts.map { order[$0] ?? -1 }
        var missing = 0
        for (row, code) in codes.enumerated() {
            let place = places[Int(code)]
            buffer.pointer[row] = place
            if place < 0 { missing += 1 }
        }
        return Table.Column(
            name: name, cells: .codes(buffer, names: names), missingCount: missing, missingText: texts.first { isNothing($0) } ?? "")
    }
}
