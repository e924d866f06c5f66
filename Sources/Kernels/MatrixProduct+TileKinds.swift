// The micro-kernels, which differ in what a tile does beside its sums, and the choice among them by height and width.

/// A run of tiles: what happens between two tiles is hidden by nothing, so it is as little as can be.
@inlinable @inline(never)
func multiplyTiles<Rows: RowBlock>(_ rows: Rows.Type, _ t: UnsafeMutablePointer<TileArguments>) {
    repeat {
        var tile = TileInProgress<Rows, AllSteps>(t)
        tile.advance(t.pointee.inner, ahead: t.pointee.ahead, t.pointee.aheadStride)
        tile.sums.store(t.pointee.sums, t.pointee.sumsStride)
    } while t.pointee.goesOn()
}

/// The same with work beside.
@inlinable @inline(never)
func multiplyTiles<Rows: RowBlock, Work: WorkBeside>(_ rows: Rows.Type, _ t: UnsafeMutablePointer<TileArguments>, _ work: inout Work) {
    repeat {
        var tile = TileInProgress<Rows, AllSteps>(t)
        tile.advance(t.pointee.inner, ahead: t.pointee.ahead, t.pointee.aheadStride, &work)
        tile.sums.store(t.pointee.sums, t.pointee.sumsStride)
    } while t.pointee.goesOn()
}

/// One tile of gradients whose parameters and moments come into the first-level cache meanwhile, claimed for
/// writing: all members have read the parameters, and taking them back from another's cache costs more than reading them.
@inlinable @inline(never)
func multiplyAndClaimTile<Rows: RowBlock, Order: StepOrder>(_ rows: Rows.Type, _ order: Order.Type, _ t: UnsafePointer<TileArguments>) {
    var tile = TileInProgress<Rows, Order>(t)
    var ahead = t.pointee.ahead
    var left = t.pointee.inner
    let state = t.pointee.state
    for i in 0..<3 {
        let first = i == 0 ? state.first : i == 1 ? state.second : state.third
        var line = 0
        while line < Rows.Columns.vectors &* Rows.Columns.Vector.width {
            let count = min(2 &* Rows.rows, left)
            if count > 0 {
                tile.advance(count, ahead: ahead, t.pointee.aheadStride, claiming: first + line, state.stride)
                ahead += count &* t.pointee.aheadStride
                left &-= count
            }
            line &+= 32
        }
    }
    if left > 0 { tile.advance(left, ahead: ahead, t.pointee.aheadStride) }
    tile.sums.store(t.pointee.sums, t.pointee.sumsStride)
}

/// One tile that packs a share of the next panel, or brings closer what was packed before. Where nothing else is done
/// beside, C comes row by row; its last steps bring the beginning of the next tile.
@inlinable @inline(never)
func multiplyAndPrepareTile<Rows: RowBlock, Work: WorkBeside>(
    _ rows: Rows.Type, _ t: UnsafeMutablePointer<TileArguments>, _ work: inout Work
) {
    var tile = TileInProgress<Rows, AllSteps>(t)
    var steps = t.pointee.inner
    var later = t.pointee.next.laterRows
    if t.pointee.next.rows > 0 {
        tile.advancePreparing(t.pointee.next)
        steps &-= t.pointee.next.rows
    } else if work.units > 0 && t.pointee.next.cRows > 0 {
        tile.advance(2 &* t.pointee.next.cRows, aheadLines: t.pointee.next.c, t.pointee.next.cStride)
        steps &-= 2 &* t.pointee.next.cRows
    }
    later = min(2 &* later, steps)
    if later > 0 {
        tile.advance(later, aheadLines: t.pointee.next.later, t.pointee.next.bStride)
        steps &-= later
    }
    let last = min(2 &* Rows.rows, steps)
    if work.units == 0 && t.pointee.next.rows == 0 {
        var fetching = FetchingBeside(t.pointee.next)
        tile.advance(steps &- last, ahead: t.pointee.b, 0, &fetching)
    } else {
        tile.advance(steps &- last, ahead: t.pointee.b, 0, &work)
    }
    if last > 0 {
        tile.advance(last, near: t.pointee.next.a, t.pointee.b, claiming: t.pointee.next.c, t.pointee.next.cStride)
    }
    tile.sums.store(t.pointee.sums, t.pointee.sumsStride)
    _ = t.pointee.goesOn()
}

/// Chooses the micro-kernel: 1 ... `tileRows` rows of one or two vectors, 1 ... `wideTileRows` rows of four.
@inlinable @inline(__always)
func multiplyTiles<V: FloatVector>(_ vector: V.Type, rows: Int, vectors: Int, _ t: UnsafeMutablePointer<TileArguments>) {
    switch vectors {
    case 1: multiplyTiles(OneVector<V>.self, rows: rows, t)
    case 2: multiplyTiles(TwoVectors<V>.self, rows: rows, t)
    default: multiplyWideTiles(FourVectors<V>.self, rows: rows, t)
    }
}

@inlinable @inline(__always)
func multiplyWideTiles<C: ColumnBlock>(_ columns: C.Type, rows: Int, _ t: UnsafeMutablePointer<TileArguments>) {
    if C.Vector.wideTileRows > 3 {
        switch rows {
        case 4: return multiplyTiles(Rows4<C>.self, t)
        case 5: return multiplyTiles(Rows5<C>.self, t)
        case 6: return multiplyTiles(Rows6<C>.self, t)
        default: break
        }
    }
    switch rows {
    case 1: multiplyTiles(Rows1<C>.self, t)
    case 2: multiplyTiles(Rows2<C>.self, t)
    default: multiplyTiles(Rows3<C>.self, t)
    }
}

