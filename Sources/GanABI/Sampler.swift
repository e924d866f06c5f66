import Base
import CGan
import Data
import Training

// gan.h, "Sampler", as far as it fills the caller's buffers. Nothing here allocates on success.

/// What a `gan_sampler` leads to, with the sizes that every call checks against.
final class SamplerObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .sampler }
    let sampler: Sampler
    let shape: ImageShape
    let latentSize: Int

    init(_ sampler: Sampler) {
        self.sampler = sampler
        self.shape = sampler.generator.imageShape
        self.latentSize = sampler.generator.latentSize
        super.init(.sampler)
    }
}

/// Runs `body` with the sampler in use by this call alone.
@inline(__always)
func sampling(_ handle: OpaquePointer?, _ body: (SamplerObject) throws(GanError) -> Void) -> Int32 {
    boundary { () throws(GanError) in try using(handle, "sampler", as: SamplerObject.self, .exclusive, body) }
}

@_cdecl("gan_sampler_create") @implementation
public func gan_sampler_create(
    _ generator: OpaquePointer!, _ options: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let values = try optionValues(options)
        let generator = try using(generator, "generator", as: GeneratorObject.self, .shared) { $0.generator }
        return SamplerObject(
            try Sampler(
                generator: generator, threads: values.integer(.threads), truncation: values.real(.truncation),
                smallestPiece: values.real(.volumePieces)))
    }
}

@_cdecl("gan_sampler_destroy") @implementation
public func gan_sampler_destroy(_ sampler: OpaquePointer!) { inCall { _ = destroyed(sampler, as: SamplerObject.self) } }

// MARK: Drawing

@_cdecl("gan_sampler_latents") @implementation
public func gan_sampler_latents(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ latents: UnsafeMutablePointer<Float>!,
    _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let count = try checkedCount(count, "count")
        try checkRange(first, count)
        if try checkLatents(capacity, count, object) == 0 { return }
        object.sampler.latents(seed: seed, first: first, count: count, into: try required(latents, "latents", "a buffer"))
    }
}

@_cdecl("gan_sampler_draw") @implementation
public func gan_sampler_draw(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ images: UnsafeMutablePointer<Float>!,
    _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let count = try checkedCount(count, "count")
        try checkRange(first, count)
        if try checkImages(capacity, .floats, count, object) == 0 { return }
        object.sampler.draw(seed: seed, first: first, count: count, into: try required(images, "images", "a buffer"))
    }
}

@_cdecl("gan_sampler_draw_bytes") @implementation
public func gan_sampler_draw_bytes(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ pixels: UnsafeMutablePointer<UInt8>!,
    _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let count = try checkedCount(count, "count")
        try checkRange(first, count)
        if try checkImages(capacity, .bytes, count, object) == 0 { return }
        object.sampler.drawBytes(seed: seed, first: first, count: count, into: try required(pixels, "pixels", "a buffer"))
    }
}

// MARK: Decoding

@_cdecl("gan_sampler_decode") @implementation
public func gan_sampler_decode(
    _ sampler: OpaquePointer!, _ latents: UnsafePointer<Float>!, _ count: Int64, _ images: UnsafeMutablePointer<Float>!,
    _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let count = try checkedCount(count, "count")
        if try checkImages(capacity, .floats, count, object) == 0 { return }
        let latents = try required(latents, "latents", "an array of latents")
        let images = try required(images, "images", "a buffer")
        try checkFinite(latents, count, object.latentSize, "latents")
        object.sampler.decode(latents: latents, count: count, into: images)
    }
}

@_cdecl("gan_sampler_decode_bytes") @implementation
public func gan_sampler_decode_bytes(
    _ sampler: OpaquePointer!, _ latents: UnsafePointer<Float>!, _ count: Int64, _ pixels: UnsafeMutablePointer<UInt8>!,
    _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let count = try checkedCount(count, "count")
        if try checkImages(capacity, .bytes, count, object) == 0 { return }
        let latents = try required(latents, "latents", "an array of latents")
        let pixels = try required(pixels, "pixels", "a buffer")
        try checkFinite(latents, count, object.latentSize, "latents")
        object.sampler.decodeBytes(latents: latents, count: count, into: pixels)
    }
}

// MARK: Paths

@_cdecl("gan_sampler_path") @implementation
public func gan_sampler_path(
    _ sampler: OpaquePointer!, _ from: UnsafePointer<Float>!, _ to: UnsafePointer<Float>!, _ path: Int32, _ count: Int64,
    _ latents: UnsafeMutablePointer<Float>!, _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let line = try latentPath(from, to, path, object.latentSize)
        let count = try checkedCount(count, "count")
        if try checkLatents(capacity, count, object) == 0 { return }
        line.write(count: count, into: try required(latents, "latents", "a buffer"))
    }
}

@_cdecl("gan_sampler_path_at") @implementation
public func gan_sampler_path_at(
    _ sampler: OpaquePointer!, _ from: UnsafePointer<Float>!, _ to: UnsafePointer<Float>!, _ path: Int32, _ place: Double,
    _ latent: UnsafeMutablePointer<Float>!, _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let line = try latentPath(from, to, path, object.latentSize)
        guard place >= 0 && place <= 1 else {
            throw GanError(.outOfRange, "The argument 'place' is \(Text.format(place)); a place from 0 to 1 was expected.")
        }
        try checkLatents(capacity, 1, object)
        line.write(at: place, into: try required(latent, "latent", "a buffer"))
    }
}

private func latentPath(
    _ from: UnsafePointer<Float>?, _ to: UnsafePointer<Float>?, _ path: Int32, _ size: Int
) throws(GanError) -> LatentPath {
    let from = try required(from, "from", "a latent")
    let to = try required(to, "to", "a latent")
    guard path == GAN_PATH_LINEAR || path == GAN_PATH_SPHERICAL else {
        throw GanError(
            .invalidArgument,
            "The argument 'path' is \(path); GAN_PATH_LINEAR (\(GAN_PATH_LINEAR)) or GAN_PATH_SPHERICAL (\(GAN_PATH_SPHERICAL)) was expected.")
    }
    try checkFinite(from, 1, size, "from")
    try checkFinite(to, 1, size, "to")
    return LatentPath(from: from, to: to, size: size, isSpherical: path == GAN_PATH_SPHERICAL)
}

// MARK: Checks

@discardableResult
private func checkLatents(_ capacity: Int, _ count: Int, _ object: SamplerObject) throws(GanError) -> Int {
    try checkCapacity(capacity, .floats, holds: count, of: object.latentSize, "latents of \(object.latentSize) numbers")
}

private func checkImages(_ capacity: Int, _ unit: BufferUnit, _ count: Int, _ object: SamplerObject) throws(GanError) -> Int {
    try checkCapacity(capacity, unit, holds: count, of: object.shape.elements, "images of \(object.shape)")
}

/// Refuses latents with NaN or infinity in them, naming the first. Their number has been checked with the buffer's, or
/// is 1.
private func checkFinite(_ latents: UnsafePointer<Float>, _ count: Int, _ size: Int, _ argument: StaticString) throws(GanError) {
    for item in 0..<count {
        let latent = latents + item * size
        // 0 · x is 0 for every finite x and NaN for all others; a sum without branches becomes vector code.
        var sum: Float = 0
        for position in 0..<size { sum += 0 * latent[position] }
        if sum == 0 { continue }
        for position in 0..<size where !latent[position].isFinite {
            throw GanError(
                .badData,
                "The argument '\(argument)' holds \(Text.format(latent[position])) at position \(position) of latent \(item); finite numbers were expected.")
        }
    }
}
