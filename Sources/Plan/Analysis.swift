// What the planner knows of a graph before it decides anything: which nodes are needed, who reads what, and which nodes
// are views: other names for memory that an earlier node owns.

import Base
import Graph

struct Analysis {
    let graph: Graph
    let updates: [Update]
    /// The needed nodes, operands first.
    let live: [Int]
    /// For every node, the needed nodes that name it as an operand (a node is listed once a use).
    let users: [[Int]]
    /// For every node, how many updates store it.
    let updateCount: [Int]
    /// From how many elements on a sum is a chain's (see `ElementwiseGroups.swift`).
    let smallestColumnSum: Int
    /// Nodes that are never made, and the node whose memory is read in place of theirs (see `LeakyReluFusion.swift`).
    var standIns: [Int: Int] = [:]

    init(_ updates: [Update], of graph: Graph, smallestColumnSum: Int) {
        self.graph = graph
        self.smallestColumnSum = smallestColumnSum
        self.updates = updates
        live = graph.reachable(from: updates.map(\.value))
        var users = [[Int]](repeating: [], count: graph.nodes.count)
        for id in live {
            for operand in graph.nodes[id].operands { users[operand].append(id) }
        }
        self.users = users
        var updateCount = [Int](repeating: 0, count: graph.nodes.count)
        for update in updates { updateCount[update.value.id] += 1 }
        self.updateCount = updateCount
    }

    func node(_ id: Int) -> Node { graph.nodes[id] }

    /// The only reader of a node that nothing else reads or stores.
    func onlyUser(of id: Int) -> Int? {
        users[id].count == 1 && updateCount[id] == 0 ? users[id][0] : nil
    }

    func isElementwise(_ id: Int) -> Bool {
        switch node(id).operation {
        case .unary, .binary, .select: true
        default: false
        }
    }

    func constant(_ id: Int) -> Float? {
        if case .constant(let value) = node(id).operation { return value }
        return nil
    }

    /// The node that owns the memory of `id`, and where in it the value begins: reshapes, and slices that are one
    /// run of memory, are looked through.
    func root(of id: Int) -> (node: Int, offset: Int) {
        var id = id
        var offset = 0
        while true {
            if let other = standIns[id] {
                id = other
                continue
            }
            let node = node(id)
            switch node.operation {
            case .reshape:
                id = node.operands[0]
            case .slice(let starts, let strides):
                guard let start = Analysis.contiguousStart(starts, strides, from: self.node(node.operands[0]).shape, to: node.shape) else {
                    return (id, offset)
                }
                offset += start
                id = node.operands[0]
            default:
                return (id, offset)
            }
        }
    }

    /// Whether the node is a view, which needs no step of its own.
    func isView(_ id: Int) -> Bool { root(of: id).node != id }

    /// Where a slice begins, if it is one run of the operand's memory: all axes before one are of length 1, all after are whole.
    private static func contiguousStart(_ starts: [Int], _ strides: [Int], from x: Shape, to y: Shape) -> Int? {
        guard let first = y.indices.first(where: { y[$0] != 1 || x[$0] != 1 }) else { return 0 }
        // The outermost axes that are cut to a single element only move the start.
        var axis = first
        while axis < y.count && y[axis] == 1 { axis += 1 }
        if axis < y.count && y[axis] > 1 && strides[axis] != 1 { return nil }
        for inner in y.indices where inner > axis && y[inner] != x[inner] { return nil }
        let strideOf = Strides.contiguous(x)
        return zip(starts, strideOf).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

enum Strides {
    /// The strides of a tensor without gaps.
    static func contiguous(_ shape: Shape) -> [Int] {
        var strides = shape.map { _ in 1 }
        for axis in stride(from: shape.count - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        return strides
    }
}
