// The persistent buffers of a training or a generator, by name, and how parameters begin.

import Base
import Checkpoint
import Graph
import Kernels
import Models

struct ParameterStore {
    private(set) var buffers: [String: AlignedBuffer<Float>] = [:]
    /// What a checkpoint holds, in order of creation.
    private(set) var saved: [(name: String, shape: Shape)] = []

    /// Makes a buffer, of zeros.
    @discardableResult
    mutating func add(_ name: String, _ shape: Shape, isSaved: Bool) throws(GanError) -> AlignedBuffer<Float> {
        let count = try Sizes.product(shape, of: name)
        let buffer = try AlignedBuffer<Float>(count: count, for: name)
        buffers[name] = buffer
        if isSaved { saved.append((name, shape)) }
        return buffer
    }

    /// Fills parameters with their initial values, drawn from the seed: parameter i from a stream of its own.
    func initialise(_ parameters: [Parameter], seed: UInt64, kernels: KernelTable) {
        for (index, parameter) in parameters.enumerated() {
            guard let buffer = buffers[parameter.name] else { continue }
            switch parameter.initial {
            case .constant(let value):
                buffer.buffer.update(repeating: value)
            case .normal(let mean, let deviation):
                let columns = parameter.shape.last ?? 1
                var arguments = RandomArguments(
                    distribution: .normal, seed: seed, stream: RandomStream.initialWeights + UInt32(truncatingIfNeeded: index), firstRow: 0,
                    rows: buffer.count / max(columns, 1), columns: columns, y: buffer.pointer, scale: deviation, offset: mean)
                kernels.random(&arguments, 0, 1)
            }
        }
    }

    func read(from checkpoint: Checkpoint) throws(GanError) {
        for (name, shape) in saved {
            if let buffer = buffers[name] { try checkpoint.read(name, expectedShape: shape, into: buffer.pointer) }
        }
    }

    /// The saved buffers as a checkpoint's tensors.
    var tensors: [CheckpointTensor] {
        saved.compactMap { name, shape in
            buffers[name].map { CheckpointTensor(name: name, shape: shape, values: UnsafePointer($0.pointer)) }
        }
    }
}
