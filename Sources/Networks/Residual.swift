// The network `resnet`: residual networks, in the manner of R3GAN or of SNGAN (`ResidualKind`). At every level there are as many
// blocks as an option says.

import Base
import Graph

public struct Residual: Backbone {
    public let image: Shape
    public let kind: ResidualKind
    public let generator: ConvolutionalSide
    public let output: Activation
    public let discriminator: ConvolutionalSide
    public let levels: Levels
    /// The level that has self-attention.
    private let attention: Int?

    /// - Parameters:
    ///   - image: [spatial…, channels].
    ///   - levels: How often sides are halved; 0 for as often as can be.
    ///   - attentionSide: The shorter side of the maps that have self-attention; 0 for none.
    /// - Throws: `.outOfRange` for sides that cannot be halved.
    public init(
        image: Shape, _ kind: ResidualKind, generator: ConvolutionalSide, output: Activation, discriminator: ConvolutionalSide, levels: Int,
        attentionSide: Int
    ) throws(GanError) {
        self.levels = try Levels(image, wanted: levels)
        // SNGAN's discriminator has no features as large as the picture.
        attention = try self.levels.attention(at: attentionSide, among: (kind == .r3gan ? 0 : 1)...self.levels.count)
        self.image = image
        self.kind = kind
        self.generator = generator
        self.output = output
        self.discriminator = discriminator
    }

    public var pixelRange: (low: Float, high: Float) { output == .sigmoid ? (0, 1) : (-1, 1) }
    public var judgesImagesApart: Bool { !discriminator.norm.mixesItems }

    public func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let plain = generator.style.scaled(1)
        let norm = generator.norm.norm(deviation: generator.style.deviation, keepsStatistics: true, condition)
        let block = ResidualBlock(activation: generator.activation, style: generator.style, norm: norm, upsampling: generator.upsampling)
        let input = try condition.vector.map { (vector) throws(GanError) in try Tensor.concatenate([latents, vector], axis: 1) } ?? latents

        let bottom = try levels.sides(at: levels.count) + [generator.channels(at: levels.count)]
        let units = try Sizes.product(bottom, of: "the generator's first layer")
        var x = try Layers.dense(input, outputs: units, plain, scope["in"]).reshape([latents.shape[0]] + bottom)
        for level in (0...levels.count).reversed() {
            let place = scope["level\(level)"]
            let channels = try generator.channels(at: level)
            switch kind {
            case .r3gan:
                if level < levels.count {
                    x = try generator.upsampling.layer(x, outputs: channels, window: 1, norm: .nothing, plain, place["up"])
                }
                for index in 0..<generator.blocks { x = try block.plain(x, place["block\(index)"]) }
            case .sngan:
                if level == levels.count { break }
                for index in 0..<generator.blocks {
                    x = try block.preactivated(x, outputs: channels, index == 0 ? .doubled : .kept, place["block\(index)"])
                }
            }
            if level == attention { x = try Attention.apply(x, plain, place["attention"]) }
        }
        switch kind {
        case .r3gan:
            return try output(Layers.convolution(x, outputs: image[image.count - 1], window: 1, stride: 1, plain, scope["out"]))
        case .sngan:
            x = try generator.activation(norm.apply(to: x, scope["norm"]))
            return try output(Layers.convolution(x, outputs: image[image.count - 1], window: 3, stride: 1, plain, scope["out"]))
        }
    }

    public func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let plain = discriminator.style.scaled(1)
        let norm = discriminator.norm.norm(deviation: discriminator.style.deviation, keepsStatistics: false, condition)
        let block = ResidualBlock(activation: discriminator.activation, style: discriminator.style, norm: norm, upsampling: .nearest)
        var x = try condition.asMaps(beside: images)
        if kind == .r3gan { x = try Layers.convolution(x, outputs: discriminator.channels(at: 0), window: 1, stride: 1, plain, scope["in"]) }
        for level in 0...levels.count {
            let place = scope["level\(level)"]
            let isLast = level == levels.count
            switch kind {
            case .r3gan:
                if level > 0 {
                    x = try Layers.convolution(
                        x.averagedPixels(2), outputs: discriminator.channels(at: level), window: 1, stride: 1, norm: .nothing, plain, place["down"])
                }
                for index in 0..<discriminator.blocks { x = try block.plain(x, place["block\(index)"]) }
                if level == attention { x = try Attention.apply(x, plain, place["attention"]) }
            case .sngan:
                if level == attention { x = try Attention.apply(x, plain, place["attention"]) }
                for index in 0..<discriminator.blocks {
                    let halves = !isLast && index == discriminator.blocks - 1
                    x = try block.preactivated(
                        x, outputs: discriminator.channels(at: halves ? level + 1 : level), halves ? .halved : .kept,
                        isFirst: level == 0 && index == 0, place["block\(index)"])
                }
            }
        }
        switch kind {
        case .r3gan: return try x.reshape([x.shape[0], x.elementCount / x.shape[0]])
        // The sum over all places, as SNGAN has it.
        case .sngan:
            x = try discriminator.activation(norm.apply(to: x, scope["norm"]))
            return try x.sum(axes: Array(1..<x.rank - 1)).reshape([x.shape[0], x.shape[x.rank - 1]])
        }
    }

    public func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor {
        try Layers.dense(features, outputs: outputs, discriminator.style.scaled(1), scope[name ?? "logit"])
    }
}
