// How far something made is from what it should be.

import Base
import Graph

public enum Reconstruction {
    /// mean |a − b|
    public static func absolute(_ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor { try (a - b).absolute().mean() }

    /// mean (a − b)²
    public static func squared(_ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor { try (a - b).squared().mean() }

    /// Σ mean (a − b)² / mean b², over maps of pictures: 0 where they are equal, and about 1 where they have nothing to do with each other.
    /// No gradient goes through what it is divided by.
    public static func relative(_ made: [Tensor], _ truth: [Tensor]) throws(GanError) -> Tensor {
        var total: Tensor?
        for (a, b) in zip(made, truth) {
            let part = try squared(a, b) / (b.squared().mean() + 1e-6).withoutGradient()
            total = try total.map { (sum) throws(GanError) in try sum + part } ?? part
        }
        guard let total else { throw GanError(.internalError, "There are no maps to compare.") }
        return total
    }
}
