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

        var element: ArrayElement {
            switch self {
            case .unsignedByte: return ArrayElement(kind: .unsigned, size: 1, isBigEndian: true)
            case .signedByte: return ArrayElement(kind: .signed, size: 1, isBigEndian: true)
            case .int16: return ArrayElement(kind: .signed, size: 2, isBigEndian: true)
            case .int32: return ArrayElement(kind: .signed, size: 4, isBigEndian: true)
            case .float32: return ArrayElement(kind: .float, size: 4, isBigEndian: true)
            case .float64: return ArrayElement(kind: .float, size: 8, isBigEndian: true)
            }
        }
    }

    /// Reads and checks the header.
    ///
    /// - Parameter start: the first four bytes, read already.
    static func header(_ start: [UInt8], from source: ByteSource) throws(GanError) -> ArrayHeader {
        let path = source.path
        guard start[0] == 0, start[1] == 0 else {
            throw GanError(
                .badFormat,
                "The \(source.isGzip ? "contents of the gzip file" : "file") \"\(path)\" \(source.isGzip ? "are" : "is") neither IDX, which begins with two zero bytes, nor NPY.")
        }
        guard let type = ElementType(rawValue: start[2]) else {
            throw GanError(.badFormat, "The IDX file \"\(path)\" has the element type \(start[2]); 8, 9, 11, 12, 13 or 14 was expected.")
        }
        let rank = Int(start[3])
        guard rank >= 1 else { throw GanError(.badFormat, "The IDX file \"\(path)\" has no axes; at least 1 was expected.") }
        let sizes = try source.bytes(4 * rank)
        let axes = (0..<rank).map { axis in sizes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) } }
        return try ArrayHeader(format: "IDX", element: type.element, axes: axes, headerSize: 4 + 4 * rank, source: source)
    }
}
