import Base
import CGan
import Data

// gan.h, "Fields": what items have, by count, index and name; and datasets made of others.

/// Runs `body` with a column of a dataset.
private func reading(
    _ dataset: OpaquePointer?, _ index: Int32, _ body: (Column, DatasetObject) throws(GanError) -> Void
) -> Int32 {
    boundary { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) in
            let columns = object.dataset.columns
            guard let index = Int(exactly: index), columns.indices.contains(index) else {
                throw GanError(.invalidArgument, "The argument 'index' is \(index), and the dataset has the fields 0 … \(columns.count - 1).")
            }
            try body(columns[index], object)
        }
    }
}

@_cdecl("gan_dataset_field_count") @implementation
public func gan_dataset_field_count(_ dataset: OpaquePointer!, _ count: UnsafeMutablePointer<Int32>!) -> Int32 {
    boundary { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) in
            try required(count, "count", "a place for the number").pointee = Int32(clamping: object.dataset.columns.count)
        }
    }
}

@_cdecl("gan_dataset_field_name") @implementation
public func gan_dataset_field_name(
    _ dataset: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in try reply(column.field.name, buffer, capacity, size) }
}

@_cdecl("gan_dataset_field_kind") @implementation
public func gan_dataset_field_kind(
    _ dataset: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in
        let kind =
            switch column.field.kind {
            case .values: "values"
            case .label: "label"
            case .tags: "tags"
            case .text: "text"
            case .table: "table"
            }
        try reply(kind, buffer, capacity, size)
    }
}

@_cdecl("gan_dataset_field_shape") @implementation
public func gan_dataset_field_shape(
    _ dataset: OpaquePointer!, _ index: Int32, _ shape: UnsafeMutablePointer<Int64>!, _ capacity: Int, _ rank: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in
        try reply(axes: column.field.axes, "the field", shape, capacity, rank)
    }
}

@_cdecl("gan_dataset_field_items") @implementation
public func gan_dataset_field_items(_ dataset: OpaquePointer!, _ index: Int32, _ items: UnsafeMutablePointer<Int64>!) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in
        try required(items, "items", "a place for the number").pointee = Int64(column.count)
    }
}

@_cdecl("gan_dataset_field_range") @implementation
public func gan_dataset_field_range(
    _ dataset: OpaquePointer!, _ index: Int32, _ minimum: UnsafeMutablePointer<Float>!, _ maximum: UnsafeMutablePointer<Float>!
) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in
        let minimum = try required(minimum, "minimum", "a place for the least value")
        let maximum = try required(maximum, "maximum", "a place for the greatest value")
        if case .indices = column.storage {
            (minimum.pointee, maximum.pointee) = (0, Float(max(column.classCount - 1, 0)))
        } else {
            (minimum.pointee, maximum.pointee) = (column.range.minimum, column.range.maximum)
        }
    }
}

@_cdecl("gan_dataset_field_classes") @implementation
public func gan_dataset_field_classes(_ dataset: OpaquePointer!, _ index: Int32, _ classes: UnsafeMutablePointer<Int32>!) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in
        try required(classes, "classes", "a place for the number").pointee = Int32(clamping: column.classCount)
    }
}

@_cdecl("gan_dataset_field_class_name") @implementation
public func gan_dataset_field_class_name(
    _ dataset: OpaquePointer!, _ index: Int32, _ number: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in
        guard let number = Int(exactly: number), number >= 0, number < column.classCount else {
            throw GanError(
                .invalidArgument,
                column.classCount > 0
                    ? "The argument 'number' is \(number), and the field '\(column.field.name)' has 0 … \(column.classCount - 1)."
                    : "The field '\(column.field.name)' is values, which have no classes.")
        }
        try reply(column.className(number), buffer, capacity, size)
    }
}

@_cdecl("gan_dataset_field_read") @implementation
public func gan_dataset_field_read(
    _ dataset: OpaquePointer!, _ index: Int32, _ first: Int64, _ count: Int64, _ values: UnsafeMutablePointer<Float>!, _ capacity: Int
) -> Int32 {
    reading(dataset, index) { (column, object) throws(GanError) in
        let (first, count) = try checkedItems(first, count, of: column.count)
        let needed = try checkCapacity(capacity, .floats, holds: count, of: column.elements, "items of \(column.elements)")
        if needed == 0 { return }
        try object.read(column, first, count, scaledTo: (column.range.minimum, column.range.maximum), into: try required(values, "values", "a buffer"))
    }
}

@_cdecl("gan_dataset_field_text") @implementation
public func gan_dataset_field_text(
    _ dataset: OpaquePointer!, _ index: Int32, _ item: Int64, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    reading(dataset, index) { (column, _) throws(GanError) in
        let (item, _) = try checkedItems(item, 1, of: column.count)
        try reply(column.text(item), buffer, capacity, size)
    }
}

// MARK: Making

