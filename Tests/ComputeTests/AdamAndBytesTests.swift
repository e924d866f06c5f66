import Compute
import Kernels
import XCTest

final class AdamAndBytesTests: XCTestCase {
    func testAdam() {
        var chance = Chance(41)
        let beta2 = Double(Float(0.999))
        for count in [0, 1, 3, 15, 16, 17, 31, 64, 100, 1000, 4099] {
            let start = (0..<count).map { _ in chance.float() }
            let gradients = (0..<5).map { _ in (0..<count).map { _ in chance.int(0...9) == 0 ? 0 : chance.float() } }
            for (name, table) in tables {
                var first: [UInt32]? = nil
                for parts in [1, 2, 3, 8] {
                    let p = Fenced<Float>(start, atEnd: chance.bool())
                    let m = Fenced<Float>(count)
                    let v = Fenced<Float>(count)
                    var (tp, tm, tv) = (start.map(Double.init), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
                    for (t, gradient) in gradients.enumerated() {
                        let g = Fenced<Float>(gradient, atEnd: chance.bool())
                        let correction1 = 1 / (1 - pow(0.5, Double(t + 1)))
                        let correction2 = 1 / (1 - pow(beta2, Double(t + 1)))
                        let scalars = Fenced<Float>([2e-3, Float(correction1), Float(correction2)])
                        var arguments = AdamArguments(
                            parameters: p.pointer, firstMoment: m.pointer, secondMoment: v.pointer, gradient: g.pointer, count: count,
                            scalars: scalars.pointer, beta1: 0.5, beta2: 0.999, epsilon: 1e-8)
                        for part in 0..<parts { table.adam(&arguments, part, parts) }
                        keep(p, m, v, g, scalars)
                        for i in 0..<count {
                            let x = Double(gradient[i])
                            tm[i] = 0.5 * tm[i] + 0.5 * x
                            tv[i] = beta2 * tv[i] + (1 - beta2) * x * x
                            tp[i] -= 2e-3 * tm[i] * correction1 / ((tv[i] * correction2).squareRoot() + 1e-8)
                        }
                    }
                    for i in 0..<count {
                        XCTAssertEqual(Double(p.pointer[i]), tp[i], accuracy: 1e-6, "\(name) \(i) of \(count)")
                        XCTAssertEqual(Double(m.pointer[i]), tm[i], accuracy: 1e-6, name)
                        XCTAssertEqual(Double(v.pointer[i]), tv[i], accuracy: 1e-6 * tv[i] + 1e-9, name)
                    }
                    let bits = p.bits + m.bits + v.bits
                    if let first { XCTAssertEqual(bits, first, "\(name) \(parts) parts") }
                    first = bits
                }
            }
        }
    }

    /// A product that goes straight into a step of Adam does what product and step do one after the other, to the bit, with
    /// every number of parts; so does the step of a bias that it takes along, and zeros that are left out change nothing.
    func testAdamInAProduct() {
        var chance = Chance(43)
        for trial in 0..<60 {
            var (rows, columns, inner) = (chance.int(1...90), trial % 4 == 0 ? chance.int(200...400) : chance.int(1...70), chance.int(1...120))
            if trial % 3 == 0 { (rows, columns) = (rows + 150, columns / 32 * 32 + 32) }
            let (gapA, gapB) = (chance.int(0...1) * chance.int(1...20), chance.int(0...1) * chance.int(1...20))
            let count = rows * columns
            // A's last column stands for an input that is always one.
            let a = Fenced<Float>((inner - 1) * (rows + gapA) + rows, atEnd: chance.bool())
            let ones = Fenced<Float>(inner)
            let b = Fenced<Float>((inner - 1) * (columns + gapB) + columns, atEnd: chance.bool())
            for buffer in [a, b] { buffer.fill { chance.float() } }
            ones.fill { 1 }
            let skips = trial % 2 == 0
            if skips {
                for p in 0..<inner {
                    let from = chance.int(0...rows)
                    for i in from..<max(from, chance.int(0...rows)) { a.pointer[p * (rows + gapA) + i] = 0 }
                }
            }
            let scalars = Fenced<Float>([1e-2, 2, 30])
            let start = (0..<3).map { index in (0..<count + columns).map { _ in index == 2 ? abs(chance.float()) : chance.float() } }
            for (name, table) in tables {
                var t = MatrixProductArguments(
                    rows: rows, columns: columns, inner: inner, a: a.pointer, aRowStride: 1, aInnerStride: rows + gapA,
                    b: b.pointer, bInnerStride: columns + gapB, bColumnStride: 1, c: a.pointer, cRowStride: columns)
                func state(_ range: Range<Int>) -> [Fenced<Float>] { start.map { Fenced<Float>(Array($0[range]), atEnd: chance.bool()) } }
                func step(_ state: [Fenced<Float>], _ gradient: UnsafePointer<Float>) -> AdamArguments {
                    AdamArguments(
                        parameters: state[0].pointer, firstMoment: state[1].pointer, secondMoment: state[2].pointer,
                        gradient: gradient, count: state[0].count, scalars: scalars.pointer, beta1: 0.5, beta2: 0.999, epsilon: 1e-8)
                }
                func run(_ t: MatrixProductArguments, _ parts: Int) {
                    var t = t
                    let workspace = Fenced<Float>(table.matrixProductWorkspace(&t))
                    workspace.fill { .nan }
                    for part in 0..<parts { table.matrixProduct(&t, part, parts, workspace.pointer) }
                    keep(workspace)
                }
                let (gradient, sums) = (Fenced<Float>(count), Fenced<Float>(columns))
                let (expected, expectedBias) = (state(0..<count), state(count..<count + columns))
                t.c = gradient.pointer
                run(t, 1)
                var bias = t
                (bias.rows, bias.a, bias.c) = (1, UnsafePointer(ones.pointer), sums.pointer)
                (bias.aRowStride, bias.aInnerStride) = (inner, 1)
                run(bias, 1)
                var (adam, biasAdam) = (step(expected, gradient.pointer), step(expectedBias, sums.pointer))
                table.adam(&adam, 0, 1)
                table.adam(&biasAdam, 0, 1)
                for parts in [1, 2, 3, 8] {
                    let (actual, actualBias) = (state(0..<count), state(count..<count + columns))
                    var (adam, biasAdam) = (step(actual, actual[0].pointer), step(actualBias, actualBias[0].pointer))
                    withUnsafePointer(to: &adam) { adam in
                        withUnsafePointer(to: &biasAdam) { biasAdam in
                            t.adam = adam
                            t.biasAdam = (trial + parts) % 5 == 0 ? nil : biasAdam
                            t.c = actual[0].pointer
                            t.skipsZeros = skips
                            run(t, parts)
                        }
                    }
                    let what = "\(name) \(rows)×\(columns)×\(inner) gaps \(gapA) \(gapB) \(parts) parts"
                    XCTAssertEqual(actual.map(\.bits), expected.map(\.bits), what)
                    if t.biasAdam != nil { XCTAssertEqual(actualBias.map(\.bits), expectedBias.map(\.bits), "bias, \(what)") }
                    (t.adam, t.biasAdam, t.skipsZeros) = (nil, nil, false)
                    keep(actual, actualBias)
                }
                keep(expected, expectedBias, gradient, sums, scalars, a, b, ones)
            }
        }
    }

    /// A gradient or a moment that is not a number makes its parameter not a number, and no other.
    func testNotANumberPasses() {
        let count = 71
        for (name, table) in tables {
            for operand in 0..<4 {
                for position in 0..<count {
                    let buffers = (0..<4).map { _ in Fenced<Float>([Float](repeating: 0.25, count: count)) }
                    buffers[operand].pointer[position] = position % 2 == 0 ? .nan : -.nan
                    let scalars = Fenced<Float>([1e-3, 2, 30])
                    var t = AdamArguments(
                        parameters: buffers[0].pointer, firstMoment: buffers[1].pointer, secondMoment: buffers[2].pointer,
                        gradient: buffers[3].pointer, count: count, scalars: scalars.pointer, beta1: 0.9, beta2: 0.99, epsilon: 1e-8)
                    table.adam(&t, 0, 1)
                    for i in 0..<count { XCTAssertEqual(buffers[0].pointer[i].isNaN, i == position, "\(name) operand \(operand), \(i)") }
                    keep(buffers, scalars)
                }
            }
        }
    }

    /// A parameter's new value does not depend on where it lies.
    func testAdamDoesNotDependOnPosition() {
        for (name, table) in tables {
            var bits: Set<UInt32> = []
            for position in 0..<40 {
                let buffers = (0..<4).map { _ in Fenced<Float>(40) }
                for (buffer, value) in zip(buffers, [Float(0.3), 0.11, 0.007, -0.45]) { buffer.pointer[position] = value }
                let scalars = Fenced<Float>([1e-3, 2, 30])
                var t = AdamArguments(
                    parameters: buffers[0].pointer, firstMoment: buffers[1].pointer, secondMoment: buffers[2].pointer,
                    gradient: buffers[3].pointer, count: 40, scalars: scalars.pointer, beta1: 0.9, beta2: 0.99, epsilon: 1e-8)
                table.adam(&t, 0, 1)
                keep(buffers, scalars)
                bits.insert(buffers[0].pointer[position].bitPattern)
                XCTAssertEqual(buffers[0].pointer[(position + 1) % 40], 0, "\(name): no gradient, no change")
            }
            XCTAssertEqual(bits.count, 1, name)
        }
    }

    func testBytesToFloatsAndBack() {
        let bytes = Fenced<UInt8>(256)
        for i in 0..<256 { bytes.pointer[i] = UInt8(i) }
        for (name, table) in tables {
            for count in [0, 1, 3, 4, 7, 8, 15, 16, 17, 33, 255, 256] {
                let source = Fenced<UInt8>(count)
                for i in 0..<count { source.pointer[i] = UInt8((i * 37) & 255) }
                let values = Fenced<Float>(count)
                table.scaleBytes(source.pointer, values.pointer, count, 1 / 127.5, -1)
                keep(source, values)
                for i in 0..<count {
                    XCTAssertEqual(Double(values.pointer[i]), Double(source.pointer[i]) / 127.5 - 1, accuracy: 2.5e-7, name)
                }
                let back = Fenced<UInt8>(count)
                table.quantize(values.pointer, back.pointer, count, 127.5, 127.5)
                keep(values, back)
                XCTAssertEqual(back.values, source.values, name)
            }
            // NaN is 0, in whole vectors and in the last one.
            let strange = Fenced<Float>((0..<37).map { $0 % 2 == 0 ? .nan : -.nan })
            let black = Fenced<UInt8>(37)
            black.fill { 1 }
            table.quantize(strange.pointer, black.pointer, 37, 127.5, 127.5)
            keep(strange, black)
            XCTAssertEqual(black.values, [UInt8](repeating: 0, count: 37), name)
            let odd: [Float] = [.nan, -.infinity, .infinity, -1, 256, 254.5, 255.5, 0.5, 1.5, 2.5, -0.0, 0.49999997, Float.leastNonzeroMagnitude, 127.5]
            let source = Fenced<Float>(odd)
            let result = Fenced<UInt8>(odd.count)
            table.quantize(source.pointer, result.pointer, odd.count, 1, 0)
            keep(source, result)
            XCTAssertEqual(result.values, [0, 0, 255, 0, 255, 254, 255, 0, 2, 2, 0, 0, 0, 128], name)
        }
    }
}
