// What the two networks maximise (Goodfellow et al., "Generative adversarial nets", 2014, equation 1 and section 3),
// written on logits l, with D = 1 / (1 + e⁻ˡ): log D = −softplus(−l) and log(1 − D) = −softplus(l), which neither
// overflow nor lose digits where the discriminator is sure.

import Base
import Graph

public enum AdversarialLoss: String, CaseIterable, Sendable {
    /// The generator maximises mean(log D(G(z))).
    case nonSaturating = "non-saturating"
    /// The generator minimises mean(log(1 − D(G(z)))): equation 1 as it stands.
    case minimax

    /// mean(log D(x)) + mean(log(1 − D(G(z)))), from the logits of real and generated images, each [batch, 1].
    public func discriminatorObjective(real: Tensor, fake: Tensor) throws(GanError) -> Tensor {
        try (real.negated().softplus().mean() + fake.softplus().mean()).negated()
    }

    /// What the generator maximises, from the logits of its images.
    public func generatorObjective(fake: Tensor) throws(GanError) -> Tensor {
        switch self {
        case .nonSaturating: try fake.negated().softplus().mean().negated()
        case .minimax: try fake.softplus().mean()
        }
    }
}
