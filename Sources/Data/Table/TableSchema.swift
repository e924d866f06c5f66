// What the columns of a table are, as far as rows can be made of it without the data: names, kinds, categories, mixtures, and how
// numbers are written. It is part of every checkpoint of the recipe `table`.

import Base

/// A column of quantities, as the normal distributions that its numbers are told by ("mode-specific normalisation", Xu et al. 1907.00503,
/// section 4.2): which of them a number belongs to, and how far from its centre it lies.
public struct Quantity: Hashable, Sendable {
    public struct Mode: Hashable, Sendable {
        public let weight: Double
        public let mean: Double
        /// 0 where the mode is one number, which many rows have.
        public let deviation: Double

        public init(weight: Double, mean: Double, deviation: Double) {
            self.weight = weight
            self.mean = mean
            self.deviation = deviation
        }
    }

    public let form: NumberForm
    public let minimum: Double
    public let maximum: Double
    public let modes: [Mode]

    public init(form: NumberForm, minimum: Double, maximum: Double, modes: [Mode]) {
        self.form = form
        self.minimum = minimum
        self.maximum = maximum
        self.modes = modes
    }

    /// How many deviations lie between the centre of a mode and the numbers −1 and 1.
    static let reach = 4.0

    /// The number that is so far from the centre of a mode, −1 … 1, within the range of the data and as they write it.
    public func value(mode: Int, _ place: Double) -> Double {
        guard modes.indices.contains(mode) else { return minimum }
        let raw = modes[mode].mean + (modes[mode].deviation > 0 ? place * Self.reach * modes[mode].deviation : 0)
        return form.rounded(min(max(raw, minimum), maximum))
    }
}

/// A column of which each cell is one of few texts.
public struct Categories: Hashable, Sendable {
    public let names: [String]
    /// How many rows of the data have each.
    public let counts: [Int]
    /// Whether all names are numbers.
    public let areNumbers: Bool

    public init(names: [String], counts: [Int]) {
        self.names = names
        self.counts = counts
        areNumbers = !names.isEmpty && names.allSatisfy { NumberForm.number($0) != nil }
    }
}

public struct TableColumn: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case categories(Categories)
        case quantity(Quantity)
    }

    public let name: String
    public let kind: Kind
    /// How many cells of the data were empty, or said so.
    public let missingCount: Int
    /// What those cells held.
    public let missingText: String

    public init(name: String, kind: Kind, missingCount: Int, missingText: String) {
        self.name = name
        self.kind = kind
        self.missingCount = missingCount
        self.missingText = missingText
    }

    /// How many categories or modes there are, the missing value as one of them.
    public var choices: Int {
        let known =
            switch kind {
            case .categories(let categories): categories.names.count
            case .quantity(let quantity): quantity.modes.count
            }
        return known + (missingCount > 0 ? 1 : 0)
    }

    public var isQuantity: Bool {
        if case .quantity = kind { return true }
        return false
    }

    /// "category", "integer", "real" or "date".
    public var kindName: String {
        switch kind {
        case .categories: "category"
        case .quantity(let quantity): quantity.form.kindName
        }
    }

    /// How many categories there are; 0 of a quantity.
    public var categoryCount: Int {
        if case .categories(let categories) = kind { return categories.names.count }
        return 0
    }

    /// A cell as text. Cells are told as numbers: of a category its place among them, of a date the seconds since 1970; what is missing is no
    /// number.
    public func text(_ cell: Double) -> String {
        guard cell.isFinite else { return missingText }
        switch kind {
        case .categories(let categories):
            guard let place = Int(exactly: cell), categories.names.indices.contains(place) else { return missingText }
            return categories.names[place]
        case .quantity(let quantity): return quantity.form.text(cell)
        }
    }
}

public struct TableSchema: Hashable, Sendable {
    public let columns: [TableColumn]
    /// Where in a row of numbers a column's choice begins, one number for each; nil where there is one choice alone.
    public let choicePlaces: [Int?]
    /// Where in a row of numbers a quantity's distance from the centre of its mode is.
    public let quantityPlaces: [Int?]
    /// The first of the conditions that a column of categories makes, one for each of its choices; nil where it makes none.
    public let conditionPlaces: [Int?]
    public let quantityCount: Int
    public let conditionCount: Int
    /// Numbers of a row as the networks see it: all quantities' distances first, then all choices.
    public let width: Int

    public static let mostCategories = 1000
    public static let mostColumns = 1024
    static let mostChoices = 4096

    /// - Throws: `.outOfRange` for a table with too many columns or categories, `.badData` for one that has nothing to learn.
    public init(_ columns: [TableColumn]) throws(GanError) {
        guard !columns.isEmpty, columns.count <= Self.mostColumns else {
            throw GanError(.outOfRange, "The table has \(columns.count) columns; 1 to \(Self.mostColumns) were expected.")
        }
        self.columns = columns
        let quantities = columns.count { $0.isQuantity }
        var next = quantities
        var (choicePlaces, quantityPlaces, conditionPlaces): ([Int?], [Int?], [Int?]) = ([], [], [])
        var (quantity, condition) = (0, 0)
        for column in columns {
            let choices = column.choices
            choicePlaces.append(choices > 1 ? next : nil)
            quantityPlaces.append(column.isQuantity ? quantity : nil)
            conditionPlaces.append(!column.isQuantity && choices > 1 ? condition : nil)
            if choices > 1 { next += choices }
            if column.isQuantity { quantity += 1 } else if choices > 1 { condition += choices }
            guard next <= Self.mostChoices else {
                throw GanError(
                    .outOfRange,
                    "The columns of the table have more than \(Self.mostChoices) categories together; leave those with the most out (table.leave-out), or tell numbers as quantities (table.continuous).")
            }
        }
        guard next > 0 else { throw GanError(.badData, "Every column of the table has one value alone, of which there is nothing to learn.") }
        self.choicePlaces = choicePlaces
        self.quantityPlaces = quantityPlaces
        self.conditionPlaces = conditionPlaces
        quantityCount = quantities
        conditionCount = condition
        width = next
    }

    /// The columns whose categories are conditions.
    public var conditionColumns: [Int] { columns.indices.filter { conditionPlaces[$0] != nil } }

    /// The place of the column of that name.
    /// - Throws: `.unknownName` with the nearest name.
    public func column(named name: String) throws(GanError) -> Int {
        if let index = columns.firstIndex(where: { $0.name == name }) { return index }
        throw Self.unknown(name, among: columns.map(\.name))
    }

    static func unknown(_ name: String, among names: [String]) -> GanError {
        let near = Text.nearestName(to: name, among: names).map { "did you mean \(quoted($0))?" }
        let all = names.prefix(12).map { quoted($0) }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
        return GanError(.unknownName, "The table has no column \(quoted(name)); \(near ?? "it has \(all).")")
    }
}
