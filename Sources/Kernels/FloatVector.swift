import CGanShims

/// Floats side by side, and what can be calculated with them: what functions are written over (VectorFunctions.swift).
///
/// All operations are elementwise; comparisons are false where an operand is NaN.
public protocol VectorArithmetic: Sendable {
    init(repeating value: Float)
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    static prefix func - (a: Self) -> Self
    /// a · b + c, with one rounding where the processor can, else with two.
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self
    func squareRoot() -> Self
    /// This − numerator / (√(v · factor) + epsilon) for v ≥ 0; the fraction to about two units in the last place.
    func less(_ numerator: Self, overRootOf v: Self, times factor: Self, plus epsilon: Self) -> Self
    /// This / divisor, for finite divisors from 1 on, to about a unit in the last place.
    func quotient(by divisor: Self) -> Self
    /// This / (1 + e) for e in 0 ... 1 and this 1 or e, to about a unit in the last place: what is lost in 1 + e is made good.
    func quotient(byOnePlus e: Self) -> Self
    /// This · 2ⁿ for integral n in −150 ... 128, rounded once.
    func scaled(byPowerOfTwo n: Self) -> Self
    func absolute() -> Self
    /// a > b ? x : y
    static func whereGreater(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self
    /// a ≤ b ? x : y
    static func whereAtMost(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self
    /// a = b ? x : y
    static func whereEqual(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self
    /// This magnitude with the sign of `other`.
    func signed(as other: Self) -> Self
    /// 2ⁿ for integral n in −126 ... 127.
    static func powerOfTwo(_ n: Self) -> Self
    /// For positive normal x = m · 2ᵉ with m in [√½, √2): e, and m.
    func exponentPart() -> Self
    func mantissaPart() -> Self
}

/// A vector register of floats: what every kernel template is written over.
///
/// Each instruction set's module has its own conforming type. That is more than tidiness: the type's name becomes part
/// of the name of every specialised function, so the linker can never take a function compiled for one instruction
/// set for the same function compiled for another.
public protocol FloatVector: VectorArithmetic {
    /// Lanes.
    static var width: Int { get }
    /// The rows of a matrix product's tile, and its columns in vectors, that fill the register file.
    static var tileRows: Int { get }
    static var tileVectors: Int { get }
    /// The most rows for which twice as many columns fit into the registers.
    static var wideTileRows: Int { get }
    /// The columns in vectors of a sparse product's tile, which has two rows: at most 8, and twice those and once more fit into the
    /// registers.
    static var sparseTileVectors: Int { get }
    /// The share of steps, in sixteenths, up to which such tiles are faster than ordinary ones.
    static var sparseLimit: Int { get }

    static func load(_ pointer: UnsafePointer<Float>) -> Self
    func store(_ pointer: UnsafeMutablePointer<Float>)
    /// The first `count` lanes, 0 < count < width; nothing beyond them is touched, and they read as 0.
    static func load(_ pointer: UnsafePointer<Float>, count: Int) -> Self
    func store(_ pointer: UnsafeMutablePointer<Float>, count: Int)

    /// The sum, and the maximum, of all lanes by a fixed tree of halves; NaN where a lane is NaN.
    func sum() -> Float
    func largest() -> Float

    /// Writes first + lane for every lane that is not zero, in order, and returns how many those are; `width` words may be written.
    func storePlacesOfNonZeros(first: Int, to places: UnsafeMutablePointer<Int32>) -> Int
    /// 1 where one of the first `count` lanes is not zero, 0 < count ≤ width, else 0.
    func hasNonZero(among count: Int) -> Int

    /// `width` 32-bit words; of each the upper 24 bits as a float.
    static func upper24Bits(_ words: UnsafePointer<UInt32>) -> Self
    /// `width` bytes as floats.
    static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self
    /// Floats in 0 ... 255, rounded half to even, as `width` bytes.
    func storeBytes(_ pointer: UnsafeMutablePointer<UInt8>)

    /// Turns a block of `width` rows, `stride` apart, into `width` columns: element (i, j) goes to `to[j · columns + i]`.
    /// Only the first `rows` rows exist; the last one stands in for the others.
    static func transpose(
        _ from: UnsafePointer<Float>, stride: Int, rows: Int, to: UnsafeMutablePointer<Float>, columns: Int)

    /// The same for four columns of `width` rows.
    static func transposeFourColumns(_ from: UnsafePointer<Float>, stride: Int, to: UnsafeMutablePointer<Float>, columns: Int)

    /// Ten rounds of Philox 4×32 on the counters (first + lane, c1, c2, c3), lane = 0 ..< width: word w of counter
    /// `lane` goes to `words[w · width + lane]`.
    static func philox(
        first: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32, key: (UInt32, UInt32), to words: UnsafeMutablePointer<UInt32>)
}

extension VectorArithmetic {
    @inlinable @inline(__always) public static var zero: Self { Self(repeating: 0) }

    /// c − a · b, in the manner of `multiplyAdd`.
    @inlinable @inline(__always)
    public static func negatedMultiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { multiplyAdd(-a, b, c) }

    @inlinable @inline(__always)
    public func less(_ numerator: Self, overRootOf v: Self, times factor: Self, plus epsilon: Self) -> Self {
        self - numerator / ((v * factor).squareRoot() + epsilon)
    }

    @inlinable @inline(__always)
    public func quotient(by divisor: Self) -> Self { self / divisor }

    @inlinable @inline(__always)
    public func quotient(byOnePlus e: Self) -> Self {
        let one = Self(repeating: 1)
        let divisor = one + e
        let lost = e - (divisor - one)
        let quotient = self / divisor
        // 1 / divisor, from a quotient that is that, or e / divisor.
        let inverse = Self.whereEqual(self, one, quotient, one - quotient)
        return quotient - quotient * lost * inverse
    }

    /// In two factors: n reaches beyond a single exponent, and so a denormal is rounded once.
    @inlinable @inline(__always)
    public func scaled(byPowerOfTwo n: Self) -> Self {
        let half = (n * Self(repeating: 0.5)).roundedToInteger()
        return self * Self.powerOfTwo(half) * Self.powerOfTwo(n - half)
    }

    // What was calculated from NaN stays NaN: a network that has diverged must not look as if it had not. A comparison with
    // NaN is false, so which of two operands a choice falls back to is chosen with care below.

    /// `value`, but NaN where this is NaN.
    @inlinable @inline(__always)
    public func passingNaN(to value: Self) -> Self { Self.whereEqual(self, self, value, self) }

    /// a > b ? a : b; NaN where either is NaN.
    @inlinable @inline(__always)
    public static func maximum(_ a: Self, _ b: Self) -> Self { a.passingNaN(to: whereGreater(a, b, a, b)) }

    /// a < b ? a : b; NaN where either is NaN.
    @inlinable @inline(__always)
    public static func minimum(_ a: Self, _ b: Self) -> Self { a.passingNaN(to: whereGreater(b, a, a, b)) }

    /// The rectifier max(x, 0), which makes +0 of −0; NaN stays.
    @inlinable @inline(__always)
    public func rectified() -> Self { Self.whereAtMost(self, .zero, .zero, self) }

    /// min(x, limit) for a limit that is a number; NaN stays. A single instruction, as `minimum` is not.
    @inlinable @inline(__always)
    public func bounded(above limit: Self) -> Self { Self.whereGreater(self, limit, limit, self) }

    /// The same for max(x, limit).
    @inlinable @inline(__always)
    public func bounded(below limit: Self) -> Self { Self.whereGreater(limit, self, limit, self) }

    /// a > b ? 1 : 0; NaN where either is NaN.
    @inlinable @inline(__always)
    public static func isGreater(_ a: Self, _ b: Self) -> Self {
        whereGreater(a, b, Self(repeating: 1), whereAtMost(a, b, .zero, Self(repeating: .nan)))
    }

    /// a = b ? 1 : 0; NaN where either is NaN.
    @inlinable @inline(__always)
    public static func isEqual(_ a: Self, _ b: Self) -> Self {
        a.passingNaN(to: b.passingNaN(to: whereEqual(a, b, Self(repeating: 1), .zero)))
    }

    /// This ≠ 0 ? a : b; NaN where this is NaN.
    @inlinable @inline(__always)
    public func select(_ a: Self, _ b: Self) -> Self { passingNaN(to: Self.whereEqual(self, .zero, b, a)) }
}

extension FloatVector {
    @inlinable @inline(__always)
    public static func splat(_ pointer: UnsafePointer<Float>) -> Self { Self(repeating: pointer.pointee) }

    /// Loads `count` lanes, all of them when `count` is the width.
    @inlinable @inline(__always)
    public static func loadUpTo(_ pointer: UnsafePointer<Float>, _ count: Int) -> Self {
        count == width ? load(pointer) : load(pointer, count: count)
    }

    @inlinable @inline(__always)
    public func storeUpTo(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
        if count == Self.width { store(pointer) } else { store(pointer, count: count) }
    }
}
