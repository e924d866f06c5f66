import CGanShims

// C = epilogue(A · B) by blocks, after Goto and van de Geijn ("Anatomy of high-performance matrix multiplication", ACM
// TOMS 2008) and BLIS, but with as little packing as possible, since the matrices of small networks are small: a
// panel of B (one tile wide) is packed just before the rows of A pass over it, and A is read where it lies unless its
// layout is bad for the cache.
//
//     for each block of the inner dimension             partial sums are kept in C
//       for each block of rows                          A's block stays in the second-level cache
//         for each panel of columns                     B's panel stays in the first- or second-level cache
//           for each tile of rows                       the micro-kernel
//
// Where all rows fit into one tile the panels are outermost. Where C has only a few columns, the transposed product is
// computed, so that vectors run along the rows.

/// How one product is cut into blocks; a function of its shape and strides alone.
@frozen
public struct ProductPlan {
    @usableFromInline var rows: Int
    @usableFromInline var columns: Int
    @usableFromInline var inner: Int
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline var aRowStride: Int
    @usableFromInline var aInnerStride: Int
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline var bInnerStride: Int
    @usableFromInline var bColumnStride: Int
    /// C is computed transposed: `rows`, `columns`, A and B are already exchanged.
    @usableFromInline var transposed: Bool
    /// There is nothing to do to the sums but to store them.
    @usableFromInline var plain: Bool
    @usableFromInline var readsC: Bool
    @usableFromInline var innerBlock: Int
    @usableFromInline var rowBlock: Int
    @usableFromInline var copiesA: Bool
    /// Vectors in a panel.
    @usableFromInline var panelVectors: Int
    @usableFromInline var packsB: Bool
    /// Looks for steps at which a tile of A is zero.
    @usableFromInline var skipsZeros: Bool

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ t: MatrixProductArguments) {
        transposed = t.columns < V.width && t.columns <= V.tileRows && t.rows > t.columns
        if transposed {
            rows = t.columns
            columns = t.rows
            a = t.b
            aRowStride = t.bColumnStride
            aInnerStride = t.bInnerStride
            b = t.a
            bInnerStride = t.aInnerStride
            bColumnStride = t.aRowStride
        } else {
            rows = t.rows
            columns = t.columns
            a = t.a
            aRowStride = t.aRowStride
            aInnerStride = t.aInnerStride
            b = t.b
            bInnerStride = t.bInnerStride
            bColumnStride = t.bColumnStride
        }
        inner = t.inner
        // A single row or a single step makes one stride meaningless: choose the one that names contiguous lines.
        if rows == 1 { aRowStride = 1 }
        if inner == 1 && aRowStride != 1 { aInnerStride = 1 }
        if inner == 1 && bColumnStride != 1 { bInnerStride = 1 }
        plain =
            t.alpha == 1 && t.beta == 0 && t.bias == nil && t.activation == .identity && t.derivativeOf == nil
        readsC = t.beta != 0
        if rows == 1 && bColumnStride == 1 {
            panelVectors = V.rowVectors
        } else {
            panelVectors = rows <= V.wideTileRows ? 2 &* V.tileVectors : V.tileVectors
        }
        let oneTile = rows <= V.tileRows

        // Blocks of the inner dimension, of even length. Where C itself is an operand it cannot hold partial sums.
        let small = rows &* inner <= ProductPlan.rowBlockFloats
        let limit = small ? ProductPlan.longInnerBlock : ProductPlan.innerBlock
        if readsC && !oneTile {
            innerBlock = inner
        } else {
            let blocks = max(1, (inner &+ limit &- 1) / limit)
            innerBlock = (inner &+ blocks &- 1) / blocks
        }
        packsB = bColumnStride != 1 || !oneTile

        // A is copied where its rows fall onto the same sets of the cache, or its steps onto more pages than the
        // processor keeps the addresses of.
        let leading = aRowStride == 1 ? aInnerStride : aRowStride
        let block = max(1, innerBlock)
        let large = rows &* block > ProductPlan.rowBlockFloats
        copiesA = !oneTile && (aRowStride == 1 ? block &* leading > ProductPlan.pagesFloats : leading & 1023 == 0)
        let fitting = max(ProductPlan.rowBlockFloats / block, 1)
        rowBlock = large ? min(rows, (fitting &+ V.tileRows &- 1) / V.tileRows &* V.tileRows) : rows
        if oneTile { rowBlock = rows }
        skipsZeros = t.skipsZeros && !transposed && !oneTile && aInnerStride == 1 && aRowStride != 1 && panelVectors == 2
    }

    /// Steps in a block: a panel of 32 columns is then 64 KiB, twice that where A is small and there is room for it.
    @inlinable @inline(__always) static var innerBlock: Int { 512 }
    @inlinable @inline(__always) static var longInnerBlock: Int { 1024 }
    /// A mebibyte of A.
    @inlinable @inline(__always) static var rowBlockFloats: Int { 262_144 }

    /// 80 pages of 4 KiB.
    @inlinable @inline(__always) static var pagesFloats: Int { 81_920 }

    /// Whether the next panel is packed by the tiles of this one, and what they need is brought closer before: that pays
    /// where the operands do not fit into the second-level cache.
    @inlinable @inline(__always)
    func prepares<V: FloatVector>(_ vector: V.Type, rows: Int, inner: Int) -> Bool {
        bColumnStride == 1 && rows > 2 &* V.tileRows && inner >= 2 &* V.tileRows && panelVectors == 2
            && rows &* inner &+ inner &* columns &+ rows &* columns > ProductPlan.nearFloats
    }

    @inlinable @inline(__always) static var nearFloats: Int { 320_000 }

    @inlinable @inline(__always)
    func panelFloats<V: FloatVector>(_ vector: V.Type) -> Int { innerBlock &* min(panelVectors, 2 &* V.tileVectors) &* V.width }

    /// Two tiles, one of them turned round.
    @inlinable @inline(__always)
    func scratchFloats<V: FloatVector>(_ vector: V.Type) -> Int { 2 &* V.tileRows &* 2 &* V.tileVectors &* V.width }

    /// The stride of A's copy: whole vectors, and never a multiple of a page.
    @inlinable @inline(__always)
    func copyStride(_ length: Int) -> Int { ((length &+ 15) & ~15) &+ 16 }

    /// The tiles of a block of rows.
    @inlinable @inline(__always)
    func blockTiles<V: FloatVector>(_ vector: V.Type) -> Int { (rowBlock &+ V.tileRows &- 1) / V.tileRows }

    @inlinable @inline(__always)
    func copyFloats<V: FloatVector>(_ vector: V.Type) -> Int {
        if !copiesA { return 0 }
        if aRowStride == 1 { return blockTiles(V.self) &* packedStep(V.self) &* innerBlock }
        return rowBlock &* copyStride(innerBlock)
    }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type) -> Int {
        16 &+ scratchFloats(V.self) &+ 2 &* panelFloats(V.self) &+ copyFloats(V.self)
            &+ (skipsZeros ? KeptLists.floats(tiles: blockTiles(V.self), inner: innerBlock) : 0)
    }
}

