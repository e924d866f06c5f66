import CGanShims

// Convolution and its input gradient as one matrix product: rows are positions of the result, the inner dimension is (taps ×
// source channels), columns are the result's channels. The product's left operand is never stored: with channels last, each
// tap's channels are contiguous in the source, and so are those of neighbouring taps, so the micro-kernel walks over a few
// runs of the source itself.
//
//     for each group of images                     as many as a tile has rows
//       for each box of positions with the same taps
//         for each position                        a tile's rows are this position in every image of the group:
//           for each panel of columns              they are evenly spaced, and all have the same taps
//
// Where there are too few images for that, a tile's rows are neighbouring positions of a box, whose patches are copied
// side by side first. Every element is summed by one chain over its taps, in packed order, and their channels; so which of
// the two ways is taken leaves no trace in the result.

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
            spreads = most &* ImagePlan.spread(sourceImage) <= ImagePlan.groupLimit
            gathers = !spreads
        }
    }

    /// One and a half mebibytes.
    @inlinable @inline(__always) static var groupLimit: Int { 393_216 }

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

@inlinable @inline(__always)
public func convolutionWorkspace<V: FloatVector>(_ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>) -> Int {
    if arguments.pointee.kind == .weightGradient { return WeightGradientPlan(V.self, arguments.pointee).workspace(V.self) }
    if WeightMatrix(V.self, arguments.pointee).scatters { return ScatterPlan(V.self, arguments.pointee).workspace(V.self) }
    return ImagePlan(V.self, arguments.pointee).workspace(V.self)
}

/// The kernel: this part's share of the result.
@inlinable @inline(__always)
public func convolution<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let address = UInt(bitPattern: workspace)
    let aligned = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    if arguments.pointee.kind == .weightGradient {
        convolveWeights(V.self, arguments, part, parts, aligned)
    } else if WeightMatrix(V.self, arguments.pointee).scatters {
        scatterImages(V.self, arguments, part, parts, aligned)
    } else {
        convolveImages(V.self, arguments, part, parts, aligned)
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

@inlinable @inline(never)
func convolveImages<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int,
    _ start: UnsafeMutablePointer<Float>
) {
    let plan = ImagePlan(V.self, arguments.pointee)
    if plan.batch <= 0 || plan.resultImage <= 0 { return }
    let space = ImageWorkspace(V.self, plan, start)
    let zCount = plan.z.intervals(space.zIntervals)
    let yCount = plan.y.intervals(space.yIntervals)
    let xCount = plan.x.intervals(space.xIntervals)

    // Every part takes the tiles that begin in its share of the cost.
    let rowCost = 32
    let channels = plan.matrix.sourceChannels
    let taps = tapSum(space.zIntervals, zCount) &* tapSum(space.yIntervals, yCount) &* tapSum(space.xIntervals, xCount)
    let imageCost = taps &* channels &+ plan.z.result &* plan.y.result &* plan.x.result &* rowCost
    let total = imageCost &* plan.batch
    let from = total / parts &* part &+ total % parts &* part / parts
    let to = total / parts &* (part &+ 1) &+ total % parts &* (part &+ 1) / parts

    var cost = 0
    for group in 0..<plan.groups {
        let image = plan.image(group)
        let images = plan.image(group &+ 1) &- image
        if cost >= to { return }
        if cost &+ images &* imageCost <= from {
            cost &+= images &* imageCost
            continue
        }
        var source = arguments.pointee.source + image &* plan.sourceImage
        var imageStride = plan.sourceImage
        if plan.spreads {
            imageStride = ImagePlan.spread(plan.sourceImage)
            copyLines(
                V.self, source, stride: plan.sourceImage, lines: images, length: plan.sourceImage, to: space.copy, toStride: imageStride)
            source = UnsafePointer(space.copy)
        }
        for z in 0..<zCount {
            for y in 0..<yCount {
                for x in 0..<xCount {
                    let box = TapBox(z: space.zIntervals[z], y: space.yIntervals[y], x: space.xIntervals[x])
                    let perRow = box.taps &* channels &+ rowCost
                    let boxCost = box.positions &* images &* perRow
                    if cost >= to { return }
                    if cost &+ boxCost > from {
                        convolveBox(
                            V.self, arguments, plan, space, box, source: source, imageStride: imageStride, image: image, images: images,
                            from: from &- cost, to: to &- cost, perRow: perRow)
                    }
                    cost &+= boxCost
                }
            }
        }
    }
}

/// Σ of the taps of all positions along an axis.
@inlinable @inline(__always)
func tapSum(_ intervals: UnsafeMutablePointer<TapInterval>, _ count: Int) -> Int {
    var sum = 0
    for i in 0..<count { sum &+= intervals[i].length &* intervals[i].count }
    return sum
}

