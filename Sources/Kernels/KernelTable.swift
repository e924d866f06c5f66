/// The contract between the rooms above and the arithmetic below: which kernels exist, what they are handed and
/// what they promise. Each instruction set fills in one `KernelTable`.
///
/// Rules that hold for every kernel:
/// - A kernel does *its part* of the work: part `part` of `parts`. It divides the output between the parts so that
///   no two parts write the same element, and so that the order of every sum depends on the shape alone. The result
///   therefore has the same bits for every value of `parts`.
/// - It allocates nothing, calls nothing that can fail and never synchronises; the caller puts barriers between
///   kernels that depend on each other.
/// - It reads and writes only the elements its arguments name: not one byte of padding beyond them.
/// - Pointers need the alignment of `Float` only, though 64-byte boundaries are faster.
/// - What is calculated from NaN is NaN, also by rectifiers, maxima and comparisons. (Pixels are not: `quantize`. And what a
///   product leaves out because it is multiplied by zero is not calculated: `skipsZeros`.)
public struct KernelTable: Sendable {
    public typealias MatrixProductKernel =
        @Sendable (
            _ arguments: UnsafePointer<MatrixProductArguments>, _ part: Int, _ parts: Int, _ workspace: UnsafeMutablePointer<Float>
        ) -> Void
    public typealias ElementwiseKernel =
        @Sendable (
            _ arguments: UnsafePointer<ElementwiseArguments>, _ part: Int, _ parts: Int, _ workspace: UnsafeMutablePointer<Float>
        ) -> Void
    public typealias ConvolutionKernel =
        @Sendable (
            _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int, _ workspace: UnsafeMutablePointer<Float>
        ) -> Void
    public typealias ReductionKernel = @Sendable (_ arguments: UnsafePointer<ReductionArguments>, _ part: Int, _ parts: Int) -> Void
    public typealias RandomKernel = @Sendable (_ arguments: UnsafePointer<RandomArguments>, _ part: Int, _ parts: Int) -> Void
    public typealias AdamKernel = @Sendable (_ arguments: UnsafePointer<AdamArguments>, _ part: Int, _ parts: Int) -> Void
    public typealias ScaleBytesKernel =
        @Sendable (_ bytes: UnsafePointer<UInt8>, _ values: UnsafeMutablePointer<Float>, _ count: Int, _ scale: Float, _ offset: Float)
            -> Void
    public typealias QuantizeKernel =
        @Sendable (_ values: UnsafePointer<Float>, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ scale: Float, _ offset: Float)
            -> Void

    /// C = epilogue(alpha · op(A) · op(B) + beta · C).
    public let matrixProduct: MatrixProductKernel
    /// How many floats of private workspace one part of such a product needs. Depends on the shape, not on pointers.
    public let matrixProductWorkspace: @Sendable (_ arguments: UnsafePointer<MatrixProductArguments>) -> Int
    /// Packs B, stored row by row, to `packed`, `MatrixProductArguments.packedCount` floats, which products may then name as their
    /// `packedB` for as long as B does not change.
    public let packing: @Sendable (_ arguments: UnsafePointer<MatrixProductArguments>, _ packed: UnsafeMutablePointer<Float>) -> Void
    /// A convolution, or its gradient with respect to its input or its weights.
    public let convolution: ConvolutionKernel
    /// How many floats of private workspace one part of such a convolution needs. Depends on the geometry, not on pointers.
    public let convolutionWorkspace: @Sendable (_ arguments: UnsafePointer<ConvolutionArguments>) -> Int
    /// Packs the weights of a convolution or an input gradient to `packed`.
    public let convolutionPacking: @Sendable (_ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int) -> Void
    /// A chain of elementwise operations in one pass over cache-sized blocks.
    public let elementwise: ElementwiseKernel
    /// How many floats of private workspace one part of an elementwise chain needs, for any chain.
    public let elementwiseWorkspace: Int
    /// Sums or maxima over the middle axis of `[outer, reduced, inner]`.
    public let reduction: ReductionKernel
    /// Uniform or normal variates that are a function of (seed, stream, row, column).
    public let random: RandomKernel
    /// One pass of Adam over a range of parameters.
    public let adam: AdamKernel
    /// value = byte · scale + offset.
    public let scaleBytes: ScaleBytesKernel
    /// byte = round-half-to-even(clamp(value · scale + offset, 0, 255)); NaN gives 0.
    public let quantize: QuantizeKernel

