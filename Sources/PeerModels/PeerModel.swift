// Two models of which other frameworks' figures are known, with exactly their layers: a critic with a penalty on its slope, and residual
// networks without normalisation under R1 and R2. The benchmark times their steps, and tests compare their gradients.

import Base
import Graph
import Networks
import Objectives

public struct PeerModel: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Gulrajani et al., "Improved training of Wasserstein GANs", 1704.00028, on the networks of a DCGAN.
        case wassersteinPenalty = "wgan-gp"
        /// Huang et al., "The GAN is dead; long live the GAN!", 2501.05441: the relativistic loss with R1 and R2.
        case residual = "r3gan"
    }

    public let kind: Kind
    /// Pictures are [side, side, 3].
    public let side: Int
    public let latent: Int
    public let generator: Network
    public let discriminator: Network

    /// - Parameter isSmall: 16 × 16 pixels and few channels, as the gradients of reference are of; else 32 × 32.
    public init(_ kind: Kind, isSmall: Bool = false) {
        self.kind = kind
        let side = isSmall ? 16 : 32
        self.side = side
        let networks: any PeerNetworks
        switch kind {
        case .wassersteinPenalty:
            latent = 100
            networks = StridedPair(side: side, channels: isSmall ? [8, 16, 32] : [64, 128, 256])
        case .residual:
            latent = 64
            networks = ResidualPair(side: side, channels: isSmall ? [8, 16, 16] : [64, 128, 128])
        }
        generator = Network("generator", inputs: [Port("latents", [latent])]) { (inputs, scope) throws(GanError) in
            ["images": try networks.generate(inputs("latents"), scope)]
        }
        discriminator = Network("discriminator", inputs: [Port("images", [side, side, 3])]) { (inputs, scope) throws(GanError) in
            ["logits": try networks.judge(inputs("images"), scope)]
        }
    }

    public var loss: AdversarialLoss { kind == .residual ? .relativistic : .wasserstein }

    /// What the discriminator minimises, and the part of it that is the penalty. Real and generated items are judged together.
    ///
    /// - Parameters:
    ///   - judge: Runs the discriminator: items [n, …] to logits [n, 1].
    ///   - share: How much of a real item is in an item between, [batch, 1, 1, 1].
    public func discriminatorLoss(
        real: Tensor, fake: Tensor, share: Tensor, judge: (Tensor) throws(GanError) -> Tensor
    ) throws(GanError) -> (loss: Tensor, penalty: Tensor) {
        let batch = real.shape[0]
        let logits = try judge(Tensor.concatenate([real, fake], axis: 0))
        let ofReal = try logits.slice(starts: [0, 0], counts: [batch, 1])
        let ofFake = try logits.slice(starts: [batch, 0], counts: [batch, 1])
        let penalty: Tensor
        switch kind {
        case .wassersteinPenalty:
            let between = try real * share + fake * (1 - share)
            penalty = try GradientPenalty.unitNorm(of: judge(between), at: between) * 10
        case .residual:
            let norms = try GradientPenalty.squaredNorms(of: [ofReal, ofFake], at: [real, fake])
            penalty = try norms[0] * 0.5 + norms[1] * 0.5
        }
        return (try loss.discriminator(real: ofReal, fake: ofFake) + penalty, penalty)
    }
}
