import CGanShims

// The gradient of a convolution with respect to its weights: for each tap a product [in, positions] · [positions, out] over the
// positions of the result (of all images) whose tap lies inside the image.
//
//     for each block of positions
//       pack y's rows into panels of columns            they stay in the first- or second-level cache
//       for each tap                                    list which positions it sees, and where
//         for each panel, for each tile of in-channels  the micro-kernel reads x in place by the list
//
// Sums are kept in the result between blocks. With few in-channels a tile would have few rows; then the patches of a
// block are copied side by side, and rows are (taps × in).

/// How a weight gradient is cut into tiles: a function of the geometry alone.
@frozen
public struct WeightGradientPlan {
    @usableFromInline var taps: Int
    @usableFromInline var positions: Int
    /// Rows are all taps' channels together.
    @usableFromInline var gathers: Bool
    /// Rows of one product, and how many products there are.
    @usableFromInline var rows: Int
    @usableFromInline var products: Int
    @usableFromInline var rowTiles: Int
    @usableFromInline var panels: Int
    @usableFromInline var panelWidth: Int
    /// Positions in a block.
    @usableFromInline var block: Int
    /// From one position's patch to the next: room for a vector that begins with the last element.
    @usableFromInline var patchStride: Int
    /// The floats of a patch that are neighbours in a line of the image, and of a line with the padding that windows reach.
    @usableFromInline var runFloats: Int
    @usableFromInline var lineFloats: Int
    /// y's rows are short and whole vectors: they are read where they lie.
    @usableFromInline var packs: Bool

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ t: ConvolutionArguments) {
        taps = t.z.window &* t.y.window &* t.x.window
        positions = t.batch &* t.z.y &* t.y.y &* t.x.y
        gathers = t.inChannels < Tuning.fewInChannels
        rows = gathers ? taps &* t.inChannels : t.inChannels
        products = gathers ? 1 : taps
        rowTiles = (rows &+ V.tileRows &- 1) / V.tileRows
        panelWidth = 2 &* V.width
        panels = (t.outChannels &+ panelWidth &- 1) / panelWidth
        block = Tuning.positionsOfBlock
        packs = panels > 2 || t.outChannels % V.width != 0
        // Rows of y that lie apart take up twice the place in the cache.
        if !packs { block /= 2 }
        patchStride = rows &+ V.width &- 1
        runFloats = t.x.window &* t.inChannels
        lineFloats =
            ((t.x.y &- 1) &* t.x.stride &+ (t.x.window &- 1) &* t.x.dilation &+ 1) &* t.inChannels &+ 2 &* V.width
        if gathers { block = max(16, min(block, Tuning.patches / max(rows, 1))) }
    }

    @inlinable @inline(__always)
    var tiles: Int { products &* panels &* rowTiles }
    @inlinable @inline(__always)
    var panelFloats: Int { packs ? panels &* block &* panelWidth : 0 }
    @inlinable @inline(__always)
    var stepFloats: Int { block &* 4 }
    @inlinable @inline(__always)
    var patchFloats: Int { gathers ? (block &* patchStride &+ lineFloats &+ 15) & ~15 : 0 }

    @inlinable @inline(__always)
    func tileFloats<V: FloatVector>(_ vector: V.Type) -> Int { V.tileRows &* panelWidth }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type) -> Int {
        16 &+ panelFloats &+ stepFloats &+ patchFloats &+ tileFloats(V.self)
    }
}

@inlinable @inline(never)
func convolveWeights<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let plan = WeightGradientPlan(V.self, arguments.pointee)
    let chunks = arguments.pointee.chunks
    let tiles = plan.tiles
    if tiles <= 0 { return }
    var item = chunks &* tiles &* part / parts
    let end = chunks &* tiles &* (part &+ 1) / parts
    while item < end {
        let chunk = item / tiles
        let first = item % tiles
        let last = min(first &+ end &- item, tiles)
        convolveChunk(V.self, arguments, plan, chunk: chunk, tiles: first, to: last, workspace)
        item &+= last &- first
    }
}

