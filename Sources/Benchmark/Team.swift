// A team of threads at work on one closure, for work whose calls are long against the cost of one.

import Base
import Compute

final class SharedWork {
    private let pool: ThreadPool
    private let body: (_ part: Int, _ parts: Int) -> Void

    init(_ pool: ThreadPool, _ body: @escaping (_ part: Int, _ parts: Int) -> Void) {
        self.pool = pool
        self.body = body
    }

    func run() {
        pool.run(
            { context, part, parts in
                Unmanaged<SharedWork>.fromOpaque(context).takeUnretainedValue().body(Int(part), Int(parts))
            }, UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()))
    }
}

/// The part of 0 ..< count that one member of a team does.
func share(_ count: Int, _ part: Int, _ parts: Int) -> Range<Int> { count * part / parts..<count * (part + 1) / parts }

/// Memory of numbers between -0.5 and 0.5, none of them denormal: the same for the same seed.
func numbers(_ count: Int, seed: UInt64 = 1) throws(GanError) -> AlignedBuffer<Float> {
    let buffer = try AlignedBuffer<Float>(count: count, for: "a benchmark's operand")
    fill(buffer, seed: seed)
    return buffer
}

func fill(_ buffer: AlignedBuffer<Float>, seed: UInt64) {
    var random = Xorshift(seed)
    for index in 0..<buffer.count { buffer.pointer[index] = Float(random.next() >> 40) * 0x1p-24 - 0.499_999 }
}

/// Marsaglia, "Xorshift RNGs" (2003): quick numbers whose quality does not matter here.
struct Xorshift {
    private var state: UInt64
    init(_ seed: UInt64) { state = 0x9E37_79B9_7F4A_7C15 ^ (seed &* 0xBF58_476D_1CE4_E5B9) }
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
