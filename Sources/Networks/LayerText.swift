// Networks as text: "conv 64 4 2, leaky-relu, norm batch, flatten, dense 10". Layers have commas between them, and what a layer is told
// stands behind its name. What cannot be read is answered by where it is and by what was expected there.

import Base

/// One layer of a text.
public struct TextLayer: Sendable {
    public enum Kind: Sendable, Equatable {
        case dense(outputs: Int)
        case convolution(outputs: Int, window: Int, stride: Int)
        case transposedConvolution(outputs: Int, window: Int, stride: Int)
        case residual
        case upsample(factor: Int, interpolates: Bool)
        case shuffle(factor: Int)
        case average(factor: Int)
        case sum
        case reshape([Int])
        case flatten
        case norm(NormKind)
        case activation(ActivationKind)
        case dropout(share: Float)
        case attention
    }

    public let kind: Kind
    /// The layer as it was written.
    public let text: String
    /// Where it begins: 1 is the text's first character.
    public let position: Int
}

public enum LayerText {
    /// What can be written, for people.
    public static let grammar = """
        layers with commas between them, or nothing: dense N, conv CHANNELS [WINDOW [STRIDE]], conv-transpose CHANNELS [WINDOW [STRIDE]], \
        residual, upsample FACTOR [nearest|bilinear], shuffle FACTOR, average FACTOR, sum, reshape N [N ...], flatten, \
        norm \(NormKind.allCases.map(\.rawValue).joined(separator: "|")), dropout SHARE, attention, \
        \(ActivationKind.allCases.map(\.rawValue).joined(separator: ", "))
        """

    /// So many layers, and so large numbers, at the most.
    private static let (mostLayers, largest) = (256, 65536)

    /// The layers of a text; none of an empty one.
    /// - Throws: `.outOfRange` with a sentence's end, such as "at character 12, 'dens': a layer was expected, …".
    public static func layers(_ text: String) throws(GanError) -> [TextLayer] {
        var words = Words(text)
        var layers: [TextLayer] = []
        if words.isAtEnd { return layers }
        while true {
            if layers.count == mostLayers { throw words.refusal("no more than \(mostLayers) layers can be had") }
            layers.append(try layer(&words))
            if words.isAtEnd { return layers }
            guard words.takeComma() else { throw words.refusal("a comma was expected, or the end") }
        }
    }

    private static let names = [
        "dense", "conv", "conv-transpose", "residual", "upsample", "shuffle", "average", "sum", "reshape", "flatten", "norm", "dropout", "attention",
    ]

    private static func layer(_ words: inout Words) throws(GanError) -> TextLayer {
        let begin = words.position
        let activations = ActivationKind.allCases.map(\.rawValue)
        guard let name = words.take() else { throw words.refusal("a layer was expected, such as dense 256 or relu") }
        let kind: TextLayer.Kind
        switch name {
        case "dense": kind = .dense(outputs: try words.number("the number of outputs", 1...largest))
        case "conv":
            let (outputs, window, stride) = try convolution(&words, window: 3, stride: 1)
            kind = .convolution(outputs: outputs, window: window, stride: stride)
        case "conv-transpose":
            let (outputs, window, stride) = try convolution(&words, window: 4, stride: 2)
            kind = .transposedConvolution(outputs: outputs, window: window, stride: stride)
        case "residual": kind = .residual
        case "upsample":
            let factor = try words.number("the factor", 2...16)
            var interpolates = false
            if words.isAtWord {
                interpolates = try words.choice("how to upsample", ["nearest", "bilinear"]) == "bilinear"
                if interpolates && factor != 2 { throw words.refusal("bilinear upsampling has the factor 2", atLast: true) }
            }
            kind = .upsample(factor: factor, interpolates: interpolates)
        case "shuffle": kind = .shuffle(factor: try words.number("the factor", 2...16))
        case "average": kind = .average(factor: try words.number("the factor", 2...16))
        case "sum": kind = .sum
        case "reshape":
            var shape = [try words.number("a length", 1...largest)]
            while words.isAtWord && shape.count < 4 { shape.append(try words.number("a length, or a comma,", 1...largest)) }
            kind = .reshape(shape)
        case "flatten": kind = .flatten
        case "norm": kind = .norm(NormKind(rawValue: try words.choice("a norm", NormKind.allCases.map(\.rawValue))) ?? .none)
        case "dropout": kind = .dropout(share: try words.share("the share of numbers that become 0"))
        case "attention": kind = .attention
        default:
            guard let activation = ActivationKind(rawValue: name) else {
                let advice = Text.nearestName(to: name, among: names + activations).map { ". Did you mean '\($0)'?" } ?? ""
                throw words.refusal("a layer was expected, one of \((names + activations).joined(separator: ", "))\(advice)", atLast: true)
            }
            kind = .activation(activation)
        }
        return TextLayer(kind: kind, text: words.text(from: begin), position: begin + 1)
    }

