import Compute
import Kernels
import XCTest

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A small generator (SplitMix64) so that every run tests the same shapes.
struct Chance: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func float() -> Float { Float.random(in: -1..<1, using: &self) }
    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func bool() -> Bool { next() & 1 == 0 }
    mutating func pick<T>(_ values: [T]) -> T { values[int(0...(values.count - 1))] }
}

/// Numbers that lie exactly between two pages which cannot be touched: against the upper one or the lower one.
/// A kernel that reads or writes one byte too many crashes the test.
final class Fenced<Element> {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int
    private let base: UnsafeMutableRawPointer
    private let length: Int

    init(_ count: Int, atEnd: Bool = true) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        let inside = (bytes + page - 1) / page * page
        length = inside + 2 * page
        base = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
        mprotect(base, page, PROT_NONE)
        mprotect(base + page + inside, page, PROT_NONE)
        let used = count * MemoryLayout<Element>.stride
        let start = atEnd ? base + page + inside - used : base + page
        pointer = start.bindMemory(to: Element.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { munmap(base, length) }

    var values: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    func fill(_ make: () -> Element) { for i in 0..<count { pointer[i] = make() } }
}

extension Fenced where Element == Float {
    convenience init(_ values: [Float], atEnd: Bool = true) {
        self.init(values.count, atEnd: atEnd)
        for i in 0..<values.count { pointer[i] = values[i] }
    }

    var bits: [UInt32] { (0..<count).map { pointer[$0].bitPattern } }
}

/// Every kernel table that this processor can run, with the name of its instruction set.
let tables: [(name: String, table: KernelTable)] = InstructionSet.supported.map { ($0.rawValue, KernelTable.table(for: $0)) }

/// The distance between a float and the true value, in units in the last place of the float nearest to it.
func ulps(_ value: Float, _ truth: Double) -> Double {
    let nearest = Float(truth)
    if value.isNaN || truth.isNaN { return value.isNaN && truth.isNaN ? 0 : .infinity }
    if nearest.isInfinite || value.isInfinite {
        if value == nearest { return 0 }
        // On the edge of the range the nearest float may be the largest one.
        return abs(truth) >= Double(Float.greatestFiniteMagnitude) && abs(value) == Float.greatestFiniteMagnitude ? 1 : .infinity
    }
    return abs(Double(value) - truth) / Double(nearest.ulp)
}

/// Keeps memory alive up to here: Swift may release an object right after its last use, and does not see pointers into it.
@inline(never)
func keep(_ objects: Any...) {
    withExtendedLifetime(objects) {}
}
