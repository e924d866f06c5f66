import Base
import Data
import Graph
import Plan
import XCTest

import Training

/// A dataset of small made-up pictures: a bright bar whose place depends on the item, and with `classes` a label that does too.
func bars(count: Int = 60, side: Int = 6, classes: Int = 0, from first: Int = 0) throws -> Dataset {
    var pixels = [UInt8](repeating: 0, count: count * side * side)
    for item in 0..<count {
        for row in 0..<side { pixels[(item * side + row) * side + item % side] = UInt8(200 + item % 50) }
    }
    let shape = try ImageShape(height: side, width: side, channels: 1)
    let labels = (0..<count).map { Int32(($0 % side + first) % max(classes, 1)) }
    return try pixels.withUnsafeBufferPointer { buffer in
        try labels.withUnsafeBufferPointer { labels in
            try Dataset.fromBytes(
                XCTUnwrap(buffer.baseAddress), count: count, shape: shape, labels: classes > 0 ? labels.baseAddress : nil, classes: classes,
                ownership: .copy)
        }
    }
}

/// Clips of pictures with a bright bar that moves on by a step of the item's own.
func barClips(count: Int = 60, frames: Int = 7, side: Int = 8) throws -> Dataset {
    var bytes: [UInt8] = [0, 0, 8, 4]
    for axis in [count, frames, side, side] { bytes += [0, 0, UInt8(axis / 256), UInt8(axis % 256)] }
    for item in 0..<count {
        for frame in 0..<frames {
            for _ in 0..<side { bytes += (0..<side).map { $0 == (item + frame * (1 + item % 3)) % side ? UInt8(200 + item % 50) : UInt8(item % 9) } }
        }
    }
    let path = NSTemporaryDirectory() + "clips-\(UUID().uuidString).idx"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = DatasetOptions()
    options.items = .clips
    return try Dataset.open(path: path, options: options)
}

