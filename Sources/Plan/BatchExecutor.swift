// Runs a plan that makes rows of rows, such as images of latents, on any number of rows: from the caller's memory, into the
// caller's memory.
//
// Since no kernel's result for a row depends on the others, nor on how the team shares the work, there are two ways of
// using a team, and the results are the same. Where there are rows enough, every member walks through the whole list with
// rows of its own, in memory of its own: nobody waits for anybody. Where there are few, the members share every step and
// meet between steps, as in `Executor`. Nothing is allocated by a run.

import Base
import CGanShims
import Compute
import Graph
import Kernels

public final class BatchExecutor: @unchecked Sendable {
    /// What a run does. Plain values: several members read it at once.
    public struct Run {
        public var count: Int
        /// The rows that are read, or nil to draw them.
        public var source: UnsafePointer<Float>?
        /// How rows are drawn; its `y`, `rows` and `firstRow`, that of the run's first row, are filled in.
        public var random: RandomArguments?
        /// Where the results go, unless `bytes` are wanted.
        public var result: UnsafeMutablePointer<Float>?
        /// byte = value · scale + offset.
        public var bytes: UnsafeMutablePointer<UInt8>?
        public var scale: Float = 1
        public var offset: Float = 0

        public init(count: Int) { self.count = count }
    }

    private struct BatchStep {
        var work: BoundWork
        let barrierBefore: Bool
        /// The first member does it by itself, and no barrier stands between it and its like.
        let alone: Bool
        let readsInput: Bool
        let writesOutput: Bool
    }

    private let kernels: KernelTable
    private let pool: ThreadPool
    /// Kept alive: every step points into them.
    private let memory: [AlignedBuffer<Float>]
    private let binders: [Binder]
    /// Every member's steps, one list after the other.
    private let steps: UnsafeMutableBufferPointer<BatchStep>
    private let stepCount: Int
    /// At most so many rows at a time: what the plan was made for.
    private let rows: Int
    /// Steps other than products and convolutions have the input and the output where they were bound to.
    private let copiesInput: Bool
    private let copiesOutput: Bool
    private let inputWidth: Int
    private let outputWidth: Int
    /// Each member's private memory, one after the other: scratch for kernels, rows of input, rows of output.
    private let workspace: AlignedBuffer<Float>
    private let inputRows: AlignedBuffer<Float>
    private let outputRows: AlignedBuffer<Float>
    private let scratchStride: Int
    private let inputStride: Int
    private let outputStride: Int
    private var current = Run(count: 0)
    /// Turned round with each run: what the last one read last is still in the cache.
    private var walksBackwards = false
    /// Multiply-adds for one row.
    private let rowWork: Int
    /// When the last run ended, in nanoseconds.
    private var lastEnd: UInt64 = 0

    /// With fewer rows than these for each member the team works together on each step: then every member reads its share of the
    /// weights only, which fits into its cache. In large teams meeting costs more than that saves. Two members with 32 rows each are
    /// as fast together as apart where they share a cache of the third level, and 5 % slower together where they do not.
    private static func fewestRows(_ parts: Int) -> Int { parts <= 4 ? 30 : 8 }
    /// So few rows are drawn by every member for itself, which is sooner done than meeting.
    private static let drawnByEach = 4
    /// So many multiply-adds are sooner done by one thread than a sleeping team is woken.
    private static let workForOne = 8_000_000
    /// Who calls again within so many nanoseconds wants many runs: then the team is woken, and stays awake between them.
    private static let burst: UInt64 = 12_000

