import Compute
import Kernels
import XCTest

/// An input of a chain: its values, and how a kernel is told to read them.
private struct Source {
    var values: Fenced<Float>
    var rowStride: Int
    var columnStride: Int
    func at(_ i: Int, _ j: Int) -> Float { values.pointer[i * rowStride + j * columnStride] }
}

private func arguments(_ opcode: ElementwiseOpcode) -> Int {
    switch opcode {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater, .equal: return 2
    case .multiplyAdd, .select: return 3
    default: return 1
    }
}

private func truth(_ opcode: ElementwiseOpcode, _ a: Double, _ b: Double, _ c: Double) -> Double {
    switch opcode {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .maximum: return a > b || a.isNaN ? a : b
    case .minimum: return a < b || a.isNaN ? a : b
    case .multiplyAdd: return a * b + c
    case .select: return a.isNaN ? a : a != 0 ? b : c
    case .greater: return a.isNaN || b.isNaN ? .nan : a > b ? 1 : 0
    case .equal: return a.isNaN || b.isNaN ? .nan : a == b ? 1 : 0
    case .negate: return -a
    case .absolute: return abs(a)
    case .exponential: return exp(a)
    case .logarithm: return log(a)
    case .squareRoot: return a.squareRoot()
    case .tanh: return tanh(a)
    case .sigmoid: return a < 0 ? exp(a) / (1 + exp(a)) : 1 / (1 + exp(-a))
    case .softplus: return max(a, 0) + log1p(exp(-abs(a)))
    }
}

final class ElementwiseTests: XCTestCase {
    private func source(_ rows: Int, _ columns: Int, _ chance: inout Chance, kind: Int) -> Source {
        let (rowStride, columnStride, count): (Int, Int, Int)
        switch kind {
        case 0: (rowStride, columnStride, count) = (columns, 1, rows * columns)
        case 1:
            rowStride = columns + chance.int(1...9)
            (columnStride, count) = (1, (rows - 1) * rowStride + columns)
        case 2: (rowStride, columnStride, count) = (0, 0, 1)
        case 3: (rowStride, columnStride, count) = (0, 1, columns)
        default:
            rowStride = chance.int(1...3)
            (columnStride, count) = (0, (rows - 1) * rowStride + 1)
        }
        let values = Fenced<Float>(count, atEnd: chance.bool())
        // Repeated small numbers make equality happen; ½ keeps logarithms and divisions finite often enough.
        values.fill { chance.int(0...3) == 0 ? Float(chance.int(-2...2)) : 4 * chance.float() }
        return Source(values: values, rowStride: rowStride, columnStride: columnStride)
    }

