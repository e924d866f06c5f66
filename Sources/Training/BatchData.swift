// Brings the items of a batch to where a step reads them: bytes by the team, the rest by the calling thread.

import Base
import Data
import Graph
import Kernels
import Networks
import Plan
import Recipes

final class BatchData {
    /// A field that the calling thread fills.
    private struct Own {
        let column: Column
        let order: Int
        let place: UnsafeMutablePointer<Float>
        let low: Float
        let high: Float
    }

    private let orders: [BatchOrder]
    /// Where the conditions go that rows of a table were drawn under.
    private var conditions: UnsafeMutablePointer<Float>?
    private var own: [Own] = []
    private let fill: BatchFill

    /// - Parameters:
    ///   - orders: of the dataset's, by their numbers.
    ///   - seed: What decides where patches are cut.
    ///   - range: What black and white are to the networks.
    ///   - place: Where the buffer of a field is, of the graph that reads it.
    init(
        _ dataset: Dataset, orders: [BatchOrder], fields: [Port], seed: UInt64, range: (low: Float, high: Float), kernels: KernelTable,
        place: (String) -> UnsafeMutablePointer<Float>?
    ) throws(GanError) {
        self.orders = orders
        var shared: [BatchFill.Field] = []
        for field in fields {
            guard let pointer = place(StepBuilder.buffer(of: field.name)) else { continue }
            if field.name == Field.condition, orders[0].drawsConditions {
                conditions = pointer
                continue
            }
            guard let (column, order) = dataset.column(field.name), orders.indices.contains(order) else {
                throw GanError(.internalError, "The step reads the field '\(field.name)', which the dataset does not have.")
            }
            guard field.shape.reduce(1, *) == column.elements else {
                throw GanError(.internalError, "The step reads '\(field.name)' of \(field.shape), and the dataset has \(column.field.axes).")
            }
            var (low, high): (Float, Float) = (0, 1)
            if case .values = column.field.kind { (low, high) = range }
            if case .bytes(let bytes) = column.storage, case .values = column.field.kind {
                shared.append(BatchFill.Field(column: column, bytes: bytes, patches: nil, order: order, batch: pointer, low: low, high: high))
            } else if case .patches(let patches) = column.storage {
                shared.append(BatchFill.Field(column: column, bytes: nil, patches: patches, order: order, batch: pointer, low: low, high: high))
            } else {
                own.append(Own(column: column, order: order, place: pointer, low: low, high: high))
            }
        }
        fill = BatchFill(shared, orders: orders, seed: seed, kernels: kernels)
    }

    /// Fills the batch of a step, or one of so many parts of it; what is returned is to be done before the step, by the team.
    func fill(step: Int64, part: Int, of parts: Int) throws(GanError) -> Executor.Prologue? {
        if let conditions {
            let all = orders[0].conditions(step: step)
            let count = all.count / max(parts, 1)
            for place in 0..<count { conditions[place] = Float(all[part * count + place]) }
        }
        for field in own {
            let rows = orders[field.order].rows(step: step, part: part, of: parts)
            try field.column.copyBatch(rows: rows, into: field.place, rangeLow: field.low, rangeHigh: field.high)
        }
        return fill.prologue(step: step, part: part, of: parts)
    }
}

extension BatchOrder {
    /// One of so many parts of the batch at a step.
    func rows(step: Int64, part: Int, of parts: Int) -> UnsafeBufferPointer<Int> {
        let all = rows(step: step)
        let count = all.count / max(parts, 1)
        return UnsafeBufferPointer(rebasing: all[part * count..<(part + 1) * count])
    }
}