    /// Binds a plan to memory, and calculates what depends on the buffers alone.
    ///
    /// - Parameters:
    ///   - plan: One that makes the buffer `output`, [rows, …], of the buffer `input`, [rows, …], by products, convolutions
    ///     and elementwise work, all of which have the rows outermost.
    ///   - buffers: The plan's other buffers.
    public init(
        _ plan: Plan, from input: String, to output: String, buffers: [String: AlignedBuffer<Float>], kernels: KernelTable,
        pool: ThreadPool
    ) throws(GanError) {
        guard let inputShape = plan.buffers[input], let outputShape = plan.buffers[output], let rows = inputShape.first, rows > 0,
            outputShape.first == rows
        else { throw GanError(.internalError, "The plan makes no rows of '\(output)' of rows of '\(input)'.") }
        for (name, shape) in plan.buffers where name != input && name != output {
            guard let buffer = buffers[name], buffer.count >= shape.reduce(1, *) else {
                throw GanError(.internalError, "The buffer '\(name)' of shape \(shape) is not bound, or is too small.")
            }
        }
        self.kernels = kernels
        self.pool = pool
        self.rows = rows
        inputWidth = inputShape.dropFirst().reduce(1, *)
        outputWidth = outputShape.dropFirst().reduce(1, *)
        inputStride = ArenaPlanner.rounded(rows * inputWidth)
        outputStride = ArenaPlanner.rounded(rows * outputWidth)
        inputRows = try AlignedBuffer(count: Sizes.product(inputStride, pool.threads, of: "latents"), for: "latents")
        outputRows = try AlignedBuffer(count: Sizes.product(outputStride, pool.threads, of: "images"), for: "images")

        // Packed weights are shared by the members, and so are the plan's constants; the rest of the arena is each one's own.
        let arenaStride = ArenaPlanner.rounded(plan.arenaCount)
        let arena = try AlignedBuffer<Float>(
            count: Sizes.product(arenaStride, pool.threads, of: "intermediate values"), for: "the intermediate values of a network")
        let constants = try AlignedBuffer<Float>(count: plan.constants.count, for: "constants")
        for (index, value) in plan.constants.enumerated() { constants.pointer[index] = value }
        var memory = [arena, constants] + buffers.values
        var packed: [Int: AlignedBuffer<Float>] = [:]
        for step in plan.steps {
            guard case .convolutionPacking(let work) = step.work, packed[work.packed.storage] == nil else { continue }
            let buffer = try AlignedBuffer<Float>(count: plan.storages[work.packed.storage].count, for: "packed weights")
            packed[work.packed.storage] = buffer
            memory.append(buffer)
        }

        var all: [BatchStep] = []
        // Weights of products, packed; by the place of the step in the list.
        var packedWeights: [Int: AlignedBuffer<Float>] = [:]
        var rowWeights = RowWeights(kernels: kernels, parts: pool.threads)
        var binders: [Binder] = []
        var scratch = 0
        var (copiesInput, copiesOutput) = (false, false)
        for member in 0..<pool.threads {
            var bases: [UnsafeMutablePointer<Float>] = []
            for (index, storage) in plan.storages.enumerated() {
                switch storage {
                case .arena(let offset, _): bases.append(packed[index]?.pointer ?? arena.pointer + (member * arenaStride + offset))
                case .buffer(input, _): bases.append(inputRows.pointer + member * inputStride)
                case .buffer(output, _): bases.append(outputRows.pointer + member * outputStride)
                case .buffer(let name, _): bases.append(buffers[name]?.pointer ?? arena.pointer)
                case .constants: bases.append(constants.pointer)
                }
            }
            let binder = Binder(plan, bases: bases)
            binders.append(binder)
            for (index, step) in plan.steps.enumerated() {
                var bound = try binder.bind(step)
                if case .convolutionPacking(var arguments) = bound.work {
                    if member == 0 { kernels.convolutionPacking(&arguments, 0, 1) }
                    continue
                }
                try Self.check(step.work, rows: rows)
                let reads = step.work.reads.contains { Self.isBuffer($0.0, input, plan) }
                let writes = step.work.writes.contains { Self.isBuffer($0.0, output, plan) }
                var isDirect = false
                switch step.work {
                case .product(let work):
                    isDirect = true
                    try Self.checkStart(reads, work.a, writes, work.c)
                    if member == 0 {
                        packedWeights[index] = try Self.packedWeights(bound.work, plan.storages[work.b.storage], &rowWeights)
                    }
                    bound.work.multiplyWith(packedWeights[index])
                case .convolution(let work):
                    isDirect = true
                    try Self.checkStart(reads, work.a, writes, work.y)
                default:
                    copiesInput = copiesInput || reads
                    copiesOutput = copiesOutput || writes
                }
                all.append(
                    BatchStep(
                        work: bound.work, barrierBefore: bound.barrierBefore, alone: bound.alone, readsInput: reads && isDirect,
                        writesOutput: writes && isDirect))
                if member == 0 { scratch = max(scratch, Self.workspace(bound.work, rows: rows, kernels)) }
            }
        }
        self.binders = binders
        self.memory = memory + packedWeights.values
        rowWork = plan.steps.reduce(0) { $0 + $1.work.multiplyAdds } / rows
        self.copiesInput = copiesInput
        self.copiesOutput = copiesOutput
        stepCount = all.count / pool.threads
        scratchStride = ArenaPlanner.rounded(scratch)
        workspace = try AlignedBuffer(count: Sizes.product(scratchStride, pool.threads, of: "scratch memory"), for: "scratch memory")
        steps = .allocate(capacity: all.count)
        _ = steps.initialize(from: all)
    }

