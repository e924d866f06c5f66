import Base
import Shapes
import XCTest

/// That surfaces are closed, wound outwards, and where they should be.
final class MeshTests: XCTestCase {
    /// By the numbers of vertices, and by their places alone, as those see it who read STL.
    private func check(_ mesh: Mesh, _ what: @autoclosure () -> String, file: StaticString = #filePath, line: UInt = #line) {
        let triangles = mesh.corners()
        if let fault = fault(triangles) { XCTFail("\(what()): \(fault)", file: file, line: line) }
        var places: [SIMD3<Double>: Int] = [:]
        let ids = (0..<mesh.vertexCount).map { vertex -> Int in
            let id = places[mesh.place(vertex)] ?? places.count
            places[mesh.place(vertex)] = id
            return id
        }
        XCTAssertEqual(places.count, mesh.vertexCount, "\(what()): vertices share a place", file: file, line: line)
        if let fault = fault(triangles.map { $0.map { ids[$0] } }) { XCTFail("\(what()), by places: \(fault)", file: file, line: line) }
        for vertex in 0..<mesh.vertexCount {
            let normal = mesh.outward(vertex)
            XCTAssertEqual((normal * normal).sum(), 1, accuracy: 1e-5, "\(what()): a normal's length", file: file, line: line)
        }
        if mesh.triangleCount > 0 { XCTAssertGreaterThan(mesh.enclosed, 0, what(), file: file, line: line) }
    }

    /// All cases of a cube, each alone in emptiness, with numbers that decide every side one way or the other.
    func testAllCasesOfACube() throws {
        for mask in 0..<256 {
            for (inside, outside) in [(1, 0), (0.9, 0.4), (0.6, 0.1)] as [(Float, Float)] {
                let field = try Field(2, 2, 2) { mask >> ($0 + 2 * $1 + 4 * $2) & 1 == 1 ? inside : outside }
                let mesh = try field.mesh()
                XCTAssertEqual(mesh.triangleCount == 0, mask == 0)
                check(mesh, "case \(mask) of \(inside) and \(outside)")
            }
        }
    }

    /// The shares of a cube's sides that the decider leaves to the values come in all combinations here.
    func testRandomVolumes() throws {
        var dice = Dice(state: 1)
        for number in 0..<3000 {
            let sides = (0..<3).map { _ in 1 + Int(dice.next() % 6) }
            let kind = number % 3
            let level: Float = kind == 2 ? dice.uniform() : 0.5
            let field = try Field(sides[0], sides[1], sides[2], level: level) { _, _, _ in
                let value = dice.uniform()
                return kind == 0 ? value.rounded() : value
            }
            check(try field.mesh(), "volume \(number) of \(sides) at \(level)")
        }
    }

    func testRandomVolumesOfManyCells() throws {
        var dice = Dice(state: 2)
        for number in 0..<4 {
            let field = try Field(24, 20, 28) { _, _, _ in number % 2 == 0 ? dice.uniform().rounded() : dice.uniform() }
            check(try field.mesh(), "large volume \(number)")
        }
    }

    func testBall() throws {
        let side = 40, radius = 14.0
        func distance(_ x: Int, _ y: Int, _ z: Int) -> Double {
            let from = SIMD3(Double(x) + 0.5, Double(y) + 0.5, Double(z) + 0.5) - SIMD3(20, 18, 21)
            return (from * from).sum().squareRoot()
        }
        let mesh = try Field(side, side, side) { Float(0.5 + 0.1 * (radius - distance($0, $1, $2))) }.mesh()
        check(mesh, "a ball")
        let truth = 4 / 3 * Double.pi * radius * radius * radius / Double(side * side * side)
        XCTAssertEqual(mesh.enclosed / truth, 1, accuracy: 0.005)
        for vertex in 0..<mesh.vertexCount {
            let from = mesh.place(vertex) * Double(side) - SIMD3(20, 18, 21)
            let length = (from * from).sum().squareRoot()
            XCTAssertEqual(length, radius, accuracy: 0.02)
            XCTAssertGreaterThan((from / length * mesh.outward(vertex)).sum(), 0.998)
        }
        // Euler: a surface like a ball's.
        XCTAssertEqual(mesh.vertexCount - mesh.triangleCount / 2, 2)
    }

    /// A box of full cells has its corners cut off by half a cell, and its faces where they should be.
    func testBox() throws {
        let mesh = try Field(10, 12, 16) { (2..<8).contains($0) && (3..<11).contains($1) && (4..<14).contains($2) ? 1 : 0 }.mesh()
        check(mesh, "a box")
        let (low, high) = bounds(mesh)
        let unit = 1.0 / 16
        for (axis, (from, to)) in [(2.0, 8.0), (3, 11), (4, 14)].enumerated() {
            XCTAssertEqual(low[axis], from * unit, accuracy: 1e-6)
            XCTAssertEqual(high[axis], to * unit, accuracy: 1e-6)
        }
        let whole = 6.0 * 8 * 10 * unit * unit * unit
        XCTAssertLessThan(mesh.enclosed, whole)
        XCTAssertGreaterThan(mesh.enclosed, 0.95 * whole)
    }

