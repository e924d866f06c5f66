// How often memory is asked for in a training step and in a draw, by anybody in the process.

import Base
import CBenchmark
import Compute
import Training

func countAllocations(_ arguments: Arguments, _ report: Report) throws(GanError) {
    let threads = arguments.threads.max() ?? 1
    report.section("Allocations, \(threadsText(threads))", ["a call", "calls"])
    func count(_ item: String, _ label: String, _ calls: Int, _ call: (Int) throws(GanError) -> Void) throws(GanError) {
        try call(1)  // starts the threads
        bench_count_allocations(1)
        defer { bench_count_allocations(0) }
        try call(calls)
        let each = Double(bench_allocations()) / Double(calls)
        bench_count_allocations(0)
        report.row(
            item, threads: threads, label, [Text.fixed(each, each == each.rounded() ? 0 : 2), "\(calls)"],
            [("unit", Report.quoted("allocations")), ("median", Text.significant(each))], nil)
    }
    for network in [Network.tutorial, .dcgan28] {
        let (step, draw) = ("allocations.step.\(network.rawValue)", "allocations.draw.\(network.rawValue)")
        guard arguments.wants(step) || [1, 64, 1024].contains(where: { arguments.wants("\(draw).\($0)") }) else { continue }
        let trainer = try network.trainer(threads: threads, images: arguments.images)
        if arguments.wants(step) {
            try count(step, "training step, \(network.rawValue)", network == .tutorial ? 100 : 3) { (calls) throws(GanError) in
                try trainer.step(Int64(calls))
            }
        }
        for images in [1, 64, 1024] where arguments.wants("\(draw).\(images)") {
            let sampler = try Sampler(generator: trainer.snapshot(), threads: threads)
            let memory = try AlignedBuffer<Float>(count: images * sampler.generator.imageShape.elements, for: "images")
            try count("\(draw).\(images)", "draw of \(images), \(network.rawValue)", 10) { (calls) throws(GanError) in
                for call in 0..<calls { sampler.draw(seed: 1, first: Int64(call), count: images, into: memory.pointer) }
            }
        }
    }
}
