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
    decode(bytes, size, isPNG: true, convert, pixels, capacity, height, width, channels)
}

@_cdecl("gan_image_decode") @implementation
public func gan_image_decode(
    _ bytes: UnsafeRawPointer!, _ size: Int, _ convert: Int32, _ pixels: UnsafeMutablePointer<UInt8>!, _ capacity: Int,
    _ height: UnsafeMutablePointer<Int32>!, _ width: UnsafeMutablePointer<Int32>!, _ channels: UnsafeMutablePointer<Int32>!
) -> Int32 {
    decode(bytes, size, isPNG: false, convert, pixels, capacity, height, width, channels)
}

private func decode(
    _ bytes: UnsafeRawPointer?, _ size: Int, isPNG: Bool, _ convert: Int32, _ pixels: UnsafeMutablePointer<UInt8>?, _ capacity: Int,
    _ height: UnsafeMutablePointer<Int32>?, _ width: UnsafeMutablePointer<Int32>?, _ channels: UnsafeMutablePointer<Int32>?
) -> Int32 {
    boundary { () throws(GanError) in
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
        guard let pixels else { return try writeShape(shape, height, width, channels) }
        guard room(capacity) >= shape.elements else {
            try writeShape(shape, height, width, channels)
            throw GanError(
                .bufferTooSmall, "The buffer holds \(capacity) bytes, but an image of \(shape) needs \(shape.elements).")
        }
        // A file may turn out to be damaged half way, and then the caller's buffer must be as it was.
        let own = try AlignedBuffer<UInt8>(count: shape.elements, for: "an image of \(shape)")
        try reader.decode(channels: shape.channels, into: own.pointer)
        try writeShape(shape, height, width, channels)
        memcpy(pixels, own.pointer, shape.elements)
    }
}
