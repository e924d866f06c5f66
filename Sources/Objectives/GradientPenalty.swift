// Penalties on the slope of the discriminator. Each is differentiated again when the discriminator is updated.

import Base
import Graph

public enum GradientPenalty {
    /// mean over items of ‖∇ₓ l(x)‖² for each of several groups of items, [batch, …] each, from the logits [batch, 1] of them all: R1 on
    /// real items and R2 on generated ones (Mescheder et al. 1801.04406, equations 9 and 10, without the factor γ/2). One walk back
    /// through the discriminator serves all groups.
    public static func squaredNorms(of logits: [Tensor], at groups: [Tensor]) throws(GanError) -> [Tensor] {
        guard let first = logits.first else { return [] }
        var total = try ofItems(first).sum()
        for other in logits.dropFirst() { total = try total + ofItems(other).sum() }
        let gradients = try total.graph.gradient(of: total, with: groups)
        return try gradients.map { (gradient) throws(GanError) in try squares(gradient).mean() }
    }

    /// mean over items of (‖∇ₓ l(x)‖ − 1)²: on lines between real and generated items (Gulrajani et al. 1704.00028, equation 3), or
    /// around real ones (DRAGAN, Kodali et al. 1705.07215).
    public static func unitNorm(of logits: Tensor, at items: Tensor) throws(GanError) -> Tensor {
        guard let gradient = try logits.graph.gradient(of: ofItems(logits).sum(), with: [items]).first else {
            throw GanError(.internalError, "A penalty on the slope at no items.")
        }
        return try (squares(gradient).squareRoot() - 1).squared().mean()
    }

    /// One logit for each item: of a discriminator that judges patch by patch the mean.
    private static func ofItems(_ logits: Tensor) throws(GanError) -> Tensor {
        logits.rank == 2 && logits.shape[1] > 1 ? try logits.mean(axes: [1]) : logits
    }

    /// ‖·‖² of every item, [batch, 1]. An item's logit depends on that item alone, so the gradient of their sum has each item's in its rows.
    private static func squares(_ gradient: Tensor) throws(GanError) -> Tensor {
        try gradient.reshape([gradient.shape[0], gradient.elementCount / gradient.shape[0]]).squared().sum(axes: [1])
    }
}
