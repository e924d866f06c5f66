// Convolutions with windows of 3 × 3 and stride 1 by Winograd's minimal filtering F(2×2, 3×3) (Lavin & Gray, "Fast algorithms for
// convolutional neural networks", 1509.09308): 16 multiplications for a square of 2 × 2 results of a pair of channels, in place of 36.
//
//     y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ d B)]A        w: 3 × 3 weights, d: 4 × 4 of the source, y: 2 × 2 of the result
//     ∂w = Gᵀ[(A ∂y Aᵀ) ⊙ (Bᵀ d B)]G      the gradient to the weights
//
// Summed over channels, ⊙ is a matrix product for each of the 16 places. Sources are transformed a block of squares at a time, so that
// what lies between the transforms stays in the second-level cache:
//
//     for each block of squares
//       Bᵀ d B of each                       [place, square, source channel]
//       for each place: times the weights    [place, square, result channel]
//       Aᵀ m A of each, and the write-back
//
// A square depends on its own sources alone, so neither its place in a block nor that of blocks leaves a trace in it. The input gradient
// is the convolution of y with the weights turned round. Rounding is about twice that of the sums it replaces.

extension ConvolutionArguments {
    /// Whether a convolution goes this way: by the window and the channels alone, for packed weights serve images of every size.
    @inlinable @inline(__always)
    public static func isWinograd(z: ConvolutionAxis, y: ConvolutionAxis, x: ConvolutionAxis, inChannels: Int, outChannels: Int) -> Bool {
        z.window == 1 && z.stride == 1 && y.window == 3 && y.stride == 1 && y.dilation == 1 && x.window == 3 && x.stride == 1
            && x.dilation == 1 && inChannels & 15 == 0 && outChannels & 15 == 0
    }

    @inlinable @inline(__always)
    var isWinograd: Bool {
        ConvolutionArguments.isWinograd(z: z, y: y, x: x, inChannels: inChannels, outChannels: outChannels)
    }
}

/// How it is cut into blocks.
@frozen
public struct WinogradPlan {
    /// Channels of what is read and of what is written; of a weight gradient those of x and of y.
    @usableFromInline var sourceChannels: Int
    @usableFromInline var resultChannels: Int
    /// Lines and columns of the source and of the result, and how far a square's source begins before it.
    @usableFromInline var sourceLines: Int
    @usableFromInline var sourceColumns: Int
    @usableFromInline var resultLines: Int
    @usableFromInline var resultColumns: Int
    @usableFromInline var linesBefore: Int
    @usableFromInline var columnsBefore: Int
    /// Planes of an image, and how far the source's are shifted.
    @usableFromInline var sourcePlanes: Int
    @usableFromInline var resultPlanes: Int
    @usableFromInline var planesBefore: Int
    /// Squares in a line and in a plane, and of all images.
    @usableFromInline var squaresAcross: Int
    @usableFromInline var squaresOfPlane: Int
    @usableFromInline var squares: Int
    /// Squares of a block.
    @usableFromInline var block: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ t: ConvolutionArguments) {
        let turned = t.kind == .inputGradient
        sourceChannels = turned ? t.outChannels : t.inChannels
        resultChannels = turned ? t.inChannels : t.outChannels
        sourceLines = turned ? t.y.y : t.y.x
        sourceColumns = turned ? t.x.y : t.x.x
        resultLines = turned ? t.y.x : t.y.y
        resultColumns = turned ? t.x.x : t.x.y
        sourcePlanes = turned ? t.z.y : t.z.x
        resultPlanes = turned ? t.z.x : t.z.y
        linesBefore = turned ? 2 &- t.y.padding : t.y.padding
        columnsBefore = turned ? 2 &- t.x.padding : t.x.padding
        planesBefore = turned ? -t.z.padding : t.z.padding
        squaresAcross = (resultColumns &+ 1) / 2
        squaresOfPlane = squaresAcross &* ((resultLines &+ 1) / 2)
        squares = t.batch &* resultPlanes &* squaresOfPlane
        let most = Tuning.winogradBlock / (16 &* (sourceChannels &+ resultChannels))
        block = max(1, most / V.tileRows) &* V.tileRows
    }

    /// From one place to the next: an odd number of cache lines, so that the places of a square fall onto different sets of the cache.
    @inlinable @inline(__always)
    func pitch(_ channels: Int) -> Int { (block &* channels / 16 | 1) &* 16 }

    @inlinable @inline(__always)
    var sourceFloats: Int { 16 &* pitch(sourceChannels) }
    @inlinable @inline(__always)
    var resultFloats: Int { 16 &* pitch(resultChannels) }
    /// A pixel of zeros, and a square of the result.
    @inlinable @inline(__always)
    var zeroFloats: Int { max(sourceChannels, resultChannels) }
    /// A run or the steps of a tile; where four results go.
    @inlinable @inline(__always)
    var listFloats: Int { (4 &* max(block, 2) &+ 16 &+ 15) & ~15 }

    @inlinable @inline(__always)
    func workspace(_ kind: ConvolutionKind) -> Int {
        let sums = kind == .weightGradient ? 16 &* sourceChannels &* resultChannels : 4 &* resultChannels
        return 16 &+ listFloats &+ zeroFloats &+ sourceFloats &+ resultFloats &+ sums
    }
}

