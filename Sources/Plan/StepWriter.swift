// Turns scheduled units into steps: operations, locations and sizes, as the executor runs them.

import Base
import Graph
import Kernels

struct StepWriter {
    let schedule: Schedule
    let placement: Placement
    private var written: [Step] = []
    private var constants: [Float] = []
    private var constantIndex: [UInt32: Int] = [:]
    private var packedWeights: [PackedWeights] = []
    /// Memory that steps use between themselves lies behind that of the graph's values; how much there is so far.
    private var temporaryCount = 0

    /// Buffers that are filled anew before every run.
    private let inputs: Set<String>

    private var analysis: Analysis { schedule.analysis }

    init(_ schedule: Schedule, _ placement: Placement, inputs: Set<String>) {
        self.schedule = schedule
        self.placement = placement
        self.inputs = inputs
    }

    consuming func steps() throws(GanError) -> (steps: [Step], constants: [Float], temporaryCount: Int) {
        for (update, stage) in placement.staged { copy(try location(update.value.id), to: stage, count: update.value.elementCount) }
        for unit in schedule.units {
            switch unit {
            case .group(let group): try write(group)
            case .product(let fusion): try write(fusion)
            case .adam(let adam): try write(adam)
            case .single(let id): try write(id)
            }
        }
        for update in placement.copies {
            copy(try location(update.value.id), to: try buffer(update.buffer), count: update.value.elementCount)
        }
        for (update, stage) in placement.staged { copy(stage, to: try buffer(update.buffer), count: update.value.elementCount) }
        return (written, constants, temporaryCount)
    }

    private func location(_ id: Int) throws(GanError) -> Location {
        guard let location = placement.location(of: id) else {
            throw GanError(.internalError, "The planner gave \(analysis.node(id)) no place.")
        }
        return location
    }

    private func buffer(_ name: String) throws(GanError) -> Location {
        guard let location = placement.bufferLocation(name) else {
            throw GanError(.internalError, "The planner knows no buffer '\(name)'.")
        }
        return location
    }

    /// Work of fewer than this many element operations is cheaper alone than shared between members.
    private static let smallWork = 4096

    private mutating func append(_ work: Work, cost: Int) {
        written.append(Step(work: work, alone: cost < Self.smallWork))
    }

    private mutating func copy(_ x: Location, to y: Location, count: Int) {
        append(.copy(CopyWork(shape: [count], x: x, xStrides: [1], y: y, yStrides: [1])), cost: count)
    }

    // MARK: Products

    private mutating func write(_ fusion: ProductFusion) throws(GanError) {
        if try convolve(fusion) { return }
        var work = try product(fusion.product, into: location(fusion.result))
        if let bias = fusion.bias { work.bias = try location(bias) }
        work.activation = fusion.activation
        if let y = fusion.derivativeOf { work.derivativeOf = try location(y) }
        work.derivativeActivation = fusion.derivativeActivation
        work.slope = fusion.slope
        append(.product(work), cost: work.rows * work.columns * work.inner / 8)
    }

    private func product(_ id: Int, into c: Location) throws(GanError) -> ProductWork {
        let node = analysis.node(id)
        guard case .matrixProduct(let transposeA, let transposeB) = node.operation else {
            throw GanError(.internalError, "\(node) is no matrix product.")
        }
        let a = analysis.node(node.operands[0]).shape
        let rank = node.shape.count
        return ProductWork(
            rows: node.shape[rank - 2], columns: node.shape[rank - 1], inner: transposeA ? a[rank - 2] : a[rank - 1],
            transposeA: transposeA, transposeB: transposeB, batch: node.shape.dropLast(2).reduce(1, *),
            a: try location(node.operands[0]), b: try location(node.operands[1]), c: c,
            skipsZeros: holdsInput(node.operands[0]) || (!transposeA && isRectified(node.operands[0])))
    }

