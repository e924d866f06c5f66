// The gradient of a dense layer's weights, AᵀB, whose elements take a step of Adam instead of going to memory.
//
// Adam alone reads four arrays and writes three that are too large for the second-level cache, and does little with them.
// Here every tile of the gradient takes its step while it is in the first-level cache. Parameters and moments of a band of
// tiles come into the second-level cache during the band before, a line with each step of a tile, and those of a tile into the
// first-level cache during the tile itself, at no cost: multiply-adds leave room for that.
//
//     B is packed
//     for each band of rows
//       its part of A is packed, without steps at which a whole tile of it is zero
//       for each panel of columns
//         for each tile of rows               the micro-kernel, which fetches; then Adam
//
// Tiles are low and wide where there are registers for it, since few pixels side by side are black more often than many.
//
// The bias of the layer is the row of weights of one more input that is always one, and its gradient one more row: A gets a
// column of ones, in the last member's last tile.

/// How such a product is cut; a function of its shape alone.
@frozen
public struct AdamBands {
    /// Panels by their vectors.
    @usableFromInline let panels: TileHeights
    /// The columns of all panels.
    @usableFromInline let columns: Int
    /// Tiles of a band at most.
    @usableFromInline let tiles: Int
    @usableFromInline let packedA: PackedTiles

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, columns: Int, inner: Int) {
        let vectors = (columns &+ V.width &- 1) / V.width
        panels = TileHeights(rows: vectors, limit: AdamBands.tileVectors(V.self))
        self.columns = vectors &* V.width
        let rows = AdamBands.tileRows(V.self)
        tiles = max(1, min(Tuning.adamBandRows / rows, Tuning.adamBand / (columns &* rows)))
        packedA = PackedTiles(V.self, rows: rows, inner: inner)
    }

    @inlinable @inline(__always)
    static func tileRows<V: FloatVector>(_ vector: V.Type) -> Int { min(V.tileRows, 6) }
    @inlinable @inline(__always)
    static func tileVectors<V: FloatVector>(_ vector: V.Type) -> Int { V.wideTileRows > 3 ? 4 : 2 }

    @inlinable @inline(__always)
    func packedB(inner: Int) -> Int { columns &* inner }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type, inner: Int) -> Int {
        16 &+ packedB(inner: inner) &+ gradients(V.self) &+ tiles &* packedA.size &+ KeptLists.floats(tiles: tiles, inner: inner)
    }

    /// A tile of gradients.
    @inlinable @inline(__always)
    func gradients<V: FloatVector>(_ vector: V.Type) -> Int { AdamBands.tileRows(V.self) &* AdamBands.tileVectors(V.self) &* V.width }
}

@inlinable @inline(never)
func matrixProductToAdam<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ adam: AdamArguments, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let bands = AdamBands(V.self, columns: t.columns, inner: t.inner)
    let firstRow = t.rows &* part / parts
    let rowEnd = t.rows &* (part &+ 1) / parts
    if firstRow >= rowEnd { return }
    let address = UInt(bitPattern: workspace)
    let packedB = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
    let gradients = packedB + bands.packedB(inner: t.inner)
    let packedA = gradients + bands.gradients(V.self)
    let lists = KeptLists(packedA + bands.tiles &* bands.packedA.size, tiles: bands.tiles, inner: t.inner)

    var column = 0
    for panel in 0..<bands.panels.count {
        let width = bands.panels.height(panel) &* V.width
        packRows(
            V.self, t.b + column, stride: t.bInnerStride, inner: t.inner, columns: min(width, t.columns &- column),
            to: packedB + column &* t.inner, panelWidth: width)
        column &+= width
    }

    // The bias's row follows the last one.
    let bias = part &+ 1 == parts ? t.biasAdam : nil
    let steps = AdamSteps(weights: AdamStep<V>(adam), bias: bias, weightRows: rowEnd)
    let allTiles = TileHeights(rows: rowEnd &- firstRow &+ (bias == nil ? 0 : 1), limit: AdamBands.tileRows(V.self))
    var row = firstRow
    var tile = 0
    while tile < allTiles.count {
        var rows = 0
        for i in tile..<min(tile &+ bands.tiles, allTiles.count) { rows &+= allTiles.height(i) }
        tile &+= bands.tiles
        packBand(V.self, t, bands, row: row, rows: rows, withOnes: row &+ rows > rowEnd, to: packedA, lists)
        let next = row &+ rows
        var fetches = BandFetches(adam, t, row: next, rows: min(rows, rowEnd &- next))
        multiplyBand(
            V.self, t, bands, row: row, rows: rows, packedA: packedA, packedB: packedB, gradients: gradients, lists, steps, &fetches)
        row = next
    }
}

