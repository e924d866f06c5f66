// The preset `dcgan`: Radford, Metz & Chintala, "Unsupervised representation learning with deep convolutional generative
// adversarial networks" (2016). The generator projects a latent to a small image of many channels and doubles its sides
// by transposed convolutions; the discriminator halves them again. Windows are 4×4 with stride 2. Batch normalisation follows
// every layer but the generator's last and the discriminator's first and last; the generator's activation is ReLU, the
// discriminator's leaky ReLU.

import Base
import Graph

public struct DeepConvolutional: Architecture {
    public let latentSize: Int
    public let height: Int
    public let width: Int
    public let imageChannels: Int
    /// Channels next to the image; each halving of the sides doubles them.
    public let generatorChannels: Int
    public let discriminatorChannels: Int
    public let generatorDeviation: Float
    public let discriminatorDeviation: Float
    public let generatorActivation: Nonlinearity
    public let discriminatorActivation: Nonlinearity
    public let output: Nonlinearity
    /// How often the sides are halved: 28 → 14 → 7 twice, 32 → 16 → 8 → 4 three times.
    public let levels: Int

    /// - Throws: `.outOfRange` for sides that cannot be halved.
    public init(
        latentSize: Int, height: Int, width: Int, imageChannels: Int, generatorChannels: Int, discriminatorChannels: Int,
        generatorDeviation: Float, discriminatorDeviation: Float, generatorActivation: Nonlinearity,
        discriminatorActivation: Nonlinearity, output: Nonlinearity
    ) throws(GanError) {
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
        self.latentSize = latentSize
        self.height = height
        self.width = width
        self.imageChannels = imageChannels
        self.generatorChannels = generatorChannels
        self.discriminatorChannels = discriminatorChannels
        self.generatorDeviation = generatorDeviation
        self.discriminatorDeviation = discriminatorDeviation
        self.generatorActivation = generatorActivation
        self.discriminatorActivation = discriminatorActivation
        self.output = output
    }

    public var pixelCount: Int { height * width * imageChannels }
    public var pixelRange: (low: Float, high: Float) { output == .sigmoid ? (0, 1) : (-1, 1) }
    public var judgesImagesApart: Bool { false }

    public func generate(_ latents: Tensor, _ parameters: Parameters) throws(GanError) -> Tensor {
        let normalised = LayerTail.batchNormalisation(Normalisation(deviation: generatorDeviation, keepsStatistics: true))
        let (bottomHeight, bottomWidth) = (height >> levels, width >> levels)
        var channels = try Sizes.product(generatorChannels, 1 << (levels - 1), of: "the generator's channels")
        let units = try Sizes.product(bottomHeight, bottomWidth, channels, of: "the generator's first layer")
        var x = try generatorActivation(
            Layers.dense(latents, outputs: units, name: "0", deviation: generatorDeviation, tail: normalised, parameters))
        x = try x.reshape([x.shape[0], bottomHeight, bottomWidth, channels])
        for level in 1...levels {
            let isLast = level == levels
            channels = isLast ? imageChannels : channels / 2
            x = try Layers.transposedConvolution(
                x, outputs: channels, name: "\(level)", deviation: generatorDeviation, tail: isLast ? .bias : normalised, parameters)
            x = isLast ? try output(x) : try generatorActivation(x)
        }
        return try x.reshape([x.shape[0], pixelCount])
    }

    public func discriminate(_ images: Tensor, _ parameters: Parameters) throws(GanError) -> Tensor {
        let normalised = LayerTail.batchNormalisation(Normalisation(deviation: discriminatorDeviation, keepsStatistics: false))
        var x = try images.reshape([images.shape[0], height, width, imageChannels])
        var channels = discriminatorChannels
        for level in 0..<levels {
            x = try discriminatorActivation(
                Layers.convolution(
                    x, outputs: channels, name: "\(level)", deviation: discriminatorDeviation, tail: level == 0 ? .bias : normalised,
                    parameters))
            channels = try Sizes.product(channels, 2, of: "the discriminator's channels")
        }
        let features = try x.reshape([x.shape[0], x.elementCount / x.shape[0]])
        return try Layers.dense(features, outputs: 1, name: "\(levels)", deviation: discriminatorDeviation, parameters)
    }
}
