import CGan

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The way through latent space. Image c of a frame goes round a closed path through the samples 16c … 16c + 15 of the
/// seed, along great circles, resting for an instant at each sample. Where it is depends on the time alone.
struct Walk {
    static let samples = 16

    let seed: UInt64
    let samplesPerSecond: Double
    /// Uniform latents fill a cube, which a great circle would leave; a straight line stays in it.
    let isStraight: Bool

    /// Where image `cell` is: the sample behind it, the one before it, and the part of the way between them.
    func place(_ cell: Int, time: Double) -> (from: Int64, to: Int64, part: Double) {
        // Each image starts a different part of a step later, by the golden ratio, so that they do not change in time.
        let offset = (Double(cell) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
        let count = Double(Walk.samples)
        let travelled = time.isFinite ? (time * samplesPerSecond).truncatingRemainder(dividingBy: count) : 0
        var position = ((travelled.isFinite ? travelled : 0) + offset).truncatingRemainder(dividingBy: count)
        if position < 0 { position += count }
        let step = min(Int(position), Walk.samples - 1)
        let rest = min(max(position - Double(step), 0), 1)
        let first = Int64(cell * Walk.samples)
        // At rest at both ends, and swiftest half way.
        return (first + Int64(step), first + Int64((step + 1) % Walk.samples), rest * rest * (3 - 2 * rest))
    }

    /// Writes the latent of image `cell` at `time` to `latent`. `ends` is room for two.
    /// - Returns: a status of libgan's.
    func latent(
        _ cell: Int, time: Double, _ sampler: OpaquePointer?, size: Int, ends: UnsafeMutablePointer<Float>, to latent: UnsafeMutablePointer<Float>
    ) -> Int32 {
        let place = place(cell, time: time)
        var status = gan_sampler_latents(sampler, seed, place.from, 1, ends, size)
        if status == GAN_OK { status = gan_sampler_latents(sampler, seed, place.to, 1, ends + size, size) }
        guard status == GAN_OK else { return status }
        mix(ends, ends + size, place.part, size, to: latent)
        return status
    }

    /// Spherical interpolation of the directions (Shoemake 1985), while the length changes evenly.
    private func mix(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ part: Double, _ size: Int, to result: UnsafeMutablePointer<Float>) {
        var (aa, bb, ab) = (0.0, 0.0, 0.0)
        for i in 0..<size {
            let (x, y) = (Double(a[i]), Double(b[i]))
            aa += x * x
            bb += y * y
            ab += x * y
        }
        let (lengthA, lengthB) = (aa.squareRoot(), bb.squareRoot())
        let cosine = ab / (lengthA * lengthB)
        var (weightA, weightB) = (1 - part, part)
        // Latents that point the same way, or opposite ways, lie on no one circle; nor does one of length 0.
        if !isStraight && cosine.magnitude < 0.9999 {
            let angle = acos(cosine)
            let length = lengthA + (lengthB - lengthA) * part
            weightA = sin((1 - part) * angle) / sin(angle) * length / lengthA
            weightB = sin(part * angle) / sin(angle) * length / lengthB
        }
        for i in 0..<size { result[i] = Float(Double(a[i]) * weightA + Double(b[i]) * weightB) }
    }
}
