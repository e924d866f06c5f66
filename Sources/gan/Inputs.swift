// What a generator's images are made of besides chance: classes and codes, set by --label, --labels, --input and --sweep.
import CGan

struct GeneratorInputs {
    struct Input {
        let name, kind: String
        let classes: Int32
    }

    /// A table of images: the same latents beside each other or below each other, under the values of one input.
    struct Rows {
        /// The input whose values are gone through, and all values.
        let input: Int
        let values: [Float]
        /// How many latents.
        let items: Int64
        /// Whether a row of the table is a value and a column a latent, or the other way about.
        let rowIsValue: Bool

        var count: Int64 { items * Int64(values.count) }
        var columns: Int32 { rowIsValue ? Int32(clamping: items) : Int32(clamping: values.count) }
        func item(of image: Int64) -> Int64 { rowIsValue ? image % items : image / Int64(values.count) }
        func value(of image: Int64) -> Float { values[Int(rowIsValue ? image / items : image % Int64(values.count))] }
    }

    let all: [Input]
    /// Those that were set by name.
    private(set) var isSet: Set<String> = []
    private let generator: Handle

    init(_ generator: Handle) throws {
        self.generator = generator
        var count: Int32 = 0
        try check(gan_generator_input_count(generator.pointer, &count))
        all = try (0..<count).map { index in
            var classes: Int32 = 0
            try check(gan_generator_input_classes(generator.pointer, index, &classes))
            return Input(
                name: try Library.text { gan_generator_input_name(generator.pointer, index, $0, $1, $2) },
                kind: try Library.text { gan_generator_input_kind(generator.pointer, index, $0, $1, $2) }, classes: classes)
        }
    }

    /// What a class of an input is called.
    func className(_ input: Int, _ number: Int32) throws -> String {
        try Library.text { gan_generator_input_class_name(generator.pointer, Int32(input), number, $0, $1, $2) }
    }

    /// Sets an input from "NAME=VALUE".
    mutating func set(_ sampler: Handle, _ setting: String) throws {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw Failure(Exit.usage, "'--input' takes INPUT=VALUE, such as c1=3, and got '\(setting)'.")
        }
        try set(sampler, String(parts[0]), to: String(parts[1]))
    }

    mutating func set(_ sampler: Handle, _ name: String, to value: String) throws {
        _ = try index(of: name)
        try check(gan_sampler_set(sampler.pointer, name, value))
        isSet.insert(name)
    }

    /// A table of all values of an input.
    func rows(of name: String, items: Int64) throws -> Rows {
        let index = try index(of: name)
        let input = all[index]
        guard input.kind != "latent" else {
            throw Failure(Exit.usage, "The latents have no values to go through; '--interpolate' walks from one to another.")
        }
        guard input.kind != "tags" else {
            throw Failure(Exit.usage, "Tags are not gone through, for there are \(input.classes) that come together in any way; '--tags A,B' or '--input tags=A,B;B' names some.")
        }
        guard input.kind != "text" else {
            throw Failure(Exit.usage, "Texts are not gone through, for there are too many; '--text TEXT' says one, and several on lines of their own.")
        }
        let values = input.classes > 0 ? (0..<input.classes).map { Float($0) } : (0...10).map { Float($0) / 5 - 1 }
        guard items <= 1 << 20, values.count <= 1 << 20 else {
            throw Failure(
                Exit.usage,
                "'--count' is \(items): with '--\(name == "label" ? "labels" : "sweep")' it is how many images there are of each of the \(values.count) values, at most \(Format.grouped(1 << 20)).")
        }
        return Rows(input: index, values: values, items: items, rowIsValue: name == "label")
    }

    private func index(of name: String) throws -> Int {
        if let index = all.firstIndex(where: { $0.name == name }) { return index }
        let others = all.dropFirst().map { "'\($0.name)'" }
        let known = others.isEmpty ? "is told nothing but chance" : "knows \(others.joined(separator: ", "))"
        let advice =
            switch name {
            case "label": " Train with --set condition=labels, on data with labels."
            case "tags": " Train with --recipe tags, or --set condition=tags, on pictures with a list metadata.csv that has tags."
            case "text": " Train with --recipe text-to-image, on pictures with a list metadata.csv that has texts."
            default: ""
            }
        throw Failure(Exit.usage, "This generator has no input '\(name)'; it \(known).\(advice)")
    }
}
