// The argument parser's errors as our own sentences are: without "Error:", with the nearest name where that is near, and with
// what was expected of a number.
import ArgumentParser
import CGan

enum Explanations {
    static func explained(_ text: String, arguments: [String]) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard var first = lines.first else { return text }
        if first.hasPrefix("Error: ") { first.removeFirst("Error: ".count) }
        if let better = unknownFlag(first, arguments) ?? tooMany(first, arguments) ?? number(first) ?? withoutValue(first) { first = better }
        if let better = missing(first, lines, arguments) {
            first = better
            // It says what the parser's help says.
            lines.removeAll { $0.hasPrefix("Help:") }
        }
        if let last = first.last, !".?!".contains(last) { first += "." }
        lines[0] = first
        return lines.joined(separator: "\n")
    }

    // MARK: Flags

    /// "Unknown option '--quite'. Did you mean '--quiet'?" The parser's own advice is kept where it is near indeed: it offers
    /// --set for --seed.
    private static func unknownFlag(_ text: String, _ arguments: [String]) -> String? {
        let beginning = "Unknown option '--"
        guard text.hasPrefix(beginning) else { return nil }
        let name = String(text.dropFirst(beginning.count).prefix { $0 != "'" && $0 != "=" })
        let command = Gan.configuration.subcommands.first { $0._commandName == arguments.first }
        let flags = (command.map { CommandLineHelp($0).flags } ?? []).flatMap(\.names).filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
        let withOptions = Flags.withOptions.contains(arguments.first ?? "")
        let near = flags.filter { isNear(name, $0) }.min { distance(name, $0) < distance(name, $1) } ?? (withOptions ? nearestOption(to: name) : nil)
        let unknown = "Unknown option '--\(name)'."
        if let near { return "\(unknown) Did you mean '--\(near)'?" }
        return withOptions ? "\(unknown) 'gan \(arguments[0]) --help' and 'gan options' list what there is." : unknown
    }

    /// What the library finds near to a name that is no option's.
    private static func nearestOption(to name: String) -> String? {
        guard let options = try? Library.options(), gan_options_set(options.pointer, name, "") == GAN_E_UNKNOWN_NAME else { return nil }
        return String(cString: gan_error_message()).split(separator: "'").map(String.init).last { word in OptionRow.all.contains { $0.name == word } }
    }

    private static func isNear(_ one: String, _ other: String) -> Bool { distance(one, other) <= max(1, other.count / 3) }

    /// How many letters are wrong, missing, too many, or changed places with their neighbours (optimal string alignment).
    static func distance(_ one: String, _ other: String) -> Int {
        let a = Array(one), b = Array(other)
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }

    // MARK: Places

    /// What a shell made of 'gan train photos/*.png'.
    private static func tooMany(_ text: String, _ arguments: [String]) -> String? {
        guard text.contains(" unexpected arguments: "), let count = text.split(separator: " ").first.flatMap({ Int64($0) }) else { return nil }
        let names = text.split(separator: "'").dropFirst()
        guard let first = names.first else { return nil }
        let begin = "There are \(Format.count(count, "argument")) too many, from '\(first)' on."
        guard let command = arguments.first, command == "train" || command == "resume", Paths.exists(String(first)) else { return begin }
        return "\(begin) To train on many files, name their folder: \(Paths.folder(of: String(first)))"
    }

    /// "'gan train' needs <data>: the images, a file or a folder. Such as 'gan train photos --epochs 20'."
    private static func missing(_ text: String, _ lines: [String], _ arguments: [String]) -> String? {
        let beginning = "Missing expected argument '"
        guard text.hasPrefix(beginning), let command = arguments.first else { return nil }
        let name = text.dropFirst(beginning.count).prefix { $0 != "'" }
        let example = switch command {
        case "train": "gan train photos --epochs 20 --out photos.safetensors"
        case "resume": "gan resume photos.safetensors photos --epochs 40"
        case "sample": "gan sample photos.safetensors --png grid.png"
        default: "gan \(command) photos.safetensors"
        }
        // "Help:  <data>  The images: a file or a folder."
        var words = lines.first { $0.hasPrefix("Help:") }?.split(separator: ">").last?.split(separator: " ").joined(separator: " ") ?? ""
        if words.hasSuffix(".") { words.removeLast() }
        let meaning = words.isEmpty ? "" : " (\(words.prefix(1).lowercased())\(words.dropFirst()))"
        return "'gan \(command)' needs \(name)\(meaning), and it is missing. For instance: '\(example)'"
    }

    private static func withoutValue(_ text: String) -> String? {
        let beginning = "Missing value for '"
        guard text.hasPrefix(beginning) else { return nil }
        let flag = text.dropFirst(beginning.count).prefix { $0 != "'" && $0 != " " }
        return "'\(flag)' takes a value, and none follows it."
    }

    // MARK: Numbers

    /// "The value '99999999999999999999' is invalid for '--count <n>'" does not say why.
    private static func number(_ text: String) -> String? {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "The value ", parts[2] == " is invalid for ", parts[3].hasSuffix(" <n>") else { return nil }
        let flag = parts[3].split(separator: " ").last { $0.hasPrefix("-") } ?? parts[3]
        let digits = parts[1].hasPrefix("-") ? parts[1].dropFirst() : parts[1]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return "'\(flag)' takes a whole number, and got '\(parts[1])'."
        }
        return parts[1].hasPrefix("-") ? "'\(flag)' is \(parts[1]); 0 or more was expected." : "'\(flag)' is \(parts[1]), more than it can be."
    }
}
