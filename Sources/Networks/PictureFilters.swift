// What is computed from a picture [batch, height, width, channels] with nothing learnt: its grey, its edges, a smaller one. As nodes of
// the graph they cost no memory for a second data set, and gradients pass through them.

import Base
import Glibc
import Graph

extension Graph {
    /// The numbers as a tensor of `shape`, their count being its product.
    public func numbers(_ values: [Float], _ shape: Shape) throws(GanError) -> Tensor {
        var parts: [Tensor] = []
        for value in values { parts.append(try constant(value, [1])) }
        return try (parts.count == 1 ? parts[0] : Tensor.concatenate(parts, axis: 0)).reshape(shape)
    }

    /// 0, 1, 2 … count − 1.
    public func counting(_ count: Int) throws(GanError) -> Tensor {
        var numbers = try constant(0, [1])
        while numbers.elementCount < count {
            numbers = try Tensor.concatenate([numbers, numbers + Float(numbers.elementCount)], axis: 0)
        }
        return try numbers.slice(starts: [0], counts: [count])
    }

    /// The matrix that changes nothing, [n, n]: ones with n zeros behind each, in rows of n.
    public func identity(_ n: Int) throws(GanError) -> Tensor {
        try constant(1, [n, 1]).pad(before: [0, 0], after: [0, n]).reshape([n * (n + 1)]).slice(starts: [0], counts: [n * n]).reshape([n, n])
    }
}

public enum PictureFilters {
    /// The luminance of RGB (ITU-R BT.601: 0.299, 0.587, 0.114), or of any other number of channels their mean: [batch, height, width, 1].
    public static func grey(_ x: Tensor) throws(GanError) -> Tensor {
        guard x.shape[3] == 3 else { return try x.mean(axes: [3]) }
        let weights = try x.graph.numbers([0.299, 0.587, 0.114], [1, 1, 1, 3])
        return try (x * weights.broadcast(to: x.shape)).sum(axes: [3])
    }

    /// The magnitude of Sobel's gradients of the luminance, light on dark, in the range of the pixels `low` … `high`. 4 · (high − low) is the
    /// largest along an axis, and hardly ever reached; half of it is white.
    public static func edges(_ x: Tensor, low: Float, high: Float) throws(GanError) -> Tensor {
        let luminance = try grey(x)
        let acrossColumns = try filtered(filtered(luminance, axis: 2, taps: [[-1, 0, 1]]), axis: 1, taps: [[1, 2, 1]])
        let acrossRows = try filtered(filtered(luminance, axis: 1, taps: [[-1, 0, 1]]), axis: 2, taps: [[1, 2, 1]])
        // The small number keeps the root's slope finite where there is no edge.
        let magnitude = try (acrossColumns.squared() + acrossRows.squared() + 1e-12).squareRoot()
        return try (magnitude * 0.5 + low).minimum(x.graph.constant(high, magnitude.shape))
    }

    /// Blurred by a Gaussian of `deviation` pixels, cut off at three deviations.
    public static func blurred(_ x: Tensor, deviation: Double) throws(GanError) -> Tensor {
        let reach = max(1, Int((3 * deviation).rounded(.up)))
        var taps: [Double] = []
        for i in -reach...reach { taps.append(exp(-Double(i * i) / (2 * deviation * deviation))) }
        let total = taps.reduce(0, +)
        let row = taps.map { Float($0 / total) }
        return try filtered(filtered(x, axis: 1, taps: [row]), axis: 2, taps: [row])
    }

    /// With `levels` values a channel: each pixel the middle one of the steps that it lies on.
    public static func posterised(_ x: Tensor, levels: Int, low: Float, high: Float) throws(GanError) -> Tensor {
        let step = (high - low) / Float(levels)
        var total = try x.graph.constant(low + step / 2, x.shape)
        for level in 1..<max(levels, 2) { total = try total + x.greater(low + step * Float(level)) * step }
        return total
    }

