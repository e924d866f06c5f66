import Base

// Arrays of numbers in files, whatever the format: what a header says, and the numbers behind it. IDX and NPY have
// readers of their own for the header; what the numbers then mean is for datasets to say.

/// How one number is written.
struct ArrayElement: Equatable {
    enum Kind { case unsigned, signed, float, boolean }

    let kind: Kind
    /// In bytes.
    let size: Int
    let isBigEndian: Bool

    var isInteger: Bool { kind != .float }
    var isByte: Bool { kind == .unsigned && size == 1 }
}

/// What a file says of its numbers. Once made, it has been compared with the length of the file, and memory may be taken.
struct ArrayHeader {
    /// "IDX" or "NPY", for sentences.
    let format: String
    let element: ArrayElement
    /// The sizes, each at least 1.
    let axes: [Int]
    /// Whether the first axis varies fastest in the file, as in Fortran, and not the last.
    let isFortranOrder: Bool
    /// All numbers.
    let count: Int

    /// - Parameter headerSize: the bytes before the numbers.
    init(
        format: String, element: ArrayElement, axes: [Int], isFortranOrder: Bool = false, headerSize: Int, source: ByteSource
    ) throws(GanError) {
        let path = source.path
        for (axis, size) in axes.enumerated() where size <= 0 {
            throw axis == 0
                ? GanError(.badData, "The \(format) file \"\(path)\" holds no items.")
                : GanError(.badFormat, "Axis \(axis) of the \(format) file \"\(path)\" has the size \(size); at least 1 was expected.")
        }
        let total: Int
        do {
            count = try Sizes.product(axes, of: "")
            total = try Sizes.sum(headerSize, Sizes.product(count, element.size, of: ""), of: "")
            _ = try Sizes.product(count, MemoryLayout<Float>.stride, of: "")
        } catch {
            throw GanError(.badFormat, "The header of \"\(path)\" promises more data than any file can hold: axes of \(axes).")
        }
        try source.check(promise: total, read: headerSize)
        self.format = format
        self.element = element
        self.axes = axes
        // Of a single axis that is longer than 1, both orders are the same.
        self.isFortranOrder = isFortranOrder && axes.count(where: { $0 > 1 }) > 1
    }

    /// Reads the header of either format.
    init(from source: ByteSource) throws(GanError) {
        if source.isEmpty { throw GanError(.truncated, "The file \"\(source.path)\" is empty; images were expected.") }
        if !source.isGzip { try FileKind.refuseForeign(source) }
        let start = try source.bytes(4)
        self = start[0] == NPY.signature[0] ? try NPY.header(start, from: source) : try IDX.header(start, from: source)
    }
}

extension ArrayHeader {
    /// All numbers, which are bytes, the last axis varying fastest.
    func readBytes(from source: ByteSource) throws(GanError) -> AlignedBuffer<UInt8> {
        let bytes = try AlignedBuffer<UInt8>(count: count, for: "the images of \"\(source.path)\"")
        try source.readExactly(into: UnsafeMutableRawBufferPointer(bytes.buffer))
        try source.expectEnd()
        return try inOrder(bytes, source)
    }

    /// All numbers as floats, the last axis varying fastest. What is beyond a float becomes infinite.
    func readFloats(from source: ByteSource) throws(GanError) -> AlignedBuffer<Float> {
        let values = try AlignedBuffer<Float>(count: count, for: "the images of \"\(source.path)\"")
        try read(from: source, stride: 1, into: values) { Float($0) } integer: { Float($0) } natural: { Float($0) }
        return try inOrder(values, source)
    }

