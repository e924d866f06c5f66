// The table of everything whose gradient is compared with finite differences, a row a case: every primitive in every
// form, then compositions. `GradientTests` holds the gradients to finite differences, `PlanCasesTests` the executor to the
// interpreter.

import Graph

public struct GradientCase: Sendable {
    public let name: String
    public let inputs: [Input]
    public let build: @Sendable ([Tensor]) throws -> Tensor
    init(_ name: String, _ inputs: [Input], _ build: @escaping @Sendable ([Tensor]) throws -> Tensor) {
        self.name = name
        self.inputs = inputs
        self.build = build
    }

    public static let all: [GradientCase] = unary + binary + shapes + reductions + matrixProducts + convolutions + tables + compositions

    static let unary: [GradientCase] = UnaryFunction.allCases.map { function in
        let domain: Domain = function == .logarithm || function == .squareRoot ? .positive : .any
        return GradientCase("\(function)", [Input([3, 4], domain)]) { try $0[0].apply(function) }
    }

    static let binary: [GradientCase] =
        BinaryFunction.allCases.map { function in
            GradientCase("\(function)", [Input([3, 4]), Input([3, 4], function == .divide ? .positive : .any)]) {
                try Tensor.combine(function, $0[0], $0[1])
            }
        } + [
            GradientCase("binary functions with broadcasts", [Input([3, 1, 2]), Input([4, 1]), Input([], .positive)]) {
                try ($0[0] * $0[1] - $0[2]) / ($0[2] + 1) + $0[0].maximum($0[1])
            },
            GradientCase("x · x", [Input([5])]) { try $0[0] * $0[0] },
            GradientCase("x / x²", [Input([5], .positive)]) { try $0[0] / ($0[0] * $0[0]) },
            GradientCase("a used many times", [Input([5]), Input([5])]) { try ($0[0].tanh() * $0[0] + $0[1]) * ($0[0] + $0[1]) - $0[0] },
            GradientCase("select", [Input([2, 3], .fixed([1, 0, 0, 1, 2, -1])), Input([2, 3]), Input([2, 3])]) { try $0[0].select($0[1], $0[2]) },
            GradientCase("select by a comparison", [Input([8]), Input([8])]) { try $0[0].greater($0[1]).select($0[0] * $0[0], $0[1] * $0[0]) },
            GradientCase("select with broadcasts", [Input([2, 1], .fixed([1, 0])), Input([3]), Input([])]) { try $0[0].select($0[1], $0[2]) },
            GradientCase("times random numbers", [Input([3, 5])]) { try $0[0].tanh() * $0[0].graph.random(.normal, stream: 1, [3, 5]) },
        ]

    static let shapes: [GradientCase] = [
        GradientCase("broadcast of one axis", [Input([2, 1, 3])]) { try $0[0].broadcast(to: [2, 4, 3]) },
        GradientCase("broadcast of several axes", [Input([1, 2, 1])]) { try $0[0].broadcast(to: [3, 2, 4]).tanh() },
        GradientCase("broadcast of a scalar", [Input([])]) { try $0[0].broadcast(to: [2, 3]).tanh() },
        GradientCase("reshape", [Input([2, 6])]) { try $0[0].tanh().reshape([3, 1, 4]).tanh() },
        GradientCase("permute", [Input([2, 3, 4])]) { try $0[0].tanh().permute([2, 0, 1]).tanh() },
        GradientCase("permute of rank 4", [Input([2, 3, 1, 2])]) { try $0[0].permute([3, 1, 0, 2]).tanh() },
        GradientCase("slice", [Input([4, 5])]) { try $0[0].tanh().slice(starts: [1, 2], counts: [2, 3]).tanh() },
        GradientCase("slice with strides", [Input([7, 6])]) { try $0[0].tanh().slice(starts: [1, 0], counts: [3, 2], strides: [2, 3]).tanh() },
        GradientCase("slice of one element with a stride", [Input([7])]) { try $0[0].slice(starts: [2], counts: [1], strides: [3]).tanh() },
        GradientCase("pad", [Input([2, 3])]) { try $0[0].tanh().pad(before: [1, 0], after: [0, 2]).tanh() },
        GradientCase("pad with gaps", [Input([2, 3])]) { try $0[0].pad(before: [0, 1], after: [2, 0], interior: [1, 2]).exponential() },
        GradientCase("concatenate", [Input([2, 3]), Input([2, 1]), Input([2, 2])]) { try Tensor.concatenate($0, axis: 1).tanh() },
        GradientCase("concatenate with repetition", [Input([1, 2]), Input([2, 2])]) { try Tensor.concatenate([$0[0], $0[1], $0[0]], axis: 0).tanh() },
    ]

    static let reductions: [GradientCase] = [
        GradientCase("sum of everything", [Input([2, 3])]) { try $0[0].tanh().sum() },
        GradientCase("sum over the first axis", [Input([2, 3])]) { try $0[0].tanh().sum(axes: [0]).tanh() },
        GradientCase("sum over outer axes", [Input([2, 3, 4])]) { try $0[0].tanh().sum(axes: [0, 2]).tanh() },
        GradientCase("mean", [Input([2, 3, 4])]) { try $0[0].tanh().mean(axes: [1, 2]).tanh() },
        GradientCase("maximum of everything", [Input([2, 3])]) { try $0[0].tanh().largest() },
        GradientCase("maximum over the first axis", [Input([4, 3])]) { try $0[0].tanh().largest(axes: [0]).tanh() },
        GradientCase("maximum over outer axes", [Input([2, 3, 4])]) { try $0[0].tanh().largest(axes: [0, 2]).tanh() },
    ]

