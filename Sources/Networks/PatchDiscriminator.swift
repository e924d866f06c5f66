// Judges a picture patch by patch: one logit for each place of a coarse grid, from convolutions alone (Isola et al. 1611.07004, section
// 3.2.2, and its appendix 6.1.2). What it judges is texture; it takes pictures of any sides.

import Base
import Graph

public struct PatchDiscriminator: Sendable {
    /// Channels of the first layer; each further one has twice as many, up to eight times.
    public let channels: Int
    /// How often sides are halved before the last layer.
    public let levels: Int
    public let norm: NormKind
    public let style: LayerStyle

    /// - Parameter sides: Height and width of the pictures that it learns from: at least 4 are left for the last layer.
    public init(channels: Int, sides: [Int], mostLevels: Int = 3, norm: NormKind, style: LayerStyle) {
        self.channels = channels
        self.norm = norm
        self.style = style
        var levels = 1
        while levels < mostLevels, (sides.min() ?? 0) >> (levels + 1) >= 4 { levels += 1 }
        self.levels = levels
    }

    /// Pictures [batch, height, width, …], what they are judged beside being further channels, to logits [batch, places].
    public func callAsFunction(_ pictures: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let norm = norm.norm(deviation: style.deviation, keepsStatistics: false, .none)
        var x = pictures
        for level in 0..<levels {
            x = try Activation.leakyRelu(slope: 0.2)(
                Layers.convolution(x, outputs: channels << min(level, 3), padding: 1, norm: level == 0 ? .bias : norm, style, scope[level]))
        }
        let logits = try Layers.convolution(x, outputs: 1, window: 4, stride: 1, padding: 1, style, scope[levels])
        return try logits.reshape([logits.shape[0], logits.elementCount / logits.shape[0]])
    }
}
