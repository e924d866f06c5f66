// Sums and maxima over the middle axis of [outer, reduced, inner]. NaN passes through both.
//
// The order of a sum is a function of (reduced, inner). Where the reduced axis is contiguous (inner = 1), element r is
// added to lane r mod 4w of four vectors of width w, which are then added as a tree. Elsewhere vectors run along
// `inner`, and row r is added to partial sum r mod 4; the four are added as (0 + 2) + (1 + 3).

@inlinable @inline(__always)
public func reduction<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ReductionArguments>, _ part: Int, _ parts: Int
) {
    let t = arguments.pointee
    switch t.kind {
    case .sum: reduce(SumOfLanes<V>.self, t, part, parts)
    case .maximum: reduce(MaximumOfLanes<V>.self, t, part, parts)
    }
}

/// What a reduction does to two vectors, and to the lanes of one.
public protocol Reducer {
    associatedtype V: FloatVector
    static var neutral: Float { get }
    static func combine(_ a: V, _ b: V) -> V
    static func collapse(_ v: V) -> Float
    static func combine(_ a: Float, _ b: Float) -> Float
}

public enum SumOfLanes<V: FloatVector>: Reducer {
    @inlinable @inline(__always) public static var neutral: Float { 0 }
    @inlinable @inline(__always) public static func combine(_ a: V, _ b: V) -> V { a + b }
    @inlinable @inline(__always) public static func collapse(_ v: V) -> Float { v.sum() }
    @inlinable @inline(__always) public static func combine(_ a: Float, _ b: Float) -> Float { a + b }
}

public enum MaximumOfLanes<V: FloatVector>: Reducer {
    @inlinable @inline(__always) public static var neutral: Float { -.infinity }
    @inlinable @inline(__always) public static func combine(_ a: V, _ b: V) -> V { V.maximum(b, a) }
    @inlinable @inline(__always) public static func collapse(_ v: V) -> Float { v.largest() }
    @inlinable @inline(__always) public static func combine(_ a: Float, _ b: Float) -> Float { b > a || b.isNaN ? b : a }
}

@inlinable @inline(__always)
func reduce<R: Reducer>(_ reducer: R.Type, _ t: ReductionArguments, _ part: Int, _ parts: Int) {
    if t.outer <= 0 || t.inner <= 0 { return }
    if t.inner == 1 {
        let end = t.outer &* (part &+ 1) / parts
        var o = t.outer &* part / parts
        while o < end {
            t.y[o] = t.scale * reduceLine(R.self, t.x + o &* t.reduced, t.reduced)
            o &+= 1
        }
        return
    }
    // Units of one vector of outputs.
    let width = R.V.width
    let across = (t.inner &+ width &- 1) / width
    var unit = t.outer &* across &* part / parts
    let end = t.outer &* across &* (part &+ 1) / parts
    while unit < end {
        let o = unit / across
        let v = unit % across
        let column = v &* width
        let x = t.x + (o &* t.reduced &* t.inner &+ column)
        let y = t.y + (o &* t.inner &+ column)
        let count = t.inner &- column
        if count >= 2 &* width && unit &+ 1 < end {
            reduceColumns(TwoColumns<R>.self, x, stride: t.inner, rows: t.reduced, count: 2 &* width, scale: t.scale, to: y)
            unit &+= 2
        } else {
            reduceColumns(OneColumn<R>.self, x, stride: t.inner, rows: t.reduced, count: min(count, width), scale: t.scale, to: y)
            unit &+= 1
        }
    }
}

