// Kernels that move numbers without computing: copies between strided places, fills, table look-ups. Memory bounds
// them, not arithmetic, so they are the same for every instruction set. Each does part `part` of `parts`.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Splits `count` things into `parts` runs of nearly equal length.
func share(_ count: Int, _ part: Int, _ parts: Int) -> Range<Int> {
    count * part / parts..<count * (part + 1) / parts
}

/// A copy bound to memory. Up to `rankLimit` axes; the planner merges what can be merged.
struct StridedCopy {
    static let rankLimit = 8
    var x: UnsafePointer<Float>
    var y: UnsafeMutablePointer<Float>
    /// From the outermost axis in, filled up with axes of length 1 in front.
    var shape: (Int, Int, Int, Int, Int, Int, Int, Int)
    var xStrides: (Int, Int, Int, Int, Int, Int, Int, Int)
    var yStrides: (Int, Int, Int, Int, Int, Int, Int, Int)
    /// The axis that members share.
    var sharedAxis: Int

    func run(_ part: Int, _ parts: Int) {
        withUnsafePointer(to: self) { this in
            let raw = UnsafeRawPointer(this)
            func axes(_ path: PartialKeyPath<StridedCopy>) -> UnsafePointer<Int> {
                (raw + (MemoryLayout<StridedCopy>.offset(of: path) ?? 0)).assumingMemoryBound(to: Int.self)
            }
            StridedCopy.copy(
                axis: 0, shape: axes(\.shape), x: x, axes(\.xStrides), y: y, axes(\.yStrides), shared: sharedAxis, part, parts)
        }
    }

    private static func copy(
        axis: Int, shape: UnsafePointer<Int>, x: UnsafePointer<Float>, _ xStrides: UnsafePointer<Int>,
        y: UnsafeMutablePointer<Float>, _ yStrides: UnsafePointer<Int>, shared: Int, _ part: Int, _ parts: Int
    ) {
        let range = axis == shared ? share(shape[axis], part, parts) : 0..<shape[axis]
        let (xStride, yStride) = (xStrides[axis], yStrides[axis])
        if axis == rankLimit - 1 {
            if xStride == 1 && yStride == 1 {
                memcpy(y + range.lowerBound, x + range.lowerBound, range.count * MemoryLayout<Float>.stride)
            } else {
                for i in range { y[i &* yStride] = x[i &* xStride] }
            }
            return
        }
        for i in range {
            copy(axis: axis + 1, shape: shape, x: x + i &* xStride, xStrides, y: y + i &* yStride, yStrides, shared: shared, part, parts)
        }
    }
}

func fill(_ y: UnsafeMutablePointer<Float>, count: Int, value: Float, _ part: Int, _ parts: Int) {
    let range = share(count, part, parts)
    (y + range.lowerBound).update(repeating: value, count: range.count)
}

/// The row that an index stored as a float names; outside the table, the nearest inside (NaN: the first).
@inline(__always)
private func row(_ index: Float, of entries: Int) -> Int {
    index > 0 ? (index < Float(entries - 1) ? Int(index) : entries - 1) : 0
}

/// values[i] = table[indices[i]]
func gather(
    _ table: UnsafePointer<Float>, entries: Int, width: Int, _ indices: UnsafePointer<Float>, count: Int,
    to values: UnsafeMutablePointer<Float>, _ part: Int, _ parts: Int
) {
    for i in share(count, part, parts) {
        memcpy(values + i * width, table + row(indices[i], of: entries) * width, width * MemoryLayout<Float>.stride)
    }
}

/// table[e] = Σ over i with indices[i] = e of values[i], in the order of i. Members share the columns, so no two touch one element.
func scatterAdd(
    _ values: UnsafePointer<Float>, count: Int, width: Int, _ indices: UnsafePointer<Float>,
    to table: UnsafeMutablePointer<Float>, entries: Int, _ part: Int, _ parts: Int
) {
    let columns = share(width, part, parts)
    for entry in 0..<entries { (table + entry * width + columns.lowerBound).update(repeating: 0, count: columns.count) }
    for i in 0..<count {
        let target = table + row(indices[i], of: entries) * width
        let source = values + i * width
        for column in columns { target[column] += source[column] }
    }
}
