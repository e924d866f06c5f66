/// Writes JSON in one canonical way, so that equal values give equal bytes: no white space, members in the order in
/// which they are written, and only the escapes that RFC 8259 demands. The reason for having one is in `JSONReader`.
public struct JSONWriter {
    public private(set) var bytes: [UInt8] = []
    /// Whether the next item needs a comma before it.
    private var followsItem = false

    public init() {}

    public mutating func openObject() { open(UInt8(ascii: "{")) }
    public mutating func closeObject() { close(UInt8(ascii: "}")) }
    public mutating func openArray() { open(UInt8(ascii: "[")) }
    public mutating func closeArray() { close(UInt8(ascii: "]")) }

    /// The name of a member, whose value must be written next.
    public mutating func member(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        followsItem = false
    }

    public mutating func integer(_ value: Int) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// A string. Gives back where its contents lie in `bytes`, without the quotation marks.
    @discardableResult
    public mutating func string(_ text: String) -> Range<Int> {
        separate()
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20: bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8 + Array(String(byte, radix: 16).utf8))
            default: bytes.append(byte)
            }
        }
        let contents = start..<bytes.count
        bytes.append(UInt8(ascii: "\""))
        return contents
    }

    /// An object of strings, its members in the order of their names' UTF-8 bytes.
    /// Gives back where the contents of the value named `marked` lie in `bytes`.
    @discardableResult
    public mutating func stringMap(_ map: [String: String], marking marked: String? = nil) -> Range<Int>? {
        var place: Range<Int>?
        openObject()
        for (name, value) in map.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            member(name)
            let contents = string(value)
            if name == marked { place = contents }
        }
        closeObject()
        return place
    }

    /// `map` as the text of an object.
    public static func text(ofStringMap map: [String: String]) -> String {
        var writer = JSONWriter()
        writer.stringMap(map)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private mutating func separate() {
        if followsItem { bytes.append(UInt8(ascii: ",")) }
        followsItem = true
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        followsItem = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        followsItem = true
    }
}
