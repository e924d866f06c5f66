// Leaving out what is multiplied by zero in the gradient of weights, (images)ᵀ · gradients. Images have blank areas: of handwritten
// digits four pixels in five are black. A tile is some neighbouring pixels, a step is one image; a step at which all pixels of a
// tile are zero adds nothing to its sums. Tiles of A are packed, and those steps are not packed along; the micro-kernel walks a
// list of those that are. Every element's sum is the same, in the same order, without summands that are zero; only what
// infinities and NaN of B would have made of a product with zero is not made.
//
// The other product of images, with weights, is in `MatrixProduct+Sparse.swift`.

/// The steps that each tile of a block of rows keeps.
@frozen
public struct KeptLists {
    @usableFromInline let steps: UnsafeMutablePointer<Int32>
    @usableFromInline let counts: UnsafeMutablePointer<Int32>
    /// From one tile's list to the next one's.
    @usableFromInline let stride: Int

    /// - Parameter memory: `floats(tiles:inner:)` of them.
    @inlinable @inline(__always)
    init(_ memory: UnsafeMutablePointer<Float>, tiles: Int, inner: Int) {
        stride = KeptLists.stride(inner)
        let words = UnsafeMutableRawPointer(memory).bindMemory(to: Int32.self, capacity: tiles &* (stride &+ 1))
        steps = words
        counts = words + tiles &* stride
    }

    /// A vector's length more than there are steps, which may be written.
    @inlinable @inline(__always) static func stride(_ inner: Int) -> Int { (inner &+ 31) & ~15 }
    @inlinable @inline(__always) static func floats(tiles: Int, inner: Int) -> Int { tiles &* (stride(inner) &+ 1) &+ 16 }

    @inlinable @inline(__always) func list(_ tile: Int) -> UnsafeMutablePointer<Int32> { steps + tile &* stride }

    /// How many steps the tile keeps, or nil where it takes all.
    @inlinable @inline(__always)
    func count(_ tile: Int) -> Int? {
        let count = Int(counts[tile])
        return count < 0 ? nil : count
    }

    /// Notes that a tile keeps the first `count` steps of its list, or all.
    @inlinable @inline(__always)
    func note(_ tile: Int, _ count: Int, of inner: Int) {
        counts[tile] = count == inner ? -1 : Int32(truncatingIfNeeded: count)
    }

    @inlinable @inline(__always)
    func noteAll(_ tile: Int) { counts[tile] = -1 }
}

/// A tile of A whose rows lie side by side, while the steps that it keeps are packed and listed.
@frozen
public struct KeptPanel<V: FloatVector> {
    @usableFromInline let source: UnsafePointer<Float>
    @usableFromInline let rows: Int
    @usableFromInline var step: UnsafeMutablePointer<Float>
    @usableFromInline let list: UnsafeMutablePointer<Int32>
    @usableFromInline let packedStep: Int
    @usableFromInline var kept = 0

    @inlinable @inline(__always)
    init(
        _ source: UnsafePointer<Float>, rows: Int, to: UnsafeMutablePointer<Float>, _ packedStep: Int, _ list: UnsafeMutablePointer<Int32>
    ) {
        self.source = source
        self.packedStep = packedStep
        self.rows = rows
        step = to
        self.list = list
    }

    /// Step `p`, of which a whole vector may be read. It is written in any case, and written over by the next one if it is not
    /// kept: there is no telling beforehand, and no guessing either.
    @inlinable @inline(__always)
    mutating func take(_ p: Int, at offset: Int) {
        let values = V.load(source + offset)
        values.store(step)
        list[kept] = Int32(truncatingIfNeeded: p)
        let isKept = values.hasNonZero(among: rows)
        kept &+= isKept
        step += isKept &* packedStep
    }
}

/// Packs four tiles at a time, for what they read of a step lies in the same lines, and on the same page.
@inlinable @inline(__always)
func packKeptSteps<V: FloatVector>(
    _ a: KeptPanel<V>, _ b: KeptPanel<V>, _ c: KeptPanel<V>, _ d: KeptPanel<V>, stride: Int, inner: Int
) -> (Int, Int, Int, Int) {
    var (a, b, c, d) = (a, b, c, d)
    var offset = 0
    for p in 0..<inner {
        a.take(p, at: offset)
        b.take(p, at: offset)
        c.take(p, at: offset)
        d.take(p, at: offset)
        offset &+= stride
    }
    return (a.kept, b.kept, c.kept, d.kept)
}

@inlinable @inline(__always)
func packKeptSteps<V: FloatVector>(_ panel: KeptPanel<V>, stride: Int, inner: Int) -> Int {
    var (panel, offset) = (panel, 0)
    for p in 0..<inner {
        panel.take(p, at: offset)
        offset &+= stride
    }
    return panel.kept
}
