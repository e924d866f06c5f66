#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Memory on cache-line boundaries whose allocation can fail without taking the host down.
///
/// Swift's own arrays trap when memory runs out, so everything whose size a caller or a file decides lives here.
/// - Note: `Element` must be a trivial type (numbers); nothing is initialised or destroyed element by element,
///   and fresh memory is zero.
public final class AlignedBuffer<Element>: @unchecked Sendable {
    public let pointer: UnsafeMutablePointer<Element>
    public let count: Int

    /// The cache line, and the width of the widest vector register.
    public static var alignment: Int { 64 }

    public init(count: Int, for what: @autoclosure () -> String) throws(GanError) {
        let bytes = try Sizes.product(count, MemoryLayout<Element>.stride, of: what())
        let (padded, overflow) = bytes.addingReportingOverflow(Self.alignment)
        var raw: UnsafeMutableRawPointer?
        guard !overflow, posix_memalign(&raw, Self.alignment, max(padded, Self.alignment)) == 0, let raw else {
            throw GanError(.outOfMemory, "No memory for \(what()) (\(bytes) bytes).")
        }
        memset(raw, 0, max(padded, Self.alignment))
        self.pointer = raw.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit { free(pointer) }

    public var buffer: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: pointer, count: count) }
}
