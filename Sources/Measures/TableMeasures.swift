// How rows of a table that were made differ from those of the data: column by column, pair by pair, and whether they are the data's own.

import Base

/// Rows of a table as numbers: of a category its place among the column's, NaN where a value is missing.
public struct TableCells: @unchecked Sendable {
    public enum Column: Sendable {
        case quantity
        /// So many different ones.
        case category(Int)
    }

    public let count: Int
    public let columns: [Column]
    /// [count, columns]
    public let buffer: AlignedBuffer<Double>

    public init(count: Int, columns: [Column]) throws(GanError) {
        self.count = count
        self.columns = columns
        buffer = try AlignedBuffer(count: Sizes.product(count, columns.count, of: "the cells of a table"), for: "the cells of a table")
    }

    func cell(_ row: Int, _ column: Int) -> Double { buffer.pointer[row * columns.count + column] }
}

enum TableMeasures {
    private static let sdmetrics = "Xu et al., Modeling tabular data using conditional GAN, 2019, arxiv.org/abs/1907.00503, which compares so"

    static let columns = Measure(
        "column-difference", "How far the columns of made rows are from the data's by themselves, on average: the largest difference of the shares below any number (Kolmogorov and Smirnov), or half the sum of the differences of categories' shares; what is missing counts too.",
        paper: sdmetrics, range: "0 to 1", goal: .lower, needs: .rows, minimum: 1, samples: "falls with the samples, of which few differ by chance")

    static let pairs = Measure(
        "pair-difference", "How far what two columns have to do with each other is from the data's, on average over all pairs: the difference of Cramér's V, of quantities in tenths. Of more than 60 columns the first 60 are looked at.",
        paper: "Cramér, Mathematical methods of statistics, 1946, section 21.9", range: "0 to 1", goal: .lower, needs: .rows, minimum: 20,
        samples: "falls with the samples: compare values of equal numbers only")

    static let copies = Measure(
        "exact-copies", "The share of made rows that a row of the data is, cell by cell.", paper: sdmetrics, range: "0 to 1", goal: .lower, needs: .rows,
        minimum: 1, samples: "grows with the data, of which more can be met by chance")

    static let closest = Measure(
        "closest-record", "How far from a row of the data a made row is, the median over made rows, where 1 is as far as the data's rows are from each other: far below it rows are learnt by heart.",
        paper: "Park et al., Data synthesis based on generative adversarial networks, 2018, arxiv.org/abs/1806.03384", range: "0 or more", goal: .higher, needs: .rows,
        minimum: 2, samples: "falls with the data; take as many rows as the data have")

    static let all = [columns, pairs, copies, closest]

    // MARK: Columns

    static func columnDifference(_ samples: TableCells, _ data: TableCells) throws(GanError) -> Double {
        try Memory.check(room: 2 * (samples.count + data.count) * MemoryLayout<Double>.stride)
        var total = 0.0
        for (index, column) in data.columns.enumerated() {
            switch column {
            case .category(let count):
                let (mine, theirs) = (shares(samples, index, count), shares(data, index, count))
                total += zip(mine, theirs).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
            case .quantity: total += largestGap(sorted(samples, index), of: samples.count, sorted(data, index), of: data.count)
            }
        }
        return total / Double(max(data.columns.count, 1))
    }

    /// Of each category, and of what is missing behind them.
    private static func shares(_ cells: TableCells, _ column: Int, _ count: Int) -> [Double] {
        var shares = [Double](repeating: 0, count: count + 1)
        for row in 0..<cells.count {
            let cell = cells.cell(row, column)
            shares[cell.isNaN ? count : min(max(Int(cell), 0), count - 1)] += 1 / Double(cells.count)
        }
        return shares
    }

    private static func sorted(_ cells: TableCells, _ column: Int) -> [Double] {
        (0..<cells.count).map { cells.cell($0, column) }.filter { !$0.isNaN }.sorted()
    }

    /// Between two distribution functions, of which each lacks the share that is missing.
    private static func largestGap(_ a: [Double], of aCount: Int, _ b: [Double], of bCount: Int) -> Double {
        var (i, j, gap) = (0, 0, 0.0)
        while i < a.count || j < b.count {
            let next = min(i < a.count ? a[i] : .infinity, j < b.count ? b[j] : .infinity)
            while i < a.count, a[i] <= next { i += 1 }
            while j < b.count, b[j] <= next { j += 1 }
            gap = max(gap, abs(Double(i) / Double(aCount) - Double(j) / Double(bCount)))
        }
        return gap
    }

