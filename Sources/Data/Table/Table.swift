import Base

/// How a table is read: the options whose names begin with `table.`.
public struct TableOptions: Sendable {
    public enum Header: String, CaseIterable, Sendable {
        /// The first line names the columns unless it has a number or an empty cell.
        case auto
        case yes
        case no
    }

    /// Names of columns whose numbers are categories, and whose numbers are quantities, however many there are.
    public var categorical: [String] = []
    public var continuous: [String] = []
    /// Names of columns that are passed over.
    public var leftOut: [String] = []
    public var header = Header.auto

    public init() {}

    /// Names with commas between them.
    public static func names(_ text: String) -> [String] {
        text.split(separator: ",").map { String(Text.trimmed($0)) }.filter { !$0.isEmpty }
    }
}

/// Rows as they were read: columns of numbers, or of texts by their places in a list.
public final class Table: Sendable {
    public enum Cells: Sendable {
        /// Places in `names`; −1 where a cell is missing.
        case codes(AlignedBuffer<Int32>, names: [String])
        /// No number where a cell is missing.
        case numbers(AlignedBuffer<Double>, NumberForm)
    }

    public struct Column: Sendable {
        public let name: String
        public let cells: Cells
        public let missingCount: Int
        /// What missing cells held first.
        public let missingText: String
    }

    public let columns: [Column]
    public let count: Int
    /// What sentences call it.
    let name: String

    init(columns: [Column], count: Int, name: String) throws(GanError) {
        guard count >= 1 else { throw GanError(.badData, "\(name) has no rows.") }
        var known: Set<String> = []
        for column in columns where !known.insert(column.name).inserted {
            throw GanError(.badData, "\(name) has two columns called \(quoted(column.name)); every column has a name of its own.")
        }
        self.columns = columns
        self.count = count
        self.name = name
    }

    /// What the columns are, with the mixtures of their quantities.
    public func schema() throws(GanError) -> TableSchema {
        try TableSchema(columns.map { (column) throws(GanError) in
            let kind: TableColumn.Kind
            switch column.cells {
            case .codes(let codes, let names):
                var counts = [Int](repeating: 0, count: names.count)
                for code in codes.buffer where code >= 0 { counts[Int(code)] += 1 }
                kind = .categories(Categories(names: names, counts: counts))
            case .numbers(let numbers, let form): kind = .quantity(try GaussianMixture.quantity(of: numbers, form: form))
            }
            return TableColumn(name: column.name, kind: kind, missingCount: column.missingCount, missingText: column.missingText)
        })
    }
}
