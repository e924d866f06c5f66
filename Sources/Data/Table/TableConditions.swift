// The conditions that a generator of rows can be given: each is a category of a column.

import Base

extension TableSchema {
    /// The column and the choice of a condition.
    public func choice(ofCondition index: Int) -> (column: Int, choice: Int)? {
        for column in conditionColumns {
            guard let first = conditionPlaces[column] else { continue }
            if index >= first, index < first + columns[column].choices { return (column, index - first) }
        }
        return nil
    }

    /// "column=category"
    public func conditionName(_ index: Int) -> String {
        guard let (column, choice) = choice(ofCondition: index) else { return String(index) }
        return "\(columns[column].name)=\(columns[column].text(choice < columns[column].categoryCount ? Double(choice) : .nan))"
    }

    /// How often a category occurs in the data.
    public func count(column: Int, choice: Int) -> Int {
        guard case .categories(let categories) = columns[column].kind else { return 0 }
        return categories.counts.indices.contains(choice) ? categories.counts[choice] : columns[column].missingCount
    }

    /// What rows are made under where nobody asks for anything: columns in turn, and their categories as often as the data have them. Evenly
    /// spaced numbers rather than chance stand for the shares, in an order in which neighbours are not alike.
    public var usualConditions: [Int] {
        let columns = conditionColumns
        guard !columns.isEmpty else { return [] }
        var lists: [[Int]] = []
        for column in columns {
            let first = conditionPlaces[column] ?? 0
            let counts = (0..<self.columns[column].choices).map { Double(count(column: column, choice: $0)) }
            lists.append(Self.spread(counts).map { first + $0 })
        }
        return (0..<Self.each * columns.count).map { index in lists[index % columns.count][index / columns.count] }
    }

    private static let each = 1021

    /// Choices as often as they are counted.
    public static func spread(_ counts: [Double]) -> [Int] {
        let total = counts.reduce(0, +)
        var list: [Int] = []
        var (choice, sum) = (0, counts.first ?? 0)
        for place in 0..<each {
            let wanted = (Double(place) + 0.5) / Double(each) * total
            while sum <= wanted, choice < counts.count - 1 {
                choice += 1
                sum += counts[choice]
            }
            list.append(choice)
        }
        // It is a prime, so steps of another number reach every place.
        return (0..<each).map { list[$0 * 379 % each] }
    }
}
