// libgan from Swift: copy this file into your project, and have the compiler find the module map that is installed with
// the library: swiftc main.swift GAN.swift -I /usr/local/include/gan -L /usr/local/lib -lgan
//
//     let trainer = try Trainer(Dataset(path: "digits/"), ["seed": 7])
//     try trainer.run(epochs: 20)
//     try trainer.save("digits.safetensors")
//
// Every failure is thrown as a GANError with the library's sentence. Handles are closed when their objects go. A dataset
// or generator is immutable and Sendable; a trainer or sampler is for one thread at a time, which the compiler holds to;
// a Canceller stops a training from any thread. Images are arrays, [count, height, width, channels] without gaps. What a
// function does in detail, its units and its errors stand in gan.h.

import CGan
import Synchronization

/// What a call of the library failed with.
public struct GANError: Error, CustomStringConvertible {
    /// The status, one of the GAN_E_… numbers of gan.h, such as -30.
    public let status: Int32
    /// What was wrong, what was expected, and what to do.
    public let message: String

    /// The status's name, such as "GAN_E_NOT_FOUND".
    public var name: String { String(cString: gan_status_name(status)) }
    public var description: String { message }

    fileprivate static func invalid(_ message: String) -> GANError { GANError(status: GAN_E_INVALID_ARGUMENT, message: message) }
}

/// To be given a status at once, on the thread that made the call: the message is that thread's.
private func check(_ status: Int32) throws {
    if status != GAN_OK { throw GANError(status: status, message: String(cString: gan_error_message())) }
}

/// A string for C, which would read it up to a byte 0.
private func checked(_ text: String) throws -> String {
    if text.utf8.contains(0) { throw GANError.invalid("'\(text.replacing0())' has a byte 0 inside.") }
    return text
}

extension String {
    fileprivate func replacing0() -> String { String(map { $0 == "\0" ? "\u{2400}" : $0 }) }
}

