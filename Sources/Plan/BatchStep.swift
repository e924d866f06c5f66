// The steps of a plan that is run on fewer rows than it was made for, and what lies at its two ends.

import Base
import Compute
import Kernels

/// A step of one member of a `BatchExecutor`.
struct BatchStep {
    var work: BoundWork
    let barrierBefore: Bool
    /// The first member does it by itself, and no barrier stands between it and its like.
    let alone: Bool
    /// The rows are a batch of equal products, and not rows of one.
    let isBatch: Bool
    /// The input whose rows a product or convolution takes straight from the caller's memory, by its place; else -1.
    var input = -1
    /// The output that it writes straight to the caller's memory; else -1.
    var output = -1

    /// - Throws: `.internalError` where the step cannot be run on fewer rows.
    init(_ bound: BoundStep, _ work: Work, rows: Int) throws(GanError) {
        self.work = bound.work
        barrierBefore = bound.barrierBefore
        alone = bound.alone
        var isBatch = false
        let canBeCut: Bool
        switch work {
        case .product(let product):
            isBatch = product.batch > 1
            canBeCut = !product.accumulate && product.adam == nil && (isBatch ? product.batch % rows == 0 : product.rows % rows == 0 && !product.transposeA)
        case .convolution(let convolution): canBeCut = convolution.geometry.batch % rows == 0 && convolution.kind != .weightGradient
        case .elementwise(let chain):
            canBeCut = chain.sums.isEmpty && (chain.rows % rows == 0 || (chain.rows == 1 && chain.columns % rows == 0))
        case .reduction(let reduction): canBeCut = reduction.outer % rows == 0
        case .random(let random): canBeCut = random.rows % rows == 0
        case .copy(let copy): canBeCut = (copy.shape.first ?? 1) % rows == 0
        case .fill(_, let count, _): canBeCut = count % rows == 0
        case .gather(let gather): canBeCut = gather.count % rows == 0
        case .adam, .scatterAdd, .convolutionPacking: canBeCut = false
        }
        guard canBeCut else { throw GanError(.internalError, "A step of the plan cannot be run on fewer rows than \(rows).") }
        self.isBatch = isBatch
    }

    mutating func multiplyWith(_ packed: AlignedBuffer<Float>?) {
        guard case .product(var arguments, let batch, let aStep, let bStep, let cStep) = work, let packed else { return }
        arguments.packedB = UnsafePointer(packed.pointer)
        work = .product(arguments, batch: batch, aStep: aStep, bStep: bStep, cStep: cStep)
    }

    /// The most scratch memory that any number of rows needs.
    func workspace(upTo rows: Int, _ kernels: KernelTable) -> Int {
        var most = kernels.elementwiseWorkspace
        for count in 1...rows {
            switch work {
            case .product(var arguments, _, _, _, _):
                if !isBatch { arguments.rows = arguments.rows / rows * count }
                most = max(most, kernels.matrixProductWorkspace(&arguments))
                if isBatch { return most }
            case .convolution(var arguments):
                arguments.batch = arguments.batch / rows * count
                most = max(most, kernels.convolutionWorkspace(&arguments))
            default: return most
            }
        }
        return most
    }
}

/// An input or an output: each member's rows of it, in memory of the executor's own. Nothing in it is counted: runs copy it.
struct BatchEnd {
    /// Numbers a row.
    let width: Int
    /// Whether steps have it where it was bound to, so that rows are copied from or to the caller's memory.
    let isCopied: Bool
    private let start: UnsafeMutablePointer<Float>
    private let stride: Int

    /// - Parameter memory: Receives what has to be kept alive.
    init(
        _ name: String, _ plan: Plan, rows: Int, members: Int, isCopied: Bool, memory: inout [AlignedBuffer<Float>]
    ) throws(GanError) {
        guard let shape = plan.buffers[name], let first = shape.first, first % rows == 0 else {
            throw GanError(.internalError, "The plan has no \(rows) rows of '\(name)'.")
        }
        let count = try Sizes.product(shape, of: name)
        width = count / rows
        self.isCopied = isCopied
        stride = ArenaPlanner.rounded(count)
        let buffer = try AlignedBuffer<Float>(count: Sizes.product(stride, members, of: name), for: name)
        memory.append(buffer)
        start = buffer.pointer
    }

    func rows(of member: Int) -> UnsafeMutablePointer<Float> { start + member * stride }
}

/// Which steps can take an input from wherever it lies, or put an output anywhere: products and convolutions, whose addresses are
/// arguments of their own.
struct BatchUses {
    private let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    private func name(_ location: Location) -> String? {
        if case .buffer(let name, _) = plan.storages[location.storage] { return name }
        return nil
    }

    func directInput(of work: Work) -> String? {
        switch work {
        case .product(let product): product.a.offset == 0 ? name(product.a) : nil
        case .convolution(let convolution): convolution.a.offset == 0 ? name(convolution.a) : nil
        default: nil
        }
    }

    func directOutput(of work: Work) -> String? {
        switch work {
        case .product(let product): product.c.offset == 0 ? name(product.c) : nil
        case .convolution(let convolution): convolution.y.offset == 0 ? name(convolution.y) : nil
        default: nil
        }
    }

    /// Whether a step reads the buffer as anything but the first operand of a product or convolution.
    func isReadIndirectly(_ input: String) -> Bool {
        plan.steps.contains { step in
            let reads = step.work.reads.filter { name($0.0) == input }.count
            return reads > (directInput(of: step.work) == input ? 1 : 0)
        }
    }

    /// Whether a step reads the buffer, or writes it as anything but the result of a product or convolution.
    func isWrittenIndirectly(_ output: String) -> Bool {
        plan.steps.contains { step in
            if step.work.reads.contains(where: { name($0.0) == output }) { return true }
            return step.work.writes.contains { name($0.0) == output } && directOutput(of: step.work) != output
        }
    }
}

extension StridedCopy {
    /// Cuts the copy short: `count` of `rows` rows, which are what its outermost axis is made of.
    mutating func takeRows(_ count: Int, of rows: Int) {
        withUnsafeMutableBytes(of: &shape) { bytes in
            let lengths = bytes.assumingMemoryBound(to: Int.self)
            for axis in lengths.indices where lengths[axis] != 1 {
                if rows > 1 { lengths[axis] = lengths[axis] / rows * count }
                return
            }
        }
    }
}
