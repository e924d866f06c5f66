// Gathers elementwise nodes into chains that run in one pass over memory. A node joins the chain of one of its readers, so
// what a chain alone reads never leaves the cache; what others read too is stored on the way. Sums over rows are made by
// the chain that makes their summands. A value that costs one operation on what is in memory anyway (x − mean) is made
// again in each chain that reads it.

import Graph
import Kernels

struct ElementwiseGroup {
    /// Ascending, so operands come first.
    var nodes: [Int]
    /// Sums over the rows of the chain's nodes.
    var sums: [Int] = []
    /// The chain's number in its grouping.
    let index: Int
    let shape: Shape
    /// How the shape is seen as rows and columns: the number of leading axes that are rows. Nil: no operand cares.
    var split: Int?

    /// The nodes that the chain makes.
    var made: [Int] { nodes + sums }
}

/// A sum over the rows of a matrix, as one pass makes it chunk by chunk.
struct ColumnSum {
    let rows: Int
    let columns: Int
    /// The number of axes that are rows.
    let split: Int

    /// Nil where the axes are not the first ones, where the work is too little to be worth it, or rows shorter than a vector.
    fileprivate init?(of shape: Shape, over axes: [Int], smallest: Int) {
        guard let last = axes.last, axes == Array(0...last) else { return nil }
        split = last + 1
        rows = shape[..<split].reduce(1, *)
        columns = shape[split...].reduce(1, *)
        guard rows * columns >= smallest, columns * 512 >= min(smallest, 8192) else { return nil }
    }
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
    /// Nodes that every chain which reads them makes for itself, and those chains.
    private var makers: [Int: [Int]] = [:]
    private var units: UnitDependences

    /// - Parameter fused: Sets of nodes that belong to other work, a unit each.
    init(_ analysis: Analysis, fused: [[Int]]) {
        units = UnitDependences(analysis, units: fused)
        let absorbed = Set(fused.joined())
        for id in analysis.live.reversed() where analysis.isElementwise(id) && !absorbed.contains(id) {
            var readers: [Int] = []  // chains
            var sums: [Int] = []
            var stored = analysis.updateCount[id] > 0
            for user in analysis.users[id] {
                if analysis.isElementwise(user), let groups = makers[user] ?? groupOf[user].map({ [$0] }) {
                    for group in groups where !readers.contains(group) { readers.append(group) }
                } else if analysis.columnSum(user) != nil && !absorbed.contains(user) {
                    if !sums.contains(user) { sums.append(user) }
                } else {
                    stored = true
                }
            }
            if !stored && readers.count + sums.count > 1 && analysis.isCheap(id) && recompute(id, in: readers, sums, analysis) { continue }

            let sole = readers.count == 1 && sums.isEmpty && !stored
            let joined = readers.filter { group in
                fits(id, into: groups[group], analysis) && (sole || !units.leads(from: id, to: groups[group], around: true))
            }.min { groups[$0].nodes[0] < groups[$1].nodes[0] }
            let group = joined ?? begin(analysis.node(id).shape)
            add(id, to: group, analysis)
            groupOf[id] = group
            units.join(id, groups[group])
            for sum in sums { attachIfPossible(sum, to: group, analysis) }
        }
        attachSumsOfInputs(analysis, except: absorbed)
        for index in groups.indices { groups[index].nodes.sort() }
    }

    private mutating func begin(_ shape: Shape) -> Int {
        groups.append(ElementwiseGroup(nodes: [], index: groups.count, shape: shape, split: nil))
        return groups.count - 1
    }

    private mutating func add(_ id: Int, to group: Int, _ analysis: Analysis) {
        // The first is the lowest: nodes come from the last to the first.
        groups[group].nodes.insert(id, at: 0)
        takeSplit(of: id, in: group, analysis)
    }

