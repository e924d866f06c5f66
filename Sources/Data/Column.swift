import Base
import Synchronization

/// One field of every item of a data set: where its numbers are, and what they mean.
///
/// Immutable, so threads, trainers and data sets share it freely; only a callback is for one thread at a time, because its host's
/// function may be. Values are stored as given (bytes or floats) and scaled on the way out.
public final class Column: @unchecked Sendable {
    /// Where the numbers are: `[count] + the axes of the field`, without gaps.
    public enum Storage {
        case bytes(UnsafePointer<UInt8>)
        case floats(UnsafePointer<Float>)
        /// The host's function delivers them.
        case callback
        /// Classes, and characters of texts.
        case indices(UnsafePointer<Int32>)
        /// Patches of bytes, cut out of pictures of any sizes.
        case patches(Patches)
        /// Rows of a table, by its schema.
        case table(TableRows)
    }

    public let field: Field
    public let count: Int
    /// Numbers of an item.
    public let elements: Int
    /// Alive for as long as the column is.
    public let storage: Storage
    /// The stored values that mean black and white; 0 and 1 for a callback.
    public let range: ValueRange
    /// What the data call the classes, in full; empty where they have no names.
    public let classNames: [String]
    /// How values are told as a picture.
    let shape: ImageShape?

    /// Owns the memory behind `storage`, or gives it back.
    private let owner: AnyObject?
    private let fill: Dataset.FillFunction?
    private let context: UnsafeMutableRawPointer?
    /// The fingerprint, with a bit above it that says that it is there.
    private let knownFingerprint = Atomic<UInt64>(0)

    /// - Parameter shape: nil for what is no values.
    init(
        _ field: Field, count: Int, shape: ImageShape? = nil, storage: Storage, range: ValueRange = .unit, classNames: [String] = [],
        owner: AnyObject?, fill: Dataset.FillFunction? = nil, context: UnsafeMutableRawPointer? = nil
    ) {
        self.field = field
        self.count = count
        self.shape = shape
        // Multiplied with a check by whoever took the memory.
        self.elements = shape?.elements ?? field.axes.reduce(1, &*)
        self.storage = storage
        self.range = range
        self.classNames = classNames
        self.owner = owner
        self.fill = fill
        self.context = context
    }

    /// The same column under another name.
    func renamed(_ name: String) -> Column {
        // The other one owns the memory, and what the host has lent.
        Column(
            Field(name, field.kind, units: field.units), count: count, shape: shape, storage: storage, range: range, classNames: classNames,
            owner: self, fill: fill, context: context)
    }

    public var isCallback: Bool { fill != nil }

    /// How many classes, tags or characters there are; 0 for values.
    public var classCount: Int {
        switch field.kind {
        case .values: 0
        case .label(let classes, _): classes
        case .tags(let names, _): names.count
        case .text(_, let characters, _): characters.count + 2
        case .table: 0
        }
    }

    /// A checksum of all numbers and of what is black and white among them: others have another one, but for one chance in 2³².
    /// Nil where a callback delivers them. Calculated once, at some gigabytes a second.
    public var fingerprint: UInt32? {
        let known = knownFingerprint.load(ordering: .acquiring)
        if known != 0 { return UInt32(truncatingIfNeeded: known) }
        let total = count * elements
        var check: UInt32
        switch storage {
        case .bytes(let bytes): check = Checksum.crc32(UnsafeRawBufferPointer(start: bytes, count: total))
        case .floats(let floats):
            check = Checksum.crc32(UnsafeRawBufferPointer(UnsafeBufferPointer(start: floats, count: total)))
        case .indices(let indices):
            check = Checksum.crc32(UnsafeRawBufferPointer(UnsafeBufferPointer(start: indices, count: total)))
        case .patches(let patches): check = patches.checksum
        case .table(let rows): check = rows.fingerprint
        case .callback: return nil
        }
        for end in [range.minimum, range.maximum] {
            withUnsafeBytes(of: end.bitPattern.littleEndian) { check = Checksum.crc32($0, continuing: check) }
        }
        // Two threads that come here at once find the same.
        knownFingerprint.store(1 << 32 | UInt64(check), ordering: .releasing)
        return check
    }

    /// Writes the items that `rows` names to `values`, `[rows] + axes`: values with black at `rangeLow` and white at `rangeHigh`, tags as
    /// 0 and 1, classes and characters by their numbers. Allocates nothing.
    ///
    /// - Parameter key: Where patches are cut: `Patches.key` of an epoch.
    /// - Throws: `.outOfRange` for an index that is no item; for a callback `.callbackFailed` when it reports failure,
    ///   and `.badData` when it delivers a value that is not a number from 0 to 1 (less or more by a hundredth passes).
    public func copyBatch(
        rows: UnsafeBufferPointer<Int>, into values: UnsafeMutablePointer<Float>, rangeLow: Float, rangeHigh: Float,
        key: UInt64 = Patches.readersKey
    ) throws(GanError) {
        for row in rows where row < 0 || row >= count {
            throw GanError(.outOfRange, "Item \(row) was asked for, and the dataset has the items 0 … \(count - 1).")
        }
        let elements = elements
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
        case .indices(let indices):
            for (place, row) in rows.enumerated() {
                let from = indices + row * elements
                let to = values + place * elements
                for i in 0..<elements { to[i] = Float(from[i]) }
            }
        case .patches(let patches):
            for (place, row) in rows.enumerated() {
                let (start, stride) = patches.place(of: row, key: key)
                let across = patches.width * patches.channels
                for y in 0..<patches.height {
                    let from = start + y * stride
                    let to = values + (place * elements + y * across)
                    for i in 0..<across { to[i] = Float(from[i]) * scale + offset }
                }
            }
        case .table(let table):
            for (place, row) in rows.enumerated() { table.write(row: row, to: values + place * elements) }
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
        if let outside = ValueRange.tolerantUnit.firstOutside(values, rows.count * elements) {
            let value = values[outside]
            throw GanError(
                .badData,
                "The dataset's callback delivered \(Text.format(value)) as element \(outside % elements) of item \(rows[outside / elements]); a number from 0 (black) to 1 was expected.")
        }
    }

    /// What an item is, for people: the name of its class, its tags with commas between them, its text; "" for values.
    public func text(_ item: Int) -> String {
        guard item >= 0, item < count else { return "" }
        switch (field.kind, storage) {
        case (.label, .indices(let labels)):
            let index = Int(labels[item])
            return classNames.indices.contains(index) ? classNames[index] : String(index)
        case (.tags(let names, _), .bytes(let bytes)):
            return names.indices.filter { bytes[item * names.count + $0] != 0 }.map { names[$0] }.joined(separator: ",")
        case (.text(let length, let characters, _), .indices(let indices)):
            var text = ""
            for place in 0..<length {
                let index = Int(indices[item * length + place])
                if index == 0 { break }
                text.unicodeScalars.append(characters.indices.contains(index - 2) ? characters[index - 2] : "\u{FFFD}")
            }
            return text
        default: return ""
        }
    }

    /// What a class, tag or character is called.
    public func className(_ index: Int) -> String {
        switch field.kind {
        case .values, .table: ""
        case .label: classNames.indices.contains(index) ? classNames[index] : String(index)
        case .tags(let names, _): names.indices.contains(index) ? names[index] : String(index)
        case .text(_, let characters, _):
            switch index {
            case 0: ""
            case 1: "\u{FFFD}"
            default: characters.indices.contains(index - 2) ? String(Character(characters[index - 2])) : ""
            }
        }
    }
}
