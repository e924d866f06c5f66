import Base
import Data
import XCTest

/// Tables: what their columns are, how rows become numbers, and what is refused.
final class TableTests: XCTestCase {
    private func table(_ text: String, _ options: TableOptions = TableOptions()) throws -> Table { try table(Array(text.utf8), options) }
    private func table(_ bytes: [UInt8], _ options: TableOptions = TableOptions()) throws -> Table {
        try bytes.withUnsafeBytes { try Table.read($0, options: options) }
    }

    private func kinds(_ text: String, _ options: TableOptions = TableOptions()) throws -> [String: String] {
        let schema = try table(text, options).schema()
        return Dictionary(uniqueKeysWithValues: schema.columns.map { ($0.name, $0.kindName) })
    }

    private let some = "n,x,d,t,c,zip\n" + (0..<300).map { "\($0 * 3),\($0).5,2020-01-\(10 + $0 % 20) 10:\(10 + $0 % 50),2020-0\(1 + $0 % 9)-\(10 + $0 % 19),\(["a", "b"][$0 % 2]),0\($0 % 7)1\n" }.joined()

    func testWhatColumnsAre() throws {
        XCTAssertEqual(try kinds(some), ["n": "integer", "x": "real", "d": "date", "t": "date", "c": "category", "zip": "category"])
        XCTAssertEqual(try kinds("a,b\n" + (0..<300).map { "\($0 % 5),\($0)\n" }.joined()), ["a": "category", "b": "integer"])
        XCTAssertEqual(try kinds("a,b\n" + (0..<30).map { "\($0 % 5),\($0)\n" }.joined()), ["a": "integer", "b": "integer"], "six rows of each are few")
        var options = TableOptions()
        options.categorical = ["b"]
        options.continuous = ["a"]
        XCTAssertEqual(try kinds("a,b\n" + (0..<300).map { "\($0 % 5),\($0)\n" }.joined(), options), ["a": "integer", "b": "category"])
        options = TableOptions()
        options.leftOut = ["n", "x", "d", "t"]
        XCTAssertEqual(try kinds(some, options), ["c": "category", "zip": "category"])
    }

    func testWhatProgramsWrite() throws {
        let plain = try table("a,b\nx,1\ny,2\n")
        for text in ["a,b\r\nx,1\r\ny,2\r\n", "\u{FEFF}a,b\nx,1\ny,2", "a;b\nx;1\ny;2\n", "a\tb\nx\t1\ny\t2\n", "a,b\rx,1\ry,2\r", " a , b\n x, 1\ny ,2 \n"] {
            let other = try table(text)
            XCTAssertEqual(other.columns.map(\.name), ["a", "b"], text)
            for row in 0..<2 { XCTAssertEqual(other.columns.map { $0.text(row) }, plain.columns.map { $0.text(row) }, text) }
        }
        XCTAssertEqual(try table("1,x\n2,y\n").columns.map(\.name), ["c1", "c2"])
        XCTAssertEqual(try table("1,x\n2,y\n").count, 2)
        var options = TableOptions()
        options.header = .yes
        XCTAssertEqual(try table("2010,x\n2,y\n", options).columns.map(\.name), ["2010", "x"])
        XCTAssertEqual(try table("a,b\n\"x\ny\",\"1\"\"\"\n").columns.map { $0.text(0) }, ["x\ny", "1\""])
    }

    /// A file is read in pieces of a megabyte, which cut records, quotes and characters anywhere.
    func testPiecesCutNothing() throws {
        var text = "name,value\n"
        for row in 0..<60_000 { text += "\"line \(row % 97)\n, \"\"é\"\"\",\(row)\n" }
        let read = try table(text)
        XCTAssertEqual(read.count, 60_000)
        for row in stride(from: 0, to: 60_000, by: 997) {
            XCTAssertEqual(read.columns[0].text(row), "line \(row % 97)\n, \"é\"")
            XCTAssertEqual(read.columns[1].text(row), String(row))
        }
        assertFails(.badFormat, "Line 120002", "1 field") { _ = try table(text + "x\n") }
    }

