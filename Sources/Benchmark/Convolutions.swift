// The convolutions of DCGANs, of residual networks and of volumes, forward and both gradients. A generator's transposed convolutions are
// the gradients to the input of the discriminator's, so these are all there are.

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

/// A layer of a network that is measured.
private struct Layer {
    let batch: Int
    /// Lengths of the image along each axis.
    let sides: [Int]
    let inChannels: Int
    let outChannels: Int
    /// Windows of 4 along each axis with stride 2, which halve the sides; or of 3 with stride 1.
    let halves: Bool

    init(_ sides: [Int], _ inChannels: Int, _ outChannels: Int, batch: Int = 64, halves: Bool = true) {
        self.sides = sides
        self.inChannels = inChannels
        self.outChannels = outChannels
        self.batch = batch
        self.halves = halves
    }

    private var resultSides: [Int] { sides.map { halves ? $0 / 2 : $0 } }
    private var windowSides: [Int] { sides.map { _ in halves ? 4 : 3 } }

    /// As everybody counts them: as if the zeros around the image were multiplied too, and sums made term by term.
    var operations: Double {
        2.0 * (resultSides + windowSides + [batch, inChannels, outChannels]).reduce(1.0) { $0 * Double($1) }
    }

    var title: String { "\(sides[0])\(sides.count == 3 ? "³" : "²") \(inChannels)→\(outChannels)" }

    enum Direction: String, CaseIterable {
        case forward
        case inputGradient = "gradient to input"
        case weightGradient = "gradient to weight"
    }

    func work(_ direction: Direction, _ pool: ThreadPool) throws(GanError) -> PlannedWork {
        let graph = Graph()
        let ones = sides.map { _ in 1 }
        let window = Window(stride: halves ? sides.map { _ in 2 } : ones, paddingBefore: ones, paddingAfter: ones)
        let image = [batch] + sides + [inChannels]
        let x = try graph.buffer("x", image)
        let y = try graph.buffer("y", [batch] + resultSides + [outChannels])
        let w = try graph.buffer("w", windowSides + [inChannels, outChannels])
        let result =
            switch direction {
            case .forward: try x.convolution(w, window)
            case .inputGradient: try y.transposedConvolution(w, window, to: image)
            case .weightGradient: try graph.add(.convolutionWeightGradient(window), [x, y], shape: w.shape)
            }
        return try PlannedWork([Update("result", result)], of: graph, pool)
    }
}

/// Networks' layers under one heading.
private struct LayerGroup {
    let item: String
    let title: String
    let layers: [Layer]

    static let all = [
        LayerGroup(item: "28", title: "DCGAN 28×28, batch 64", layers: [Layer([28, 28], 1, 64), Layer([14, 14], 64, 128)]),
        LayerGroup(
            item: "32", title: "DCGAN 32×32, batch 64",
            layers: [Layer([32, 32], 3, 64), Layer([16, 16], 64, 128), Layer([8, 8], 128, 256)]),
        LayerGroup(
            item: "residual", title: "windows of 3×3, batch 64",
            layers: [
                Layer([32, 32], 64, 64, halves: false), Layer([16, 16], 128, 128, halves: false), Layer([8, 8], 128, 128, halves: false),
            ]),
        LayerGroup(
            item: "volumes", title: "volumes of 32×32×32, batch 16",
            layers: [
                Layer([32, 32, 32], 1, 32, batch: 16), Layer([16, 16, 16], 32, 64, batch: 16), Layer([8, 8, 8], 64, 128, batch: 16),
            ]),
    ]
}

func measureConvolutions(_ arguments: Arguments, _ report: Report) throws(GanError) {
    for threads in arguments.threads {
        let pool = ThreadPool(threads: threads)
        for group in LayerGroup.all {
            report.section("\(group.title), \(threadsText(threads))", ["GFLOP/s", "p10–p90", "of peak", "µs"])
            for layer in group.layers {
                for direction in Layer.Direction.allCases {
                    // Two layers of a group may have the same channels.
                    let sides = group.item == "residual" ? "\(layer.sides[0])-" : ""
                    let item = "convolution.\(group.item).\(sides)\(layer.inChannels)-\(layer.outChannels).\(direction)"
                    guard arguments.wants(item) else { continue }
                    let work = try layer.work(direction, pool)
                    let noise = Noise()
                    let results = Contest(seconds: arguments.seconds, restsBetween: false).run([
                        Contestant("libgan", amount: layer.operations) { work.run() }, Peak(.selected, pool).contestant,
                    ])
                    let share = results[0].speed(over: results[1])
                    report.row(
                        item, threads: threads, "\(layer.title)  \(direction.rawValue)",
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
