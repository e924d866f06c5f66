// Which rows a training sees, and under which conditions ("training-by-sampling", Xu et al. 1907.00503, section 4.3): a column of
// categories by chance, one of its categories by the logarithm of how often it occurs, and one of the rows that have it. So rare categories
// are learnt too.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

public final class TableDraws: Sendable {
    private let rows: TableRows
    /// Rows by column and category: [columns, rows].
    private let lists: AlignedBuffer<Int32>
    /// For each condition where its rows begin, and how many there are.
    private let begins: AlignedBuffer<Int>
    private let counts: AlignedBuffer<Int>
    /// For each condition the sum of the logarithms up to it, within its column.
    private let sums: AlignedBuffer<Double>
    /// Of each column the first condition, and how many there are.
    private let columns: AlignedBuffer<(first: Int, count: Int)>

    /// Nil where there are no conditions.
    public init?(_ rows: TableRows) throws(GanError) {
        let schema = rows.schema
        guard schema.conditionCount > 0, rows.count <= Int(Int32.max) else { return nil }
        self.rows = rows
        let all = schema.conditionColumns
        lists = try AlignedBuffer(count: Sizes.product(all.count, rows.count, of: "lists of rows"), for: "lists of rows")
        begins = try AlignedBuffer(count: schema.conditionCount, for: "conditions")
        counts = try AlignedBuffer(count: schema.conditionCount, for: "conditions")
        sums = try AlignedBuffer(count: schema.conditionCount, for: "conditions")
        columns = try AlignedBuffer(count: all.count, for: "conditions")
        let filled = try AlignedBuffer<Int>(count: schema.conditionCount, for: "conditions")
        for (place, column) in all.enumerated() {
            let first = schema.conditionPlaces[column] ?? 0
            let choices = schema.columns[column].choices
            columns.pointer[place] = (first, choices)
            for row in 0..<rows.count { counts.pointer[first + rows.choice(row: row, column: column)] += 1 }
            var (begin, sum) = (place * rows.count, 0.0)
            for condition in first..<first + choices {
                begins.pointer[condition] = begin
                begin += counts.pointer[condition]
                // What no row has is never asked for.
                sum += log(1 + Double(counts.pointer[condition]))
                sums.pointer[condition] = sum
            }
            for row in 0..<rows.count {
                let condition = first + rows.choice(row: row, column: column)
                lists.pointer[begins.pointer[condition] + filled.pointer[condition]] = Int32(truncatingIfNeeded: row)
                filled.pointer[condition] += 1
            }
        }
    }

    /// The row and the condition at a place of a training's course: a function of both numbers.
    func draw(seed: UInt64, place: UInt64) -> (row: Int, condition: Int) {
        var random = CountedRandom(seed, place)
        let (first, count) = columns.pointer[random.below(columns.count)]
        let wanted = random.uniform() * sums.pointer[first + count - 1]
        var condition = first
        while condition < first + count - 1, sums.pointer[condition] <= wanted || counts.pointer[condition] == 0 { condition += 1 }
        while condition > first, counts.pointer[condition] == 0 { condition -= 1 }
        let row = Int(lists.pointer[begins.pointer[condition] + random.below(counts.pointer[condition])])
        return (row, condition)
    }
}
