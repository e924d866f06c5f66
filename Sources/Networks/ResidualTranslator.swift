// From a picture to one of the same sides: sides are halved twice, residual blocks work at the small size, and sides are doubled again
// (Johnson et al. 1603.08155, as Zhu et al. 1703.10593, appendix 7.2, build it). It is convolutions alone, so it takes any sides that are
// multiples of `multiple`.

import Base
import Graph

public struct ResidualTranslator: Sendable {
    /// Channels next to the picture; each halving of the sides doubles them.
    public let channels: Int
    /// How many residual blocks there are at the small size.
    public let blocks: Int
    /// How often sides are halved.
    public let levels: Int
    public let norm: NormKind
    public let style: LayerStyle

    /// - Parameter sides: Height and width of the pictures that it learns from.
    public init(channels: Int, blocks: Int, sides: [Int], mostLevels: Int = 2, norm: NormKind, style: LayerStyle) {
        self.channels = channels
        self.blocks = blocks
        self.norm = norm
        self.style = style
        var levels = 0
        while levels < mostLevels, sides.allSatisfy({ $0 >> levels > 4 && ($0 >> levels) % 2 == 0 }) { levels += 1 }
        self.levels = levels
    }

    /// Sides of pictures have to be multiples of this.
    public var multiple: Int { 1 << levels }
    /// How far away a pixel can lie that makes a difference to another.
    public var reach: Int {
        // Windows of 7 at both ends reach three pixels each, those of 4 that halve and double two pixels of the larger size, a block of two
        // windows of 3 two of the smallest.
        6 + 4 * ((1 << levels) - 1) + (2 * blocks + 1) * (1 << levels)
    }

    /// [batch, height, width, …] to [batch, height, width, outputs], before the function that makes pixels. Where as many channels come out
    /// as go in, the network learns what is to be added to the picture: in the beginning nothing, so that what is to be seen stays where it is.
    public func callAsFunction(_ picture: Tensor, outputs: Int, _ scope: Scope) throws(GanError) -> Tensor {
        let norm = norm.norm(deviation: style.deviation, keepsStatistics: true, .none)
        let relu = Activation.relu
        var x = try relu(Layers.convolution(picture, outputs: channels, window: 7, stride: 1, norm: norm, style, scope["in"]))
        for level in 0..<levels {
            x = try relu(Layers.convolution(x, outputs: channels << (level + 1), norm: norm, style, scope["down"][level]))
        }
        let residual = ResidualBlock(activation: relu, style: style, norm: norm, upsampling: .transposed)
        for block in 0..<blocks { x = try residual.plain(x, scope["block"][block]) }
        for level in (0..<levels).reversed() {
            x = try relu(Layers.transposedConvolution(x, outputs: channels << level, norm: norm, style, scope["up"][level]))
        }
        guard picture.shape[3] == outputs else {
            return try Layers.convolution(x, outputs: outputs, window: 7, stride: 1, style.scaled(1), scope["out"])
        }
        let faint = LayerStyle(.normal(deviation: 0.001), weight: style.weight)
        return try picture + Layers.convolution(x, outputs: outputs, window: 7, stride: 1, faint, scope["out"])
    }
}
