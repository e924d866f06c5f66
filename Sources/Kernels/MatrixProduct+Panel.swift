import CGanShims

// One panel of B with a block of rows of A: where the panel comes from, the tiles one after the other, and where their sums go.
// Tiles are short, and what happens between two of them is not hidden by anything, so what is the same for all is decided once.
//
// A panel comes to its tiles in one of four ways: it was packed beforehand (`PackedPanels`); the tiles of the panel before have
// packed it, copying or turning it round; it is packed here; or B is read where it lies.

/// Two panels of B: the one that is multiplied by, and the one that is packed meanwhile.
@frozen
public struct PanelPair {
    @usableFromInline var current: UnsafeMutablePointer<Float>
    @usableFromInline var next: UnsafeMutablePointer<Float>
    /// The current panel is packed already.
    @usableFromInline var isReady = false
    /// The next one is to be packed meanwhile.
    @usableFromInline var preparesNext = false
    /// Where panels are kept, how far they are apart, else 0; and whether all of them are packed already.
    @usableFromInline var kept = 0
    @usableFromInline var areReady = false

    @inlinable @inline(__always)
    init(_ current: UnsafeMutablePointer<Float>, _ next: UnsafeMutablePointer<Float>) {
        self.current = current
        self.next = next
    }

    @inlinable @inline(__always)
    mutating func advance() {
        isReady = preparesNext || areReady
        if kept > 0 {
            (current, next) = (next, next + kept)
        } else if preparesNext {
            // Else the same memory serves again, while it is in the first-level cache.
            (current, next) = (next, current)
        }
    }
}

