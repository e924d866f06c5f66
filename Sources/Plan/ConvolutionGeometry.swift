// The numbers of a convolution, with one to three spatial axes brought to three: a missing axis has length 1.

import Graph
import Kernels

public struct ConvolutionGeometry: Hashable, Sendable {
    public var batch: Int
    public var inChannels: Int
    public var outChannels: Int
    /// Lengths of the image x, of the result y and of the window along each of the three axes.
    public var x: SIMD4<Int>
    public var y: SIMD4<Int>
    public var window: SIMD4<Int>
    public var stride: SIMD4<Int>
    public var dilation: SIMD4<Int>
    public var padding: SIMD4<Int>

    /// - Parameters:
    ///   - x: [batch, spatial…, in], y: [batch, spatial′…, out], w: [window…, in, out], with at most three spatial axes.
    init?(x: Shape, y: Shape, w: Shape, _ window: Window) {
        let spatial = x.count - 2
        guard spatial >= 1 && spatial <= 3 else { return nil }
        func three(_ values: some Collection<Int>, _ filler: Int) -> SIMD4<Int> {
            let all = [Int](repeating: filler, count: 3 - spatial) + values
            return SIMD4(all[0], all[1], all[2], 0)
        }
        batch = x[0]
        inChannels = x[x.count - 1]
        outChannels = w[w.count - 1]
        self.x = three(x[1..<(spatial + 1)], 1)
        self.y = three(y[1..<(spatial + 1)], 1)
        self.window = three(w[0..<spatial], 1)
        stride = three(window.stride, 1)
        dilation = three(window.dilation, 1)
        padding = three(window.paddingBefore, 0)
    }

    public var operationCount: Int {
        batch * y.x * y.y * y.z * window.x * window.y * window.z * inChannels * outChannels
    }

    /// How many elements x, y and w have.
    var counts: (x: Int, y: Int, w: Int) {
        (
            batch * x.x * x.y * x.z * inChannels, batch * y.x * y.y * y.z * outChannels,
            window.x * window.y * window.z * inChannels * outChannels
        )
    }

    func axis(_ i: Int) -> ConvolutionAxis {
        ConvolutionAxis(x: x[i], y: y[i], window: window[i], stride: stride[i], dilation: dilation[i], padding: padding[i])
    }

    /// How many floats the packed weights take.
    func packedCount(_ kind: ConvolutionKind) -> Int {
        ConvolutionArguments.packedCount(
            kind, z: axis(0), y: axis(1), x: axis(2), inChannels: inChannels, outChannels: outChannels)
    }

    /// Into how many chunks its weight gradient is summed.
    var chunks: Int {
        ConvolutionArguments.chunks(batch: batch, z: axis(0), y: axis(1), x: axis(2), inChannels: inChannels, outChannels: outChannels)
    }

    /// What of the geometry the packed weights depend on; the rest is zero.
    var weightGeometry: ConvolutionGeometry {
        var geometry = self
        geometry.batch = 0
        geometry.x = .zero
        geometry.y = .zero
        geometry.padding = .zero
        return geometry
    }
}

/// Weights that a step has packed, for all later convolutions that use them as they are.
struct PackedWeights {
    var kind: ConvolutionKind
    var geometry: ConvolutionGeometry
    var weights: Location
    var place: Location
    /// The step after the one that packed them.
    var step = 0

    init(kind: ConvolutionKind, geometry: ConvolutionGeometry, weights: Location) {
        self.kind = kind
        self.geometry = geometry
        self.weights = weights
        place = weights
    }

    func isSame(as other: PackedWeights) -> Bool {
        kind == other.kind && geometry == other.geometry && weights == other.weights
    }
}
