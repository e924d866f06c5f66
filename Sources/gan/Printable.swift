// Names of files and classes come from others, and a terminal obeys some of their bytes: here they become text that it shows.
import Base

enum Printable {
    /// Text in which whatever a terminal would obey, or that would turn the text around or break its line, stands as `\x1B`.
    /// - Parameter keepingLines: whether line feeds and tabulators are the caller's own.
    static func text(_ text: String, keepingLines: Bool = false) -> String {
        func isKept(_ scalar: Unicode.Scalar) -> Bool {
            !isObeyed(scalar) || (keepingLines && (scalar == "\n" || scalar == "\t"))
        }
        if text.unicodeScalars.allSatisfy(isKept) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isKept(scalar) { result.unicodeScalars.append(scalar) } else { result += escape(scalar) }
        }
        return result
    }

    /// A name that need not be UTF-8.
    static func bytes(_ name: UnsafePointer<CChar>) -> String {
        var length = 0
        while name[length] != 0 { length += 1 }
        return FilePath.text(UnsafeRawBufferPointer(start: name, count: length))
    }

    /// Controls (ISO 6429), separators of lines, and what changes the direction of writing (Unicode Standard Annex 9).
    static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return scalar.value < 256 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
    }
}
