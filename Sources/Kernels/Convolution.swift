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

@inlinable @inline(__always)
public func convolutionWorkspace<V: FloatVector>(_ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>) -> Int {
    if arguments.pointee.isWinograd { return WinogradPlan(V.self, arguments.pointee).workspace(arguments.pointee.kind) }
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
    if arguments.pointee.isWinograd {
        if arguments.pointee.kind == .weightGradient {
            weightGradientWinograd(V.self, arguments, part, parts, aligned)
        } else {
            convolveWinograd(V.self, arguments, part, parts, aligned)
        }
    } else if arguments.pointee.kind == .weightGradient {
        convolveWeights(V.self, arguments, part, parts, aligned)
    } else if WeightMatrix(V.self, arguments.pointee).scatters {
        scatterImages(V.self, arguments, part, parts, aligned)
    } else {
        convolveImages(V.self, arguments, part, parts, aligned)
    }
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
    let rowCost = Tuning.rowCost
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
