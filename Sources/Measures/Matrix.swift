// Products of rows with rows in double precision: the work of nearly every measure. Distances of 10,000 pictures to 10,000 others are
// one such product, which is never in memory as a whole: blocks of it are made, looked at and forgotten.

import Base
import CDoubles
import Compute

/// Rows of floats, wherever they lie, each less a centre.
struct Matrix {
    let values: UnsafePointer<Float>
    let rows: Int
    /// The length of a row.
    let inner: Int
    let rowStride: Int
    let innerStride: Int
    /// What is subtracted before anything else: from every number of row r number r where it follows rows, else from number i of every row.
    let centre: UnsafePointer<Double>?
    let centreFollowsRows: Bool

    @inline(__always)
    func element(_ row: Int, _ index: Int) -> Double {
        let value = Double(values[row * rowStride + index * innerStride])
        guard let centre else { return value }
        return value - centre[centreFollowsRows ? row : index]
    }
}

/// How the kernel takes its operands.
enum Panels {
    static let set: Int32 =
        switch InstructionSet.selected {
        case .baseline: 0
        case .avx2: 1
        case .avx512: 2
        }
    static let rows = Int(gan_double_rows(set))
    static let columns = Int(gan_double_columns(set))
    /// So many steps of the inner dimension at a time: a panel of each operand stays in the first-level cache.
    static let steps = 256
    /// Rows of a block, a multiple of every panel's: A's part of a product stays in the second-level cache.
    static let blockRows = 96

    static func rounded(_ count: Int, to panel: Int) -> Int { (count + panel - 1) / panel * panel }

    /// Writes rows `first` ..< `first + count` of `matrix`, numbers `inner`, as panels of `width` rows, for each stretch of `steps`
    /// numbers one after the other; rows beyond the last are zeros.
    static func pack(_ matrix: Matrix, first: Int, count: Int, inner: Range<Int>, width: Int, to target: UnsafeMutablePointer<Double>) {
        let panels = (count + width - 1) / width
        var place = target
        var start = inner.lowerBound
        while start < inner.upperBound {
            let end = min(start + steps, inner.upperBound)
            for panel in 0..<panels {
                for row in 0..<width {
                    let index = panel * width + row
                    var to = place + row
                    if index < count {
                        for i in start..<end {
                            to.pointee = matrix.element(first + index, i)
                            to += width
                        }
                    } else {
                        for _ in start..<end {
                            to.pointee = 0
                            to += width
                        }
                    }
                }
                place += (end - start) * width
            }
            start = end
        }
    }

    /// C = A · Bᵀ of packed operands, whole panels of both: `rowPanels` and `columnPanels` of all that was packed together, of which
    /// C begins at panel `firstColumnPanel` of `allColumnPanels`.
    static func product(
        _ a: UnsafePointer<Double>, rowPanels: Int, _ b: UnsafePointer<Double>, firstColumnPanel: Int, columnPanels: Int, allColumnPanels: Int,
        inner: Int, _ c: UnsafeMutablePointer<Double>, stride: Int, adds: Bool = false
    ) {
        var (a, b, start, adds) = (a, b, 0, adds)
        while start < inner {
            let count = min(steps, inner - start)
            gan_double_product(
                set, a, Int64(rowPanels), b + firstColumnPanel * columns * count, Int64(columnPanels), Int64(count), c, Int64(stride),
                adds ? 1 : 0)
            a += rowPanels * rows * count
            b += allColumnPanels * columns * count
            start += count
            adds = true
        }
    }
}

/// A block of a product of rows with rows: its element (i, j) is ⟨row `row` + i of A, row `column` + j of B⟩.
struct ProductBlock {
    let row: Int
    let rows: Int
    let column: Int
    let columns: Int
    let values: UnsafePointer<Double>
    let stride: Int

    @inline(__always) func line(_ i: Int) -> UnsafePointer<Double> { values + i * stride }
}

/// All products of a row of one matrix with a row of another, block by block.
final class RowProducts {
    private let team: Team
    private let inner: Int
    private let packedB: AlignedBuffer<Double>
    private let packedA: AlignedBuffer<Double>
    private let block: AlignedBuffer<Double>
    /// Rows of B that are packed at a time.
    private let chunk: Int

    /// Columns of a block.
    private static let blockColumns = 512
    /// Bytes of B that are packed at a time, and in any case a block.
    private static let chunkBytes = 1 << 26

    /// - Parameters:
    ///   - inner: The length of the rows.
    ///   - columns: How many rows the largest B has.
    init(_ team: Team, inner: Int, columns: Int) throws(GanError) {
        self.team = team
        self.inner = inner
        let fitting = Self.chunkBytes / max(inner, 1) / 8 / Self.blockColumns * Self.blockColumns
        chunk = min(max(fitting, Self.blockColumns), Panels.rounded(columns, to: Self.blockColumns))
        let what = "products of rows of \(inner) numbers"
        packedB = try AlignedBuffer(count: Sizes.product(chunk, inner, of: what), for: what)
        packedA = try AlignedBuffer(count: Sizes.product(team.size, Panels.blockRows, inner, of: what), for: what)
        block = try AlignedBuffer(count: team.size * Panels.blockRows * Self.blockColumns, for: what)
    }

    /// Calls `body` with every block. Those with the same rows come on the same thread, whose number is `part`, from the first columns
    /// on; so what is found of a row depends on no thread.
    ///
    /// - Parameter aboveDiagonal: A and B are the same rows, and blocks that hold only elements with column < row are left out.
    func each(_ a: Matrix, _ b: Matrix, aboveDiagonal: Bool = false, _ body: (_ block: ProductBlock, _ part: Int) -> Void) {
        let rowBlocks = (a.rows + Panels.blockRows - 1) / Panels.blockRows
        var first = 0
        while first < b.rows {
            let count = min(chunk, b.rows - first)
            pack(b, first: first, count: count)
            team.each(rowBlocks) { item, part in
                let row = item * Panels.blockRows
                let rows = min(Panels.blockRows, a.rows - row)
                if aboveDiagonal && first + count <= row { return }
                let packed = packedA.pointer + part * Panels.blockRows * inner
                Panels.pack(a, first: row, count: rows, inner: 0..<inner, width: Panels.rows, to: packed)
                let values = block.pointer + part * Panels.blockRows * Self.blockColumns
                var column = 0
                while column < count {
                    let columns = min(Self.blockColumns, count - column)
                    if !aboveDiagonal || first + column + columns > row {
                        Panels.product(
                            packed, rowPanels: (rows + Panels.rows - 1) / Panels.rows, packedB.pointer,
                            firstColumnPanel: column / Panels.columns, columnPanels: (columns + Panels.columns - 1) / Panels.columns,
                            allColumnPanels: (count + Panels.columns - 1) / Panels.columns, inner: inner, values, stride: Self.blockColumns)
                        body(
                            ProductBlock(row: row, rows: rows, column: first + column, columns: columns, values: values, stride: Self.blockColumns),
                            part)
                    }
                    column += columns
                }
            }
            first += count
        }
    }

    /// B's rows as panels, a stretch of the inner dimension after the other; each thread packs panels.
    private func pack(_ b: Matrix, first: Int, count: Int) {
        let width = Panels.columns
        let panels = (count + width - 1) / width
        team.each(panels) { panel, _ in
            var start = 0
            while start < inner {
                let end = min(start + Panels.steps, inner)
                Panels.pack(
                    b, first: first + panel * width, count: min(width, count - panel * width), inner: start..<end, width: width,
                    to: packedB.pointer + start * panels * width + panel * width * (end - start))
                start = end
            }
        }
    }
}