/// The memory that one part works with.
@frozen
public struct WinogradWorkspace {
    @usableFromInline var list: UnsafeMutableRawPointer
    @usableFromInline var zeros: UnsafeMutablePointer<Float>
    @usableFromInline var source: UnsafeMutablePointer<Float>
    @usableFromInline var result: UnsafeMutablePointer<Float>
    @usableFromInline var sums: UnsafeMutablePointer<Float>

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ plan: WinogradPlan, _ start: UnsafeMutablePointer<Float>) {
        list = UnsafeMutableRawPointer(start)
        zeros = start + plan.listFloats
        source = zeros + plan.zeroFloats
        result = source + plan.sourceFloats
        sums = result + plan.resultFloats
        var i = 0
        while i < plan.zeroFloats {
            V.zero.store(zeros + i)
            i &+= V.width
        }
    }
}

/// A square of the result: its image's and plane's number, and its first line and column.
@frozen
public struct WinogradSquare {
    @usableFromInline var image: Int
    @usableFromInline var plane: Int
    @usableFromInline var line: Int
    @usableFromInline var column: Int

    @inlinable @inline(__always)
    init(_ plan: WinogradPlan, _ number: Int) {
        let planes = number / plan.squaresOfPlane
        let inside = number &- planes &* plan.squaresOfPlane
        image = planes / plan.resultPlanes
        plane = planes &- image &* plan.resultPlanes
        line = inside / plan.squaresAcross
        column = 2 &* (inside &- line &* plan.squaresAcross)
        line &*= 2
    }

    @inlinable @inline(__always)
    mutating func advance(_ plan: WinogradPlan) {
        column &+= 2
        if column < plan.resultColumns { return }
        column = 0
        line &+= 2
        if line < plan.resultLines { return }
        line = 0
        plane &+= 1
        if plane < plan.resultPlanes { return }
        plane = 0
        image &+= 1
    }
}

/// This part's squares of a convolution or an input gradient.
@inlinable @inline(never)
func convolveWinograd<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int, _ start: UnsafeMutablePointer<Float>
) {
    let plan = WinogradPlan(V.self, arguments.pointee)
    if plan.squares <= 0 || plan.sourceChannels <= 0 { return }
    let space = WinogradWorkspace(V.self, plan, start)
    let runs = space.list.assumingMemoryBound(to: InnerRun.self)
    runs[0] = InnerRun(a: 0, b: 0, count: plan.sourceChannels)
    var first = plan.squares / parts &* part &+ plan.squares % parts &* part / parts
    let end = plan.squares / parts &* (part &+ 1) &+ plan.squares % parts &* (part &+ 1) / parts
    while first < end {
        let count = min(plan.block, end &- first)
        transformSources(V.self, arguments.pointee.source, plan, space, first: first, count: count)
        multiplyPlaces(V.self, arguments, plan, space, runs, count: count)
        finishSquares(V.self, arguments, plan, space, first: first, count: count)
        first &+= count
    }
}

