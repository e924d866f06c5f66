// Runs a plan: every member of the team walks through the same flat list and does its part of each step, meeting the
// others only where the planner put a barrier. A run allocates nothing and counts no references.

import Base
import CHost
import Compute
import Graph
import Kernels

/// Named persistent memory, and the memory that plans run in.
public final class Executor: @unchecked Sendable {
    public let plan: Plan
    private let kernels: KernelTable
    let pool: ThreadPool
    private let binder: Binder
    private let buffers: [String: AlignedBuffer<Float>]
    private let arena: AlignedBuffer<Float>
    private let constants: AlignedBuffer<Float>
    /// Each member's private scratch memory, one after the other.
    private let workspace: AlignedBuffer<Float>
    private let workspaceStride: Int
    private let steps: UnsafeMutableBufferPointer<BoundStep>
    /// Where inputs without a buffer are to be written before every run.
    public let inputs: [String: UnsafeMutablePointer<Float>]

    // The run in progress.
    private var seed: UInt64 = 0
    private var firstRow: UInt64 = 0
    private var prologue: Prologue?

    /// Work that every member does its part of before the first step, such as filling a batch: handed to the team with the
    /// steps, so that the team need not be called twice.
    public struct Prologue {
        let body: ThreadPool.Body
        let context: UnsafeRawPointer

        public init(_ body: @escaping ThreadPool.Body, _ context: UnsafeRawPointer) {
            self.body = body
            self.context = context
        }
    }

    /// Binds a plan to memory.
    ///
    /// - Parameters:
    ///   - buffers: At least the plan's buffers, each of the plan's size.
    ///   - arena: Memory of at least `plan.arenaCount` floats to share with executors that never run at the same time; nil
    ///     for the executor's own.
    public init(
        _ plan: Plan, buffers: [String: AlignedBuffer<Float>], arena: AlignedBuffer<Float>? = nil, kernels: KernelTable, pool: ThreadPool
    ) throws(GanError) {
        for (name, shape) in plan.buffers {
            guard let buffer = buffers[name], buffer.count >= shape.reduce(1, *) else {
                throw GanError(.internalError, "The buffer '\(name)' of shape \(shape) is not bound, or is too small.")
            }
        }
        self.plan = plan
        self.kernels = kernels
        self.pool = pool
        self.buffers = buffers
        if let arena, arena.count >= plan.arenaCount {
            self.arena = arena
        } else {
            self.arena = try AlignedBuffer(count: plan.arenaCount, often: true, for: "the intermediate values of a network")
        }
        constants = try AlignedBuffer(count: plan.constants.count, for: "constants")
        for (index, value) in plan.constants.enumerated() { constants.pointer[index] = value }

        var bases: [UnsafeMutablePointer<Float>] = []
        for storage in plan.storages {
            switch storage {
            case .arena(let offset, _): bases.append(self.arena.pointer + offset)
            case .buffer(let name, _): bases.append(buffers[name]?.pointer ?? self.arena.pointer)
            case .constants: bases.append(constants.pointer)
            }
        }
        inputs = plan.inputs.mapValues { bases[$0.storage] + $0.offset }
        let binder = Binder(plan, bases: bases)
        var bound: [BoundStep] = []
        for step in plan.steps { bound.append(try binder.bind(step)) }
        self.binder = binder

        var scratch = kernels.elementwiseWorkspace
        for step in bound {
            switch step.work {
            case .product(let arguments, _, _, _, _):
                scratch = max(scratch, withUnsafePointer(to: arguments) { kernels.matrixProductWorkspace($0) })
            case .convolution(let arguments):
                scratch = max(scratch, withUnsafePointer(to: arguments) { kernels.convolutionWorkspace($0) })
            default: break
            }
        }
        workspaceStride = ArenaPlanner.rounded(scratch)
        workspace = try AlignedBuffer(
            count: Sizes.product(workspaceStride, pool.threads, of: "scratch memory"), for: "scratch memory")
        steps = .allocate(capacity: bound.count)
        _ = steps.initialize(from: bound)
    }

    deinit { steps.deallocate() }

    /// Runs the plan once.
    ///
    /// - Parameters:
    ///   - seed: The seed of all random numbers.
    ///   - firstRow: The number that the first row of every random tensor has.
    public func run(seed: UInt64, firstRow: UInt64, after prologue: Prologue? = nil) {
        setOrigin(seed: seed, firstRow: firstRow)
        self.prologue = prologue
        gan_park()
        defer { gan_unpark() }
        pool.run(
            { context, part, parts in
                Unmanaged<Executor>.fromOpaque(context).takeUnretainedValue().runPart(Int(part), Int(parts), NoProbe())
            }, UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()))
    }

    func setOrigin(seed: UInt64, firstRow: UInt64) {
        self.seed = seed
        self.firstRow = firstRow
    }

    /// The whole list, as one member walks through it. The probe is told where it is (Executor+Profile.swift).
    @inline(__always)
    func runPart(_ part: Int, _ parts: Int, _ probe: some StepProbe) {
        let scratch = workspace.pointer + part * workspaceStride
        let barrier = pool.barrier
        if let prologue {
            prologue.body(prologue.context, Int32(part), Int32(parts))
            barrier.wait()
        }
        for index in steps.indices {
            probe.reaches(index)
            if steps[index].barrierBefore { barrier.wait() }
            probe.begins(index)
            if steps[index].alone {
                if part == 0 { run(&steps[index].work, 0, 1, scratch) }
            } else {
                run(&steps[index].work, part, parts, scratch)
            }
        }
        probe.reaches(steps.count)
    }

    @inline(__always)
    private func run(_ work: inout BoundWork, _ part: Int, _ parts: Int, _ scratch: UnsafeMutablePointer<Float>) {
        switch work {
        case .product(var arguments, let batch, let aStep, let bStep, let cStep):
            kernels.matrixProducts(&arguments, batch, aStep, bStep, cStep, part, parts, scratch)
        case .elementwise(var arguments):
            kernels.elementwise(&arguments, part, parts, scratch)
        case .reduction(var arguments):
            kernels.reduction(&arguments, part, parts)
        case .random(var arguments):
            arguments.seed = seed
            arguments.firstRow = firstRow
            kernels.random(&arguments, part, parts)
        case .copy(let copy):
            copy.run(part, parts)
        case .fill(let y, let count, let value):
            fill(y, count: count, value: value, part, parts)
        case .convolutionPacking(var arguments):
            kernels.convolutionPacking(&arguments, part, parts)
        case .convolution(var arguments):
            kernels.convolution(&arguments, part, parts, scratch)
        case .adam(var arguments):
            kernels.adam(&arguments, part, parts)
        case .gather(let work, let table, let values, let indices):
            gather(table, entries: work.entries, width: work.width, indices, count: work.count, to: values, part, parts)
        case .scatterAdd(let work, let table, let values, let indices):
            scatterAdd(values, count: work.count, width: work.width, indices, to: table, entries: work.entries, part, parts)
        }
    }
}
