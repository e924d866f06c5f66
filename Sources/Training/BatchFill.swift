// Filling a batch with images that are bytes in memory, by the whole team: rows are shared, and each is scaled by the
// vector kernel. What other datasets deliver is filled by the calling thread (`Dataset.copyBatch`).

import CGanShims
import Compute
import Data
import Kernels
import Plan

final class BatchFill {
    private struct Work {
        var bytes: UnsafePointer<UInt8>
        var rows: UnsafePointer<Int>
        var count: Int
        var elements: Int
        var batch: UnsafeMutablePointer<Float>
        var scale: Float
        var offset: Float
        var scaleBytes: KernelTable.ScaleBytesKernel
    }

    private let work: UnsafeMutablePointer<Work>
    private let dataset: Dataset

    /// Nil where the dataset is not bytes in memory.
    init?(_ dataset: Dataset, order: BatchOrder, into batch: UnsafeMutablePointer<Float>, low: Float, high: Float, kernels: KernelTable) {
        guard case .bytes(let bytes) = dataset.storage, let rows = order.rows(step: 0).baseAddress else { return nil }
        let (scale, offset) = dataset.range.affine(low: low, high: high)
        self.dataset = dataset
        work = .allocate(capacity: 1)
        work.initialize(
            to: Work(
                bytes: bytes, rows: rows, count: order.batch, elements: dataset.shape.elements, batch: batch, scale: scale,
                offset: offset, scaleBytes: kernels.scaleBytes))
    }

    deinit {
        work.deinitialize(count: 1)
        work.deallocate()
    }

    /// The work of filling the batch with the items `rows`, which must stay until it is done.
    func prologue(_ rows: UnsafeBufferPointer<Int>) -> Executor.Prologue? {
        guard let first = rows.baseAddress else { return nil }
        work.pointee.rows = first
        work.pointee.count = rows.count
        return Executor.Prologue(
            { context, part, parts in
                let work = context.assumingMemoryBound(to: Work.self)
                let count = work.pointee.count
                let (elements, scale, offset) = (work.pointee.elements, work.pointee.scale, work.pointee.offset)
                let end = count * (Int(part) + 1) / Int(parts)
                for place in count * Int(part) / Int(parts)..<end {
                    // Images lie anywhere in memory: a few ahead are on their way while this one is scaled.
                    let next = work.pointee.bytes + work.pointee.rows[min(place + 3, end - 1)] * elements
                    for line in 0..<(elements + 63) / 64 { gan_prefetch(next + line * 64) }
                    // And the batch is far away by now: the next row of it too.
                    let target = work.pointee.batch + min(place + 1, end - 1) * elements
                    for line in 0..<elements / 16 { gan_prefetch_write(target + line * 16) }
                    work.pointee.scaleBytes(
                        work.pointee.bytes + work.pointee.rows[place] * elements, work.pointee.batch + place * elements, elements, scale,
                        offset)
                }
            }, UnsafeRawPointer(work))
    }
}
