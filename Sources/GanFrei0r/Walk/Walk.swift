import CGan

/// The way through latent space. Image c of a frame goes round a closed path through the samples 16c … 16c + 15 of the
/// seed, along great circles, resting for an instant at each sample. Where it is depends on the time alone.
struct Walk {
    static let samples = 16

    let seed: UInt64
    let samplesPerSecond: Double
    /// Uniform latents fill a cube, which a great circle would leave; a straight line stays in it.
    let isStraight: Bool

    /// Where image `cell` is, in samples from the first of its sixteen: 0 … 16.
    func position(_ cell: Int, time: Double) -> Double {
        // Each image starts a different part of a step later, by the golden ratio, so that they do not change in time.
        let offset = (Double(cell) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
        let count = Double(Walk.samples)
        let travelled = time.isFinite ? (time * samplesPerSecond).truncatingRemainder(dividingBy: count) : 0
        let position = ((travelled.isFinite ? travelled : 0) + offset).truncatingRemainder(dividingBy: count)
        return position < 0 ? position + count : position
    }

    /// Where image `cell` is: the sample behind it, the one before it, and the part of the way between them.
    func place(_ cell: Int, time: Double) -> (from: Int64, to: Int64, part: Double) {
        let position = position(cell, time: time)
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
        let path = isStraight ? GAN_PATH_LINEAR : GAN_PATH_SPHERICAL
        return gan_sampler_path_at(sampler, ends, ends + size, path, min(max(place.part, 0), 1), latent, size)
    }
}
