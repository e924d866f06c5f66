// How far something made is from what it should be.

import Base
import Graph

public enum Reconstruction {
    /// mean |a − b|
    public static func absolute(_ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor { try (a - b).absolute().mean() }

    /// mean (a − b)²
    public static func squared(_ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor { try (a - b).squared().mean() }
}
