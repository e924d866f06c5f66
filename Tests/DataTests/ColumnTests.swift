import Base
import Data
import XCTest

/// Columns of every kind, their texts and numbers, and data sets made of others.
final class ColumnTests: XCTestCase {
    private func images(_ values: [UInt8]) throws -> Dataset {
        try Dataset.fromBytes(values, count: values.count, shape: ImageShape(height: 1, width: 1, channels: 1), labels: nil, classes: 0, ownership: .copy)
    }

    private func numbers(_ data: Dataset, _ name: String, _ rows: [Int], low: Float = 0, high: Float = 1) throws -> [Float] {
        let column = try XCTUnwrap(data.column(name)?.column)
        var values = [Float](repeating: .nan, count: rows.count * column.elements)
        try rows.withUnsafeBufferPointer { rows in
            try values.withUnsafeMutableBufferPointer { try column.copyBatch(rows: rows, into: $0.baseAddress!, rangeLow: low, rangeHigh: high) }
        }
        return values
    }

    func testColumnsAreAdded() throws {
        var data = try images([10, 20, 30])
        data = try data.adding(Column.labels([1, 0, 1], count: 3, classes: 0, names: ["no", "yes"], name: "label"))
        data = try data.adding(Column.tags([0, 1, 2, 0, 0, 0], count: 3, names: ["a", "b"], name: "tags"))
        data = try data.adding(Column.texts(["hé", "", "é"], length: 4, name: "text"))
        XCTAssertEqual(data.fields.map(\.name), ["image", "label", "tags", "text"])
        XCTAssertEqual(data.labelArray, [1, 0, 1])
        XCTAssertEqual(data.className(1), "yes")
        XCTAssertEqual(try numbers(data, "tags", [1, 0], low: -1, high: 1), [1, -1, -1, 1], "scaled as asked")
        XCTAssertEqual(try numbers(data, "text", [0, 2]), [2, 3, 0, 0, 3, 0, 0, 0])
        XCTAssertEqual(data.columns[3].text(0), "hé")
        XCTAssertEqual((0..<4).map { data.columns[3].className($0) }, ["", "\u{FFFD}", "h", "é"])
        assertFails(.mismatch, "'tags'") { _ = try data.adding(Column.tags([0, 1, 1], count: 3, names: ["a"], name: "tags")) }
        assertFails(.mismatch, "2 items", "3") { _ = try data.adding(Column.tags([0, 1], count: 2, names: ["a"], name: "more")) }
    }

    func testWhatColumnsRefuse() throws {
        assertFails(.badData, "label of item 1", "2") { _ = try Column.labels([0, 2], count: 2, classes: 2, names: [], name: "label") }
        assertFails(.mismatch, "2 names for 3 classes") { _ = try Column.labels([0], count: 1, classes: 3, names: ["a", "b"], name: "label") }
        for name in ["", "a b", "a\nb", "é", String(repeating: "x", count: 65)] {
            assertFails(.invalidArgument, "cannot be called") { _ = try Column.labels([0], count: 1, classes: 0, names: [], name: name) }
        }
        assertFails(.badData, "twice") { _ = try Column.tags([0, 1], count: 1, names: ["a", "a"], name: "tags") }
        assertFails(.badData, "cannot be called") { _ = try Column.tags([0], count: 1, names: ["a,b"], name: "tags") }
        assertFails(.outOfRange, "0 tags") { _ = try Column.tags([], count: 1, names: [], name: "tags") }
        assertFails(.outOfRange, "item 1 has 3 characters") { _ = try Column.texts(["a", "bcd"], length: 2, name: "text") }
        assertFails(.outOfRange, "item 0 has 5000") { _ = try Column.texts([String(repeating: "x", count: 5000)], length: 0, name: "text") }
        func texts(_ bytes: [UInt8], _ count: Int) throws -> Column {
            try bytes.withUnsafeBytes { try Column.texts(zeroTerminated: $0, count: count, length: 0, name: "text") }
        }
        XCTAssertEqual(try texts([0x61, 0, 0, 0x62, 0], 3).text(2), "b")
        assertFails(.mismatch, "2 texts", "3 items") { _ = try texts([0x61, 0, 0], 3) }
        assertFails(.mismatch) { _ = try texts([0x61, 0, 0x62], 1) }
        assertFails(.badData, "item 1", "UTF-8") { _ = try texts([0x61, 0, 0xFF, 0], 2) }
    }

