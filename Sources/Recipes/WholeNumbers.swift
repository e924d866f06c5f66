// Whole numbers in a graph, whose tensors are floats: the places of pixels, and choices at random.

import Base
import Graph

extension Graph {
    /// 0, 1, … n − 1, [n]: each half of it is the one before and as many more.
    func counting(_ n: Int) throws(GanError) -> Tensor {
        var numbers = try constant(0, [1])
        while numbers.elementCount < n {
            numbers = try Tensor.concatenate([numbers, numbers + Float(numbers.elementCount)], axis: 0)
        }
        return try numbers.slice(starts: [0], counts: [n])
    }
}

extension Tensor {
    /// These numbers of [0, 1), [rows, 1], as whole numbers from 0 to n − 1, each as likely: how many of the bounds 1/n … (n − 1)/n are
    /// reached.
    func whole(below n: Int) throws(GanError) -> Tensor {
        if n <= 1 { return try graph.constant(0, shape) }
        let bounds = try ((graph.counting(n - 1) + 1) * (1 / Float(n))).reshape([1, n - 1])
        return try (1 - bounds.greater(self)).sum(axes: [1])
    }
}