/// A rectangle of C as the plan sees it.
@frozen
public struct ProductRectangle {
    @usableFromInline var row: Int
    @usableFromInline var rows: Int
    @usableFromInline var column: Int
    @usableFromInline var columns: Int

    @inlinable @inline(__always)
    init(row: Int, rows: Int, column: Int, columns: Int) {
        self.row = row
        self.rows = rows
        self.column = column
        self.columns = columns
    }
}

@inlinable @inline(__always)
public func matrixProductWorkspace<V: FloatVector>(_ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>) -> Int {
    if arguments.pointee.adam != nil {
        return AdamBands(V.self, columns: arguments.pointee.columns).workspace(V.self, inner: arguments.pointee.inner)
    }
    return ProductPlan(V.self, arguments.pointee).workspace(V.self)
}

/// The kernel: this part's share of C.
@inlinable @inline(__always)
public func matrixProduct<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    if let adam = arguments.pointee.adam {
        return matrixProductToAdam(V.self, arguments.pointee, adam.pointee, part, parts, workspace)
    }
    if isDotProducts(V.self, arguments.pointee) { return dotProducts(V.self, arguments, part, parts, workspace) }
    if isOuterProduct(V.self, arguments.pointee) { return outerProduct(V.self, arguments.pointee, part, parts) }
    let plan = ProductPlan(V.self, arguments.pointee)
    if plan.rows <= 0 || plan.columns <= 0 { return }
    if plan.rows >= 2 &* plan.columns && plan.rows >= 2 &* parts &* V.tileRows {
        // Tall: each part takes a band of rows.
        let start = plan.rows &* part / parts
        let end = plan.rows &* (part &+ 1) / parts
        multiply(V.self, arguments, plan, ProductRectangle(row: start, rows: end &- start, column: 0, columns: plan.columns), workspace)
        return
    }
    let vectors = (plan.columns &+ V.width &- 1) / V.width
    if plan.rows <= V.tileRows {
        // One tile of rows: each part takes a run of vectors.
        let start = vectors &* part / parts &* V.width
        let end = min(vectors &* (part &+ 1) / parts &* V.width, plan.columns)
        if start < end {
            multiply(V.self, arguments, plan, ProductRectangle(row: 0, rows: plan.rows, column: start, columns: end &- start), workspace)
        }
        return
    }
    // Panel after panel, row after row, all of the same cost: each part takes an equal run of them. A run is at most
    // the lower rows of one panel, some whole panels, and the upper rows of one more.
    let start = splitPosition(plan, vectors: vectors, tileRows: V.tileRows, part, parts)
    let end = splitPosition(plan, vectors: vectors, tileRows: V.tileRows, part &+ 1, parts)
    let panelWidth = plan.panelVectors &* V.width
    var panel = start.panel
    if start.row > 0 {
        let last = end.panel == panel ? end.row : plan.rows
        multiplyPanels(V.self, arguments, plan, row: start.row, to: last, panel: panel, to: panel &+ 1, panelWidth, workspace)
        panel &+= 1
    }
    if panel < end.panel {
        multiplyPanels(V.self, arguments, plan, row: 0, to: plan.rows, panel: panel, to: end.panel, panelWidth, workspace)
        panel = end.panel
    }
    if panel == end.panel && end.row > 0 {
        multiplyPanels(V.self, arguments, plan, row: 0, to: end.row, panel: panel, to: panel &+ 1, panelWidth, workspace)
    }
}

