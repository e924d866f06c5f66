import CGanShims
import Kernels

/// A 256-bit register of the AVX2 instruction set with fused multiply-add (x86-64-v3).
struct Vector256: FloatVector {
    var lanes: gan_float8

    @inline(__always) init(lanes: gan_float8) { self.lanes = lanes }
    @inline(__always) init(repeating value: Float) { lanes = gan_splat_8(value) }

    @inline(__always) static var width: Int { 8 }
    @inline(__always) static var tileRows: Int { 6 }
    @inline(__always) static var tileVectors: Int { 2 }
    @inline(__always) static var wideTileRows: Int { 3 }
    @inline(__always) static var sparseTileVectors: Int { 4 }
    @inline(__always) static var sparseLimit: Int { 11 }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Self { Self(lanes: gan_load_8(pointer)) }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) { gan_store_8(pointer, lanes) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, count: Int) -> Self {
        Self(lanes: gan_load_partial_8(pointer, Int32(truncatingIfNeeded: count)))
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
        gan_store_partial_8(pointer, lanes, Int32(truncatingIfNeeded: count))
    }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: gan_add_8(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: gan_subtract_8(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: gan_multiply_8(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(lanes: gan_divide_8(a.lanes, b.lanes)) }
    @inline(__always) static prefix func - (a: Self) -> Self { Self(lanes: gan_negate_8(a.lanes)) }
    @inline(__always) static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(lanes: gan_multiply_add_8(a.lanes, b.lanes, c.lanes))
    }
    @inline(__always) func squareRoot() -> Self { Self(lanes: gan_square_root_8(lanes)) }
    @inline(__always) func absolute() -> Self { Self(lanes: gan_absolute_8(lanes)) }
    @inline(__always) static func whereGreater(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_greater_8(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) static func whereAtMost(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_at_most_8(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) static func whereEqual(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_equal_8(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) func signed(as other: Self) -> Self { Self(lanes: gan_copy_sign_8(lanes, other.lanes)) }
    @inline(__always) static func powerOfTwo(_ n: Self) -> Self { Self(lanes: gan_power_of_two_8(n.lanes)) }
    @inline(__always) func exponentPart() -> Self { Self(lanes: gan_exponent_8(lanes)) }
    @inline(__always) func mantissaPart() -> Self { Self(lanes: gan_mantissa_8(lanes)) }

    @inline(__always) func sum() -> Float { gan_sum_8(lanes) }
    @inline(__always) func largest() -> Float { gan_largest_8(lanes) }

    @inline(__always) func storePlacesOfNonZeros(first: Int, to places: UnsafeMutablePointer<Int32>) -> Int {
        gan_store_places_8(lanes, Int32(truncatingIfNeeded: first), places)
    }
    @inline(__always) func hasNonZero(among count: Int) -> Int { gan_any_8(lanes, Int32(truncatingIfNeeded: count)) }

    @inline(__always) static func upper24Bits(_ words: UnsafePointer<UInt32>) -> Self {
        Self(lanes: gan_top_24_bits_8(gan_load_words_8(words)))
    }
    @inline(__always) static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self { Self(lanes: gan_load_bytes_8(pointer)) }
    @inline(__always) func storeBytes(_ pointer: UnsafeMutablePointer<UInt8>) { gan_store_bytes_8(pointer, lanes) }

    @inline(__always) static func transpose(
        _ from: UnsafePointer<Float>, stride: Int, rows: Int, to: UnsafeMutablePointer<Float>, columns: Int
    ) {
        gan_transpose_8(from, stride, Int32(truncatingIfNeeded: rows), to, columns)
    }

    @inline(__always) static func transposeFourColumns(
        _ from: UnsafePointer<Float>, stride: Int, to: UnsafeMutablePointer<Float>, columns: Int
    ) {
        gan_transpose_steps_8(from, stride, to, columns)
    }

    @inline(__always) static func philox(
        first: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32, key: (UInt32, UInt32), to words: UnsafeMutablePointer<UInt32>
    ) {
        gan_philox_8(first, c1, c2, c3, key.0, key.1, words)
    }
}
