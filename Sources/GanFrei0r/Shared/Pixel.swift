/// frei0r's RGBA8888: red first in memory.
package enum Pixel {
    package static let black = opaque(0, 0, 0)

    @inline(__always)
    package static func opaque(_ red: Int, _ green: Int, _ blue: Int) -> UInt32 {
        opaque(UInt32(truncatingIfNeeded: red), UInt32(truncatingIfNeeded: green), UInt32(truncatingIfNeeded: blue))
    }

    /// Each 0 … 255.
    @inline(__always)
    package static func opaque(_ red: UInt32, _ green: UInt32, _ blue: UInt32) -> UInt32 {
        (red | green << 8 | blue << 16 | 0xFF00_0000).littleEndian
    }
}
