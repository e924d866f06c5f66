// Runs a plan that makes rows of rows, such as images of latents and labels, on any number of rows: from the caller's memory,
// into the caller's memory.
//
// Since no kernel's result for a row depends on the others, nor on how the team shares the work, there are two ways of
// using a team, and the results are the same. Where there are rows enough, every member walks through the whole list with
// rows of its own, in memory of its own: nobody waits for anybody. Where there are few, the members share every step and
// meet between steps, as in `Executor`. Nothing is allocated by a run.

import Base
import CGanShims
import CHost
import Compute
import Graph
import Kernels

public final class BatchExecutor: @unchecked Sendable {
    /// What a run does. Plain values: several members read it at once. Where rows come from and go to is in `inputs` and `outputs`.
    public struct Run {
        public var count: Int
        /// The number of the first row, and the seed: what random numbers within the network are functions of.
        public var first: UInt64 = 0
        public var seed: UInt64 = 0
        /// Where the first output goes as bytes, byte = value · scale + offset.
        public var bytes: UnsafeMutablePointer<UInt8>?
        public var scale: Float = 1
        public var offset: Float = 0

        public init(count: Int) { self.count = count }
    }

    /// Where the rows of an input come from.
    public struct Input {
        /// Rows in the caller's memory; row i of the run is number (`first` + i) mod `rows` of them. Nil to draw them.
        public var values: UnsafePointer<Float>?
        public var rows = 1
        public var first = 0
        /// How rows are drawn; `y`, `rows` and `firstRow`, which is that of the run's first row, are filled in.
        public var random: RandomArguments?

