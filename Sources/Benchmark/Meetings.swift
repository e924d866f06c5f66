// What it costs a team to meet: lines of memory go from one processor's cache to another's. On rented machines that depends on
// where the host runs the processors at the moment, four times as long where they do not share a cache, and explains figures of
// several threads that differ from one minute to the next.

import Compute

func measureMeetings(_ arguments: Arguments, _ report: Report) {
    let items = ["meeting.barrier", "meeting.call"]
    guard items.contains(where: arguments.wants) else { return }
    for threads in arguments.threads where threads > 1 {
        let pool = ThreadPool(threads: threads)
        let barrier = pool.barrier
        let meetings = 1000
        let waiting = SharedWork(pool) { _, _ in
            for _ in 0..<meetings { barrier.wait() }
        }
        let nothing = SharedWork(pool) { _, _ in }
        report.section("Meetings of a team, \(threadsText(threads))", ["ns", "p10–p90"])
        for (item, text, work, count) in [
            (items[0], "barrier", waiting, meetings), (items[1], "call with nothing to do", nothing, 1),
        ] where arguments.wants(item) {
            let noise = Noise()
            let result = Contest(seconds: arguments.seconds, restsBetween: false).run([Contestant(text) { work.run() }])[0]
            let nanoseconds = result.seconds.map { $0 / Double(count) * 1e9 }
            report.row(
                item, threads: threads, text, [Text.fixed(nanoseconds.median, 0), Report.spread(nanoseconds)],
                Report.fields(nanoseconds, "ns"), noise.reading)
        }
    }
}
