import CGan
import PluginSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A generator with what draws from it. A connection's calls come one at a time, so one sampler serves them all.
final class Model {
    let height, width, channels: Int32
    /// Bytes of an image: their product, which libgan keeps within 32 bits.
    let size: Int
    /// Of the rows that it makes, where it makes rows of a table.
    let columns: [Column]
    private var generator: OpaquePointer?
    private var sampler: OpaquePointer?
    /// What rows are asked to meet.
    private var asked = ""
    private let inputs: GeneratorInputs
    /// What the inputs are set to.
    private var wanted = ""
    private var scratch = Memory()

    init(path: String) throws(SQLError) {
        var generator: OpaquePointer?
        var sampler: OpaquePointer?
        var (height, width, channels) = (Int32(0), Int32(0), Int32(0))
        do throws(SQLError) {
            try SQLError.check(gan_generator_load(path, &generator))
            try SQLError.check(gan_generator_shape(generator, &height, &width, &channels))
            try SQLError.check(gan_sampler_create(generator, nil, &sampler))
            columns = try Column.all(of: generator)
            inputs = try SQLError.of { () throws(InputFailure) in try GeneratorInputs(generator) }
        } catch {
            gan_sampler_destroy(sampler)
            gan_generator_destroy(generator)
            throw error
        }
        self.generator = generator
        self.sampler = sampler
        self.height = height
        self.width = width
        self.channels = channels
        size = Int(height) * Int(width) * Int(channels)
    }

    deinit {
        gan_sampler_destroy(sampler)
        gan_generator_destroy(generator)
    }

    /// Sets what the samples are made of, such as "label=7, c2=0.5"; "" for what they are without being told. Whoever draws says it
    /// each time, for others draw from the same model meanwhile.
    private func set(_ text: String) throws(SQLError) {
        if text == wanted { return }
        // Whatever it comes to, it is no longer what it was.
        wanted = ""
        try SQLError.of { () throws(InputFailure) in
            do throws(InputFailure) { try inputs.apply(inputs.settings(text), to: sampler) } catch {
                try inputs.apply([], to: sampler)
                throw error
            }
        }
        wanted = text
    }

    /// Refuses what cannot be set, before anything is drawn.
    func check(_ inputs: String) throws(SQLError) { try set(inputs) }

    // MARK: Rows of a table

    /// A column of the rows, and what SQLite is given for its categories.
    struct Column: Sendable {
        enum Category: Sendable {
            case integer(Int64), real(Double), text(String)
        }

        let name, kind: String
        let categories: [Category]

        var declaredType: String {
            switch kind {
            case "integer": "INTEGER"
            case "real": "REAL"
            case "date": "TEXT"
            default: categories.allSatisfy { if case .integer = $0 { true } else { false } } && !categories.isEmpty ? "INTEGER" : "TEXT"
            }
        }

        static func all(of generator: OpaquePointer?) throws(SQLError) -> [Column] {
            var count: Int32 = 0
            guard gan_generator_column_count(generator, &count) == GAN_OK else { return [] }
            var all: [Column] = []
            for index in 0..<count {
                var number: Int32 = 0
                try SQLError.check(gan_generator_column_categories(generator, index, &number))
                var names: [String] = []
                for category in 0..<number {
                    names.append(try text { gan_generator_column_text(generator, index, Double(category), $0, $1, $2) })
                }
                // Numbers where all are.
                let whole = names.compactMap { Int64($0) }.map { Category.integer($0) }
                let real = names.compactMap { Double($0) }.filter(\.isFinite).map { Category.real($0) }
                let categories = whole.count == names.count ? whole : real.count == names.count ? real : names.map { Category.text($0) }
                all.append(
                    Column(
                        name: try text { gan_generator_column_name(generator, index, $0, $1, $2) },
                        kind: try text { gan_generator_column_kind(generator, index, $0, $1, $2) }, categories: categories))
            }
            return all
        }