        public init() {}
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
    /// To be set before a run, in the order of the plan's.
    public let inputs: UnsafeMutableBufferPointer<Input>
    /// To be set before a run, in the order of the plan's; nil for an output that nobody wants as floats.
    public let outputs: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>
    private let inputEnds: [BatchEnd]
    private let outputEnds: [BatchEnd]
    /// Where each member finds the rows of every input, and puts those of every output, at the moment.
    private let sources: UnsafeMutablePointer<UnsafePointer<Float>>
    private let results: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
    /// Each member's private memory, one after the other: scratch for kernels.
    private let workspace: AlignedBuffer<Float>
    private let scratchStride: Int
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
    /// - Parameter buffers: What the plan reads besides its inputs and its prepared values, such as parameters.
    public init(
        _ network: BatchPlan, buffers given: [String: AlignedBuffer<Float>], kernels: KernelTable, pool: ThreadPool
    ) throws(GanError) {
        let plan = network.plan
        let rows = network.rows
        var buffers = given
        for (name, shape) in network.prepared { buffers[name] = try AlignedBuffer(count: Sizes.product(shape, of: name), for: "prepared weights") }
        if let preparation = network.preparation {
            try Executor(preparation, buffers: buffers, kernels: kernels, pool: pool).run(seed: 0, firstRow: 0)
        }
        let ends = Set(network.inputs + network.outputs)
        for (name, shape) in plan.buffers where !ends.contains(name) {
            guard let buffer = buffers[name], buffer.count >= shape.reduce(1, *) else {
                throw GanError(.internalError, "The buffer '\(name)' of shape \(shape) is not bound, or is too small.")
            }
        }
        self.kernels = kernels
        self.pool = pool
        self.rows = rows
        let uses = BatchUses(plan)
        var memory: [AlignedBuffer<Float>] = []
        var (inputEnds, outputEnds): ([BatchEnd], [BatchEnd]) = ([], [])
        for name in network.inputs {
            inputEnds.append(
                try BatchEnd(name, plan, rows: rows, members: pool.threads, isCopied: uses.isReadIndirectly(name), memory: &memory))
        }
        for name in network.outputs {
            outputEnds.append(
                try BatchEnd(name, plan, rows: rows, members: pool.threads, isCopied: uses.isWrittenIndirectly(name), memory: &memory))
        }
        self.inputEnds = inputEnds
        self.outputEnds = outputEnds

        // Packed weights are shared by the members, and so are the plan's constants; the rest of the arena is each one's own.
        let arenaStride = ArenaPlanner.rounded(plan.arenaCount)
        let arena = try AlignedBuffer<Float>(
            count: Sizes.product(arenaStride, pool.threads, of: "intermediate values"), for: "the intermediate values of a network")
        let constants = try AlignedBuffer<Float>(count: plan.constants.count, for: "constants")
        for (index, value) in plan.constants.enumerated() { constants.pointer[index] = value }
        memory += [arena, constants] + buffers.values
        var packed: [Int: AlignedBuffer<Float>] = [:]
        for step in plan.steps {
            guard case .convolutionPacking(let work) = step.work, packed[work.packed.storage] == nil else { continue }
            let buffer = try AlignedBuffer<Float>(count: plan.storages[work.packed.storage].count, for: "packed weights")
            packed[work.packed.storage] = buffer
            memory.append(buffer)
        }

        var all: [BatchStep] = []
        let most = try Sizes.product(plan.steps.count, pool.threads, of: "steps")
        try Memory.check(room: Sizes.product(most, 2 * MemoryLayout<BatchStep>.stride, of: "steps"))
        all.reserveCapacity(most)
        // Weights of products, packed; by the place of the step in the list.
        var packedWeights: [Int: AlignedBuffer<Float>] = [:]
        var rowWeights = RowWeights(kernels: kernels, parts: pool.threads)
        var binders: [Binder] = []
        var scratch = 0
        for member in 0..<pool.threads {
            var bases: [UnsafeMutablePointer<Float>] = []
            for (index, storage) in plan.storages.enumerated() {
                switch storage {
                case .arena(let offset, _): bases.append(packed[index]?.pointer ?? arena.pointer + (member * arenaStride + offset))
                case .buffer(let name, _):
                    let end = network.inputs.firstIndex(of: name).map { inputEnds[$0] } ?? network.outputs.firstIndex(of: name).map { outputEnds[$0] }
                    bases.append(end?.rows(of: member) ?? buffers[name]?.pointer ?? arena.pointer)
                case .constants: bases.append(constants.pointer)
                }
            }
            let binder = Binder(plan, bases: bases)
            binders.append(binder)
            for (index, step) in plan.steps.enumerated() {
                let bound = try binder.bind(step)
                if case .convolutionPacking(var arguments) = bound.work {
                    if member == 0 { kernels.convolutionPacking(&arguments, 0, 1) }
                    continue
                }
                var own = try BatchStep(bound, step.work, rows: rows)
                if let name = uses.directInput(of: step.work), let input = network.inputs.firstIndex(of: name) { own.input = input }
                if let name = uses.directOutput(of: step.work), let output = network.outputs.firstIndex(of: name), !outputEnds[output].isCopied {
                    own.output = output
                }
                if case .product(let work) = step.work {
                    if member == 0 {
                        packedWeights[index] = try Self.packedWeights(bound.work, plan.storages[work.b.storage], ends, &rowWeights)
                    }
                    own.multiplyWith(packedWeights[index])
                }
                all.append(own)
                if member == 0 { scratch = max(scratch, own.workspace(upTo: rows, kernels)) }
            }
        }
        self.binders = binders
        self.memory = memory + packedWeights.values
        rowWork = plan.steps.reduce(0) { $0 + $1.work.multiplyAdds } / rows
        stepCount = all.count / pool.threads
        scratchStride = ArenaPlanner.rounded(scratch)
        workspace = try AlignedBuffer(count: Sizes.product(scratchStride, pool.threads, of: "scratch memory"), for: "scratch memory")
        steps = .allocate(capacity: all.count)
        _ = steps.initialize(from: all)
        inputs = .allocate(capacity: inputEnds.count)
        inputs.initialize(repeating: Input())
        outputs = .allocate(capacity: outputEnds.count)
        outputs.initialize(repeating: nil)
        sources = .allocate(capacity: inputEnds.count * pool.threads)
        results = .allocate(capacity: outputEnds.count * pool.threads)
        for member in 0..<pool.threads {
            for (i, end) in inputEnds.enumerated() { (sources + (member * inputEnds.count + i)).initialize(to: UnsafePointer(end.rows(of: member))) }
            for (i, end) in outputEnds.enumerated() { (results + (member * outputEnds.count + i)).initialize(to: end.rows(of: member)) }
        }
    }

    deinit {
        steps.deallocate()
        inputs.deallocate()
        outputs.deallocate()
        sources.deallocate()
        results.deallocate()
    }

