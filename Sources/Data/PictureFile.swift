import Base

/// One picture in memory, of either format that is read.
enum PictureFile {
    case png(PNGFile)
    case jpeg(JPEGFile)

    /// As much of a file's beginning as tells nearly always what it is and how large the picture is.
    static let headerSize = 1 << 16

    static func isPicture(_ head: [UInt8]) -> Bool { head.starts(with: PNGFile.signature) || head.starts(with: JPEGFile.signature) }

    /// Reads the header.
    ///
    /// - Parameters:
    ///   - bytes: the file, or its beginning.
    ///   - isWhole: that no more can be had.
    ///   - path: nil for a file that is in memory.
    /// - Returns: nil where more is needed.
    static func header(_ bytes: UnsafeRawBufferPointer, isWhole: Bool, path: String?) throws(GanError) -> PictureFile? {
        let name = path.map { "\"\($0)\"" } ?? "in memory"
        if bytes.isEmpty { throw GanError(.truncated, "The picture \(name) is empty.") }
        // A file that ends within its signature is one that was cut short.
        if bytes.prefix(JPEGFile.signature.count).elementsEqual(JPEGFile.signature.prefix(bytes.count)) {
            return try JPEGFile.header(bytes, isWhole: isWhole, name: name).map { .jpeg($0) }
        }
        guard bytes.prefix(PNGFile.signature.count).elementsEqual(PNGFile.signature.prefix(bytes.count)) else { throw FileKind.noPicture(bytes, name) }
        return .png(try PNGFile(header: UnsafeRawBufferPointer(rebasing: bytes.prefix(PNGFile.headerSize)), name: name))
    }

    /// The header of a file that is there whole.
    init(_ bytes: UnsafeRawBufferPointer, path: String?) throws(GanError) {
        guard let picture = try Self.header(bytes, isWhole: true, path: path) else {
            throw GanError(.internalError, "The header of a picture was neither read nor refused.")
        }
        self = picture
    }

    /// What messages call it.
    var name: String {
        switch self {
        case .png(let file): return file.name
        case .jpeg(let file): return file.name
        }
    }

    var width: Int {
        switch self {
        case .png(let file): return file.width
        case .jpeg(let file): return file.width
        }
    }

    var height: Int {
        switch self {
        case .png(let file): return file.height
        case .jpeg(let file): return file.height
        }
    }

    var isGrey: Bool {
        switch self {
        case .png(let file): return file.isGrey
        case .jpeg(let file): return file.isGrey
        }
    }

    /// Decodes to `[height, width, channels]`; `channels` is 1, 3 or, with transparency, 4.
    ///
    /// - Parameter bytes: the whole file.
    func decode(_ bytes: UnsafeRawBufferPointer, channels: Int, into pixels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        switch self {
        case .png(let file): try file.decode(bytes, channels: channels, into: pixels)
        case .jpeg(let file): try file.decode(bytes, channels: channels, into: pixels)
        }
    }
}
