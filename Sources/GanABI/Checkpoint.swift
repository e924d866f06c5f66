import Base
import CGan
import Checkpoint
import Training

// gan.h, "Checkpoints".

/// What a `gan_checkpoint` leads to.
final class CheckpointObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .checkpoint }
    let checkpoint: Checkpoint
    let options: OptionValues
    let tensorNames: [String]

    init(path: String) throws(GanError) {
        checkpoint = try Checkpoint.open(path: path)
        options = try OptionValues(checkpoint: checkpoint.metadata)
        tensorNames = checkpoint.tensorNames
        super.init(.checkpoint)
    }

    func tensorName(_ index: Int64) throws(GanError) -> String {
        guard let index = Int(exactly: index), tensorNames.indices.contains(index) else {
            throw GanError(
                .invalidArgument, "The argument 'index' is \(index), and the checkpoint has \(tensorNames.count) tensors, counted from 0.")
        }
        return tensorNames[index]
    }

    func text(_ name: String) throws(GanError) -> String {
        let metadata = checkpoint.metadata
        switch name {
        case "kind": return metadata.kind.rawValue
        case "seed": return String(metadata.seed)
        case "step": return String(metadata.step)
        case "images": return metadata.images.map { String($0) } ?? ""
        case "data": return metadata.others["data"] ?? ""
        case "edited": return metadata.isEdited ? "true" : "false"
        default:
            let advice = Text.nearestName(to: name, among: ["kind", "seed", "step", "data", "edited", "images"]).map { "Did you mean '\($0)'?" }
            throw GanError(
                .unknownName,
                "A checkpoint says nothing by the name '\(name.prefix(60))'. \(advice ?? "There are 'kind', 'seed', 'step', 'data', 'edited' and 'images'.")")
        }
    }
}

@inline(__always)
private func reading(_ handle: OpaquePointer?, _ body: (CheckpointObject) throws(GanError) -> Void) -> Int32 {
    boundary(.brief) { () throws(GanError) in try using(handle, "checkpoint", as: CheckpointObject.self, .shared, body) }
}

@_cdecl("gan_checkpoint_open") @implementation
public func gan_checkpoint_open(_ path: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<OpaquePointer?>!) -> Int32 {
    creating(out) { () throws(GanError) in try CheckpointObject(path: try text(path, "path")) }
}

@_cdecl("gan_checkpoint_destroy") @implementation
public func gan_checkpoint_destroy(_ checkpoint: OpaquePointer!) { inCall { _ = destroyed(checkpoint, as: CheckpointObject.self) } }

@_cdecl("gan_checkpoint_text") @implementation
public func gan_checkpoint_text(
    _ checkpoint: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(checkpoint) { (object) throws(GanError) in
        try reply(try object.text(try text(name, "name")), buffer, capacity, size)
    }
}

@_cdecl("gan_checkpoint_option") @implementation
public func gan_checkpoint_option(
    _ checkpoint: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(checkpoint) { (object) throws(GanError) in
        try reply(try object.options.text(try text(name, "name")), buffer, capacity, size)
    }
}

@_cdecl("gan_checkpoint_tensor_count") @implementation
public func gan_checkpoint_tensor_count(_ checkpoint: OpaquePointer!, _ count: UnsafeMutablePointer<Int64>!) -> Int32 {
    reading(checkpoint) { (object) throws(GanError) in
        try required(count, "count", "a place for the number").pointee = Int64(object.tensorNames.count)
    }
}

@_cdecl("gan_checkpoint_tensor_name") @implementation
public func gan_checkpoint_tensor_name(
    _ checkpoint: OpaquePointer!, _ index: Int64, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(checkpoint) { (object) throws(GanError) in try reply(try object.tensorName(index), buffer, capacity, size) }
}

@_cdecl("gan_checkpoint_tensor_shape") @implementation
public func gan_checkpoint_tensor_shape(
    _ checkpoint: OpaquePointer!, _ index: Int64, _ shape: UnsafeMutablePointer<Int64>!, _ capacity: Int,
    _ rank: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(checkpoint) { (object) throws(GanError) in
        try reply(axes: object.checkpoint.shape(try object.tensorName(index)) ?? [], "the tensor", shape, capacity, rank)
    }
}

@_cdecl("gan_checkpoint_tensor_type") @implementation
public func gan_checkpoint_tensor_type(
    _ checkpoint: OpaquePointer!, _ index: Int64, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(checkpoint) { (object) throws(GanError) in
        try reply(object.checkpoint.elementType(try object.tensorName(index))?.name ?? "", buffer, capacity, size)
    }
}

@_cdecl("gan_checkpoint_tensor_read") @implementation
public func gan_checkpoint_tensor_read(
    _ checkpoint: OpaquePointer!, _ index: Int64, _ values: UnsafeMutablePointer<Float>!, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(checkpoint) { (object) throws(GanError) in
        let count = try required(count, "count", "a place for the number of values")
        let name = try object.tensorName(index)
        let shape = object.checkpoint.shape(name) ?? []
        // The header's check has multiplied them before.
        let total = shape.reduce(1, &*)
        guard let values else {
            guard capacity == 0 else {
                throw GanError(
                    .invalidArgument,
                    "The argument 'values' is NULL and 'capacity' is \(UInt(bitPattern: capacity)); a buffer, or 0 to ask for the number, was expected.")
            }
            count.pointee = total
            return
        }
        guard room(capacity) >= total else {
            count.pointee = total
            throw GanError(.bufferTooSmall, "The buffer holds \(capacity) floats, and the tensor has \(total).")
        }
        try object.checkpoint.read(name, expectedShape: shape, into: values)
        count.pointee = total
    }
}
