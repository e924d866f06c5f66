import Compute
import Kernels
import XCTest

final class ReductionTests: XCTestCase {
    func testSumsAndMaxima() {
        var chance = Chance(21)
        var shapes = (0..<200).map { _ in (chance.int(1...9), chance.int(0...70), chance.int(1...70)) }
        shapes += [(1, 100, 784), (1, 100, 256), (1, 100, 1), (100, 784, 1), (1, 5000, 3), (7, 1000, 1), (3, 129, 65), (0, 5, 5)]
        for (outer, reduced, inner) in shapes {
            for kind in [ReductionKind.sum, .maximum] {
                let scale: Float = chance.pick([1, 0.01])
                let x = Fenced<Float>(outer * reduced * inner, atEnd: chance.bool())
                x.fill { chance.float() }
                for (name, table) in tables {
                    var first: [UInt32]? = nil
                    for parts in [1, 2, 3, 8] {
                        let y = Fenced<Float>(outer * inner, atEnd: chance.bool())
                        y.fill { .nan }
                        var t = ReductionArguments(
                            kind: kind, outer: outer, reduced: reduced, inner: inner, x: x.pointer, y: y.pointer, scale: scale)
                        for part in 0..<parts { table.reduction(&t, part, parts) }
                        keep(x, y)
                        if let first { XCTAssertEqual(y.bits, first, "\(name) [\(outer), \(reduced), \(inner)], \(parts) parts") }
                        first = y.bits
                        if parts > 1 { continue }
                        for o in 0..<outer {
                            for i in 0..<inner {
                                let values = (0..<reduced).map { Double(x.pointer[(o * reduced + $0) * inner + i]) }
                                let wanted: Double
                                if kind == .sum {
                                    wanted = Double(scale) * values.reduce(0, +)
                                } else {
                                    wanted = Double(scale) * (values.max() ?? -.infinity)
                                }
                                let found = Double(y.pointer[o * inner + i])
                                XCTAssertTrue(
                                    found == wanted || abs(found - wanted) <= 1e-6 * Double(reduced + 1),
                                    "\(name) \(kind) [\(outer), \(reduced), \(inner)]: \(found), not \(wanted)")
                            }
                        }
                    }
                }
            }
        }
    }

    /// NaN anywhere in a line is its sum and its maximum, and no other line's.
    func testNotANumberPasses() {
        var chance = Chance(23)
        for (outer, reduced, inner) in [(3, 1, 1), (3, 2, 1), (3, 15, 1), (3, 33, 1), (2, 131, 1), (2, 1, 37), (2, 6, 37), (1, 9, 5)] {
            for kind in [ReductionKind.sum, .maximum] {
                for (name, table) in tables {
                    for r in 0..<reduced {
                        let (o, i) = (chance.int(0...(outer - 1)), chance.int(0...(inner - 1)))
                        let x = Fenced<Float>(outer * reduced * inner)
                        x.fill { chance.float() }
                        x.pointer[(o * reduced + r) * inner + i] = r % 2 == 0 ? .nan : -.nan
                        let y = Fenced<Float>(outer * inner)
                        var t = ReductionArguments(kind: kind, outer: outer, reduced: reduced, inner: inner, x: x.pointer, y: y.pointer)
                        table.reduction(&t, 0, 1)
                        for line in 0..<outer * inner {
                            XCTAssertEqual(
                                y.pointer[line].isNaN, line == o * inner + i, "\(name) \(kind) [\(outer), \(reduced), \(inner)], \(r) of line \(line)")
                        }
                        keep(x, y)
                    }
                }
            }
        }
    }

    /// A row's sum does not depend on how many rows there are.
    func testRowsDoNotDependOnTheirCompany() {
        var chance = Chance(22)
        let x = Fenced<Float>(50 * 301)
        x.fill { chance.float() }
        for (name, table) in tables {
            let all = Fenced<Float>(50)
            var t = ReductionArguments(kind: .sum, outer: 50, reduced: 301, inner: 1, x: x.pointer, y: all.pointer)
            table.reduction(&t, 0, 1)
            keep(x, all)
            for row in 0..<50 {
                let one = Fenced<Float>(1)
                var t = ReductionArguments(kind: .sum, outer: 1, reduced: 301, inner: 1, x: x.pointer + row * 301, y: one.pointer)
                table.reduction(&t, 0, 1)
                keep(x, one)
                XCTAssertEqual(one.bits[0], all.bits[row], name)
            }
        }
    }
}
