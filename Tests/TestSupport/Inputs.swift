// Reproducible numbers, and what the inputs of a test are drawn from.

import Graph

/// Sebastiano Vigna's SplitMix64: small, and the same everywhere.
public struct SplitMix64 {
    private var state: UInt64
    public init(_ seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Uniform on 0 ..< limit, nearly.
    public mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

    /// Uniform on [low, high).
    public mutating func real(_ low: Double, _ high: Double) -> Double { low + (high - low) * Double(next() >> 11) / Double(1 << 53) }
}

/// From which numbers an input of a test is drawn.
public enum Domain: Sendable {
    /// −1.5 to 1.5.
    case any
    /// 0.5 to 2.
    case positive
    /// Exactly these, and no derivative is taken: conditions and indices.
    case fixed([Double])
}

public struct Input: Sendable {
    public let shape: Shape
    public let domain: Domain
    public init(_ shape: Shape, _ domain: Domain = .any) {
        self.shape = shape
        self.domain = domain
    }

    public var isVariable: Bool {
        if case .fixed = domain { return false }
        return true
    }

    public func values(_ random: inout SplitMix64) -> [Double] {
        let count = shape.reduce(1, *)
        switch domain {
        case .any: return (0..<count).map { _ in random.real(-1.5, 1.5) }
        case .positive: return (0..<count).map { _ in random.real(0.5, 2) }
        case .fixed(let values): return values
        }
    }
}
