/// A strict reader of JSON (RFC 8259) for bytes nobody vouches for.
///
/// The library is one file without Foundation, so it cannot borrow Foundation's reader; and what it reads is small:
/// the header of a safetensors file and the options inside it. This reader therefore *pulls*: the caller asks for the
/// value it expects next, and anything else is an error with its byte offset. No tree is built, so a hostile file
/// cannot make it nest deeply or allocate more than the names and texts that it really contains.
///
/// Stricter than the standard where readers are known to disagree: member names may not repeat, numbers are whole
/// and fit in an `Int`, surrogates come in pairs, and nothing but spaces may follow the value.
public struct JSONReader {
    /// What was wrong, and at which byte.
    public struct Failure: Error, Sendable {
        public let offset: Int
        /// The end of a sentence that begins with the name of the text: "has a … ".
        public let message: String

        public init(offset: Int, message: String) {
            self.offset = offset
            self.message = message
        }
    }

    /// A string and where its contents lie, without the quotation marks, as they are written in the bytes.
    public struct Text {
        public let value: String
        public let contents: Range<Int>
    }

    private let bytes: UnsafeRawBufferPointer
    /// The next byte to be read.
    public private(set) var offset = 0
    /// Whether an object or array was opened just now, so that no comma may come next.
    private var justOpened = false

    /// Reads `bytes`, which must outlive the reader.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    // MARK: Objects and arrays

    /// Steps over the brace that begins an object.
    public mutating func openObject() throws(Failure) {
        try expect(UInt8(ascii: "{"), "the beginning of an object, {,")
        justOpened = true
    }

    /// The next member's name, with the reader placed before its value; or nil, with the object closed.
    /// Whether names repeat is for the caller to see, who keeps them: `stringMap` shows how.
    public mutating func nextMember() throws(Failure) -> Text? {
        guard try nextItem(before: UInt8(ascii: "}"), "a comma or the end of the object, },") else { return nil }
        let name = try string()
        try expect(UInt8(ascii: ":"), "a colon")
        return name
    }

    /// Steps over the bracket that begins an array.
    public mutating func openArray() throws(Failure) {
        try expect(UInt8(ascii: "["), "the beginning of an array, [,")
        justOpened = true
    }

    /// True with the reader placed before the next element, or false with the array closed.
    public mutating func nextElement() throws(Failure) -> Bool {
        try nextItem(before: UInt8(ascii: "]"), "a comma or the end of the array, ],")
    }

    /// An object all of whose values are strings, with at most `limit` members.
    public mutating func stringMap(atMost limit: Int) throws(Failure) -> [String: Text] {
        var map: [String: Text] = [:]
        try openObject()
        while let name = try nextMember() {
            guard map.count < limit else { throw tooMany(name, limit) }
            guard map.updateValue(try string(), forKey: name.value) == nil else { throw repeated(name) }
        }
        return map
    }

    /// A value of any kind, as far as it can be text.
    public enum Value: Equatable, Sendable {
        case text(String)
        /// As it is written.
        case number(String)
        case boolean(Bool)
        case null
        /// An array of strings.
        case texts([String])
        /// An object, or an array of other things, which was stepped over.
        case other
    }

    /// How deep objects and arrays may lie in each other where they are stepped over.
    private static let depthLimit = 64

    /// The next value, whatever it is.
    public mutating func value() throws(Failure) -> Value { try value(depth: 0) }

    private mutating func value(depth: Int) throws(Failure) -> Value {
        skipWhitespace()
        let start = offset
        guard depth <= Self.depthLimit else { throw Failure(offset: start, message: "has objects and arrays that lie deeper in each other than \(Self.depthLimit)") }
        switch peek() {
        case UInt8(ascii: "\""): return .text(try string().value)
        case UInt8(ascii: "{"):
            try openObject()
            while try nextMember() != nil { _ = try value(depth: depth + 1) }
            return .other
        case UInt8(ascii: "["):
            try openArray()
            var texts: [String]? = []
            while try nextElement() {
                if case .text(let text) = try value(depth: depth + 1) { texts?.append(text) } else { texts = nil }
            }
            return texts.map { .texts($0) } ?? .other
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default:
            while let byte = peek(), "+-.0123456789eE".utf8.contains(byte) { offset += 1 }
            let written = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), as: UTF8.self)
            guard Base.Text.double(written) != nil, written.utf8.first != UInt8(ascii: "+") else {
                offset = start
                throw unexpected("a value")
            }
            return .number(written)
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(Failure) -> Value {
        let length = word.utf8CodeUnitCount
        guard offset + length <= bytes.count, word.withUTF8Buffer({ bytes[offset..<offset + length].elementsEqual($0) }) else {
            throw unexpected("a value")
        }
        offset += length
        return value
    }

    /// The failure to throw when a member's name was there before.
    public func repeated(_ name: Text) -> Failure {
        Failure(offset: name.contents.lowerBound, message: "has the name \(quoted(name.value)) twice in one object")
    }