/// Makes a handle with a function whose last argument receives it.
private func made(_ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws -> OpaquePointer {
    var handle: OpaquePointer?
    try check(make(&handle))
    guard let handle else { throw GANError(status: GAN_E_INTERNAL, message: "A call succeeded without a handle.") }
    return handle
}

/// What a function copies into a buffer: first its size, then itself.
private func sized<Value>(_ zero: Value, _ read: (UnsafeMutablePointer<Value>?, Int, UnsafeMutablePointer<Int>) -> Int32) throws -> [Value] {
    var size = 0
    try check(read(nil, 0, &size))
    if size == 0 { return [] }
    let values = try filled(1, of: size, zero) { read($0, $1, &size) }
    return Array(values.prefix(size))
}

private func textOf(_ read: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>) -> Int32) throws -> String {
    let characters = try sized(0, read)
    return String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Values of so many items, which a function fills. A negative count is left to the library, which has a sentence for it.
private func filled<Value>(_ count: Int, of size: Int, _ zero: Value, _ fill: (UnsafeMutablePointer<Value>?, Int) -> Int32) throws -> [Value] {
    let (values, overflow) = max(count, 0).multipliedReportingOverflow(by: size)
    // What Swift cannot allocate ends the program, so what no machine has is refused here.
    if overflow || values > 1 << 46 / MemoryLayout<Value>.stride { throw GANError.invalid("\(count) items of \(size) values do not fit into memory.") }
    var array = [Value](repeating: zero, count: values)
    try array.withUnsafeMutableBufferPointer { try check(fill($0.baseAddress, $0.count)) }
    return array
}

/// How many items of a size there are among values.
private func items(_ values: Int, of size: Int, _ what: String) throws -> Int64 {
    if size <= 0 || values % size != 0 { throw GANError.invalid("\(values) values are not a whole number of \(what) of \(size) values.") }
    return Int64(values / size)
}

/// The library that is loaded.
public enum GAN {
    public static var version: String { String(cString: gan_version_string()) }
    /// 10000 · major + 100 · minor + patch.
    public static var versionNumber: Int { Int(gan_version()) }
    public static var instructionSet: String { String(cString: gan_instruction_set()) }

    /// What the library tells about an option; bounds are nil where it has none.
    public struct OptionDescription: Sendable {
        public let name, type, standard, range, summary: String
        public let bounds: (minimum: Double, maximum: Double)?
        /// The values of other options under which it has a meaning; "" for always.
        public let condition: String
    }

    /// Every option there is.
    public static var options: [OptionDescription] {
        func told(_ what: UnsafePointer<CChar>?) -> String { what.map { String(cString: $0) } ?? "" }
        return (0..<gan_option_count()).map { i in
            var minimum = 0.0, maximum = 0.0
            let bounded = gan_option_bounds(i, &minimum, &maximum) == GAN_OK
            return OptionDescription(
                name: told(gan_option_name(i)), type: told(gan_option_type(i)), standard: told(gan_option_default(i)),
                range: told(gan_option_range(i)), summary: told(gan_option_summary(i)), bounds: bounded ? (minimum, maximum) : nil,
                condition: told(gan_option_condition(i)))
        }
    }

    /// Every metric of a trainer: its name and what it means.
    public static var metrics: [(name: String, summary: String)] {
        (0..<gan_metric_count()).map { i in
            (gan_metric_name(i).map { String(cString: $0) } ?? "", gan_metric_summary(i).map { String(cString: $0) } ?? "")
        }
    }

    /// The data sets that the library makes itself.
    public static var madeData: [(name: String, summary: String)] {
        (0..<gan_made_count()).map { i in
            (gan_made_name(i).map { String(cString: $0) } ?? "", gan_made_summary(i).map { String(cString: $0) } ?? "")
        }
    }

    /// What can be trained: the values of the option "recipe", each with the names of the options that only it has.
    public static var recipes: [(name: String, summary: String, paper: String, options: [String])] {
        func told(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
        return (0..<gan_recipe_count()).map { i in
            (
                told(gan_recipe_name(i)), told(gan_recipe_summary(i)), told(gan_recipe_paper(i)),
                told(gan_recipe_options(i)).split(separator: ",").map { String($0) }
            )
        }
    }

    /// The pixels of a PNG or JPEG file that is in memory, and their shape; `convert` is 0 for the file's own channels, 1 for grey,
    /// 3 for RGB, 4 for RGBA.
    public static func decodeImage(_ file: [UInt8], convert: Int32 = 0) throws -> (pixels: [UInt8], shape: Shape) {
        try decoded { gan_image_decode(file, file.count, convert, $0, $1, &$2.height, &$2.width, &$2.channels) }
    }

    /// The same of PNG alone, without the 4.
    public static func decodePNG(_ file: [UInt8], convert: Int32 = 0) throws -> (pixels: [UInt8], shape: Shape) {
        try decoded { gan_image_decode_png(file, file.count, convert, $0, $1, &$2.height, &$2.width, &$2.channels) }
    }

    /// The same as numbers from 0 to 1, with all of 16 bits, and how many bits a channel the file has, 8 or 16.
    public static func decodeImageFloats(_ file: [UInt8], convert: Int32 = 0) throws -> (pixels: [Float], shape: Shape, depth: Int32) {
        var (shape, depth) = (Shape(height: 0, width: 0), Int32(0))
        try check(gan_image_decode_floats(file, file.count, convert, nil, 0, &shape.height, &shape.width, &shape.channels, &depth))
        let pixels: [Float] = try filled(1, of: shape.values, 0) {
            gan_image_decode_floats(file, file.count, convert, $0, $1, &shape.height, &shape.width, &shape.channels, &depth)
        }
        return (pixels, shape, depth)
    }

    /// One picture of numbers from 0 to 1 as the bytes of a PNG, with 8 or 16 bits a channel.
    public static func encodePNG(_ pixels: [Float], _ shape: Shape, depth: Int32 = 8) throws -> [UInt8] {
        guard pixels.count == shape.values else {
            throw GANError.invalid("A picture of \(shape.height)×\(shape.width)×\(shape.channels) has \(shape.values) values; here are \(pixels.count).")
        }
        return try sized(0) { gan_image_encode_png(pixels, shape.height, shape.width, shape.channels, depth, $0, $1, $2) }
    }

    private static func decoded(_ decode: (UnsafeMutablePointer<UInt8>?, Int, inout Shape) -> Int32) throws -> (pixels: [UInt8], shape: Shape) {
        var shape = Shape(height: 0, width: 0)
        try check(decode(nil, 0, &shape))
        let pixels: [UInt8] = try filled(1, of: shape.values, 0) { decode($0, $1, &shape) }
        return (pixels, shape)
    }

    /// Writes the caller's images, bytes from 0 (black) to 255, into one PNG: a grid, row by row.
    public static func writePNG(_ path: String, pixels: [UInt8], _ shape: Shape, _ grid: Sampler.Grid = Sampler.Grid()) throws {
        let count = try items(pixels.count, of: shape.values, "images"), path = try checked(path)
        try check(gan_image_write_png(pixels, count, shape.height, shape.width, shape.channels, grid.columns, grid.margin, grid.scale, path))
    }

    /// The surface of the shape that a volume holds: what is greater than the level.
    public static func shapeMesh(_ values: [Float], _ size: VolumeSize, level: Float = 0.5) throws -> Mesh {
        try size.check(values)
        var vertices = 0, faces = 0
        try check(gan_shape_mesh(values, size.depth, size.height, size.width, level, nil, nil, 0, &vertices, nil, 0, &faces))
        var mesh = Mesh(
            positions: [Float](repeating: 0, count: 3 * vertices), normals: [Float](repeating: 0, count: 3 * vertices),
            triangles: [Int32](repeating: 0, count: 3 * faces))
        try check(
            gan_shape_mesh(
                values, size.depth, size.height, size.width, level, &mesh.positions, &mesh.normals, vertices, &vertices, &mesh.triangles, faces, &faces))
        return mesh
    }

    /// A picture of the shape that a volume holds, `side` × `side` bytes; seen from the front at azimuth 0 and from the right at 90, in degrees.
    public static func shapeRender(
        _ values: [Float], _ size: VolumeSize, level: Float = 0.5, azimuth: Double = 35, elevation: Double = 25, side: Int32 = 128
    ) throws -> [UInt8] {
        try size.check(values)
        return try filled(Int(side), of: max(Int(side), 0), 0) {
            gan_shape_render(values, size.depth, size.height, size.width, level, azimuth, elevation, side, $0, $1)
        }
    }

    /// Writes the shape of a volume: .obj, .stl, .binvox; or of several: .npy, or .png with views of each.
    public static func shapeWrite(_ path: String, _ values: [Float], _ size: VolumeSize, level: Float = 0.5) throws {
        let count = try items(values.count, of: size.values, "volumes"), path = try checked(path)
        try check(gan_shape_write(values, count, size.depth, size.height, size.width, level, path))
    }
}

/// The size of a volume: cells along x, y, which is up, and z.
public struct VolumeSize: Equatable, Sendable {
    public var depth, height, width: Int32

    public init(depth: Int32, height: Int32, width: Int32) { (self.depth, self.height, self.width) = (depth, height, width) }

    /// Cells of a volume; 0 for a size that no volume has.
    public var values: Int { Shape(height: depth, width: height, channels: width).values }

    fileprivate func check(_ given: [Float]) throws {
        guard given.count == values else { throw GANError.invalid("A volume of \(depth)×\(height)×\(width) has \(values) values; here are \(given.count).") }
    }
}

/// A closed surface: x, y and z of each vertex, those of its normal, outwards, and three vertices for each triangle, anticlockwise as seen
/// from outside.
public struct Mesh: Equatable, Sendable {
    public var positions, normals: [Float]
    public var triangles: [Int32]
}

/// The size of one image.
public struct Shape: Equatable, Sendable {
    public var height, width, channels: Int32

    public init(height: Int32, width: Int32, channels: Int32 = 1) {
        (self.height, self.width, self.channels) = (height, width, channels)
    }

    /// Values in an image; 0 for a shape that no image has.
    public var values: Int {
        [height, width, channels].reduce(1) { size, axis in
            let (product, overflow) = size.multipliedReportingOverflow(by: max(Int(axis), 0))
            return overflow ? 0 : product
        }
    }
}

/// Settings; what is not set has its default: ["seed": 7, "generator.hidden": [256, 256]].
public final class Options: ExpressibleByDictionaryLiteral {
    /// A value in words of the library.
    public struct Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
        let text: String
        public init(_ value: some LosslessStringConvertible) { text = value.description }
        public init(integerLiteral value: Int) { text = String(value) }
        public init(floatLiteral value: Double) { text = String(value) }
        public init(booleanLiteral value: Bool) { text = String(value) }
        public init(stringLiteral value: String) { text = value }
        public init(arrayLiteral values: Int...) { text = values.map(String.init).joined(separator: ",") }
    }

    fileprivate let handle: OpaquePointer?
    private let failure: (any Error)?

    public init(_ settings: [String: Value] = [:]) throws {
        handle = try made { gan_options_create($0) }
        failure = nil
        for (name, value) in settings { try set(name, value) }
    }

    /// A literal cannot throw; what is wrong with it is thrown where it is used.
    public init(dictionaryLiteral settings: (String, Value)...) {
        do {
            let handle = try made { gan_options_create($0) }
            self.handle = handle
            do {
                for (name, value) in settings { try Options.set(handle, name, value) }
                failure = nil
            } catch { failure = error }
        } catch {
            (handle, failure) = (nil, error)
        }
    }

    deinit { gan_options_destroy(handle) }

    public func set(_ name: String, _ value: Value) throws { try Options.set(usable(), name, value) }

    private static func set(_ handle: OpaquePointer?, _ name: String, _ value: Value) throws {
        let (name, value) = (try checked(name), try checked(value.text))
        try check(gan_options_set(handle, name, value))
    }

    /// Of type integer, real or boolean.
    public func setInteger(_ name: String, _ value: Int64) throws {
        let (handle, name) = (try usable(), try checked(name))
        try check(gan_options_set_integer(handle, name, value))
    }

    /// Of type real, or of type integer to a whole number.
    public func setReal(_ name: String, _ value: Double) throws {
        let (handle, name) = (try usable(), try checked(name))
        try check(gan_options_set_real(handle, name, value))
    }

    public func get(_ name: String) throws -> String {
        let (handle, name) = (try usable(), try checked(name))
        return try textOf { gan_options_get(handle, name, $0, $1, $2) }
    }

    fileprivate func usable() throws -> OpaquePointer? {
        if let failure { throw failure }
        return handle
    }
}

/// Images, with labels or without. Immutable, so any thread may use it.
public final class Dataset: @unchecked Sendable {
    fileprivate let handle: OpaquePointer
    fileprivate let filler: Filler? // nil without a closure

    /// Images from a file or a folder: IDX (MNIST) or PNG.
    public init(path: String, _ options: Options = [:]) throws {
        let settings = try options.usable(), path = try checked(path)
        handle = try made { gan_dataset_open(path, settings, $0) }
        filler = nil
    }

    /// Images, and labels if any, from two files.
    public init(idx images: String, labels: String? = nil, _ options: Options = [:]) throws {
        let settings = try options.usable(), images = try checked(images), labels = try labels.map(checked)
        handle = try made { out in
            guard let labels else { return gan_dataset_open_idx(images, nil, settings, out) }
            return gan_dataset_open_idx(images, labels, settings, out)
        }
        filler = nil
    }

    /// Data that the library makes itself: a name of `madeData`, how many items, 0 for as many as are usual, and the digits that some
    /// are made of.
    public init(making name: String, count: Int = 0, seed: UInt64 = 0, of digits: Dataset? = nil) throws {
        let name = try checked(name)
        handle = try made { gan_dataset_make(name, Int64(count), seed, digits?.handle, $0) }
        filler = nil
        withExtendedLifetime(digits) {}
    }

    /// Writes everything into a file, NPY where its name ends in .npy, else IDX; labels into another.
    public func write(to path: String, labels: String? = nil) throws {
        let path = try checked(path), labels = try labels.map(checked)
        guard let labels else { return try check(gan_dataset_write(handle, path, nil)) }
        try check(gan_dataset_write(handle, path, labels))
    }

    /// Images that a closure delivers when they are needed: `fill(indices, values)` fills values, [indices.count, height, width,
    /// channels], with numbers from 0 (black) to 1. What it throws, the call that needed the images throws.
    public init(count: Int64, _ shape: Shape, fill: @escaping @Sendable (_ indices: UnsafeBufferPointer<Int64>, _ values: UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        if shape.values == 0 { throw GANError.invalid("The size of an image is not positive, or too large.") }
        let filler = Filler(fill, shape.values), context = Unmanaged.passRetained(filler)
        do {
            handle = try made {
                gan_dataset_create_callback(Filler.called, count, shape.height, shape.width, shape.channels, Filler.released, context.toOpaque(), $0)
            }
        } catch {
            context.release() // a call that fails does not
            throw error
        }
        self.filler = filler
    }

    /// A dataset's closure, and the error that may not pass through C.
    fileprivate final class Filler: Sendable {
        let fill: @Sendable (UnsafeBufferPointer<Int64>, UnsafeMutableBufferPointer<Float>) throws -> Void
        let size: Int // values in an image
        let failure = Mutex<(any Error)?>(nil)

        init(_ fill: @escaping @Sendable (UnsafeBufferPointer<Int64>, UnsafeMutableBufferPointer<Float>) throws -> Void, _ size: Int) {
            (self.fill, self.size) = (fill, size)
        }

        /// Throws what the closure threw, if it did.
        func rethrow() throws {
            let thrown = failure.withLock { kept in
                let thrown = kept
                kept = nil
                return thrown
            }
            if let thrown { throw thrown }
        }

        static let called: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<Int64>?, Int64, UnsafeMutablePointer<Float>?) -> Int32 = { context, indices, count, values in
            guard let context else { return 1 }
            let filler = Unmanaged<Filler>.fromOpaque(context).takeUnretainedValue()
            do {
                try filler.fill(UnsafeBufferPointer(start: indices, count: Int(count)), UnsafeMutableBufferPointer(start: values, count: Int(count) * filler.size))
                return 0
            } catch {
                filler.failure.withLock { $0 = error }
                return 1
            }
        }

        static let released: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
            if let context { Unmanaged<Filler>.fromOpaque(context).release() }
        }
    }

    /// Images of bytes, 0 (black) to 255; they are copied. A label for each, or none.
    public init(pixels: [UInt8], _ shape: Shape, labels: [Int32]? = nil) throws {
        let count = try Dataset.count(pixels.count, shape, labels)
        handle = try made { gan_dataset_create_bytes(pixels, count, shape.height, shape.width, shape.channels, labels, 0, nil, nil, $0) }
        filler = nil
    }

    /// Images of floats from black to white; they are copied.
    public init(floats: [Float], _ shape: Shape, black: Float = 0, white: Float = 1, labels: [Int32]? = nil) throws {
        let count = try Dataset.count(floats.count, shape, labels)
        handle = try made { gan_dataset_create_floats(floats, count, shape.height, shape.width, shape.channels, black, white, labels, 0, nil, nil, $0) }
        filler = nil
    }

    /// Values of any rank, [count] + axes; they are copied. Their range is their own unless it is given.
    public init(values: [Float], axes: [Int64], range: ClosedRange<Float>? = nil, name: String = "image") throws {
        var size = 1
        for axis in axes {
            let (product, overflow) = size.multipliedReportingOverflow(by: Int(axis))
            if axis < 1 || overflow { throw GANError.invalid("The axes \(axes) of an item are not positive, or too large.") }
            size = product
        }
        let count = try items(values.count, of: size, "items"), name = try checked(name), rank = Int32(clamping: axes.count)
        handle = try made {
            gan_dataset_create_values(values, count, axes, rank, range?.lowerBound ?? 0, range?.upperBound ?? 0, name, nil, nil, $0)
        }
        filler = nil
    }

    /// A table out of memory, as comma-separated values: what `init(path:)` does with a file that ends in .csv.
    public init(csv: String, _ options: Options = [:]) throws {
        let settings = try options.usable(), bytes = Array(csv.utf8)
        handle = try made { out in bytes.withUnsafeBytes { gan_dataset_create_table($0.baseAddress, $0.count, settings, out) } }
        filler = nil
    }

    /// The fields of several datasets as those of one, under these names. Those that are not paired have each a number of items of their
    /// own, and are taken in an order of their own.
    public init(combining parts: [(name: String, dataset: Dataset)], paired: Bool = true) throws {
        let names = try checked(parts.map(\.name).joined(separator: "\n")), count = Int32(clamping: parts.count)
        let handles = parts.map { Optional($0.dataset.handle) }
        handle = try made { out in handles.withUnsafeBufferPointer { gan_dataset_combine($0.baseAddress, count, names, paired ? 1 : 0, out) } }
        filler = parts.lazy.compactMap(\.dataset.filler).first
        withExtendedLifetime(parts) {}
    }

    private init(of other: Dataset, _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws {
        handle = try made(make)
        filler = other.filler
    }

    private func each(_ values: Int, _ size: Int, _ what: String) throws {
        let count = try shape().count
        if values != count * size { throw GANError.invalid("There are \(values) \(what) for \(count) items; expected \(size) for each.") }
    }

    /// The same dataset with a label more for each item; its classes have names, or there are none.
    public func withLabels(_ labels: [Int32], names: [String] = [], name: String = "label") throws -> Dataset {
        try each(labels.count, 1, "labels")
        let name = try checked(name), lines = try checked(names.joined(separator: "\n"))
        return try Dataset(of: self) { gan_dataset_add_labels(handle, name, labels, 0, lines, $0) }
    }

    /// The same dataset with tags, [count, names.count] zeros and ones.
    public func withTags(_ tags: [UInt8], names: [String], name: String = "tags") throws -> Dataset {
        try each(tags.count, names.count, "tags")
        let name = try checked(name), lines = try checked(names.joined(separator: "\n"))
        return try Dataset(of: self) { gan_dataset_add_tags(handle, name, tags, lines, $0) }
    }

    /// The same dataset with a text for each item, of at most `length` characters; 0 for those of the longest.
    public func withTexts(_ texts: [String], length: Int32 = 0, name: String = "text") throws -> Dataset {
        var whole: [UInt8] = []
        for text in texts { whole += Array(try checked(text).utf8) + [0] }
        let name = try checked(name)
        return try Dataset(of: self) { out in whole.withUnsafeBytes { gan_dataset_add_texts(handle, name, $0.baseAddress, $0.count, length, out) } }
    }

    /// A field of the items: "values", "label", "tags" or "text".
    public struct Field: Sendable {
        public let name, kind: String
        /// The axes of an item.
        public let shape: [Int64]
        public let items: Int
        public let range: (minimum: Float, maximum: Float)
        /// What its classes, tags or characters are called.
        public let classes: [String]
    }

    /// What an item has.
    public func fields() throws -> [Field] {
        var count: Int32 = 0
        try check(gan_dataset_field_count(handle, &count))
        return try (0..<count).map { index in
            var items: Int64 = 0, minimum: Float = 0, maximum: Float = 0, classes: Int32 = 0
            try check(gan_dataset_field_items(handle, index, &items))
            try check(gan_dataset_field_range(handle, index, &minimum, &maximum))
            try check(gan_dataset_field_classes(handle, index, &classes))
            return Field(
                name: try textOf { gan_dataset_field_name(handle, index, $0, $1, $2) },
                kind: try textOf { gan_dataset_field_kind(handle, index, $0, $1, $2) }, shape: try axes(index), items: Int(items),
                range: (minimum, maximum),
                classes: try (0..<classes).map { number in try textOf { gan_dataset_field_class_name(handle, index, number, $0, $1, $2) } })
        }
    }

    private func axes(_ index: Int32) throws -> [Int64] {
        var axes = [Int64](repeating: 0, count: 8), rank = 0
        try check(gan_dataset_field_shape(handle, index, &axes, 8, &rank))
        return Array(axes.prefix(rank))
    }

    /// Items of a field as floats, within its range.
    public func readField(_ index: Int32, first: Int64, count: Int) throws -> [Float] {
        let size = Int(try axes(index).reduce(1, *))
        do {
            return try filled(count, of: size, 0) { gan_dataset_field_read(handle, index, first, Int64(count), $0, $1) }
        } catch {
            try filler?.rethrow()
            throw error
        }
    }

    /// The name of an item's class, its tags with commas between them, or its text.
    public func fieldText(_ index: Int32, item: Int64) throws -> String {
        try textOf { gan_dataset_field_text(handle, index, item, $0, $1, $2) }
    }

    private static func count(_ values: Int, _ shape: Shape, _ labels: [Int32]?) throws -> Int64 {
        let count = try items(values, of: shape.values, "images")
        if let labels, labels.count != count { throw GANError.invalid("There are \(labels.count) labels for \(count) images.") }
        return count
    }

    deinit { gan_dataset_destroy(handle) }

    /// The number of images and the size of one.
    public func shape() throws -> (count: Int, image: Shape) {
        var count: Int64 = 0, shape = Shape(height: 0, width: 0)
        try check(gan_dataset_shape(handle, &count, &shape.height, &shape.width, &shape.channels))
        return (Int(count), shape)
    }

    /// How many classes the labels name; 0 without labels.
    public func classes() throws -> Int {
        var classes: Int32 = 0
        try check(gan_dataset_classes(handle, &classes))
        return Int(classes)
    }

    /// What the data call a class.
    public func className(_ index: Int32) throws -> String { try textOf { gan_dataset_class_name(handle, index, $0, $1, $2) } }

    /// Images as floats from 0 (black) to 1.
    public func read(first: Int64, count: Int) throws -> [Float] {
        let size = try shape().image.values
        do {
            return try filled(count, of: size, 0) { gan_dataset_read(handle, first, Int64(count), $0, $1) }
        } catch {
            try filler?.rethrow()
            throw error
        }
    }

    public func readLabels(first: Int64, count: Int) throws -> [Int32] {
        try filled(count, of: 1, 0) { gan_dataset_read_labels(handle, first, Int64(count), $0, $1) }
    }
}

/// A generator and a discriminator in training.
public final class Trainer {
    /// What a progress closure is told.
    public enum Event: Equatable {
        /// An epoch has ended.
        case epoch
        /// Steps have been made; about twenty times a second.
        case progress
        /// An event of a newer library: ignore it.
        case other(Int32)
    }

    private let handle: OpaquePointer
    private let filler: Dataset.Filler? // the dataset's

    public init(_ dataset: Dataset, _ options: Options = [:]) throws {
        let settings = try options.usable()
        filler = dataset.filler
        handle = try made { gan_trainer_create(settings, dataset.handle, $0) }
    }

    /// Goes on from a checkpoint as if the training had never stopped.
    public init(checkpoint path: String, _ dataset: Dataset, _ options: Options = [:]) throws {
        let settings = try options.usable(), path = try checked(path)
        filler = dataset.filler
        handle = try made { gan_trainer_load(path, settings, dataset.handle, $0) }
    }

    /// Goes on from the contents of a checkpoint file.
    public init(bytes: [UInt8], _ dataset: Dataset, _ options: Options = [:]) throws {
        let settings = try options.usable()
        filler = dataset.filler
        handle = try made { gan_trainer_load_memory(bytes, bytes.count, settings, dataset.handle, $0) }
    }

    deinit { gan_trainer_destroy(handle) }

    /// What save writes.
    public func bytes() throws -> [UInt8] { try sized(0) { gan_trainer_save_memory(handle, $0, $1, $2) } }

    /// Throws what save would throw, and leaves everything as it was.
    public func checkSave(_ path: String) throws {
        let path = try checked(path)
        try check(gan_trainer_check_save(handle, path))
    }

    /// Whether a training that was loaded has the images that it had before.
    public enum Comparison: Int32, Sendable {
        case unknown = 0, same = 1, other = 2
    }

    public func data() throws -> Comparison {
        var comparison: Int32 = 0
        try check(gan_trainer_data(handle, &comparison))
        return Comparison(rawValue: comparison) ?? .unknown
    }

    public func save(_ path: String) throws {
        let path = try checked(path)
        try check(gan_trainer_save(handle, path))
    }

    public func step(_ steps: Int64 = 1) throws { try trained(gan_trainer_step(handle, steps)) }

    public func run(epochs: Int64) throws { try trained(gan_trainer_run(handle, epochs, nil, nil)) }

    private func trained(_ status: Int32) throws {
        do {
            try check(status)
        } catch {
            try filler?.rethrow()
            throw error
        }
    }

    /// Trains. `progress` is called after every epoch and about twenty times a second between; when it returns true, the run
    /// throws GAN_E_CANCELLED, and what it throws, the run throws.
    public func run(epochs: Int64, progress: (Event) throws -> Bool) throws {
        try withoutActuallyEscaping(progress) { progress in
            var watch = Watch(progress: progress)
            let status = withUnsafeMutablePointer(to: &watch) { context in
                gan_trainer_run(handle, epochs, Watch.called, context)
            }
            if let failure = watch.failure { throw failure }
            try trained(status)
        }
    }

    /// A run's closure, and the error that may not pass through C.
    private struct Watch {
        let progress: (Event) throws -> Bool
        var failure: (any Error)?

        static let called: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, Int32) -> Int32 = { context, _, number in
            guard let watch = context?.assumingMemoryBound(to: Watch.self) else { return 1 }
            let event: Event = number == GAN_EVENT_EPOCH ? .epoch : number == GAN_EVENT_PROGRESS ? .progress : .other(number)
            do {
                return try watch.pointee.progress(event) ? 1 : 0
            } catch {
                watch.pointee.failure = error
                return 1
            }
        }
    }

    /// Stops this training from any thread. It may outlive the trainer: then an error says that there is none.
    public struct Canceller: @unchecked Sendable {
        fileprivate let handle: OpaquePointer
        public func cancel() throws { try check(gan_trainer_cancel(handle)) }
    }

    public var canceller: Canceller { Canceller(handle: handle) }

    /// The size of a row of a preview.
    public func previewShape() throws -> Shape {
        var shape = Shape(height: 0, width: 0)
        try check(gan_trainer_preview_shape(handle, &shape.height, &shape.width, &shape.channels))
        return shape
    }

    /// Rows of what is read of the data, what is made of it and the truth, as bytes.
    public func preview(first: Int64 = 0, count: Int) throws -> [UInt8] {
        try filled(count, of: previewShape().values, 0) { gan_trainer_preview(handle, first, Int64(count), $0, $1) }
    }

    /// The names of this training's metrics.
    public func metrics() throws -> [String] {
        var count: Int32 = 0
        try check(gan_trainer_metric_count(handle, &count))
        return try (0..<count).map { index in try textOf { gan_trainer_metric_name(handle, index, $0, $1, $2) } }
    }

    /// "step", "epoch", "discriminator.loss", … as gan_trainer_metric lists them.
    public func metric(_ name: String) throws -> Double {
        var value = 0.0
        let name = try checked(name)
        try check(gan_trainer_metric(handle, name, &value))
        return value
    }

    public func option(_ name: String) throws -> String {
        let name = try checked(name)
        return try textOf { gan_trainer_option(handle, name, $0, $1, $2) }
    }

    /// A snapshot, which further training does not change.
    public func generator() throws -> Generator { try Generator(handle: made { gan_trainer_generator(handle, $0) }) }

    /// A snapshot of what the recipe classifier trains.
    public func classifier() throws -> Classifier { try Classifier(handle: made { gan_trainer_classifier(handle, $0) }) }

    /// Lets a classifier judge in the evaluations of the option evaluate.every; nil for random features.
    public func judge(_ classifier: Classifier?) throws { try check(gan_trainer_judge(handle, classifier?.handle)) }
}

