// What two pictures are compared in, rather than pixel by pixel: the maps of a network that stays as it is (Johnson, Alahi & Fei-Fei,
// "Perceptual losses for real-time style transfer and super-resolution", 2016, 1603.08155; the content loss of Ledig et al. 1609.04802,
// section 2.2.1). Convolutions alone, so pictures may have any sides.

import Base
import Graph

public enum ContentFeatures: Sendable {
    /// Of weights that are random and nobody trained: they know edges and texture.
    case random
    /// The first two levels of a trained classifier of that many channels.
    case classifier(channels: Int)

    private static let levels = 2

    /// Pictures from −1 to 1, [batch, height, width, channels], to maps.
    public func callAsFunction(_ pictures: Tensor, _ scope: Scope) throws(GanError) -> [Tensor] {
        switch self {
        case .classifier(let channels): return try PictureClassifier.maps(of: pictures, channels: channels, levels: Self.levels, scope)
        case .random:
            let style = LayerStyle(.he(gain: 1.4142135))
            let fine = try Layers.convolution(pictures, outputs: 32, window: 3, stride: 1, norm: .nothing, style, scope[0]).maximum(0)
            let half = try Layers.convolution(fine, outputs: 64, window: 3, stride: 2, padding: 1, norm: .nothing, style, scope[1]).maximum(0)
            return [half, try Layers.convolution(half, outputs: 64, window: 3, stride: 1, norm: .nothing, style, scope[2])]
        }
    }
}
