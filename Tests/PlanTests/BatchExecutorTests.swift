import Base
import Compute
import Graph
import Kernels
import Plan
import XCTest

/// A plan for a batch, run on any number of rows, gives what it gives on the whole batch.
final class BatchExecutorTests: XCTestCase {
    private let rows = 12

    /// y = max(x + 1, 0) · W, and with `chainLast` that squared − 0.5: elementwise work at either end.
    private func plan(chainLast: Bool) throws -> BatchPlan {
        let graph = Graph()
        let x = try graph.buffer("x", [rows, 5])
        var y = try (x + 1).maximum(0).product(graph.buffer("weight", [5, 7]))
        if chainLast { y = try y.squared() - 0.5 }
        return try BatchPlan([Update("y", y)], of: graph, inputs: ["x"], rows: rows)
    }

    private func expected(_ x: [Float], _ weight: [Float], chainLast: Bool) -> [Float] {
        stride(from: 0, to: x.count, by: 5).flatMap { row in
            (0..<7).map { column in
                let sum = (0..<5).reduce(Float(0)) { $0 + max(x[row + $1] + 1, 0) * weight[$1 * 7 + column] }
                return chainLast ? sum * sum - 0.5 : sum
            }
        }
    }

    func testAnyNumberOfRows() throws {
        let weight = try AlignedBuffer<Float>(count: 35, for: "weight")
        for i in 0..<35 { weight.pointer[i] = Float(i % 9) / 4 - 1 }
        for chainLast in [false, true] {
            for threads in [1, 2, 3] {
                let executor = try BatchExecutor(
                    plan(chainLast: chainLast), buffers: ["weight": weight], kernels: .selected,
                    pool: ThreadPool(threads: threads))
                for count in [0, 1, 2, 3, 7, 11, 12, 13, 24, 25, 100] {
                    let x = (0..<count * 5).map { Float(($0 * 7) % 23) / 8 - 1.5 }
                    var y = [Float](repeating: -77, count: count * 7 + 1)
                    x.withUnsafeBufferPointer { x in
                        y.withUnsafeMutableBufferPointer { y in
                            executor.inputs[0].values = x.baseAddress
                            executor.inputs[0].rows = count
                            executor.outputs[0] = y.baseAddress
                            executor.run(BatchExecutor.Run(count: count))
                        }
                    }
                    XCTAssertEqual(y.removeLast(), -77, "\(count) rows, \(threads) threads: written behind the end")
                    let wanted = expected(x, Array(weight.buffer), chainLast: chainLast)
                    XCTAssertFalse(zip(y, wanted).contains { abs($0 - $1) > 1e-5 }, "\(count) rows, \(threads) threads")
                }
            }
        }
    }

    /// Weights wide enough to be packed: a row's bits do not depend on how many are drawn with it, nor on the team.
    func testRowsDoNotDependOnTheirCompany() throws {
        let (inner, columns) = (24, 130)
        let graph = Graph()
        let y = try graph.buffer("x", [64, inner]).product(graph.buffer("weight", [inner, columns])).sigmoid()
        let plan = try BatchPlan([Update("y", y)], of: graph, inputs: ["x"], rows: 64)
        let weight = try AlignedBuffer<Float>(count: inner * columns, for: "weight")
        for i in 0..<weight.count { weight.pointer[i] = Float((i * 37) % 101) / 100 - 0.5 }
        let x = (0..<200 * inner).map { Float(($0 * 7) % 23) / 8 - 1.5 }
        var rowsOfOne: [UInt32] = []
        for threads in [1, 2, 3] {
            let executor = try BatchExecutor(
                plan, buffers: ["weight": weight], kernels: .selected, pool: ThreadPool(threads: threads))
            func draw(_ first: Int, _ count: Int) -> [UInt32] {
                var y = [Float](repeating: .nan, count: count * columns)
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeMutableBufferPointer { y in
                        executor.inputs[0].values = x.baseAddress.map { $0 + first * inner }
                        executor.inputs[0].rows = count
                        executor.outputs[0] = y.baseAddress
                        executor.run(BatchExecutor.Run(count: count))
                    }
                }
                return y.map(\.bitPattern)
            }
            if threads == 1 { rowsOfOne = (0..<200).flatMap { draw($0, 1) } }
            for count in [1, 2, 15, 16, 64, 79, 80, 81, 119, 120, 200] {
                XCTAssertEqual(draw(0, count), Array(rowsOfOne.prefix(count * columns)), "\(count) rows, \(threads) threads")
            }
        }
        let truth = (0..<columns).map { column in
            1 / (1 + exp(-(0..<inner).reduce(0.0) { $0 + Double(x[$1]) * Double(weight.pointer[$1 * columns + column]) }))
        }
        XCTAssertFalse(zip(rowsOfOne, truth).contains { abs(Double(Float(bitPattern: $0)) - $1) > 1e-5 }, "the first row")
    }

    func testWhatMixesRowsIsRefused() throws {
        let mixing: [(String, (Tensor) throws -> Tensor)] = [
            ("a sum over rows", { try $0.sum(axes: [0]).broadcast(to: $0.shape) }),
            ("rows turned into columns", { try $0.permute([1, 0]) }),
            ("rows left out", { try $0.slice(starts: [1, 0], counts: [$0.shape[0] - 1, $0.shape[1]]).pad(before: [1, 0], after: [0, 0]) }),
            ("a product of rows with rows", { try $0.product($0, transposeB: true) }),
            ("a number of its own for every row", { try $0 + $0.graph.buffer("each", $0.shape) }),
            ("nothing of the input", { try $0.graph.buffer("weight", $0.shape) }),
        ]
        for (what, network) in mixing {
            let graph = Graph()
            let y = try network(graph.buffer("x", [rows, 5]))
            XCTAssertThrowsError(try BatchPlan([Update("y", y)], of: graph, inputs: ["x"], rows: rows), what)
        }
    }
}
