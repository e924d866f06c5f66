// Draws from a generator. Everything a draw needs is made beforehand: one plan for a batch of images, which is run on as
// many as are asked for, straight into the caller's memory (BatchExecutor). Since no kernel's result depends on the batch,
// neither does a sample.

import Base
import Compute
import Graph
import Kernels
import Models
import Plan

public final class Sampler: @unchecked Sendable {
    public let generator: Generator
    private let kernels: KernelTable
    private let executor: BatchExecutor

    /// How many images are made at a time, unless their intermediate values then take more floats than the limit.
    private static let batch = 128
    private static let arenaLimit = 1 << 22

    private enum Name {
        static let latents = "latents"
        static let images = "images"
    }

    /// - Parameter threads: 0 for all processors.
    public init(generator: Generator, threads: Int) throws(GanError) {
        self.generator = generator
        kernels = KernelTable.selected
        var plan = try Self.plan(generator, Self.batch)
        if plan.arenaCount > Self.arenaLimit {
            plan = try Self.plan(generator, max(1, Self.arenaLimit / (plan.arenaCount / Self.batch)))
        }
        let pool = ThreadPool(threads: threads == 0 ? ThreadPool.hardwareThreads : threads)
        let floats = plan.memoryCount + (pool.threads - 1) * plan.arenaCount
        try AvailableMemory.check(floats * MemoryLayout<Float>.stride, for: "Drawing from this generator")
        pool.start()
        executor = try BatchExecutor(
            plan, from: Name.latents, to: Name.images, buffers: Self.prepared(generator, kernels, pool), kernels: kernels, pool: pool)
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

    private static func plan(_ generator: Generator, _ size: Int) throws(GanError) -> Plan {
        let graph = Graph()
        let parameters = Parameters(of: "generator", in: graph, for: .sampling)
        let images = try generator.architecture.generate(graph.buffer(Name.latents, [size, generator.latentSize]), parameters)
        return try Planner.plan([Update(Name.images, images)], of: graph)
    }

    // MARK: Drawing

    /// How the latents of samples `first` … are drawn.
    private func random(seed: UInt64, first: Int64, count: Int, into latents: UnsafeMutablePointer<Float>) -> RandomArguments {
        let isNormal = generator.options.latentDistribution == .normal
        return RandomArguments(
            distribution: isNormal ? .normal : .uniform, seed: seed, stream: RandomStream.sampledLatents,
            firstRow: UInt64(bitPattern: first), rows: count, columns: generator.latentSize, y: latents,
            scale: isNormal ? 1 : 2, offset: isNormal ? 0 : -1)
    }

    /// The latents that samples `first` … are made of.
    public func latents(seed: UInt64, first: Int64, count: Int, into latents: UnsafeMutablePointer<Float>) {
        var arguments = random(seed: seed, first: first, count: count, into: latents)
        kernels.random(&arguments, 0, 1)
    }

    /// Samples `first` … `first + count − 1` under `seed`, [count, height, width, channels] in the generator's range.
    public func draw(seed: UInt64, first: Int64, count: Int, into images: UnsafeMutablePointer<Float>) {
        var run = drawing(seed: seed, first: first, count: count)
        run.result = images
        executor.run(run)
    }

    /// The same samples as bytes.
    public func drawBytes(seed: UInt64, first: Int64, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        executor.run(quantized(drawing(seed: seed, first: first, count: count), to: pixels))
    }

    /// The images of the caller's latents.
    public func decode(latents: UnsafePointer<Float>, count: Int, into images: UnsafeMutablePointer<Float>) {
        var run = BatchExecutor.Run(count: count)
        run.source = latents
        run.result = images
        executor.run(run)
    }

    /// The images of the caller's latents as bytes.
    public func decodeBytes(latents: UnsafePointer<Float>, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        var run = BatchExecutor.Run(count: count)
        run.source = latents
        executor.run(quantized(run, to: pixels))
    }

    private func drawing(seed: UInt64, first: Int64, count: Int) -> BatchExecutor.Run {
        var run = BatchExecutor.Run(count: count)
        run.random = random(seed: seed, first: first, count: count, into: executor.inputMemory)
        return run
    }

    /// With the images as bytes: black is 0 and white 255.
    private func quantized(_ run: BatchExecutor.Run, to pixels: UnsafeMutablePointer<UInt8>) -> BatchExecutor.Run {
        var run = run
        run.bytes = pixels
        run.scale = 255 / (generator.high - generator.low)
        run.offset = -generator.low * run.scale
        return run
    }
}