    /// Whether data from outside are in a value: an input, or a concatenation with one. Unlike what networks make, they often
    /// have zeros side by side.
    private func holdsInput(_ id: Int) -> Bool {
        func root(_ id: Int) -> Node { analysis.node(analysis.root(of: id).node) }
        func isInput(_ node: Node) -> Bool {
            if case .buffer(let name) = node.operation { return inputs.contains(name) }
            return false
        }
        if case .concatenate = root(id).operation { return root(id).operands.contains { isInput(root($0)) } }
        return isInput(root(id))
    }

    /// Whether a value is max(x, 0), or what is left of a gradient behind that: half of it is likely to be zero, here and there.
    private func isRectified(_ id: Int) -> Bool {
        let node = analysis.node(analysis.root(of: id).node)
        switch node.operation {
        case .binary(.maximum): return analysis.constant(node.operands[1]) == 0
        case .select: return analysis.constant(node.operands[2]) == 0
        default: return false
        }
    }

    // MARK: Adam

    private mutating func write(_ adam: AdamFusion) throws(GanError) {
        var work = try inPlace(adam)
        if let id = adam.product {
            var product = try product(id, into: work.parameters)
            product.adam = work
            for bias in adam.bias { product.biasAdam = try inPlace(bias) }
            append(.product(product), cost: product.rows * product.columns * product.inner / 8)
        } else {
            work.gradient = try location(adam.gradient)
            append(.adam(work), cost: work.count * 8)
        }
    }

    /// The kernel works in place; values that could not be made in their buffers are copied to where they are made.
    private mutating func inPlace(_ adam: AdamFusion) throws(GanError) -> AdamWork {
        let count = analysis.node(adam.newParameter).elementCount
        for (old, new) in [(adam.parameter, adam.newParameter), (adam.first, adam.newFirst), (adam.second, adam.newSecond)] {
            let (from, to) = (try location(old), try location(new))
            if from != to { copy(from, to: to, count: count) }
        }
        return AdamWork(
            count: count, parameters: try location(adam.newParameter), first: try location(adam.newFirst),
            second: try location(adam.newSecond), gradient: nil, scalars: try location(adam.scalars),
            beta1: adam.beta1, beta2: adam.beta2, complement1: adam.complement1, complement2: adam.complement2, epsilon: adam.epsilon)
    }

    // MARK: Everything that is one node

