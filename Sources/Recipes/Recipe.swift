// A recipe is an application: which networks there are, what a step of training does with them, and what is drawn. Everything else
// (gradients, plans, batches, checkpoints, samplers, the C interface, the command) follows from what it says. Adding one is a file
// beside this one, and a line in `RecipeList.swift`.

import Base
import Data
import Graph
import Networks
import Optimisers

public protocol Recipe: Sendable {
    /// What `--recipe` calls it.
    static var name: String { get }
    /// What it makes, in a sentence.
    static var summary: String { get }
    /// Where it is from: authors, title, year, and where to read it.
    static var paper: String { get }
    /// The options that only it has; those that all recipes have are in `OptionTable`.
    static var options: [Option] { get }
    /// Defaults of options of all recipes that it has otherwise.
    static var defaults: [(Option, OptionValue)] { get }
    /// Whether it reads several data sets, each in an order of its own. Others read what belongs together item by item.
    static var readsApart: Bool { get }

    /// Whether the option `network`, and those of the networks that it names, say what its networks are.
    static var hasNetworksByOption: Bool { get }

    /// How patches are cut of pictures that are of different sizes, or large; nil where such pictures are no data for it unless somebody says how.
    static func patches(_ options: OptionValues) -> PatchPreference?

    /// What it is best made of for such data, where `preset` is auto.
    static func suited(to data: DataOutline, _ options: OptionValues) -> Suited

    /// - Parameter fields: What an item of the data has, or had when the checkpoint was trained.
    /// - Throws: a sentence for options that contradict each other, and for data that it cannot use.
    init(_ options: OptionValues, fields: [Field]) throws(GanError)

    /// A new one goes to the end: the place decides which random numbers initial weights are.
    var networks: [Network] { get }
    /// All that can be read of a step, whatever the options.
    static var possibleMetrics: [StepMetric] { get }
    /// What can be read of a step with these options, by name: some of those.
    var metrics: [StepMetric] { get }
    /// One step of training.
    func step(_ s: StepBuilder) throws(GanError)
    /// What is drawn of a finished training.
    var sampling: Sampling { get }
    /// What a row of a preview during training shows of an item of the data, from left to right: pictures [batch, height, width, 1 or 3] in
    /// `pixelRange`, such as the input, what is made of it, and the truth. Networks run as they will when the training is finished. None
    /// where samples need no data, and are drawn by `sampling`.
    func preview(_ s: StepBuilder) throws(GanError) -> [Tensor]
    /// How a finished training is used on pictures, where it is.
    var application: Application? { get }
    /// How it is used the other way round, where it can be.
    var reverseApplication: Application? { get }
    /// How pictures of the data are scaled: the values that are black and white.
    var pixelRange: (low: Float, high: Float) { get }
    /// [height, width, channels] of what `sampling` draws, where that is not what the data have.
    var drawn: Shape? { get }
    /// The axes of what is made, where that is no picture: [depth, height, width, channels] of volumes.
    var made: Shape? { get }
    /// Whether `sampling` draws pictures.
    var drawsPictures: Bool { get }
    /// The share of the items that no step sees, and that are looked at after each epoch.
    var heldOut: Double { get }
}

extension Recipe {
    public var drawn: Shape? { nil }
    public var made: Shape? { nil }
    public var drawsPictures: Bool { true }
    public var heldOut: Double { 0 }
    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] { [] }
}

extension Recipe {
    public static var defaults: [(Option, OptionValue)] { [] }
    public static func patches(_ options: OptionValues) -> PatchPreference? { nil }
    public static var readsApart: Bool { false }
    public static var hasNetworksByOption: Bool { false }
    public var application: Application? { nil }
    public var reverseApplication: Application? { nil }
}

/// A number of a step that can be read.
public struct StepMetric: Sendable {
    public let name: String
    public let summary: String

    public init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }
}

/// How samples are drawn: a network, what its inputs are, and which output is shown.
public struct Sampling: Sendable {
    public struct Input: Sendable {
        public enum Kind: Sendable {
            /// Drawn from the seed unless it is given.
            case latent(size: Int, LatentDistribution)
            /// A class: i mod classes unless it is given.
            case label(classes: Int, names: [String])
            /// One of so many categories that a network found by itself: i mod categories unless it is given.
            case category(Int)
            /// A number from −1 to 1: drawn from the seed unless it is given.
            case code
            /// A picture [height, width, channels] of values from `low` to `high`: black, which is `low`, unless it is given.
            case picture([Int], low: Float, high: Float)
            /// A zero or a one for each tag: example i mod their count unless they are given.
            case tags([String], examples: [[UInt8]])
            /// Characters of a text, as a field of it has them: example i mod their count unless they are given.
            case text(length: Int, characters: [Unicode.Scalar], examples: [[Int32]])
            /// A category of a column of a table: drawn as often as the data have it unless it is given.
            case condition(TableSchema)
        }

        public let name: String
        public let kind: Kind

        public init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// A network that makes one of the sampled network's inputs of what is given.
    public struct Encoder: Sendable {
        public let network: Network
        /// What it makes, and what the sampled network calls it.
        public let input: String

        public init(_ network: Network, input: String) {
            self.network = network
            self.input = input
        }
    }

    /// What such a network is called, as a checkpoint's tensors are named.
    public static let encoderName = "encoder"

