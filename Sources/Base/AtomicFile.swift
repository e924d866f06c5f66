#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that appears under its name whole or not at all.
///
/// Bytes go to a temporary file in the same folder; `commit` syncs it, renames it over the target and syncs the folder.
/// Whoever reads the target sees the old contents or the new ones, also after a loss of power. A failure, `abandon` or
/// letting go of the object removes the temporary file.
///
/// - A symbolic link is written through: the file it names is replaced, and the link stays.
/// - An existing target keeps its permission bits; a new one gets 0666 less the process's umask.
/// - A pipe or device (`/dev/stdout`, a FIFO) cannot be replaced and is written to directly.
/// - The folder is held open, so a relative path means what it meant at the start.
public final class AtomicFile {
    public let path: String
    private var descriptor: Int32
    /// The open folder of the target, or nil where bytes go to the target directly.
    private let folder: Int32?
    private let targetName: String
    private let temporaryName: String

    /// - Throws: `.notFound` for a missing folder, `.accessDenied`, `.noSpace`, else `.inputOutput`.
    public init(path: String) throws(GanError) {
        try Path.check(path)
        self.path = path
        switch try Destination(path: path) {
        case .direct(let descriptor):
            self.descriptor = descriptor
            self.folder = nil
            self.targetName = ""
            self.temporaryName = ""
        case .replace(let resolved, let mode):
            let (folderPath, name) = Path.split(resolved)
            let folder = try Self.openFolder(folderPath, for: path)
            let (descriptor, temporaryName) = try Self.createTemporary(in: folder, mode: mode, for: path)
            self.descriptor = descriptor
            self.folder = folder
            self.targetName = name
            self.temporaryName = temporaryName
        }
    }

    deinit {
        abandon()
        if let folder { close(folder) }
    }

    /// Appends `bytes`. After a failure the temporary file is gone and so is the object's use.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(GanError) {
        guard descriptor >= 0 else { throw finished() }
        try settle(writeAll(descriptor, bytes))
    }

    public func write(_ bytes: [UInt8]) throws(GanError) {
        guard descriptor >= 0 else { throw finished() }
        try settle(bytes.withUnsafeBytes { writeAll(descriptor, $0) })
    }

    private func settle(_ number: Int32) throws(GanError) {
        if number != 0 {
            abandon()
            throw .fileSystem(number, "The file \"\(path)\" could not be written")
        }
    }

    /// Makes what was written the contents of `path`.
    public func commit() throws(GanError) {
        guard descriptor >= 0 else { throw finished() }
        guard let folder else {
            let closed = close(descriptor)
            let number = errno
            descriptor = -1
            if closed != 0 && number != EINTR { throw .fileSystem(number, "The file \"\(path)\" could not be closed") }
            return
        }
        let synced = retrying { Int(fsync(descriptor)) }
        // EINVAL: a file system that does not sync.
        if synced.result != 0 && synced.errorNumber != EINVAL {
            abandon()
            throw .fileSystem(synced.errorNumber, "The file \"\(path)\" could not be written")
        }
        let renamed = retrying { Int(renameat(folder, temporaryName, folder, targetName)) }
        if renamed.result != 0 {
            abandon()
            throw .fileSystem(renamed.errorNumber, "The new contents could not be put in the place of \"\(path)\"")
        }
        close(descriptor)
        descriptor = -1
        let settled = retrying { Int(fsync(folder)) }
        // EBADF: a folder that may be written but not read was opened as a mere place, which cannot be synced.
        if settled.result != 0 && settled.errorNumber != EINVAL && settled.errorNumber != EBADF {
            throw .fileSystem(settled.errorNumber, "The file \"\(path)\" was written, but its folder could not be synced")
        }
    }

    /// Gives up: the target stays as it was. Harmless after `commit`.
    public func abandon() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        if let folder { unlinkat(folder, temporaryName, 0) }
    }

    private func finished() -> GanError {
        GanError(.inputOutput, "The file \"\(path)\" is no longer open for writing; an earlier failure or commit closed it.")
    }

    private static func openFolder(_ folderPath: String, for path: String) throws(GanError) -> Int32 {
        var opened = retrying { Int(open(folderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
        #if os(Linux)
        if opened.errorNumber == EACCES {
            // Permission to enter and to write is enough to create a file there.
            let asPlace: Int32 = 0o10000000  // O_PATH, which the C header hides from some callers
            opened = retrying { Int(open(folderPath, asPlace | O_DIRECTORY | O_CLOEXEC)) }
        }
        #endif
        guard opened.result >= 0 else {
            throw .fileSystem(opened.errorNumber, "The folder \"\(folderPath)\" of the file \"\(path)\" could not be opened")
        }
        return Int32(opened.result)
    }

    /// Closes `folder` when it fails.
    private static func createTemporary(in folder: Int32, mode: mode_t?, for path: String) throws(GanError) -> (Int32, String) {
        var number: Int32 = 0
        for attempt in 0..<100 {
            // The name does not contain the target's, which may already be as long as names can be.
            let name = ".gan-\(getpid())-\(String(unlikelyNumber(attempt), radix: 16)).tmp"
            let created = retrying { Int(openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode == nil ? 0o666 : 0o600)) }
            if created.result >= 0 {
                let descriptor = Int32(created.result)
                if let mode, fchmod(descriptor, mode) != 0 {
                    number = errno
                    close(descriptor)
                    unlinkat(folder, name, 0)
                    break
                }
                return (descriptor, name)
            }
            number = created.errorNumber
            if number != EEXIST { break }
        }
        close(folder)
        throw .fileSystem(number, "The file \"\(path)\" could not be created")
    }

    /// A number that another thread or process hardly has at the same time; `O_EXCL` settles the rest.
    private static func unlikelyNumber(_ attempt: Int) -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let thread = withUnsafePointer(to: &now) { UInt64(UInt(bitPattern: $0)) }  // each thread has its own stack
        var x = UInt64(bitPattern: Int64(now.tv_sec)) &* 1_000_000_007 &+ UInt64(bitPattern: Int64(now.tv_nsec))
        x = (x ^ thread &+ UInt64(attempt)) &* 0x9E37_79B9_7F4A_7C15
        return x ^ x >> 32
    }
}

