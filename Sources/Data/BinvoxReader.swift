import Base

// binvox (Patrick Min, www.patrickmin.com/binvox/binvox.html): a text header, and behind it runs of equal voxels, a byte each for the
// value (0 or 1) and for how many there are. With "dim d h w" the index of a voxel is (x · h + z) · w + y: y, which is up, runs fastest.

/// What a file says of its voxels, read up to its first run.
struct BinvoxHeader {
    /// Sides along x, y and z.
    let sides: [Int]
    let count: Int

    static let signature = Array("#binvox".utf8)
    /// Longer headers than any program writes, and longer sides than any memory holds.
    private static let (mostBytes, mostSide) = (4096, 1 << 16)

    static func begins(_ source: ByteSource) -> Bool { source.head.starts(with: signature) }

    /// - Throws: `.badFormat` for a header that does not say how many voxels there are, `.truncated` for a file that cannot hold them.
    init(from source: ByteSource) throws(GanError) {
        let path = source.path
        var read = 0
        /// The words of the next line.
        func line() throws(GanError) -> [String] {
            var bytes: [UInt8] = []
            while true {
                guard read < Self.mostBytes else {
                    throw GanError(.badFormat, "The header of \"\(path)\" has no line \"data\" within \(Self.mostBytes) bytes, as binvox files have.")
                }
                let byte = try source.bytes(1)[0]
                read += 1
                if byte == UInt8(ascii: "\n") { break }
                bytes.append(byte)
            }
            return bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }.map { FilePath.text($0) }
        }
        guard try line().first == "#binvox" else { throw GanError(.badFormat, "The file \"\(path)\" does not begin with \"#binvox\" as binvox files do.") }
        var dim: [Int]?
        while true {
            let words = try line()
            guard let key = words.first else { continue }
            if key == "data" { break }
            // Where the shape lies, and how large it is, does not matter here.
            guard key == "dim" else { continue }
            let numbers = words.dropFirst().compactMap { Text.int64($0).flatMap { Int(exactly: $0) } }
            guard dim == nil, words.count == 4, numbers.count == 3, numbers.allSatisfy({ (1...Self.mostSide).contains($0) }) else {
                throw GanError(.badFormat, "The header of \"\(path)\" says \"\(words.joined(separator: " ").prefix(80))\"; one line \"dim\" with three sides from 1 to \(Self.mostSide) was expected.")
            }
            dim = numbers
        }
        guard let dim else { throw GanError(.badFormat, "The header of \"\(path)\" has no line \"dim\", which says how many voxels there are.") }
        // In the order of the index: x, z, y.
        sides = [dim[0], dim[2], dim[1]]
        count = try Sizes.product(dim, of: "a volume")
        try source.check(runs: count, read: read)
    }

    /// Writes the voxels as zeros and ones, [x, y, z].
    func read(from source: ByteSource, into voxels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        let (height, width) = (sides[1], sides[2])
        let piece = try AlignedBuffer<UInt8>(count: 1 << 14, for: "a reading buffer")
        defer { withExtendedLifetime(piece) {} }
        // The place of the next voxel, as the file counts them.
        var (x, y, z, done) = (0, 0, 0, 0)
        while done < count {
            let got = try source.read(into: UnsafeMutableRawBufferPointer(piece.buffer))
            guard got >= 2, got % 2 == 0 else {
                throw GanError(.truncated, "The file \"\(source.path)\" was cut short: its header promises \(count) voxels, and its runs have \(done).")
            }
            var place = 0
            while place < got {
                let (value, length) = (piece.pointer[place], Int(piece.pointer[place + 1]))
                place += 2
                guard value <= 1, length > 0, length <= count - done else {
                    throw GanError(
                        .badFormat,
                        value > 1 ? "A run of \"\(source.path)\" has the value \(value); 0 (empty) or 1 (filled) was expected."
                            : length == 0 ? "A run of \"\(source.path)\" has no voxels; 1 to 255 were expected."
                            : "The runs of \"\(source.path)\" have more voxels than the \(count) that its header promises.")
                }
                for _ in 0..<length {
                    voxels[(x * height + y) * width + z] = value
                    y += 1
                    if y < height { continue }
                    (y, z) = (0, z + 1)
                    if z < width { continue }
                    (z, x) = (0, x + 1)
                }
                done += length
            }
        }
        try source.expectEnd()
    }
}

extension ByteSource {
    /// Refuses a promise of voxels that runs of at most 255, two bytes each, cannot keep, before memory is taken for them.
    fileprivate func check(runs voxels: Int, read: Int) throws(GanError) {
        // What a pipe holds nobody knows, and it is asked for all the same where memory is taken.
        guard let storedSize else { return }
        let (unpacked, overflow) = storedSize.multipliedReportingOverflow(by: isGzip ? 1032 : 1)
        guard !overflow, unpacked > read else { return }
        let (most, tooMany) = ((unpacked - read) / 2).multipliedReportingOverflow(by: 255)
        guard tooMany || voxels <= most else {
            throw GanError(
                .truncated, "The header of \"\(path)\" promises \(voxels) voxels, and the file's \(storedSize) bytes hold at most \(most): it was cut short, or lies.")
        }
    }
}
