// The preset `mlp`: generator and discriminator of fully connected layers, as in Goodfellow et al., "Generative
// adversarial nets" (2014), section 5. With its defaults it is the tutorial's GAN: 128 → 256 ReLU → pixels by a sigmoid,
// and pixels → 256 ReLU → one logit.

import Base
import Graph

public struct MultilayerPerceptron: Backbone {
    public struct Side: Sendable {
        /// The sizes of the hidden layers, from input to output.
        public var hidden: [Int]
        public var activation: Activation
        public var style: LayerStyle

        public init(hidden: [Int], activation: Activation, style: LayerStyle) {
            self.hidden = hidden
            self.activation = activation
            self.style = style
        }

        /// Layers "0", "1", …
        func apply(_ input: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
            var x = input
            for (index, size) in hidden.enumerated() {
                x = try activation(Layers.dense(x, outputs: size, style, scope[index]))
            }
            return x
        }
    }

    public let image: Shape
    public let generator: Side
    /// The function that makes pixels of the generator's last layer.
    public let output: Activation
    public let discriminator: Side

    public init(image: Shape, generator: Side, output: Activation, discriminator: Side) {
        self.image = image
        self.generator = generator
        self.output = output
        self.discriminator = discriminator
    }

    public var judgesImagesApart: Bool { true }
    public var pixelRange: (low: Float, high: Float) { output == .sigmoid ? (0, 1) : (-1, 1) }
    private var pixelCount: Int { image.reduce(1, *) }

    public func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let input = try condition.vector.map { (vector) throws(GanError) in try Tensor.concatenate([latents, vector], axis: 1) } ?? latents
        let hidden = try generator.apply(input, scope)
        let pixels = try output(Layers.dense(hidden, outputs: pixelCount, generator.style, scope[generator.hidden.count]))
        return try pixels.reshape([latents.shape[0]] + image)
    }

    public func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        var x = try images.reshape([images.shape[0], images.elementCount / images.shape[0]])
        if let vector = condition.vector { x = try Tensor.concatenate([x, vector], axis: 1) }
        return try discriminator.apply(x, scope)
    }

    public func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor {
        try Layers.dense(features, outputs: outputs, discriminator.style, scope[name ?? "\(discriminator.hidden.count)"])
    }
}