    public init(
        matrixProduct: @escaping MatrixProductKernel,
        matrixProductWorkspace: @escaping @Sendable (UnsafePointer<MatrixProductArguments>) -> Int,
        packing: @escaping @Sendable (UnsafePointer<MatrixProductArguments>, UnsafeMutablePointer<Float>) -> Void,
        convolution: @escaping ConvolutionKernel,
        convolutionWorkspace: @escaping @Sendable (UnsafePointer<ConvolutionArguments>) -> Int,
        convolutionPacking: @escaping @Sendable (UnsafePointer<ConvolutionArguments>, Int, Int) -> Void,
        elementwise: @escaping ElementwiseKernel,
        elementwiseWorkspace: Int,
        reduction: @escaping ReductionKernel,
        random: @escaping RandomKernel,
        adam: @escaping AdamKernel,
        scaleBytes: @escaping ScaleBytesKernel,
        quantize: @escaping QuantizeKernel
    ) {
        self.matrixProduct = matrixProduct
        self.matrixProductWorkspace = matrixProductWorkspace
        self.packing = packing
        self.convolution = convolution
        self.convolutionWorkspace = convolutionWorkspace
        self.convolutionPacking = convolutionPacking
        self.elementwise = elementwise
        self.elementwiseWorkspace = elementwiseWorkspace
        self.reduction = reduction
        self.random = random
        self.adam = adam
        self.scaleBytes = scaleBytes
        self.quantize = quantize
    }
}

// MARK: - Matrix product

/// The functions that a matrix product's write-back can apply while the tile is in registers.
public enum Activation: UInt8, Sendable {
    case identity
    /// max(x, 0); +0 for −0
    case relu
    /// x > 0 ? x : slope · x
    case leakyRelu
    /// 1 / (1 + exp(−x))
    case sigmoid
    case tanh
}

