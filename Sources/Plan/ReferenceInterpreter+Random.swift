// Random numbers for the reference interpreter, by the definition that `RandomArguments` and `Distribution` state: Philox
// 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) and the Box–Muller transform.

import Graph

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension ReferenceInterpreter {
    /// The block of four words that Philox 4×32-10 gives for a counter and a key.
    public static func philox(counter: [4 of UInt32], key: [2 of UInt32]) -> [4 of UInt32] {
        var (c, k) = (counter, key)
        for round in 0..<10 {
            if round > 0 {
                // The key schedule's Weyl constants: the golden ratio and √3 − 1, as fractions of 2³².
                k[0] &+= 0x9E37_79B9
                k[1] &+= 0xBB67_AE85
            }
            let product0 = c[0].multipliedFullWidth(by: 0xD251_1F53)
            let product1 = c[2].multipliedFullWidth(by: 0xCD9E_8D57)
            c = [product1.high ^ c[1] ^ k[0], product1.low, product0.high ^ c[3] ^ k[1], product0.low]
        }
        return c
    }

    /// The variate of (seed, stream, firstRow + row, column).
    func randomElement(_ variate: Variate, stream: UInt32, row: Int, column: Int) -> Double {
        let row = firstRow &+ UInt64(row)
        let words = Self.philox(
            counter: [UInt32(truncatingIfNeeded: column / 4), UInt32(truncatingIfNeeded: row), UInt32(truncatingIfNeeded: row >> 32), stream],
            key: [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)])
        let unit = 1.0 / Double(1 << 24)
        switch variate {
        case .uniform:
            return Double(words[column % 4] >> 8) * unit
        case .normal:
            // Words (0, 1) give the block's columns 0 and 1, words (2, 3) its columns 2 and 3; the cosine comes first.
            let pair = column % 4 / 2 * 2
            let u1 = Double((words[pair] >> 8) + 1) * unit  // in (0, 1], so that its logarithm is finite
            let u2 = Double(words[pair + 1] >> 8) * unit
            let angle = 2 * Double.pi * u2
            return (-2 * log(u1)).squareRoot() * (column % 2 == 0 ? cos(angle) : sin(angle))
        }
    }
}
