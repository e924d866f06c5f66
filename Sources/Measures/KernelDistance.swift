// The kernel distance: the squared maximum mean discrepancy (Gretton et al. 2012, lemma 6) under the polynomial kernel
// (x·y / width + 1)³ (Bińkowski et al. 1801.01401, section 4), without bias.

import Base

enum KernelDistance {
    static let measure = Measure(
        "kernel-distance", "The squared maximum mean discrepancy of the features under a polynomial kernel of degree 3 (KID, with other features).",
        paper: "Bińkowski et al., Demystifying MMD GANs, 2018, arxiv.org/abs/1801.01401",
        range: "any number; around 0 where both are alike", goal: .lower, needs: .features, minimum: 2,
        samples: "no bias; the spread is the standard deviation over subsets of at most 1000 samples")

    /// The value from all rows, and its standard deviation over subsets of equal size that share no row (at most 1000 rows, and at least
    /// ten subsets where there are so many rows; NaN where there are not two).
    static func between(_ samples: Features, _ data: Features, _ team: Team) throws(GanError) -> MeasureValue {
        // Subsets are rows that follow each other, and people's data come class by class.
        let (a, b) = (try samples.mixed(), try data.mixed())
        let size = max(min(1000, min(a.count, b.count) / 10), 2)
        let products = try RowProducts(team, inner: a.width, columns: max(a.count, b.count))
        let own = try sums(a, a, size, products)
        let other = try sums(b, b, size, products)
        let across = try sums(a, b, size, products)

        func distance(_ own: Double, _ n: Int, _ other: Double, _ m: Int, _ across: Double) -> Double {
            own / (Double(n) * Double(n - 1)) + other / (Double(m) * Double(m - 1)) - 2 * across / (Double(n) * Double(m))
        }
        let value = distance(own.all, a.count, other.all, b.count, across.all)
        let subsets = min(a.count, b.count) / size
        guard subsets >= 2 else { return MeasureValue(value) }
        let values = (0..<subsets).map { distance(own.subsets[$0], size, other.subsets[$0], size, across.subsets[$0]) }
        return MeasureValue(value, spread: values.deviation)
    }

    /// The kernel's sum over all pairs of rows, and over those within each subset; of rows with themselves but for each with itself.
    private static func sums(_ a: Features, _ b: Features, _ size: Int, _ products: RowProducts) throws(GanError) -> (all: Double, subsets: [Double]) {
        let isSame = a.values == b.values
        let rows = try AlignedBuffer<Double>(count: 2 * a.count, for: "sums of a kernel")
        defer { withExtendedLifetime(rows) {} }
        let (all, within) = (rows.pointer, rows.pointer + a.count)
        let scale = 1 / Double(a.width)
        products.each(a.matrix(), b.matrix(), aboveDiagonal: isSame) { block, _ in
            for i in 0..<block.rows {
                let row = block.row + i
                let line = block.line(i)
                let subset = row / size * size - block.column
                let start = isSame ? max(row + 1 - block.column, 0) : 0
                var (sum, inside) = (0.0, 0.0)
                var j = min(start, block.columns)
                for end in [subset, subset + size, block.columns] {
                    let end = min(max(end, j), block.columns)
                    var part = 0.0
                    while j < end {
                        let x = line[j] * scale + 1
                        part += x * x * x
                        j += 1
                    }
                    sum += part
                    if end > subset && end <= subset + size { inside += part }
                }
                all[row] += sum
                within[row] += inside
            }
        }
        var total = 0.0
        for row in 0..<a.count { total += all[row] }
        let subsets = (0..<a.count / size).map { subset in
            (0..<size).reduce(0.0) { $0 + within[subset * size + $1] } * (isSame ? 2 : 1)
        }
        return (isSame ? 2 * total : total, subsets)
    }
}

extension [Double] {
    /// The standard deviation, over n − 1.
    var deviation: Double {
        if count < 2 { return .nan }
        let mean = reduce(0, +) / Double(count)
        return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
    }
}
