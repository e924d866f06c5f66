// Where a training step's time goes, operation by operation: a trainer's own plan, run with a clock in it, on the weights of
// a training that has begun. (Filling the batch comes before the first operation, and is not in the table.)

import Base
import Compute
import PeerModels
import Plan
import Training

func profileSteps(_ arguments: Arguments, _ report: Report) throws(GanError) {
    for network in Network.allCases where arguments.wants("profile.\(network.rawValue)") {
        for threads in arguments.threads { try profile(network, threads, arguments, report) }
    }
    for peer in Peer.all where arguments.wants("profile.\(peer.name)") {
        for threads in arguments.threads {
            let step = try PeerStep(peer, threads: threads)
            step.executor.run(seed: 1, firstRow: 0)
            let noise = Noise()
            let steps = try step.executor.profile(seed: 1, firstRow: 0, runs: max(3, Int(arguments.seconds)))
            tell(peer.name, peer.title, threads, steps, noise.reading, report)
        }
    }
}

private func profile(_ network: Network, _ threads: Int, _ arguments: Arguments, _ report: Report) throws(GanError) {
    let trainer = try network.trainer(threads: threads, images: arguments.images)
    try trainer.step(2)
    let noise = Noise()
    let start = Clock.now()
    try trainer.step(1)
    let once = max(1e-6, Clock.now() - start)
    let runs = max(3, min(2000, Int(2 * arguments.seconds / once)))
    try trainer.step(Int64(min(runs, 20)))
    let steps = try trainer.profile(runs: runs)
    tell(network.rawValue, network.title, threads, steps, noise.reading, report)
}

private func tell(_ name: String, _ title: String, _ threads: Int, _ steps: [StepProfile], _ reading: Noise.Reading, _ report: Report) {
    let total = steps.reduce(0) { $0 + $1.working + $1.waiting }
    func cells(_ working: Double, _ waiting: Double, _ operations: Double) -> [String] {
        [
            Text.fixed(working * 1e6, 1), Text.fixed(waiting * 1e6, 1), Text.percent((working + waiting) / total),
            operations > 0 ? Text.fixed(operations / (working + waiting) * 1e-9, 1) : "",
        ]
    }
    func fields(_ working: Double, _ waiting: Double, _ operations: Double) -> [(String, String)] {
        [
            ("microseconds", Text.significant(working * 1e6)), ("waiting", Text.significant(waiting * 1e6)),
            ("share", Text.fixed((working + waiting) / total, 4)),
            ("gflops", operations > 0 ? Text.significant(operations / (working + waiting) * 1e-9) : "null"),
        ]
    }
    let columns = ["µs", "waiting", "share", "GFLOP/s"]
    report.section("A step of the \(title), \(threadsText(threads))", columns)
    for step in steps {
        report.row(
            "profile.\(name).\(step.index)", threads: threads,
            "\(Text.right("\(step.index)", 3)) \(step.kind) \(step.shape)", cells(step.working, step.waiting, step.operations),
            [("kind", Report.quoted(step.kind)), ("shape", Report.quoted(step.shape))]
                + fields(step.working, step.waiting, step.operations), reading)
    }
    report.section("By kind", columns)
    var kinds: [String] = []
    for step in steps where !kinds.contains(step.kind) { kinds.append(step.kind) }
    for kind in kinds + ["all"] {
        let members = steps.filter { kind == "all" || $0.kind == kind }
        let (working, waiting, operations) = members.reduce((0.0, 0.0, 0.0)) {
            ($0.0 + $1.working, $0.1 + $1.waiting, $0.2 + $1.operations)
        }
        report.row(
            "profile.\(name).\(kind)", threads: threads, "\(kind) (\(members.count))", cells(working, waiting, operations),
            fields(working, waiting, operations), reading)
    }
}
