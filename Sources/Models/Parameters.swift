// The parameters of one network as its builder sees them: asked for by name, shape and initial value. The same builder
// code thereby lists a network's parameters, reads them from their buffers, and runs the network again on other values
// (the discriminator after its update, a moving average).

import Base
import Graph

/// How a parameter begins.
public enum InitialValue: Hashable, Sendable {
    case constant(Float)
    case normal(mean: Float = 0, deviation: Float)
}

public struct Parameter: Hashable, Sendable {
    /// With the network's name in front: "generator.0.weight".
    public let name: String
    public let shape: Shape
    public let initial: InitialValue
}

public final class Parameters {
    /// What the network is built for.
    public enum Purpose: Sendable {
        case training
        /// Drawing from finished parameters, with statistics that were gathered in training.
        case sampling
    }

    public let graph: Graph
    public let network: String
    public let purpose: Purpose
    /// The parameters that the builder has asked for, in that order.
    public private(set) var list: [Parameter] = []
    /// The tensors that stand for them.
    public private(set) var tensors: [Tensor] = []
    /// Numbers that are saved with the parameters and followed rather than learnt, such as running statistics.
    public private(set) var states: [Parameter] = []
    /// The states' new values after a training step.
    public private(set) var stateValues: [(name: String, value: Tensor)] = []
    private var known: [String: Tensor]
    private let isClosed: Bool

    /// Parameters that live in persistent buffers of their own names.
    public init(of network: String, in graph: Graph, for purpose: Purpose = .training) {
        self.graph = graph
        self.network = network
        self.purpose = purpose
        known = [:]
        isClosed = false
    }

    /// The same parameters with other values.
    public init(_ original: Parameters, values: [Tensor]) {
        graph = original.graph
        network = original.network
        purpose = original.purpose
        known = Dictionary(zip(original.list.map(\.name), values), uniquingKeysWith: { first, _ in first })
        isClosed = true
    }

    /// The parameter `name` of the network; asking again for the same one gives the same tensor.
    public func callAsFunction(_ name: String, _ shape: Shape, _ initial: InitialValue) throws(GanError) -> Tensor {
        let name = "\(network).\(name)"
        if let tensor = known[name] { return tensor }
        guard !isClosed else { throw GanError(.internalError, "The parameter \(name) has no value here.") }
        let tensor = try graph.buffer(name, shape)
        known[name] = tensor
        list.append(Parameter(name: name, shape: shape, initial: initial))
        tensors.append(tensor)
        return tensor
    }

    /// A state of the network, as it was before the step.
    public func state(_ name: String, _ shape: Shape, _ initial: InitialValue) throws(GanError) -> Tensor {
        let name = "\(network).\(name)"
        if let tensor = known[name] { return tensor }
        let tensor = try graph.buffer(name, shape)
        known[name] = tensor
        states.append(Parameter(name: name, shape: shape, initial: initial))
        return tensor
    }

    /// Gives a state its value after the step. Only a network's own run does so, not its runs on other parameters.
    public func setState(_ name: String, _ value: Tensor) {
        if !isClosed { stateValues.append(("\(network).\(name)", value)) }
    }
}
