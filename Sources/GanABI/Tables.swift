import Base
import CGan
import Data
import Training

// gan.h, "Tables": columns by count, index and name; rows as cells and as comma-separated values.

@_cdecl("gan_dataset_create_table") @implementation
public func gan_dataset_create_table(
    _ text: UnsafeRawPointer!, _ size: Int, _ options: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let start = try required(text, "text", "comma-separated values")
        guard size >= 0 else { throw GanError(.invalidArgument, "The argument 'size' is \(UInt(bitPattern: size)), more than any memory holds.") }
        let values = try optionValues(options)
        return DatasetObject(try Dataset.table(UnsafeRawBufferPointer(start: start, count: size), options: values.dataset), leases: [])
    }
}

/// Runs `body` with what the columns of a generator's rows are.
private func describing(_ generator: OpaquePointer?, _ body: (TableSchema) throws(GanError) -> Void) -> Int32 {
    boundary(.brief) { () throws(GanError) in
        try using(generator, "generator", as: GeneratorObject.self, .shared) { (object) throws(GanError) in
            try body(try object.generator.tableSchema())
        }
    }
}

private func describing(_ generator: OpaquePointer?, _ index: Int32, _ body: (TableColumn) throws(GanError) -> Void) -> Int32 {
    describing(generator) { (schema) throws(GanError) in
        guard let index = Int(exactly: index), schema.columns.indices.contains(index) else {
            throw GanError(.invalidArgument, "The argument 'index' is \(index), and the table has the columns 0 … \(schema.columns.count - 1).")
        }
        try body(schema.columns[index])
    }
}

@_cdecl("gan_generator_column_count") @implementation
public func gan_generator_column_count(_ generator: OpaquePointer!, _ count: UnsafeMutablePointer<Int32>!) -> Int32 {
    describing(generator) { (schema) throws(GanError) in
        try required(count, "count", "a place for the number").pointee = Int32(clamping: schema.columns.count)
    }
}

@_cdecl("gan_generator_column_name") @implementation
public func gan_generator_column_name(
    _ generator: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    describing(generator, index) { (column) throws(GanError) in try reply(column.name, buffer, capacity, size) }
}

@_cdecl("gan_generator_column_kind") @implementation
public func gan_generator_column_kind(
    _ generator: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    describing(generator, index) { (column) throws(GanError) in try reply(column.kindName, buffer, capacity, size) }
}

@_cdecl("gan_generator_column_categories") @implementation
public func gan_generator_column_categories(_ generator: OpaquePointer!, _ index: Int32, _ count: UnsafeMutablePointer<Int32>!) -> Int32 {
    describing(generator, index) { (column) throws(GanError) in
        try required(count, "count", "a place for the number").pointee = Int32(clamping: column.categoryCount)
    }
}

@_cdecl("gan_generator_column_text") @implementation
public func gan_generator_column_text(
    _ generator: OpaquePointer!, _ index: Int32, _ cell: Double, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    describing(generator, index) { (column) throws(GanError) in try reply(column.text(cell), buffer, capacity, size) }
}

@_cdecl("gan_sampler_where") @implementation
public func gan_sampler_where(_ sampler: OpaquePointer!, _ conditions: UnsafePointer<CChar>!) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in try object.sampler.setWhere(try optionalText(conditions, "conditions") ?? "") }
}

@_cdecl("gan_sampler_draw_rows") @implementation
public func gan_sampler_draw_rows(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ cells: UnsafeMutablePointer<Double>!, _ capacity: Int
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let count = try checkedCount(count, "count")
        try checkRange(first, count)
        let width = try object.sampler.generator.tableSchema().columns.count
        if try checkCapacity(capacity, .cells, holds: count, of: width, "rows of \(width) cells") == 0 { return }
        let cells = try required(cells, "cells", "a buffer")
        try object.sampler.rows(seed: seed, first: first, count: count) { (row, values, _) in
            (cells + row * width).update(from: values, count: width)
        }
    }
}

@_cdecl("gan_sampler_write_csv") @implementation
public func gan_sampler_write_csv(
    _ sampler: OpaquePointer!, _ seed: UInt64, _ first: Int64, _ count: Int64, _ path: UnsafePointer<CChar>!
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let path = try text(path, "path")
        let count = try checkedCount(count, "count")
        try checkRange(first, count)
        try object.sampler.writeCSV(seed: seed, first: first, count: count, to: path)
    }
}
