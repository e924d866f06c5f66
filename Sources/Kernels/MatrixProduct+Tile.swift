import CGanShims

// The micro-kernel of the matrix product: a tile of rows × vectors of C lives in registers while the inner dimension
// passes by, each step an outer product of one column of A (broadcast) and one row of B (vectors).
//
// A tile is a value made of named parts, put together from halves at compile time: what is named stays in a register,
// what is indexed by a loop goes through memory (a quarter of the speed). One template gives every shape of tile.
//
// Every element is summed by one chain of multiply-adds in the order of the inner dimension. That is the whole
// summation order, in every path but that of single columns (`MatrixProduct+Dot.swift`); stopping half-way and going on from
// the stored partial sum does not change it.

/// One row of a tile: one to nine vectors side by side.
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

public struct SideBySide<Left: ColumnBlock, Right: ColumnBlock>: ColumnBlock where Left.Vector == Right.Vector {
    public typealias Vector = Left.Vector
    @usableFromInline var left: Left
    @usableFromInline var right: Right
    @inlinable @inline(__always) public static var vectors: Int { Left.vectors + Right.vectors }
    @inlinable @inline(__always) public init() {
        left = Left()
        right = Right()
    }
    @inlinable @inline(__always) public init(loading pointer: UnsafePointer<Float>) {
        left = Left(loading: pointer)
        right = Right(loading: pointer + Left.vectors * Vector.width)
    }
    @inlinable @inline(__always) public func store(_ pointer: UnsafeMutablePointer<Float>) {
        left.store(pointer)
        right.store(pointer + Left.vectors * Vector.width)
    }
    @inlinable @inline(__always) public mutating func add(_ a: Vector, times b: Self) {
        left.add(a, times: b.left)
        right.add(a, times: b.right)
    }
}

public typealias TwoVectors<V: FloatVector> = SideBySide<OneVector<V>, OneVector<V>>
public typealias ThreeVectors<V: FloatVector> = SideBySide<TwoVectors<V>, OneVector<V>>
public typealias FourVectors<V: FloatVector> = SideBySide<TwoVectors<V>, TwoVectors<V>>
public typealias FiveVectors<V: FloatVector> = SideBySide<FourVectors<V>, OneVector<V>>
public typealias SixVectors<V: FloatVector> = SideBySide<FourVectors<V>, TwoVectors<V>>
public typealias SevenVectors<V: FloatVector> = SideBySide<FourVectors<V>, ThreeVectors<V>>
public typealias EightVectors<V: FloatVector> = SideBySide<FourVectors<V>, FourVectors<V>>
public typealias NineVectors<V: FloatVector> = SideBySide<EightVectors<V>, OneVector<V>>

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

/// Which steps of the inner dimension a tile takes, and how its A lies: as it is given; packed, its rows side by side; or packed
/// without the steps that a list leaves out (see `MatrixProduct+Zeros.swift`), and then B is a packed panel.
public protocol StepOrder {
    static var isKept: Bool { get }
    static var isPacked: Bool { get }
}

public enum AllSteps: StepOrder {
    @inlinable @inline(__always) public static var isKept: Bool { false }
    @inlinable @inline(__always) public static var isPacked: Bool { false }
}

public enum AllPackedSteps: StepOrder {
    @inlinable @inline(__always) public static var isKept: Bool { false }
    @inlinable @inline(__always) public static var isPacked: Bool { true }
}

public enum KeptPackedSteps: StepOrder {
    @inlinable @inline(__always) public static var isKept: Bool { true }
    @inlinable @inline(__always) public static var isPacked: Bool { true }
}

/// A tile and where it has come to in its operands.
@frozen
@usableFromInline
struct TileInProgress<Rows: RowBlock, Order: StepOrder> {
    @usableFromInline typealias Columns = Rows.Columns
    @usableFromInline var sums: Rows
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline let bStride: Int
    @usableFromInline let aRowStride: Int
    @usableFromInline let aInnerStride: Int

    @usableFromInline var kept: UnsafePointer<Int32>?

    @inlinable @inline(__always)
    init(_ t: UnsafePointer<TileArguments>) {
        sums = t.pointee.start.map { Rows(loading: $0, t.pointee.startStride) } ?? Rows()
        a = t.pointee.a
        b = t.pointee.b
        bStride = t.pointee.bStride
        aRowStride = t.pointee.aRowStride
        aInnerStride = t.pointee.aInnerStride
        kept = t.pointee.kept
    }

    @inlinable @inline(__always)
    static var width: Int { Columns.vectors &* Columns.Vector.width }

    /// `count` > 0 steps, one at a time: given several, the compiler collects the loads of one row and spills them.
    @inlinable @inline(__always)
    mutating func steps(_ count: Int, _ meanwhile: (Columns) -> Void) {
        var (sums, a, b) = (self.sums, self.a, self.b)
        let bStride = self.bStride
        var left = count
        if Order.isKept {
            guard var kept = self.kept else { return }
            let aStride = aInnerStride
            while left > 0 {
                let columns = Columns(loading: b + Int(kept.pointee) &* Self.width)
                sums.add(a, 1, times: columns)
                meanwhile(columns)
                a += aStride
                kept += 1
                left &-= 1
            }
            self.kept = kept
        } else if Order.isPacked || aRowStride == 1 {
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

    /// The same with a unit of `work` after every few steps. `count` may be 0.
    @inlinable @inline(__always)
    mutating func advance<Work: WorkBeside>(_ count: Int, ahead: UnsafePointer<Float>, _ stride: Int, _ work: inout Work) {
        var (rest, ahead, left) = (work, ahead, count)
        let units = rest.units
        if units > 0 {
            let stretch = count / (units &+ 1)
            for _ in 0..<units {
                if stretch > 0 {
                    advance(stretch, ahead: ahead, stride)
                    ahead += stretch &* stride
                    left &-= stretch
                }
                rest.take()
            }
            work = rest
        }
        if left > 0 { advance(left, ahead: ahead, stride) }
    }

    /// Claims rows of a panel's width meanwhile, a line with each step.
    @inlinable @inline(__always)
    mutating func advance(
        _ count: Int, ahead: UnsafePointer<Float>, _ stride: Int, claiming first: UnsafePointer<Float>, _ rowStride: Int
    ) {
        var ahead = ahead
        var (line, beside) = (first, first + 16)
        steps(count) { _ in
            gan_prefetch_second_level(ahead)
            ahead += stride
            gan_prefetch_write(line)
            (line, beside) = (beside, line + rowStride)
        }
    }

    /// Brings what the next tile begins with into the first-level cache, and claims a tile of C.
    @inlinable @inline(__always)
    mutating func advance(
        _ count: Int, near a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, claiming first: UnsafePointer<Float>, _ rowStride: Int
    ) {
        var (aLine, aBeside, b) = (a, a + 16, b)
        var (line, beside) = (first, first + 16)
        let aRowStride = aRowStride
        steps(count) { _ in
            gan_prefetch(aLine)
            (aLine, aBeside) = (aBeside, aLine + aRowStride)
            gan_prefetch(b)
            b += 16
            gan_prefetch_write(line)
            (line, beside) = (beside, line + rowStride)
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
