// Features of pictures that nobody labelled: those of a convolutional network whose weights are random and always the same. Networks
// that were never trained judge as networks trained on ImageNet do where pictures are far from ImageNet's (Naeem et al. 2002.09797,
// section 4.2); they know form and texture, and nothing of what a picture shows.

import Base
import Graph

public enum RandomFeatures {
    /// Numbers of a picture's features.
    public static let width = 256
    /// Of the random weights, for ever.
    public static let seed: UInt64 = 0x6A09_E667_F3BC_C908

    /// Pictures [batch, height, width, channels] from −1 to 1 to "features" [batch, 256].
    public static func network(_ image: Shape) -> Network {
        Network("random", inputs: [Port("images", image)]) { (inputs, scope) throws(GanError) in
            let style = LayerStyle(.he(gain: 1.4142135))
            var x = try inputs("images")
            var (channels, level) = (32, 0)
            // Windows of 3×3 halve the sides until 4 or fewer are left; what is where is kept, for it matters.
            while max(x.shape[1], x.shape[2]) > 4 {
                x = try Layers.convolution(x, outputs: channels, window: 3, stride: 2, padding: 1, style, scope[level]).maximum(0)
                channels = min(channels * 2, 128)
                level += 1
            }
            let count = x.elementCount / x.shape[0]
            return ["features": try Layers.dense(x.reshape([x.shape[0], count]), outputs: width, LayerStyle(.he(gain: 1)), scope["last"])]
        }
    }
}