        fileprivate static func text(_ read: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?) -> Int32) throws(SQLError) -> String {
            var size = 0
            try SQLError.check(read(nil, 0, &size))
            var bytes = [CChar](repeating: 0, count: max(size, 1))
            try SQLError.check(read(&bytes, bytes.count, nil))
            return bytes.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        }
    }

    /// Asks rows to meet conditions, with semicolons or line ends between them.
    func ask(_ conditions: String) throws(SQLError) {
        if conditions == asked { return }
        asked = ""
        try SQLError.check(gan_sampler_where(sampler, nil))
        try SQLError.check(gan_sampler_where(sampler, String(decoding: conditions.utf8.map { $0 == UInt8(ascii: ";") ? UInt8(ascii: "\n") : $0 }, as: UTF8.self)))
        asked = conditions
    }

    func drawRows(_ seed: UInt64, _ first: Int64, _ count: Int64, _ conditions: String, into cells: inout [Double]) throws(SQLError) {
        try set("")
        try ask(conditions)
        try SQLError.check(gan_sampler_draw_rows(sampler, seed, first, count, &cells, cells.count))
    }

    /// Gives SQLite a cell: NULL where a value is missing.
    func give(_ cell: Double, _ index: Int, to context: OpaquePointer) throws(SQLError) {
        let column = columns[index]
        guard cell.isFinite else { return sqlite.result_null(context) }
        switch column.kind {
        case "integer":
            if let whole = Int64(exactly: cell) { sqlite.result_int64(context, whole) } else { sqlite.result_double(context, cell) }
        case "real": sqlite.result_double(context, cell)
        case "date": SQLText.give(try Column.text { gan_generator_column_text(generator, Int32(index), cell, $0, $1, $2) }, to: context)
        default:
            guard let place = Int(exactly: cell), column.categories.indices.contains(place) else { return sqlite.result_null(context) }
            switch column.categories[place] {
            case .integer(let number): sqlite.result_int64(context, number)
            case .real(let number): sqlite.result_double(context, number)
            case .text(let text): SQLText.give(text, to: context)
            }
        }
    }

    // MARK: Images

    /// Draws samples first … first + count − 1 as bytes, `count * size` of them.
    func draw(
        _ seed: UInt64, _ first: Int64, _ count: Int64, _ inputs: String, into pixels: UnsafeMutableRawPointer
    ) throws(SQLError) {
        try set(inputs)
        let (room, overflow) = Int(count).multipliedReportingOverflow(by: size)
        guard !overflow else { throw SQLError("\(count) images are more than memory holds.") }
        try SQLError.check(
            gan_sampler_draw_bytes(sampler, seed, first, count, pixels.assumingMemoryBound(to: UInt8.self), room))
    }

    /// Samples 0 … count − 1 beside data, to be destroyed.
    func evaluation(beside dataset: OpaquePointer?, _ classifier: OpaquePointer?, count: Int64) throws(SQLError) -> OpaquePointer? {
        var evaluation: OpaquePointer?
        try SQLError.check(gan_evaluate_generator(generator, dataset, classifier, nil, 0, count, &evaluation))
        return evaluation
    }

    /// One sample as a PNG file, which stays until the next call.
    func png(_ seed: UInt64, _ index: Int64, _ inputs: String) throws(SQLError) -> UnsafeRawBufferPointer {
        try set(inputs)
        // Asking for the size would draw the sample twice; pixels and some space for the chunks nearly always do.
        var needed = 0
        var capacity = max(scratch.capacity, size + size / 4 + 4096)
        while true {
            try scratch.grow(to: capacity, for: "a picture")
            let status = gan_sampler_encode_png(sampler, seed, index, 1, 1, 0, 1, scratch.start, scratch.capacity, &needed)
            if status == GAN_E_BUFFER_TOO_SMALL && needed > capacity {
                capacity = needed
                continue
            }
            try SQLError.check(status)
            return UnsafeRawBufferPointer(start: scratch.start, count: needed)
        }
    }
}

/// Memory that grows and can fail to.
struct Memory: ~Copyable {
    private(set) var start: UnsafeMutableRawPointer?
    private(set) var capacity = 0

    deinit { free(start) }

    /// Keeps what is there.
    mutating func grow(to bytes: Int, for what: String) throws(SQLError) {
        if bytes <= capacity { return }
        guard let larger = realloc(start, bytes) else { throw .outOfMemory("\(what) (\(bytes) bytes)") }
        start = larger
        capacity = bytes
    }

    /// Gives the memory away, to be freed by whoever takes it.
    mutating func take() -> UnsafeMutableRawPointer? {
        defer { (start, capacity) = (nil, 0) }
        return start
    }
}
