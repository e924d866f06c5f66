// Networks that tell what a picture shows: fully connected layers, or residual blocks of convolutions (He et al. 1512.03385) with a
// fully connected layer behind them, which knows what is where. (A mean over positions in its place does not, and where a thing stands
// is part of what a sample is judged by.)

import Base
import Graph

public struct PictureClassifier: Sendable {
    public enum Body: Sendable {
        /// The sizes of hidden layers, of which the last are the features.
        case hidden([Int])
        /// Channels next to the picture; each halving of the sides doubles them.
        case residual(channels: Int, features: Int)
    }

    /// A picture's [height, width, channels].
    public let image: Shape
    public let classes: Int
    public let body: Body

    static let style = LayerStyle(.he(gain: 1.4142135))
    private static var norm: Norm { .batch(BatchNorm(deviation: 0, keepsStatistics: true)) }

    public init(image: Shape, classes: Int, body: Body) {
        self.image = image
        self.classes = classes
        self.body = body
    }

    /// Pictures to features [batch, n], and of those to logits [batch, classes].
    public func callAsFunction(_ images: Tensor, _ scope: Scope) throws(GanError) -> (features: Tensor, logits: Tensor) {
        let features =
            switch body {
            case .hidden(let sizes): try connected(images, sizes, scope)
            case .residual(let channels, let features): try residual(images, channels: channels, features: features, scope)
            }
        return (features, try Layers.dense(features, outputs: classes, Self.style, scope["classes"]))
    }

    private func connected(_ images: Tensor, _ sizes: [Int], _ scope: Scope) throws(GanError) -> Tensor {
        var x = try images.reshape([images.shape[0], images.elementCount / images.shape[0]])
        for (index, size) in sizes.enumerated() { x = try Layers.dense(x, outputs: size, Self.style, scope[index]).maximum(0) }
        return x
    }

    /// What the residual network makes of pictures of any sides, in front of the layer that knows what is where: [batch, height / 2ⁿ, width / 2ⁿ,
    /// channels · 2ⁿ⁻¹] for its first levels n = 1, 2, ….
    public static func maps(of images: Tensor, channels: Int, levels: Int, _ scope: Scope) throws(GanError) -> [Tensor] {
        var (x, channels, all) = (images, channels, [Tensor]())
        for level in 0..<levels {
            x = try Self.level(x, channels, scope[level])
            channels = try Sizes.product(channels, 2, of: "a classifier's channels")
            all.append(x)
        }
        return all
    }

    private static func level(_ x: Tensor, _ channels: Int, _ place: Scope) throws(GanError) -> Tensor {
        let x = try convolution(x, channels, stride: 2, place["down"]).maximum(0)
        let inner = try convolution(x, channels, stride: 1, place["first"]).maximum(0)
        return try (x + convolution(inner, channels, stride: 1, place["second"])).maximum(0)
    }

    private func residual(_ images: Tensor, channels: Int, features: Int, _ scope: Scope) throws(GanError) -> Tensor {
        let x = try Self.lastMap(of: images, channels: channels, scope)
        return try Layers.dense(x.reshape([x.shape[0], x.elementCount / x.shape[0]]), outputs: features, Self.style, scope["features"]).maximum(0)
    }

    /// The last of the maps, of as many levels as a picture of these sides has.
    static func lastMap(of images: Tensor, channels: Int, _ scope: Scope) throws(GanError) -> Tensor {
        let levels = sides(images.shape[1], images.shape[2]).count - 1
        return try maps(of: images, channels: channels, levels: levels, scope).last ?? images
    }

    /// Of a picture, and of what is left after each level: sides are halved, and half a pixel rounded up, until the shorter is 7 or less, four
    /// times at the most.
    static func sides(_ height: Int, _ width: Int) -> [(height: Int, width: Int)] {
        var (sides, last) = ([(height: height, width: width)], (height: height, width: width))
        repeat {
            last = ((last.height + 1) / 2, (last.width + 1) / 2)
            sides.append(last)
        } while min(last.height, last.width) > 7 && sides.count <= 4
        return sides
    }

    static func convolution(_ x: Tensor, _ channels: Int, stride: Int, _ scope: Scope) throws(GanError) -> Tensor {
        try Layers.convolution(x, outputs: channels, window: 3, stride: stride, padding: 1, norm: Self.norm, Self.style, scope)
    }
}
