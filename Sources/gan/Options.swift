// gan options: the library's option table.
import ArgumentParser
import CGan

struct Options: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the options that a training has.",
        usage: "gan options [<name>] [--json]",
        discussion: """
            Each is set with --set NAME=VALUE or, the same, --NAME VALUE. With a NAME only that option is shown, or those of a \
            group, such as generator or data.
            """)

    @Argument(help: "An option, or the first part of the names of several.")
    var name: String?

    @Flag(name: .long, help: "Print an array of JSON objects.")
    var json = false

    mutating func run() throws {
        var rows = OptionRow.all
        if let name {
            rows = rows.filter { $0.name == name }
            if rows.isEmpty { rows = OptionRow.all.filter { $0.name.hasPrefix(name + ".") } }
            if rows.isEmpty {
                // The library knows which name is near.
                let options = try Library.options()
                try check(gan_options_set(options.pointer, name, ""))
            }
        }
        if json { return try Output.line(json: "[" + rows.map(object).joined(separator: ",\n ") + "]") }
        let columns = Terminal.columns
        for (index, group) in OptionGroups.groups(of: rows).enumerated() {
            if index > 0 { try Output.line() }
            // A heading where there is more than one thing to tell apart.
            if rows.count > 1 { try Output.line(group.title.uppercased()) }
            for (index, row) in group.rows.enumerated() {
                if rows.count > 1, index > 0 { try Output.line() }
                try Output.write(text(row, columns))
            }
        }
    }

    private func text(_ row: OptionRow, _ columns: Int) -> String {
        let head = "\(row.name)  (\(row.type))"
        let standard = "default \(row.standard.isEmpty ? "(none)" : row.standard)"
        let width = min(columns, 100) - 1
        func paragraph(_ text: String) -> String { text.isEmpty ? "" : Format.wrapped(text, width, indent: 4) + "\n" }
        return (head.count + 2 + standard.count < columns ? "\(head)  \(standard)\n" : "\(head)\n    \(standard)\n")
            + paragraph(row.summary)
            + paragraph(row.range.isEmpty ? "" : "Values: " + spaced(row))
            + paragraph(row.condition.isEmpty ? "" : "Counts only with: " + row.condition.split(separator: "|").joined(separator: " or "))
    }

    /// Choices with room to break a line between them.
    private func spaced(_ row: OptionRow) -> String {
        row.range.split(separator: "|").joined(separator: row.type == "choice" ? ", " : " | ")
    }

    private func object(_ row: OptionRow) -> String {
        var object = JSONObject()
        object.add("name", row.name)
        object.add("type", row.type)
        object.add("default", row.standard)
        object.add("range", row.range)
        object.add("summary", row.summary)
        object.add("condition", row.condition)
        return object.closed
    }
}

/// The options by what they are about: the first part of their names.
enum OptionGroups {
    struct Group {
        let name, title: String
        var rows: [OptionRow]
    }

    static let all = groups(of: OptionRow.all)

    /// In the order of the table, with those of no group first, wherever they stand in it.
    static func groups(of rows: [OptionRow]) -> [Group] {
        var groups: [Group] = []
        for row in rows {
            let parts = row.name.split(separator: ".")
            let name = parts.count > 1 ? String(parts[0]) : ""
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].rows.append(row)
            } else {
                groups.append(Group(name: name, title: title(name), rows: [row]))
            }
        }
        return groups
    }

    private static func title(_ name: String) -> String {
        switch name {
        case "": return "The training"
        case "latent": return "Latents"
        case "image": return "The images that are drawn"
        case "penalty": return "Penalties"
        case "augment": return "Augmentation of small data"
        case "noise": return "Noise that fades"
        case "average": return "The moving average"
        case "rate": return "Learning rates"
        case "attention": return "Attention"
        case "embedding": return "Labels"
        case "info": return "Codes of infogan"
        case "tags": return "Tags"
        case "text": return "Texts of text-to-image"
        case "l1": return "Distance from the true picture"
        case "pretrain": return "Beginning without a discriminator"
        case "content": return "In what pictures are near the truth"
        case "cycle": return "There and back again"
        case "identity": return "What is to be left as it is"
        case "hole": return "Holes of inpainting"
        case "volume": return "Volumes"
        case "view": return "Volumes of views"
        case "evaluate": return "Evaluations in training"
        case "data": return "The data"
        case "table": return "Tables"
        default: return "The \(name)"
        }
    }
}
