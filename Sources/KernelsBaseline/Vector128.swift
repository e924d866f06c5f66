import CGanShims
import Kernels

/// A 128-bit register that every processor of the architecture has: SSE2, or NEON.
struct Vector128: FloatVector {
    var lanes: gan_float4

    @inline(__always) init(lanes: gan_float4) { self.lanes = lanes }
    @inline(__always) init(repeating value: Float) { lanes = gan_splat_4(value) }

    @inline(__always) static var width: Int { 4 }
    #if arch(arm64)
    // 32 registers: 26 sums, two vectors of B and three of A are 31. A 14th row, or a seventh of four vectors,
    // makes the compiler keep some on the stack.
    @inline(__always) static var tileRows: Int { 13 }
    @inline(__always) static var wideTileRows: Int { 6 }
    @inline(__always) static var sparseTileVectors: Int { 8 }
    #else
    @inline(__always) static var tileRows: Int { 6 }
    @inline(__always) static var wideTileRows: Int { 3 }
    @inline(__always) static var sparseTileVectors: Int { 4 }
    #endif
    @inline(__always) static var tileVectors: Int { 2 }
    @inline(__always) static var sparseLimit: Int { 15 }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Self { Self(lanes: gan_load_4(pointer)) }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) { gan_store_4(pointer, lanes) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, count: Int) -> Self {
        Self(lanes: gan_load_partial_4(pointer, Int32(truncatingIfNeeded: count)))
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
        gan_store_partial_4(pointer, lanes, Int32(truncatingIfNeeded: count))
    }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: gan_add_4(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: gan_subtract_4(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: gan_multiply_4(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(lanes: gan_divide_4(a.lanes, b.lanes)) }
    @inline(__always) static prefix func - (a: Self) -> Self { Self(lanes: gan_negate_4(a.lanes)) }
    @inline(__always) static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(lanes: gan_multiply_add_4(a.lanes, b.lanes, c.lanes))
    }
    @inline(__always) func squareRoot() -> Self { Self(lanes: gan_square_root_4(lanes)) }
    @inline(__always) func absolute() -> Self { Self(lanes: gan_absolute_4(lanes)) }
    @inline(__always) static func whereGreater(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_greater_4(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) static func whereAtMost(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_at_most_4(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) static func whereEqual(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(lanes: gan_where_equal_4(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) func signed(as other: Self) -> Self { Self(lanes: gan_copy_sign_4(lanes, other.lanes)) }
    @inline(__always) static func powerOfTwo(_ n: Self) -> Self { Self(lanes: gan_power_of_two_4(n.lanes)) }
    @inline(__always) func exponentPart() -> Self { Self(lanes: gan_exponent_4(lanes)) }
    @inline(__always) func mantissaPart() -> Self { Self(lanes: gan_mantissa_4(lanes)) }

    @inline(__always) func sum() -> Float { gan_sum_4(lanes) }
    @inline(__always) func largest() -> Float { gan_largest_4(lanes) }

    @inline(__always) func storePlacesOfNonZeros(first: Int, to places: UnsafeMutablePointer<Int32>) -> Int {
        gan_store_places_4(lanes, Int32(truncatingIfNeeded: first), places)
    }
    @inline(__always) func hasNonZero(among count: Int) -> Int { gan_any_4(lanes, Int32(truncatingIfNeeded: count)) }

    @inline(__always) static func upper24Bits(_ words: UnsafePointer<UInt32>) -> Self {
        Self(lanes: gan_top_24_bits_4(gan_load_words_4(words)))
    }
    @inline(__always) static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self { Self(lanes: gan_load_bytes_4(pointer)) }
    @inline(__always) func storeBytes(_ pointer: UnsafeMutablePointer<UInt8>) { gan_store_bytes_4(pointer, lanes) }

    @inline(__always) static func transpose(
        _ from: UnsafePointer<Float>, stride: Int, rows: Int, to: UnsafeMutablePointer<Float>, columns: Int
    ) {
        gan_transpose_4(from, stride, Int32(truncatingIfNeeded: rows), to, columns)
    }

    @inline(__always) static func transposeFourColumns(
        _ from: UnsafePointer<Float>, stride: Int, to: UnsafeMutablePointer<Float>, columns: Int
    ) {
        gan_transpose_steps_4(from, stride, to, columns)
    }

    @inline(__always) static func philox(
        first: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32, key: (UInt32, UInt32), to words: UnsafeMutablePointer<UInt32>
    ) {
        gan_philox_4(first, c1, c2, c3, key.0, key.1, words)
    }
}