    /// Where the first member's rows of an input lie: some place that arguments can name before a run fills in the right one.
    public func memory(ofInput index: Int) -> UnsafeMutablePointer<Float> { inputEnds[index].rows(of: 0) }

    /// A product's weights, packed, where they are one of the plan's buffers. Those beyond the second-level cache come no faster for
    /// it, and packing them would hold up the first image.
    private static func packedWeights(
        _ work: BoundWork, _ weights: Storage, _ ends: Set<String>, _ rowWeights: inout RowWeights
    ) throws(GanError) -> AlignedBuffer<Float>? {
        guard case .product(let arguments, let batch, _, _, _) = work, batch == 1, case .buffer(let name, _) = weights, !ends.contains(name),
            arguments.bColumnStride == 1
        else { return nil }
        // Sizes are those of weights that lie in memory.
        let count = MatrixProductArguments.packedCount(inner: arguments.inner, columns: arguments.columns)
        if count > gan_second_level_cache() / MemoryLayout<Float>.size { return nil }
        return try rowWeights.pack(arguments)
    }

    // MARK: Running

    public func run(_ run: Run) {
        current = run
        walksBackwards.toggle()
        let body: ThreadPool.Body = { context, part, parts in
            Unmanaged<BatchExecutor>.fromOpaque(context).takeUnretainedValue().runPart(Int(part), Int(parts))
        }
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        let isShort = run.count <= Self.workForOne / max(rowWork, 1)
        if !isShort { gan_park() }
        if isShort, pool.sleeps, gan_nanoseconds() &- lastEnd > Self.burst {
            pool.runAlone(body, context)
        } else if isShort {
            pool.runPresent(body, context)
        } else {
            pool.run(body, context)
        }
        if !isShort { gan_unpark() }
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
            for index in inputEnds.indices { fetch(index, row: row, count: count, into: part, for: part, 0, 1) }
            for index in outputEnds.indices { aim(index, row: row, for: part, owner: part) }
            for index in 0..<stepCount { self.run(steps[part * stepCount + index], run, row: row, count, part, 0, 1) }
            for index in outputEnds.indices { deliver(index, row: row, count: count, of: part) }
            if let bytes = run.bytes {
                let width = outputEnds[0].width
                kernels.quantize(result(0, part), bytes + row * width, count * width, run.scale, run.offset)
            }
        }
    }

    /// Every row by all members, each of whom does its part of every step. The first member's memory is everybody's.
    private func runTogether(_ run: Run, _ part: Int, _ parts: Int) {
        let barrier = pool.barrier
        var row = 0
        while row < run.count {
            let count = min(rows, run.count - row)
            // The memory of the turn before must be free.
            if row > 0 { barrier.wait() }
            var isShared = false
            for index in inputEnds.indices {
                if inputs[index].random != nil && inputs[index].values == nil && count <= Self.drawnByEach && !inputEnds[index].isCopied {
                    fetch(index, row: row, count: count, into: part, for: part, 0, 1)
                } else if fetch(index, row: row, count: count, into: 0, for: part, part, parts) {
                    isShared = true
                }
            }
            if isShared { barrier.wait() }
            for index in outputEnds.indices { aim(index, row: row, for: part, owner: 0) }
            for index in 0..<stepCount {
                let step = steps[index]
                if step.barrierBefore { barrier.wait() }
                if !step.alone {
                    self.run(step, run, row: row, count, part, part, parts)
                } else if part == 0 {
                    self.run(step, run, row: row, count, 0, 0, 1)
                }
            }
            if outputEnds.contains(where: \.isCopied) {
                barrier.wait()
                if part == 0 { for index in outputEnds.indices { deliver(index, row: row, count: count, of: 0) } }
            }
            if let bytes = run.bytes {
                barrier.wait()
                let width = outputEnds[0].width
                let (start, end) = (count * part / parts * width, count * (part + 1) / parts * width)
                kernels.quantize(result(0, part) + start, bytes + (row * width + start), end - start, run.scale, run.offset)
            }
            row += count
        }
    }

    @inline(__always)
    private func result(_ index: Int, _ member: Int) -> UnsafeMutablePointer<Float> { results[member * outputEnds.count + index] }

