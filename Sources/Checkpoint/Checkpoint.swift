#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Base

/// A saved training or generator, read and verified: metadata and named tensors of `Float`.
///
/// The file is a safetensors file (`SafetensorsHeader`) whose metadata says what the tensors are (`CheckpointMetadata`)
/// and carries a checksum of the whole (`CheckpointChecksum`). An object of this class exists only where all of that
/// holds; what is left to check is whether the tensors are those that the caller expects, which `read` does.
/// Immutable, so any number of threads may read from it.
public final class Checkpoint: Sendable {
    public let metadata: CheckpointMetadata
    private let header: SafetensorsHeader
    private let data: AlignedBuffer<UInt8>
    /// Whether `data` holds a tensor, for each of the header's.
    private let kept: [Bool]
    /// What to call it in an error; the beginning of a sentence.
    public let source: String

    /// - Parameter dataChecks: the checksum of each tensor's data by themselves.
    private init(
        _ header: SafetensorsHeader, headerBytes: UnsafeRawBufferPointer, data: AlignedBuffer<UInt8>, kept: [Bool], dataChecks: [UInt32],
        source: String
    ) throws(GanError) {
        if header.metadata[CheckpointMetadata.editedName] == nil {
            try Self.verify(header, headerBytes: headerBytes, dataChecks: dataChecks, source: source)
        }
        self.metadata = try CheckpointMetadata(header, source: source)
        self.header = header
        self.data = data
        self.kept = kept
        self.source = source
    }

    private static func verify(
        _ header: SafetensorsHeader, headerBytes: UnsafeRawBufferPointer, dataChecks: [UInt32], source: String
    ) throws(GanError) {
        let (stated, place) = try CheckpointChecksum.stated(in: header, source: source)
        var check = CheckpointChecksum.ofHeader(headerBytes, place: place)
        for (tensor, dataCheck) in zip(header.tensors, dataChecks) {
            check = Checksum.combined(check, dataCheck, count: tensor.range.count)
        }
        // The same, written by another program?
        guard check == stated || CheckpointChecksum.isOfContents(header, dataChecks: dataChecks, stated: stated) else {
            throw GanError(
                .checksum,
                "\(source) is damaged, or was changed by another program: its checksum says \(CheckpointChecksum.text(stated)), and its "
                    + "bytes give \(CheckpointChecksum.text(check)). Take it from where it came once more; if it was changed on purpose, let its "
                    + "metadata say so, with a text \"\(CheckpointMetadata.editedName)\".")
        }
    }

    // MARK: Opening

    /// Reads the file at `path`, each byte once. A pipe will do. Tensors that the caller has no use for, going by their names,
    /// are verified with the rest, and take no memory.
    /// - Throws: what `InputFile` throws; `.badFormat`, `.truncated`, `.checksum`, `.newerVersion`; `.outOfMemory`.
    public static func open(path: String, keeping isWanted: (String) -> Bool = { _ in true }) throws(GanError) -> Checkpoint {
        let file = try InputFile(path: path)
        let source = "The file \"\(path)\""
        let prefixSize = SafetensorsHeader.prefixSize

        var prefix: UInt64 = 0
        let got = try withUnsafeMutableBytes(of: &prefix) { (bytes) throws(GanError) in try file.read(into: bytes) }
        let length = try withUnsafeBytes(of: prefix) { (bytes) throws(GanError) in
            try SafetensorsHeader.length(
                prefix: UnsafeRawBufferPointer(rebasing: bytes[..<got]), fileSize: file.size, source: source)
        }
        let headerBytes = try AlignedBuffer<UInt8>(count: prefixSize + length, for: "the header of \"\(path)\"")
        let whole = UnsafeMutableRawBufferPointer(headerBytes.buffer)
        whole.storeBytes(of: prefix, as: UInt64.self)
        try file.readExactly(into: UnsafeMutableRawBufferPointer(rebasing: whole[prefixSize...]))
        let header = try SafetensorsHeader(
            json: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(whole)[prefixSize...]), source: source)

