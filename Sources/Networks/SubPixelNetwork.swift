// From a small picture to one of several times its sides: residual blocks at the small size, where they are cheap, and sub-pixel
// convolutions at the end (Shi et al. 1609.05158), as Ledig et al. 1609.04802, figure 4. The blocks add to what cubic convolution
// makes of the small picture, so that the network learns only what that lacks (Kim et al. 1511.04587).

import Base
import Graph

public struct SubPixelNetwork: Sendable {
    public let channels: Int
    public let blocks: Int
    /// Sides are made so many times as long: a power of 2.
    public let scale: Int
    public let norm: NormKind
    public let style: LayerStyle

    public init(channels: Int, blocks: Int, scale: Int, norm: NormKind, style: LayerStyle) {
        self.channels = channels
        self.blocks = blocks
        self.scale = scale
        self.norm = norm
        self.style = style
    }

    /// How far away a pixel of the small picture can lie that makes a difference to another.
    public var reach: Int { 2 + 2 * blocks + 1 + 3 + 2 }

    /// [batch, height, width, channels] to [batch, height · scale, width · scale, channels].
    public func callAsFunction(_ picture: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let norm = norm.norm(deviation: style.deviation, keepsStatistics: true, .none)
        let leaky = Activation.leakyRelu(slope: 0.2)
        let head = try leaky(Layers.convolution(picture, outputs: channels, window: 5, stride: 1, style, scope["in"]))
        var x = head
        let residual = ResidualBlock(activation: leaky, style: style, norm: norm, upsampling: .shuffle)
        for block in 0..<blocks { x = try residual.plain(x, scope[block]) }
        x = try head + Layers.convolution(x, outputs: channels, window: 3, stride: 1, norm: norm, style, scope["middle"])
        var factor = 1
        while factor < scale {
            let wide = try Layers.convolution(x, outputs: channels * 4, window: 3, stride: 1, style, scope["up"][factor])
            x = try leaky(wide.shuffledPixels(2))
            factor *= 2
        }
        // Nearly nothing in the beginning, so that the training begins with cubic convolution.
        let faint = LayerStyle(.normal(deviation: 0.001), weight: style.weight)
        let detail = try Layers.convolution(x, outputs: picture.shape[3], window: 3, stride: 1, faint, scope["out"])
        return try PictureFilters.enlarged(picture, by: scale) + detail
    }
}
