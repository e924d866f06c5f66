import Base
import CGan
import Training

// gan.h, "Applier": pictures of pictures, of any size.

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
        return ApplierObject(try Applier(generator: generator, threads: values.integer(.threads), tile: values.integer(.tile)))
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
        for i in 0..<call.input {
            guard pixels[i].isFinite else {
                throw GanError(.invalidArgument, "The argument 'pixels' holds \(Text.format(pixels[i])) at \(i); finite numbers were expected.")
            }
            picture.pointer[i] = min(max(pixels[i], 0), 1) * 2 - 1
        }
        let holes = try call.holes { mask[$0] > 0.5 }
        let result = try AlignedBuffer<Float>(count: call.output, for: "a picture")
        try applier.apply(
            picture.pointer, mask: holes.map { UnsafePointer($0.pointer) }, height: call.height, width: call.width, seed: seed, into: result.pointer)
        for i in 0..<call.output {
            // What is outside of the mask stays to the bit.
            let isKept = holes.map { $0.pointer[i / applier.application.channels.output] == 0 } ?? false
            made[i] = isKept ? pixels[i] : min(max((result.pointer[i] + 1) / 2, 0), 1)
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
        for i in 0..<call.input { picture.pointer[i] = Float(pixels[i]) * (2 / 255) - 1 }
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

/// The sizes of a call that applies a network, checked.
private struct ApplierCall {
    let height, width: Int
    /// How many values are read, and made.
    let input, output: Int
    private let hasMask: Bool

    init(_ applier: Applier, _ height: Int32, _ width: Int32, hasMask: Bool, capacity: Int, _ unit: StaticString) throws(GanError) {
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