/// Tiles `first` ..< `last` (by product, panel and rows) of one chunk's sums.
@inlinable @inline(never)
func convolveChunk<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: WeightGradientPlan, chunk: Int, tiles first: Int,
    to last: Int, _ workspace: UnsafeMutablePointer<Float>
) {
    let t = arguments.pointee
    let panel = workspace
    let steps = UnsafeMutableRawPointer(panel + plan.panelFloats).assumingMemoryBound(to: InnerStep.self)
    let patches = panel + plan.panelFloats + plan.stepFloats
    let scratch = patches + plan.patchFloats
    let result = t.result + chunk &* plan.taps &* t.inChannels &* t.outChannels
    let start = plan.positions &* chunk / t.chunks
    let end = plan.positions &* (chunk &+ 1) / t.chunks
    let tilesPerProduct = plan.panels &* plan.rowTiles
    // The panels that these tiles need.
    let severalProducts = first / tilesPerProduct != (last &- 1) / tilesPerProduct
    let firstPanel = severalProducts ? 0 : first % tilesPerProduct / plan.rowTiles
    let lastPanel = severalProducts ? plan.panels : (last &- 1) % tilesPerProduct / plan.rowTiles &+ 1
    let panelStride = plan.block &* plan.panelWidth
    let bPanelStride = plan.packs ? panelStride : plan.panelWidth

    var position = start
    repeat {
        let count = min(plan.block, end &- position)
        if plan.packs {
            for p in firstPanel..<lastPanel {
                let column = p &* plan.panelWidth
                packRows(
                    V.self, t.other + (position &* t.outChannels &+ column), stride: t.outChannels, inner: count,
                    columns: min(plan.panelWidth, t.outChannels &- column), to: panel + p &* panelStride, panelWidth: plan.panelWidth)
            }
        }
        // While this block is multiplied the next one comes nearer, a few lines with every tile.
        var ahead = ahead(t, position &+ count, min(position &+ 2 &* count, end), tiles: last &- first)
        let b = plan.packs ? UnsafePointer(panel) : t.other + position &* t.outChannels
        if plan.gathers { gatherPatches(V.self, arguments, plan, position: position, count: count, patches, steps) }
        var tile = first
        while tile < last {
            let product = tile / tilesPerProduct
            let productEnd = min((product &+ 1) &* tilesPerProduct, last)
            let stepCount = plan.gathers ? count : listSteps(V.self, arguments, plan, tap: product, position: position, count: count, steps)
            let a = plan.gathers ? UnsafePointer(patches) : t.source
            while tile < productEnd {
                let p = tile % tilesPerProduct / plan.rowTiles
                let rowTile = tile % plan.rowTiles
                let height = plan.rows / plan.rowTiles
                let taller = plan.rows &- height &* plan.rowTiles
                let row = rowTile &* height &+ min(rowTile, taller)
                let rows = rowTile < taller ? height &+ 1 : height
                let column = p &* plan.panelWidth
                let columns = min(plan.panelWidth, t.outChannels &- column)
                let vectors = columns > V.width ? 2 : 1
                let target = result + ((product &* t.inChannels &+ row) &* t.outChannels &+ column)
                let direct = columns == vectors &* V.width
                let continues = position > start
                if !direct && continues {
                    copyTile(V.self, from: target, t.outChannels, to: scratch, plan.panelWidth, rows: rows, columns: columns)
                }
                ahead.fetch()
                multiply(
                    V.self, rows: rows, vectors: vectors,
                    StepTile(
                        a: a + row, b: b + p &* bPanelStride, steps: UnsafePointer(steps), count: stepCount,
                        sums: direct ? target : scratch, sumsStride: direct ? t.outChannels : plan.panelWidth, continues: continues))
                if !direct {
                    copyTile(V.self, from: scratch, plan.panelWidth, to: target, t.outChannels, rows: rows, columns: columns)
                }
                tile &+= 1
            }
        }
        position &+= count
    } while position < end
}

