// Products whose A has many zeros, wherever they are: behind a rectifier half of all numbers are zero, of a handwritten digit
// four pixels in five. What is multiplied by zero adds nothing, so it may be left out; but a high tile has hardly a step at
// which all its rows are zero. So these tiles are two rows high, and as wide as the registers allow. Two rows use every vector
// of B twice, which is what keeps the multipliers busy: a single row has as many loads as multiply-adds, and loads are slower.
//
// A tile walks through the list of the steps at which one of its rows is not zero. Every element's sum is the same, in the same
// order, without summands that are zero; only what infinities and NaN of B would have made of a product with zero is not made.
// So tiles take so much of B in so few steps that it has to be in the first-level cache:
//
//     for each block of rows                       the steps that its pairs of rows keep are listed
//       for each panel of columns
//         for each block of the inner dimension    B's part of it is as large as the first-level cache allows
//           for each pair of rows                  the micro-kernel; the sums wait in the workspace
//
// A block of rows that has few zeros goes to the ordinary tiles.

/// Whether the product is made so, as far as its shape decides.
@inlinable @inline(__always)
func isSparseProduct<V: FloatVector>(_ vector: V.Type, _ t: MatrixProductArguments) -> Bool {
    t.skipsZeros && t.rows >= 4 && t.inner >= V.width && t.inner <= Tuning.sparseInner
        && t.columns >= 2 &* V.width && t.columns % V.width == 0
        && t.aInnerStride == 1 && t.beta == 0 && t.adam == nil
}

/// How such a product is cut into blocks; a function of its shape alone.
@frozen
public struct SparsePlan {
    @usableFromInline let steps: Int
    @usableFromInline let blocks: Int
    @usableFromInline let inner: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ t: MatrixProductArguments) {
        let limit = Tuning.sparsePanel / (V.sparseTileVectors &* V.width)
        inner = t.inner
        blocks = (inner &+ limit &- 1) / limit
        steps = (inner &+ blocks &- 1) / blocks
    }

    /// The first step of a block, and how many it has.
    @inlinable @inline(__always)
    func block(_ block: Int) -> (first: Int, steps: Int) { (block &* steps, min(steps, inner &- block &* steps)) }

    @inlinable @inline(__always)
    func sumFloats<V: FloatVector>(_ vector: V.Type) -> Int { Tuning.sparseRows &* V.sparseTileVectors &* V.width }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type) -> Int {
        16 &+ sumFloats(V.self) &+ Tuning.sparsePanel &+ SparseLists.words(V.self, self)
    }
}

/// For every block of the inner dimension and every pair of rows, one after the other, the steps that it keeps.
@frozen
public struct SparseLists {
    @usableFromInline let ends: UnsafeMutablePointer<Int32>
    @usableFromInline let steps: UnsafeMutablePointer<Int32>
    @usableFromInline let pairs: Int

    /// - Parameter memory: `words` of them.
    @inlinable @inline(__always)
    init(_ memory: UnsafeMutablePointer<Float>, _ plan: SparsePlan, rows: Int) {
        pairs = (rows &+ 1) / 2
        let words = Tuning.sparseRows / 2 &* (plan.inner &+ plan.blocks)
        ends = UnsafeMutableRawPointer(memory).bindMemory(to: Int32.self, capacity: words)
        steps = ends + pairs &* plan.blocks
    }

    /// A vector more than there are steps, which may be written.
    @inlinable @inline(__always)
    static func words<V: FloatVector>(_ vector: V.Type, _ plan: SparsePlan) -> Int {
        Tuning.sparseRows / 2 &* (plan.inner &+ plan.blocks) &+ V.width
    }

