// Pictures with tags as a folder: a PNG of each, and the list metadata.csv beside them, as data are read.
import CGan

struct TaggedPictures {
    private let data: Handle
    private let count: Int64
    private let height, width, channels: Int32
    private let field: Int32
    private let tags: [String]

    /// - Returns: nil for data without tags.
    init?(_ data: Handle, count: Int64, height: Int32, width: Int32, channels: Int32) throws {
        var fields: Int32 = 0
        try check(gan_dataset_field_count(data.pointer, &fields))
        guard let field = try (0..<fields).first(where: { index in
            try Library.text { gan_dataset_field_kind(data.pointer, index, $0, $1, $2) } == "tags"
        }) else { return nil }
        var number: Int32 = 0
        try check(gan_dataset_field_classes(data.pointer, field, &number))
        tags = try (0..<number).map { index in try Library.text { gan_dataset_field_class_name(data.pointer, field, index, $0, $1, $2) } }
        (self.data, self.count, self.height, self.width, self.channels, self.field) = (data, count, height, width, channels, field)
    }

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
        try file.write("file_name,tags\n")
        let digits = max(5, String(count - 1).count), size = Int(height) * Int(width) * Int(channels)
        var values = [Float](repeating: 0, count: size), flags = [Float](repeating: 0, count: tags.count)
        var pixels = [UInt8](repeating: 0, count: size)
        for item in 0..<count {
            let number = String(item)
            let name = String(repeating: "0", count: digits - number.count) + number + ".png"
            try check(gan_dataset_read(data.pointer, item, 1, &values, values.count))
            for place in values.indices { pixels[place] = UInt8(max(0, min(255, (values[place] * 255).rounded()))) }
            try check(gan_image_write_png(pixels, 1, height, width, channels, 1, 0, 1, Paths.join(folder, name)), .output)
            try check(gan_dataset_field_read(data.pointer, field, item, 1, &flags, flags.count))
            let own = zip(tags, flags).filter { $0.1 > 0.5 }.map { $0.0 }.joined(separator: ",")
            try file.write("\(name),\"\(own)\"\n")
        }
        try file.commit()
    }
}