/// A trained generator: immutable, so any thread may use it.
public final class Generator: @unchecked Sendable {
    fileprivate let handle: OpaquePointer
    public let shape: Shape
    public let latentSize: Int
    /// What is black and what is white among the floats of an image.
    public let range: ClosedRange<Float>

    public convenience init(checkpoint path: String) throws {
        let path = try checked(path)
        try self.init(handle: made { gan_generator_load(path, $0) })
    }

    /// From the contents of a checkpoint file.
    public convenience init(bytes: [UInt8]) throws { try self.init(handle: made { gan_generator_load_memory(bytes, bytes.count, $0) }) }

    fileprivate init(handle: OpaquePointer) throws {
        self.handle = handle
        var shape = Shape(height: 0, width: 0), latentSize: Int32 = 0, low: Float = 0, high: Float = 0
        do {
            try check(gan_generator_shape(handle, &shape.height, &shape.width, &shape.channels))
            try check(gan_generator_latent_size(handle, &latentSize))
            try check(gan_generator_range(handle, &low, &high))
        } catch {
            gan_generator_destroy(handle)
            throw error
        }
        (self.shape, self.latentSize, range) = (shape, Int(latentSize), low...high)
    }

    deinit { gan_generator_destroy(handle) }

    /// Axes of what is made: [height, width, channels], [n], [depth, height, width, channels].
    public func axes() throws -> [Int64] {
        var axes = [Int64](repeating: 0, count: 8), rank = 0
        try check(gan_generator_axes(handle, &axes, 8, &rank))
        return Array(axes.prefix(rank))
    }