    /// Chains of random operations, one after another in plain Swift with the same roundings as far as they are defined.
    func testRandomChains() {
        var chance = Chance(11)
        for _ in 0..<400 {
            let rows = chance.pick([1, 1, 2, 3, 7, 20, 70])
            let columns = chance.pick([1, 2, 3, 5, 15, 16, 17, 31, 33, 64, 100, 255, 257, 600])
            let inputCount = chance.int(1...4)
            let sources = (0..<inputCount).map { _ in source(rows, columns, &chance, kind: chance.int(0...4)) }
            let simple: [ElementwiseOpcode] = [
                .add, .subtract, .multiply, .maximum, .minimum, .select, .greater, .equal, .negate, .absolute, .tanh, .sigmoid,
            ]
            var operations: [ElementwiseOperation] = []
            var named = inputCount
            for _ in 0..<chance.int(0...6) {
                // Sometimes a register is used again, even that of an input.
                let destination = chance.int(0...3) == 0 ? chance.int(0...(named - 1)) : named
                let pick = { (chance: inout Chance) in UInt8(chance.int(0...(named - 1))) }
                operations.append(
                    ElementwiseOperation(
                        chance.pick(simple), destination: UInt8(destination), a: pick(&chance), b: pick(&chance), c: pick(&chance)))
                named = max(named, destination + 1)
            }
            let stored = (0..<chance.int(1...2)).map { n in n == 0 ? named - 1 : chance.int(0...(named - 1)) }
            // In place over the first input where that is a whole matrix.
            let inPlace = chance.bool() && sources[0].columnStride == 1 && sources[0].rowStride >= columns
            let outputStrides = stored.indices.map { n in n == 0 && inPlace ? sources[0].rowStride : columns + chance.pick([0, 0, 3]) }

            // The truth.
            var expected = stored.map { _ in [Double](repeating: 0, count: rows * columns) }
            for i in 0..<rows {
                for j in 0..<columns {
                    var registers = sources.map { Double($0.at(i, j)) } + [Double](repeating: 0, count: 8)
                    for o in operations {
                        registers[Int(o.destination)] = truth(
                            o.opcode, registers[Int(o.a)], registers[Int(o.b)], registers[Int(o.c)])
                        if [.add, .subtract, .multiply].contains(o.opcode) {
                            registers[Int(o.destination)] = Double(Float(registers[Int(o.destination)]))
                        }
                    }
                    for (n, register) in stored.enumerated() { expected[n][i * columns + j] = registers[register] }
                }
            }

            keep(sources)
            for (name, table) in tables {
                var first: [[UInt32]]? = nil
                for parts in [1, 2, 3, 8] {
                    let copies = sources.map { Fenced<Float>($0.values.values, atEnd: chance.bool()) }
                    let inputs = zip(sources, copies).map {
                        ElementwiseInput($1.pointer, rowStride: $0.rowStride, columnStride: $0.columnStride)
                    }
                    let results = stored.indices.map { n in
                        n == 0 && inPlace ? copies[0] : Fenced<Float>((rows - 1) * outputStrides[n] + columns, atEnd: chance.bool())
                    }
                    let outputs = stored.enumerated().map { n, register in
                        ElementwiseOutput(results[n].pointer, rowStride: outputStrides[n], register: UInt8(register))
                    }
                    let workspace = Fenced<Float>(table.elementwiseWorkspace)
                    inputs.withUnsafeBufferPointer { inputs in
                        operations.withUnsafeBufferPointer { operations in
                            outputs.withUnsafeBufferPointer { outputs in
                                var none = ElementwiseOperation(.add, destination: 0, a: 0)
                                withUnsafePointer(to: &none) { none in
                                    var t = ElementwiseArguments(
                                        rows: rows, columns: columns, inputs: inputs.baseAddress!, inputCount: inputs.count,
                                        operations: operations.baseAddress ?? none, operationCount: operations.count,
                                        outputs: outputs.baseAddress!, outputCount: outputs.count)
                                    for part in 0..<parts { table.elementwise(&t, part, parts, workspace.pointer) }
                                }
                            }
                        }
                    }
                    let label = "\(name) \(rows)×\(columns), \(parts) parts, \(operations.map { $0.opcode })"
                    for n in stored.indices {
                        for i in 0..<rows {
                            for j in 0..<columns {
                                let found = Double(results[n].pointer[i * outputStrides[n] + j])
                                let wanted = expected[n][i * columns + j]
                                // Comparisons of rounded values may tip over: those chains end in a value that is 0 or 1.
                                let near = abs(found - wanted) <= 2e-5 * (1 + abs(wanted)) || (found.isNaN && wanted.isNaN)
                                let tips = operations.contains { [.greater, .equal, .select].contains($0.opcode) }
                                    && operations.contains { [.tanh, .sigmoid].contains($0.opcode) }
                                if !near && !tips { return XCTFail("\(label): (\(i), \(j)) is \(found), not \(wanted)") }
                            }
                        }
                    }
                    let bits = results.map { $0.bits }
                    keep(copies, results, workspace)
                    if let first { XCTAssertEqual(bits, first, label) } else { first = bits }
                }
            }
        }
    }

