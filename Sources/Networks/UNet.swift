// From a picture to a picture of the same sides: halves them by convolutions, doubles them again by transposed ones, and hands every
// size over to its like on the way back (Ronneberger et al. 1505.04597, as Isola et al. 1611.07004, section 6.1.1, build it). It is
// convolutions alone, so it takes any sides that are multiples of `multiple`.

import Base
import Graph

public struct UNet: Sendable {
    /// Channels of the first halved size; each further one has twice as many, up to eight times.
    public let channels: Int
    /// How often sides are halved.
    public let levels: Int
    public let norm: NormKind
    public let style: LayerStyle
    /// How many of the numbers of the three smallest sizes on the way back are left out, which is the network's noise; 0 for none.
    public let dropout: Float
    /// Residual blocks at the smallest size, where that of the pictures that it learns from is still larger than a window. (Those that it is
    /// applied to have other sides, and must find the same network.)
    private let innerBlocks: Int

    /// - Parameter sides: Height and width of the pictures that it learns from.
    public init(channels: Int, sides: [Int], mostLevels: Int = 6, norm: NormKind, style: LayerStyle, dropout: Float) {
        self.channels = channels
        self.norm = norm
        self.style = style
        self.dropout = dropout
        var levels = 0
        while levels < mostLevels, sides.allSatisfy({ $0 >> levels > 2 && ($0 >> levels) % 2 == 0 }) { levels += 1 }
        self.levels = levels
        innerBlocks = levels == 0 || sides[0] >> levels > 4 ? 2 : 0
    }

    /// Sides of pictures have to be multiples of this.
    public var multiple: Int { 1 << levels }
    /// How far away a pixel can lie that makes a difference to another.
    public var reach: Int {
        // A window of 4 reaches two pixels of its own size to either side, on the way down and on the way up; a block of two windows of 3, two.
        if levels == 0 { return 2 * innerBlocks + 2 }
        var total = 4 * ((1 << levels) - 1)
        total += 2 * innerBlocks * (1 << levels) + (1 << levels)
        return total
    }

    /// [batch, height, width, …] to [batch, height, width, outputs].
    public func callAsFunction(_ picture: Tensor, outputs: Int, _ scope: Scope) throws(GanError) -> Tensor {
        let norm = norm.norm(deviation: style.deviation, keepsStatistics: true, .none)
        let leaky = Activation.leakyRelu(slope: 0.2)
        var x = picture
        var halved: [Tensor] = []
        for level in 0..<levels {
            x = try leaky(Layers.convolution(x, outputs: width(level), norm: level == 0 ? .bias : norm, style, scope["down"][level]))
            halved.append(x)
        }
        if innerBlocks > 0 {
            if levels == 0 { x = try leaky(Layers.convolution(x, outputs: channels, window: 3, stride: 1, style, scope["inner"]["in"])) }
            let blocks = ResidualBlock(activation: leaky, style: style, norm: norm, upsampling: .transposed)
            for block in 0..<innerBlocks { x = try blocks.plain(x, scope["inner"][block]) }
        }
        for level in (0..<levels).reversed() {
            let isLast = level == 0
            let place = scope["up"][level]
            x = try Layers.transposedConvolution(x, outputs: isLast ? outputs : width(level - 1), norm: isLast ? .bias : norm, style, place)
            if isLast { return x }
            if dropout > 0 && levels - level <= 3 { x = try Dropout.apply(x, share: dropout, keptInSampling: true, place) }
            x = try Tensor.concatenate([x.maximum(0), halved[level - 1]], axis: 3)
        }
        return try Layers.convolution(x, outputs: outputs, window: 3, stride: 1, style, scope["out"])
    }

    private func width(_ level: Int) -> Int { channels << min(level, 3) }
}