/// C[i, j] = e(alpha · Σₚ A[i, p] · B[p, j] + beta · C[i, j] + bias[j]), with i < rows, j < columns, p < inner.
///
/// A transpose is a pair of strides: element (i, p) of A is `a[i · aRowStride + p · aInnerStride]`, element (p, j) of
/// B is `b[p · bInnerStride + j · bColumnStride]`, and in each pair one stride is 1 (the other is the leading
/// dimension and may leave gaps). C has unit column stride.
///
/// The write-back e is, in this order: `alpha`; plus beta · C (beta = 0: C is not read, so NaN in it does not matter);
/// plus `bias[j]` where given; then `activation`; then multiplication by `derivativeOf` where given, which is the derivative
/// of `derivativeActivation` *expressed by its output* y[i, j] (`relu`: y > 0; `leakyRelu`: y > 0 ? 1 : slope;
/// `sigmoid`: y(1 − y); `tanh`: 1 − y²). With `inner` = 0 the sum is 0 and the write-back still happens.
///
/// Promise: the value of C[i, j] depends only on row i of A, column j of B, the write-back's operands at (i, j) and
/// `inner`: never on `rows`, `columns`, `parts` or position. So a sample does not depend on the batch it is drawn in.
public struct MatrixProductArguments {
    public var rows: Int
    public var columns: Int
    public var inner: Int
    public var a: UnsafePointer<Float>
    public var aRowStride: Int
    public var aInnerStride: Int
    public var b: UnsafePointer<Float>
    public var bInnerStride: Int
    public var bColumnStride: Int
    public var c: UnsafeMutablePointer<Float>
    public var cRowStride: Int
    public var alpha: Float = 1
    public var beta: Float = 0
    public var bias: UnsafePointer<Float>? = nil
    public var activation: Activation = .identity
    public var derivativeActivation: Activation = .identity
    public var derivativeOf: UnsafePointer<Float>? = nil
    public var derivativeRowStride: Int = 0
    /// The slope of `leakyRelu`, wherever it appears above.
    public var slope: Float = 0
    /// B once more, as `KernelTable.packing` leaves it.
    public var packedB: UnsafePointer<Float>? = nil
    /// Panels of `packedB` are walked through from the last to the first. No value depends on it; but where a product with a single
    /// row is made again and again, every other time so, what was read last is still in the cache.
    public var walksBackwards = false
    /// A is likely to have many zeros, as images have and what comes out of rectifiers: multiplications by them may be left
    /// out. The promise above then holds for a B without infinities and NaN.
    public var skipsZeros = false
    /// Where given, C is not written: AᵀB is the gradient of parameters, which take their step of Adam in its place.
    /// Parameters and moments are `rows` × `columns` without gaps; `gradient` and `count` of these arguments do not matter.
    /// A must be stored transposed and B not, and nothing else is done in the write-back.
    public var adam: UnsafePointer<AdamArguments>? = nil
    /// Where given too, the sums of B's columns are the gradient of `columns` more parameters, a bias, that take theirs.
    public var biasAdam: UnsafePointer<AdamArguments>? = nil

    public init(
        rows: Int, columns: Int, inner: Int,
        a: UnsafePointer<Float>, aRowStride: Int, aInnerStride: Int,
        b: UnsafePointer<Float>, bInnerStride: Int, bColumnStride: Int,
        c: UnsafeMutablePointer<Float>, cRowStride: Int
    ) {
        self.rows = rows
        self.columns = columns
        self.inner = inner
        self.a = a
        self.aRowStride = aRowStride
        self.aInnerStride = aInnerStride
        self.b = b
        self.bInnerStride = bInnerStride
        self.bColumnStride = bColumnStride
        self.c = c
        self.cRowStride = cRowStride
    }

    /// The write-back has nothing to do but to store.
    @inlinable @inline(__always)
    var isPlain: Bool { alpha == 1 && beta == 0 && bias == nil && activation == .identity && derivativeOf == nil }

    /// How many floats B takes when it is packed beforehand, with any instruction set.
    public static func packedCount(inner: Int, columns: Int) -> Int { inner * ((columns + 15) / 16 * 16) }
}

// MARK: - Elementwise chains

/// The operations of an elementwise chain. `a`, `b`, `c` are the operation's source registers.
public enum ElementwiseOpcode: UInt8, Sendable, CaseIterable {
    case add  // a + b
    case subtract  // a − b
    case multiply  // a · b
    case divide  // a / b
    case maximum  // a > b ? a : b; NaN where either is
    case minimum  // a < b ? a : b; NaN where either is
    case multiplyAdd  // a · b + c
    case select  // a ≠ 0 ? b : c; NaN where a is
    case greater  // a > b ? 1 : 0; NaN where either is
    case equal  // a = b ? 1 : 0; NaN where either is
    case negate  // −a
    case absolute  // |a|
    case exponential  // eᵃ
    case logarithm  // ln a (natural; 0 gives −∞, negative gives NaN)
    case squareRoot  // √a
    case tanh
    case sigmoid  // 1 / (1 + e⁻ᵃ)
    case softplus  // ln(1 + eᵃ) = max(a, 0) + ln(1 + e^−|a|), exact in both tails
}

/// One operation: registers `a`, `b`, `c` into register `destination`.
public struct ElementwiseOperation: Sendable {
    public var opcode: ElementwiseOpcode
    public var destination: UInt8
    public var a: UInt8
    public var b: UInt8
    public var c: UInt8

