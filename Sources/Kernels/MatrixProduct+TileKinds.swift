// The micro-kernels, which differ in what a tile does beside its sums, and the choice among them by height and width.

@inlinable @inline(never)
func multiplyTile<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) {
    var tile = TileInProgress<Rows, AllSteps>(t)
    tile.advance(t.inner, ahead: t.ahead, t.aheadStride)
    tile.sums.store(t.sums, t.sumsStride)
}

/// The same for the steps that a list names.
@inlinable @inline(never)
func multiplyKeptTile<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) {
    var tile = TileInProgress<Rows, KeptSteps>(t)
    if t.inner > 0 { tile.advance(t.inner, ahead: t.b, 0) }
    tile.sums.store(t.sums, t.sumsStride)
}

/// The same for the first tile of a panel: B is read where it lies, and what was read is stored to the panel. Of what lies
/// ahead two lines come with each step.
@inlinable @inline(never)
func multiplyAndPackTile<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) {
    var tile = TileInProgress<Rows, AllSteps>(t)
    tile.advancePacking(t.inner, ahead: t.ahead, t.aheadStride, t.panel)
    tile.sums.store(t.sums, t.sumsStride)
}

/// The same for a tile of gradients whose parameters and moments come into the first-level cache meanwhile, claimed for
/// writing: all members have read the parameters, and taking them back from another's cache costs more than reading them.
@inlinable @inline(never)
func multiplyAndClaimTile<Rows: RowBlock, Order: StepOrder>(_ rows: Rows.Type, _ order: Order.Type, _ t: TileArguments) {
    var tile = TileInProgress<Rows, Order>(t)
    var ahead = t.ahead
    var left = t.inner
    for i in 0..<3 {
        let count = min(2 &* Rows.rows, left)
        if count > 0 {
            tile.advance(
                count, ahead: ahead, t.aheadStride, claiming: i == 0 ? t.state.first : i == 1 ? t.state.second : t.state.third, t.state.stride)
            ahead += count &* t.aheadStride
            left &-= count
        }
    }
    if left > 0 { tile.advance(left, ahead: ahead, t.aheadStride) }
    tile.sums.store(t.sums, t.sumsStride)
}

/// The same for a tile that packs a share of the next panel.
@inlinable @inline(never)
func multiplyAndPrepareTile<Rows: RowBlock, Order: StepOrder>(_ rows: Rows.Type, _ order: Order.Type, _ t: TileArguments) {
    var tile = TileInProgress<Rows, Order>(t)
    var steps = t.inner
    var later = t.next.laterRows
    if t.next.rows > 0 {
        tile.advancePreparing(t.next)
        steps &-= t.next.rows
    } else if t.next.cRows > 0 {
        tile.advance(2 &* t.next.cRows, aheadLines: t.next.c, t.next.cStride)
        steps &-= 2 &* t.next.cRows
    }
    later = min(2 &* later, steps)
    if later > 0 {
        tile.advance(later, aheadLines: t.next.later, t.next.bStride)
        steps &-= later
    }
    if steps > 0 { tile.advance(steps, ahead: t.b, 0) }
    tile.sums.store(t.sums, t.sumsStride)
}

/// Chooses the micro-kernel: 1 ... `tileRows` rows of one or two vectors, 1 ... `wideTileRows` rows of four.
@inlinable @inline(__always)
func multiplyTile<V: FloatVector>(_ vector: V.Type, rows: Int, vectors: Int, _ t: TileArguments) {
    switch vectors {
    case 1: multiplyTile(OneVector<V>.self, rows: rows, t)
    case 2: multiplyTile(TwiceAsWide<OneVector<V>>.self, rows: rows, t)
    case 8: multiplyTile(Rows1<TwiceAsWide<TwiceAsWide<TwiceAsWide<OneVector<V>>>>>.self, t)
    case 16: multiplyTile(Rows1<TwiceAsWide<TwiceAsWide<TwiceAsWide<TwiceAsWide<OneVector<V>>>>>>.self, t)
    default: multiplyWideTile(TwiceAsWide<TwiceAsWide<OneVector<V>>>.self, rows: rows, t)
    }
}

