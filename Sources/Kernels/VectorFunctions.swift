// Transcendental functions of vectors, over the whole range within 1½ units in the last place of the true value,
// sigmoid within 2 and softplus within 2.6, with the right limits: infinities, NaN, denormal arguments and results, overflow
// and underflow.
//
// The polynomials are those of the Cephes mathematical library (S. L. Moshier, "Methods and Programs for Mathematical
// Functions", 1989), whose intervals are kept; the reductions and the tails are our own.

extension VectorArithmetic {
    /// Rounds to the nearest integer, |x| < 2²²: adding 3 · 2²² leaves no room for a fraction.
    @inlinable @inline(__always)
    func roundedToInteger() -> Self {
        let magic = Self(repeating: 12_582_912)
        return (self + magic) - magic
    }

    /// eˣ
    @inlinable @inline(__always)
    public func exponential() -> Self {
        // Beyond this bound the result is ∞ whatever x is.
        bounded(above: Self(repeating: 89)).exponentialUpTo89()
    }

    /// eˣ for x ≤ 89 or NaN.
    @inlinable @inline(__always)
    func exponentialUpTo89() -> Self {
        // Beyond this bound the result is 0 whatever x is.
        let x = bounded(below: Self(repeating: -104))
        // x = n ln 2 + r, ln 2 in two parts of which the first times n is exact. The constant leaves no room for a fraction
        // (`roundedToInteger`).
        let magic = Self(repeating: 12_582_912)
        let n = Self.multiplyAdd(x, Self(repeating: 1.442695040888963), magic) - magic
        var r = Self.multiplyAdd(n, Self(repeating: -0.693359375), x)
        r = Self.multiplyAdd(n, Self(repeating: 2.12194440e-4), r)
        var p = Self(repeating: 1.9875691500e-4)
        p = Self.multiplyAdd(p, r, Self(repeating: 1.3981999507e-3))
        p = Self.multiplyAdd(p, r, Self(repeating: 8.3334519073e-3))
        p = Self.multiplyAdd(p, r, Self(repeating: 4.1665795894e-2))
        p = Self.multiplyAdd(p, r, Self(repeating: 1.6666665459e-1))
        p = Self.multiplyAdd(p, r, Self(repeating: 5.0000001201e-1))
        p = Self.multiplyAdd(p, r, Self(repeating: 1))
        p = Self.multiplyAdd(p, r, Self(repeating: 1))
        return p.scaled(byPowerOfTwo: n)
    }

    /// ln x: −∞ for 0, NaN below.
    @inlinable @inline(__always)
    public func logarithm() -> Self {
        let smallest = Self(repeating: .leastNormalMagnitude)
        let scaled = Self.whereGreater(smallest, self, self * Self(repeating: 33_554_432), self)  // 2²⁵
        let shift = Self.whereGreater(smallest, self, Self(repeating: -25), .zero)
        var result = scaled.logarithmOfNormal(shift: shift)
        let infinity = Self(repeating: .infinity)
        result = Self.whereEqual(self, infinity, infinity, result)
        result = Self.whereEqual(self, .zero, -infinity, result)
        result = Self.whereGreater(.zero, self, Self(repeating: .nan), result)
        return Self.whereEqual(self, self, result, self)
    }

    /// ln x + shift · ln 2 for positive normal x.
    @inlinable @inline(__always)
    func logarithmOfNormal(shift: Self = .zero) -> Self {
        let e = exponentPart() + shift
        let f = mantissaPart() - Self(repeating: 1)
        let z = f * f
        var p = Self(repeating: 7.0376836292e-2)
        p = Self.multiplyAdd(p, f, Self(repeating: -1.1514610310e-1))
        p = Self.multiplyAdd(p, f, Self(repeating: 1.1676998740e-1))
        p = Self.multiplyAdd(p, f, Self(repeating: -1.2420140846e-1))
        p = Self.multiplyAdd(p, f, Self(repeating: 1.4249322787e-1))
        p = Self.multiplyAdd(p, f, Self(repeating: -1.6668057665e-1))
        p = Self.multiplyAdd(p, f, Self(repeating: 2.0000714765e-1))
        p = Self.multiplyAdd(p, f, Self(repeating: -2.4999993993e-1))
        p = Self.multiplyAdd(p, f, Self(repeating: 3.3333331174e-1))
        var y = p * f * z
        y = Self.multiplyAdd(e, Self(repeating: -2.12194440e-4), y)
        y = Self.multiplyAdd(z, Self(repeating: -0.5), y)
        return Self.multiplyAdd(e, Self(repeating: 0.693359375), f + y)
    }

