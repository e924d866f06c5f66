// gan inspect: what is in a checkpoint.
import ArgumentParser
import CGan

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a checkpoint holds: networks, options, training state.")

    @Argument(help: "The checkpoint to look at.")
    var checkpoint: String

    @Flag(name: .long, help: "Print one object of JSON.")
    var json = false

    mutating func run() throws {
        let contents = try Contents(checkpoint)
        try json ? Output.line(json: contents.json) : Output.write(contents.text)
    }
}

/// A checkpoint's contents in the order of the file.
private struct Contents {
    struct Tensor {
        /// "generator", "0" and "weight" of "generator.0.weight"; "block0.first" is the layer of "generator.block0.first.weight".
        let network, layer, parameter: String
        let name: String
        let shape: [Int64]
        var count: Int64 { shape.reduce(1, &*) }
        /// Whether it is a network's own, not what the optimiser keeps about one.
        let isParameter: Bool
    }

    let path: String
    let kind, step, seed: String
    /// How many images the data had; nil where the file does not say so.
    let images: Int64?
    let tensors: [Tensor]
    let options: [(row: OptionRow, value: String)]
    /// What images are made of; none where the file's networks cannot be made.
    let inputs: [(input: GeneratorInputs.Input, names: [String])]
    /// Of the rows that it makes, where it makes rows of a table.
    let columns: [TableNetwork.Column]

    init(_ path: String) throws {
        self.path = path
        let handle = try Patience.reading(path, isQuiet: false) {
            try Handle(.input, destroy: gan_checkpoint_destroy) { gan_checkpoint_open(path, $0) }
        }
        kind = try Library.text { gan_checkpoint_text(handle.pointer, "kind", $0, $1, $2) }
        step = try Library.text { gan_checkpoint_text(handle.pointer, "step", $0, $1, $2) }
        seed = try Library.text { gan_checkpoint_text(handle.pointer, "seed", $0, $1, $2) }
        images = Int64(try Library.text { gan_checkpoint_text(handle.pointer, "images", $0, $1, $2) })
        var count: Int64 = 0
        try check(gan_checkpoint_tensor_count(handle.pointer, &count))
        let names = try (0..<count).map { index in try Library.text { gan_checkpoint_tensor_name(handle.pointer, index, $0, $1, $2) } }
        let known = Set(names)
        // A parameter of no layer, such as an embedding, is its network's all the same.
        let networks = Set(names.map { $0.split(separator: ".", omittingEmptySubsequences: false) }.filter { $0.count >= 3 }.map { String($0[0]) })
        tensors = try names.enumerated().map { place, name in
            let index = Int64(place)
            var rank = 0
            var shape = [Int64](repeating: 0, count: 64)
            try check(gan_checkpoint_tensor_shape(handle.pointer, index, &shape, shape.count, &rank))
            let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            // What an optimiser keeps is named after the parameter that it is about.
            let isAbout = (1..<max(parts.count, 1)).contains { known.contains(parts.prefix($0).joined(separator: ".")) }
            return Tensor(
                network: parts[0], layer: parts.dropFirst().dropLast().joined(separator: "."), parameter: parts.last ?? name, name: name,
                shape: Array(shape.prefix(rank)), isParameter: parts.count >= 2 && networks.contains(parts[0]) && parts[0] != "average" && !isAbout)
        }
        options = try OptionRow.all.map { row in
            (row, try Library.text { gan_checkpoint_option(handle.pointer, row.name, $0, $1, $2) })
        }
        // What came through a pipe does not come again.
        if !Places.isStream(path), let generator = try? Library.generator(path, isQuiet: true), let known = try? GeneratorInputs(generator) {
            let found = (try? TableNetwork.columns(of: generator)) ?? []
            columns = found
            // The categories are told with the columns.
            inputs = known.all.filter { $0.kind != "condition" || found.isEmpty }.enumerated().map { index, input in (input, (0..<input.classes).map { (try? known.className(index, $0)) ?? String($0) }) }
        } else {
            (inputs, columns) = ([], [])
        }
    }

