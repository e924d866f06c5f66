// A table as the numbers that networks learn from, by a schema: which choice each cell is, and how far a quantity lies from the centre of
// its mode. Which mode a number belongs to that several may have made is drawn once, by what each has to do with it (Xu et al. 1907.00503,
// section 4.2); the draw is a function of the row and the column.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

public final class TableRows: Sendable {
    public let table: Table
    public let schema: TableSchema
    /// [rows, columns]: the choice of each cell.
    private let choices: AlignedBuffer<UInt16>
    /// [rows, quantities]: from −1 to 1.
    private let places: AlignedBuffer<Float>

    /// - Throws: `.mismatch` for a table with other columns, or with a text that the schema does not have.
    init(_ table: Table, _ schema: TableSchema) throws(GanError) {
        self.table = table
        self.schema = schema
        let rows = table.count
        choices = try AlignedBuffer(count: Sizes.product(rows, schema.columns.count, of: "the rows of a table"), for: "the rows of a table")
        places = try AlignedBuffer(count: Sizes.product(rows, schema.quantityCount, of: "the rows of a table"), for: "the rows of a table")
        for (index, column) in schema.columns.enumerated() {
            guard let own = table.columns.first(where: { $0.name == column.name }) else {
                throw GanError(.mismatch, "\(table.name) has no column \(quoted(column.name)), which the training's data had.")
            }
            switch column.kind {
            case .categories(let categories): try encode(own, index, categories, column)
            case .quantity(let quantity): try encode(own, index, quantity, column)
            }
        }
        if let other = table.columns.first(where: { own in !schema.columns.contains { $0.name == own.name } }) {
            throw GanError(
                .mismatch,
                "\(table.name) has a column \(quoted(other.name)), which the training's data had not; leave it out (table.leave-out).")
        }
    }

    /// What a missing cell is.
    private func missing(_ column: TableColumn, row: Int) throws(GanError) -> UInt16 {
        guard column.missingCount > 0 else {
            throw GanError(.mismatch, "The column \(quoted(column.name)) of \(table.name) has no value in row \(row + 1), and in the training's data it had one everywhere.")
        }
        return UInt16(column.choices - 1)
    }

    private func encode(_ own: Table.Column, _ index: Int, _ categories: Categories, _ column: TableColumn) throws(GanError) {
        var known: [String: UInt16] = [:]
        for (place, name) in categories.names.enumerated() { known[name] = UInt16(place) }
        let width = schema.columns.count
        func refusal(_ text: String, _ row: Int) -> GanError {
            GanError(.mismatch, "The column \(quoted(column.name)) of \(table.name) has \(quoted(text)) in row \(row + 1), which the training's data had nowhere.")
        }
        switch own.cells {
        case .codes(let codes, let names):
            let places = names.map { known[$0] }
            for row in 0..<table.count {
                let code = Int(codes.pointer[row])
                if code < 0 {
                    choices.pointer[row * width + index] = try missing(column, row: row)
                } else if let place = places[code] {
                    choices.pointer[row * width + index] = place
                } else { throw refusal(names[code], row) }
            }
        case .numbers(let numbers, let form):
            // The same numbers, more of them: those that were categories are told by their values.
            var byValue: [Double: UInt16] = [:]
            for (place, name) in categories.names.enumerated() { if let value = form.number(of: name) ?? NumberForm.number(name) { byValue[value] = UInt16(place) } }
            for row in 0..<table.count {
                let value = numbers.pointer[row]
                if value.isNaN {
                    choices.pointer[row * width + index] = try missing(column, row: row)
                } else if let place = byValue[value] {
                    choices.pointer[row * width + index] = place
                } else { throw refusal(form.text(value), row) }
            }
        }
    }

