// The persistent buffers of a training or a generator, by name, and how parameters begin.

import Base
import Checkpoint
import Graph
import Kernels
import Networks
import Recipes

struct ParameterStore {
    private(set) var buffers: [String: AlignedBuffer<Float>] = [:]
    /// What a checkpoint holds, in order of creation.
    private(set) var saved: [(name: String, shape: Shape)] = []
    /// What begins with values of its own, in the order of their streams of random numbers.
    private var initialised: [Parameter] = []
    /// Moving averages, which begin as what they follow.
    private var averages: [Parameter] = []

    /// Makes a buffer, of zeros.
    @discardableResult
    mutating func add(_ name: String, _ shape: Shape, isSaved: Bool) throws(GanError) -> AlignedBuffer<Float> {
        let count = try Sizes.product(shape, of: name)
        let buffer = try AlignedBuffer<Float>(count: count, for: name)
        buffers[name] = buffer
        if isSaved { saved.append((name, shape)) }
        return buffer
    }

    /// Everything that a training keeps: parameters, states, what optimisers keep, averages.
    mutating func add(_ steps: StepGraphs) throws(GanError) {
        // All graphs know the same parameters, unless one runs a network that the others do not.
        var (parameters, states, averaged, own): ([Parameter], [Parameter], [Parameter], [Parameter]) = ([], [], [], [])
        var slots: [String: [String]] = [:]
        for graph in steps.graphs {
            for parameter in graph.parameters where !parameters.contains(parameter) { parameters.append(parameter) }
            for state in graph.states where !states.contains(state) { states.append(state) }
            for state in graph.ownStates where !own.contains(state) { own.append(state) }
            for parameter in graph.averaged where !averaged.contains(parameter) { averaged.append(parameter) }
            for network in graph.optimised { slots[network.network] = network.optimiser.slots }
        }
        for parameter in parameters + states { try add(parameter.name, parameter.shape, isSaved: true) }
        for parameter in parameters {
            let network = slots.first { parameter.name.hasPrefix($0.key + ".") }
            for slot in network?.value ?? [] { try add("\(parameter.name).\(slot)", parameter.shape, isSaved: true) }
        }
        for parameter in averaged { try add(StepBuilder.average(of: parameter.name), parameter.shape, isSaved: true) }
        for state in own { try add(state.name, state.shape, isSaved: true) }
        initialised = parameters + states + own
        averages = averaged
    }

    /// Parameters alone, which `initialise` fills.
    mutating func add(initialised parameters: [Parameter]) throws(GanError) {
        for parameter in parameters { try add(parameter.name, parameter.shape, isSaved: true) }
        initialised = parameters
    }

    /// Fills parameters with their initial values, drawn from the seed: parameter i from a stream of its own.
    func initialise(seed: UInt64, kernels: KernelTable) throws(GanError) {
        for (index, parameter) in initialised.enumerated() {
            guard let buffer = buffers[parameter.name] else { continue }
            func draw(mean: Float, deviation: Float) {
                let columns = parameter.shape.last ?? 1
                var arguments = RandomArguments(
                    distribution: .normal, seed: seed, stream: RandomStream.initialWeights + UInt32(truncatingIfNeeded: index), firstRow: 0,
                    rows: buffer.count / max(columns, 1), columns: columns, y: buffer.pointer, scale: deviation, offset: mean)
                kernels.random(&arguments, 0, 1)
            }
            switch parameter.initial {
            case .constant(let value): buffer.buffer.update(repeating: value)
            case .normal(let mean, let deviation): draw(mean: mean, deviation: deviation)
            case .orthogonal(let gain):
                draw(mean: 0, deviation: 1)
                try Orthogonal.orthogonalise(buffer, columns: parameter.shape.last ?? 1, gain: gain)
            }
        }
        for parameter in averages {
            guard let average = buffers[StepBuilder.average(of: parameter.name)], let value = buffers[parameter.name] else { continue }
            average.pointer.update(from: value.pointer, count: value.count)
        }
    }

    /// - Parameter source: The tensor of the file that a buffer's numbers are.
    func read(from checkpoint: Checkpoint, source: (String) -> String = { $0 }) throws(GanError) {
        for (name, shape) in saved {
            if let buffer = buffers[name] { try checkpoint.read(source(name), expectedShape: shape, into: buffer.pointer) }
        }
    }

    /// Of the saved buffers, the first that has a number which is infinite or not a number.
    var firstNonFinite: String? {
        saved.first { name, _ in buffers[name].map { !FiniteNumbers.all($0.pointer, count: $0.count) } ?? false }?.name
    }

    /// The saved buffers as a checkpoint's tensors.
    var tensors: [CheckpointTensor] {
        saved.compactMap { name, shape in
            buffers[name].map { CheckpointTensor(name: name, shape: shape, values: UnsafePointer($0.pointer)) }
        }
    }
}

/// Initial weights without correlation: orthonormal columns, or rows where there are fewer of those (Saxe et al. 1312.6120).
enum Orthogonal {
    /// Turns random numbers [rows, columns] into such a matrix times `gain`, by the modified process of Gram and Schmidt in double precision.
    static func orthogonalise(_ buffer: AlignedBuffer<Float>, columns: Int, gain: Float) throws(GanError) {
        let columns = max(columns, 1)
        let rows = buffer.count / columns
        // Vectors are columns, or rows where the matrix is wide.
        let (count, length) = rows >= columns ? (columns, rows) : (rows, columns)
        let (step, stride) = rows >= columns ? (1, columns) : (columns, 1)
        let vectors = try AlignedBuffer<Double>(count: Sizes.product(count, length, of: "initial weights"), for: "initial weights")
        for i in 0..<count { for j in 0..<length { vectors.pointer[i * length + j] = Double(buffer.pointer[i * step + j * stride]) } }
        for i in 0..<count {
            let own = vectors.pointer + i * length
            for k in 0..<i {
                let other = vectors.pointer + k * length
                var product = 0.0
                for j in 0..<length { product += own[j] * other[j] }
                for j in 0..<length { own[j] -= product * other[j] }
            }
            var norm = 0.0
            for j in 0..<length { norm += own[j] * own[j] }
            let scale = norm > 0 ? 1 / norm.squareRoot() : 0
            for j in 0..<length { own[j] *= scale }
        }
        for i in 0..<count { for j in 0..<length { buffer.pointer[i * step + j * stride] = Float(vectors.pointer[i * length + j] * Double(gain)) } }
    }
}
