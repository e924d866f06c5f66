// The gradient of a dense layer's weights, AᵀB, whose elements take a step of Adam instead of going to memory.
//
// Adam alone reads four arrays and writes three that are too large for the second-level cache, and does little with them.
// Here a band of rows of the gradient is made at a time, small enough to stay in that cache; parameters and moments of the
// band, which lie side by side in memory, come there meanwhile, a line with each step of a tile, at no cost; and when the
// band is finished the step of Adam finds everything close.
//
//     for each band of rows
//       its part of A is packed
//       for each panel of columns             packed by the first band's first tile, for all bands
//         for each tile of rows               the micro-kernel, which fetches
//       for each row                          Adam
//
// The bias of the layer is the row of weights of one more input that is always one, and its gradient one more row: A gets a
// column of ones, in the last member's last tile.

/// How such a product is cut; a function of its shape alone.
@frozen
public struct AdamBands {
    @usableFromInline let panelWidth: Int
    @usableFromInline let panels: Int
    /// Rows of a band at most, whole tiles.
    @usableFromInline let bandRows: Int
    /// From row to row of the band's gradients: never a multiple of a page.
    @usableFromInline let bandStride: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, columns: Int) {
        panelWidth = 2 &* V.width
        panels = (columns &+ panelWidth &- 1) / panelWidth
        bandStride = panels &* panelWidth &+ 16
        bandRows = max(AdamBands.floats / (bandStride &* V.tileRows), 1) &* V.tileRows
    }

    /// Four arrays of this many floats take an eighth of a second-level cache of 2 MiB.
    @inlinable @inline(__always) static var floats: Int { 16_384 }

    @inlinable @inline(__always)
    func packedB(inner: Int) -> Int { panels &* panelWidth &* inner }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type, inner: Int) -> Int {
        16 &+ packedB(inner: inner) &+ bandRows &* bandStride &+ bandRows / V.tileRows &* packedStep(V.self) &* inner
    }
}

@inlinable @inline(never)
func matrixProductToAdam<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ adam: AdamArguments, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let bands = AdamBands(V.self, columns: t.columns)
    let firstRow = t.rows &* part / parts
    let rowEnd = t.rows &* (part &+ 1) / parts
    if firstRow >= rowEnd { return }
    var row = firstRow
    let address = UInt(bitPattern: workspace)
    let packedB = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    let gradients = packedB + bands.packedB(inner: t.inner)
    let packedA = gradients + bands.bandRows &* bands.bandStride

    let step = AdamStep<V>(adam)
    // The bias's row follows the last one.
    let bias = part &+ 1 == parts ? t.biasAdam : nil
    let allTiles = TileHeights(rows: rowEnd &- row &+ (bias == nil ? 0 : 1), limit: V.tileRows)
    let bandTiles = bands.bandRows / V.tileRows
    var tile = 0
    while tile < allTiles.count {
        var rows = 0
        for i in tile..<min(tile &+ bandTiles, allTiles.count) { rows &+= allTiles.height(i) }
        tile &+= bandTiles
        let weightRows = min(rows, rowEnd &- row)
        packTiles(
            V.self, t.a + row, stride: t.aInnerStride, inner: t.inner, rows: rows, available: t.rows &- row, to: packedA)
        if rows > weightRows { packOnes(V.self, inTilesOf: rows, inner: t.inner, packedA) }
        var fetches = BandFetches(
            adam, start: row &* t.columns, count: weightRows &* t.columns,
            nextA: t.a + (row &+ rows), aStride: t.aInnerStride, aRows: min(rows, rowEnd &- row &- rows))
        multiplyBand(
            V.self, t, bands, rows: rows, packs: row == firstRow, packedA: packedA, packedB: packedB, gradients: gradients, &fetches)
        for i in 0..<weightRows {
            let start = (row &+ i) &* t.columns
            step.take(start, start &+ t.columns, gradient: gradients + i &* bands.bandStride)
        }
        if let bias, rows > weightRows {
            AdamStep<V>(bias.pointee).take(0, t.columns, gradient: gradients + weightRows &* bands.bandStride)
        }
        row &+= rows
    }
}

/// Fills the last row of packed tiles of `rows` rows with ones.
@inlinable @inline(__always)
func packOnes<V: FloatVector>(_ vector: V.Type, inTilesOf rows: Int, inner: Int, _ packedA: UnsafeMutablePointer<Float>) {
    let tiles = TileHeights(rows: rows, limit: V.tileRows)
    let last = tiles.count &- 1
    var element = packedA + (last &* inner &* packedStep(V.self) &+ tiles.height(last) &- 1)
    for _ in 0..<inner {
        element.pointee = 1
        element += packedStep(V.self)
    }
}