    private mutating func write(_ id: Int) throws(GanError) {
        let node = analysis.node(id)
        let y = try location(id)
        let operands = node.operands
        switch node.operation {
        case .buffer, .reshape, .unary, .binary, .select, .withoutGradient:
            throw GanError(.internalError, "\(node) is no unit of work.")
        case .constant(let value):
            append(.fill(y, count: node.elementCount, value: value), cost: node.elementCount)
        case .random(let variate, let stream):
            let distribution: Distribution = variate == .normal ? .normal : .uniform
            append(
                .random(RandomWork(distribution: distribution, stream: stream, rows: node.shape[0], columns: node.shape[1], y: y)),
                cost: node.elementCount * 8)

        case .broadcast:
            let x = analysis.node(operands[0]).shape
            let strides = zip(zip(x, node.shape), Strides.contiguous(x)).map { $0.0 == $0.1 ? $1 : 0 }
            try move(operands[0], strides: strides, shape: node.shape, to: y, Strides.contiguous(node.shape))
        case .permute(let order):
            let strides = Strides.contiguous(analysis.node(operands[0]).shape)
            try move(operands[0], strides: order.map { strides[$0] }, shape: node.shape, to: y, Strides.contiguous(node.shape))
        case .slice(let starts, let steps):
            let strides = Strides.contiguous(analysis.node(operands[0]).shape)
            let start = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
            try move(operands[0], start: start, strides: zip(strides, steps).map { $0 * $1 }, shape: node.shape, to: y, Strides.contiguous(node.shape))
        case .pad(let before, let interior):
            append(.fill(y, count: node.elementCount, value: 0), cost: node.elementCount)
            let strides = Strides.contiguous(node.shape)
            var target = y
            target.offset += zip(before, strides).reduce(0) { $0 + $1.0 * $1.1 }
            let x = analysis.node(operands[0]).shape
            try move(operands[0], strides: Strides.contiguous(x), shape: x, to: target, zip(strides, interior).map { $0 * ($1 + 1) })
        case .concatenate(let axis):
            let strides = Strides.contiguous(node.shape)
            var target = y
            for part in operands {
                let shape = analysis.node(part).shape
                if try location(part) != target {
                    try move(part, strides: Strides.contiguous(shape), shape: shape, to: target, strides)
                }
                target.offset += shape[axis] * strides[axis]
            }

        case .sum(let axes):
            try reduce(.sum, id, operands[0], axes, to: y)
        case .maximum(let axes):
            try reduce(.maximum, id, operands[0], axes, to: y)
        case .matrixProduct:
            let work = try product(id, into: y)
            append(.product(work), cost: work.rows * work.columns * work.inner * work.batch / 8)
        case .convolution, .convolutionInputGradient:
            _ = try convolve(ProductFusion(product: id, result: id, absorbed: []))
        case .convolutionWeightGradient(let window):
            try convolve(
                .weightGradient, window, operands, x: analysis.node(operands[0]).shape, y: analysis.node(operands[1]).shape, w: node.shape,
                fusion: ProductFusion(product: id, result: id, absorbed: []))
        case .gather:
            let work = GatherWork(
                entries: analysis.node(operands[0]).shape[0], width: node.shape[1], count: node.shape[0],
                table: try location(operands[0]), values: y, indices: try location(operands[1]))
            append(.gather(work), cost: node.elementCount)
        case .scatterAdd:
            let work = GatherWork(
                entries: node.shape[0], width: node.shape[1], count: analysis.node(operands[0]).shape[0],
                table: y, values: try location(operands[0]), indices: try location(operands[1]))
            append(.scatterAdd(work), cost: node.elementCount + work.count * work.width)
        }
    }

    private mutating func move(
        _ operand: Int, start: Int = 0, strides: [Int], shape: Shape, to y: Location, _ yStrides: [Int]
    ) throws(GanError) {
        var x = try location(operand)
        x.offset += start
        let work = CopyWork(shape: shape, x: x, xStrides: strides, y: y, yStrides: yStrides).merged()
        append(.copy(work), cost: work.count)
    }

    private mutating func reduce(_ kind: ReductionKind, _ id: Int, _ operand: Int, _ axes: [Int], to y: Location) throws(GanError) {
        let x = analysis.node(operand).shape
        guard let first = axes.first, let last = axes.last else { throw GanError(.internalError, "A reduction over no axes.") }
        // Sums of columns stream through the rows as chains do, here one without operations.
        if let sum = analysis.columnSum(id) {
            var chain = ElementwiseWork(
                rows: sum.rows, columns: sum.columns,
                inputs: [.init(location: try location(operand), rowStride: sum.columns, columnStride: 1)], operations: [], outputs: [])
            return try self.sum([(id, 0)], in: &chain)
        }
        let work = ReductionWork(
            kind: kind, outer: x[..<first].reduce(1, *), reduced: x[first...last].reduce(1, *), inner: x[(last + 1)...].reduce(1, *),
            x: try location(operand), y: y)
        append(.reduction(work), cost: x.reduce(1, *))
    }

    /// A convolution or an input gradient with its write-back; false for other nodes.
    private mutating func convolve(_ fusion: ProductFusion) throws(GanError) -> Bool {
        let node = analysis.node(fusion.product)
        let shapes = node.operands.map { analysis.node($0).shape }
        switch node.operation {
        case .convolution(let window):
            try convolve(.forward, window, node.operands, x: shapes[0], y: node.shape, w: shapes[1], fusion: fusion)
        case .convolutionInputGradient(let window):
            try convolve(.inputGradient, window, node.operands, x: node.shape, y: shapes[0], w: shapes[1], fusion: fusion)
        default: return false
        }
        return true
    }