    /// Fills the lists for rows of A. False, and they are of no use, where there is little to leave out.
    @inlinable @inline(never)
    func fill<V: FloatVector>(_ vector: V.Type, _ plan: SparsePlan, _ a: UnsafePointer<Float>, rowStride: Int, rows: Int) -> Bool {
        var kept = 0
        for block in 0..<plan.blocks {
            let (first, count) = plan.block(block)
            var row = a + first
            for pair in 0..<pairs {
                // The last pair may be a single row.
                let other = 2 &* pair &+ 1 < rows ? row + rowStride : row
                var p = 0
                while p < count {
                    let lanes = min(V.width, count &- p)
                    let any = V.loadUpTo(row + p, lanes).absolute() + V.loadUpTo(other + p, lanes).absolute()
                    kept &+= any.storePlacesOfNonZeros(first: p, to: steps + kept)
                    p &+= V.width
                }
                ends[block &* pairs &+ pair] = Int32(truncatingIfNeeded: kept)
                row += 2 &* rowStride
            }
            // Images that have no zeros at their edge have none.
            if block == 0 && kept == count &* pairs { return false }
        }
        return 16 &* kept < V.sparseLimit &* plan.inner &* pairs
    }
}

/// This part's share of C.
@inlinable @inline(__always)
func sparseProduct<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let (rows, columns) = (arguments.pointee.rows, arguments.pointee.columns)
    let vectors = columns / V.width
    var r = ProductRectangle(row: 0, rows: rows, column: 0, columns: columns)
    if 2 &* vectors >= parts &* V.sparseTileVectors {
        r.column = vectors &* part / parts &* V.width
        r.columns = vectors &* (part &+ 1) / parts &* V.width &- r.column
    } else {
        r.row = rows &* part / parts
        r.rows = rows &* (part &+ 1) / parts &- r.row
    }
    if r.rows == 0 || r.columns == 0 { return }
    multiplySparse(V.self, arguments, r, workspace)
}

@inlinable @inline(never)
func multiplySparse<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ r: ProductRectangle, _ workspace: UnsafeMutablePointer<Float>
) {
    let plan = SparsePlan(V.self, arguments.pointee)
    let address = UInt(bitPattern: workspace)
    let sums = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    let panel = sums + plan.sumFloats(V.self)
    let blocks = TileHeights(rows: r.rows, limit: Tuning.sparseRows)
    let ordinary = ProductPlan(V.self, arguments.pointee)
    // Blocks with few zeros that follow each other are one product.
    var dense = ProductRectangle(row: r.row, rows: 0, column: r.column, columns: r.columns)
    for index in 0..<blocks.count {
        let row = r.row &+ blocks.start(index)
        let rows = blocks.height(index)
        let lists = SparseLists(panel + Tuning.sparsePanel, plan, rows: rows)
        let stride = arguments.pointee.aRowStride
        if lists.fill(V.self, plan, arguments.pointee.a + row &* stride, rowStride: stride, rows: rows) {
            if dense.rows > 0 { multiply(V.self, arguments, ordinary, dense, workspace) }
            dense = ProductRectangle(row: row &+ rows, rows: 0, column: r.column, columns: r.columns)
            let block = ProductRectangle(row: row, rows: rows, column: r.column, columns: r.columns)
            multiplySparseBlock(V.self, arguments, plan, block, lists, sums, panel)
        } else {
            dense.rows &+= rows
        }
    }
    if dense.rows > 0 { multiply(V.self, arguments, ordinary, dense, workspace) }
}

@inlinable @inline(__always)
func multiplySparseBlock<V: FloatVector>(
    _ vector: V.Type, _ t: UnsafePointer<MatrixProductArguments>, _ plan: SparsePlan, _ r: ProductRectangle, _ lists: SparseLists,
    _ sums: UnsafeMutablePointer<Float>, _ panel: UnsafeMutablePointer<Float>
) {
    let panels = TileHeights(rows: r.columns / V.width, limit: V.sparseTileVectors)
    var column = r.column
    for index in 0..<panels.count {
        let vectors = panels.height(index)
        let columns = vectors &* V.width
        let r = ProductRectangle(row: r.row, rows: r.rows, column: column, columns: columns)
        if V.sparseTileVectors > 4 {
            switch vectors {
            case 5: multiplySparsePanel(FiveVectors<V>.self, t, plan, r, lists, sums, panel)
            case 6: multiplySparsePanel(SixVectors<V>.self, t, plan, r, lists, sums, panel)
            case 7: multiplySparsePanel(SevenVectors<V>.self, t, plan, r, lists, sums, panel)
            case 8: multiplySparsePanel(EightVectors<V>.self, t, plan, r, lists, sums, panel)
            default: break
            }
        }
        switch vectors {
        case 1: multiplySparsePanel(OneVector<V>.self, t, plan, r, lists, sums, panel)
        case 2: multiplySparsePanel(TwoVectors<V>.self, t, plan, r, lists, sums, panel)
        case 3: multiplySparsePanel(ThreeVectors<V>.self, t, plan, r, lists, sums, panel)
        case 4: multiplySparsePanel(FourVectors<V>.self, t, plan, r, lists, sums, panel)
        default: break
        }
        column &+= columns
    }
}

