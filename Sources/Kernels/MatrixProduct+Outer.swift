// Products with a single step, which are outer products: what comes back from a layer with one output. There is nothing to
// keep in registers, so no tile: each row of C is B's row times a number, times the derivative.

@inlinable @inline(__always)
func isOuterProduct<V: FloatVector>(_ vector: V.Type, _ t: MatrixProductArguments) -> Bool {
    t.inner == 1 && t.bColumnStride == 1 && t.columns % V.width == 0 && t.alpha == 1 && t.beta == 0 && t.bias == nil
        && t.activation == .identity
}

@inlinable @inline(never)
func outerProduct<V: FloatVector>(_ vector: V.Type, _ t: MatrixProductArguments, _ part: Int, _ parts: Int) {
    let rows = OuterRows(t: t, row: t.rows &* part / parts, end: t.rows &* (part &+ 1) / parts)
    let slope = V(repeating: t.slope)
    if t.derivativeOf == nil { return rows.write(V.self) { x, _ in x } }
    switch t.derivativeActivation {
    case .identity: rows.write(V.self) { x, _ in x }
    case .relu: rows.write(V.self) { $0 * derivative($1, .relu, slope: slope) }
    case .leakyRelu: rows.write(V.self) { $0 * derivative($1, .leakyRelu, slope: slope) }
    case .sigmoid: rows.write(V.self) { $0 * derivative($1, .sigmoid, slope: slope) }
    case .tanh: rows.write(V.self) { $0 * derivative($1, .tanh, slope: slope) }
    }
}

/// The rows of C that a part makes.
@frozen
public struct OuterRows {
    @usableFromInline let t: MatrixProductArguments
    @usableFromInline let row: Int
    @usableFromInline let end: Int

    @inlinable @inline(__always)
    init(t: MatrixProductArguments, row: Int, end: Int) {
        self.t = t
        self.row = row
        self.end = end
    }

    /// `body` gets a vector of the product, and of y where there is one.
    @inlinable @inline(__always)
    func write<V: FloatVector>(_ vector: V.Type, _ body: (V, V) -> V) {
        for i in row..<end {
            let a = V.splat(t.a + i &* t.aRowStride)
            let c = t.c + i &* t.cRowStride
            let y = t.derivativeOf.map { $0 + i &* t.derivativeRowStride } ?? t.b
            var j = 0
            while j < t.columns {
                body(a * V.load(t.b + j), V.load(y + j)).store(c + j)
                j &+= V.width
            }
        }
    }
}