    /// Chains that add up registers over the rows: an input's and a result's, with and without outputs.
    func testSumsOverRows() {
        var chance = Chance(14)
        for round in 0..<150 {
            let rows = chance.int(1...70)
            let columns = chance.pick([1, 2, 5, 15, 16, 17, 31, 33, 63, 64, 65, 100, 128, 255, 257, 600, 1100])
            let sources = [
                source(rows, columns, &chance, kind: 0), source(rows, columns, &chance, kind: chance.int(0...4)),
            ]
            let chunks = chance.int(1...rows)
            // Register 2 is their difference, 3 its square; without operations there is the first input only.
            let operations = round % 5 == 0
                ? []
                : [
                    ElementwiseOperation(.subtract, destination: 2, a: 0, b: 1), ElementwiseOperation(.multiply, destination: 3, a: 2, b: 2),
                ]
            let summed = operations.isEmpty ? [0] : [3, 0, 2]
            let stored = operations.isEmpty || chance.bool() ? [] : [2]
            func value(_ register: Int, _ i: Int, _ j: Int) -> Double {
                let (a, b) = (Double(sources[0].at(i, j)), Double(sources[1].at(i, j)))
                return [a, b, a - b, (a - b) * (a - b)][register]
            }
            keep(sources)
            for (name, table) in tables {
                var first: [[UInt32]]? = nil
                for parts in [1, 2, 3, 8] {
                    let inputs = sources.map { ElementwiseInput($0.values.pointer, rowStride: $0.rowStride, columnStride: $0.columnStride) }
                    let results = stored.map { _ in Fenced<Float>(rows * columns, atEnd: chance.bool()) }
                    let outputs = zip(results, stored).map { ElementwiseOutput($0.pointer, rowStride: columns, register: UInt8($1)) }
                    let partials = summed.map { _ in Fenced<Float>(chunks * columns, atEnd: chance.bool()) }
                    let sums = zip(partials, summed).map { ElementwiseSum($0.pointer, register: UInt8($1)) }
                    let workspace = Fenced<Float>(table.elementwiseWorkspace)
                    inputs.withUnsafeBufferPointer { inputs in
                        (operations + [ElementwiseOperation(.add, destination: 0, a: 0)]).withUnsafeBufferPointer { some in
                            (outputs + [ElementwiseOutput(workspace.pointer, rowStride: 0, register: 0)]).withUnsafeBufferPointer { outputs in
                                sums.withUnsafeBufferPointer { sums in
                                    var t = ElementwiseArguments(
                                        rows: rows, columns: columns, inputs: inputs.baseAddress!, inputCount: 2, operations: some.baseAddress!,
                                        operationCount: operations.count, outputs: outputs.baseAddress!, outputCount: stored.count)
                                    t.sums = sums.baseAddress
                                    t.sumCount = sums.count
                                    t.sumChunks = chunks
                                    for part in 0..<parts { table.elementwise(&t, part, parts, workspace.pointer) }
                                }
                            }
                        }
                    }
                    let label = "\(name) \(rows)×\(columns), \(chunks) chunks, \(parts) parts, \(operations.count) operations"
                    for (n, register) in summed.enumerated() {
                        for chunk in 0..<chunks {
                            for j in 0..<columns {
                                let range = rows * chunk / chunks..<rows * (chunk + 1) / chunks
                                let wanted = range.reduce(0) { $0 + value(register, $1, j) }
                                let size = range.reduce(0) { $0 + abs(value(register, $1, j)) }
                                let found = Double(partials[n].pointer[chunk * columns + j])
                                if !(abs(found - wanted) <= 1e-5 * (1 + size)) {
                                    return XCTFail("\(label): sum \(n) of chunk \(chunk), column \(j) is \(found), not \(wanted)")
                                }
                            }
                        }
                    }
                    for result in results {
                        for i in 0..<rows {
                            for j in 0..<columns {
                                XCTAssertEqual(Double(result.pointer[i * columns + j]), value(2, i, j), accuracy: 1e-5, label)
                            }
                        }
                    }
                    let bits = (partials + results).map { $0.bits }
                    keep(partials, results, workspace)
                    if let first { XCTAssertEqual(bits, first, label) } else { first = bits }
                }
            }
        }
    }

