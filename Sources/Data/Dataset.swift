#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import Synchronization

/// Images, with labels or without, that a network learns from.
///
/// Immutable after creation, so threads and trainers share it freely; only a callback source is for one thread at a
/// time, because its host's function may be. Values are stored as given (bytes or floats) and scaled on the way out.
public final class Dataset: @unchecked Sendable {
    /// Called once with the context when borrowed memory or a callback is no longer needed.
    public typealias ReleaseFunction = @convention(c) (_ context: UnsafeMutableRawPointer?) -> Void

    /// Fills `values`, `[count, height, width, channels]` from 0 (black) to 1, with the items that `indices` names.
    /// Returns 0, or anything else for failure.
    public typealias FillFunction = @convention(c) (
        _ context: UnsafeMutableRawPointer?, _ indices: UnsafePointer<Int64>?, _ count: Int64, _ values: UnsafeMutablePointer<Float>?
    ) -> Int32

    /// Where the values are: `[count, height, width, channels]` without gaps.
    public enum Storage {
        case bytes(UnsafePointer<UInt8>)
        case floats(UnsafePointer<Float>)
        case callback
    }

    public let count: Int
    public let shape: ImageShape
    /// Alive for as long as the dataset is.
    public let storage: Storage
    /// The stored values that mean black and white; 0 and 1 for a callback.
    public let range: ValueRange
    /// How many classes the labels name; 0 without labels.
    public let classCount: Int

    private let classNames: [String]
    private let labelBuffer: AlignedBuffer<Int32>?
    /// Owns the memory behind `storage`, or gives it back.
    private let owner: AnyObject?
    private let fill: FillFunction?
    private let context: UnsafeMutableRawPointer?
    /// The fingerprint, with a bit above it that says that it is there.
    private let knownFingerprint = Atomic<UInt64>(0)

    init(
        count: Int, shape: ImageShape, storage: Storage, range: ValueRange, labels: Labels?, owner: AnyObject?,
        fill: FillFunction? = nil, context: UnsafeMutableRawPointer? = nil
    ) {
        self.count = count
        self.shape = shape
        self.storage = storage
        self.range = range
        self.labelBuffer = labels?.values
        self.classCount = labels?.classCount ?? 0
        self.classNames = labels?.classNames ?? []
        self.owner = owner
        self.fill = fill
        self.context = context
    }

    public var isCallback: Bool { fill != nil }

    /// A checksum of all values and of what is black and white among them: other images have another one, but for one chance in 2³².
    /// Nil where a callback delivers the images. Calculated once, at some gigabytes a second.
    public var fingerprint: UInt32? {
        let known = knownFingerprint.load(ordering: .acquiring)
        if known != 0 { return UInt32(truncatingIfNeeded: known) }
        let total = count * shape.elements
        var check: UInt32
        switch storage {
        case .bytes(let bytes): check = Checksum.crc32(UnsafeRawBufferPointer(start: bytes, count: total))
        case .floats(let floats):
            check = Checksum.crc32(UnsafeRawBufferPointer(UnsafeBufferPointer(start: floats, count: total)))
        case .callback: return nil
        }
        for end in [range.minimum, range.maximum] {
            withUnsafeBytes(of: end.bitPattern.littleEndian) { check = Checksum.crc32($0, continuing: check) }
        }
        // Two threads that come here at once find the same.
        knownFingerprint.store(1 << 32 | UInt64(check), ordering: .releasing)
        return check
    }

    /// `[count]`, each 0 … `classCount` − 1, or nil. Alive for as long as the dataset is.
    public var labels: UnsafePointer<Int32>? { labelBuffer.map { UnsafePointer($0.pointer) } }

    /// What the data call a class, 0 … `classCount` − 1: the name of its folder, or else its number.
    public var hasClassNames: Bool { !classNames.isEmpty }

    public func className(_ index: Int) -> String { classNames.indices.contains(index) ? classNames[index] : String(index) }

    /// Writes the images that `rows` names to `values`, `[rows, height, width, channels]`, with black at `rangeLow` and
    /// white at `rangeHigh`. Allocates nothing.
    ///
    /// - Throws: `.outOfRange` for an index that is no item; for a callback `.callbackFailed` when it reports failure,
    ///   and `.badData` when it delivers a value that is not a number from 0 to 1 (less or more by a hundredth passes).
    public func copyBatch(
        rows: UnsafeBufferPointer<Int>, into values: UnsafeMutablePointer<Float>, rangeLow: Float, rangeHigh: Float
    ) throws(GanError) {
        for row in rows where row < 0 || row >= count {
            throw GanError(.outOfRange, "Item \(row) was asked for, and the dataset has the items 0 … \(count - 1).")
        }
        let elements = shape.elements
        let (scale, offset) = range.affine(low: rangeLow, high: rangeHigh)
        switch storage {
        case .bytes(let bytes):
            for (place, row) in rows.enumerated() {
                let from = bytes + row * elements
                let to = values + place * elements
                for i in 0..<elements { to[i] = Float(from[i]) * scale + offset }
            }
        case .floats(let floats):
            for (place, row) in rows.enumerated() {
                let from = floats + row * elements
                let to = values + place * elements
                for i in 0..<elements { to[i] = from[i] * scale + offset }
            }
        case .callback:
            try callForBatch(rows: rows, into: values)
            if scale != 1 || offset != 0 {
                for i in 0..<rows.count * elements { values[i] = values[i] * scale + offset }
            }
        }
    }

    private func callForBatch(rows: UnsafeBufferPointer<Int>, into values: UnsafeMutablePointer<Float>) throws(GanError) {
        guard let fill, let first = rows.baseAddress, rows.count > 0 else { return }
        // Int and Int64 are the same eight bytes on every machine this library is built for.
        let indices = UnsafeRawPointer(first).assumingMemoryBound(to: Int64.self)
        let status = fill(context, indices, Int64(rows.count), values)
        guard status == 0 else {
            throw GanError(.callbackFailed, "The dataset's callback returned \(status) for a batch of \(rows.count) items; 0 means success.")
        }
        if let outside = ValueRange.tolerantUnit.firstOutside(values, rows.count * shape.elements) {
            let value = values[outside]
            throw GanError(
                .badData,
                "The dataset's callback delivered \(Text.format(value)) as element \(outside % shape.elements) of item \(rows[outside / shape.elements]); a number from 0 (black) to 1 was expected.")
        }
    }
}

/// Labels that have been checked.
struct Labels {
    let values: AlignedBuffer<Int32>
    let classCount: Int
    /// What the classes are called, as far as the data say so.
    let classNames: [String]

    /// - Parameter classes: 0 for the largest label + 1.
    init(checking values: AlignedBuffer<Int32>, classes: Int, names: [String] = [], of what: String) throws(GanError) {
        guard classes >= 0, classes <= Int(Int32.max) else {
            throw GanError(.invalidArgument, "The number of classes is \(classes); 0 (the largest label + 1) or more was expected.")
        }
        let limit = classes == 0 ? Int(Int32.max) : classes
        var largest = 0
        for item in 0..<values.count {
            let label = Int(values.pointer[item])
            if label < 0 || label >= limit {
                let expected = classes == 0 ? "0 or more" : "0 … \(classes - 1), because there are \(classes) classes,"
                throw GanError(.badData, "The label of item \(item) of \(what) is \(label); \(expected) was expected.")
            }
            largest = max(largest, label)
        }
        self.values = values
        self.classNames = names
        self.classCount = classes == 0 ? largest + 1 : classes
    }
}
