// Draws from a generator. Everything a draw needs is made beforehand: plans for batches of 1, 4, 16, … images, which
// share one arena. A request is cut into such batches; since no kernel's result depends on the batch, neither does a sample.

import Base
import Compute
import Graph
import Kernels
import Models
import Plan

public final class Sampler: @unchecked Sendable {
    public let generator: Generator
    private let kernels: KernelTable
    /// Latents of one batch, and the images made of them.
    private let latentBuffer: AlignedBuffer<Float>
    private let imageBuffer: AlignedBuffer<Float>
    /// The largest batch first. Each has a plan that draws latents, and one that takes them as they are.
    private let batches: [(size: Int, draw: Executor, decode: Executor)]

    private static let batchSizes = [256, 64, 16, 4, 1]
    /// Larger batches are left out where their intermediate values would take more floats than this.
    private static let arenaLimit = 1 << 24

    private enum Name {
        static let latents = "latents"
        static let images = "images"
    }

    /// - Parameter threads: 0 for all processors.
    public init(generator: Generator, threads: Int) throws(GanError) {
        self.generator = generator
        kernels = KernelTable.selected
        var plans: [(size: Int, draw: Plan, decode: Plan)] = []
        for size in Self.batchSizes {
            let (draw, decode) = try Self.plans(generator, size)
            let imageCount = try Sizes.product(size, generator.imageShape.elements, of: "a batch of images")
            if size > 1 && max(draw.arenaCount, decode.arenaCount, imageCount) > Self.arenaLimit { continue }
            plans.append((size, draw, decode))
        }
        let largest = plans.first?.size ?? 1
        if let (_, draw, decode) = plans.first {
            let floats = max(draw.memoryCount, decode.memoryCount)
            try AvailableMemory.check(floats * MemoryLayout<Float>.stride, for: "Drawing from this generator")
        }
        latentBuffer = try AlignedBuffer(count: Sizes.product(largest, generator.latentSize, of: "latents"), for: "latents")
        imageBuffer = try AlignedBuffer(
            count: Sizes.product(largest, generator.imageShape.elements, of: "a batch of images"), for: "a batch of images")
        let pool = ThreadPool(threads: threads == 0 ? ThreadPool.hardwareThreads : threads)
        pool.start()
        var buffers = try Self.prepared(generator, kernels, pool)
        buffers[Name.latents] = latentBuffer
        buffers[Name.images] = imageBuffer
        let arena = try AlignedBuffer<Float>(
            count: plans.reduce(0) { max($0, $1.draw.arenaCount, $1.decode.arenaCount) }, for: "the intermediate values of a generator")
        var batches: [(size: Int, draw: Executor, decode: Executor)] = []
        for (size, draw, decode) in plans {
            batches.append(
                (
                    size, try Executor(draw, buffers: buffers, arena: arena, kernels: kernels, pool: pool),
                    try Executor(decode, buffers: buffers, arena: arena, kernels: kernels, pool: pool)
                ))
        }
        self.batches = batches
    }

    /// The generator's buffers, and those that depend on them alone (`Parameters.derive`), filled here once.
    private static func prepared(
        _ generator: Generator, _ kernels: KernelTable, _ pool: ThreadPool
    ) throws(GanError) -> [String: AlignedBuffer<Float>] {
        var buffers = generator.store.buffers
        let graph = Graph()
        let parameters = Parameters(of: "generator", in: graph, for: .sampling)
        _ = try generator.architecture.generate(graph.buffer(Name.latents, [1, generator.latentSize]), parameters)
        if parameters.derived.isEmpty { return buffers }
        for (name, value) in parameters.derived { buffers[name] = try AlignedBuffer(count: value.elementCount, for: name) }
        let plan = try Planner.plan(parameters.derived.map { Update($0.name, $0.value) }, of: graph)
        try Executor(plan, buffers: buffers, kernels: kernels, pool: pool).run(seed: 0, firstRow: 0)
        return buffers
    }