    // MARK: Pairs

    private static let mostColumns = 60
    private static let bins = 10
    private static let mostBins = 30

    static func pairDifference(_ samples: TableCells, _ data: TableCells) throws(GanError) -> Double {
        let width = min(data.columns.count, mostColumns)
        guard width > 1 else { return 0 }
        try Memory.check(room: width * (samples.count + data.count) * MemoryLayout<Int>.stride)
        var (mine, theirs, sizes): ([[Int]], [[Int]], [Int]) = ([], [], [])
        for index in 0..<width {
            let (of, size) = binning(data, index)
            mine.append((0..<samples.count).map { of(samples.cell($0, index)) })
            theirs.append((0..<data.count).map { of(data.cell($0, index)) })
            sizes.append(size)
        }
        var (total, count) = (0.0, 0)
        for i in 0..<width {
            for j in i + 1..<max(width, i + 1) {
                total += abs(association(mine[i], mine[j], sizes[i], sizes[j]) - association(theirs[i], theirs[j], sizes[i], sizes[j]))
                count += 1
            }
        }
        return total / Double(max(count, 1))
    }

    /// How the cells of a column fall into a few bins: those of the data's tenths, or the categories that are not rare. The last is what is
    /// missing.
    private static func binning(_ data: TableCells, _ column: Int) -> (of: (Double) -> Int, size: Int) {
        switch data.columns[column] {
        case .category(let count):
            let counted = shares(data, column, count)
            let common = counted.indices.dropLast().sorted { (counted[$0], $1) > (counted[$1], $0) }.prefix(mostBins - 2)
            var places = [Int](repeating: common.count, count: count)
            for (place, category) in common.enumerated() { places[category] = place }
            let size = common.count + 2
            return ({ $0.isNaN ? size - 1 : places[min(max(Int($0), 0), count - 1)] }, size)
        case .quantity:
            let values = sorted(data, column)
            var limits: [Double] = []
            for tenth in 1..<bins where !values.isEmpty {
                let limit = values[values.count * tenth / bins]
                if limits.last != limit { limits.append(limit) }
            }
            let own = limits
            return ({ cell in cell.isNaN ? own.count + 1 : own.count { $0 <= cell } }, own.count + 2)
        }
    }

    /// Cramér's V: √(χ² / (n · (min(rows, columns) − 1))), of the rows and columns that occur.
    private static func association(_ a: [Int], _ b: [Int], _ rows: Int, _ columns: Int) -> Double {
        var counts = [Double](repeating: 0, count: rows * columns)
        for (x, y) in zip(a, b) { counts[x * columns + y] += 1 }
        let n = Double(a.count)
        let ofRows = (0..<rows).map { row in (0..<columns).reduce(0.0) { $0 + counts[row * columns + $1] } }
        let ofColumns = (0..<columns).map { column in (0..<rows).reduce(0.0) { $0 + counts[$1 * columns + column] } }
        let smaller = min(ofRows.count { $0 > 0 }, ofColumns.count { $0 > 0 }) - 1
        guard smaller > 0 else { return 0 }
        var chi = 0.0
        for row in 0..<rows where ofRows[row] > 0 {
            for column in 0..<columns where ofColumns[column] > 0 {
                let expected = ofRows[row] * ofColumns[column] / n
                chi += (counts[row * columns + column] - expected) * (counts[row * columns + column] - expected) / expected
            }
        }
        return (chi / n / Double(smaller)).squareRoot()
    }

    // MARK: Copies

    static func exactCopies(_ samples: TableCells, _ data: TableCells) throws(GanError) -> Double {
        try Memory.check(room: data.count * 32)
        let known = Set((0..<data.count).map { key(data, $0) })
        return Double((0..<samples.count).count { known.contains(key(samples, $0)) }) / Double(max(samples.count, 1))
    }

    /// A hash of a row's cells; of two that differ it is the same once in 2⁶⁴.
    private static func key(_ cells: TableCells, _ row: Int) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for column in cells.columns.indices {
            let cell = cells.cell(row, column)
            hash ^= cell.isNaN ? 1 : (cell + 0).bitPattern
            hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
            hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
            hash ^= hash >> 31
        }
        return hash
    }
}