    /// Sides divided by `factor`, by cubic convolution widened against aliasing (Keys 1981 with a = −1/2; what MATLAB's imresize does, by
    /// which the benchmarks of super-resolution are made).
    public static func shrunk(_ x: Tensor, by factor: Int) throws(GanError) -> Tensor {
        // The centre of pixel i lies at factor · i + (factor − 1) / 2; taps reach two of its sides each way.
        let count = 4 * factor
        var taps: [Double] = []
        for tap in 0..<count { taps.append(cubic((Double(tap) - Double(count - 1) / 2) / Double(factor))) }
        let total = taps.reduce(0, +)
        let row = taps.map { Float($0 / total) }
        let padding = (count - factor) / 2
        return try filtered(
            filtered(x, axis: 1, taps: [row], stride: factor, padding: padding), axis: 2, taps: [row], stride: factor, padding: padding)
    }

    /// Sides times `factor`, by cubic convolution (Keys 1981, a = −1/2).
    public static func enlarged(_ x: Tensor, by factor: Int) throws(GanError) -> Tensor {
        // Pixel i becomes `factor` of them, each with taps of its own on i − 2 … i + 2.
        var phases: [[Float]] = []
        for phase in 0..<factor {
            let place = (Double(phase) + 0.5) / Double(factor) - 0.5
            phases.append((-2...2).map { Float(cubic(Double($0) - place)) })
        }
        return try filtered(filtered(x, axis: 1, taps: phases), axis: 2, taps: phases)
    }

    /// Keys's kernel: "Cubic convolution interpolation for digital image processing", 1981, equation 15.
    private static func cubic(_ x: Double) -> Double {
        let x = abs(x)
        if x <= 1 { return 1.5 * x * x * x - 2.5 * x * x + 1 }
        if x < 2 { return -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 }
        return 0
    }

    /// A fixed filter along a spatial axis, 1 or 2, every channel by itself. Beyond the edges stand the pixels at the edges.
    ///
    /// - Parameters:
    ///   - taps: For each of the values that take a pixel's place, one after the other, its weights.
    ///   - padding: How many pixels stand beyond each edge; nil for as many as keep the length.
    private static func filtered(
        _ x: Tensor, axis: Int, taps: [[Float]], stride: Int = 1, padding: Int? = nil
    ) throws(GanError) -> Tensor {
        let (batch, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let count = taps[0].count
        let beyond = padding ?? (count - 1) / 2
        // Channels become pictures of their own.
        var planes = try channels == 1 ? x : x.permute([0, 3, 1, 2]).reshape([batch * channels, height, width, 1])
        if beyond > 0 {
            let last = planes.shape[axis] - 1
            planes = try Tensor.concatenate([edge(planes, axis, 0, beyond), planes, edge(planes, axis, last, beyond)], axis: axis)
        }
        var interleaved: [Float] = []
        for tap in 0..<count { interleaved += taps.map { $0[tap] } }
        let window = axis == 1 ? [count, 1] : [1, count]
        let weights = try x.graph.numbers(interleaved, window + [1, taps.count])
        let steps = axis == 1 ? [stride, 1] : [1, stride]
        var y = try planes.convolution(weights, Window(stride: steps, paddingBefore: [0, 0], paddingAfter: [0, 0]))
        if taps.count > 1 {
            // [planes, height, width, phases]: the phases of a pixel follow each other along the axis.
            if axis == 1 { y = try y.permute([0, 1, 3, 2]) }
            y = try y.reshape(
                [y.shape[0]] + (axis == 1 ? [height * taps.count, width] : [height, width * taps.count]) + [1])
        }
        guard channels > 1 else { return y }
        return try y.reshape([batch, channels, y.shape[1], y.shape[2]]).permute([0, 2, 3, 1])
    }

    private static func edge(_ x: Tensor, _ axis: Int, _ place: Int, _ count: Int) throws(GanError) -> Tensor {
        var starts = x.shape.map { _ in 0 }
        var counts = x.shape
        starts[axis] = place
        counts[axis] = 1
        var repeated = x.shape
        repeated[axis] = count
        return try x.slice(starts: starts, counts: counts).broadcast(to: repeated)
    }
}
