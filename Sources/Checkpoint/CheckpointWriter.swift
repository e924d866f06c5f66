#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Base

/// A named tensor about to be saved. Its numbers stay where they are until they go into the file.
public struct CheckpointTensor {
    public let name: String
    public let shape: [Int]
    /// As many numbers as the product of `shape`, the last axis contiguous.
    public let values: UnsafePointer<Float>

    public init(name: String, shape: [Int], values: UnsafePointer<Float>) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

// Saving. The checksums stand at the front and cover everything behind them, so the tensors are gone through twice:
// once for the checksums and once to write them. They must not change in between. Nothing is copied together.
extension Checkpoint {
    /// Saves a checkpoint in the place of the file at `path`, whole or not at all. Equal arguments give equal files.
    /// - Throws: what `AtomicFile` throws; `.invalidArgument` for names that repeat or are reserved.
    public static func write(path: String, metadata: CheckpointMetadata, tensors: [CheckpointTensor]) throws(GanError) {
        // Names that cannot be written are told before anything is begun.
        _ = try layout(metadata.texts(), tensors)
        let file = try AtomicFile(path: path)
        try forEachPart(metadata, tensors) { (part) throws(GanError) in try file.write(part) }
        try file.commit()
    }

    /// Finds out whether `write` would succeed, by doing all that it does but putting the file in its place, and whether the
    /// file could be read again.
    public static func tryToWrite(path: String, metadata: CheckpointMetadata, tensors: [CheckpointTensor]) throws(GanError) {
        // Names that cannot be written are told before anything is begun.
        _ = try layout(metadata.texts(), tensors)
        let file = try AtomicFile.trial(path: path)
        try forEachPart(metadata, tensors) { (part) throws(GanError) in try file.write(part) }
        try file.endTrial(isReadAgain: true)
    }

    /// How many bytes the same checkpoint takes in memory or in a file.
    public static func size(metadata: CheckpointMetadata, tensors: [CheckpointTensor]) throws(GanError) -> Int {
        try layout(metadata.texts(), tensors).fileSize
    }

    /// Saves a checkpoint in memory: the very bytes that a file would hold. Returns how many they are.
    /// - Throws: `.bufferTooSmall`, with `destination` untouched; `.invalidArgument` for names that repeat or are reserved.
    @discardableResult
    public static func write(
        metadata: CheckpointMetadata, tensors: [CheckpointTensor], into destination: UnsafeMutableRawBufferPointer
    ) throws(GanError) -> Int {
        let layout = try layout(metadata.texts(), tensors)
        guard layout.fileSize <= destination.count, let base = destination.baseAddress else {
            throw GanError(
                .bufferTooSmall, "The checkpoint takes \(layout.fileSize) bytes, and the buffer has \(destination.count).")
        }
        var offset = 0
        try forEachPart(metadata, tensors) { (part) throws(GanError) in
            if let source = part.baseAddress { memcpy(base + offset, source, part.count) }
            offset += part.count
        }
        return offset
    }

    private static func layout(_ texts: [String: String], _ tensors: [CheckpointTensor]) throws(GanError) -> SafetensorsLayout {
        try SafetensorsLayout(
            metadata: texts, marking: CheckpointMetadata.Key.checksum.rawValue, tensors: tensors.map { ($0.name, $0.shape) })
    }

    /// Hands the file's bytes to `body`, part by part, with the checksums in their places.
    private static func forEachPart(
        _ metadata: CheckpointMetadata, _ tensors: [CheckpointTensor], _ body: (UnsafeRawBufferPointer) throws(GanError) -> Void
    ) throws(GanError) {
        let parts = tensors.map { tensor in
            CheckpointChecksum.Part(name: tensor.name, shape: tensor.shape, check: Checksum.crc32(tensor.bytes), size: tensor.bytes.count)
        }
        var texts = try metadata.texts()
        if texts[CheckpointChecksum.contentsName] != nil {
            texts[CheckpointChecksum.contentsName] = CheckpointChecksum.text(try CheckpointChecksum.ofContents(texts, parts))
        }
        let layout = try layout(texts, tensors)
        let header = try AlignedBuffer<UInt8>(count: layout.header.count, for: "the checkpoint's header")
        _ = header.buffer.update(fromContentsOf: layout.header)
        guard let place = layout.marked else {
            throw GanError(.internalError, "The checkpoint's header has no place for its checksum.")
        }
        let headerBytes = UnsafeRawBufferPointer(header.buffer)
        var check = CheckpointChecksum.ofHeader(headerBytes, place: place)
        for part in parts { check = Checksum.combined(check, part.check, count: part.size) }
        _ = header.buffer[place].update(fromContentsOf: CheckpointChecksum.text(check).utf8)

        try body(headerBytes)
        for tensor in tensors where !tensor.bytes.isEmpty { try body(tensor.bytes) }
    }
}

extension CheckpointTensor {
    /// The layout has checked before that the product does not overflow.
    fileprivate var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(UnsafeBufferPointer(start: values, count: shape.reduce(1, &*)))
    }
}