/// Steps `p` ..< `p + inner` of one panel of B with a block of rows. `a` is the block's first element.
/// With `keepsSums` the scratch tile lives on from one block of the inner dimension to the next.
/// `unfinished` is the tile before, where its write-back is left to the next one.
@inlinable @inline(never)
func multiplyPanel<V: FloatVector>(
    _ vector: V.Type, _ product: UnsafePointer<MatrixProductArguments>, _ plan: ProductPlan,
    a: UnsafePointer<Float>, aRowStride: Int, aInnerStride: Int, _ r: ProductRectangle,
    p: Int, inner: Int, keepsSums: Bool, _ scratch: UnsafeMutablePointer<Float>, _ panels: PanelPair,
    _ unfinished: inout UnfinishedTile
) {
    let panel = panels.current
    let first = p == 0
    let last = p &+ inner == plan.inner
    // Four vectors where the panel is wide, else two, else the one that is left.
    let vectors = r.columns > 2 &* V.width ? 4 : r.columns > V.width ? 2 : 1
    let width = vectors &* V.width
    let whole = r.columns == width
    let tiles = TileHeights(rows: r.rows, limit: V.tileRows)
    let isTransposed = plan.bColumnStride != 1
    let nextColumn = r.column &+ r.columns

    // Where the panel is, and what of B is brought closer while the first tiles are computed: the next panel's share, a line of
    // each row at a time. (Columns that follow each other without gaps are one run of lines.)
    var b = plan.b + (p &* plan.bInnerStride &+ r.column &* plan.bColumnStride)
    var bStride = plan.bInnerStride
    var ahead = b
    var aheadStride = 0
    var aheadNext = 0
    let prepares = panels.preparesNext
    if whole, let packed = packedPanel(V.self, product, plan, column: r.column, columns: r.columns) {
        b = packed.panel + p &* packed.stride
        bStride = packed.stride
        if let next = packedPanel(V.self, product, plan, column: nextColumn, columns: r.columns) {
            (ahead, aheadStride, aheadNext) = (next.panel + p &* next.stride, next.stride, 16)
        }
    } else {
        if panels.isReady || plan.packsB || !whole {
            if !panels.isReady && isTransposed {
                packColumns(V.self, b, stride: plan.bColumnStride, inner: inner, columns: r.columns, to: panel, panelWidth: width)
            } else if !panels.isReady {
                packRows(V.self, b, stride: plan.bInnerStride, inner: inner, columns: r.columns, to: panel, panelWidth: width)
            }
            b = UnsafePointer(panel)
            bStride = width
        }
        if tiles.count > 1 && nextColumn < plan.columns && (!prepares || isTransposed) && !panels.areReady {
            if !isTransposed {
                (ahead, aheadStride, aheadNext) = (plan.b + (p &* plan.bInnerStride &+ nextColumn), plan.bInnerStride, 16)
            } else if plan.bColumnStride == inner {
                (ahead, aheadStride, aheadNext) = (plan.b + nextColumn &* plan.bColumnStride, 16, 16 &* inner)
            }
        }
    }

    // Sums that are not finished yet, or need no finishing, go to C; others to a scratch tile, of which there are two, since a
    // tile may be left to the next one.
    let inPlace = whole && !plan.readsC && !plan.transposed
    let direct = inPlace && (!last || plan.plain)
    let leavesSigmoid = last && inPlace && !keepsSums && plan.endsWithSigmoid
    let scratchTile = V.tileRows &* 2 &* V.tileVectors &* V.width
    let cRowStride = product.pointee.cRowStride
    let packedA = plan.copiesA && plan.aRowStride == 1
    let packedTile = plan.packedTiles(V.self, inner).size
    // What the next panel is packed from, by all tiles but the first in equal shares.
    let nextB = plan.b + (p &* plan.bInnerStride &+ nextColumn &* plan.bColumnStride)
    var transposing = TileBeside(
        TransposingBeside<V>(
            nextB, stride: plan.bColumnStride, steps: prepares && isTransposed ? inner : 0, to: panels.next, tiles: tiles.count))
    let transposes = transposing.work.left > 0
    let share = max((inner &+ tiles.count &- 2) / max(tiles.count &- 1, 1), 2 &* V.tileRows)
    let fetchesNext = panels.areReady && nextColumn < plan.columns && inner >= 2 &* V.tileRows
    let preparesRows = (prepares && !isTransposed) || fetchesNext
    let copiesNextRows = fetchesNext && plan.copiesA && plan.aRowStride != 1 && r.column < inner
    let isRun = direct && first && !preparesRows
    var packed = 0

    var t = TileArguments(
        a: a, aRowStride: aRowStride, aInnerStride: aInnerStride, b: b, bStride: bStride, inner: inner, sums: scratch,
        sumsStride: direct ? cRowStride : width, start: nil, startStride: inPlace ? cRowStride : width, ahead: ahead,
        aheadStride: aheadStride, aheadNext: aheadNext, next: .nothing(panel))
    var target = product.pointee.c + (r.row &* cRowStride &+ r.column)
    var row = r.row
    var tile = 0
    while tile < tiles.count {
        let rows = tiles.height(tile)
        let more = doesMore(V.self, rows: rows, vectors: vectors)
        // Tiles that go straight to C follow each other without coming back here.
        t.tiles = isRun && unfinished.rows == 0 ? (tile < tiles.taller ? tiles.taller : tiles.count) &- tile : 1
        let run = t.tiles
        t.aNext = packedA ? packedTile : rows &* aRowStride
        t.sumsNext = rows &* cRowStride
        if direct {
            t.sums = target
        } else {
            // The tile before may be in the first half of the scratch still.
            let isTaken = unfinished.rows > 0 && unfinished.sums == UnsafePointer(scratch)
            t.sums = isTaken ? scratch + scratchTile : scratch
        }
        if !first {
            t.start = UnsafePointer(inPlace ? target : t.sums)
            if !inPlace && !keepsSums {
                copyTile(V.self, from: target, cRowStride, to: t.sums, t.sumsStride, rows: rows, columns: r.columns)
            } else if inPlace && tile &+ 1 < tiles.count && !(preparesRows && more) {
                // The next tile goes on from sums that are far away by now; tiles that prepare claim them themselves.
                for i in 0..<tiles.height(tile &+ 1) {
                    gan_prefetch_write(target + (rows &+ i) &* cRowStride)
                    gan_prefetch_write(target + ((rows &+ i) &* cRowStride &+ 16))
                }
            }
        }
        let nextC = UnsafePointer(
            tile &+ 1 < tiles.count ? target + rows &* cRowStride : product.pointee.c + (r.row &* cRowStride &+ nextColumn))
        let nextA = tile &+ 1 < tiles.count ? t.a + t.aNext : a
        if fetchesNext {
            let fetching = min(share, inner &- packed)
            t.next = NextShare(
                b: b, bStride: width, rows: 0, panel: panel, c: nextC, cStride: cRowStride, cRows: rows,
                later: panels.next + packed &* width, laterRows: fetching, a: nextA)
            packed &+= fetching
            // Two lines of each row that will be copied after the last panel, other ones with each panel.
            if copiesNextRows && row &+ r.rows &+ rows <= plan.rows {
                t.next.copied = plan.a + ((row &+ r.rows) &* plan.aRowStride &+ p &* plan.aInnerStride &+ r.column)
                t.next.copiedStride = plan.aRowStride
            }
        } else if preparesRows {
            let packing = tile > 0 ? min(share, inner &- packed) : 0
            t.next = NextShare(
                b: nextB + packed &* plan.bInnerStride, bStride: plan.bInnerStride, rows: packing, panel: panels.next + packed &* width,
                c: nextC, cStride: cRowStride, cRows: rows, later: nextB + (packed &+ packing) &* plan.bInnerStride,
                laterRows: min(share, inner &- packed &- packing), a: nextA)
            packed &+= packing
        }
        var finishes = false
        if unfinished.rows > 0 {
            finishes = more && !transposes
            if !finishes { finishSigmoid(V.self, product, &unfinished) }
        }
        if !more {
            multiplyTiles(V.self, rows: rows, vectors: vectors, &t)
        } else if transposes {
            multiplyTiles(V.self, &transposing, rows: rows, &t)
        } else if preparesRows {
            if finishes {
                var kind = PreparingTile(SigmoidBeside<V>(product, unfinished))
                multiplyTiles(V.self, &kind, rows: rows, &t)
            } else {
                var kind = PreparingTile(NothingBeside())
                multiplyTiles(V.self, &kind, rows: rows, &t)
            }
        } else if finishes {
            var kind = TileBeside(SigmoidBeside<V>(product, unfinished))
            multiplyTiles(V.self, &kind, rows: rows, &t)
        } else {
            multiplyTiles(V.self, rows: rows, vectors: vectors, &t)
        }
        unfinished.rows = 0
        if !direct {
            if !last {
                if !keepsSums { copyTile(V.self, from: t.sums, t.sumsStride, to: target, cRowStride, rows: rows, columns: r.columns) }
            } else if leavesSigmoid && more {
                unfinished = UnfinishedTile(sums: UnsafePointer(t.sums), row: row, rows: rows, column: r.column)
            } else if plan.transposed {
                writeBackTransposed(V.self, product, t.sums, t.sumsStride, rows: rows, columns: r.columns, row: row, column: r.column)
            } else if plan.plain {
                copyTile(V.self, from: t.sums, t.sumsStride, to: target, cRowStride, rows: rows, columns: r.columns)
            } else {
                writeBack(
                    V.self, product, sums: t.sums, sumsStride: t.sumsStride, row: row, rows: rows, column: r.column, columns: r.columns)
            }
        }
        tile &+= run
        target += run &* t.sumsNext
        row &+= run &* rows
    }
}

