// What a convolution kernel is handed. Images are [batch, z, y, x, channels]; one- and two-dimensional images have length 1
// along the missing axes. Weights are [window z, window y, window x, in, out].

public enum ConvolutionKind: UInt8, Sendable {
    /// y[n, o, c] = e(Σₖ Σᵢ x[n, o · stride + k · dilation − padding, i] · w[k, i, c])
    case forward
    /// x[n, p, i] = e(Σ over all (o, k) with o · stride + k · dilation − padding = p of Σ_c y[n, o, c] · w[k, i, c]), the
    /// transposed convolution.
    case inputGradient
    /// w[k, i, c] = Σₙ Σₒ x[n, o · stride + k · dilation − padding, i] · y[n, o, c]
    case weightGradient
}

/// One spatial axis of a convolution.
public struct ConvolutionAxis: Sendable {
    /// The length of x, of y and of the window.
    public var x: Int
    public var y: Int
    public var window: Int
    public var stride: Int
    public var dilation: Int
    /// Zeros before the first element; as many follow the last as y needs.
    public var padding: Int

    public init(x: Int, y: Int, window: Int, stride: Int, dilation: Int, padding: Int) {
        self.x = x
        self.y = y
        self.window = window
        self.stride = stride
        self.dilation = dilation
        self.padding = padding
    }
}

/// A convolution or one of its gradients. The names x, y and w are those of the forward direction throughout.
///
/// Forward and input gradient read the weights from `packed`, which `convolutionPacking` has filled (all parts of it, then a
/// barrier) and which stays good for as long as the weights do not change. Their write-back e is bias, activation, derivative,
/// as in `MatrixProductArguments`.
///
/// The weight gradient sums over `batch` · |y| positions. Where the result is small those are divided into `chunks` runs, and
/// the sums of each run are stored by themselves: [chunks, window z, window y, window x, in, out], to be added by the caller.
///
/// Promise, for forward and input gradient: an image's result depends on that image, the weights and the geometry only, never
/// on `batch`, `parts` or its place in the batch.
public struct ConvolutionArguments {
    public var kind: ConvolutionKind
    public var batch: Int
    public var inChannels: Int
    public var outChannels: Int
    public var z: ConvolutionAxis
    public var y: ConvolutionAxis
    public var x: ConvolutionAxis
    /// What is read: x (forward), y (input gradient), x (weight gradient).
    public var source: UnsafePointer<Float>
    /// What is read beside it: w, w, y. The first two are read by the packing alone.
    public var other: UnsafePointer<Float>
    /// What is written: y, x, w.
    public var result: UnsafeMutablePointer<Float>
    /// `packedCount` floats, for forward and input gradient.
    public var packed: UnsafeMutablePointer<Float>
    /// Of a weight gradient.
    public var chunks: Int = 1
    public var bias: UnsafePointer<Float>? = nil
    public var activation: Activation = .identity
    /// As large as the result, without gaps.
    public var derivativeOf: UnsafePointer<Float>? = nil
    public var derivativeActivation: Activation = .identity
    public var slope: Float = 0

    public init(
        kind: ConvolutionKind, batch: Int, inChannels: Int, outChannels: Int, z: ConvolutionAxis, y: ConvolutionAxis,
        x: ConvolutionAxis, source: UnsafePointer<Float>, other: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>,
        packed: UnsafeMutablePointer<Float>
    ) {
        self.kind = kind
        self.batch = batch
        self.inChannels = inChannels
        self.outChannels = outChannels
        self.z = z
        self.y = y
        self.x = x
        self.source = source
        self.other = other
        self.result = result
        self.packed = packed
    }

    /// How many floats packed weights take at most, with any instruction set.
    public static func packedCount(
        _ kind: ConvolutionKind, z: ConvolutionAxis, y: ConvolutionAxis, x: ConvolutionAxis, inChannels: Int, outChannels: Int
    ) -> Int {
        let transformed = isWinograd(z: z, y: y, x: x, inChannels: inChannels, outChannels: outChannels)
        let taps = transformed ? 16 : z.window * y.window * x.window
        return switch kind {
        case .forward: taps * inChannels * ((outChannels + 31) / 32 * 32)
        case .inputGradient: taps * outChannels * ((inChannels + 31) / 32 * 32)
        case .weightGradient: 0
        }
    }

    /// Into how many chunks a weight gradient is best divided: enough for every member of a team to have work, each long enough to be
    /// worth it.
    public static func chunks(
        batch: Int, z: ConvolutionAxis, y: ConvolutionAxis, x: ConvolutionAxis, inChannels: Int, outChannels: Int
    ) -> Int {
        if isWinograd(z: z, y: y, x: x, inChannels: inChannels, outChannels: outChannels) {
            let squares = batch * z.y * ((y.y + 1) / 2) * ((x.y + 1) / 2)
            return max(1, min(squares / Tuning.squaresOfChunk, Tuning.winogradChunks))
        }
        let weights = z.window * y.window * x.window * inChannels * outChannels
        let positions = batch * z.y * y.y * x.y
        if weights <= 0 { return 1 }
        let wanted = Tuning.chunkedWeights / weights
        let long = positions / Tuning.positionsOfChunk
        return max(1, min(min(wanted, long), Tuning.chunks))
    }
}
