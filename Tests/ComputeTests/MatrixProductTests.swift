import Compute
import Kernels
import XCTest

/// A product with everything that can vary, and its true value.
private struct Case: CustomStringConvertible {
    var rows: Int
    var columns: Int
    var inner: Int
    var transposeA = false
    var transposeB = false
    var gapA = 0
    var gapB = 0
    var gapC = 0
    var alpha: Float = 1
    var beta: Float = 0
    var bias = false
    var activation = Activation.identity
    var derivative: Activation? = nil
    var slope: Float = 0.2
    var skipsZeros = false
    /// B is packed beforehand.
    var packs = false
    var walksBackwards = false

    var description: String {
        "\(rows)×\(columns)×\(inner) \(transposeA ? "T" : "N")\(transposeB ? "T" : "N") gaps \(gapA) \(gapB) \(gapC) "
            + "alpha \(alpha) beta \(beta) bias \(bias) \(activation) packed \(packs) derivative \(String(describing: derivative))"
    }

    func with(_ change: (inout Case) -> Void) -> Case {
        var other = self
        change(&other)
        return other
    }

    var aLeading: Int { (transposeA ? rows : inner) + gapA }
    var bLeading: Int { (transposeB ? inner : columns) + gapB }
    var cLeading: Int { columns + gapC }
    func span(_ lines: Int, _ length: Int, _ leading: Int) -> Int { lines == 0 || length == 0 ? 0 : (lines - 1) * leading + length }
    var aCount: Int { transposeA ? span(inner, rows, aLeading) : span(rows, inner, aLeading) }
    var bCount: Int { transposeB ? span(columns, inner, bLeading) : span(inner, columns, bLeading) }
    var cCount: Int { span(rows, columns, cLeading) }
}

private final class Operands {
    let a, b, c, bias, y: Fenced<Float>
    init(_ s: Case, _ chance: inout Chance) {
        let atEnd = chance.bool()
        a = Fenced(s.aCount, atEnd: atEnd)
        b = Fenced(s.bCount, atEnd: atEnd)
        c = Fenced(s.cCount, atEnd: atEnd)
        bias = Fenced(s.columns, atEnd: atEnd)
        y = Fenced(s.cCount, atEnd: atEnd)
        for buffer in [a, b, bias, y] { buffer.fill { chance.float() } }
        // Where beta is 0, C must not be read.
        c.fill { s.beta == 0 ? .nan : chance.float() }
    }
}

private func multiply(_ s: Case, _ o: Operands, _ c: Fenced<Float>, _ table: KernelTable, parts: Int) {
    var t = MatrixProductArguments(
        rows: s.rows, columns: s.columns, inner: s.inner,
        a: o.a.pointer, aRowStride: s.transposeA ? 1 : s.aLeading, aInnerStride: s.transposeA ? s.aLeading : 1,
        b: o.b.pointer, bInnerStride: s.transposeB ? 1 : s.bLeading, bColumnStride: s.transposeB ? s.bLeading : 1,
        c: c.pointer, cRowStride: s.cLeading)
    t.alpha = s.alpha
    t.beta = s.beta
    t.bias = s.bias ? UnsafePointer(o.bias.pointer) : nil
    t.activation = s.activation
    t.slope = s.slope
    t.skipsZeros = s.skipsZeros
    t.walksBackwards = s.walksBackwards
    if let derivative = s.derivative {
        t.derivativeActivation = derivative
        t.derivativeOf = UnsafePointer(o.y.pointer)
        t.derivativeRowStride = s.cLeading
    }
    let packed = Fenced<Float>(s.packs ? MatrixProductArguments.packedCount(inner: s.inner, columns: s.columns) : 0)
    packed.fill { .nan }
    if s.packs {
        table.packing(&t, packed.pointer)
        t.packedB = UnsafePointer(packed.pointer)
    }
    let workspace = Fenced<Float>(table.matrixProductWorkspace(&t))
    workspace.fill { .nan }
    for part in 0..<parts { table.matrixProduct(&t, part, parts, workspace.pointer) }
    keep(o, c, workspace, packed)
}

