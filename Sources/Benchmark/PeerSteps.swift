// Steps of the models that other frameworks' figures are of: a penalty on the critic's slope, residual networks under R1 and R2, pictures
// made of pictures, volumes.
// The plan of a step runs by itself, without a trainer: noise, both updates and their optimisers; of data it has one batch.

import Base
import Compute
import Graph
import Optimisers
import PeerModels
import Plan
import Recipes

struct PeerStep {
    let batch: Int
    let executor: Executor
    /// Floating-point operations of products and convolutions: as they are made, and as reverse-mode differentiation writes them.
    let operations: Double
    let writtenOperations: Double

    init(_ peer: Peer, threads: Int) throws(GanError) {
        batch = peer.batch
        let step = try StepGraph(peer.recipe, batch: peer.batch, step: 0)
        guard let whole = step.pieces.first else { throw GanError(.internalError, "A step without a graph.") }
        let values = whole.updates.map(\.value)
        let shared = try whole.graph.sharingWork(of: values)
        operations = 2 * Double(try shared.graph.multiplyAdds(behind: shared.roots))
        writtenOperations = 2 * Double(try whole.graph.multiplyAdds(behind: values))

        let plan = try Planner.plan(whole.updates, of: whole.graph)
        var buffers: [String: AlignedBuffer<Float>] = [:]
        for (index, (name, shape)) in plan.buffers.sorted(by: { $0.key < $1.key }).enumerated() {
            let buffer = try numbers(Sizes.product(shape, of: name), seed: UInt64(index))
            let parameter = (step.parameters + step.states).first { $0.name == name }
            for element in 0..<buffer.count {
                switch parameter?.initial {
                // Uniform numbers of the same deviation.
                case .normal(let mean, let deviation): buffer.pointer[element] = mean + buffer.pointer[element] * 3.46 * deviation
                case .constant(let value): buffer.pointer[element] = value
                default: if !name.hasPrefix("data.") { buffer.pointer[element] = 0 }
                }
            }
            buffers[name] = buffer
        }
        for network in step.optimised {
            if let buffer = buffers[network.scalarBuffer] { network.optimiser.writeScalars(step: 1, to: buffer.pointer) }
        }
        executor = try Executor(plan, buffers: buffers, kernels: .selected, pool: ThreadPool(threads: threads))
    }
}

/// A model that other frameworks are timed on.
struct Peer {
    let name, title: String
    let recipe: any Recipe
    let batch: Int

    static let all: [Peer] =
        PeerModel.Kind.allCases.map { kind in
            Peer(
                name: kind.rawValue, title: kind == .residual ? "R3GAN, residual, 32×32×3, batch 64" : "WGAN-GP, 32×32×3, batch 64",
                recipe: PeerRecipe(PeerModel(kind)), batch: 64)
        }
        + PicturePeer.Kind.allCases.map { kind in
            Peer(
                name: kind.rawValue, title: kind == .pix2pix ? "pix2pix, 64×64×3, batch 16" : "SRGAN, 16×16×3 to 64×64×3, batch 16",
                recipe: PicturePeer(kind), batch: 16)
        }
        + [Peer(name: "gan3d", title: "3D-GAN, 32×32×32, batch 16", recipe: VolumePeer(), batch: 16)]
}

func measurePeerSteps(_ arguments: Arguments, _ report: Report) throws(GanError) {
    for threads in arguments.threads {
        report.section("A training step, \(threadsText(threads))", ["ms", "p10–p90", "GFLOP/s", "of peak", "images/s"])
        for peer in Peer.all where arguments.wants("step.\(peer.name)") {
            let step = try PeerStep(peer, threads: threads)
            var row: UInt64 = 0
            let contestant = Contestant("libgan", amount: step.operations) {
                step.executor.run(seed: 1, firstRow: row)
                row += UInt64(peer.batch)
            }
            let noise = Noise()
            let results = Contest(seconds: max(arguments.seconds, 0.2), restsBetween: false)
                .run([contestant, Peak(.selected, ThreadPool(threads: threads)).contestant])
            let milliseconds = results[0].seconds.map { $0 * 1e3 }
            let share = results[0].speed(over: results[1])
            report.row(
                "step.\(peer.name)", threads: threads, peer.title,
                [
                    Report.time(milliseconds.median), Report.spread(milliseconds), Text.fixed(results[0].rate.median, 1),
                    Text.percent(share), Text.fixed(Double(peer.batch) / results[0].seconds.median, 0),
                ],
                Report.fields(milliseconds, "ms") + [
                    ("gflops", Text.significant(results[0].rate.median)), ("share_of_peak", Text.fixed(share, 4)),
                    ("mflop", Text.significant(step.operations * 1e-6)), ("mflop_written", Text.significant(step.writtenOperations * 1e-6)),
                ], noise.reading)
        }
    }
}