/// Volumes of 8³ voxels with a plate whose place and thickness depend on the item, and with `views` a picture of each.
func plates(count: Int = 60, views: Bool = false) throws -> Dataset {
    var voxels = [UInt8](repeating: 0, count: count * 512)
    var pixels = [UInt8](repeating: 0, count: count * 64)
    for item in 0..<count {
        for x in item % 5...item % 5 + item / 5 % 3 {
            for y in 0..<8 {
                for z in 0..<8 { voxels[item * 512 + (x * 8 + y) * 8 + z] = y < 2 + item % 6 ? 255 : 0 }
                pixels[item * 64 + y * 8 + x] = y < 2 + item % 6 ? 255 : 0
            }
        }
    }
    func file(_ axes: [Int], _ bytes: [UInt8], as items: DatasetOptions.Items) throws -> Dataset {
        let sizes = axes.flatMap { (axis: Int) -> [UInt8] in [0, 0, UInt8(axis / 256), UInt8(axis % 256)] }
        let head: [UInt8] = [0, 0, 8, UInt8(axes.count)] + sizes
        let path = NSTemporaryDirectory() + "plates-\(UUID().uuidString).idx"
        try Data(head + bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var options = DatasetOptions()
        options.items = items
        return try Dataset.open(path: path, options: options)
    }
    let volumes = try file([count, 8, 8, 8], voxels, as: .volumes)
    return views ? try Dataset.combine([(Field.view, file([count, 8, 8], pixels, as: .pictures)), (Field.volume, volumes)], isPaired: true) : volumes
}

/// Options of a GAN that trains in microseconds.
func smallOptions(_ settings: [(String, String)] = []) throws -> OptionValues {
    var options = OptionValues()
    // Recipes with networks of their own refuse what does nothing there.
    let recipe = settings.last { $0.0 == "recipe" }?.1 ?? "gan"
    let networks = [
        ("generator.hidden", "12"), ("discriminator.hidden", "10"), ("latent.size", "8"), ("generator.initial-deviation", "0.3"),
        ("discriminator.initial-deviation", "0.3"),
    ]
    for (name, value) in (RecipeList.all.first { $0.name == recipe }?.hasNetworksByOption == true ? networks : []) + [("batch-size", "20"), ("seed", "5")]
        + (["classifier", "autoencoder"].contains(recipe) ? [] : [("generator.learning-rate", "0.01")]) + settings {
        try options.set(name, text: value)
    }
    return options
}

/// Runs `steps` steps on the kernels, and the same graphs interpreted in Double from the same state, and compares every buffer.
func compareWithReference(
    _ settings: [(String, String)], data: Dataset, steps: Int, tolerance: Double, except: Set<String> = [], line: UInt = #line
) throws {
    let options = try smallOptions(settings + [("data.shuffle", "false")])
    let trainer = try Trainer(options: options, dataset: data)
    let recipe = try RecipeList.make(trainer.options, fields: data.fields)
    let batch = options.integer(.batchSize)
    let parts = options.integer(.accumulate)
    var buffers: [String: [Double]] = [:]
    let count = data.shape.elements
    // Rows of a table are drawn, under conditions.
    let orders = try data.batchOrders(batch: batch, seed: UInt64(options.integer(.seed)), shuffles: false, split: DataSplit(count: data.count, heldOut: 0, seed: 0))
    for index in 0..<steps {
        let step = try StepGraph(recipe, batch: batch, parts: parts, step: Int64(index))
        for node in step.pieces.flatMap(\.graph.nodes) {
            if case .buffer(let name) = node.operation, buffers[name] == nil, let values = trainer.values(of: name) {
                buffers[name] = values.map(Double.init)
            }
        }
        for schedule in step.schedules { buffers[schedule.buffer] = [Double(Float(schedule.value(Int64(index))))] }
        for network in step.optimised {
            var scalars = [Float](repeating: 0, count: network.optimiser.scalarCount)
            network.optimiser.writeScalars(step: network.cadence.count(after: Int64(index + 1)), to: &scalars)
            buffers[network.scalarBuffer] = scalars.map(Double.init)
        }
        for piece in step.pieces {
            let rows = piece.isRepeated ? batch / parts : batch
            for part in 0..<batch / rows {
                /// Each data set in its own order.
                func first(of count: Int) -> Int { index % (count / batch) * batch + part * rows }
                let (low, high) = recipe.pixelRange
                let start = first(of: data.count)
                if case .bytes(let bytes) = data.storage {
                    buffers[StepBuilder.buffer(of: data.columns[0].field.name)] = (start * count..<(start + rows) * count).map {
                        Double(low) + Double(bytes[$0]) / 255 * Double(high - low)
                    }
                } else {
                    var values = [Float](repeating: .nan, count: rows * count)
                    let items = Array(orders[0].rows(step: Int64(index))[part * rows..<(part + 1) * rows])
                    try items.withUnsafeBufferPointer { items in
                        try values.withUnsafeMutableBufferPointer {
                            try data.copyBatch(rows: items, into: XCTUnwrap($0.baseAddress), rangeLow: low, rangeHigh: high)
                        }
                    }
                    buffers[StepBuilder.buffer(of: Field.row)] = values.map(Double.init)
                    buffers[StepBuilder.buffer(of: Field.condition)] = orders[0].conditions(step: Int64(index)).dropFirst(part * rows).prefix(rows).map { Double($0) }
                }
                for column in data.columns.dropFirst() {
                    var values = [Float](repeating: .nan, count: rows * column.elements)
                    let start = first(of: column.count)
                    var range: (low: Float, high: Float) = (0, 1)
                    if case .values = column.field.kind { range = (low, high) }
                    try Array(start..<start + rows).withUnsafeBufferPointer { items in
                        try values.withUnsafeMutableBufferPointer {
                            try column.copyBatch(rows: items, into: XCTUnwrap($0.baseAddress), rangeLow: range.low, rangeHigh: range.high)
                        }
                    }
                    buffers[StepBuilder.buffer(of: column.field.name)] = values.map(Double.init)
                }
                var reference = ReferenceInterpreter(graph: piece.graph)
                reference.seed = UInt64(options.integer(.seed))
                reference.buffers = buffers
                reference.firstRow = UInt64(index * batch + part * rows)
                let values = try reference.evaluate(piece.updates.map(\.value))
                for (update, value) in zip(piece.updates, values) { buffers[update.buffer] = value }
            }
        }
        try trainer.step(1)
        for update in step.pieces.flatMap(\.updates) where !except.contains(update.buffer) {
            let expected = try XCTUnwrap(buffers[update.buffer])
            let actual = try XCTUnwrap(trainer.values(of: update.buffer))
            let scale = expected.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
            for (a, e) in zip(actual, expected) where !(a.isNaN && e.isNaN) {
                let far = !(abs(Double(a) - e) <= tolerance * max(scale, 1e-6))
                XCTAssertFalse(far, "\(update.buffer) is \(a) instead of \(e) after step \(index + 1) with \(settings)", line: line)
                if far { return }
            }
        }
    }
}
