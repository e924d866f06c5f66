// gan options: the library's option table.
import ArgumentParser
import CGan

struct Options: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the options that a training has.",
        discussion: """
            Each is set with --set NAME=VALUE or, the same, --NAME VALUE. With a NAME only that option is shown, or those of a \
            group, such as generator or data.
            """)

    @Argument(help: "An option, or the first part of the names of several.", completion: .list(OptionRow.all.map(\.name)))
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
        if json { return try Output.line("[" + rows.map(object).joined(separator: ",\n ") + "]") }
        let columns = Terminal.columns
        for (index, row) in rows.enumerated() {
            if index > 0 { try Output.line() }
            try Output.write(text(row, columns))
        }
    }

    private func text(_ row: OptionRow, _ columns: Int) -> String {
        let head = "\(row.name)  (\(row.type))"
        let standard = "default \(row.standard.isEmpty ? "(none)" : row.standard)"
        return (head.count + 2 + standard.count < columns ? "\(head)  \(standard)\n" : "\(head)\n    \(standard)\n")
            + Format.wrapped(row.summary, min(columns, 100) - 1, indent: 4) + "\n"
            + (row.range.isEmpty ? "" : Format.wrapped("Values: " + spaced(row), min(columns, 100) - 1, indent: 4) + "\n")
    }

    /// Choices with room to break a line between them.
    private func spaced(_ row: OptionRow) -> String {
        row.type == "choice" ? row.range.split(separator: "|").joined(separator: ", ") : row.range
    }

    private func object(_ row: OptionRow) -> String {
        var object = JSONObject()
        object.add("name", row.name)
        object.add("type", row.type)
        object.add("default", row.standard)
        object.add("range", row.range)
        object.add("summary", row.summary)
        return object.closed
    }
}
