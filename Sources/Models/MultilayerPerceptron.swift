// The preset `mlp`: generator and discriminator of fully connected layers, as in Goodfellow et al., "Generative
// adversarial nets" (2014), section 5. With its defaults it is the tutorial's GAN: 128 → 256 ReLU → pixels by a sigmoid,
// and pixels → 256 ReLU → one logit.

import Base
import Graph

public struct MultilayerPerceptron: Architecture {
    public struct Network: Hashable, Sendable {
        /// The sizes of the hidden layers, from input to output.
        public var hidden: [Int]
        public var activation: Nonlinearity
        /// The standard deviation of the initial weights.
        public var deviation: Float

        public init(hidden: [Int], activation: Nonlinearity, deviation: Float) {
            self.hidden = hidden
            self.activation = activation
            self.deviation = deviation
        }

        /// Layers "0", "1", … : the hidden ones and one of `outputs` units, without an activation of its own.
        func apply(_ input: Tensor, outputs: Int, _ parameters: Parameters) throws(GanError) -> Tensor {
            var x = input
            for (index, size) in hidden.enumerated() {
                x = try activation(Layers.dense(x, outputs: size, name: "\(index)", deviation: deviation, parameters))
            }
            return try Layers.dense(x, outputs: outputs, name: "\(hidden.count)", deviation: deviation, parameters)
        }
    }

    public let latentSize: Int
    public let pixelCount: Int
    public let generator: Network
    /// The function that makes pixels of the generator's last layer.
    public let output: Nonlinearity
    public let discriminator: Network

    public init(latentSize: Int, pixelCount: Int, generator: Network, output: Nonlinearity, discriminator: Network) {
        self.latentSize = latentSize
        self.pixelCount = pixelCount
        self.generator = generator
        self.output = output
        self.discriminator = discriminator
    }

    public var judgesImagesApart: Bool { true }
    public var pixelRange: (low: Float, high: Float) { output == .sigmoid ? (0, 1) : (-1, 1) }

    public func generate(_ latents: Tensor, _ parameters: Parameters) throws(GanError) -> Tensor {
        try output(generator.apply(latents, outputs: pixelCount, parameters))
    }

    public func discriminate(_ images: Tensor, _ parameters: Parameters) throws(GanError) -> Tensor {
        try discriminator.apply(images, outputs: 1, parameters)
    }
}
