import CGan
import CSQLite

/// gan_inspect(model): what a checkpoint says about itself, the options that it was trained with, and its tensors with
/// their shapes as JSON arrays.
let inspectTable = TableDefinition(
    name: "gan_inspect", usage: "gan_inspect(model)", columns: ["part TEXT", "name TEXT", "value"], arguments: ["model"], required: 1,
    isDirectOnly: false, cost: 10000, rows: 100, reader: { InspectReader($0) })

private final class InspectReader: RowReader {
    private enum Entry {
        case number(Int64)
        case text(String)
    }

    private let connection: Connection
    private var rows: [(part: String, name: String, value: Entry)] = []
    private var place = 0

    init(_ connection: Connection) { self.connection = connection }

    func start(_ arguments: TableArguments) throws(SQLError) {
        rows = []
        place = 0
        let argument = try arguments.required(0)
        if argument.isNull { return }
        let path = try argument.text()
        var checkpoint: OpaquePointer?
        try SQLError.check(gan_checkpoint_open(path, &checkpoint))
        defer { gan_checkpoint_destroy(checkpoint) }
        try addFile(checkpoint, path)
        try addOptions(checkpoint)
        try addTensors(checkpoint)
    }

    private func addFile(_ checkpoint: OpaquePointer?, _ path: String) throws(SQLError) {
        for name in ["kind", "step", "seed", "images"] {
            let text = try Self.text { gan_checkpoint_text(checkpoint, name, $0, $1, $2) }
            // What the file does not say is no row. A seed is its 64 bits, as in every argument.
            if text.isEmpty { continue }
            rows.append(("file", name, UInt64(text).map { .number(Int64(bitPattern: $0)) } ?? .text(text)))
        }
        let model = try connection.models.model(path)
        for (name, value) in [("width", model.width), ("height", model.height), ("channels", model.channels)] {
            rows.append(("file", name, .number(Int64(value))))
        }
    }

    private func addOptions(_ checkpoint: OpaquePointer?) throws(SQLError) {
        for index in 0..<gan_option_count() {
            guard let name = gan_option_name(index) else { continue }
            let value = try Self.text { gan_checkpoint_option(checkpoint, name, $0, $1, $2) }
            rows.append(("option", String(cString: name), .text(value)))
        }
    }

    private func addTensors(_ checkpoint: OpaquePointer?) throws(SQLError) {
        var count: Int64 = 0
        try SQLError.check(gan_checkpoint_tensor_count(checkpoint, &count))
        // As many axes as the library allows.
        var shape = [Int64](repeating: 0, count: 64)
        for index in 0..<max(0, count) {
            let name = try Self.text { gan_checkpoint_tensor_name(checkpoint, index, $0, $1, $2) }
            var rank = 0
            try SQLError.check(gan_checkpoint_tensor_shape(checkpoint, index, &shape, shape.count, &rank))
            rows.append(("tensor", name, .text("[" + shape.prefix(rank).map(String.init).joined(separator: ",") + "]")))
        }
    }

    /// The text that a function of libgan's writes, asked for its size first.
    private static func text(_ read: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?) -> Int32) throws(SQLError) -> String {
        var size = 0
        let status = read(nil, 0, &size)
        if status != GAN_E_BUFFER_TOO_SMALL { try SQLError.check(status) }
        var buffer = [CChar](repeating: 0, count: max(1, size))
        try SQLError.check(read(&buffer, buffer.count, nil))
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    func next() throws(SQLError) { place += 1 }
    var isAtEnd: Bool { place >= rows.count }
    var rowID: Int64 { Int64(place) }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        guard rows.indices.contains(place) else { return }
        let row = rows[place]
        switch (column, row.value) {
        case (0, _): SQLText.give(row.part, to: context)
        case (1, _): SQLText.give(row.name, to: context)
        case (_, .number(let number)): sqlite.result_int64(context, number)
        case (_, .text(let text)): SQLText.give(text, to: context)
        }
    }
}