    /// One operation over a list of values.
    private func apply(_ table: KernelTable, _ opcode: ElementwiseOpcode, _ a: [Float], _ b: [Float] = [], _ c: [Float] = []) -> [Float] {
        let sources = [a, b, c].map { Fenced<Float>($0.isEmpty ? a : $0) }
        let inputs = sources.map { ElementwiseInput($0.pointer, rowStride: a.count, columnStride: 1) }
        let result = Fenced<Float>(a.count)
        let outputs = [ElementwiseOutput(result.pointer, rowStride: a.count, register: 3)]
        let operations = [ElementwiseOperation(opcode, destination: 3, a: 0, b: 1, c: 2)]
        let workspace = Fenced<Float>(table.elementwiseWorkspace)
        var t = ElementwiseArguments(
            rows: 1, columns: a.count, inputs: inputs, inputCount: 3, operations: operations, operationCount: 1, outputs: outputs,
            outputCount: 1)
        inputs.withUnsafeBufferPointer { inputs in
            operations.withUnsafeBufferPointer { operations in
                outputs.withUnsafeBufferPointer { outputs in
                    t.inputs = inputs.baseAddress!
                    t.operations = operations.baseAddress!
                    t.outputs = outputs.baseAddress!
                    table.elementwise(&t, 0, 1, workspace.pointer)
                }
            }
        }
        keep(sources, result, workspace)
        return result.values
    }

    /// Floats from all over the number line: every exponent, some fractions of each, and the neighbours of the landmarks.
    private func sweep() -> [Float] {
        var values: [Float] = []
        var chance = Chance(12)
        for exponent in 0..<255 {
            for _ in 0..<200 {
                values.append(Float(bitPattern: UInt32(exponent) << 23 | UInt32(truncatingIfNeeded: chance.next()) & 0x7fffff))
            }
        }
        for landmark: Float in [0, 0.3465, 0.625, 0.707107, 1, 1.41421, 2, 9.01, 16.6, 87.3365, 88.0297, 88.7228, 103.279, 103.972, 104] {
            var up = landmark
            var down = landmark
            for _ in 0..<50 {
                values += [up, down]
                up = up.nextUp
                down = down.nextDown
            }
        }
        for i in 0..<40_000 { values.append(Float(i) * 0.0026) }
        return values + values.map { -$0 }
    }

    /// exp, log, tanh and sigmoid; softplus, a sum of two rounded values, reaches 2.4. Dense where the functions change, since
    /// the largest errors are rare.
    func testFunctionsAreWithinTwoUnitsInTheLastPlace() {
        var values = sweep()
        for bits in stride(from: Float(0.001).bitPattern, to: Float(20).bitPattern, by: 331) {
            let x = Float(bitPattern: bits)
            values += [x, -x]
        }
        for (name, table) in tables {
            for opcode: ElementwiseOpcode in [.exponential, .logarithm, .squareRoot, .tanh, .sigmoid, .softplus] {
                let found = apply(table, opcode, values)
                var worst = 0.0
                var at: Float = 0
                for (x, y) in zip(values, found) {
                    let wanted = truth(opcode, Double(x), 0, 0)
                    let error = ulps(y, wanted)
                    if error > worst { (worst, at) = (error, x) }
                }
                XCTAssertLessThanOrEqual(worst, opcode == .softplus ? 2.6 : 2, "\(name) \(opcode) at \(at)")
                print("\(name) \(opcode): at most \(worst) ulp, at \(at)")
            }
        }
    }

