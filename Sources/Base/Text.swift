/// Numbers as text, in the one form that no locale changes: digits, an optional `.` and an optional `e` exponent.
///
/// Parsing is strict: the whole string is the number, without white space. Hexadecimal, `inf` and `nan` are refused,
/// because no option, flag or file of this library has a use for them; so is a number too large for its type.
public enum Text {
    /// A decimal number such as `2e-4`, `-1`, `.5`; nil where the text is anything else or not finite as a `Double`.
    /// A number too small for a `Double` is 0.
    public static func double(_ text: String) -> Double? {
        guard isDecimal(text), let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Like `double`, and finite as a `Float` too.
    public static func float(_ text: String) -> Float? {
        guard isDecimal(text), let value = Float(text), value.isFinite else { return nil }
        return value
    }

    /// Digits with an optional sign.
    public static func int64(_ text: String) -> Int64? {
        isInteger(text, signed: true) ? Int64(text) : nil
    }

    /// Digits without a sign.
    public static func uint64(_ text: String) -> UInt64? {
        isInteger(text, signed: false) ? UInt64(text) : nil
    }

    /// The shortest decimal that reads back as the same number: `0.0002`, `1e-05`, `100`. Not finite: `inf`, `-inf`, `nan`.
    public static func format(_ value: Double) -> String { withoutEmptyFraction(value.description) }

    /// The shortest decimal that reads back as the same `Float`.
    public static func format(_ value: Float) -> String { withoutEmptyFraction(value.description) }

    /// Whether `part` stands somewhere in `text`, byte for byte. (`String.contains` would link Swift's regular expressions,
    /// well over a megabyte of them, into the library.)
    public static func holds(_ text: String, _ part: StaticString) -> Bool {
        part.withUTF8Buffer { wanted in
            var rest = text.utf8[...]
            while rest.count >= wanted.count {
                if rest.starts(with: wanted) { return true }
                rest.removeFirst()
            }
            return false
        }
    }

    /// Without spaces and tabs at both ends.
    public static func trimmed(_ text: some StringProtocol) -> Substring {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let text = Substring(text)
        let rest = text.utf8.drop(while: isSpace)
        guard let last = rest.lastIndex(where: { !isSpace($0) }) else { return "" }
        return text[rest.startIndex...last]
    }

    private static func withoutEmptyFraction(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func isInteger(_ text: String, signed: Bool) -> Bool {
        var rest = text.utf8[...]
        if signed, let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private static func isDecimal(_ text: String) -> Bool {
        var rest = text.utf8[...]
        // No number that means anything is longer, and a parser need not see what is not one.
        guard rest.count <= 1100 else { return false }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = rest.prefix(while: isDigit)
        rest = rest[whole.endIndex...]
        var digits = whole.count
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let fraction = rest.prefix(while: isDigit)
            rest = rest[fraction.endIndex...]
            digits += fraction.count
        }
        guard digits > 0 else { return false }
        if let e = rest.first, e == UInt8(ascii: "e") || e == UInt8(ascii: "E") {
            rest.removeFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
            return !rest.isEmpty && rest.allSatisfy(isDigit)
        }
        return rest.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
