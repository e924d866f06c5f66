import Base
import CGanShims
import Kernels

/// The weights of a network that images are drawn with, each packed once (`MatrixProductArguments.packedB`) for all products.
///
/// The page of memory that a line is on decides which set of the second-level cache can hold it, and which pages a process is given
/// is chance. Where weights nearly fill the cache, some of its sets have more lines than ways then, and others ways without
/// lines: a row times 256 × 784 weights ran at 100 to 125 GFLOP/s on different places in 1 MiB of cache, and always alike on the
/// same one. So several places are tried, and the fastest is kept. No value depends on it.
public struct RowWeights {
    private let kernels: KernelTable
    /// The members of the team that shares the columns, each with a cache of its own.
    private let parts: Int
    /// Those that were packed until now, which want to be in the cache at the same time.
    private var packed: [SingleRow] = []
    private var bytes = 0

    public init(kernels: KernelTable, parts: Int) {
        self.kernels = kernels
        self.parts = max(parts, 1)
    }

    /// Packs the B of a product, stored row by row.
    public mutating func pack(_ product: MatrixProductArguments) throws(GanError) -> AlignedBuffer<Float> {
        var product = product
        let count = MatrixProductArguments.packedCount(inner: product.inner, columns: product.columns)
        bytes += count / parts * MemoryLayout<Float>.size
        let cache = gan_second_level_cache()
        var row = try SingleRow(product, kernels)
        var best: AlignedBuffer<Float>?
        if bytes > cache / 2 && bytes <= cache {
            let others = packed
            // Where memory is too short for several places, one will do.
            best = try? AlignedBuffer(count: count, onBestOf: 4, for: "packed weights") { pages in
                row.product.packedB = UnsafePointer(pages)
                return Self.time(others + [row], kernels)
            }
        }
        let place: AlignedBuffer<Float>
        if let best { place = best } else { place = try AlignedBuffer(count: count, for: "packed weights") }
        kernels.packing(&product, place.pointer)
        row.product.packedB = UnsafePointer(place.pointer)
        row.place = place
        packed.append(row)
        return place
    }

    /// Nanoseconds there and back through all weights, undisturbed and from the cache.
    private static func time(_ rows: [SingleRow], _ kernels: KernelTable) -> UInt64 {
        var least = UInt64.max
        for _ in 0..<4 {
            let start = gan_nanoseconds()
            for walksBackwards in [false, true] {
                for var row in rows {
                    row.product.walksBackwards = walksBackwards
                    kernels.matrixProduct(&row.product, 0, 1, row.workspace)
                }
            }
            least = min(least, gan_nanoseconds() &- start)
        }
        return least
    }
}

/// A product of one row, to measure how fast weights come.
private struct SingleRow {
    var product: MatrixProductArguments
    let workspace: UnsafeMutablePointer<Float>
    /// Kept for as long as the row is walked through.
    var place: AlignedBuffer<Float>?
    private let memory: AlignedBuffer<Float>

    init(_ shape: MatrixProductArguments, _ kernels: KernelTable) throws(GanError) {
        product = MatrixProductArguments(
            rows: 1, columns: shape.columns, inner: shape.inner, a: shape.a, aRowStride: shape.inner, aInnerStride: 1,
            b: shape.b, bInnerStride: shape.bInnerStride, bColumnStride: 1, c: shape.c, cRowStride: shape.columns)
        // The row, the result, and scratch memory: few numbers beside the weights, which lie in memory.
        let (row, result) = ((shape.inner + 15) / 16 * 16, (shape.columns + 15) / 16 * 16)
        memory = try AlignedBuffer(count: row + result + kernels.matrixProductWorkspace(&product), for: "scratch memory")
        product.a = UnsafePointer(memory.pointer)
        product.c = memory.pointer + row
        workspace = memory.pointer + (row + result)
    }
}