@inlinable @inline(__always)
func multiplyTiles<C: ColumnBlock>(_ columns: C.Type, rows: Int, _ t: UnsafeMutablePointer<TileArguments>) {
    if C.Vector.tileRows > 6 {
        switch rows {
        case 7: return multiplyTiles(Rows7<C>.self, t)
        case 8: return multiplyTiles(Rows8<C>.self, t)
        case 9: return multiplyTiles(Rows9<C>.self, t)
        case 10: return multiplyTiles(Rows10<C>.self, t)
        case 11: return multiplyTiles(Rows11<C>.self, t)
        case 12: return multiplyTiles(Rows12<C>.self, t)
        case 13: return multiplyTiles(Rows13<C>.self, t)
        case 14 where C.Vector.tileRows > 13: return multiplyTiles(Rows14<C>.self, t)
        default: break
        }
    }
    switch rows {
    case 1: multiplyTiles(Rows1<C>.self, t)
    case 2: multiplyTiles(Rows2<C>.self, t)
    case 3: multiplyTiles(Rows3<C>.self, t)
    case 4: multiplyTiles(Rows4<C>.self, t)
    case 5: multiplyTiles(Rows5<C>.self, t)
    default: multiplyTiles(Rows6<C>.self, t)
    }
}

/// Tiles that do more than sum are two vectors wide and nearly as high as fits.
@inlinable @inline(__always)
func doesMore<V: FloatVector>(_ vector: V.Type, rows: Int, vectors: Int) -> Bool { vectors == 2 && 7 &* rows >= 5 &* V.tileRows }

@inlinable @inline(__always)
func multiplyTiles<V: FloatVector, Kind: TileKind>(
    _ vector: V.Type, _ kind: inout Kind, rows: Int, _ t: UnsafeMutablePointer<TileArguments>
) {
    if V.tileRows > 6 {
        switch rows {
        case 10: kind.multiply(Rows10<TwoVectors<V>>.self, t)
        case 11: kind.multiply(Rows11<TwoVectors<V>>.self, t)
        case 12: kind.multiply(Rows12<TwoVectors<V>>.self, t)
        case 14 where V.tileRows > 13: kind.multiply(Rows14<TwoVectors<V>>.self, t)
        default: kind.multiply(Rows13<TwoVectors<V>>.self, t)
        }
    } else if rows == 5 {
        kind.multiply(Rows5<TwoVectors<V>>.self, t)
    } else {
        kind.multiply(Rows6<TwoVectors<V>>.self, t)
    }
}

/// A micro-kernel for tiles of every height.
public protocol TileKind {
    mutating func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: UnsafeMutablePointer<TileArguments>)
}

@frozen
public struct TileBeside<Work: WorkBeside>: TileKind {
    @usableFromInline var work: Work
    @inlinable @inline(__always) init(_ work: Work) { self.work = work }
    @inlinable @inline(__always)
    public mutating func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: UnsafeMutablePointer<TileArguments>) {
        multiplyTiles(rows, t, &work)
    }
}

@frozen
public struct PreparingTile<Work: WorkBeside>: TileKind {
    @usableFromInline var work: Work
    @inlinable @inline(__always) init(_ work: Work) { self.work = work }
    @inlinable @inline(__always)
    public mutating func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: UnsafeMutablePointer<TileArguments>) {
        multiplyAndPrepareTile(rows, t, &work)
    }
}

/// Tiles of gradients, whose A is packed.
@inlinable @inline(__always)
func multiplyGradientTile<V: FloatVector>(
    _ vector: V.Type, rows: Int, vectors: Int, isKept: Bool, _ t: UnsafePointer<TileArguments>
) {
    if V.wideTileRows > 3 {
        switch vectors {
        case 4: return multiplyGradientTile(FourVectors<V>.self, rows: rows, isKept, t)
        case 3: return multiplyGradientTile(ThreeVectors<V>.self, rows: rows, isKept, t)
        default: break
        }
    }
    switch vectors {
    case 2: multiplyGradientTile(TwoVectors<V>.self, rows: rows, isKept, t)
    default: multiplyGradientTile(OneVector<V>.self, rows: rows, isKept, t)
    }
}

@inlinable @inline(__always)
func multiplyGradientTile<C: ColumnBlock>(_ columns: C.Type, rows: Int, _ isKept: Bool, _ t: UnsafePointer<TileArguments>) {
    if isKept {
        switch rows {
        case 1: multiplyAndClaimTile(Rows1<C>.self, KeptPackedSteps.self, t)
        case 2: multiplyAndClaimTile(Rows2<C>.self, KeptPackedSteps.self, t)
        case 3: multiplyAndClaimTile(Rows3<C>.self, KeptPackedSteps.self, t)
        case 4: multiplyAndClaimTile(Rows4<C>.self, KeptPackedSteps.self, t)
        case 5: multiplyAndClaimTile(Rows5<C>.self, KeptPackedSteps.self, t)
        default: multiplyAndClaimTile(Rows6<C>.self, KeptPackedSteps.self, t)
        }
    } else {
        switch rows {
        case 1: multiplyAndClaimTile(Rows1<C>.self, AllPackedSteps.self, t)
        case 2: multiplyAndClaimTile(Rows2<C>.self, AllPackedSteps.self, t)
        case 3: multiplyAndClaimTile(Rows3<C>.self, AllPackedSteps.self, t)
        case 4: multiplyAndClaimTile(Rows4<C>.self, AllPackedSteps.self, t)
        case 5: multiplyAndClaimTile(Rows5<C>.self, AllPackedSteps.self, t)
        default: multiplyAndClaimTile(Rows6<C>.self, AllPackedSteps.self, t)
        }
    }
}