    deinit { steps.deallocate() }

    /// Where the first member's input lies: some place that arguments can name before a run fills in the right one.
    public var inputMemory: UnsafeMutablePointer<Float> { inputRows.pointer }

    /// That a step can be run on fewer rows.
    private static func check(_ work: Work, rows: Int) throws(GanError) {
        switch work {
        case .product(let product) where product.rows == rows && product.batch == 1 && !product.transposeA && !product.accumulate: return
        case .convolution(let convolution) where convolution.geometry.batch == rows && convolution.kind != .weightGradient: return
        case .elementwise(let chain) where chain.rows % rows == 0 || (chain.rows == 1 && chain.columns % rows == 0): return
        default: throw GanError(.internalError, "A step of the plan cannot be run on fewer rows.")
        }
    }

    private static func isBuffer(_ location: Location, _ name: String, _ plan: Plan) -> Bool {
        if case .buffer(name, _) = plan.storages[location.storage] { return true }
        return false
    }

    /// That a step which reads the input or writes the output does so from its beginning.
    private static func checkStart(_ reads: Bool, _ read: Location, _ writes: Bool, _ written: Location) throws(GanError) {
        if (reads && read.offset != 0) || (writes && written.offset != 0) {
            throw GanError(.internalError, "A step of the plan works on a part of the input or the output.")
        }
    }

    /// A product's weights, packed, where they are one of the plan's buffers. Those beyond the second-level cache come no faster for
    /// it, and packing them would hold up the first image.
    private static func packedWeights(
        _ work: BoundWork, _ weights: Storage, _ rowWeights: inout RowWeights
    ) throws(GanError) -> AlignedBuffer<Float>? {
        guard case .product(let arguments, _, _, _, _) = work, case .buffer = weights, arguments.bColumnStride == 1 else { return nil }
        // Sizes are those of weights that lie in memory.
        let count = MatrixProductArguments.packedCount(inner: arguments.inner, columns: arguments.columns)
        if count > gan_second_level_cache() / MemoryLayout<Float>.size { return nil }
        return try rowWeights.pack(arguments)
    }

    /// The most scratch memory that any number of rows needs.
    private static func workspace(_ work: BoundWork, rows: Int, _ kernels: KernelTable) -> Int {
        var most = kernels.elementwiseWorkspace
        for count in 1...rows {
            switch work {
            case .product(var arguments, _, _, _, _):
                arguments.rows = count
                most = max(most, kernels.matrixProductWorkspace(&arguments))
            case .convolution(var arguments):
                arguments.batch = count
                most = max(most, kernels.convolutionWorkspace(&arguments))
            default: break
            }
        }
        return most
    }

    // MARK: Running

    public func run(_ run: Run) {
        current = run
        walksBackwards.toggle()
        let body: ThreadPool.Body = { context, part, parts in
            Unmanaged<BatchExecutor>.fromOpaque(context).takeUnretainedValue().runPart(Int(part), Int(parts))
        }
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        if run.count <= Self.workForOne / max(rowWork, 1), pool.sleeps, gan_nanoseconds() &- lastEnd > Self.burst {
            pool.runAlone(body, context)
        } else {
            pool.run(body, context)
        }
        lastEnd = gan_nanoseconds()
    }

    private func runPart(_ part: Int, _ parts: Int) {
        let run = current
        if parts > 1 && run.count < Self.fewestRows(parts) * parts {
            runTogether(run, part, parts)
        } else {
            // No overflow: the results of all rows lie in memory.
            runApart(run, part, from: run.count * part / parts, to: run.count * (part + 1) / parts)
        }
    }

    /// Rows `first` ..< `end` by this member alone, in turns of even length.
    private func runApart(_ run: Run, _ part: Int, from first: Int, to end: Int) {
        let turns = (end - first + rows - 1) / rows
        for turn in 0..<turns {
            let row = first + (end - first) * turn / turns
            let count = first + (end - first) * (turn + 1) / turns - row
            let own = inputRows.pointer + part * inputStride
            if var random = run.random {
                draw(&random, row: row, count: count, to: own, 0, 1)
            }
            let source = run.source.map { $0 + row * inputWidth } ?? UnsafePointer(own)
            if copiesInput && run.source != nil { own.update(from: source, count: count * inputWidth) }
            let bound = outputRows.pointer + part * outputStride
            let result = run.result.map { $0 + row * outputWidth } ?? bound
            for index in 0..<stepCount { self.run(steps[part * stepCount + index], count, source, result, part, 0, 1) }
            if copiesOutput && run.result != nil { result.update(from: bound, count: count * outputWidth) }
            if let bytes = run.bytes {
                kernels.quantize(result, bytes + row * outputWidth, count * outputWidth, run.scale, run.offset)
            }
        }
    }