@inlinable @inline(never)
func multiplyPlaces<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: WinogradPlan, _ space: WinogradWorkspace,
    _ runs: UnsafeMutablePointer<InnerRun>, count: Int
) {
    let (inner, columns) = (plan.sourceChannels, plan.resultChannels)
    let tiles = (count &+ V.tileRows &- 1) / V.tileRows
    let height = count / tiles
    let taller = count &- height &* tiles
    for place in 0..<16 {
        let a = UnsafePointer(space.source) + place &* plan.pitch(inner)
        let weights = UnsafePointer(arguments.pointee.packed) + place &* inner &* columns
        let sums = space.result + place &* plan.pitch(columns)
        var column = 0
        while column < columns {
            let vectors = columns &- column > V.width ? 2 : 1
            var row = 0
            for tile in 0..<tiles {
                let rows = tile < taller ? height &+ 1 : height
                multiply(
                    V.self, rows: rows, vectors: vectors,
                    RunTile(
                        a: a + row &* inner, aRowStride: inner, b: weights + column &* inner, runs: UnsafePointer(runs), runCount: 1,
                        sums: sums + (row &* columns &+ column), sumsStride: columns))
                row &+= rows
            }
            column &+= 2 &* V.width
        }
    }
}

/// Bᵀ d B of every square of a block.
@inlinable @inline(never)
func transformSources<V: FloatVector>(
    _ vector: V.Type, _ source: UnsafePointer<Float>, _ plan: WinogradPlan, _ space: WinogradWorkspace, first: Int, count: Int
) {
    let channels = plan.sourceChannels
    let line = plan.sourceColumns &* channels
    let pitch = plan.pitch(channels)
    let zeros = UnsafePointer(space.zeros)
    var square = WinogradSquare(plan, first)
    for i in 0..<count {
        let to = space.source + i &* channels
        let (z, y, x) = (square.plane &- plan.planesBefore, square.line &- plan.linesBefore, square.column &- plan.columnsBefore)
        let plane = source + (square.image &* plan.sourcePlanes &+ z) &* plan.sourceLines &* line
        square.advance(plan)
        let isInside = z >= 0 && z < plan.sourcePlanes
        if isInside && y >= 0 && y &+ 4 <= plan.sourceLines && x >= 0 && x &+ 4 <= plan.sourceColumns {
            let from = plane + (y &* line &+ x &* channels)
            var c = 0
            while c < channels {
                transformSource(V.self, from + c, from + (line &+ c), from + (2 &* line &+ c), from + (3 &* line &+ c), channels, to + c, pitch)
                c &+= V.width
            }
        } else {
            // Pixels beyond the edge are read from zeros, one by one.
            let (x0, x1, x2, x3) = (
                x >= 0 && x < plan.sourceColumns, x >= -1 && x &+ 1 < plan.sourceColumns, x >= -2 && x &+ 2 < plan.sourceColumns,
                x >= -3 && x &+ 3 < plan.sourceColumns
            )
            var c = 0
            while c < channels {
                // Transformed by columns first, a line after the other.
                for r in 0..<4 {
                    let isLine = isInside && y &+ r >= 0 && y &+ r < plan.sourceLines
                    let from = plane + ((y &+ r) &* line &+ x &* channels &+ c)
                    let d0 = V.load(isLine && x0 ? from : zeros)
                    let d1 = V.load(isLine && x1 ? from + channels : zeros)
                    let d2 = V.load(isLine && x2 ? from + 2 &* channels : zeros)
                    let d3 = V.load(isLine && x3 ? from + 3 &* channels : zeros)
                    let row = to + (4 &* r &* pitch &+ c)
                    (d0 - d2).store(row)
                    (d1 + d2).store(row + pitch)
                    (d2 - d1).store(row + 2 &* pitch)
                    (d1 - d3).store(row + 3 &* pitch)
                }
                for s in 0..<4 {
                    let column = to + (s &* pitch &+ c)
                    let (d0, d1) = (V.load(column), V.load(column + 4 &* pitch))
                    let (d2, d3) = (V.load(column + 8 &* pitch), V.load(column + 12 &* pitch))
                    (d0 - d2).store(column)
                    (d1 + d2).store(column + 4 &* pitch)
                    (d2 - d1).store(column + 8 &* pitch)
                    (d1 - d3).store(column + 12 &* pitch)
                }
                c &+= V.width
            }
        }
    }
}

