#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Bytes whose number is known only when they end: what comes through a pipe or out of a decompressor.
///
/// Grows by doubling, so that a byte is copied at most twice on average, and every growth can fail.
public final class GrowingBytes {
    public private(set) var count = 0
    private var storage: AlignedBuffer<UInt8>?
    private let what: String

    public init(for what: String) { self.what = what }

    /// What has been gathered. Valid until the next `reserve`.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: storage.map { UnsafeRawPointer($0.pointer) }, count: storage == nil ? 0 : count)
    }

    /// Room for at least `least` more bytes behind those gathered; all the room there is.
    public func reserve(_ least: Int) throws(GanError) -> UnsafeMutableRawBufferPointer {
        let needed = try Sizes.sum(count, least, of: what)
        if let storage, storage.count >= needed {
            return UnsafeMutableRawBufferPointer(start: storage.pointer + count, count: storage.count - count)
        }
        let (doubled, overflow) = (storage?.count ?? 0).multipliedReportingOverflow(by: 2)
        let larger = try AlignedBuffer<UInt8>(count: overflow ? needed : max(needed, doubled), for: what)
        if let storage { memcpy(larger.pointer, storage.pointer, count) }
        storage = larger
        return UnsafeMutableRawBufferPointer(start: larger.pointer + count, count: larger.count - count)
    }

    /// Says that the first `more` bytes of the room handed out have been filled.
    public func append(_ more: Int) { count += more }

    public func append(_ more: UnsafeRawBufferPointer) throws(GanError) {
        guard let source = more.baseAddress, more.count > 0 else { return }
        let room = try reserve(more.count)
        if let destination = room.baseAddress { memcpy(destination, source, more.count) }
        append(more.count)
    }

    /// Hands over what has been gathered; the gatherer is empty afterwards.
    public func finish() throws(GanError) -> AlignedBuffer<UInt8> {
        _ = try reserve(0)
        guard let result = storage else { return try AlignedBuffer<UInt8>(count: 0, for: what) }
        result.shorten(to: count)
        storage = nil
        count = 0
        return result
    }
}
