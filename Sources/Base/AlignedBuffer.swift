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
/// - Note: The memory goes with the last reference, which the optimiser may drop after its last mention:
///   `use(make().buffer)` reads freed memory. Where only the pointer is used further, say
///   `defer { withExtendedLifetime(owner) {} }`.
public final class AlignedBuffer<Element>: @unchecked Sendable {
    public let pointer: UnsafeMutablePointer<Element>
    public private(set) var count: Int
    /// What the allocator handed out; `pointer` is the first boundary in it.
    private let allocation: UnsafeMutableRawPointer

    /// The cache line, and the width of the widest vector register.
    public static var alignment: Int { 64 }

    public init(count: Int, for what: @autoclosure () -> String) throws(GanError) {
        let bytes = try Sizes.product(count, MemoryLayout<Element>.stride, of: what())
        let (padded, overflow) = bytes.addingReportingOverflow(2 * Self.alignment)
        // `calloc` takes large blocks from the kernel as zero pages that are not resident before they are written, so
        // a file whose header lies about its size costs address space only.
        guard !overflow, let allocation = calloc(padded, 1) else {
            throw GanError(.outOfMemory, "No memory for \(what()) (\(bytes) bytes).")
        }
        let past = Int(bitPattern: allocation) & (Self.alignment - 1)
        self.allocation = allocation
        self.pointer = (allocation + (Self.alignment - past) % Self.alignment).bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit { free(allocation) }

    public var buffer: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: pointer, count: count) }

    /// Lets `count` drop to what was really filled. The memory behind it is kept until the buffer goes.
    public func shorten(to newCount: Int) {
        if newCount >= 0 && newCount < count { count = newCount }
    }
}
