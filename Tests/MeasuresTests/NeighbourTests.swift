import Base
import Measures
import XCTest

final class NeighbourTests: XCTestCase {
    func testCountsAreThoseOfAnotherProgram() throws {
        let expected = [(235, 186, 1178, 196), (63, 287, 224, 140), (6, 26, 16, 14)]
        for (pair, counts) in zip(try pairs(), expected) {
            let comparison = try compared(pair.samples, pair.data)
            let (n, m) = (Double(pair.samples.count), Double(pair.data.count))
            XCTAssertEqual(try value("precision", comparison), Double(counts.0) / n)
            XCTAssertEqual(try value("recall", comparison), Double(counts.1) / m)
            XCTAssertEqual(try value("density", comparison), Double(counts.2) / (5 * n))
            XCTAssertEqual(try value("coverage", comparison), Double(counts.3) / m)
        }
    }

    /// Every block boundary: against distances found one by one.
    func testEverySizeAgainstDistancesOneByOne() throws {
        for (n, m, width) in [(6, 6, 1), (95, 97, 3), (96, 512, 5), (97, 513, 17), (200, 1030, 2)] {
            let (samples, data) = (try rows(n, width, seed: 11, shift: 0.2), try rows(m, width, seed: 12))
            let comparison = try compared(samples, data, threads: 2)
            func distance(_ a: Features, _ i: Int, _ b: Features, _ j: Int) -> Double {
                (0..<width).reduce(0.0) { $0 + pow(Double(a.row(i)[$1]) - Double(b.row(j)[$1]), 2) }
            }
            func radii(_ a: Features, _ k: Int) -> [Double] {
                (0..<a.count).map { i in (0..<a.count).filter { $0 != i }.map { distance(a, i, a, $0) }.sorted()[k - 1] }
            }
            let (small, wide, mine) = (radii(data, 3), radii(data, 5), radii(samples, 3))
            var (precise, pairs) = (0, 0)
            var (recalled, covered) = (Set<Int>(), Set<Int>())
            for i in 0..<n {
                let distances = (0..<m).map { distance(samples, i, data, $0) }
                if (0..<m).contains(where: { distances[$0] <= small[$0] }) { precise += 1 }
                for j in 0..<m {
                    if distances[j] <= wide[j] { (_, pairs) = (covered.insert(j), pairs + 1) }
                    if distances[j] <= mine[i] { recalled.insert(j) }
                }
                let nearest = try comparison.nearest(i)
                XCTAssertEqual(nearest.item, distances.indices.min { distances[$0] < distances[$1] })
                XCTAssertEqual(nearest.distance, distances[nearest.item].squareRoot(), accuracy: 1e-7)
            }
            XCTAssertEqual(try value("precision", comparison), Double(precise) / Double(n))
            XCTAssertEqual(try value("recall", comparison), Double(recalled.count) / Double(m))
            XCTAssertEqual(try value("density", comparison), Double(pairs) / Double(5 * n))
            XCTAssertEqual(try value("coverage", comparison), Double(covered.count) / Double(m))
        }
    }

    func testCopiesAndDuplicates() throws {
        let (samples, data) = (try rows(300, 8, seed: 1, scale: 1.1, shift: 0.1), try rows(200, 8, seed: 2))
        XCTAssertEqual(try value("copies", compared(samples, data)), 4 / 300)
        XCTAssertEqual(try value("duplicates", compared(samples, data)), 0)
        for i in 0..<8 {
            for row in 0..<5 { samples.row(row)[i] = data.row(row)[i] + 0.001 }
            for row in 5..<9 { samples.row(row)[i] = samples.row(row + 4)[i] + 0.002 }
        }
        XCTAssertEqual(try value("copies", compared(samples, data)), 8 / 300)
        XCTAssertEqual(try value("duplicates", compared(samples, data)), 8 / 300)
        // The data themselves are all copies, and whatever is there thrice is at distance 0 to the last bit.
        XCTAssertEqual(try value("copies", compared(data, data)), 1)
        XCTAssertEqual(try compared(data, data).nearest(17).distance, 0)
    }

    func testOneSetBesideItself() throws {
        let data = try rows(400, 5, seed: 3)
        let comparison = try compared(data, data)
        XCTAssertEqual(try value("precision", comparison), 1)
        XCTAssertEqual(try value("recall", comparison), 1)
        XCTAssertEqual(try value("coverage", comparison), 1)
        // Each ball holds its centre and five more, the last of which lies on its edge.
        XCTAssertEqual(try value("density", comparison), 6 / 5, accuracy: 1e-12)
    }
}
