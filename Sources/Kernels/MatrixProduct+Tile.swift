import CGanShims

// The micro-kernel of the matrix product: a tile of rows × vectors of C lives in registers while the inner dimension
// passes by, each step an outer product of one column of A (broadcast) and one row of B (vectors).
//
// A tile is a value made of named parts, put together from halves at compile time: what is named stays in a register,
// what is indexed by a loop goes through memory (a quarter of the speed). One template gives every shape of tile.
//
// Every element is summed by one chain of multiply-adds in the order of the inner dimension. That is the whole
// summation order, in every path; stopping half-way and going on from the stored partial sum does not change it.

/// One row of a tile: one, two or four vectors side by side.
public protocol ColumnBlock {
    associatedtype Vector: FloatVector
    static var vectors: Int { get }
    init()
    init(loading pointer: UnsafePointer<Float>)
    func store(_ pointer: UnsafeMutablePointer<Float>)
    mutating func add(_ a: Vector, times b: Self)
}

public struct OneVector<Vector: FloatVector>: ColumnBlock {
    @usableFromInline var lanes: Vector
    @inlinable @inline(__always) public static var vectors: Int { 1 }
    @inlinable @inline(__always) public init() { lanes = .zero }
    @inlinable @inline(__always) public init(loading pointer: UnsafePointer<Float>) { lanes = .load(pointer) }
    @inlinable @inline(__always) public func store(_ pointer: UnsafeMutablePointer<Float>) { lanes.store(pointer) }
    @inlinable @inline(__always) public mutating func add(_ a: Vector, times b: Self) {
        lanes = .multiplyAdd(a, b.lanes, lanes)
    }
}

public struct TwiceAsWide<Half: ColumnBlock>: ColumnBlock {
    public typealias Vector = Half.Vector
    @usableFromInline var left: Half
    @usableFromInline var right: Half
    @inlinable @inline(__always) public static var vectors: Int { 2 * Half.vectors }
    @inlinable @inline(__always) public init() {
        left = Half()
        right = Half()
    }
    @inlinable @inline(__always) public init(loading pointer: UnsafePointer<Float>) {
        left = Half(loading: pointer)
        right = Half(loading: pointer + Half.vectors * Vector.width)
    }
    @inlinable @inline(__always) public func store(_ pointer: UnsafeMutablePointer<Float>) {
        left.store(pointer)
        right.store(pointer + Half.vectors * Vector.width)
    }
    @inlinable @inline(__always) public mutating func add(_ a: Vector, times b: Self) {
        left.add(a, times: b.left)
        right.add(a, times: b.right)
    }
}

/// The rows of a tile.
public protocol RowBlock {
    associatedtype Columns: ColumnBlock
    static var rows: Int { get }
    init()
    init(loading pointer: UnsafePointer<Float>, _ stride: Int)
    func store(_ pointer: UnsafeMutablePointer<Float>, _ stride: Int)
    mutating func add(_ a: UnsafePointer<Float>, _ rowStride: Int, times b: Columns)
}

public struct OneRow<Columns: ColumnBlock>: RowBlock {
    @usableFromInline var sums: Columns
    @inlinable @inline(__always) public static var rows: Int { 1 }
    @inlinable @inline(__always) public init() { sums = Columns() }
    @inlinable @inline(__always) public init(loading pointer: UnsafePointer<Float>, _ stride: Int) {
        sums = Columns(loading: pointer)
    }
    @inlinable @inline(__always) public func store(_ pointer: UnsafeMutablePointer<Float>, _ stride: Int) { sums.store(pointer) }
    @inlinable @inline(__always) public mutating func add(_ a: UnsafePointer<Float>, _ rowStride: Int, times b: Columns) {
        sums.add(.splat(a), times: b)
    }
}

public struct RowsAbove<Top: RowBlock, Bottom: RowBlock>: RowBlock where Top.Columns == Bottom.Columns {
    public typealias Columns = Top.Columns
    @usableFromInline var top: Top
    @usableFromInline var bottom: Bottom
    @inlinable @inline(__always) public static var rows: Int { Top.rows + Bottom.rows }
    @inlinable @inline(__always) public init() {
        top = Top()
        bottom = Bottom()
    }
    @inlinable @inline(__always) public init(loading pointer: UnsafePointer<Float>, _ stride: Int) {
        top = Top(loading: pointer, stride)
        bottom = Bottom(loading: pointer + Top.rows * stride, stride)
    }
    @inlinable @inline(__always) public func store(_ pointer: UnsafeMutablePointer<Float>, _ stride: Int) {
        top.store(pointer, stride)
        bottom.store(pointer + Top.rows * stride, stride)
    }
    @inlinable @inline(__always) public mutating func add(_ a: UnsafePointer<Float>, _ rowStride: Int, times b: Columns) {
        top.add(a, rowStride, times: b)
        bottom.add(a + Top.rows * rowStride, rowStride, times: b)
    }
}

