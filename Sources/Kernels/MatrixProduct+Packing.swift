import CGanShims

// Packing: copying a part of an operand to a small contiguous buffer in the order in which the micro-kernel reads it,
// padded with zeros to whole vectors.

/// Packs `inner` × `columns` of B, row-major with row stride `stride`, to rows of `panelWidth` floats.
@inlinable @inline(never)
func packRows<V: FloatVector>(
    _ vector: V.Type, _ b: UnsafePointer<Float>, stride: Int, inner: Int, columns: Int,
    to panel: UnsafeMutablePointer<Float>, panelWidth: Int
) {
    var from = b
    var to = panel
    if columns == 2 &* V.width && panelWidth == columns {
        for _ in 0..<inner {
            let left = V.load(from)
            let right = V.load(from + V.width)
            left.store(to)
            right.store(to + V.width)
            from += stride
            to += panelWidth
        }
        return
    }
    for _ in 0..<inner {
        var j = 0
        while j < panelWidth {
            let count = columns &- j
            let lanes = count >= V.width ? V.load(from + j) : count > 0 ? V.load(from + j, count: count) : .zero
            lanes.store(to + j)
            j &+= V.width
        }
        from += stride
        to += panelWidth
    }
}

/// Packs the same panel from B stored transposed: column j of B is contiguous, `stride` after column j − 1.
@inlinable @inline(never)
func packColumns<V: FloatVector>(
    _ vector: V.Type, _ b: UnsafePointer<Float>, stride: Int, inner: Int, columns: Int,
    to panel: UnsafeMutablePointer<Float>, panelWidth: Int
) {
    var j = 0
    while j < panelWidth {
        let count = min(columns &- j, V.width)
        let from = b + j &* stride
        let to = panel + j
        if count <= 0 {
            for p in 0..<inner { V.zero.store(to + p &* panelWidth) }
        } else if inner >= V.width {
            var p = 0
            while p < inner {
                // The last block may overlap the one before it: it writes the same values once more.
                let start = min(p, inner &- V.width)
                if count == V.width {
                    V.transpose(from + start, stride: stride, rows: V.width, to: to + start &* panelWidth, columns: panelWidth)
                } else {
                    V.transpose(from + start, stride: stride, rows: count, to: to + start &* panelWidth, columns: panelWidth)
                }
                p &+= V.width
            }
        } else {
            for p in 0..<inner { V.zero.store(to + p &* panelWidth) }
            var column = 0
            while column < count {
                let source = from + column &* stride
                for p in 0..<inner { to[p &* panelWidth &+ column] = source[p] }
                column &+= 1
            }
        }
        j &+= V.width
    }
}

/// Copies `lines` contiguous lines of `length` floats each.
@inlinable @inline(never)
func copyLines<V: FloatVector>(
    _ vector: V.Type, _ from: UnsafePointer<Float>, stride: Int, lines: Int, length: Int,
    to: UnsafeMutablePointer<Float>, toStride: Int
) {
    var source = from
    var target = to
    let whole = length / V.width &* V.width
    for _ in 0..<lines {
        var i = 0
        while i < whole {
            // The processor's own prefetching begins anew with each line.
            gan_prefetch_second_level(source + (2 &* stride &+ i))
            V.load(source + i).store(target + i)
            i &+= V.width
        }
        if whole < length { V.load(source + whole, count: length &- whole).store(target + whole, count: length &- whole) }
        source += stride
        target += toStride
    }
}

/// How a block of A whose rows lie side by side is packed: one contiguous panel for each tile of at most `rows` rows, with `step`
/// floats from one step to the next. What is stored of a step may reach beyond it, so panels have a gap between them.
@frozen
public struct PackedTiles {
    @usableFromInline let rows: Int
    @usableFromInline let step: Int
    /// From panel to panel.
    @usableFromInline let size: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, rows: Int, inner: Int) {
        self.rows = rows
        let unit = min(V.width, 8)
        step = (rows &+ unit &- 1) / unit &* unit
        size = inner &* step &+ (step % V.width == 0 ? 0 : V.width)
    }
}

/// Packs `inner` steps of `rows` rows. Of each step of A `available` floats may be read, `rows` or, where the last row is to be
/// filled in afterwards, one less.
@inlinable @inline(never)
func packTiles<V: FloatVector>(
    _ vector: V.Type, _ from: UnsafePointer<Float>, stride: Int, inner: Int, rows: Int, available: Int,
    to: UnsafeMutablePointer<Float>, _ packed: PackedTiles
) {
    let tiles = TileHeights(rows: rows, limit: packed.rows)
    var tile = 0
    while tile < tiles.count {
        let start = tiles.start(tile)
        let target = to + tile &* packed.size
        if tile &+ 4 <= tiles.count && tiles.height(tile) <= V.width && tiles.start(tile &+ 3) &+ V.width <= available {
            // Four at a time: what they read of a step lies in the same lines, and on the same page.
            var source = from + start
            var step = target
            let (second, third) = (tiles.start(tile &+ 1) &- start, tiles.start(tile &+ 2) &- start)
            let fourth = tiles.start(tile &+ 3) &- start
            for _ in 0..<inner {
                V.load(source).store(step)
                V.load(source + second).store(step + packed.size)
                V.load(source + third).store(step + 2 &* packed.size)
                V.load(source + fourth).store(step + 3 &* packed.size)
                source += stride
                step += packed.step
            }
            tile &+= 4
            continue
        }
        packTile(
            V.self, from + start, stride: stride, inner: inner, rows: tiles.height(tile), available: available &- start, to: target,
            packed.step)
        tile &+= 1
    }
}

@inlinable @inline(__always)
func packTile<V: FloatVector>(
    _ vector: V.Type, _ from: UnsafePointer<Float>, stride: Int, inner: Int, rows: Int, available: Int,
    to: UnsafeMutablePointer<Float>, _ packedStep: Int
) {
    var (source, step) = (from, to)
    let height = min(rows, available)
    for _ in 0..<inner {
        if height > V.width {
            var j = 0
            while j &+ V.width <= height {
                V.load(source + j).store(step + j)
                j &+= V.width
            }
            if j < height { V.load(source + (height &- V.width)).store(step + (height &- V.width)) }
        } else if available >= V.width {
            V.load(source).store(step)
        } else {
            V.load(source, count: height).store(step, count: height)
        }
        source += stride
        step += packedStep
    }
}

/// Rows cut into tiles of even height, so that the last tile is as efficient as the others.
@frozen
public struct TileHeights {
    @usableFromInline let count: Int
    @usableFromInline let least: Int
    @usableFromInline let taller: Int

    @inlinable @inline(__always)
    init(rows: Int, limit: Int) {
        count = (rows &+ limit &- 1) / limit
        least = rows / count
        taller = rows &- least &* count
    }

    @inlinable @inline(__always)
    func height(_ tile: Int) -> Int { tile < taller ? least &+ 1 : least }

    @inlinable @inline(__always)
    func start(_ tile: Int) -> Int { tile &* least &+ min(tile, taller) }
}
