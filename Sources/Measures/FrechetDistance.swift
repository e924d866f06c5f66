// The Fréchet distance of the normal distributions with the same moments (Dowson & Landau 1982, equation 4; Heusel et al.
// 1706.08500, equation 6): |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½).
//
// With factors Σ = FᵀF the trace of the root is the sum of the singular values of F₁ F₂ᵀ: no root of a matrix is taken, singular
// covariances are like others, and what rounding does to small singular values is not made large by a square root.

import Base

enum FrechetDistance {
    static let measure = Measure(
        "frechet-distance", "The Fréchet distance of the features, as those of two normal distributions (FID, with other features).",
        paper: "Heusel et al., GANs trained by a two time-scale update rule converge to a local Nash equilibrium, 2017, arxiv.org/abs/1706.08500",
        range: "0 or more", goal: .lower, needs: .features, minimum: 2,
        samples: "too large by about a constant divided by the number of samples: compare values of equal numbers only")

    static func between(_ a: Moments, _ b: Moments, _ team: Team) throws(GanError) -> Double {
        let width = a.width
        var distance = 0.0
        for i in 0..<width {
            let difference = a.mean.pointer[i] - b.mean.pointer[i]
            distance += difference * difference
        }
        let product = try AlignedBuffer<Double>(count: max(Sizes.product(a.rank, b.rank, of: "a product of covariances"), 1), for: "a product of covariances")
        defer { withExtendedLifetime(product) {} }
        team.each(a.rank) { i, _ in
            for j in 0..<b.rank {
                product.pointer[i * b.rank + j] = NuclearNorm.dot(a.factor.pointer + i * width, b.factor.pointer + j * width, width)
            }
        }
        let root = try NuclearNorm.of(product.pointer, rows: a.rank, columns: b.rank, team)
        return max(0, distance + a.trace + b.trace - 2 * root)
    }
}
