// A schema as lines of text, as checkpoints keep it, and back. What comes back is checked: a file may say anything.

import Base

extension TableSchema {
    public var lines: [String] { columns.flatMap(\.lines) }

    /// Takes the lines of so many columns from the front; nil where they are none.
    public init?(_ lines: inout ArraySlice<String>, columns count: Int) {
        var columns: [TableColumn] = []
        for _ in 0..<count {
            guard let column = TableColumn(&lines), !columns.contains(where: { $0.name == column.name }) else { return nil }
            columns.append(column)
        }
        do { try self.init(columns) } catch { return nil }
    }
}

extension NumberForm {
    fileprivate var word: String {
        switch self {
        case .integer: "integer"
        case .real(let decimals, let isFixed): "\(isFixed ? "fixed" : "real")-\(decimals)"
        case .general: "general"
        case .date(let form): "date-\(form.precision.rawValue)-\(form.hasT ? 1 : 0)\(form.hasZ ? 1 : 0)"
        }
    }

    fileprivate init?(word: Substring) {
        let parts = word.split(separator: "-")
        switch (parts.first, parts.count) {
        case ("integer", 1): self = .integer
        case ("general", 1): self = .general
        case ("real", 2), ("fixed", 2):
            guard let decimals = Text.uint64(String(parts[1])), decimals <= 15 else { return nil }
            self = .real(decimals: Int(decimals), isFixed: parts[0] == "fixed")
        case ("date", 3):
            guard let seconds = Text.uint64(String(parts[1])).flatMap({ Int(exactly: $0) }), let precision = DateForm.Precision(rawValue: seconds),
                ["00", "01", "10", "11"].contains(parts[2])
            else { return nil }
            self = .date(DateForm(precision: precision, hasT: parts[2].first == "1", hasZ: parts[2].last == "1"))
        default: return nil
        }
    }
}

extension TableColumn {
    /// What it is and how much of it there is; its name; what a missing cell holds; then its categories or modes, a line each.
    fileprivate var lines: [String] {
        let names = [Self.line(name), Self.line(missingText)]
        switch kind {
        case .categories(let categories):
            return ["categories \(missingCount) \(categories.names.count)"] + names
                + zip(categories.counts, categories.names).map { "\($0) \(Self.line($1))" }
        case .quantity(let quantity):
            let range = "\(Text.format(quantity.minimum)) \(Text.format(quantity.maximum))"
            return ["quantity \(missingCount) \(quantity.modes.count) \(quantity.form.word) \(range)"] + names
                + quantity.modes.map { "\(Text.format($0.weight)) \(Text.format($0.mean)) \(Text.format($0.deviation))" }
        }
    }

    fileprivate init?(_ lines: inout ArraySlice<String>) {
        guard let words = lines.popFirst()?.split(separator: " "), words.count >= 3, let name = lines.popFirst(), let missing = lines.popFirst(),
            let missingCount = Self.count(words[1]), let count = Self.count(words[2]), count <= lines.count
        else { return nil }
        let own = lines.prefix(count)
        lines = lines.dropFirst(count)
        let kind: Kind
        switch (words[0], words.count) {
        case ("categories", 3):
            guard count <= TableSchema.mostCategories else { return nil }
            var (names, counts): ([String], [Int]) = ([], [])
            for line in own {
                let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let rows = Self.count(parts[0]) else { return nil }
                counts.append(rows)
                names.append(Self.text(parts[1]))
            }
            guard Set(names).count == count else { return nil }
            kind = .categories(Categories(names: names, counts: counts))
        case ("quantity", 6):
            guard (1...64).contains(count), let form = NumberForm(word: words[3]), let low = Text.double(String(words[4])),
                let high = Text.double(String(words[5])), low <= high, max(abs(low), abs(high)) <= 1e30
            else { return nil }
            var modes: [Quantity.Mode] = []
            for line in own {
                let numbers = line.split(separator: " ").compactMap { Text.double(String($0)) }
                guard numbers.count == 3, numbers[0] >= 0, numbers[0] <= 1, abs(numbers[1]) <= 1e30, numbers[2] >= 0, numbers[2] <= 1e30 else { return nil }
                modes.append(Quantity.Mode(weight: numbers[0], mean: numbers[1], deviation: numbers[2]))
            }
            kind = .quantity(Quantity(form: form, minimum: low, maximum: high, modes: modes))
        default: return nil
        }
        self.init(name: Self.text(name), kind: kind, missingCount: missingCount, missingText: Self.text(missing))
    }

    private static func count(_ text: Substring) -> Int? {
        Text.uint64(String(text)).flatMap { Int(exactly: $0) }.flatMap { $0 <= 1 << 40 ? $0 : nil }
    }

    // A line end and a backslash are written with a backslash, since names may have either.

    private static func line(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func text(_ line: some StringProtocol) -> String {
        var result = ""
        var isMarked = false
        for scalar in line.unicodeScalars {
            if isMarked {
                result.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
                isMarked = false
            } else if scalar == "\\" { isMarked = true } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
