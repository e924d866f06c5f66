// The holes that a training of `inpainting` cuts into pictures: masks [batch, height, width, 1], 1 where something is missing.

import Base
import Graph

struct Holes: Sendable {
    private let kind: HoleKind
    /// Sides of the largest box as a share of the picture's.
    private let size: Double
    /// How many strokes there are, and how thick they are as a share of the hole's size.
    private static let strokes = 3
    private static let thickness = 0.3

    init(_ kind: HoleKind, size: Double) {
        self.kind = kind
        self.size = size
    }

    func masks(height: Int, width: Int, _ s: StepBuilder) throws(GanError) -> Tensor {
        let rows = try (s.graph.counting(height) + 0.5).reshape([1, height, 1, 1])
        let columns = try (s.graph.counting(width) + 0.5).reshape([1, 1, width, 1])
        let shape = [s.batch, height, width, 1]
        switch kind {
        case .centre: return try (middle(rows, height) * middle(columns, width)).broadcast(to: shape)
        case .boxes: return try box(rows, height, s) * box(columns, width, s)
        case .strokes: return try strokes(rows, columns, height, width, s)
        case .mixed:
            let isBox = try s.uniform([1, 1, 1]).greater(0.5).broadcast(to: shape)
            return try isBox.select(box(rows, height, s) * box(columns, width, s), strokes(rows, columns, height, width, s))
        }
    }

    /// 1 at the places of one axis that lie in the middle.
    private func middle(_ places: Tensor, _ length: Int) throws(GanError) -> Tensor {
        let half = Float(max(1, (Double(length) * size / 2).rounded()))
        return try 1 - (places - Float(length) / 2).absolute().greater(half)
    }

    /// 1 at the places of one axis that lie within an interval of each item's own.
    private func box(_ places: Tensor, _ length: Int, _ s: StepBuilder) throws(GanError) -> Tensor {
        let largest = Float(Double(length) * size)
        let extent = try (s.uniform([1, 1, 1]) * (largest / 2) + largest / 2).maximum(1.5)
        let start = try s.uniform([1, 1, 1]) * (Float(length) - extent)
        return try places.greater(start) * (start + extent).greater(places)
    }

    /// Segments between points anywhere: the pixels that are nearer to one than half its thickness.
    private func strokes(_ rows: Tensor, _ columns: Tensor, _ height: Int, _ width: Int, _ s: StepBuilder) throws(GanError) -> Tensor {
        let radius = Float(max(0.75, Double(min(height, width)) * size * Self.thickness / 2))
        func point() throws(GanError) -> (y: Tensor, x: Tensor) {
            (try s.uniform([1, 1, 1]) * Float(height), try s.uniform([1, 1, 1]) * Float(width))
        }
        var nearest: Tensor?
        for _ in 0..<Self.strokes {
            let (from, to) = (try point(), try point())
            let (alongY, alongX) = (try to.y - from.y, try to.x - from.x)
            let (dy, dx) = (try rows - from.y, try columns - from.x)
            // The share of the segment at which the nearest point lies.
            let share = try (dy * alongY + dx * alongX) / (alongY.squared() + alongX.squared() + 1e-6)
            let within = try share.maximum(0).minimum(s.graph.constant(1, share.shape))
            let distance = try (dy - within * alongY).squared() + (dx - within * alongX).squared()
            nearest = try nearest.map { (other) throws(GanError) in try other.minimum(distance) } ?? distance
        }
        guard let nearest else { throw GanError(.internalError, "A mask without strokes.") }
        return try nearest.graph.constant(radius * radius, nearest.shape).greater(nearest)
    }
}
