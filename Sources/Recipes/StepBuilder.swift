// One training step as one pure function of the state. A recipe says what is run, what is minimised and when; this keeps the books:
// which values a network's next run sees, what gradients must not flow through, what is stored. Because a network's new parameters
// are nodes like any others, no order has to be enforced by hand, and what two updates read is computed once.

import Base
import Graph
import Networks
import Optimisers
import Plan

/// Streams of random numbers; a number once used is never given another meaning.
public enum RandomStream {
    public static let sampledLatents: UInt32 = 0
    /// Plus the place of the draw in the step.
    public static let training: UInt32 = 1
    /// Plus the parameter's index over all networks.
    public static let initialWeights: UInt32 = 1 << 16
    /// Plus the place of the input among the sampled network's.
    public static let sampledInputs: UInt32 = 1 << 20
    /// Plus the number of the attempt, from 0 on, of a latent that was beyond the truncation.
    public static let redrawnLatents: UInt32 = 1 << 24
}

/// How latents are distributed.
public enum LatentDistribution: String, CaseIterable, Sendable {
    case normal
    /// Uniform on −1 … 1.
    case uniform

    /// Fresh latents [rows, size]: row r is number (first row of the run + r) of the stream.
    public func latents(in graph: Graph, stream: UInt32, _ rows: Int, _ size: Int) throws(GanError) -> Tensor {
        switch self {
        case .normal: try graph.random(.normal, stream: stream, [rows, size])
        case .uniform: try graph.random(.uniform, stream: stream, [rows, size]) * 2 - 1
        }
    }
}

/// A network that an optimiser moves.
public struct OptimisedNetwork: Sendable {
    public let network: String
    public let optimiser: any Optimiser
    public let cadence: Cadence
    /// The buffer of the optimiser's numbers that change with the step.
    public var scalarBuffer: String { "\(network).\(optimiser.name)" }
}

/// A number that changes with the step and with nothing else, such as a strength that decays.
public struct StepSchedule: Sendable {
    public let name: String
    public let value: @Sendable (_ step: Int64) -> Double
    /// Where its value for a step is, as one number.
    public var buffer: String { "schedule.\(name)" }
}

public final class StepBuilder {
    public let graph = Graph()
    /// How many items a step looks at, or a part of it (`StepParts.swift`).
    public let batch: Int
    /// The step that is built: whatever happens at it is part of it.
    private let step: Int64
    let metricNames: [String]
    /// Of a step in parts, the number of the update whose gradients this graph adds up; nil for a step that is one graph.
    let part: Int?
    private var states: [String: NetworkState] = [:]
    /// Values after an update: constants to every later gradient.
    private(set) var held: [Tensor] = []
    private var updates: [Update] = []
    private(set) var metrics: [String: Tensor] = [:]
    private var draws: UInt32 = 0
    /// How many updates happen at this step, so far, and by which of them a network is moved first.
    private(set) var updateCount = 0
    private(set) var movedBy: [String: Int] = [:]
    /// Of a step in parts, the update that this graph is about.
    private(set) var partialUpdate: PartialUpdate?
    private(set) var averages: [(network: Network, rule: AverageRule)] = []
    /// States of the training itself: what they are before the step, and after it.
    private(set) var ownStates: [Parameter] = []
    private(set) var newOwnStates: [String: Tensor] = [:]
    /// Numbers that change with the step.
    public private(set) var schedules: [StepSchedule] = []
    /// All that was asked for, whether it happens at this step or not.
    public private(set) var cadences: [Cadence] = []
    public private(set) var optimised: [OptimisedNetwork] = []
    /// Moving averages, by network.
    public private(set) var averaged: [String] = []
    /// The buffers of data that the step reads.
    public private(set) var fields: [Port] = []

    /// Where the step's metrics are stored, in the order of the recipe's list.
    public static let metricBuffer = "metrics"
    /// What the buffer of a data field is named.
    public static func buffer(of field: String) -> String { "data.\(field)" }
    /// What a parameter's moving average is named.
    public static func average(of parameter: String) -> String { "average.\(parameter)" }

