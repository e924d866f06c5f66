// The primitive operations of a graph: the whole list. They are closed under differentiation (the gradient of every
// one is written with them, in GradientRules.swift), so gradients of any order are again such graphs. Layers,
// normalisation, losses and penalties are not operations: they are functions that build nodes (rooms Networks and Objectives).
//
// Every tensor holds Float32. Where a tensor holds indices (gather), they are whole numbers stored as floats, exact up
// to 2²⁴.

public enum UnaryFunction: UInt8, Hashable, Sendable, CaseIterable {
    case negate
    case absolute
    case exponential
    case logarithm
    case squareRoot
    case tanh
    case sigmoid
    /// ln(1 + eˣ). A primitive, because composed from exp and log it overflows in one tail and loses all digits in
    /// the other; every loss on logits needs it.
    case softplus
}

public enum BinaryFunction: UInt8, Hashable, Sendable, CaseIterable {
    case add
    case subtract
    case multiply
    case divide
    case maximum
    case minimum
    /// a > b ? 1 : 0. Its gradient is zero.
    case greater
    /// a = b ? 1 : 0. Its gradient is zero.
    case equal
}

/// How random numbers are distributed.
public enum Variate: UInt8, Hashable, Sendable {
    /// Uniform on [0, 1).
    case uniform
    /// Standard normal.
    case normal
}

/// The geometry of a convolution, one value per spatial axis.
public struct Window: Hashable, Sendable {
    public var stride: [Int]
    public var dilation: [Int]
    /// Zeros before the first and after the last element; may differ.
    public var paddingBefore: [Int]
    public var paddingAfter: [Int]

    public init(stride: [Int], dilation: [Int]? = nil, paddingBefore: [Int], paddingAfter: [Int]) {
        self.stride = stride
        self.dilation = dilation ?? stride.map { _ in 1 }
        self.paddingBefore = paddingBefore
        self.paddingAfter = paddingAfter
    }
}

public enum Operation: Hashable, Sendable {
    // Leaves.

    /// A named persistent buffer: a parameter, a moment, a batch, a scalar that changes with the step.
    case buffer(String)
    /// Every element is this number.
    case constant(Float)
    /// Element (i, j) is a variate of (seed, stream, row + i, j): see `RandomArguments`. Rank 2.
    case random(Variate, stream: UInt32)

    // Elementwise, on operands of one shape. What is made from NaN is NaN (`ScalarFunctions`).

    case unary(UnaryFunction)
    case binary(BinaryFunction)
    /// (condition, a, b): condition ≠ 0 ? a : b.
    case select
    /// The operand itself, which no gradient flows through: for what a layer holds fixed. The planner takes it out.
    case withoutGradient

    // Shape.

    /// Axes of length 1 become longer by repetition; the rank stays.
    case broadcast
    case reshape
    /// Axis i of the result is axis `order[i]` of the operand.
    case permute([Int])
    /// Element i of an axis is element start + i · stride of the operand's.
    case slice(starts: [Int], strides: [Int])
    /// Element i of the operand lands at before + i · (interior + 1); everything else is 0.
    case pad(before: [Int], interior: [Int])
    case concatenate(axis: Int)

    // Reductions; reduced axes stay, with length 1.

    case sum(axes: [Int])
    case maximum(axes: [Int])

    // Products.

    /// op(A) · op(B), on the last two axes; any leading axes are equal and are a batch.
    case matrixProduct(transposeA: Bool, transposeB: Bool)
    /// (x [batch, spatial…, in], w [window…, in, out]) → [batch, spatial′…, out]: y[n, o, c] = Σ x[n, o · stride + k · dilation − padding, i] · w[k, i, c].
    case convolution(Window)
    /// (g [batch, spatial′…, out], w) → [batch, spatial…, in]: the gradient of a convolution with respect to x, which is
    /// the transposed convolution of g.
    case convolutionInputGradient(Window)
    /// (x, g) → [window…, in, out]: the gradient of a convolution with respect to w.
    case convolutionWeightGradient(Window)

    // Tables.

    /// (table [entries, width], indices [count]) → [count, width]. An index outside the table is taken as the nearest one inside.
    case gather
    /// (values [count, width], indices [count]) → [entries, width]: row indices[i] receives the sum of its values, in the order of i.
    case scatterAdd
}
