public import Base

/// The format of every weight file here: safetensors, which NumPy, PyTorch, JAX and Rust read with no code of ours.
///
///     8 bytes   the length N of the header, little-endian
///     N bytes   JSON: {"__metadata__": {text: text}, name: {"dtype": …, "shape": […], "data_offsets": [from, to]}, …}
///               and spaces up to the length wanted
///     the rest  the tensors' numbers, little-endian, the last axis contiguous; offsets count from here
///
/// The data must be covered by the tensors without a gap or an overlap, so nothing can hide in a file.
/// The format: https://github.com/huggingface/safetensors
///
/// This type reads the first two parts. It is handed bytes that anybody may have written, so every size is checked
/// against the others before it is believed, and nothing is allocated by a size that only the file claims.
public struct SafetensorsHeader: Sendable {
    public struct Tensor: Sendable {
        public let name: String
        public let elementType: ElementType
        public let shape: [Int]
        /// Its bytes, counted from the beginning of the data.
        public let range: Range<Int>
    }

    public struct Metadatum: Sendable {
        public let value: String
        /// Where the value is written, without its quotation marks, counted from the beginning of the header's JSON.
        public let contents: Range<Int>
    }

    public let metadata: [String: Metadatum]
    /// In the order of their data.
    public let tensors: [Tensor]
    /// How many bytes of data the tensors cover. The file must have exactly that many after the header.
    public let dataSize: Int
    private let indices: [String: Int]

    /// The bytes before the JSON, which give its length.
    public static let prefixSize = 8
    /// The format's own limit.
    public static let largestSize = 100_000_000
    /// NumPy and PyTorch stop at 64 axes as well.
    public static let mostAxes = 64
    /// Of tensors, and of metadata too. The format has no such limit; it is there so that a header made of nothing but
    /// names cannot cost seconds and gigabytes. The largest models that people share have some thousands of tensors.
    public static let mostNames = 100_000
    static let metadataName = "__metadata__"

    public subscript(name: String) -> Tensor? {
        indices[name].map { tensors[$0] }
    }

    /// The length of the JSON, out of the first bytes of a file.
    /// - Parameters:
    ///   - prefix: the first `prefixSize` bytes, or as many as there are.
    ///   - fileSize: the size of the whole file where that is known.
    ///   - source: what to call the file in an error.
    public static func length(prefix: UnsafeRawBufferPointer, fileSize: Int?, source: String) throws(GanError) -> Int {
        guard prefix.count >= prefixSize else {
            let what = prefix.isEmpty ? "is empty" : "has only \(prefix.count) bytes"
            throw GanError(.truncated, "\(source) \(what); a safetensors file begins with eight that give its header's length.")
        }
        let length = UInt64(littleEndian: prefix.loadUnaligned(as: UInt64.self))
        guard length >= 2, length <= UInt64(largestSize) else {
            try refuseOthers(length, source)
            throw GanError(
                .badFormat,
                "\(source) is not a safetensors file: its first eight bytes would be the length of its header, and \(length) is "
                    + (length < 2 ? "less than the two bytes of an empty one." : "more than the \(largestSize) bytes allowed."))
        }
        if let fileSize, Int(length) > fileSize - prefixSize {
            try refuseOthers(length, source)
            throw GanError(
                .truncated,
                "\(source) is cut short: its header should have \(length) bytes, and the whole file has \(fileSize). "
                    + "Take it from where it came once more.")
        }
        return Int(length)
    }

    /// Of a file that is not what it should be: whether it is something else that is known by its first bytes. Asked last, because
    /// the length of a header may have any bytes.
    private static func refuseOthers(_ length: UInt64, _ source: String) throws(GanError) {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
        guard let name = FileKind.name(beginning: bytes) else { return }
        throw GanError(.badFormat, "\(source) is \(name), and not a safetensors file, which checkpoints are.")
    }

