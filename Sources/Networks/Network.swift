// A network: a function from named tensors to named tensors, which asks its scope for everything else. Shapes are the real ones,
// [batch, …]; nothing is flattened for its sake.

import Base
import Graph

/// An input or output of a network: its name and the shape of one item.
public struct Port: Hashable, Sendable {
    public let name: String
    public let shape: Shape

    public init(_ name: String, _ shape: Shape) {
        self.name = name
        self.shape = shape
    }
}

/// Tensors by name.
public struct Tensors: ExpressibleByDictionaryLiteral {
    private var tensors: [String: Tensor]

    public init(dictionaryLiteral elements: (String, Tensor)...) {
        tensors = Dictionary(elements, uniquingKeysWith: { first, _ in first })
    }

    public init(_ tensors: [String: Tensor]) { self.tensors = tensors }

    public func callAsFunction(_ name: String) throws(GanError) -> Tensor {
        guard let tensor = tensors[name] else {
            throw GanError(.internalError, "There is no tensor '\(name)' among \(tensors.keys.sorted()).")
        }
        return tensor
    }

    public var names: [String] { Array(tensors.keys) }

    /// Each tensor in another form.
    public func mapped(_ form: (Tensor) throws(GanError) -> Tensor) throws(GanError) -> Tensors {
        var result: Tensors = [:]
        for name in tensors.keys.sorted() { result[name] = try form(self(name)) }
        return result
    }

    /// Each tensor with the other's of its name.
    public func joined(_ other: Tensors, _ form: (Tensor, Tensor) throws(GanError) -> Tensor) throws(GanError) -> Tensors {
        var result: Tensors = [:]
        for name in tensors.keys.sorted() { result[name] = try form(self(name), other(name)) }
        return result
    }

    /// The tensor, where there is one.
    public subscript(_ name: String) -> Tensor? {
        get { tensors[name] }
        set { tensors[name] = newValue }
    }
}

public struct Network: Sendable {
    public typealias Body = @Sendable (_ inputs: Tensors, _ scope: Scope) throws(GanError) -> Tensors

    /// What its parameters' names begin with.
    public let name: String
    public let inputs: [Port]
    /// Whether it stays as it is, and is run in training as it is in use: what looks at pictures for a loss.
    public let isFixed: Bool
    private let body: Body

    public init(_ name: String, inputs: [Port], isFixed: Bool = false, _ body: @escaping Body) {
        self.name = name
        self.inputs = inputs
        self.isFixed = isFixed
        self.body = body
    }

    /// The same network for inputs of other sides, where it is made of layers that take any.
    public func taking(_ inputs: [Port]) -> Network { Network(name, inputs: inputs, isFixed: isFixed, body) }

    /// Runs the network once.
    public func callAsFunction(_ inputs: Tensors, in state: NetworkState) throws(GanError) -> Tensors {
        for input in self.inputs {
            let tensor = try inputs(input.name)
            guard tensor.rank == input.shape.count + 1, Array(tensor.shape.dropFirst()) == input.shape else {
                throw GanError(.internalError, "The network '\(name)' takes '\(input.name)' as [batch] + \(input.shape), and was given \(tensor.shape).")
            }
        }
        return try body(inputs, state.run())
    }
}
