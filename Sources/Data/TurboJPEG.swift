#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

/// libturbojpeg, looked for when the first JPEG file is decoded, so that this library needs it for nothing else.
///
/// Its handle-based interface alone is used (turbojpeg.h, version 2), which keeps its errors in the handle, and whose
/// functions never leave by `longjmp`.
struct TurboJPEG: Sendable {
    typealias Handle = UnsafeMutableRawPointer

    /// How the decoder writes a pixel: `TJPF_RGB`, `TJPF_GRAY`, `TJPF_CMYK`.
    enum PixelFormat: Int32 {
        case rgb = 0, grey = 6, cmyk = 11

        var channels: Int { self == .rgb ? 3 : self == .grey ? 1 : 4 }
    }

    private typealias InitDecompress = @convention(c) () -> Handle?
    private typealias DecompressHeader = @convention(c) (
        Handle?, UnsafePointer<UInt8>?, UInt, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?,
        UnsafeMutablePointer<Int32>?
    ) -> Int32
    private typealias Decompress = @convention(c) (
        Handle?, UnsafePointer<UInt8>?, UInt, UnsafeMutablePointer<UInt8>?, Int32, Int32, Int32, Int32, Int32
    ) -> Int32
    private typealias Destroy = @convention(c) (Handle?) -> Int32
    private typealias ErrorText = @convention(c) (Handle?) -> UnsafePointer<CChar>?
    private typealias ErrorCode = @convention(c) (Handle?) -> Int32

    private let initDecompress: InitDecompress
    private let decompressHeader: DecompressHeader
    private let decompress: Decompress
    private let destroy: Destroy
    private let errorText: ErrorText
    private let errorCode: ErrorCode

    /// Nil where it is not installed.
    static let shared = names.lazy.compactMap { TurboJPEG(name: $0) }.first

    #if os(Linux)
    private static let names = ["libturbojpeg.so.0", "libturbojpeg.so"]
    #else
    private static let names = ["libturbojpeg.0.dylib", "libturbojpeg.dylib", "/opt/homebrew/lib/libturbojpeg.dylib"]
    #endif

    /// Nil unless there is such a library with all that is needed. It stays loaded, as whatever is used by static data does.
    private init?(name: String) {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
        func symbol<Function>(_ name: String, _: Function.Type) -> Function? {
            dlsym(library, name).map { unsafeBitCast($0, to: Function.self) }
        }
        guard let initDecompress = symbol("tjInitDecompress", InitDecompress.self),
            let decompressHeader = symbol("tjDecompressHeader3", DecompressHeader.self),
            let decompress = symbol("tjDecompress2", Decompress.self), let destroy = symbol("tjDestroy", Destroy.self),
            let errorText = symbol("tjGetErrorStr2", ErrorText.self), let errorCode = symbol("tjGetErrorCode", ErrorCode.self)
        else {
            dlclose(library)
            return nil
        }
        self.initDecompress = initDecompress
        self.decompressHeader = decompressHeader
        self.decompress = decompress
        self.destroy = destroy
        self.errorText = errorText
        self.errorCode = errorCode
    }

    /// Decodes a whole file, of which the caller knows that it is this wide and high.
    ///
    /// - Parameter format: `.cmyk` for files of four colours, which are not made into others here, and never for those of less.
    /// - Returns: the pixels, `[height, width, channels of the format]`.
    func decode(
        _ bytes: UnsafeRawBufferPointer, width: Int, height: Int, name: String, format: PixelFormat
    ) throws(GanError) -> AlignedBuffer<UInt8> {
        guard let handle = initDecompress() else { throw GanError(.outOfMemory, "No memory for decoding \(name).") }
        defer { _ = destroy(handle) }
        let source = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let size = UInt(bytes.count)
        var (foundWidth, foundHeight, sampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
        if decompressHeader(handle, source, size, &foundWidth, &foundHeight, &sampling, &colours) != 0 {
            try refuse(handle, name)
        }
        guard Int(foundWidth) == width, Int(foundHeight) == height else {
            throw GanError(.badFormat, "The JPEG file \(name) has two headers.")
        }
        let row = width * format.channels
        let pixels = try AlignedBuffer<UInt8>(count: try Sizes.product(row, height, of: "the pixels of \(name)"), for: "the pixels of \(name)")
        let limitScans: Int32 = 32768  // TJFLAG_LIMITSCANS: a file of a thousand scans is there to keep a processor busy
        let status = decompress(
            handle, source, size, pixels.pointer, Int32(clamping: width), Int32(clamping: row), Int32(clamping: height), format.rawValue,
            limitScans)
        if status != 0 { try refuse(handle, name) }
        return pixels
    }

    /// Throws what is wrong, unless it is a warning about what does not touch the pixels.
    private func refuse(_ handle: Handle, _ name: String) throws(GanError) {
        let reason = errorText(handle).map { String(cString: $0) } ?? "unknown"
        // Many a camera and many a site leaves bytes between the parts of a file, which no program minds.
        if errorCode(handle) == 0 && Text.holds(reason, "extraneous bytes") { return }
        if Text.holds(reason, "memory") { throw GanError(.outOfMemory, "No memory for decoding \(name).") }
        if Text.holds(reason, "Premature end of JPEG") { throw JPEGFile.cutShort(name) }
        throw GanError(.badFormat, "The JPEG file \(name) cannot be decoded (\(reason)).")
    }
}
