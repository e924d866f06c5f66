// What the tests of this room share: reproducible numbers, buffers filled with them, and comparisons that name the case.

import Base
import Graph
import Plan
import XCTest

/// Sebastiano Vigna's SplitMix64: small, and the same everywhere.
struct SplitMix64 {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Uniform on [low, high).
    mutating func real(_ low: Double, _ high: Double) -> Double { low + (high - low) * Double(next() >> 11) / Double(1 << 53) }
}

/// From which numbers an input of a test is drawn.
enum Domain {
    /// −1.5 to 1.5.
    case any
    /// 0.5 to 2.
    case positive
    /// Exactly these, and no derivative is taken: conditions and indices.
    case fixed([Double])
}

struct Input {
    let shape: Shape
    let domain: Domain
    init(_ shape: Shape, _ domain: Domain = .any) {
        self.shape = shape
        self.domain = domain
    }

    var isVariable: Bool {
        if case .fixed = domain { return false }
        return true
    }

    func values(_ random: inout SplitMix64) -> [Double] {
        let count = shape.reduce(1, *)
        switch domain {
        case .any: return (0..<count).map { _ in random.real(-1.5, 1.5) }
        case .positive: return (0..<count).map { _ in random.real(0.5, 2) }
        case .fixed(let values): return values
        }
    }
}

/// Largest difference beyond `tolerance` · (1 + |expected|), as a sentence; nil where all is well.
func difference(_ got: [Double], _ expected: [Double], tolerance: Double) -> String? {
    if got.count != expected.count { return "\(got.count) elements instead of \(expected.count)" }
    for (i, (a, b)) in zip(got, expected).enumerated() where !(abs(a - b) <= tolerance * (1 + abs(b))) && a != b {
        return "element \(i) is \(a) instead of \(b)"
    }
    return nil
}

/// Expects that `body` throws a `GanError`.
func expectRefusal(_ name: String, file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void) {
    do {
        try body()
        XCTFail("\(name) was accepted", file: file, line: line)
    } catch let error as GanError {
        XCTAssertTrue(error.message.hasSuffix("."), "\(name): the message is no sentence: \(error.message)", file: file, line: line)
    } catch {
        XCTFail("\(name) threw \(error)", file: file, line: line)
    }
}