/// Where part `part` begins: the panel, and the row in it.
@inlinable @inline(__always)
func splitPosition(_ plan: ProductPlan, vectors: Int, tileRows: Int, _ part: Int, _ parts: Int) -> (panel: Int, row: Int) {
    let panels = (vectors &+ plan.panelVectors &- 1) / plan.panelVectors
    if part == parts { return (panels, 0) }
    // Cost in row-vectors. Sizes are those of matrices in memory, so the product cannot overflow for fewer than 2²⁰ parts.
    let position = vectors &* plan.rows &* part / parts
    let panelCost = plan.panelVectors &* plan.rows
    let panel = position / panelCost
    let width = min(plan.panelVectors, vectors &- panel &* plan.panelVectors)
    let row = (position &- panel &* panelCost) / width
    // Slivers cost more than they even out.
    if row < tileRows / 2 { return (panel, 0) }
    if plan.rows &- row < tileRows / 2 { return (panel &+ 1, 0) }
    return (panel, row)
}

@inlinable @inline(__always)
func multiplyPanels<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ plan: ProductPlan,
    row: Int, to rowEnd: Int, panel: Int, to panelEnd: Int, _ panelWidth: Int, _ workspace: UnsafeMutablePointer<Float>
) {
    if row >= rowEnd { return }
    let column = panel &* panelWidth
    let rectangle = ProductRectangle(
        row: row, rows: rowEnd &- row, column: column, columns: min(panelEnd &* panelWidth, plan.columns) &- column)
    multiply(V.self, arguments, plan, rectangle, workspace)
}

