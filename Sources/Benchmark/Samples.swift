// A measured quantity: many values, told by their median and by the tenth and ninetieth percentile.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

struct Samples {
    private(set) var values: [Double] = []
    private var isSorted = true

    init() {}
    init(_ values: [Double]) {
        self.values = values.sorted()
    }

    mutating func add(_ value: Double) {
        values.append(value)
        isSorted = false
    }

    func quantile(_ q: Double) -> Double {
        let sorted = isSorted ? values : values.sorted()
        return sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(q * Double(sorted.count)))]
    }

    var median: Double { quantile(0.5) }
    /// The tenth and the ninetieth percentile.
    var spread: (low: Double, high: Double) { (quantile(0.1), quantile(0.9)) }

    func map(_ transform: (Double) -> Double) -> Samples { Samples(values.map(transform)) }
}

enum Clock {
    /// Nanoseconds since some fixed moment, the same for all processes.
    static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func now() -> Double { Double(nanoseconds()) * 1e-9 }
}
