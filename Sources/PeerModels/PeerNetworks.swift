// The networks, layer by layer, under the names that the tensors of reference have. Channels are counted from the picture on.

import Base
import Graph
import Networks

protocol PeerNetworks: Sendable {
    /// Latents [batch, n] to pictures [batch, side, side, 3].
    func generate(_ latents: Tensor, _ scope: Scope) throws(GanError) -> Tensor
    /// Pictures to logits [batch, 1].
    func judge(_ images: Tensor, _ scope: Scope) throws(GanError) -> Tensor
}

/// Windows of 4 × 4 with stride 2. Batch normalisation in the generator alone: a penalty on each item's slope forbids it in the critic.
struct StridedPair: PeerNetworks {
    let side: Int
    let channels: [Int]
    private let style = LayerStyle(.normal(deviation: 0.02))
    private var norm: Norm { .batch(BatchNorm(deviation: 0.02, keepsStatistics: true)) }

    init(side: Int, channels: [Int]) {
        self.side = side
        self.channels = channels
    }

    func generate(_ latents: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let bottom = side / 8
        let relu = Activation.relu
        var x = try relu(Layers.dense(latents, outputs: bottom * bottom * channels[2], norm: norm, style, scope["fc"]))
        x = try x.reshape([x.shape[0], bottom, bottom, channels[2]])
        x = try relu(Layers.transposedConvolution(x, outputs: channels[1], norm: norm, style, scope["u1"]))
        x = try relu(Layers.transposedConvolution(x, outputs: channels[0], norm: norm, style, scope["u2"]))
        return try Layers.transposedConvolution(x, outputs: 3, style, scope["u3"]).tanh()
    }

    func judge(_ images: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var x = images
        for layer in 0..<3 { x = try Activation.leakyRelu(slope: 0.2)(Layers.convolution(x, outputs: channels[layer], style, scope["c\(layer + 1)"])) }
        return try Layers.dense(x.reshape([x.shape[0], x.elementCount / x.shape[0]]), outputs: 1, style, scope["fc"])
    }
}

/// Residual networks without normalisation: at each of three sizes two blocks x + conv(leaky(conv(x) + b)), and between sizes a change of
/// channels by a convolution of 1 × 1.
struct ResidualPair: PeerNetworks {
    let side: Int
    let channels: [Int]
    private let plain = LayerStyle(.he(gain: 1))

    init(side: Int, channels: [Int]) {
        self.side = side
        self.channels = channels
    }

    func generate(_ latents: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let bottom = side / 4
        var x = try Layers.dense(latents, outputs: bottom * bottom * channels[2], plain, scope["fc"])
        x = try x.reshape([x.shape[0], bottom, bottom, channels[2]])
        for stage in 0..<3 {
            x = try blocks(x, scope, stage)
            if stage == 2 { break }
            x = try Layers.convolution(x, outputs: channels[1 - stage], window: 1, stride: 1, norm: .nothing, plain, scope["t\(stage)"])
            let (batch, length, count) = (x.shape[0], x.shape[1], x.shape[3])
            x = try x.reshape([batch, length, 1, length, 1, count]).broadcast(to: [batch, length, 2, length, 2, count])
                .reshape([batch, 2 * length, 2 * length, count])
        }
        return try Layers.convolution(x, outputs: 3, window: 1, stride: 1, plain, scope["out"])
    }

    func judge(_ images: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var x = try Layers.convolution(images, outputs: channels[0], window: 1, stride: 1, plain, scope["in"])
        for stage in 0..<3 {
            x = try blocks(x, scope, stage)
            if stage == 2 { break }
            let (batch, length, count) = (x.shape[0], x.shape[1] / 2, x.shape[3])
            x = try x.reshape([batch, length, 2, length, 2, count]).mean(axes: [2, 4]).reshape([batch, length, length, count])
            x = try Layers.convolution(x, outputs: channels[stage + 1], window: 1, stride: 1, norm: .nothing, plain, scope["t\(stage)"])
        }
        return try Layers.dense(x.reshape([x.shape[0], x.elementCount / x.shape[0]]), outputs: 1, norm: .nothing, plain, scope["fc"])
    }

    private func blocks(_ x: Tensor, _ scope: Scope, _ stage: Int) throws(GanError) -> Tensor {
        let first = LayerStyle(.he(gain: Float((2 / 1.04).squareRoot())))
        let second = LayerStyle(.he(gain: 0.5))
        var x = x
        for block in ["a", "b"] {
            let count = x.shape[3]
            let inner = try Activation.leakyRelu(slope: 0.2)(
                Layers.convolution(x, outputs: count, window: 3, stride: 1, first, scope["s\(stage)\(block)1"]))
            x = try x + Layers.convolution(inner, outputs: count, window: 3, stride: 1, norm: .nothing, second, scope["s\(stage)\(block)2"])
        }
        return x
    }
}