/// Memory to bring into the second-level cache bit by bit: a run of x, and one of y.
@frozen
public struct BlockAhead {
    @usableFromInline var x: UnsafePointer<Float>
    @usableFromInline var xEnd: UnsafePointer<Float>
    @usableFromInline var y: UnsafePointer<Float>
    @usableFromInline var yEnd: UnsafePointer<Float>
    /// Floats a turn.
    @usableFromInline var xShare: Int
    @usableFromInline var yShare: Int

    @inlinable @inline(__always)
    init(x: UnsafePointer<Float>, xCount: Int, y: UnsafePointer<Float>, yCount: Int, turns: Int) {
        self.x = x
        self.y = y
        xEnd = x + xCount
        yEnd = y + yCount
        xShare = (xCount / turns &+ 16) & ~15
        yShare = (yCount / turns &+ 16) & ~15
    }

    @inlinable @inline(__always)
    mutating func fetch() {
        let xStop = min(x + xShare, xEnd)
        while x < xStop {
            gan_prefetch_second_level(x)
            x += 16
        }
        let yStop = min(y + yShare, yEnd)
        while y < yStop {
            gan_prefetch_second_level(y)
            y += 16
        }
    }
}

/// What positions `from` ..< `to` read.
@inlinable @inline(__always)
func ahead(_ t: ConvolutionArguments, _ from: Int, _ to: Int, tiles: Int) -> BlockAhead {
    let x = lineOffset(t, from)
    return BlockAhead(
        x: t.source + x, xCount: from < to ? lineOffset(t, to) &- x : 0, y: t.other + from &* t.outChannels,
        yCount: from < to ? (to &- from) &* t.outChannels : 0, turns: max(tiles, 1))
}

/// Where the line of x begins that the line of a position is centred on.
@inlinable @inline(__always)
func lineOffset(_ t: ConvolutionArguments, _ position: Int) -> Int {
    let oy = position / t.x.y % t.y.y
    let oz = position / t.x.y / t.y.y % t.z.y
    let n = position / t.x.y / t.y.y / t.z.y
    return ((n &* t.z.x &+ oz &* t.z.stride) &* t.y.x &+ oy &* t.y.stride) &* t.x.x &* t.inChannels
}

/// The positions of the result, along one axis, whose tap `k` lies inside the image.
@inlinable @inline(__always)
func positionsInside(_ axis: ConvolutionAxis, _ k: Int) -> (first: Int, end: Int) {
    let shift = k &* axis.dilation &- axis.padding
    let first = shift >= 0 ? 0 : (axis.stride &- 1 &- shift) / axis.stride
    let room = axis.x &- 1 &- shift
    let end = room < 0 ? 0 : min(axis.y, room / axis.stride &+ 1)
    return (first, end)
}

/// Lists the steps of one tap over a block of positions: where in x, and where in a panel of packed y. Returns how many.
@inlinable @inline(never)
func listSteps<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: WeightGradientPlan, tap: Int, position: Int, count: Int,
    _ steps: UnsafeMutablePointer<InnerStep>
) -> Int {
    let t = arguments.pointee
    let kx = tap % t.x.window
    let ky = tap / t.x.window % t.y.window
    let kz = tap / t.x.window / t.y.window
    let (firstX, endX) = positionsInside(t.x, kx)
    let (firstY, endY) = positionsInside(t.y, ky)
    let (firstZ, endZ) = positionsInside(t.z, kz)
    var ox = position % t.x.y
    var oy = position / t.x.y % t.y.y
    var oz = position / t.x.y / t.y.y % t.z.y
    var n = position / t.x.y / t.y.y / t.z.y
    let bStride = plan.packs ? plan.panelWidth : t.outChannels
    var found = 0
    var done = 0
    while done < count {
        // One line of positions.
        let length = min(t.x.y &- ox, count &- done)
        if oz >= firstZ && oz < endZ && oy >= firstY && oy < endY {
            let iz = oz &* t.z.stride &+ kz &* t.z.dilation &- t.z.padding
            let iy = oy &* t.y.stride &+ ky &* t.y.dilation &- t.y.padding
            let from = max(ox, firstX)
            let to = min(ox &+ length, endX)
            let ix = from &* t.x.stride &+ kx &* t.x.dilation &- t.x.padding
            var a = (((n &* t.z.x &+ iz) &* t.y.x &+ iy) &* t.x.x &+ ix) &* t.inChannels
            var b = (done &+ from &- ox) &* bStride
            var x = from
            while x < to {
                steps[found] = InnerStep(a: a, b: b)
                found &+= 1
                a &+= t.x.stride &* t.inChannels
                b &+= bStride
                x &+= 1
            }
        }
        done &+= length
        ox = 0
        oy &+= 1
        if oy == t.y.y {
            oy = 0
            oz &+= 1
            if oz == t.z.y {
                oz = 0
                n &+= 1
            }
        }
    }
    return found
}