    func testMissingValuesAreKept() throws {
        let read = try table("a,b,c,d\n1,x,NA,\n?,,2.5,\n3,NA,n/a,\n" + (0..<40).map { "\($0).5,z,\($0 * 2).25,\n" }.joined())
        let schema = try read.schema()
        XCTAssertEqual(schema.columns.map(\.missingCount), [1, 1, 2, 43])
        XCTAssertEqual(schema.columns.map(\.missingText), ["?", "", "NA", ""])
        XCTAssertEqual(schema.columns.map(\.kindName), ["real", "category", "real", "category"], "NA is a text like others in a column of texts")
        XCTAssertEqual(schema.columns[3].choices, 1, "a column that is all missing has nothing to choose")
        XCTAssertNil(schema.choicePlaces[3])
        for column in read.columns { XCTAssertEqual(column.text(1), ["?", "", "2.5", ""][read.columns.firstIndex { $0.name == column.name } ?? 0]) }
    }

    func testWhatIsRefused() {
        assertFails(.badFormat, "Line 3", "1 field") { _ = try table("a,b\n1,2\n3\n") }
        assertFails(.truncated, "Line 2") { _ = try table("a,b\n\"1,2\n") }
        assertFails(.badFormat, "Line 2", "UTF-8") { _ = try table(Array("a,b\n".utf8) + [0xFF, 0x2C, 0x31, 0x0A]) }
        assertFails(.badData, "no rows") { _ = try table("a,b\n") }
        assertFails(.badData, "empty") { _ = try table("") }
        assertFails(.badData, "two columns called \"a\"") { _ = try table("a,a\nx,y\n") }
        assertFails(.badData, "nothing to learn") { _ = try table("a,b\nx,y\nx,y\n").schema() }
        assertFails(.badData, "\"name\"", "1000", "table.leave-out") { _ = try table("name,b\n" + (0..<2000).map { "n\($0),1\n" }.joined()).schema() }
        assertFails(.badData, "\"name\"", "table.leave-out") { _ = try table("name\n" + (0..<70_000).map { "n\($0)\n" }.joined()) }
        assertFails(.badData, "\"v\"", "\"x\"", "line 70003") { _ = try table("v\n" + (0..<70_001).map { "\($0)\n" }.joined() + "x\n") }
        var options = TableOptions()
        options.continuous = ["a"]
        assertFails(.badData, "\"a\"", "\"x\"", "line 3") { _ = try table("a\n1\nx\n", options) }
        options.continuous = ["zzzzzz"]
        assertFails(.unknownName, "\"zzzzzz\"", "\"age\"") { _ = try table("age\n1\n2\n", options) }
        options.continuous = ["age"]
        options.categorical = ["age"]
        assertFails(.outOfRange, "\"age\"", "one of the two") { _ = try table("age\n1\n2\n", options) }
    }

    func testNumbersAreWrittenAsTheyCame() throws {
        for (cells, made, text) in [
            (["1", "2", "30"], 7.4, "7"), (["1.50", "2.25"], 7.0, "7.00"), (["1.5", "2.25"], 7.5, "7.5"), (["-0.5", "1"], -0.04, "0"), (["0.001", "2"], 0.0004, "0"),
            (["2020-01-31", "1999-12-31"], 951_782_400.0 + 40_000, "2000-02-29"), (["2020-01-31T10:00Z", "1899-12-31T23:59Z"], -2_208_988_801, "1899-12-31T23:59Z"),
            (["2020-01-31 10:00:01", "1970-01-01 00:00:00"], 86399, "1970-01-01 23:59:59"), (["1e3", "2"], 0.25, "0.25"),
        ] {
            let table = try table("v\n" + cells.joined(separator: "\n") + "\n")
            guard case .numbers(let numbers, let form) = table.columns[0].cells else { return XCTFail("\(cells) are no numbers") }
            XCTAssertEqual(numbers.count, cells.count)
            XCTAssertEqual(form.text(made), text, "\(cells)")
            for row in cells.indices where form != .general { XCTAssertEqual(form.number(of: table.columns[0].text(row)), numbers.pointer[row], "\(cells)") }
        }
        // Every day of eight centuries, against the days before it.
        for day in -150_000..<150_000 {
            let text = NumberForm.date(NumberForm.DateForm(precision: .day, hasT: false, hasZ: false)).text(Double(day) * 86400)
            XCTAssertEqual(NumberForm.date(.init(precision: .day, hasT: false, hasZ: false)).number(of: text), Double(day) * 86400)
        }
        for wrong in ["2021-02-29", "1900-02-29", "2021-13-01", "2021-00-10", "2021-04-31", "0000-01-01", "2021-1-1", "2021-01-01 24:00", "2021-01-01x"] {
            XCTAssertNil(NumberForm.date(.init(precision: .day, hasT: false, hasZ: false)).number(of: wrong), wrong)
        }
    }