    /// What save writes.
    public func bytes() throws -> [UInt8] { try sized(0) { gan_generator_save_memory(handle, $0, $1, $2) } }

    public func save(_ path: String) throws {
        let path = try checked(path)
        try check(gan_generator_save(handle, path))
    }

    /// What samples are made of: "latent", "label", "category" or "code", with so many numbers a row, and its classes' names.
    public struct Input: Sendable {
        public let name: String, kind: String, width: Int, classes: [String]
    }

    /// `Sampler.set` sets all but the first.
    public func inputs() throws -> [Input] {
        var count: Int32 = 0
        try check(gan_generator_input_count(handle, &count))
        return try (0..<count).map { index in
            var width: Int32 = 0, classes: Int32 = 0
            try check(gan_generator_input_width(handle, index, &width))
            try check(gan_generator_input_classes(handle, index, &classes))
            return Input(
                name: try textOf { gan_generator_input_name(handle, index, $0, $1, $2) },
                kind: try textOf { gan_generator_input_kind(handle, index, $0, $1, $2) }, width: Int(width),
                classes: try (0..<classes).map { number in
                    try textOf { gan_generator_input_class_name(handle, index, number, $0, $1, $2) }
                })
        }
    }

    /// A column of the rows that a generator of the recipe table makes: "category", "integer", "real" or "date".
    public struct Column: Sendable {
        public let name: String, kind: String, categories: [String]
    }

