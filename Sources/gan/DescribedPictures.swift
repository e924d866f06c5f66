// Pictures with tags or texts as a folder: a PNG of each, and the list metadata.csv beside them, as data are read.
import CGan

struct DescribedPictures {
    private let data: Handle
    private let count: Int64
    private let height, width, channels: Int32
    /// Columns of the list: what the fields are called, which is what they are.
    private let fields: [(index: Int32, name: String)]

    /// - Returns: nil for data without tags and texts.
    init?(_ data: Handle, count: Int64, height: Int32, width: Int32, channels: Int32) throws {
        var number: Int32 = 0
        try check(gan_dataset_field_count(data.pointer, &number))
        fields = try (0..<number).compactMap { index in
            let kind = try Library.text { gan_dataset_field_kind(data.pointer, index, $0, $1, $2) }
            return ["tags", "text"].contains(kind) ? (index, kind) : nil
        }
        if fields.isEmpty { return nil }
        (self.data, self.count, self.height, self.width, self.channels) = (data, count, height, width, channels)
    }

    /// "tags", or "captions".
    var what: String { fields[0].name == "tags" ? "tags" : "captions" }

    private static let list = "metadata.csv"

    func write(to folder: String, isForced: Bool, cause: String) throws {
        let list = Paths.join(folder, Self.list)
        try MadeFolder.prepare(folder, of: [list], files: count, isForced: isForced, cause)
        let file = try OutputFile(list)
        try file.write("file_name,\(fields.map(\.name).joined(separator: ","))\n")
        var values = [Float](repeating: 0, count: Int(height) * Int(width) * Int(channels))
        for item in 0..<count {
            let name = MadeFolder.name(item, of: count) + ".png"
            try check(gan_dataset_read(data.pointer, item, 1, &values, values.count))
            try MadeFolder.write(values, height, width, channels, to: Paths.join(folder, name))
            let told = try fields.map { field in
                // Without quotes in them, for the library makes them.
                "\"" + (try Library.text { gan_dataset_field_text(data.pointer, field.index, item, $0, $1, $2) }) + "\""
            }
            try file.write("\(name),\(told.joined(separator: ","))\n")
        }
        try file.commit()
    }
}