    /// - Parameter purpose: What networks are run for.
    init(networks: [Network], metrics: [String], batch: Int, step: Int64, part: Int? = nil, purpose: Purpose = .training) {
        self.batch = batch
        self.step = step
        self.part = part
        metricNames = metrics
        for network in networks {
            states[network.name] = NetworkState(of: network.name, in: graph, for: network.isFixed ? .sampling : purpose, batch: batch)
        }
    }

    // MARK: What a step reads

    /// A field of the batch, [batch] + `shape`.
    public func data(_ field: Port) throws(GanError) -> Tensor {
        if !fields.contains(field) { fields.append(field) }
        return try graph.buffer(Self.buffer(of: field.name), [batch] + field.shape)
    }

    /// Fresh latents [batch, size], of this place in the step.
    public func latents(_ size: Int, _ distribution: LatentDistribution) throws(GanError) -> Tensor {
        defer { draws += 1 }
        return try distribution.latents(in: graph, stream: RandomStream.training + draws, batch, size)
    }

    /// Fresh uniform numbers on [0, 1), [batch] + `shape`, of this place in the step.
    public func uniform(_ shape: Shape) throws(GanError) -> Tensor {
        defer { draws += 1 }
        let columns = try Sizes.product(shape, of: "random numbers")
        return try graph.random(.uniform, stream: RandomStream.training + draws, [batch, columns]).reshape([batch] + shape)
    }

    /// Fresh standard normal numbers, [batch] + `shape`, of this place in the step.
    public func normal(_ shape: Shape) throws(GanError) -> Tensor {
        defer { draws += 1 }
        let columns = try Sizes.product(shape, of: "random numbers")
        return try graph.random(.normal, stream: RandomStream.training + draws, [batch, columns]).reshape([batch] + shape)
    }

    /// A number that changes with the step, [1].
    public func schedule(_ name: String, _ value: @escaping @Sendable (_ step: Int64) -> Double) throws(GanError) -> Tensor {
        let schedule = StepSchedule(name: name, value: value)
        if !schedules.contains(where: { $0.name == name }) { schedules.append(schedule) }
        return try graph.buffer(schedule.buffer, [1])
    }

    /// A state of the training itself, which is no network's: what the step before left. Saved in checkpoints.
    public func state(_ name: String, _ shape: Shape, _ initial: InitialValue) throws(GanError) -> Tensor {
        let state = Parameter(name: name, shape: shape, initial: initial)
        if !ownStates.contains(state) { ownStates.append(state) }
        return try graph.buffer(name, shape)
    }

    /// Gives such a state the value that the next step sees.
    public func setState(_ name: String, _ value: Tensor) { newOwnStates[name] = value }

    // MARK: What a step does

    /// Whether something happens at this step.
    public func happens(_ cadence: Cadence) -> Bool {
        if !cadences.contains(cadence) { cadences.append(cadence) }
        return cadence.happens(at: step)
    }

    /// Runs a network on the parameters that it has by now.
    public func run(_ network: Network, _ inputs: Tensors) throws(GanError) -> Tensors { try network(inputs, in: state(network)) }

