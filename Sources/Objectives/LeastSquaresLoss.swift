// Mao et al., "Least squares generative adversarial networks", 1611.04076, equation 2 with a = 0, b = c = 1.

import Base
import Graph

enum LeastSquaresLoss {
    /// ½ mean((l(x) − (1 − smoothing))²) + ½ mean(l(G(z))²)
    static func discriminator(_ real: Tensor, _ fake: Tensor, smoothing: Float) throws(GanError) -> Tensor {
        try ((real - (1 - smoothing)).squared().mean() + fake.squared().mean()) * 0.5
    }

    /// ½ mean((l(G(z)) − 1)²)
    static func generator(_ fake: Tensor) throws(GanError) -> Tensor { try (fake - 1).squared().mean() * 0.5 }
}
