// Jolicoeur-Martineau, "The relativistic discriminator: a key element missing from standard GAN", 1807.00734. Each network wants its
// own items to be judged more real than the other's; the two losses are one function with the roles exchanged.

import Base
import Graph

enum RelativisticLoss {
    /// mean(softplus(−(winner − loser))), item by item: equation 4 of Huang et al., "The GAN is dead; long live the GAN!",
    /// 2501.05441, which proves that it converges with R1 and R2.
    static func paired(winner: Tensor, loser: Tensor) throws(GanError) -> Tensor { try (loser - winner).softplus().mean() }

    /// Each against the mean of the others: section 4.2.
    static func average(winner: Tensor, loser: Tensor) throws(GanError) -> Tensor {
        let winning = try winner - loser.mean(axes: [0])
        let losing = try loser - winner.mean(axes: [0])
        return try (winning.negated().softplus().mean() + losing.softplus().mean()) * 0.5
    }
}
