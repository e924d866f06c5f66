import Base

/// A walk through folders that gathers pictures and counts what else lies there.
struct FolderSurvey {
    /// How deep folders are followed.
    static let depthLimit = 16
    /// More than any set of pictures has; a walk through a whole disk ends there.
    private static let countLimit = 1 << 24
    /// How many folders without a picture may lie among those with some. A walk through a system's own folders, whose links lead
    /// in circles, ends there.
    static let emptyFolderLimit = 10_000
    private static let emptyFoldersEach = 16

    /// How many files there are of each ending in small letters, and one of them.
    private var others: [String: (count: Int, example: FilePath)] = [:]
    private var seen = 0
    private var folders = (full: 0, empty: 0)
    private let top: FilePath
    /// The folders from the first to the present one, so that a link back to one of them is not followed for ever.
    private var above: [Folder.Identity] = []

    /// - Parameter folder: where the walks begin, which none of them enters again.
    init(_ folder: FilePath) throws(GanError) {
        top = folder
        if let identity = try Folder.identity(of: folder) { above = [identity] }
    }

    // MARK: Names

    /// What is in a folder without hidden files and other programs' leftovers.
    static func visible(_ folder: FilePath) throws(GanError) -> [Folder.Entry] {
        try Folder.contents(folder).filter { !isLeftover($0.name) }
    }

    /// Of Windows, of archives made on a Mac, of network drives and of file systems.
    private static let leftovers: Set<String> = [
        "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "icon\r", "@eadir", "$recycle.bin", "system volume information", "lost+found",
    ]

    private static func isLeftover(_ name: [UInt8]) -> Bool {
        name.first == UInt8(ascii: ".") || leftovers.contains(String(decoding: name, as: UTF8.self).lowercased())
    }

    /// By its name. A link of such a name that leads nowhere is one, and will be missed when it is opened: what was to be
    /// learnt from is not left out without a word.
    static func isPicture(_ entry: Folder.Entry) -> Bool {
        (entry.kind == .file || entry.kind == .missing) && ["png", "jpg", "jpeg", "jpe", "jfif"].contains(ending(entry.name))
    }

    /// What stands behind the last point, in small letters; of packed files both endings.
    static func ending(_ name: [UInt8]) -> String {
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).dropFirst()
        guard let last = parts.last, last.count <= 8 else { return "" }
        let text = String(decoding: last, as: UTF8.self).lowercased()
        guard ["gz", "xz", "bz2", "zst"].contains(text), parts.count > 1 else { return text }
        let inner = String(decoding: parts[parts.endIndex - 2], as: UTF8.self).lowercased()
        return inner == "tar" ? "tar." + text : text
    }

    // MARK: Walking

    /// Pictures in a folder and all below it: its own in the order of their names, then those of its sub-folders in theirs.
    mutating func walk(_ folder: FilePath, depth: Int = 1) throws(GanError) -> [FilePath] {
        guard depth <= Self.depthLimit, let identity = try Folder.identity(of: folder), !above.contains(identity) else { return [] }
        above.append(identity)
        defer { above.removeLast() }
        let entries = try Self.visible(folder)
        var pictures = try take(folder, entries)
        if pictures.isEmpty { folders.empty += 1 } else { folders.full += 1 }
        guard folders.empty <= Self.emptyFolderLimit + folders.full * Self.emptyFoldersEach else {
            throw GanError(
                .outOfRange,
                "There are more than \(Self.emptyFolderLimit) folders without a picture in \"\(top)\"; pass a folder of pictures alone.")
        }
        for entry in entries where entry.kind == .folder {
            pictures += try walk(folder.appending(entry.name), depth: depth + 1)
        }
        return pictures
    }

    /// The pictures among the entries of one folder; the rest is counted.
    mutating func take(_ folder: FilePath, _ entries: [Folder.Entry]) throws(GanError) -> [FilePath] {
        seen += entries.count
        guard seen <= Self.countLimit else {
            throw GanError(.outOfRange, "There are more than \(Self.countLimit) files in \"\(folder)\" and the folders around it; pass a folder of pictures alone.")
        }
        var pictures: [FilePath] = []
        for entry in entries {
            if Self.isPicture(entry) {
                pictures.append(folder.appending(entry.name))
            } else if entry.kind == .file {
                others[Self.ending(entry.name), default: (0, folder.appending(entry.name))].count += 1
            }
        }
        return pictures
    }

    // MARK: What is there instead

    /// The sentence for a folder in which no pictures were found.
    func nothingUsable(in path: FilePath) -> GanError {
        let wanted = "PNG or JPEG files, a sub-folder of them for each class, or MNIST's files (train-images-idx3-ubyte …, plain or .gz)"
        guard !others.isEmpty else {
            return GanError(.notFound, "The folder \"\(path)\" holds no images: it is empty; \(wanted) were expected.")
        }
        let kinds = others.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        var parts = kinds.prefix(3).map { "\($0.value.count) \($0.key.isEmpty ? "" : $0.key.uppercased() + " ")file\($0.value.count == 1 ? "" : "s")" }
        if kinds.count > 3 { parts.append("others") }
        let list = parts.count == 1 ? parts[0] : parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1]
        let advice = kinds.lazy.compactMap { Self.advice(ending: $0.key, example: $0.value.example) }.first ?? "\(wanted) were expected"
        return GanError(.notFound, "The folder \"\(path)\" holds no images that are read, but \(list); \(advice).")
    }

    private static func advice(ending: String, example: FilePath) -> String? {
        switch ending {
        case "webp", "gif", "bmp", "tif", "tiff", "heic", "avif", "jp2", "jxl", "ppm", "pgm", "pnm", "tga":
            return "convert them to PNG or JPEG, with ImageMagick for instance: mogrify -format png *.\(ending)"
        case "npy":
            return "pass the file itself that holds the images, such as \"\(example)\""
        case "npz", "zip", "tar", "tar.gz", "tgz", "tar.xz", "tar.bz2", "tar.zst", "7z", "rar", "xz", "bz2", "zst":
            return "unpack \"\(example)\", and pass what is in it"
        case "gz":
            return "pass the file itself that holds the images, such as \"\(example)\", or, where it is no array, unpack it"
        case "idx", "idx3-ubyte":
            return "pass the file itself that holds the images, such as \"\(example)\""
        default:
            // MNIST's names have no ending, or one of numbers.
            return Text.holds(FilePath.text(example.name), "ubyte")
                ? "pass the file itself that holds the images, such as \"\(example)\"" : nil
        }
    }
}
