// Choices at random in a graph, whose tensors are floats.

import Base
import Graph

extension Tensor {
    /// These numbers of [0, 1), [rows, 1], as whole numbers from 0 to n − 1, each as likely: how many of the bounds 1/n … (n − 1)/n are
    /// reached.
    func whole(below n: Int) throws(GanError) -> Tensor {
        if n <= 1 { return try graph.constant(0, shape) }
        let bounds = try ((graph.counting(n - 1) + 1) * (1 / Float(n))).reshape([1, n - 1])
        return try (1 - bounds.greater(self)).sum(axes: [1])
    }

    /// The whole parts of these numbers, [rows, 1], from 0 on; n − 1 of those that are n or more.
    func floored(below n: Int) throws(GanError) -> Tensor {
        if n <= 1 { return try graph.constant(0, shape) }
        return try (1 - (graph.counting(n - 1) + 1).reshape([1, n - 1]).greater(self)).sum(axes: [1]).reshape(shape)
    }
}
