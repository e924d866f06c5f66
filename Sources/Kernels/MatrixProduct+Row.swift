import CGanShims

// Products with a single row, a vector times a matrix: drawing one image. Every number of B is used once, so what counts is how
// fast B comes, and it comes fastest where one instruction after the other walks through memory line by line: twice as fast as
// along several rows side by side. So B is packed beforehand, where it does not change (`PackedPanels`), into panels that are
// walked through from one end to the other; else its rows are added, one after the other, to sums in the first-level cache. Every
// sum is the same chain over the inner dimension as in a tile.

@inlinable @inline(__always)
func isRowProduct<V: FloatVector>(_ vector: V.Type, _ t: MatrixProductArguments) -> Bool {
    t.rows == 1 && t.bColumnStride == 1 && t.columns >= V.width && t.adam == nil
}

@inlinable @inline(__always)
func rowProductWorkspace<V: FloatVector>(_ vector: V.Type, columns: Int) -> Int { 16 &+ columns &+ V.width }

@inlinable @inline(never)
func rowProduct<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let t = arguments.pointee
    // Whole panels to each part; the last one takes what is left.
    let panel = PackedPanels.width(V.self)
    let panels = t.columns / panel
    let column = panels &* part / parts &* panel
    let end = part &+ 1 == parts ? t.columns : panels &* (part &+ 1) / parts &* panel
    if column >= end { return }
    let address = UInt(bitPattern: workspace)
    let direct = t.isPlain && t.columns % V.width == 0
    let sums = direct ? t.c + column : workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    if let packed = t.packedB {
        addPanels(V.self, t, packed, column: column, to: end, sums)
    } else {
        addRows(V.self, t, column: column, to: end, sums)
    }
    if direct { return }
    writeBack(V.self, arguments, sums: sums, sumsStride: 0, row: 0, rows: 1, column: column, columns: end &- column)
}

/// Columns `column` ..< `end`: the whole panels among them, and what is left, from one end or from the other.
@inlinable @inline(__always)
func addPanels<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ packed: UnsafePointer<Float>, column: Int, to end: Int,
    _ sums: UnsafeMutablePointer<Float>
) {
    let width = PackedPanels.width(V.self)
    let isWider = end == t.columns && PackedPanels.isWider(V.self, t.columns)
    let whole = (end &- column) / width &- (isWider ? 1 : 0)
    let panels = packed + t.inner &* column
    if t.walksBackwards {
        addLastPanels(V.self, t, packed, column: column, from: column &+ whole &* width, to: end, sums)
        let last = (whole &- 1) &* width
        addPanels(
            EightVectors<V>.self, t.a, t.aInnerStride, panels + t.inner &* last, inner: t.inner, count: whole, next: -t.inner &* width,
            sums + last, -width)
    } else {
        addPanels(
            EightVectors<V>.self, t.a, t.aInnerStride, panels, inner: t.inner, count: whole, next: t.inner &* width, sums, width)
        addLastPanels(V.self, t, packed, column: column, from: column &+ whole &* width, to: end, sums)
    }
}

/// What whole panels leave: one of nine vectors, or one of four, of two and of one at most.
@inlinable @inline(__always)
func addLastPanels<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ packed: UnsafePointer<Float>, column: Int, from start: Int, to end: Int,
    _ sums: UnsafeMutablePointer<Float>
) {
    var (from, to) = (start, end)
    while from < to {
        let at = t.walksBackwards ? PackedPanels.panel(V.self, of: to &- 1, t.columns).start : from
        let vectors = PackedPanels.vectors(V.self, left: t.columns &- at)
        let b = packed + t.inner &* at
        let result = sums + (at &- column)
        switch vectors {
        case 1: addPanels(OneVector<V>.self, t.a, t.aInnerStride, b, inner: t.inner, count: 1, next: 0, result, 0)
        case 2: addPanels(TwoVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, count: 1, next: 0, result, 0)
        case 4: addPanels(FourVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, count: 1, next: 0, result, 0)
        case 9: addPanels(NineVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, count: 1, next: 0, result, 0)
        default: addPanels(EightVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, count: 1, next: 0, result, 0)
        }
        if t.walksBackwards { to = at } else { from &+= vectors &* V.width }
    }
}

/// The sums of `count` panels, each `next` floats after the one before. Nothing else is in the loop, and it must not be unrolled
/// much: the processor fetches ahead what each instruction reads next if that is a kilobyte away or less.
@inlinable @inline(never)
func addPanels<C: ColumnBlock>(
    _ columns: C.Type, _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, inner: Int, count: Int, next: Int,
    _ result: UnsafeMutablePointer<Float>, _ resultNext: Int
) {
    var (panel, result) = (b, result)
    for _ in 0..<count {
        var (a, b, left, sums) = (a, panel, inner, C())
        while left > 0 {
            sums.add(.splat(a), times: C(loading: b))
            a += aStride
            b += C.vectors &* C.Vector.width
            left &-= 1
        }
        sums.store(result)
        panel += next
        result += resultNext
    }
}

@inlinable @inline(__always)
func addRows<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, column: Int, to end: Int, _ sums: UnsafeMutablePointer<Float>
) {
    let rest = (end &- column) % V.width
    let whole = end &- column &- rest
    var j = 0
    while j < end &- column {
        V.zero.store(sums + j)
        j &+= V.width
    }
    var (a, b) = (t.a, t.b + column)
    for _ in 0..<t.inner {
        let x = V.splat(a)
        var j = 0
        while j < whole {
            V.multiplyAdd(x, V.load(b + j), V.load(sums + j)).store(sums + j)
            j &+= V.width
        }
        if rest > 0 { V.multiplyAdd(x, V.load(b + j, count: rest), V.load(sums + j)).store(sums + j) }
        a += t.aInnerStride
        b += t.bInnerStride
    }
}
