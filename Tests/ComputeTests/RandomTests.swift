import Compute
import Kernels
import XCTest

/// Philox 4×32-10 as it is written in the paper.
func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var (c, k) = (counter, key)
    for _ in 0..<10 {
        let p0 = UInt64(0xD251_1F53) * UInt64(c[0])
        let p1 = UInt64(0xCD9E_8D57) * UInt64(c[2])
        c = [
            UInt32(p1 >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: p1),
            UInt32(p0 >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: p0),
        ]
        k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
    }
    return c
}

final class RandomTests: XCTestCase {
    private func draw(
        _ table: KernelTable, _ distribution: Distribution, seed: UInt64, stream: UInt32 = 0, firstRow: UInt64 = 0, rows: Int, columns: Int,
        scale: Float = 1, offset: Float = 0, parts: Int = 1
    ) -> [Float] {
        let y = Fenced<Float>(rows * columns)
        var t = RandomArguments(
            distribution: distribution, seed: seed, stream: stream, firstRow: firstRow, rows: rows, columns: columns, y: y.pointer,
            scale: scale, offset: offset)
        for part in 0..<parts { table.random(&t, part, parts) }
        keep(y)
        return y.values
    }

    /// The known answers that come with the authors' own implementation, Random123.
    func testTheReferenceHasTheKnownAnswers() {
        XCTAssertEqual(philox([0, 0, 0, 0], [0, 0]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        XCTAssertEqual(
            philox([~0, ~0, ~0, ~0], [~0, ~0]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        XCTAssertEqual(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }

    func testUniformsAreTheWordsOfPhilox() {
        // The first known answer, through the kernel: counter 0, key 0.
        let words: [UInt32] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        for (name, table) in tables {
            XCTAssertEqual(
                draw(table, .uniform, seed: 0, rows: 1, columns: 4), words.map { Float($0 >> 8) * 0x1p-24 }, name)
        }
        var chance = Chance(31)
        for _ in 0..<60 {
            let seed = chance.next()
            let stream = UInt32(truncatingIfNeeded: chance.next())
            let firstRow = chance.pick([0, 1, 0xffff_fffe, chance.next() >> 8])
            let rows = chance.int(1...5)
            let columns = chance.int(1...150)
            var wanted: [Float] = []
            for i in 0..<rows {
                let row = firstRow + UInt64(i)
                for j in 0..<columns {
                    let block = philox(
                        [UInt32(j / 4), UInt32(truncatingIfNeeded: row), UInt32(row >> 32), stream],
                        [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
                    wanted.append(Float(block[j % 4] >> 8) * 0x1p-24)
                }
            }
            for (name, table) in tables {
                for parts in [1, 2, 3, 8] {
                    XCTAssertEqual(
                        draw(table, .uniform, seed: seed, stream: stream, firstRow: firstRow, rows: rows, columns: columns, parts: parts),
                        wanted, "\(name) \(rows)×\(columns) \(parts) parts")
                }
            }
        }
    }

    func testNormalsAreTheBoxMullerTransform() {
        var chance = Chance(32)
        for (name, table) in tables {
            for columns in [1, 3, 4, 63, 64, 65, 128, 1000] {
                let seed = chance.next()
                let found = draw(table, .normal, seed: seed, stream: 7, firstRow: 3, rows: 4, columns: columns, scale: 2, offset: -1)
                for i in 0..<4 {
                    for j in 0..<columns {
                        let block = philox(
                            [UInt32(j / 4), UInt32(3 + i), 0, 7], [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
                        let pair = j % 4 / 2 * 2
                        let u1 = Double((block[pair] >> 8) + 1) * 0x1p-24
                        let u2 = Double(block[pair + 1] >> 8) * 0x1p-24
                        let z = (-2 * log(u1)).squareRoot() * (j % 2 == 0 ? cos(2 * .pi * u2) : sin(2 * .pi * u2))
                        XCTAssertEqual(Double(found[i * columns + j]), 2 * z - 1, accuracy: 3e-6, "\(name) (\(i), \(j))")
                    }
                }
            }
        }
    }

    /// Neither parts nor the row at which a batch begins change a bit.
    func testRowsDoNotDependOnTheirCompany() {
        for (name, table) in tables {
            for columns in [1, 2, 37, 64, 130] {
                for distribution in [Distribution.uniform, .normal] {
                    let whole = draw(table, distribution, seed: 99, firstRow: 1000, rows: 20, columns: columns)
                    for parts in [2, 3, 8] {
                        XCTAssertEqual(
                            draw(table, distribution, seed: 99, firstRow: 1000, rows: 20, columns: columns, parts: parts).map(\.bitPattern),
                            whole.map(\.bitPattern), name)
                    }
                    let later = draw(table, distribution, seed: 99, firstRow: 1007, rows: 5, columns: columns)
                    XCTAssertEqual(later.map(\.bitPattern), whole[(7 * columns)..<(12 * columns)].map(\.bitPattern), name)
                }
            }
        }
    }

    func testMomentsOfTheNormalDistribution() {
        for (name, table) in tables {
            let values = draw(table, .normal, seed: 5, rows: 1000, columns: 1000).map(Double.init)
            let mean = values.reduce(0, +) / 1e6
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e6
            let fourth = values.reduce(0) { $0 + pow($1 - mean, 4) } / 1e6
            XCTAssertEqual(mean, 0, accuracy: 0.005, name)
            XCTAssertEqual(variance, 1, accuracy: 0.006, name)
            XCTAssertEqual(fourth, 3, accuracy: 0.05, name)
        }
    }
}
