// Runs a network on pictures: a classifier, or what makes features of them. Everything that a run needs is made beforehand, from the
// parameters as they are then.

import Base
import Compute
import Graph
import Kernels
import Networks
import Plan

final class PictureRunner {
    private let executor: BatchExecutor
    /// How many numbers each output has for a picture, in the order in which they were asked for.
    let widths: [Int]

    /// So many pictures at a time, unless their intermediate values then take more floats than the limit.
    private static let batch = 128
    private static let arenaLimit = 1 << 22

    /// - Parameters:
    ///   - network: One whose input is "images".
    ///   - outputs: Names of its outputs.
    init(_ network: Network, outputs: [String], buffers: [String: AlignedBuffer<Float>], threads: Int) throws(GanError) {
        func plan(_ rows: Int) throws(GanError) -> (plan: BatchPlan, widths: [Int]) {
            let state = NetworkState(of: network.name, in: Graph(), for: .sampling)
            let results = try network(Generator.inputs(of: network, rows: rows, in: state.graph), in: state)
            let updates = try outputs.map { (name) throws(GanError) in Update(name, try results(name)) }
            return (try BatchPlan(updates, of: state.graph, inputs: ["images"], rows: rows), updates.map { $0.value.elementCount / rows })
        }
        var (network, widths) = try plan(Self.batch)
        if network.plan.arenaCount > Self.arenaLimit {
            (network, widths) = try plan(max(1, Self.arenaLimit / (network.plan.arenaCount / Self.batch)))
        }
        self.widths = widths
        let pool = ThreadPool(threads: threads == 0 ? ThreadPool.hardwareThreads : threads)
        let floats = network.plan.memoryCount + (pool.threads - 1) * network.plan.arenaCount
        try AvailableMemory.check(floats * MemoryLayout<Float>.stride, for: "Looking at these pictures")
        pool.start()
        executor = try BatchExecutor(network, buffers: buffers, kernels: KernelTable.selected, pool: pool)
    }

    /// - Parameter outputs: Where each output goes, [count, width].
    func run(_ images: UnsafePointer<Float>, count: Int, into outputs: [UnsafeMutablePointer<Float>?]) {
        if count == 0 { return }
        executor.inputs[0].values = images
        executor.inputs[0].rows = count
        executor.inputs[0].first = 0
        for (index, output) in outputs.enumerated() { executor.outputs[index] = output }
        executor.run(BatchExecutor.Run(count: count))
    }
}
