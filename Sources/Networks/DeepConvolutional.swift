// The preset `dcgan`: Radford, Metz & Chintala, "Unsupervised representation learning with deep convolutional generative
// adversarial networks" (2016). The generator projects a latent to a small image of many channels and doubles its sides
// by transposed convolutions; the discriminator halves them again. Windows are 4×4 with stride 2. Batch normalisation follows
// every layer but the generator's last and the discriminator's first and last; the generator's activation is ReLU, the
// discriminator's leaky ReLU.

import Base
import Graph

public struct DeepConvolutional: Backbone {
    public struct Side: Sendable {
        /// Channels next to the image; each halving of the sides doubles them.
        public var channels: Int
        public var activation: Activation
        public var style: LayerStyle
        public var norm: NormKind

        public init(channels: Int, activation: Activation, style: LayerStyle, norm: NormKind) {
            self.channels = channels
            self.activation = activation
            self.style = style
            self.norm = norm
        }
    }

    public let image: Shape
    public let generator: Side
    public let output: Activation
    public let discriminator: Side
    /// How often the sides are halved: 28 → 14 → 7 twice, 32 → 16 → 8 → 4 three times.
    public let levels: Int

    /// - Parameter image: [height, width, channels].
    /// - Throws: `.outOfRange` for sides that cannot be halved.
    public init(image: Shape, generator: Side, output: Activation, discriminator: Side) throws(GanError) {
        let (height, width) = (image[0], image[1])
        var levels = 0
        while (height >> levels) % 2 == 0 && (width >> levels) % 2 == 0 && min(height, width) >> (levels + 1) >= 4 && levels < 6 {
            levels += 1
        }
        guard levels >= 1 else {
            throw GanError(
                .outOfRange,
                "The preset dcgan halves the sides of an image at least once, to 4 or more; \(height)×\(width) cannot be. Use even sides of 8 or more, for example with data.fit, data.height and data.width.")
        }
        self.levels = levels
        self.image = image
        self.generator = generator
        self.output = output
        self.discriminator = discriminator
    }

    public var pixelRange: (low: Float, high: Float) { output == .sigmoid ? (0, 1) : (-1, 1) }
    public var judgesImagesApart: Bool { discriminator.norm != .batch && discriminator.norm != .batchByClass }

    public func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let style = generator.style
        let norm = generator.norm.norm(deviation: style.deviation, keepsStatistics: true, condition)
        let input = try condition.vector.map { (vector) throws(GanError) in try Tensor.concatenate([latents, vector], axis: 1) } ?? latents
        let (bottomHeight, bottomWidth) = (image[0] >> levels, image[1] >> levels)
        var channels = try Sizes.product(generator.channels, 1 << (levels - 1), of: "the generator's channels")
        let units = try Sizes.product(bottomHeight, bottomWidth, channels, of: "the generator's first layer")
        // Its own batch normalisation is over every unit; other norms know channels.
        var x: Tensor
        switch generator.norm {
        case .batch, .none:
            x = try Layers.dense(input, outputs: units, norm: norm, style, scope[0])
            x = try generator.activation(x).reshape([x.shape[0], bottomHeight, bottomWidth, channels])
        default:
            x = try Layers.dense(input, outputs: units, style, scope[0])
            x = try generator.activation(x.reshape([x.shape[0], bottomHeight, bottomWidth, channels]))
        }
        for level in 1...levels {
            let isLast = level == levels
            channels = isLast ? image[2] : channels / 2
            x = try Layers.transposedConvolution(x, outputs: channels, norm: isLast ? .bias : norm, style, scope[level])
            x = isLast ? try output(x) : try generator.activation(x)
        }
        return x
    }

    public func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let style = discriminator.style
        let norm = discriminator.norm.norm(deviation: style.deviation, keepsStatistics: false, condition)
        var x = try condition.asMaps(beside: images)
        var channels = discriminator.channels
        for level in 0..<levels {
            x = try discriminator.activation(
                Layers.convolution(x, outputs: channels, norm: level == 0 ? .bias : norm, style, scope[level]))
            channels = try Sizes.product(channels, 2, of: "the discriminator's channels")
        }
        return try x.reshape([x.shape[0], x.elementCount / x.shape[0]])
    }

    public func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor {
        try Layers.dense(features, outputs: outputs, discriminator.style, scope[name ?? "\(levels)"])
    }
}

extension Condition {
    /// The images with the vector's numbers as further channels, each the same all over.
    func asMaps(beside images: Tensor) throws(GanError) -> Tensor {
        guard let vector else { return images }
        let spatial = Array(images.shape.dropFirst().dropLast())
        let maps = try vector.reshape([vector.shape[0]] + spatial.map { _ in 1 } + [vector.shape[1]])
            .broadcast(to: [vector.shape[0]] + spatial + [vector.shape[1]])
        return try Tensor.concatenate([images, maps], axis: images.rank - 1)
    }
}