    @inlinable @inline(__always)
    public func hyperbolicTangent() -> Self {
        let x = absolute()
        // Near 0 an odd polynomial; elsewhere 1 − 2 / (e²ˣ + 1), which reaches 1 by itself.
        let z = self * self
        var p = Self(repeating: -5.70498872745e-3)
        p = Self.multiplyAdd(p, z, Self(repeating: 2.06390887954e-2))
        p = Self.multiplyAdd(p, z, Self(repeating: -5.37397155531e-2))
        p = Self.multiplyAdd(p, z, Self(repeating: 1.33314422036e-1))
        p = Self.multiplyAdd(p, z, Self(repeating: -3.33332819422e-1))
        let near = Self.multiplyAdd(p * z, self, self)
        let one = Self(repeating: 1)
        let bounded = x.bounded(above: Self(repeating: 20))  // 1 long before
        let far = one - Self(repeating: 2).quotient(by: (bounded + bounded).exponentialUpTo89() + one)
        return Self.whereGreater(x, Self(repeating: 0.625), far, near).signed(as: self)
    }

    /// 1 / (1 + e⁻ˣ), for negative x written as eˣ / (1 + eˣ) so that the lower tail keeps its digits.
    @inlinable @inline(__always)
    public func sigmoid() -> Self {
        let e = (-absolute()).exponentialUpTo89()
        let one = Self(repeating: 1)
        return Self.whereGreater(.zero, self, e, one).quotient(byOnePlus: e)
    }

    /// ln(1 + eˣ) = max(x, 0) + ln(1 + e) with e = e^−|x|, and ln(1 + e) = e + e² q(e) on [0, 1], q interpolated at the
    /// eleven Chebyshev points.
    @inlinable @inline(__always)
    public func softplus() -> Self {
        let e = (-absolute()).exponentialUpTo89()
        var q = Self(repeating: -0.001770662609487772)
        q = Self.multiplyAdd(q, e, Self(repeating: 0.011725340969860554))
        q = Self.multiplyAdd(q, e, Self(repeating: -0.03631710633635521))
        q = Self.multiplyAdd(q, e, Self(repeating: 0.07204850018024445))
        q = Self.multiplyAdd(q, e, Self(repeating: -0.10774867981672287))
        q = Self.multiplyAdd(q, e, Self(repeating: 0.13762709498405457))
        q = Self.multiplyAdd(q, e, Self(repeating: -0.16563618183135986))
        q = Self.multiplyAdd(q, e, Self(repeating: 0.19987818598747253))
        q = Self.multiplyAdd(q, e, Self(repeating: -0.2499924600124359))
        q = Self.multiplyAdd(q, e, Self(repeating: 0.3333331346511841))
        q = Self.multiplyAdd(q, e, Self(repeating: -0.5))
        // NaN comes with e.
        return Self.whereGreater(self, .zero, self, .zero) + Self.multiplyAdd(q * e, e, e)
    }

    /// cos 2πx and sin 2πx for x in [0, 1) with at most 24 bits after the point, so that the reduction is exact.
    @inlinable @inline(__always)
    func cosineAndSineOfTurns() -> (Self, Self) {
        let q = (self * Self(repeating: 4)).roundedToInteger()  // the nearest quarter turn, 0 ... 4
        let r = Self.multiplyAdd(q, Self(repeating: -0.25), self)
        let a = r * Self(repeating: 6.283185307179586)
        let z = a * a
        var s = Self(repeating: -1.9515295891e-4)
        s = Self.multiplyAdd(s, z, Self(repeating: 8.3321608736e-3))
        s = Self.multiplyAdd(s, z, Self(repeating: -1.6666654611e-1))
        s = Self.multiplyAdd(s * z, a, a)
        var c = Self(repeating: 2.443315711809948e-5)
        c = Self.multiplyAdd(c, z, Self(repeating: -1.388731625493765e-3))
        c = Self.multiplyAdd(c, z, Self(repeating: 4.166664568298827e-2))
        c = Self.multiplyAdd(c * z, z, Self.multiplyAdd(z, Self(repeating: -0.5), Self(repeating: 1)))
        let one = Self(repeating: 1)
        let two = Self(repeating: 2)
        let three = Self(repeating: 3)
        var cosine = Self.whereEqual(q, one, -s, c)
        cosine = Self.whereEqual(q, two, -c, cosine)
        cosine = Self.whereEqual(q, three, s, cosine)
        var sine = Self.whereEqual(q, one, c, s)
        sine = Self.whereEqual(q, two, -s, sine)
        sine = Self.whereEqual(q, three, -c, sine)
        return (cosine, sine)
    }
}
