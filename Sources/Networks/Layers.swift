// Layers: functions that return nodes. A layer is a linear map (fully connected, convolution, transposed convolution), then
// what stands behind it (`Norm`); activations are applied by whoever builds the network. All are free of rank: a convolution
// works on sequences, pictures and volumes alike, [batch, spatial…, channels].

import Base
import Graph

/// What layers of one network have alike.
public struct LayerStyle: Sendable {
    public var initialisation: Initialisation
    public var weight: Weight

    public init(_ initialisation: Initialisation, weight: Weight = .plain) {
        self.initialisation = initialisation
        self.weight = weight
    }

    /// The standard deviation of the initial gains of batch normalisation: that of the weights, where it is given as a number
    /// (Radford et al. 2016), else 0.
    var deviation: Float {
        if case .normal(let deviation) = initialisation { return deviation }
        return 0
    }

    /// With a gain of its own, where weights begin by the size of the layer.
    func scaled(_ gain: Float) -> LayerStyle {
        guard case .he = initialisation else { return self }
        return LayerStyle(.he(gain: gain), weight: weight)
    }
}

public enum Layers {
    /// A fully connected layer, x · W: x [batch, inputs], W `weight` [inputs, outputs].
    public static func dense(
        _ x: Tensor, outputs: Int, norm: Norm = .bias, _ style: LayerStyle, _ scope: Scope
    ) throws(GanError) -> Tensor {
        guard x.rank == 2 else { throw GanError(.internalError, "A fully connected layer on \(x.shape).") }
        let weight = try scope.parameter(
            "weight", [x.shape[1], outputs], style.initialisation.value(inputs: x.shape[1], outputs: outputs))
        return try norm.apply(weight: style.weight(weight, outputAxis: 1, scope), outputAxis: 1, scope) { (weight) throws(GanError) in
            try x.product(weight)
        }
    }

    /// A convolution of [batch, spatial…, inputs] with a window of equal sides, W `weight` [window…, inputs, outputs].
    ///
    /// - Parameter padding: Zeros at either end of each axis; nil so that sides shrink by `stride` exactly.
    public static func convolution(
        _ x: Tensor, outputs: Int, window side: Int = 4, stride: Int = 2, padding: Int? = nil, norm: Norm = .bias, _ style: LayerStyle,
        _ scope: Scope
    ) throws(GanError) -> Tensor {
        let axes = x.rank - 2
        guard axes >= 1, let inputs = x.shape.last else { throw GanError(.internalError, "A convolution on \(x.shape).") }
        let positions = try Sizes.product([Int](repeating: side, count: axes), of: "a convolution's window")
        let weight = try scope.parameter(
            "weight", [Int](repeating: side, count: axes) + [inputs, outputs],
            style.initialisation.value(inputs: inputs * positions, outputs: outputs * positions))
        let last = weight.rank - 1
        return try norm.apply(weight: style.weight(weight, outputAxis: last, scope), outputAxis: last, scope) { (weight) throws(GanError) in
            try x.convolution(weight, window(side, stride, padding, axes: axes))
        }
    }

    /// A transposed convolution of [batch, spatial…, inputs], W `weight` [window…, outputs, inputs], whose sides grow by `stride`.
    public static func transposedConvolution(
        _ x: Tensor, outputs: Int, window side: Int = 4, stride: Int = 2, norm: Norm = .bias, _ style: LayerStyle, _ scope: Scope
    ) throws(GanError) -> Tensor {
        let axes = x.rank - 2
        guard axes >= 1, let inputs = x.shape.last else { throw GanError(.internalError, "A transposed convolution on \(x.shape).") }
        let positions = try Sizes.product([Int](repeating: side, count: axes), of: "a convolution's window")
        // Of the window's positions, one in `stride` along each axis reaches an output.
        let reaching = positions / (try Sizes.product([Int](repeating: max(stride, 1), count: axes), of: "a stride"))
        let weight = try scope.parameter(
            "weight", [Int](repeating: side, count: axes) + [outputs, inputs],
            style.initialisation.value(inputs: inputs * max(reaching, 1), outputs: outputs * positions))
        var sides: Shape = []
        for length in x.shape[1...axes] { sides.append(try Sizes.product(length, stride, of: "a side")) }
        let shape = [x.shape[0]] + sides + [outputs]
        let outputAxis = weight.rank - 2
        return try norm.apply(weight: style.weight(weight, outputAxis: outputAxis, scope), outputAxis: outputAxis, scope) {
            (weight) throws(GanError) in
            try x.transposedConvolution(weight, window(side, stride, nil, axes: axes), to: shape)
        }
    }

    /// Padding with which a side of n · stride becomes n, unless it is given.
    private static func window(_ side: Int, _ stride: Int, _ padding: Int?, axes: Int) -> Window {
        let total = padding.map { $0 * 2 } ?? max(0, side - stride)
        func each(_ value: Int) -> [Int] { [Int](repeating: value, count: axes) }
        return Window(stride: each(stride), paddingBefore: each(total / 2), paddingAfter: each(total - total / 2))
    }
}