    public func columns() throws -> [Column] {
        var count: Int32 = 0
        try check(gan_generator_column_count(handle, &count))
        return try (0..<count).map { index in
            var categories: Int32 = 0
            try check(gan_generator_column_categories(handle, index, &categories))
            return Column(
                name: try textOf { gan_generator_column_name(handle, index, $0, $1, $2) },
                kind: try textOf { gan_generator_column_kind(handle, index, $0, $1, $2) },
                categories: try (0..<categories).map { try cellText(Int(index), Double($0)) })
        }
    }

    /// A cell of `Sampler.drawRows` as the data write it.
    public func cellText(_ column: Int, _ cell: Double) throws -> String {
        let index = Int32(clamping: column)
        return try textOf { gan_generator_column_text(handle, index, cell, $0, $1, $2) }
    }

    public func option(_ name: String) throws -> String {
        let name = try checked(name)
        return try textOf { gan_generator_option(handle, name, $0, $1, $2) }
    }

    public func sampler(_ options: Options = [:]) throws -> Sampler { try Sampler(self, options) }
    public func applier(_ options: Options = [:]) throws -> Applier { try Applier(self, options) }
}

/// Draws from a generator; one a thread. Sample i under a seed is the same whatever it is drawn together with.
public final class Sampler {
    /// How `path` goes from one latent to another.
    public enum Way: Int32 {
        case linear = 0, spherical = 1
    }

