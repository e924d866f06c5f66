// Whole training steps: choosing the batch, drawing latents, both updates.

import Base
import Compute
import Training

func measureTraining(_ arguments: Arguments, _ report: Report) throws(GanError) {
    for threads in arguments.threads {
        report.section("A training step, \(threadsText(threads))", ["ms", "p10–p90", "GFLOP/s", "of peak", "images/s"])
        for (item, title, network, images) in trainings(arguments) where arguments.wants("step.\(item)") {
            let trainer = try network.trainer(threads: threads, images: images)
            let pool = ThreadPool(threads: threads)
            let operations = network.operationsPerStep
            var failure: GanError?
            let contestant = Contestant("libgan", amount: operations) {
                do throws(GanError) { try trainer.step(1) } catch { failure = error }
            }
            let noise = Noise()
            let results = Contest(seconds: max(arguments.seconds, 0.2), restsBetween: false).run([contestant, Peak(.selected, pool).contestant])
            if let failure { throw failure }
            let milliseconds = results[0].seconds.map { $0 * 1e3 }
            let share = results[0].speed(over: results[1])
            report.row(
                "step.\(item)", threads: threads, title,
                [
                    Report.time(milliseconds.median), Report.spread(milliseconds), Text.fixed(results[0].rate.median, 1),
                    Text.percent(share), Text.fixed(Double(trainer.options.integer(.batchSize)) / results[0].seconds.median, 0),
                ],
                Report.fields(milliseconds, "ms") + [
                    ("gflops", Text.significant(results[0].rate.median)), ("share_of_peak", Text.fixed(share, 4)),
                    ("mflop", Text.significant(operations * 1e-6)),
                ], noise.reading)
        }
    }
}

/// The networks, and the tutorial's once more where there is nothing black to leave out.
private func trainings(_ arguments: Arguments) -> [(item: String, title: String, Network, Images)] {
    Network.allCases.flatMap { network in
        let usual = (network.rawValue, network.title, network, arguments.images)
        return network == .tutorial ? [usual, ("tutorial.noise", "the same, no pixel black", network, Images.noise)] : [usual]
    }
}