    /// The numbers with the last axis varying fastest, whatever the order in the file.
    private func inOrder<Value>(_ values: AlignedBuffer<Value>, _ source: ByteSource) throws(GanError) -> AlignedBuffer<Value> {
        guard isFortranOrder else { return values }
        let turned = try AlignedBuffer<Value>(count: count, for: "the images of \"\(source.path)\"")
        defer { withExtendedLifetime(values) {} }
        // How far apart neighbours along each axis are in the file.
        var steps: [Int] = []
        for axis in axes.indices { steps.append(axis == 0 ? 1 : steps[axis - 1] * axes[axis - 1]) }
        let last = axes.count - 1
        var place = [Int](repeating: 0, count: axes.count)
        var from = 0
        var to = 0
        while to < count {
            for i in 0..<axes[last] { turned.pointer[to + i] = values.pointer[from + i * steps[last]] }
            to += axes[last]
            // One on, as an odometer counts, the axes before the last.
            var axis = last - 1
            while axis >= 0 {
                place[axis] += 1
                from += steps[axis]
                if place[axis] < axes[axis] { break }
                from -= axes[axis] * steps[axis]
                place[axis] = 0
                axis -= 1
            }
        }
        return turned
    }

    /// The first number of every item as a label. What 32 bits do not hold becomes the nearest that they do.
    func readLabels(from source: ByteSource) throws(GanError) -> AlignedBuffer<Int32> {
        let labels = try AlignedBuffer<Int32>(count: axes[0], for: "the labels of \"\(source.path)\"")
        try read(from: source, stride: count / axes[0], into: labels) { _ in -1 } integer: { Int32(clamping: $0) } natural: { Int32(clamping: $0) }
        return labels
    }

    /// Reads every `stride`-th number, and the end of the file behind the last.
    private func read<Value>(
        from source: ByteSource, stride: Int, into values: AlignedBuffer<Value>, real: (Double) -> Value,
        integer: (Int64) -> Value, natural: (UInt64) -> Value
    ) throws(GanError) {
        let big = element.isBigEndian
        let step = stride * element.size
        let piece = try AlignedBuffer<UInt8>(count: max(1 << 16, step), for: "a reading buffer")
        defer { withExtendedLifetime((piece, values)) {} }
        let most = piece.count / step
        var first = 0
        while first < values.count {
            let number = min(most, values.count - first)
            let bytes = UnsafeMutableRawBufferPointer(start: piece.pointer, count: number * step)
            try source.readExactly(into: bytes)
            let from = UnsafeRawPointer(piece.pointer)
            let to = values.pointer + first
            switch (element.kind, element.size) {
            case (.float, 4): convert(from, step, number, big, to) { (raw: UInt32) in real(Double(Float(bitPattern: raw))) }
            case (.float, _): convert(from, step, number, big, to) { (raw: UInt64) in real(Double(bitPattern: raw)) }
            case (.signed, 1): convert(from, step, number, big, to) { (raw: UInt8) in integer(Int64(Int8(bitPattern: raw))) }
            case (.signed, 2): convert(from, step, number, big, to) { (raw: UInt16) in integer(Int64(Int16(bitPattern: raw))) }
            case (.signed, 4): convert(from, step, number, big, to) { (raw: UInt32) in integer(Int64(Int32(bitPattern: raw))) }
            case (.signed, _): convert(from, step, number, big, to) { (raw: UInt64) in integer(Int64(bitPattern: raw)) }
            case (_, 1): convert(from, step, number, big, to) { (raw: UInt8) in natural(UInt64(raw)) }
            case (_, 2): convert(from, step, number, big, to) { (raw: UInt16) in natural(UInt64(raw)) }
            case (_, 4): convert(from, step, number, big, to) { (raw: UInt32) in natural(UInt64(raw)) }
            default: convert(from, step, number, big, to) { (raw: UInt64) in natural(raw) }
            }
            first += number
        }
        try source.expectEnd()
    }
}

@inline(__always)
private func convert<Raw: FixedWidthInteger, Value>(
    _ bytes: UnsafeRawPointer, _ step: Int, _ number: Int, _ isBigEndian: Bool, _ values: UnsafeMutablePointer<Value>,
    _ value: (Raw) -> Value
) {
    for i in 0..<number {
        let raw = bytes.loadUnaligned(fromByteOffset: i * step, as: Raw.self)
        values[i] = value(isBigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw))
    }
}
