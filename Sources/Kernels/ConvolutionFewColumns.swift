// Convolutions whose result has so few channels (an image's 1 or 3) that vectors along them would be mostly empty. Here vectors
// run along the inner dimension: every element of the result is a dot product of runs of the source with a column of packed
// weights, in one vector of partial sums that are added in the end.

/// A tile's rows, all columns, and their write-back.
@inlinable @inline(never)
func multiplyFewColumns<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: ImagePlan, _ space: ImageWorkspace,
    source: UnsafePointer<Float>, rows: Int, runCount: Int
) {
    let columns = plan.matrix.columns
    let inner = plan.matrix.inner
    let packed = UnsafePointer(arguments.pointee.packed)
    let values = space.tile
    var row = 0
    while row < rows {
        // Where fewer than four rows are left, the last one is computed several times, to the same place.
        let last = rows &- 1
        let (i0, i1, i2, i3) = (row, min(row &+ 1, last), min(row &+ 2, last), min(row &+ 3, last))
        let rowsOfFour = FourRows(
            a0: source + space.sourceOffsets[i0], a1: source + space.sourceOffsets[i1], a2: source + space.sourceOffsets[i2],
            a3: source + space.sourceOffsets[i3], to0: values + i0 &* columns, to1: values + i1 &* columns, to2: values + i2 &* columns,
            to3: values + i3 &* columns)
        var column = 0
        if columns >= 3 {
            dotThreeColumns(V.self, rowsOfFour, packed, columnStride: inner, UnsafePointer(space.runs), runCount)
            column = 3
        }
        while column < columns {
            dotOneColumn(V.self, rowsOfFour, packed + column &* inner, column, UnsafePointer(space.runs), runCount)
            column &+= 1
        }
        row &+= 4
    }
    writeBackFew(V.self, arguments, values, space, rows: rows, columns: columns)
}

@frozen
public struct FourRows {
    @usableFromInline var a0: UnsafePointer<Float>
    @usableFromInline var a1: UnsafePointer<Float>
    @usableFromInline var a2: UnsafePointer<Float>
    @usableFromInline var a3: UnsafePointer<Float>
    @usableFromInline var to0: UnsafeMutablePointer<Float>
    @usableFromInline var to1: UnsafeMutablePointer<Float>
    @usableFromInline var to2: UnsafeMutablePointer<Float>
    @usableFromInline var to3: UnsafeMutablePointer<Float>

    @inlinable @inline(__always)
    init(
        a0: UnsafePointer<Float>, a1: UnsafePointer<Float>, a2: UnsafePointer<Float>, a3: UnsafePointer<Float>,
        to0: UnsafeMutablePointer<Float>, to1: UnsafeMutablePointer<Float>, to2: UnsafeMutablePointer<Float>,
        to3: UnsafeMutablePointer<Float>
    ) {
        self.a0 = a0
        self.a1 = a1
        self.a2 = a2
        self.a3 = a3
        self.to0 = to0
        self.to1 = to1
        self.to2 = to2
        self.to3 = to3
    }
}

@inlinable @inline(never)
func dotOneColumn<V: FloatVector>(
    _ vector: V.Type, _ rows: FourRows, _ b: UnsafePointer<Float>, _ column: Int, _ runs: UnsafePointer<InnerRun>, _ runCount: Int
) {
    var s0 = V.zero
    var s1 = V.zero
    var s2 = V.zero
    var s3 = V.zero
    for r in 0..<runCount {
        let run = runs[r]
        var i = 0
        while i < run.count {
            let lanes = min(V.width, run.count &- i)
            let w = V.loadUpTo(b + (run.b &+ i), lanes)
            let at = run.a &+ i
            s0 = V.multiplyAdd(V.loadUpTo(rows.a0 + at, lanes), w, s0)
            s1 = V.multiplyAdd(V.loadUpTo(rows.a1 + at, lanes), w, s1)
            s2 = V.multiplyAdd(V.loadUpTo(rows.a2 + at, lanes), w, s2)
            s3 = V.multiplyAdd(V.loadUpTo(rows.a3 + at, lanes), w, s3)
            i &+= V.width
        }
    }
    rows.to0[column] = s0.sum()
    rows.to1[column] = s1.sum()
    rows.to2[column] = s2.sum()
    rows.to3[column] = s3.sum()
}

