// The write-back of a matrix product: raw sums, fresh from the micro-kernel and still in the first-level cache, become
// elements of C.

/// activation(x), for leaky ReLU with the given slope. NaN stays NaN, here and in the derivative.
@inlinable @inline(__always)
func activate<V: VectorArithmetic>(_ x: V, _ activation: Activation, slope: V) -> V {
    switch activation {
    case .identity: return x
    case .relu: return x.rectified()
    case .leakyRelu: return V.whereGreater(x, .zero, x, slope * x)
    case .sigmoid: return x.sigmoid()
    case .tanh: return x.hyperbolicTangent()
    }
}

/// The derivative of an activation by its output y.
@inlinable @inline(__always)
func derivative<V: FloatVector>(_ y: V, _ activation: Activation, slope: V) -> V {
    let one = V(repeating: 1)
    switch activation {
    case .identity: return one
    case .relu: return y.passingNaN(to: V.whereGreater(y, .zero, one, .zero))
    case .leakyRelu: return y.passingNaN(to: V.whereGreater(y, .zero, one, slope))
    case .sigmoid: return y * (one - y)
    case .tanh: return one - y * y
    }
}

/// Turns the sums of a tile into rows `row` ..< `row + rows`, columns `column` ..< `column + columns` of C.
/// `sums` may be C itself. With `oneBias` the bias of every column is the first: C is a column lying down.
@inlinable @inline(never)
func writeBack<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>,
    sums: UnsafePointer<Float>, sumsStride: Int, row: Int, rows: Int, column: Int, columns: Int,
    oneBias: Bool = false
) {
    let t = arguments.pointee
    if columns % V.width == 0 && !oneBias
        && writeBackUsual(V.self, t, sums: sums, sumsStride: sumsStride, row: row, rows: rows, column: column, columns: columns)
    {
        return
    }
    let alpha = V(repeating: t.alpha)
    let beta = V(repeating: t.beta)
    let slope = V(repeating: t.slope)
    for i in 0..<rows {
        let from = sums + i &* sumsStride
        let c = t.c + ((row &+ i) &* t.cRowStride &+ column)
        let y = t.derivativeOf.map { $0 + ((row &+ i) &* t.derivativeRowStride &+ column) }
        var j = 0
        while j < columns {
            let count = min(columns &- j, V.width)
            var x = V.loadUpTo(from + j, count)
            if t.alpha != 1 { x = alpha * x }
            if t.beta != 0 { x = V.multiplyAdd(beta, V.loadUpTo(c + j, count), x) }
            if let bias = t.bias { x = x + (oneBias ? V.splat(bias) : V.loadUpTo(bias + (column &+ j), count)) }
            x = activate(x, t.activation, slope: slope)
            if let y { x = x * derivative(V.loadUpTo(y + j, count), t.derivativeActivation, slope: slope) }
            x.storeUpTo(c + j, count)
            j &+= V.width
        }
    }
}

