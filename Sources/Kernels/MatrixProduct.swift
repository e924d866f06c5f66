import CGanShims

// C = epilogue(A · B) by blocks, after Goto and van de Geijn ("Anatomy of high-performance matrix multiplication", ACM
// TOMS 2008) and BLIS, but with as little packing as possible, since the matrices of small networks are small: A and
// B are read where they lie unless their layout is bad for the cache, and what is packed of B, a panel one tile wide,
// is packed beside the tiles of the panel before where they are high enough to do more than sum.
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
    /// Bias and sigmoid, and nothing else.
    @usableFromInline var endsWithSigmoid: Bool
    @usableFromInline var readsC: Bool
    @usableFromInline var innerBlock: Int
    @usableFromInline var rowBlock: Int
    @usableFromInline var copiesA: Bool
    /// Vectors in a panel.
    @usableFromInline var panelVectors: Int
    @usableFromInline var packsB: Bool

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
        plain = t.isPlain
        endsWithSigmoid =
            t.activation == .sigmoid && t.bias != nil && t.alpha == 1 && t.beta == 0 && t.derivativeOf == nil
        readsC = t.beta != 0
        panelVectors = rows <= V.wideTileRows ? 2 &* V.tileVectors : V.tileVectors
        let oneTile = rows <= V.tileRows

        // Blocks of the inner dimension, of even length. Where C itself is an operand it cannot hold partial sums.
        let rowBlockFloats = gan_second_level_cache() / Tuning.rowBlockShare
        if readsC && !oneTile {
            innerBlock = inner
        } else {
            let blocks = max(1, (inner &+ Tuning.stepsOfBlock &- 1) / Tuning.stepsOfBlock)
            innerBlock = (inner &+ blocks &- 1) / blocks
        }
        // What is packed has been read by then, and packing pays for many tiles only: so not where operands lie well. They lie
        // badly where their lines fall onto the same sets of the first-level cache, and A also where its steps lie on more pages
        // than the processor keeps the addresses of.
        let block = max(1, innerBlock)
        packsB = bColumnStride != 1 || !(oneTile || inner <= Tuning.stepsOfBlock && bInnerStride & 1023 != 0)
        let leading = aRowStride == 1 ? aInnerStride : aRowStride
        copiesA = !oneTile && (leading & 1023 == 0 || aRowStride == 1 && block &* leading > Tuning.pages)
        let large = rows &* block > rowBlockFloats
        let fitting = max(rowBlockFloats / block, 1)
        // A block of A takes a third of the second-level cache, where panels of B and the next block of A want to be too.
        rowBlock = large ? min(rows, (fitting &+ V.tileRows &- 1) / V.tileRows &* V.tileRows) : rows
        if oneTile { rowBlock = rows }
    }

    /// Whether the next panel is packed by the tiles of this one: where B is stored transposed, for turning it round takes long;
    /// else where the operands do not fit into the second-level cache, and what the tiles need is brought closer too.
    @inlinable @inline(__always)
    func prepares<V: FloatVector>(_ vector: V.Type, rows: Int, inner: Int) -> Bool {
        if !packsB || rows <= 2 &* V.tileRows || panelVectors != 2 { return false }
        let leastHeight = TileHeights(rows: rows, limit: V.tileRows).least
        if !doesMore(V.self, rows: leastHeight, vectors: 2) { return false }
        if bColumnStride != 1 { return inner % 4 == 0 && inner >= 16 && !transposed }
        return inner >= 2 &* V.tileRows && rows &* inner &+ inner &* columns &+ rows &* columns > Tuning.near
    }

    @inlinable @inline(__always)
    func panelFloats<V: FloatVector>(_ vector: V.Type) -> Int { innerBlock &* panelVectors &* V.width }

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
    func packedTiles<V: FloatVector>(_ vector: V.Type, _ inner: Int) -> PackedTiles { PackedTiles(V.self, rows: V.tileRows, inner: inner) }

    @inlinable @inline(__always)
    func copyFloats<V: FloatVector>(_ vector: V.Type) -> Int {
        if !copiesA { return 0 }
        if aRowStride == 1 { return blockTiles(V.self) &* packedTiles(V.self, innerBlock).size }
        return rowBlock &* copyStride(innerBlock)
    }

    /// Whether all panels of a block are kept, for the blocks of rows that follow: packed, they come from memory twice as fast.
    @inlinable @inline(__always)
    func keepsPanels<V: FloatVector>(_ vector: V.Type) -> Bool {
        packsB && panelVectors == 2 && rows > rowBlock && panels(V.self) &* panelFloats(V.self) <= Tuning.keptPanels
    }

    @inlinable @inline(__always)
    func panels<V: FloatVector>(_ vector: V.Type) -> Int { (columns &+ panelVectors &* V.width &- 1) / (panelVectors &* V.width) }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type) -> Int {
        16 &+ scratchFloats(V.self) &+ (keepsPanels(V.self) ? panels(V.self) : 2) &* panelFloats(V.self) &+ copyFloats(V.self)
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
        let inner = arguments.pointee.inner
        return AdamBands(V.self, columns: arguments.pointee.columns, inner: inner).workspace(V.self, inner: inner)
    }
    if isRowProduct(V.self, arguments.pointee) { return rowProductWorkspace(V.self, columns: arguments.pointee.columns) }
    let ordinary = ProductPlan(V.self, arguments.pointee).workspace(V.self)
    if !isSparseProduct(V.self, arguments.pointee) { return ordinary }
    return max(ordinary, SparsePlan(V.self, arguments.pointee).workspace(V.self))
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
    if isRowProduct(V.self, arguments.pointee) { return rowProduct(V.self, arguments, part, parts, workspace) }
    if isOuterProduct(V.self, arguments.pointee) { return outerProduct(V.self, arguments.pointee, part, parts) }
    if isSparseProduct(V.self, arguments.pointee) { return sparseProduct(V.self, arguments, part, parts, workspace) }
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
    let keepsPanels = plan.keepsPanels(V.self)
    let copy = panel + (keepsPanels ? plan.panels(V.self) : 2) &* plan.panelFloats(V.self)
    let panelWidth = plan.panelVectors &* V.width
    let columnEnd = rectangle.column &+ rectangle.columns

    if plan.rows <= V.tileRows {
        // One tile of rows: it stays in registers or scratch while the inner dimension passes by.
        var unfinished = UnfinishedTile.none(scratch)
        var column = rectangle.column
        while column < columnEnd {
            let columns = min(panelWidth, columnEnd &- column)
            var p = 0
            repeat {
                let inner = min(plan.innerBlock, plan.inner &- p)
                multiplyPanel(
                    V.self, arguments, plan, a: plan.a + (rectangle.row &* plan.aRowStride &+ p &* plan.aInnerStride),
                    aRowStride: plan.aRowStride, aInnerStride: plan.aInnerStride,
                    ProductRectangle(row: rectangle.row, rows: rectangle.rows, column: column, columns: columns),
                    p: p, inner: inner, keepsSums: true, scratch, PanelPair(panel, panel), &unfinished)
                p &+= inner
            } while p < plan.inner
            column &+= columns
        }
        return
    }

    var unfinished = UnfinishedTile.none(scratch)
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
                    let packed = plan.packedTiles(V.self, inner)
                    packTiles(
                        V.self, a, stride: aInnerStride, inner: inner, rows: rows, available: plan.rows &- row, to: copy, packed)
                    aInnerStride = packed.step
                } else {
                    let stride = plan.copyStride(inner)
                    copyLines(V.self, a, stride: aRowStride, lines: rows, length: inner, to: copy, toStride: stride)
                    aRowStride = stride
                }
                a = UnsafePointer(copy)
            }
            var column = rectangle.column
            var panels = PanelPair(panel, panel + plan.panelFloats(V.self))
            if keepsPanels && arguments.pointee.packedB == nil {
                panels.kept = plan.panelFloats(V.self)
                panels.areReady = row > rectangle.row
                panels.isReady = panels.areReady
            }
            let prepares = arguments.pointee.packedB == nil && plan.prepares(V.self, rows: rows, inner: inner)
            while column < columnEnd {
                let columns = min(panelWidth, columnEnd &- column)
                panels.preparesNext = prepares && !panels.areReady && columnEnd &- column >= 2 &* panelWidth
                multiplyPanel(
                    V.self, arguments, plan, a: a, aRowStride: aRowStride, aInnerStride: aInnerStride,
                    ProductRectangle(row: row, rows: rows, column: column, columns: columns),
                    p: p, inner: inner, keepsSums: false, scratch, panels, &unfinished)
                panels.advance()
                column &+= columns
            }
            row &+= rows
        }
        p &+= inner
    } while p < plan.inner
    finishSigmoid(V.self, arguments, &unfinished)
}