/// The same of a vector of channels whose lines lie at l0 … l3.
@inlinable @inline(__always)
func transformSource<V: FloatVector>(
    _ vector: V.Type, _ l0: UnsafePointer<Float>, _ l1: UnsafePointer<Float>, _ l2: UnsafePointer<Float>, _ l3: UnsafePointer<Float>,
    _ pixel: Int, _ to: UnsafeMutablePointer<Float>, _ pitch: Int
) {
    transformSourceLine(V.self, l0, l2, subtracting: true, pixel, to, pitch)
    transformSourceLine(V.self, l1, l2, subtracting: false, pixel, to + 4 &* pitch, pitch)
    transformSourceLine(V.self, l2, l1, subtracting: true, pixel, to + 8 &* pitch, pitch)
    transformSourceLine(V.self, l1, l3, subtracting: true, pixel, to + 12 &* pitch, pitch)
}

@inlinable @inline(__always)
func transformSourceLine<V: FloatVector>(
    _ vector: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, subtracting: Bool, _ pixel: Int,
    _ to: UnsafeMutablePointer<Float>, _ pitch: Int
) {
    let (a0, a1, a2, a3) = (V.load(a), V.load(a + pixel), V.load(a + 2 &* pixel), V.load(a + 3 &* pixel))
    let (b0, b1, b2, b3) = (V.load(b), V.load(b + pixel), V.load(b + 2 &* pixel), V.load(b + 3 &* pixel))
    let d0 = subtracting ? a0 - b0 : a0 + b0
    let d1 = subtracting ? a1 - b1 : a1 + b1
    let d2 = subtracting ? a2 - b2 : a2 + b2
    let d3 = subtracting ? a3 - b3 : a3 + b3
    (d0 - d2).store(to)
    (d1 + d2).store(to + pitch)
    (d2 - d1).store(to + 2 &* pitch)
    (d1 - d3).store(to + 3 &* pitch)
}

