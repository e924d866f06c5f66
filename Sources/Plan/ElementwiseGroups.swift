// Gathers elementwise nodes into chains that run in one pass over memory. A node joins the chain of its readers when all
// of them are in one chain, so a chain's inside never leaves the cache; what else is read stays an output.

import Graph
import Kernels

struct ElementwiseGroup {
    /// Ascending, so operands come first.
    var nodes: [Int]
    let shape: Shape
    /// How the shape is seen as rows and columns: the number of leading axes that are rows. Nil: no operand cares.
    var split: Int?
}

/// How an elementwise chain reads one operand.
enum OperandPattern: Equatable {
    /// Element for element.
    case full
    /// One number.
    case scalar
    /// A row for every row; the first `split` axes are rows.
    case row(split: Int)
    /// One number a row.
    case column(split: Int)
    /// A broadcast that has to be written out first.
    case other

    /// The pattern by which a tensor of shape `x` is repeated to `y`.
    init(from x: Shape, to y: Shape) {
        if x == y { self = .full; return }
        let kept = y.indices.filter { x[$0] == y[$0] && y[$0] != 1 }
        let spread = y.indices.filter { x[$0] != y[$0] }
        guard let firstKept = kept.first, let lastKept = kept.last else { self = .scalar; return }
        guard let firstSpread = spread.first, let lastSpread = spread.last else { self = .full; return }
        if lastSpread < firstKept {
            self = .row(split: lastSpread + 1)
        } else if lastKept < firstSpread {
            self = .column(split: firstSpread)
        } else {
            self = .other
        }
    }

    var split: Int? {
        switch self {
        case .row(let split), .column(let split): split
        case .full, .scalar, .other: nil
        }
    }
}

struct Grouping {
    private(set) var groups: [ElementwiseGroup] = []
    private(set) var groupOf: [Int: Int] = [:]
    /// Broadcasts that no chain can read in place.
    private(set) var writtenOut: Set<Int> = []

    /// - Parameter absorbed: Nodes that belong to other work.
    init(_ analysis: Analysis, absorbed: Set<Int>) {
        for id in analysis.live.reversed() where analysis.isElementwise(id) && !absorbed.contains(id) {
            let shape = analysis.node(id).shape
            let readers = Set(analysis.users[id].map { absorbed.contains($0) ? nil : groupOf[$0] })
            if readers.count == 1, let only = readers.first, let group = only, groups[group].shape == shape,
                fits(id, into: groups[group], analysis)
            {
                groups[group].nodes.append(id)
                groupOf[id] = group
            } else {
                groupOf[id] = groups.count
                groups.append(ElementwiseGroup(nodes: [id], shape: shape, split: nil))
            }
            takeSplit(of: id, analysis)
        }
        for index in groups.indices { groups[index].nodes.sort() }
    }

    /// Registers are never reused within a chain this short, so inputs and operations together are bounded.
    private func fits(_ id: Int, into group: ElementwiseGroup, _ analysis: Analysis) -> Bool {
        let nodes = Set(group.nodes + [id])
        let inputs = Set(nodes.flatMap { analysis.node($0).operands }).subtracting(nodes)
        return nodes.count + inputs.count <= ElementwiseArguments.registerLimit
    }

    /// Sees to it that the chain's rows and columns suit this node's broadcast operands, or has those written out.
    private mutating func takeSplit(of id: Int, _ analysis: Analysis) {
        guard let group = groupOf[id] else { return }
        for operand in analysis.node(id).operands {
            guard case .broadcast = analysis.node(operand).operation else { continue }
            let pattern = OperandPattern(from: analysis.node(analysis.node(operand).operands[0]).shape, to: groups[group].shape)
            if pattern == .other {
                writtenOut.insert(operand)
            } else if let split = pattern.split {
                if let other = groups[group].split, other != split {
                    writtenOut.insert(operand)
                } else {
                    groups[group].split = split
                }
            }
        }
    }
}
