// The gradient of a dense layer's weights, AᵀB, whose elements take a step of Adam instead of going to memory.
//
// Adam alone reads four arrays and writes three that are too large for the second-level cache, and does little with them.
// Here every tile of the gradient takes its step while it is in the first-level cache. Parameters and moments of a band of
// tiles come into the second-level cache during the band before, a line with each step of a tile, and those of a tile into the
// first-level cache during the tile itself, at no cost: multiply-adds leave room for that.
//
//     for each band of rows
//       its part of A is packed
//       for each panel of columns             packed by the first band's first tile, for all bands
//         for each tile of rows               the micro-kernel, which fetches; then Adam
//
// The bias of the layer is the row of weights of one more input that is always one, and its gradient one more row: A gets a
// column of ones, in the last member's last tile.

/// How such a product is cut; a function of its shape alone.
@frozen
public struct AdamBands {
    @usableFromInline let panelWidth: Int
    @usableFromInline let panels: Int
    /// Tiles of a band at most.
    @usableFromInline let tiles: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, columns: Int) {
        panelWidth = 2 &* V.width
        panels = (columns &+ panelWidth &- 1) / panelWidth
        tiles = max(1, min(4, AdamBands.floats / (columns &* V.tileRows)))
    }

    /// Three arrays of this many floats, twice, take a third of a second-level cache of 2 MiB.
    @inlinable @inline(__always) static var floats: Int { 32_768 }

    @inlinable @inline(__always)
    func packedB(inner: Int) -> Int { panels &* panelWidth &* inner }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type, inner: Int) -> Int {
        16 &+ packedB(inner: inner) &+ V.tileRows &* panelWidth &+ packedA(V.self, inner: inner) &+ KeptLists.floats(tiles: tiles, inner: inner)
    }

    @inlinable @inline(__always)
    func packedA<V: FloatVector>(_ vector: V.Type, inner: Int) -> Int { tiles &* packedStep(V.self) &* inner }
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
    let address = UInt(bitPattern: workspace)
    let packedB = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    let gradients = packedB + bands.packedB(inner: t.inner)
    let packedA = gradients + V.tileRows &* bands.panelWidth
    let lists = KeptLists(packedA + bands.packedA(V.self, inner: t.inner), tiles: bands.tiles, inner: t.inner)

    // The bias's row follows the last one.
    let bias = part &+ 1 == parts ? t.biasAdam : nil
    let steps = AdamSteps(weights: AdamStep<V>(adam), bias: bias, weightRows: rowEnd)
    let allTiles = TileHeights(rows: rowEnd &- firstRow &+ (bias == nil ? 0 : 1), limit: V.tileRows)
    var row = firstRow
    var tile = 0
    while tile < allTiles.count {
        var rows = 0
        for i in tile..<min(tile &+ bands.tiles, allTiles.count) { rows &+= allTiles.height(i) }
        tile &+= bands.tiles
        packBand(V.self, t, row: row, rows: rows, first: row == firstRow, withOnes: row &+ rows > rowEnd, to: packedA, lists)
        let next = row &+ rows
        var fetches = BandFetches(adam, t, row: next, rows: min(rows, rowEnd &- next))
        multiplyBand(
            V.self, t, bands, row: row, rows: rows, packs: row == firstRow, packedA: packedA, packedB: packedB, gradients: gradients,
            lists, steps, &fetches)
        row = next
    }
}