/// Lists the runs of the source that a position of the box reads, from its first tap on. `gathered` are the same runs when
/// they lie side by side, joined where the packed weights' rows follow each other too.
@inlinable @inline(__always)
func listRuns(
    _ plan: ImagePlan, _ box: TapBox, _ runs: UnsafeMutablePointer<InnerRun>, _ gathered: UnsafeMutablePointer<InnerRun>
) -> (runs: Int, gathered: Int) {
    let channels = plan.matrix.sourceChannels
    let perRun = plan.x.sourceStep == 1 ? box.x.count : 1
    var count = 0
    var joined = 0
    var length = 0
    for jz in 0..<box.z.count {
        for jy in 0..<box.y.count {
            let line = (jz &* plan.z.sourceStep &* plan.y.source &+ jy &* plan.y.sourceStep) &* plan.x.source
            let row = ((box.z.tap &+ jz) &* plan.y.axis.window &+ box.y.tap &+ jy) &* plan.x.axis.window &+ box.x.tap
            var jx = 0
            while jx < box.x.count {
                let run = InnerRun(
                    a: (line &+ jx &* plan.x.sourceStep) &* channels, b: (row &+ jx) &* channels, count: perRun &* channels)
                runs[count] = run
                count &+= 1
                if joined > 0 && gathered[joined &- 1].b &+ gathered[joined &- 1].count == run.b {
                    gathered[joined &- 1].count &+= run.count
                } else {
                    gathered[joined] = InnerRun(a: length, b: run.b, count: run.count)
                    joined &+= 1
                }
                length &+= run.count
                jx &+= perRun
            }
        }
    }
    return (count, joined)
}

/// The tiles of a box that begin in `from` ..< `to`, counted in cost from the beginning of the box.
@inlinable @inline(never)
func convolveBox<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: ImagePlan, _ space: ImageWorkspace, _ box: TapBox,
    source: UnsafePointer<Float>, imageStride: Int, image: Int, images: Int, from: Int, to: Int, perRow: Int
) {
    let (runCount, gatheredCount) = listRuns(plan, box, space.runs, space.gatheredRuns)
    let rows = box.positions &* images
    let tileRows = plan.matrix.fewColumns ? 16 : plan.rowsAreImages ? images : V.tileRows
    let tiles = (rows &+ tileRows &- 1) / tileRows
    let height = rows / tiles
    let taller = rows &- tiles &* height
    // The first tile that is ours.
    var tile = 0
    var row = 0
    if from > 0 {
        let ours = (from &+ perRow &- 1) / perRow
        while tile < tiles && row < ours {
            row &+= tile < taller ? height &+ 1 : height
            tile &+= 1
        }
    }
    let gatherStride = ImagePlan.spread(plan.matrix.inner)
    let plain = arguments.pointee.bias == nil && arguments.pointee.activation == .identity && arguments.pointee.derivativeOf == nil
    while tile < tiles && row &* perRow < to {
        let count = tile < taller ? height &+ 1 : height
        placeRows(plan, box, space, row: row, count: count, imageStride: imageStride, image: image, images: images)
        if plan.matrix.fewColumns {
            multiplyFewColumns(V.self, arguments, plan, space, source: source, rows: count, runCount: runCount)
        } else {
            var a = source + space.sourceOffsets[0]
            var aStride = imageStride
            var runs = space.runs
            var runsHere = runCount
            if plan.gathers {
                gather(V.self, source, space, rows: count, runCount: runCount, stride: gatherStride)
                a = UnsafePointer(space.copy)
                aStride = gatherStride
                runs = space.gatheredRuns
                runsHere = gatheredCount
            }
            let result = arguments.pointee.result
            for panel in 0..<plan.matrix.panels {
                let column = panel &* plan.matrix.panelWidth
                let vectors = plan.matrix.vectors(panel)
                let columns = min(plan.matrix.panelWidth, plan.matrix.columns &- column)
                let direct = plan.rowsAreImages && columns == vectors &* V.width
                let sums = direct ? result + (space.resultOffsets[0] &+ column) : space.tile
                let stride = direct ? plan.resultImage : plan.matrix.panelWidth
                fetchRows(arguments, space.resultOffsets, rows: count, column: column)
                multiply(
                    V.self, rows: count, vectors: vectors,
                    RunTile(
                        a: a, aRowStride: aStride,
                        b: UnsafePointer(arguments.pointee.packed) + panel &* plan.matrix.inner &* plan.matrix.panelWidth,
                        runs: UnsafePointer(runs), runCount: runsHere, sums: sums, sumsStride: stride))
                if !(direct && plain) {
                    writeBackTile(
                        V.self, arguments, sums: sums, sumsStride: stride, offsets: space.resultOffsets, rows: count, column: column,
                        columns: columns)
                }
            }
        }
        row &+= count
        tile &+= 1
    }
}

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
