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

    /// Copies the generator's parameters and states out of a training.
    convenience init(options: OptionValues, from trained: ParameterStore, step: Int64) throws(GanError) {
        try self.init(options: options, step: step)
        for (name, copy) in store.buffers {
            if let source = trained.buffers[name] { copy.pointer.update(from: source.pointer, count: copy.count) }
        }
    }

    public convenience init(path: String) throws(GanError) {
        // Of a training most numbers are the discriminator's and the optimisers'.
        try self.init(Checkpoint.open(path: path) { name in name.utf8.starts(with: "generator.".utf8) && !Adam.isMoment(name) })
    }

    public convenience init(bytes: UnsafeRawBufferPointer) throws(GanError) {
        try self.init(Checkpoint.parse(bytes: bytes))
    }

    private convenience init(_ checkpoint: Checkpoint) throws(GanError) {
        try self.init(options: OptionValues(checkpoint: checkpoint.metadata), step: Int64(checkpoint.metadata.step))
        try store.read(from: checkpoint)
    }

    private init(options: OptionValues, step: Int64) throws(GanError) {
        self.options = options
        self.step = step
        imageShape = try options.imageShape
        architecture = try options.architecture
        // Building the network once lists what it keeps.
        let parameters = Parameters(of: "generator", in: Graph(), for: .sampling)
        _ = try architecture.generate(parameters.graph.buffer("latents", [1, architecture.latentSize]), parameters)
        var store = ParameterStore()
        for parameter in parameters.list + parameters.states { try store.add(parameter.name, parameter.shape, isSaved: true) }
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