    /// The failure to throw when an object has one member more than the reader's owner is ready to keep.
    public func tooMany(_ name: Text, _ limit: Int) -> Failure {
        Failure(offset: name.contents.lowerBound, message: "has more than \(limit) names in one object")
    }

    /// Checks that nothing but spaces is left.
    public mutating func end() throws(Failure) {
        while let byte = peek() {
            guard byte == UInt8(ascii: " ") else {
                throw Failure(offset: offset, message: "has something after its end")
            }
            offset += 1
        }
    }

    // MARK: Numbers

    /// A whole number. Fractions and exponents are errors, even where their value is whole.
    public mutating func integer() throws(Failure) -> Int {
        skipWhitespace()
        let start = offset
        let negative = peek() == UInt8(ascii: "-")
        if negative { offset += 1 }
        let firstDigit = offset
        var value = 0
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            let digit = Int(byte - UInt8(ascii: "0"))
            let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.addingReportingOverflow(negative ? -digit : digit)
            guard !productOverflow, !sumOverflow else {
                throw Failure(offset: start, message: "has a number that does not fit in 64 bits")
            }
            value = sum
            offset += 1
        }
        guard offset > firstDigit else { throw unexpected("a whole number") }
        let leadingZero = bytes[firstDigit] == UInt8(ascii: "0")
        guard !(leadingZero && offset - firstDigit > 1), !(leadingZero && negative) else {
            throw Failure(offset: start, message: "has a number with a needless zero or sign")
        }
        if let byte = peek(), byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
            throw Failure(offset: start, message: "has a number that is not written as a whole number")
        }
        return value
    }

    // MARK: Strings

    /// A string, with its escapes resolved and its UTF-8 checked.
    public mutating func string() throws(Failure) -> Text {
        try expect(UInt8(ascii: "\""), "a string")
        let start = offset
        var resolved: [UInt8] = []  // used from the first escape on; most strings have none
        var plain = start  // where the stretch of bytes without escapes began
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                let stretch = UnsafeRawBufferPointer(rebasing: bytes[plain..<offset])
                let value: String?
                if plain == start {
                    value = String(validating: stretch, as: UTF8.self)
                } else {
                    resolved.append(contentsOf: stretch)
                    value = String(validating: resolved, as: UTF8.self)
                }
                guard let value else {
                    throw Failure(offset: start, message: "has a string that is not valid UTF-8")
                }
                let contents = start..<offset
                offset += 1
                return Text(value: value, contents: contents)
            case UInt8(ascii: "\\"):
                resolved.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[plain..<offset]))
                resolved.append(contentsOf: try escape().utf8)
                plain = offset
            case 0..<0x20:
                throw Failure(offset: offset, message: "has a control character in a string")
            default:
                offset += 1
            }
        }
        throw Failure(offset: start, message: "ends within a string")
    }

    /// The character that an escape stands for. The reader is at the backslash.
    private mutating func escape() throws(Failure) -> String {
        let start = offset
        offset += 1
        let letter = peek()
        offset += letter == nil ? 0 : 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw Failure(offset: start, message: "has an escape that JSON does not know")
        }
        var code = try fourHexadecimalDigits()
        if code & 0xFC00 == 0xD800 {
            // The first half of a pair (RFC 8259, section 7): the second must follow as an escape as well.
            guard peek() == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u") else {
                throw Failure(offset: start, message: "has half a surrogate pair")
            }
            offset += 2
            let second = try fourHexadecimalDigits()
            guard second & 0xFC00 == 0xDC00 else { throw Failure(offset: start, message: "has half a surrogate pair") }
            code = 0x10000 + (code & 0x3FF) << 10 + (second & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw Failure(offset: start, message: "has half a surrogate pair")
        }
        return String(Character(scalar))
    }

    private mutating func fourHexadecimalDigits() throws(Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = hexadecimalDigit(byte) else {
                throw Failure(offset: offset, message: "has an escape \\u without four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            offset += 1
        }
        return code
    }

    private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    // MARK: Bytes

    /// The byte at the reader's place. Every other access to `bytes` comes after a check of its own.
    private func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func skipWhitespace() {
        while let byte = peek(),
            byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
        {
            offset += 1
        }
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(Failure) {
        skipWhitespace()
        guard peek() == byte else { throw unexpected(what) }
        offset += 1
    }

    /// Steps over a comma, where one is due, to the next item; or over `closing`.
    private mutating func nextItem(before closing: UInt8, _ what: String) throws(Failure) -> Bool {
        skipWhitespace()
        let first = justOpened
        justOpened = false
        if peek() == closing {
            offset += 1
            return false
        }
        if !first { try expect(UInt8(ascii: ","), what) }
        return true
    }

    private func unexpected(_ what: String) -> Failure {
        if offset >= bytes.count { return Failure(offset: offset, message: "ends where \(what) was expected") }
        return Failure(offset: offset, message: "has something else where \(what) was expected")
    }
}
