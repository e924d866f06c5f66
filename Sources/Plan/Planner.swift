// From a graph to a plan, in this order:
//
//   0. what only gradients care about is left out, and what two passes have in common is made once (SharedWork);
//   1. product fusions, elementwise chains, and everything else become *units* of work;
//   2. units are put in the order in which the updates need them;
//   3. every value gets a place: views share their root's, an update's value its buffer, a part of a concatenation its part,
//      a chain's result the place of an operand that ends there, and the rest the arena (ArenaPlanner);
//   4. units become steps, and barriers go where one member could touch what another is still at (Barriers).

import Base
import Graph
import Kernels

public enum Planner {
    /// Plans the run that gives every buffer of `updates` its new value.
    ///
    /// - Parameters:
    ///   - inputs: Buffers that are filled anew before every run. Where only a concatenation reads one, it becomes a part of that,
    ///     and of the arena (`Plan.inputs`).
    ///   - smallestColumnSum: From how many elements on a sum of columns is made by the chain that makes them, in chunks
    ///     of rows; tests put everything through it.
    public static func plan(
        _ updates: [Update], of graph: Graph, inputs: Set<String> = [], smallestColumnSum: Int = 8192
    ) throws(GanError) -> Plan {
        for (index, update) in updates.enumerated() where updates[..<index].contains(where: { $0.buffer == update.buffer }) {
            throw GanError(.internalError, "The buffer '\(update.buffer)' is updated twice.")
        }
        let (graph, updates) = try withSharedWork(withoutHolding(updates, of: graph))
        let schedule = try Schedule(Analysis(updates, of: graph, smallestColumnSum: smallestColumnSum))
        try Memory.check()
        let placement = Placement(schedule, inputs: inputs)
        let steps = try StepWriter(schedule, placement, inputs: inputs).steps()
        try Memory.check()
        var plan = Plan()
        plan.storages = placement.finished(constants: steps.constants.count)
        plan.storages.append(.arena(offset: placement.arenaCount, count: steps.temporaryCount))
        plan.arenaCount = try Sizes.sum(placement.arenaCount, steps.temporaryCount, of: "the intermediate values of a network")
        plan.steps = Barriers.insert(into: steps.steps, storages: plan.storages)
        plan.constants = steps.constants
        plan.inputs = placement.inputs
        plan.buffers = try bufferShapes(updates, of: graph).filter { placement.inputs[$0.key] == nil }
        return plan
    }

    /// The same graph without the nodes that only gradients care about.
    static func withoutHolding(_ updates: [Update], of graph: Graph) throws(GanError) -> (graph: Graph, updates: [Update]) {
        guard graph.nodes.contains(where: { $0.operation == .withoutGradient }) else { return (graph, updates) }
        let (copy, values) = try graph.copy(updates.map(\.value)) { (id, operands, _) throws(GanError) in
            graph.nodes[id].operation == .withoutGradient ? operands.first : nil
        }
        return (copy, zip(updates, values).map { Update($0.buffer, $1) })
    }

    /// The same updates for fewer products, where there are some that need not be made twice.
    static func withSharedWork(_ given: (graph: Graph, updates: [Update])) throws(GanError) -> (Graph, [Update]) {
        let (graph, values) = try given.graph.sharingWork(of: given.updates.map(\.value))
        return (graph, zip(given.updates, values).map { Update($0.buffer, $1) })
    }

    private static func bufferShapes(_ updates: [Update], of graph: Graph) throws(GanError) -> [String: Shape] {
        var shapes: [String: Shape] = [:]
        func note(_ name: String, _ shape: Shape) throws(GanError) {
            if let known = shapes[name], known != shape {
                throw GanError(.internalError, "The buffer '\(name)' is both \(known) and \(shape).")
            }
            shapes[name] = shape
        }
        for id in graph.reachable(from: updates.map(\.value)) {
            if case .buffer(let name) = graph.nodes[id].operation { try note(name, graph.nodes[id].shape) }
        }
        for update in updates { try note(update.buffer, update.value.shape) }
        return shapes
    }
}

/// Units of work in the order in which they run.
struct Schedule {
    /// Indirect: a unit is one word to copy, whatever it holds.
    indirect enum Unit {
        case group(ElementwiseGroup)
        case product(ProductFusion)
        case adam(AdamFusion)
        case single(Int)
    }

    let analysis: Analysis
    let grouping: Grouping
    private(set) var units: [Unit] = []
    /// For every root node that a unit makes, the unit's position.
    private(set) var maker: [Int: Int] = [:]
    /// For every root node, the positions of the units that read its memory, ascending.
    private(set) var readers: [Int: [Int]] = [:]
    /// Nodes that a product's write-back reads from memory, in place of the nodes that named them as operands.
    private let writeBackReads: Set<Int>

