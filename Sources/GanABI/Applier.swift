import Base
import CGan
import Training

// gan.h, "Applier": pictures of pictures, of any size, and frames of frames.

/// What a `gan_applier` leads to.
final class ApplierObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .applier }
    let applier: Applier

    init(_ applier: Applier) {
        self.applier = applier
        super.init(.applier)
    }
}

/// Runs `body` with the applier in use by this call alone.
private func applying(_ handle: OpaquePointer?, _ body: (Applier) throws(GanError) -> Void) -> Int32 {
    boundary { () throws(GanError) in
        try using(handle, "applier", as: ApplierObject.self, .exclusive) { (object) throws(GanError) in try body(object.applier) }
    }
}

@_cdecl("gan_applier_create") @implementation
public func gan_applier_create(
    _ generator: OpaquePointer!, _ options: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let values = try optionValues(options)
        let generator = try using(generator, "generator", as: GeneratorObject.self, .shared) { $0.generator }
        return ApplierObject(
            try Applier(
                generator: generator, threads: values.integer(.threads), tile: values.integer(.tile), isReversed: values.flag(.reverse),
                smallestPiece: values.real(.volumePieces)))
    }
}

@_cdecl("gan_applier_destroy") @implementation
public func gan_applier_destroy(_ applier: OpaquePointer!) { inCall { _ = destroyed(applier, as: ApplierObject.self) } }

@_cdecl("gan_applier_channels") @implementation
public func gan_applier_channels(
    _ applier: OpaquePointer!, _ input: UnsafeMutablePointer<Int32>!, _ output: UnsafeMutablePointer<Int32>!,
    _ takesMask: UnsafeMutablePointer<Int32>!
) -> Int32 {
    applying(applier) { (applier) throws(GanError) in
        let input = try required(input, "input", "a place for the number")
        let output = try required(output, "output", "a place for the number")
        let takesMask = try required(takesMask, "takes_mask", "a place for the answer")
        input.pointee = Int32(clamping: applier.application.channels.input)
        output.pointee = Int32(clamping: applier.application.channels.output)
        takesMask.pointee = applier.application.fillsHoles ? 1 : 0
    }
}

@_cdecl("gan_applier_shape") @implementation
public func gan_applier_shape(
    _ applier: OpaquePointer!, _ height: Int32, _ width: Int32, _ madeHeight: UnsafeMutablePointer<Int32>!,
    _ madeWidth: UnsafeMutablePointer<Int32>!
) -> Int32 {
    applying(applier) { (applier) throws(GanError) in
        let rows = try required(madeHeight, "made_height", "a place for the number")
        let columns = try required(madeWidth, "made_width", "a place for the number")
        let sides = try applier.sides(height: Int(height), width: Int(width))
        rows.pointee = Int32(clamping: sides.height)
        columns.pointee = Int32(clamping: sides.width)
    }
}

@_cdecl("gan_applier_apply") @implementation
public func gan_applier_apply(
    _ applier: OpaquePointer!, _ seed: UInt64, _ pixels: UnsafePointer<Float>!, _ mask: UnsafePointer<Float>!, _ height: Int32,
    _ width: Int32, _ made: UnsafeMutablePointer<Float>!, _ capacity: Int
) -> Int32 {
    applying(applier) { (applier) throws(GanError) in
        let call = try ApplierCall(applier, height, width, hasMask: mask != nil, capacity: capacity, "floats")
        let pixels = try required(pixels, "pixels", "a picture")
        let made = try required(made, "made", "a buffer")
        let picture = try AlignedBuffer<Float>(count: call.input, for: "a picture")
        for i in 0..<call.input { picture.pointer[i] = try shade(pixels[i], at: i, of: "pixels") }
        let holes = try call.holes { mask[$0] > 0.5 }
        let result = try AlignedBuffer<Float>(count: call.output, for: "a picture")
        try applier.apply(
            picture.pointer, mask: holes.map { UnsafePointer($0.pointer) }, height: call.height, width: call.width, seed: seed, into: result.pointer)
        for i in 0..<call.output {
            // What is outside of the mask stays to the bit.
            let isKept = holes.map { $0.pointer[i / applier.application.channels.output] == 0 } ?? false
            made[i] = isKept ? pixels[i] : unit(result.pointer[i])
        }
    }
}

