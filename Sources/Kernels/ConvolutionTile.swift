// The micro-kernels of convolution: those of the matrix product (a tile of the result in registers, see
// MatrixProduct+Tile.swift) whose operands are found by short lists instead of constant strides, so that images are read
// where they lie.

/// `count` successive steps of the inner dimension: A from offset `a`, row by row of packed B from offset `b`.
@frozen
public struct InnerRun {
    @usableFromInline var a: Int
    @usableFromInline var b: Int
    @usableFromInline var count: Int

    @inlinable @inline(__always)
    init(a: Int, b: Int, count: Int) {
        self.a = a
        self.b = b
        self.count = count
    }
}

/// One step of the inner dimension: where its elements of A and of B begin.
@frozen
public struct InnerStep {
    @usableFromInline var a: Int
    @usableFromInline var b: Int

    @inlinable @inline(__always)
    init(a: Int, b: Int) {
        self.a = a
        self.b = b
    }
}

/// Operands of a tile whose rows of A are `aRowStride` apart and contiguous within each run.
@frozen
public struct RunTile {
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline var aRowStride: Int
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline var runs: UnsafePointer<InnerRun>
    @usableFromInline var runCount: Int
    @usableFromInline var sums: UnsafeMutablePointer<Float>
    @usableFromInline var sumsStride: Int

    @inlinable @inline(__always)
    init(
        a: UnsafePointer<Float>, aRowStride: Int, b: UnsafePointer<Float>, runs: UnsafePointer<InnerRun>, runCount: Int,
        sums: UnsafeMutablePointer<Float>, sumsStride: Int
    ) {
        self.a = a
        self.aRowStride = aRowStride
        self.b = b
        self.runs = runs
        self.runCount = runCount
        self.sums = sums
        self.sumsStride = sumsStride
    }
}

/// Operands of a tile whose rows of A lie side by side in each step.
@frozen
public struct StepTile {
    @usableFromInline var a: UnsafePointer<Float>
    @usableFromInline var b: UnsafePointer<Float>
    @usableFromInline var steps: UnsafePointer<InnerStep>
    @usableFromInline var count: Int
    @usableFromInline var sums: UnsafeMutablePointer<Float>
    @usableFromInline var sumsStride: Int
    /// Whether `sums` holds the sums so far.
    @usableFromInline var continues: Bool

    @inlinable @inline(__always)
    init(
        a: UnsafePointer<Float>, b: UnsafePointer<Float>, steps: UnsafePointer<InnerStep>, count: Int,
        sums: UnsafeMutablePointer<Float>, sumsStride: Int, continues: Bool
    ) {
        self.a = a
        self.b = b
        self.steps = steps
        self.count = count
        self.sums = sums
        self.sumsStride = sumsStride
        self.continues = continues
    }
}

/// Either kind of operands, so that one chooser of tile heights serves both.
public protocol TileOperands {
    func multiply<Rows: RowBlock>(_ rows: Rows.Type)
}

extension RunTile: TileOperands {
    @inlinable @inline(__always)
    public func multiply<Rows: RowBlock>(_ rows: Rows.Type) { multiplyRuns(rows, self) }
}

extension StepTile: TileOperands {
    @inlinable @inline(__always)
    public func multiply<Rows: RowBlock>(_ rows: Rows.Type) { multiplySteps(rows, self) }
}

@inlinable @inline(never)
func multiplyRuns<Rows: RowBlock>(_ rows: Rows.Type, _ t: RunTile) {
    var sums = Rows()
    let rowStride = t.aRowStride
    let bStride = Rows.Columns.vectors &* Rows.Columns.Vector.width
    var run = t.runs
    let end = run + t.runCount
    while run < end {
        var a = t.a + run.pointee.a
        var b = t.b + run.pointee.b &* bStride
        var steps = run.pointee.count
        while steps > 0 {
            sums.add(a, rowStride, times: Rows.Columns(loading: b))
            a += 1
            b += bStride
            steps &-= 1
        }
        run += 1
    }
    sums.store(t.sums, t.sumsStride)
}

@inlinable @inline(never)
func multiplySteps<Rows: RowBlock>(_ rows: Rows.Type, _ t: StepTile) {
    var sums = t.continues ? Rows(loading: t.sums, t.sumsStride) : Rows()
    var step = t.steps
    let end = step + t.count
    while step < end {
        sums.add(t.a + step.pointee.a, 1, times: Rows.Columns(loading: t.b + step.pointee.b))
        step += 1
    }
    sums.store(t.sums, t.sumsStride)
}

/// Chooses the micro-kernel: 1 ... `tileRows` rows of one or two vectors.
@inlinable @inline(__always)
func multiply<V: FloatVector, T: TileOperands>(_ vector: V.Type, rows: Int, vectors: Int, _ t: T) {
    if vectors == 1 {
        multiplyRows(OneVector<V>.self, rows: rows, t)
    } else {
        multiplyRows(TwoVectors<V>.self, rows: rows, t)
    }
}

@inlinable @inline(__always)
func multiplyRows<C: ColumnBlock, T: TileOperands>(_ columns: C.Type, rows: Int, _ t: T) {
    if C.Vector.tileRows > 6 {
        switch rows {
        case 7: return t.multiply(Rows7<C>.self)
        case 8: return t.multiply(Rows8<C>.self)
        case 9: return t.multiply(Rows9<C>.self)
        case 10: return t.multiply(Rows10<C>.self)
        case 11: return t.multiply(Rows11<C>.self)
        case 12: return t.multiply(Rows12<C>.self)
        case 13: return t.multiply(Rows13<C>.self)
        case 14 where C.Vector.tileRows > 13: return t.multiply(Rows14<C>.self)
        default: break
        }
    }
    switch rows {
    case 1: t.multiply(Rows1<C>.self)
    case 2: t.multiply(Rows2<C>.self)
    case 3: t.multiply(Rows3<C>.self)
    case 4: t.multiply(Rows4<C>.self)
    case 5: t.multiply(Rows5<C>.self)
    default: t.multiply(Rows6<C>.self)
    }
}
