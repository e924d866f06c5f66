import Base

/// One picture that is in memory, decoded to bytes; the files of datasets are `Pictures`'.
public struct PictureReader {
    private let picture: PictureFile
    private let bytes: UnsafeRawBufferPointer

    /// Reads the header alone.
    ///
    /// - Parameters:
    ///   - bytes: the whole file, which stays where it is as long as the reader is used.
    ///   - isPNG: nothing else will do.
    /// - Throws: `.badFormat`, `.truncated`, `.checksum`.
    public init(_ bytes: UnsafeRawBufferPointer, isPNG: Bool = false) throws(GanError) {
        self.picture =
            isPNG
            ? .png(try PNGFile(header: UnsafeRawBufferPointer(rebasing: bytes.prefix(PNGFile.headerSize)), name: "in memory"))
            : try PictureFile(bytes, path: nil)
        self.bytes = bytes
    }

    /// The picture's size, with 1 channel where the file is grey and 3 where it has colours or a palette.
    public func shape() throws(GanError) -> ImageShape {
        try ImageShape(height: picture.height, width: picture.width, channels: picture.isGrey ? 1 : 3)
    }

    /// Decodes to `[height, width, channels]`; `channels` is 1, 3 or, with transparency, 4, whatever the file has.
    ///
    /// On failure `pixels` may have been written to in part.
    /// - Throws: also `.notFound` for a JPEG file where libturbojpeg is not installed.
    public func decode(channels: Int, into pixels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        try picture.decode(bytes, channels: channels, into: pixels)
    }

    /// Bits a channel: 16 for a PNG file that has them, and 8 for all others.
    public var depth: Int { if case .png(let file) = picture { file.depth } else { 8 } }

    /// Decodes to numbers, 0 … 1, with all of 16 bits; but a picture in colours has 8 when grey is asked for.
    public func decode(_ shape: ImageShape, into pixels: UnsafeMutablePointer<Float>) throws(GanError) {
        if case .png(let file) = picture, file.depth == 16, file.isGrey || shape.channels != 1 {
            return try file.decode(bytes, channels: shape.channels, into: pixels)
        }
        let whole = try AlignedBuffer<UInt8>(count: shape.elements, for: "an image of \(shape)")
        try picture.decode(bytes, channels: shape.channels, into: whole.pointer)
        for place in 0..<shape.elements { pixels[place] = Float(whole.pointer[place]) / 255 }
    }
}