    private static func convolution(_ words: inout Words, window: Int, stride: Int) throws(GanError) -> (Int, Int, Int) {
        let outputs = try words.number("the number of channels", 1...largest)
        let side = words.isAtWord ? try words.number("the window's side", 1...31) : window
        return (outputs, side, words.isAtWord ? try words.number("the stride", 1...16) : min(stride, side))
    }
}

/// A text's words: what stands between spaces and commas.
private struct Words {
    private let characters: [Character]
    /// Where the next word or comma is.
    private(set) var position = 0
    /// Where the last word was, and where it ended.
    private var last = 0..<0

    init(_ text: String) {
        characters = Array(text)
        skipSpaces()
    }

    var isAtEnd: Bool { position >= characters.count }
    var isAtWord: Bool { !isAtEnd && characters[position] != "," }

    private static func isSpace(_ character: Character) -> Bool { [" ", "\t", "\n", "\r\n", "\r"].contains(character) }
    private static func ends(_ character: Character) -> Bool { character == "," || isSpace(character) }

    private mutating func skipSpaces() {
        while position < characters.count, Self.isSpace(characters[position]) { position += 1 }
    }

    mutating func take() -> String? {
        guard isAtWord else { return nil }
        let begin = position
        while position < characters.count, !Self.ends(characters[position]) { position += 1 }
        last = begin..<position
        let word = String(characters[last])
        skipSpaces()
        return word
    }

    mutating func takeComma() -> Bool {
        guard !isAtEnd, characters[position] == "," else { return false }
        position += 1
        skipSpaces()
        return true
    }

    mutating func number(_ what: String, _ range: ClosedRange<Int>) throws(GanError) -> Int {
        let expected = "\(what) was expected, \(range.lowerBound) to \(range.upperBound)"
        guard let word = take() else { throw refusal(expected) }
        guard let value = Text.int64(word), let number = Int(exactly: value), range.contains(number) else { throw refusal(expected, atLast: true) }
        return number
    }

    mutating func share(_ what: String) throws(GanError) -> Float {
        let expected = "\(what) was expected, from 0 to less than 1"
        guard let word = take() else { throw refusal(expected) }
        guard let share = Text.float(word), share >= 0, share < 1 else { throw refusal(expected, atLast: true) }
        return share
    }

    mutating func choice(_ what: String, _ names: [String]) throws(GanError) -> String {
        let expected = "\(what) was expected, one of \(names.joined(separator: ", "))"
        guard let word = take() else { throw refusal(expected) }
        guard names.contains(word) else { throw refusal(expected, atLast: true) }
        return word
    }

    /// What was written from a position to the last word, with one space between words.
    func text(from begin: Int) -> String {
        guard begin < last.upperBound else { return "" }
        return characters[begin..<last.upperBound].split(whereSeparator: Self.isSpace).map { String($0) }.joined(separator: " ")
    }

    /// - Parameter atLast: It is the last word that is wrong, and not what comes next.
    func refusal(_ expected: String, atLast: Bool = false) -> GanError {
        let place = atLast ? last.lowerBound : position
        var end = place
        while end < characters.count, !Self.ends(characters[end]) { end += 1 }
        if end == place && end < characters.count { end += 1 }
        let word = String(characters[place..<min(end, place + 40)])
        let shown = word.isEmpty ? "at the end" : "at character \(place + 1), '\(word)'"
        return GanError(.outOfRange, "\(shown): \(expected)")
    }
}
