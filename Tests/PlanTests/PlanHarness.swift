// Runs a graph's updates on the real executor, on every instruction set that this processor has and with teams of several
// sizes, and says where a result strays from the reference interpreter's.

import Base
import Compute
import Graph
import Kernels
import Plan

struct PlanHarness {
    static let instructionSets = InstructionSet.supported.map { ($0, KernelTable.table(for: $0)) }
    static let teams = [1, 2, 3, 8].map { ThreadPool(threads: $0) }

    /// How far a result may be from the interpreter's, as a share of the largest number that the way to it goes through (at
    /// least 1): 2⁻¹⁵, a few hundred roundings of single precision. A wrong index or a lost term is far above that.
    static let tolerance = 1.0 / 32768

    let graph: Graph
    let updates: [Update]
    /// What the buffers hold before the first run.
    let values: [String: [Float]]
    var seed: UInt64 = 0x1234_5678_9abc_def0
    var firstRow: UInt64 = 5
    /// Each run goes on from what the one before left behind.
    var runs = 1

    /// The first disagreement, as a sentence; nil where there is none. Graphs are smaller here than in life, so they are
    /// planned a second time as if they were large.
    func disagreement() throws -> String? {
        if let wrong = try disagreement(of: Planner.plan(updates, of: graph)) { return wrong }
        return try disagreement(of: Planner.plan(updates, of: graph, smallestColumnSum: 1)).map { "planned as if large: \($0)" }
    }

    private func disagreement(of plan: Plan) throws -> String? {
        for (set, kernels) in Self.instructionSets {
            var alone: [[String: [Float]]] = []
            for team in Self.teams {
                let (states, overrun) = try execute(plan, kernels, team)
                if let overrun { return "\(set), \(team.threads) members: \(overrun)" }
                if alone.isEmpty {
                    alone = states
                    if let wrong = try stray(states) { return "\(set): \(wrong)" }
                }
                for (run, (state, expected)) in zip(states, alone).enumerated() {
                    for (name, numbers) in expected where !Self.sameBits(state[name] ?? [], numbers) {
                        return "\(set), run \(run): \"\(name)\" has other bits with \(team.threads) members than with one"
                    }
                }
            }
        }
        return nil
    }

    private static func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
    }

    /// All buffers after each run, and a sentence where memory around a buffer or the arena has changed.
    private func execute(_ plan: Plan, _ kernels: KernelTable, _ team: ThreadPool) throws -> ([[String: [Float]]], String?) {
        let guarded = 32
        let sentinel: Float = -8.5e33
        var buffers: [String: AlignedBuffer<Float>] = [:]
        for (name, shape) in plan.buffers {
            let count = shape.reduce(1, *)
            let buffer = try AlignedBuffer<Float>(count: count + guarded, for: name)
            buffer.buffer.update(repeating: sentinel)
            // An output without a value begins as NaN: whoever reads it shows.
            for (i, value) in (values[name] ?? [Float](repeating: .nan, count: count)).enumerated() where i < count { buffer.pointer[i] = value }
            buffers[name] = buffer
        }
        let arena = try AlignedBuffer<Float>(count: plan.arenaCount + guarded, for: "the arena")
        arena.buffer.update(repeating: .nan)
        for i in 0..<guarded { arena.pointer[plan.arenaCount + i] = sentinel }
        let executor = try Executor(plan, buffers: buffers, arena: arena, kernels: kernels, pool: team)
        var states: [[String: [Float]]] = []
        for run in 0..<runs {
            executor.run(seed: seed, firstRow: firstRow + UInt64(run))
            var state: [String: [Float]] = [:]
            for (name, buffer) in buffers { state[name] = Array(buffer.buffer.dropLast(guarded)) }
            states.append(state)
        }
        for (name, buffer) in buffers where buffer.buffer.suffix(guarded).contains(where: { $0 != sentinel }) {
            return (states, "something was written behind \"\(name)\"")
        }
        if arena.buffer.suffix(guarded).contains(where: { $0 != sentinel }) { return (states, "something was written behind the arena") }
        return (states, nil)
    }

    /// Where the executor's states are not what the interpreter makes of the states before them.
    private func stray(_ states: [[String: [Float]]]) throws -> String? {
        var before = values
        for (run, state) in states.enumerated() {
            let all = try interpreter(before, run: run).everything(behind: updates.map(\.value))
            for update in updates {
                let expected = all[update.value.id]?.elements ?? []
                let got = state[update.buffer] ?? []
                if got.count != expected.count { return "run \(run): \"\(update.buffer)\" has \(got.count) elements, not \(expected.count)" }
                let largest = graph.reachable(from: [update.value]).reduce(1) { largest, id in
                    all[id]?.elements.reduce(largest) { $1.isFinite ? max($0, abs($1)) : $0 } ?? largest
                }
                for (i, (a, b)) in zip(got, expected).enumerated() where !Self.agree(Double(a), b, largest) {
                    return "run \(run): \"\(update.buffer)\"[\(i)] is \(a) instead of \(b) (numbers up to \(largest))"
                }
            }
            let updated = Set(updates.map(\.buffer))
            for (name, numbers) in before where !updated.contains(name) && state[name] != nil && !Self.sameBits(state[name] ?? [], numbers) {
                return "run \(run): \"\(name)\" changed, and nothing updates it"
            }
            before.merge(state) { $1 }
        }
        return nil
    }

    private static func agree(_ a: Double, _ b: Double, _ largest: Double) -> Bool {
        a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * largest
    }

    private func interpreter(_ values: [String: [Float]], run: Int) -> ReferenceInterpreter {
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers = values.mapValues { $0.map(Double.init) }
        interpreter.seed = seed
        interpreter.firstRow = firstRow + UInt64(run)
        return interpreter
    }

    /// Whether no comparison is so near that rounding could decide it: single precision may then fall on the other side of
    /// a step, and the results would rightly differ.
    func isClearOfSteps() throws -> Bool {
        let all = try interpreter(values, run: 0).everything(behind: updates.map(\.value))
        for id in graph.reachable(from: updates.map(\.value)) {
            guard case .binary(let function) = graph.nodes[id].operation, function == .greater || function == .equal else { continue }
            let operands = graph.nodes[id].operands.map { all[$0]?.elements ?? [] }
            for (a, b) in zip(operands[0], operands[1]) where a != b && abs(a - b) <= Self.tolerance * max(1, abs(a), abs(b)) { return false }
        }
        return true
    }
}
