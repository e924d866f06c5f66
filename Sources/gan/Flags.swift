// The library's options as flags: --batch-size 64 is --set batch-size=64, for every name in the option table. The table is
// the library's, so a new option is a new flag without a change here.
import CGan

enum Flags {
    private static let withOptions: Set<String> = ["train", "resume", "bench"]
    private static let commands = Gan.configuration.subcommands.map { $0._commandName }
    /// Those that the commands declare themselves, to have them in their help.
    private static let declared: Set<String> = ["seed", "threads"]

    static func expanded(_ arguments: [String]) throws -> [String] {
        if let command = arguments.first, !command.hasPrefix("-"), command != "help", !commands.contains(command) {
            throw Failure(
                Exit.usage,
                "There is no command '\(command)'. The commands are \(commands.dropLast().joined(separator: ", ")) and \(commands.last ?? "").")
        }
        guard let command = arguments.first, withOptions.contains(command) else { return arguments }
        let names = Set(OptionRow.all.map(\.name)).subtracting(declared)
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            guard argument.hasPrefix("--") else {
                result.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts.first ?? "")
            // A name with a point can be meant as an option only: the library says which one is near.
            guard names.contains(name) || (name.contains(".") && !name.hasPrefix(".")) else {
                result.append(argument)
                continue
            }
            result.append("--set")
            if parts.count > 1 {
                result.append("\(name)=\(parts[1])")
            } else {
                result.append(rest.popFirst().map { "\(name)=\($0)" } ?? name)
            }
        }
        return result
    }

    /// The parser's error as our own sentences are: without "Error:", and with the nearest option where a flag is unknown.
    static func explained(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard var first = lines.first else { return text }
        if first.hasPrefix("Error: ") { first.removeFirst("Error: ".count) }
        let unknown = "Unknown option '--"
        if first.hasPrefix(unknown), !first.contains("Did you mean") {
            let name = String(first.dropFirst(unknown.count).prefix { $0 != "'" && $0 != "=" })
            if let advice = nearest(to: name) { first += ". " + advice }
        }
        if let last = first.last, !".?!".contains(last) { first += "." }
        lines[0] = first
        return lines.joined(separator: "\n")
    }

    /// What the library says of a name that is no option's: "Did you mean 'batch-size'?"
    private static func nearest(to name: String) -> String? {
        guard let options = try? Library.options(), gan_options_set(options.pointer, name, "") == GAN_E_UNKNOWN_NAME else { return nil }
        let message = String(cString: gan_error_message())
        guard let quoted = message.split(separator: "'").last(where: { OptionRow.all.map(\.name).contains(String($0)) }) else { return nil }
        return "Did you mean '--\(quoted)'?"
    }
}
