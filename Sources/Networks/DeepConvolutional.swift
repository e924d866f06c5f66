// The network `dcgan`: Radford, Metz & Chintala, "Unsupervised representation learning with deep convolutional generative
// adversarial networks" (2016). The generator projects a latent to a small image of many channels and doubles its sides
// by transposed convolutions, or as `Upsampling` says; the discriminator halves them again. Windows are 4×4 with stride 2. Batch normalisation follows
// every layer but the generator's last and the discriminator's first and last; the generator's activation is ReLU, the
// discriminator's leaky ReLU.

import Base
import Graph

public struct DeepConvolutional: Backbone {
    public let image: Shape
    public let generator: ConvolutionalSide
    public let output: Activation
    public let discriminator: ConvolutionalSide
    /// How often the sides are halved: 28 → 14 → 7 twice, 32 → 16 → 8 → 4 three times.
    public let levels: Levels
    /// The level that has self-attention.
    private let attention: Int?

    /// - Parameters:
    ///   - image: [height, width, channels].
    ///   - levels: How often sides are halved; 0 for as often as can be.
    ///   - attentionSide: The shorter side of the maps that have self-attention; 0 for none.
    /// - Throws: `.outOfRange` for sides that cannot be halved.
    public init(
        image: Shape, generator: ConvolutionalSide, output: Activation, discriminator: ConvolutionalSide, levels: Int = 0, attentionSide: Int = 0
    ) throws(GanError) {
        self.levels = try Levels(image, wanted: levels)
        attention = try self.levels.attention(at: attentionSide, among: 1...self.levels.count)
        self.image = image
        self.generator = generator
        self.output = output
        self.discriminator = discriminator
    }

    public var pixelRange: (low: Float, high: Float) { output == .sigmoid ? (0, 1) : (-1, 1) }
    public var judgesImagesApart: Bool { !discriminator.norm.mixesItems }

    public func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let style = generator.style
        let norm = generator.norm.norm(deviation: style.deviation, keepsStatistics: true, condition)
        let input = try condition.vector.map { (vector) throws(GanError) in try Tensor.concatenate([latents, vector], axis: 1) } ?? latents
        let bottom = try levels.sides(at: levels.count) + [generator.channels(at: levels.count - 1)]
        let units = try Sizes.product(bottom, of: "the generator's first layer")
        // Its own batch normalisation is over every unit; other norms know channels.
        var x: Tensor
        switch generator.norm {
        case .batch, .none:
            x = try Layers.dense(input, outputs: units, norm: norm, style, scope[0])
            x = try generator.activation(x).reshape([x.shape[0]] + bottom)
        default:
            x = try Layers.dense(input, outputs: units, style, scope[0])
            x = try generator.activation(x.reshape([x.shape[0]] + bottom))
        }
        for step in 1...levels.count {
            let level = levels.count - step
            if level + 1 == attention { x = try Attention.apply(x, style, scope["attention"]) }
            let channels = try level == 0 ? image[image.count - 1] : generator.channels(at: level - 1)
            x = try generator.upsampling.layer(x, outputs: channels, norm: level == 0 ? .bias : norm, style, scope[step])
            x = level == 0 ? try output(x) : try generator.activation(x)
        }
        return x
    }

    public func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let style = discriminator.style
        let norm = discriminator.norm.norm(deviation: style.deviation, keepsStatistics: false, condition)
        var x = try condition.asMaps(beside: images)
        for level in 0..<levels.count {
            x = try discriminator.activation(
                Layers.convolution(x, outputs: discriminator.channels(at: level), norm: level == 0 ? .bias : norm, style, scope[level]))
            if level + 1 == attention { x = try Attention.apply(x, style, scope["attention"]) }
        }
        return try x.reshape([x.shape[0], x.elementCount / x.shape[0]])
    }

    public func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor {
        try Layers.dense(features, outputs: outputs, discriminator.style, scope[name ?? "\(levels.count)"])
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
