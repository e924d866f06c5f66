// The command line.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import Compute

struct Arguments {
    var threads: [Int] = ThreadPool.hardwareThreads > 1 ? [1, ThreadPool.hardwareThreads] : [1]
    /// Measuring time of each contestant of an item.
    var seconds = 0.5
    var only: String?
    var json = false
    var profile = false
    /// What the networks for 28 × 28 pixels learn from.
    var images = Images.strokes
    /// The shared library, whose size is told.
    var library: String?
    /// The C program of Host/host.c, linked with the library.
    var host: String?

    static let usage = """
        usage: gan-benchmark [options]
          --threads N[,N]   teams to measure; without it 1 and all processors
          --seconds S       measuring time of each item and contestant; 0.5
          --only TEXT       only the items that have TEXT in their name, which --json prints: product, convolution.32 …
          --json            a line of JSON an item in place of the tables
          --profile         where a training step's time goes, operation by operation, and nothing else
          --digits PATH     what the networks of 28×28 pixels learn from, as gan train reads it; without it strokes on black
          --library PATH    libgan.so, whose size is told
          --host PATH       the program made of Sources/Benchmark/Host/host.c, for what a start costs; make bench gives both
        """

    init(_ arguments: [String]) throws(GanError) {
        var rest = arguments[...]
        func value(of option: String) throws(GanError) -> String {
            guard let value = rest.popFirst() else { throw GanError(.invalidArgument, "\(option) needs a value.\n\(Self.usage)") }
            return value
        }
        while let option = rest.popFirst() {
            switch option {
            case "--threads":
                let text = try value(of: option)
                threads = text.split(separator: ",").compactMap { Int($0) }
                guard !threads.isEmpty, threads.allSatisfy({ $0 >= 1 && $0 <= ThreadPool.limit }) else {
                    throw GanError(.invalidArgument, "--threads is \(text); numbers from 1 to \(ThreadPool.limit) were expected.")
                }
            case "--seconds":
                let text = try value(of: option)
                guard let number = Double(text), number > 0, number <= 3600 else {
                    throw GanError(.invalidArgument, "--seconds is \(text); a number above 0 was expected.")
                }
                seconds = number
            case "--only": only = try value(of: option)
            case "--json": json = true
            case "--profile": profile = true
            case "--digits": images = .files(try value(of: option))
            case "--library": library = try value(of: option)
            case "--host": host = try value(of: option)
            case "--help", "-h":
                print(Self.usage)
                exit(0)
            default:
                throw GanError(.invalidArgument, "There is no option \(option).\n\(Self.usage)")
            }
        }
    }

    /// Whether the item is to be measured.
    func wants(_ item: String) -> Bool {
        guard let only else { return true }
        var rest = Substring(item)
        while !rest.isEmpty {
            if rest.hasPrefix(only) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
