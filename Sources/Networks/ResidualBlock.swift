// Blocks that add what they compute to what they got.

import Base
import Graph

public enum ResidualKind: String, CaseIterable, Sendable {
    /// Huang et al., "The GAN is dead; long live the GAN! A modern baseline GAN" (2501.05441), section 3: no norms, an activation
    /// between two convolutions, and sides halved and doubled between blocks.
    case r3gan
    /// Miyato et al., "Spectral normalization for generative adversarial networks" (1802.05957), appendix B: norm and activation in
    /// front of each convolution, and sides halved and doubled within blocks.
    case sngan
}

/// What the blocks of one network share.
struct ResidualBlock {
    let activation: Activation
    let style: LayerStyle
    let norm: Norm
    let upsampling: Upsampling

    /// How large the second convolution's weights begin, beside 1 for a layer that keeps the size of what it gets: smaller, so that
    /// the sum of many blocks does not grow.
    private static let secondGain: Float = 0.5

    /// x + conv(activation(conv(x) + bias)), of 3×3 windows; a norm takes the bias's place.
    func plain(_ x: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let channels = x.shape[x.rank - 1]
        let inner = try activation(
            Layers.convolution(x, outputs: channels, window: 3, stride: 1, norm: norm, style.scaled(activation.gain), scope["first"]))
        return try x + Layers.convolution(
            inner, outputs: channels, window: 3, stride: 1, norm: .nothing, style.scaled(Self.secondGain), scope["second"])
    }

    enum Sides {
        case kept, halved, doubled
    }

    /// shortcut(x) + conv(activation(norm(conv(activation(norm(x)))))).
    ///
    /// - Parameter isFirst: x is a picture, which no activation is to cut.
    func preactivated(_ x: Tensor, outputs: Int, _ sides: Sides, isFirst: Bool = false, _ scope: Scope) throws(GanError) -> Tensor {
        let (inner, outer) = (style.scaled(activation.gain), style.scaled(1))
        func changed(_ x: Tensor, window: Int, norm: Norm, _ style: LayerStyle, _ name: String) throws(GanError) -> Tensor {
            if sides == .doubled { return try upsampling.layer(x, outputs: outputs, window: window, norm: norm, style, scope[name]) }
            return try Layers.convolution(x, outputs: outputs, window: window, stride: 1, norm: norm, style, scope[name])
        }
        var y = isFirst ? x : try activation(norm.apply(to: x, scope["norm"]))
        y = try activation(changed(y, window: 3, norm: norm, inner, "first"))
        y = try Layers.convolution(y, outputs: outputs, window: 3, stride: 1, norm: unnormalised, inner, scope["second"])
        var shortcut = x
        // Means of what looks at one pixel are what looks at means: the smaller picture comes first.
        if sides == .halved { (y, shortcut) = (try y.averagedPixels(2), try shortcut.averagedPixels(2)) }
        if sides != .kept || outputs != x.shape[x.rank - 1] {
            shortcut = try changed(shortcut, window: 1, norm: unnormalised, outer, "shortcut")
        }
        return try shortcut + y
    }

    /// Behind what is summed: where norms follow on every way, a bias would be taken out again.
    private var unnormalised: Norm {
        if case .bias = norm { return .bias }
        return .nothing
    }
}
