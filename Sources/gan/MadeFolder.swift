// What the folders have in common that `gan data` writes item by item.
import CGan

enum MadeFolder {
    /// Makes a folder for so many files.
    /// - Parameter own: What must not be there yet, unless it is written over.
    static func prepare(_ folder: String, of own: [String], files: Int64, isForced: Bool, _ cause: String) throws {
        try Paths.checkFolder(folder)
        if !isForced {
            if let why = Places.foreignFolder(folder) {
                throw Failure(Exit.cannotCreate, "The folder \"\(folder)\" \(why). Name a folder for these data alone, or one that is to be made; --force writes there.")
            }
            if let taken = own.first(where: { Paths.exists($0) }) {
                throw Failure(Exit.cannotCreate, "\"\(taken)\" is there already. Name another folder; --force writes over it.")
            }
        }
        var room = Room()
        try room.take(files: files, in: folder, cause)
        try Paths.makeFolder(folder)
    }

    /// "00017": so many digits that names sort as numbers do.
    static func name(_ item: Int64, of count: Int64) -> String {
        let number = String(item)
        return String(repeating: "0", count: max(5, String(count - 1).count) - number.count) + number
    }

    /// A picture of values from 0 to 1.
    static func write(_ values: [Float], _ height: Int32, _ width: Int32, _ channels: Int32, to path: String) throws {
        let pixels = values.map { UInt8(max(0, min(255, ($0 * 255).rounded()))) }
        try check(gan_image_write_png(pixels, 1, height, width, channels, 1, 0, 1, path), .output)
    }
}
