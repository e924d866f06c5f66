import CGanShims
import Kernels

/// A 512-bit register of the AVX-512 instruction set (f, bw, cd, dq and vl: x86-64-v4).
struct Vector512: FloatVector {
    var lanes: gan_float16

    @inline(__always) init(lanes: gan_float16) { self.lanes = lanes }
    @inline(__always) init(repeating value: Float) { lanes = gan_splat_16(value) }

    @inline(__always) static var width: Int { 16 }
    @inline(__always) static var tileRows: Int { 14 }
    @inline(__always) static var tileVectors: Int { 2 }
    @inline(__always) static var wideTileRows: Int { 6 }
    @inline(__always) static var sparseTileVectors: Int { 8 }
    @inline(__always) static var sparseLimit: Int { 15 }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Self { Self(lanes: gan_load_16(pointer)) }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) { gan_store_16(pointer, lanes) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, count: Int) -> Self {
        Self(lanes: gan_load_partial_16(pointer, Int32(truncatingIfNeeded: count)))
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
        gan_store_partial_16(pointer, lanes, Int32(truncatingIfNeeded: count))
    }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: gan_add_16(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: gan_subtract_16(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: gan_multiply_16(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(lanes: gan_divide_16(a.lanes, b.lanes)) }
    @inline(__always) static prefix func - (a: Self) -> Self { Self(lanes: gan_negate_16(a.lanes)) }
    @inline(__always) static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(lanes: gan_multiply_add_16(a.lanes, b.lanes, c.lanes))
    }
    @inline(__always) func squareRoot() -> Self { Self(lanes: gan_square_root_16(lanes)) }

    /// Square root and division take as long as everything else in Adam together; estimates, each improved by one step
    /// of Newton's method, take less than half of that. With w a quarter of the radicand and r the estimate of 1/√w, the
    /// root is 2√w ≈ wr(3 − wr²). The bounds keep 0 · ∞ out, and change nothing that a finite epsilon notices.
    @inline(__always) func less(_ numerator: Self, overRootOf v: Self, times factor: Self, plus epsilon: Self) -> Self {
        let quarter = Self.multiplyAdd(v, factor * Self(repeating: 0.25), Self(repeating: 1e-37))
        let w = quarter.bounded(above: Self(repeating: 1e38))
        let r = Self(lanes: gan_rough_inverse_root_16(w.lanes))
        let root = w * r
        let divisor = Self.multiplyAdd(root, Self.negatedMultiplyAdd(root, r, Self(repeating: 3)), epsilon)
        let inverse = Self(lanes: gan_rough_inverse_16(divisor.lanes))
        let better = inverse * Self.negatedMultiplyAdd(divisor, inverse, Self(repeating: 2))
        return Self.negatedMultiplyAdd(numerator, better, self)
    }

    @inline(__always) func quotient(by divisor: Self) -> Self {
        let inverse = Self(lanes: gan_rough_inverse_16(divisor.lanes))
        let quotient = self * inverse
        return Self.multiplyAdd(Self.negatedMultiplyAdd(divisor, quotient, self), inverse, quotient)
    }

    @inline(__always) func quotient(byOnePlus e: Self) -> Self {
        let inverse = Self(lanes: gan_rough_inverse_16((Self(repeating: 1) + e).lanes))
        let quotient = self * inverse
        return Self.multiplyAdd(Self.negatedMultiplyAdd(quotient, e, self - quotient), inverse, quotient)
    }

    @inline(__always) func scaled(byPowerOfTwo n: Self) -> Self { Self(lanes: gan_scale_16(lanes, n.lanes)) }

    @inline(__always) func absolute() -> Self { Self(lanes: gan_absolute_16(lanes)) }
    @inline(__always) static func whereGreater(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_greater_16(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) static func whereAtMost(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_at_most_16(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) static func whereEqual(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_equal_16(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) func signed(as other: Self) -> Self { Self(lanes: gan_copy_sign_16(lanes, other.lanes)) }
    @inline(__always) static func powerOfTwo(_ n: Self) -> Self { Self(lanes: gan_power_of_two_16(n.lanes)) }
    @inline(__always) func exponentPart() -> Self { Self(lanes: gan_exponent_16(lanes)) }
    @inline(__always) func mantissaPart() -> Self { Self(lanes: gan_mantissa_16(lanes)) }

    @inline(__always) func sum() -> Float { gan_sum_16(lanes) }
    @inline(__always) func largest() -> Float { gan_largest_16(lanes) }

    @inline(__always) func storePlacesOfNonZeros(first: Int, to places: UnsafeMutablePointer<Int32>) -> Int {
        gan_store_places_16(lanes, Int32(truncatingIfNeeded: first), places)
    }
    @inline(__always) func hasNonZero(among count: Int) -> Int { gan_any_16(lanes, Int32(truncatingIfNeeded: count)) }

    @inline(__always) static func upper24Bits(_ words: UnsafePointer<UInt32>) -> Self {
        Self(lanes: gan_top_24_bits_16(gan_load_words_16(words)))
    }
    @inline(__always) static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self { Self(lanes: gan_load_bytes_16(pointer)) }
    @inline(__always) func storeBytes(_ pointer: UnsafeMutablePointer<UInt8>) { gan_store_bytes_16(pointer, lanes) }

    @inline(__always) static func transpose(
        _ from: UnsafePointer<Float>, stride: Int, rows: Int, to: UnsafeMutablePointer<Float>, columns: Int
    ) {
        gan_transpose_16(from, stride, Int32(truncatingIfNeeded: rows), to, columns)
    }

    @inline(__always) static func transposeFourColumns(
        _ from: UnsafePointer<Float>, stride: Int, to: UnsafeMutablePointer<Float>, columns: Int
    ) {
        gan_transpose_steps_16(from, stride, to, columns)
    }

    @inline(__always) static func philox(
        first: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32, key: (UInt32, UInt32), to words: UnsafeMutablePointer<UInt32>
    ) {
        gan_philox_16(first, c1, c2, c3, key.0, key.1, words)
    }
}
