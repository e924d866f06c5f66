import Base
import Measures
import XCTest

final class DistanceTests: XCTestCase {
    /// Features of few numbers, of which a network makes many: covariances whose rank is rounding from there on, so that many singular
    /// values of their product are too.
    func testFeaturesOfFewNumbersHaveADistance() throws {
        for (inputs, width, count) in [(4, 256, 200), (2, 256, 200), (1, 64, 300), (3, 128, 2000), (8, 256, 200)] {
            for seed in UInt64(1)...4 {
                let few = try rows(count, inputs, seed: seed), weights = try rows(width, inputs, seed: seed + 50)
                let many = try Features(count: count, width: width, of: "features")
                for row in 0..<count {
                    for column in 0..<width {
                        var sum: Float = 0
                        for input in 0..<inputs { sum += few.row(row)[input] * weights.row(column)[input] }
                        many.row(row)[column] = max(sum, 0)
                    }
                }
                let comparison = try compared(many, many)
                let size = try value("frechet-distance", compared(many, rows(count, width, seed: 9)))
                XCTAssertLessThan(try value("frechet-distance", comparison), 1e-9 * size, "\(inputs) → \(width), \(count) rows, seed \(seed)")
            }
        }
    }

    /// By scipy's square root of a matrix where the covariances have one, by singular values of the centred rows in the last.
    func testFrechetDistanceIsThatOfAnotherProgram() throws {
        for (pair, expected) in zip(try pairs(), [0.15208063768212376, 2.4080965714348963, 15.650621486280855]) {
            assertRelative(try value("frechet-distance", compared(pair.samples, pair.data)), expected, 1e-9)
        }
    }

    func testKernelDistanceIsThatOfAnotherProgram() throws {
        for (pair, expected) in zip(try pairs(), [0.023217869203414843, 0.3176178339826521, 0.1242145429236543]) {
            assertRelative(try value("kernel-distance", compared(pair.samples, pair.data)), expected, 1e-9)
        }
    }

    /// Two points on each axis, as far from the mean as is wanted: their moments are known without any arithmetic, and so is the distance
    /// of the normal distributions that have them, |μ₁ − μ₂|² + Σ (σ₁ − σ₂)² (Dowson & Landau 1982).
    func testFrechetDistanceOfNormalDistributionsIsTheirFormula() throws {
        for width in [1, 2, 5, 17, 64, 130] {
            let (a, b) = (try Features(count: 2 * width, width: width, of: "points"), try Features(count: 2 * width, width: width, of: "points"))
            var expected = 0.0
            let scale = (2 / Double(2 * width - 1)).squareRoot()
            for axis in 0..<width {
                let (mine, theirs) = (Float(1 + axis % 7), axis % 5 == 0 ? 0 : Float(axis % 5) / 2)
                for (sign, row) in [(Float(1), 2 * axis), (-1, 2 * axis + 1)] {
                    a.row(row)[axis] = sign * mine
                    b.row(row)[axis] = sign * theirs
                }
                for row in 0..<2 * width { b.row(row)[axis] += 0.25 }
                expected += pow((Double(mine) - Double(theirs)) * scale, 2) + 0.0625
            }
            assertRelative(try value("frechet-distance", compared(a, b)), expected, 1e-12)
        }
    }

    /// Features that are equal, and one that never changes: their covariance has no inverse, and no Cholesky factor of full rank.
    func testSingularCovariances() throws {
        let (a, b) = (try rows(300, 8, seed: 1, scale: 1.1, shift: 0.1), try rows(200, 8, seed: 2))
        for features in [a, b] {
            for row in 0..<features.count {
                features.row(row)[3] = features.row(row)[4]
                features.row(row)[0] = 0
            }
        }
        assertRelative(try value("frechet-distance", compared(a, b)), 0.12714597490792467, 1e-9)
        // Nothing changes at all: the difference of the means is left.
        let (c, d) = (try rows(50, 3, seed: 1, scale: 0, shift: 1), try rows(60, 3, seed: 1, scale: 0, shift: 3))
        XCTAssertEqual(try value("frechet-distance", compared(c, d)), 12, accuracy: 1e-12)
        XCTAssertEqual(try value("frechet-distance", compared(c, c)), 0)
    }

    func testOfTheSameRowsBothAreNothing() throws {
        for (samples, _) in try pairs() {
            XCTAssertEqual(try value("frechet-distance", compared(samples, samples)), 0, accuracy: 1e-11)
        }
        let many = try rows(2000, 6, seed: 3)
        XCTAssertLessThan(try value("kernel-distance", compared(many, many)), 0)  // unbiased: below 0 where pairs are the same
    }

    /// Samples of the very distribution of the data: without the samples' bias far less is left of the distance.
    func testExtrapolationTakesTheBiasAway() throws {
        let (samples, data) = (try rows(1000, 16, seed: 7), try rows(20000, 16, seed: 8))
        let comparison = try compared(samples, data)
        let (plain, infinite) = (try value("frechet-distance", comparison), try value("frechet-distance-infinity", comparison))
        XCTAssertGreaterThan(plain, 0.02)
        XCTAssertLessThan(abs(infinite), plain / 4)
    }

    func testSpreadOfTheKernelDistanceIsThatOfChance() throws {
        // 40 pairs of sets of the subsets' size: the spread that the measure tells is the spread that there is.
        let all = try compared(rows(1000, 6, seed: 20), rows(1000, 6, seed: 21)).value(Measure.find("kernel-distance"))
        var values: [Double] = []
        for trial in 0..<40 {
            values.append(try value("kernel-distance", compared(rows(100, 6, seed: UInt64(100 + trial)), rows(100, 6, seed: UInt64(200 + trial)))))
        }
        let mean = values.reduce(0, +) / 40
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39).squareRoot()
        XCTAssertLessThan(all.spread / deviation, 2)
        XCTAssertGreaterThan(all.spread / deviation, 0.5)
        XCTAssertLessThan(abs(all.value), 4 * all.spread)
    }

    func testThreadsChangeNothing() throws {
        let (samples, data) = (try rows(700, 33, seed: 5, shift: 0.1), try rows(1300, 33, seed: 6))
        var first: [UInt64]?
        for threads in [1, 2, 3, 7] {
            let comparison = try compared(samples, data, threads: threads)
            let values = try Measure.all.filter { $0.needs == .features }.flatMap { measure in
                let result = try comparison.value(measure)
                return [result.value.bitPattern, result.spread.bitPattern]
            }
            XCTAssertEqual(values, first ?? values)
            first = values
        }
    }
}