private func activate(_ x: Double, _ activation: Activation, _ slope: Double) -> Double {
    switch activation {
    case .identity: return x
    case .relu: return x.isNaN || x > 0 ? x : 0
    case .leakyRelu: return x > 0 ? x : slope * x
    case .sigmoid: return 1 / (1 + exp(-x))
    case .tanh: return tanh(x)
    }
}

private func derivative(_ y: Double, _ activation: Activation, _ slope: Double) -> Double {
    switch activation {
    case .identity: return 1
    case .relu: return y.isNaN ? y : y > 0 ? 1 : 0
    case .leakyRelu: return y.isNaN ? y : y > 0 ? 1 : slope
    case .sigmoid: return y * (1 - y)
    case .tanh: return 1 - y * y
    }
}

/// The first element that is further from the truth than rounding explains.
private func mismatch(_ s: Case, _ o: Operands, _ c: Fenced<Float>, before: [Float]) -> String? {
    for i in 0..<s.rows {
        for j in 0..<s.columns {
            var sum = 0.0
            var size = 0.0
            for p in 0..<s.inner {
                let a = Double(o.a.pointer[s.transposeA ? p * s.aLeading + i : i * s.aLeading + p])
                let b = Double(o.b.pointer[s.transposeB ? j * s.bLeading + p : p * s.bLeading + j])
                sum += a * b
                size += abs(a * b)
            }
            var x = Double(s.alpha) * sum
            if s.beta != 0 { x += Double(s.beta) * Double(before[i * s.cLeading + j]) }
            if s.bias { x += Double(o.bias.pointer[j]) }
            x = activate(x, s.activation, Double(s.slope))
            if let d = s.derivative { x *= derivative(Double(o.y.pointer[i * s.cLeading + j]), d, Double(s.slope)) }
            let found = Double(c.pointer[i * s.cLeading + j])
            let bound = 1e-6 + 4e-7 * (abs(Double(s.alpha)) * size + abs(x) + 2)
            if !(abs(found - x) <= bound) { return "(\(i), \(j)): \(found), not \(x)" }
        }
        if i + 1 < s.rows {
            for j in s.columns..<s.cLeading
            where c.pointer[i * s.cLeading + j].bitPattern != before[i * s.cLeading + j].bitPattern {
                return "the gap after row \(i) was written"
            }
        }
    }
    keep(o, c)
    return nil
}

final class MatrixProductTests: XCTestCase {
    private func check(_ s: Case, _ chance: inout Chance) {
        let o = Operands(s, &chance)
        let before = o.c.values
        for (name, table) in tables {
            var expected: [UInt32]? = nil
            for parts in [1, 2, 3, 8] {
                let c = Fenced<Float>(before, atEnd: chance.bool())
                multiply(s, o, c, table, parts: parts)
                if let expected {
                    XCTAssertEqual(c.bits, expected, "\(name) \(s): \(parts) parts differ from one")
                } else {
                    expected = c.bits
                    if let problem = mismatch(s, o, c, before: before) { XCTFail("\(name) \(s): \(problem)") }
                }
            }
        }
    }

    /// That a product, in any number of parts, gives just these bits.
    private func check(
        _ s: Case, _ o: Operands, gives expected: Fenced<Float>, from before: [Float], _ name: String, _ table: KernelTable,
        _ chance: inout Chance
    ) {
        for parts in [1, 2, 3, 8] {
            let c = Fenced<Float>(before, atEnd: chance.bool())
            multiply(s, o, c, table, parts: parts)
            XCTAssertEqual(c.bits, expected.bits, "\(name) \(s), \(parts) parts")
        }
    }

