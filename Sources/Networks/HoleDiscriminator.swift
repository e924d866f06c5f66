// Judges a picture with a filled hole: features of the whole picture and features of what lies in the hole, one logit from both (Iizuka et
// al., "Globally and locally consistent image completion", 2017, section 3.3; the local part here is what the hole covers rather than a
// box around it).

import Base
import Graph

public struct HoleDiscriminator: Sendable {
    public let channels: Int
    public let levels: Int
    public let norm: NormKind
    public let style: LayerStyle

    public init(channels: Int, sides: [Int], mostLevels: Int = 4, norm: NormKind, style: LayerStyle) {
        self.channels = channels
        self.norm = norm
        self.style = style
        var levels = 0
        while levels < mostLevels, sides.allSatisfy({ ($0 >> levels) % 2 == 0 && $0 >> (levels + 1) >= 4 }) { levels += 1 }
        self.levels = levels
    }

    /// Pictures [batch, height, width, …] and masks [batch, height, width, 1] to logits [batch, 1].
    public func callAsFunction(_ pictures: Tensor, mask: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let both = try Tensor.concatenate([pictures, mask], axis: 3)
        let whole = try features(both, scope["global"])
        let local = try features(both, scope["local"])
        let share = try mask.averagedPixels(1 << levels)
        // The mean over the hole.
        let inHole = try (local * share).sum(axes: [1, 2]) / (share.sum(axes: [1, 2]) + 1e-6)
        let batch = pictures.shape[0]
        let vector = try Tensor.concatenate(
            [whole.reshape([batch, whole.elementCount / batch]), inHole.reshape([batch, inHole.elementCount / batch])], axis: 1)
        return try Layers.dense(vector, outputs: 1, style, scope["out"])
    }

    private func features(_ x: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let norm = norm.norm(deviation: style.deviation, keepsStatistics: false, .none)
        var x = x
        for level in 0..<levels {
            x = try Activation.leakyRelu(slope: 0.2)(
                Layers.convolution(x, outputs: channels << min(level, 3), norm: level == 0 ? .bias : norm, style, scope[level]))
        }
        return x
    }
}
