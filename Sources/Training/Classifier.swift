// A trained classifier, or the encoder of an autoencoder: parameters and what they mean. Immutable, so threads share it.

import Base
import Checkpoint
import Data
import Graph
import Networks
import Recipes

public final class Classifier: @unchecked Sendable {
    /// What is told of a picture beside its features.
    public enum Target: String, Sendable {
        /// Which one class it is of.
        case labels
        /// Of each tag, whether the picture has it.
        case tags
        /// Nothing: the network was an autoencoder's.
        case nothing = ""
    }

    public let target: Target
    public let options: OptionValues
    public let imageShape: ImageShape
    /// What the classes or tags are called, or nothing where the data did not say.
    public let classNames: [String]
    public let classCount: Int
    /// The values of a pixel that are black and white.
    public let low: Float
    public let high: Float
    let network: Network
    let store: ParameterStore
    /// How many numbers a picture's features are.
    public let featureCount: Int

    public convenience init(path: String) throws(GanError) {
        try self.init(Checkpoint.open(path: path) { name in
            ["classifier.", "encoder."].contains { name.utf8.starts(with: $0.utf8) } && !name.hasSuffix(".adam.m") && !name.hasSuffix(".adam.v")
        })
    }

    public convenience init(bytes: UnsafeRawBufferPointer) throws(GanError) { try self.init(Checkpoint.parse(bytes: bytes)) }

    private convenience init(_ checkpoint: Checkpoint) throws(GanError) {
        let options = try OptionValues(checkpoint: checkpoint.metadata)
        guard [ClassifierRecipe.name, AutoencoderRecipe.name].contains(options.choice(.recipe)) else {
            throw GanError(
                .mismatch,
                "\(checkpoint.source) was trained by the recipe '\(options.choice(.recipe))', and is no classifier: train one with the recipe 'classifier', or 'autoencoder' where nothing is labelled.")
        }
        try self.init(options: options, fields: [Field](checkpoint: checkpoint.metadata, image: options.imageShape))
        try store.read(from: checkpoint)
        if let name = store.firstNonFinite { throw .diverged(checkpoint, name) }
    }

    /// A copy of what a training has by now.
    convenience init(options: OptionValues, fields: [Field], from trained: ParameterStore) throws(GanError) {
        try self.init(options: options, fields: fields)
        for (name, copy) in store.buffers {
            if let source = trained.buffers[name] { copy.pointer.update(from: source.pointer, count: copy.count) }
        }
    }

    private init(options: OptionValues, fields: [Field]) throws(GanError) {
        self.options = options
        imageShape = try options.imageShape
        let recipe = try RecipeList.make(options, fields: fields)
        (low, high) = recipe.pixelRange
        network = recipe.sampling.network
        var (target, count, names): (Target, Int, [String]) = (.nothing, 0, [])
        for input in recipe.sampling.inputs {
            switch input.kind {
            case .label(let classes, let own): (target, count, names) = (.labels, classes, own)
            case .tags(let own, _): (target, count, names) = (.tags, own.count, own)
            default: break
            }
        }
        (self.target, classCount, classNames) = (target, count, names)
        let state = NetworkState(of: network.name, in: Graph(), for: .sampling)
        let results = try network(Generator.inputs(of: network, rows: 1, in: state.graph), in: state)
        featureCount = try results("features").elementCount
        var store = ParameterStore()
        for parameter in state.parameters + state.states { try store.add(parameter.name, parameter.shape, isSaved: true) }
        self.store = store
    }

    func checkShape(_ shape: ImageShape) throws(GanError) {
        guard imageShape == shape else {
            throw GanError(
                .mismatch, "The \(target == .nothing ? "autoencoder" : "classifier") was trained on images of \(imageShape) (height × width × channels), and these are \(shape).")
        }
    }

    /// - Parameter count: 0 for pictures without labels, which any classifier may judge. One that tells tags, or nothing, has no say about classes.
    func checkClasses(_ count: Int, of what: String) throws(GanError) {
        guard count == 0 || count == classCount || target != .labels else {
            throw GanError(.mismatch, "The classifier knows \(classCount) classes, and \(what) \(count): one of as many classes was expected.")
        }
    }

    func checkJudges(_ dataset: Dataset) throws(GanError) {
        try checkShape(dataset.shape)
        try checkClasses(dataset.classCount, of: "the data have")
    }

    public func className(_ index: Int) -> String { classNames.indices.contains(index) ? classNames[index] : String(index) }
}

/// Runs a classifier; by one thread at a time.
public final class ClassifierRunner {
    public let classifier: Classifier
    private let runner: PictureRunner

    /// - Parameter threads: 0 for all processors.
    public init(_ classifier: Classifier, threads: Int) throws(GanError) {
        self.classifier = classifier
        runner = try PictureRunner(
            classifier.network, outputs: classifier.target == .nothing ? ["features"] : ["features", "probabilities"],
            buffers: classifier.store.buffers, threads: threads)
    }

    /// - Parameters:
    ///   - images: [count, height, width, channels], black at the classifier's `low` and white at its `high`.
    ///   - probabilities: [count, classes]; nil for none, and of an autoencoder there are none.
    ///   - features: [count, features]; nil for none.
    public func run(
        _ images: UnsafePointer<Float>, count: Int, probabilities: UnsafeMutablePointer<Float>?, features: UnsafeMutablePointer<Float>?
    ) {
        runner.run(images, count: count, into: classifier.target == .nothing ? [features] : [features, probabilities])
    }
}
