// A graph: immutable nodes with static shapes, in an order in which operands come first. Nodes are only ever
// added, each is verified when it is (Verifier.swift), trivial ones are simplified away (Simplifier.swift), and equal ones
// are one node. The gradient (Gradient.swift) adds nodes to the same graph.

import Base

/// The lengths of a tensor's axes; [] is a scalar.
public typealias Shape = [Int]

public struct Node: Hashable, Sendable {
    public let operation: Operation
    public let operands: [Int]
    public let shape: Shape

    public var elementCount: Int { shape.reduce(1, *) }
}

public final class Graph {
    public private(set) var nodes: [Node] = []
    private var known: [Node: Int] = [:]

    public init() {}

    /// Adds a node, or finds the equal one, and gives its tensor.
    ///
    /// - Parameter shape: The result's shape, for operations whose operands do not tell it.
    /// - Throws: `.internalError` or `.outOfRange` where the operation is not legal for these shapes.
    public func add(_ operation: Operation, _ operands: [Tensor], shape: Shape? = nil) throws(GanError) -> Tensor {
        guard operands.allSatisfy({ $0.graph === self }) else {
            throw GanError(.internalError, "\(operation) was given a tensor of another graph.")
        }
        let shapes = operands.map(\.shape)
        let result = try Verifier.shape(of: operation, operands: shapes, requested: shape)
        if let simpler = try Simplifier.simplify(operation, operands, shape: result) { return simpler }
        return intern(Node(operation: operation, operands: operands.map(\.id), shape: result))
    }

    private func intern(_ node: Node) -> Tensor {
        if let id = known[node] { return Tensor(graph: self, id: id, shape: node.shape) }
        let id = nodes.count
        nodes.append(node)
        known[node] = id
        return Tensor(graph: self, id: id, shape: node.shape)
    }

    // MARK: Leaves

    /// A named persistent buffer. One name has one shape.
    public func buffer(_ name: String, _ shape: Shape) throws(GanError) -> Tensor {
        try add(.buffer(name), [], shape: shape)
    }

    /// A tensor all of whose elements are `value`.
    public func constant(_ value: Float, _ shape: Shape = []) throws(GanError) -> Tensor {
        try add(.constant(value), [], shape: shape)
    }

    /// Random numbers, [rows, columns]; each a function of the seed, the stream, its row's number and its column.
    public func random(_ variate: Variate, stream: UInt32, _ shape: Shape) throws(GanError) -> Tensor {
        try add(.random(variate, stream: stream), [], shape: shape)
    }

    /// The nodes that `roots` need, operands first.
    public func reachable(from roots: [Tensor]) -> [Int] { reachable(from: roots.map(\.id)) }

    /// - Parameter leaves: Nodes that are taken as given, whatever they are made of.
    public func reachable(from roots: [Int], stoppingAt leaves: Set<Int> = []) -> [Int] {
        var needed = [Bool](repeating: false, count: nodes.count)
        for root in roots { needed[root] = true }
        for id in stride(from: nodes.count - 1, through: 0, by: -1) where needed[id] && !leaves.contains(id) {
            for operand in nodes[id].operands { needed[operand] = true }
        }
        return nodes.indices.filter { needed[$0] }
    }
}

extension Graph {
    /// A graph of its own with what `roots` need, and the roots there.
    ///
    /// - Parameter replacement: What stands in the place of a node, given the new graph and the node's operands there; nil for the
    ///   same operation. A node with a replacement that uses none of its operands leaves them out.
    public func copy(
        _ roots: [Tensor], stoppingAt leaves: Set<Int> = [],
        replacing replacement: (_ id: Int, _ operands: [Tensor], _ graph: Graph) throws(GanError) -> Tensor?
    ) throws(GanError) -> (graph: Graph, roots: [Tensor]) {
        let graph = Graph()
        var copies: [Int: Tensor] = [:]
        for id in reachable(from: roots.map(\.id), stoppingAt: leaves) {
            let node = nodes[id]
            let operands = node.operands.compactMap { copies[$0] }
            if let other = try replacement(id, operands, graph) {
                copies[id] = other
            } else {
                copies[id] = try graph.add(node.operation, operands, shape: node.shape)
            }
        }
        return (graph, roots.compactMap { copies[$0.id] })
    }
}

/// A node of a graph as builders see it.
public struct Tensor {
    public let graph: Graph
    public let id: Int
    public let shape: Shape

    public init(graph: Graph, id: Int, shape: Shape) {
        self.graph = graph
        self.id = id
        self.shape = shape
    }

    public var rank: Int { shape.count }
    public var elementCount: Int { shape.reduce(1, *) }
    public var node: Node { graph.nodes[id] }

    /// The value of every element, where it is known.
    public var constantValue: Float? {
        if case .constant(let value) = node.operation { return value }
        return nil
    }
}
