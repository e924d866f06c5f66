import Base

/// What the first bytes of a file tell of it, so that a sentence can say what it is and what would be of use.
enum FileKind {
    private struct Known {
        let name: String
        let advice: String
        /// The bytes that such files begin with, and further ones at a distance from the start.
        let start: [UInt8]
        var later: (place: Int, bytes: [UInt8]) = (0, [])

        func matches(_ head: [UInt8]) -> Bool { head.starts(with: start) && head.dropFirst(later.place).starts(with: later.bytes) }
    }

    private static let convert = "convert it to PNG or JPEG"
    private static let unpack = "unpack it, and pass what is in it"

    private static let foreign: [Known] = [
        Known(name: "a ZIP archive", advice: "unpack it (an .npz of NumPy is one too), and pass the folder or one of its .npy files", start: [0x50, 0x4B, 3, 4]),
        Known(name: "a WebP picture", advice: convert, start: Array("RIFF".utf8), later: (8, Array("WEBP".utf8))),
        Known(name: "a GIF picture", advice: convert, start: Array("GIF8".utf8)),
        Known(name: "a TIFF picture", advice: convert, start: [0x49, 0x49, 0x2A, 0]),
        Known(name: "a TIFF picture", advice: convert, start: [0x4D, 0x4D, 0, 0x2A]),
        Known(name: "a HEIC or AVIF picture, or a film,", advice: "convert it to PNG or JPEG", start: [0, 0, 0], later: (4, Array("ftyp".utf8))),
        Known(name: "an XZ archive", advice: unpack, start: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
        Known(name: "a Zstandard archive", advice: unpack, start: [0x28, 0xB5, 0x2F, 0xFD]),
        Known(name: "a bzip2 archive", advice: unpack, start: Array("BZh".utf8)),
        Known(name: "a 7z archive", advice: unpack, start: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        Known(name: "an HDF5 file", advice: "save its array of images with numpy.save", start: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]),
        Known(name: "an SQLite database", advice: "train on it with the SQLite extension", start: Array("SQLite format 3".utf8)),
        Known(name: "a Parquet file", advice: "save its images as PNG or JPEG files", start: Array("PAR1".utf8)),
        Known(name: "a Python pickle", advice: "save its array of images with numpy.save", start: [0x80], later: (2, [0x95])),
        Known(name: "a safetensors file, as checkpoints are,", advice: "pass images to learn from", start: [], later: (8, Array("{\"".utf8))),
        Known(name: "a BMP picture", advice: convert, start: Array("BM".utf8), later: (6, [0, 0, 0, 0])),
        Known(name: "a page of the web", advice: "fetch the picture itself", start: Array("<!DOCTYPE".utf8)),
        Known(name: "a page of the web", advice: "fetch the picture itself", start: Array("<html".utf8)),
        Known(name: "a PNG picture", advice: "pass IDX or NPY files here", start: PNGFile.signature),
        Known(name: "a JPEG picture", advice: "pass IDX or NPY files here", start: JPEGFile.signature),
    ]

    /// What is wrong with a file that has a picture's name, or was handed over as one, and is none.
    ///
    /// - Parameter name: what messages call the file.
    static func noPicture(_ start: UnsafeRawBufferPointer, _ name: String) -> GanError {
        let head = Array(start.prefix(16))
        if let known = foreign.first(where: { $0.matches(head) }) {
            return GanError(.badFormat, "The file \(name) is \(known.name) whatever it is called, and neither PNG nor JPEG; \(known.advice).")
        }
        return GanError(.badFormat, "The file \(name) is neither a PNG nor a JPEG picture.")
    }

    /// Refuses a file that is called a table and begins as something else does.
    static func refuseForeignTable(_ source: ByteSource) throws(GanError) {
        if let known = foreign.first(where: { $0.start.count > 2 && $0.matches(source.head) }) {
            throw GanError(.badFormat, "The file \"\(source.path)\" is \(known.name) whatever it is called; comma-separated values were expected.")
        }
    }

    /// Refuses a file that does not begin as arrays do.
    static func refuseForeign(_ source: ByteSource) throws(GanError) {
        let head = source.head
        if let known = foreign.first(where: { $0.matches(head) }) {
            throw GanError(.badFormat, "The file \"\(source.path)\" is \(known.name) and is not read here; \(known.advice).")
        }
        // A beginning of one, in a file that was cut short after a few bytes, is told by what is missing.
        let isArray = [[0, 0], NPY.signature].contains { head.prefix($0.count).elementsEqual($0.prefix(head.count)) }
        guard isArray else {
            throw GanError(.badFormat, "The file \"\(source.path)\" is neither IDX nor NPY (plain or gzip), nor a PNG or JPEG picture.")
        }
    }
}
