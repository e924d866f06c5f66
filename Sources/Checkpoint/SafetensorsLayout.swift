public import Base

/// The header of a safetensors file that is to be written, and with it the file's size.
///
/// The same metadata and tensors give the same bytes: metadata in the order of their names, tensors in the order in
/// which they are handed over, nothing from the clock or the machine.
public struct SafetensorsLayout: Sendable {
    /// The first bytes of the file: the length, the JSON, and spaces up to `alignment`.
    public let header: [UInt8]
    /// Where the contents of the metadatum named in `marking` lie in `header`.
    public let marked: Range<Int>?
    public let fileSize: Int

    /// The data begins at a multiple of the cache line, so that a file mapped into memory can be computed on in place.
    /// The format asks for 8 bytes.
    public static let alignment = 64

    public init(
        metadata: [String: String], marking marked: String? = nil, tensors: [(name: String, shape: [Int])]
    ) throws(GanError) {
        guard metadata.count <= SafetensorsHeader.mostNames, tensors.count < SafetensorsHeader.mostNames else {
            throw GanError(
                .invalidArgument,
                "The checkpoint would have \(tensors.count) tensors and \(metadata.count) metadata, and fewer than "
                    + "\(SafetensorsHeader.mostNames) of each are allowed.")
        }
        var writer = JSONWriter()
        writer.openObject()
        writer.member(SafetensorsHeader.metadataName)
        let place = writer.stringMap(metadata, marking: marked)
        var names: Set<String> = [SafetensorsHeader.metadataName]
        var offset = 0
        for (name, shape) in tensors {
            guard names.insert(name).inserted else {
                throw GanError(.invalidArgument, "The tensor name \(quoted(name)) is there twice or reserved by the file's format.")
            }
            guard shape.count <= SafetensorsHeader.mostAxes else {
                throw GanError(
                    .invalidArgument,
                    "The tensor \(quoted(name)) has \(shape.count) axes, and a file takes at most \(SafetensorsHeader.mostAxes).")
            }
            let elements = try Sizes.product(shape, of: "the tensor \(quoted(name))")
            let bytes = try Sizes.product(elements, MemoryLayout<Float>.size, of: "the tensor \(quoted(name))")
            let end = try Sizes.sum(offset, bytes, of: "the checkpoint")
            writer.member(name)
            writer.openObject()
            writer.member("dtype")
            writer.string(ElementType.float32.name)
            writer.member("shape")
            writer.openArray()
            for size in shape { writer.integer(size) }
            writer.closeArray()
            writer.member("data_offsets")
            writer.openArray()
            writer.integer(offset)
            writer.integer(end)
            writer.closeArray()
            writer.closeObject()
            offset = end
        }
        writer.closeObject()

        let prefixSize = SafetensorsHeader.prefixSize
        let padding = (Self.alignment - (prefixSize + writer.bytes.count) % Self.alignment) % Self.alignment
        let length = writer.bytes.count + padding
        guard length <= SafetensorsHeader.largestSize else {
            throw GanError(
                .outOfRange,
                "The header of the checkpoint would have \(length) bytes, and its format allows \(SafetensorsHeader.largestSize).")
        }
        var header: [UInt8] = []
        header.reserveCapacity(prefixSize + length)
        for byte in 0..<prefixSize { header.append(UInt8(truncatingIfNeeded: length >> (8 * byte))) }
        header += writer.bytes
        header += repeatElement(UInt8(ascii: " "), count: padding)
        self.header = header
        self.marked = place.map { prefixSize + $0.lowerBound..<prefixSize + $0.upperBound }
        self.fileSize = try Sizes.sum(header.count, offset, of: "the checkpoint")
    }
}