    /// How samples stand in a picture: images a row, black pixels around each, pixels that each pixel becomes.
    public struct Grid {
        public var columns: Int32, margin: Int32, scale: Int32
        public init(columns: Int32 = 8, margin: Int32 = 2, scale: Int32 = 1) {
            (self.columns, self.margin, self.scale) = (columns, margin, scale)
        }
    }

    private let handle: OpaquePointer
    private let image, latent: Int

    public init(_ generator: Generator, _ options: Options = [:]) throws {
        let settings = try options.usable()
        handle = try made { gan_sampler_create(generator.handle, settings, $0) }
        (image, latent) = (generator.shape.values, generator.latentSize)
    }

    deinit { gan_sampler_destroy(handle) }

    /// Sets an input from text ("7", a class's name, "0,1,2"); "" unsets it.
    public func set(_ input: String, _ value: String) throws {
        let (input, value) = (try checked(input), try checked(value))
        try check(gan_sampler_set(handle, input, value))
    }

    /// Sets an input from rows of numbers; sample i is made of row i mod their number.
    public func set(_ input: String, rows: [Float]) throws {
        let input = try checked(input)
        try check(gan_sampler_set_values(handle, input, rows, Int64(rows.count)))
    }

    public func latents(seed: UInt64, first: Int64 = 0, count: Int) throws -> [Float] {
        try filled(count, of: latent, 0) { gan_sampler_latents(handle, seed, first, Int64(count), $0, $1) }
    }

    /// Samples first … first + count − 1, as floats in the generator's range.
    public func draw(seed: UInt64, first: Int64 = 0, count: Int) throws -> [Float] {
        try filled(count, of: image, 0) { gan_sampler_draw(handle, seed, first, Int64(count), $0, $1) }
    }

    /// Samples as bytes from 0 (black) to 255.
    public func drawBytes(seed: UInt64, first: Int64 = 0, count: Int) throws -> [UInt8] {
        try filled(count, of: image, 0) { gan_sampler_draw_bytes(handle, seed, first, Int64(count), $0, $1) }
    }

    /// Images of the caller's latents.
    public func decode(_ latents: [Float]) throws -> [Float] {
        let count = try items(latents.count, of: latent, "latents")
        return try filled(Int(count), of: image, 0) { gan_sampler_decode(handle, latents, count, $0, $1) }
    }

    /// Images of the caller's latents, as bytes from 0 (black) to 255.
    public func decodeBytes(_ latents: [Float]) throws -> [UInt8] {
        let count = try items(latents.count, of: latent, "latents")
        return try filled(Int(count), of: image, 0) { gan_sampler_decode_bytes(handle, latents, count, $0, $1) }
    }

    /// Latents on the way from one to another, both included, for `decode`.
    public func path(from: [Float], to: [Float], _ way: Way = .spherical, count: Int) throws -> [Float] {
        if from.count != latent || to.count != latent { throw GANError.invalid("A latent has \(latent) numbers.") }
        return try filled(count, of: latent, 0) { gan_sampler_path(handle, from, to, way.rawValue, Int64(count), $0, $1) }
    }

    /// The latent at a place, from 0 to 1, of that way.
    public func pathAt(_ place: Double, from: [Float], to: [Float], _ way: Way = .spherical) throws -> [Float] {
        if from.count != latent || to.count != latent { throw GANError.invalid("A latent has \(latent) numbers.") }
        return try filled(1, of: latent, 0) { gan_sampler_path_at(handle, from, to, way.rawValue, place, $0, $1) }
    }

    /// A grid of samples as the bytes of a PNG.
    public func png(seed: UInt64, first: Int64 = 0, count: Int64, _ grid: Grid = Grid()) throws -> [UInt8] {
        try sized(0) { gan_sampler_encode_png(handle, seed, first, count, grid.columns, grid.margin, grid.scale, $0, $1, $2) }
    }

    public func writePNG(_ path: String, seed: UInt64, first: Int64 = 0, count: Int64, _ grid: Grid = Grid()) throws {
        let path = try checked(path)
        try check(gan_sampler_write_png(handle, seed, first, count, grid.columns, grid.margin, grid.scale, path))
    }

    /// Samples as an IDX file of bytes, which Dataset(path:) reads.
    public func writeIDX(_ path: String, seed: UInt64, first: Int64 = 0, count: Int64) throws {
        let path = try checked(path)
        try check(gan_sampler_write_idx(handle, seed, first, count, path))
    }

