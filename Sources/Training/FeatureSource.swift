// What makes features of pictures for measures: a classifier, an autoencoder, or the network of random convolutions.

import Base
import Data
import Graph
import Kernels
import Measures
import Networks

public final class FeatureSource {
    private let runner: PictureRunner
    private let classifier: Classifier?
    private let shape: ImageShape
    private let low: Float
    private let high: Float

    /// - Parameter classifier: Nil for random features.
    public init(_ classifier: Classifier?, shape: ImageShape, threads: Int) throws(GanError) {
        self.classifier = classifier
        self.shape = shape
        if let classifier {
            try classifier.checkShape(shape)
            (low, high) = (classifier.low, classifier.high)
            runner = try PictureRunner(
                classifier.network, outputs: classifier.target == .nothing ? ["features"] : ["features", "probabilities"], buffers: classifier.store.buffers, threads: threads)
        } else {
            (low, high) = (-1, 1)
            let network = RandomFeatures.network(shape.axes)
            let store = try ParameterStore(random: network, seed: RandomFeatures.seed)
            runner = try PictureRunner(network, outputs: ["features"], buffers: store.buffers, threads: threads)
        }
    }

    /// Pictures at a time, so that they take little memory.
    private static let chunk = 256
    /// Floats of pictures that are kept for measures that look at pixels.
    private static let keptPixels = 1 << 25

    /// - Parameters:
    ///   - keepsPictures: Whether pixels are kept too, of a part of them where they are many.
    ///   - fill: Writes pictures `first` ..< `first + count`, black at the range's low end and white at its high one.
    private func observe(
        count: Int, keepsPictures: Bool,
        _ fill: (_ first: Int, _ count: Int, _ values: UnsafeMutablePointer<Float>, _ range: (low: Float, high: Float)) throws(GanError) -> Void
    ) throws(GanError) -> Observations {
        let elements = shape.elements
        let features = try Features(count: count, width: runner.widths[0], of: "features")
        var probabilities: Features?
        if runner.widths.count > 1 { probabilities = try Features(count: count, width: runner.widths[1], of: "class probabilities") }
        let kept = keepsPictures ? min(count, max(16, Self.keptPixels / elements)) : 0
        let pictures = kept > 0 ? try Features(count: kept, width: elements, of: "pictures") : nil
        let room = try AlignedBuffer<Float>(count: Sizes.product(Self.chunk, elements, of: "pictures"), for: "pictures")
        defer { withExtendedLifetime(room) {} }
        var (first, place) = (0, 0)
        while first < count {
            let some = min(Self.chunk, count - first)
            try fill(first, some, room.pointer, (low, high))
            runner.run(room.pointer, count: some, into: [features.row(first)] + (probabilities.map { [$0.row(first)] } ?? []))
            // From all over the data, which may come class by class.
            while let pictures, place < kept, place * count / kept < first + some {
                pictures.row(place).update(from: room.pointer + (place * count / kept - first) * elements, count: elements)
                place += 1
            }
            first += some
        }
        try features.check("the features, as the network finds them,")
        var observations = Observations(features: features)
        // What is told of tags is no distribution over classes.
        if classifier?.target == .labels { observations.probabilities = probabilities }
        if classifier?.target == .tags { observations.tagProbabilities = probabilities }
        observations.pictures = pictures
        return observations
    }

    /// Items of data, with their labels where they have some.
    public func observe(_ dataset: Dataset, items: UnsafeBufferPointer<Int>, keepsPictures: Bool = true) throws(GanError) -> Observations {
        guard dataset.shape == shape else {
            throw GanError(
                .mismatch, "The images are \(dataset.shape) (height × width × channels), and those that they are compared with are \(shape).")
        }
        try classifier?.checkClasses(dataset.classCount, of: "the data have")
        var observations = try observe(count: items.count, keepsPictures: keepsPictures) { (first, count, values, range) throws(GanError) in
            try dataset.copyBatch(
                rows: UnsafeBufferPointer(rebasing: items[first..<first + count]), into: values, rangeLow: range.low, rangeHigh: range.high)
        }
        if let labels = dataset.labels { observations.labels = try labelList(items.count) { labels[items[$0]] } }
        return observations
    }

    /// Samples 0 … `count` − 1 of a generator under a seed, as the bytes that people see.
    public func observe(_ sampler: Sampler, seed: UInt64, count: Int, keepsPictures: Bool = true) throws(GanError) -> Observations {
        guard sampler.generator.imageShape == shape else {
            throw GanError(
                .mismatch,
                "The generator draws images of \(sampler.generator.imageShape) (height × width × channels), and the data's are \(shape).")
        }
        let bytes = try AlignedBuffer<UInt8>(count: Sizes.product(Self.chunk, shape.elements, of: "samples"), for: "samples")
        defer { withExtendedLifetime(bytes) {} }
        var observations = try observe(count: count, keepsPictures: keepsPictures) { (first, some, values, range) throws(GanError) in
            sampler.drawBytes(seed: seed, first: Int64(first), count: some, into: bytes.pointer)
            // As data sets scale theirs, so that pictures of these samples in a folder have the same features.
            let scale = Float((Double(range.high) - Double(range.low)) / 255)
            for i in 0..<some * shape.elements { values[i] = Float(bytes.pointer[i]) * scale + range.low }
        }
        for input in sampler.inputs {
            guard case .label(let classes, _) = input.kind else { continue }
            try classifier?.checkClasses(classes, of: "the generator draws")
            observations.labels = try labelList(count) { Int32($0 % classes) }
        }
        return observations
    }

    private func labelList(_ count: Int, _ label: (Int) -> Int32) throws(GanError) -> [Int32] {
        try Memory.check(room: count * MemoryLayout<Int32>.stride)
        return (0..<count).map(label)
    }
}

extension ParameterStore {
    /// A network's parameters as they begin.
    fileprivate init(random network: Network, seed: UInt64) throws(GanError) {
        let state = NetworkState(of: network.name, in: Graph(), for: .sampling)
        _ = try network(Generator.inputs(of: network, rows: 1, in: state.graph), in: state)
        self.init()
        try add(initialised: state.parameters)
        try initialise(seed: seed, kernels: KernelTable.selected)
    }
}
