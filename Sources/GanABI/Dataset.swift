import Base
import CGan
import Data
import Training

// gan.h, "Dataset".

/// What a `gan_dataset` leads to.
final class DatasetObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .dataset }
    let dataset: Dataset
    /// Of what its columns borrow.
    let leases: [DatasetLease]

    init(_ dataset: Dataset, leases: [DatasetLease] = []) {
        self.dataset = dataset
        self.leases = leases
        super.init(.dataset)
    }
}

// MARK: Files

@_cdecl("gan_dataset_open") @implementation
public func gan_dataset_open(
    _ path: UnsafePointer<CChar>!, _ options: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let values = try optionValues(options)
        return DatasetObject(try Dataset.open(try readPath(path, "path"), options: values.dataset))
    }
}

@_cdecl("gan_dataset_open_idx") @implementation
public func gan_dataset_open_idx(
    _ images: UnsafePointer<CChar>!, _ labels: UnsafePointer<CChar>!, _ options: OpaquePointer!,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let values = try optionValues(options)
        let imagesPath = try readPath(images, "images")
        let labelsPath = labels == nil ? nil : try readPath(labels, "labels")
        return DatasetObject(try Dataset.open(images: imagesPath, labels: labelsPath, options: values.dataset))
    }
}

// MARK: The host's memory and functions

@_cdecl("gan_dataset_create_bytes") @implementation
public func gan_dataset_create_bytes(
    _ pixels: UnsafePointer<UInt8>!, _ count: Int64, _ height: Int32, _ width: Int32, _ channels: Int32,
    _ labels: UnsafePointer<Int32>!, _ classes: Int32, _ release: gan_release_fn!, _ context: UnsafeMutableRawPointer!,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    createDataset(out, fill: nil, release, context) { (lease) throws(GanError) in
        let pixels = try required(pixels, "pixels", "an array of images")
        return try Dataset.fromBytes(
            pixels, count: try checkedCount(count, "count", least: 1), shape: try checkedShape(height, width, channels),
            labels: labels, classes: try checkedCount(classes, "classes"),
            ownership: lease.map { .borrow(release: DatasetLease.giveBack, context: $0) } ?? .copy)
    }
}

@_cdecl("gan_dataset_create_floats") @implementation
public func gan_dataset_create_floats(
    _ values: UnsafePointer<Float>!, _ count: Int64, _ height: Int32, _ width: Int32, _ channels: Int32, _ minimum: Float,
    _ maximum: Float, _ labels: UnsafePointer<Int32>!, _ classes: Int32, _ release: gan_release_fn!,
    _ context: UnsafeMutableRawPointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    createDataset(out, fill: nil, release, context) { (lease) throws(GanError) in
        let values = try required(values, "values", "an array of images")
        return try Dataset.fromFloats(
            values, count: try checkedCount(count, "count", least: 1), shape: try checkedShape(height, width, channels),
            minimum: minimum, maximum: maximum, labels: labels, classes: try checkedCount(classes, "classes"),
            ownership: lease.map { .borrow(release: DatasetLease.giveBack, context: $0) } ?? .copy)
    }
}

@_cdecl("gan_dataset_create_callback") @implementation
public func gan_dataset_create_callback(
    _ fill: gan_fill_fn!, _ count: Int64, _ height: Int32, _ width: Int32, _ channels: Int32, _ release: gan_release_fn!,
    _ context: UnsafeMutableRawPointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    createDataset(out, fill: fill, release, context) { (lease) throws(GanError) in
        _ = try required(fill, "fill", "a function that delivers images")
        return try Dataset.fromCallback(
            DatasetLease.fillFromHost, count: try checkedCount(count, "count", least: 1),
            shape: try checkedShape(height, width, channels), release: DatasetLease.giveBack, context: lease)
    }
}

/// Makes a dataset, and arms the lease of one that borrows only once the caller has a handle.
///
/// - Parameter make: takes the lease as a context, to be given back with `DatasetLease.giveBack` by whoever lets go of
///   the dataset; nil where nothing is borrowed.
func createDataset(
    _ out: UnsafeMutablePointer<OpaquePointer?>?, fill: gan_fill_fn?, _ release: gan_release_fn?,
    _ context: UnsafeMutableRawPointer?, _ make: (UnsafeMutableRawPointer?) throws(GanError) -> Dataset
) -> Int32 {
    boundary { () throws(GanError) in
        let out = try required(out, "out", "a place for the new handle")
        guard fill != nil || release != nil else {
            out.pointee = try HandleTable.shared.insert(DatasetObject(try make(nil)))
            return
        }
        let lease = DatasetLease(fill: fill, release: release, context: context)
        let leaseContext = lease.retained()
        let dataset: Dataset
        do throws(GanError) { dataset = try make(leaseContext) } catch {
            DatasetLease.giveBack(leaseContext)
            throw error
        }
        let handle = try HandleTable.shared.insert(DatasetObject(dataset, leases: [lease]))
        lease.arm()
        out.pointee = handle
    }
}

func checkedShape(_ height: Int32, _ width: Int32, _ channels: Int32) throws(GanError) -> ImageShape {
    try ImageShape(
        height: try checkedCount(height, "height", least: 1), width: try checkedCount(width, "width", least: 1),
        channels: try checkedCount(channels, "channels", least: 1))
}

@_cdecl("gan_dataset_destroy") @implementation
public func gan_dataset_destroy(_ dataset: OpaquePointer!) { inCall { _ = destroyed(dataset, as: DatasetObject.self) } }

