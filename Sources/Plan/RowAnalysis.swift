// Which values of a network belong to the rows of a batch. A network can be drawn in batches of any size if every value that
// depends on its inputs has the rows outermost and no row reads another: then work on fewer rows is the same work, cut short.
// What depends on no input is the same for all rows, and is made once beforehand (`BatchPlan`).

import Base
import Graph

/// How a node's numbers belong to the rows of a batch.
enum RowKind {
    /// They depend on no input.
    case fixed
    /// They depend on no input, and are repeated along the outermost axis: every row reads the same.
    case uniform
    /// Rows are outermost: the numbers of row i lie in the i-th of as many equal runs of memory as there are rows.
    case rows
}

struct RowAnalysis {
    /// By node; only of nodes that the outputs need.
    private(set) var kinds: [Int: RowKind] = [:]

    /// - Parameter rows: The length of the inputs' outermost axis; that of other values is a multiple of it.
    /// - Throws: `.internalError` with the operation in which a row would read another.
    init(_ outputs: [Tensor], of graph: Graph, inputs: Set<String>, rows: Int) throws(GanError) {
        for id in graph.reachable(from: outputs) {
            let node = graph.nodes[id]
            let operands = node.operands.map { kinds[$0] ?? .fixed }
            let kind: RowKind
            if case .buffer(let name) = node.operation {
                kind = inputs.contains(name) ? .rows : .fixed
            } else if case .random = node.operation {
                kind = .rows
            } else if operands.contains(.rows) {
                // In a batch of one, what depends on no input is the same for all rows in any case.
                let repeated = rows == 1 || operands.allSatisfy { $0 != .fixed }
                guard Self.keepsRows(node, operands, node.operands.map { graph.nodes[$0].shape }, repeated) else {
                    throw GanError(
                        .internalError, "The network cannot be run row by row: \(node.operation) to \(node.shape) mixes rows, or gives them other weights each.")
                }
                kind = .rows
            } else {
                kind = Self.isUniform(node, operands, node.operands.map { graph.nodes[$0].shape }) ? .uniform : .fixed
            }
            if kind == .rows {
                guard let first = node.shape.first, first % rows == 0 else {
                    throw GanError(.internalError, "The network cannot be run row by row: \(node.operation) to \(node.shape) has not \(rows) rows.")
                }
            }
            kinds[id] = kind
        }
        for output in outputs where kinds[output.id] != .rows {
            throw GanError(.internalError, "The network has an output of \(output.shape) that depends on no input.")
        }
    }

    /// Whether an operation on rows gives rows. `allRepeat`: what is no rows is the same for every row.
    private static func keepsRows(_ node: Node, _ operands: [RowKind], _ shapes: [Shape], _ allRepeat: Bool) -> Bool {
        switch node.operation {
        case .buffer, .constant, .random: return true
        case .unary, .binary, .select: return allRepeat
        case .reshape, .withoutGradient: return true
        case .broadcast: return node.shape.first == shapes[0].first
        case .permute(let order): return order.first == 0
        case .slice(let starts, let strides): return starts.first == 0 && strides.first == 1 && node.shape.first == shapes[0].first
        case .pad(let before, let interior): return before.first == 0 && interior.first == 0 && node.shape.first == shapes[0].first
        case .concatenate(let axis): return axis > 0 && allRepeat
        case .sum(let axes), .maximum(let axes): return axes.first != 0
        case .matrixProduct(let transposeA, _):
            if node.shape.count > 2 { return allRepeat }
            return !transposeA && operands[0] == .rows && operands[1] != .rows
        case .convolution, .convolutionInputGradient: return operands[0] == .rows && operands[1] != .rows
        case .gather: return operands[0] != .rows
        case .convolutionWeightGradient, .scatterAdd: return false
        }
    }

    private static func isUniform(_ node: Node, _ operands: [RowKind], _ shapes: [Shape]) -> Bool {
        switch node.operation {
        case .constant: true
        case .broadcast: shapes[0].first == 1 || operands[0] == .uniform
        case .unary, .binary, .select: operands.allSatisfy { $0 == .uniform }
        case .permute(let order): operands[0] == .uniform && order.first == 0
        default: false
        }
    }
}
