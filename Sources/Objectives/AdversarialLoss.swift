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
    ///
    /// - Parameter smoothing: How far below 1 the target of real items is (Salimans et al., "Improved techniques for training GANs",
    ///   1606.03498, section 3.4: one-sided, since a smoothed target of generated items would teach the discriminator to keep the
    ///   generator's mistakes). For losses that have a target alone.
    public func discriminator(real: Tensor, fake: Tensor, smoothing: Float = 0) throws(GanError) -> Tensor {
        switch self {
        case .nonSaturating, .minimax: try OriginalLoss.discriminator(real, fake, smoothing: smoothing)
        case .leastSquares: try LeastSquaresLoss.discriminator(real, fake, smoothing: smoothing)
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
    /// Whether a real item has a target of its own, which can be smoothed.
    public var hasTarget: Bool { self == .nonSaturating || self == .minimax || self == .leastSquares }

    /// The share of items that the discriminator tells right, [1]; with losses that look at differences alone, of pairs.
    public func accuracy(real: Tensor, fake: Tensor) throws(GanError) -> Tensor {
        let ofReal = try belief(real: real, fake: fake).greater(0).mean()
        let ofFake: Tensor
        switch self {
        case .nonSaturating, .minimax, .hinge: ofFake = try 1 - fake.greater(0).mean()
        case .leastSquares: ofFake = try 1 - fake.greater(0.5).mean()
        case .wasserstein, .relativistic: ofFake = ofReal
        case .relativisticAverage: ofFake = try (real.mean(axes: [0]) - fake).greater(0).mean()
        }
        return try ((ofReal + ofFake) * 0.5).reshape([1])
    }

    /// What is positive where the discriminator takes a real item for real, [batch, 1]. Losses that look at differences of logits
    /// have no logit that lies between real and generated: there it is the difference.
    public func belief(real: Tensor, fake: Tensor) throws(GanError) -> Tensor {
        switch self {
        case .nonSaturating, .minimax, .hinge: real
        case .leastSquares: try real - 0.5
        case .wasserstein, .relativistic: try real - fake
        case .relativisticAverage: try real - fake.mean(axes: [0])
        }
    }
}