/// Packs a band of A, of every tile the steps that it keeps. A tile with a row of ones, or whose vectors reach beyond A, takes every
/// step.
@inlinable @inline(__always)
func packBand<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ bands: AdamBands, row: Int, rows: Int, withOnes: Bool,
    to packedA: UnsafeMutablePointer<Float>, _ lists: KeptLists
) {
    let tiles = TileHeights(rows: rows, limit: bands.packedA.rows)
    let a = t.a + row
    let available = t.rows &- row
    let (size, step) = (bands.packedA.size, bands.packedA.step)
    if !t.skipsZeros || bands.packedA.rows > V.width {
        packTiles(V.self, a, stride: t.aInnerStride, inner: t.inner, rows: rows, available: available, to: packedA, bands.packedA)
        for tile in 0..<tiles.count { lists.noteAll(tile) }
    } else {
        func panel(_ tile: Int) -> KeptPanel<V> {
            KeptPanel(a + tiles.start(tile), rows: tiles.height(tile), to: packedA + tile &* size, step, lists.list(tile))
        }
        // Tiles that have their vectors to themselves.
        var free = withOnes ? tiles.count &- 1 : tiles.count
        while free > 0 && tiles.start(free &- 1) &+ V.width > available { free &-= 1 }
        var tile = 0
        while tile &+ 4 <= free {
            let kept = packKeptSteps(panel(tile), panel(tile &+ 1), panel(tile &+ 2), panel(tile &+ 3), stride: t.aInnerStride, inner: t.inner)
            lists.note(tile, kept.0, of: t.inner)
            lists.note(tile &+ 1, kept.1, of: t.inner)
            lists.note(tile &+ 2, kept.2, of: t.inner)
            lists.note(tile &+ 3, kept.3, of: t.inner)
            tile &+= 4
        }
        while tile < tiles.count {
            if tile < free {
                lists.note(tile, packKeptSteps(panel(tile), stride: t.aInnerStride, inner: t.inner), of: t.inner)
            } else {
                let start = tiles.start(tile)
                packTile(
                    V.self, a + start, stride: t.aInnerStride, inner: t.inner, rows: tiles.height(tile), available: available &- start,
                    to: packedA + tile &* size, step)
                lists.noteAll(tile)
            }
            tile &+= 1
        }
    }
    if withOnes {
        // The last row of all.
        let last = tiles.count &- 1
        var element = packedA + (last &* size &+ tiles.height(last) &- 1)
        for _ in 0..<t.inner {
            element.pointee = 1
            element += step
        }
    }
}

@inlinable @inline(__always)
func multiplyBand<V: FloatVector>(
    _ vector: V.Type, _ t: MatrixProductArguments, _ bands: AdamBands, row: Int, rows: Int,
    packedA: UnsafePointer<Float>, packedB: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>,
    _ lists: KeptLists, _ steps: AdamSteps<V>, _ fetches: inout BandFetches
) {
    let tiles = TileHeights(rows: rows, limit: bands.packedA.rows)
    var arguments = TileArguments(
        a: packedA, aRowStride: 1, aInnerStride: bands.packedA.step, b: packedB, bStride: 0, inner: t.inner,
        sums: gradients, sumsStride: 0, start: nil, startStride: 0, ahead: packedB, aheadStride: 0,
        next: .nothing(gradients))
    var column = 0
    for panel in 0..<bands.panels.count {
        let vectors = bands.panels.height(panel)
        let width = vectors &* V.width
        let columns = min(t.columns &- column, width)
        arguments.a = packedA
        arguments.b = packedB + column &* t.inner
        arguments.bStride = width
        arguments.sumsStride = width
        var done = 0
        for tile in 0..<tiles.count {
            let height = tiles.height(tile)
            let kept = lists.count(tile)
            arguments.inner = kept ?? t.inner
            arguments.kept = UnsafePointer(lists.list(tile))
            (arguments.ahead, arguments.aheadStride) = fetches.next(arguments.inner)
            arguments.state = steps.state(row: row &+ done, column: column, stride: t.columns)
            multiplyGradientTile(V.self, rows: height, vectors: vectors, isKept: kept != nil, &arguments)
            steps.take(row: row &+ done, rows: height, column: column, columns: columns, stride: t.columns, gradients, width)
            arguments.a += bands.packedA.size
            done &+= height
        }
        column &+= width
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