@_cdecl("gan_dataset_create_values") @implementation
public func gan_dataset_create_values(
    _ values: UnsafePointer<Float>!, _ count: Int64, _ axes: UnsafePointer<Int64>!, _ rank: Int32, _ minimum: Float, _ maximum: Float,
    _ name: UnsafePointer<CChar>!, _ release: gan_release_fn!, _ context: UnsafeMutableRawPointer!,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    createDataset(out, fill: nil, release, context) { (lease) throws(GanError) in
        let values = try required(values, "values", "an array of values")
        let axes = try required(axes, "axes", "the axes of an item")
        guard (1...5).contains(rank) else { throw GanError(.invalidArgument, "The argument 'rank' is \(rank); 1 to 5 was expected.") }
        var sizes: [Int] = []
        for axis in 0..<Int(rank) { sizes.append(try checkedCount(axes[axis], "axes", least: 1)) }
        return try Dataset.fromValues(
            values, count: try checkedCount(count, "count", least: 1), axes: sizes,
            range: minimum == maximum ? nil : (minimum, maximum), name: try optionalText(name, "name") ?? Field.image,
            ownership: lease.map { .borrow(release: DatasetLease.giveBack, context: $0) } ?? .copy)
    }
}

/// Makes a dataset of another one with a column more.
private func adding(
    _ dataset: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?, _ make: (Dataset) throws(GanError) -> Column
) -> Int32 {
    creating(out) { () throws(GanError) in
        try using(dataset, "dataset", as: DatasetObject.self, .shared) { (object) throws(GanError) -> DatasetObject in
            DatasetObject(try object.dataset.adding(try make(object.dataset)), leases: object.leases)
        }
    }
}

/// A list of names, a line each.
private func lines(_ pointer: UnsafePointer<CChar>?, _ argument: StaticString) throws(GanError) -> [String] {
    guard let text = try optionalText(pointer, argument), !text.isEmpty else { return [] }
    var names = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    if names.last == "" { names.removeLast() }
    return names
}

@_cdecl("gan_dataset_add_labels") @implementation
public func gan_dataset_add_labels(
    _ dataset: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ labels: UnsafePointer<Int32>!, _ classes: Int32,
    _ names: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    adding(dataset, out) { (data) throws(GanError) in
        try Column.labels(
            try required(labels, "labels", "an array of labels"), count: data.count, classes: try checkedCount(classes, "classes"),
            names: try lines(names, "names"), name: try optionalText(name, "name") ?? Field.label)
    }
}

@_cdecl("gan_dataset_add_tags") @implementation
public func gan_dataset_add_tags(
    _ dataset: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ tags: UnsafePointer<UInt8>!, _ names: UnsafePointer<CChar>!,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    adding(dataset, out) { (data) throws(GanError) in
        _ = try required(names, "names", "the tags' names")
        return try Column.tags(
            try required(tags, "tags", "an array of tags"), count: data.count, names: try lines(names, "names"),
            name: try optionalText(name, "name") ?? Field.tags)
    }
}

@_cdecl("gan_dataset_add_texts") @implementation
public func gan_dataset_add_texts(
    _ dataset: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ texts: UnsafeRawPointer!, _ size: Int, _ length: Int32,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    adding(dataset, out) { (data) throws(GanError) in
        let start = try required(texts, "texts", "texts with a 0 behind each")
        guard size >= 0 else { throw GanError(.invalidArgument, "The argument 'size' is \(UInt(bitPattern: size)), more than any memory holds.") }
        let length = try checkedCount(length, "length")
        guard length <= 4096 else { throw GanError(.outOfRange, "The argument 'length' is \(length); at most 4096 were expected.") }
        return try Column.texts(
            zeroTerminated: UnsafeRawBufferPointer(start: start, count: size), count: data.count, length: length,
            name: try optionalText(name, "name") ?? Field.text)
    }
}

@_cdecl("gan_dataset_combine") @implementation
public func gan_dataset_combine(
    _ datasets: UnsafePointer<OpaquePointer?>!, _ count: Int32, _ names: UnsafePointer<CChar>!, _ paired: Int32,
    _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let datasets = try required(datasets, "datasets", "an array of datasets")
        guard (1...64).contains(count) else { throw GanError(.invalidArgument, "The argument 'count' is \(count); 1 to 64 was expected.") }
        guard paired == 0 || paired == 1 else { throw GanError(.invalidArgument, "The argument 'paired' is \(paired); 0 or 1 was expected.") }
        var names = try lines(names, "names")
        guard names.count <= Int(count) else {
            throw GanError(.mismatch, "There are \(names.count) names for \(count) datasets; a line each was expected.")
        }
        names += [String](repeating: "", count: Int(count) - names.count)
        var parts: [(name: String, dataset: Dataset)] = []
        var leases: [DatasetLease] = []
        for (index, name) in names.enumerated() {
            try using(datasets[index], "datasets", as: DatasetObject.self, .shared) { (object) throws(GanError) in
                parts.append((name, object.dataset))
                leases += object.leases
            }
        }
        return DatasetObject(try Dataset.combine(parts, isPaired: paired == 1), leases: leases)
    }
}
