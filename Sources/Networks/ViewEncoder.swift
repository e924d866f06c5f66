// The image encoder of 3D-VAE-GAN (Wu et al. 1610.07584, section 3.3): from a picture to how the latents of what it shows are distributed.

import Base
import Graph

public struct ViewEncoder: Sendable {
    /// Next to the picture; each halving of the sides doubles them.
    public let channels: Int
    /// How many numbers a latent has.
    public let latent: Int
    private let levels: Levels
    private static let style = LayerStyle(.he(gain: 1.4142135))

    /// - Parameter view: [height, width, channels].
    /// - Throws: `.outOfRange` for sides that cannot be halved.
    public init(view: Shape, channels: Int, latent: Int) throws(GanError) {
        levels = try Levels(view, wanted: 0)
        self.channels = channels
        self.latent = latent
    }

    /// Pictures to means and logarithms of variances, [batch, latent] each.
    public func callAsFunction(_ pictures: Tensor, _ scope: Scope) throws(GanError) -> (mean: Tensor, logVariance: Tensor) {
        var x = pictures
        for level in 0..<levels.count {
            let width = try Sizes.product(channels, 1 << level, of: "an encoder's channels")
            x = try Layers.convolution(x, outputs: width, norm: .batch(BatchNorm(deviation: 0, keepsStatistics: true)), Self.style, scope[level]).maximum(0)
        }
        x = try x.reshape([x.shape[0], x.elementCount / x.shape[0]])
        let mean = try Layers.dense(x, outputs: latent, LayerStyle(.he(gain: 1)), scope["mean"])
        // Begins at little variance, so that a view's volume is learnt before what it leaves open.
        let logVariance = try Layers.dense(x, outputs: latent, LayerStyle(.he(gain: 0.1)), scope["variance"]) - 4
        return (mean, logVariance)
    }
}
