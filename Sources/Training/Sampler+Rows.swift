// Rows of a table out of a sampler: the network's numbers as cells, and those alone that meet what is asked of them.

import Base
import Data
import Recipes

/// What drawing rows needs besides the sampler.
final class RowDrawing {
    let schema: TableSchema
    var filter: RowFilter?
    /// Numbers of some rows as the network makes them, and the cells of one.
    let numbers: AlignedBuffer<Float>
    let cells: AlignedBuffer<Double>
    /// Where the last drawing of filtered rows ended: how many had met the question by the row of that number.
    var place: (seed: UInt64, met: Int64, made: Int64)?

    static let rows = 512

    init(_ schema: TableSchema) throws(GanError) {
        self.schema = schema
        numbers = try AlignedBuffer(count: Sizes.product(Self.rows, schema.width, of: "rows of a table"), for: "rows of a table")
        cells = try AlignedBuffer(count: schema.columns.count, for: "a row of a table")
    }

    /// The cells of a row, as `TableColumn.text` reads them.
    func decode(_ row: Int) {
        let values = numbers.pointer + row * schema.width
        for (index, column) in schema.columns.enumerated() {
            var choice = 0
            if let place = schema.choicePlaces[index] {
                for other in 1..<column.choices where values[place + other] > values[place + choice] { choice = other }
            }
            let isMissing = column.missingCount > 0 && choice == column.choices - 1
            switch column.kind {
            case .categories: cells.pointer[index] = isMissing ? .nan : Double(choice)
            case .quantity(let quantity):
                let place = values[schema.quantityPlaces[index] ?? 0]
                cells.pointer[index] = isMissing ? .nan : quantity.value(mode: choice, Double(place))
            }
        }
    }
}

extension Generator {
    /// What the columns of its rows are, where it makes rows of a table.
    public var schema: TableSchema? {
        // A file may speak of rows, and hold networks that make something else.
        guard options.choice(.recipe) == TableRecipe.name, case .table(let schema)? = fields.first(where: { $0.name == Field.row })?.kind else { return nil }
        return schema
    }

    /// - Throws: `.mismatch` where it makes something else.
    public func tableSchema() throws(GanError) -> TableSchema {
        if let schema { return schema }
        throw GanError(.mismatch, "The generator makes no rows of a table: it was trained by the recipe '\(options.choice(.recipe))', and not by 'table'.")
    }
}

extension Sampler {
    private func drawing() throws(GanError) -> RowDrawing {
        if let rowDrawing { return rowDrawing }
        _ = try generator.tableSchema()
        throw GanError(.internalError, "A sampler of rows without what they need.")
    }

    /// Asks rows to meet conditions, a line each; "" for any rows.
    public func setWhere(_ text: String) throws(GanError) {
        let drawing = try drawing()
        let filter = try RowFilter(text, drawing.schema)
        let conditions = filter.conditions
        let rows = try AlignedBuffer<Float>(count: conditions.count, for: "conditions")
        for (i, condition) in conditions.enumerated() { rows.pointer[i] = Float(condition) }
        asked = conditions.isEmpty ? nil : rows
        drawing.filter = filter.text.isEmpty ? nil : filter
        drawing.place = nil
    }

    /// Rows `first` … of those that meet what is asked, each handed to `body` as its cells, a number for each column.
    ///
    /// - Throws: `.outOfRange` where so few rows meet it that it is given up.
    public func rows(
        seed: UInt64, first: Int64, count: Int, _ body: (_ row: Int, _ cells: UnsafePointer<Double>, _ schema: TableSchema) throws(GanError) -> Void
    ) throws(GanError) {
        let drawing = try drawing()
        let cells = UnsafePointer(drawing.cells.pointer)
        guard let filter = drawing.filter else {
            var done = 0
            while done < count {
                let part = min(RowDrawing.rows, count - done)
                draw(seed: seed, first: first + Int64(done), count: part, into: drawing.numbers.pointer)
                for row in 0..<part {
                    drawing.decode(row)
                    try body(done + row, cells, drawing.schema)
                }
                done += part
            }
            return
        }
        // Row i is the i-th that meets the question, so those before are made too, unless they were just now.
        var (met, made): (Int64, Int64) = (0, 0)
        if let place = drawing.place, place.seed == seed, place.met <= first { (met, made) = (place.met, place.made) }
        let end = first + Int64(count)
        guard end <= Self.mostRows else {
            throw GanError(.outOfRange, "With conditions rows are counted up to \(Self.mostRows), and those up to \(end) were asked for.")
        }
        var (tries, found) = (0, 0)
        while met < end {
            guard tries < Self.mostTries || tries / Self.mostTries <= found else {
                throw GanError(
                    .outOfRange,
                    "Of \(tries) rows that were made \(found == 0 ? "none meets" : "\(found) meet") \(filter.text), too few to go on: ask for less, or train longer, or on data with more of such rows.")
            }
            draw(seed: seed, first: made, count: RowDrawing.rows, into: drawing.numbers.pointer)
            for row in 0..<RowDrawing.rows {
                drawing.decode(row)
                tries += 1
                made += 1
                guard filter.accepts(cells) else { continue }
                found += 1
                met += 1
                if met > first { try body(Int(met - 1 - first), cells, drawing.schema) }
                if met == end { break }
            }
            drawing.place = (seed, met, made)
        }
    }

    private static let mostRows: Int64 = 1_000_000_000
    /// So many rows are made for one that meets what is asked, at the most.
    private static let mostTries = 20_000

    /// Rows as comma-separated values with a line of the columns' names in front.
    public func writeCSV(seed: UInt64, first: Int64, count: Int, to path: String) throws(GanError) {
        let schema = try generator.tableSchema()
        let file = try AtomicFile(path: path)
        var piece: [UInt8] = []
        TableWriter.append(schema.columns.lazy.map(\.name), to: &piece)
        try rows(seed: seed, first: first, count: count) { (_, cells, schema) throws(GanError) in
            TableWriter.append(schema.columns.indices.lazy.map { schema.columns[$0].text(cells[$0]) }, to: &piece)
            if piece.count >= 1 << 16 {
                try Memory.check()
                try file.write(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        try file.write(piece)
        try file.commit()
    }
}
