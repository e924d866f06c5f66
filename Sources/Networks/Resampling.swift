// Larger and smaller pictures: [batch, spatial…, channels] of any number of spatial axes, made of the graph's primitives alone,
// so that gradients of any order follow.

import Base
import Graph

extension Tensor {
    /// Each axis that is spatial in [batch, spatial…, channels].
    private var spatialAxes: Range<Int> { 1..<max(1, rank - 1) }

    /// Every pixel `factor` times along each axis. One copy.
    public func repeatedPixels(_ factor: Int) throws(GanError) -> Tensor {
        var (narrow, wide, whole) = ([shape[0]], [shape[0]], shape)
        for axis in spatialAxes {
            narrow += [shape[axis], 1]
            wide += [shape[axis], factor]
            whole[axis] = try Sizes.product(shape[axis], factor, of: "a side")
        }
        return try reshape(narrow + shape.suffix(1)).broadcast(to: wide + shape.suffix(1)).reshape(whole)
    }

    /// The mean of every `factor` pixels along each axis, whose lengths it divides.
    public func averagedPixels(_ factor: Int) throws(GanError) -> Tensor {
        var (parts, small, axes) = ([shape[0]], shape, [Int]())
        for axis in spatialAxes {
            axes.append(parts.count + 1)
            parts += [shape[axis] / factor, factor]
            small[axis] = shape[axis] / factor
        }
        return try reshape(parts + shape.suffix(1)).mean(axes: axes).reshape(small)
    }

    /// Sides twice as long, by interpolation along one axis after the other: a new pixel is three quarters of the old one that it
    /// lies in and a quarter of that one's nearer neighbour. Beyond an edge its last pixel goes on.
    public func interpolatedPixels() throws(GanError) -> Tensor {
        var x = self
        for axis in spatialAxes { x = try x.interpolated(along: axis) }
        return x
    }

    private func interpolated(along axis: Int) throws(GanError) -> Tensor {
        let length = shape[axis]
        func part(_ start: Int, _ count: Int) throws(GanError) -> Tensor {
            var (starts, counts) = (shape.map { _ in 0 }, shape)
            starts[axis] = start
            counts[axis] = count
            return try slice(starts: starts, counts: counts)
        }
        // A pixel's neighbours before and behind, side by side: [.., length, 2, ..].
        var (before, after) = (self, self)
        if length > 1 {
            before = try Tensor.concatenate([part(0, 1), part(0, length - 1)], axis: axis)
            after = try Tensor.concatenate([part(1, length - 1), part(length - 1, 1)], axis: axis)
        }
        var single = shape
        single.insert(1, at: axis + 1)
        let neighbours = try Tensor.concatenate([before.reshape(single), after.reshape(single)], axis: axis + 1)
        var double = shape
        double[axis] = try Sizes.product(length, 2, of: "a side")
        return try (reshape(single).broadcast(to: neighbours.shape) * 0.75 + neighbours * 0.25).reshape(double)
    }

    /// Channels become pixels: of the channels, `factor` ^ axes groups, group (i, j, …) goes to the pixels that are i, j, … further
    /// along each axis (Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel convolutional
    /// neural network", 1609.05158, section 3.1). One copy.
    public func shuffledPixels(_ factor: Int) throws(GanError) -> Tensor {
        let spatial = Array(spatialAxes)
        let channels = shape[rank - 1] / spatial.reduce(1) { product, _ in product * factor }
        let parts = Array(shape.dropLast()) + spatial.map { _ in factor } + [channels]
        var (order, large) = ([0], shape)
        for axis in spatial {
            order += [axis, spatial.count + axis]
            large[axis] = try Sizes.product(shape[axis], factor, of: "a side")
        }
        large[rank - 1] = channels
        return try reshape(parts).permute(order + [parts.count - 1]).reshape(large)
    }
}
