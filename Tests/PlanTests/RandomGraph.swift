// Graphs that nobody would write, made from a seed: chains of elementwise functions with broadcasts, reductions, products with
// biases and activations, views, convolutions, tables, random numbers, gradients of first and second order, and buffers that
// are updated from each other.

import Base
import Graph
import Plan
import TestSupport

struct RandomGraph {
    let graph = Graph()
    private(set) var updates: [Update] = []
    private(set) var values: [String: [Float]] = [:]

    private var random: SplitMix64
    private var tensors: [Tensor] = []
    private var buffers: [Tensor] = []
    /// The nodes' values, so that the graph can be kept from growing out of Float's reach.
    private var known: [ReferenceInterpreter.Value] = []

    init(seed: UInt64) throws {
        random = SplitMix64(seed)
        try begin()
        for _ in 0..<(4 + random.below(14)) { try grow() }
        if random.below(3) > 0 { try differentiate() }
        try end()
    }

    // MARK: Leaves

    private static let lengths = [1, 2, 3, 4, 5, 7, 8, 16, 17, 31, 33, 64, 70, 100]
    private mutating func length(upTo limit: Int = 100) -> Int {
        let short = Self.lengths.filter { $0 <= limit }
        return short[random.below(short.count)]
    }

    private mutating func buffer(_ shape: Shape, scale: Double = 1.5) throws -> Tensor {
        let name = "buffer \(values.count)"
        values[name] = (0..<shape.reduce(1, *)).map { _ in Float(random.real(-scale, scale)) }
        let tensor = try graph.buffer(name, shape)
        buffers.append(tensor)
        return tensor
    }

    /// A list of whole numbers, a few of them outside 0 ..< limit.
    private mutating func indices(_ count: Int, below limit: Int) throws -> Tensor {
        let name = "buffer \(values.count)"
        values[name] = (0..<count).map { _ in Float(random.below(limit + 2) - 1) }
        return try graph.buffer(name, [count])
    }

    private mutating func begin() throws {
        switch random.below(4) {
        case 0:  // images
            let spatial = 1 + random.below(3)
            let side = [0, 24, 9, 5][spatial]
            add(try buffer([1 + random.below(3)] + (0..<spatial).map { _ in 1 + random.below(side) } + [1 + random.below(5)]))
        case 1:
            add(try buffer([length(upTo: 8), length(upTo: 33), length(upTo: 33)]))
        default:
            add(try buffer([length(), length()]))
        }
    }

    private mutating func add(_ tensor: Tensor) { tensors.append(tensor) }
    private mutating func any() -> Tensor { tensors[max(random.below(tensors.count), random.below(tensors.count))] }

    /// The largest magnitude in a tensor.
    private mutating func largest(_ tensor: Tensor) throws -> Double {
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers = values.mapValues { $0.map(Double.init) }
        for id in known.count..<graph.nodes.count {
            let node = graph.nodes[id]
            known.append(try interpreter.value(of: node.operation, node.operands.map { known[$0] }, shape: node.shape))
        }
        return known[tensor.id].elements.reduce(0) { max($0, abs($1)) }
    }

    // MARK: Growing

    private mutating func grow() throws {
        let x = any()
        var y: Tensor
        switch random.below(12) {
        case 0, 1: y = try unary(x)
        case 2, 3, 4: y = try binary(x)
        case 5: y = try reduction(x)
        case 6, 7: y = try product(x)
        case 8, 9: y = try view(x)
        case 10: y = try convolution(x)
        default: y = try table(x)
        }
        if y.elementCount > 8000 { y = try y.sum(axes: [y.shape.indices.max { y.shape[$0] < y.shape[$1] } ?? 0]) }
        let size = try largest(y)
        if size > 30 { y = random.below(2) == 0 ? try y.tanh() : try y * Float(1 / size) }
        add(y)
    }

    private mutating func unary(_ x: Tensor) throws -> Tensor {
        let function = UnaryFunction.allCases[random.below(UnaryFunction.allCases.count)]
        switch function {
        case .logarithm, .squareRoot: return try (x.absolute() + 0.5).apply(function)
        case .exponential: return try x.minimum(graph.constant(2)).exponential()
        default: return try x.apply(function)
        }
    }

    private mutating func axes(_ x: Tensor) -> [Int] { x.shape.indices.filter { _ in random.below(2) == 0 } }

