import CGanShims

// What a tile does beside its sums. Multiply-adds fill the two units that can multiply and leave everything else of the
// processor idle: loads, stores, shuffles, additions. So a tile stops after every few steps for a unit of work that would
// cost time of its own between tiles: a vector of the tile before it through an activation, or a few columns of the
// next panel of B turned round. A unit is small, for the sums keep the registers: what does not find one goes
// through memory, and storing a whole tile costs more than any such work saves.

public protocol WorkBeside {
    /// Units for one tile to do; `take` does one.
    var units: Int { get }
    mutating func take()
}

public struct NothingBeside: WorkBeside {
    @inlinable @inline(__always) public init() {}
    @inlinable @inline(__always) public var units: Int { 0 }
    @inlinable @inline(__always) public mutating func take() {}
}

/// Pairs of vectors side by side in rows: where the next vector is, and the one after it.
@frozen
public struct VectorPlaces {
    @usableFromInline var next: Int
    @usableFromInline var beside: Int
    @usableFromInline let stride: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, from first: Int, stride: Int) {
        next = first
        beside = first &+ V.width
        self.stride = stride
    }

    @inlinable @inline(__always)
    mutating func advance() -> Int {
        let place = next
        (next, beside) = (beside, place &+ stride)
        return place
    }
}

/// A tile two vectors wide whose sums are complete but not elements of C yet.
@frozen
public struct UnfinishedTile {
    @usableFromInline var sums: UnsafePointer<Float>
    @usableFromInline var row: Int
    /// 0 where there is none.
    @usableFromInline var rows: Int
    @usableFromInline var column: Int

    @inlinable @inline(__always)
    init(sums: UnsafePointer<Float>, row: Int, rows: Int, column: Int) {
        self.sums = sums
        self.row = row
        self.rows = rows
        self.column = column
    }

    @inlinable @inline(__always)
    static func none(_ anywhere: UnsafePointer<Float>) -> UnfinishedTile {
        UnfinishedTile(sums: anywhere, row: 0, rows: 0, column: 0)
    }
}

/// Finishes a tile of the layers that end with a sigmoid.
@frozen
public struct SigmoidBeside<V: FloatVector>: WorkBeside {
    public let units: Int
    @usableFromInline var sums: UnsafePointer<Float>
    @usableFromInline var bias: UnsafePointer<Float>
    @usableFromInline var otherBias: UnsafePointer<Float>
    @usableFromInline let c: UnsafeMutablePointer<Float>
    @usableFromInline var places: VectorPlaces

    @inlinable @inline(__always)
    init(_ t: UnsafePointer<MatrixProductArguments>, _ tile: UnfinishedTile) {
        units = 2 &* tile.rows
        sums = tile.sums
        bias = (t.pointee.bias ?? sums) + tile.column
        otherBias = bias + V.width
        c = t.pointee.c
        places = VectorPlaces(V.self, from: tile.row &* t.pointee.cRowStride &+ tile.column, stride: t.pointee.cRowStride)
    }

    @inlinable @inline(__always)
    public mutating func take() {
        (V.load(sums) + V.load(bias)).sigmoid().store(c + places.advance())
        sums += V.width
        (bias, otherBias) = (otherBias, bias)
    }
}

/// Packs the next panel of B, which is stored transposed, by a share with each tile: a unit is four steps of as many columns as a
/// vector has, and the one after it of those beside them.
@frozen
public struct TransposingBeside<V: FloatVector>: WorkBeside {
    @usableFromInline var left: Int
    @usableFromInline let share: Int
    @usableFromInline var from: UnsafePointer<Float>
    @usableFromInline var fromBeside: UnsafePointer<Float>
    @usableFromInline let stride: Int
    @usableFromInline var to: UnsafeMutablePointer<Float>
    @usableFromInline var toBeside: UnsafeMutablePointer<Float>

    /// `steps` steps of the panel that begins at `b`; 0 if there is none.
    @inlinable @inline(__always)
    init(_ b: UnsafePointer<Float>, stride: Int, steps: Int, to panel: UnsafeMutablePointer<Float>, tiles: Int) {
        left = steps / 2
        share = (left &+ tiles &- 1) / tiles
        self.stride = stride
        (from, fromBeside) = (b, b + V.width &* stride)
        (to, toBeside) = (panel, panel + V.width)
    }

    @inlinable @inline(__always)
    public var units: Int { min(share, left) }

    @inlinable @inline(__always)
    public mutating func take() {
        V.transposeFourColumns(from, stride: stride, to: to, columns: 2 &* V.width)
        (from, fromBeside) = (fromBeside, from + 4)
        (to, toBeside) = (toBeside, to + 8 &* V.width)
        left &-= 1
    }
}

/// Brings rows of the next tile of C closer, and of A that will be copied, a row at a time: they come from memory, and asked for at
/// once they would keep what the sums need waiting.
@frozen
public struct FetchingBeside: WorkBeside {
    public let units: Int
    @usableFromInline var row: UnsafePointer<Float>
    @usableFromInline let stride: Int
    @usableFromInline var copied: UnsafePointer<Float>
    @usableFromInline let copiedStride: Int

    @inlinable @inline(__always)
    init(_ next: NextShare) {
        units = next.cRows
        row = next.c
        stride = next.cStride
        copied = next.copied
        copiedStride = next.copiedStride
    }

    @inlinable @inline(__always)
    public mutating func take() {
        gan_prefetch_second_level(row)
        gan_prefetch_second_level(row + 16)
        row += stride
        gan_prefetch_second_level(copied)
        gan_prefetch_second_level(copied + 16)
        copied += copiedStride
    }
}
