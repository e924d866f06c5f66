// A trained generator: parameters and the options that say what they mean. Immutable, so threads share it.

import Base
import Checkpoint
import Data
import Graph
import Networks
import Recipes

public final class Generator: @unchecked Sendable {
    public let options: OptionValues
    public let imageShape: ImageShape
    let sampling: Sampling
    let application: Application?
    /// From what it makes back to what it makes that of.
    let reverseApplication: Application?
    let store: ParameterStore
    let fields: [Field]
    /// The values of a pixel that are black and white; of quantities, the range of the data.
    public let low: Float
    public let high: Float
    /// How the network's numbers become those.
    let scaling: (scale: Float, offset: Float)?
    /// How many steps of training made it.
    private let step: Int64

    /// Copies the generator's parameters and states out of a training: of their moving average, where there is one.
    convenience init(options: OptionValues, fields: [Field], from trained: ParameterStore, step: Int64) throws(GanError) {
        try self.init(options: options, fields: fields, step: step)
        for (name, copy) in store.buffers {
            if let source = trained.buffers[StepBuilder.average(of: name)] ?? trained.buffers[name] {
                copy.pointer.update(from: source.pointer, count: copy.count)
            }
        }
    }

    public convenience init(path: String) throws(GanError) {
        // Of a training most numbers are the other networks' and the optimisers'.
        try self.init(
            Checkpoint.open(path: path) { name in
                let networks = ["generator", Sampling.encoderName, Translation.reverseName]
                let isDrawn = networks.contains { name.utf8.starts(with: "\($0).".utf8) }
                return name.utf8.starts(with: "average.".utf8) || (isDrawn && !name.hasSuffix(".adam.m") && !name.hasSuffix(".adam.v"))
            })
    }

    public convenience init(bytes: UnsafeRawBufferPointer) throws(GanError) {
        try self.init(Checkpoint.parse(bytes: bytes))
    }

    private convenience init(_ checkpoint: Checkpoint) throws(GanError) {
        let options = try OptionValues(checkpoint: checkpoint.metadata)
        try self.init(
            options: options, fields: [Field](checkpoint: checkpoint.metadata, image: options.imageShape), step: Int64(checkpoint.metadata.step))
        try store.read(from: checkpoint) { name in
            let average = StepBuilder.average(of: name)
            return checkpoint.shape(average) == nil ? name : average
        }
        if let name = store.firstNonFinite { throw .diverged(checkpoint, name) }
    }

    private init(options: OptionValues, fields: [Field], step: Int64) throws(GanError) {
        self.options = options
        self.fields = fields
        self.step = step
        let recipe = try RecipeList.make(options, fields: fields)
        if let axes = recipe.drawn { imageShape = try ImageShape(folding: axes) } else { imageShape = try options.imageShape }
        guard recipe.drawsPictures else {
            throw GanError(
                .mismatch,
                "A training by the recipe '\(options.choice(.recipe))' draws nothing: gan_classifier_load takes its checkpoint, and gan_trainer_classifier the training.")
        }
        axes = recipe.made ?? (imageShape.height == 1 && imageShape.channels == 1 && fields.contains { $0.units != nil || $0.name == Field.row } ? [imageShape.width] : imageShape.axes)
        sampling = recipe.sampling
        application = recipe.application
        reverseApplication = recipe.reverseApplication
        let range = recipe.pixelRange
        if let units = fields.first(where: { $0.name == Field.image })?.units {
            (low, high) = (units.minimum, units.maximum)
            scaling = ValueRange(minimum: range.low, maximum: range.high)?.affine(low: low, high: high)
        } else {
            (low, high) = range
            scaling = nil
        }
        // Building the networks once lists what they keep.
        var states = try sampling.run(rows: 1, in: Graph()).states
        if let volume = recipe.application?.volume { states += try volume.sampling.run(rows: 1, in: Graph()).states }
        if let reverse = recipe.reverseApplication?.network {
            let state = NetworkState(of: reverse.name, in: Graph(), for: .sampling)
            _ = try reverse(Self.inputs(of: reverse, rows: 1, in: state.graph), in: state)
            states.append(state)
        }
        var store = ParameterStore()
        for parameter in states.flatMap({ $0.parameters + $0.states }) where store.buffers[parameter.name] == nil { try store.add(parameter.name, parameter.shape, isSaved: true) }
        self.store = store
    }

    /// The network's inputs as buffers of their names.
    static func inputs(of network: Network, rows: Int, in graph: Graph) throws(GanError) -> Tensors {
        var inputs: Tensors = [:]
        for port in network.inputs { inputs[port.name] = try graph.buffer(port.name, [rows] + port.shape) }
        return inputs
    }

    /// The axes of a sample: [height, width, channels], of a row [n], of a volume [depth, height, width, channels].
    public let axes: [Int]

    /// Whether samples are rows of numbers rather than pictures.
    public var makesRows: Bool { scaling != nil && imageShape.height == 1 && imageShape.channels == 1 }

    public func save(to path: String) throws(GanError) {
        try Checkpoint.write(path: path, metadata: metadata, tensors: store.tensors)
    }

    /// How many bytes `save` writes.
    public var savedSize: Int { get throws(GanError) { try Checkpoint.size(metadata: metadata, tensors: store.tensors) } }

    /// Writes the bytes that `save` writes into a file.
    public func save(into destination: UnsafeMutableRawBufferPointer) throws(GanError) {
        try Checkpoint.write(metadata: metadata, tensors: store.tensors, into: destination)
    }

    private var metadata: CheckpointMetadata { options.checkpointMetadata(.generator, fields: fields, step: step) }

    public var latentSize: Int {
        for input in sampling.inputs {
            if case .latent(let size, _) = input.kind { return size }
        }
        return 0
    }
}

extension GanError {
    /// A checkpoint that holds what is no number cannot be used: whatever is drawn from it, or trained from it, is none either.
    static func diverged(_ checkpoint: Checkpoint, _ tensor: String) -> GanError {
        GanError(
            .diverged,
            "\(checkpoint.source) holds a training that diverged: its tensor \"\(tensor)\" has an element that is infinite or not a number. Take an earlier checkpoint.")
    }
}
