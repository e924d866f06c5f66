#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

// Datasets of the host's own memory and of the host's own function.

extension Dataset {
    /// Whose memory a dataset reads.
    public enum Ownership {
        /// The library copies, and the caller's memory is free at once.
        case copy
        /// The caller keeps the memory unchanged until `release(context)` is called, once.
        case borrow(release: ReleaseFunction, context: UnsafeMutableRawPointer?)
    }

    /// Images of bytes, 0 (black) to 255. Labels are always copied.
    ///
    /// - Parameter pixels: `[count, height, width, channels]`.
    /// - Throws: `.invalidArgument`, `.outOfRange` when sizes overflow, `.badData` for a label, `.outOfMemory`.
    ///   A borrowed buffer is not released when this fails.
    public static func fromBytes(
        _ pixels: UnsafePointer<UInt8>, count: Int, shape: ImageShape, labels: UnsafePointer<Int32>?, classes: Int,
        ownership: Ownership
    ) throws(GanError) -> Dataset {
        let total = try elements(count, shape)
        let labels = try copy(labels, count: count, classes: classes)
        switch ownership {
        case .borrow(let release, let context):
            return try Dataset(
                count: count, shape: shape, storage: .bytes(pixels), range: .bytes, labels: labels,
                owner: Lease(release: release, context: context))
        case .copy:
            let own = try AlignedBuffer<UInt8>(count: total, for: "a copy of the images")
            memcpy(own.pointer, pixels, total)
            return try Dataset(count: count, shape: shape, storage: .bytes(own.pointer), range: .bytes, labels: labels, owner: own)
        }
    }

    /// Images of floats, each finite and within `minimum` (black) … `maximum` (white). Labels are always copied.
    ///
    /// - Throws: as `fromBytes`; `.badData` also for NaN, infinity and a value outside the range.
    public static func fromFloats(
        _ values: UnsafePointer<Float>, count: Int, shape: ImageShape, minimum: Float, maximum: Float,
        labels: UnsafePointer<Int32>?, classes: Int, ownership: Ownership
    ) throws(GanError) -> Dataset {
        guard minimum.isFinite, maximum.isFinite, minimum < maximum else {
            throw GanError(
                .invalidArgument,
                "minimum is \(Text.format(minimum)) and maximum \(Text.format(maximum)); finite numbers were expected, the maximum the greater.")
        }
        let total = try elements(count, shape)
        let range = try ValueRange(minimum: minimum, maximum: maximum, names: ("minimum", "maximum"))
        if let outside = range.firstOutside(values, total) {
            throw range.violation(
                values[outside], at: outside, shape: shape, of: "the values",
                advice: "minimum and maximum (data.minimum and data.maximum of a file) are the values that mean black and white")
        }
        let labels = try copy(labels, count: count, classes: classes)
        switch ownership {
        case .borrow(let release, let context):
            return try Dataset(
                count: count, shape: shape, storage: .floats(values), range: range, labels: labels,
                owner: Lease(release: release, context: context))
        case .copy:
            let own = try AlignedBuffer<Float>(count: total, for: "a copy of the images")
            memcpy(own.pointer, values, total * MemoryLayout<Float>.stride)
            return try Dataset(count: count, shape: shape, storage: .floats(own.pointer), range: range, labels: labels, owner: own)
        }
    }

    /// Values of any rank, each finite and within the range; samples of what learns from them come in the same units.
    ///
    /// - Parameters:
    ///   - values: `[count] + axes`, which are 1 to 5, the last of three or more being channels.
    ///   - range: nil for that of the values.
    ///   - name: of the field.
    /// - Throws: as `fromFloats`.
    public static func fromValues(
        _ values: UnsafePointer<Float>, count: Int, axes: [Int], range: (minimum: Float, maximum: Float)?, name: String, ownership: Ownership
    ) throws(GanError) -> Dataset {
        try Field.check(name: name)
        guard (1...5).contains(axes.count) else {
            throw GanError(.invalidArgument, "The items have \(axes.count) axes; 1 to 5 were expected.")
        }
        let shape = try ImageShape(folding: axes)
        let total = try elements(count, shape)
        let names = ("minimum", "maximum")
        let asked = range
        let range: ValueRange
        if let asked {
            range = try ValueRange(minimum: asked.minimum, maximum: asked.maximum, names: names)
        } else {
            range = try ValueRange(spanning: values, total, names: names)
        }
        if let outside = range.firstOutside(values, total) {
            throw range.violation(
                values[outside], at: outside, shape: shape, of: "the values", advice: "minimum and maximum are to hold all values between them")
        }
        let field = Field(name, .values(axes), units: range)
        switch ownership {
        case .borrow(let release, let context):
            return try Dataset(columns: [
                Column(field, count: count, shape: shape, storage: .floats(values), range: range, owner: Lease(release: release, context: context))
            ])
        case .copy:
            let own = try AlignedBuffer<Float>(count: total, for: "a copy of the values")
            memcpy(own.pointer, values, total * MemoryLayout<Float>.stride)
            return try Dataset(columns: [
                Column(field, count: count, shape: shape, storage: .floats(UnsafePointer(own.pointer)), range: range, owner: own)
            ])
        }
    }

    /// Images that the host's function delivers batch by batch, for data that do not fit into memory.
    ///
    /// - Throws: `.invalidArgument`, `.outOfRange`. `release` is not called when this fails.
    public static func fromCallback(
        _ fill: @escaping FillFunction, count: Int, shape: ImageShape, release: ReleaseFunction?, context: UnsafeMutableRawPointer?
    ) throws(GanError) -> Dataset {
        guard count >= 1 else { throw GanError(.invalidArgument, "The count of images is \(count); at least 1 was expected.") }
        return try Dataset(
            count: count, shape: shape, storage: .callback, range: .unit, labels: nil,
            owner: release.map { Lease(release: $0, context: context) }, fill: fill, context: context)
    }

    private static func elements(_ count: Int, _ shape: ImageShape) throws(GanError) -> Int {
        guard count >= 1 else { throw GanError(.invalidArgument, "The count of images is \(count); at least 1 was expected.") }
        let total = try Sizes.product(count, shape.elements, of: "\(count) images of \(shape)")
        _ = try Sizes.product(total, MemoryLayout<Float>.stride, of: "\(count) images of \(shape)")
        return total
    }

    private static func copy(_ labels: UnsafePointer<Int32>?, count: Int, classes: Int) throws(GanError) -> Labels? {
        guard let labels else { return nil }
        let own = try AlignedBuffer<Int32>(count: count, for: "a copy of the labels")
        memcpy(own.pointer, labels, count * MemoryLayout<Int32>.stride)
        return try Labels(checking: own, classes: classes, of: "the data")
    }
}

/// Gives borrowed memory back when the last user has gone.
private final class Lease {
    private let release: Dataset.ReleaseFunction
    private let context: UnsafeMutableRawPointer?

    init(release: @escaping Dataset.ReleaseFunction, context: UnsafeMutableRawPointer?) {
        self.release = release
        self.context = context
    }

    deinit { release(context) }
}
