// Looking at a training: rows of pictures of some items of the data, and of what the networks make of them by now. Nothing of the
// training changes.

import Base
import Data
import Graph
import Networks
import Plan
import Recipes

extension Trainer {
    /// So many rows are made at a time.
    private static let previewTurn = 4

    /// What previews need of the trainer; nil for a recipe that draws its samples without data.
    private func previewGraph(items: Int) throws(GanError) -> PreviewGraph? { try PreviewGraph(recipe, items: items) }

    /// The size of a row of a preview.
    /// - Throws: `.mismatch` for a recipe without.
    public func previewShape() throws(GanError) -> ImageShape {
        guard let preview = try previewGraph(items: 1) else {
            throw GanError(
                .mismatch,
                "The recipe '\(options.choice(.recipe))' makes nothing of the data's items that could stand beside them; a sampler draws what it has learnt.")
        }
        return try ImageShape(height: preview.rows.shape[1], width: preview.rows.shape[2], channels: preview.rows.shape[3])
    }

    /// Rows `first` … `first + count − 1` of the preview as bytes, [count] + `previewShape()`. Which items they show is a function of the
    /// training's seed, so the same rows show the same items at every time.
    public func preview(first: Int64, count: Int, into pixels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        try checkEverything()
        if count == 0 { return }
        let turn = min(count, Self.previewTurn)
        guard let preview = try previewGraph(items: turn) else { return }
        let inputs = preview.fields.map { StepBuilder.buffer(of: $0.name) }
        let plan = try Planner.plan([Update(Self.previewBuffer, preview.rows)], of: preview.graph, inputs: Set(inputs))
        try AvailableMemory.check(plan.memoryCount * MemoryLayout<Float>.stride, for: "Looking at what this training makes")
        var buffers: [String: AlignedBuffer<Float>] = [:]
        for (name, shape) in plan.buffers {
            if name == Self.previewBuffer || inputs.contains(name) {
                buffers[name] = try AlignedBuffer(count: Sizes.product(shape, of: "a preview"), for: "a preview")
            } else {
                // As samples are drawn: by the moving average, where there is one.
                buffers[name] = store.buffers[StepBuilder.average(of: name)] ?? store.buffers[name]
            }
        }
        guard let made = buffers[Self.previewBuffer] else { throw GanError(.internalError, "A preview without a place.") }
        let executor = try Executor(plan, buffers: buffers, kernels: kernels, pool: pool)
        let (low, high) = recipe.pixelRange
        let items = try AlignedBuffer<Int>(count: turn, for: "a preview")
        let elements = preview.rows.elementCount / turn
        var place = 0
        while place < count {
            let row = first &+ Int64(place)
            for (field, name) in zip(preview.fields, inputs) {
                guard let values = executor.inputs[name] ?? buffers[name]?.pointer, let (column, order) = dataset.column(field.name) else { continue }
                for i in 0..<turn { items.pointer[i] = dataset.item(seed: seed, number: row &+ Int64(i), order: order) }
                try column.copyBatch(rows: UnsafeBufferPointer(items.buffer), into: values, rangeLow: low, rangeHigh: high)
            }
            executor.run(seed: seed, firstRow: UInt64(bitPattern: row))
            let some = min(turn, count - place)
            let scale = 255 / (high - low)
            kernels.quantize(made.pointer, pixels + place * elements, some * elements, scale, -low * scale)
            place += some
        }
        withExtendedLifetime((buffers, items)) {}
    }

    private static let previewBuffer = "preview"
}
