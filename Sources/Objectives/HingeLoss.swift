// Lim & Ye, "Geometric GAN", 1705.02894, and Miyato et al., 1802.05957, equation 16. The generator's is Wasserstein's.

import Base
import Graph

enum HingeLoss {
    /// mean(max(0, 1 − l(x))) + mean(max(0, 1 + l(G(z))))
    static func discriminator(_ real: Tensor, _ fake: Tensor) throws(GanError) -> Tensor {
        try (1 - real).maximum(0).mean() + (fake + 1).maximum(0).mean()
    }
}
