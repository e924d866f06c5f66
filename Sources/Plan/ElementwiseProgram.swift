// The operations of an elementwise chain over registers. A register is used again when its value has been read for the
// last time, which keeps the chain's working set in the first-level cache; a product that only a sum reads becomes one
// fused multiply-add.

import Graph
import Kernels

struct ElementwiseProgram {
    private(set) var operations: [ElementwiseOperation] = []
    /// The register that holds each node's value when its operation has run.
    private(set) var register: [Int: UInt8]

    /// - Parameters:
    ///   - nodes: The chain, operands first.
    ///   - inputs: The registers of what the chain reads.
    ///   - outputs: Nodes whose registers must keep their value to the end.
    init(_ nodes: [Int], _ analysis: Analysis, inputs: [Int: UInt8], inputCount: Int, outputs: Set<Int>) {
        register = inputs
        let inside = Set(nodes)
        // Products that are taken into the sum that alone reads them.
        var fused: [Int: Int] = [:]  // sum → product
        for id in nodes {
            guard case .binary(.add) = analysis.node(id).operation else { continue }
            let candidate = analysis.node(id).operands.reversed().first { operand in
                guard case .binary(.multiply) = analysis.node(operand).operation else { return false }
                return inside.contains(operand) && !outputs.contains(operand) && analysis.users[operand].count == 1
            }
            if let candidate { fused[id] = candidate }
        }
        let skipped = Set(fused.values)

        func operands(_ id: Int) -> [Int] {
            let own = analysis.node(id).operands
            guard let product = fused[id] else { return own }
            let addend = own[0] == product ? own[1] : own[0]
            return analysis.node(product).operands + [addend]
        }
        var lastUse: [Int: Int] = [:]
        let order = nodes.filter { !skipped.contains($0) }
        for (position, id) in order.enumerated() {
            for operand in operands(id) { lastUse[operand] = position }
        }

        var free: [UInt8] = []
        var next = UInt8(inputCount)
        for (position, id) in order.enumerated() {
            let sources = operands(id)
            let registers = sources.map { register[$0] ?? 0 }
            // Only registers that the chain itself filled are free for others: inputs are read in place from memory.
            for operand in sources where inside.contains(operand) && !outputs.contains(operand) && lastUse[operand] == position {
                if let done = register[operand], !free.contains(done) { free.append(done) }
            }
            let destination: UInt8
            if let reused = free.popLast() {
                destination = reused
            } else {
                destination = next
                next += 1
            }
            register[id] = destination
            operations.append(
                ElementwiseOperation(
                    fused[id] != nil ? .multiplyAdd : Self.opcode(analysis.node(id).operation), destination: destination,
                    a: registers[0], b: registers.count > 1 ? registers[1] : 0, c: registers.count > 2 ? registers[2] : 0))
        }
    }

    private static func opcode(_ operation: Operation) -> ElementwiseOpcode {
        switch operation {
        case .unary(let function):
            switch function {
            case .negate: .negate
            case .absolute: .absolute
            case .exponential: .exponential
            case .logarithm: .logarithm
            case .squareRoot: .squareRoot
            case .tanh: .tanh
            case .sigmoid: .sigmoid
            case .softplus: .softplus
            }
        case .binary(let function):
            switch function {
            case .add: .add
            case .subtract: .subtract
            case .multiply: .multiply
            case .divide: .divide
            case .maximum: .maximum
            case .minimum: .minimum
            case .greater: .greater
            case .equal: .equal
            }
        default: .select
        }
    }
}
