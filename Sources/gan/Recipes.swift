// gan recipes: what can be trained.
import ArgumentParser
import CGan

struct Recipes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what can be trained, or tell about one.",
        usage: "gan recipes [<name>] [--json]",
        discussion: "A recipe is chosen with 'gan train … --recipe NAME'. With a NAME here its own options and its paper are shown.")

    @Argument(help: "A recipe.")
    var name: String?

    @Flag(name: .long, help: "Print an array of JSON objects.")
    var json = false

    mutating func run() throws {
        var rows = RecipeRow.all
        if let name {
            rows = rows.filter { $0.name == name }
            if rows.isEmpty {
                // The library knows which name is near.
                let options = try Library.options()
                try check(gan_options_set(options.pointer, "recipe", name))
            }
        }
        if json {
            return try Output.line(json: "[" + rows.map { row in
                var object = JSONObject()
                object.add("name", row.name)
                object.add("summary", row.summary)
                object.add("paper", row.paper)
                object.add("options", raw: "[" + row.options.map { "\"\($0)\"" }.joined(separator: ", ") + "]")
                return object.closed
            }.joined(separator: ",\n ") + "]")
        }
        for (index, row) in rows.enumerated() {
            if index > 0 { try Output.line() }
            try Output.line(row.name)
            try Output.line(Format.wrapped(row.summary, Terminal.columns, indent: 4))
            try Output.line(Format.wrapped(row.paper, Terminal.columns, indent: 4))
            guard name != nil else { continue }
            for option in OptionRow.all where row.options.contains(option.name) {
                try Output.line()
                try Output.line("    --set \(option.name)=\(option.standard)  (\(option.range))")
                try Output.line(Format.wrapped(option.summary, Terminal.columns, indent: 8))
            }
        }
    }
}

/// A line of the library's table of recipes.
struct RecipeRow {
    let name, summary, paper: String
    /// Those that it has alone.
    let options: [String]

    static let all: [RecipeRow] = (0..<gan_recipe_count()).map { index in
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        return RecipeRow(
            name: text(gan_recipe_name(index)), summary: text(gan_recipe_summary(index)), paper: text(gan_recipe_paper(index)),
            options: text(gan_recipe_options(index)).split(separator: ",").map { String($0) })
    }
}
