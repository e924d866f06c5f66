// What is asked of rows that are drawn: "city=Seoul", "age>=30", a line each. A category is given to the generator as its condition; whatever
// is asked is enforced by leaving out rows that do not meet it.

import Base
import Data

struct RowFilter {
    private enum Test {
        /// One of these choices of the column, the missing value behind all others.
        case choices([Bool])
        /// Nothing where a number could be.
        case missing
        case equal(Double), unequal(Double), less(Double), lessOrEqual(Double), greater(Double), greaterOrEqual(Double)

        func accepts(_ cell: Double) -> Bool {
            switch self {
            case .choices(let allowed):
                guard let place = Int(exactly: cell.isNaN ? Double(allowed.count - 1) : cell), allowed.indices.contains(place) else { return false }
                return allowed[place]
            case .missing: return cell.isNaN
            case .equal(let number): return cell == number
            case .unequal(let number): return !cell.isNaN && cell != number
            case .less(let number): return cell < number
            case .lessOrEqual(let number): return cell <= number
            case .greater(let number): return cell > number
            case .greaterOrEqual(let number): return cell >= number
            }
        }
    }

    private var tests: [(column: Int, test: Test)] = []
    /// The conditions that the generator is given, in turn; empty for those that it usually is.
    private(set) var conditions: [Int] = []
    /// As it was asked, for sentences.
    let text: String

    private static let operators = ["!=", "<=", ">=", "=", "<", ">"]

    /// - Throws: `.unknownName` for a column or category that there is not, `.invalidArgument` for what is no question, `.outOfRange` for what
    ///   no row can meet.
    init(_ text: String, _ schema: TableSchema) throws(GanError) {
        let lines = text.split(separator: "\n").map { Text.trimmed($0) }.filter { !$0.isEmpty }
        self.text = lines.joined(separator: ", ")
        for line in lines { try add(String(line), schema) }
        try chooseCondition(schema)
    }

    func accepts(_ cells: UnsafePointer<Double>) -> Bool { tests.allSatisfy { $0.test.accepts(cells[$0.column]) } }