    public let network: Network
    /// In the order of the network's; what an encoder takes stands in the place of what it makes.
    public let inputs: [Input]
    public let output: String
    public let encoder: Encoder?

    public init(_ network: Network, _ inputs: [Input], output: String, encoder: Encoder? = nil) {
        self.network = network
        self.inputs = inputs
        self.output = output
        self.encoder = encoder
    }

    /// Runs it on buffers of the inputs' names, [rows, …] each.
    ///
    /// - Returns: What the network makes, and the parameters and states of all that is run.
    public func run(rows: Int, in graph: Graph) throws(GanError) -> (outputs: Tensors, states: [NetworkState]) {
        func buffers(_ ports: [Port]) throws(GanError) -> Tensors {
            var inputs: Tensors = [:]
            for port in ports { inputs[port.name] = try graph.buffer(port.name, [rows] + port.shape) }
            return inputs
        }
        var tensors = try buffers(network.inputs.filter { $0.name != encoder?.input })
        var states: [NetworkState] = []
        if let encoder {
            let state = NetworkState(of: encoder.network.name, in: graph, for: .sampling)
            tensors[encoder.input] = try encoder.network(buffers(encoder.network.inputs), in: state)(encoder.input)
            states.append(state)
        }
        let state = NetworkState(of: network.name, in: graph, for: .sampling)
        return (try network(tensors, in: state), [state] + states)
    }
}

extension [Field] {
    /// The [height, width, channels] of the pictures.
    /// - Throws: `.mismatch` where there are none.
    func image(for recipe: String) throws(GanError) -> Shape {
        for field in self {
            // A row of numbers is a picture one pixel high.
            if case .values(let axes) = field.kind, field.name == Field.image, axes.count <= 3 { return try ImageShape(folding: axes).axes }
        }
        let found = first.map { ": they are \($0.sentence)" } ?? ""
        throw GanError(.mismatch, "The recipe '\(recipe)' learns from pictures, and the data have none\(found).")
    }

    /// The [height, width, channels] of sources and of targets.
    /// - Throws: `.mismatch` where there are no pairs.
    func pair(for recipe: String) throws(GanError) -> (source: Shape, target: Shape) {
        func axes(_ name: String) -> Shape? {
            for field in self {
                if field.name == name, case .values(let axes) = field.kind, axes.count == 3 { return axes }
            }
            return nil
        }
        guard let source = axes(Field.source), let target = axes(Field.target) else {
            throw GanError(
                .mismatch,
                "The recipe '\(recipe)' learns from pairs of pictures, and the data have none: take a folder with the folders 'source' and 'target', whose pictures have equal names, or make the sources of the targets by source=grey, edges, blurred or posterised.")
        }
        guard source[0] == target[0], source[1] == target[1] else {
            throw GanError(
                .mismatch,
                "The recipe '\(recipe)' learns from pairs of pictures of equal sides, and the sources have \(source[0])×\(source[1]), the targets \(target[0])×\(target[1]).")
        }
        return (source, target)
    }

    /// The classes of the items, with their names where they have some.
    /// - Throws: `.mismatch` where the items have no labels.
    func classes(for what: String) throws(GanError) -> (count: Int, names: [String]) {
        for field in self {
            if case .label(let classes, let names) = field.kind { return (classes, names) }
        }
        throw GanError(
            .mismatch,
            "\(what) needs a label for every item, and the data have none: take MNIST's files with their labels, or a folder with a sub-folder for each class.")
    }
}

extension [Field] {
    /// The tags that items may have, and some items'.
    /// - Throws: `.mismatch` where the items have no tags.
    func tags(for what: String) throws(GanError) -> (names: [String], examples: [[UInt8]]) {
        for field in self {
            if case .tags(let names, let examples) = field.kind, field.name == Field.tags { return (names, examples) }
        }
        throw GanError(
            .mismatch,
            "\(what) needs tags for every item, and the data have none: a file metadata.csv beside the pictures, with the columns file_name and tags, gives them some.")
    }
}

extension Field {
    /// What the field is, for people.
    public var sentence: String {
        switch kind {
        case .values(let axes): "\(name)s of \(axes.map { String($0) }.joined(separator: "×"))\(units.map { " from \(Text.format($0.minimum)) to \(Text.format($0.maximum))" } ?? "")"
        case .label(let classes, _): "\(name)s of \(classes) classes"
        case .tags(let names, _): "\(names.count) \(name)"
        case .text(let length, let characters, _): "\(name)s of \(length) characters, \(characters.count) different ones"
        case .table(let schema): "rows of a table with the columns \(schema.columns.prefix(12).map { quoted($0.name) }.joined(separator: ", "))\(schema.columns.count > 12 ? ", …" : "")"
        }
    }
}

extension StepBuilder {
    /// The batch's pictures, [batch, height, width, channels].
    func images(_ shape: Shape) throws(GanError) -> Tensor { try data(Port(Field.image, shape)) }

    /// The batch's classes, indices [batch].
    func labels() throws(GanError) -> Tensor { try data(Port(Field.label, [])) }
}

extension Tensor {
    /// Class indices [batch] as rows of one 1 each, [batch, classes].
    func oneHot(_ classes: Int) throws(GanError) -> Tensor { try graph.identity(classes).gather(self) }
}