/// Copies the patches of a block of positions side by side, zeros where they reach over the edge, and lists one step for each.
@inlinable @inline(never)
func gatherPatches<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: WeightGradientPlan, position: Int, count: Int,
    _ patches: UnsafeMutablePointer<Float>, _ steps: UnsafeMutablePointer<InnerStep>
) {
    let t = arguments.pointee
    let bStride = plan.packs ? plan.panelWidth : t.outChannels
    for p in 0..<count { steps[p] = InnerStep(a: p &* plan.patchStride, b: p &* bStride) }
    let channels = t.inChannels
    // A line of the image between zeros, as wide as all windows along it.
    let line = patches + plan.block &* plan.patchStride
    let zeros = V.zero
    var ox = position % t.x.y
    var oy = position / t.x.y % t.y.y
    var oz = position / t.x.y / t.y.y % t.z.y
    var n = position / t.x.y / t.y.y / t.z.y
    var done = 0
    while done < count {
        let length = min(t.x.y &- ox, count &- done)
        for kz in 0..<t.z.window {
            let iz = oz &* t.z.stride &+ kz &* t.z.dilation &- t.z.padding
            for ky in 0..<t.y.window {
                let iy = oy &* t.y.stride &+ ky &* t.y.dilation &- t.y.padding
                var i = 0
                while i < plan.lineFloats &- V.width {
                    zeros.store(line + i)
                    i &+= V.width
                }
                if iz >= 0 && iz < t.z.x && iy >= 0 && iy < t.y.x {
                    // Padding beyond the windows' reach on either side is not needed.
                    let room = plan.lineFloats &- V.width &- t.x.padding &* channels
                    if room > 0 {
                        copyRun(
                            V.self, t.source + ((n &* t.z.x &+ iz) &* t.y.x &+ iy) &* t.x.x &* channels, line + t.x.padding &* channels,
                            min(room, t.x.x &* channels))
                    }
                }
                let to = patches + (done &* plan.patchStride &+ (kz &* t.y.window &+ ky) &* plan.runFloats)
                let from = UnsafePointer(line) + ox &* t.x.stride &* channels
                if t.x.dilation == 1 {
                    copyWindows(
                        V.self, from, step: t.x.stride &* channels, windows: length, length: plan.runFloats, to, stride: plan.patchStride)
                } else {
                    for kx in 0..<t.x.window {
                        copyWindows(
                            V.self, from + kx &* t.x.dilation &* channels, step: t.x.stride &* channels, windows: length, length: channels,
                            to + kx &* channels, stride: plan.patchStride)
                    }
                }
            }
        }
        done &+= length
        ox = 0
        oy &+= 1
        if oy == t.y.y {
            oy = 0
            oz &+= 1
            if oz == t.z.y {
                oz = 0
                n &+= 1
            }
        }
    }
}

/// Copies windows of a line, in whole vectors: what comes after a window in its patch is written later, or is room.
@inlinable @inline(__always)
func copyWindows<V: FloatVector>(
    _ vector: V.Type, _ line: UnsafePointer<Float>, step: Int, windows: Int, length: Int, _ patches: UnsafeMutablePointer<Float>, stride: Int
) {
    var from = line
    var to = patches
    if length <= V.width {
        for _ in 0..<windows {
            V.load(from).store(to)
            from += step
            to += stride
        }
        return
    }
    for _ in 0..<windows {
        var i = 0
        while i < length {
            V.load(from + i).store(to + i)
            i &+= V.width
        }
        from += step
        to += stride
    }
}