@_cdecl("gan_applier_apply_bytes") @implementation
public func gan_applier_apply_bytes(
    _ applier: OpaquePointer!, _ seed: UInt64, _ pixels: UnsafePointer<UInt8>!, _ mask: UnsafePointer<UInt8>!, _ height: Int32,
    _ width: Int32, _ made: UnsafeMutablePointer<UInt8>!, _ capacity: Int
) -> Int32 {
    applying(applier) { (applier) throws(GanError) in
        let call = try ApplierCall(applier, height, width, hasMask: mask != nil, capacity: capacity, "bytes")
        let pixels = try required(pixels, "pixels", "a picture")
        let made = try required(made, "made", "a buffer")
        let picture = try AlignedBuffer<Float>(count: call.input, for: "a picture")
        for i in 0..<call.input { picture.pointer[i] = shade(pixels[i]) }
        let holes = try call.holes { mask[$0] > 127 }
        let result = try AlignedBuffer<Float>(count: call.output, for: "a picture")
        try applier.apply(
            picture.pointer, mask: holes.map { UnsafePointer($0.pointer) }, height: call.height, width: call.width, seed: seed, into: result.pointer)
        applier.quantize(result.pointer, count: call.output, into: made)
        guard let holes else { return }
        // What is outside of the mask stays to the bit.
        let channels = applier.application.channels.output
        for i in 0..<call.output where holes.pointer[i / channels] == 0 { made[i] = pixels[i] }
    }
}

// MARK: Frames

@_cdecl("gan_applier_frames") @implementation
public func gan_applier_frames(_ applier: OpaquePointer!, _ past: UnsafeMutablePointer<Int32>!) -> Int32 {
    applying(applier) { (applier) throws(GanError) in
        try required(past, "past", "a place for the number").pointee = Int32(clamping: applier.application.frames)
    }
}

@_cdecl("gan_applier_predict") @implementation
public func gan_applier_predict(
    _ applier: OpaquePointer!, _ seed: UInt64, _ frames: UnsafePointer<Float>!, _ given: Int32, _ height: Int32, _ width: Int32,
    _ count: Int32, _ made: UnsafeMutablePointer<Float>!, _ capacity: Int
) -> Int32 {
    applying(applier) { (applier) throws(GanError) in
        let call = try PredictionCall(applier, given, height, width, count, capacity: capacity, "floats")
        let frames = try required(frames, "frames", "frames")
        let made = try required(made, "made", "a buffer")
        let result = try call.run(applier, seed) { (i) throws(GanError) in try shade(frames[i], at: i, of: "frames") }
        for i in 0..<call.output { made[i] = unit(result.pointer[i]) }
    }
}

@_cdecl("gan_applier_predict_bytes") @implementation
public func gan_applier_predict_bytes(
    _ applier: OpaquePointer!, _ seed: UInt64, _ frames: UnsafePointer<UInt8>!, _ given: Int32, _ height: Int32, _ width: Int32,
    _ count: Int32, _ made: UnsafeMutablePointer<UInt8>!, _ capacity: Int
) -> Int32 {
    applying(applier) { (applier) throws(GanError) in
        let call = try PredictionCall(applier, given, height, width, count, capacity: capacity, "bytes")
        let frames = try required(frames, "frames", "frames")
        let made = try required(made, "made", "a buffer")
        let result = try call.run(applier, seed) { (i) throws(GanError) in shade(frames[i]) }
        applier.quantize(result.pointer, count: call.output, into: made)
    }
}

/// The sizes of a call that says which frames follow, checked.
private struct PredictionCall {
    let height, width, count: Int
    /// How many frames are read, from which one of those that were given on.
    private let past, first: Int
    /// How many values a frame has, and all that are made.
    private let frame: Int
    let output: Int

    private static let mostFrames: Int32 = 65536

