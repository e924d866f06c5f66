import Base
import Measures
import XCTest

/// Measures of rows of a table, against values that were counted by hand.
final class TableMeasureTests: XCTestCase {
    private func cells(_ rows: [[Double]], _ columns: [TableCells.Column]) throws -> TableCells {
        let cells = try TableCells(count: rows.count, columns: columns)
        for (i, value) in rows.joined().enumerated() { cells.buffer.pointer[i] = value }
        return cells
    }

    private func compared(_ samples: [[Double]], _ data: [[Double]], _ columns: [TableCells.Column]) throws -> Comparison {
        func observations(_ rows: [[Double]]) throws -> Observations {
            let features = rows.flatMap { $0.map { Float($0.isNaN ? -1 : $0) } }
            var observations = Observations(features: try Features(copying: features, count: rows.count, width: columns.count, of: "rows"))
            observations.rows = try cells(rows, columns)
            return observations
        }
        return try Comparison(samples: observations(samples), data: observations(data), Team(threads: 2))
    }

    private func value(_ comparison: Comparison, _ name: String) throws -> Double { try comparison.value(Measure.find(name)).value }

    func testColumns() throws {
        // Of 1 2 3 4 beside 3 4 5 6 half lies below 3, and none of the data.
        let numbers = try compared([[1], [2], [3], [4]], [[3], [4], [5], [6]], [.quantity])
        XCTAssertEqual(try value(numbers, "column-difference"), 0.5, accuracy: 1e-12)
        // Shares ½ ½ 0 beside ¼ ¼ ½.
        let words = try compared([[0], [1]], [[0], [1], [2], [2]], [.category(3)])
        XCTAssertEqual(try value(words, "column-difference"), 0.5, accuracy: 1e-12)
        // A quarter more is missing; of two columns the mean.
        let missing = try compared([[1, 0], [1, 0], [.nan, .nan], [.nan, 0]], [[1, 0], [1, 0], [1, 0], [.nan, 0]], [.quantity, .category(1)])
        XCTAssertEqual(try value(missing, "column-difference"), 0.25, accuracy: 1e-12)
    }

    func testPairs() throws {
        // Two columns that say the same, and two that know nothing of each other: Cramér's V is 1 and 0.
        let same: [[Double]] = (0..<40).map { (row: Int) -> [Double] in [Double(row % 2), Double(row % 2)] }
        let apart: [[Double]] = (0..<40).map { (row: Int) -> [Double] in [Double(row % 2), Double(row / 2 % 2)] }
        let columns: [TableCells.Column] = [.category(2), .category(2)]
        XCTAssertEqual(try value(compared(same, apart, columns), "pair-difference"), 1, accuracy: 1e-12)
        XCTAssertEqual(try value(compared(same, same, columns), "pair-difference"), 0, accuracy: 1e-12)
        // A quantity that a category decides.
        let decided: [[Double]] = (0..<40).map { (row: Int) -> [Double] in [Double(row % 2), Double(row % 2 * 100)] }
        let chance: [[Double]] = (0..<40).map { (row: Int) -> [Double] in [Double(row % 2), Double(row / 2 % 2 * 100)] }
        XCTAssertEqual(try value(compared(chance, decided, [.category(2), .quantity]), "pair-difference"), 1, accuracy: 1e-12)
    }

    func testCopies() throws {
        let data: [[Double]] = (0..<30).map { (row: Int) -> [Double] in [Double(row), Double(row * row % 7)] }
        let columns: [TableCells.Column] = [.quantity, .category(7)]
        XCTAssertEqual(try value(compared(data, data, columns), "exact-copies"), 1)
        XCTAssertEqual(try value(compared([data[3], [3, 1], [.nan, 2], data[9]], data, columns), "exact-copies"), 0.5)
        XCTAssertEqual(try value(compared(data, data, columns), "closest-record"), 0)
        let far = data.map { [$0[0] + 1000, $0[1]] }
        XCTAssertGreaterThan(try value(compared(far, data, columns), "closest-record"), 100)
    }

    func testWithoutRows() throws {
        let features = try Features(copying: [1, 2, 3, 4, 5, 6], count: 6, width: 1, of: "rows")
        let comparison = try Comparison(samples: Observations(features: features), data: Observations(features: features), Team(threads: 1))
        for measure in Measure.all where measure.needs == .rows {
            XCTAssertThrowsError(try comparison.value(measure)) { XCTAssertTrue("\($0)".contains("rows of a table") || "\($0)".contains("or more"), "\($0)") }
        }
    }
}
