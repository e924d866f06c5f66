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
        let graph = Graph()
        let parameters = Parameters(of: "generator", in: graph, for: .sampling)
        let images = try generator.architecture.generate(graph.buffer(Name.latents, [size, generator.latentSize]), parameters)
        return try BatchPlan([Update(Name.images, images)], of: graph, inputs: [Name.latents], rows: size)
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
        executor.outputs[0] = images
        executor.run(drawing(seed: seed, first: first, count: count))
    }

    /// The same samples as bytes.
    public func drawBytes(seed: UInt64, first: Int64, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        executor.run(quantized(drawing(seed: seed, first: first, count: count), to: pixels))
    }

    /// The images of the caller's latents.
    public func decode(latents: UnsafePointer<Float>, count: Int, into images: UnsafeMutablePointer<Float>) {
        executor.outputs[0] = images
        executor.run(decoding(latents: latents, count: count))
    }

    /// The images of the caller's latents as bytes.
    public func decodeBytes(latents: UnsafePointer<Float>, count: Int, into pixels: UnsafeMutablePointer<UInt8>) {
        executor.run(quantized(decoding(latents: latents, count: count), to: pixels))
    }

    private func drawing(seed: UInt64, first: Int64, count: Int) -> BatchExecutor.Run {
        executor.inputs[0].values = nil
        executor.inputs[0].random = random(seed: seed, first: first, count: count, into: executor.memory(ofInput: 0))
        var run = BatchExecutor.Run(count: count)
        run.seed = seed
        run.first = UInt64(bitPattern: first)
        return run
    }

    private func decoding(latents: UnsafePointer<Float>, count: Int) -> BatchExecutor.Run {
        executor.inputs[0].values = latents
        executor.inputs[0].rows = count
        return BatchExecutor.Run(count: count)
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
