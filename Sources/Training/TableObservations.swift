// Rows of tables as measures look at them: cells, and features whose distances mean something. A quantity is told in deviations of the
// data's, a category by a number for each, so that two that differ are as far apart as numbers that differ by one deviation.

import Base
import Data
import Measures

final class TableObservations {
    private let schema: TableSchema
    /// Of each column the first feature; of quantities also the data's mean and deviation.
    private var places: [Int] = []
    private var scales: [(mean: Double, deviation: Double)] = []
    private let width: Int

    /// - Parameter data: What is compared with.
    init(_ schema: TableSchema, data: TableCells) {
        self.schema = schema
        var next = 0
        for (index, column) in schema.columns.enumerated() {
            places.append(next)
            next += column.isQuantity ? 2 : column.categoryCount + 1
            var (sum, squares, count) = (0.0, 0.0, 0.0)
            for row in 0..<data.count {
                let cell = data.buffer.pointer[row * schema.columns.count + index]
                if cell.isNaN { continue }
                (sum, count) = (sum + cell, count + 1)
            }
            let mean = sum / max(count, 1)
            for row in 0..<data.count {
                let cell = data.buffer.pointer[row * schema.columns.count + index]
                if !cell.isNaN { squares += (cell - mean) * (cell - mean) }
            }
            scales.append((mean, (squares / max(count, 1)).squareRoot()))
        }
        width = next
    }

    private static func columns(_ schema: TableSchema) -> [TableCells.Column] {
        schema.columns.map { $0.isQuantity ? .quantity : .category(max($0.categoryCount, 1)) }
    }

    static func cells(_ rows: TableRows, _ items: UnsafeBufferPointer<Int>) throws(GanError) -> TableCells {
        let cells = try TableCells(count: items.count, columns: columns(rows.schema))
        for (place, item) in items.enumerated() {
            for column in rows.schema.columns.indices { cells.buffer.pointer[place * rows.schema.columns.count + column] = rows.cell(row: item, column: column) }
        }
        return cells
    }

    static func cells(_ sampler: Sampler, seed: UInt64, count: Int) throws(GanError) -> TableCells {
        let schema = try sampler.generator.tableSchema()
        let cells = try TableCells(count: count, columns: columns(schema))
        let width = schema.columns.count
        try sampler.rows(seed: seed, first: 0, count: count) { (row, values, _) in
            (cells.buffer.pointer + row * width).update(from: values, count: width)
        }
        return cells
    }

    func observations(_ cells: TableCells) throws(GanError) -> Observations {
        let features = try Features(count: cells.count, width: width, of: "features of rows")
        for row in 0..<cells.count {
            let to = features.row(row)
            for (index, column) in schema.columns.enumerated() {
                let cell = cells.buffer.pointer[row * schema.columns.count + index]
                if column.isQuantity {
                    let (mean, deviation) = scales[index]
                    to[places[index]] = cell.isNaN || deviation == 0 ? 0 : Float((cell - mean) / deviation)
                    to[places[index] + 1] = cell.isNaN ? 1 : 0
                } else {
                    let place = cell.isNaN ? column.categoryCount : min(max(Int(cell), 0), column.categoryCount)
                    to[places[index] + place] = 0.70710678
                }
            }
        }
        try features.check("the features of rows")
        var observations = Observations(features: features)
        observations.rows = cells
        return observations
    }
}

extension Evaluation {
    /// Rows that a generator makes, or others, beside those of the data.
    static func comparison(
        of samples: TableCells, _ data: TableRows, items: AlignedBuffer<Int>, threads: Int
    ) throws(GanError) -> Comparison {
        defer { withExtendedLifetime(items) {} }
        let theirs = try TableObservations.cells(data, UnsafeBufferPointer(items.buffer))
        let source = TableObservations(data.schema, data: theirs)
        return try Comparison(samples: source.observations(samples), data: source.observations(theirs), Team(threads: threads))
    }
}