public typealias Rows1<C: ColumnBlock> = OneRow<C>
public typealias Rows2<C: ColumnBlock> = RowsAbove<OneRow<C>, OneRow<C>>
public typealias Rows3<C: ColumnBlock> = RowsAbove<Rows2<C>, Rows1<C>>
public typealias Rows4<C: ColumnBlock> = RowsAbove<Rows2<C>, Rows2<C>>
public typealias Rows5<C: ColumnBlock> = RowsAbove<Rows4<C>, Rows1<C>>
public typealias Rows6<C: ColumnBlock> = RowsAbove<Rows4<C>, Rows2<C>>
public typealias Rows7<C: ColumnBlock> = RowsAbove<Rows4<C>, Rows3<C>>
public typealias Rows8<C: ColumnBlock> = RowsAbove<Rows4<C>, Rows4<C>>
public typealias Rows9<C: ColumnBlock> = RowsAbove<Rows8<C>, Rows1<C>>
public typealias Rows10<C: ColumnBlock> = RowsAbove<Rows8<C>, Rows2<C>>
public typealias Rows11<C: ColumnBlock> = RowsAbove<Rows8<C>, Rows3<C>>
public typealias Rows12<C: ColumnBlock> = RowsAbove<Rows8<C>, Rows4<C>>
public typealias Rows13<C: ColumnBlock> = RowsAbove<Rows8<C>, Rows5<C>>
public typealias Rows14<C: ColumnBlock> = RowsAbove<Rows8<C>, Rows6<C>>

/// What one call of the micro-kernel works on. A has one unit stride; B and the output are rows of whole vectors.
@frozen
public struct TileArguments {
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline var aRowStride: Int
    @usableFromInline var aInnerStride: Int
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline var bStride: Int
    @usableFromInline var inner: Int
    @usableFromInline var sums: UnsafeMutablePointer<Float>
    @usableFromInline var sumsStride: Int
    /// The partial sums of the inner dimension so far, where there are any.
    @usableFromInline var start: UnsafePointer<Float>?
    @usableFromInline var startStride: Int
    /// What to bring into the second-level cache with each step: what will be packed next.
    @usableFromInline var ahead: UnsafePointer<Float>
    @usableFromInline var aheadStride: Int
    /// The next panel's share that is packed during the first steps of a tile, and the rows of C that are brought closer
    /// meanwhile.
    @usableFromInline var next: NextShare
    /// Where a tile that packs B while it reads it leaves the panel.
    @usableFromInline var panel: UnsafeMutablePointer<Float>

    @inlinable @inline(__always)
    init(
        a: UnsafePointer<Float>, aRowStride: Int, aInnerStride: Int, b: UnsafePointer<Float>, bStride: Int, inner: Int,
        sums: UnsafeMutablePointer<Float>, sumsStride: Int, start: UnsafePointer<Float>?, startStride: Int,
        ahead: UnsafePointer<Float>, aheadStride: Int, next: NextShare,
        panel: UnsafeMutablePointer<Float>
    ) {
        self.a = a
        self.aRowStride = aRowStride
        self.aInnerStride = aInnerStride
        self.b = b
        self.bStride = bStride
        self.inner = inner
        self.sums = sums
        self.sumsStride = sumsStride
        self.start = start
        self.startStride = startStride
        self.ahead = ahead
        self.aheadStride = aheadStride
        self.next = next
        self.panel = panel
    }
}

/// What a tile does for those that follow it, in slots that its multiply-adds leave free.
@frozen
public struct NextShare {
    /// Rows of B that the tile before has brought closer, packed to `panel` in the first `rows` steps.
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline var bStride: Int
    @usableFromInline var rows: Int
    @usableFromInline var panel: UnsafeMutablePointer<Float>
    /// The next tile of C, a row brought closer with each of `cRows` steps.
    @usableFromInline var c: UnsafePointer<Float>
    @usableFromInline var cStride: Int
    @usableFromInline var cRows: Int
    /// After that the rows of B that the next tile will pack.
    @usableFromInline var later: UnsafePointer<Float>
    @usableFromInline var laterRows: Int

    @inlinable @inline(__always)
    init(
        b: UnsafePointer<Float>, bStride: Int, rows: Int, panel: UnsafeMutablePointer<Float>,
        c: UnsafePointer<Float>, cStride: Int, cRows: Int, later: UnsafePointer<Float>, laterRows: Int
    ) {
        self.b = b
        self.bStride = bStride
        self.rows = rows
        self.panel = panel
        self.c = c
        self.cStride = cStride
        self.cRows = cRows
        self.later = later
        self.laterRows = laterRows
    }

    /// For tiles that nothing follows.
    @inlinable @inline(__always)
    static func nothing(_ anywhere: UnsafeMutablePointer<Float>) -> NextShare {
        NextShare(
            b: anywhere, bStride: 0, rows: 0, panel: anywhere, c: anywhere, cStride: 0, cRows: 0, later: anywhere, laterRows: 0)
    }
}

@inlinable @inline(never)
func multiplyTile<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) {
    var tile = TileInProgress(Rows.self, t)
    tile.advance(t.inner, ahead: t.ahead, t.aheadStride)
    tile.sums.store(t.sums, t.sumsStride)
}