    /// Finds the rows of an input, and brings them into the memory of member `owner` where they have to be there; `reader` reads them.
    /// Returns whether something was written that others read.
    @discardableResult
    @inline(__always)
    private func fetch(_ index: Int, row: Int, count: Int, into owner: Int, for reader: Int, _ part: Int, _ parts: Int) -> Bool {
        let end = inputEnds[index]
        let own = end.rows(of: owner)
        let place = sources + (reader * inputEnds.count + index)
        place.pointee = UnsafePointer(own)
        guard let values = inputs[index].values else {
            guard var random = inputs[index].random else { return false }
            random.firstRow &+= UInt64(row)
            random.rows = count
            random.y = own
            kernels.random(&random, part, parts)
            return true
        }
        let all = max(inputs[index].rows, 1)
        let begin = inputs[index].first + row
        let first = begin % all
        if first + count <= all {
            place.pointee = values + first * end.width
            if !end.isCopied { return false }
        }
        if part == 0 {
            for i in 0..<count { (own + i * end.width).update(from: values + (begin + i) % all * end.width, count: end.width) }
        }
        return true
    }

    /// Where an output's rows are made.
    @inline(__always)
    private func aim(_ index: Int, row: Int, for member: Int, owner: Int) {
        let end = outputEnds[index]
        let place = results + (member * outputEnds.count + index)
        place.pointee = end.rows(of: owner)
        if !end.isCopied, let output = outputs[index] { place.pointee = output + row * end.width }
    }

    /// Hands over rows that were made in the member's memory.
    @inline(__always)
    private func deliver(_ index: Int, row: Int, count: Int, of member: Int) {
        let end = outputEnds[index]
        if end.isCopied, let output = outputs[index] { (output + row * end.width).update(from: end.rows(of: member), count: count * end.width) }
    }

    @inline(__always)
    private func run(_ step: BatchStep, _ run: Run, row: Int, _ count: Int, _ member: Int, _ part: Int, _ parts: Int) {
        let scratch = workspace.pointer + member * scratchStride
        let source = step.input >= 0 ? sources[member * inputEnds.count + step.input] : nil
        let result = step.output >= 0 ? results[member * outputEnds.count + step.output] : nil
        switch step.work {
        case .product(var arguments, let batch, let aStep, let bStep, let cStep):
            if let source { arguments.a = source }
            if let result { arguments.c = result }
            if step.isBatch {
                return kernels.matrixProducts(&arguments, batch / rows * count, aStep, bStep, cStep, part, parts, scratch)
            }
            arguments.rows = arguments.rows / rows * count
            arguments.walksBackwards = walksBackwards
            kernels.matrixProduct(&arguments, part, parts, scratch)
        case .convolution(var arguments):
            arguments.batch = arguments.batch / rows * count
            if let source { arguments.source = source }
            if let result { arguments.result = result }
            kernels.convolution(&arguments, part, parts, scratch)
        case .elementwise(var arguments):
            if arguments.rows % rows == 0 {
                arguments.rows = arguments.rows / rows * count
            } else {
                arguments.columns = arguments.columns / rows * count
            }
            kernels.elementwise(&arguments, part, parts, scratch)
        case .reduction(var arguments):
            arguments.outer = arguments.outer / rows * count
            kernels.reduction(&arguments, part, parts)
        case .random(var arguments):
            // Numbered by sample: as many rows each as there are for a row of the batch.
            let each = arguments.rows / rows
            arguments.seed = run.seed
            arguments.firstRow = (run.first &+ UInt64(row)) &* UInt64(each)
            arguments.rows = each * count
            kernels.random(&arguments, part, parts)
        case .copy(var copy):
            copy.takeRows(count, of: rows)
            copy.run(part, parts)
        case .fill(let y, let whole, let value):
            fill(y, count: whole / rows * count, value: value, part, parts)
        case .gather(let work, let table, let values, let indices):
            gather(table, entries: work.entries, width: work.width, indices, count: work.count / rows * count, to: values, part, parts)
        case .convolutionPacking, .adam, .scatterAdd: break
        }
    }
}

extension Work {
    /// Of products and convolutions; 0 for all else.
    fileprivate var multiplyAdds: Int {
        switch self {
        case .product(let work): work.rows * work.columns * work.inner * work.batch
        case .convolution(let work): work.geometry.operationCount
        default: 0
        }
    }
}