    init(_ given: Analysis) throws(GanError) {
        let adams = given.adamFusions()
        let fusions = given.productFusions(except: Set(adams.compactMap(\.product)))
        var analysis = given
        for fusion in fusions {
            if let node = fusion.sameSign { analysis.standIns[node] = fusion.result }
        }
        self.analysis = analysis
        writeBackReads = Set(fusions.flatMap { [$0.bias, $0.derivativeOf].compactMap { $0 } })
        grouping = Grouping(analysis, fused: fusions.map(\.absorbed) + adams.map { $0.all.flatMap(\.absorbed) })
        let fusionOf = Dictionary(uniqueKeysWithValues: fusions.map { ($0.result, $0) })
        var adamOf: [Int: AdamFusion] = [:]
        for adam in adams {
            for new in Schedule.made(by: .adam(adam)) { adamOf[new] = adam }
        }

        // Depth first from the updates, without recursion: a graph may be deep. In their order, but those whose gradient is a
        // product's come last: a product with Adam fills the second-level cache, and what else reads its operands finds them
        // there before.
        var done: Set<Int> = []  // by the unit's first made node
        func unit(making id: Int) -> Unit? {
            if let fusion = fusionOf[id] { return .product(fusion) }
            if let adam = adamOf[id] { return .adam(adam) }
            if let group = grouping.groupOf[id] { return .group(grouping.groups[group]) }
            if case .buffer = analysis.node(id).operation { return nil }
            return .single(id)
        }
        func key(_ unit: Unit) -> Int {
            switch unit {
            case .group(let group): -1 - group.index
            case .product(let fusion): fusion.result
            case .adam(let adam): adam.newParameter
            case .single(let id): id
            }
        }
        let late = Set(adams.filter { $0.product != nil }.flatMap { Schedule.made(by: .adam($0)) })
        let updates = analysis.updates.filter { !late.contains($0.value.id) } + analysis.updates.filter { late.contains($0.value.id) }
        for update in updates {
            var stack: [(id: Int, expanded: Bool)] = [(analysis.root(of: update.value.id).node, false)]
            while let (id, expanded) = stack.popLast() {
                guard let unit = unit(making: id) else { continue }
                let key = key(unit)
                if done.contains(key) { continue }
                if expanded {
                    done.insert(key)
                    let position = units.count
                    units.append(unit)
                    for made in Schedule.made(by: unit) { maker[made] = position }
                    for root in Set(reads(of: unit)) { readers[root, default: []].append(position) }
                } else {
                    stack.append((id, true))
                    for root in reads(of: unit).reversed() { stack.append((root, false)) }
                }
            }
        }
    }

    static func made(by unit: Unit) -> [Int] {
        switch unit {
        case .group(let group): group.made
        case .product(let fusion): [fusion.result]
        case .adam(let adam): adam.all.flatMap { [$0.newParameter, $0.newFirst, $0.newSecond] }
        case .single(let id): [id]
        }
    }

    /// The roots of all memory that a unit reads.
    func reads(of unit: Unit) -> [Int] { operands(of: unit).map { analysis.root(of: $0).node } }

    /// The nodes whose values a unit reads from memory: broadcasts that a chain reads in place stand for their operand.
    func operands(of unit: Unit) -> [Int] {
        switch unit {
        case .single(let id):
            return analysis.node(id).operands
        case .product(let fusion):
            return analysis.node(fusion.product).operands + [fusion.bias, fusion.derivativeOf].compactMap { $0 }
        case .adam(let adam):
            return adam.all.flatMap { [$0.parameter, $0.first, $0.second, $0.scalars] }
                + (adam.product.map { analysis.node($0).operands } ?? [adam.gradient])
        case .group(let group):
            let inside = Set(group.nodes)
            return group.nodes.flatMap { analysis.node($0).operands }
                .filter { !inside.contains($0) && analysis.constant($0) == nil }
                .map { inPlaceBroadcast($0) ?? $0 }
        }
    }

    /// The operand of a broadcast that elementwise chains read without writing it out.
    func inPlaceBroadcast(_ id: Int) -> Int? {
        guard case .broadcast = analysis.node(id).operation, !grouping.writtenOut.contains(id) else { return nil }
        return analysis.node(id).operands[0]
    }

    /// Nodes of a group that something outside of it reads or stores.
    func outputs(of group: ElementwiseGroup) -> [Int] {
        let inside = Set(group.nodes + group.sums)
        return group.nodes.filter { id in
            if grouping.isRecomputed(id) { return false }
            return analysis.updateCount[id] > 0 || writeBackReads.contains(id) || analysis.users[id].contains { !inside.contains($0) }
        }
    }
}
