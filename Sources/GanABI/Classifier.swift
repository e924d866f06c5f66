import Base
import CGan
import Data
import Training

// gan.h, "Classifier".

/// What a `gan_classifier` leads to.
final class ClassifierObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .classifier }
    let runner: ClassifierRunner
    var classifier: Classifier { runner.classifier }

    init(_ classifier: Classifier, threads: Int) throws(GanError) {
        runner = try ClassifierRunner(classifier, threads: threads)
        super.init(.classifier)
    }
}

@_cdecl("gan_classifier_load") @implementation
public func gan_classifier_load(
    _ path: UnsafePointer<CChar>!, _ options: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let threads = try optionValues(options).integer(.threads)
        return try ClassifierObject(Classifier(path: try text(path, "path")), threads: threads)
    }
}

@_cdecl("gan_classifier_load_memory") @implementation
public func gan_classifier_load_memory(
    _ bytes: UnsafeRawPointer!, _ size: Int, _ options: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let threads = try optionValues(options).integer(.threads)
        return try ClassifierObject(Classifier(bytes: try checkpointBytes(bytes, size)), threads: threads)
    }
}

@_cdecl("gan_classifier_destroy") @implementation
public func gan_classifier_destroy(_ classifier: OpaquePointer!) { inCall { _ = destroyed(classifier, as: ClassifierObject.self) } }

@inline(__always)
private func reading(_ handle: OpaquePointer?, _ body: (Classifier) throws(GanError) -> Void) -> Int32 {
    boundary { () throws(GanError) in
        try using(handle, "classifier", as: ClassifierObject.self, .shared) { (object) throws(GanError) in try body(object.classifier) }
    }
}

@_cdecl("gan_classifier_shape") @implementation
public func gan_classifier_shape(
    _ classifier: OpaquePointer!, _ height: UnsafeMutablePointer<Int32>!, _ width: UnsafeMutablePointer<Int32>!,
    _ channels: UnsafeMutablePointer<Int32>!
) -> Int32 {
    reading(classifier) { (classifier) throws(GanError) in try writeShape(classifier.imageShape, height, width, channels) }
}

@_cdecl("gan_classifier_target") @implementation
public func gan_classifier_target(
    _ classifier: OpaquePointer!, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(classifier) { (classifier) throws(GanError) in try reply(classifier.target.rawValue, buffer, capacity, size) }
}

@_cdecl("gan_classifier_classes") @implementation
public func gan_classifier_classes(_ classifier: OpaquePointer!, _ classes: UnsafeMutablePointer<Int32>!) -> Int32 {
    reading(classifier) { (classifier) throws(GanError) in
        try required(classes, "classes", "a place for the number").pointee = Int32(clamping: classifier.classCount)
    }
}

@_cdecl("gan_classifier_class_name") @implementation
public func gan_classifier_class_name(
    _ classifier: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(classifier) { (classifier) throws(GanError) in
        guard let index = Int(exactly: index), (0..<classifier.classCount).contains(index) else {
            throw GanError(
                .invalidArgument,
                "The argument 'index' is \(index), and the classifier "
                    + (classifier.target == .nothing ? "is an autoencoder, which tells no classes." : "has the \(classifier.target == .tags ? "tags" : "classes") 0 … \(classifier.classCount - 1)."))
        }
        try reply(classifier.className(index), buffer, capacity, size)
    }
}

@_cdecl("gan_classifier_features") @implementation
public func gan_classifier_features(_ classifier: OpaquePointer!, _ features: UnsafeMutablePointer<Int32>!) -> Int32 {
    reading(classifier) { (classifier) throws(GanError) in
        try required(features, "features", "a place for the number").pointee = Int32(clamping: classifier.featureCount)
    }
}

@_cdecl("gan_classifier_run") @implementation
public func gan_classifier_run(
    _ classifier: OpaquePointer!, _ images: UnsafePointer<Float>!, _ count: Int64, _ probabilities: UnsafeMutablePointer<Float>!,
    _ probabilityCapacity: Int, _ features: UnsafeMutablePointer<Float>!, _ featureCapacity: Int
) -> Int32 {
    boundary { () throws(GanError) in
        try using(classifier, "classifier", as: ClassifierObject.self, .exclusive) { (object) throws(GanError) in
            let classifier = object.classifier
            let count = try checkedCount(count, "count")
            if probabilities != nil {
                try checkCapacity(
                    probabilityCapacity, .floats, holds: count, of: classifier.classCount, "times \(classifier.classCount) probabilities")
            }
            if features != nil {
                try checkCapacity(featureCapacity, .floats, holds: count, of: classifier.featureCount, "times \(classifier.featureCount) features")
            }
            if count == 0 { return }
            let images = try required(images, "images", "an array of images")
            let elements = classifier.imageShape.elements
            let total = try Sizes.product(count, elements, of: "\(count) images")
            for index in 0..<total where !images[index].isFinite {
                throw GanError(
                    .badData,
                    "The argument 'images' holds \(Text.format(images[index])) as element \(index % elements) of image \(index / elements); a number from 0 (black) to 1 was expected.")
            }
            try object.run(images, count: count, probabilities: probabilities, features: features)
        }
    }
}

extension ClassifierObject {
    /// - Parameter images: From 0 to 1.
    fileprivate func run(
        _ images: UnsafePointer<Float>, count: Int, probabilities: UnsafeMutablePointer<Float>?, features: UnsafeMutablePointer<Float>?
    ) throws(GanError) {
        let elements = classifier.imageShape.elements
        let chunk = min(count, 256)
        let scaled = try AlignedBuffer<Float>(count: Sizes.product(chunk, elements, of: "images"), for: "images")
        defer { withExtendedLifetime(scaled) {} }
        let (scale, offset) = (classifier.high - classifier.low, classifier.low)
        var first = 0
        while first < count {
            let some = min(chunk, count - first)
            let from = images + first * elements
            for i in 0..<some * elements { scaled.pointer[i] = from[i] * scale + offset }
            runner.run(
                scaled.pointer, count: some, probabilities: probabilities.map { $0 + first * classifier.classCount },
                features: features.map { $0 + first * classifier.featureCount })
            first += some
        }
    }
}

// MARK: Of a training

@_cdecl("gan_trainer_classifier") @implementation
public func gan_trainer_classifier(_ trainer: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!) -> Int32 {
    creating(out) { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            try ClassifierObject(object.trainer.classifier(), threads: object.trainer.options.integer(.threads))
        }
    }
}

@_cdecl("gan_trainer_judge") @implementation
public func gan_trainer_judge(_ trainer: OpaquePointer!, _ classifier: OpaquePointer!) -> Int32 {
    boundary { () throws(GanError) in
        let judge = try optionalClassifier(classifier)
        try using(trainer, "trainer", as: TrainerObject.self, .exclusive) { (object) throws(GanError) in try object.trainer.setJudge(judge) }
    }
}

/// The classifier of a handle, nil for NULL.
func optionalClassifier(_ handle: OpaquePointer?) throws(GanError) -> Classifier? {
    if handle == nil { return nil }
    return try using(handle, "classifier", as: ClassifierObject.self, .shared) { $0.classifier }
}
