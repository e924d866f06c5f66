// The library's options as flags: --batch-size 64 is --set batch-size=64, for every name in the option table. The table is
// the library's, so a new option is a new flag without a change here.
import CGan

enum Flags {
    static let withOptions: Set<String> = ["train", "resume", "evaluate", "bench"]
    /// Options that the command declares as flags itself. (--preset is declared for the help alone: of several the last counts, however
    /// they are written.)
    private static func declared(by command: String) -> Set<String> { command == "bench" ? ["threads"] : ["seed", "threads"] }
    /// The library's options that a command takes as flags: of one that trains nothing, how pictures are read.
    static func options(of command: String) -> [OptionRow] {
        command == "evaluate" ? OptionRow.all.filter { $0.name.hasPrefix("data.") } : OptionRow.all
    }

    private static let commands = Gan.configuration.subcommands.map { $0._commandName }

    static func expanded(_ arguments: [String]) throws -> [String] {
        try checkCommands(arguments)
        let names = Set(options(of: arguments.first ?? "").map(\.name)).subtracting(declared(by: arguments.first ?? ""))
        // The parser would take the next argument for the value. (Of the library's options a list may be empty.)
        if let empty = arguments.prefix(while: { $0 != "--" }).first(where: { $0.hasPrefix("--") && $0.hasSuffix("=") && !names.contains(String($0.dropFirst(2).dropLast())) }) {
            throw Failure(Exit.usage, "'\(empty.dropLast())' takes a value, and got an empty one.")
        }
        guard let command = arguments.first, withOptions.contains(command) else { return arguments }
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
            if command == "resume", name == "seed" {
                throw Failure(Exit.usage, "A training goes on with the seed that it began with, so 'gan resume' takes no '--seed'.")
            }
            // A name with a point can be meant as an option only: the library says which one is near.
            guard names.contains(name) || (name.contains(".") && !name.hasPrefix(".")) else {
                result.append(argument)
                continue
            }
            // No value begins with two dashes.
            guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst(), parts.count > 1 || !value.hasPrefix("--") else {
                throw Failure(Exit.usage, "'--\(name)' takes a value, and none follows it. 'gan options' shows what each takes.")
            }
            result += ["--set", "\(name)=\(value)"]
        }
        return result
    }

    /// That what stands for a command is one. The parser would show its help instead.
    private static func checkCommands(_ arguments: [String]) throws {
        guard let first = arguments.first, !first.hasPrefix("-") else { return }
        let named = first == "help" ? arguments.dropFirst().filter { !$0.hasPrefix("-") } : [first]
        if let unknown = named.first(where: { !commands.contains($0) }) {
            throw Failure(
                Exit.usage,
                "There is no command '\(unknown)'. The commands are \(commands.dropLast().joined(separator: ", ")) and \(commands.last ?? "").")
        }
        if named.count > 1 { throw Failure(Exit.usage, "'gan help' takes one command, and got \(named.count).") }
    }
}