    /// Modes that are far apart are found where they are, and a number that many rows have is one by itself.
    func testMixturesAreFound() throws {
        var text = "v,w\n"
        for i in 0..<4000 {
            // Quantiles of two normal distributions, by sums of twelve uniform numbers that a counter gives.
            var sum = -6.0
            for k in 0..<12 { sum += Double((i * 12 + k) * 7919 % 10007) / 10007 }
            text += "\(i % 4 == 0 ? 100 + 2 * sum : -50 + 5 * sum),\(i % 3 == 0 ? 0 : 500 + Int(100 * sum))\n"
        }
        let schema = try table(text).schema()
        guard case .quantity(let v) = schema.columns[0].kind, case .quantity(let w) = schema.columns[1].kind else { return XCTFail("quantities") }
        let high = v.modes.filter { $0.mean > 50 }, low = v.modes.filter { $0.mean < 50 }
        XCTAssertEqual(high.reduce(0) { $0 + $1.weight }, 0.25, accuracy: 0.01)
        XCTAssertEqual(high.reduce(0) { $0 + $1.weight * $1.mean } / high.reduce(0) { $0 + $1.weight }, 100, accuracy: 0.5)
        XCTAssertEqual(low.reduce(0) { $0 + $1.weight * $1.mean } / low.reduce(0) { $0 + $1.weight }, -50, accuracy: 1)
        XCTAssertEqual(v.modes.reduce(0) { $0 + $1.weight }, 1, accuracy: 1e-9)
        XCTAssertTrue(w.modes.contains { $0.mean == 0 && $0.deviation == 0 && abs($0.weight - 1.0 / 3) < 0.001 }, "\(w.modes)")
        XCTAssertLessThanOrEqual(v.modes.count, 10)
        XCTAssertEqual(try table(text).schema(), schema, "the same numbers, the same mixture")
    }

    /// What a row becomes reads back as the row, but for the rounding of its quantities.
    func testRowsComeBack() throws {
        let data = try Array(some.utf8).withUnsafeBytes { try Dataset.table($0, options: DatasetOptions()) }
        let rows = try XCTUnwrap(data.rows), schema = rows.schema
        var values = [Float](repeating: .nan, count: schema.width)
        for row in [0, 1, 17, 150, 299] {
            try [row].withUnsafeBufferPointer { items in
                try values.withUnsafeMutableBufferPointer { try data.copyBatch(rows: items, into: XCTUnwrap($0.baseAddress), rangeLow: -1, rangeHigh: 1) }
            }
            for (index, column) in schema.columns.enumerated() {
                let choices = schema.choicePlaces[index].map { Array(values[$0..<$0 + column.choices]) } ?? [1]
                XCTAssertEqual(choices.reduce(0, +), 1)
                let choice = try XCTUnwrap(choices.firstIndex(of: 1))
                switch (column.kind, rows.table.columns[index].cells) {
                case (.categories(let categories), _): XCTAssertEqual(categories.names[choice], rows.table.columns[index].text(row))
                case (.quantity(let quantity), .numbers(let numbers, _)):
                    let place = try XCTUnwrap(schema.quantityPlaces[index])
                    XCTAssertEqual(quantity.value(mode: choice, Double(values[place])), numbers.pointer[row], accuracy: 1e-5 * (quantity.maximum - quantity.minimum) + 0.5)
                default: XCTFail("\(column.name)")
                }
            }
        }
    }

