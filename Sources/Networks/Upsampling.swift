// How a generator's layers double the sides of what they get.

import Base
import Graph

public enum Upsampling: String, CaseIterable, Sendable {
    /// A transposed convolution of stride 2 (Radford et al. 1511.06434).
    case transposed
    /// Every pixel four times, then a convolution (Odena et al., "Deconvolution and checkerboard artifacts", 2016).
    case nearest
    /// Pixels between which there is interpolation, then a convolution.
    case bilinear
    /// A convolution to four times the channels, which become pixels (Shi et al. 1609.05158).
    case shuffle

    /// A convolutional layer that doubles sides: [batch, spatial…, inputs] to [batch, 2 · spatial…, outputs].
    ///
    /// - Parameter window: The window's side, 1 or 3. A transposed convolution takes one more, which stride 2 divides.
    func layer(
        _ x: Tensor, outputs: Int, window: Int = 3, norm: Norm = .bias, _ style: LayerStyle, _ scope: Scope
    ) throws(GanError) -> Tensor {
        func convolution(_ x: Tensor, _ outputs: Int) throws(GanError) -> Tensor {
            try Layers.convolution(x, outputs: outputs, window: window, stride: 1, norm: norm, style, scope)
        }
        switch self {
        case .transposed:
            return try Layers.transposedConvolution(x, outputs: outputs, window: window + 1, norm: norm, style, scope)
        // What looks at one pixel comes first, where there are fewer of them; the result is the same.
        case .nearest: return try window == 1 ? convolution(x, outputs).repeatedPixels(2) : convolution(x.repeatedPixels(2), outputs)
        case .bilinear: return try window == 1 ? convolution(x, outputs).interpolatedPixels() : convolution(x.interpolatedPixels(), outputs)
        case .shuffle:
            let groups = try Sizes.product(1 << max(0, x.rank - 2), outputs, of: "a convolution's channels")
            return try convolution(x, groups).shuffledPixels(2)
        }
    }
}
