// The oracle against results known from elsewhere: Random123's vectors for Philox, convolutions computed with NumPy (pad,
// slice, tensordot; the gradients as adjoints, basis vector by basis vector), and small cases worked out by hand.

import Base
import Graph
import Plan
import XCTest

final class ReferenceTests: XCTestCase {
    // MARK: Random numbers

    /// The vectors of Random123's `kat_vectors` for philox4x32-10.
    func testPhiloxKnownAnswers() {
        let vectors: [(counter: [4 of UInt32], key: [2 of UInt32], expected: [UInt32])] = [
            ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            (
                [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ]
        for (counter, key, expected) in vectors {
            let block = ReferenceInterpreter.philox(counter: counter, key: key)
            XCTAssertEqual(block.indices.map { block[$0] }, expected)
        }
    }

    /// Counter 0 and key 0 are row 0 of stream 0 under seed 0, so the first vector tells the first four variates.
    func testVariatesOfTheFirstBlock() throws {
        let words: [UInt32] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        let units = words.map { Double($0 >> 8) / 16_777_216 }
        let graph = Graph()
        let uniform = try graph.random(.uniform, stream: 0, [1, 4]), normal = try graph.random(.normal, stream: 0, [1, 4])
        let values = try ReferenceInterpreter(graph: graph).evaluate([uniform, normal])
        XCTAssertEqual(values[0], units)
        var expected: [Double] = []
        for pair in [0, 2] {
            let radius = (-2 * log(units[pair] + 1 / 16_777_216)).squareRoot()
            expected += [radius * cos(2 * .pi * units[pair + 1]), radius * sin(2 * .pi * units[pair + 1])]
        }
        expect(values[1], expected)
    }

    /// The third vector as seed, stream, row and column: key = seed, counter = (column / 4, row low, row high, stream).
    func testWhereAVariateComesFrom() throws {
        let graph = Graph()
        let stream0 = try graph.random(.uniform, stream: 0, [3, 9]), stream1 = try graph.random(.uniform, stream: 0x0370_7344, [3, 9])
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.seed = 0x299f_31d0_a409_3822
        interpreter.firstRow = 0x1319_8a2e_85a3_08d2
        let values = try interpreter.evaluate([stream0, stream1])
        for (stream, got) in zip([0, 0x0370_7344] as [UInt32], values) {
            for row in 0..<3 {
                for column in 0..<9 {
                    let block = ReferenceInterpreter.philox(
                        counter: [UInt32(column / 4), 0x85a3_08d2 + UInt32(row), 0x1319_8a2e, stream], key: [0xa409_3822, 0x299f_31d0])
                    XCTAssertEqual(got[row * 9 + column], Double(block[column % 4] >> 8) / 16_777_216)
                }
            }
        }
        // A row is the same wherever a batch begins.
        interpreter.firstRow += 2
        XCTAssertEqual(Array(try interpreter.evaluate([stream0])[0][0..<9]), Array(values[0][18..<27]))
    }

    func testNormalVariatesAreNormal() throws {
        let graph = Graph()
        let values = try ReferenceInterpreter(graph: graph).evaluate([graph.random(.normal, stream: 9, [1000, 40])])[0]
        let moments = (1...4).map { power in values.reduce(0) { $0 + pow($1, Double(power)) } / Double(values.count) }
        // Four standard errors of each moment's estimate: √(Var xᵏ / n) with Var = 1, 2, 15, 96.
        for (moment, (expected, variance)) in zip(moments, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
            XCTAssertEqual(moment, expected, accuracy: 4 * (variance / 40_000).squareRoot())
        }
    }

    // MARK: Products

    private func sequence(_ shape: Shape, _ factor: Int, _ modulus: Int, _ offset: Int) -> [Double] {
        (0..<shape.reduce(1, *)).map { Double($0 * factor % modulus - offset) }
    }

    func testConvolutionsAgainstNumPy() throws {
        let rows: [(x: Shape, w: Shape, window: Window, shape: Shape, y: [Double], gx: [Double], gw: [Double])] = [
            (
                [1, 6, 2], [3, 2, 1], Window(stride: [2], paddingBefore: [1], paddingAfter: [0]), [1, 3, 1],
                [-5, 34, -26], [0, 4, -9, 0, 0, -2, 6, -1, 0, 2, -3, -1], [-6, 5, 15, -10, 9, -5]
            ),
            (
                [1, 4, 3, 1], [2, 2, 1, 2], Window(stride: [2, 1], dilation: [1, 2], paddingBefore: [1, 0], paddingAfter: [0, 1]), [1, 2, 2, 2],
                [-13, 1, 6, 2, 1, 32, -3, 2], [-5, -1, -1, -4, -5, 4, -2, 2, 6, 0, 0, 0], [1, -11, 0, 6, 8, -9, 4, 6]
            ),
            (
                [1, 2, 3, 2, 1], [2, 2, 1, 1, 1], Window(stride: [1, 2, 1], paddingBefore: [0, 1, 0], paddingAfter: [1, 0, 0]), [1, 2, 2, 2, 1],
                [-18, 4, 10, -11, 8, 0, 10, -19], [-4, 2, 3, -6, -2, 4, 4, -6, -3, 3, 4, -6], [5, 9, 10, -17]
            ),
        ]
        for row in rows {
            let graph = Graph()
            var interpreter = ReferenceInterpreter(graph: graph)
            interpreter.buffers = ["x": sequence(row.x, 7, 11, 5), "w": sequence(row.w, 5, 7, 3), "g": sequence(row.shape, 3, 5, 2)]
            let x = try graph.buffer("x", row.x), w = try graph.buffer("w", row.w), g = try graph.buffer("g", row.shape)
            let y = try x.convolution(w, row.window)
            XCTAssertEqual(y.shape, row.shape)
            let values = try interpreter.evaluate([
                y, g.transposedConvolution(w, row.window, to: row.x), graph.add(.convolutionWeightGradient(row.window), [x, g], shape: row.w),
            ])
            XCTAssertEqual(values[0], row.y)
            XCTAssertEqual(values[1], row.gx)
            XCTAssertEqual(values[2], row.gw)
        }
    }

    func testOneConvolutionByHand() throws {
        // [1 2 3; 4 5 6; 7 8 9] under [1 0; 0 −1]: every window is x[i, j] − x[i + 1, j + 1] = −4.
        let graph = Graph()
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers = ["x": [1, 2, 3, 4, 5, 6, 7, 8, 9], "w": [1, 0, 0, -1]]
        let x = try graph.buffer("x", [1, 3, 3, 1]), w = try graph.buffer("w", [2, 2, 1, 1])
        let plain = try x.convolution(w, Window(stride: [1, 1], paddingBefore: [0, 0], paddingAfter: [0, 0]))
        let padded = try x.convolution(w, Window(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [0, 0]))
        let values = try interpreter.evaluate([plain, padded])
        XCTAssertEqual(values[0], [-4, -4, -4, -4])
        XCTAssertEqual(values[1], [-1, -3, -7, -4])
    }

    func testMatrixProductsByHand() throws {
        let graph = Graph()
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers = ["a": [1, 2, 3, 4, 5, 6], "aT": [1, 4, 2, 5, 3, 6], "b": [1, -1, 0, 2, 3, 1], "bT": [1, 0, 3, -1, 2, 1]]
        let a = try graph.buffer("a", [2, 3]), aT = try graph.buffer("aT", [3, 2]), b = try graph.buffer("b", [3, 2]), bT = try graph.buffer("bT", [2, 3])
        let batch = try Tensor.concatenate([a.reshape([1, 2, 3]), a.negated().reshape([1, 2, 3])], axis: 0)
        let values = try interpreter.evaluate([
            a.product(b), aT.product(b, transposeA: true), a.product(bT, transposeB: true), aT.product(bT, transposeA: true, transposeB: true),
            batch.product(b.reshape([1, 3, 2]).broadcast(to: [2, 3, 2])),
        ])
        for value in values.prefix(4) { XCTAssertEqual(value, [10, 6, 22, 12]) }
        XCTAssertEqual(values[4], [10, 6, 22, 12, -10, -6, -22, -12])
    }

    // MARK: Shapes, reductions, tables

    func testShapesByHand() throws {
        let graph = Graph()
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers = ["x": [1, 2, 3, 4, 5, 6], "s": [7], "i": [2, 0, 9, -1, 2]]
        let x = try graph.buffer("x", [2, 3]), s = try graph.buffer("s", []), i = try graph.buffer("i", [5])
        let rows: [(Tensor, Shape, [Double])] = [
            (try s.broadcast(to: [2, 2]), [2, 2], [7, 7, 7, 7]),
            (try x.reshape([2, 1, 3]).broadcast(to: [2, 2, 3]), [2, 2, 3], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]),
            (try x.permute([1, 0]), [3, 2], [1, 4, 2, 5, 3, 6]),
            (try x.reshape([1, 2, 3]).permute([2, 0, 1]), [3, 1, 2], [1, 4, 2, 5, 3, 6]),
            (try x.slice(starts: [1, 0], counts: [1, 2], strides: [1, 2]), [1, 2], [4, 6]),
            (
                try x.pad(before: [1, 0], after: [0, 1], interior: [0, 1]), [3, 6],
                [0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]
            ),
            (try Tensor.concatenate([x, x.slice(starts: [0, 1], counts: [2, 1])], axis: 1), [2, 4], [1, 2, 3, 2, 4, 5, 6, 5]),
            (try x.sum(axes: [0]), [1, 3], [5, 7, 9]), (try x.sum(), [1, 1], [21]), (try x.mean(axes: [1]), [2, 1], [2, 5]),
            (try x.negated().largest(axes: [0]), [1, 3], [-1, -2, -3]), (try x.largest(axes: [1]), [2, 1], [3, 6]),
            // An index outside the table is the nearest one inside.
            (try x.permute([1, 0]).gather(i), [5, 2], [3, 6, 1, 4, 3, 6, 1, 4, 3, 6]),
            (try x.reshape([3, 2]).gather(i).scatterAdd(i, entries: 3), [3, 2], [2, 4, 0, 0, 15, 18]),
            (try x.greater(3).select(x, x.negated()), [2, 3], [-1, -2, -3, 4, 5, 6]),
        ]
        let values = try interpreter.evaluate(rows.map { $0.0 })
        for ((tensor, shape, expected), got) in zip(rows, values) {
            XCTAssertEqual(tensor.shape, shape, "\(tensor.node)")
            expect(got, expected)
        }
    }

    func testFunctionsInTheirTails() throws {
        let rows: [(UnaryFunction, Double, Double)] = [
            (.sigmoid, -800, 0), (.sigmoid, 800, 1), (.sigmoid, -40, 4.248354255291589e-18), (.softplus, -800, 0), (.softplus, 800, 800),
            (.softplus, -40, 4.248354255291589e-18), (.softplus, 0, 0.6931471805599453), (.tanh, 1, 0.7615941559557649), (.exponential, 1, 2.718281828459045),
            (.logarithm, 0, -.infinity), (.squareRoot, 2, 1.4142135623730951), (.absolute, -3, 3), (.negate, 2, -2),
        ]
        for (function, x, expected) in rows {
            let got = ScalarFunctions.apply(function, x)
            XCTAssertTrue(got == expected || abs(got - expected) <= 1e-15 * abs(expected), "\(function)(\(x)) = \(got)")
        }
    }

    func testWhatIsMissingIsNamed() throws {
        let graph = Graph()
        let x = try graph.buffer("latent", [3])
        var interpreter = ReferenceInterpreter(graph: graph)
        for values in [nil, [1, 2], [1, 2, 3, 4]] as [[Double]?] {
            interpreter.buffers["latent"] = values
            XCTAssertThrowsError(try interpreter.evaluate([x])) { XCTAssertTrue("\($0)".contains("\"latent\""), "\($0)") }
        }
        XCTAssertThrowsError(try interpreter.evaluate([Graph().buffer("x", [1])]))
    }

    private func expect(_ got: [Double], _ expected: [Double], line: UInt = #line) {
        XCTAssertEqual(got.count, expected.count, line: line)
        for (a, b) in zip(got, expected) { XCTAssertEqual(a, b, accuracy: 1e-6 * (1 + abs(b)), line: line) }
    }
}
