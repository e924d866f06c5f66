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
    let sums = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    if let packed = t.packedB {
        addPanels(V.self, t, packed, column: column, to: end, sums)
    } else {
        addRows(V.self, t, column: column, to: end, sums)
    }
    writeBack(V.self, arguments, sums: sums, sumsStride: 0, row: 0, rows: 1, column: column, columns: end &- column)
}

@inlinable @inline(__always)
func addPanels<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ packed: UnsafePointer<Float>, column: Int, to end: Int,
    _ sums: UnsafeMutablePointer<Float>
) {
    var (from, to) = (column, end)
    while from < to {
        let at = t.walksBackwards ? PackedPanels.panel(V.self, of: to &- 1, t.columns).start : from
        let vectors = PackedPanels.vectors(V.self, left: t.columns &- at)
        let b = packed + t.inner &* at
        let panelSums = sums + (at &- column)
        switch vectors {
        case 1: addPanel(OneVector<V>.self, t.a, t.aInnerStride, b, inner: t.inner, panelSums)
        case 2: addPanel(TwoVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, panelSums)
        case 4: addPanel(FourVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, panelSums)
        case 5: addPanel(FiveVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, panelSums)
        case 9: addPanel(NineVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, panelSums)
        default: addPanel(EightVectors<V>.self, t.a, t.aInnerStride, b, inner: t.inner, panelSums)
        }
        if t.walksBackwards { to = at } else { from &+= vectors &* V.width }
    }
}

/// The sums of one panel. Nothing else is in the loop, and it must not be unrolled much: the processor fetches ahead what each
/// instruction reads next if that is a kilobyte away or less.
@inlinable @inline(never)
func addPanel<C: ColumnBlock>(
    _ columns: C.Type, _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, inner: Int, _ result: UnsafeMutablePointer<Float>
) {
    var (a, b, left, sums) = (a, b, inner, C())
    while left > 0 {
        sums.add(.splat(a), times: C(loading: b))
        a += aStride
        b += C.vectors &* C.Vector.width
        left &-= 1
    }
    sums.store(result)
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