@inlinable @inline(never)
func reduceLine<R: Reducer>(_ reducer: R.Type, _ x: UnsafePointer<Float>, _ count: Int) -> Float {
    let width = R.V.width
    let start = R.V(repeating: R.neutral)
    var s0 = start
    var s1 = start
    var s2 = start
    var s3 = start
    var i = 0
    while i &+ 4 &* width <= count {
        s0 = R.combine(s0, .load(x + i))
        s1 = R.combine(s1, .load(x + i + width))
        s2 = R.combine(s2, .load(x + i + 2 &* width))
        s3 = R.combine(s3, .load(x + i + 3 &* width))
        i &+= 4 &* width
    }
    if i &+ width <= count {
        s0 = R.combine(s0, .load(x + i))
        i &+= width
    }
    if i &+ width <= count {
        s1 = R.combine(s1, .load(x + i))
        i &+= width
    }
    if i &+ width <= count {
        s2 = R.combine(s2, .load(x + i))
        i &+= width
    }
    var total = R.collapse(R.combine(R.combine(s0, s2), R.combine(s1, s3)))
    while i < count {
        total = R.combine(total, x[i])
        i &+= 1
    }
    return total
}

/// One or two vectors of columns.
public protocol ReducedColumns {
    associatedtype R: Reducer
    init()
    static func load(_ pointer: UnsafePointer<Float>, _ count: Int) -> Self
    func combined(with other: Self) -> Self
    func store(_ pointer: UnsafeMutablePointer<Float>, _ count: Int, scale: R.V)
}

public struct OneColumn<R: Reducer>: ReducedColumns {
    @usableFromInline var lanes: R.V
    @inlinable @inline(__always) init(lanes: R.V) { self.lanes = lanes }
    @inlinable @inline(__always) public init() { lanes = R.V(repeating: R.neutral) }
    @inlinable @inline(__always) public static func load(_ pointer: UnsafePointer<Float>, _ count: Int) -> Self {
        Self(lanes: R.V.loadUpTo(pointer, count))
    }
    @inlinable @inline(__always) public func combined(with other: Self) -> Self { Self(lanes: R.combine(lanes, other.lanes)) }
    @inlinable @inline(__always) public func store(_ pointer: UnsafeMutablePointer<Float>, _ count: Int, scale: R.V) {
        (scale * lanes).storeUpTo(pointer, count)
    }
}

public struct TwoColumns<R: Reducer>: ReducedColumns {
    @usableFromInline var left: R.V
    @usableFromInline var right: R.V
    @inlinable @inline(__always) init(left: R.V, right: R.V) {
        self.left = left
        self.right = right
    }
    @inlinable @inline(__always) public init() {
        left = R.V(repeating: R.neutral)
        right = left
    }
    @inlinable @inline(__always) public static func load(_ pointer: UnsafePointer<Float>, _ count: Int) -> Self {
        Self(left: R.V.load(pointer), right: R.V.load(pointer + R.V.width))
    }
    @inlinable @inline(__always) public func combined(with other: Self) -> Self {
        Self(left: R.combine(left, other.left), right: R.combine(right, other.right))
    }
    @inlinable @inline(__always) public func store(_ pointer: UnsafeMutablePointer<Float>, _ count: Int, scale: R.V) {
        (scale * left).store(pointer)
        (scale * right).store(pointer + R.V.width)
    }
}

@inlinable @inline(never)
func reduceColumns<C: ReducedColumns>(
    _ columns: C.Type, _ x: UnsafePointer<Float>, stride: Int, rows: Int, count: Int, scale: Float, to y: UnsafeMutablePointer<Float>
) {
    var s0 = C()
    var s1 = C()
    var s2 = C()
    var s3 = C()
    var from = x
    var r = 0
    while r &+ 4 <= rows {
        s0 = s0.combined(with: .load(from, count))
        s1 = s1.combined(with: .load(from + stride, count))
        s2 = s2.combined(with: .load(from + 2 &* stride, count))
        s3 = s3.combined(with: .load(from + 3 &* stride, count))
        from += 4 &* stride
        r &+= 4
    }
    if r < rows { s0 = s0.combined(with: .load(from, count)) }
    if r &+ 1 < rows { s1 = s1.combined(with: .load(from + stride, count)) }
    if r &+ 2 < rows { s2 = s2.combined(with: .load(from + 2 &* stride, count)) }
    s0.combined(with: s2).combined(with: s1.combined(with: s3)).store(y, count, scale: C.R.V(repeating: scale))
}
