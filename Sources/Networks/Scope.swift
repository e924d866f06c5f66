// Where a network gets what it does not compute: parameters, states and noise, each asked for by its place, as names nested with
// points ("generator.3.weight"). The same builder code thereby lists what a network keeps, reads it from its buffers, and runs the
// network again on other values (a discriminator after its update, a moving average).

import Base
import Graph

/// How a parameter begins.
public enum InitialValue: Hashable, Sendable {
    case constant(Float)
    case normal(mean: Float = 0, deviation: Float)
    /// A matrix [rest, outputs] of orthonormal columns, or rows where there are fewer of those, times a gain (Saxe et al. 1312.6120).
    case orthogonal(gain: Float)
}

public struct Parameter: Hashable, Sendable {
    /// With its place in front: "generator.0.weight".
    public let name: String
    public let shape: Shape
    public let initial: InitialValue

    public init(name: String, shape: Shape, initial: InitialValue) {
        self.name = name
        self.shape = shape
        self.initial = initial
    }
}

/// What a network is built for.
public enum Purpose: Sendable {
    case training
    /// Running a finished network, with statistics that were gathered in training and without dropout.
    case sampling
}

/// The parameters and states of one network in one graph, shared by all its runs there.
public final class NetworkState {
    public let network: String
    public let graph: Graph
    public let purpose: Purpose
    /// How many items a step has, where it has a number.
    fileprivate let batch: Int?
    /// What is learnt, in the order in which the network first asked for it.
    public private(set) var parameters: [Parameter] = []
    /// What is followed rather than learnt, such as running statistics; saved with the parameters.
    public private(set) var states: [Parameter] = []
    /// The value that the next run sees, by name.
    private var current: [String: Tensor] = [:]
    private var initial: [String: Parameter] = [:]
    /// States that were given a new value, in the order of the first time.
    private var changed: [String] = []
    /// Whether parameters are those from before the step: after an update runs follow no states.
    private var isBeforeUpdate = true
    /// How often the network has been run: noise is drawn anew in each run.
    private var runs: UInt32 = 0
    private var streams: [UInt32: String] = [:]

    /// A state of no values yet: each is read from the persistent buffer of its name.
    public init(of network: String, in graph: Graph, for purpose: Purpose = .training, batch: Int? = nil) {
        self.network = network
        self.graph = graph
        self.purpose = purpose
        self.batch = batch
    }

    /// The place from which a run of the network asks; each run needs one of its own.
    public func run() -> Scope {
        defer { runs += 1 }
        return Scope(self, path: network, run: runs)
    }

    /// The parameters as the next run sees them.
    public var tensors: [Tensor] { parameters.compactMap { current[$0.name] } }

    /// Gives the parameters new values, in their order. Later runs see those.
    public func update(_ values: [Tensor]) {
        for (parameter, value) in zip(parameters, values) { current[parameter.name] = value }
        isBeforeUpdate = false
    }

    /// Goes on as after an update whose new parameters, and states, lie in the buffers already.
    public func resume() throws(GanError) {
        isBeforeUpdate = false
        for state in states { current[state.name] = try graph.buffer(state.name, state.shape) }
        changed = []
    }

    /// The states' values after the step, of those that the runs changed.
    public var newStates: [(name: String, value: Tensor)] {
        changed.compactMap { name in current[name].map { (name, $0) } }
    }

    fileprivate func value(_ name: String, _ shape: Shape, _ initial: InitialValue, isState: Bool) throws(GanError) -> Tensor {
        if let known = current[name], let parameter = self.initial[name] {
            guard parameter.shape == shape else {
                throw GanError(.internalError, "'\(name)' is asked for as \(shape), and was \(parameter.shape) before.")
            }
            return known
        }
        guard isBeforeUpdate || isState else { throw GanError(.internalError, "The parameter '\(name)' has no value after the update.") }
        let tensor = try graph.buffer(name, shape)
        let parameter = Parameter(name: name, shape: shape, initial: initial)
        current[name] = tensor
        self.initial[name] = parameter
        if isState { states.append(parameter) } else { parameters.append(parameter) }
        return tensor
    }

    fileprivate func setState(_ name: String, _ value: Tensor) {
        guard isBeforeUpdate, purpose == .training else { return }
        if !changed.contains(name) { changed.append(name) }
        current[name] = value
    }

    /// The stream of random numbers of a place in a run. A place has the same stream in every version of the library, whatever
    /// stands around it.
    fileprivate func stream(_ place: String, run: UInt32) throws(GanError) -> UInt32 {
        var bytes = Array(place.utf8)
        withUnsafeBytes(of: run.littleEndian) { bytes += Array($0) }
        let stream = bytes.withUnsafeBytes { Checksum.crc32($0) } | NetworkState.noiseStreams
        let user = "\(place), run \(run)"
        if let other = streams[stream], other != user {
            throw GanError(.internalError, "The noise of \(user) and of \(other) would be the same.")
        }
        streams[stream] = user
        return stream
    }

    /// From this number on streams are networks' noise.
    private static let noiseStreams: UInt32 = 1 << 31
}

/// A place within one run of a network.
public struct Scope {
    private let state: NetworkState
    private let path: String
    private let run: UInt32

    fileprivate init(_ state: NetworkState, path: String, run: UInt32) {
        self.state = state
        self.path = path
        self.run = run
    }

    public var graph: Graph { state.graph }
    public var purpose: Purpose { state.purpose }

    /// The place `name` within this one.
    public subscript(_ name: String) -> Scope { Scope(state, path: "\(path).\(name)", run: run) }
    public subscript(_ number: Int) -> Scope { self["\(number)"] }

    /// A parameter; asking again for the same one gives the same tensor.
    public func parameter(_ name: String, _ shape: Shape, _ initial: InitialValue) throws(GanError) -> Tensor {
        try state.value("\(path).\(name)", shape, initial, isState: false)
    }

    /// A state, as the run before left it.
    public func state(_ name: String, _ shape: Shape, _ initial: InitialValue) throws(GanError) -> Tensor {
        try state.value("\(path).\(name)", shape, initial, isState: true)
    }

    /// Gives a state the value that the network's next run sees. Only runs with the parameters from before the step do.
    public func setState(_ name: String, _ value: Tensor) { state.setState("\(path).\(name)", value) }

    /// Random numbers [rows, …] of this place's own, numbered by row: those of a sample do not depend on its batch.
    public func noise(_ variate: Variate, _ shape: Shape, name: String = "noise") throws(GanError) -> Tensor {
        guard let rows = shape.first else { throw GanError(.internalError, "Noise without rows.") }
        let columns = try Sizes.product(Array(shape.dropFirst()), of: "noise")
        let stream = try state.stream("\(path).\(name)", run: run)
        // A run on several batches at once, such as real and generated items, has several rows' numbers of each item: of rows behind
        // the batch the next step has the same numbers.
        let times = state.batch.map { $0 > 0 && rows % $0 == 0 ? rows / $0 : 1 } ?? 1
        let width = try Sizes.product(columns, times, of: "noise")
        return try graph.random(variate, stream: stream, [rows / times, width]).reshape(shape)
    }
}
