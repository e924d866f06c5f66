// The convolutions of DCGANs, forward and both gradients. The generator's transposed convolutions are the gradients to the
// input of the discriminator's, so these are all there are.

import Base
import Compute
import Graph
import Plan

/// A plan with memory of its own, filled with numbers.
final class PlannedWork {
    let executor: Executor
    let buffers: [String: AlignedBuffer<Float>]

    init(_ updates: [Update], of graph: Graph, _ pool: ThreadPool) throws(GanError) {
        let plan = try Planner.plan(updates, of: graph)
        var buffers: [String: AlignedBuffer<Float>] = [:]
        for (index, (name, shape)) in plan.buffers.sorted(by: { $0.key < $1.key }).enumerated() {
            buffers[name] = try numbers(Sizes.product(shape, of: name), seed: UInt64(index))
        }
        self.buffers = buffers
        executor = try Executor(plan, buffers: buffers, kernels: .selected, pool: pool)
    }

    func run() { executor.run(seed: 1, firstRow: 0) }
}

/// A layer that halves the sides, by windows of 4×4.
private struct Layer {
    let side: Int
    let inChannels: Int
    let outChannels: Int
    static let batch = 64

    static func all(_ imageSide: Int) -> [Layer] {
        imageSide == 28
            ? [Layer(side: 28, inChannels: 1, outChannels: 64), Layer(side: 14, inChannels: 64, outChannels: 128)]
            : [
                Layer(side: 32, inChannels: 3, outChannels: 64), Layer(side: 16, inChannels: 64, outChannels: 128),
                Layer(side: 8, inChannels: 128, outChannels: 256),
            ]
    }

    /// As everybody counts them: as if the zeros around the image were multiplied too.
    var operations: Double {
        2.0 * Double(Self.batch) * Double(side / 2 * side / 2) * 16 * Double(inChannels) * Double(outChannels)
    }

    enum Direction: String, CaseIterable {
        case forward
        case inputGradient = "gradient to input"
        case weightGradient = "gradient to weight"
    }

    func work(_ direction: Direction, _ pool: ThreadPool) throws(GanError) -> PlannedWork {
        let graph = Graph()
        let window = Window(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1])
        let image = [Self.batch, side, side, inChannels]
        let x = try graph.buffer("x", image)
        let y = try graph.buffer("y", [Self.batch, side / 2, side / 2, outChannels])
        let w = try graph.buffer("w", [4, 4, inChannels, outChannels])
        let result =
            switch direction {
            case .forward: try x.convolution(w, window)
            case .inputGradient: try y.transposedConvolution(w, window, to: image)
            case .weightGradient: try graph.add(.convolutionWeightGradient(window), [x, y], shape: w.shape)
            }
        return try PlannedWork([Update("result", result)], of: graph, pool)
    }
}

func measureConvolutions(_ arguments: Arguments, _ report: Report) throws(GanError) {
    for threads in arguments.threads {
        let pool = ThreadPool(threads: threads)
        for imageSide in [28, 32] {
            report.section(
                "DCGAN \(imageSide)×\(imageSide), batch 64, \(threadsText(threads))", ["GFLOP/s", "p10–p90", "of peak", "µs"])
            for layer in Layer.all(imageSide) {
                for direction in Layer.Direction.allCases {
                    let name = "\(direction)"
                    let item = "convolution.\(imageSide).\(layer.inChannels)-\(layer.outChannels).\(name)"
                    guard arguments.wants(item) else { continue }
                    let work = try layer.work(direction, pool)
                    let noise = Noise()
                    let results = Contest(seconds: arguments.seconds, restsBetween: false).run([
                        Contestant("libgan", amount: layer.operations) { work.run() }, Peak(.selected, pool).contestant,
                    ])
                    let share = results[0].speed(over: results[1])
                    report.row(
                        item, threads: threads, "\(layer.side)² \(layer.inChannels)→\(layer.outChannels)  \(direction.rawValue)",
                        [
                            Text.fixed(results[0].rate.median, 1), Report.spread(results[0].rate), Text.percent(share),
                            Report.time(results[0].seconds.median * 1e6),
                        ],
                        Report.fields(results[0].rate, "GFLOP/s") + [
                            ("microseconds", Text.significant(results[0].seconds.median * 1e6)), ("share_of_peak", Text.fixed(share, 4)),
                        ], noise.reading)
                }
            }
        }
    }
}
