// The fields of a training's data, in a checkpoint. What the first version could train has pictures alone, whose size is in the
// options; labels beside them are a text "label", and whatever else there is makes a text "fields" of all of them. Both make the file
// one of format version 2.

import Base
import Checkpoint
import Data
import Recipes

extension Dataset {
    /// The fields that steps read: what a training can be continued on, and drawn with.
    func fields(readBy steps: StepGraphs) -> [Field] {
        let names = Set(steps.graphs.flatMap(\.pieces).flatMap { $0.fields.map(\.name) })
        return fields.filter { names.contains($0.name) }
    }

    /// - Throws: `.mismatch` for fields that have nothing to do with each other, where the recipe takes them for one item's.
    func checkOrders(of used: [Field], _ recipe: any Recipe.Type) throws(GanError) {
        var first: (name: String, order: Int)?
        for (field, order) in zip(fields, orders) where used.contains(field) {
            guard let (name, own) = first, own != order, !recipe.readsApart else {
                first = first ?? (field.name, order)
                continue
            }
            throw GanError(
                .mismatch,
                "The recipe '\(recipe.name)' learns from items whose parts belong together, and '\(name)' and '\(field.name)' are of data sets with an order each: combine them as pairs.")
        }
    }

    /// The order in which each of the data sets is taken; the first is that of a dataset alone, of which some items may be held out.
    public func batchOrders(batch: Int, seed: UInt64, shuffles: Bool, split: DataSplit) throws(GanError) -> [BatchOrder] {
        let draws = try rows.flatMap { (rows) throws(GanError) in try TableDraws(rows) }
        var orders = [try BatchOrder(count: split.takenCount, batch: batch, seed: seed, shuffles: shuffles, items: split.taken, draws: draws)]
        for (index, count) in orderCounts.enumerated().dropFirst() {
            guard count >= batch else {
                let name = zip(fields, self.orders).first { $0.1 == index }?.0.name ?? ""
                throw GanError(
                    .badData, "The dataset '\(name)' has \(count) items, fewer than the \(batch) of a batch; set batch-size to at most \(count).")
            }
            // An odd number, so that no two have the same seed.
            let own = seed &+ UInt64(index) &* 0xD134_2543_DE82_EF95
            orders.append(try BatchOrder(count: count, batch: batch, seed: own, shuffles: shuffles))
        }
        return orders
    }
}

extension Field {
    /// Whether data with this field can take the place of data with the other.
    func agrees(with other: Field) -> Bool {
        guard name == other.name, units == other.units else { return false }
        switch (kind, other.kind) {
        case (.values(let a), .values(let b)): return a == b
        case (.label(let a, _), .label(let b, _)): return a == b
        case (.tags(let a, _), .tags(let b, _)): return a == b
        case (.text(let a, let these, _), .text(let b, let those, _)): return a == b && these == those
        case (.table(let a), .table(let b)): return a == b
        default: return false
        }
    }

    // MARK: As lines

    /// What kind it is and its name, and what there is of either kind; then its names, a line each.
    fileprivate var lines: [String] {
        switch kind {
        case .values(let axes):
            let range = units.map { ["units", Text.format($0.minimum), Text.format($0.maximum)] } ?? []
            return [(["values", name] + axes.map { String($0) } + range).joined(separator: " ")]
        case .label(let classes, let names):
            return ["label \(name) \(classes) \(names.count)"] + names
        case .tags(let names, let examples):
            return ["tags \(name) \(names.count) \(examples.count)"] + names + examples.map { row in String(row.map { $0 == 0 ? "0" : "1" }) }
        case .text(let length, let characters, let examples):
            return ["text \(name) \(length) \(characters.count) \(examples.count)", characters.map { String($0.value, radix: 16) }.joined(separator: " ")]
                + examples.map { row in row.prefix { $0 != 0 }.map { String($0) }.joined(separator: " ") }
        case .table(let schema): return ["table \(name) \(schema.columns.count)"] + schema.lines
        }
    }

