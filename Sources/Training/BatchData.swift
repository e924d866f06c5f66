// Brings the items of a batch to where a step reads them: pictures by the team, labels by the calling thread.

import Base
import Data
import Graph
import Kernels
import Networks
import Plan
import Recipes

final class BatchData {
    private let dataset: Dataset
    private let range: (low: Float, high: Float)
    private var images: UnsafeMutablePointer<Float>?
    private var labels: UnsafeMutablePointer<Float>?
    private var fill: BatchFill?

    /// - Parameter place: Where the buffer of a field is, of the graph that reads it.
    init(
        _ dataset: Dataset, order: BatchOrder, fields: [Port], range: (low: Float, high: Float), kernels: KernelTable,
        place: (String) -> UnsafeMutablePointer<Float>?
    ) throws(GanError) {
        self.dataset = dataset
        self.range = range
        for field in fields {
            guard let pointer = place(StepBuilder.buffer(of: field.name)) else { continue }
            switch field.name {
            case Field.image:
                guard field.shape == dataset.shape.axes else {
                    throw GanError(.internalError, "The step reads images of \(field.shape), and the dataset's are \(dataset.shape).")
                }
                images = pointer
                fill = BatchFill(dataset, order: order, into: pointer, low: range.low, high: range.high, kernels: kernels)
            case Field.label where dataset.labels != nil: labels = pointer
            default: throw GanError(.internalError, "The step reads the field '\(field.name)', which the dataset does not have.")
            }
        }
    }

    /// Fills the batch with the items `rows`; what is returned is to be done before the step, by the team.
    func fill(rows: UnsafeBufferPointer<Int>) throws(GanError) -> Executor.Prologue? {
        if let labels, let all = dataset.labels {
            for (place, row) in rows.enumerated() { labels[place] = Float(all[row]) }
        }
        guard let images else { return nil }
        if let fill { return fill.prologue(rows) }
        try dataset.copyBatch(rows: rows, into: images, rangeLow: range.low, rangeHigh: range.high)
        return nil
    }
}