    public init(_ opcode: ElementwiseOpcode, destination: UInt8, a: UInt8, b: UInt8 = 0, c: UInt8 = 0) {
        self.opcode = opcode
        self.destination = destination
        self.a = a
        self.b = b
        self.c = c
    }
}

/// Where a register is loaded from: element (i, j) is `pointer[i · rowStride + j · columnStride]`.
/// Strides may be 0 (a broadcast): (0, 0) a scalar, (0, 1) a row for every row, (s, 0) one value a row.
/// `columnStride` is 0 or 1.
public struct ElementwiseInput {
    public var pointer: UnsafePointer<Float>
    public var rowStride: Int
    public var columnStride: Int

    public init(_ pointer: UnsafePointer<Float>, rowStride: Int, columnStride: Int) {
        self.pointer = pointer
        self.rowStride = rowStride
        self.columnStride = columnStride
    }
}

/// Where a register is stored to: element (i, j) is `pointer[i · rowStride + j]`.
public struct ElementwiseOutput {
    public var pointer: UnsafeMutablePointer<Float>
    public var rowStride: Int
    public var register: UInt8

    public init(_ pointer: UnsafeMutablePointer<Float>, rowStride: Int, register: UInt8) {
        self.pointer = pointer
        self.rowStride = rowStride
        self.register = register
    }
}

/// A register that is summed over the rows: row c of the partial sums [chunks, columns] is Σ over the rows of chunk c.
public struct ElementwiseSum {
    public var partial: UnsafeMutablePointer<Float>
    public var register: UInt8

    public init(_ partial: UnsafeMutablePointer<Float>, register: UInt8) {
        self.partial = partial
        self.register = register
    }
}

/// A chain over [rows, columns]: load the inputs into registers 0 ..< inputCount, run the operations in order, store
/// the outputs and add up the sums. At most `registerLimit` registers are named. An output may be the very same memory as
/// an input of the same strides (in place); otherwise outputs and sums overlap nothing.
///
/// A chain with sums is cut into `sumChunks` chunks of rows (at most `rows`; chunk c begins at row rows · c / chunks), in
/// each of which rows are added in their order, so that sums depend on the shape alone.
public struct ElementwiseArguments {
    public static var registerLimit: Int { 32 }

    /// How many chunks suit a chain of this shape with sums: enough for a team to share, of some thousands of elements each.
    public static func sumChunks(rows: Int, columns: Int) -> Int {
        let strips = (columns + 511) / 512
        return max(1, min(rows / 8, rows * columns / 16384 / strips))
    }

    public var rows: Int
    public var columns: Int
    public var inputs: UnsafePointer<ElementwiseInput>
    public var inputCount: Int
    public var operations: UnsafePointer<ElementwiseOperation>
    public var operationCount: Int
    public var outputs: UnsafePointer<ElementwiseOutput>
    public var outputCount: Int
    public var sums: UnsafePointer<ElementwiseSum>? = nil
    public var sumCount = 0
    public var sumChunks = 1

    public init(
        rows: Int, columns: Int,
        inputs: UnsafePointer<ElementwiseInput>, inputCount: Int,
        operations: UnsafePointer<ElementwiseOperation>, operationCount: Int,
        outputs: UnsafePointer<ElementwiseOutput>, outputCount: Int
    ) {
        self.rows = rows
        self.columns = columns
        self.inputs = inputs
        self.inputCount = inputCount
        self.operations = operations
        self.operationCount = operationCount
        self.outputs = outputs
        self.outputCount = outputCount
    }
}

// MARK: - Reductions

public enum ReductionKind: UInt8, Sendable {
    case sum
    /// The maximum; of nothing it is −∞.
    case maximum
}