/// Where the bytes for a path have to go.
private enum Destination {
    /// To this open descriptor, because the target is a pipe or a device.
    case direct(Int32)
    /// In the place of the file at `path`, which has this permission or does not exist yet.
    case replace(path: String, mode: mode_t?)

    init(path: String) throws(GanError) {
        var current = path
        var links = 0
        while true {
            if let own = Self.ownDescriptor(current) {
                // What the process already has open: its position and its flags are shared, as the shell intends.
                let copy = fcntl(own, F_DUPFD_CLOEXEC, 3)
                guard copy >= 0 else { throw .fileSystem(errno, "The file \"\(path)\" could not be opened for writing") }
                self = .direct(copy)
                return
            }
            var information = stat()
            if lstat(current, &information) != 0 {
                let number = errno
                guard number == ENOENT else { throw .fileSystem(number, "The file \"\(path)\" could not be created") }
                if current.utf8.last == UInt8(ascii: "/") {
                    throw GanError(.notFound, "The folder \"\(path)\" does not exist, and the name of a file was expected.")
                }
                self = .replace(path: current, mode: nil)
                return
            }
            switch information.st_mode & S_IFMT {
            case S_IFLNK:
                links += 1
                guard links <= 40 else { throw .fileSystem(ELOOP, "The file \"\(path)\" could not be created") }
                current = try Self.target(ofLink: current, for: path)
            case S_IFDIR:
                throw .fileSystem(EISDIR, "The file \"\(path)\" could not be written")
            case S_IFREG:
                // A rename would replace a write-protected file without asking.
                guard access(current, W_OK) == 0 else { throw .fileSystem(errno, "The file \"\(path)\" could not be written") }
                self = .replace(path: current, mode: information.st_mode & 0o777)
                return
            default:
                let opened = retrying { Int(open(current, O_WRONLY | O_CLOEXEC | O_NOCTTY)) }
                guard opened.result >= 0 else {
                    throw .fileSystem(opened.errorNumber, "The file \"\(path)\" could not be opened for writing")
                }
                self = .direct(Int32(opened.result))
                return
            }
        }
    }

    /// The descriptor that names such as `/dev/stdout` and `/dev/fd/3` stand for.
    private static func ownDescriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default:
            for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
                return Text.int64(String(path.dropFirst(prefix.count))).flatMap { $0 >= 0 ? Int32(exactly: $0) : nil }
            }
            return nil
        }
    }

    private static func target(ofLink link: String, for path: String) throws(GanError) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let length = bytes.withUnsafeMutableBytes { room in
            room.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { readlink(link, $0, room.count) } ?? -1 }
        }
        guard length >= 0 else { throw .fileSystem(errno, "The symbolic link \"\(path)\" could not be followed") }
        guard length < bytes.count else { throw .fileSystem(ENAMETOOLONG, "The symbolic link \"\(path)\" could not be followed") }
        let text = String(decoding: bytes[..<length], as: UTF8.self)
        return text.hasPrefix("/") ? text : Path.join(Path.split(link).folder, text)
    }
}

/// Writes all of `bytes`; returns 0 or the error number.
///
/// A pipe without a reader and a file beyond the process's limit raise SIGPIPE and SIGXFSZ, which end a host that did
/// not think of them. Both are held back on this thread for the time of the call, and taken away if this call raised them.
private func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    var signals = sigset_t()
    var previous = sigset_t()
    var pendingBefore = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGXFSZ)
    sigemptyset(&pendingBefore)
    let held = pthread_sigmask(SIG_BLOCK, &signals, &previous) == 0
    sigpending(&pendingBefore)
    defer { if held { pthread_sigmask(SIG_SETMASK, &previous, nil) } }

    var done = 0
    while done < bytes.count {
        let part = UnsafeRawBufferPointer(rebasing: bytes[done..<bytes.count])
        let wrote = retrying { write(descriptor, part.baseAddress, min(part.count, 1 << 30)) }
        if wrote.result > 0 {
            done += wrote.result
            continue
        }
        switch wrote.errorNumber {
        case 0:
            return EIO  // a device that takes nothing and says nothing
        case EAGAIN, EWOULDBLOCK:
            // An inherited pipe may be non-blocking; wait until it takes more.
            var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = retrying { Int(poll(&waiting, 1, -1)) }
            if ready.result < 0 { return ready.errorNumber }
        case EPIPE:
            if held { takeAway(SIGPIPE, unlessPendingIn: pendingBefore) }
            return EPIPE
        case EFBIG:
            if held { takeAway(SIGXFSZ, unlessPendingIn: pendingBefore) }
            return EFBIG
        case let number:
            return number
        }
    }
    return 0
}

/// Removes a signal that is pending now and was not before.
private func takeAway(_ signal: Int32, unlessPendingIn before: sigset_t) {
    var before = before
    var now = sigset_t()
    sigemptyset(&now)
    guard sigismember(&before, signal) == 0, sigpending(&now) == 0, sigismember(&now, signal) == 1 else { return }
    var one = sigset_t()
    var taken: Int32 = 0
    sigemptyset(&one)
    sigaddset(&one, signal)
    sigwait(&one, &taken)
}