    func testValuesOfAnyRank() throws {
        let values: [Float] = [-2, 0, 1, 6, 2, 2, 2, 2]
        let rows = try Dataset.fromValues(values, count: 4, axes: [2], range: nil, name: "row", ownership: .copy)
        XCTAssertEqual(rows.fields, [Field("row", .values([2]), units: ValueRange(minimum: -2, maximum: 6))])
        XCTAssertEqual([rows.shape.height, rows.shape.width, rows.shape.channels], [1, 2, 1])
        XCTAssertEqual(try rows.floats([0, 1]), [0, 0.25, 0.375, 1])
        let deep = try Dataset.fromValues(values, count: 1, axes: [1, 2, 1, 4], range: (-10, 10), name: "v", ownership: .copy)
        XCTAssertEqual(deep.shape, try ImageShape(height: 1, width: 2, channels: 4))
        XCTAssertEqual(deep.fields[0].axes, [1, 2, 1, 4])
        assertFails(.badData, "outside 0 … 1") { _ = try Dataset.fromValues(values, count: 1, axes: [8], range: (0, 1), name: "v", ownership: .copy) }
        assertFails(.badData, "finite") { _ = try Dataset.fromValues([.nan, 1], count: 1, axes: [2], range: nil, name: "v", ownership: .copy) }
        assertFails(.invalidArgument, "6 axes") { _ = try Dataset.fromValues(values, count: 1, axes: [1, 1, 1, 1, 1, 8], range: nil, name: "v", ownership: .copy) }
        assertFails(.outOfRange) { _ = try Dataset.fromValues(values, count: 1, axes: [.max, 2], range: nil, name: "v", ownership: .copy) }
        let same = try Dataset.fromValues([5, 5], count: 2, axes: [1], range: nil, name: "v", ownership: .copy)
        XCTAssertEqual(try same.floats([0, 1]), [0, 0], "where all is the same it is the least")
    }

    func testCombining() throws {
        let source = try images([1, 2, 3]).adding(Column.labels([0, 1, 2], count: 3, classes: 0, names: [], name: "label"))
        let target = try images([4, 5, 6])
        let pairs = try Dataset.combine([("source", source), ("target", target)], isPaired: true)
        XCTAssertEqual(pairs.fields.map(\.name), ["source", "source.label", "target"])
        XCTAssertEqual(pairs.orders, [0, 0, 0])
        XCTAssertEqual(pairs.orderCounts, [3])
        XCTAssertEqual(pairs.classCount, 3)
        let more = try images([7, 8])
        assertFails(.mismatch, "'target' has 2 items", "'source' 3") { _ = try Dataset.combine([("source", source), ("target", more)], isPaired: true) }
        let apart = try Dataset.combine([("plain", source), ("photo", more)], isPaired: false)
        XCTAssertEqual(apart.fields.map(\.name), ["plain", "plain.label", "photo"])
        XCTAssertEqual(apart.orders, [0, 0, 1])
        XCTAssertEqual(apart.orderCounts, [3, 2])
        XCTAssertEqual(apart.count, 3)
        let again = try Dataset.combine([("", apart), ("third", target)], isPaired: true)
        XCTAssertEqual(again.fields.map(\.name), ["plain", "plain.label", "photo", "third"])
        XCTAssertEqual(again.orders, [0, 0, 1, 0])
        assertFails(.mismatch, "'image'") { _ = try Dataset.combine([("", source), ("", target)], isPaired: true) }
        assertFails(.invalidArgument) { _ = try Dataset.combine([], isPaired: true) }
        assertFails(.invalidArgument, "cannot be called") { _ = try Dataset.combine([("a b", source)], isPaired: true) }
    }

    /// Memory goes back when the last data set that has the column is gone, and not before.
    func testBorrowedMemoryOutlivesWhatItWasLentTo() throws {
        final class Counter { var released = 0 }
        let counter = Counter()
        let values: [UInt8] = [1, 2, 3]
        try values.withUnsafeBufferPointer { buffer in
            var combined: Dataset?
            do {
                let lent = try Dataset.fromBytes(
                    buffer.baseAddress!, count: 3, shape: ImageShape(height: 1, width: 1, channels: 1), labels: nil, classes: 0,
                    ownership: .borrow(
                        release: { context in Unmanaged<Counter>.fromOpaque(context!).takeUnretainedValue().released += 1 },
                        context: Unmanaged.passUnretained(counter).toOpaque()))
                combined = try Dataset.combine([("a", lent), ("b", lent)], isPaired: true)
            }
            XCTAssertEqual(counter.released, 0)
            XCTAssertEqual(combined?.bytes, [1, 2, 3])
            combined = nil
        }
        XCTAssertEqual(counter.released, 1)
    }
}