    private mutating func binary(_ x: Tensor) throws -> Tensor {
        let y: Tensor
        switch random.below(5) {
        case 0:
            let same = tensors.filter { $0.shape == x.shape }
            y = same[random.below(same.count)]
        case 1: y = try reduction(x)
        case 2: y = try graph.constant(Float(random.below(5)) - 1.5)
        default:
            // A buffer that is repeated along some axes, and may lack the first ones.
            let spread = axes(x)
            let shape = x.shape.indices.map { spread.contains($0) ? 1 : x.shape[$0] }
            y = try buffer(Array(shape.dropFirst(random.below(2) == 0 ? shape.prefix { $0 == 1 }.count : 0)))
        }
        let (a, b) = random.below(2) == 0 ? (x, y) : (y, x)
        let function = BinaryFunction.allCases[random.below(BinaryFunction.allCases.count)]
        switch function {
        case .divide: return try a / (b.absolute() + 0.5)
        case .greater, .equal: return try a.greater(b).select(random.below(2) == 0 ? x.tanh() : x, y)
        default: return try Tensor.combine(function, a, b)
        }
    }

    private mutating func reduction(_ x: Tensor) throws -> Tensor {
        let chosen = axes(x)
        switch random.below(3) {
        case 0: return try x.mean(axes: chosen)
        case 1: return try x.largest(axes: chosen)
        default: return try x.sum(axes: chosen)
        }
    }

    private mutating func product(_ x: Tensor) throws -> Tensor {
        // Leading axes become rows, or stay a batch.
        let batched = x.rank >= 3 && random.below(2) == 0
        let a = batched ? x : try x.reshape([x.shape.dropLast().reduce(1, *), x.shape.last ?? 1])
        let transposeA = random.below(4) == 0
        let (rows, inner) = transposeA ? (a.shape[a.rank - 1], a.shape[a.rank - 2]) : (a.shape[a.rank - 2], a.shape[a.rank - 1])
        if random.below(8) == 0 && rows <= 100 { return try a.product(a, transposeA: transposeA, transposeB: !transposeA) }
        let columns = length(upTo: max(1, min(100, 300_000 / (inner * a.elementCount / inner + 1), 8000 / rows)))
        let transposeB = random.below(3) == 0
        let weights = try buffer(a.shape.dropLast(2) + (transposeB ? [columns, inner] : [inner, columns]), scale: 1.5 / Double(inner).squareRoot())
        var y = try a.product(weights, transposeA: transposeA, transposeB: transposeB)
        if random.below(2) == 0 { y = try y + buffer([columns]) }
        switch random.below(5) {
        case 0: return try y.maximum(0)
        case 1: return try y.sigmoid()
        case 2: return try y.tanh()
        case 3: return try y.maximum(y * 0.2)
        default: return y
        }
    }

    private mutating func view(_ x: Tensor) throws -> Tensor {
        switch random.below(8) {
        case 0: return try x.reshape([x.elementCount])
        case 1: return try x.reshape([x.shape.first ?? 1, 1] + x.shape.dropFirst())
        case 2: return try x.reshape([x.elementCount / (x.shape.last ?? 1), x.shape.last ?? 1])
        case 3:
            var order = Array(x.shape.indices)
            for i in order.indices { order.swapAt(i, random.below(order.count)) }
            return try x.permute(order)
        case 4:
            let counts = x.shape.map { 1 + random.below($0) }
            return try x.slice(starts: zip(x.shape, counts).map { random.below($0 - $1 + 1) }, counts: counts)
        case 5:
            // A run of the first axis, whole otherwise: a view.
            guard let first = x.shape.first else { return x }
            let count = 1 + random.below(first)
            return try x.slice(starts: [random.below(first - count + 1)] + x.shape.dropFirst().map { _ in 0 }, counts: [count] + x.shape.dropFirst())
        case 6:
            let strides = x.shape.map { _ in 1 + random.below(3) }
            let sliced = try x.slice(starts: x.shape.map { _ in 0 }, counts: zip(x.shape, strides).map { ($0 - 1) / $1 + 1 }, strides: strides)
            return try sliced.pad(before: x.shape.map { _ in random.below(2) }, after: x.shape.map { _ in random.below(2) }, interior: strides.map { $0 - 1 })
        default:
            guard x.rank > 0 else { return x }
            let axis = random.below(2) == 0 ? 0 : random.below(x.rank)
            var shape = x.shape
            shape[axis] = 1 + random.below(3)
            return try Tensor.concatenate([random.below(2) == 0 ? x.tanh() : x, buffer(shape), x], axis: axis)
        }
    }

