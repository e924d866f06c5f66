// The reference interpreter: what a graph means, computed in Double, one operation after the other, by loops that follow
// each operation's definition and nothing else. It is the oracle against which gradients, fusion and kernels are tested, so
// it is written to be read, not to be fast.

import Base
import Graph

public struct ReferenceInterpreter {
    public let graph: Graph
    /// The contents of the graph's named buffers, in row-major order.
    public var buffers: [String: [Double]] = [:]
    /// What random nodes draw from: element (i, j) is the variate of (seed, stream, firstRow + i, j).
    public var seed: UInt64 = 0
    public var firstRow: UInt64 = 0

    public init(graph: Graph) { self.graph = graph }

    /// The elements of each of `tensors`, in row-major order.
    ///
    /// - Throws: `.internalError` for a buffer that is missing or of another length.
    public func evaluate(_ tensors: [Tensor]) throws(GanError) -> [[Double]] {
        let values = try everything(behind: tensors)
        return tensors.map { values[$0.id]?.elements ?? [] }
    }

    /// The values of `tensors` and of every node that they need, by the node's number.
    public func everything(behind tensors: [Tensor]) throws(GanError) -> [Int: Value] {
        for tensor in tensors where tensor.graph !== graph {
            throw GanError(.internalError, "Tensor \(tensor.id) of another graph was handed to the interpreter.")
        }
        var values: [Int: Value] = [:]
        for id in graph.reachable(from: tensors) {
            let node = graph.nodes[id]
            values[id] = try value(of: node.operation, node.operands.compactMap { values[$0] }, shape: node.shape)
        }
        return values
    }

    /// The result of one operation whose shapes are legal, `shape` being that of the result.
    public func value(of operation: Operation, _ operands: [Value], shape: Shape) throws(GanError) -> Value {
        switch operation {
        case .buffer(let name):
            guard let elements = buffers[name], elements.count == shape.reduce(1, *) else {
                throw GanError(.internalError, "The buffer \"\(name)\" has \(buffers[name]?.count ?? 0) elements, not the \(shape) of the graph.")
            }
            return Value(shape, elements)
        case .constant(let constant):
            return Value(shape, repeating: Double(constant))
        case .random(let variate, let stream):
            return Value(shape) { index in randomElement(variate, stream: stream, row: index[0], column: index[1]) }

        case .unary(let function):
            return Value(shape, operands[0].elements.map { ScalarFunctions.apply(function, $0) })
        case .binary(let function):
            return Value(shape, zip(operands[0].elements, operands[1].elements).map { ScalarFunctions.apply(function, $0, $1) })
        case .withoutGradient:
            return operands[0]
        case .select:
            return Value(shape) { index in ScalarFunctions.select(operands[0][index], operands[1][index], operands[2][index]) }

        case .broadcast:
            return Value(shape) { index in operands[0][zip(index, operands[0].shape).map { $1 == 1 ? 0 : $0 }] }
        case .reshape:
            return Value(shape, operands[0].elements)
        case .permute(let order):
            return Value(shape) { index in
                var source = index
                for (axis, sourceAxis) in order.enumerated() { source[sourceAxis] = index[axis] }
                return operands[0][source]
            }
        case .slice(let starts, let strides):
            return Value(shape) { index in operands[0][index.indices.map { starts[$0] + index[$0] * strides[$0] }] }
        case .pad(let before, let interior):
            var result = Value(shape, repeating: 0)
            forEachIndex(of: operands[0].shape) { index in
                result[index.indices.map { before[$0] + index[$0] * (interior[$0] + 1) }] = operands[0][index]
            }
            return result
        case .concatenate(let axis):
            var result = Value(shape, repeating: 0)
            var start = 0
            for part in operands {
                forEachIndex(of: part.shape) { index in
                    var destination = index
                    destination[axis] += start
                    result[destination] = part[index]
                }
                start += part.shape[axis]
            }
            return result

        case .sum:
            return Self.reduce(operands[0], to: shape, from: 0) { $0 + $1 }
        case .maximum:
            return Self.reduce(operands[0], to: shape, from: -.infinity) { ScalarFunctions.apply(.maximum, $0, $1) }

        case .matrixProduct(let transposeA, let transposeB):
            return Self.matrixProduct(operands[0], operands[1], transposeA, transposeB, shape: shape)
        case .convolution(let window):
            return Self.convolution(window, operands[0], operands[1], shape: shape)
        case .convolutionInputGradient(let window):
            return Self.convolutionInputGradient(window, operands[0], operands[1], shape: shape)
        case .convolutionWeightGradient(let window):
            return Self.convolutionWeightGradient(window, operands[0], operands[1], shape: shape)

        case .gather:
            let (table, indices) = (operands[0], operands[1])
            return Value(shape) { index in table[[Self.row(indices.elements[index[0]], of: table.shape[0]), index[1]]] }
        case .scatterAdd:
            var result = Value(shape, repeating: 0)
            forEachIndex(of: operands[0].shape) { index in
                result[[Self.row(operands[1].elements[index[0]], of: shape[0]), index[1]]] += operands[0][index]
            }
            return result
        }
    }

    /// The row of a table that an index names: the nearest one inside.
    private static func row(_ index: Double, of entries: Int) -> Int {
        index > 0 ? Int(min(index, Double(entries - 1))) : 0
    }

    /// Folds `x` into the elements of a result whose reduced axes have length 1.
    private static func reduce(_ x: Value, to shape: Shape, from start: Double, _ combine: (Double, Double) -> Double) -> Value {
        var result = Value(shape, repeating: start)
        forEachIndex(of: x.shape) { index in
            let destination = zip(index, shape).map { $1 == 1 ? 0 : $0 }
            result[destination] = combine(result[destination], x[index])
        }
        return result
    }

    /// op(A) · op(B) for every matrix of the batch that the leading axes are.
    private static func matrixProduct(_ a: Value, _ b: Value, _ transposeA: Bool, _ transposeB: Bool, shape: Shape) -> Value {
        let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
        let inner = a.shape[shape.count - (transposeA ? 2 : 1)]
        var elements: [Double] = []
        for matrix in 0..<shape.dropLast(2).reduce(1, *) {
            let (aStart, bStart) = (matrix * rows * inner, matrix * inner * columns)
            for i in 0..<rows {
                for j in 0..<columns {
                    var sum = 0.0
                    for p in 0..<inner {
                        sum += a.elements[aStart + (transposeA ? p * rows + i : i * inner + p)]
                            * b.elements[bStart + (transposeB ? j * inner + p : p * columns + j)]
                    }
                    elements.append(sum)
                }
            }
        }
        return Value(shape, elements)
    }
}
