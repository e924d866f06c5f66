// Numbers and texts as they are printed. A point is a point in every locale.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Format {
    static func fixed(_ value: Double, _ decimals: Int) -> String { printed("%.\(decimals)f", value) }
    static func significant(_ value: Double, _ digits: Int) -> String { printed("%.\(digits)g", value) }

    private static func printed(_ format: String, _ value: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer.prefix(max(Int(count), 0)).prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// 1234567 as "1,234,567".
    static func grouped(_ value: Int64) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return value < 0 ? "-" + result : result
    }

    static func grouped(_ value: Double) -> String { value.magnitude < 1e15 ? grouped(Int64(value.rounded())) : significant(value, 3) }

    /// "1 epoch", "20 epochs", "10,000 images".
    static func count(_ number: Int64, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// "0:12", "14:05" or "3:14:05"; "-:--" when nobody knows.
    static func time(_ seconds: Double) -> String {
        guard seconds >= 0, seconds < 360_000 else { return "-:--" }
        let whole = Int(seconds.rounded(.up))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return whole < 3600 ? "\(whole / 60):\(two(whole % 60))" : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }

    /// "1.6 MB".
    static func size(_ bytes: Int64) -> String { size(Double(bytes)) }

    static func size(_ bytes: Double) -> String {
        if bytes < 1000 { return "\(fixed(bytes, 0)) bytes" }
        var value = bytes, unit = "kB"
        value /= 1000
        for next in ["MB", "GB", "TB", "PB", "EB"] where value >= 999.95 {
            value /= 1000
            unit = next
        }
        return "\(fixed(value, value < 10 ? 1 : 0)) \(unit)"
    }

    static func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }
    static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 0)) + text }

    /// Breaks a text into lines of that width at its spaces.
    static func wrapped(_ text: String, _ width: Int, indent: Int) -> String {
        let room = max(width - indent, 16)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(line)
                line = String(word)
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        lines.append(line)
        return lines.map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
    }

    /// Words of a command on lines that end with a backslash where another follows.
    static func command(_ words: [String], _ width: Int, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines = [margin + (words.first ?? "")]
        for (index, word) in words.enumerated().dropFirst() {
            let last = lines[lines.count - 1]
            // A flag and its value stay together.
            let next = word.hasPrefix("-") && index + 1 < words.count ? words[index + 1].count + 1 : 0
            let isLast = index == words.count - 1 || (next > 0 && index == words.count - 2)
            if last.count + 1 + word.count + next + (isLast ? 0 : 2) > width, last.count > 2 * indent {
                lines[lines.count - 1] += " \\"
                lines.append(margin + margin + word)
            } else {
                lines[lines.count - 1] += " " + word
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A word as a POSIX shell reads it back. One with bytes that a terminal obeys is written in a way that shells have (POSIX 2024).
    static func quoted(_ word: String) -> String {
        if word.unicodeScalars.contains(where: Printable.isObeyed) { return "$'" + word.unicodeScalars.map(escaped).joined() + "'" }
        let plain = word.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-./,=:+@%".utf8.contains(byte)
        }
        if plain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Inside `$'…'`.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        if scalar == "'" || scalar == "\\" { return "\\\(scalar)" }
        guard Printable.isObeyed(scalar) else { return String(scalar) }
        return String(scalar).utf8.map { byte in
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }.joined()
    }
}

/// A JSON object, member by member, on one line.
struct JSONObject {
    private(set) var text = "{"

    mutating func add(_ name: String, raw: String) { text += (text == "{" ? "" : ", ") + Self.quoted(name) + ": " + raw }
    mutating func add(_ name: String, _ value: String) { add(name, raw: Self.quoted(value)) }
    mutating func add(_ name: String, _ value: Int64) { add(name, raw: String(value)) }
    /// A number that JSON has no way to write, such as NaN, is null.
    mutating func add(_ name: String, _ value: Double) { add(name, raw: value.isFinite ? "\(value)" : "null") }

    var closed: String { text + "}" }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            // More than JSON asks for: a terminal may show it.
            case _ where Printable.isObeyed(scalar):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