    init(
        _ applier: Applier, _ given: Int32, _ height: Int32, _ width: Int32, _ count: Int32, capacity: Int, _ unit: StaticString
    ) throws(GanError) {
        past = applier.application.frames
        guard past > 0 else {
            throw GanError(
                .mismatch, "This model makes a picture of one picture, and says no frames: gan_applier_apply uses it, and the recipe next-frame trains one that does.")
        }
        guard (0...Self.mostFrames).contains(count) else {
            throw GanError(.outOfRange, "The argument 'count' is \(count); 0 to \(Self.mostFrames) frames can be said at once.")
        }
        guard given >= past else {
            throw GanError(.outOfRange, "The argument 'given' is \(given), and this model looks at \(past) frames: as many, or more, were expected.")
        }
        _ = try applier.sides(height: Int(height), width: Int(width))
        (self.height, self.width, self.count) = (Int(height), Int(width), Int(count))
        first = Int(given) - past
        frame = try Sizes.product([self.height, self.width, applier.application.channels.output], of: "a frame")
        output = try Sizes.product(frame, self.count, of: "frames")
        // No frame lies beyond what can be addressed.
        _ = try Sizes.product(frame, Int(given), of: "frames")
        guard room(capacity) >= output else {
            throw GanError(.bufferTooSmall, "The buffer holds \(capacity) \(unit), but \(count) frames of \(frame) values need \(output).")
        }
    }

    /// - Parameter value: A value that was given, as the network reads it.
    func run(_ applier: Applier, _ seed: UInt64, _ value: (Int) throws(GanError) -> Float) throws(GanError) -> AlignedBuffer<Float> {
        let read = try AlignedBuffer<Float>(count: past * frame, for: "frames")
        for i in 0..<past * frame { read.pointer[i] = try value(first * frame + i) }
        let result = try AlignedBuffer<Float>(count: output, for: "frames")
        try applier.predict(read.pointer, given: past, height: height, width: width, count: count, seed: seed, into: result.pointer)
        return result
    }
}

/// A value from 0 to 1 as networks read it.
private func shade(_ value: Float, at index: Int, of argument: StaticString) throws(GanError) -> Float {
    guard value.isFinite else {
        throw GanError(.invalidArgument, "The argument '\(argument)' holds \(Text.format(value)) at \(index); finite numbers were expected.")
    }
    return min(max(value, 0), 1) * 2 - 1
}

/// What networks make as a value from 0 to 1; what is no number is black.
private func unit(_ value: Float) -> Float { min(max(0, (value + 1) / 2), 1) }

private func shade(_ value: UInt8) -> Float { Float(value) * (2 / 255) - 1 }

// MARK: Sizes

/// The sizes of a call that applies a network, checked.
private struct ApplierCall {
    let height, width: Int
    /// How many values are read, and made.
    let input, output: Int
    private let hasMask: Bool

    init(_ applier: Applier, _ height: Int32, _ width: Int32, hasMask: Bool, capacity: Int, _ unit: StaticString) throws(GanError) {
        guard applier.application.frames == 0 else {
            throw GanError(
                .mismatch, "This model says which frame follows \(applier.application.frames) others, and makes nothing of one picture: gan_applier_predict uses it.")
        }
        let made = try applier.sides(height: Int(height), width: Int(width))
        (self.height, self.width) = (Int(height), Int(width))
        self.hasMask = hasMask
        input = try Sizes.product([self.height, self.width, applier.application.channels.input], of: "a picture")
        output = try Sizes.product([made.height, made.width, applier.application.channels.output], of: "a picture")
        guard hasMask == applier.application.fillsHoles else {
            throw GanError(
                .invalidArgument,
                hasMask
                    ? "The argument 'mask' is given, and this model fills no holes: NULL was expected."
                    : "The argument 'mask' is NULL, and this model fills holes: [height, width] was expected, which is white where the picture is missing.")
        }
        guard room(capacity) >= output else {
            throw GanError(
                .bufferTooSmall,
                "The buffer holds \(capacity) \(unit), but a picture of \(made.height)×\(made.width) with \(applier.application.channels.output) channels needs \(output).")
        }
    }

    /// 1 where the picture is missing, [height, width]; nil for a model without a mask.
    func holes(_ isHole: (Int) -> Bool) throws(GanError) -> AlignedBuffer<Float>? {
        guard hasMask else { return nil }
        let holes = try AlignedBuffer<Float>(count: height * width, for: "a mask")
        for i in 0..<height * width { holes.pointer[i] = isHole(i) ? 1 : 0 }
        return holes
    }
}
