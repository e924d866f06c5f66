import CGan
import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// gan_png, gan_image and gan_version: one row, one value.

enum ScalarFunctions {
    /// How SQLite calls a function: the context of its result, and its arguments.
    typealias Call = @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void

    static func register(in connection: Connection) throws(SQLError) {
        // What draws is not deterministic in SQLite's sense, which would let it into indices: its result depends on a
        // file. For the same reason it is not innocuous.
        for count in [Int32(3), 4] {
            try register("gan_png", count, SQLITE_UTF8, connection) { context, count, values in
                ScalarFunctions.draw(context, count, values) { (context, model, wanted) throws(SQLError) in
                    let file = try model.png(wanted.seed, wanted.index, wanted.inputs)
                    gan_sqlite_result_blob_copy(Host.functions, context, file.baseAddress, UInt64(file.count))
                }
            }
            try register("gan_image", count, SQLITE_UTF8, connection) { context, count, values in
                ScalarFunctions.draw(context, count, values) { (context, model, wanted) throws(SQLError) in
                    guard let pixels = sqlite.malloc64(UInt64(model.size)) else { throw .outOfMemory("an image") }
                    do throws(SQLError) { try model.draw(wanted.seed, wanted.index, 1, wanted.inputs, into: pixels) } catch {
                        sqlite.free(pixels)
                        throw error
                    }
                    // SQLite frees the pixels, also when they are more than its limit for blobs.
                    sqlite.result_blob64(context, pixels, UInt64(model.size), sqlite.free)
                }
            }
        }
        try ApplyFunction.register(in: connection)
        try register("gan_version", 0, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, connection) { context, _, _ in
            guard let context, let text = gan_version_string() else { return }
            gan_sqlite_result_text_copy(Host.functions, context, text, UInt64(strlen(text)))
        }
    }

    static func register(
        _ name: String, _ arguments: Int32, _ flags: Int32, _ connection: Connection, _ call: @escaping Call
    ) throws(SQLError) {
        // SQLite releases the connection also when this fails.
        let code = sqlite.create_function_v2(
            connection.database, name, arguments, flags, connection.retained(), call, nil, nil, Connection.release)
        if code != SQLITE_OK { throw connection.lastError }
    }

    /// What a function is to draw.
    private struct Wanted {
        let seed: UInt64
        let index: Int64
        let inputs: String
    }

    /// Calls `body` for a function of (model, seed, i [, inputs]). As with SQLite's own functions, NULL in gives NULL out; inputs may
    /// be NULL, which is as if they were not given.
    private static func draw(
        _ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?,
        _ body: (OpaquePointer, Model, Wanted) throws(SQLError) -> Void
    ) {
        guard let context, let values, count >= 3, let path = values[0], let seed = values[1], let index = values[2],
            let data = sqlite.user_data(context)
        else { return }
        let arguments = (path: Value(path, "model"), seed: Value(seed, "seed"), index: Value(index, "i"))
        if arguments.path.isNull || arguments.seed.isNull || arguments.index.isNull { return sqlite.result_null(context) }
        do throws(SQLError) {
            let index = try arguments.index.integer(0, .max - 1)
            let seed = try arguments.seed.seed()
            var inputs = ""
            if count > 3, let value = values[3], sqlite.value_type(value) != SQLITE_NULL { inputs = try Value(value, "inputs").inputs() }
            let model = try Connection.from(data).models.model(try arguments.path.text())
            try body(context, model, Wanted(seed: seed, index: index, inputs: inputs))
        } catch {
            error.report(context)
        }
    }
}
