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
    private func plan(chainLast: Bool) throws -> Plan {
        let graph = Graph()
        let x = try graph.buffer("x", [rows, 5])
        var y = try (x + 1).maximum(0).product(graph.buffer("weight", [5, 7]))
        if chainLast { y = try y.squared() - 0.5 }
        return try Planner.plan([Update("y", y)], of: graph)
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
                    plan(chainLast: chainLast), from: "x", to: "y", buffers: ["weight": weight], kernels: .selected,
                    pool: ThreadPool(threads: threads))
                for count in [0, 1, 2, 3, 7, 11, 12, 13, 24, 25, 100] {
                    let x = (0..<count * 5).map { Float(($0 * 7) % 23) / 8 - 1.5 }
                    var y = [Float](repeating: -77, count: count * 7 + 1)
                    x.withUnsafeBufferPointer { x in
                        y.withUnsafeMutableBufferPointer { y in
                            var run = BatchExecutor.Run(count: count)
                            run.source = x.baseAddress
                            run.result = y.baseAddress
                            executor.run(run)
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
        let plan = try Planner.plan([Update("y", y)], of: graph)
        let weight = try AlignedBuffer<Float>(count: inner * columns, for: "weight")
        for i in 0..<weight.count { weight.pointer[i] = Float((i * 37) % 101) / 100 - 0.5 }
        let x = (0..<200 * inner).map { Float(($0 * 7) % 23) / 8 - 1.5 }
        var rowsOfOne: [UInt32] = []
        for threads in [1, 2, 3] {
            let executor = try BatchExecutor(
                plan, from: "x", to: "y", buffers: ["weight": weight], kernels: .selected, pool: ThreadPool(threads: threads))
            func draw(_ first: Int, _ count: Int) -> [UInt32] {
                var y = [Float](repeating: .nan, count: count * columns)
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeMutableBufferPointer { y in
                        var run = BatchExecutor.Run(count: count)
                        run.source = x.baseAddress.map { $0 + first * inner }
                        run.result = y.baseAddress
                        executor.run(run)
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

    func testAPlanOfAnotherKindIsRefused() throws {
        let graph = Graph()
        let sums = try graph.buffer("x", [rows, 5]).sum(axes: [0]).broadcast(to: [rows, 5])
        let plan = try Planner.plan([Update("y", sums)], of: graph)
        XCTAssertThrowsError(
            try BatchExecutor(plan, from: "x", to: "y", buffers: [:], kernels: .selected, pool: ThreadPool(threads: 1)))
    }
}
