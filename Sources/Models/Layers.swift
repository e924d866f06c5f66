// Layers: functions that return nodes. A layer is a linear map (fully connected, convolution, transposed convolution),
// then a bias or a normalisation; activations are applied by whoever builds the network.

import Base
import Graph

/// What follows a layer's linear map.
public enum LayerTail: Hashable, Sendable {
    /// + `bias` [outputs], which begins at 0.
    case bias
    /// Batch normalisation; see `Normalisation`.
    case batchNormalisation(Normalisation)
}

public enum Layers {
    /// A fully connected layer, x · W: x [batch, inputs], W `name.weight` [inputs, outputs].
    public static func dense(
        _ x: Tensor, outputs: Int, name: String, deviation: Float, tail: LayerTail = .bias, _ parameters: Parameters
    ) throws(GanError) -> Tensor {
        guard x.rank == 2 else { throw GanError(.internalError, "A fully connected layer on \(x.shape).") }
        let weight = try parameters("\(name).weight", [x.shape[1], outputs], .normal(deviation: deviation))
        return try finish(tail, name: name, weight: weight, outputAxis: 1, parameters) { (weight) throws(GanError) in
            try x.product(weight)
        }
    }

    /// A convolution of images [batch, height, width, inputs] with a square window, W `name.weight`
    /// [window, window, inputs, outputs], padded so that the sides shrink by `stride`.
    public static func convolution(
        _ x: Tensor, outputs: Int, window side: Int = 4, stride: Int = 2, name: String, deviation: Float, tail: LayerTail = .bias,
        _ parameters: Parameters
    ) throws(GanError) -> Tensor {
        guard x.rank == 4 else { throw GanError(.internalError, "A convolution on \(x.shape).") }
        let weight = try parameters("\(name).weight", [side, side, x.shape[3], outputs], .normal(deviation: deviation))
        return try finish(tail, name: name, weight: weight, outputAxis: 3, parameters) { (weight) throws(GanError) in
            try x.convolution(weight, window(side, stride))
        }
    }

    /// A transposed convolution of images [batch, height, width, inputs], W `name.weight` [window, window, outputs,
    /// inputs], whose sides grow by `stride`.
    public static func transposedConvolution(
        _ x: Tensor, outputs: Int, window side: Int = 4, stride: Int = 2, name: String, deviation: Float, tail: LayerTail = .bias,
        _ parameters: Parameters
    ) throws(GanError) -> Tensor {
        guard x.rank == 4 else { throw GanError(.internalError, "A transposed convolution on \(x.shape).") }
        let weight = try parameters("\(name).weight", [side, side, outputs, x.shape[3]], .normal(deviation: deviation))
        let height = try Sizes.product(x.shape[1], stride, of: "an image's height")
        let width = try Sizes.product(x.shape[2], stride, of: "an image's width")
        return try finish(tail, name: name, weight: weight, outputAxis: 2, parameters) { (weight) throws(GanError) in
            try x.transposedConvolution(weight, window(side, stride), to: [x.shape[0], height, width, outputs])
        }
    }

    /// Padding with which a side of n · stride becomes n.
    private static func window(_ side: Int, _ stride: Int) -> Window {
        let padding = max(0, side - stride)
        return Window(
            stride: [stride, stride], paddingBefore: [padding / 2, padding / 2],
            paddingAfter: [padding - padding / 2, padding - padding / 2])
    }

    private static func finish(
        _ tail: LayerTail, name: String, weight: Tensor, outputAxis: Int, _ parameters: Parameters,
        _ map: (Tensor) throws(GanError) -> Tensor
    ) throws(GanError) -> Tensor {
        switch tail {
        case .bias:
            return try map(weight) + parameters("\(name).bias", [weight.shape[outputAxis]], .constant(0))
        case .batchNormalisation(let normalisation):
            return try normalisation.apply(name: name, weight: weight, outputAxis: outputAxis, parameters, map)
        }
    }
}
