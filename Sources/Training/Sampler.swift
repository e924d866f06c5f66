// Draws from a generator. Everything a draw needs is made beforehand: one plan for a batch of images, which is run on as
// many as are asked for, straight into the caller's memory (BatchExecutor). Since no kernel's result depends on the batch,
// neither does a sample.

import Base
import Compute
import Data
import Graph
import Kernels
import Networks
import Plan
import Recipes

public final class Sampler: @unchecked Sendable {
    public let generator: Generator
    private let kernels: KernelTable
    private let executor: BatchExecutor

    /// How many images are made at a time, unless their intermediate values then take more floats than the limit.
    private static let batch = 128
    private static let arenaLimit = 1 << 22

    /// Rows of an input that the caller has set: sample i is made of row i mod their count.
    private var given: [AlignedBuffer<Float>?]
    /// Rows of an input that nobody has set, where they are not drawn.
    private let defaults: [AlignedBuffer<Float>?]

    /// Rows of the condition that what is asked of a table's rows makes of it, where nobody has set it.
    var asked: AlignedBuffer<Float>?
    /// Where samples are rows of a table.
    let rowDrawing: RowDrawing?

    /// What takes specks out of volumes, where something does.
    private let pieces: VolumePieces?

    /// Latents within bounds, where there are some.
    private let truncated: TruncatedLatents?

    /// - Parameters:
    ///   - threads: 0 for all processors.
    ///   - truncation: The largest magnitude of a latent's numbers; 0 for any.
    ///   - smallestPiece: Pieces of a volume that are smaller beside its largest one are left out; 0 for none.
    public init(generator: Generator, threads: Int, truncation: Double = 0, smallestPiece: Double = 0) throws(GanError) {
        self.generator = generator
        pieces = try VolumePieces(generator.axes, share: smallestPiece)
        truncated = truncation > 0 ? try TruncatedLatents(limit: truncation, size: generator.latentSize, rows: Self.batch) : nil
        kernels = KernelTable.selected
        given = generator.sampling.inputs.map { _ in nil }
        defaults = try generator.sampling.inputs.map { (input) throws(GanError) in try Self.unset(input) }
        rowDrawing = try generator.schema.map { (schema) throws(GanError) in try RowDrawing(schema) }
        var network = try Self.plan(generator, Self.batch)
        if network.plan.arenaCount > Self.arenaLimit {
            network = try Self.plan(generator, max(1, Self.arenaLimit / (network.plan.arenaCount / Self.batch)))
        }
        let pool = ThreadPool(threads: threads == 0 ? ThreadPool.hardwareThreads : threads)
        let floats = network.plan.memoryCount + (pool.threads - 1) * network.plan.arenaCount
        try AvailableMemory.check(floats * MemoryLayout<Float>.stride, for: "Drawing from this generator")
        pool.start()
        executor = try BatchExecutor(network, buffers: generator.store.buffers, kernels: kernels, pool: pool)
    }

    private static func plan(_ generator: Generator, _ size: Int) throws(GanError) -> BatchPlan {
        let sampling = generator.sampling
        let graph = Graph()
        let results = try sampling.run(rows: size, in: graph).outputs
        var output = try results(sampling.output)
        guard output.elementCount == size * generator.imageShape.elements else {
            throw GanError(.internalError, "The network makes \(output.shape), and images are \(generator.imageShape).")
        }
        if let scaling = generator.scaling { output = try output * scaling.scale + scaling.offset }
        return try BatchPlan(
            [Update(sampling.output, output)], of: graph, inputs: sampling.inputs.map(\.name), rows: size)
    }

    /// What is read for an input that nobody has set, where it is not drawn: sample i is of class i mod classes, and has the tags of
    /// the i-th of the examples that the data gave.
    private static func unset(_ input: Sampling.Input) throws(GanError) -> AlignedBuffer<Float>? {
        let classes: Int
        switch input.kind {
        case .tags(let names, let examples):
            let rows = try AlignedBuffer<Float>(count: Sizes.product(max(examples.count, 1), names.count, of: "tags"), for: "tags")
            for (i, flag) in examples.joined().enumerated() where i < rows.count { rows.pointer[i] = Float(flag) }
            return rows
        case .text(let length, _, let examples):
            let rows = try AlignedBuffer<Float>(count: Sizes.product(max(examples.count, 1), length, of: "texts"), for: "texts")
            for (i, character) in examples.joined().enumerated() where i < rows.count { rows.pointer[i] = Float(character) }
            return rows
        case .label(let count, _), .category(let count): classes = count
        case .condition(let schema):
            let all = schema.usualConditions
            let rows = try AlignedBuffer<Float>(count: all.count, for: "conditions")
            for (i, condition) in all.enumerated() { rows.pointer[i] = Float(condition) }
            return rows
        case .latent, .code: return nil
        case .picture(_, let low, _):
            let row = try AlignedBuffer<Float>(count: input.width, for: "a picture")
            for i in 0..<input.width { row.pointer[i] = low }
            return row
        }
        let rows = try AlignedBuffer<Float>(count: classes, for: "classes")
        for i in 0..<classes { rows.pointer[i] = Float(i) }
        return rows
    }