    private func encode(_ own: Table.Column, _ index: Int, _ quantity: Quantity, _ column: TableColumn) throws(GanError) {
        let place = schema.quantityPlaces[index] ?? 0
        let (width, quantities) = (schema.columns.count, schema.quantityCount)
        let numberOf: [Double]
        switch own.cells {
        case .codes(_, let names):
            var values: [Double] = []
            for name in names {
                guard let value = NumberForm.number(name) ?? NumberForm.date(name)?.seconds else {
                    throw GanError(.mismatch, "The column \(quoted(column.name)) of \(table.name) has \(quoted(name)), and in the training's data it was a \(column.kindName).")
                }
                values.append(value)
            }
            numberOf = values
        case .numbers: numberOf = []
        }
        var shares = [Double](repeating: 0, count: quantity.modes.count)
        for row in 0..<table.count {
            let value: Double
            switch own.cells {
            case .codes(let codes, _): value = codes.pointer[row] < 0 ? .nan : numberOf[Int(codes.pointer[row])]
            case .numbers(let numbers, _): value = numbers.pointer[row]
            }
            if value.isNaN {
                choices.pointer[row * width + index] = try missing(column, row: row)
                continue
            }
            let mode = Self.mode(of: value, quantity, &shares, row: row, column: index)
            choices.pointer[row * width + index] = UInt16(mode)
            let (mean, deviation) = (quantity.modes[mode].mean, quantity.modes[mode].deviation)
            if deviation > 0 { places.pointer[row * quantities + place] = Float(min(max((value - mean) / (Quantity.reach * deviation), -0.99), 0.99)) }
        }
    }

    /// The mode that a number is told by.
    private static func mode(of value: Double, _ quantity: Quantity, _ shares: inout [Double], row: Int, column: Int) -> Int {
        var largest = -Double.infinity
        for (k, mode) in quantity.modes.enumerated() {
            if mode.deviation == 0 {
                if mode.mean == value { return k }
                shares[k] = -.infinity
                continue
            }
            let distance = (value - mode.mean) / mode.deviation
            shares[k] = log(mode.weight / mode.deviation) - 0.5 * distance * distance
            largest = max(largest, shares[k])
        }
        // Of data that the mixture was not found from, and that has numbers alone: the nearest.
        guard largest.isFinite else {
            return quantity.modes.indices.min { abs(quantity.modes[$0].mean - value) < abs(quantity.modes[$1].mean - value) } ?? 0
        }
        var sum = 0.0
        for k in shares.indices {
            shares[k] = exp(shares[k] - largest)
            sum += shares[k]
        }
        var random = CountedRandom(UInt64(column), UInt64(row))
        var left = random.uniform() * sum
        for k in shares.indices where shares[k] > 0 {
            left -= shares[k]
            if left < 0 { return k }
        }
        return shares.indices.last { shares[$0] > 0 } ?? 0
    }

    public var count: Int { table.count }

    /// A cell as `TableColumn.text` reads it.
    public func cell(row: Int, column index: Int) -> Double {
        let column = schema.columns[index]
        let choice = choice(row: row, column: index)
        if column.missingCount > 0, choice == column.choices - 1 { return .nan }
        guard case .quantity(let quantity) = column.kind else { return Double(choice) }
        guard let own = table.columns.first(where: { $0.name == column.name }) else { return .nan }
        switch own.cells {
        case .numbers(let numbers, _): return numbers.pointer[row]
        case .codes(let codes, let names):
            let code = Int(codes.pointer[row])
            return names.indices.contains(code) ? quantity.form.number(of: names[code]) ?? .nan : .nan
        }
    }

    func choice(row: Int, column: Int) -> Int { Int(choices.pointer[row * schema.columns.count + column]) }

    /// Writes a row as the networks see it: `schema.width` numbers.
    func write(row: Int, to values: UnsafeMutablePointer<Float>) {
        let (width, quantities) = (schema.columns.count, schema.quantityCount)
        (values + quantities).update(repeating: 0, count: schema.width - quantities)
        for quantity in 0..<quantities { values[quantity] = places.pointer[row * quantities + quantity] }
        for column in 0..<width {
            if let place = schema.choicePlaces[column] { values[place + Int(choices.pointer[row * width + column])] = 1 }
        }
    }

    /// A checksum of all that `write` writes.
    var fingerprint: UInt32 {
        let check = Checksum.crc32(UnsafeRawBufferPointer(choices.buffer))
        return Checksum.crc32(UnsafeRawBufferPointer(places.buffer), continuing: check)
    }
}
