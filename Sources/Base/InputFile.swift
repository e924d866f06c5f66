#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file open for reading: regular, or a pipe whose length nobody knows beforehand.
///
/// Every failure names the path. Reads are retried after signals, and a short read is continued until the file ends.
/// Devices are refused by their kind, for they end never (`/dev/zero`) or when somebody feels like it (a terminal).
public final class InputFile {
    public let path: String
    /// The size in bytes when it was opened, or nil where it is known only at the end (pipes, `/proc`).
    public let size: Int?
    private let descriptor: Int32
    /// A pipe from which nothing has come yet.
    private var isSilentPipe: Bool

    /// - Throws: `.notFound`, `.accessDenied`, `.badFormat` for a folder or a device, else `.inputOutput`.
    public init(path: FilePath) throws(GanError) {
        try path.check()
        // Without O_NONBLOCK a pipe that nobody writes into would be waited for here, for ever.
        let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY
        var opened = retrying { Int(path.withCString { open($0, flags | O_NONBLOCK) }) }
        if opened.errorNumber == EWOULDBLOCK, try Folder.kind(of: path) == .file {
            // A file that another program holds a lease on (a file server does), which the system asks back while we wait.
            opened = retrying { Int(path.withCString { open($0, flags) }) }
        }
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
        let kind = information.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFIFO else {
            close(descriptor)
            throw GanError(.badFormat, "\"\(path)\" is a \(kind == S_IFDIR ? "folder" : "device"), and a file was expected.")
        }
        self.path = path.description
        // Files in /proc call themselves regular and empty, whatever they hold.
        self.size = kind == S_IFREG && information.st_size > 0 ? Int(information.st_size) : nil
        self.descriptor = descriptor
        self.isSilentPipe = kind == S_IFIFO
    }

    public convenience init(path: String) throws(GanError) { try self.init(path: FilePath(path)) }

    deinit { close(descriptor) }

    /// Fills `destination` from the current position. Returns fewer bytes than it holds only where the file ends.
    public func read(into destination: UnsafeMutableRawBufferPointer) throws(GanError) -> Int {
        var done = 0
        var hasWaited = false
        while done < destination.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: destination[done..<destination.count])
            // One call moves at most 2 GiB on Linux, and refuses more on other systems.
            let got = retrying { systemRead(descriptor, part.baseAddress, min(part.count, 1 << 30)) }
            if got.result > 0 {
                isSilentPipe = false
                done += got.result
            } else if got.result == 0 {
                // The end; or, of a pipe, that nobody writes into it yet, which the system does not tell apart in this place.
                guard isSilentPipe else { break }
                guard !hasWaited else {
                    throw GanError(.inputOutput, "Nobody writes into the pipe \"\(path)\"; it was waited for for \(Self.patience / 1000) seconds.")
                }
                hasWaited = true
                if try wait(milliseconds: Self.patience) & Int16(POLLIN | POLLHUP) == Int16(POLLHUP) {
                    isSilentPipe = false  // somebody came and went: it is empty
                }
            } else if got.errorNumber == EAGAIN || got.errorNumber == EWOULDBLOCK {
                // A writer that is slower than we are.
                _ = try wait(milliseconds: -1)
            } else {
                throw .fileSystem(got.errorNumber, "The file \"\(path)\" could not be read")
            }
        }
        return done
    }

    /// How long a pipe may be without anybody who writes into it: the time that a shell needs to start both ends.
    private static let patience: Int32 = 2000

    private func wait(milliseconds: Int32) throws(GanError) -> Int16 {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = retrying { Int(poll(&waiting, 1, milliseconds)) }
        if ready.result < 0 { throw .fileSystem(ready.errorNumber, "The file \"\(path)\" could not be waited for") }
        return waiting.revents
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