// MARK: Reading

@_cdecl("gan_dataset_shape") @implementation
public func gan_dataset_shape(
    _ dataset: OpaquePointer!, _ count: UnsafeMutablePointer<Int64>!, _ height: UnsafeMutablePointer<Int32>!,
    _ width: UnsafeMutablePointer<Int32>!, _ channels: UnsafeMutablePointer<Int32>!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) in
            let count = try required(count, "count", "a place for the number of images")
            try writeShape(object.dataset.shape, height, width, channels)
            count.pointee = Int64(object.dataset.count)
        }
    }
}

/// Writes a shape to three places, or to none.
func writeShape(
    _ shape: ImageShape, _ height: UnsafeMutablePointer<Int32>?, _ width: UnsafeMutablePointer<Int32>?,
    _ channels: UnsafeMutablePointer<Int32>?
) throws(GanError) {
    let height = try required(height, "height", "a place for the rows")
    let width = try required(width, "width", "a place for the columns")
    let channels = try required(channels, "channels", "a place for the values per pixel")
    // An image's sizes fit into 32 bits, for their product does.
    height.pointee = Int32(clamping: shape.height)
    width.pointee = Int32(clamping: shape.width)
    channels.pointee = Int32(clamping: shape.channels)
}

@_cdecl("gan_dataset_classes") @implementation
public func gan_dataset_classes(_ dataset: OpaquePointer!, _ classes: UnsafeMutablePointer<Int32>!) -> Int32 {
    boundary { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) in
            try required(classes, "classes", "a place for the number of classes").pointee = Int32(clamping: object.dataset.classCount)
        }
    }
}

@_cdecl("gan_dataset_class_name") @implementation
public func gan_dataset_class_name(
    _ dataset: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    boundary { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) in
            let classes = object.dataset.classCount
            guard let index = Int(exactly: index), index >= 0, index < classes else {
                let expected = classes == 0 ? "the dataset has no labels" : "the classes are 0 to \(classes - 1)"
                throw GanError(.invalidArgument, "The argument 'index' is \(index); \(expected).")
            }
            try reply(object.dataset.className(index), buffer, capacity, size)
        }
    }
}

/// The first of the images wanted and their number, both among `all`.
func checkedItems(_ first: Int64, _ count: Int64, of all: Int) throws(GanError) -> (first: Int, count: Int) {
    let count = try checkedCount(count, "count")
    let first = try checkedCount(first, "first")
    guard first <= all, count <= all - first else {
        throw GanError(
            .outOfRange, "The dataset has images 0 to \(all - 1); \(count) from \(first) on are not all there.")
    }
    return (first, count)
}

@_cdecl("gan_dataset_read") @implementation
public func gan_dataset_read(
    _ dataset: OpaquePointer!, _ first: Int64, _ count: Int64, _ values: UnsafeMutablePointer<Float>!, _ capacity: Int
) -> Int32 {
    boundary { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) in
            let data = object.dataset
            let (first, count) = try checkedItems(first, count, of: data.count)
            let needed = try checkCapacity(capacity, .floats, holds: count, of: data.shape.elements, "images of \(data.shape)")
            if needed == 0 { return }
            try object.read(data.columns[0], first, count, scaledTo: (0, 1), into: try required(values, "values", "a buffer"))
        }
    }
}

extension DatasetObject {
    /// Reads items of a column, which are there, into a buffer that holds them.
    func read(
        _ column: Column, _ first: Int, _ count: Int, scaledTo range: (low: Float, high: Float), into values: UnsafeMutablePointer<Float>
    ) throws(GanError) {
        if column.isCallback, leases.contains(where: { $0.isFillingHere }) {
            throw GanError(.busy, "The dataset's fill function asks for images of its own dataset.")
        }
        let elements = column.elements
        // A host's function may fail half way, and then the caller's buffer must be as it was.
        let own = column.isCallback ? try AlignedBuffer<Float>(count: count * elements, for: "\(count) items of \(elements)") : nil
        let target = own?.pointer ?? values
        let rows = try AlignedBuffer<Int>(count: min(count, 256), for: "the numbers of images")
        var isScaled = false
        if case .values = column.field.kind { isScaled = !column.isCallback }
        var done = 0
        while done < count {
            let part = min(count - done, rows.count)
            for row in 0..<part { rows.pointer[row] = first + done + row }
            let place = target + done * elements
            try column.copyBatch(
                rows: UnsafeBufferPointer(start: rows.pointer, count: part), into: place, rangeLow: range.low, rangeHigh: range.high)
            // Scaling rounds, and may so leave the range that the caller is promised.
            if isScaled {
                for i in 0..<part * elements {
                    if place[i] < range.low { place[i] = range.low }
                    if place[i] > range.high { place[i] = range.high }
                }
            }
            done += part
        }
        if let own { values.update(from: own.pointer, count: count * elements) }
    }
}

@_cdecl("gan_dataset_read_labels") @implementation
public func gan_dataset_read_labels(
    _ dataset: OpaquePointer!, _ first: Int64, _ count: Int64, _ labels: UnsafeMutablePointer<Int32>!, _ capacity: Int
) -> Int32 {
    boundary { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) in
            guard let source = object.dataset.labels else { throw GanError(.mismatch, "The dataset has no labels.") }
            let (first, count) = try checkedItems(first, count, of: object.dataset.count)
            if try checkCapacity(capacity, .labels, holds: count, of: 1, "labels") == 0 { return }
            try required(labels, "labels", "a buffer").update(from: source + first, count: count)
        }
    }
}
