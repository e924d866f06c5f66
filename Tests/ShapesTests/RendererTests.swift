import Glibc
import Shapes
import XCTest

/// That pictures of shapes show them where they are, and lit from where the light is.
final class RendererTests: XCTestCase {
    private func picture(_ field: Field, _ azimuth: Double, _ elevation: Double, side: Int = 64) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 7, count: side * side)
        try ShapeRenderer.draw(
            try field.mesh(), sides: (field.depth, field.height, field.width), from: View(azimuth: azimuth, elevation: elevation), side: side,
            into: &pixels, stride: side)
        return pixels
    }

    private func ball(_ side: Int = 24) throws -> Field {
        let middle = SIMD3<Double>(repeating: Double(side) / 2)
        return try Field(side, side, side) { x, y, z in
            let from = SIMD3(Double(x), Double(y), Double(z)) + 0.5 - middle
            return Float(0.5 + 0.1 * (8 - (from * from).sum().squareRoot()))
        }
    }

    func testABallIsADiscFromEverywhere() throws {
        let field = try ball(), side = 64
        for (azimuth, elevation) in [(0.0, 0.0), (35, 25), (215, 25), (120, -40)] {
            let pixels = try picture(field, azimuth, elevation, side: side)
            let covered = pixels.map { $0 < 244 ? 1.0 : 0 }
            // The box has a half diagonal on the floor of √½ sides, and a height that depends on where one looks from.
            let round = 0.5.squareRoot(), tilt = elevation * .pi / 180
            let extent = max(round, 0.5 * abs(cos(tilt)) + round * abs(sin(tilt))) * 1.03
            let radius = 8.0 / 24 / extent * Double(side) / 2
            XCTAssertEqual(covered.reduce(0, +), .pi * radius * radius, accuracy: 0.04 * .pi * radius * radius)
            var column = 0.0, row = 0.0
            for at in covered.indices {
                column += covered[at] * (Double(at % side) + 0.5)
                row += covered[at] * (Double(at / side) + 0.5)
            }
            XCTAssertEqual(column / covered.reduce(0, +), Double(side) / 2, accuracy: 0.3)
            XCTAssertEqual(row / covered.reduce(0, +), Double(side) / 2, accuracy: 0.3)
        }
    }

    func testTheLightComesFromAboveTheViewersLeft() throws {
        let pixels = try picture(try ball(), 35, 25)
        let lit = pixels.indices.filter { pixels[$0] < 240 }
        let brightest = try XCTUnwrap(lit.max { pixels[$0] < pixels[$1] })
        XCTAssertTrue(brightest % 64 < 32 && brightest / 64 < 32, "the brightest pixel is in row \(brightest / 64) and column \(brightest % 64)")
        func mean(_ part: [Int]) -> Double { part.reduce(0) { $0 + Double(pixels[$1]) } / Double(max(part.count, 1)) }
        XCTAssertGreaterThan(mean(lit.filter { $0 % 64 < 32 && $0 / 64 < 32 }), mean(lit.filter { $0 % 64 >= 32 && $0 / 64 >= 32 }) + 60)
    }

    /// A full volume is the largest shape there is.
    func testNothingIsCutOff() throws {
        for sides in [(6, 6, 6), (2, 6, 3), (6, 2, 2), (1, 1, 6)] {
            let field = try Field(sides.0, sides.1, sides.2) { _, _, _ in 1 }
            for azimuth in stride(from: 0.0, to: 360, by: 15) {
                for elevation in [-90.0, -25, 0, 25, 60, 90] {
                    let pixels = try picture(field, azimuth, elevation)
                    let isBare = (0..<64).allSatisfy { (at: Int) -> Bool in
                        pixels[at] == 255 && pixels[63 * 64 + at] == 255 && pixels[at * 64] == 255 && pixels[at * 64 + 63] == 255
                    }
                    XCTAssertTrue(isBare, "\(sides) from \(azimuth), \(elevation)")
                    XCTAssertTrue(pixels.contains { $0 < 240 })
                }
            }
        }
    }

    /// What is near hides what is far, from either side.
    func testTheNearerIsSeen() throws {
        // A plate with a hole in front of nothing, and the same with a plate behind it.
        func plates(_ hasBack: Bool) throws -> Field {
            try Field(9, 9, 9) { x, y, z in
                if z == 7 { return (3...5).contains(x) && (3...5).contains(y) ? 0 : 1 }
                return z == 1 && hasBack ? 1 : 0
            }
        }
        XCTAssertEqual(try picture(try plates(false), 0, 0)[32 * 64 + 32], 255)
        XCTAssertLessThan(try picture(try plates(true), 0, 0)[32 * 64 + 32], 255)
        let front = try picture(try plates(true), 0, 0), alone = try picture(try plates(false), 0, 0)
        XCTAssertEqual(front[32 * 64 + 20], alone[32 * 64 + 20], "the front plate looks the same with another behind it")
    }

    func testRowsAreApartAsIsSaid() throws {
        let field = try ball()
        var wide = [UInt8](repeating: 7, count: 80 * 64)
        try ShapeRenderer.draw(try field.mesh(), sides: (24, 24, 24), from: View(azimuth: 35, elevation: 25), side: 64, into: &wide, stride: 80)
        let pixels = try picture(field, 35, 25)
        for row in 0..<64 {
            XCTAssertEqual(Array(wide[row * 80..<row * 80 + 64]), Array(pixels[row * 64..<row * 64 + 64]))
            XCTAssertTrue(wide[row * 80 + 64..<row * 80 + 80].allSatisfy { $0 == 7 })
        }
    }
}