/// The write-backs of most layers, whole vectors without a decision a vector: bias and activation forwards, the derivative
/// backwards, and sums that go on from C. Says whether it was one of them.
@inlinable @inline(__always)
func writeBackUsual<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments,
    sums: UnsafePointer<Float>, sumsStride: Int, row: Int, rows: Int, column: Int, columns: Int
) -> Bool {
    if t.alpha != 1 { return false }
    let slope = V(repeating: t.slope)
    let c = t.c + (row &* t.cRowStride &+ column)
    if t.beta != 0 {
        if t.bias != nil || t.activation != .identity || t.derivativeOf != nil { return false }
        let beta = V(repeating: t.beta)
        WrittenRows(sums, sumsStride, c, t.cRowStride, c, t.cRowStride, rows, columns).write(V.self) { V.multiplyAdd(beta, $1, $0) }
        return true
    }
    if let bias = t.bias, t.derivativeOf == nil {
        let rows = WrittenRows(sums, sumsStride, bias + column, 0, c, t.cRowStride, rows, columns)
        switch t.activation {
        case .identity: rows.write(V.self) { $0 + $1 }
        case .relu: rows.write(V.self) { activate($0 + $1, .relu, slope: slope) }
        case .leakyRelu: rows.write(V.self) { activate($0 + $1, .leakyRelu, slope: slope) }
        case .sigmoid: rows.writeTwins(V.self, { ($0 + $1).sigmoid() }, { ($0 + $1).sigmoid() })
        case .tanh: rows.writeTwins(V.self, { ($0 + $1).hyperbolicTangent() }, { ($0 + $1).hyperbolicTangent() })
        }
        return true
    }
    if let y = t.derivativeOf, t.bias == nil, t.activation == .identity {
        let rows = WrittenRows(
            sums, sumsStride, y + (row &* t.derivativeRowStride &+ column), t.derivativeRowStride, c, t.cRowStride, rows, columns)
        switch t.derivativeActivation {
        case .identity: rows.write(V.self) { $0 * derivative($1, .identity, slope: slope) }
        case .relu: rows.write(V.self) { $0 * derivative($1, .relu, slope: slope) }
        case .leakyRelu: rows.write(V.self) { $0 * derivative($1, .leakyRelu, slope: slope) }
        case .sigmoid: rows.write(V.self) { $0 * derivative($1, .sigmoid, slope: slope) }
        case .tanh: rows.write(V.self) { $0 * derivative($1, .tanh, slope: slope) }
        }
        return true
    }
    return false
}

/// Rows of sums, rows of one more operand (all the same with a stride of 0), and the rows of C that they become.
@frozen
public struct WrittenRows {
    @usableFromInline var sums: UnsafePointer<Float>
    @usableFromInline var sumsStride: Int
    @usableFromInline var operand: UnsafePointer<Float>
    @usableFromInline var operandStride: Int
    @usableFromInline var c: UnsafeMutablePointer<Float>
    @usableFromInline var cStride: Int
    @usableFromInline var rows: Int
    @usableFromInline var columns: Int

    @inlinable @inline(__always)
    init(
        _ sums: UnsafePointer<Float>, _ sumsStride: Int, _ operand: UnsafePointer<Float>, _ operandStride: Int,
        _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ rows: Int, _ columns: Int
    ) {
        self.sums = sums
        self.sumsStride = sumsStride
        self.operand = operand
        self.operandStride = operandStride
        self.c = c
        self.cStride = cStride
        self.rows = rows
        self.columns = columns
    }

    @inlinable @inline(__always)
    func write<V: FloatVector>(_ vector: V.Type, _ body: (V, V) -> V) {
        var (sums, operand, c) = (sums, operand, c)
        for _ in 0..<rows {
            var j = 0
            while j < columns {
                body(V.load(sums + j), V.load(operand + j)).store(c + j)
                j &+= V.width
            }
            sums += sumsStride
            operand += operandStride
            c += cStride
        }
    }

    /// The same for functions, two vectors at a time.
    @inlinable @inline(__always)
    func writeTwins<V: FloatVector>(_ vector: V.Type, _ body: (Twin<V>, Twin<V>) -> Twin<V>, _ last: (V, V) -> V) {
        var (sums, operand, c) = (sums, operand, c)
        for _ in 0..<rows {
            var j = 0
            while j &+ Twin<V>.width <= columns {
                body(.load(sums + j), .load(operand + j)).store(c + j)
                j &+= Twin<V>.width
            }
            if j < columns { last(V.load(sums + j), V.load(operand + j)).store(c + j) }
            sums += sumsStride
            operand += operandStride
            c += cStride
        }
    }
}

/// Copies raw sums between the scratch tile and C, where a sum is interrupted or there is nothing to apply.
@inlinable @inline(never)
func copyTile<V: FloatVector>(
    _ vector: V.Type, from: UnsafePointer<Float>, _ fromStride: Int, to: UnsafeMutablePointer<Float>, _ toStride: Int,
    rows: Int, columns: Int
) {
    for i in 0..<rows {
        var j = 0
        while j < columns {
            let count = min(columns &- j, V.width)
            V.loadUpTo(from + (i &* fromStride &+ j), count).storeUpTo(to + (i &* toStride &+ j), count)
            j &+= V.width
        }
    }
}
