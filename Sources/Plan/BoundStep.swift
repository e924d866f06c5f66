// A plan's step with every location resolved to an address: what the executor's loop reads. Nothing in it is
// reference-counted, so the loop touches no counts.

import Base
import Kernels

struct BoundStep {
    var work: BoundWork
    var barrierBefore: Bool
    var alone: Bool
}

enum BoundWork {
    case product(MatrixProductArguments, batch: Int, aStep: Int, bStep: Int, cStep: Int)
    case elementwise(ElementwiseArguments)
    case reduction(ReductionArguments)
    case random(RandomArguments)
    case copy(StridedCopy)
    case fill(UnsafeMutablePointer<Float>, count: Int, value: Float)
    case convolutionPacking(ConvolutionArguments)
    case convolution(ConvolutionArguments)
    case adam(AdamArguments)
    case gather(GatherWork, table: UnsafePointer<Float>, values: UnsafeMutablePointer<Float>, indices: UnsafePointer<Float>)
    case scatterAdd(GatherWork, table: UnsafeMutablePointer<Float>, values: UnsafePointer<Float>, indices: UnsafePointer<Float>)
}

/// Resolves locations, and owns the tables that elementwise chains point to.
final class Binder {
    private let bases: [UnsafeMutablePointer<Float>]
    private var inputs: UnsafeMutablePointer<ElementwiseInput>
    private var operations: UnsafeMutablePointer<ElementwiseOperation>
    private var outputs: UnsafeMutablePointer<ElementwiseOutput>
    private var sums: UnsafeMutablePointer<ElementwiseSum>
    private var adams: UnsafeMutablePointer<AdamArguments>
    private var inputCount = 0
    private var operationCount = 0
    private var outputCount = 0
    private var sumCount = 0
    private var adamCount = 0

    /// - Parameter bases: The address of every storage of the plan.
    init(_ plan: Plan, bases: [UnsafeMutablePointer<Float>]) {
        self.bases = bases
        var counts = (inputs: 0, operations: 0, outputs: 0, sums: 0, adams: 0)
        for step in plan.steps {
            if case .product(let work) = step.work { counts.adams += (work.adam == nil ? 0 : 1) + (work.biasAdam == nil ? 0 : 1) }
            guard case .elementwise(let work) = step.work else { continue }
            counts.inputs += work.inputs.count
            counts.operations += work.operations.count
            counts.outputs += work.outputs.count
            counts.sums += work.sums.count
        }
        inputs = .allocate(capacity: counts.inputs)
        operations = .allocate(capacity: counts.operations)
        outputs = .allocate(capacity: counts.outputs)
        sums = .allocate(capacity: counts.sums)
        adams = .allocate(capacity: counts.adams)
    }

    deinit {
        inputs.deallocate()
        operations.deallocate()
        outputs.deallocate()
        sums.deallocate()
        adams.deallocate()
    }

    private func address(_ location: Location) -> UnsafeMutablePointer<Float> { bases[location.storage] + location.offset }
    private func source(_ location: Location) -> UnsafePointer<Float> { UnsafePointer(address(location)) }

    func bind(_ step: Step) throws(GanError) -> BoundStep {
        BoundStep(work: try bind(step.work), barrierBefore: step.barrierBefore, alone: step.alone)
    }

    private func bind(_ work: Work) throws(GanError) -> BoundWork {
        switch work {
        case .product(let work):
            return .product(
                bind(work), batch: work.batch, aStep: work.rows * work.inner, bStep: work.inner * work.columns,
                cStep: work.rows * work.columns)
        case .elementwise(let work):
            return .elementwise(bind(work))
        case .reduction(let work):
            return .reduction(
                ReductionArguments(
                    kind: work.kind, outer: work.outer, reduced: work.reduced, inner: work.inner, x: source(work.x), y: address(work.y)))
        case .random(let work):
            return .random(
                RandomArguments(
                    distribution: work.distribution, seed: 0, stream: work.stream, firstRow: 0, rows: work.rows, columns: work.columns,
                    y: address(work.y)))
        case .copy(let work):
            return .copy(try bind(work))
        case .fill(let location, let count, let value):
            return .fill(address(location), count: count, value: value)
        case .convolutionPacking(let work):
            return .convolutionPacking(bind(work))
        case .convolution(let work):
            return .convolution(bind(work))
        case .adam(let work):
            return .adam(bind(work))
        case .gather(let work):
            return .gather(work, table: source(work.table), values: address(work.values), indices: source(work.indices))
        case .scatterAdd(let work):
            return .scatterAdd(work, table: address(work.table), values: source(work.values), indices: source(work.indices))
        }
    }