/// A block of rows with one panel of columns.
@inlinable @inline(never)
func multiplySparsePanel<C: ColumnBlock>(
    _ columns: C.Type, _ t: UnsafePointer<MatrixProductArguments>, _ plan: SparsePlan, _ r: ProductRectangle, _ lists: SparseLists,
    _ sums: UnsafeMutablePointer<Float>, _ panel: UnsafeMutablePointer<Float>
) {
    let width = C.vectors &* C.Vector.width
    let aRowStride = t.pointee.aRowStride
    var list = UnsafePointer(lists.steps)
    var listed: Int32 = 0
    for block in 0..<plan.blocks {
        let (p, steps) = plan.block(block)
        var b = t.pointee.b + (p &* t.pointee.bInnerStride &+ r.column &* t.pointee.bColumnStride)
        var bStride = t.pointee.bInnerStride
        if t.pointee.bColumnStride != 1 {
            packColumns(
                C.Vector.self, b, stride: t.pointee.bColumnStride, inner: steps, columns: width, to: panel, panelWidth: width)
            (b, bStride) = (UnsafePointer(panel), width)
        } else if bStride & 255 == 0 && bStride != width {
            // Its rows fall onto the same sets of the cache.
            packRows(C.Vector.self, b, stride: bStride, inner: steps, columns: width, to: panel, panelWidth: width)
            (b, bStride) = (UnsafePointer(panel), width)
        }
        var a = t.pointee.a + (r.row &* aRowStride &+ p)
        var pairSums = sums
        var (row, written) = (0, 0)
        for pair in 0..<lists.pairs {
            let end = lists.ends[block &* lists.pairs &+ pair]
            let count = Int(end &- listed)
            let rows = min(2, r.rows &- row)
            let start = block == 0 ? nil : UnsafePointer(pairSums)
            if rows == 2 {
                sparseTile(Rows2<C>.self, a, aRowStride, b, bStride, list, count, start, pairSums)
            } else {
                sparseTile(Rows1<C>.self, a, aRowStride, b, bStride, list, count, start, pairSums)
            }
            list += count
            listed = end
            a += 2 &* aRowStride
            pairSums += 2 &* width
            row &+= rows
            if block &+ 1 == plan.blocks && (row &- written == Tuning.sparseWrittenRows || row == r.rows) {
                writeBack(
                    C.Vector.self, t, sums: sums + written &* width, sumsStride: width, row: r.row &+ written, rows: row &- written,
                    column: r.column, columns: width)
                written = row
            }
        }
    }
}

/// The micro-kernel: adds the `count` steps of a list to the sums at `start`, or to zero, and stores them.
@inlinable @inline(__always)
func sparseTile<Rows: RowBlock>(
    _ rows: Rows.Type, _ a: UnsafePointer<Float>, _ aRowStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    _ list: UnsafePointer<Int32>, _ count: Int, _ start: UnsafePointer<Float>?, _ result: UnsafeMutablePointer<Float>
) {
    let width = Rows.Columns.vectors &* Rows.Columns.Vector.width
    var sums = start.map { Rows(loading: $0, width) } ?? Rows()
    var (step, left) = (list, count)
    while left > 0 {
        let p = Int(step.pointee)
        sums.add(a + p, aRowStride, times: Rows.Columns(loading: b + p &* bStride))
        step += 1
        left &-= 1
    }
    sums.store(result, width)
}