    // MARK: Inputs

    /// What samples are made of, in the network's order.
    public var inputs: [Sampling.Input] { generator.sampling.inputs }

    /// Sets an input: sample i is made of row i mod their count. None: what it is without being set.
    ///
    /// - Throws: `.outOfRange` for a class or category that there is not, or a code outside −1 … 1.
    public func set(_ index: Int, rows: [Float]) throws(GanError) {
        guard inputs.indices.contains(index) else { throw GanError(.invalidArgument, "There is no input number \(index).") }
        if rows.isEmpty {
            given[index] = nil
            return
        }
        let input = inputs[index]
        switch input.kind {
        case .latent(let size, _):
            guard rows.count % size == 0, rows.allSatisfy(\.isFinite) else {
                throw GanError(.outOfRange, "The input '\(input.name)' takes rows of \(size) finite numbers.")
            }
        case .label(let classes, _), .category(let classes):
            if let wrong = rows.first(where: { !($0 >= 0 && $0 < Float(classes) && $0 == $0.rounded()) }) {
                throw GanError(
                    .outOfRange, "The input '\(input.name)' is one of the classes 0 to \(classes - 1), and not \(Text.format(Double(wrong))).")
            }
        case .condition(let schema):
            if let wrong = rows.first(where: { !($0 >= 0 && $0 < Float(schema.conditionCount) && $0 == $0.rounded()) }) {
                throw GanError(
                    .outOfRange, "The input '\(input.name)' is one of 0 to \(schema.conditionCount - 1), and not \(Text.format(Double(wrong))).")
            }
        case .picture(let axes, let low, let high):
            let sides = axes.map { String($0) }.joined(separator: "×")
            guard rows.count % input.width == 0, rows.allSatisfy({ $0 >= low && $0 <= high }) else {
                throw GanError(
                    .outOfRange,
                    "The input '\(input.name)' takes pictures of \(sides), \(input.width) values each, from \(Text.format(Double(low))) to \(Text.format(Double(high))).")
            }
        case .tags(let names, _):
            guard rows.count % names.count == 0, rows.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
                throw GanError(
                    .outOfRange, "The input '\(input.name)' takes rows of \(names.count) numbers from 0 to 1, one for each tag.")
            }
        case .text(let length, let characters, _):
            guard rows.count % length == 0, rows.allSatisfy({ $0 >= 0 && $0 < Float(characters.count + 2) && $0 == $0.rounded() }) else {
                throw GanError(
                    .outOfRange,
                    "The input '\(input.name)' takes rows of \(length) whole numbers from 0 to \(characters.count + 1): 0 for the end of the text, 1 for a character that the data have not.")
            }
        case .code:
            if let wrong = rows.first(where: { !($0 >= -1 && $0 <= 1) }) {
                throw GanError(.outOfRange, "The input '\(input.name)' is a number from -1 to 1, and not \(Text.format(Double(wrong))).")
            }
        }
        let buffer = try AlignedBuffer<Float>(count: rows.count, for: "an input")
        for (i, value) in rows.enumerated() { buffer.pointer[i] = value }
        given[index] = buffer
    }

    // MARK: Drawing

    /// How rows of the input are drawn, beginning with sample `first`.
    private func random(_ index: Int, seed: UInt64, first: Int64, count: Int, into rows: UnsafeMutablePointer<Float>) -> RandomArguments? {
        // The first input's stream is as old as the library; every other has one of its own.
        let stream = index == 0 ? RandomStream.sampledLatents : RandomStream.sampledInputs + UInt32(truncatingIfNeeded: index)
        let (size, isNormal): (Int, Bool)
        switch inputs[index].kind {
        case .latent(let numbers, let distribution): (size, isNormal) = (numbers, distribution == .normal)
        case .code: (size, isNormal) = (1, false)
        case .label, .category, .picture, .tags, .text, .condition: return nil
        }
        return RandomArguments(
            distribution: isNormal ? .normal : .uniform, seed: seed, stream: stream, firstRow: UInt64(bitPattern: first), rows: count,
            columns: size, y: rows, scale: isNormal ? 1 : 2, offset: isNormal ? 0 : -1)
    }

    /// The latents that samples `first` … are made of.
    public func latents(seed: UInt64, first: Int64, count: Int, into latents: UnsafeMutablePointer<Float>) {
        if let truncated {
            if let arguments = random(0, seed: seed, first: first, count: count, into: latents) { truncated.draw(arguments, kernels) }
            return
        }
        if var arguments = random(0, seed: seed, first: first, count: count, into: latents) { kernels.random(&arguments, 0, 1) }
    }

    /// Samples `first` … `first + count − 1` under `seed`, [count, height, width, channels] in the generator's range.
    public func draw(seed: UInt64, first: Int64, count: Int, into images: UnsafeMutablePointer<Float>) {
        let width = generator.imageShape.elements
        inTurns(first: first, count: count) { first, place, count in
            executor.outputs[0] = images + place * width
            executor.run(drawing(seed: seed, first: first, count: count))
        }
        cleanse(images, count)
    }

    /// The same samples as bytes.
    public func drawBytes(seed: UInt64, first: Int64, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        let width = generator.imageShape.elements
        inTurns(first: first, count: count) { first, place, count in
            executor.run(quantized(drawing(seed: seed, first: first, count: count), to: pixels + place * width))
        }
        cleanse(pixels, count)
    }

    /// All at once; or, where latents are drawn beforehand, as many at a time as there is room for.
    @inline(__always)
    private func inTurns(first: Int64, count: Int, _ draw: (_ first: Int64, _ place: Int, _ count: Int) -> Void) {
        guard truncated != nil else { return draw(first, 0, count) }
        var place = 0
        while place < count {
            let turn = min(Self.batch, count - place)
            draw(first + Int64(place), place, turn)
            place += turn
        }
    }

    /// The images of the caller's latents.
    public func decode(latents: UnsafePointer<Float>, count: Int, into images: UnsafeMutablePointer<Float>) {
        executor.outputs[0] = images
        executor.run(decoding(latents: latents, count: count))
        cleanse(images, count)
    }

    /// The images of the caller's latents as bytes.
    public func decodeBytes(latents: UnsafePointer<Float>, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        executor.run(quantized(decoding(latents: latents, count: count), to: pixels))
        cleanse(pixels, count)
    }

    private func cleanse(_ volumes: UnsafeMutablePointer<Float>, _ count: Int) {
        pieces?.leaveOut(of: volumes, count: count, level: (generator.low + generator.high) / 2, empty: generator.low)
    }

    private func cleanse(_ volumes: UnsafeMutablePointer<UInt8>, _ count: Int) {
        pieces?.leaveOut(of: volumes, count: count, level: 127, empty: 0)
    }

    private func drawing(seed: UInt64, first: Int64, count: Int) -> BatchExecutor.Run {
        for index in defaults.indices { bind(index, seed: seed, first: first, count: count) }
        var run = BatchExecutor.Run(count: count)
        run.seed = seed
        run.first = UInt64(bitPattern: first)
        return run
    }

    private func decoding(latents: UnsafePointer<Float>, count: Int) -> BatchExecutor.Run {
        for index in defaults.indices.dropFirst() { bind(index, seed: 0, first: 0, count: count) }
        executor.inputs[0].values = latents
        executor.inputs[0].rows = count
        executor.inputs[0].first = 0
        return BatchExecutor.Run(count: count)
    }

    /// Where the rows of an input come from, beginning with sample `first`.
    private func bind(_ index: Int, seed: UInt64, first: Int64, count: Int) {
        if let rows = given[index] ?? (inputs[index].name == Field.condition ? asked : nil) ?? defaults[index] {
            let width = inputs[index].width
            let all = rows.count / width
            executor.inputs[index].values = UnsafePointer(rows.pointer)
            executor.inputs[index].rows = all
            executor.inputs[index].first = Int(first % Int64(all))
        } else if index == 0, let truncated, let arguments = random(0, seed: seed, first: first, count: count, into: truncated.rows.pointer) {
            truncated.draw(arguments, kernels)
            executor.inputs[0].values = UnsafePointer(truncated.rows.pointer)
            executor.inputs[0].rows = count
            executor.inputs[0].first = 0
        } else {
            executor.inputs[index].values = nil
            executor.inputs[index].random = random(index, seed: seed, first: first, count: count, into: executor.memory(ofInput: index))
        }
    }

    /// With the images as bytes: black is 0 and white 255.
    private func quantized(_ run: BatchExecutor.Run, to pixels: UnsafeMutablePointer<UInt8>) -> BatchExecutor.Run {
        var run = run
        executor.outputs[0] = nil
        run.bytes = pixels
        run.scale = 255 / (generator.high - generator.low)
        run.offset = -generator.low * run.scale
        return run
    }
}
