// What is known of the terminal: whether there is one, how wide it is, and which letters it shows.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Terminal {
    /// Whether standard output is a terminal that can rewrite its line.
    static let isInteractive = isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(environment("TERM") ?? "")

    /// How wide lines may be: the terminal's columns, those of COLUMNS, or 80.
    static var columns: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        if let text = environment("COLUMNS"), let columns = Int(text), columns > 0 { return columns }
        return 80
    }

    /// How wide standard error is where it is a terminal.
    static var columnsOfErrors: Int? {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : columns
    }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Whether the locale's letters are UTF-8. Numbers are written the same in every locale: only its letters are asked
    /// for, and the program's own locale stays "C".
    private static let isUTF8: Bool = {
        guard let locale = newlocale(LC_CTYPE_MASK, "", nil) else { return false }
        defer { freelocale(locale) }
        return String(cString: nl_langinfo_l(Int32(CODESET), locale)) == "UTF-8"
    }()

    /// Text as this locale can show it: elsewhere than in UTF-8 the few signs beyond ASCII that our own sentences use
    /// become their neighbours, and names of files stay as they are.
    static func shown(_ text: String) -> String {
        if isUTF8 || text.utf8.allSatisfy({ $0 < 128 }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "×": result += "x"
            case "–", "−": result += "-"
            case "…": result += "..."
            case "’", "‘": result += "'"
            case "“", "”": result += "\""
            case "→": result += "->"
            case "·": result += "*"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