    func testASchemaIsReadBack() throws {
        let strange = "\"a\nb\",c\\d,\"r\r\n\",e\n" + (0..<300).map { "\"x\n\($0 % 3)\",\\n\($0 % 2),\" \",\($0).25\n" }.joined()
        for text in [some, strange, "a,b\n1,\n2,x\n,y\n"] {
            let schema = try table(text).schema()
            var lines = schema.lines.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }[...]
            let read = try XCTUnwrap(TableSchema(&lines, columns: schema.columns.count))
            XCTAssertTrue(lines.isEmpty)
            XCTAssertEqual(read, schema)
            // Whatever is missing or spoilt, it is refused, and nothing falls.
            for index in schema.lines.indices {
                var spoilt = schema.lines
                spoilt[index] = "x"
                var rest = spoilt[...]
                _ = TableSchema(&rest, columns: schema.columns.count)
                rest = schema.lines.dropLast(schema.lines.count - index)[...]
                XCTAssertNil(TableSchema(&rest, columns: schema.columns.count))
            }
        }
    }

    /// Rare categories are asked for more often than they occur, and the row has what was asked for.
    func testConditionsAreDrawnByLogarithms() throws {
        let text = "c,d\n" + (0..<1000).map { "\($0 < 10 ? "rare" : "often"),\($0 % 4 == 0 ? "p" : "q")\n" }.joined()
        let data = try Array(text.utf8).withUnsafeBytes { try Dataset.table($0, options: DatasetOptions()) }
        let rows = try XCTUnwrap(data.rows)
        let order = try BatchOrder(count: data.count, batch: 500, seed: 3, shuffles: true, draws: TableDraws(rows))
        var counts: [String: Int] = [:]
        for step in 0..<8 {
            let conditions = Array(order.conditions(step: Int64(step))), items = Array(order.rows(step: Int64(step)))
            for (condition, row) in zip(conditions, items) {
                let name = rows.schema.conditionName(condition)
                counts[name, default: 0] += 1
                let (column, _) = try XCTUnwrap(rows.schema.choice(ofCondition: condition))
                XCTAssertEqual(name, "\(rows.schema.columns[column].name)=\(rows.table.columns[column].text(row))")
            }
        }
        // ln 11 and ln 991 of the column c.
        XCTAssertEqual(Double(counts["c=rare"] ?? 0) / 4000, 0.5 * 2.398 / (2.398 + 6.899), accuracy: 0.025)
        let again = try BatchOrder(count: data.count, batch: 500, seed: 3, shuffles: true, draws: TableDraws(rows))
        XCTAssertEqual(Array(again.rows(step: 5)), Array(order.rows(step: 5)), "a function of seed and step")
        let usual = rows.schema.usualConditions
        XCTAssertEqual(Double(usual.count { rows.schema.conditionName($0) == "c=rare" }) / Double(usual.count), 0.005, accuracy: 0.001)
    }

    func testOtherDataByTheSameSchema() throws {
        func dataset(_ text: String) throws -> Dataset { try Array(text.utf8).withUnsafeBytes { try Dataset.table($0, options: DatasetOptions()) } }
        let first = try dataset(some)
        let lines = some.split(separator: "\n")
        let second = try dataset(lines.prefix(150).joined(separator: "\n") + "\n")
        XCTAssertNotEqual(first.fields, second.fields)
        XCTAssertEqual(try second.told(by: first.fields).fields, first.fields)
        XCTAssertEqual(try first.told(by: first.fields).fingerprint, first.fingerprint)
        assertFails(.mismatch, "\"c\"", "\"z\"", "row 2") { _ = try dataset(lines.prefix(2).joined(separator: "\n") + "\n3,1.5,2020-01-10 10:10,2020-02-10,z,001\n").told(by: first.fields) }
        assertFails(.mismatch, "no column \"n\"") { _ = try dataset("x,c\n1.5,a\n2.5,b\n").told(by: first.fields) }
        assertFails(.mismatch, "\"n\"", "no value") { _ = try dataset(lines.prefix(2).joined(separator: "\n") + "\n,1.5,2020-01-10 10:10,2020-02-10,a,001\n").told(by: first.fields) }
    }

    func testMadePeople() throws {
        let people = try MadeData.find("people").dataset(count: 3000, seed: 1), more = try MadeData.find("people").dataset(count: 3100, seed: 1)
        let rows = try XCTUnwrap(people.rows), other = try XCTUnwrap(more.rows)
        XCTAssertEqual(rows.schema.columns.map(\.kindName), ["integer", "category", "category", "category", "category", "integer", "real", "integer", "real", "category", "date", "category"])
        for row in [0, 1, 2999] { XCTAssertEqual(rows.table.columns.map { $0.text(row) }, other.table.columns.map { $0.text(row) }) }
    }
}
