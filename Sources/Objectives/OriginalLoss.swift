// Goodfellow et al., "Generative adversarial nets", 2014.

import Base
import Graph

enum OriginalLoss {
    /// −(mean(log D(x)) + mean(log(1 − D(G(z))))): equation 1.
    static func discriminator(_ real: Tensor, _ fake: Tensor) throws(GanError) -> Tensor {
        try real.negated().softplus().mean() + fake.softplus().mean()
    }

    /// −mean(log D(G(z))): section 3.
    static func nonSaturating(_ fake: Tensor) throws(GanError) -> Tensor { try fake.negated().softplus().mean() }

    /// mean(log(1 − D(G(z)))): equation 1.
    static func minimax(_ fake: Tensor) throws(GanError) -> Tensor { try fake.softplus().mean().negated() }
}