/// y[o, i] = scale · Σᵣ x[o, r, i] (or the maximum over r, times `scale`), x being `[outer, reduced, inner]` without gaps.
/// The order of the sum is a function of (reduced, inner) alone.
public struct ReductionArguments {
    public var kind: ReductionKind
    public var outer: Int
    public var reduced: Int
    public var inner: Int
    public var x: UnsafePointer<Float>
    public var y: UnsafeMutablePointer<Float>
    public var scale: Float = 1

    public init(
        kind: ReductionKind, outer: Int, reduced: Int, inner: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, scale: Float = 1
    ) {
        self.kind = kind
        self.outer = outer
        self.reduced = reduced
        self.inner = inner
        self.x = x
        self.y = y
        self.scale = scale
    }
}

// MARK: - Random

public enum Distribution: UInt8, Sendable {
    /// Uniform on [0, 1): (w >> 8) · 2⁻²⁴ of the 32-bit word w.
    case uniform
    /// Standard normal, by the Box–Muller transform of the four words of a Philox block: words (0, 1) give
    /// columns 4b and 4b + 1, words (2, 3) give columns 4b + 2 and 4b + 3, with u₁ = ((w₀ >> 8) + 1) · 2⁻²⁴ in (0, 1],
    /// u₂ = (w₁ >> 8) · 2⁻²⁴, r = √(−2 ln u₁), cosine first.
    case normal
}

/// y[i, j] = offset + scale · variate(seed, stream, firstRow + i, j) for i < rows, j < columns; y without gaps.
///
/// The variate is drawn from Philox 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
/// key = (seed low, seed high), counter = (j / 4, row low, row high, stream), word j % 4.
public struct RandomArguments {
    public var distribution: Distribution
    public var seed: UInt64
    public var stream: UInt32
    public var firstRow: UInt64
    public var rows: Int
    public var columns: Int
    public var y: UnsafeMutablePointer<Float>
    public var scale: Float = 1
    public var offset: Float = 0

    public init(
        distribution: Distribution, seed: UInt64, stream: UInt32, firstRow: UInt64, rows: Int, columns: Int,
        y: UnsafeMutablePointer<Float>, scale: Float = 1, offset: Float = 0
    ) {
        self.distribution = distribution
        self.seed = seed
        self.stream = stream
        self.firstRow = firstRow
        self.rows = rows
        self.columns = columns
        self.y = y
        self.scale = scale
        self.offset = offset
    }
}

// MARK: - Adam

/// Kingma & Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1, in place over `count` elements:
///
///     m ← beta1 · m + (1 − beta1) · g
///     v ← beta2 · v + (1 − beta2) · g²
///     p ← p − rate · (m · correction1) / (√(v · correction2) + epsilon)
///
/// where correction1 = 1 / (1 − beta1ᵗ) and correction2 = 1 / (1 − beta2ᵗ) are computed by the caller in double
/// precision and read through `scalars` = [rate, correction1, correction2], since they change with every step.
public struct AdamArguments {
    public var parameters: UnsafeMutablePointer<Float>
    public var firstMoment: UnsafeMutablePointer<Float>
    public var secondMoment: UnsafeMutablePointer<Float>
    public var gradient: UnsafePointer<Float>
    public var count: Int
    public var scalars: UnsafePointer<Float>
    public var beta1: Float
    public var beta2: Float
    public var epsilon: Float
    /// 1 − beta1 and 1 − beta2, which the caller can round better than the difference of rounded numbers is.
    public var complement1: Float
    public var complement2: Float

    public init(
        parameters: UnsafeMutablePointer<Float>, firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>,
        gradient: UnsafePointer<Float>, count: Int, scalars: UnsafePointer<Float>, beta1: Float, beta2: Float, epsilon: Float
    ) {
        self.parameters = parameters
        self.firstMoment = firstMoment
        self.secondMoment = secondMoment
        self.gradient = gradient
        self.count = count
        self.scalars = scalars
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        complement1 = 1 - beta1
        complement2 = 1 - beta2
    }
}