    private static func plans(_ generator: Generator, _ size: Int) throws(GanError) -> (draw: Plan, decode: Plan) {
        func plan(_ latents: (Graph) throws(GanError) -> Tensor) throws(GanError) -> Plan {
            let graph = Graph()
            let parameters = Parameters(of: "generator", in: graph, for: .sampling)
            let images = try generator.architecture.generate(latents(graph), parameters)
            return try Planner.plan([Update(Name.images, images)], of: graph)
        }
        let width = generator.latentSize
        let distribution = generator.options.latentDistribution
        return (
            draw: try plan { (graph) throws(GanError) in
                try distribution.latents(in: graph, stream: RandomStream.sampledLatents, size, width)
            },
            decode: try plan { (graph) throws(GanError) in try graph.buffer(Name.latents, [size, width]) }
        )
    }

    // MARK: Drawing

    /// The latents that samples `first` … are made of.
    public func latents(seed: UInt64, first: Int64, count: Int, into latents: UnsafeMutablePointer<Float>) {
        let isNormal = generator.options.latentDistribution == .normal
        var arguments = RandomArguments(
            distribution: isNormal ? .normal : .uniform, seed: seed, stream: RandomStream.sampledLatents,
            firstRow: UInt64(bitPattern: first), rows: count, columns: generator.latentSize, y: latents,
            scale: isNormal ? 1 : 2, offset: isNormal ? 0 : -1)
        kernels.random(&arguments, 0, 1)
    }

    /// Samples `first` … `first + count − 1` under `seed`, [count, height, width, channels] in the generator's range.
    public func draw(seed: UInt64, first: Int64, count: Int, into images: UnsafeMutablePointer<Float>) {
        let elements = generator.imageShape.elements
        forEachBatch(count) { batch, start, size in
            batch.draw.run(seed: seed, firstRow: UInt64(bitPattern: first) &+ UInt64(start))
            (images + start * elements).update(from: imageBuffer.pointer, count: size * elements)
        }
    }

    /// The same samples as bytes.
    public func drawBytes(seed: UInt64, first: Int64, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        forEachBatch(count) { batch, start, size in
            batch.draw.run(seed: seed, firstRow: UInt64(bitPattern: first) &+ UInt64(start))
            quantize(size, to: pixels + start * generator.imageShape.elements)
        }
    }

    /// The images of the caller's latents.
    public func decode(latents: UnsafePointer<Float>, count: Int, into images: UnsafeMutablePointer<Float>) {
        let elements = generator.imageShape.elements
        forEachBatch(count) { batch, start, size in
            latentBuffer.pointer.update(from: latents + start * generator.latentSize, count: size * generator.latentSize)
            batch.decode.run(seed: 0, firstRow: 0)
            (images + start * elements).update(from: imageBuffer.pointer, count: size * elements)
        }
    }

    /// The images of the caller's latents as bytes.
    public func decodeBytes(latents: UnsafePointer<Float>, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        forEachBatch(count) { batch, start, size in
            latentBuffer.pointer.update(from: latents + start * generator.latentSize, count: size * generator.latentSize)
            batch.decode.run(seed: 0, firstRow: 0)
            quantize(size, to: pixels + start * generator.imageShape.elements)
        }
    }

    @inline(__always)
    private func forEachBatch(_ count: Int, _ body: ((size: Int, draw: Executor, decode: Executor), _ start: Int, _ size: Int) -> Void) {
        var start = 0
        for batch in batches {
            while count - start >= batch.size {
                body(batch, start, batch.size)
                start += batch.size
            }
        }
    }

    /// The images in the buffer as bytes: black is 0 and white 255.
    private func quantize(_ size: Int, to pixels: UnsafeMutablePointer<UInt8>) {
        let scale = 255 / (generator.high - generator.low)
        kernels.quantize(imageBuffer.pointer, pixels, size * generator.imageShape.elements, scale, -generator.low * scale)
    }
}