/// Aᵀ m A of every square of a block, and the write-back.
@inlinable @inline(never)
func finishSquares<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: WinogradPlan, _ space: WinogradWorkspace, first: Int,
    count: Int
) {
    let channels = plan.resultChannels
    let pitch = plan.pitch(channels)
    let line = plan.resultColumns &* channels
    let result = arguments.pointee.result
    let plain = arguments.pointee.bias == nil && arguments.pointee.activation == .identity && arguments.pointee.derivativeOf == nil
    let offsets = space.list.assumingMemoryBound(to: Int.self) + 4
    var square = WinogradSquare(plan, first)
    for i in 0..<count {
        let from = UnsafePointer(space.result) + i &* channels
        let plane = (square.image &* plan.resultPlanes &+ square.plane) &* plan.resultLines &* line
        let start = plane &+ square.line &* line &+ square.column &* channels
        let (hasLine, hasColumn) = (square.line &+ 1 < plan.resultLines, square.column &+ 1 < plan.resultColumns)
        square.advance(plan)
        if plain && hasLine && hasColumn {
            let to = result + start
            var c = 0
            while c < channels {
                finishSquare(V.self, from + c, pitch, to + c, to + (channels &+ c), to + (line &+ c), to + (line &+ channels &+ c))
                c &+= V.width
            }
            continue
        }
        let sums = space.sums
        var c = 0
        while c < channels {
            finishSquare(V.self, from + c, pitch, sums + c, sums + (channels &+ c), sums + (2 &* channels &+ c), sums + (3 &* channels &+ c))
            c &+= V.width
        }
        offsets[0] = start
        offsets[1] = start &+ channels
        writeBackTile(
            V.self, arguments, sums: sums, sumsStride: channels, offsets: offsets, rows: hasColumn ? 2 : 1, column: 0, columns: channels)
        if hasLine {
            offsets[0] = start &+ line
            offsets[1] = start &+ line &+ channels
            writeBackTile(
                V.self, arguments, sums: sums + 2 &* channels, sumsStride: channels, offsets: offsets, rows: hasColumn ? 2 : 1, column: 0,
                columns: channels)
        }
    }
}

@inlinable @inline(__always)
func finishSquare<V: FloatVector>(
    _ vector: V.Type, _ m: UnsafePointer<Float>, _ pitch: Int, _ to00: UnsafeMutablePointer<Float>, _ to01: UnsafeMutablePointer<Float>,
    _ to10: UnsafeMutablePointer<Float>, _ to11: UnsafeMutablePointer<Float>
) {
    let (m00, m01, m02, m03) = (V.load(m), V.load(m + pitch), V.load(m + 2 &* pitch), V.load(m + 3 &* pitch))
    let (m10, m11, m12, m13) = (V.load(m + 4 &* pitch), V.load(m + 5 &* pitch), V.load(m + 6 &* pitch), V.load(m + 7 &* pitch))
    let (m20, m21, m22, m23) = (V.load(m + 8 &* pitch), V.load(m + 9 &* pitch), V.load(m + 10 &* pitch), V.load(m + 11 &* pitch))
    let (m30, m31, m32, m33) = (V.load(m + 12 &* pitch), V.load(m + 13 &* pitch), V.load(m + 14 &* pitch), V.load(m + 15 &* pitch))
    let (a0, b0) = (m00 + m10 + m20, m10 - m20 - m30)
    let (a1, b1) = (m01 + m11 + m21, m11 - m21 - m31)
    let (a2, b2) = (m02 + m12 + m22, m12 - m22 - m32)
    let (a3, b3) = (m03 + m13 + m23, m13 - m23 - m33)
    (a0 + a1 + a2).store(to00)
    (a1 - a2 - a3).store(to01)
    (b0 + b1 + b2).store(to10)
    (b1 - b2 - b3).store(to11)
}

// MARK: Weights

