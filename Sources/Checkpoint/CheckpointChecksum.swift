import Base

/// The checksum of a checkpoint: CRC-32 (zlib's, of ISO 3309) of *the whole file*, with the eight digits of the checksum
/// itself taken as the character 0. It is written as eight lower-case hexadecimal digits, without escapes, as the value
/// of "checksum" in the metadata.
///
/// Header and data are covered alike, and so is the header's length: no single changed bit goes unnoticed, nor any burst
/// of up to 32 (a property of the CRC's polynomial). To verify it with other tools, put zeros in the place of the digits.
///
/// Another program that reads a checkpoint and saves it again writes the header in its own way and the tensors in its own order. So
/// where the file's bytes do not give its checksum, those do that libgan would write for the same contents (`ofContents`).
enum CheckpointChecksum {
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

    /// Of the file that libgan writes for the metadata and tensors of `header`, given the check of each tensor's data. Nil where
    /// libgan writes no such file.
    static func ofContents(_ header: SafetensorsHeader, dataChecks: [UInt32]) -> UInt32? {
        guard header.tensors.allSatisfy({ $0.elementType == .float32 }) else { return nil }
        let tensors = CheckpointOrder.places(of: header.tensors.map(\.name)).map { (header.tensors[$0], dataChecks[$0]) }
        var texts = header.metadata.mapValues(\.value)
        texts[CheckpointMetadata.Key.checksum.rawValue] = zeros
        guard
            let layout = try? SafetensorsLayout(
                metadata: texts, marking: CheckpointMetadata.Key.checksum.rawValue, tensors: tensors.map { ($0.0.name, $0.0.shape) }),
            let place = layout.marked
        else { return nil }
        var check = layout.header.withUnsafeBytes { ofHeader($0, place: place) }
        for (tensor, dataCheck) in tensors { check = Checksum.combined(check, dataCheck, count: tensor.range.count) }
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