@inlinable @inline(__always)
func multiplyBand<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ bands: AdamBands, rows: Int, packs: Bool, packedA: UnsafePointer<Float>,
    packedB: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>, _ fetches: inout BandFetches
) {
    let tiles = TileHeights(rows: rows, limit: V.tileRows)
    var column = 0
    while column < t.columns {
        let columns = t.columns &- column
        // The last panel may be one vector wide.
        let vectors = columns > V.width ? 2 : 1
        let width = vectors &* V.width
        let panel = packedB + column &* t.inner
        let packsOnTheWay = packs && columns >= bands.panelWidth && 2 &* tiles.height(0) > V.tileRows
        if packs && !packsOnTheWay {
            packRows(
                V.self, t.b + column, stride: t.bInnerStride, inner: t.inner, columns: min(columns, width), to: panel, panelWidth: width)
        }
        var done = 0
        for tile in 0..<tiles.count {
            let height = tiles.height(tile)
            var arguments = TileArguments(
                a: packedA + tile &* t.inner &* packedStep(V.self), aRowStride: 1, aInnerStride: packedStep(V.self), b: panel, bStride: width, inner: t.inner,
                sums: gradients + (done &* bands.bandStride &+ column), sumsStride: bands.bandStride, start: nil, startStride: 0,
                ahead: panel, aheadStride: 0, next: .nothing(panel), panel: panel)
            if packsOnTheWay && tile == 0 {
                arguments.b = t.b + column
                arguments.bStride = t.bInnerStride
                if columns > width {
                    arguments.ahead = t.b + (column &+ width)
                    arguments.aheadStride = t.bInnerStride
                }
                multiplyTile(V.self, PackingTile.self, rows: height, arguments)
            } else {
                let fetch = fetches.next(t.inner)
                (arguments.ahead, arguments.aheadStride) = (fetch.first, fetch.stride)
                if fetch.claims && vectors == 2 && 2 &* height > V.tileRows {
                    multiplyTile(V.self, ClaimingTile.self, rows: height, arguments)
                } else {
                    multiplyTile(V.self, rows: height, vectors: vectors, arguments)
                }
            }
            done &+= height
        }
        column &+= bands.panelWidth
    }
}

/// What the tiles of a band bring closer, a line with each step: the next band's part of A, which is scattered over its rows,
/// and this band's parameters and moments, which are runs of lines. Parameters are claimed for writing: all members have read
/// them, and taking them back from another's cache costs more than reading them.
@frozen
public struct BandFetches {
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline let aStride: Int
    /// Columns of lines of A that are still to come.
    @usableFromInline var aLines: Int
    @usableFromInline var runs: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
    /// The run that comes next, 3 when all have come, and its lines that are still to come.
    @usableFromInline var run = 0
    @usableFromInline var lines: Int
    @usableFromInline let linesOfRun: Int

    @inlinable @inline(__always)
    init(_ adam: AdamArguments, start: Int, count: Int, nextA: UnsafePointer<Float>, aStride: Int, aRows: Int) {
        a = nextA
        self.aStride = aStride
        aLines = aRows <= 0 ? 0 : (aRows &+ 15) / 16 &+ 1
        runs = (
            UnsafePointer(adam.firstMoment + start), UnsafePointer(adam.secondMoment + start), UnsafePointer(adam.parameters + start)
        )
        linesOfRun = (count &+ 15) / 16
        lines = linesOfRun
    }

    /// Where the fetches of a tile of `steps` steps begin, how far each is from the one before, and whether they are to claim.
    @inlinable @inline(__always)
    mutating func next(_ steps: Int) -> (first: UnsafePointer<Float>, stride: Int, claims: Bool) {
        if aLines > 0 {
            let first = a
            aLines &-= 1
            a += 16
            return (first, aStride, false)
        }
        if run == 3 { return (runs.0, 0, false) }
        let first = runs.0
        let claims = run == 2
        runs.0 += 16 &* steps
        lines &-= steps
        if lines <= 0 {
            (runs.0, runs.1) = (runs.1, runs.2)
            run &+= 1
            lines = linesOfRun
        }
        return (first, 16, claims)
    }
}