    func testRandomShapes() {
        var chance = Chance(1)
        let activations: [Activation] = [.identity, .relu, .leakyRelu, .sigmoid, .tanh]
        for _ in 0..<600 {
            var s = Case(rows: chance.int(1...70), columns: chance.int(1...70), inner: chance.int(0...70))
            s.transposeA = chance.bool()
            s.transposeB = chance.bool()
            s.gapA = chance.pick([0, 0, 1, 5, 16])
            s.gapB = chance.pick([0, 0, 1, 5, 16])
            s.gapC = chance.pick([0, 0, 1, 5, 16])
            s.alpha = chance.pick([1, 1, 0.5, -2, 0])
            s.beta = chance.pick([0, 0, 1, -0.5])
            s.bias = chance.bool()
            s.activation = chance.pick(activations)
            if chance.bool() { s.derivative = chance.pick(activations) }
            check(s, &chance)
        }
    }

    func testTheSizesOfSmallNetworks() {
        var chance = Chance(2)
        for (rows, columns, inner, a, b) in [
            (100, 784, 256, false, false), (100, 256, 784, false, false), (100, 256, 128, false, false),
            (100, 784, 256, false, true), (100, 256, 784, false, true), (784, 256, 100, true, false),
            (256, 784, 100, true, false), (128, 256, 100, true, false), (100, 1, 256, false, false), (100, 1, 256, false, true),
            (256, 1, 100, true, false), (1, 784, 256, false, false), (1, 784, 256, false, true), (1, 1, 1000, false, false),
            (100, 256, 1, false, false), (100, 256, 1, false, true), (256, 1, 1, true, false),
        ] {
            check(Case(rows: rows, columns: columns, inner: inner, transposeA: a, transposeB: b, bias: true), &chance)
        }
    }

