// Which units of work depend on which, while chains are being gathered. Two units may become one only where no third has to
// run between them.

import Graph

struct UnitDependences {
    private let analysis: Analysis
    /// For every node the unit it belongs to, -1 for a node by itself.
    private var unit: [Int]
    private var members: [[Int]]
    /// The chains' units, by their number.
    private var unitOfGroup: [Int: Int] = [:]

    init(_ analysis: Analysis, units: [[Int]]) {
        self.analysis = analysis
        members = units
        unit = [Int](repeating: -1, count: analysis.graph.nodes.count)
        for (index, nodes) in units.enumerated() {
            for node in nodes { unit[node] = index }
        }
    }

    /// Notes that a node is made by a chain.
    mutating func join(_ id: Int, _ group: ElementwiseGroup) {
        let index: Int
        if let known = unitOfGroup[group.index] {
            index = known
        } else {
            index = members.count
            members.append([])
            unitOfGroup[group.index] = index
        }
        unit[id] = index
        members[index].append(id)
    }

    /// Whether the chain needs what is made from the node `id`.
    ///
    /// - Parameter around: Reading `id` itself does not count, only a way around through other units.
    func leads(from id: Int, to group: ElementwiseGroup, around: Bool) -> Bool {
        let own = unitOfGroup[group.index] ?? -2
        var seen = Set<Int>()  // nodes by themselves, and units as negative numbers
        var stack: [Int] = []
        func isOwn(_ node: Int) -> Bool { unit[node] == own || group.nodes.contains(node) }
        for node in group.nodes {
            for operand in analysis.node(node).operands where !isOwn(operand) && !(around && operand == id) { stack.append(operand) }
        }
        while let node = stack.popLast() {
            if node == id { return true }
            let index = unit[node]
            // Its own unit again, on a way around: that would be a circle already, which is never made.
            if index == own { continue }
            guard seen.insert(index < 0 ? node : -1 - index).inserted else { continue }
            for member in index < 0 ? [node] : members[index] {
                for operand in analysis.node(member).operands where index < 0 || unit[operand] != index { stack.append(operand) }
            }
        }
        return false
    }
}
