import Base
import CGan
import Data
import Measures
import Training

// gan.h, "Evaluation".

/// What a `gan_evaluation` leads to.
final class EvaluationObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .evaluation }
    let evaluation: Evaluation

    init(_ evaluation: Evaluation) {
        self.evaluation = evaluation
        super.init(.evaluation)
    }
}

private func dataset(_ handle: OpaquePointer?, _ argument: StaticString) throws(GanError) -> Dataset {
    try using(handle, argument, as: DatasetObject.self, .shared) { $0.dataset }
}

@_cdecl("gan_evaluate_generator") @implementation
public func gan_evaluate_generator(
    _ generator: OpaquePointer!, _ dataset: OpaquePointer!, _ classifier: OpaquePointer!, _ options: OpaquePointer!, _ seed: UInt64, _ count: Int64,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let generator = try using(generator, "generator", as: GeneratorObject.self, .shared) { $0.generator }
        let data = try GanABI.dataset(dataset, "dataset")
        let judge = try optionalClassifier(classifier)
        let count = try checkedCount(count, "count", least: 1)
        guard count <= Evaluation.mostSamples else {
            throw GanError(.outOfRange, "The argument 'count' is \(count); at most \(Evaluation.mostSamples) samples are evaluated at once.")
        }
        return EvaluationObject(
            try Evaluation(generator, seed: seed, count: count, beside: data, judge, threads: try optionValues(options).integer(.threads)))
    }
}

@_cdecl("gan_evaluate_dataset") @implementation
public func gan_evaluate_dataset(
    _ samples: OpaquePointer!, _ dataset: OpaquePointer!, _ classifier: OpaquePointer!, _ options: OpaquePointer!,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let samples = try GanABI.dataset(samples, "samples")
        let data = try GanABI.dataset(dataset, "dataset")
        let judge = try optionalClassifier(classifier)
        return EvaluationObject(try Evaluation(samples, beside: data, judge, threads: try optionValues(options).integer(.threads)))
    }
}

@_cdecl("gan_evaluate_features") @implementation
public func gan_evaluate_features(
    _ samples: UnsafePointer<Float>!, _ sampleCount: Int64, _ data: UnsafePointer<Float>!, _ dataCount: Int64, _ width: Int32,
    _ options: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let (n, m) = (try checkedCount(sampleCount, "sample_count", least: 1), try checkedCount(dataCount, "data_count", least: 1))
        let width = try checkedCount(width, "width", least: 1)
        for (name, count) in [("sample_count", n), ("data_count", m)] where count > Evaluation.mostSamples {
            throw GanError(.outOfRange, "The argument '\(name)' is \(count); at most \(Evaluation.mostSamples) rows are compared at once.")
        }
        let mine = try Features(copying: try required(samples, "samples", "an array of features"), count: n, width: width, of: "the argument 'samples'")
        let theirs = try Features(copying: try required(data, "data", "an array of features"), count: m, width: width, of: "the argument 'data'")
        return EvaluationObject(try Evaluation(samples: mine, data: theirs, threads: try optionValues(options).integer(.threads)))
    }
}

@_cdecl("gan_evaluation_destroy") @implementation
public func gan_evaluation_destroy(_ evaluation: OpaquePointer!) { inCall { _ = destroyed(evaluation, as: EvaluationObject.self) } }

// MARK: Values

@inline(__always)
private func evaluating(_ handle: OpaquePointer?, _ body: (Evaluation) throws(GanError) -> Void) -> Int32 {
    boundary { () throws(GanError) in
        try using(handle, "evaluation", as: EvaluationObject.self, .exclusive) { (object) throws(GanError) in try body(object.evaluation) }
    }
}

@_cdecl("gan_evaluation_counts") @implementation
public func gan_evaluation_counts(
    _ evaluation: OpaquePointer!, _ samples: UnsafeMutablePointer<Int64>!, _ items: UnsafeMutablePointer<Int64>!
) -> Int32 {
    evaluating(evaluation) { (evaluation) throws(GanError) in
        let samples = try required(samples, "samples", "a place for the number of samples")
        let items = try required(items, "items", "a place for the number of items")
        samples.pointee = Int64(evaluation.comparison.samples.features.count)
        items.pointee = Int64(evaluation.comparison.data.features.count)
    }
}

@_cdecl("gan_evaluation_value") @implementation
public func gan_evaluation_value(
    _ evaluation: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ value: UnsafeMutablePointer<Double>!, _ spread: UnsafeMutablePointer<Double>!
) -> Int32 {
    evaluating(evaluation) { (evaluation) throws(GanError) in
        let measure = try Measure.find(try text(name, "name"))
        let value = try required(value, "value", "a place for the value")
        let result = try evaluation.comparison.value(measure)
        value.pointee = result.value
        spread?.pointee = result.spread
    }
}

/// A sample's number.
private func sampleIndex(_ sample: Int64, _ evaluation: Evaluation) throws(GanError) -> Int {
    let count = evaluation.comparison.samples.features.count
    guard let index = Int(exactly: sample), (0..<count).contains(index) else {
        throw GanError(.invalidArgument, "The argument 'sample' is \(sample), and there are the samples 0 … \(count - 1).")
    }
    return index
}

@_cdecl("gan_evaluation_nearest") @implementation
public func gan_evaluation_nearest(
    _ evaluation: OpaquePointer!, _ sample: Int64, _ item: UnsafeMutablePointer<Int64>!, _ distance: UnsafeMutablePointer<Double>!
) -> Int32 {
    evaluating(evaluation) { (evaluation) throws(GanError) in
        let index = try sampleIndex(sample, evaluation)
        let item = try required(item, "item", "a place for the item's number")
        let nearest = try evaluation.nearest(index)
        item.pointee = Int64(nearest.item)
        distance?.pointee = nearest.distance
    }
}

@_cdecl("gan_evaluation_class") @implementation
public func gan_evaluation_class(
    _ evaluation: OpaquePointer!, _ sample: Int64, _ index: UnsafeMutablePointer<Int32>!, _ probability: UnsafeMutablePointer<Float>!
) -> Int32 {
    evaluating(evaluation) { (evaluation) throws(GanError) in
        let sample = try sampleIndex(sample, evaluation)
        let place = try required(index, "index", "a place for the class")
        let probabilities = try withClassifier(evaluation.comparison.samples.probabilities)
        let largest = probabilities.largest(sample)
        place.pointee = Int32(clamping: largest)
        probability?.pointee = probabilities.row(sample)[largest]
    }
}

@_cdecl("gan_evaluation_class_counts") @implementation
public func gan_evaluation_class_counts(
    _ evaluation: OpaquePointer!, _ index: Int32, _ samples: UnsafeMutablePointer<Int64>!, _ items: UnsafeMutablePointer<Int64>!
) -> Int32 {
    evaluating(evaluation) { (evaluation) throws(GanError) in
        let samples = try required(samples, "samples", "a place for the number of samples")
        let items = try required(items, "items", "a place for the number of items")
        let histogram = try withClassifier(evaluation.comparison.histogram())
        guard let index = Int(exactly: index), histogram.samples.indices.contains(index) else {
            throw GanError(.invalidArgument, "The argument 'index' is \(index), and the classifier has the classes 0 … \(histogram.samples.count - 1).")
        }
        samples.pointee = Int64(histogram.samples[index])
        items.pointee = Int64(histogram.data[index])
    }
}

private func withClassifier<Value>(_ value: Value?) throws(GanError) -> Value {
    guard let value else { throw GanError(.mismatch, "This evaluation has no classifier, so nothing is known of classes.") }
    return value
}
