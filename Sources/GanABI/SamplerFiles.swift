#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import CGan
import Data
import Training

// gan.h, "Sampler", as far as it makes files.

// MARK: PNG

@_cdecl("gan_sampler_write_png") @implementation
public func gan_sampler_write_png(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ columns: Int32, _ margin: Int32,
    _ scale: Int32, _ path: UnsafePointer<CChar>!
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let path = try text(path, "path")
        let picture = try Picture(object, first, count, columns, margin, scale)
        let pixels = try picture.draw(object, seed)
        try PNGWriter.write(pixels.pointer, count: picture.count, shape: object.shape, grid: picture.grid, path: path)
    }
}

@_cdecl("gan_sampler_encode_png") @implementation
public func gan_sampler_encode_png(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ columns: Int32, _ margin: Int32,
    _ scale: Int32, _ buffer: UnsafeMutableRawPointer!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let size = try required(size, "size", "a place for the file's size")
        if buffer == nil && capacity != 0 {
            throw GanError(
                .invalidArgument,
                "The argument 'buffer' is NULL and 'capacity' is \(UInt(bitPattern: capacity)); a buffer, or 0 to ask for the size, was expected.")
        }
        let picture = try Picture(object, first, count, columns, margin, scale)
        let pixels = try picture.draw(object, seed)
        let file = try PNGWriter.encode(pixels.pointer, count: picture.count, shape: object.shape, grid: picture.grid)
        size.pointee = file.count
        guard let buffer else { return }
        guard room(capacity) >= file.count else {
            throw GanError(.bufferTooSmall, "The buffer holds \(capacity) bytes, but the PNG file needs \(file.count).")
        }
        memcpy(buffer, file.pointer, file.count)
    }
}

/// The arguments of a picture, checked: all of it fits into a PNG file before the first sample is drawn.
private struct Picture {
    let first: Int64
    let count: Int
    let grid: ImageGrid

    init(_ object: SamplerObject, _ first: Int64, _ count: Int64, _ columns: Int32, _ margin: Int32, _ scale: Int32) throws(GanError) {
        self.first = first
        self.count = try checkedCount(count, "count", least: 1)
        self.grid = try checkedGrid(columns, margin, scale)
        try checkRange(first, self.count)
        guard [1, 3, 4].contains(object.shape.channels) else {
            throw GanError(
                .mismatch,
                "The generator's images have \(object.shape.channels) channels; PNG takes 1 (grey), 3 (RGB) or 4 (RGBA). gan_sampler_write_npy takes any number.")
        }
        _ = try PNGWriter.size(count: self.count, shape: object.shape, grid: grid)
    }

    func draw(_ object: SamplerObject, _ seed: UInt64) throws(GanError) -> AlignedBuffer<UInt8> {
        let total = try Sizes.product(count, object.shape.elements, of: "\(count) images of \(object.shape)")
        let pixels = try AlignedBuffer<UInt8>(count: total, for: "\(count) images of \(object.shape)")
        object.sampler.drawBytes(seed: seed, first: first, count: count, into: pixels.pointer)
        return pixels
    }
}

func checkedGrid(_ columns: Int32, _ margin: Int32, _ scale: Int32) throws(GanError) -> ImageGrid {
    ImageGrid(
        columns: try checkedCount(columns, "columns", least: 1), margin: try checkedCount(margin, "margin"),
        scale: try checkedCount(scale, "scale", least: 1))
}

// MARK: Arrays

@_cdecl("gan_sampler_write_idx") @implementation
public func gan_sampler_write_idx(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ path: UnsafePointer<CChar>!
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let path = try text(path, "path")
        let count = try checkedCount(count, "count")
        try checkRange(first, count)
        let pixels: AlignedBuffer<UInt8> = try chunk(object)
        let file = try IDXWriter(path: path, count: count, shape: object.shape)
        try inChunks(first, count, pixels, object) { (first, count, values) throws(GanError) in
            object.sampler.drawBytes(seed: seed, first: first, count: count, into: pixels.pointer)
            try file.write(values)
        }
        try file.finish()
    }
}

@_cdecl("gan_sampler_write_npy") @implementation
public func gan_sampler_write_npy(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ path: UnsafePointer<CChar>!
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let path = try text(path, "path")
        let count = try checkedCount(count, "count")
        try checkRange(first, count)
        let images: AlignedBuffer<Float> = try chunk(object)
        let file = try NPYWriter(path: path, count: count, shape: object.shape, isRows: object.sampler.generator.makesRows)
        try inChunks(first, count, images, object) { (first, count, values) throws(GanError) in
            object.sampler.draw(seed: seed, first: first, count: count, into: images.pointer)
            try file.write(values)
        }
        try file.finish()
    }
}

/// Memory for some images, about a million values, however many are drawn in all.
private func chunk<Element>(_ object: SamplerObject) throws(GanError) -> AlignedBuffer<Element> {
    let images = max(1, (1 << 20) / object.shape.elements)
    let values = try Sizes.product(images, object.shape.elements, of: "an image of \(object.shape)")
    return try AlignedBuffer<Element>(count: values, for: "\(images) images of \(object.shape)")
}

/// Calls `body` with the first sample, the number of samples and the place of each chunk.
private func inChunks<Element>(
    _ first: Int64, _ count: Int, _ chunk: AlignedBuffer<Element>, _ object: SamplerObject,
    _ body: (Int64, Int, UnsafeBufferPointer<Element>) throws(GanError) -> Void
) throws(GanError) {
    let elements = object.shape.elements
    let most = chunk.count / elements
    var done = 0
    while done < count {
        let part = min(most, count - done)
        try body(first + Int64(done), part, UnsafeBufferPointer(start: chunk.pointer, count: part * elements))
        done += part
    }
}