    private mutating func convolve(
        _ kind: ConvolutionKind, _ window: Window, _ operands: [Int], x: Shape, y: Shape, w: Shape, fusion: ProductFusion
    ) throws(GanError) {
        let place = try location(fusion.result)
        guard let geometry = ConvolutionGeometry(x: x, y: y, w: w, window) else {
            throw GanError(.internalError, "A convolution with \(x.count - 2) spatial axes; one to three can be run.")
        }
        var work = ConvolutionWork(
            kind: kind, geometry: geometry, a: try location(operands[0]), b: try location(operands[1]), y: place, packed: place)
        let counts = geometry.counts
        if kind == .weightGradient {
            work.chunks = geometry.chunks
            if work.chunks > 1 { work.y = try temporary(work.chunks, counts.w) }
        } else {
            work.packed = try packed(work)
            if let bias = fusion.bias { work.bias = try location(bias) }
            work.activation = fusion.activation
            if let y = fusion.derivativeOf { work.derivativeOf = try location(y) }
            work.derivativeActivation = fusion.derivativeActivation
            work.slope = fusion.slope
        }
        append(.convolution(work), cost: geometry.operationCount / 8)
        if work.chunks > 1 {
            let sum = ReductionWork(kind: .sum, outer: 1, reduced: work.chunks, inner: counts.w, x: work.y, y: place)
            append(.reduction(sum), cost: work.chunks * counts.w)
        }
    }

    /// Where the weights of a convolution are packed, by a step of its own unless they still are from an earlier use.
    private mutating func packed(_ work: ConvolutionWork) throws(GanError) -> Location {
        let weights = PackedWeights(kind: work.kind, geometry: work.geometry.weightGeometry, weights: work.b)
        let count = work.geometry.packedCount(work.kind)
        var known = packedWeights.firstIndex { $0.isSame(as: weights) }
        if let index = known {
            let since = written[packedWeights[index].step...]
            let range = placement.range(of: work.b, count: work.geometry.counts.w)
            let changed = since.contains { step in
                step.work.writes.contains { placement.range(of: $0.0, count: $0.1).overlaps(range) }
            }
            if !changed { return packedWeights[index].place }
        } else {
            known = packedWeights.count
            packedWeights.append(weights)
            packedWeights[packedWeights.count - 1].place = try temporary(count)
        }
        guard let known else { return work.packed }
        var packing = work
        packing.packed = packedWeights[known].place
        append(.convolutionPacking(packing), cost: count)
        packedWeights[known].step = written.count
        return packing.packed
    }

    /// Memory of the plan's own.
    private mutating func temporary(_ factors: Int...) throws(GanError) -> Location {
        let place = Location(storage: placement.storages.count, offset: temporaryCount)
        let count = try Sizes.product(factors, of: "a convolution's temporary values")
        temporaryCount = try Sizes.sum(temporaryCount, count, ArenaPlanner.alignment, of: "a convolution's temporary values")
        temporaryCount = temporaryCount / ArenaPlanner.alignment * ArenaPlanner.alignment
        return place
    }

    // MARK: Elementwise chains

