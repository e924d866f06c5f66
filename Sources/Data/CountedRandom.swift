#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Random numbers that are a hash of a key and a counter: whoever has the key has all of them, in any order.
struct CountedRandom {
    private let key: UInt64
    private var counter: UInt64 = 0

    /// A stream of its own for each pair of numbers, such as a seed and the number of an item.
    init(_ seed: UInt64, _ item: UInt64) { key = Self.key(seed, item) }

    static func key(_ seed: UInt64, _ item: UInt64) -> UInt64 { mix(seed &+ golden) ^ mix(mix(item) &+ golden) }

    /// The number that a key has at a place, 0 … `limit`. The high half of the product maps 64 random bits there; the bias is below
    /// limit / 2⁶⁴.
    static func number(upTo limit: UInt64, key: UInt64, at place: UInt64) -> Int {
        Int(mix(key &+ place &* golden).multipliedFullWidth(by: limit &+ 1).high)
    }

    /// A whole number, 0 … `count` − 1.
    mutating func below(_ count: Int) -> Int {
        counter &+= 1
        return Self.number(upTo: UInt64(max(count, 1) - 1), key: key, at: counter)
    }

    /// From 0 up to, but not quite, 1.
    mutating func uniform() -> Double {
        counter &+= 1
        return Double(Self.mix(key &+ counter &* Self.golden) >> 11) / 9_007_199_254_740_992
    }

    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// With mean 0 and deviation 1, at most 8.6 from 0 (Box and Muller, "A note on the generation of random normal deviates", 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }

    /// 2⁶⁴ divided by the golden ratio.
    private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The output function of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    private static func mix(_ x: UInt64) -> UInt64 {
        var z = x
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