/// Packs a band of A, of every tile the steps that it keeps. The first tile of all, which packs B, takes every step, and so does
/// one with a row of ones, or whose vectors reach beyond A.
@inlinable @inline(__always)
func packBand<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, row: Int, rows: Int, first: Bool, withOnes: Bool,
    to packedA: UnsafeMutablePointer<Float>, _ lists: KeptLists
) {
    let tiles = TileHeights(rows: rows, limit: V.tileRows)
    let a = t.a + row
    let available = t.rows &- row
    let size = t.inner &* packedStep(V.self)
    if !t.skipsZeros || t.columns % (2 &* V.width) != 0 || !doesMore(V.self, rows: tiles.least, vectors: 2) || V.tileRows > V.width {
        packTiles(V.self, a, stride: t.aInnerStride, inner: t.inner, rows: rows, available: available, to: packedA)
        for tile in 0..<tiles.count { lists.noteAll(tile) }
    } else {
        func panel(_ tile: Int) -> KeptPanel<V> {
            KeptPanel(a + tiles.start(tile), rows: tiles.height(tile), to: packedA + tile &* size, lists.list(tile))
        }
        if tiles.count == 4 && !first && tiles.start(3) &+ V.width <= available && !withOnes {
            let kept = packKeptSteps(panel(0), panel(1), panel(2), panel(3), stride: t.aInnerStride, inner: t.inner)
            lists.note(0, kept.0, of: t.inner)
            lists.note(1, kept.1, of: t.inner)
            lists.note(2, kept.2, of: t.inner)
            lists.note(3, kept.3, of: t.inner)
        } else {
            for tile in 0..<tiles.count {
                let start = tiles.start(tile)
                if (first && tile == 0) || (withOnes && tile &+ 1 == tiles.count) || start &+ V.width > available {
                    packTile(
                        V.self, a + start, stride: t.aInnerStride, inner: t.inner, rows: tiles.height(tile),
                        available: available &- start, to: packedA + tile &* size)
                    lists.noteAll(tile)
                } else {
                    lists.note(tile, packKeptSteps(panel(tile), stride: t.aInnerStride, inner: t.inner), of: t.inner)
                }
            }
        }
    }
    if withOnes { packOnes(V.self, inTilesOf: rows, inner: t.inner, packedA) }
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
    _ vector: V.Type, _ t: MatrixProductArguments, _ bands: AdamBands, row: Int, rows: Int, packs: Bool,
    packedA: UnsafePointer<Float>, packedB: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>,
    _ lists: KeptLists, _ steps: AdamSteps<V>, _ fetches: inout BandFetches
) {
    let tiles = TileHeights(rows: rows, limit: V.tileRows)
    let packedTile = t.inner &* packedStep(V.self)
    var arguments = TileArguments(
        a: packedA, aRowStride: 1, aInnerStride: packedStep(V.self), b: packedB, bStride: bands.panelWidth, inner: t.inner,
        sums: gradients, sumsStride: bands.panelWidth, start: nil, startStride: 0, ahead: packedB, aheadStride: 0,
        next: .nothing(packedB), panel: packedB)
    var column = 0
    while column < t.columns {
        let columns = min(t.columns &- column, bands.panelWidth)
        // The last panel may be one vector wide.
        let vectors = columns > V.width ? 2 : 1
        let width = vectors &* V.width
        let panel = packedB + column &* t.inner
        let packsOnTheWay = packs && columns == bands.panelWidth && doesMore(V.self, rows: tiles.height(0), vectors: vectors)
        if packs && !packsOnTheWay {
            packRows(V.self, t.b + column, stride: t.bInnerStride, inner: t.inner, columns: columns, to: panel, panelWidth: width)
        }
        arguments.a = packedA
        arguments.sumsStride = width
        arguments.panel = panel
        var done = 0
        for tile in 0..<tiles.count {
            let height = tiles.height(tile)
            arguments.inner = t.inner
            if packsOnTheWay && tile == 0 {
                arguments.b = t.b + column
                arguments.bStride = t.bInnerStride
                let isLast = column &+ columns >= t.columns
                (arguments.ahead, arguments.aheadStride) = isLast ? (UnsafePointer(panel), 0) : (t.b + (column &+ width), t.bInnerStride)
                multiplyTile(V.self, PackingTile(NothingBeside()), rows: height, &arguments)
            } else {
                arguments.b = UnsafePointer(panel)
                arguments.bStride = width
                let kept = lists.count(tile)
                if let kept {
                    arguments.kept = UnsafePointer(lists.list(tile))
                    arguments.inner = kept
                }
                (arguments.ahead, arguments.aheadStride) = fetches.next(arguments.inner)
                if doesMore(V.self, rows: height, vectors: vectors) {
                    arguments.state = steps.state(row: row &+ done, column: column, stride: t.columns)
                    if kept == nil {
                        multiplyTile(V.self, ClaimingTile(AllPackedSteps.self), rows: height, &arguments)
                    } else {
                        multiplyTile(V.self, ClaimingTile(KeptPackedSteps.self), rows: height, &arguments)
                    }
                } else {
                    multiplyTile(V.self, rows: height, vectors: vectors, &arguments)
                }
            }
            steps.take(row: row &+ done, rows: height, column: column, columns: columns, stride: t.columns, gradients, width)
            arguments.a += packedTile
            done &+= height
        }
        column &+= bands.panelWidth
    }
}

