// Arjovsky, Chintala & Bottou, "Wasserstein GAN", 1701.07875, algorithm 1. What keeps the critic's slope bounded is not here: weights
// that are clipped, a penalty (`GradientPenalty`), or spectral normalisation.

import Base
import Graph

enum WassersteinLoss {
    /// mean(l(G(z))) − mean(l(x))
    static func discriminator(_ real: Tensor, _ fake: Tensor) throws(GanError) -> Tensor { try fake.mean() - real.mean() }

    /// −mean(l(G(z)))
    static func generator(_ fake: Tensor) throws(GanError) -> Tensor { try fake.mean().negated() }
}
