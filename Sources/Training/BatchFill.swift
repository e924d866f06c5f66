// Filling a batch with values that are bytes in memory, by the whole team: rows are shared, and each is scaled by the
// vector kernel. What other columns deliver is filled by the calling thread (`Column.copyBatch`).

import CGanShims
import Compute
import Data
import Kernels
import Plan

final class BatchFill {
    /// A column of bytes, or of patches of such, and where its rows go.
    struct Field {
        let column: Column
        let bytes: UnsafePointer<UInt8>?
        let patches: Patches?
        let order: Int
        let batch: UnsafeMutablePointer<Float>
        let low: Float
        let high: Float
    }

    private struct Work {
        /// Nil where there are patches.
        var bytes: UnsafePointer<UInt8>?
        var patches: Patches?
        /// Where those of the epoch are cut.
        var key: UInt64 = 0
        var rows: UnsafePointer<Int>
        var count: Int
        var elements: Int
        var batch: UnsafeMutablePointer<Float>
        var scale: Float
        var offset: Float
        var scaleBytes: KernelTable.ScaleBytesKernel
        /// Whether another one follows in memory.
        var isLast: Bool
    }

    private let work: UnsafeMutablePointer<Work>
    private let fields: [Field]
    private let orders: [BatchOrder]
    private let seed: UInt64

    init(_ fields: [Field], orders: [BatchOrder], seed: UInt64, kernels: KernelTable) {
        self.fields = fields
        self.orders = orders
        self.seed = seed
        work = .allocate(capacity: max(fields.count, 1))
        for (index, field) in fields.enumerated() {
            let (scale, offset) = field.column.range.affine(low: field.low, high: field.high)
            let rows = orders[field.order].rows(step: 0)
            // A batch has one row at least.
            guard let first = rows.baseAddress else { continue }
            (work + index).initialize(
                to: Work(
                    bytes: field.bytes, patches: field.patches, rows: first, count: rows.count, elements: field.column.elements, batch: field.batch, scale: scale,
                    offset: offset, scaleBytes: kernels.scaleBytes, isLast: index == fields.count - 1))
        }
    }

    deinit { work.deallocate() }

    /// The work of filling the batch of a step, or one of so many parts of it; nil where there is none.
    func prologue(step: Int64, part: Int, of parts: Int) -> Executor.Prologue? {
        if fields.isEmpty { return nil }
        for (index, field) in fields.enumerated() {
            let rows = orders[field.order].rows(step: step, part: part, of: parts)
            guard let first = rows.baseAddress else { return nil }
            work[index].rows = first
            work[index].count = rows.count
            if field.patches != nil { work[index].key = Patches.key(seed: seed, epoch: orders[field.order].epoch(ofStep: step)) }
        }
        return Executor.Prologue(
            { context, part, parts in
                var work = context.assumingMemoryBound(to: Work.self)
                while true {
                    let count = work.pointee.count
                    let (elements, scale, offset) = (work.pointee.elements, work.pointee.scale, work.pointee.offset)
                    let end = count * (Int(part) + 1) / Int(parts)
                    let begin = count * Int(part) / Int(parts)
                    if let patches = work.pointee.patches {
                        let across = patches.width * patches.channels
                        for place in begin..<end {
                            let (start, stride) = patches.place(of: work.pointee.rows[place], key: work.pointee.key)
                            for y in 0..<patches.height {
                                work.pointee.scaleBytes(
                                    start + y * stride, work.pointee.batch + (place * elements + y * across), across, scale, offset)
                            }
                        }
                    }
                    for place in begin..<end {
                        guard let bytes = work.pointee.bytes else { break }
                        // Images lie anywhere in memory: a few ahead are on their way while this one is scaled.
                        let next = bytes + work.pointee.rows[min(place + 3, end - 1)] * elements
                        for line in 0..<(elements + 63) / 64 { gan_prefetch(next + line * 64) }
                        // And the batch is far away by now: the next row of it too.
                        let target = work.pointee.batch + min(place + 1, end - 1) * elements
                        for line in 0..<elements / 16 { gan_prefetch_write(target + line * 16) }
                        work.pointee.scaleBytes(
                            bytes + work.pointee.rows[place] * elements, work.pointee.batch + place * elements, elements, scale,
                            offset)
                    }
                    if work.pointee.isLast { break }
                    work += 1
                }
            }, UnsafeRawPointer(work))
    }
}