/// Where columns `column` ..< `column + columns`, whole vectors, lie in B as it was packed beforehand, if one of its panels holds
/// them all.
@inlinable @inline(__always)
func packedPanel<V: FloatVector>(
    _ vector: V.Type, _ product: UnsafePointer<MatrixProductArguments>, _ plan: ProductPlan, column: Int, columns: Int
) -> (panel: UnsafePointer<Float>, stride: Int)? {
    guard let packed = product.pointee.packedB, !plan.transposed, column < plan.columns else { return nil }
    let panel = PackedPanels.panel(V.self, of: column, plan.columns)
    if column &+ columns > panel.start &+ panel.width { return nil }
    return (packed + (plan.inner &* panel.start &+ column &- panel.start), panel.width)
}

/// The write-back of a tile that was left unfinished and that no other tile finishes.
@inlinable @inline(__always)
func finishSigmoid<V: FloatVector>(_ vector: V.Type, _ product: UnsafePointer<MatrixProductArguments>, _ tile: inout UnfinishedTile) {
    if tile.rows == 0 { return }
    writeBack(
        V.self, product, sums: tile.sums, sumsStride: 2 &* V.width, row: tile.row, rows: tile.rows, column: tile.column,
        columns: 2 &* V.width)
    tile.rows = 0
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
