import Base

// Arrays of images as files, written in pieces of whole images: the header first, then the values, and the file under
// its name only when all of them are there.

/// IDX of unsigned bytes: `[count, height, width]`, or `[count, height, width, channels]` for more than one channel.
public final class IDXWriter {
    private let file: AtomicFile
    private var remaining: Int

    /// - Throws: `.outOfRange` for a size that the format's 32 bits cannot say; as `AtomicFile`.
    public init(path: String, count: Int, shape: ImageShape) throws(GanError) {
        remaining = try elements(count, shape)
        guard let number = UInt32(exactly: count) else {
            throw GanError(.outOfRange, "IDX holds at most \(UInt32.max) images; \(count) were asked for.")
        }
        var axes = [number, UInt32(shape.height), UInt32(shape.width)]
        if shape.channels > 1 { axes.append(UInt32(shape.channels)) }
        let header = IDX.header(.unsignedByte, axes: axes)
        file = try AtomicFile(path: path)
        try file.write(header)
    }

    /// Appends pixels.
    public func write(_ pixels: UnsafeBufferPointer<UInt8>) throws(GanError) {
        remaining = try take(pixels.count, of: remaining, file)
        try file.write(UnsafeRawBufferPointer(pixels))
    }

    /// Puts the file in its place.
    public func finish() throws(GanError) { try complete(file, remaining) }
}

/// NumPy's format, version 1.0 (numpy.lib.format): 32-bit floats `[count, height, width, channels]` in C order.
public final class NPYWriter {
    private let file: AtomicFile
    private var remaining: Int

    /// - Parameter isRows: the images are rows of numbers, and become `[count, width]`.
    /// - Throws: as `AtomicFile`.
    public init(path: String, count: Int, shape: ImageShape, isRows: Bool = false) throws(GanError) {
        remaining = try elements(count, shape)
        let header = NPY.header("f4", axes: isRows ? [count, shape.elements] : [count, shape.height, shape.width, shape.channels])
        file = try AtomicFile(path: path)
        try file.write(header)
    }

    /// An array of any rank.
    public init(path: String, axes: [Int]) throws(GanError) {
        remaining = try Sizes.product(axes, of: "an array")
        _ = try Sizes.product(remaining, MemoryLayout<Float>.stride, of: "an array")
        file = try AtomicFile(path: path)
        try file.write(NPY.header("f4", axes: axes))
    }

    /// Appends values.
    public func write(_ values: UnsafeBufferPointer<Float>) throws(GanError) {
        remaining = try take(values.count, of: remaining, file)
        try file.write(UnsafeRawBufferPointer(values))
    }

    /// Puts the file in its place.
    public func finish() throws(GanError) { try complete(file, remaining) }
}

private func elements(_ count: Int, _ shape: ImageShape) throws(GanError) -> Int {
    guard count >= 0 else { throw GanError(.invalidArgument, "The count of images is \(count); 0 or more was expected.") }
    let total = try Sizes.product(count, shape.elements, of: "\(count) images of \(shape)")
    _ = try Sizes.product(total, MemoryLayout<Float>.stride, of: "\(count) images of \(shape)")
    return total
}

private func take(_ count: Int, of remaining: Int, _ file: AtomicFile) throws(GanError) -> Int {
    guard count <= remaining else {
        file.abandon()
        throw GanError(.invalidArgument, "\(count) values were given for \"\(file.path)\", and its header leaves room for \(remaining).")
    }
    return remaining - count
}

private func complete(_ file: AtomicFile, _ remaining: Int) throws(GanError) {
    guard remaining == 0 else {
        file.abandon()
        throw GanError(.invalidArgument, "\"\(file.path)\" lacks \(remaining) of the values that its header promises.")
    }
    try file.commit()
}

extension IDX {
    /// What stands before the elements.
    static func header(_ type: ElementType, axes: [UInt32]) -> [UInt8] {
        var header: [UInt8] = [0, 0, type.rawValue, UInt8(truncatingIfNeeded: axes.count)]
        for axis in axes {
            for shift in [24, 16, 8, 0] as [UInt32] { header.append(UInt8(truncatingIfNeeded: axis >> shift)) }
        }
        return header
    }
}

extension NPY {
    /// What stands before elements of this machine's byte order: magic, version, a 16-bit length, the description; padded so that the
    /// values begin at a multiple of 64.
    /// - Parameter type: as NumPy writes it, without the byte order, such as "f4".
    static func header(_ type: String, axes: [Int]) -> [UInt8] {
        let order = type.hasSuffix("1") ? "|" : 1.littleEndian == 1 ? "<" : ">"
        var text = "{'descr': '\(order)\(type)', 'fortran_order': False, 'shape': ("
        text += axes.count == 1 ? "\(axes[0]),), }" : axes.map { String($0) }.joined(separator: ", ") + "), }"
        let bare = 10 + text.utf8.count + 1
        text += String(repeating: " ", count: (64 - bare % 64) % 64) + "\n"
        var header = signature
        header += [1, 0, UInt8(truncatingIfNeeded: text.utf8.count), UInt8(truncatingIfNeeded: text.utf8.count >> 8)]
        return header + Array(text.utf8)
    }
}