    private func bind(_ work: ProductWork) -> MatrixProductArguments {
        var arguments = MatrixProductArguments(
            rows: work.rows, columns: work.columns, inner: work.inner,
            a: source(work.a), aRowStride: work.transposeA ? 1 : work.inner, aInnerStride: work.transposeA ? work.rows : 1,
            b: source(work.b), bInnerStride: work.transposeB ? 1 : work.columns, bColumnStride: work.transposeB ? work.inner : 1,
            c: address(work.c), cRowStride: work.columns)
        arguments.skipsZeros = work.skipsZeros
        arguments.beta = work.accumulate ? 1 : 0
        arguments.bias = work.bias.map(source)
        arguments.activation = work.activation
        arguments.derivativeOf = work.derivativeOf.map(source)
        arguments.derivativeActivation = work.derivativeActivation
        arguments.derivativeRowStride = work.columns
        arguments.slope = work.slope
        arguments.adam = work.adam.map(kept)
        arguments.biasAdam = work.biasAdam.map(kept)
        return arguments
    }

    private func kept(_ work: AdamWork) -> UnsafePointer<AdamArguments> {
        (adams + adamCount).initialize(to: bind(work))
        adamCount += 1
        return UnsafePointer(adams + adamCount - 1)
    }

    private func bind(_ work: ConvolutionWork) -> ConvolutionArguments {
        let geometry = work.geometry
        var arguments = ConvolutionArguments(
            kind: work.kind, batch: geometry.batch, inChannels: geometry.inChannels, outChannels: geometry.outChannels,
            z: geometry.axis(0), y: geometry.axis(1), x: geometry.axis(2), source: source(work.a), other: source(work.b),
            result: address(work.y), packed: address(work.packed))
        arguments.chunks = work.chunks
        arguments.bias = work.bias.map(source)
        arguments.activation = work.activation
        arguments.derivativeOf = work.derivativeOf.map(source)
        arguments.derivativeActivation = work.derivativeActivation
        arguments.slope = work.slope
        return arguments
    }

    private func bind(_ work: AdamWork) -> AdamArguments {
        var arguments = AdamArguments(
            parameters: address(work.parameters), firstMoment: address(work.first), secondMoment: address(work.second),
            gradient: source(work.gradient ?? work.parameters), count: work.count, scalars: source(work.scalars), beta1: work.beta1,
            beta2: work.beta2, epsilon: work.epsilon)
        arguments.complement1 = work.complement1
        arguments.complement2 = work.complement2
        return arguments
    }

    private func bind(_ work: ElementwiseWork) -> ElementwiseArguments {
        let (firstInput, firstOperation, firstOutput) = (inputs + inputCount, operations + operationCount, outputs + outputCount)
        let firstSum = sums + sumCount
        for input in work.inputs {
            (inputs + inputCount).initialize(
                to: ElementwiseInput(source(input.location), rowStride: input.rowStride, columnStride: input.columnStride))
            inputCount += 1
        }
        for operation in work.operations {
            (operations + operationCount).initialize(to: operation)
            operationCount += 1
        }
        for output in work.outputs {
            (outputs + outputCount).initialize(
                to: ElementwiseOutput(address(output.location), rowStride: work.columns, register: output.register))
            outputCount += 1
        }
        for sum in work.sums {
            (sums + sumCount).initialize(to: ElementwiseSum(address(sum.location), register: sum.register))
            sumCount += 1
        }
        var arguments = ElementwiseArguments(
            rows: work.rows, columns: work.columns, inputs: firstInput, inputCount: work.inputs.count, operations: firstOperation,
            operationCount: work.operations.count, outputs: firstOutput, outputCount: work.outputs.count)
        if !work.sums.isEmpty {
            arguments.sums = UnsafePointer(firstSum)
            arguments.sumCount = work.sums.count
            arguments.sumChunks = work.chunks
        }
        return arguments
    }

    private func bind(_ work: CopyWork) throws(GanError) -> StridedCopy {
        let missing = StridedCopy.rankLimit - work.shape.count
        guard missing >= 0 else {
            throw GanError(.internalError, "A copy over \(work.shape.count) axes; \(StridedCopy.rankLimit) can be run.")
        }
        func eight(_ values: [Int], _ filler: Int) -> (Int, Int, Int, Int, Int, Int, Int, Int) {
            let all = [Int](repeating: filler, count: missing) + values
            return (all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7])
        }
        let longest = work.shape.indices.max { work.shape[$0] < work.shape[$1] } ?? 0
        return StridedCopy(
            x: source(work.x), y: address(work.y), shape: eight(work.shape, 1), xStrides: eight(work.xStrides, 0),
            yStrides: eight(work.yStrides, 0), sharedAxis: missing + longest)
    }
}
