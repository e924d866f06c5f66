import Base

/// The checksum of a checkpoint: CRC-32 (zlib's, of ISO 3309) of *the whole file*, with the eight digits of the checksum
/// itself taken as the character 0. It is written as eight lower-case hexadecimal digits, without escapes, as the value
/// of "checksum" in the metadata.
///
/// Header and data are covered alike, and so is the header's length: no single changed bit goes unnoticed, nor any burst
/// of up to 32 (a property of the CRC's polynomial). To verify it with other tools, put zeros in the place of the digits.
///
/// Another program that reads a checkpoint and saves it again writes the header in its own way and the tensors in its own order. So
/// a file of format version 2 has a second one, the value of "contents": the checksum of the file that libgan would have written with
/// the tensors in the order of their names, and zeros for the digits of both. In a file of version 1, where there is none, the names
/// tell in which order libgan had written (`CheckpointOrder`), and with it what the checksum was of.
enum CheckpointChecksum {
    /// The name of the second one in the metadata.
    static let contentsName = "contents"

    static let digits = 8
    static let zeros = String(repeating: "0", count: digits)

    /// Of a file's first bytes, in which the digits have `place`. The data's bytes are to be added by `Checksum.crc32`.
    static func ofHeader(_ header: UnsafeRawBufferPointer, place: Range<Int>) -> UInt32 {
        var check = Checksum.crc32(UnsafeRawBufferPointer(rebasing: header[..<place.lowerBound]))
        var zero = UInt8(ascii: "0")
        for _ in place {
            check = withUnsafeBytes(of: &zero) { Checksum.crc32($0, continuing: check) }
        }
        return Checksum.crc32(UnsafeRawBufferPointer(rebasing: header[place.upperBound...]), continuing: check)
    }

    /// Whether a file holds what libgan had written, whatever its bytes are, given the check of each tensor's data.
    static func isOfContents(_ header: SafetensorsHeader, dataChecks: [UInt32], stated: UInt32) -> Bool {
        guard header.tensors.allSatisfy({ $0.elementType == .float32 }) else { return false }
        let texts = header.metadata.mapValues(\.value)
        let tensors = zip(header.tensors, dataChecks).map { Part(name: $0.name, shape: $0.shape, check: $1, size: $0.range.count) }
        if let contents = texts[contentsName] {
            return (try? ofContents(texts, tensors)).map { text($0) == contents } ?? false
        }
        let places = CheckpointOrder.places(of: tensors.map(\.name))
        return (try? ofFile(texts, places.map { tensors[$0] })) == stated
    }

    /// A tensor, and the check of its data by itself.
    struct Part {
        let name: String
        let shape: [Int]
        let check: UInt32
        /// In bytes.
        let size: Int
    }

    /// Of the file that libgan writes for these texts and tensors in the order of the tensors' names, whatever the digits of both
    /// checksums are.
    static func ofContents(_ texts: [String: String], _ tensors: [Part]) throws(GanError) -> UInt32 {
        var texts = texts
        texts[contentsName] = zeros
        return try ofFile(texts, tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    /// Of the file that libgan writes for these texts and tensors.
    private static func ofFile(_ texts: [String: String], _ tensors: [Part]) throws(GanError) -> UInt32 {
        var texts = texts
        let mark = CheckpointMetadata.Key.checksum.rawValue
        texts[mark] = zeros
        let layout = try SafetensorsLayout(metadata: texts, marking: mark, tensors: tensors.map { ($0.name, $0.shape) })
        var check = layout.header.withUnsafeBytes { Checksum.crc32($0) }
        for tensor in tensors { check = Checksum.combined(check, tensor.check, count: tensor.size) }
        return check
    }

    static func text(_ check: UInt32) -> String {
        let digits = String(check, radix: 16)
        return String(repeating: "0", count: Self.digits - digits.count) + digits
    }

    /// The checksum that a file states, and the place of its digits among the file's bytes.
    static func stated(in header: SafetensorsHeader, source: String) throws(GanError) -> (check: UInt32, place: Range<Int>) {
        let text = try CheckpointMetadata.text(.checksum, of: header, source)
        let start = SafetensorsHeader.prefixSize
        // Digits written as escapes would be the right text in the wrong place: the place must be eight bytes long too.
        guard let contents = header.metadata[CheckpointMetadata.Key.checksum.rawValue]?.contents, contents.count == digits,
            text.utf8.count == digits, text.utf8.allSatisfy({ isLowerCaseDigit($0) }), let check = UInt32(text, radix: 16)
        else {
            throw CheckpointMetadata.invalid(.checksum, text, source, expected: "eight hexadecimal digits in lower case")
        }
        return (check, start + contents.lowerBound..<start + contents.upperBound)
    }

    private static func isLowerCaseDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
