#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
internal import CHost

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
    /// Bytes of a mapping of its own, or 0 where the allocator gave the memory.
    private let mapped: Int

    /// The cache line, and the width of the widest vector register.
    public static var alignment: Int { 64 }

    /// - Parameter often: The memory is used for long, again and again. Then pages of 2 MiB are asked for where there are such: the
    ///   processor looks up fewer addresses, and steps of convolutions take 2 to 4 % less time. Such pages can be dear at first (a
    ///   virtual machine took 1.5 to 60 ms to hand out 32 MiB, and 11 by 4 KiB), so what is used once does without.
    public init(count: Int, often: Bool = false, for what: @autoclosure () -> String) throws(GanError) {
        try Memory.check()
        let bytes = try Sizes.product(count, MemoryLayout<Element>.stride, of: what())
        if often, let (start, size) = hugePages(bytes) {
            (allocation, mapped) = (start, size)
            pointer = start.bindMemory(to: Element.self, capacity: count)
            self.count = count
            return
        }
        let (padded, overflow) = bytes.addingReportingOverflow(2 * Self.alignment)
        // The allocator takes large blocks from the kernel as zero pages that are not resident before they are written, so
        // a file whose header lies about its size costs address space only.
        guard !overflow, let allocation = gan_allocate_zeroed(padded) else {
            throw GanError(.outOfMemory, "No memory for \(what()) (\(bytes) bytes).")
        }
        let past = Int(bitPattern: allocation) & (Self.alignment - 1)
        self.allocation = allocation
        mapped = 0
        self.pointer = (allocation + (Self.alignment - past) % Self.alignment).bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    /// Memory on the best of several places: of `times` as much, which the system gives for a moment, the stretch of pages on which
    /// `cost` is least. `cost` finds zeros there, and must leave them.
    public init(
        count: Int, onBestOf times: Int, for what: @autoclosure () -> String, cost: (UnsafeMutablePointer<Element>) -> UInt64
    ) throws(GanError) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let bytes = try Sizes.product(count, MemoryLayout<Element>.stride, of: what())
        let kept = try Sizes.product(max(1, bytes / page + (bytes % page > 0 ? 1 : 0)), page, of: what())
        let all = try Sizes.product(kept, max(times, 1), of: what())
        guard let base = mmap(nil, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), base != MAP_FAILED else {
            throw GanError(.outOfMemory, "No memory for \(what()) (\(all) bytes).")
        }
        // A page that was only read is the same page of zeros everywhere.
        for offset in stride(from: 0, to: all, by: page) { base.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
        var best = (offset: 0, cost: UInt64.max)
        for offset in stride(from: 0, through: all - kept, by: max(1, kept / page / 16) * page) {
            let cost = cost((base + offset).bindMemory(to: Element.self, capacity: count))
            if cost < best.cost { best = (offset, cost) }
        }
        if best.offset > 0 { munmap(base, best.offset) }
        if all - best.offset > kept { munmap(base + best.offset + kept, all - best.offset - kept) }
        allocation = base + best.offset
        mapped = kept
        pointer = allocation.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit {
        if mapped > 0 { munmap(allocation, mapped) } else { free(allocation) }
    }

    public var buffer: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: pointer, count: count) }

    /// Lets `count` drop to what was really filled. The memory behind it is kept until the buffer goes.
    public func shorten(to newCount: Int) {
        if newCount >= 0 && newCount < count { count = newCount }
    }
}

/// A mapping that begins on a boundary of 2 MiB, for which the system was asked for pages of that size. Nil where it has none, or
/// too little is wanted.
private func hugePages(_ bytes: Int) -> (start: UnsafeMutableRawPointer, size: Int)? {
    #if os(Linux)
    let huge = 1 << 21
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    guard bytes >= huge, bytes < Int.max - 2 * huge, page <= huge else { return nil }
    let size = (bytes + page - 1) / page * page
    // A page more than is wanted, to begin on a boundary; the rest goes back.
    guard let all = mmap(nil, size + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), all != MAP_FAILED else {
        return nil
    }
    let before = (huge - Int(bitPattern: all) & (huge - 1)) & (huge - 1)
    if before > 0 { munmap(all, before) }
    if huge - before > 0 { munmap(all + before + size, huge - before) }
    madvise(all + before, size, Int32(MADV_HUGEPAGE))
    return (all + before, size)
    #else
    return nil
    #endif
}
