// The networks of Jin et al., "Towards the automatic anime characters creation with generative adversarial networks", 2017, 1708.05509,
// figures 3 and 4: residual blocks at a small size, where they are cheap, and sub-pixel convolutions to the picture's (as SRResNet, Ledig
// et al. 1609.04802); and a discriminator of residual blocks without norms, so that penalties on its slope at each picture make sense.
// Theirs make 128×128 of 16×16; here sides follow the picture's.

import Base
import Graph

public struct CharacterNetworks: Backbone {
    public let image: Shape
    public let generator: ConvolutionalSide
    public let output: Activation
    public let discriminator: ConvolutionalSide
    /// How often sides are doubled behind the generator's blocks.
    public let levels: Levels
    /// How often the discriminator halves sides: as often as can be.
    private let halvings: Levels

    /// The first sides that blocks are at are so long or longer, of pictures that leave the choice; theirs are 16 of 128.
    private static let (shortest, long) = (7, 16)
    /// The window of the layer that makes pixels; 9 in the paper, whose pictures have sides of 128.
    private static let lastWindow = 5

    /// - Parameters:
    ///   - image: [spatial…, channels].
    ///   - levels: How often sides are doubled behind the blocks; 0 for what suits the picture.
    /// - Throws: `.outOfRange` for sides that cannot be halved.
    public init(image: Shape, generator: ConvolutionalSide, output: Activation, discriminator: ConvolutionalSide, levels: Int) throws(GanError) {
        halvings = try Levels(image, wanted: 0)
        self.levels = try Levels(image, wanted: levels > 0 ? levels : Self.levels(halvings))
        self.image = image
        self.generator = generator
        self.output = output
        self.discriminator = discriminator
    }

    /// Twice, as SRResNet has it, and more often while sides are longer than the paper's first ones: a quarter or an eighth.
    private static func levels(_ possible: Levels) -> Int {
        var count = 1
        while count < possible.count, possible.shortestSide(at: count + 1) >= shortest, count < 2 || possible.shortestSide(at: count) > long { count += 1 }
        return count
    }

    public var pixelRange: (low: Float, high: Float) { output == .sigmoid ? (0, 1) : (-1, 1) }
    public var judgesImagesApart: Bool { !discriminator.norm.mixesItems }

    public func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let (style, activation) = (generator.style, generator.activation)
        let plain = style.scaled(activation.gain)
        let norm = generator.norm.norm(deviation: style.deviation, keepsStatistics: true, condition)
        let input = try condition.vector.map { (vector) throws(GanError) in try Tensor.concatenate([latents, vector], axis: 1) } ?? latents
        let bottom = levels.sides(at: levels.count) + [generator.channels]
        let dense = try Layers.dense(input, outputs: Sizes.product(bottom, of: "the generator's first layer"), norm: behind(norm), plain, scope["in"])
        let head = try activation(norm.apply(to: dense.reshape([latents.shape[0]] + bottom), scope["in"]["norm"]))
        let block = ResidualBlock(activation: activation, style: style, norm: norm, upsampling: generator.upsampling)
        var x = head
        for index in 0..<generator.blocks { x = try block.plain(x, scope["block\(index)"]) }
        x = try head + activation(norm.apply(to: x, scope["middle"]))
        for level in (0..<levels.count).reversed() {
            x = try activation(generator.upsampling.layer(x, outputs: generator.channels, norm: norm, plain, scope["up\(level)"]))
        }
        return try output(Layers.convolution(x, outputs: image[image.count - 1], window: Self.lastWindow, stride: 1, style.scaled(1), scope["out"]))
    }

    /// A norm that follows takes a bias out again.
    private func behind(_ norm: Norm) -> Norm {
        if case .bias = norm { return .bias }
        return .nothing
    }

    public func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let (style, activation) = (discriminator.style, discriminator.activation)
        let norm = discriminator.norm.norm(deviation: style.deviation, keepsStatistics: false, condition)
        let block = ResidualBlock(activation: activation, style: style, norm: norm, upsampling: .nearest)
        var x = try condition.asMaps(beside: images)
        for level in 0..<halvings.count {
            let place = scope["level\(level)"]
            let channels = try discriminator.channels(at: level)
            x = try activation(Layers.convolution(x, outputs: channels, norm: level == 0 ? .bias : norm, style.scaled(activation.gain), place["down"]))
            for index in 0..<discriminator.blocks { x = try activation(block.plain(x, place["block\(index)"])) }
        }
        return try x.reshape([x.shape[0], x.elementCount / x.shape[0]])
    }

    public func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor {
        try Layers.dense(features, outputs: outputs, discriminator.style.scaled(1), scope[name ?? "logit"])
    }
}
