#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A way from one latent to another: a straight line, or a great circle whose radius changes evenly from the one
/// length to the other (Shoemake, "Animating rotation with quaternion curves", 1985, equation for slerp; White, "Sampling
/// generative networks", 2016, for latents).
///
/// All sums are in Double. Where the two point the same way, opposite ways, or nowhere, there is no one great circle
/// through them, and the line is straight.
struct LatentPath {
    private let from: UnsafePointer<Float>
    private let to: UnsafePointer<Float>
    private let size: Int
    /// The angle between the two in radians; nil for a straight line.
    private let angle: Double?
    private let fromLength: Double
    private let toLength: Double

    /// - Parameters:
    ///   - from, to: `[size]`, finite.
    init(from: UnsafePointer<Float>, to: UnsafePointer<Float>, size: Int, isSpherical: Bool) {
        self.from = from
        self.to = to
        self.size = size
        var (squares, otherSquares) = (0.0, 0.0)
        for i in 0..<size {
            squares += Double(from[i]) * Double(from[i])
            otherSquares += Double(to[i]) * Double(to[i])
        }
        fromLength = squares.squareRoot()
        toLength = otherSquares.squareRoot()
        angle = isSpherical ? Self.angle(from, fromLength, to, toLength, size) : nil
    }

    /// The angle by Kahan's formula, 2 atan2(|u − v|, |u + v|) of the unit vectors, which loses no digits at either end.
    private static func angle(
        _ a: UnsafePointer<Float>, _ aLength: Double, _ b: UnsafePointer<Float>, _ bLength: Double, _ size: Int
    ) -> Double? {
        guard aLength > 0, bLength > 0 else { return nil }
        var (difference, sum) = (0.0, 0.0)
        for i in 0..<size {
            let (u, v) = (Double(a[i]) / aLength, Double(b[i]) / bLength)
            difference += (u - v) * (u - v)
            sum += (u + v) * (u + v)
        }
        let angle = 2 * atan2(difference.squareRoot(), sum.squareRoot())
        // Single-precision latents say nothing about an angle smaller than this, nor about one as near to a half turn.
        return sin(angle) > 1e-6 ? angle : nil
    }

    /// Writes `count` latents, evenly spaced, the first and the last being the ends themselves.
    func write(count: Int, into latents: UnsafeMutablePointer<Float>) {
        for item in 0..<count { write(at: item == 0 ? 0 : Double(item) / Double(count - 1), into: latents + item * size) }
    }

    /// Writes the latent at a place from 0 to 1. At both ends it is the end itself, bit for bit.
    func write(at place: Double, into latent: UnsafeMutablePointer<Float>) {
        if place <= 0 { return latent.update(from: from, count: size) }
        if place >= 1 { return latent.update(from: to, count: size) }
        var (fromShare, toShare) = (1 - place, place)
        if let angle {
            let length = fromShare * fromLength + toShare * toLength
            fromShare = sin((1 - place) * angle) / sin(angle) * length / fromLength
            toShare = sin(place * angle) / sin(angle) * length / toLength
        }
        let largest = Double(Float.greatestFiniteMagnitude)
        for i in 0..<size {
            let value = fromShare * Double(from[i]) + toShare * Double(to[i])
            latent[i] = Float(min(max(value, -largest), largest))
        }
    }
}
