// What a file is that was taken for another: a sentence that says "this is a PNG picture" helps more than one about its bytes.

public enum FileKind {
    /// What a file is that begins with these bytes, of which eight are enough; nil where they tell nothing.
    public static func name(beginning bytes: some Sequence<UInt8>) -> String? {
        var start: [UInt8] = []
        for byte in bytes {
            start.append(byte)
            if start.count == 8 { break }
        }
        for (magic, name) in known where start.starts(with: magic) { return name }
        // IDX: two zeros, a type, and how many axes there are.
        if start.count >= 4, start[0] == 0, start[1] == 0, [0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E].contains(start[2]), (1...8).contains(start[3]) {
            return "an IDX file (the format of MNIST)"
        }
        // A pickle says its protocol, 2 to 5, before anything else, and then begins with an operation.
        if start.count >= 3, start[0] == 0x80, (2...5).contains(start[1]), start[2] >= 0x20 { return "a Python pickle" }
        return nil
    }

    private static let known: [(magic: [UInt8], name: String)] = [
        ([0x89] + Array("PNG\r\n\u{1A}\n".utf8), "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        (Array("GIF8".utf8), "a GIF picture"),
        ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
        ([0x1F, 0x8B, 8], "compressed by gzip"),
        (Array("PK".utf8) + [3, 4], "a ZIP archive (as those of NumPy and PyTorch are)"),
        ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file"),
        (Array("GGUF".utf8), "a GGUF file"),
        (Array("SQLite f".utf8), "an SQLite database"),
    ]
}
