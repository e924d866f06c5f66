// How a convolution or input gradient is cut into tiles, and the memory that takes. See Convolution.swift for the loops.

/// How a convolution is cut into tiles: a function of the geometry and the batch.
@frozen
public struct ImagePlan {
    @usableFromInline var matrix: WeightMatrix
    @usableFromInline var z: TapAxis
    @usableFromInline var y: TapAxis
    @usableFromInline var x: TapAxis
    @usableFromInline var batch: Int
    /// Floats in an image of the source, and of the result.
    @usableFromInline var sourceImage: Int
    @usableFromInline var resultImage: Int
    @usableFromInline var groups: Int
    /// A tile's rows are the images of a group at one position.
    @usableFromInline var rowsAreImages: Bool
    /// Patches are copied side by side.
    @usableFromInline var gathers: Bool
    /// The group's images are copied first, so that they do not fall onto the same sets of the cache.
    @usableFromInline var spreads: Bool

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ t: ConvolutionArguments) {
        matrix = WeightMatrix(V.self, t)
        z = TapAxis(t.z, transposed: matrix.transposed)
        y = TapAxis(t.y, transposed: matrix.transposed)
        x = TapAxis(t.x, transposed: matrix.transposed)
        batch = t.batch
        sourceImage = z.source &* y.source &* x.source &* matrix.sourceChannels
        resultImage = z.result &* y.result &* x.result &* matrix.columns
        gathers = false
        spreads = false
        rowsAreImages = false
        if matrix.fewColumns {
            groups = batch
            return
        }
        let tiles = (batch &+ V.tileRows &- 1) / V.tileRows
        let most = tiles == 0 ? 0 : (batch &+ tiles &- 1) / tiles
        if 2 &* most < V.tileRows {
            groups = 1
            gathers = true
            return
        }
        groups = tiles
        rowsAreImages = true
        if ImagePlan.collide(stride: sourceImage, rows: most) {
            spreads = most &* ImagePlan.spread(sourceImage) <= Tuning.imageGroup
            gathers = !spreads
        }
    }

    /// Whether so many of the rows fall onto the same set of a first-level cache (64 sets of 64 bytes) that they push each other out.
    @inlinable @inline(__always)
    static func collide(stride: Int, rows: Int) -> Bool {
        if stride & 15 != 0 { return false }
        var lines = (stride / 16) & 63
        var period = 64
        if lines == 0 { lines = 64 }
        while lines & 1 == 0 {
            lines &>>= 1
            period &>>= 1
        }
        return rows > 6 &* max(period, 1)
    }

    /// The length rounded up to an odd number of cache lines: rows that far apart fall onto different sets.
    @inlinable @inline(__always)
    static func spread(_ length: Int) -> Int { (((length &+ 15) / 16) | 1) &* 16 }

    /// The first image of a group.
    @inlinable @inline(__always)
    func image(_ group: Int) -> Int {
        let height = batch / groups
        return group &* height &+ min(group, batch &- groups &* height)
    }

    /// The parts of the workspace, in floats: intervals, runs of taps (as in the source, and as gathered), where a tile's
    /// rows begin, a tile, and copies of patches or images.
    @inlinable @inline(__always)
    var intervalFloats: Int { (z.result &+ y.result &+ x.result) &* 16 }
    @inlinable @inline(__always)
    var runFloats: Int { (matrix.taps &* 12 &+ 15) & ~15 }
    @inlinable @inline(__always)
    static var offsetFloats: Int { 64 }
    @inlinable @inline(__always)
    func tileFloats<V: FloatVector>(_ vector: V.Type) -> Int { 32 &* V.width &+ 256 }

    @inlinable @inline(__always)
    func copyFloats<V: FloatVector>(_ vector: V.Type) -> Int {
        if gathers { return V.tileRows &* ImagePlan.spread(matrix.inner) }
        return spreads ? (image(1) &- image(0)) &* ImagePlan.spread(sourceImage) : 0
    }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type) -> Int {
        16 &+ intervalFloats &+ runFloats &+ ImagePlan.offsetFloats &+ tileFloats(V.self) &+ copyFloats(V.self)
    }
}

/// The memory that one part works with.
@frozen
public struct ImageWorkspace {
    @usableFromInline var zIntervals: UnsafeMutablePointer<TapInterval>
    @usableFromInline var yIntervals: UnsafeMutablePointer<TapInterval>
    @usableFromInline var xIntervals: UnsafeMutablePointer<TapInterval>
    @usableFromInline var runs: UnsafeMutablePointer<InnerRun>
    @usableFromInline var gatheredRuns: UnsafeMutablePointer<InnerRun>
    @usableFromInline var sourceOffsets: UnsafeMutablePointer<Int>
    @usableFromInline var resultOffsets: UnsafeMutablePointer<Int>
    @usableFromInline var tile: UnsafeMutablePointer<Float>
    @usableFromInline var copy: UnsafeMutablePointer<Float>

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ plan: ImagePlan, _ start: UnsafeMutablePointer<Float>) {
        let raw = UnsafeMutableRawPointer(start)
        zIntervals = raw.assumingMemoryBound(to: TapInterval.self)
        yIntervals = zIntervals + plan.z.result
        xIntervals = yIntervals + plan.y.result
        let afterIntervals = start + plan.intervalFloats
        runs = UnsafeMutableRawPointer(afterIntervals).assumingMemoryBound(to: InnerRun.self)
        gatheredRuns = runs + plan.matrix.taps
        let afterRuns = afterIntervals + plan.runFloats
        sourceOffsets = UnsafeMutableRawPointer(afterRuns).assumingMemoryBound(to: Int.self)
        resultOffsets = sourceOffsets + 16
        tile = afterRuns + ImagePlan.offsetFloats
        copy = tile + plan.tileFloats(V.self)
    }
}

/// Positions of the result that all have the same taps.
@frozen
public struct TapBox {
    @usableFromInline var z: TapInterval
    @usableFromInline var y: TapInterval
    @usableFromInline var x: TapInterval

    @inlinable @inline(__always)
    init(z: TapInterval, y: TapInterval, x: TapInterval) {
        self.z = z
        self.y = y
        self.x = x
    }

    @inlinable @inline(__always)
    var positions: Int { z.length &* y.length &* x.length }
    @inlinable @inline(__always)
    var taps: Int { z.count &* y.count &* x.count }
}
