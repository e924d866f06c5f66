// The parameters of one network as its builder sees them: asked for by name, shape and initial value. The same builder
// code thereby lists a network's parameters, reads them from their buffers, and runs the network again on other values
// (the discriminator after its update, a moving average).

import Base
import Graph

/// How a parameter begins.
public enum InitialValue: Hashable, Sendable {
    case constant(Float)
    /// Normal with mean 0.
    case normal(deviation: Float)
}

public struct Parameter: Hashable, Sendable {
    /// With the network's name in front: "generator.0.weight".
    public let name: String
    public let shape: Shape
    public let initial: InitialValue
}

public final class Parameters {
    public let graph: Graph
    public let network: String
    /// The parameters that the builder has asked for, in that order.
    public private(set) var list: [Parameter] = []
    /// The tensors that stand for them.
    public private(set) var tensors: [Tensor] = []
    private var known: [String: Tensor]
    private let isClosed: Bool

    /// Parameters that live in persistent buffers of their own names.
    public init(of network: String, in graph: Graph) {
        self.graph = graph
        self.network = network
        known = [:]
        isClosed = false
    }

    /// The same parameters with other values.
    public init(_ original: Parameters, values: [Tensor]) {
        graph = original.graph
        network = original.network
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
}