    /// Takes a field's lines from the front; nil where they are none.
    fileprivate init?(_ lines: inout ArraySlice<String>) {
        guard let words = lines.popFirst()?.split(separator: " ").map({ String($0) }), words.count >= 3 else { return nil }
        let name = words[1]
        func number(_ place: Int, _ range: ClosedRange<Int>) -> Int? {
            guard words.indices.contains(place), let value = Text.int64(words[place]).flatMap({ Int(exactly: $0) }) else { return nil }
            return range.contains(value) ? value : nil
        }
        func names(_ count: Int) -> [String]? {
            guard lines.count >= count else { return nil }
            defer { lines = lines.dropFirst(count) }
            return Array(lines.prefix(count))
        }
        switch words[0] {
        case "values":
            let mark = words.firstIndex(of: "units") ?? words.count
            let axes = (2..<max(mark, 2)).compactMap { number($0, 1...Int(Int32.max)) }
            guard axes.count == mark - 2, (1...5).contains(axes.count), mark == words.count || mark + 3 == words.count,
                (try? ImageShape(folding: axes)) != nil
            else { return nil }
            var units: ValueRange?
            if mark < words.count {
                guard let low = Text.float(words[mark + 1]), let high = Text.float(words[mark + 2]),
                    let range = ValueRange(minimum: low, maximum: high)
                else { return nil }
                units = range
            }
            self.init(name, .values(axes), units: units)
        case "label":
            guard let classes = number(2, 1...Int(Int32.max)), let count = number(3, 0...classes), count == 0 || count == classes,
                let names = names(count)
            else { return nil }
            self.init(name, .label(classes: classes, names: names))
        case "tags":
            guard let count = number(2, 1...4096), let examples = number(3, 1...1 << 16), let names = names(count) else { return nil }
            var rows: [[UInt8]] = []
            for _ in 0..<examples {
                guard let line = lines.popFirst(), line.utf8.count == count,
                    line.utf8.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") })
                else { return nil }
                rows.append(line.utf8.map { $0 - UInt8(ascii: "0") })
            }
            self.init(name, .tags(names, examples: rows))
        case "text":
            guard let length = number(2, 1...4096), let count = number(3, 0...1 << 16), let line = lines.popFirst() else { return nil }
            let characters = line.split(separator: " ").compactMap { UInt32($0, radix: 16).flatMap { Unicode.Scalar($0) } }
            guard characters.count == count, let examples = number(4, 0...Column.mostTextExamples), lines.count >= examples else { return nil }
            var rows: [[Int32]] = []
            for _ in 0..<examples {
                let row = lines.popFirst()?.split(separator: " ").compactMap { Text.int64(String($0)).flatMap { Int32(exactly: $0) } } ?? []
                guard row.count <= length, row.allSatisfy({ $0 >= 1 && $0 < count + 2 }) else { return nil }
                rows.append(row + [Int32](repeating: 0, count: length - row.count))
            }
            self.init(name, .text(length: length, characters: characters, examples: rows))
        case "table":
            guard let count = number(2, 1...TableSchema.mostColumns), let schema = TableSchema(&lines, columns: count) else { return nil }
            self.init(name, .table(schema))
        default: return nil
        }
    }
}

extension [Field] {
    private static let key = "label"
    private static let allKey = "fields"

    /// - Parameter image: What the options say of pictures.
    init(checkpoint metadata: CheckpointMetadata, image: ImageShape) throws(GanError) {
        if let text = metadata.others[Self.allKey] {
            self = try Self.parse(text)
            for field in self {
                if case .table(let schema) = field.kind, try ImageShape(folding: [schema.width]) != image {
                    throw GanError(.badFormat, "The checkpoint's options say that its rows are \(image.elements) numbers, and its text \"\(Self.allKey)\" that they are \(schema.width).")
                }
                guard case .values(let axes) = field.kind, field.name == Field.image, try ImageShape(folding: axes) != image else { continue }
                throw GanError(.badFormat, "The checkpoint's options say that its images are \(image), and its text \"\(Self.allKey)\" that they are \(field.sentence).")
            }
            return
        }
        self = [Field(Field.image, .values(image.axes))]
        guard let text = metadata.others[Self.key] else { return }
        // The number of classes, then their names, a line each where there are names.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard let first = lines.first, let classes = Text.int64(first).flatMap({ Int(exactly: $0) }), classes > 0, classes <= Int(Int32.max),
            lines.count == 1 || lines.count == classes + 1
        else { throw GanError(.badFormat, "The checkpoint's text \"\(Self.key)\" is no number of classes with as many names, or none, behind it.") }
        append(Field(Field.label, .label(classes: classes, names: Array<String>(lines.dropFirst()))))
    }

    private static func parse(_ text: String) throws(GanError) -> [Field] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }[...]
        var fields: [Field] = []
        while !lines.isEmpty {
            guard let field = Field(&lines), !fields.contains(where: { $0.name == field.name }), fields.count < 1024 else {
                throw GanError(.badFormat, "The checkpoint's text \"\(allKey)\" does not say which fields its data had.")
            }
            fields.append(field)
        }
        return fields
    }

    /// What a checkpoint keeps of them besides the options.
    var checkpointTexts: [String: String] {
        func isImage(_ field: Field) -> Bool {
            if case .values(let axes) = field.kind { return field.name == Field.image && axes.count == 3 && field.units == nil }
            return false
        }
        if count == 1, isImage(self[0]) { return [:] }
        if count == 2, isImage(self[0]), self[1].name == Field.label, case .label(let classes, let names) = self[1].kind {
            return [Self.key: ([String(classes)] + names).joined(separator: "\n")]
        }
        return isEmpty ? [:] : [Self.allKey: flatMap(\.lines).joined(separator: "\n")]
    }
}

extension OptionValues {
    /// What a checkpoint of a training with these options says about itself. The first version reads whatever it could have trained.
    func checkpointMetadata(_ kind: CheckpointMetadata.Kind, fields: [Field], step: Int64) -> CheckpointMetadata {
        let texts = fields.checkpointTexts
        let isOriginal = texts.isEmpty && canonicalPairs().allSatisfy { pair in
            OptionTable.all.contains { $0.name == pair.name && $0.takesOriginally(pair.value) }
        }
        return CheckpointMetadata(
            kind: kind, options: checkpointOptions, seed: UInt64(integer(.seed)), step: Int(step), others: texts, version: isOriginal ? 1 : 2)
    }
}

extension Option {
    /// Whether the first version knew the option and this value of it.
    fileprivate func takesOriginally(_ text: String) -> Bool {
        if !isOriginal { return false }
        if name == Choices.preset.option.name { return ["mlp", "dcgan"].contains(text) }
        if name == Choices.loss.option.name { return ["non-saturating", "minimax"].contains(text) }
        return true
    }
}