    /// Reads the JSON, which has the length that the first bytes gave.
    public init(json: UnsafeRawBufferPointer, source: String) throws(GanError) {
        guard json.first == UInt8(ascii: "{") else {
            try Self.refuseOthers(UInt64(json.count), source)
            throw GanError(.badFormat, "\(source) is not a safetensors file: its header does not begin with a brace, {.")
        }
        // Lists of what is in it take a few times as much.
        try Memory.check(room: 8 * min(json.count, 64 * Self.mostNames))
        var metadata: [String: Metadatum]?
        var tensors: [Tensor] = []
        do throws(JSONReader.Failure) {
            var reader = JSONReader(json)
            var names: Set<String> = []
            try reader.openObject()
            while let name = try reader.nextMember() {
                guard names.insert(name.value).inserted else { throw reader.repeated(name) }
                guard names.count <= Self.mostNames else { throw reader.tooMany(name, Self.mostNames) }
                if name.value == Self.metadataName {
                    metadata = try reader.stringMap(atMost: Self.mostNames).mapValues { Metadatum(value: $0.value, contents: $0.contents) }
                } else {
                    tensors.append(try Self.tensor(name, &reader))
                }
            }
            try reader.end()
        } catch {
            throw GanError(.badFormat, "\(source) is malformed: its header \(error.message) (byte \(Self.prefixSize + error.offset)).")
        }

        // An empty tensor shares its offset with the one after it and comes first.
        tensors.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        var covered = 0
        for tensor in tensors {
            guard tensor.range.lowerBound == covered else {
                throw GanError(
                    .badFormat,
                    "\(source) is malformed: the data of the tensor \(quoted(tensor.name)) begins at byte "
                        + "\(tensor.range.lowerBound), which "
                        + (tensor.range.lowerBound < covered ? "overlaps" : "leaves a gap after")
                        + " the data before it, which ends at byte \(covered).")
            }
            covered = tensor.range.upperBound
            try tensor.checkSize(source: source)
        }
        self.metadata = metadata ?? [:]
        self.tensors = tensors
        self.dataSize = covered
        self.indices = Dictionary(tensors.indices.map { (tensors[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// One tensor's description: exactly the three members of the format, in any order.
    private static func tensor(_ name: JSONReader.Text, _ reader: inout JSONReader) throws(JSONReader.Failure) -> Tensor {
        var elementType: ElementType?
        var shape: [Int]?
        var offsets: [Int]?
        try reader.openObject()
        while let member = try reader.nextMember() {
            switch member.value {
            case "dtype":
                guard elementType == nil else { throw reader.repeated(member) }
                elementType = ElementType(name: try reader.string().value)
            case "shape":
                guard shape == nil else { throw reader.repeated(member) }
                shape = try sizes(of: "shape", name, atMost: mostAxes, &reader)
            case "data_offsets":
                guard offsets == nil else { throw reader.repeated(member) }
                offsets = try sizes(of: "data_offsets", name, atMost: 2, &reader)
            default:
                throw JSONReader.Failure(
                    offset: member.contents.lowerBound,
                    message: "gives the tensor \(quoted(name.value)) a property \(quoted(member.value)), which the format does not know")
            }
        }
        guard let elementType, let shape, let offsets else {
            let missing = elementType == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
            throw JSONReader.Failure(offset: reader.offset, message: "gives the tensor \(quoted(name.value)) no \"\(missing)\"")
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw JSONReader.Failure(
                offset: reader.offset,
                message: "gives the tensor \(quoted(name.value)) the data_offsets \(offsets), and a beginning and an end were expected")
        }
        return Tensor(name: name.value, elementType: elementType, shape: shape, range: offsets[0]..<offsets[1])
    }

    /// An array of at most `limit` numbers, none of them negative.
    private static func sizes(
        of property: String, _ name: JSONReader.Text, atMost limit: Int, _ reader: inout JSONReader
    ) throws(JSONReader.Failure) -> [Int] {
        var sizes: [Int] = []
        try reader.openArray()
        while try reader.nextElement() {
            let offset = reader.offset
            let size = try reader.integer()
            guard size >= 0, sizes.count < limit else {
                let what = size < 0 ? "a negative number in its" : "more than \(limit) numbers as its"
                throw JSONReader.Failure(offset: offset, message: "gives the tensor \(quoted(name.value)) \(what) \(property)")
            }
            sizes.append(size)
        }
        return sizes
    }
}

extension SafetensorsHeader.Tensor {
    /// That shape and element type need as many bytes as there are. Where the type is one this library has never
    /// heard of, its size is unknown and nobody here will read the tensor.
    fileprivate func checkSize(source: String) throws(GanError) {
        guard let bits = elementType.bits else { return }
        var total = bits
        var fits = true
        for size in shape where fits {
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            fits = !overflow
            total = product
        }
        guard fits, total % 8 == 0, total / 8 == range.count else {
            throw GanError(
                .badFormat,
                "\(source) is malformed: the tensor \(quoted(name)) of shape \(shape) and type \(elementType.name) "
                    + (fits ? "does not have" : "is larger than any memory, and certainly does not have")
                    + " the \(range.count) bytes that its offsets say.")
        }
    }
}

/// The type of a tensor's elements, by the format's name for it. The library reads and writes `F32` alone, and knows the
/// others to be able to say what a file holds.
public struct ElementType: Hashable, Sendable {
    public let name: String

    public static let float32 = ElementType(name: "F32")

    /// The size of one element in bits, or nil for a type that came after this table.
    public var bits: Int? {
        switch name {
        case "F4": 4
        case "F6_E2M3", "F6_E3M2": 6
        case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ": 8
        case "U16", "I16", "F16", "BF16": 16
        case "U32", "I32", "F32": 32
        case "U64", "I64", "F64", "C64": 64
        default: nil
        }
    }
}