@inlinable @inline(never)
func dotThreeColumns<V: FloatVector>(
    _ vector: V.Type, _ rows: FourRows, _ b: UnsafePointer<Float>, columnStride: Int, _ runs: UnsafePointer<InnerRun>, _ runCount: Int
) {
    var s00 = V.zero
    var s01 = V.zero
    var s02 = V.zero
    var s10 = V.zero
    var s11 = V.zero
    var s12 = V.zero
    var s20 = V.zero
    var s21 = V.zero
    var s22 = V.zero
    var s30 = V.zero
    var s31 = V.zero
    var s32 = V.zero
    for r in 0..<runCount {
        let run = runs[r]
        var i = 0
        while i < run.count {
            let lanes = min(V.width, run.count &- i)
            let w = b + (run.b &+ i)
            let w0 = V.loadUpTo(w, lanes)
            let w1 = V.loadUpTo(w + columnStride, lanes)
            let w2 = V.loadUpTo(w + 2 &* columnStride, lanes)
            let at = run.a &+ i
            var x = V.loadUpTo(rows.a0 + at, lanes)
            s00 = V.multiplyAdd(x, w0, s00)
            s01 = V.multiplyAdd(x, w1, s01)
            s02 = V.multiplyAdd(x, w2, s02)
            x = V.loadUpTo(rows.a1 + at, lanes)
            s10 = V.multiplyAdd(x, w0, s10)
            s11 = V.multiplyAdd(x, w1, s11)
            s12 = V.multiplyAdd(x, w2, s12)
            x = V.loadUpTo(rows.a2 + at, lanes)
            s20 = V.multiplyAdd(x, w0, s20)
            s21 = V.multiplyAdd(x, w1, s21)
            s22 = V.multiplyAdd(x, w2, s22)
            x = V.loadUpTo(rows.a3 + at, lanes)
            s30 = V.multiplyAdd(x, w0, s30)
            s31 = V.multiplyAdd(x, w1, s31)
            s32 = V.multiplyAdd(x, w2, s32)
            i &+= V.width
        }
    }
    rows.to0[0] = s00.sum()
    rows.to0[1] = s01.sum()
    rows.to0[2] = s02.sum()
    rows.to1[0] = s10.sum()
    rows.to1[1] = s11.sum()
    rows.to1[2] = s12.sum()
    rows.to2[0] = s20.sum()
    rows.to2[1] = s21.sum()
    rows.to2[2] = s22.sum()
    rows.to3[0] = s30.sum()
    rows.to3[1] = s31.sum()
    rows.to3[2] = s32.sum()
}

/// The write-back of `rows` · `columns` values, side by side in `values`; there is room for whole vectors behind them, and for
/// as many values of the derivative's operand behind that.
@inlinable @inline(never)
func writeBackFew<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ values: UnsafeMutablePointer<Float>, _ space: ImageWorkspace,
    rows: Int, columns: Int
) {
    let t = arguments.pointee
    let count = rows &* columns
    let slope = V(repeating: t.slope)
    if let bias = t.bias {
        for i in 0..<rows {
            for j in 0..<columns { values[i &* columns &+ j] += bias[j] }
        }
    }
    if t.activation != .identity {
        var i = 0
        while i < count {
            activate(V.load(values + i), t.activation, slope: slope).store(values + i)
            i &+= V.width
        }
    }
    if let y = t.derivativeOf {
        let outputs = values + 80
        for i in 0..<rows {
            for j in 0..<columns { outputs[i &* columns &+ j] = y[space.resultOffsets[i] &+ j] }
        }
        var i = 0
        while i < count {
            (V.load(values + i) * derivative(V.load(outputs + i), t.derivativeActivation, slope: slope)).store(values + i)
            i &+= V.width
        }
    }
    for i in 0..<rows {
        let to = t.result + space.resultOffsets[i]
        for j in 0..<columns { to[j] = values[i &* columns &+ j] }
    }
}
