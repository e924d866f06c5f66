// Rows of a table, which the recipe table makes, on their way into comma-separated values.
import CGan

enum TableNetwork {
    /// Whether a generator makes rows of a table.
    static func `is`(_ generator: Handle) -> Bool {
        var count: Int32 = 0
        return gan_generator_column_count(generator.pointer, &count) == GAN_OK
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
