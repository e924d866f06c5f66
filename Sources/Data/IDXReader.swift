#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

/// IDX, the format of MNIST: two zero bytes, the element type, the number of axes, the size of each axis as a big-endian
/// 32-bit number, then the elements, big-endian, the last axis varying fastest.
/// (LeCun, Cortes and Burges, "The MNIST database of handwritten digits".)
enum IDX {
    enum ElementType: UInt8 {
        case unsignedByte = 0x08
        case signedByte = 0x09
        case int16 = 0x0B
        case int32 = 0x0C
        case float32 = 0x0D
        case float64 = 0x0E

        var size: Int {
            switch self {
            case .unsignedByte, .signedByte: return 1
            case .int16: return 2
            case .int32, .float32: return 4
            case .float64: return 8
            }
        }

        var isInteger: Bool { self != .float32 && self != .float64 }
    }

    struct Header {
        let type: ElementType
        let axes: [Int]
        /// All elements.
        let elements: Int

        /// Reads and checks the header, against the length of the file too: afterwards memory may be taken for the elements.
        init(from source: ByteSource) throws(GanError) {
            let path = source.path
            if source.storedSize == 0 { throw GanError(.truncated, "The file \"\(path)\" is empty; IDX data were expected.") }
            if !source.isGzip && !source.head.starts(with: [0, 0].prefix(source.head.count)) {
                throw GanError(.badFormat, "The file \"\(path)\" is neither IDX (which begins with two zero bytes) nor gzip.")
            }
            let start = try IDX.bytes(4, from: source)
            guard start[0] == 0, start[1] == 0 else {
                throw GanError(.badFormat, "The contents of \"\(path)\" are not IDX, which begins with two zero bytes.")
            }
            guard let type = ElementType(rawValue: start[2]) else {
                throw GanError(.badFormat, "The IDX file \"\(path)\" has the element type \(start[2]); 8, 9, 11, 12, 13 or 14 was expected.")
            }
            let rank = Int(start[3])
            guard rank >= 1 else { throw GanError(.badFormat, "The IDX file \"\(path)\" has no axes; at least 1 was expected.") }
            let sizes = try IDX.bytes(4 * rank, from: source)
            var axes: [Int] = []
            for axis in 0..<rank {
                let size = sizes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
                guard size > 0 else {
                    throw axis == 0
                        ? GanError(.badData, "The IDX file \"\(path)\" holds no items.")
                        : GanError(.badFormat, "Axis \(axis) of the IDX file \"\(path)\" has the size 0; at least 1 was expected.")
                }
                axes.append(size)
            }
            let elements: Int
            let total: Int
            do {
                elements = try Sizes.product(axes, of: "")
                total = try Sizes.sum(4 + 4 * rank, Sizes.product(elements, type.size, of: ""), of: "")
                _ = try Sizes.product(elements, MemoryLayout<Float>.stride, of: "")
            } catch {
                throw GanError(.badFormat, "The header of \"\(path)\" promises more data than any file can hold: axes of \(axes).")
            }
            try source.check(promise: total)
            self.type = type
            self.axes = axes
            self.elements = elements
        }
    }

    /// Opens images, and their labels where a file is named.
    static func open(images source: ByteSource, labels labelPath: String?, options: DatasetOptions) throws(GanError) -> Dataset {
        try options.check()
        let path = source.path
        let header = try Header(from: source)
        let axes = header.axes
        guard axes.count >= 2 else {
            throw GanError(.badFormat, "The IDX file \"\(path)\" has one axis, as labels have; images have at least 2.")
        }
        let count = axes[0]
        let perItem = header.elements / count
        let shape: ImageShape
        if axes.count == 2 {
            shape = try options.shape(height: 1, width: axes[1], channels: 1, isFlat: true, path: path)
        } else {
            shape = try options.shape(
                height: axes[1], width: axes[2], channels: perItem / axes[1] / axes[2], isFlat: false, path: path)
        }
        // Labels are small: a fault in them is found before the images are read.
        let labels = try labelPath.map { path throws(GanError) in try readLabels(path: path, count: count, classes: options.classes) }
        if header.type == .unsignedByte {
            let bytes = try AlignedBuffer<UInt8>(count: header.elements, for: "the images of \"\(path)\"")
            try source.readExactly(into: UnsafeMutableRawBufferPointer(bytes.buffer))
            try source.expectEnd()
            let range = try options.range(default: 0, 255)
            if let outside = range.firstOutside(UnsafePointer(bytes.pointer), bytes.count) {
                throw range.violation(
                    Float(bytes.pointer[outside]), at: outside, shape: shape, of: "\"\(path)\"", advice: ValueRange.optionAdvice)
            }
            return Dataset(count: count, shape: shape, storage: .bytes(bytes.pointer), range: range, labels: labels, owner: bytes)
        }
        let values = try AlignedBuffer<Float>(count: header.elements, for: "the images of \"\(path)\"")
        try readFloats(header.type, from: source, into: values)
        try source.expectEnd()
        var range = ValueRange.unit
        if header.type.isInteger {
            var (smallest, largest) = (values.pointer[0], values.pointer[0])
            for i in 0..<values.count {
                smallest = min(smallest, values.pointer[i])
                largest = max(largest, values.pointer[i])
            }
            // Where every value is the same it is black.
            range = try options.range(default: smallest, largest > smallest ? largest : smallest.nextUp + max(1, abs(smallest)))
        } else {
            range = try options.range(default: 0, 1)
        }
        if let outside = range.firstOutside(UnsafePointer(values.pointer), values.count) {
            throw range.violation(values.pointer[outside], at: outside, shape: shape, of: "\"\(path)\"", advice: ValueRange.optionAdvice)
        }
        return Dataset(count: count, shape: shape, storage: .floats(values.pointer), range: range, labels: labels, owner: values)
    }

