// The threads that share a measure's work. Work is cut into items by its shape alone, each item is one thread's, and what threads
// count is added as whole numbers, so that no value depends on how many there are.

import Base
import Compute

public final class Team {
    private let pool: ThreadPool

    /// - Parameter threads: 0 for all processors.
    public init(threads: Int) {
        pool = ThreadPool(threads: threads == 0 ? ThreadPool.hardwareThreads : threads)
        pool.start()
    }

    /// How many threads there are at most.
    var size: Int { pool.threads }

    private struct Work {
        let count: Int
        let body: (_ item: Int, _ part: Int) -> Void
    }

    /// Calls `body` for each of `count` items, on any thread, whose number is `part`. The body allocates nothing.
    func each(_ count: Int, _ body: (_ item: Int, _ part: Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: Work(count: count, body: body)) { work in
                pool.run(
                    { context, part, parts in
                        let work = context.assumingMemoryBound(to: Work.self)
                        var item = Int(part)
                        while item < work.pointee.count {
                            work.pointee.body(item, Int(part))
                            item += Int(parts)
                        }
                    }, UnsafeRawPointer(work))
            }
        }
    }
}
