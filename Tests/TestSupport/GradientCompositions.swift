// Compositions whose gradients a training really takes: losses, normalisation, and penalties on a gradient's norm, which are
// themselves made from a gradient, so that the second order of a row here is the derivatives' third.

import Graph
import Networks

extension GradientCase {
    static let compositions: [GradientCase] = [
        GradientCase("non-saturating loss", [Input([4, 3]), Input([3, 1]), Input([1])]) {
            let logits = try $0[0].product($0[1]) + $0[2]
            return try logits.negated().softplus().mean()
        },
        GradientCase("softmax cross-entropy", [Input([4, 3])]) { x in
            let shifted = try x[0] - x[0].largest(axes: [1])
            return try shifted - shifted.exponential().sum(axes: [1]).logarithm()
        },
        GradientCase("softmax", [Input([2, 3, 4])]) { try $0[0].softmax(axis: 1) },
        GradientCase("attention", [Input([2, 4, 3]), Input([3, 2]), Input([3, 2])]) { x in try attention(x) },
        GradientCase("gradient penalty of attention", [Input([2, 3, 2]), Input([2, 1]), Input([2, 1])]) { x in
            try penalty(attention(x).squared().sum(axes: [1, 2]).reshape([2, 1]), x[0])
        },
        GradientCase("repeated pixels", [Input([2, 2, 3, 2])]) { try $0[0].repeatedPixels(2).squared() },
        GradientCase("repeated pixels of a volume", [Input([1, 2, 1, 2, 2])]) { try $0[0].repeatedPixels(3).tanh() },
        GradientCase("averaged pixels", [Input([2, 4, 2, 2])]) { try $0[0].averagedPixels(2).squared() },
        GradientCase("interpolated pixels", [Input([2, 3, 2, 2])]) { try $0[0].interpolatedPixels().tanh() },
        GradientCase("interpolated samples of a sequence", [Input([2, 1, 2])]) { try $0[0].interpolatedPixels().squared() },
        GradientCase("shuffled pixels", [Input([2, 2, 3, 8])]) { try $0[0].shuffledPixels(2).squared() },
        GradientCase("batch normalisation", [Input([5, 3]), Input([3]), Input([3])]) { x in
            let centred = try x[0] - x[0].mean(axes: [0])
            let deviation = try (centred.squared().mean(axes: [0]) + 1e-3).squareRoot()
            return try centred / deviation * x[1] + x[2]
        },
        GradientCase("gradient penalty of a perceptron", perceptron) { x in
            try penalty(try dense(x) { try $0.tanh() }, x[0])
        },
        GradientCase("gradient penalty of a leaky perceptron", perceptron) { x in
            try penalty(try dense(x) { try $0.maximum($0 * 0.2) }, x[0])
        },
        GradientCase("R1 penalty of a perceptron", perceptron) { x in
            try x[0].graph.gradient(of: dense(x) { try $0.softplus() }.sum(), with: [x[0]])[0].squared().sum() * 0.5
        },
        GradientCase("gradient penalty of a convolutional network", convolutional) { x in
            try penalty(try images(x) { try $0.sigmoid() }, x[0])
        },
        GradientCase("gradient penalty of a leaky convolutional network", convolutional) { x in
            try penalty(try images(x) { try $0.maximum($0 * 0.2) }, x[0])
        },
        GradientCase("gradient penalty between real and generated", [Input([3, 4]), Input([3, 2])] + perceptron.dropFirst() + [Input([2, 4])]) { x in
            // Gulrajani et al., "Improved training of Wasserstein GANs" (2017), algorithm 1: the generator's images take part.
            let graph = x[0].graph
            let generated = try x[1].product(x[6]).tanh()
            let share = try graph.random(.uniform, stream: 2, [3, 1])
            let mixed = try x[0] * share + generated * (1 - share)
            return try penalty(try dense([mixed] + x[2..<6]) { try $0.tanh() }, mixed)
        },
    ]

    /// x [batch, places, n] by queries and keys of its own.
    private static func attention(_ x: [Tensor]) throws -> Tensor {
        let (batch, places, width) = (x[0].shape[0], x[0].shape[1], x[0].shape[2])
        func rows(_ weight: Tensor) throws -> Tensor {
            try x[0].reshape([batch * places, width]).product(weight).reshape([batch, places, weight.shape[1]])
        }
        return try rows(x[1]).product(rows(x[2]), transposeB: true).softmax(axis: 2).product(x[0])
    }

    private static let perceptron = [Input([3, 4]), Input([4, 5]), Input([5]), Input([5, 1]), Input([1])]

    private static func dense(_ x: [Tensor], _ activation: (Tensor) throws -> Tensor) throws -> Tensor {
        try activation(x[0].product(x[1]) + x[2]).product(x[3]) + x[4]
    }

    private static let convolutional = [Input([2, 4, 4, 1]), Input([3, 3, 1, 2]), Input([2]), Input([2, 2, 2, 2]), Input([2, 1])]

    private static func images(_ x: [Tensor], _ activation: (Tensor) throws -> Tensor) throws -> Tensor {
        let halving = Window(stride: [2, 2], paddingBefore: [1, 0], paddingAfter: [1, 1])
        let sliding = Window(stride: [1, 1], paddingBefore: [0, 1], paddingAfter: [0, 0])
        let first = try activation(x[0].convolution(x[1], halving) + x[2])
        let second = try activation(first.convolution(x[3], sliding))
        return try second.sum(axes: [1, 2]).reshape([2, 2]).product(x[4])
    }

    /// The mean of (‖∇ₓD(x)‖ − 1)², a norm for each sample.
    private static func penalty(_ criticism: Tensor, _ x: Tensor) throws -> Tensor {
        let gradient = try x.graph.gradient(of: criticism.sum(), with: [x])[0]
        let norm = try gradient.squared().sum(axes: Array(1..<x.rank)).squareRoot()
        return try (norm - 1).squared().mean()
    }
}
