// What samples are made of, in words: names of inputs and of classes, with the nearest one where there is no such name.

import Base
import Recipes

extension Generator {
    /// What samples are made of, in the network's order.
    public var inputs: [Sampling.Input] { sampling.inputs }
}

extension Sampling.Input {
    /// "latent", "label", "category", "code", "picture", "tags", "text" or "condition".
    public var kindName: String {
        switch kind {
        case .latent: "latent"
        case .label: "label"
        case .category: "category"
        case .code: "code"
        case .picture: "picture"
        case .tags: "tags"
        case .text: "text"
        case .condition: "condition"
        }
    }

    /// Numbers a row.
    public var width: Int {
        switch kind {
        case .latent(let size, _): size
        case .picture(let axes, _, _): axes.reduce(1, *)
        case .tags(let names, _): names.count
        case .text(let length, _, _): length
        case .label, .category, .code, .condition: 1
        }
    }

    /// How many classes or tags there are; 0 where the input is neither.
    public var classCount: Int {
        switch kind {
        case .label(let classes, _), .category(let classes): classes
        case .tags(let names, _): names.count
        case .latent, .code, .picture, .text: 0
        case .condition(let schema): schema.conditionCount
        }
    }

    /// What a class or tag is called: its name, or its number as text.
    public func className(_ index: Int) -> String {
        switch kind {
        case .label(_, let names), .tags(let names, _): names.indices.contains(index) ? names[index] : String(index)
        case .latent, .category, .code, .picture, .text: String(index)
        case .condition(let schema): schema.conditionName(index)
        }
    }

    /// The zeros and ones of tags with commas between them.
    fileprivate func tagRow(_ text: String, of names: [String]) throws(GanError) -> [Float] {
        var row = [Float](repeating: 0, count: names.count)
        if text == Self.noTags, !names.contains(Self.noTags) { return row }
        for part in text.split(separator: ",") {
            let tag = String(Text.trimmed(part))
            if tag.isEmpty { continue }
            guard let index = names.firstIndex(of: tag) else {
                let near = Text.nearestName(to: tag, among: names).map { "did you mean '\($0)'?" }
                let known = "it has " + names.prefix(12).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 12 ? ", …" : "") + "."
                throw GanError(.unknownName, "The input '\(name)' has no tag '\(Option.excerpt(tag))'; \(near ?? known)")
            }
            row[index] = 1
        }
        return row
    }

    /// The characters of a text, as the network reads them.
    fileprivate func characterRow(_ text: String, length: Int, characters: [Unicode.Scalar]) throws(GanError) -> [Float] {
        let scalars = text.unicodeScalars
        guard scalars.count <= length else {
            throw GanError(
                .outOfRange,
                "The text '\(Option.excerpt(text))' has \(scalars.count) characters, and the generator reads at most \(length), as many as the longest that it learnt from.")
        }
        var row = [Float](repeating: 0, count: length)
        for (place, scalar) in scalars.enumerated() { row[place] = characters.firstIndex(of: scalar).map { Float($0 + 2) } ?? 1 }
        return row
    }

    /// What asks for none of the tags.
    private static let noTags = "none"

    /// The class of that name or number. Where a name is a number itself, as of a folder "7", a number is a name: it must not come to mean
    /// a place where the name is missing.
    fileprivate func classIndex(_ text: String) throws(GanError) -> Float {
        var isNumbered = false
        if case .label(_, let names) = kind {
            if let index = names.firstIndex(of: text) { return Float(index) }
            isNumbered = names.contains { Text.int64($0) != nil }
        }
        if case .condition(let schema) = kind, let index = (0..<schema.conditionCount).first(where: { schema.conditionName($0) == text }) { return Float(index) }
        if !isNumbered, let number = Text.int64(text), number >= 0, number < Int64(classCount) { return Float(number) }
        var advice = "it has the classes 0 … \(classCount - 1)"
        if case .label(_, let names) = kind, !names.isEmpty {
            let near = Text.nearestName(to: text, among: names).map { "did you mean '\($0)'?" }
            advice = near ?? "it has " + names.prefix(12).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
        }
        throw GanError(.unknownName, "The input '\(name)' has no class '\(Option.excerpt(text))'; \(advice)\(advice.hasSuffix("?") ? "" : ".")")
    }
}

extension Sampler {
    /// The place of the input of that name.
    public func input(named name: String) throws(GanError) -> Int {
        if let index = inputs.firstIndex(where: { $0.name == name }) { return index }
        let names = inputs.map(\.name)
        let near = Text.nearestName(to: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
        throw GanError(
            .unknownName,
            "The generator has no input '\(Option.excerpt(name))'; it has \(names.map { "'\($0)'" }.joined(separator: ", ")).\(near)")
    }

    /// Sets an input from text: a class by its name or number, or a number, for a label, a category or a code; several with commas
    /// between them, for samples in turn; "" for what it is without being set. Tags are names with commas between them, "none" for none of
    /// them, and semicolons stand between those of several samples. A text is what stands on a line.
    public func set(_ index: Int, text: String) throws(GanError) {
        guard inputs.indices.contains(index) else { throw GanError(.invalidArgument, "There is no input number \(index).") }
        let input = inputs[index]
        var rows: [Float] = []
        if !text.isEmpty {
            // A name may hold a comma.
            if case .tags(let names, _) = input.kind {
                for part in text.split(separator: ";", omittingEmptySubsequences: false) {
                    rows += try input.tagRow(String(Text.trimmed(part)), of: names)
                }
            } else if case .text(let length, let characters, _) = input.kind {
                for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                    rows += try input.characterRow(String(line), length: length, characters: characters)
                }
            } else if case .label(_, let names) = input.kind, let number = names.firstIndex(of: text) {
                rows = [Float(number)]
            } else {
                for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                    rows.append(try Self.row(of: input, String(part.drop { $0 == " " })))
                }
            }
        }
        try set(index, rows: rows)
    }

    private static func row(of input: Sampling.Input, _ text: String) throws(GanError) -> Float {
        switch input.kind {
        case .label, .category, .condition: return try input.classIndex(text)
        case .picture:
            throw GanError(.invalidArgument, "The input '\(input.name)' is a picture, which is given as values and not as text.")
        case .latent, .code, .tags, .text:
            guard let number = Text.double(text) else {
                throw GanError(.outOfRange, "The input '\(input.name)' takes numbers, and '\(Option.excerpt(text))' is none.")
            }
            return Float(number)
        }
    }
}