@inlinable @inline(never)
func multiply<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ plan: ProductPlan, _ rectangle: ProductRectangle,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let address = UInt(bitPattern: workspace)
    let scratch = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    let panel = scratch + plan.scratchFloats(V.self)
    let copy = panel + 2 &* plan.panelFloats(V.self)
    let panelWidth = plan.panelVectors &* V.width
    let columnEnd = rectangle.column &+ rectangle.columns

    if plan.rows <= V.tileRows {
        // One tile of rows: it stays in registers or scratch while the inner dimension passes by.
        var column = rectangle.column
        while column < columnEnd {
            var columns = min(panelWidth, columnEnd &- column)
            if plan.panelVectors > 2 &* V.tileVectors && columns < panelWidth {
                // As many vectors as a wide row can have; less than a vector comes last.
                var vectors = plan.panelVectors / 2
                while vectors > 1 && columns < vectors &* V.width { vectors /= 2 }
                columns = min(columns, vectors &* V.width)
            }
            var p = 0
            repeat {
                let inner = min(plan.innerBlock, plan.inner &- p)
                multiplyPanel(
                    V.self, arguments, plan, a: plan.a + (rectangle.row &* plan.aRowStride &+ p &* plan.aInnerStride),
                    aRowStride: plan.aRowStride, aInnerStride: plan.aInnerStride,
                    ProductRectangle(row: rectangle.row, rows: rectangle.rows, column: column, columns: columns),
                    p: p, inner: inner, keepsSums: true, scratch, PanelPair(panel, panel), nil)
                p &+= inner
            } while p < plan.inner
            column &+= columns
        }
        return
    }

    var p = 0
    repeat {
        let inner = min(plan.innerBlock, plan.inner &- p)
        var row = rectangle.row
        let rowEnd = rectangle.row &+ rectangle.rows
        while row < rowEnd {
            let rows = min(plan.rowBlock, rowEnd &- row)
            var a = plan.a + (row &* plan.aRowStride &+ p &* plan.aInnerStride)
            var aRowStride = plan.aRowStride
            var aInnerStride = plan.aInnerStride
            if plan.copiesA {
                if aRowStride == 1 {
                    packTiles(
                        V.self, a, stride: aInnerStride, inner: inner, rows: rows, available: plan.rows &- row, to: copy)
                    aInnerStride = packedStep(V.self)
                } else {
                    let stride = plan.copyStride(inner)
                    copyLines(V.self, a, stride: aRowStride, lines: rows, length: inner, to: copy, toStride: stride)
                    aRowStride = stride
                }
                a = UnsafePointer(copy)
            }
            var kept: KeptLists? = nil
            if plan.skipsZeros {
                let lists = KeptLists(copy + plan.copyFloats(V.self), tiles: plan.blockTiles(V.self), inner: plan.innerBlock)
                listKeptSteps(V.self, a, rowStride: aRowStride, rows: rows, inner: inner, lists)
                kept = lists
            }
            var column = rectangle.column
            var panels = PanelPair(panel, panel + plan.panelFloats(V.self))
            let prepares = plan.prepares(V.self, rows: rows, inner: inner)
            while column < columnEnd {
                let columns = min(panelWidth, columnEnd &- column)
                panels.preparesNext = prepares && columnEnd &- column >= 2 &* panelWidth
                multiplyPanel(
                    V.self, arguments, plan, a: a, aRowStride: aRowStride, aInnerStride: aInnerStride,
                    ProductRectangle(row: row, rows: rows, column: column, columns: columns),
                    p: p, inner: inner, keepsSums: false, scratch, panels, kept)
                panels.advance()
                column &+= columns
            }
            row &+= rows
        }
        p &+= inner
    } while p < plan.inner
}

/// Two panels of B: the one that is multiplied by, and the one that is packed meanwhile.
@frozen
public struct PanelPair {
    @usableFromInline var current: UnsafeMutablePointer<Float>
    @usableFromInline var next: UnsafeMutablePointer<Float>
    /// The current panel is packed already.
    @usableFromInline var isReady = false
    /// The next one is to be packed meanwhile.
    @usableFromInline var preparesNext = false

    @inlinable @inline(__always)
    init(_ current: UnsafeMutablePointer<Float>, _ next: UnsafeMutablePointer<Float>) {
        self.current = current
        self.next = next
    }

    @inlinable @inline(__always)
    mutating func advance() {
        // Else the same memory serves again, while it is in the first-level cache.
        if preparesNext { (current, next) = (next, current) }
        isReady = preparesNext
    }
}

