#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file open for reading: regular, or a pipe or device whose length nobody knows beforehand.
///
/// Every failure names the path. Reads are retried after signals, and a short read is continued until the file ends.
public final class InputFile {
    public let path: String
    /// The size in bytes when it was opened, or nil where it is known only at the end (pipes, devices, `/proc`).
    public let size: Int?
    private let descriptor: Int32

    /// - Throws: `.notFound`, `.accessDenied`, `.badFormat` for a folder, else `.inputOutput`.
    public init(path: String) throws(GanError) {
        try Path.check(path)
        let opened = retrying { Int(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) }
        guard opened.result >= 0 else {
            throw .fileSystem(opened.errorNumber, "The file \"\(path)\" could not be opened for reading")
        }
        let descriptor = Int32(opened.result)
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            let number = errno
            close(descriptor)
            throw .fileSystem(number, "The file \"\(path)\" could not be examined")
        }
        guard information.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw GanError(.badFormat, "\"\(path)\" is a folder, and a file was expected.")
        }
        let isRegular = information.st_mode & S_IFMT == S_IFREG
        self.path = path
        // Files in /proc call themselves regular and empty, whatever they hold.
        self.size = isRegular && information.st_size > 0 ? Int(information.st_size) : nil
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Fills `destination` from the current position. Returns fewer bytes than it holds only where the file ends.
    public func read(into destination: UnsafeMutableRawBufferPointer) throws(GanError) -> Int {
        var done = 0
        while done < destination.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: destination[done..<destination.count])
            // One call moves at most 2 GiB on Linux, and refuses more on other systems.
            let got = retrying { systemRead(descriptor, part.baseAddress, min(part.count, 1 << 30)) }
            guard got.result >= 0 else { throw .fileSystem(got.errorNumber, "The file \"\(path)\" could not be read") }
            if got.result == 0 { break }
            done += got.result
        }
        return done
    }

    /// Fills all of `destination` from the current position, or throws `.truncated`.
    public func readExactly(into destination: UnsafeMutableRawBufferPointer) throws(GanError) {
        let got = try read(into: destination)
        if got < destination.count { throw ended(early: got, of: destination.count) }
    }

    /// Fills all of `destination` from byte `offset`, whatever the current position, or throws `.truncated`.
    /// Several threads may do this at once. Where `size` is nil nothing can be read this way but the start.
    public func readExactly(at offset: Int, into destination: UnsafeMutableRawBufferPointer) throws(GanError) {
        guard offset >= 0, offset <= size ?? 0 else { throw ended(early: 0, of: destination.count) }
        var done = 0
        while done < destination.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: destination[done..<destination.count])
            // No overflow: as many bytes as `done` have been found behind `offset`.
            let got = retrying { pread(descriptor, part.baseAddress, min(part.count, 1 << 30), off_t(offset + done)) }
            guard got.result >= 0 else { throw .fileSystem(got.errorNumber, "The file \"\(path)\" could not be read") }
            if got.result == 0 { throw ended(early: done, of: destination.count) }
            done += got.result
        }
    }

    /// Everything from the current position to the end; more than `limit` bytes are refused with `.outOfRange`.
    public func readAll(limit: Int = .max) throws(GanError) -> AlignedBuffer<UInt8> {
        if let size {
            if size > limit { throw tooLarge(limit) }
            let bytes = try AlignedBuffer<UInt8>(count: size, for: "the contents of \"\(path)\"")
            let got = try read(into: UnsafeMutableRawBufferPointer(bytes.buffer))
            bytes.shorten(to: got)
            return bytes
        }
        let gathered = GrowingBytes(for: "the contents of \"\(path)\"")
        while true {
            let room = try gathered.reserve(1 << 16)
            let got = try read(into: room)
            gathered.append(got)
            if gathered.count > limit { throw tooLarge(limit) }
            if got < room.count { return try gathered.finish() }
        }
    }

    private func tooLarge(_ limit: Int) -> GanError {
        GanError(.outOfRange, "The file \"\(path)\" is larger than the \(limit) bytes that are allowed here.")
    }

    private func ended(early got: Int, of wanted: Int) -> GanError {
        GanError(.truncated, "The file \"\(path)\" ends early: \(wanted) more bytes were expected, and \(got) were there.")
    }
}

/// The system's `read`, under a name that the methods above do not hide.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}