    private func option(_ name: String) -> String { options.first { $0.row.name == name }?.value ?? "" }
    private var imageSize: String { ["image.height", "image.width", "image.channels"].map(option).joined(separator: " × ") }
    private var networks: [String] {
        var names: [String] = []
        for tensor in tensors where tensor.isParameter && !names.contains(tensor.network) { names.append(tensor.network) }
        return names
    }
    /// A network's parameters and states, layer by layer; within a layer in the order of the file.
    private func parameters(of network: String) -> [Tensor] {
        let all = tensors.filter { $0.isParameter && $0.network == network }
        var layers: [String] = []
        for tensor in all where !layers.contains(tensor.layer) { layers.append(tensor.layer) }
        return layers.flatMap { layer in all.filter { $0.layer == layer } }
    }
    /// How many whole epochs lie behind it, and how many steps each has; nil where the file does not say how many images there were.
    private var epochs: (made: Int64, steps: Int64, rest: Int64)? {
        guard let images, let step = Int64(step), let batch = Int64(option("batch-size")), batch > 0, images >= batch else { return nil }
        let steps = images / batch
        return (step / steps, steps, step % steps)
    }

    private var optimiserNumbers: Int64 { tensors.filter { !$0.isParameter }.reduce(0) { $0 &+ $1.count } }

    // MARK: For people

    var text: String {
        let isTrainer = kind == "trainer"
        var text = "\(Printable.text(path))  \(Format.size(Paths.size(path)))\n"
            + Format.wrapped("A \(isTrainer ? "training: both networks, optimisers and position" : "generator alone: it draws, and cannot be trained on")", Terminal.columns, indent: 0)
            + "\n"
        for network in networks { text += "\n" + table(network) }
        text += "\nTraining\n"
        let seen = Int64(step).flatMap { step in Int64(option("batch-size")).map { step.multipliedReportingOverflow(by: $0) } }
        var lines: [(String, String)] = []
        if let epochs {
            let rest = epochs.rest == 0 ? "" : " and \(Format.count(epochs.rest, "step"))"
            lines.append(("epochs", "\(Format.grouped(epochs.made))\(rest), of \(Format.count(epochs.steps, "step")) each"))
        }
        lines += [("steps", Format.grouped(Int64(step) ?? 0)), ("images seen", seen.map { $0.overflow ? "" : Format.grouped($0.partialValue) } ?? ""), ("seed", seed)]
        if isTrainer { lines.append(("optimiser", "Adam, \(Format.grouped(optimiserNumbers)) numbers")) }
        for (name, value) in lines { text += "  \(Format.left(name, 13))\(value)\n" }
        return text + inputList + columnList + optionLists
    }

    /// The columns of rows, and what 'gan sample --where' can ask of them.
    private var columnList: String {
        let width = max(13, (columns.map { Printable.text($0.name).count }.max() ?? 0) + 2)
        let lines = columns.map { column -> String in
            let what = column.kind != "category" ? column.kind
                : column.categories.isEmpty ? "nothing but missing values"
                : Format.count(Int64(column.categories.count), "category", plural: "categories") + ": " + column.categories.map { Printable.text($0) }.joined(separator: ", ")
            let lines = Format.wrapped(what, Terminal.columns, indent: width + 2).split(separator: "\n")
            return "  \(Format.left(Printable.text(column.name), width))\(lines.joined(separator: "\n").dropFirst(width + 2))\n"
        }
        return lines.isEmpty ? "" : "\nColumns\n" + lines.joined()
    }

    /// What images are made of, and how 'gan sample' names it.
    private var inputList: String {
        let width = max(13, (inputs.map { $0.input.name.count }.max() ?? 0) + 2)
        let lines = inputs.map { input, names -> String in
            let what: String
            switch input.kind {
            case "latent": what = "\(option("latent.size")) \(option("latent.distribution")) numbers"
            case "code": what = "a number from -1 to 1"
            case "text": what = "what is to be seen, in words"
            default:
                let isNamed = names.enumerated().contains { $1 != String($0) }
                what = Format.count(Int64(names.count), "class", plural: "classes") + ": "
                    + (isNamed ? names.map { Printable.text($0) }.joined(separator: ", ") : names.count == 1 ? "0" : "0 … \(names.count - 1)")
            }
            let lines = Format.wrapped(what, Terminal.columns, indent: width + 2).split(separator: "\n")
            return "  \(Format.left(Printable.text(input.name), width))\(lines.joined(separator: "\n").dropFirst(width + 2))\n"
        }
        return lines.isEmpty ? "" : "\nInputs\n" + lines.joined()
    }