    private mutating func convolution(_ x: Tensor) throws -> Tensor {
        guard (3...5).contains(x.rank), x.elementCount <= 3000, x.shape[x.rank - 1] <= 16 else { return try binary(x) }
        let spatial = Array(x.shape.dropFirst().dropLast())
        let kernel = spatial.map { _ in 1 + random.below(3) }
        var window = Window(stride: spatial.map { _ in 1 + random.below(2) }, dilation: spatial.map { _ in 1 + random.below(2) },
            paddingBefore: spatial.map { _ in random.below(3) }, paddingAfter: spatial.map { _ in random.below(3) })
        let reach = kernel.indices.map { (kernel[$0] - 1) * window.dilation[$0] + 1 }
        let (inputs, outputs) = (x.shape[x.rank - 1], 1 + random.below(7))
        let scale = 1.5 / Double(kernel.reduce(inputs, *)).squareRoot()
        if random.below(2) == 0 {
            for axis in spatial.indices { window.paddingAfter[axis] += max(0, reach[axis] - spatial[axis] - window.paddingBefore[axis] - window.paddingAfter[axis]) }
            let y = try x.convolution(buffer(kernel + [inputs, outputs], scale: scale), window)
            return random.below(2) == 0 ? y : try (y + buffer([outputs])).maximum(0)
        }
        // The image whose convolution has x's lengths.
        let whole = spatial.indices.map { max(1, (spatial[$0] - 1) * window.stride[$0] + reach[$0] - window.paddingBefore[$0] - window.paddingAfter[$0]) }
        for axis in spatial.indices { window.paddingAfter[axis] = (spatial[axis] - 1) * window.stride[axis] + reach[axis] - window.paddingBefore[axis] - whole[axis] }
        guard window.paddingAfter.allSatisfy({ $0 >= 0 }) else { return try unary(x) }
        return try x.transposedConvolution(buffer(kernel + [outputs, inputs], scale: scale), window, to: [x.shape[0]] + whole + [outputs])
    }

    private mutating func table(_ x: Tensor) throws -> Tensor {
        let matrix = try x.reshape([x.elementCount / (x.shape.last ?? 1), x.shape.last ?? 1])
        switch random.below(3) {
        case 0: return try matrix.gather(indices(1 + random.below(20), below: matrix.shape[0]))
        case 1:
            let entries = 1 + random.below(20)
            return try matrix.scatterAdd(indices(matrix.shape[0], below: entries), entries: entries)
        default:
            let noise = try graph.random(random.below(2) == 0 ? .uniform : .normal, stream: UInt32(random.below(4)), matrix.shape)
            return random.below(2) == 0 ? noise : try matrix * noise
        }
    }

    // MARK: Gradients and updates

    private mutating func differentiate() throws {
        let sources = Array(buffers.suffix(4))
        let loss = try any().tanh().mean()
        let gradients = try graph.gradient(of: loss, with: sources)
        for (buffer, gradient) in zip(sources, gradients) where random.below(3) > 0 {
            if case .buffer(let name) = buffer.node.operation, buffer.rank > 0, random.below(3) > 0 {
                if random.below(2) == 0 {
                    updates.append(Update(name, try buffer - gradient * 0.1))
                } else {
                    try adam(name, buffer, gradient)
                }
            } else {
                updates.append(Update("output \(updates.count)", gradient))
            }
        }
        guard random.below(3) == 0 else { return }
        var penalty = try graph.constant(0, [])
        for gradient in gradients { penalty = try penalty + gradient.squared().sum().reshape([]) }
        for gradient in try graph.gradient(of: penalty, with: sources) where random.below(2) == 0 {
            updates.append(Update("output \(updates.count)", gradient))
        }
    }

    /// A step of Adam, whose new parameter something else may read.
    private mutating func adam(_ name: String, _ parameter: Tensor, _ gradient: Tensor) throws {
        func state(_ suffix: String, _ shape: Shape) throws -> Tensor {
            values[name + suffix] = (0..<shape.reduce(1, *)).map { _ in Float(random.real(0.1, 1)) }
            return try graph.buffer(name + suffix, shape)
        }
        let (m, v) = (try state(" m", parameter.shape), try state(" v", parameter.shape))
        let new = try stepOfAdam(parameter, gradient: gradient, m, v, scalars: state(" scalars", [3]))
        updates += [Update(name, new.parameter), Update(name + " m", new.first), Update(name + " v", new.second)]
        if random.below(3) == 0 { add(try new.parameter.tanh()) }
    }

    private mutating func end() throws {
        for _ in 0...random.below(3) {
            updates.append(Update("output \(updates.count)", any()))
        }
        // Buffers that take the values of tensors, of other buffers, or of each other.
        for buffer in buffers where random.below(3) == 0 {
            guard case .buffer(let name) = buffer.node.operation, !updates.contains(where: { $0.buffer == name }) else { continue }
            let fitting = (tensors + buffers).filter { $0.elementCount == buffer.elementCount }
            updates.append(Update(name, try fitting[random.below(fitting.count)].reshape(buffer.shape)))
        }
        updates.swapAt(0, random.below(updates.count))
    }
}
