import Base

/// One PNG file that is in memory, decoded to bytes; the files of datasets are `PNGFolder`'s.
public struct PNGReader {
    private let file: PNGFile
    private let bytes: UnsafeRawBufferPointer

    /// Reads the header alone.
    ///
    /// - Parameter bytes: the whole file, which stays where it is as long as the reader is used.
    /// - Throws: `.badFormat`, `.truncated`, `.checksum`.
    public init(_ bytes: UnsafeRawBufferPointer) throws(GanError) {
        self.file = try PNGFile(header: UnsafeRawBufferPointer(rebasing: bytes.prefix(PNGFile.headerSize)), path: nil)
        self.bytes = bytes
    }

    /// The file's size, with 1 channel where the file is grey and 3 where it has colours or a palette.
    public func shape() throws(GanError) -> ImageShape {
        try ImageShape(height: file.height, width: file.width, channels: file.isGrey ? 1 : 3)
    }

    /// Decodes to `[height, width, channels]`; `channels` is 1 or 3, whatever the file has.
    ///
    /// On failure `pixels` may have been written to in part.
    public func decode(channels: Int, into pixels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        try file.decode(bytes, channels: channels, into: pixels)
    }
}
