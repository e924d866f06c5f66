// Networks that put a picture into few numbers and make it again of them (Hinton & Salakhutdinov, "Reducing the dimensionality of data with
// neural networks", 2006): an encoder of residual blocks, and a decoder that goes its way back.

import Base
import Graph

public struct PictureAutoencoder: Sendable {
    /// A picture's [height, width, channels].
    public let image: Shape
    /// Next to the picture; each halving of the sides doubles them.
    public let channels: Int
    /// How many numbers a picture becomes.
    public let features: Int

    public init(image: Shape, channels: Int, features: Int) {
        self.image = image
        self.channels = channels
        self.features = features
    }

    /// Pictures to features [batch, n], which may be of either sign.
    public func encoder(_ images: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let x = try PictureClassifier.lastMap(of: images, channels: channels, scope)
        return try Layers.dense(
            x.reshape([x.shape[0], x.elementCount / x.shape[0]]), outputs: features, LayerStyle(.he(gain: 1)), scope["features"])
    }

    /// Features to pictures: every pixel four times and then a convolution, for each halving of the sides.
    public func decoder(_ features: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let sides = PictureClassifier.sides(image[0], image[1])
        let batch = features.shape[0]
        let smallest = sides[sides.count - 1]
        let widest = try Sizes.product(channels, 1 << (sides.count - 2), of: "an autoencoder's channels")
        let first = try Sizes.product(smallest.height, smallest.width, widest, of: "an autoencoder's layer")
        var x = try Layers.dense(features, outputs: first, PictureClassifier.style, scope["first"]).maximum(0)
            .reshape([batch, smallest.height, smallest.width, widest])
        for level in (0..<sides.count - 1).reversed() {
            let (large, place) = (sides[level], scope[level])
            x = try x.repeatedPixels(2).slice(starts: [0, 0, 0, 0], counts: [batch, large.height, large.width, x.shape[3]])
            let outputs = max(x.shape[3] / 2, channels)
            x = try PictureClassifier.convolution(x, outputs, stride: 1, place).maximum(0)
        }
        return try Layers.convolution(
            x, outputs: image[2], window: 3, stride: 1, padding: 1, LayerStyle(.he(gain: 1)), scope["last"])
    }
}
