// What a tile is given: its operands, and what it does for others in slots that its multiply-adds leave free.

/// What one call of the micro-kernel works on. A has one unit stride; B and the output are rows of whole vectors.
@frozen
public struct TileArguments {
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline var aRowStride: Int
    @usableFromInline var aInnerStride: Int
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline var bStride: Int
    @usableFromInline var inner: Int
    @usableFromInline var sums: UnsafeMutablePointer<Float>
    @usableFromInline var sumsStride: Int
    /// The partial sums of the inner dimension so far, where there are any.
    @usableFromInline var start: UnsafePointer<Float>?
    @usableFromInline var startStride: Int
    /// What to bring into the second-level cache with each step: what will be packed next.
    @usableFromInline var ahead: UnsafePointer<Float>
    @usableFromInline var aheadStride: Int
    /// How far from there the second tile's fetches begin; 0 where only the first has any.
    @usableFromInline var aheadNext: Int
    /// The tiles of a run, one below the other and of the same height, and how far apart the operands of two tiles are.
    @usableFromInline var tiles = 1
    @usableFromInline var aNext = 0
    @usableFromInline var sumsNext = 0
    /// The next panel's share that is packed during the first steps of a tile, and the rows of C that are brought closer
    /// meanwhile.
    @usableFromInline var next: NextShare
    /// What a tile that claims brings into the first-level cache.
    @usableFromInline var state: TileState
    /// Where given, the `inner` steps to take.
    @usableFromInline var kept: UnsafePointer<Int32>? = nil

    @inlinable @inline(__always)
    init(
        a: UnsafePointer<Float>, aRowStride: Int, aInnerStride: Int, b: UnsafePointer<Float>, bStride: Int, inner: Int,
        sums: UnsafeMutablePointer<Float>, sumsStride: Int, start: UnsafePointer<Float>?, startStride: Int,
        ahead: UnsafePointer<Float>, aheadStride: Int, aheadNext: Int = 0, next: NextShare
    ) {
        self.a = a
        self.aRowStride = aRowStride
        self.aInnerStride = aInnerStride
        self.b = b
        self.bStride = bStride
        self.inner = inner
        self.sums = sums
        self.sumsStride = sumsStride
        self.start = start
        self.startStride = startStride
        self.ahead = ahead
        self.aheadStride = aheadStride
        self.aheadNext = aheadNext
        self.next = next
        self.state = TileState(b, b, b, stride: 0)
    }

    /// Goes on to the next tile of A, and where the run has one more, to that of C.
    @inlinable @inline(__always)
    mutating func goesOn() -> Bool {
        a += aNext
        if aheadNext > 0 {
            ahead += aheadNext
            aheadNext = 0
        } else {
            ahead = b
            aheadStride = 0
        }
        tiles &-= 1
        if tiles == 0 { return false }
        sums += sumsNext
        return true
    }
}

/// Three arrays of the same shape as C, where a tile of them begins.
@frozen
public struct TileState {
    @usableFromInline var first: UnsafePointer<Float>
    @usableFromInline var second: UnsafePointer<Float>
    @usableFromInline var third: UnsafePointer<Float>
    @usableFromInline var stride: Int

    @inlinable @inline(__always)
    init(_ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ third: UnsafePointer<Float>, stride: Int) {
        self.first = first
        self.second = second
        self.third = third
        self.stride = stride
    }
}

/// What a tile does for those that follow it, in slots that its multiply-adds leave free.
@frozen
public struct NextShare {
    /// Rows of B that the tile before has brought closer, packed to `panel` in the first `rows` steps.
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline var bStride: Int
    @usableFromInline var rows: Int
    @usableFromInline var panel: UnsafeMutablePointer<Float>
    /// The next tile of C, of which `cRows` rows are brought closer.
    @usableFromInline var c: UnsafePointer<Float>
    @usableFromInline var cStride: Int
    @usableFromInline var cRows: Int
    /// As many rows of A, which will be copied before the next block is multiplied: two lines of each come closer with C's.
    @usableFromInline var copied: UnsafePointer<Float>
    @usableFromInline var copiedStride: Int
    /// After that the rows of B that the next tile will pack.
    @usableFromInline var later: UnsafePointer<Float>
    @usableFromInline var laterRows: Int
    /// Where the next tile's A begins, which comes into the first-level cache at last, and with it the beginning of B and the
    /// next tile of C.
    @usableFromInline var a: UnsafePointer<Float>

    @inlinable @inline(__always)
    init(
        b: UnsafePointer<Float>, bStride: Int, rows: Int, panel: UnsafeMutablePointer<Float>,
        c: UnsafePointer<Float>, cStride: Int, cRows: Int, later: UnsafePointer<Float>, laterRows: Int,
        a: UnsafePointer<Float>
    ) {
        self.b = b
        self.bStride = bStride
        self.rows = rows
        self.panel = panel
        self.c = c
        self.cStride = cStride
        self.cRows = cRows
        copied = c
        copiedStride = 0
        self.later = later
        self.laterRows = laterRows
        self.a = a
    }

    /// For tiles that nothing follows.
    @inlinable @inline(__always)
    static func nothing(_ anywhere: UnsafeMutablePointer<Float>) -> NextShare {
        NextShare(
            b: anywhere, bStride: 0, rows: 0, panel: anywhere, c: anywhere, cStride: 0, cRows: 0, later: anywhere, laterRows: 0,
            a: anywhere)
    }
}