    private mutating func write(_ group: ElementwiseGroup) throws(GanError) {
        let split = group.split ?? 0
        let rows = group.shape[..<split].reduce(1, *)
        let columns = group.shape[split...].reduce(1, *)
        var inputs: [ElementwiseWork.Input] = []
        var register: [Int: UInt8] = [:]  // of a node
        let inside = Set(group.nodes)

        for operand in group.nodes.flatMap({ analysis.node($0).operands }) where !inside.contains(operand) && register[operand] == nil {
            let input: ElementwiseWork.Input
            if let value = analysis.constant(operand) {
                input = .init(location: Location(storage: 0, offset: constant(value)), rowStride: 0, columnStride: 0)
            } else if let source = schedule.inPlaceBroadcast(operand) {
                let (rowStride, columnStride): (Int, Int) =
                    switch OperandPattern(from: analysis.node(source).shape, to: group.shape) {
                    case .row: (0, 1)
                    case .column: (1, 0)
                    case .scalar: (0, 0)
                    case .full, .other: (columns, 1)
                    }
                input = .init(location: try location(source), rowStride: rowStride, columnStride: columnStride)
            } else {
                input = .init(location: try location(operand), rowStride: columns, columnStride: 1)
            }
            // Two nodes may be one piece of memory.
            if let known = inputs.firstIndex(of: input) {
                register[operand] = UInt8(known)
            } else {
                register[operand] = UInt8(inputs.count)
                inputs.append(input)
            }
        }

        let outputs = Set(schedule.outputs(of: group))
        let summed = group.sums.map { analysis.node($0).operands[0] }
        let program = ElementwiseProgram(
            group.nodes, analysis, inputs: register, inputCount: inputs.count, outputs: outputs.union(summed))
        var stores: [(location: Location, register: UInt8)] = []
        for id in group.nodes where outputs.contains(id) {
            guard let register = program.register[id] else { throw GanError(.internalError, "\(analysis.node(id)) is in no register.") }
            stores.append((try location(id), register))
        }
        var work = ElementwiseWork(rows: rows, columns: columns, inputs: inputs, operations: program.operations, outputs: stores)
        try sum(zip(group.sums, summed).map { ($0, program.register[$1] ?? register[$1] ?? 0) }, in: &work)
    }

    /// Appends a chain with its sums, whose partial sums are added up by a step each.
    private mutating func sum(_ sums: [(id: Int, register: UInt8)], in work: inout ElementwiseWork) throws(GanError) {
        work.chunks = sums.isEmpty ? 1 : ElementwiseArguments.sumChunks(rows: work.rows, columns: work.columns)
        for (id, register) in sums {
            let place = work.chunks == 1 ? try location(id) : try temporary(work.chunks, work.columns)
            work.sums.append((place, register))
        }
        append(.elementwise(work), cost: work.rows * work.columns * max(1, work.operations.count) / 2)
        if work.chunks == 1 { return }
        for (sum, place) in zip(sums, work.sums) {
            let total = ReductionWork(
                kind: .sum, outer: 1, reduced: work.chunks, inner: work.columns, x: place.location, y: try location(sum.id))
            append(.reduction(total), cost: work.chunks * work.columns)
        }
    }

    private mutating func constant(_ value: Float) -> Int {
        if let known = constantIndex[value.bitPattern] { return known }
        constants.append(value)
        constantIndex[value.bitPattern] = constants.count - 1
        return constants.count - 1
    }
}

extension CopyWork {
    /// The same copy with as few axes as possible: axes of length 1 go, and axes that follow each other in both memories are one.
    func merged() -> CopyWork {
        var work = CopyWork(shape: [], x: x, xStrides: [], y: y, yStrides: [])
        for axis in shape.indices where shape[axis] != 1 {
            if let last = work.shape.indices.last, work.xStrides[last] == xStrides[axis] * shape[axis],
                work.yStrides[last] == yStrides[axis] * shape[axis]
            {
                work.shape[last] *= shape[axis]
                work.xStrides[last] = xStrides[axis]
                work.yStrides[last] = yStrides[axis]
            } else {
                work.shape.append(shape[axis])
                work.xStrides.append(xStrides[axis])
                work.yStrides.append(yStrides[axis])
            }
        }
        if work.shape.isEmpty { return CopyWork(shape: [1], x: x, xStrides: [1], y: y, yStrides: [1]) }
        return work
    }
}
