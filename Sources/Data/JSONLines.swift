import Base

/// JSON lines (jsonlines.org): an object a line. It pulls, as `CSVReader` does, and tells of a fault by its line.
public struct JSONLines {
    private let bytes: UnsafeRawBufferPointer
    private let name: String
    private var offset = 0
    public private(set) var line = 0

    private static let longestLine = 1 << 24
    private static let mostNames = 1 << 12

    /// - Parameters:
    ///   - bytes: the whole file, which must outlive the reader.
    ///   - name: of the file, for sentences.
    public init(_ bytes: UnsafeRawBufferPointer, name: String) {
        self.bytes = bytes
        self.name = name
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// The next object's members with the line that it is on, or nil at the end.
    /// - Throws: `.badFormat` with the line and what is wrong in it.
    public mutating func record() throws(GanError) -> (members: [String: JSONReader.Value], line: Int)? {
        while offset < bytes.count {
            line += 1
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let length = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.count
            offset += min(length + 1, rest.count)
            guard length <= Self.longestLine else { throw failure("has more than \(Self.longestLine) bytes") }
            var text = UnsafeRawBufferPointer(rebasing: rest[..<length])
            while let last = text.last, last == UInt8(ascii: "\r") || last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
                text = UnsafeRawBufferPointer(rebasing: text.dropLast())
            }
            if text.isEmpty { continue }
            var reader = JSONReader(text)
            do throws(JSONReader.Failure) {
                var members: [String: JSONReader.Value] = [:]
                try reader.openObject()
                while let member = try reader.nextMember() {
                    guard members.count < Self.mostNames else { throw reader.tooMany(member, Self.mostNames) }
                    guard members.updateValue(try reader.value(), forKey: member.value) == nil else { throw reader.repeated(member) }
                }
                try reader.end()
                return (members, line)
            } catch { throw failure("\(error.message), at byte \(error.offset + 1)") }
        }
        return nil
    }

    private func failure(_ what: String) -> GanError { GanError(.badFormat, "Line \(line) of \"\(name)\" \(what).") }
}
