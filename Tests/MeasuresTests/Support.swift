import Base
import Measures
import XCTest

/// Rows of sums of four uniform numbers from Knuth's generator (MMIX), which a program in any language can make again. The values
/// that tests expect of them were found by one in numpy and scipy that has nothing in common with the library.
func rows(_ count: Int, _ width: Int, seed: UInt64, scale: Float = 1, shift: Float = 0) throws -> Features {
    let features = try Features(count: count, width: width, of: "rows")
    // Seeds that differ by little must not begin alike.
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    state = (state ^ state >> 31) &* 0xBF58_476D_1CE4_E5B9
    state ^= state >> 29
    for index in 0..<count * width {
        var sum: UInt64 = 0
        for _ in 0..<4 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            sum += state >> 40
        }
        features.row(0)[index] = (Float(sum) / Float(1 << 24) - 2) * scale + shift
    }
    return features
}

func compared(_ samples: Features, _ data: Features, threads: Int = 1) throws -> Comparison {
    try Comparison(samples: Observations(features: samples), data: Observations(features: data), Team(threads: threads))
}

func value(_ name: String, _ comparison: Comparison) throws -> Double { try comparison.value(Measure.find(name)).value }

/// Pairs that an independent program was given: 300, 150 and 20 samples of 8, 20 and 40 features.
func pairs() throws -> [(samples: Features, data: Features)] {
    try [(300, 200, 8, 0.1), (150, 400, 20, 0.3), (20, 30, 40, 0.2)].map { n, m, width, shift in
        (try rows(n, width, seed: 1, scale: 1.1, shift: Float(shift)), try rows(m, width, seed: 2))
    }
}

func assertRelative(_ a: Double, _ b: Double, _ tolerance: Double, file: StaticString = #filePath, line: UInt = #line) {
    XCTAssertLessThanOrEqual(abs(a - b), tolerance * abs(b), "\(a) is not \(b)", file: file, line: line)
}