    private mutating func add(_ line: String, _ schema: TableSchema) throws(GanError) {
        // Names may hold anything: the longest that fits is meant.
        var found: (column: Int, comparison: String, value: String)?
        for (index, column) in schema.columns.enumerated() where line.utf8.starts(with: column.name.utf8) {
            let rest = Text.trimmed(String(decoding: line.utf8.dropFirst(column.name.utf8.count), as: UTF8.self))
            guard let comparison = Self.operators.first(where: { rest.utf8.starts(with: $0.utf8) }) else { continue }
            if let other = found, schema.columns[other.column].name.utf8.count > column.name.utf8.count { continue }
            found = (index, comparison, String(Text.trimmed(String(decoding: rest.utf8.dropFirst(comparison.utf8.count), as: UTF8.self))))
        }
        guard let (index, comparison, value) = found else {
            guard let end = line.utf8.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "!") }) else {
                throw GanError(.invalidArgument, "What rows are to meet is COLUMN=VALUE, or with <, <=, >, >= or !=, and '\(Option.excerpt(line))' is not.")
            }
            _ = try schema.column(named: String(Text.trimmed(line[..<end])))
            throw GanError(.invalidArgument, "'\(Option.excerpt(line))' compares by none of =, !=, <, <=, > and >=.")
        }
        let column = schema.columns[index]
        let test: Test
        switch column.kind {
        case .categories(let categories): test = try Self.test(categories, column, comparison, value)
        case .quantity(let quantity): test = try Self.test(quantity, column, comparison, value)
        }
        tests.append((index, test))
    }

    private static func test(_ categories: Categories, _ column: TableColumn, _ comparison: String, _ value: String) throws(GanError) -> Test {
        let hasMissing = column.missingCount > 0
        // One place more for what is missing, whether the data had it or not.
        var allowed = [Bool](repeating: false, count: categories.names.count + 1)
        if comparison == "=" || comparison == "!=" {
            if value.isEmpty, hasMissing {
                allowed[categories.names.count] = true
            } else if let place = categories.names.firstIndex(of: value) {
                allowed[place] = true
            } else {
                let near = Text.nearestName(to: value, among: categories.names).map { "did you mean \(quoted($0))?" }
                let known = "it has " + categories.names.prefix(12).map { quoted($0) }.joined(separator: ", ") + (categories.names.count > 12 ? ", …." : ".")
                throw GanError(.unknownName, "The column \(quoted(column.name)) has no \(quoted(Option.excerpt(value))) in the data; \(near ?? known)")
            }
            if comparison == "!=" {
                for place in allowed.indices { allowed[place].toggle() }
                // What is missing is neither.
                if !value.isEmpty { allowed[categories.names.count] = false }
            }
            return .choices(allowed)
        }
        guard categories.areNumbers, let number = NumberForm.number(value) else {
            throw GanError(
                .invalidArgument, "The column \(quoted(column.name)) is of categories, which are equal (=) or not (!=); '\(comparison)\(Option.excerpt(value))' compares numbers.")
        }
        for (place, name) in categories.names.enumerated() {
            guard let own = NumberForm.number(name) else { continue }
            allowed[place] = comparison == "<" ? own < number : comparison == "<=" ? own <= number : comparison == ">" ? own > number : own >= number
        }
        return .choices(allowed)
    }

    private static func test(_ quantity: Quantity, _ column: TableColumn, _ comparison: String, _ value: String) throws(GanError) -> Test {
        if value.isEmpty, comparison == "=", column.missingCount > 0 { return .missing }
        guard let number = quantity.form.number(of: value) else {
            throw GanError(
                .invalidArgument, "The column \(quoted(column.name)) is a\(column.kindName == "integer" ? "n" : "") \(column.kindName), and \(quoted(Option.excerpt(value))) is none.")
        }
        let (low, high) = (quantity.minimum, quantity.maximum)
        let isPossible =
            switch comparison {
            case "=": number >= low && number <= high
            case "<": low < number
            case "<=": low <= number
            case ">": high > number
            case ">=": high >= number
            default: low != high || number != low
            }
        guard isPossible else {
            throw GanError(
                .outOfRange,
                "No row can meet \(column.name)\(comparison)\(value): the column is from \(quantity.form.text(low)) to \(quantity.form.text(high)) in the data, and so it is in what is made.")
        }
        switch comparison {
        case "=": return .equal(number)
        case "!=": return .unequal(number)
        case "<": return .less(number)
        case "<=": return .lessOrEqual(number)
        case ">": return .greater(number)
        default: return .greaterOrEqual(number)
        }
    }

    /// Of columns whose categories are asked for, the one that leaves the smallest share of rows.
    private mutating func chooseCondition(_ schema: TableSchema) throws(GanError) {
        var best = 1.0
        for index in Set(tests.map(\.column)).sorted() {
            guard case .categories = schema.columns[index].kind else { continue }
            let choices = schema.columns[index].choices
            let allowed = (0..<choices).filter { choice in
                let cell = choice < schema.columns[index].categoryCount ? Double(choice) : Double.nan
                return tests.allSatisfy { $0.column != index || $0.test.accepts(cell) }
            }
            guard !allowed.isEmpty else {
                throw GanError(.outOfRange, "No row can meet \(text): of the column \(quoted(schema.columns[index].name)) nothing is left.")
            }
            guard let first = schema.conditionPlaces[index] else { continue }
            let counts = allowed.map { schema.count(column: index, choice: $0) }
            let share = Double(counts.reduce(0, +)) / Double((0..<choices).reduce(0) { $0 + schema.count(column: index, choice: $1) })
            guard share < best else { continue }
            best = share
            conditions = TableSchema.spread(counts.map { Double($0) }).map { first + allowed[$0] }
        }
    }
}