/// The steps that a tile of gradients takes: the weights', and that of the bias, whose row is the one after theirs.
@frozen
public struct AdamSteps<V: FloatVector> {
    @usableFromInline let weights: AdamStep<V>
    @usableFromInline let bias: UnsafePointer<AdamArguments>?
    @usableFromInline let weightRows: Int

    @inlinable @inline(__always)
    init(weights: AdamStep<V>, bias: UnsafePointer<AdamArguments>?, weightRows: Int) {
        self.weights = weights
        self.bias = bias
        self.weightRows = weightRows
    }

    @inlinable @inline(__always)
    func take(row: Int, rows: Int, column: Int, columns: Int, stride: Int, _ gradients: UnsafePointer<Float>, _ gradientStride: Int) {
        let ordinary = min(rows, weightRows &- row)
        for i in 0..<ordinary {
            let start = (row &+ i) &* stride &+ column
            weights.take(start, start &+ columns, gradient: gradients + i &* gradientStride)
        }
        if let bias, ordinary < rows {
            AdamStep<V>(bias.pointee).take(column, column &+ columns, gradient: gradients + ordinary &* gradientStride)
        }
    }

    /// Where a tile's parameters and moments begin.
    @inlinable @inline(__always)
    func state(row: Int, column: Int, stride: Int) -> TileState {
        let first = row &* stride &+ column
        return TileState(
            UnsafePointer(weights.t.parameters + first), UnsafePointer(weights.t.firstMoment + first),
            UnsafePointer(weights.t.secondMoment + first), stride: stride)
    }
}

/// What the tiles of a band bring into the second-level cache for the next one, a line with each step: its part of A, which is
/// scattered over the rows, and its parameters and moments, which are runs of lines.
@frozen
public struct BandFetches {
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline let aStride: Int
    @usableFromInline let aSteps: Int
    /// Columns of lines of A that are still to come, and how much of the first has.
    @usableFromInline var aLines: Int
    @usableFromInline var aDone = 0
    @usableFromInline var runs: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
    /// The run that comes next, 3 when all have come, and its lines that are still to come.
    @usableFromInline var run = 0
    @usableFromInline var lines: Int
    @usableFromInline let linesOfRun: Int

    @inlinable @inline(__always)
    init(_ adam: AdamArguments, _ t: MatrixProductArguments, row: Int, rows: Int) {
        let columns = t.columns
        a = t.a + row
        aStride = t.aInnerStride
        aSteps = t.inner
        aLines = rows <= 0 ? 0 : (rows &+ 15) / 16 &+ 1
        let start = row &* columns
        runs = (
            UnsafePointer(adam.firstMoment + start), UnsafePointer(adam.secondMoment + start), UnsafePointer(adam.parameters + start)
        )
        if rows <= 0 { run = 3 }
        linesOfRun = (rows &* columns &+ 15) / 16
        lines = linesOfRun
    }

    /// Where the fetches of a tile of `steps` steps begin, and how far each is from the one before.
    @inlinable @inline(__always)
    mutating func next(_ steps: Int) -> (first: UnsafePointer<Float>, stride: Int) {
        if aLines > 0 {
            let first = a + aDone &* aStride
            aDone &+= steps
            if aDone >= aSteps {
                aDone = 0
                aLines &-= 1
                a += 16
            }
            return (first, aStride)
        }
        if run == 3 { return (runs.0, 0) }
        let first = runs.0
        runs.0 += 16 &* steps
        lines &-= steps
        if lines <= 0 {
            (runs.0, runs.1) = (runs.1, runs.2)
            run &+= 1
            lines = linesOfRun
        }
        return (first, 16)
    }
}