    /// What is made from NaN is NaN, in every lane, of whole vectors and of the last one; the lanes beside it are numbers.
    func testNotANumberPasses() {
        let lanes = 37
        for (name, table) in tables {
            for opcode in ElementwiseOpcode.allCases {
                for operand in 0..<arguments(opcode) {
                    for lane in 0..<lanes {
                        var operands = [[Float](repeating: 1, count: lanes), .init(repeating: 2, count: lanes), .init(repeating: 3, count: lanes)]
                        operands[operand][lane] = lane % 2 == 0 ? .nan : -.nan
                        let found = apply(table, opcode, operands[0], operands[1], operands[2])
                        // 1 chooses the first of two values: what the other one is does not matter.
                        let wanted = opcode == .select && operand == 2 ? nil : lane
                        for i in 0..<lanes { XCTAssertEqual(found[i].isNaN, i == wanted, "\(name) \(opcode), operand \(operand), lane \(i)") }
                    }
                }
            }
        }
    }

    func testSpecialValues() {
        let infinity = Float.infinity
        let tiny = Float.leastNonzeroMagnitude
        let cases: [(ElementwiseOpcode, Float, Float)] = [
            (.exponential, -infinity, 0), (.exponential, infinity, infinity), (.exponential, 0, 1), (.exponential, 89, infinity),
            (.exponential, 1e30, infinity), (.exponential, -1e30, 0), (.exponential, -103, tiny),
            (.logarithm, 0, -infinity), (.logarithm, -0.0, -infinity), (.logarithm, infinity, infinity), (.logarithm, 1, 0),
            (.logarithm, -1, .nan), (.logarithm, -infinity, .nan), (.logarithm, tiny, -103.27893),
            (.tanh, infinity, 1), (.tanh, -infinity, -1), (.tanh, 20, 1), (.tanh, -20, -1), (.tanh, tiny, tiny), (.tanh, 0, 0),
            (.sigmoid, infinity, 1), (.sigmoid, -infinity, 0), (.sigmoid, 0, 0.5), (.sigmoid, -103, tiny),
            (.softplus, infinity, infinity), (.softplus, -infinity, 0), (.softplus, 100, 100), (.softplus, -103, tiny),
            (.softplus, 3e38, 3e38), (.squareRoot, -1, .nan), (.squareRoot, infinity, infinity), (.absolute, -infinity, infinity),
        ]
        for (name, table) in tables {
            for (opcode, x, wanted) in cases {
                let found = apply(table, opcode, [x])[0]
                XCTAssertTrue(found == wanted || (found.isNaN && wanted.isNaN), "\(name) \(opcode)(\(x)) is \(found), not \(wanted)")
            }
            for opcode: ElementwiseOpcode in [.exponential, .logarithm, .squareRoot, .tanh, .sigmoid, .softplus, .negate, .absolute] {
                XCTAssertTrue(apply(table, opcode, [.nan])[0].isNaN, "\(name) \(opcode)")
            }
            XCTAssertEqual(apply(table, .tanh, [-0.0])[0].sign, .minus)
            XCTAssertEqual(apply(table, .negate, [0])[0].sign, .minus)
            XCTAssertEqual(apply(table, .select, [0, -0.0, 3, -infinity], [1, 1, 1, 1], [2, 2, 2, 2]), [2, 2, 1, 1])
            XCTAssertEqual(apply(table, .greater, [2, 1, 0, infinity], [1, 1, -0.0, 3e38]), [1, 0, 0, 1])
            XCTAssertEqual(apply(table, .equal, [0, 1, -infinity], [-0.0, 2, -infinity]), [1, 0, 1])
            // Of two zeros the second, whatever their signs.
            for opcode: ElementwiseOpcode in [.maximum, .minimum] {
                XCTAssertEqual(apply(table, opcode, [0, -0.0, 0, -0.0], [0, 0, -0.0, -0.0]).map(\.sign), [.plus, .plus, .minus, .minus])
            }
        }
    }
}
