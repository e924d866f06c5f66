// Products with a single column, each element the scalar product of a row of A with one vector: a layer with one output, as
// discriminators end with. Lanes add up side by side and are joined by a fixed tree, so that a row's result depends on that row
// alone, whatever the number of rows and parts.

@inlinable @inline(__always)
func isDotProducts<V: FloatVector>(_ vector: V.Type, _ t: MatrixProductArguments) -> Bool {
    t.columns == 1 && t.inner >= 2 &* V.width && t.aInnerStride == 1 && t.bInnerStride == 1 && t.cRowStride == 1
        && (t.derivativeOf == nil || t.derivativeRowStride == 1)
}

@inlinable @inline(never)
func dotProducts<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let t = arguments.pointee
    var row = t.rows &* part / parts
    let end = t.rows &* (part &+ 1) / parts
    while row < end {
        // As many as have room in the smallest workspace.
        let rows = min(end &- row, V.width)
        var i = 0
        while i &+ 4 <= rows {
            FourDotProducts<V>(t, row &+ i).store(workspace + i)
            i &+= 4
        }
        while i < rows {
            workspace[i] = dotProduct(V.self, t.a + (row &+ i) &* t.aRowStride, t.b, t.inner)
            i &+= 1
        }
        writeBack(V.self, arguments, sums: workspace, sumsStride: rows, row: 0, rows: 1, column: row, columns: rows, oneBias: true)
        row &+= rows
    }
}

@inlinable @inline(__always)
func dotProduct<V: FloatVector>(_ vector: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum = V.zero
    var p = 0
    while p &+ V.width <= count {
        sum = V.multiplyAdd(V.load(a + p), V.load(b + p), sum)
        p &+= V.width
    }
    if p < count { sum = V.multiplyAdd(V.load(a + p, count: count &- p), V.load(b + p, count: count &- p), sum) }
    return sum.sum()
}

/// Four rows at a time, since a chain of sums by itself waits for each addition.
@frozen
public struct FourDotProducts<V: FloatVector> {
    @usableFromInline var sums = (V.zero, V.zero, V.zero, V.zero)

    @inlinable @inline(__always)
    init(_ t: MatrixProductArguments, _ row: Int) {
        let stride = t.aRowStride
        let a = t.a + row &* stride
        var p = 0
        while p &+ V.width <= t.inner {
            add(.load(a + p), .load(a + (stride &+ p)), .load(a + (2 &* stride &+ p)), .load(a + (3 &* stride &+ p)), .load(t.b + p))
            p &+= V.width
        }
        let rest = t.inner &- p
        if rest > 0 {
            add(
                .load(a + p, count: rest), .load(a + (stride &+ p), count: rest), .load(a + (2 &* stride &+ p), count: rest),
                .load(a + (3 &* stride &+ p), count: rest), .load(t.b + p, count: rest))
        }
    }

    @inlinable @inline(__always)
    mutating func add(_ a0: V, _ a1: V, _ a2: V, _ a3: V, _ b: V) {
        sums = (
            V.multiplyAdd(a0, b, sums.0), V.multiplyAdd(a1, b, sums.1), V.multiplyAdd(a2, b, sums.2), V.multiplyAdd(a3, b, sums.3)
        )
    }

    @inlinable @inline(__always)
    func store(_ target: UnsafeMutablePointer<Float>) {
        target[0] = sums.0.sum()
        target[1] = sums.1.sum()
        target[2] = sums.2.sum()
        target[3] = sums.3.sum()
    }
}
