import Base

/// What networks learn from: columns, a field each, of images, labels, tags, texts, or values of any rank.
///
/// Immutable after creation, so threads and trainers share it freely; only a callback source is for one thread at a
/// time, because its host's function may be.
///
/// The columns have one count and belong together item by item, unless data sets of their own were put beside each other
/// (`combine(…, isPaired: false)`): then each of those has its own count, and a training takes it in an order of its own.
public final class Dataset: @unchecked Sendable {
    /// Called once with the context when borrowed memory or a callback is no longer needed.
    public typealias ReleaseFunction = @convention(c) (_ context: UnsafeMutableRawPointer?) -> Void

    /// Fills `values`, `[count, height, width, channels]` from 0 (black) to 1, with the items that `indices` names.
    /// Returns 0, or anything else for failure.
    public typealias FillFunction = @convention(c) (
        _ context: UnsafeMutableRawPointer?, _ indices: UnsafePointer<Int64>?, _ count: Int64, _ values: UnsafeMutablePointer<Float>?
    ) -> Int32

    public typealias Storage = Column.Storage

    /// A first one of values, and others.
    public let columns: [Column]
    /// For each column which order its items are taken in: those of one number belong together.
    public let orders: [Int]
    /// How the first column is told as pictures.
    public let shape: ImageShape
    private let labelColumn: Column?

    /// - Parameter orders: as the property; nil for one order.
    init(columns: [Column], orders: [Int]? = nil) throws(GanError) {
        guard let first = columns.first, let shape = first.shape else {
            throw GanError(.mismatch, "A dataset begins with a field of values, such as images.")
        }
        self.columns = columns
        self.orders = orders ?? columns.map { _ in 0 }
        self.shape = shape
        labelColumn = zip(columns, self.orders).first { column, order in
            if case .label = column.field.kind { order == 0 } else { false }
        }?.0
        var names: Set<String> = []
        for (column, order) in zip(columns, self.orders) {
            guard names.insert(column.field.name).inserted else {
                throw GanError(.mismatch, "Two fields are called '\(column.field.name)'; every field of a dataset has a name of its own.")
            }
            let expected = zip(columns, self.orders).first { $0.1 == order }?.0.count ?? column.count
            guard column.count == expected else {
                throw GanError(.mismatch, "The field '\(column.field.name)' has \(column.count) items, and the others \(expected).")
            }
        }
    }

    /// Images, and labels or none.
    /// - Parameter hasUnits: that values are quantities rather than shades.
    convenience init(
        count: Int, shape: ImageShape, storage: Storage, range: ValueRange, labels: Labels?, hasUnits: Bool = false, owner: AnyObject?,
        fill: FillFunction? = nil, context: UnsafeMutableRawPointer? = nil
    ) throws(GanError) {
        let image = Column(
            Field(Field.image, .values(shape.axes), units: hasUnits ? range : nil), count: count, shape: shape, storage: storage, range: range,
            owner: owner, fill: fill, context: context)
        try self.init(columns: [image] + (labels.map { [Column($0)] } ?? []))
    }

    /// The number of items of the first field.
    public var count: Int { columns[0].count }
    public var storage: Storage { columns[0].storage }
    /// The stored values that mean black and white; 0 and 1 for a callback.
    public var range: ValueRange { columns[0].range }
    public var isCallback: Bool { columns[0].isCallback }
    /// Whether items are patches of pictures.
    public var isPatches: Bool { if case .patches = storage { true } else { false } }
    public var fields: [Field] { columns.map(\.field) }

    /// A checksum of all images; see `Column`.
    public var fingerprint: UInt32? { columns[0].fingerprint }

    public func column(_ name: String) -> (column: Column, order: Int)? {
        columns.firstIndex { $0.field.name == name }.map { (columns[$0], orders[$0]) }
    }

    /// How many orders there are, and how many items each has.
    public var orderCounts: [Int] {
        (0...(orders.max() ?? 0)).map { order in zip(columns, orders).first { $0.1 == order }?.0.count ?? 0 }
    }

    // MARK: Labels

    /// How many classes the labels name; 0 without labels.
    public var classCount: Int { labelColumn?.classCount ?? 0 }

    /// `[count]`, each 0 … `classCount` − 1, or nil. Alive for as long as the dataset is.
    public var labels: UnsafePointer<Int32>? {
        if case .indices(let labels)? = labelColumn?.storage { return labels }
        return nil
    }

    /// What the data call a class, 0 … `classCount` − 1: the name of its folder, or else its number.
    public func className(_ index: Int) -> String { labelColumn?.className(index) ?? String(index) }

    /// Images as `Column.copyBatch` writes them.
    public func copyBatch(
        rows: UnsafeBufferPointer<Int>, into values: UnsafeMutablePointer<Float>, rangeLow: Float, rangeHigh: Float
    ) throws(GanError) {
        try columns[0].copyBatch(rows: rows, into: values, rangeLow: rangeLow, rangeHigh: rangeHigh)
    }

    // MARK: Combining

    /// The same data set with another field of its items.
    public func adding(_ column: Column) throws(GanError) -> Dataset {
        guard column.count == count else {
            throw GanError(.mismatch, "The field '\(column.field.name)' has \(column.count) items, and the dataset \(count); one each was expected.")
        }
        return try Dataset(columns: columns + [column], orders: orders + [orders[0]])
    }

    /// Several data sets as the fields of one.
    ///
    /// - Parameters:
    ///   - names: one for each: its first field gets that name, and others have it in front, as in "source.label". An empty name leaves
    ///     names as they are.
    ///   - isPaired: whether item i of each belongs to item i of the others; their counts must agree then. Otherwise each
    ///     keeps a count and an order of its own.
    public static func combine(_ datasets: [(name: String, dataset: Dataset)], isPaired: Bool) throws(GanError) -> Dataset {
        guard let first = datasets.first else { throw GanError(.invalidArgument, "There are no datasets to combine; at least one was expected.") }
        var columns: [Column] = []
        var orders: [Int] = []
        var next = 0
        for (name, dataset) in datasets {
            if !name.isEmpty { try Field.check(name: name) }
            if isPaired, dataset.count != first.dataset.count {
                throw GanError(
                    .mismatch,
                    "The dataset '\(name)' has \(dataset.count) items, and '\(first.name)' \(first.dataset.count); pairs need as many of each.")
            }
            for (index, column) in dataset.columns.enumerated() {
                let own = column.field.name
                let full = name.isEmpty ? own : index == 0 ? name : "\(name).\(own)"
                if full == own { columns.append(column) } else {
                    try Field.check(name: full)
                    columns.append(column.renamed(full))
                }
                // What belonged to the first field of each belongs together now.
                orders.append(isPaired && dataset.orders[index] == dataset.orders[0] ? 0 : next + dataset.orders[index])
            }
            next += (dataset.orders.max() ?? 0) + 1
        }
        // Numbers without gaps, in the order in which they come.
        var known: [Int] = []
        for order in orders where !known.contains(order) { known.append(order) }
        return try Dataset(columns: columns, orders: orders.map { known.firstIndex(of: $0) ?? 0 })
    }
}