    /// Moves networks against the gradient of `loss`, together. Runs after that see their new parameters.
    ///
    /// - Parameters:
    ///   - clip: The largest norm of the gradient over all parameters of a network; nil for any.
    ///   - limit: The largest magnitude of a parameter after the step (weight clipping); nil for any.
    ///   - gate: By which number of the step the update may be left out; nil for an update at every step of the cadence.
    public func minimise(
        _ loss: Tensor, moving networks: [(Network, any Optimiser)], _ cadence: Cadence = .always, clip: Float? = nil, limit: Float? = nil,
        unless gate: UpdateGate? = nil
    ) throws(GanError) {
        for (network, optimiser) in networks where !optimised.contains(where: { $0.network == network.name }) {
            optimised.append(OptimisedNetwork(network: network.name, optimiser: optimiser, cadence: cadence))
        }
        if gate != nil {
            for (network, optimiser) in networks {
                for power in optimiser.powers { _ = try state(UpdateGate.power(power.scalar, of: optimiser, network.name), [1], .constant(1)) }
            }
        }
        guard happens(cadence) else { return }
        let number = updateCount
        updateCount += 1
        for (network, _) in networks where movedBy[network.name] == nil { movedBy[network.name] = number }
        let states = try networks.map { (network, _) throws(GanError) in try state(network) }
        if let part, number < part {
            for state in states { try state.resume() }
            return
        }
        let variables = states.flatMap(\.tensors)
        var gradients = try graph.gradient(of: loss, with: variables, holding: held)
        let rule = MovingRule(clip: clip, limit: limit)
        if part == number {
            partialUpdate = PartialUpdate(
                networks: zip(states, networks).map { ($0.parameters, $1.0.name, $1.1) }, gradients: gradients, rule: rule, gate: gate)
        }
        for (state, (network, optimiser)) in zip(states, networks) {
            let own = Array(gradients.prefix(state.parameters.count))
            gradients.removeFirst(state.parameters.count)
            let (values, moves) = try rule.move(state.parameters, state.tensors, of: network.name, by: own, optimiser, unless: gate)
            updates += moves
            state.update(values)
            held += values
        }
    }

    /// Follows a network's parameters and states by a moving average, which sampling uses: `decay` of the old and the rest of the new.
    public func average(_ network: Network, decay: Float) throws(GanError) {
        averaged.append(network.name)
        let rule = AverageRule(network: network.name, decay: decay)
        averages.append((network, rule))
        let kept = try schedule(rule.schedule.name, rule.schedule.value)
        let state = try state(network)
        let newStates = Dictionary(state.newStates.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        for (parameter, value) in zip(state.parameters, state.tensors) { updates.append(try rule.update(parameter, value, kept: kept)) }
        for parameter in state.states {
            if let value = newStates[parameter.name] { updates.append(try rule.update(parameter, value, kept: kept)) }
        }
    }

    /// A number of the step that can be read, by a name of the recipe's list.
    public func metric(_ name: String, _ value: Tensor) throws(GanError) {
        guard metricNames.contains(name), value.elementCount == 1 else {
            throw GanError(.internalError, "'\(name)' of \(value.shape) is no metric of the recipe.")
        }
        metrics[name] = try value.reshape([1])
    }

    // MARK: What comes of it

    var metricPlaces: [Int] { metricNames.indices.filter { metrics[metricNames[$0]] != nil } }

    func state(_ network: Network) throws(GanError) -> NetworkState {
        guard let state = states[network.name] else { throw GanError(.internalError, "The recipe has no network '\(network.name)'.") }
        return state
    }

    /// The updates of the whole step. A metric that this step does not make keeps its number.
    func finished(_ networks: [Network]) throws(GanError) -> [Update] {
        var all = updates
        for network in networks { all += try state(network).newStates.map { Update($0.name, $0.value) } }
        for state in ownStates { if let value = newOwnStates[state.name] { all.append(Update(state.name, value)) } }
        if metricNames.isEmpty { return all }
        let before = try graph.buffer(Self.metricBuffer, [metricNames.count])
        var numbers: [Tensor] = []
        for (index, name) in metricNames.enumerated() {
            if let metric = metrics[name] { numbers.append(metric) } else { numbers.append(try before.slice(starts: [index], counts: [1])) }
        }
        return all + [Update(Self.metricBuffer, try Tensor.concatenate(numbers, axis: 0))]
    }
}

/// An update that is left out where a number of the step, the mean of its items', is above a limit.
public struct UpdateGate {
    /// [1]
    let value: Tensor
    let limit: Float

    /// The state that is a base to the power of how many updates were made: what `Optimiser.powers` are of.
    static func power(_ scalar: Int, of optimiser: any Optimiser, _ network: String) -> String { "gate.\(network).\(optimiser.name).\(scalar)" }
}

/// How an average follows a network.
struct AverageRule: Sendable {
    let network: String
    let decay: Float

