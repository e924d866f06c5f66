#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import CGan
import Data

// gan.h, "Images".

@_cdecl("gan_image_write_png") @implementation
public func gan_image_write_png(
    _ pixels: UnsafePointer<UInt8>!, _ count: Int64, _ height: Int32, _ width: Int32, _ channels: Int32, _ columns: Int32,
    _ margin: Int32, _ scale: Int32, _ path: UnsafePointer<CChar>!
) -> Int32 {
    boundary { () throws(GanError) in
        let pixels = try required(pixels, "pixels", "an array of images")
        let count = try checkedCount(count, "count", least: 1)
        let shape = try checkedShape(height, width, channels)
        let grid = try checkedGrid(columns, margin, scale)
        try PNGWriter.write(pixels, count: count, shape: shape, grid: grid, path: try text(path, "path"))
    }
}

@_cdecl("gan_image_decode_png") @implementation
public func gan_image_decode_png(
    _ bytes: UnsafeRawPointer!, _ size: Int, _ convert: Int32, _ pixels: UnsafeMutablePointer<UInt8>!, _ capacity: Int,
    _ height: UnsafeMutablePointer<Int32>!, _ width: UnsafeMutablePointer<Int32>!, _ channels: UnsafeMutablePointer<Int32>!
) -> Int32 {
    boundary { () throws(GanError) in
        try decode(
            bytes, size, isPNG: true, convert, pixels, capacity, "bytes", height, width, channels
        ) { (reader, shape, pixels) throws(GanError) in try reader.decode(channels: shape.channels, into: pixels) }
    }
}

@_cdecl("gan_image_decode") @implementation
public func gan_image_decode(
    _ bytes: UnsafeRawPointer!, _ size: Int, _ convert: Int32, _ pixels: UnsafeMutablePointer<UInt8>!, _ capacity: Int,
    _ height: UnsafeMutablePointer<Int32>!, _ width: UnsafeMutablePointer<Int32>!, _ channels: UnsafeMutablePointer<Int32>!
) -> Int32 {
    boundary { () throws(GanError) in
        try decode(
            bytes, size, isPNG: false, convert, pixels, capacity, "bytes", height, width, channels
        ) { (reader, shape, pixels) throws(GanError) in try reader.decode(channels: shape.channels, into: pixels) }
    }
}

@_cdecl("gan_image_decode_floats") @implementation
public func gan_image_decode_floats(
    _ bytes: UnsafeRawPointer!, _ size: Int, _ convert: Int32, _ pixels: UnsafeMutablePointer<Float>!, _ capacity: Int,
    _ height: UnsafeMutablePointer<Int32>!, _ width: UnsafeMutablePointer<Int32>!, _ channels: UnsafeMutablePointer<Int32>!,
    _ depth: UnsafeMutablePointer<Int32>!
) -> Int32 {
    boundary { () throws(GanError) in
        let depth = try required(depth, "depth", "a place for the number")
        let reader = try decode(
            bytes, size, isPNG: false, convert, pixels, capacity, "floats", height, width, channels
        ) { (reader, shape, pixels) throws(GanError) in try reader.decode(shape, into: pixels) }
        depth.pointee = Int32(clamping: reader.depth)
    }
}

@_cdecl("gan_image_encode_png") @implementation
public func gan_image_encode_png(
    _ pixels: UnsafePointer<Float>!, _ height: Int32, _ width: Int32, _ channels: Int32, _ depth: Int32, _ buffer: UnsafeMutableRawPointer!,
    _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    boundary { () throws(GanError) in
        let pixels = try required(pixels, "pixels", "a picture")
        let size = try required(size, "size", "a place for the file's size")
        let shape = try checkedShape(height, width, channels)
        guard depth == 8 || depth == 16 else {
            throw GanError(.invalidArgument, "The argument 'depth' is \(depth); 8 or 16 (bits a channel) was expected.")
        }
        if buffer == nil && capacity != 0 {
            throw GanError(
                .invalidArgument,
                "The argument 'buffer' is NULL and 'capacity' is \(UInt(bitPattern: capacity)); a buffer, or 0 to ask for the size, was expected.")
        }
        let file = try PNGWriter.encode(pixels, shape: shape, depth: Int(depth))
        size.pointee = file.count
        guard let buffer else { return }
        guard room(capacity) >= file.count else {
            throw GanError(.bufferTooSmall, "The buffer holds \(capacity) bytes, but the PNG file needs \(file.count).")
        }
        memcpy(buffer, file.pointer, file.count)
    }
}

/// - Parameter read: decodes in the shape that it is told, to memory of the library's own.
@discardableResult
private func decode<Number>(
    _ bytes: UnsafeRawPointer?, _ size: Int, isPNG: Bool, _ convert: Int32, _ pixels: UnsafeMutablePointer<Number>?, _ capacity: Int,
    _ unit: StaticString, _ height: UnsafeMutablePointer<Int32>?, _ width: UnsafeMutablePointer<Int32>?, _ channels: UnsafeMutablePointer<Int32>?,
    _ read: (PictureReader, ImageShape, UnsafeMutablePointer<Number>) throws(GanError) -> Void
) throws(GanError) -> PictureReader {
    let bytes = try required(bytes, "bytes", "the contents of a picture file")
    guard [0, 1, 3].contains(convert) || (convert == 4 && !isPNG) else {
        throw GanError(
            .invalidArgument,
            "The argument 'convert' is \(convert); 0 (as in the file), 1 (grey)\(isPNG ? " or 3 (RGB)" : ", 3 (RGB) or 4 (RGBA)") was expected.")
    }
    if pixels == nil && capacity != 0 {
        throw GanError(
            .invalidArgument,
            "The argument 'pixels' is NULL and 'capacity' is \(UInt(bitPattern: capacity)); a buffer, or 0 to ask for the shape, was expected.")
    }
    let reader = try PictureReader(UnsafeRawBufferPointer(start: bytes, count: room(size)), isPNG: isPNG)
    let found = try reader.shape()
    let shape = try ImageShape(height: found.height, width: found.width, channels: convert == 0 ? found.channels : Int(convert))
    guard let pixels else {
        try writeShape(shape, height, width, channels)
        return reader
    }
    guard room(capacity) >= shape.elements else {
        try writeShape(shape, height, width, channels)
        throw GanError(
            .bufferTooSmall, "The buffer holds \(capacity) \(unit), but an image of \(shape) needs \(shape.elements).")
    }
    // A file may turn out to be damaged half way, and then the caller's buffer must be as it was.
    let own = try AlignedBuffer<Number>(count: shape.elements, for: "an image of \(shape)")
    try read(reader, shape, own.pointer)
    try writeShape(shape, height, width, channels)
    pixels.update(from: own.pointer, count: shape.elements)
    return reader
}
