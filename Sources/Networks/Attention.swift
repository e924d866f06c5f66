// Self-attention between the places of a picture: Zhang et al., "Self-attention generative adversarial networks" (1805.08318),
// section 3, equations 1 to 3.

import Base
import Graph

public enum Attention {
    /// x + γ · o, with a learnt γ that begins at 0: x [batch, spatial…, channels].
    ///
    /// Every place i is asked by every place j by how much it matters there, β[j, i] = softmax over i of key(i) · query(j), and
    /// o(j) = out(Σ β[j, i] value(i)). All four are convolutions of one pixel without bias; the inner three make an eighth of the
    /// channels.
    public static func apply(_ x: Tensor, _ style: LayerStyle, _ scope: Scope) throws(GanError) -> Tensor {
        guard x.rank >= 3, let channels = x.shape.last else { throw GanError(.internalError, "Attention on \(x.shape).") }
        let inner = max(1, channels / 8)
        let places = x.elementCount / channels / x.shape[0]
        func map(_ x: Tensor, _ name: String, outputs: Int) throws(GanError) -> Tensor {
            try Layers.convolution(x, outputs: outputs, window: 1, stride: 1, norm: .nothing, style, scope[name])
        }
        func rows(_ name: String) throws(GanError) -> Tensor { try map(x, name, outputs: inner).reshape([x.shape[0], places, inner]) }
        let (key, query, value) = (try rows("key"), try rows("query"), try rows("value"))
        let weights = try query.product(key, transposeB: true).softmax(axis: 2)
        let seen = try weights.product(value).reshape(Array(x.shape.dropLast()) + [inner])
        return try x + map(seen, "out", outputs: channels) * scope.parameter("gamma", [1], .constant(0))
    }
}
