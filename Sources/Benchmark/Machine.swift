// The machine, and what else goes on it: a figure taken while others were at work is not to be trusted, and says so.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CBenchmark
import Compute

/// Watches what other processes use, from its creation on.
struct Noise {
    struct Reading {
        /// Processors that other processes kept busy, and that the hypervisor gave to other machines.
        var others = 0.0
        var stolen = 0.0
        var isLoud: Bool { others + stolen > 0.1 }
    }

    private let start = Clock.now()
    private let atStart = Noise.counters()

    var reading: Reading {
        let seconds = Clock.now() - start
        let end = Noise.counters()
        guard seconds > 0.05, let a = atStart, let b = end else { return Reading() }
        return Reading(
            others: max(0, (b.busy - a.busy) - (b.own - a.own)) / seconds, stolen: max(0, b.stolen - a.stolen) / seconds)
    }

    /// Seconds of all processors: at work, stolen, and at work for this process and its children.
    private static func counters() -> (busy: Double, stolen: Double, own: Double)? {
        guard let first = Text.contents("/proc/stat")?.split(separator: "\n").first else { return nil }
        let ticks = first.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard ticks.count >= 8 else { return nil }
        let scale = 1 / Double(sysconf(Int32(_SC_CLK_TCK)))
        // user, nice, system, idle, iowait, irq, softirq, steal
        return ((ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) * scale, ticks[7] * scale, bench_processor_seconds())
    }
}

enum Machine {
    static var load: String {
        Text.contents("/proc/loadavg")?.split(separator: " ").prefix(3).joined(separator: " ") ?? "unknown"
    }

    static var processor: String {
        guard let lines = Text.contents("/proc/cpuinfo")?.split(separator: "\n") else { return "unknown processor" }
        func value(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name) }?.split(separator: ":").last.map { $0.drop { $0 == " " } }.map(String.init)
        }
        let family = value("cpu family").map { ", family \($0)" } ?? ""
        let model = value("model\t").map { " model \($0)" } ?? ""
        return (value("model name") ?? "unknown processor") + family + model
    }

    static func introduce(_ report: Report) {
        report.record(
            "machine",
            [
                ("processor", Report.quoted(processor)), ("processors", "\(ThreadPool.hardwareThreads)"),
                ("instruction_set", Report.quoted(InstructionSet.selected.rawValue)), ("load", Report.quoted(load)),
            ])
        report.note(
            """
            \(processor)
            \(ThreadPool.hardwareThreads) processors; kernels for \(InstructionSet.selected.rawValue); load \(load)
            Medians, and the tenth and ninetieth percentile. A row marked ! was taken while others were using the machine.
            """)
    }

    static func conclude(_ report: Report, _ noise: Noise) {
        let reading = noise.reading
        report.record("noise", [("load", Report.quoted(load))], reading)
        report.note(
            """

            Meanwhile other processes used \(Text.fixed(reading.others, 2)) processors and other machines \
            \(Text.fixed(reading.stolen, 2)); load \(load)\(reading.isLoud ? ". These figures are not to be trusted." : "")
            """)
    }
}
