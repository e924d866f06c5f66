// Noise of a network's own.

import Base
import Graph
import Networks
import Plan
import XCTest

final class ScopeTests: XCTestCase {
    private func noise(step: Int, rows: Int, batch: Int?) throws -> [Double] {
        let graph = Graph()
        let noise = try NetworkState(of: "n", in: graph, batch: batch).run()["layer"].noise(.uniform, [rows, 3])
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.seed = 4
        interpreter.firstRow = UInt64(step * 5)
        return try interpreter.evaluate([noise])[0]
    }

    /// Real and generated items are judged in one run of twice the batch: no two steps have a number in common.
    func testStepsShareNoNumbers() throws {
        let all = try (0..<3).flatMap { try noise(step: $0, rows: 10, batch: 5) }
        XCTAssertEqual(Set(all).count, all.count)
    }

    func testASampleHasItsNumbersInAnyBatch() throws {
        XCTAssertEqual(try noise(step: 1, rows: 2, batch: nil), Array(try noise(step: 0, rows: 7, batch: nil).suffix(6)))
    }

    /// A layer, a run and a network each draw numbers of their own.
    func testPlacesShareNoNumbers() throws {
        let graph = Graph()
        let state = NetworkState(of: "n", in: graph)
        let (first, second) = (state.run(), state.run())
        let all = try [first["a"], first["b"], second["a"], NetworkState(of: "m", in: graph).run()["a"]].map { try $0.noise(.normal, [2, 2]).id }
        XCTAssertEqual(Set(all).count, 4)
    }
}
