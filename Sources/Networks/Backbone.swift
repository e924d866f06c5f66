// What a pair of adversarial networks for pictures is built on: the generator's way from a vector to a picture, and the
// discriminator's from a picture to features. Heads (a logit, a class, a code) are the recipe's.

import Base
import Graph

/// What both networks are told besides.
public struct Condition {
    /// [batch, k]: classes as one number each, an embedding, tags.
    public var vector: Tensor?
    /// Class indices [batch], and how many classes there are, for normalisation by class.
    public var classes: (labels: Tensor, count: Int)?

    public init(vector: Tensor? = nil, classes: (labels: Tensor, count: Int)? = nil) {
        self.vector = vector
        self.classes = classes
    }

    public static var none: Condition { Condition() }
}

public protocol Backbone: Sendable {
    /// A picture's [height, width, channels].
    var image: Shape { get }
    /// The values of a generated pixel that are black and white.
    var pixelRange: (low: Float, high: Float) { get }
    /// Whether an image's features depend on that image alone. Where they do not (batch normalisation), real and generated
    /// images are judged in batches of their own.
    var judgesImagesApart: Bool { get }

    /// Latents [batch, n] to images [batch, height, width, channels].
    func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor
    /// Images to features [batch, n], which a fully connected layer makes logits of.
    func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor
    /// A fully connected layer on features, as the discriminator's last.
    func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor
}