/// G w Gᵀ of this part's share of the weights: [place, panel of columns, source channel, column].
@inlinable @inline(never)
func packWinograd<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int
) {
    let t = arguments.pointee
    let turned = t.kind == .inputGradient
    let (inner, columns) = turned ? (t.outChannels, t.inChannels) : (t.inChannels, t.outChannels)
    let tap = t.inChannels &* t.outChannels
    let place = inner &* columns
    let half = V(repeating: 0.5)
    let lanes = V.width
    let vectors = columns / lanes
    let items = inner &* vectors
    // Turned round, a column's weights lie a line of `other` apart, and are read one by one.
    let (innerStep, columnStep) = turned ? (1, t.outChannels) : (t.outChannels, 1)
    var item = items &* part / parts
    let end = items &* (part &+ 1) / parts
    while item < end {
        let column = item / inner &* lanes
        let i = item % inner
        let panel = column / (2 &* lanes) &* 2 &* lanes
        let width = min(2 &* lanes, columns &- panel)
        let to = t.packed + (panel &* inner &+ i &* width &+ column &- panel)
        // Three taps of a line at a time: G along the columns, which go to the places of that line.
        for ky in 0..<3 {
            let line = turned ? 2 &- ky : ky
            let from = t.other + ((3 &* line) &* tap &+ i &* innerStep &+ column &* columnStep)
            let at = to + 4 &* ky &* place
            if turned {
                for lane in 0..<lanes {
                    let w = from + lane &* columnStep
                    at[lane] = w[2 &* tap]
                    at[place &+ lane] = w[tap]
                    at[2 &* place &+ lane] = w[0]
                }
            } else {
                V.load(from).store(at)
                V.load(from + tap).store(at + place)
                V.load(from + 2 &* tap).store(at + 2 &* place)
            }
            let (w0, w1, w2) = (V.load(at), V.load(at + place), V.load(at + 2 &* place))
            let outer = (w0 + w2) * half
            (outer + w1 * half).store(at + place)
            (outer - w1 * half).store(at + 2 &* place)
            w2.store(at + 3 &* place)
        }
        for s in 0..<4 {
            let at = to + s &* place
            let (w0, w1, w2) = (V.load(at), V.load(at + 4 &* place), V.load(at + 8 &* place))
            let outer = (w0 + w2) * half
            (outer + w1 * half).store(at + 4 &* place)
            (outer - w1 * half).store(at + 8 &* place)
            w2.store(at + 12 &* place)
        }
        item &+= 1
    }
}

// MARK: The gradient to the weights

/// This part's chunks of a weight gradient.
@inlinable @inline(never)
func weightGradientWinograd<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int, _ start: UnsafeMutablePointer<Float>
) {
    let t = arguments.pointee
    let plan = WinogradPlan(V.self, t)
    let space = WinogradWorkspace(V.self, plan, start)
    let (inner, columns) = (plan.sourceChannels, plan.resultChannels)
    let place = inner &* columns
    if place <= 0 { return }
    let steps = space.list.assumingMemoryBound(to: InnerStep.self)
    for i in 0..<plan.block { steps[i] = InnerStep(a: i &* inner, b: i &* columns) }
    for chunk in (t.chunks &* part / parts)..<(t.chunks &* (part &+ 1) / parts) {
        let begin = plan.squares / t.chunks &* chunk &+ plan.squares % t.chunks &* chunk / t.chunks
        let end = plan.squares / t.chunks &* (chunk &+ 1) &+ plan.squares % t.chunks &* (chunk &+ 1) / t.chunks
        // Blocks of nearly the same length: a short one takes as long as a whole one to load and store its sums.
        var blocks = max(1, (end &- begin &+ plan.block &- 1) / plan.block)
        var first = begin
        repeat {
            let count = (end &- first &+ blocks &- 1) / blocks
            blocks &-= 1
            if count > 0 {
                transformSources(V.self, t.source, plan, space, first: first, count: count)
                transformResults(V.self, t.other, plan, space, first: first, count: count)
            }
            for number in 0..<16 {
                let a = UnsafePointer(space.source) + number &* plan.pitch(inner)
                let b = UnsafePointer(space.result) + number &* plan.pitch(columns)
                sumPlace(V.self, a, b, steps, count: count, rows: inner, columns: columns, continues: first > begin, space.sums + number &* place)
            }
            first &+= count
        } while blocks > 0
        finishWeights(V.self, space.sums, place: place, to: t.result + chunk &* 9 &* place)
    }
}