    /// Samples as a NumPy file of floats in the generator's range.
    public func writeNPY(_ path: String, seed: UInt64, first: Int64 = 0, count: Int64) throws {
        let path = try checked(path)
        try check(gan_sampler_write_npy(handle, seed, first, count, path))
    }

    /// What rows of a table are to meet, "city=Seoul", a line each; "" for any.
    public func `where`(_ conditions: String) throws {
        let conditions = try checked(conditions)
        try check(gan_sampler_where(handle, conditions))
    }

    /// Rows of a table of so many columns, [count, columns]: places of categories, numbers, seconds since 1970; NaN where a value is missing.
    public func drawRows(seed: UInt64, first: Int64 = 0, count: Int, columns: Int) throws -> [Double] {
        try filled(count, of: columns, 0) { gan_sampler_draw_rows(handle, seed, first, Int64(count), $0, $1) }
    }

    /// Rows of a table as comma-separated values.
    public func writeCSV(_ path: String, seed: UInt64, first: Int64 = 0, count: Int64) throws {
        let path = try checked(path)
        try check(gan_sampler_write_csv(handle, seed, first, count, path))
    }
}

/// Makes pictures of pictures, of any size; what the recipes image-to-image, super-resolution and inpainting train. One thread at a time.
public final class Applier {
    private let handle: OpaquePointer
    /// Channels of what is read, and of what is made.
    public let inputChannels, outputChannels: Int32
    /// Whether a mask goes with every picture.
    public let takesMask: Bool

    public init(_ generator: Generator, _ options: Options = [:]) throws {
        let settings = try options.usable(), handle = try made { gan_applier_create(generator.handle, settings, $0) }
        var input: Int32 = 0, output: Int32 = 0, takesMask: Int32 = 0
        do {
            try check(gan_applier_channels(handle, &input, &output, &takesMask))
        } catch {
            gan_applier_destroy(handle)
            throw error
        }
        self.handle = handle
        (inputChannels, outputChannels, self.takesMask) = (input, output, takesMask != 0)
    }

    deinit { gan_applier_destroy(handle) }

    /// The shape of what is made of a picture.
    public func shape(height: Int32, width: Int32) throws -> Shape {
        var shape = Shape(height: 0, width: 0, channels: outputChannels)
        try check(gan_applier_shape(handle, height, width, &shape.height, &shape.width))
        return shape
    }

    /// Of a picture of floats from 0 to 1, [height, width, channels]; the mask is above 0.5 where it is missing.
    public func apply(_ pixels: [Float], mask: [Float]? = nil, height: Int32, width: Int32, seed: UInt64 = 0) throws -> [Float] {
        let values = try values(pixels.count, mask?.count, height, width)
        return try filled(1, of: values, 0) { gan_applier_apply(handle, seed, pixels, mask, height, width, $0, $1) }
    }

    /// The same of bytes; the mask is above 127 where the picture is missing.
    public func applyBytes(_ pixels: [UInt8], mask: [UInt8]? = nil, height: Int32, width: Int32, seed: UInt64 = 0) throws -> [UInt8] {
        let values = try values(pixels.count, mask?.count, height, width)
        return try filled(1, of: values, 0) { gan_applier_apply_bytes(handle, seed, pixels, mask, height, width, $0, $1) }
    }

    /// How many frames are looked at to say which one follows; 0 for a model that makes a picture of one picture.
    public func frames() throws -> Int32 {
        var past: Int32 = 0
        try check(gan_applier_frames(handle, &past))
        return past
    }

    /// The frames that follow frames of floats from 0 to 1, [given, height, width, channels], the oldest first.
    public func predict(_ frames: [Float], height: Int32, width: Int32, count: Int32 = 1, seed: UInt64 = 0) throws -> [Float] {
        let (given, size) = try given(frames.count, height, width)
        return try filled(Int(count), of: size, 0) { gan_applier_predict(handle, seed, frames, given, height, width, count, $0, $1) }
    }

    /// The same of bytes.
    public func predictBytes(_ frames: [UInt8], height: Int32, width: Int32, count: Int32 = 1, seed: UInt64 = 0) throws -> [UInt8] {
        let (given, size) = try given(frames.count, height, width)
        return try filled(Int(count), of: size, 0) { gan_applier_predict_bytes(handle, seed, frames, given, height, width, count, $0, $1) }
    }

    /// How many frames so many values are, and how many one that follows has.
    private func given(_ values: Int, _ height: Int32, _ width: Int32) throws -> (Int32, Int) {
        let made = try shape(height: height, width: width).values
        let frame = Shape(height: height, width: width, channels: inputChannels).values
        guard values % frame == 0, let given = Int32(exactly: values / frame) else {
            throw GANError.invalid("A frame of \(height)×\(width) has \(frame) values; here are \(values).")
        }
        return (given, made)
    }

    /// How many values are made of a picture and a mask of so many.
    private func values(_ pixels: Int, _ mask: Int?, _ height: Int32, _ width: Int32) throws -> Int {
        let made = try shape(height: height, width: width).values
        for (what, given, channels) in [("picture", pixels, inputChannels), ("mask", mask, 1)] {
            let expected = Shape(height: height, width: width, channels: channels).values
            guard let given, given != expected else { continue }
            throw GANError.invalid("A \(what) of \(height)×\(width) has \(expected) values; here are \(given).")
        }
        return made
    }
}

/// A checkpoint to be looked at; to draw from it make a Generator, to train on a Trainer. Immutable, so any thread may use it.
public final class Checkpoint: @unchecked Sendable {
    /// A tensor in the file; its shape is [inputs, outputs] for a fully connected layer.
    public struct Tensor: Equatable, Sendable {
        public let name: String
        public let shape: [Int64]
        /// "F32" for all that libgan writes.
        public let type: String
    }

    private let handle: OpaquePointer

    public init(path: String) throws {
        let path = try checked(path)
        handle = try made { gan_checkpoint_open(path, $0) }
    }

    deinit { gan_checkpoint_destroy(handle) }

    /// "kind", "step" or "seed".
    public func text(_ name: String) throws -> String {
        let name = try checked(name)
        return try textOf { gan_checkpoint_text(handle, name, $0, $1, $2) }
    }

    public func option(_ name: String) throws -> String {
        let name = try checked(name)
        return try textOf { gan_checkpoint_option(handle, name, $0, $1, $2) }
    }

    /// Every tensor, in the order of the file.
    public func tensors() throws -> [Tensor] {
        var count: Int64 = 0
        try check(gan_checkpoint_tensor_count(handle, &count))
        return try (0..<max(count, 0)).map { i in
            try Tensor(
                name: textOf { gan_checkpoint_tensor_name(handle, i, $0, $1, $2) },
                shape: sized(0) { gan_checkpoint_tensor_shape(handle, i, $0, $1, $2) },
                type: textOf { gan_checkpoint_tensor_type(handle, i, $0, $1, $2) })
        }
    }

