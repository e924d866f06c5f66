// What the machine can do at most: multiply-adds in registers and nothing else, on every member of a team at once. All
// shares are of this, measured by turns with what it is compared with.

import CBenchmark
import Compute

struct Peak {
    let contestant: Contestant

    /// - Parameter set: One that the processor has.
    init(_ set: InstructionSet, _ pool: ThreadPool) {
        let loop: @Sendable (Int64) -> Double =
            switch set {
            case .baseline: { bench_peak_baseline($0) }
            case .avx2: { bench_peak_avx2($0) }
            case .avx512: { bench_peak_avx512($0) }
            }
        let rounds: Int64 = 200_000  // most of a millisecond, against which calling the team is nothing
        let operations = loop(rounds) * Double(pool.threads)
        let work = SharedWork(pool) { _, _ in _ = loop(rounds) }
        contestant = Contestant("peak", amount: operations) { work.run() }
    }
}

func measurePeaks(_ arguments: Arguments, _ report: Report) {
    for threads in arguments.threads {
        let pool = ThreadPool(threads: threads)
        report.section("Peak of multiply-adds, \(threadsText(threads))", ["GFLOP/s", "p10–p90"])
        for set in InstructionSet.supported where arguments.wants("peak.\(set.rawValue)") {
            let noise = Noise()
            let result = Contest(seconds: arguments.seconds, restsBetween: false).run([Peak(set, pool).contestant])[0]
            report.row(
                "peak.\(set.rawValue)", threads: threads, set.rawValue, [Text.fixed(result.rate.median, 1), Report.spread(result.rate)],
                Report.fields(result.rate, "GFLOP/s"), noise.reading)
        }
    }
}

func threadsText(_ threads: Int) -> String { threads == 1 ? "1 thread" : "\(threads) threads" }
