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
        try Paths.checkFolder(folder)
        if !isForced, let why = Places.foreignFolder(folder) {
            throw Failure(Exit.cannotCreate, "The folder \"\(folder)\" \(why). Name a folder for these pictures alone, or one that is to be made; --force writes there.")
        }
        let list = Paths.join(folder, Self.list)
        if !isForced, Paths.exists(list) { throw Failure(Exit.cannotCreate, "\"\(list)\" is there already. Name another folder; --force writes over it.") }
        var room = Room()
        try room.take(files: count, in: folder, cause)
        try Paths.makeFolder(folder)
        let file = try OutputFile(list)
        try file.write("file_name,\(fields.map(\.name).joined(separator: ","))\n")
        let digits = max(5, String(count - 1).count), size = Int(height) * Int(width) * Int(channels)
        var values = [Float](repeating: 0, count: size)
        var pixels = [UInt8](repeating: 0, count: size)
        for item in 0..<count {
            let number = String(item)
            let name = String(repeating: "0", count: digits - number.count) + number + ".png"
            try check(gan_dataset_read(data.pointer, item, 1, &values, values.count))
            for place in values.indices { pixels[place] = UInt8(max(0, min(255, (values[place] * 255).rounded()))) }
            try check(gan_image_write_png(pixels, 1, height, width, channels, 1, 0, 1, Paths.join(folder, name)), .output)
            let told = try fields.map { field in
                // Without quotes in them, for the library makes them.
                "\"" + (try Library.text { gan_dataset_field_text(data.pointer, field.index, item, $0, $1, $2) }) + "\""
            }
            try file.write("\(name),\(told.joined(separator: ","))\n")
        }
        try file.commit()
    }
}