    /// The numbers of the tensor with this place in `tensors`.
    public func read(_ index: Int64) throws -> [Float] { try sized(0) { gan_checkpoint_tensor_read(handle, index, $0, $1, $2) } }
}

/// Tells the classes of pictures; what the recipe classifier trains.
public final class Classifier {
    fileprivate let handle: OpaquePointer

    fileprivate init(handle: OpaquePointer) { self.handle = handle }

    public init(checkpoint path: String, _ options: Options = [:]) throws {
        let settings = try options.usable(), path = try checked(path)
        handle = try made { gan_classifier_load(path, settings, $0) }
    }

    /// From the contents of a checkpoint file.
    public init(bytes: [UInt8], _ options: Options = [:]) throws {
        let settings = try options.usable()
        handle = try made { gan_classifier_load_memory(bytes, bytes.count, settings, $0) }
    }

    deinit { gan_classifier_destroy(handle) }

    public func shape() throws -> Shape {
        var shape = Shape(height: 0, width: 0)
        try check(gan_classifier_shape(handle, &shape.height, &shape.width, &shape.channels))
        return shape
    }

    /// What it tells beside features: "labels", "tags", or "" for an autoencoder.
    public func target() throws -> String { try textOf { gan_classifier_target(handle, $0, $1, $2) } }

    public func classNames() throws -> [String] {
        try (0..<classes()).map { index in try textOf { gan_classifier_class_name(handle, index, $0, $1, $2) } }
    }

    private func classes() throws -> Int32 {
        var classes: Int32 = 0
        try check(gan_classifier_classes(handle, &classes))
        return classes
    }

    /// How many numbers the features of a picture are.
    public func featureCount() throws -> Int {
        var features: Int32 = 0
        try check(gan_classifier_features(handle, &features))
        return Int(features)
    }

    /// Class probabilities and features of images of floats from 0 (black) to 1, a row an image.
    public func run(_ images: [Float]) throws -> (probabilities: [Float], features: [Float]) {
        let count = try items(images.count, of: shape().values, "images")
        var features: [Float] = []
        let probabilities = try filled(Int(count), of: Int(classes()), Float(0)) { probabilities, room in
            guard let width = try? featureCount() else { return GAN_E_INVALID_HANDLE }
            features = [Float](repeating: 0, count: Int(count) * width)
            return gan_classifier_run(handle, images, count, probabilities, room, &features, features.count)
        }
        return (probabilities, features)
    }
}

extension GAN {
    /// What an evaluation can measure: `goal` is "higher" or "lower", `needs` "features", "classes", "labels" or "pictures", and
    /// `samples` how it depends on their number.
    public struct Measure: Sendable {
        public let name, summary, paper, range, goal, needs, samples: String
        public let minimum: Int64
    }

    /// Everything that evaluations can measure.
    public static var measures: [Measure] {
        func told(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
        return (0..<gan_measure_count()).map { i in
            var minimum: Int64 = 0
            _ = gan_measure_minimum(i, &minimum)
            return Measure(
                name: told(gan_measure_name(i)), summary: told(gan_measure_summary(i)), paper: told(gan_measure_paper(i)),
                range: told(gan_measure_range(i)), goal: told(gan_measure_goal(i)), needs: told(gan_measure_needs(i)),
                samples: told(gan_measure_samples(i)), minimum: minimum)
        }
    }
}

/// Samples beside data.
public final class Evaluation {
    private let handle: OpaquePointer

    /// Samples 0 … `count` − 1 under the seed.
    public init(
        _ generator: Generator, beside dataset: Dataset, _ classifier: Classifier? = nil, count: Int64 = 10_000, seed: UInt64 = 0,
        _ options: Options = [:]
    ) throws {
        let settings = try options.usable()
        handle = try Evaluation.made(dataset) {
            gan_evaluate_generator(generator.handle, dataset.handle, classifier?.handle, settings, seed, count, $0)
        }
    }

    /// Pictures, whoever made them.
    public init(_ samples: Dataset, beside dataset: Dataset, _ classifier: Classifier? = nil, _ options: Options = [:]) throws {
        let settings = try options.usable()
        handle = try Evaluation.made(samples, dataset) { gan_evaluate_dataset(samples.handle, dataset.handle, classifier?.handle, settings, $0) }
    }

    /// Features of any network, rows of `width` numbers.
    public init(features samples: [Float], beside data: [Float], width: Int32, _ options: Options = [:]) throws {
        let settings = try options.usable()
        let some = try items(samples.count, of: Int(width), "samples"), others = try items(data.count, of: Int(width), "items")
        handle = try Evaluation.made { gan_evaluate_features(samples, some, data, others, width, settings, $0) }
    }

    /// Makes a handle; what a closure of the data threw is thrown.
    private static func made(_ datasets: Dataset..., make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws -> OpaquePointer {
        var handle: OpaquePointer?
        do {
            try check(make(&handle))
        } catch {
            for dataset in datasets { try dataset.filler?.rethrow() }
            throw error
        }
        guard let handle else { throw GANError(status: GAN_E_INTERNAL, message: "A call succeeded without a handle.") }
        return handle
    }

    deinit { gan_evaluation_destroy(handle) }

    /// How many samples and how many items of the data.
    public func counts() throws -> (samples: Int64, items: Int64) {
        var samples: Int64 = 0, items: Int64 = 0
        try check(gan_evaluation_counts(handle, &samples, &items))
        return (samples, items)
    }

    /// A measure's value and its spread, which is NaN where the measure has none.
    public func value(_ name: String) throws -> (value: Double, spread: Double) {
        var value = 0.0, spread = 0.0
        let name = try checked(name)
        try check(gan_evaluation_value(handle, name, &value, &spread))
        return (value, spread)
    }

    /// The item of the data nearest to a sample, and how far their features are from each other.
    public func nearest(_ sample: Int64) throws -> (item: Int64, distance: Double) {
        var item: Int64 = 0, distance = 0.0
        try check(gan_evaluation_nearest(handle, sample, &item, &distance))
        return (item, distance)
    }

    /// What the classifier takes a sample for, and how sure it is.
    public func classOf(_ sample: Int64) throws -> (index: Int32, probability: Float) {
        var index: Int32 = 0, probability: Float = 0
        try check(gan_evaluation_class(handle, sample, &index, &probability))
        return (index, probability)
    }

    /// How many samples, and how many items, the classifier takes for a class.
    public func classCounts(_ index: Int32) throws -> (samples: Int64, items: Int64) {
        var samples: Int64 = 0, items: Int64 = 0
        try check(gan_evaluation_class_counts(handle, index, &samples, &items))
        return (samples, items)
    }
}
