// Goodfellow et al., "Generative adversarial nets", 2014.

import Base
import Graph

enum OriginalLoss {
    /// −(mean(log D(x)) + mean(log(1 − D(G(z))))): equation 1. With smoothing s the first is (1 − s) log D(x) + s log(1 − D(x)), whose
    /// difference from log D(x) is −s · l(x).
    static func discriminator(_ real: Tensor, _ fake: Tensor, smoothing: Float) throws(GanError) -> Tensor {
        let loss = try real.negated().softplus().mean() + fake.softplus().mean()
        return smoothing == 0 ? loss : try loss + real.mean() * smoothing
    }

    /// −mean(log D(G(z))): section 3.
    static func nonSaturating(_ fake: Tensor) throws(GanError) -> Tensor { try fake.negated().softplus().mean() }

    /// mean(log(1 − D(G(z)))): equation 1.
    static func minimax(_ fake: Tensor) throws(GanError) -> Tensor { try fake.softplus().mean().negated() }
}