/// Steps `p` ..< `p + inner` of one panel of B with a block of rows. `a` is the block's first element.
/// With `keepsSums` the scratch tile lives on from one block of the inner dimension to the next.
@inlinable @inline(never)
func multiplyPanel<V: FloatVector>(
    _ vector: V.Type, _ product: UnsafePointer<MatrixProductArguments>, _ plan: ProductPlan,
    a: UnsafePointer<Float>, aRowStride: Int, aInnerStride: Int, _ r: ProductRectangle,
    p: Int, inner: Int, keepsSums: Bool, _ scratch: UnsafeMutablePointer<Float>, _ panels: PanelPair, _ kept: KeptLists?
) {
    let panel = panels.current
    let first = p == 0
    let last = p &+ inner == plan.inner
    // Four vectors where the panel is wide, else two, else the one that is left.
    let vectors = plan.panelVectors > 2 &* V.tileVectors
        ? max(r.columns / V.width, 1) : r.columns > 2 &* V.width ? 4 : r.columns > V.width ? 2 : 1
    let whole = r.columns == vectors &* V.width

    var b = plan.b + (p &* plan.bInnerStride &+ r.column &* plan.bColumnStride)
    var bStride = plan.bInnerStride
    let width = vectors &* V.width
    let tiles = TileHeights(rows: r.rows, limit: V.tileRows)
    let prepares = panels.preparesNext
    // A panel's rows are packed by all tiles but the first, in equal shares.
    let share = max((inner &+ tiles.count &- 2) / max(tiles.count &- 1, 1), 2 &* V.tileRows)
    let packsOnTheWay = !panels.isReady && whole && vectors == 2 && tiles.count > 1 && plan.bColumnStride == 1
    if panels.isReady {
        b = UnsafePointer(panel)
        bStride = width
    } else if (plan.packsB || !whole) && !packsOnTheWay {
        if plan.bColumnStride == 1 {
            packRows(V.self, b, stride: plan.bInnerStride, inner: inner, columns: r.columns, to: panel, panelWidth: width)
        } else {
            packColumns(V.self, b, stride: plan.bColumnStride, inner: inner, columns: r.columns, to: panel, panelWidth: width)
        }
        b = UnsafePointer(panel)
        bStride = width
    }

    // While the first tiles are computed, the next panel's share of B comes closer, a line of each row at a time.
    // (Columns that follow each other without gaps are one run of lines.)
    var ahead = b
    var aheadStride = 0
    var aheadNext = 0
    if r.column &+ r.columns < plan.columns && plan.packsB && !prepares {
        if plan.bColumnStride == 1 {
            ahead = plan.b + (p &* plan.bInnerStride &+ r.column &+ r.columns)
            aheadStride = plan.bInnerStride
            aheadNext = 16
        } else if plan.bColumnStride == inner {
            ahead = plan.b + (r.column &+ r.columns) &* plan.bColumnStride
            aheadStride = 16
            aheadNext = 16 &* inner
        }
    }

    // Sums that are not finished yet, or need no finishing, go to C; others to the scratch tile, for the write-back.
    let inPlace = whole && !plan.readsC && !plan.transposed
    let direct = inPlace && (!last || plan.plain)
    let c = product.pointee.c
    let cRowStride = product.pointee.cRowStride
    var done = 0
    let packedA = plan.copiesA && plan.aRowStride == 1
    let nextB = plan.b + (p &* plan.bInnerStride &+ r.column &+ r.columns)
    var packed = 0
    for tile in 0..<tiles.count {
        let rows = tiles.height(tile)
        let row = r.row &+ done
        let target = c + (row &* cRowStride &+ r.column)
        let sums = direct ? target : scratch
        let sumsStride = direct ? cRowStride : vectors &* V.width
        var start: UnsafePointer<Float>? = nil
        if !first {
            start = UnsafePointer(inPlace ? target : scratch)
            if !inPlace && !keepsSums {
                copyTile(V.self, from: target, cRowStride, to: scratch, sumsStride, rows: rows, columns: r.columns)
            }
        }
        let packing = prepares && tile > 0 ? min(share, inner &- packed) : 0
        var arguments = TileArguments(
            a: a + (packedA ? tile &* inner &* aInnerStride : done &* aRowStride), aRowStride: aRowStride, aInnerStride: aInnerStride,
            b: b, bStride: bStride, inner: inner, sums: sums, sumsStride: sumsStride,
            start: start, startStride: inPlace ? cRowStride : sumsStride, ahead: ahead, aheadStride: aheadStride,
            next: NextShare(
                b: nextB + packed &* plan.bInnerStride, bStride: plan.bInnerStride, rows: packing,
                panel: panels.next + packed &* width,
                c: UnsafePointer(tile &+ 1 < tiles.count ? target + rows &* cRowStride : c + (r.row &* cRowStride &+ r.column &+ width)),
                cStride: cRowStride, cRows: rows, later: nextB + (packed &+ packing) &* plan.bInnerStride,
                laterRows: min(share, inner &- packed &- packing)),
            panel: panel)
        packed &+= packing
        if !first && inPlace && tile &+ 1 < tiles.count {
            // The next tile goes on from sums that are far away by now.
            for i in 0..<tiles.height(tile &+ 1) {
                gan_prefetch_write(target + (rows &+ i) &* cRowStride)
                gan_prefetch_write(target + ((rows &+ i) &* cRowStride &+ 16))
            }
        }
        // Where a tile leaves out steps it has to take those still that do something beside.
        var keeps = false
        if let kept, let count = kept.count(tile), vectors == 2, 2 &* rows > V.tileRows, !packsOnTheWay || tile > 0,
            !prepares || count >= max(packing, 2 &* rows)
        {
            keeps = true
            arguments.inner = count
            arguments.kept = UnsafePointer(kept.list(tile))
        }
        if tile == 0 && packsOnTheWay {
            multiplyTile(V.self, PackingTile.self, rows: rows, arguments)
            b = UnsafePointer(panel)
            bStride = width
        } else if keeps {
            if prepares {
                multiplyTile(V.self, PreparingTile<KeptSteps>.self, rows: rows, arguments)
            } else {
                multiplyTile(V.self, KeptTile.self, rows: rows, arguments)
            }
        } else if prepares {
            multiplyTile(V.self, PreparingTile<AllSteps>.self, rows: rows, arguments)
        } else {
            multiplyTile(V.self, rows: rows, vectors: vectors, arguments)
        }
        ahead = tile == 0 && aheadNext > 0 ? ahead + aheadNext : b
        if tile > 0 || aheadNext == 0 || packsOnTheWay { aheadStride = 0 }
        if last {
            if plan.transposed {
                writeBackTransposed(V.self, product, scratch, sumsStride, rows: rows, columns: r.columns, row: row, column: r.column)
            } else if !plan.plain {
                writeBack(
                    V.self, product, sums: sums, sumsStride: sumsStride, row: row, rows: rows, column: r.column, columns: r.columns)
            } else if !direct {
                copyTile(V.self, from: scratch, sumsStride, to: target, cRowStride, rows: rows, columns: r.columns)
            }
        } else if !direct && !keepsSums {
            copyTile(V.self, from: scratch, sumsStride, to: target, cRowStride, rows: rows, columns: r.columns)
        }
        done &+= rows
    }
}

/// The write-back of a transposed product: the tile is turned round first, into the second half of the scratch.
@inlinable @inline(never)
func writeBackTransposed<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ scratch: UnsafeMutablePointer<Float>, _ stride: Int,
    rows: Int, columns: Int, row: Int, column: Int
) {
    let t = arguments.pointee
    if rows == 1 && t.cRowStride == 1 && (t.derivativeOf == nil || t.derivativeRowStride == 1) {
        // A single contiguous column.
        writeBack(
            V.self, arguments, sums: scratch, sumsStride: stride, row: 0, rows: 1, column: column, columns: columns, oneBias: true)
        return
    }
    let turned = scratch + V.tileRows &* 2 &* V.tileVectors &* V.width
    for i in 0..<rows {
        for j in 0..<columns { turned[j &* rows &+ i] = scratch[i &* stride &+ j] }
    }
    writeBack(
        V.self, arguments, sums: turned, sumsStride: rows, row: column, rows: columns, column: row, columns: rows)
}
