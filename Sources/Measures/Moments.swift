// Means and covariances of features, in double precision.

import Base

/// The mean of rows and their covariance, unbiased (over n − 1).
final class Moments {
    let count: Int
    let width: Int
    let mean: AlignedBuffer<Double>
    /// A factor F of the covariance, FᵀF: [rank, width].
    let factor: AlignedBuffer<Double>
    let rank: Int
    /// The covariance's diagonal, added up.
    let trace: Double

    /// Samples whose products are added up at a time.
    private static let slab = 4096

    /// - Parameter features: Two rows or more.
    init(_ features: Features, _ team: Team) throws(GanError) {
        let (count, width) = (features.count, features.width)
        self.count = count
        self.width = width
        let mean = try Self.mean(features, team)
        self.mean = mean
        guard count > width else {
            // With no more rows than columns the rows themselves are a factor, and nothing is lost by squaring them.
            let factor = try AlignedBuffer<Double>(count: Sizes.product(count, width, of: "rows"), for: "a factor of a covariance")
            let scale = 1 / Double(max(count - 1, 1)).squareRoot()
            var trace = 0.0
            for row in 0..<count {
                for column in 0..<width {
                    let value = (Double(features.values[row * width + column]) - mean.pointer[column]) * scale
                    factor.pointer[row * width + column] = value
                    trace += value * value
                }
            }
            self.factor = factor
            rank = count
            self.trace = trace
            return
        }
        let covariance = try Self.covariance(features, mean: mean, team)
        var trace = 0.0
        for column in 0..<width { trace += covariance.pointer[column * width + column] }
        self.trace = trace
        rank = try Cholesky.factor(covariance, width)
        factor = covariance
    }

    static func mean(_ features: Features, _ team: Team) throws(GanError) -> AlignedBuffer<Double> {
        let (count, width) = (features.count, features.width)
        let mean = try AlignedBuffer<Double>(count: width, for: "a mean")
        // Stretches of columns are shared; each sum runs over the rows in their order.
        let stretch = 64
        team.each((width + stretch - 1) / stretch) { item, _ in
            let columns = item * stretch..<min((item + 1) * stretch, width)
            for row in 0..<count {
                let values = features.values + row * width
                for column in columns { mean.pointer[column] += Double(values[column]) }
            }
            for column in columns { mean.pointer[column] /= Double(max(count, 1)) }
        }
        return mean
    }

    /// [width, width], of more rows than columns.
    private static func covariance(_ features: Features, mean: AlignedBuffer<Double>, _ team: Team) throws(GanError) -> AlignedBuffer<Double> {
        let (count, width) = (features.count, features.width)
        let matrix = features.transposed(centre: UnsafePointer(mean.pointer))
        let what = "a covariance of \(width) features"
        let blocks = (width + Panels.blockRows - 1) / Panels.blockRows
        let (rows, columns) = (blocks * Panels.blockRows, Panels.rounded(width, to: Panels.columns))
        let slab = min(Self.slab, count)
        let sums = try AlignedBuffer<Double>(count: Sizes.product(rows, columns, of: what), for: what)
        let left = try AlignedBuffer<Double>(count: Sizes.product(rows, slab, of: what), for: what)
        let right = try AlignedBuffer<Double>(count: Sizes.product(columns, slab, of: what), for: what)
        var first = 0
        while first < count {
            let inner = min(slab, count - first)
            let allPanels = columns / Panels.columns
            let part = first..<first + inner
            team.each(blocks) { block, _ in
                let row = block * Panels.blockRows
                Panels.pack(
                    matrix, first: row, count: min(Panels.blockRows, width - row), inner: part, width: Panels.rows, to: left.pointer + row * inner)
            }
            team.each(allPanels) { panel, _ in
                let row = panel * Panels.columns
                var start = 0
                while start < inner {
                    let end = min(start + Panels.steps, inner)
                    Panels.pack(
                        matrix, first: row, count: min(Panels.columns, width - row), inner: first + start..<first + end, width: Panels.columns,
                        to: right.pointer + start * columns + row * (end - start))
                    start = end
                }
            }
            team.each(blocks) { block, _ in
                let row = block * Panels.blockRows
                // From the diagonal on; the rest is the same turned round.
                let firstPanel = row / Panels.columns
                Panels.product(
                    left.pointer + row * inner, rowPanels: (min(Panels.blockRows, width - row) + Panels.rows - 1) / Panels.rows,
                    right.pointer, firstColumnPanel: firstPanel, columnPanels: allPanels - firstPanel, allColumnPanels: allPanels,
                    inner: inner, sums.pointer + row * columns + firstPanel * Panels.columns, stride: columns, adds: first > 0)
            }
            first += inner
        }
        let covariance = try AlignedBuffer<Double>(count: width * width, for: what)
        let scale = 1 / Double(count - 1)
        for row in 0..<width {
            for column in row..<width {
                let value = sums.pointer[row * columns + column] * scale
                covariance.pointer[row * width + column] = value
                covariance.pointer[column * width + row] = value
            }
        }
        return covariance
    }
}
