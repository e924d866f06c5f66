// What may come next on a command line. The shells' scripts ask for it at every TAB by `gan __complete WORD...`, the words
// after the command's name up to the cursor, so what they offer is what this very program takes, and is written nowhere else:
// flags come from the help of each command, options and their values from the library's table.
//
// An answer is a line a candidate, with a description behind a TAB; or ":files" and ":directories", which a shell knows better.
import ArgumentParser
import CGan

enum Completion {
    struct Candidate: Equatable {
        let text: String
        var description = ""
    }

    enum Answer {
        case candidates([Candidate])
        /// Files, first of all those with that ending.
        case files(ending: String)
        case directories
    }

    /// The lines for the shells, those that begin as the last word does.
    static func lines(for words: [String]) -> String {
        switch answer(for: words) {
        case .files(let ending): return ":files\t\(ending)\n"
        case .directories: return ":directories\n"
        case .candidates(let all):
            return all.filter { $0.text.hasPrefix(words.last ?? "") }
                .map { $0.description.isEmpty ? $0.text + "\n" : "\($0.text)\t\($0.description)\n" }.joined()
        }
    }

    static func answer(for words: [String]) -> Answer {
        let current = words.last ?? ""
        guard words.count > 1, let name = words.first else {
            return .candidates(current.hasPrefix("-") ? CommandLineHelp(Gan.self).flags.map(\.candidate) : commands)
        }
        if name == "help" { return .candidates(words.count == 2 ? commands.dropLast() : []) }
        guard let command = Gan.configuration.subcommands.first(where: { $0._commandName == name }) else { return .candidates([]) }

        let help = CommandLineHelp(command)
        let flags = help.flags + (Flags.withOptions.contains(name) ? optionFlags(of: name, beside: help).filter { name != "resume" || $0.names != ["--seed"] } : [])
        var used: Set<String> = []
        var places = help.places[...]
        var pending: CommandLineHelp.Flag?
        var onlyPlaces = false
        for word in words.dropFirst().dropLast() {
            if pending != nil {
                pending = nil
            } else if !onlyPlaces, word == "--" {
                onlyPlaces = true
            } else if !onlyPlaces, word.hasPrefix("-"), word.count > 1 {
                used.insert(word)
                pending = flags.first { $0.names.contains(word) && !$0.value.isEmpty }
            } else {
                places = places.dropFirst()
            }
        }
        if let pending { return values(of: pending, current) }
        if !onlyPlaces, current.hasPrefix("--"), let equals = current.firstIndex(of: "=") {
            let name = String(current[..<equals])
            guard let flag = flags.first(where: { $0.names.contains(name) }),
                case .candidates(let values) = values(of: flag, String(current[current.index(after: equals)...]))
            else { return .candidates([]) }
            return .candidates(values.map { Candidate(text: "\(name)=\($0.text)", description: $0.description) })
        }
        if !onlyPlaces, current.hasPrefix("-") {
            return .candidates(flags.filter { $0.names.contains("--set") || used.isDisjoint(with: $0.names) }.map(\.candidate))
        }
        return places.first.map { values(named: $0) } ?? .candidates([])
    }

    // MARK: Pieces

    private static var commands: [Candidate] {
        Gan.configuration.subcommands.map { Candidate(text: $0._commandName, description: $0.configuration.abstract) }
            + [Candidate(text: "help", description: "Show help on a command.")]
    }

    /// The library's options as flags, but for those that are in the command's help.
    private static func optionFlags(of command: String, beside help: CommandLineHelp) -> [CommandLineHelp.Flag] {
        Flags.options(of: command).filter { row in !help.flags.contains { $0.names.contains("--" + row.name) } }.map {
            CommandLineHelp.Flag(names: ["--" + $0.name], value: $0.type, description: $0.summary)
        }
    }

    private static func values(of flag: CommandLineHelp.Flag, _ current: String) -> Answer {
        if flag.value == "name=value" {
            guard let equals = current.firstIndex(of: "=") else {
                return .candidates(OptionRow.all.map { Candidate(text: $0.name + "=", description: $0.summary) })
            }
            let name = String(current[..<equals])
            return .candidates(choices(of: name).map { Candidate(text: "\(name)=\($0)") })
        }
        if let name = flag.names.last?.dropFirst(2), OptionRow.all.contains(where: { $0.name == name }) {
            return .candidates(choices(of: String(name)).map { Candidate(text: $0) })
        }
        return values(named: flag.value)
    }

    /// What stands for a value of that name, as the help calls it.
    private static func values(named name: String) -> Answer {
        switch name {
        case "dir": return .directories
        case "checkpoint": return .files(ending: ".safetensors")
        case "file", "data", "samples": return .files(ending: "")
        case "name":
            let groups = OptionGroups.all.map(\.name).filter { !$0.isEmpty }
            return .candidates(OptionRow.all.map { Candidate(text: $0.name, description: $0.summary) } + groups.map { Candidate(text: $0) })
        default: return .candidates([])
        }
    }

    private static func choices(of name: String) -> [String] {
        guard let row = OptionRow.all.first(where: { $0.name == name }), ["choice", "boolean"].contains(row.type) else { return [] }
        return row.range.split(separator: "|").map(String.init)
    }
}

/// The flags and places of a command, as its help lists them.
struct CommandLineHelp {
    struct Flag {
        /// "-o" and "--out".
        let names: [String]
        /// What its value is called; empty where it has none.
        let value: String
        let description: String

        /// The long name: the short one needs no completing.
        var candidate: Completion.Candidate { .init(text: names.last ?? "", description: description) }
    }

    private(set) var flags: [Flag] = []
    /// What the arguments without a flag are called, in their order.
    private(set) var places: [String] = []

    init(_ command: ParsableCommand.Type) {
        var section = ""
        for line in command.helpMessage(columns: 4096).split(separator: "\n") {
            guard line.hasPrefix("  ") else {
                section = String(line)
                continue
            }
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            if section.hasPrefix("ARGUMENTS"), first.hasPrefix("<") {
                places.append(String(first.dropFirst().dropLast()))
            } else if section.hasPrefix("OPTIONS"), first.hasPrefix("-") {
                let names = words.prefix { $0.hasPrefix("-") }.map { String($0.hasSuffix(",") ? $0.dropLast() : $0) }
                let value = words.dropFirst(names.count).first.flatMap { $0.hasPrefix("<") ? String($0.dropFirst().dropLast()) : nil }
                let description = words.dropFirst(names.count + (value == nil ? 0 : 1)).joined(separator: " ")
                flags.append(Flag(names: names, value: value ?? "", description: description))
            }
        }
    }
}