    /// Every row by all members, each of whom does its part of every step.
    private func runTogether(_ run: Run, _ part: Int, _ parts: Int) {
        let barrier = pool.barrier
        var row = 0
        while row < run.count {
            let count = min(rows, run.count - row)
            // The memory of the turn before must be free.
            if row > 0 { barrier.wait() }
            var source = UnsafePointer(inputRows.pointer)
            if let given = run.source {
                source = given + row * inputWidth
                if copiesInput {
                    if part == 0 { inputRows.pointer.update(from: source, count: count * inputWidth) }
                    barrier.wait()
                }
            } else if var random = run.random {
                if count <= Self.drawnByEach && !copiesInput {
                    let own = inputRows.pointer + part * inputStride
                    draw(&random, row: row, count: count, to: own, 0, 1)
                    source = UnsafePointer(own)
                } else {
                    draw(&random, row: row, count: count, to: inputRows.pointer, part, parts)
                    barrier.wait()
                }
            }
            let result = run.result.map { $0 + row * outputWidth } ?? outputRows.pointer
            for index in 0..<stepCount {
                // The first member's memory is everybody's.
                let step = steps[index]
                if step.barrierBefore { barrier.wait() }
                if !step.alone {
                    self.run(step, count, source, result, part, part, parts)
                } else if part == 0 {
                    self.run(step, count, source, result, 0, 0, 1)
                }
            }
            if copiesOutput && run.result != nil {
                barrier.wait()
                if part == 0 { result.update(from: outputRows.pointer, count: count * outputWidth) }
            }
            if let bytes = run.bytes {
                barrier.wait()
                let (start, end) = (count * part / parts * outputWidth, count * (part + 1) / parts * outputWidth)
                kernels.quantize(result + start, bytes + (row * outputWidth + start), end - start, run.scale, run.offset)
            }
            row += count
        }
    }

    @inline(__always)
    private func draw(
        _ random: inout RandomArguments, row: Int, count: Int, to y: UnsafeMutablePointer<Float>, _ part: Int, _ parts: Int
    ) {
        random.firstRow &+= UInt64(row)
        random.rows = count
        random.y = y
        kernels.random(&random, part, parts)
    }

    @inline(__always)
    private func run(
        _ step: BatchStep, _ count: Int, _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ member: Int,
        _ part: Int, _ parts: Int
    ) {
        let scratch = workspace.pointer + member * scratchStride
        switch step.work {
        case .product(var arguments, _, _, _, _):
            arguments.rows = count
            arguments.walksBackwards = walksBackwards
            if step.readsInput { arguments.a = source }
            if step.writesOutput { arguments.c = result }
            kernels.matrixProduct(&arguments, part, parts, scratch)
        case .convolution(var arguments):
            arguments.batch = count
            if step.readsInput { arguments.source = source }
            if step.writesOutput { arguments.result = result }
            kernels.convolution(&arguments, part, parts, scratch)
        case .elementwise(var arguments):
            if arguments.rows % rows == 0 {
                arguments.rows = arguments.rows / rows * count
            } else {
                arguments.columns = arguments.columns / rows * count
            }
            kernels.elementwise(&arguments, part, parts, scratch)
        default: break
        }
    }
}

extension BoundWork {
    fileprivate mutating func multiplyWith(_ packed: AlignedBuffer<Float>?) {
        guard case .product(var arguments, let batch, let aStep, let bStep, let cStep) = self, let packed else { return }
        arguments.packedB = UnsafePointer(packed.pointer)
        self = .product(arguments, batch: batch, aStep: aStep, bStep: bStep, cStep: cStep)
    }
}

extension Work {
    /// Of products and convolutions; 0 for all else.
    fileprivate var multiplyAdds: Int {
        switch self {
        case .product(let work): work.rows * work.columns * work.inner
        case .convolution(let work): work.geometry.operationCount
        default: 0
        }
    }
}
