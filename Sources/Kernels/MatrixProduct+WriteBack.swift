// The write-back of a matrix product: raw sums, fresh from the micro-kernel and still in the first-level cache, become
// elements of C.

/// activation(x), for leaky ReLU with the given slope.
@inlinable @inline(__always)
func activate<V: FloatVector>(_ x: V, _ activation: Activation, slope: V) -> V {
    switch activation {
    case .identity: return x
    case .relu: return V.maximum(x, .zero)
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
    case .relu: return V.whereGreater(y, .zero, one, .zero)
    case .leakyRelu: return V.whereGreater(y, .zero, one, slope)
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
