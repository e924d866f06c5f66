// Views, reductions, products and tables on tensors.

import Base

extension Tensor {
    /// Repeats axes of length 1; missing axes in front are added.
    public func broadcast(to shape: Shape) throws(GanError) -> Tensor {
        if self.shape == shape { return self }
        let padded = Shape(repeating: 1, count: max(0, shape.count - rank)) + self.shape
        return try graph.add(.broadcast, [reshape(padded)], shape: shape)
    }

    public func reshape(_ shape: Shape) throws(GanError) -> Tensor { try graph.add(.reshape, [self], shape: shape) }

    /// Axis i of the result is axis `order[i]` of this tensor.
    public func permute(_ order: [Int]) throws(GanError) -> Tensor { try graph.add(.permute(order), [self]) }

    /// `counts[i]` elements of axis i, from `starts[i]` on, every `strides[i]`-th.
    public func slice(starts: [Int], counts: Shape, strides: [Int]? = nil) throws(GanError) -> Tensor {
        var strides = strides ?? starts.map { _ in 1 }
        // Where there is one element, no stride is taken: whatever it was, 1 says the same.
        for axis in strides.indices where axis < counts.count && counts[axis] == 1 && strides[axis] > 1 { strides[axis] = 1 }
        return try graph.add(.slice(starts: starts, strides: strides), [self], shape: counts)
    }

    /// Zeros before, between and after the elements of each axis.
    public func pad(before: [Int], after: [Int], interior: [Int]? = nil) throws(GanError) -> Tensor {
        var interior = interior ?? before.map { _ in 0 }
        guard before.count == rank, after.count == rank, interior.count == rank else {
            throw GanError(.internalError, "Padding of rank \(before.count) for a tensor of rank \(rank).")
        }
        var padded = Shape()
        for axis in shape.indices {
            // A single element has nothing between.
            if shape[axis] == 1 && interior[axis] > 0 { interior[axis] = 0 }
            let gaps = try Sizes.product(shape[axis] - 1, interior[axis], of: "padding")
            padded.append(try Sizes.sum(before[axis], Sizes.sum(shape[axis], gaps, of: "padding"), after[axis], of: "padding"))
        }
        return try graph.add(.pad(before: before, interior: interior), [self], shape: padded)
    }

    public static func concatenate(_ parts: [Tensor], axis: Int) throws(GanError) -> Tensor {
        guard let first = parts.first else { throw GanError(.internalError, "Nothing to concatenate.") }
        return try first.graph.add(.concatenate(axis: axis), parts)
    }

    /// The sum over `axes` (all, if nil), which stay with length 1.
    public func sum(axes: [Int]? = nil) throws(GanError) -> Tensor {
        try graph.add(.sum(axes: axes.map { Set($0).sorted() } ?? Array(shape.indices)), [self])
    }

    /// The mean over `axes` (all, if nil), which stay with length 1.
    public func mean(axes: [Int]? = nil) throws(GanError) -> Tensor {
        let total = try sum(axes: axes)
        return try total * Float(1 / (Double(elementCount) / Double(total.elementCount)))
    }

    /// The maximum over `axes` (all, if nil), which stay with length 1.
    public func largest(axes: [Int]? = nil) throws(GanError) -> Tensor {
        try graph.add(.maximum(axes: axes.map { Set($0).sorted() } ?? Array(shape.indices)), [self])
    }

    /// op(self) · op(other) on the last two axes.
    public func product(_ other: Tensor, transposeA: Bool = false, transposeB: Bool = false) throws(GanError) -> Tensor {
        try graph.add(.matrixProduct(transposeA: transposeA, transposeB: transposeB), [self, other])
    }

    /// The convolution of [batch, spatial…, in] with weights [window…, in, out].
    public func convolution(_ weights: Tensor, _ window: Window) throws(GanError) -> Tensor {
        try graph.add(.convolution(window), [self, weights])
    }

    /// The transposed convolution: [batch, spatial′…, out] with weights [window…, in, out] to `shape` [batch, spatial…, in].
    public func transposedConvolution(_ weights: Tensor, _ window: Window, to shape: Shape) throws(GanError) -> Tensor {
        try graph.add(.convolutionInputGradient(window), [self, weights], shape: shape)
    }

    /// Rows `indices` [count] of this table [entries, width].
    public func gather(_ indices: Tensor) throws(GanError) -> Tensor { try graph.add(.gather, [self, indices]) }

    /// The sums of these values [count, width] by their indices [count], as a table of `entries` rows.
    public func scatterAdd(_ indices: Tensor, entries: Int) throws(GanError) -> Tensor {
        try graph.add(.scatterAdd, [self, indices], shape: [entries, rank == 2 ? shape[1] : 1])
    }
}