@inlinable @inline(__always)
func multiplyWideTile<C: ColumnBlock>(_ columns: C.Type, rows: Int, _ t: TileArguments) {
    if C.Vector.wideTileRows > 3 {
        switch rows {
        case 4: return multiplyTile(Rows4<C>.self, t)
        case 5: return multiplyTile(Rows5<C>.self, t)
        case 6: return multiplyTile(Rows6<C>.self, t)
        default: break
        }
    }
    switch rows {
    case 1: multiplyTile(Rows1<C>.self, t)
    case 2: multiplyTile(Rows2<C>.self, t)
    default: multiplyTile(Rows3<C>.self, t)
    }
}

@inlinable @inline(__always)
func multiplyTile<C: ColumnBlock>(_ columns: C.Type, rows: Int, _ t: TileArguments) {
    if C.Vector.tileRows > 6 {
        switch rows {
        case 7: return multiplyTile(Rows7<C>.self, t)
        case 8: return multiplyTile(Rows8<C>.self, t)
        case 9: return multiplyTile(Rows9<C>.self, t)
        case 10: return multiplyTile(Rows10<C>.self, t)
        case 11: return multiplyTile(Rows11<C>.self, t)
        case 12: return multiplyTile(Rows12<C>.self, t)
        case 13: return multiplyTile(Rows13<C>.self, t)
        case 14 where C.Vector.tileRows > 13: return multiplyTile(Rows14<C>.self, t)
        default: break
        }
    }
    switch rows {
    case 1: multiplyTile(Rows1<C>.self, t)
    case 2: multiplyTile(Rows2<C>.self, t)
    case 3: multiplyTile(Rows3<C>.self, t)
    case 4: multiplyTile(Rows4<C>.self, t)
    case 5: multiplyTile(Rows5<C>.self, t)
    default: multiplyTile(Rows6<C>.self, t)
    }
}

/// What a tile does beside its sums, where it is two vectors wide and its rows are more than half of what fits.
@inlinable @inline(__always)
func multiplyTile<V: FloatVector, Kind: TileKind>(_ vector: V.Type, _ kind: Kind.Type, rows: Int, _ t: TileArguments) {
    if V.tileRows > 6 {
        switch rows {
        case 7: Kind.multiply(Rows7<TwiceAsWide<OneVector<V>>>.self, t)
        case 8: Kind.multiply(Rows8<TwiceAsWide<OneVector<V>>>.self, t)
        case 9: Kind.multiply(Rows9<TwiceAsWide<OneVector<V>>>.self, t)
        case 10: Kind.multiply(Rows10<TwiceAsWide<OneVector<V>>>.self, t)
        case 11: Kind.multiply(Rows11<TwiceAsWide<OneVector<V>>>.self, t)
        case 12: Kind.multiply(Rows12<TwiceAsWide<OneVector<V>>>.self, t)
        case 14 where V.tileRows > 13: Kind.multiply(Rows14<TwiceAsWide<OneVector<V>>>.self, t)
        default: Kind.multiply(Rows13<TwiceAsWide<OneVector<V>>>.self, t)
        }
    } else {
        switch rows {
        case 3: Kind.multiply(Rows3<TwiceAsWide<OneVector<V>>>.self, t)
        case 4: Kind.multiply(Rows4<TwiceAsWide<OneVector<V>>>.self, t)
        case 5: Kind.multiply(Rows5<TwiceAsWide<OneVector<V>>>.self, t)
        default: Kind.multiply(Rows6<TwiceAsWide<OneVector<V>>>.self, t)
        }
    }
}

/// A micro-kernel for tiles of every height.
public protocol TileKind {
    static func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments)
}

public enum PackingTile: TileKind {
    @inlinable @inline(__always)
    public static func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) { multiplyAndPackTile(rows, t) }
}

public enum PreparingTile<Order: StepOrder>: TileKind {
    @inlinable @inline(__always)
    public static func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) { multiplyAndPrepareTile(rows, Order.self, t) }
}

public enum KeptTile: TileKind {
    @inlinable @inline(__always)
    public static func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) { multiplyKeptTile(rows, t) }
}

public enum ClaimingTile<Order: StepOrder>: TileKind {
    @inlinable @inline(__always)
    public static func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) { multiplyAndClaimTile(rows, Order.self, t) }
}