    /// Puts a node into each of its readers, if it fits them all.
    private mutating func recompute(_ id: Int, in readers: [Int], _ sums: [Int], _ analysis: Analysis) -> Bool {
        guard readers.allSatisfy({ fits(id, into: groups[$0], analysis) }) else { return false }
        makers[id] = readers
        for group in readers { add(id, to: group, analysis) }
        for sum in sums {
            let suited = readers.contains { group in
                !units.leads(from: sum, to: groups[group], around: false) && attachIfPossible(sum, to: group, analysis)
            }
            if suited { continue }
            let group = begin(analysis.node(id).shape)
            add(id, to: group, analysis)
            makers[id]?.append(group)
            attachIfPossible(sum, to: group, analysis)
        }
        return true
    }

    /// Whether every chain that reads the node makes it for itself.
    func isRecomputed(_ id: Int) -> Bool { makers[id] != nil }

    /// Sums of what other work left in memory are made by a chain that reads it anyway.
    private mutating func attachSumsOfInputs(_ analysis: Analysis, except absorbed: Set<Int>) {
        var groupsReading: [Int: [Int]] = [:]
        for group in groups {
            for operand in Set(group.nodes.flatMap { analysis.node($0).operands }) { groupsReading[operand, default: []].append(group.index) }
        }
        for id in analysis.live where groupOf[id] == nil && !absorbed.contains(id) && analysis.columnSum(id) != nil {
            let operand = analysis.node(id).operands[0]
            if isRecomputed(operand) { continue }
            for group in groupsReading[operand] ?? [] {
                guard !groups[group].nodes.contains(operand), fits(operand, into: groups[group], analysis),
                    !units.leads(from: id, to: groups[group], around: false)
                else { continue }
                if attachIfPossible(id, to: group, analysis) { break }
            }
        }
    }

    /// Has a chain make a sum too, unless it sees its rows otherwise.
    @discardableResult
    private mutating func attachIfPossible(_ sum: Int, to group: Int, _ analysis: Analysis) -> Bool {
        guard let columns = analysis.columnSum(sum), groups[group].split == nil || groups[group].split == columns.split else { return false }
        groups[group].split = columns.split
        groups[group].sums.append(sum)
        groupOf[sum] = group
        units.join(sum, groups[group])
        return true
    }

    /// Registers are never reused within a chain this short, so inputs and operations together are bounded.
    private func fits(_ id: Int, into group: ElementwiseGroup, _ analysis: Analysis) -> Bool {
        let nodes = Set(group.nodes + [id])
        let inputs = Set(nodes.flatMap { analysis.node($0).operands }).subtracting(nodes)
        return nodes.count + inputs.count <= ElementwiseArguments.registerLimit
    }

    /// Sees to it that the chain's rows and columns suit this node's broadcast operands, or has those written out.
    private mutating func takeSplit(of id: Int, in group: Int, _ analysis: Analysis) {
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

extension Analysis {
    /// The sum that a chain can make of its summands.
    func columnSum(_ id: Int) -> ColumnSum? {
        guard case .sum(let axes) = node(id).operation else { return nil }
        return ColumnSum(of: node(node(id).operands[0]).shape, over: axes, smallest: smallestColumnSum)
    }

    /// A few operations, no more than `depth` after each other, on one value that other work leaves in memory and on what is
    /// repeated: cheaper to make again than to store and read.
    func isCheap(_ id: Int, depth: Int = 4) -> Bool {
        guard depth > 0, case .binary(let function) = node(id).operation, [.add, .subtract, .multiply, .greater].contains(function)
        else { return false }
        func isRepeated(_ id: Int) -> Bool {
            if constant(id) != nil { return true }
            guard case .broadcast = node(id).operation else { return false }
            return OperandPattern(from: node(node(id).operands[0]).shape, to: node(id).shape) != .other
        }
        let values = node(id).operands.filter { !isRepeated($0) }
        return values.count == 1 && values.allSatisfy { !isElementwise($0) || isCheap($0, depth: depth - 1) }
    }
}
