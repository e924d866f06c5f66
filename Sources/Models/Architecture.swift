// What a model is to the rest of the library: two functions that build networks. A new architecture is a new
// conforming type and an entry in the option table's `preset`; nothing below it changes.

import Base
import Graph

public protocol Architecture: Sendable {
    /// Numbers in a latent.
    var latentSize: Int { get }
    /// Values in an image.
    var pixelCount: Int { get }
    /// The values of a generated pixel that are black and white.
    var pixelRange: (low: Float, high: Float) { get }

    /// Latents [batch, latentSize] to images [batch, pixelCount].
    func generate(_ latents: Tensor, _ parameters: Parameters) throws(GanError) -> Tensor
    /// Whether an image's logit depends on that image alone. Where it does not (batch normalisation), real and generated
    /// images are judged in batches of their own.
    var judgesImagesApart: Bool { get }
    /// Images [batch, pixelCount] to logits [batch, 1]: log-odds that an image is real.
    func discriminate(_ images: Tensor, _ parameters: Parameters) throws(GanError) -> Tensor
}
