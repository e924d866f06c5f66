/// The name of a file or folder as the system knows it: bytes, which need not be UTF-8.
///
/// A `String` cannot hold such names, and one that was decoded and encoded again names another file. So what comes out of
/// a folder or a symbolic link stays bytes until it goes into the next system call; only sentences and class names are text.
public struct FilePath: Hashable, Sendable, CustomStringConvertible {
    /// Without a terminating 0.
    public let bytes: [UInt8]

    public init(_ text: String) { bytes = Array(text.utf8) }
    public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// For people: bytes that are not UTF-8 as `\xE9`.
    public var description: String { Self.text(bytes) }

    private static let slash = UInt8(ascii: "/")

    var isFolderName: Bool { bytes.last == Self.slash }
    var isAbsolute: Bool { bytes.first == Self.slash }

    /// `name` inside this folder.
    public func appending(_ name: [UInt8]) -> FilePath {
        FilePath(bytes: isFolderName ? bytes + name : bytes + [Self.slash] + name)
    }

    /// The last name.
    public var name: [UInt8] { parts.name.bytes }

    /// The folder part and the last name: `a/b` gives `a` and `b`, `b` gives `.` and `b`.
    var parts: (folder: FilePath, name: FilePath) {
        guard let place = bytes.lastIndex(of: Self.slash) else { return (FilePath("."), self) }
        return (place == 0 ? FilePath("/") : FilePath(bytes: bytes[..<place]), FilePath(bytes: bytes[(place + 1)...]))
    }

    /// Refuses what the system's calls would silently misread: nothing, or bytes that go on after a zero.
    public func check() throws(GanError) {
        if bytes.isEmpty { throw GanError(.invalidArgument, "The path is empty; the name of a file or folder was expected.") }
        if let zero = bytes.firstIndex(of: 0) {
            throw GanError(
                .invalidArgument, "The path \"\(Self.text(bytes[..<zero]))\" goes on after a zero byte, which no file name can.")
        }
    }

    /// The path for a system call.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let terminated = (bytes + [0]).map { CChar(bitPattern: $0) }
        return terminated.withUnsafeBufferPointer { buffer in
            // Never nil, for there is the 0 at least.
            buffer.baseAddress.map(body) ?? "".withCString(body)
        }
    }

    /// Bytes as text that is UTF-8 in any case.
    public static func text(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var place = bytes.startIndex
        while true {
            switch parser.parseScalar(from: &rest) {
            case .valid(let scalar):
                text.unicodeScalars.append(Unicode.UTF8.decode(scalar))
                place = bytes.index(place, offsetBy: scalar.count)
            case .error(let length):
                for _ in 0..<length {
                    text += "\\x" + (bytes[place] < 16 ? "0" : "") + String(bytes[place], radix: 16, uppercase: true)
                    place = bytes.index(after: place)
                }
            case .emptyInput:
                return text
            }
        }
    }
}