@inlinable @inline(never)
func sumPlace<V: FloatVector>(
    _ vector: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ steps: UnsafeMutablePointer<InnerStep>, count: Int, rows: Int,
    columns: Int, continues: Bool, _ sums: UnsafeMutablePointer<Float>
) {
    let tiles = (rows &+ V.tileRows &- 1) / V.tileRows
    let height = rows / tiles
    let taller = rows &- height &* tiles
    var column = 0
    while column < columns {
        let vectors = columns &- column > V.width ? 2 : 1
        var row = 0
        for tile in 0..<tiles {
            let rows = tile < taller ? height &+ 1 : height
            multiply(
                V.self, rows: rows, vectors: vectors,
                StepTile(
                    a: a + row, b: b + column, steps: UnsafePointer(steps), count: count, sums: sums + (row &* columns &+ column),
                    sumsStride: columns, continues: continues))
            row &+= rows
        }
        column &+= 2 &* V.width
    }
}

/// A ∂y Aᵀ of every square of a block.
@inlinable @inline(never)
func transformResults<V: FloatVector>(
    _ vector: V.Type, _ y: UnsafePointer<Float>, _ plan: WinogradPlan, _ space: WinogradWorkspace, first: Int, count: Int
) {
    let channels = plan.resultChannels
    let line = plan.resultColumns &* channels
    let pitch = plan.pitch(channels)
    let zeros = UnsafePointer(space.zeros)
    var square = WinogradSquare(plan, first)
    for i in 0..<count {
        let to = space.result + i &* channels
        let plane = (square.image &* plan.resultPlanes &+ square.plane) &* plan.resultLines &* line
        let from = y + (plane &+ square.line &* line &+ square.column &* channels)
        let (hasLine, hasColumn) = (square.line &+ 1 < plan.resultLines, square.column &+ 1 < plan.resultColumns)
        square.advance(plan)
        var c = 0
        while c < channels {
            let y00 = V.load(from + c)
            let y01 = V.load(hasColumn ? from + (channels &+ c) : zeros)
            let y10 = V.load(hasLine ? from + (line &+ c) : zeros)
            let y11 = V.load(hasLine && hasColumn ? from + (line &+ channels &+ c) : zeros)
            spreadLine(V.self, y00, y01, to + c, pitch)
            spreadLine(V.self, y00 + y10, y01 + y11, to + (4 &* pitch &+ c), pitch)
            spreadLine(V.self, y00 - y10, y01 - y11, to + (8 &* pitch &+ c), pitch)
            spreadLine(V.self, -y10, -y11, to + (12 &* pitch &+ c), pitch)
            c &+= V.width
        }
    }
}

@inlinable @inline(__always)
func spreadLine<V: FloatVector>(_ vector: V.Type, _ a: V, _ b: V, _ to: UnsafeMutablePointer<Float>, _ pitch: Int) {
    a.store(to)
    (a + b).store(to + pitch)
    (a - b).store(to + 2 &* pitch)
    (-b).store(to + 3 &* pitch)
}

/// Gᵀ s G: [place, in · out] to [window, in · out].
@inlinable @inline(never)
func finishWeights<V: FloatVector>(
    _ vector: V.Type, _ sums: UnsafeMutablePointer<Float>, place: Int, to: UnsafeMutablePointer<Float>
) {
    let half = V(repeating: 0.5)
    var i = 0
    while i < place {
        // Along the columns, in place.
        for r in 0..<4 {
            let at = sums + (4 &* r &* place &+ i)
            let (s0, s1, s2, s3) = (V.load(at), V.load(at + place), V.load(at + 2 &* place), V.load(at + 3 &* place))
            let both = (s1 + s2) * half
            (s0 + both).store(at)
            ((s1 - s2) * half).store(at + place)
            (both + s3).store(at + 2 &* place)
        }
        for s in 0..<3 {
            let at = sums + (s &* place &+ i)
            let (s0, s1, s2, s3) = (V.load(at), V.load(at + 4 &* place), V.load(at + 8 &* place), V.load(at + 12 &* place))
            let both = (s1 + s2) * half
            (s0 + both).store(to + (s &* place &+ i))
            ((s1 - s2) * half).store(to + ((3 &+ s) &* place &+ i))
            (both + s3).store(to + ((6 &+ s) &* place &+ i))
        }
        i &+= V.width
    }
}
