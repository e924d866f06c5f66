internal import CGanShims
internal import CZlib

/// The cyclic redundancy check of gzip and PNG (ISO 3309), which tells an accidental change, not a deliberate one.
public enum Checksum {
    /// The check of `bytes`, continuing from that of the bytes before them.
    public static func crc32(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        let folded = bytes.count >= 256 && folds ? bytes.count / 64 * 64 : 0
        let check = folded > 0 ? folding(UnsafeRawBufferPointer(rebasing: bytes[..<folded]), continuing: previous) : previous
        return byTables(UnsafeRawBufferPointer(rebasing: bytes[folded...]), continuing: check)
    }

    /// The check of two runs of bytes of which each has been checked by itself; `count` is the length of the second.
    public static func combined(_ first: UInt32, _ second: UInt32, count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine(uLong(first), uLong(second), .init(count)))
    }

    private static let folds = gan_processor_folds_checksums() != 0

    /// Of a multiple of 64 bytes: sixteen that have the same check are left for the tables. zlib inverts before and after.
    private static func folding(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32) -> UInt32 {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return previous }
        return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { rest in
            gan_crc32_fold(start, bytes.count, ~previous, rest.baseAddress?.assumingMemoryBound(to: UInt8.self))
            return byTables(UnsafeRawBufferPointer(rest), continuing: .max)
        }
    }

    private static func byTables(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32) -> UInt32 {
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