        // A file says how long it is, a pipe does not: there, one byte too many is asked for.
        if let size = file.size { try header.checkData(size: size - whole.count, source: source) }
        try CheckpointMetadata.checkFormat(of: header, source: source)
        // Not resident before it is written.
        let data = try AlignedBuffer<UInt8>(count: header.dataSize, for: "the tensors of \"\(path)\"")
        let kept = header.tensors.map { isWanted($0.name) }
        let (read, dataChecks) = try readData(file, header, kept, into: UnsafeMutableRawBufferPointer(data.buffer))
        var extra: UInt8 = 0
        let more = try withUnsafeMutableBytes(of: &extra) { (bytes) throws(GanError) in try file.read(into: bytes) }
        try header.checkData(size: read + more, source: source)
        return try Checkpoint(
            header, headerBytes: UnsafeRawBufferPointer(whole), data: data, kept: kept, dataChecks: dataChecks, source: source)
    }

    /// Reads the data in pieces that stay in the processor's cache until they are checked, tensor by tensor. Fewer bytes than the
    /// header says come where the file ends.
    private static func readData(
        _ file: InputFile, _ header: SafetensorsHeader, _ kept: [Bool], into data: UnsafeMutableRawBufferPointer
    ) throws(GanError) -> (count: Int, checks: [UInt32]) {
        let piece = 1 << 18
        let unwanted = try AlignedBuffer<UInt8>(count: kept.contains(false) ? min(piece, data.count) : 0, for: "a part of a file")
        defer { withExtendedLifetime(unwanted) {} }
        var done = 0
        var checks: [UInt32] = []
        for (tensor, isKept) in zip(header.tensors, kept) {
            var check: UInt32 = 0
            while done < tensor.range.upperBound {
                let count = min(piece, tensor.range.upperBound - done)
                let place =
                    isKept
                    ? UnsafeMutableRawBufferPointer(rebasing: data[done..<done + count])
                    : UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(unwanted.buffer)[..<count])
                let got = try file.read(into: place)
                check = Checksum.crc32(UnsafeRawBufferPointer(rebasing: place[..<got]), continuing: check)
                done += got
                if got < count { return (done, checks) }
            }
            checks.append(check)
        }
        return (done, checks)
    }

    /// Reads a checkpoint out of memory. The tensors are copied, so `bytes` need not stay.
    /// - Throws: as `open(path:)`, without the errors of files.
    public static func parse(bytes: UnsafeRawBufferPointer, source: String = "The buffer") throws(GanError) -> Checkpoint {
        let prefixSize = SafetensorsHeader.prefixSize
        let length = try SafetensorsHeader.length(
            prefix: UnsafeRawBufferPointer(rebasing: bytes.prefix(prefixSize)), fileSize: bytes.count, source: source)
        let headerBytes = UnsafeRawBufferPointer(rebasing: bytes[..<(prefixSize + length)])
        let header = try SafetensorsHeader(json: UnsafeRawBufferPointer(rebasing: headerBytes[prefixSize...]), source: source)
        try header.checkData(size: bytes.count - headerBytes.count, source: source)
        try CheckpointMetadata.checkFormat(of: header, source: source)
        let data = try AlignedBuffer<UInt8>(count: header.dataSize, for: "the tensors of a checkpoint")
        if let start = bytes.baseAddress { memcpy(data.pointer, start + headerBytes.count, header.dataSize) }
        let bytes = UnsafeRawBufferPointer(data.buffer)
        let dataChecks = header.tensors.map { Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[$0.range])) }
        return try Checkpoint(
            header, headerBytes: headerBytes, data: data, kept: header.tensors.map { _ in true }, dataChecks: dataChecks, source: source)
    }

    // MARK: Tensors

    /// In the order in which they were saved.
    public var tensorNames: [String] { header.tensors.map(\.name) }

    public func shape(_ name: String) -> [Int]? { header[name]?.shape }

    public func elementType(_ name: String) -> ElementType? { header[name]?.elementType }

    /// Copies a tensor's numbers, as many as the product of `expectedShape`, to `destination`.
    /// They may be infinite or not a number: a training that went wrong can be saved as well (see `firstNonFinite`).
    /// - Throws: `.mismatch` where there is no such tensor, or it has another shape or another type.
    public func read(_ name: String, expectedShape: [Int], into destination: UnsafeMutablePointer<Float>) throws(GanError) {
        guard let tensor = header[name] else {
            throw GanError(.mismatch, "\(source) has no tensor \(quoted(name)), which its options ask for.")
        }
        guard tensor.elementType == .float32 else {
            throw GanError(
                .mismatch, "\(source) has \(quoted(name)) as \(quoted(tensor.elementType.name)), and \"F32\" was expected.")
        }
        guard tensor.shape == expectedShape else {
            throw GanError(.mismatch, "\(source) has \(quoted(name)) as \(tensor.shape), but its options say \(expectedShape).")
        }
        guard zip(header.tensors, kept).allSatisfy({ $0.name != name || $1 }) else {
            throw GanError(.internalError, "\(source) was read without \(quoted(name)), which is asked for.")
        }
        memcpy(destination, data.pointer + tensor.range.lowerBound, tensor.range.count)
    }

    /// Of the tensors that were kept, the first number that is infinite or not a number, by its tensor and its index there.
    public var firstNonFinite: (tensor: String, index: Int)? {
        for (tensor, isKept) in zip(header.tensors, kept) where isKept && tensor.elementType == .float32 {
            let count = tensor.range.count / MemoryLayout<Float>.size
            // Tensors follow each other without a gap, and those before may be of bytes.
            let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(data.buffer)[tensor.range])
            for index in 0..<count {
                if !bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self).isFinite { return (tensor.name, index) }
            }
        }
        return nil
    }
}

extension SafetensorsHeader {
    /// That as many bytes follow the header as the tensors cover.
    fileprivate func checkData(size: Int, source: String) throws(GanError) {
        if size < dataSize {
            throw GanError(
                .truncated,
                "\(source) is cut short: its tensors should have \(dataSize) bytes, and \(max(size, 0)) are there. "
                    + "Take it from where it came once more.")
        }
        if size > dataSize {
            throw GanError(.badFormat, "\(source) is malformed: something follows the \(dataSize) bytes of its tensors.")
        }
    }
}
