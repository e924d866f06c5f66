import CGanShims

// The rows of a convolution's tile: where they lie in the source and in the result, how they are gathered, and how they are
// written back.

/// Asks for the lines of memory that a tile's write-back will touch, while the micro-kernel works: rows of a tile lie in
/// different images, which no processor foresees.
@inlinable @inline(__always)
func fetchRows(_ arguments: UnsafePointer<ConvolutionArguments>, _ offsets: UnsafePointer<Int>, rows: Int, column: Int) {
    let result = arguments.pointee.result + column
    for row in 0..<rows {
        gan_prefetch_write(result + offsets[row])
        gan_prefetch_write(result + (offsets[row] &+ 16))
    }
    if let y = arguments.pointee.derivativeOf {
        for row in 0..<rows {
            gan_prefetch_second_level(y + (offsets[row] &+ column))
            gan_prefetch_second_level(y + (offsets[row] &+ column &+ 16))
        }
    }
}

/// Where rows `row` ..< `row + count` of a box begin, in the source (first tap) and in the result. Images vary fastest.
@inlinable @inline(__always)
func placeRows(
    _ plan: ImagePlan, _ box: TapBox, _ space: ImageWorkspace, row: Int, count: Int, imageStride: Int, image: Int, images: Int
) {
    var n = row % images
    let position = row / images
    var px = position % box.x.length
    var py = position / box.x.length % box.y.length
    var pz = position / box.x.length / box.y.length
    for i in 0..<count {
        let line = (box.z.source &+ pz &* box.z.advance) &* plan.y.source &+ box.y.source &+ py &* box.y.advance
        space.sourceOffsets[i] =
            n &* imageStride &+ (line &* plan.x.source &+ box.x.source &+ px &* box.x.advance) &* plan.matrix.sourceChannels
        let resultLine = (box.z.first &+ pz &* box.z.step) &* plan.y.result &+ box.y.first &+ py &* box.y.step
        space.resultOffsets[i] =
            (image &+ n) &* plan.resultImage &+ (resultLine &* plan.x.result &+ box.x.first &+ px &* box.x.step) &* plan.matrix.columns
        n &+= 1
        if n == images {
            n = 0
            px &+= 1
            if px == box.x.length {
                px = 0
                py &+= 1
                if py == box.y.length {
                    py = 0
                    pz &+= 1
                }
            }
        }
    }
}

/// Copies the patches of a tile's rows side by side.
@inlinable @inline(never)
func gather<V: FloatVector>(
    _ vector: V.Type, _ source: UnsafePointer<Float>, _ space: ImageWorkspace, rows: Int, runCount: Int, stride: Int
) {
    for row in 0..<rows {
        let from = source + space.sourceOffsets[row]
        var to = space.copy + row &* stride
        for i in 0..<runCount {
            let run = space.runs[i]
            copyRun(V.self, from + run.a, to, run.count)
            to += run.count
        }
    }
}

/// Copies a few contiguous floats.
@inlinable @inline(__always)
func copyRun<V: FloatVector>(_ vector: V.Type, _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ count: Int) {
    if count < V.width {
        for i in 0..<count { to[i] = from[i] }
        return
    }
    let last = count &- V.width
    var i = 0
    while i < last {
        V.load(from + i).store(to + i)
        i &+= V.width
    }
    // The last vector may overlap the one before it.
    V.load(from + last).store(to + last)
}

/// Turns a tile's sums into elements of the result: bias, activation, derivative. `sums` may be the result itself.
@inlinable @inline(never)
func writeBackTile<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, sums: UnsafePointer<Float>, sumsStride: Int,
    offsets: UnsafePointer<Int>, rows: Int, column: Int, columns: Int
) {
    let t = arguments.pointee
    let slope = V(repeating: t.slope)
    for i in 0..<rows {
        let from = sums + i &* sumsStride
        let offset = offsets[i] &+ column
        let to = t.result + offset
        var j = 0
        while j < columns {
            let count = min(columns &- j, V.width)
            var value = V.loadUpTo(from + j, count)
            if let bias = t.bias { value = value + V.loadUpTo(bias + (column &+ j), count) }
            value = activate(value, t.activation, slope: slope)
            if let y = t.derivativeOf {
                value = value * derivative(V.loadUpTo(y + (offset &+ j), count), t.derivativeActivation, slope: slope)
            }
            value.storeUpTo(to + j, count)
            j &+= V.width
        }
    }
}