    /// A vertex lies where the line between two cells passes the level.
    func testLevels() throws {
        for (level, expected) in [(0.25, 0.75), (0.5, 0.5), (0.75, 0.25)] as [(Float, Double)] {
            let mesh = try Field(3, 1, 1, level: level) { x, _, _ in x == 1 ? 1 : 0 }.mesh()
            let (low, high) = bounds(mesh)
            XCTAssertEqual(low.x * 3, 1.5 - expected, accuracy: 1e-6)
            XCTAssertEqual(high.x * 3, 1.5 + expected, accuracy: 1e-6)
        }
        // What is greater than the level is inside, however little.
        let cells: (Int, Int, Int) -> Float = { x, _, _ in x == 1 ? 1 : 0 }
        check(try Field(3, 3, 3, level: 0, cells).mesh(), "level 0")
        XCTAssertGreaterThan(try Field(3, 3, 3, level: 0, cells).mesh().triangleCount, 0)
        XCTAssertEqual(try Field(3, 3, 3, level: 1, cells).mesh().triangleCount, 0)
        check(try Field(3, 3, 3, level: -1, cells).mesh(), "below all")
        XCTAssertGreaterThan(try Field(3, 3, 3, level: -1, cells).mesh().triangleCount, 0)
    }

    func testEmptyAndFull() throws {
        let empty = try Field(5, 6, 7) { _, _, _ in 0 }.mesh()
        XCTAssertEqual(empty.vertexCount, 0)
        XCTAssertEqual(empty.triangleCount, 0)
        let full = try Field(5, 6, 7) { _, _, _ in 1 }.mesh()
        check(full, "a full volume")
        let (low, high) = bounds(full)
        for axis in 0..<3 {
            XCTAssertEqual(low[axis], 0, accuracy: 1e-6)
            XCTAssertEqual(high[axis], [5.0, 6, 7][axis] / 7, accuracy: 1e-6)
        }
        check(try Field(1, 1, 1) { _, _, _ in 1 }.mesh(), "one cell")
    }

    /// What is no number is outside, and the infinite is only very large.
    func testNumbersThatAreNone() throws {
        var dice = Dice(state: 3)
        for number in 0..<300 {
            let field = try Field(4, 4, 4) { _, _, _ in
                [.nan, .infinity, -.infinity, 0, 1, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0.5][Int(dice.next() % 8)]
            }
            check(try field.mesh(), "odd volume \(number)")
        }
        XCTAssertEqual(try Field(3, 3, 3) { _, _, _ in .nan }.mesh().triangleCount, 0)
        let hole = try Field(3, 3, 3) { $0 == 1 && $1 == 1 && $2 == 1 ? .nan : 1 }.mesh()
        check(hole, "a hole")
        XCTAssertEqual(hole.vertexCount - hole.triangleCount / 2, 4, "two surfaces, of which one is inside the other")
    }

    /// Two cells that have an edge in common hang together where their numbers say so, and not where they do not.
    func testAsymptoticDecider() throws {
        func pieces(_ outside: Float) throws -> Int {
            let mesh = try Field(2, 1, 2) { x, _, z in x == z ? 1 : outside }.mesh()
            check(mesh, "two cells beside \(outside)")
            return (mesh.vertexCount - mesh.triangleCount / 2) / 2
        }
        XCTAssertEqual(try pieces(0.4), 1)
        XCTAssertEqual(try pieces(0), 1)
        XCTAssertEqual(try pieces(-0.5), 2)
    }

    func testRefusals() throws {
        let one: [Float] = [1]
        for (sides, level) in [([0, 1, 1], 0.5), ([1, -1, 1], 0.5), ([1, 1, 513], 0.5), ([1, 1, 1], .nan), ([1, 1, 1], .infinity)] as [([Int], Float)] {
            XCTAssertThrowsError(try Volume(one, depth: sides[0], height: sides[1], width: sides[2], level: level))
        }
    }

    private func bounds(_ mesh: Mesh) -> (SIMD3<Double>, SIMD3<Double>) {
        (0..<mesh.vertexCount).reduce((SIMD3(repeating: .infinity), SIMD3(repeating: -.infinity))) { sofar, vertex in
            (pointwiseMin(sofar.0, mesh.place(vertex)), pointwiseMax(sofar.1, mesh.place(vertex)))
        }
    }
}
