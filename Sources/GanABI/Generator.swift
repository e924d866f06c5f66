import Base
import CGan
import Data
import Training

// gan.h, "Generator".

/// What a `gan_generator` leads to.
final class GeneratorObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .generator }
    let generator: Generator

    init(_ generator: Generator) {
        self.generator = generator
        super.init(.generator)
    }
}

@_cdecl("gan_generator_load") @implementation
public func gan_generator_load(_ path: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<OpaquePointer?>!) -> Int32 {
    creating(out) { () throws(GanError) in GeneratorObject(try Generator(path: try text(path, "path"))) }
}

@_cdecl("gan_generator_load_memory") @implementation
public func gan_generator_load_memory(
    _ bytes: UnsafeRawPointer!, _ size: Int, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        GeneratorObject(try Generator(bytes: try checkpointBytes(bytes, size)))
    }
}

/// The caller's checkpoint in memory.
func checkpointBytes(_ bytes: UnsafeRawPointer?, _ size: Int) throws(GanError) -> UnsafeRawBufferPointer {
    let bytes = try required(bytes, "bytes", "a checkpoint")
    guard size >= 0 else {
        throw GanError(.invalidArgument, "The argument 'size' is \(UInt(bitPattern: size)), more than any memory holds.")
    }
    return UnsafeRawBufferPointer(start: bytes, count: size)
}

/// Gives the caller a checkpoint of `needed` bytes, or their number alone.
func replyCheckpoint(
    _ needed: Int, _ buffer: UnsafeMutableRawPointer?, _ capacity: Int, _ size: UnsafeMutablePointer<Int>?,
    _ write: (UnsafeMutableRawBufferPointer) throws(GanError) -> Void
) throws(GanError) {
    let size = try required(size, "size", "a place for the checkpoint's size")
    guard let buffer else {
        guard capacity == 0 else {
            throw GanError(
                .invalidArgument,
                "The argument 'buffer' is NULL and 'capacity' is \(UInt(bitPattern: capacity)); a buffer, or 0 to ask for the size, was expected.")
        }
        size.pointee = needed
        return
    }
    guard room(capacity) >= needed else {
        size.pointee = needed
        throw GanError(.bufferTooSmall, "The buffer holds \(capacity) bytes, but the checkpoint needs \(needed).")
    }
    try write(UnsafeMutableRawBufferPointer(start: buffer, count: needed))
    size.pointee = needed
}

@_cdecl("gan_generator_save_memory") @implementation
public func gan_generator_save_memory(
    _ generator: OpaquePointer!, _ buffer: UnsafeMutableRawPointer!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(generator, .any) { (generator) throws(GanError) in
        try replyCheckpoint(try generator.savedSize, buffer, capacity, size) { (room) throws(GanError) in try generator.save(into: room) }
    }
}

@_cdecl("gan_generator_save") @implementation
public func gan_generator_save(_ generator: OpaquePointer!, _ path: UnsafePointer<CChar>!) -> Int32 {
    reading(generator, .any) { (generator) throws(GanError) in try generator.save(to: try text(path, "path")) }
}

@_cdecl("gan_generator_destroy") @implementation
public func gan_generator_destroy(_ generator: OpaquePointer!) { inCall { _ = destroyed(generator, as: GeneratorObject.self) } }

// MARK: What it is

@inline(__always)
private func reading(
    _ handle: OpaquePointer?, _ length: CallLength = .brief, _ body: (Generator) throws(GanError) -> Void
) -> Int32 {
    boundary(length) { () throws(GanError) in
        try using(handle, "generator", as: GeneratorObject.self, .shared) { (object) throws(GanError) in try body(object.generator) }
    }
}

@_cdecl("gan_generator_latent_size") @implementation
public func gan_generator_latent_size(_ generator: OpaquePointer!, _ size: UnsafeMutablePointer<Int32>!) -> Int32 {
    reading(generator) { (generator) throws(GanError) in
        try required(size, "size", "a place for the number").pointee = Int32(clamping: generator.latentSize)
    }
}

@_cdecl("gan_generator_shape") @implementation
public func gan_generator_shape(
    _ generator: OpaquePointer!, _ height: UnsafeMutablePointer<Int32>!, _ width: UnsafeMutablePointer<Int32>!,
    _ channels: UnsafeMutablePointer<Int32>!
) -> Int32 {
    reading(generator) { (generator) throws(GanError) in try writeShape(generator.imageShape, height, width, channels) }
}

@_cdecl("gan_generator_axes") @implementation
public func gan_generator_axes(
    _ generator: OpaquePointer!, _ axes: UnsafeMutablePointer<Int64>!, _ capacity: Int, _ rank: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(generator) { (generator) throws(GanError) in try reply(axes: generator.axes, "what is made", axes, capacity, rank) }
}

@_cdecl("gan_generator_range") @implementation
public func gan_generator_range(
    _ generator: OpaquePointer!, _ low: UnsafeMutablePointer<Float>!, _ high: UnsafeMutablePointer<Float>!
) -> Int32 {
    reading(generator) { (generator) throws(GanError) in
        let low = try required(low, "low", "a place for the value that is black")
        let high = try required(high, "high", "a place for the value that is white")
        low.pointee = generator.low
        high.pointee = generator.high
    }
}

@_cdecl("gan_generator_option") @implementation
public func gan_generator_option(
    _ generator: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(generator) { (generator) throws(GanError) in
        try reply(try generator.options.text(try text(name, "name")), buffer, capacity, size)
    }
}
