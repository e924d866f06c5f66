// What the two networks minimise, from logits l, each [batch, 1]: of real items, of generated ones. With D = 1 / (1 + e⁻ˡ),
// log D = −softplus(−l) and log(1 − D) = −softplus(l), which neither overflow nor lose digits where the discriminator is sure.

import Base
import Graph

public enum AdversarialLoss: String, CaseIterable, Sendable {
    case nonSaturating = "non-saturating"
    case minimax
    case leastSquares = "least-squares"
    case hinge
    case wasserstein
    case relativistic
    case relativisticAverage = "relativistic-average"

    /// What the discriminator minimises.
    public func discriminator(real: Tensor, fake: Tensor) throws(GanError) -> Tensor {
        switch self {
        case .nonSaturating, .minimax: try OriginalLoss.discriminator(real, fake)
        case .leastSquares: try LeastSquaresLoss.discriminator(real, fake)
        case .hinge: try HingeLoss.discriminator(real, fake)
        case .wasserstein: try WassersteinLoss.discriminator(real, fake)
        case .relativistic: try RelativisticLoss.paired(winner: real, loser: fake)
        case .relativisticAverage: try RelativisticLoss.average(winner: real, loser: fake)
        }
    }

    /// What the generator minimises. Only relativistic losses look at the real items.
    public func generator(real: Tensor, fake: Tensor) throws(GanError) -> Tensor {
        switch self {
        case .nonSaturating: try OriginalLoss.nonSaturating(fake)
        case .minimax: try OriginalLoss.minimax(fake)
        case .leastSquares: try LeastSquaresLoss.generator(fake)
        case .hinge, .wasserstein: try WassersteinLoss.generator(fake)
        case .relativistic: try RelativisticLoss.paired(winner: fake, loser: real)
        case .relativisticAverage: try RelativisticLoss.average(winner: fake, loser: real)
        }
    }

    /// Whether the generator's loss looks at real items too.
    public var isRelativistic: Bool { self == .relativistic || self == .relativisticAverage }
    /// Whether a logit is the log-odds that an item is real.
    public var hasProbabilities: Bool { self == .nonSaturating || self == .minimax }
}
