import Base
import CGan
import Data
import Training

// gan.h, "Trainer".

/// What a `gan_trainer` leads to.
final class TrainerObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .trainer }
    let trainer: Trainer

    init(_ trainer: Trainer) {
        self.trainer = trainer
        super.init(.trainer)
    }
}

private func dataset(_ handle: OpaquePointer?) throws(GanError) -> Dataset {
    try using(handle, "dataset", as: DatasetObject.self, .shared) { $0.dataset }
}

@_cdecl("gan_trainer_create") @implementation
public func gan_trainer_create(
    _ options: OpaquePointer!, _ dataset: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let values = try optionValues(options)
        return TrainerObject(try Trainer(options: values, dataset: try GanABI.dataset(dataset)))
    }
}

@_cdecl("gan_trainer_load") @implementation
public func gan_trainer_load(
    _ path: UnsafePointer<CChar>!, _ options: OpaquePointer!, _ dataset: OpaquePointer!,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let overrides = options == nil ? nil : try optionValues(options)
        let path = try text(path, "path")
        return TrainerObject(try Trainer(checkpoint: path, overrides: overrides, dataset: try GanABI.dataset(dataset)))
    }
}

@_cdecl("gan_trainer_save") @implementation
public func gan_trainer_save(_ trainer: OpaquePointer!, _ path: UnsafePointer<CChar>!) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            try object.trainer.save(to: try text(path, "path"))
        }
    }
}

@_cdecl("gan_trainer_check_save") @implementation
public func gan_trainer_check_save(_ trainer: OpaquePointer!, _ path: UnsafePointer<CChar>!) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            try object.trainer.checkSave(to: try text(path, "path"))
        }
    }
}

@_cdecl("gan_trainer_load_memory") @implementation
public func gan_trainer_load_memory(
    _ bytes: UnsafeRawPointer!, _ size: Int, _ options: OpaquePointer!, _ dataset: OpaquePointer!,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let overrides = options == nil ? nil : try optionValues(options)
        let bytes = try checkpointBytes(bytes, size)
        return TrainerObject(try Trainer(bytes: bytes, overrides: overrides, dataset: try GanABI.dataset(dataset)))
    }
}

@_cdecl("gan_trainer_save_memory") @implementation
public func gan_trainer_save_memory(
    _ trainer: OpaquePointer!, _ buffer: UnsafeMutableRawPointer!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            try replyCheckpoint(try object.trainer.savedSize, buffer, capacity, size) { (room) throws(GanError) in
                try object.trainer.save(into: room)
            }
        }
    }
}

@_cdecl("gan_trainer_data") @implementation
public func gan_trainer_data(_ trainer: OpaquePointer!, _ comparison: UnsafeMutablePointer<Int32>!) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            try required(comparison, "comparison", "a place for the answer").pointee = object.trainer.dataComparison.rawValue
        }
    }
}

// MARK: Training

@_cdecl("gan_trainer_step") @implementation
public func gan_trainer_step(_ trainer: OpaquePointer!, _ steps: Int64) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusive) { (object) throws(GanError) in
            _ = try checkedCount(steps, "steps")
            try object.trainer.step(steps)
        }
    }
}

@_cdecl("gan_trainer_run") @implementation
public func gan_trainer_run(
    _ trainer: OpaquePointer!, _ epochs: Int64, _ progress: gan_progress_fn!, _ context: UnsafeMutableRawPointer!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusive) { (object) throws(GanError) in
            _ = try checkedCount(epochs, "epochs")
            guard let progress else { return try object.trainer.run(epochs: epochs, progress: nil) }
            try object.trainer.run(epochs: epochs) { event in
                let code = switch event {
                case .epoch: GAN_EVENT_EPOCH
                case .progress: GAN_EVENT_PROGRESS
                }
                return openForReading(object) { progress(context, trainer, code) } == 0
            }
        }
    }
}

@_cdecl("gan_trainer_cancel") @implementation
public func gan_trainer_cancel(_ trainer: OpaquePointer!) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .shared) { $0.trainer.cancel() }
    }
}

@_cdecl("gan_trainer_destroy") @implementation
public func gan_trainer_destroy(_ trainer: OpaquePointer!) {
    // A thread that trains keeps the object alive until its run, ended by this, returns.
    inCall { destroyed(trainer, as: TrainerObject.self)?.trainer.retire() }
}

