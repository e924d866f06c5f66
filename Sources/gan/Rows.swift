// Rows of a table, which the recipe table makes, on their way into comma-separated values.
import CGan

enum TableNetwork {
    /// Whether a generator makes rows of a table.
    static func `is`(_ generator: Handle) -> Bool {
        var count: Int32 = 0
        return gan_generator_column_count(generator.pointer, &count) == GAN_OK
    }

    /// A column, and its categories.
    struct Column {
        let name, kind: String
        let categories: [String]
    }

    /// The columns of the rows that a generator makes; none where it makes something else.
    static func columns(of generator: Handle) throws -> [Column] {
        var count: Int32 = 0
        guard gan_generator_column_count(generator.pointer, &count) == GAN_OK else { return [] }
        return try (0..<count).map { index in
            var number: Int32 = 0
            try check(gan_generator_column_categories(generator.pointer, index, &number))
            return Column(
                name: try Library.text { gan_generator_column_name(generator.pointer, index, $0, $1, $2) },
                kind: try Library.text { gan_generator_column_kind(generator.pointer, index, $0, $1, $2) },
                categories: try (0..<number).map { category in
                    try Library.text { gan_generator_column_text(generator.pointer, index, Double(category), $0, $1, $2) }
                })
        }
    }

    /// Whether data are the rows of a table.
    static func isTable(_ dataset: Handle) -> Bool {
        (try? Library.text { gan_dataset_field_kind(dataset.pointer, 0, $0, $1, $2) }) == "table"
    }

    /// Draws rows that meet conditions into a file, or to standard output.
    static func write(_ sampler: Handle, seed: UInt64, first: Int64, count: Int64, where conditions: [String], to path: String) throws {
        try check(gan_sampler_where(sampler.pointer, conditions.joined(separator: "\n")))
        try Pipes.writing(to: path) {
            let status = gan_sampler_write_csv(sampler.pointer, seed, first, count, path == "-" ? "/dev/stdout" : path)
            if status != GAN_OK, path == "-" { try Output.checkReader() }
            try check(status, .output)
        }
    }
}
