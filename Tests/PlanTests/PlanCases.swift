// The table of what the planner treats in a special way, a row a case. `PlanAgainstReferenceTests` runs each three times
// over, with its updates in both orders.

import Base
import Graph
import Plan
import TestSupport

/// Buffers named "0", "1", … are the inputs; other names are outputs.
struct PlanCase: Sendable {
    let name: String
    let inputs: [Input]
    let build: @Sendable ([Tensor]) throws -> [Update]

    init(_ name: String, _ shapes: [Shape], _ build: @escaping @Sendable ([Tensor]) throws -> [Update]) {
        self.init(name, inputs: shapes.map { Input($0) }, build)
    }

    init(_ name: String, inputs: [Input], _ build: @escaping @Sendable ([Tensor]) throws -> [Update]) {
        self.name = name
        self.inputs = inputs
        self.build = build
    }

    func make(seed: UInt64) throws -> (Graph, [Update], [String: [Float]]) {
        let graph = Graph()
        var values: [String: [Float]] = [:]
        var random = SplitMix64(seed)
        let tensors = try inputs.enumerated().map { index, input in
            values["\(index)"] = input.values(&random).map { Float($0) }
            return try graph.buffer("\(index)", input.shape)
        }
        return (graph, try build(tensors), values)
    }

    static let all: [PlanCase] = [
        PlanCase("counting", [[1]]) { [Update("0", try $0[0] + 1)] },
        PlanCase("a constant", [[4]]) { [Update("0", try $0[0].graph.constant(3, [4])), Update("y", try $0[0].graph.constant(2, [70, 90]))] },
        PlanCase("nothing changes", [[4]]) { [Update("0", $0[0])] },
        PlanCase("a copy", [[5, 7]]) { [Update("y", $0[0])] },
        PlanCase("a swap", [[4], [4]]) { [Update("0", $0[1]), Update("1", $0[0])] },
        PlanCase("a rotation", [[100, 100], [100, 100], [100, 100]]) { [Update("0", $0[1]), Update("1", $0[2]), Update("2", $0[0])] },
        PlanCase("a swap with work between", [[40], [40]]) { [Update("0", try $0[1] * 2), Update("1", try $0[0].tanh())] },
        PlanCase("a view of a buffer into another", [[4, 6], [2, 6]]) { [Update("1", try $0[0].slice(starts: [1, 0], counts: [2, 6])), Update("0", try $0[0] + 1)] },
        PlanCase("one value in three buffers", [[50, 60], [50, 60]]) {
            let y = try $0[0] * $0[1]
            return [Update("0", y), Update("1", y), Update("y", y), Update("z", try y.sum())]
        },
        PlanCase("a value and its view", [[6, 8]]) {
            let y = try $0[0].tanh()
            return [Update("y", y), Update("z", try y.reshape([48])), Update("w", try y.slice(starts: [2, 0], counts: [3, 8]))]
        },
        PlanCase("old values are read after new ones are made", [[30, 40]]) {
            let new = try $0[0] - 0.1
            return [Update("0", new), Update("y", try $0[0].sum(axes: [0])), Update("z", try new.permute([1, 0]) + $0[0].permute([1, 0]))]
        },
        PlanCase("a buffer read as broadcast of a part of itself", [[6, 5]]) {
            [Update("0", try $0[0] + $0[0].slice(starts: [2, 0], counts: [1, 5]))]
        },
        PlanCase("a value read as broadcast of a part of itself", [[700, 70]]) {
            let x = try $0[0].tanh()
            return [Update("y", try (x + x.slice(starts: [0, 0], counts: [1, 70])).sum(axes: [1]))]
        },
        PlanCase("a buffer read permuted while it is updated", [[70, 70]]) { [Update("0", try $0[0] + $0[0].permute([1, 0]))] },
        PlanCase("a chain longer than the registers", [[9, 100], [9, 100]]) { x in
            var y = x[0]
            for i in 0..<60 { y = try (y * 0.5 + x[1] * Float(i)).tanh() + x[i % 2] }
            return [Update("y", y)]
        },
        PlanCase("a chain that keeps much alive", [[90, 100]] + (0..<40).map { _ in [100] }) { x in
            let parts = try (1...40).map { try (x[0] * x[$0]).tanh() }
            let sum = try parts.reversed().reduce(x[0]) { try $0 + $1 }
            return [Update("y", sum), Update("z", parts[7])]
        },
        PlanCase("rows and columns in one chain", [[60, 70], [70], [60, 1], []]) { [Update("y", try ($0[0] * $0[1] + $0[2]) * $0[3])] },
        PlanCase("repetitions in the middle and around", [[4, 30, 5], [4, 1, 5], [1, 30, 1], [30, 5], [4, 1, 1]]) {
            [Update("y", try $0[0] * $0[1] + $0[2] * $0[3] - $0[4])]
        },
        PlanCase("a reduced value beside what it came from", [[90, 110]]) {
            let centred = try $0[0] - $0[0].mean(axes: [0])
            return [Update("y", try centred / (centred.squared().mean(axes: [1]) + 0.1).squareRoot()), Update("z", centred)]
        },
        PlanCase("reductions of everything", [[70, 130]]) { [Update("s", try $0[0].sum()), Update("m", try $0[0].largest()), Update("t", try $0[0].tanh().sum())] },
        PlanCase("a layer: product, bias, relu, and its gradients", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.maximum(0) } },
        PlanCase("a layer: sigmoid", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.sigmoid() } },
        PlanCase("a layer: tanh", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.tanh() } },
        PlanCase("a layer: leaky relu", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.maximum($0 * 0.2) } },
        PlanCase("a layer: leaky relu by a choice, its gradients, and the gradients of those", [[100, 33], [33, 70], [70]]) { x in
            let y = try x[0].product(x[1]) + x[2]
            let z = try y.greater(0).select(y, y * 0.2)
            let slope = try z.graph.gradient(of: z.sum(), with: [x[0]])[0]
            let second = try z.graph.gradient(of: slope.squared().sum(), with: [x[1]])
            return [Update("y", z), Update("slope", slope), Update("second", second[0])]
        },
        PlanCase("a layer: softplus", [[100, 33], [33, 70], [70]]) { x in try layer(x) { try $0.softplus() } },
        PlanCase("a product added to a product", [[40, 50], [50, 60], [40, 20], [20, 60]]) { [Update("y", try $0[0].product($0[1]) + $0[2].product($0[3]))] },
        PlanCase("a product read twice", [[40, 50], [50, 60], [60]]) {
            let product = try $0[0].product($0[1])
            return [Update("y", try (product + $0[2]).maximum(0)), Update("z", try product.tanh())]
        },
        PlanCase("a product with one row or one column", [[1, 300], [300, 40], [40, 1], [40]]) {
            let y = try ($0[0].product($0[1]) + $0[3]).sigmoid()
            return [Update("y", y), Update("z", try y.product($0[2]))]
        },
        PlanCase("a product with a constant bias", [[20, 30], [30, 10]]) { [Update("y", try ($0[0].product($0[1]) + 2).tanh())] },
        PlanCase("a product with a column added", [[20, 30], [30, 10], [20, 1]]) { [Update("y", try ($0[0].product($0[1]) + $0[2]).tanh())] },
        PlanCase("a product in its own operand", [[30, 30]]) { [Update("0", try $0[0].product($0[0]).tanh())] },
        PlanCase("a product of a part of a buffer", [[40, 12], [12, 9]]) { [Update("y", try $0[0].slice(starts: [10, 0], counts: [20, 12]).product($0[1]))] },
        PlanCase("a product of a constant", [[40, 12]]) { [Update("y", try $0[0].graph.constant(1, [8, 40]).product($0[0]))] },
        PlanCase("a product into a concatenation", [[40, 12], [12, 9], [30, 9]]) {
            let whole = try Tensor.concatenate([$0[0].product($0[1]).tanh(), $0[2], $0[2].tanh()], axis: 0)
            return [Update("y", whole), Update("z", try whole.sum(axes: [0]))]
        },
        PlanCase("a concatenation of one value twice", [[20, 9]]) {
            let y = try $0[0].tanh()
            return [Update("y", try Tensor.concatenate([y, y, y], axis: 0)), Update("z", try Tensor.concatenate([y, $0[0], y], axis: 1))]
        },
        PlanCase("concatenations of concatenations", [[20, 9], [7, 9]]) {
            let inner = try Tensor.concatenate([$0[0].tanh(), $0[1].exponential()], axis: 0)
            let outer = try Tensor.concatenate([inner, $0[1], inner], axis: 0)
            return [Update("y", outer), Update("z", try inner * 2)]
        },
        PlanCase("a batch of products", [[6, 20, 30], [6, 30, 25], [25]]) {
            [Update("y", try ($0[0].product($0[1]) + $0[2]).maximum(0)), Update("z", try $0[0].product($0[0], transposeA: true))]
        },
        PlanCase("a batch of products too large for one member", [[16, 64, 64], [16, 64, 64]]) { [Update("y", try $0[0].product($0[1], transposeB: true).tanh())] },
        PlanCase("the slope of a function whose value nobody needs", [[30, 20], [20, 1]]) { x in
            let slope = try x[0].graph.gradient(of: x[0].tanh().product(x[1]).sum(), with: [x[0]])[0]
            return [Update("y", slope), Update("z", try slope.squared().sum(axes: [1]))]
        },
        PlanCase("the slope of a sigmoid whose value nobody needs", [[30, 20], [20, 1]]) { x in
            [Update("y", try x[0].graph.gradient(of: x[0].sigmoid().product(x[1]).sum(), with: [x[0]])[0])]
        },
        PlanCase("a slope that a product and something else need", [[30, 20], [30, 40], [40, 20]]) { x in
            let y = try x[0].tanh()
            let slope = try 1 - y * y
            return [Update("y", try x[1].product(x[2]) * slope), Update("z", try slope.exponential())]
        },
        PlanCase("the slope of a relu of a sum", [[30, 20], [30, 20], [20, 8]]) { x in
            let hidden = try (x[0] + x[1]).maximum(0)
            return [Update("y", try x[0].graph.gradient(of: hidden.product(x[2]).sum(), with: [x[0]])[0])]
        },
        PlanCase("a permutation of eight axes", [[2, 3, 2, 1, 3, 2, 2, 3]]) { [Update("y", try $0[0].permute([7, 2, 5, 0, 3, 1, 6, 4]))] },
        PlanCase("a transpose too large for one member", [[120, 90]]) { [Update("y", try $0[0].permute([1, 0])), Update("z", try $0[0].permute([1, 0]).sum(axes: [1]))] },
        PlanCase("slices of everything", [[30, 40, 3]]) {
            [
                Update("a", try $0[0].slice(starts: [3, 0, 0], counts: [7, 40, 3])), Update("b", try $0[0].slice(starts: [3, 5, 0], counts: [1, 7, 3]).tanh()),
                Update("c", try $0[0].slice(starts: [3, 5, 1], counts: [1, 1, 2]) * 2), Update("d", try $0[0].slice(starts: [0, 0, 2], counts: [30, 40, 1])),
                Update("e", try $0[0].slice(starts: [1, 2, 0], counts: [10, 13, 2], strides: [2, 3, 2]).sum(axes: [1])),
                Update("f", try $0[0].slice(starts: [1, 0, 0], counts: [10, 40, 3], strides: [3, 1, 1]).sum(axes: [0])),
            ]
        },
        PlanCase("padding around and between", [[30, 41]]) { [Update("y", try $0[0].pad(before: [1, 2], after: [3, 0], interior: [1, 2]).sum(axes: [1])), Update("z", try $0[0].pad(before: [70, 0], after: [0, 0]))] },
        PlanCase("random numbers", [[120, 50]]) {
            let graph = $0[0].graph
            let normal = try graph.random(.normal, stream: 1, [120, 50]), uniform = try graph.random(.uniform, stream: 1, [120, 50])
            return [Update("n", normal), Update("u", uniform), Update("y", try $0[0] * normal + uniform), Update("s", try normal.slice(starts: [3, 0], counts: [5, 50]))]
        },
        PlanCase("random numbers of odd widths", [[1]]) { x in
            try [1, 2, 3, 5, 31, 127].map { Update("n \($0)", try x[0].graph.random(.normal, stream: 7, [9, $0]) * x[0]) }
        },
        PlanCase("convolutions of 32 by 32 pixels", [[4, 32, 32, 3], [5, 5, 3, 8], [8]]) { x in
            let window = Window(stride: [2, 2], paddingBefore: [2, 1], paddingAfter: [2, 2])
            let y = try (x[0].convolution(x[1], window) + x[2]).maximum(0)
            return try [Update("y", y)] + x[0].graph.gradient(of: y.squared().mean(), with: x).enumerated().map { Update("g \($0)", $1) }
        },
        PlanCase("a transposed convolution to 16 by 16 pixels", [[3, 8, 8, 6], [4, 4, 2, 6], [2]]) { x in
            let window = Window(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1])
            let y = try (x[0].transposedConvolution(x[1], window, to: [3, 16, 16, 2]) + x[2]).tanh()
            return try [Update("y", y)] + x[0].graph.gradient(of: y.squared().mean(), with: x).enumerated().map { Update("g \($0)", $1) }
        },
    ] + adam

    /// Inputs of a step of Adam: parameter, gradient's source, first and second moment, scalars.
    private static let state = state([33, 21], [33, 21])
    private static func state(_ parameter: Shape, _ source: Shape) -> [Input] {
        [Input(parameter), Input(source), Input(parameter), Input(parameter, .positive), Input([3], .positive)]
    }

    /// The weights' step of `state`, the gradient of the layer's output, and the bias's.
    private static let dense = state([80, 90], [70, 80]) + [Input([70, 90])] + state([1, 90], [70, 80])

    /// Of a layer `y = x · weights + bias` with the gradient x[5] of y.
    private static func gradients(_ x: [Tensor]) throws -> (weights: Tensor, bias: Tensor) {
        (try x[1].product(x[5], transposeA: true), try x[5].sum(axes: [0]))
    }

    /// The bias's step: its parameter, source, moments and scalars are x[6] to x[10].
    private static func bias(_ x: [Tensor], gradient: ([Tensor]) throws -> Tensor) throws -> [Update] {
        let gradient = try gradient(x)
        let updates = try step(Array(x[6..<11])) { _ in gradient }
        return zip(updates, ["6", "8", "9"]).map { Update($1, $0.value) }
    }

    private static let adam: [PlanCase] = [
        PlanCase("Adam", inputs: state) { try step($0) { try $0[1].tanh() } },
        PlanCase("Adam, the gradient being a buffer", inputs: state) { try step($0) { $0[1] } },
        PlanCase("Adam, the gradient being the parameter", inputs: state) { try step($0) { $0[0] } },
        PlanCase("Adam, the gradient being the first moment", inputs: state) { try step($0) { $0[2] } },
        PlanCase("Adam, the gradient being made of all of them", inputs: state) { try step($0) { try $0[0] * $0[2] + $0[1] * $0[3] } },
        PlanCase("Adam, the gradient being repeated", inputs: state) { try step($0) { try $0[1].sum(axes: [0]).broadcast(to: [33, 21]) } },
        PlanCase("Adam, the gradient being a product", inputs: state([80, 90], [70, 80]) + [Input([70, 90])]) { x in
            try step(x) { try $0[1].product(x[5], transposeA: true) }
        },
        PlanCase("Adam, the gradient being a product that is read too", inputs: state([80, 90], [70, 80]) + [Input([70, 90])]) { x in
            let gradient = try x[1].product(x[5], transposeA: true)
            return try step(x) { _ in gradient } + [Update("y", gradient.sum(axes: [0]))]
        },
        PlanCase("Adam, the gradient being a product with the parameter", inputs: state([80, 90], [70, 80])) { x in
            try step(x) { try $0[0].product($0[0].product($0[0], transposeA: true)) }
        },
        PlanCase("Adam, the gradient being a product of the parameter's moment", inputs: state([64, 64], [64, 64])) { x in
            try step(x) { try $0[2].product($0[0], transposeA: true) }
        },
        PlanCase("Adam, the product's operand being overwritten", inputs: state([80, 90], [70, 80]) + [Input([70, 90])]) { x in
            try step(x) { try $0[1].product(x[5], transposeA: true) } + [Update("1", x[1] * 2), Update("5", x[5].tanh())]
        },
        PlanCase("Adam of weights and bias", inputs: dense) { x in
            try step(Array(x[..<5])) { _ in try gradients(x).weights } + bias(x) { try gradients($0).bias }
        },
        PlanCase("Adam of a bias before its weights", inputs: dense) { x in
            try bias(x) { try gradients($0).bias } + step(Array(x[..<5])) { _ in try gradients(x).weights }
        },
        PlanCase("Adam of a bias of another shape", inputs: state([80, 90], [70, 80]) + [Input([70, 90])] + state([90], [70, 80])) { x in
            try step(Array(x[..<5])) { try $0[1].product(x[5], transposeA: true) }
                + bias(x) { try $0[5].sum(axes: [0]).reshape([90]) }
        },
        PlanCase("Adam of a bias whose gradient is read too", inputs: dense) { x in
            let weights = try step(Array(x[..<5])) { _ in try gradients(x).weights }
            return try weights + bias(x) { try gradients($0).bias } + [Update("sum", x[5].sum(axes: [0]) * 2)]
        },
        PlanCase("Adam of a bias that the weights' gradient needs afterwards", inputs: dense) { x in
            let first = try bias(x) { try gradients($0).bias }
            let shift = try first[0].value.sum(axes: [1]).broadcast(to: x[1].shape)
            return try first + step(Array(x[..<5])) { try ($0[1] + shift).product(x[5], transposeA: true) }
        },
        PlanCase("Adam of a bias that the weights' gradient reads before", inputs: dense) { x in
            let shift = try x[6].sum(axes: [1]).broadcast(to: x[1].shape)
            return try step(Array(x[..<5])) { try ($0[1] + shift).product(x[5], transposeA: true) } + bias(x) { try gradients($0).bias }
        },
        PlanCase("Adam, the parameter read before and after", inputs: state) { x in
            let updates = try step(x) { try $0[1].tanh() }
            return try updates + [Update("old", x[0].sum(axes: [1])), Update("new", updates[0].value.product(x[0], transposeB: true))]
        },
        PlanCase("Adam, the moments read before", inputs: state) { x in
            try step(x) { try $0[1].tanh() } + [Update("m", x[2].tanh()), Update("v", x[3].permute([1, 0]))]
        },
        PlanCase("Adam, a new moment read too", inputs: state) { x in
            let updates = try step(x) { try $0[1].tanh() }
            return try updates + [Update("m", updates[1].value.tanh())]
        },
        PlanCase("Adam, a new moment stored twice", inputs: state) { x in
            let updates = try step(x) { try $0[1].tanh() }
            return updates + [Update("m", updates[1].value), Update("p", updates[0].value)]
        },
        PlanCase("Adam without its moments' updates", inputs: state) { Array(try step($0) { try $0[1].tanh() }.prefix(1)) },
        PlanCase("Adam with its moments exchanged", inputs: state.map { Input($0.shape, .positive) }) { x in
            let updates = try step(x) { try $0[1].sigmoid() }
            return [updates[0], Update("2", updates[2].value), Update("3", updates[1].value)]
        },
        PlanCase("Adam with its scalars in another order", inputs: state) { try step($0, order: [2, 0, 1]) { try $0[1].tanh() } },
        PlanCase("Adam whose scalars are updated", inputs: state) { try step($0) { try $0[1].tanh() } + [Update("4", $0[4] * 0.5)] },
        PlanCase("Adam without memory of the mean", inputs: state) { try step($0, beta1: 0) { try $0[1].tanh() } },
        PlanCase("two parameters with Adam and one gradient", inputs: state + state.prefix(1) + state[2...3]) { x in
            let gradient = try (x[0] * x[5]).tanh()
            return try step(x) { _ in gradient }
                + zip(["5", "6", "7"], step([x[5], x[1], x[6], x[7], x[4]]) { _ in gradient }).map { Update($0, $1.value) }
        },
    ]

    /// A step of Adam on x[0] with moments x[2] and x[3] and scalars x[4].
    private static func step(
        _ x: [Tensor], beta1: Float = 0.5, order: [Int] = [0, 1, 2], _ gradient: ([Tensor]) throws -> Tensor
    ) throws -> [Update] {
        let new = try stepOfAdam(x[0], gradient: gradient(x), x[2], x[3], scalars: x[4], beta1: beta1, order: order)
        return [Update("0", new.parameter), Update("2", new.first), Update("3", new.second)]
    }

    /// A layer, a scalar made of it, and the descent of all parameters.
    private static func layer(_ x: [Tensor], _ activation: (Tensor) throws -> Tensor) throws -> [Update] {
        let y = try activation(x[0].product(x[1]) + x[2])
        let loss = try (y.squared() * 0.5 + y).mean()
        let gradients = try x[0].graph.gradient(of: loss, with: x)
        return try [Update("y", y), Update("loss", loss)] + x.enumerated().map { Update("\($0)", try $1 - gradients[$0] * 0.5) }
    }
}

/// A step of Adam the way Training writes it: the new parameter and moments. `order` says where the scalars rate,
/// correction of the first and of the second moment are.
func stepOfAdam(
    _ p: Tensor, gradient g: Tensor, _ m: Tensor, _ v: Tensor, scalars: Tensor, beta1: Float = 0.5, order: [Int] = [0, 1, 2]
) throws -> (parameter: Tensor, first: Tensor, second: Tensor) {
    func scalar(_ index: Int) throws -> Tensor { try scalars.slice(starts: [order[index]], counts: [1]).broadcast(to: p.shape) }
    let first = try m * beta1 + g * (1 - beta1)
    let second = try v * 0.9 + g * g * Float(0.1)
    let denominator = try (second * scalar(2)).squareRoot() + 1e-3
    return (try p - scalar(0) * (first * scalar(1)) / denominator, first, second)
}