// MARK: Reading

@_cdecl("gan_trainer_metric") @implementation
public func gan_trainer_metric(
    _ trainer: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ value: UnsafeMutablePointer<Double>!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            let metric = try findMetric(try text(name, "name"), of: object.trainer)
            try required(value, "value", "a place for the value").pointee = object.trainer.metric(metric)
        }
    }
}

@_cdecl("gan_trainer_metric_count") @implementation
public func gan_trainer_metric_count(_ trainer: OpaquePointer!, _ count: UnsafeMutablePointer<Int32>!) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            try required(count, "count", "a place for the number").pointee = Int32(clamping: object.trainer.metricList.count)
        }
    }
}

@_cdecl("gan_trainer_metric_name") @implementation
public func gan_trainer_metric_name(
    _ trainer: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            let metrics = object.trainer.metricList
            guard let index = Int(exactly: index), metrics.indices.contains(index) else {
                throw GanError(.invalidArgument, "The argument 'index' is \(index), and the trainer has the metrics 0 … \(metrics.count - 1).")
            }
            try reply(metrics[index].name, buffer, capacity, size)
        }
    }
}

private func findMetric(_ name: String, of trainer: Trainer) throws(GanError) -> Metric {
    if let metric = trainer.findMetric(name) { return metric }
    let names = trainer.metricList.map(\.name)
    let advice = Text.nearestName(to: name, among: names).map { "Did you mean '\($0)'?" } ?? "There are \(names.joined(separator: ", "))."
    throw GanError(.unknownName, "There is no metric '\(name.prefix(60))'. \(advice)")
}

@_cdecl("gan_trainer_option") @implementation
public func gan_trainer_option(
    _ trainer: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            try reply(try object.trainer.options.text(try text(name, "name")), buffer, capacity, size)
        }
    }
}

@_cdecl("gan_trainer_generator") @implementation
public func gan_trainer_generator(_ trainer: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!) -> Int32 {
    creating(out) { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            GeneratorObject(try object.trainer.snapshot())
        }
    }
}

// MARK: Looking at it

@_cdecl("gan_trainer_preview_shape") @implementation
public func gan_trainer_preview_shape(
    _ trainer: OpaquePointer!, _ height: UnsafeMutablePointer<Int32>!, _ width: UnsafeMutablePointer<Int32>!,
    _ channels: UnsafeMutablePointer<Int32>!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            let height = try required(height, "height", "a place for the number")
            let width = try required(width, "width", "a place for the number")
            let channels = try required(channels, "channels", "a place for the number")
            let shape = try object.trainer.previewShape()
            height.pointee = Int32(clamping: shape.height)
            width.pointee = Int32(clamping: shape.width)
            channels.pointee = Int32(clamping: shape.channels)
        }
    }
}

@_cdecl("gan_trainer_preview") @implementation
public func gan_trainer_preview(
    _ trainer: OpaquePointer!, _ first: Int64, _ count: Int64, _ pixels: UnsafeMutablePointer<UInt8>!, _ capacity: Int
) -> Int32 {
    boundary { () throws(GanError) in
        try using(trainer, "trainer", as: TrainerObject.self, .exclusiveOrInCallback) { (object) throws(GanError) in
            let count = try checkedCount(count, "count")
            try checkRange(first, count)
            let shape = try object.trainer.previewShape()
            let needed = try Sizes.product(count, shape.elements, of: "a preview")
            guard room(capacity) >= needed else {
                throw GanError(
                    .bufferTooSmall, "The buffer holds \(capacity) bytes, but \(count) rows of \(shape) (height × width × channels) need \(needed).")
            }
            if count == 0 { return }
            try object.trainer.preview(first: first, count: count, into: try required(pixels, "pixels", "a buffer"))
        }
    }
}

// MARK: The metrics there are

@_cdecl("gan_metric_count") @implementation
public func gan_metric_count() -> Int32 { lookup(otherwise: 0) { StaticText.metricCount } }

@_cdecl("gan_metric_name") @implementation
public func gan_metric_name(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.metric(index)?.name } }

@_cdecl("gan_metric_summary") @implementation
public func gan_metric_summary(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.metric(index)?.summary } }