    static let matrixProducts: [GradientCase] = [false, true].flatMap { a in
        [false, true].flatMap { b in
            [[], [3], [2, 2]].map { (batch: Shape) in
                GradientCase(
                    "matrix product, transposes \(a), \(b), batch \(batch)",
                    [Input(batch + (a ? [3, 2] : [2, 3])), Input(batch + (b ? [4, 3] : [3, 4]))]
                ) { try $0[0].tanh().product($0[1], transposeA: a, transposeB: b).tanh() }
            }
        }
    } + [
        GradientCase("x · xᵀ", [Input([3, 2])]) { try $0[0].product($0[0], transposeB: true) },
        GradientCase("x · x", [Input([3, 3])]) { try $0[0].product($0[0]).product($0[0], transposeA: true) },
        GradientCase("a product of a permuted matrix", [Input([3, 2]), Input([3, 2])]) { try $0[0].permute([1, 0]).product($0[1]) },
    ]

    /// Image, window and geometry of a convolution.
    private struct Geometry: Sendable {
        let image: Shape
        let kernel: Shape
        let window: Window
        init(_ image: Shape, _ kernel: Shape, stride: [Int], dilation: [Int]? = nil, before: [Int], after: [Int]) {
            self.image = image
            self.kernel = kernel
            self.window = Window(stride: stride, dilation: dilation, paddingBefore: before, paddingAfter: after)
        }

        var output: Shape {
            image.indices.map { axis in
                let reach = (kernel[axis] - 1) * window.dilation[axis] + 1
                return (image[axis] + window.paddingBefore[axis] + window.paddingAfter[axis] - reach) / window.stride[axis] + 1
            }
        }
    }

    private static let geometries: [Geometry] = [
        Geometry([5], [3], stride: [1], before: [0], after: [0]),
        Geometry([8], [3], stride: [2], before: [1], after: [0]),
        Geometry([7], [2], stride: [3], dilation: [2], before: [0], after: [2]),  // the last column is under no window
        Geometry([2], [3], stride: [1], before: [2], after: [2]),  // windows wider than the image
        Geometry([3, 4], [1, 1], stride: [1, 1], before: [0, 0], after: [0, 0]),
        Geometry([4, 4], [4, 4], stride: [2, 2], before: [1, 1], after: [1, 1]),
        Geometry([5, 4], [2, 3], stride: [2, 1], dilation: [2, 1], before: [1, 0], after: [0, 2]),
        Geometry([3, 3, 2], [2, 1, 2], stride: [1, 2, 1], before: [0, 1, 0], after: [1, 0, 0]),
        Geometry([4, 3, 3], [2, 2, 2], stride: [2, 1, 3], dilation: [1, 2, 1], before: [1, 0, 2], after: [0, 1, 0]),
    ]

    static let convolutions: [GradientCase] = geometries.flatMap { geometry in
        let (batch, inputs, outputs) = (2, geometry.image.count == 3 ? 1 : 2, 2)
        let x = [batch] + geometry.image + [inputs]
        let w = geometry.kernel + [inputs, outputs]
        let y = [batch] + geometry.output + [outputs]
        let window = geometry.window
        return [
            GradientCase("convolution \(geometry)", [Input(x), Input(w)]) { try $0[0].convolution($0[1], window) },
            GradientCase("transposed convolution \(geometry)", [Input(y), Input(w)]) { try $0[0].transposedConvolution($0[1], window, to: x) },
            GradientCase("convolution's weight gradient \(geometry)", [Input(x), Input(y)]) {
                try $0[0].graph.add(.convolutionWeightGradient(window), $0, shape: w)
            },
            GradientCase("convolution between functions \(geometry)", [Input(x), Input(w)]) { try $0[0].tanh().convolution($0[1].tanh(), window).tanh() },
        ]
    } + fewOutputs

    /// Convolutions whose weights' gradient changes picture and gradient about; windows with an uneven border, of one and of three axes too.
    private static let fewOutputs: [GradientCase] = [
        Geometry([4, 3], [3, 2], stride: [1, 1], before: [2, 0], after: [0, 1]), Geometry([6], [3], stride: [1], before: [1], after: [1]),
        Geometry([2, 3, 2], [2, 1, 2], stride: [1, 1, 1], before: [0, 0, 1], after: [1, 0, 0]),
    ].map { geometry in
        GradientCase("convolution to few channels \(geometry)", [Input([2] + geometry.image + [16]), Input(geometry.kernel + [16, 2])]) {
            try $0[0].convolution($0[1], geometry.window).tanh()
        }
    }

    static let tables: [GradientCase] = [
        GradientCase("gather with repetitions", [Input([4, 3]), Input([6], .fixed([2, 0, 2, 3, 2, 0]))]) { try $0[0].tanh().gather($0[1]).tanh() },
        GradientCase("gather outside", [Input([3, 2]), Input([4], .fixed([-5, 7, 1, 3]))]) { try $0[0].gather($0[1]).tanh() },
        GradientCase("scatter", [Input([6, 2]), Input([6], .fixed([1, 1, 0, 3, 1, 3]))]) { try $0[0].tanh().scatterAdd($0[1], entries: 5).tanh() },
        GradientCase("scatter outside", [Input([3, 2]), Input([3], .fixed([-1, 9, 4]))]) { try $0[0].scatterAdd($0[1], entries: 5).exponential() },
    ]
}