/// The same for the first tile of a panel: B is read where it lies, and what was read is stored to the panel. Of what lies
/// ahead two lines come with each step.
@inlinable @inline(never)
func multiplyAndPackTile<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) {
    var tile = TileInProgress(Rows.self, t)
    tile.advancePacking(t.inner, ahead: t.ahead, t.aheadStride, t.panel)
    tile.sums.store(t.sums, t.sumsStride)
}

/// The same for a tile that claims what lies ahead for writing.
@inlinable @inline(never)
func multiplyAndClaimTile<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) {
    var tile = TileInProgress(Rows.self, t)
    tile.advanceClaiming(t.inner, ahead: t.ahead, t.aheadStride)
    tile.sums.store(t.sums, t.sumsStride)
}

/// The same for a tile that packs a share of the next panel.
@inlinable @inline(never)
func multiplyAndPrepareTile<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) {
    var tile = TileInProgress(Rows.self, t)
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

/// A tile and where it has come to in its operands.
@frozen
@usableFromInline
struct TileInProgress<Rows: RowBlock> {
    @usableFromInline typealias Columns = Rows.Columns
    @usableFromInline var sums: Rows
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline let bStride: Int
    @usableFromInline let aRowStride: Int
    @usableFromInline let aInnerStride: Int

    @inlinable @inline(__always)
    init(_ rows: Rows.Type, _ t: TileArguments) {
        sums = t.start.map { Rows(loading: $0, t.startStride) } ?? Rows()
        a = t.a
        b = t.b
        bStride = t.bStride
        aRowStride = t.aRowStride
        aInnerStride = t.aInnerStride
    }

    @inlinable @inline(__always)
    static var width: Int { Columns.vectors &* Columns.Vector.width }

    /// `count` > 0 steps, one at a time: given several, the compiler collects the loads of one row and spills them.
    @inlinable @inline(__always)
    mutating func steps(_ count: Int, _ meanwhile: (Columns) -> Void) {
        var (sums, a, b) = (self.sums, self.a, self.b)
        let bStride = self.bStride
        var left = count
        if aRowStride == 1 {
            // The rows' elements lie side by side.
            let aStride = aInnerStride
            while left > 0 {
                let columns = Columns(loading: b)
                sums.add(a, 1, times: columns)
                meanwhile(columns)
                a += aStride
                b += bStride
                left &-= 1
            }
        } else {
            // Each row is contiguous along the inner dimension.
            let rowStride = aRowStride
            while left > 0 {
                let columns = Columns(loading: b)
                sums.add(a, rowStride, times: columns)
                meanwhile(columns)
                a += 1
                b += bStride
                left &-= 1
            }
        }
        (self.sums, self.a, self.b) = (sums, a, b)
    }

    @inlinable @inline(__always)
    mutating func advance(_ count: Int, ahead: UnsafePointer<Float>, _ stride: Int) {
        var ahead = ahead
        steps(count) { _ in
            gan_prefetch_second_level(ahead)
            ahead += stride
        }
    }

    @inlinable @inline(__always)
    mutating func advanceClaiming(_ count: Int, ahead: UnsafePointer<Float>, _ stride: Int) {
        var ahead = ahead
        steps(count) { _ in
            gan_prefetch_write(ahead)
            ahead += stride
        }
    }

    /// Brings whole rows of a panel's width closer.
    @inlinable @inline(__always)
    mutating func advance(_ count: Int, aheadLines first: UnsafePointer<Float>, _ stride: Int) {
        var (ahead, beside) = (first, first + 16)
        steps(count) { _ in
            gan_prefetch_second_level(ahead)
            (ahead, beside) = (beside, ahead + stride)
        }
    }

    @inlinable @inline(__always)
    mutating func advancePacking(_ count: Int, ahead: UnsafePointer<Float>, _ stride: Int, _ panel: UnsafeMutablePointer<Float>) {
        var (ahead, panel) = (ahead, panel)
        steps(count) { columns in
            columns.store(panel)
            panel += Self.width
            gan_prefetch_second_level(ahead)
            gan_prefetch_second_level(ahead + 16)
            ahead += stride
        }
    }

    @inlinable @inline(__always)
    mutating func advancePreparing(_ next: NextShare) {
        var (from, to, ahead, beside) = (next.b, next.panel, next.c, next.c + 16)
        let (fromStride, aheadStride) = (next.bStride, next.cStride)
        steps(next.rows) { _ in
            Columns(loading: from).store(to)
            from += fromStride
            to += Self.width
            gan_prefetch_second_level(ahead)
            (ahead, beside) = (beside, ahead + aheadStride)
        }
    }
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

public enum PreparingTile: TileKind {
    @inlinable @inline(__always)
    public static func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) { multiplyAndPrepareTile(rows, t) }
}

public enum ClaimingTile: TileKind {
    @inlinable @inline(__always)
    public static func multiply<Rows: RowBlock>(_ rows: Rows.Type, _ t: TileArguments) { multiplyAndClaimTile(rows, t) }
}
