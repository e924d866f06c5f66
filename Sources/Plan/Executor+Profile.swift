// Where a run's time goes, step by step. The executor's loop is compiled twice: once with a probe that does nothing and
// leaves nothing behind, once with one that reads the clock before and after each step's barrier.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import Compute

/// Is told by each member of the team where it is in the list.
protocol StepProbe {
    /// The step before is done; the barrier before this one is next. Called with the number of steps at the end.
    func reaches(_ step: Int)
    /// The barrier is passed.
    func begins(_ step: Int)
}

struct NoProbe: StepProbe {
    @inline(__always) func reaches(_ step: Int) {}
    @inline(__always) func begins(_ step: Int) {}
}

/// Writes the moments down: two a step, and the end.
private struct ClockProbe: StepProbe {
    let moments: UnsafeMutablePointer<UInt64>

    @inline(__always) func reaches(_ step: Int) { moments[2 * step] = Self.now() }
    @inline(__always) func begins(_ step: Int) { moments[2 * step + 1] = Self.now() }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

/// What one step of a plan took.
public struct StepProfile: Sendable {
    public let index: Int
    /// "product", "elementwise", "adam" …
    public let kind: String
    public let shape: String
    /// Floating-point operations of products and convolutions; 0 for all else.
    public let operations: Double
    /// Seconds at work: the mean over the team's members, the median over the runs.
    public let working: Double
    /// Seconds at the barrier behind the step, likewise: what the slowest member was waited for, and the barrier itself. 0
    /// where the members go on without meeting, and behind the last step.
    public let waiting: Double
}

extension Executor {
    private struct ProfiledRun {
        let executor: Unmanaged<Executor>
        let moments: UnsafeMutablePointer<UInt64>
        let stride: Int
        var members: Int32 = 1
    }

    /// Runs the plan `runs` times, after what was last run before it, and reports each step. Reading the clock adds some tens of nanoseconds a step.
    public func profile(seed: UInt64, firstRow: UInt64, runs: Int) throws(GanError) -> [StepProfile] {
        let count = plan.steps.count
        // Rounded up to whole cache lines, so that members do not write to one line.
        let stride = (2 * count + 1 + 15) / 16 * 16
        let moments = try AlignedBuffer<UInt64>(
            count: Sizes.product(stride, pool.threads, of: "a profile"), for: "a profile")
        var work = [[Double]](repeating: [], count: count)
        var wait = work
        for run in 0..<max(1, runs) {
            setOrigin(seed: seed, firstRow: firstRow &+ UInt64(run))
            var context = ProfiledRun(executor: Unmanaged.passUnretained(self), moments: moments.pointer, stride: stride)
            pool.run(
                { context, part, parts in
                    let run = UnsafeMutablePointer(mutating: context.assumingMemoryBound(to: ProfiledRun.self))
                    if part == 0 { run.pointee.members = parts }
                    let probe = ClockProbe(moments: run.pointee.moments + Int(part) * run.pointee.stride)
                    run.pointee.executor.takeUnretainedValue().runPart(Int(part), Int(parts), probe)
                }, &context)
            let members = Int(context.members)
            for step in 0..<count {
                var (working, waiting): (UInt64, UInt64) = (0, 0)
                for member in 0..<members {
                    let own = moments.pointer + member * stride + 2 * step
                    working &+= own[2] &- own[1]
                    if step + 1 < count { waiting &+= own[3] &- own[2] }
                }
                work[step].append(Double(working) * 1e-9 / Double(members))
                wait[step].append(Double(waiting) * 1e-9 / Double(members))
            }
        }
        return plan.steps.indices.map { index in
            let (kind, shape, operations) = plan.steps[index].work.summary
            return StepProfile(
                index: index, kind: kind, shape: shape, operations: operations, working: Self.median(work[index]),
                waiting: Self.median(wait[index]))
        }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}

extension Work {
    /// For people: what kind of work it is, on what, and how many floating-point operations a product or convolution does.
    var summary: (kind: String, shape: String, operations: Double) {
        switch self {
        case .product(let work):
            var shape = work.batch == 1 ? "" : "\(work.batch) of "
            shape += "\(work.rows)×\(work.columns)×\(work.inner) \(work.transposeA ? "T" : "N")\(work.transposeB ? "T" : "N")"
            if work.accumulate { shape += " added" }
            if work.bias != nil { shape += " + bias" }
            if work.activation != .identity { shape += ", \(work.activation)" }
            if work.derivativeOf != nil { shape += " · \(work.derivativeActivation)′" }
            if work.adam != nil { shape += work.biasAdam == nil ? " to adam" : " and column sums to adam" }
            let operations = 2.0 * Double(work.rows) * Double(work.columns) * Double(work.inner) * Double(work.batch)
            return ("product", shape, operations)
        case .convolution(let work):
            let g = work.geometry
            func lengths(_ v: SIMD4<Int>) -> String { (v.x > 1 ? "\(v.x)×" : "") + "\(v.y)×\(v.z)" }
            let kind =
                switch work.kind {
                case .forward: "convolution"
                case .inputGradient: "convolution′ x"
                case .weightGradient: "convolution′ w"
                }
            return (
                kind, "\(g.batch) × \(lengths(g.x))×\(g.inChannels) → \(lengths(g.y))×\(g.outChannels)",
                2.0 * Double(g.operationCount)
            )
        case .convolutionPacking(let work):
            let g = work.geometry
            return ("packing", "\(g.window.x * g.window.y * g.window.z) × \(g.inChannels)→\(g.outChannels)", 0)
        case .elementwise(let work):
            let sums = work.sums.isEmpty ? "" : ", \(work.sums.count) sums"
            return ("elementwise", "\(work.rows)×\(work.columns), \(work.operations.count) operations\(sums)", 0)
        case .reduction(let work):
            return ("reduction", "\(work.kind) of \(work.outer)×\(work.reduced)×\(work.inner)", 0)
        case .random(let work):
            return ("random", "\(work.distribution) \(work.rows)×\(work.columns)", 0)
        case .copy(let work):
            return ("copy", work.shape.map { "\($0)" }.joined(separator: "×"), 0)
        case .fill(_, let count, _):
            return ("fill", "\(count)", 0)
        case .adam(let work):
            return ("adam", "\(work.count)", 0)
        default:
            return ("table", "", 0)
        }
    }
}