    func testBlocksOfTheInnerDimensionAndOfRows() {
        var chance = Chance(3)
        for (rows, columns, inner) in [(40, 37, 1100), (7, 37, 1500), (3, 150, 1500), (530, 33, 520), (33, 5, 2000), (600, 3, 700)] {
            for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
                for beta: Float in [0, 0.5] {
                    check(
                        Case(rows: rows, columns: columns, inner: inner, transposeA: a, transposeB: b, beta: beta, activation: .leakyRelu),
                        &chance)
                }
            }
        }
        check(Case(rows: 50, columns: 40, inner: 1024), &chance)  // rows on the same sets of the cache
        // Steps of A on many pages: read where they lie, and on too many for that.
        check(Case(rows: 1100, columns: 35, inner: 130, transposeA: true), &chance)
        check(Case(rows: 1300, columns: 35, inner: 500, transposeA: true), &chance)
    }

    /// Operands beyond the second-level cache: B is read where it lies; but where its rows fall onto the same sets of the cache, or
    /// are more than a block has, a panel is packed by the tiles of the one before.
    func testPanelsPackedAhead() {
        var chance = Chance(5)
        for (rows, columns, inner, a) in [
            (61, 6272, 47, false), (37, 7013, 64, true), (64, 5003, 81, false), (30, 16_411, 29, true), (531, 233, 1049, false),
            (30, 16_384, 66, false), (37, 16_384, 66, true),
        ] {
            var s = Case(rows: rows, columns: columns, inner: inner, transposeA: a)
            check(s, &chance)
            s.gapB = 3
            s.gapC = 5
            s.bias = true
            s.activation = .leakyRelu
            check(s, &chance)
            s.beta = 0.5
            s.derivative = .tanh
            check(s, &chance)
        }
    }

    /// B stored transposed: a panel is turned round between the tiles of the one before.
    func testPanelsTurnedAhead() {
        var chance = Chance(7)
        for (rows, columns, inner, gap) in [
            (100, 256, 128, 0), (61, 130, 257, 0), (29, 97, 271, 3), (43, 64, 150, 1), (15, 200, 333, 5), (100, 100, 96, 0), (28, 161, 1030, 2),
        ] {
            var s = Case(rows: rows, columns: columns, inner: inner, transposeB: true, gapB: gap)
            check(s, &chance)
            s.bias = true
            s.activation = .relu
            s.beta = chance.pick([0, 1])
            s.derivative = .tanh
            check(s, &chance)
        }
    }

    /// Write-backs that are left to the next tile, in every way in which a panel comes to its tiles.
    func testTilesFinishedByTheNextOne() {
        var chance = Chance(11)
        for (rows, columns, inner) in [(100, 784, 256), (64, 96, 100), (47, 71, 33), (200, 64, 9), (61, 6272, 47), (30, 130, 1100), (12, 96, 40)] {
            for transposeB in [false, true] {
                var s = Case(rows: rows, columns: columns, inner: inner, transposeB: transposeB, bias: true, activation: .sigmoid)
                check(s, &chance)
                s.gapB = 4
                s.gapC = 5
                s.packs = !transposeB
                check(s, &chance)
            }
        }
    }

    /// More rows than a block has: panels of B are kept for the blocks that follow.
    func testPanelsKeptForMoreRows() {
        var chance = Chance(13)
        for (rows, columns, inner) in [(531, 233, 1049), (900, 64, 400), (701, 97, 300), (1100, 40, 2100)] {
            for (a, b) in [(false, false), (false, true), (true, false)] {
                var s = Case(rows: rows, columns: columns, inner: inner, transposeA: a, transposeB: b, gapB: 3, bias: true)
                s.activation = chance.pick([.identity, .sigmoid])
                check(s, &chance)
            }
        }
    }

    /// B packed beforehand changes no bit, and neither does the way through it.
    func testPackedWeights() {
        var chance = Chance(12)
        for columns in [1, 3, 16, 17, 31, 32, 35, 48, 64, 65, 72, 100, 112, 130, 137, 144, 200, 256, 272, 784] {
            // A single row first without anything in its write-back: its sums go straight to C.
            for (place, rows) in [1, 1, 2, 5, 6, 7, 14, 15, 29, 40, 64].enumerated() {
                var s = Case(rows: rows, columns: columns, inner: chance.pick([1, 7, 64, 100, 1100]), gapB: chance.pick([0, 3]))
                if place > 0 {
                    s.bias = chance.bool()
                    s.activation = chance.pick([.identity, .relu, .sigmoid, .tanh])
                    s.beta = chance.pick([0, 0, 0.5])
                }
                let o = Operands(s, &chance)
                let before = o.c.values
                for (name, table) in tables {
                    s.packs = false
                    let expected = Fenced<Float>(before, atEnd: chance.bool())
                    multiply(s, o, expected, table, parts: 1)
                    s.packs = true
                    for backwards in [false, true] {
                        s.walksBackwards = backwards
                        check(s, o, gives: expected, from: before, name, table, &chance)
                    }
                }
            }
        }
    }

    /// One column: scalar products, whose rows do not depend on each other.
    func testSingleColumns() {
        var chance = Chance(8)
        for inner in [7, 8, 16, 31, 32, 33, 63, 64, 65, 100, 256, 1000] {
            for rows in [1, 2, 3, 4, 5, 15, 16, 17, 18, 33, 70] {
                var s = Case(rows: rows, columns: 1, inner: inner, transposeB: chance.bool(), gapA: chance.pick([0, 3]))
                check(s, &chance)
                s.alpha = chance.pick([1, -2])
                s.beta = chance.pick([0, 0.5])
                s.bias = true
                s.activation = chance.pick([.identity, .sigmoid, .leakyRelu])
                s.derivative = chance.pick([nil, .tanh])
                check(s, &chance)
            }
        }
    }

    /// Leaving out what is multiplied by zero changes no bit, wherever the zeros are: in whole steps, scattered, or in some rows
    /// only, beside others that have none.
    func testZerosLeftOut() {
        var chance = Chance(9)
        var sizes = [(100, 256, 784), (200, 96, 300), (61, 6272, 47), (40, 33, 1100), (300, 80, 1000), (29, 64, 16), (15, 70, 33)]
        // Panels of every width, blocks of every length, a row that has no other beside it.
        for vectors in 1...17 { sizes.append((chance.int(4...70), 16 * vectors, chance.pick([16, 50, 64, 65, 100, 129, 400, 9000]))) }
        for (rows, columns, inner) in sizes {
            for blank in [0.0, 0.5, 0.97, 1] where inner < 9000 || blank == 0.5 {
                var s = Case(rows: rows, columns: columns, inner: inner, gapA: chance.pick([0, 5]))
                s.transposeB = columns < 1000 && chance.bool()
                s.packs = !s.transposeB && chance.bool()
                s.bias = chance.bool()
                s.beta = chance.pick([0, 0, 0.5])
                s.activation = chance.pick([.identity, .relu, .tanh])
                let o = Operands(s, &chance)
                for p in 0..<inner where chance.float() < Float(2 * blank - 1) {
                    let (from, to) = chance.bool() ? (0, rows) : (chance.int(0...rows), chance.int(0...rows))
                    for i in from..<max(from, to) { o.a.pointer[i * s.aLeading + p] = chance.bool() ? 0 : -0.0 }
                }
                if chance.bool() {
                    let scattered = chance.pick([0, rows / 3, rows])
                    for i in 0..<scattered { for p in 0..<inner where chance.float() < Float(2 * blank - 1) { o.a.pointer[i * s.aLeading + p] = 0 } }
                }
                let before = o.c.values
                for (name, table) in tables {
                    s.skipsZeros = false
                    let all = Fenced<Float>(before, atEnd: chance.bool())
                    multiply(s, o, all, table, parts: 1)
                    s.skipsZeros = true
                    check(s, o, gives: all, from: before, "\(name), \(blank) blank:", table, &chance)
                }
            }
        }
    }

    /// What is not a number stays so, in A and in what it is multiplied by.
    func testNotANumberIsNotLeftOut() {
        var chance = Chance(10)
        var s = Case(rows: 50, columns: 64, inner: 200)
        s.skipsZeros = true
        let o = Operands(s, &chance)
        for p in 0..<200 where p != 77 { for i in 0..<50 { o.a.pointer[i * s.aLeading + p] = 0 } }
        for i in 0..<50 { o.a.pointer[i * s.aLeading + 77] = i == 20 ? .nan : 0 }
        for (name, table) in tables {
            let c = Fenced<Float>(o.c.values)
            multiply(s, o, c, table, parts: 1)
            for i in 0..<50 { XCTAssertEqual(c.pointer[i * s.cLeading].isNaN, i == 20, "\(name), row \(i)") }
        }
    }

    /// Every write-back passes NaN on: from a row of A to that row of C, from the bias to its column, from what the derivative is
    /// taken of to that element; and to nothing else. The shapes are those of every path, by tiles and without.
    func testNotANumberPassesEveryWriteBack() {
        var chance = Chance(12)
        var shapes = [
            Case(rows: 20, columns: 1, inner: 64), Case(rows: 1, columns: 70, inner: 33), Case(rows: 9, columns: 64, inner: 1),
            Case(rows: 31, columns: 70, inner: 40), Case(rows: 31, columns: 64, inner: 40, transposeB: true),
            Case(rows: 100, columns: 9, inner: 20, transposeA: true), Case(rows: 3, columns: 130, inner: 1100),
            Case(rows: 40, columns: 37, inner: 1100), Case(rows: 30, columns: 96, inner: 64, skipsZeros: true),
            Case(rows: 30, columns: 96, inner: 64, packs: true), Case(rows: 1, columns: 130, inner: 33, packs: true),
        ]
        shapes += shapes.map { $0.with { $0.alpha = 0.5 } }
        let activations: [Activation] = [.identity, .relu, .leakyRelu, .sigmoid, .tanh]
        for var s in shapes {
            for kind in 0..<3 {
                // The derivative of nothing reads nothing.
                for activation in activations where kind < 2 || activation != .identity {
                    (s.bias, s.activation, s.derivative) = kind == 2 ? (false, .identity, activation) : (kind == 1 || chance.bool(), activation, nil)
                    let o = Operands(s, &chance)
                    // Half of all numbers are zero, as behind a rectifier.
                    if s.skipsZeros { for i in 0..<s.aCount where chance.bool() { o.a.pointer[i] = 0 } }
                    let (row, column) = (chance.int(0...(s.rows - 1)), chance.int(0...(s.columns - 1)))
                    let strange: Float = chance.bool() ? .nan : -.nan
                    switch kind {
                    case 0:
                        let p = chance.int(0...(s.inner - 1))
                        o.a.pointer[s.transposeA ? p * s.aLeading + row : row * s.aLeading + p] = strange
                    case 1: o.bias.pointer[column] = strange
                    default: o.y.pointer[row * s.cLeading + column] = strange
                    }
                    for (name, table) in tables {
                        let c = Fenced<Float>(o.c.values)
                        multiply(s, o, c, table, parts: 2)
                        for i in 0..<s.rows {
                            for j in 0..<s.columns {
                                let wanted = kind == 0 ? i == row : kind == 1 ? j == column : i == row && j == column
                                if c.pointer[i * s.cLeading + j].isNaN != wanted {
                                    return XCTFail("\(name) \(s), NaN in operand \(kind): (\(i), \(j)) is \(c.pointer[i * s.cLeading + j])")
                                }
                            }
                        }
                        keep(o, c)
                    }
                }
            }
        }
    }

    /// One row of A.
    func testSingleRows() {
        var chance = Chance(6)
        for columns in [31, 32, 33, 63, 64, 127, 129, 255, 256, 257, 384, 400, 511, 784, 1041] {
            for inner in [0, 1, 33] {
                var s = Case(rows: 1, columns: columns, inner: inner)
                check(s, &chance)
                s.gapB = 7
                s.beta = chance.pick([0, 1])
                s.bias = true
                s.activation = .sigmoid
                check(s, &chance)
            }
        }
        check(Case(rows: 1, columns: 300, inner: 2100), &chance)
        check(Case(rows: 300, columns: 1, inner: 2100, transposeA: true), &chance)
    }

    /// Rows computed in a batch of any size, and columns in any company, have the same bits; but a single column, where B's is
    /// contiguous, is a scalar product, and its sum has another order.
    func testElementsDoNotDependOnTheirCompany() {
        var chance = Chance(4)
        for (name, table) in tables {
            for (columns, inner, transposeB) in [(784, 256, false), (40, 600, false), (5, 300, false), (40, 300, true), (1, 700, false), (3, 33, true)] {
                var whole = Case(rows: 61, columns: columns, inner: inner, transposeB: transposeB)
                whole.bias = true
                whole.activation = .tanh
                let o = Operands(whole, &chance)
                let expected = Fenced<Float>(whole.cCount)
                multiply(whole, o, expected, table, parts: 1)
                for rows in [1, 2, 3, 5, 8, 13, 14, 15, 29, 60] {
                    var some = whole
                    some.rows = rows
                    let c = Fenced<Float>(some.cCount)
                    multiply(some, o, c, table, parts: 2)
                    XCTAssertEqual(c.bits, Array(expected.bits[0..<c.count]), "\(name): \(rows) rows of \(whole)")
                }
                for kept in [1, 2, 3, 7, 16, 17, 33, 39] where kept <= columns && !(kept == 1 && transposeB) {
                    // The first columns alone; B keeps its layout.
                    var some = whole
                    some.columns = kept
                    some.gapB = transposeB ? 0 : columns - kept
                    some.gapC = columns - kept
                    let c = Fenced<Float>(some.cCount)
                    multiply(some, o, c, table, parts: 1)
                    for i in 0..<61 {
                        for j in 0..<kept {
                            XCTAssertEqual(
                                c.pointer[i * columns + j].bitPattern, expected.pointer[i * columns + j].bitPattern,
                                "\(name): column \(j) of \(kept), row \(i) of \(whole)")
                        }
                    }
                }
            }
        }
    }
}
