// A trained generator: parameters and the options that say what they mean. Immutable, so threads share it.

import Base
import Checkpoint
import Data
import Graph
import Models

public final class Generator: @unchecked Sendable {
    public let options: OptionValues
    public let imageShape: ImageShape
    let architecture: any Architecture
    let store: ParameterStore
    /// How many steps of training made it.
    private let step: Int64

    /// Copies the generator's parameters out of a training.
    init(options: OptionValues, parameters: [Parameter], from trained: ParameterStore, step: Int64) throws(GanError) {
        self.options = options
        self.step = step
        imageShape = try options.imageShape
        architecture = try options.architecture
        var store = ParameterStore()
        for parameter in parameters {
            let copy = try store.add(parameter.name, parameter.shape, isSaved: true)
            if let source = trained.buffers[parameter.name] { copy.pointer.update(from: source.pointer, count: copy.count) }
        }
        self.store = store
    }

    public convenience init(path: String) throws(GanError) {
        try self.init(Checkpoint.open(path: path))
    }

    public convenience init(bytes: UnsafeRawBufferPointer) throws(GanError) {
        try self.init(Checkpoint.parse(bytes: bytes))
    }

    private init(_ checkpoint: Checkpoint) throws(GanError) {
        options = try OptionValues(checkpoint: checkpoint.metadata)
        step = Int64(checkpoint.metadata.step)
        imageShape = try options.imageShape
        architecture = try options.architecture
        // Building the network once lists its parameters.
        let parameters = Parameters(of: "generator", in: Graph())
        _ = try architecture.generate(parameters.graph.constant(0, [1, architecture.latentSize]), parameters)
        var store = ParameterStore()
        for parameter in parameters.list { try store.add(parameter.name, parameter.shape, isSaved: true) }
        try store.read(from: checkpoint)
        self.store = store
    }

    public func save(to path: String) throws(GanError) {
        let metadata = CheckpointMetadata(
            kind: .generator, options: options.checkpointOptions, seed: UInt64(options.integer(.seed)), step: Int(step))
        try Checkpoint.write(path: path, metadata: metadata, tensors: store.tensors)
    }

    public var latentSize: Int { architecture.latentSize }
    /// The values of a pixel that are black and white.
    public var low: Float { architecture.pixelRange.low }
    public var high: Float { architecture.pixelRange.high }
}
