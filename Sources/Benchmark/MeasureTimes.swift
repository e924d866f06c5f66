// How long measures of 10,000 samples beside 10,000 items take, by features of the usual width.

import Base
import Measures

func measureMeasures(_ arguments: Arguments, _ report: Report) throws(GanError) {
    let (count, width) = (10_000, 512)
    let groups: [(name: String, measures: [String])] = [
        ("frechet-distance", ["frechet-distance"]), ("frechet-distance-infinity", ["frechet-distance-infinity"]), ("kernel-distance", ["kernel-distance"]),
        ("neighbours", ["precision", "recall", "density", "coverage"]),
    ]
    for threads in arguments.threads {
        let wanted = groups.filter { arguments.wants("measure.\($0.name)") }
        guard !wanted.isEmpty else { continue }
        report.section("Measures of 10,000 beside 10,000 with 512 features, \(threadsText(threads))", ["s", "p10–p90"])
        let samples = try Features(count: count, width: width, of: "samples"), data = try Features(count: count, width: width, of: "data")
        for (features, seed) in [(samples, UInt64(1)), (data, 2)] {
            let values = try numbers(count * width, seed: seed)
            features.row(0).update(from: values.pointer, count: count * width)
            withExtendedLifetime(values) {}
        }
        let team = Team(threads: threads)
        for group in wanted {
            let measures = try group.measures.map { (name) throws(GanError) in try Measure.find(name) }
            var failure: GanError?
            let noise = Noise()
            let results = Contest(seconds: arguments.seconds, restsBetween: false).run([
                Contestant(group.name) {
                    do throws(GanError) {
                        // What measures have in common is found once by each.
                        let comparison = try Comparison(samples: Observations(features: samples), data: Observations(features: data), team)
                        for measure in measures { _ = try comparison.value(measure) }
                    } catch { failure = error }
                },
            ])
            if let failure { throw failure }
            let seconds = results[0].seconds
            let label = group.measures.count > 1 ? group.measures.joined(separator: ", ") : group.name
            report.row(
                "measure.\(group.name)", threads: threads, label, [Text.fixed(seconds.median, 2), Report.spread(seconds)], Report.fields(seconds, "s"), noise.reading)
        }
    }
}