    private func table(_ network: String) -> String {
        let parameters = parameters(of: network)
        let title = network == "generator"
            ? "Generator: \(option("latent.size")) \(option("latent.distribution")) numbers → \(imageSize) pixels"
            : network == "discriminator" ? "Discriminator: \(imageSize) pixels → 1 logit" : network
        var rows: [[String]] = [["layer", "parameter", "shape", "numbers"]]
        var layer = ""
        for tensor in parameters {
            rows.append([tensor.layer == layer ? "" : Printable.text(tensor.layer), Printable.text(tensor.parameter), tensor.shape.map(String.init).joined(separator: " × "), Format.grouped(tensor.count)])
            layer = tensor.layer
        }
        rows.append(["total", "", "", Format.grouped(parameters.reduce(0) { $0 &+ $1.count })])
        var widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        var gap = "  "
        if widths.reduce(8, +) > Terminal.columns {
            rows = rows.map { row in [row[0], row[1], String(row[2].filter { $0 != " " }), row[3]] }
            widths[2] = rows.map { $0[2].count }.max() ?? 0
            gap = " "
        }
        let lines = rows.map { row in
            gap + Format.left(row[0], widths[0]) + gap + Format.left(row[1], widths[1]) + gap + Format.left(row[2], widths[2]) + gap
                + Format.right(row[3], widths[3])
        }
        let rule = gap + String(repeating: "-", count: widths.reduce(3 * gap.count, +))
        return ([Format.wrapped(title, Terminal.columns, indent: 0), lines[0], rule] + lines[1..<(lines.count - 1)] + [rule, lines[lines.count - 1]]).joined(separator: "\n") + "\n"
    }

    /// Those that differ from the defaults first: they are what makes this training this one.
    private var optionLists: String {
        // The file keeps none of those that belong to a machine.
        let kept = options.filter { applies($0.row) && $0.row.name != "threads" && (!$0.row.name.hasPrefix("data.") || $0.row.name == "data.shuffle") }
        let longest = kept.map { $0.row.name.count }.max() ?? 0
        let width = longest + 18 < Terminal.columns ? longest + 2 : 0  // in columns where there is room for them
        func list(_ title: String, _ some: [(row: OptionRow, value: String)]) -> String {
            some.isEmpty ? "" : "\n\(title)\n" + some.map { "  \(Format.left($0.row.name, width))\(width == 0 ? " " : "")\($0.value.isEmpty ? "(none)" : $0.value)\n" }.joined()
        }
        return list("Options that differ from the defaults", kept.filter { $0.value != $0.row.standard })
            + list("Options with their defaults", kept.filter { $0.value == $0.row.standard })
    }

    /// Whether an option has a meaning in this training: its recipe has it, and what it counts with is so.
    private func applies(_ row: OptionRow) -> Bool {
        let owners = RecipeRow.all.filter { $0.options.contains(row.name) }
        return (owners.isEmpty || owners.contains { $0.name == option("recipe") }) && row.counts(option)
    }

    // MARK: For machines

    var json: String {
        var object = JSONObject()
        object.add("file", path)
        object.add("bytes", Paths.size(path))
        object.add("kind", kind)
        object.add("step", raw: step)
        object.add("seed", raw: seed)
        object.add("images", raw: images.map { String($0) } ?? "null")
        object.add("epochs", raw: epochs.map { String($0.made) } ?? "null")
        var all = JSONObject()
        for network in networks {
            let parameters = parameters(of: network)
            var entry = JSONObject()
            entry.add("parameters", parameters.reduce(0) { $0 &+ $1.count })
            entry.add("tensors", raw: "[" + parameters.map { tensor in
                var line = JSONObject()
                line.add("name", tensor.name)
                line.add("shape", raw: "[" + tensor.shape.map(String.init).joined(separator: ", ") + "]")
                line.add("count", tensor.count)
                return line.closed
            }.joined(separator: ", ") + "]")
            all.add(network, raw: entry.closed)
        }
        object.add("networks", raw: all.closed)
        object.add("optimiser-numbers", optimiserNumbers)
        var settings = JSONObject()
        for (row, value) in options { settings.add(row.name, value) }
        object.add("options", raw: settings.closed)
        object.add("inputs", raw: "[" + inputs.map { input, names in
            var entry = JSONObject()
            entry.add("name", input.name)
            entry.add("kind", input.kind)
            entry.add("classes", raw: "[" + names.map(JSONObject.quoted).joined(separator: ", ") + "]")
            return entry.closed
        }.joined(separator: ", ") + "]")
        if !columns.isEmpty {
            object.add("columns", raw: "[" + columns.map { column in
                var entry = JSONObject()
                entry.add("name", column.name)
                entry.add("kind", column.kind)
                entry.add("categories", raw: "[" + column.categories.map(JSONObject.quoted).joined(separator: ", ") + "]")
                return entry.closed
            }.joined(separator: ", ") + "]")
        }
        return object.closed
    }
}
