internal import CZlib

/// The cyclic redundancy check of gzip and PNG (ISO 3309), which tells an accidental change, not a deliberate one.
public enum Checksum {
    /// The check of `bytes`, continuing from that of the bytes before them.
    public static func crc32(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        var check = uLong(previous)
        var rest = bytes[...]
        while !rest.isEmpty {
            // zlib counts in 32 bits.
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            check = CZlib.crc32(check, part.baseAddress?.assumingMemoryBound(to: UInt8.self), uInt(part.count))
            rest = rest.dropFirst(1 << 30)
        }
        return UInt32(truncatingIfNeeded: check)
    }
}