    /// How much of the average a step keeps: of the first steps less, (1 + t) / (10 + t) at step t, so that the average of a short training
    /// is not of how the network began (as TensorFlow's ExponentialMovingAverage counts updates).
    var schedule: StepSchedule {
        let decay = Double(decay)
        return StepSchedule(name: "\(network).average") { step in min(decay, (1 + Double(step)) / (10 + Double(step))) }
    }

    /// - Parameter kept: The schedule's number, [1].
    func update(_ parameter: Parameter, _ value: Tensor, kept: Tensor) throws(GanError) -> Update {
        let name = StepBuilder.average(of: parameter.name)
        return Update(name, try value.graph.buffer(name, parameter.shape) * kept + value * (1 - kept))
    }
}

/// How parameters follow their gradients.
struct MovingRule {
    /// The largest norm of a network's gradient, and the largest magnitude of a parameter; nil for any.
    let clip: Float?
    let limit: Float?

    /// The new values of a network's parameters, and the updates of them and of what the optimiser keeps.
    ///
    /// With a gate all of these are what they were before where it is closed: the step stays one function of the state.
    func move(
        _ parameters: [Parameter], _ tensors: [Tensor], of network: String, by gradients: [Tensor], _ optimiser: any Optimiser,
        unless gate: UpdateGate? = nil
    ) throws(GanError) -> (values: [Tensor], updates: [Update]) {
        guard let graph = tensors.first?.graph else { return ([], []) }
        let own = try clip.map { (limit) throws(GanError) in try Self.clipped(gradients, to: limit) } ?? gradients
        let scalars = try graph.buffer("\(network).\(optimiser.name)", [optimiser.scalarCount])
        var (values, updates): ([Tensor], [Update]) = ([], [])
        let isClosed = try gate.map { (gate) throws(GanError) in try gate.value.greater(gate.limit) }
        func kept(_ new: Tensor, _ old: Tensor) throws(GanError) -> Tensor {
            if let isClosed { return try isClosed.select(old, new) }
            return new
        }
        // Of updates that were made, and not of steps.
        var counted: [Int: Tensor] = [:]
        if isClosed != nil {
            for (index, base) in optimiser.powers {
                let name = UpdateGate.power(index, of: optimiser, network)
                let before = try graph.buffer(name, [1])
                let power = try before * Float(base)
                counted[index] = try 1 / (1 - power)
                updates.append(Update(name, try kept(power, before)))
            }
        }
        for ((parameter, tensor), gradient) in zip(zip(parameters, tensors), own) {
            let slots = try optimiser.slots.map { (slot) throws(GanError) in try graph.buffer("\(parameter.name).\(slot)", parameter.shape) }
            let result = try optimiser.step(tensor, gradient: gradient, slots: slots) { (index) throws(GanError) in
                if let counted = counted[index] { return try counted.broadcast(to: parameter.shape) }
                return try scalars.slice(starts: [index], counts: [1]).broadcast(to: parameter.shape)
            }
            var value = result.parameter
            if let limit { value = try value.minimum(graph.constant(limit, value.shape)).maximum(-limit) }
            value = try kept(value, tensor)
            values.append(value)
            updates.append(Update(parameter.name, value))
            for ((name, new), old) in zip(zip(optimiser.slots, result.slots), slots) { updates.append(Update("\(parameter.name).\(name)", try kept(new, old))) }
        }
        return (values, updates)
    }

    /// Scaled so that the norm of them all is at most `limit` (Pascanu et al. 1211.5063, algorithm 1).
    private static func clipped(_ gradients: [Tensor], to limit: Float) throws(GanError) -> [Tensor] {
        var total: Tensor?
        for gradient in gradients {
            let squares = try gradient.squared().sum().reshape([1])
            total = try total.map { (sum) throws(GanError) in try sum + squares } ?? squares
        }
        guard let total else { return [] }
        let norm = try total.squareRoot()
        let scale = try limit / norm.maximum(limit)
        return try gradients.map { (gradient) throws(GanError) in try gradient * scale.reshape(gradient.shape.map { _ in 1 }) }
    }
}