    private static func readLabels(path: String, count: Int, classes: Int) throws(GanError) -> Labels {
        let source = try ByteSource(path: path)
        let header = try Header(from: source)
        guard header.axes.count == 1 else {
            throw GanError(.badFormat, "The labels \"\(path)\" have \(header.axes.count) axes; labels have 1.")
        }
        guard header.type.isInteger else {
            throw GanError(.badFormat, "The labels \"\(path)\" are not integers.")
        }
        guard header.elements == count else {
            throw GanError(.mismatch, "The labels \"\(path)\" are \(header.elements), and there are \(count) images; one each was expected.")
        }
        let values = try AlignedBuffer<Int32>(count: count, for: "the labels of \"\(path)\"")
        let type = header.type
        try inPieces(count, type.size, from: source) { piece, first, number in
            for i in 0..<number {
                let label: Int32
                switch type {
                case .unsignedByte: label = Int32(piece[i])
                case .signedByte: label = Int32(Int8(bitPattern: piece[i]))
                case .int16: label = Int32(Int16(bitPattern: piece.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self).bigEndian))
                default: label = Int32(bitPattern: piece.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self).bigEndian)
                }
                values.pointer[first + i] = label
            }
        }
        try source.expectEnd()
        return try Labels(checking: values, classes: classes, of: "\"\(path)\"")
    }

    private static func readFloats(_ type: ElementType, from source: ByteSource, into values: AlignedBuffer<Float>) throws(GanError) {
        defer { withExtendedLifetime(values) {} }
        let out = values.pointer
        try inPieces(values.count, type.size, from: source) { piece, first, number in
            switch type {
            case .unsignedByte:
                for i in 0..<number { out[first + i] = Float(piece[i]) }
            case .signedByte:
                for i in 0..<number { out[first + i] = Float(Int8(bitPattern: piece[i])) }
            case .int16:
                for i in 0..<number {
                    out[first + i] = Float(Int16(bitPattern: piece.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self).bigEndian))
                }
            case .int32:
                for i in 0..<number {
                    out[first + i] = Float(Int32(bitPattern: piece.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self).bigEndian))
                }
            case .float32:
                for i in 0..<number {
                    out[first + i] = Float(bitPattern: piece.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self).bigEndian)
                }
            case .float64:
                for i in 0..<number {
                    out[first + i] = Float(
                        Double(bitPattern: piece.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self).bigEndian))
                }
            }
        }
    }

    /// Reads `count` elements of `size` bytes through a small buffer; `body` gets (bytes, index of the first, how many).
    private static func inPieces(
        _ count: Int, _ size: Int, from source: ByteSource, _ body: (UnsafeRawBufferPointer, Int, Int) -> Void
    ) throws(GanError) {
        let piece = try AlignedBuffer<UInt8>(count: 1 << 16, for: "a reading buffer")
        defer { withExtendedLifetime(piece) {} }
        let most = piece.count / size
        var first = 0
        while first < count {
            let number = min(most, count - first)
            let bytes = UnsafeMutableRawBufferPointer(start: piece.pointer, count: number * size)
            try source.readExactly(into: bytes)
            body(UnsafeRawBufferPointer(bytes), first, number)
            first += number
        }
    }

    private static func bytes(_ count: Int, from source: ByteSource) throws(GanError) -> [UInt8] {
        let bytes = try AlignedBuffer<UInt8>(count: count, for: "a header")
        defer { withExtendedLifetime(bytes) {} }
        try source.readExactly(into: UnsafeMutableRawBufferPointer(bytes.buffer))
        return Array(bytes.buffer)
    }
}

extension DatasetOptions {
    /// The range that the options set, with what they leave open taken from the data.
    func range(default smallest: Float, _ largest: Float) throws(GanError) -> ValueRange {
        try ValueRange(
            minimum: minimum.map { Float($0) } ?? smallest, maximum: maximum.map { Float($0) } ?? largest, names: ValueRange.optionNames)
    }
}
