// A step whose batch is looked at in parts, one after the other, so that what lies between is as small as for one part: the option
// `accumulate`. Every update of the step then is two graphs. The first is run for each part, and adds its share of the gradients, of the
// metrics and of states such as running statistics; the second moves the parameters by the sums, and begins them at 0 again. An
// update's parts see the parameters that the updates before it left, as the whole step would.
//
// Losses are means over items, so a step in equal parts has the gradients of the whole, up to roundings. What looks at several items at
// once sees those of its part: batch normalisation, the average of `relativistic-average`, and the deviation of DRAGAN. Random
// numbers and data are numbered by item, and do not know of parts; but where real and generated items are judged together, dropout
// has other numbers for them in parts than in the whole.

import Base
import Graph
import Networks
import Optimisers
import Plan

/// A graph that is run in a step.
public struct StepPiece {
    public let graph: Graph
    public let updates: [Update]
    /// The fields of the data that it reads.
    public let fields: [Port]
    /// Whether it is run for every part of the batch, rather than once.
    public let isRepeated: Bool
}

/// An update whose gradients parts add up.
struct PartialUpdate {
    let networks: [(parameters: [Parameter], name: String, optimiser: any Optimiser)]
    /// Of one part, in the order of all networks' parameters.
    let gradients: [Tensor]
    let rule: MovingRule
    let gate: UpdateGate?
}

/// Builds the pieces of a step in parts, update by update.
public struct StepParts {
    private let parts: Int
    private(set) var pieces: [StepPiece] = []
    /// Metrics, and states of the training itself, that pieces so far have added up.
    private var told: Set<String> = []
    private var noted: Set<String> = []
    /// Of those states the ones that still have their old value.
    private var waiting: [Parameter] = []

    init(parts: Int) { self.parts = parts }

    /// Where sums over parts are kept.
    static func sum(of name: String) -> String { "part.\(name)" }
    /// The number that decides about an update.
    private static let gate = "gate"
    /// Whether a buffer is such a sum: not saved, and 0 between steps.
    public static func isSum(_ buffer: String) -> Bool { buffer.utf8.starts(with: "part.".utf8) }

    /// The pieces of the builder's update. Returns whether another one has to follow.
    mutating func add(_ builder: StepBuilder, _ networks: [Network]) throws(GanError) -> Bool {
        guard let number = builder.part else { return false }
        let graph = builder.graph
        let isLast = number >= builder.updateCount - 1
        var sums: [Update] = []
        func sum(_ name: String, _ value: Tensor) throws(GanError) {
            let sum = try graph.buffer(Self.sum(of: name), value.shape)
            sums.append(Update(Self.sum(of: name), try sum + value * (1 / Float(parts))))
        }
        var after = Finish(parts: parts)

        if let update = builder.partialUpdate {
            for (parameter, gradient) in zip(update.networks.flatMap(\.parameters), update.gradients) { try sum(parameter.name, gradient) }
            if let gate = update.gate { try sum(Self.gate, gate.value) }
            try after.move(update)
        }
        // A network's states follow the runs before its update; those of one that is not moved, the whole step.
        for network in networks where (builder.movedBy[network.name] ?? max(builder.updateCount - 1, 0)) == number {
            let state = try builder.state(network)
            for (name, value) in state.newStates {
                try sum(name, value)
                try after.store(name, value.shape)
            }
        }
        // What depends on new parameters waits for those.
        let made = Set(builder.held.map(\.id))
        func isKnown(_ value: Tensor) -> Bool { made.isEmpty || !graph.reachable(from: [value]).contains { made.contains($0) } }
        for state in builder.ownStates where !noted.contains(state.name) {
            guard let value = builder.newOwnStates[state.name], isKnown(value) else { continue }
            noted.insert(state.name)
            waiting.append(state)
            try sum(state.name, value)
        }
        if isLast {
            for state in waiting { try after.store(state.name, state.shape) }
            waiting = []
        }
        var metrics: [Int: Tensor] = [:]
        for (index, name) in builder.metricNames.enumerated() where !told.contains(name) {
            guard let value = builder.metrics[name], isKnown(value) else { continue }
            told.insert(name)
            metrics[index] = value
        }
        if !metrics.isEmpty {
            let count = builder.metricNames.count
            let zero = try graph.constant(0, [1])
            try sum(StepBuilder.metricBuffer, Tensor.concatenate((0..<count).map { metrics[$0] ?? zero }, axis: 0))
            try after.tell(Set(metrics.keys), of: count)
        }
        for (network, rule) in builder.averages where (builder.movedBy[network.name] ?? max(builder.updateCount - 1, 0)) == number {
            let state = try builder.state(network)
            let followed = Set(state.newStates.map(\.name))
            try after.average(state.parameters + state.states.filter { followed.contains($0.name) }, rule)
        }
        pieces.append(StepPiece(graph: graph, updates: sums, fields: builder.fields, isRepeated: true))
        pieces.append(StepPiece(graph: after.graph, updates: after.updates, fields: [], isRepeated: false))
        let untold = builder.metrics.keys.contains { !told.contains($0) } || builder.newOwnStates.keys.contains { !noted.contains($0) }
        return !isLast || (untold && number < builder.updateCount)
    }

    /// What is done when all parts have been looked at.
    private struct Finish {
        let parts: Int
        let graph = Graph()
        private(set) var updates: [Update] = []
        /// New values, by name.
        private var values: [String: Tensor] = [:]

        init(parts: Int) { self.parts = parts }

        /// A sum over the parts, which begins at 0 again.
        private mutating func sum(_ name: String, _ shape: Shape) throws(GanError) -> Tensor {
            updates.append(Update(StepParts.sum(of: name), try graph.constant(0, shape)))
            return try graph.buffer(StepParts.sum(of: name), shape)
        }

        mutating func move(_ update: PartialUpdate) throws(GanError) {
            let gate = try update.gate.map { (gate) throws(GanError) in UpdateGate(value: try sum(StepParts.gate, [1]), limit: gate.limit) }
            for (parameters, network, optimiser) in update.networks {
                var (gradients, tensors): ([Tensor], [Tensor]) = ([], [])
                for parameter in parameters {
                    gradients.append(try sum(parameter.name, parameter.shape))
                    tensors.append(try graph.buffer(parameter.name, parameter.shape))
                }
                let (new, moves) = try update.rule.move(parameters, tensors, of: network, by: gradients, optimiser, unless: gate)
                updates += moves
                for (parameter, value) in zip(parameters, new) { values[parameter.name] = value }
            }
        }

        mutating func store(_ name: String, _ shape: Shape) throws(GanError) {
            let value = try sum(name, shape)
            values[name] = value
            updates.append(Update(name, value))
        }

        mutating func tell(_ places: Set<Int>, of count: Int) throws(GanError) {
            let new = try sum(StepBuilder.metricBuffer, [count])
            let old = try graph.buffer(StepBuilder.metricBuffer, [count])
            var numbers: [Tensor] = []
            for place in 0..<count { numbers.append(try (places.contains(place) ? new : old).slice(starts: [place], counts: [1])) }
            updates.append(Update(StepBuilder.metricBuffer, try Tensor.concatenate(numbers, axis: 0)))
        }

        mutating func average(_ all: [Parameter], _ rule: AverageRule) throws(GanError) {
            let kept = try graph.buffer(rule.schedule.buffer, [1])
            for parameter in all {
                let stored = try graph.buffer(parameter.name, parameter.shape)
                updates.append(try rule.update(parameter, values[parameter.name] ?? stored, kept: kept))
            }
        }
    }
}
