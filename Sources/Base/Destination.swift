#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where the bytes for a path have to go. Finding out opens no pipe or device, and changes nothing.
enum Destination {
    /// To what the process has open under this number: its position and its flags are shared, as the shell intends.
    case own(Int32)
    /// To the pipe, device or magic link of that name, from its beginning on.
    case stream(FilePath)
    /// In the place of the file `name` of a folder. `old` is what there is now, or nil.
    case replace(folder: FilePath, name: FilePath, old: stat?)

    /// Follows symbolic links as the system does.
    /// - Throws: `.notFound`, `.accessDenied` for a file that may not be written, `.inputOutput` for a folder or links in a circle.
    init(path: String) throws(GanError) {
        try Path.check(path)
        var current = FilePath(path)
        for _ in 0...40 {
            if let own = Self.ownDescriptor(current) {
                try Self.checkOwn(own, path)
                self = .own(own)
                return
            }
            var information = stat()
            if current.withCString({ lstat($0, &information) }) != 0 {
                let number = errno
                guard number == ENOENT else { throw .fileSystem(number, "The file \"\(path)\" could not be created") }
                if current.isFolderName {
                    throw GanError(.notFound, "The folder \"\(path)\" does not exist, and the name of a file was expected.")
                }
                let (folder, name) = current.parts
                self = .replace(folder: folder, name: name, old: nil)
                return
            }
            switch information.st_mode & S_IFMT {
            case S_IFLNK:
                if Self.isMagic(information) {
                    self = try Self.behindMagic(current, path)
                    return
                }
                current = try Self.target(ofLink: current, for: path)
            case S_IFDIR:
                throw .fileSystem(EISDIR, "The file \"\(path)\" could not be written")
            case S_IFSOCK: throw Self.socket(path)
            case S_IFREG:
                try Self.checkWritable(current, path)
                let (folder, name) = current.parts
                self = .replace(folder: folder, name: name, old: information)
                return
            default:
                self = .stream(current)
                return
            }
        }
        throw .fileSystem(ELOOP, "The file \"\(path)\" could not be created")
    }

    /// A rename would replace a protected file without asking, so the system is asked whether it may be written: by opening
    /// it, which knows of permissions, access lists, read-only mounts and flags, and changes nothing.
    private static func checkWritable(_ file: FilePath, _ path: String) throws(GanError) {
        let opened = retrying { file.withCString { Int(open($0, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC)) } }
        guard opened.result >= 0 else { throw .fileSystem(opened.errorNumber, "The file \"\(path)\" could not be written") }
        close(Int32(opened.result))
    }

    // MARK: What is open already

    /// The descriptor that names such as `/dev/stdout` and `/dev/fd/3` stand for.
    private static func ownDescriptor(_ path: FilePath) -> Int32? {
        let text = path.description
        switch text {
        case "/dev/stdin": return 0
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default:
            for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/"] where text.hasPrefix(folder) {
                return Text.int64(String(text.dropFirst(folder.count))).flatMap { $0 >= 0 ? Int32(exactly: $0) : nil }
            }
            return nil
        }
    }

    private static func checkOwn(_ descriptor: Int32, _ path: String) throws(GanError) {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0 else {
            throw GanError(.inputOutput, "\"\(path)\" is no open file: the program has nothing open under the number \(descriptor).")
        }
        guard flags & O_ACCMODE != O_RDONLY else {
            throw GanError(.accessDenied, "\"\(path)\" is open for reading only, and a file to write was expected.")
        }
    }

    // MARK: Links

    /// Whether a link is one of `/proc`'s, which lead to open files and not to where their text says.
    private static func isMagic(_ link: stat) -> Bool {
        var process = stat()
        return stat("/proc/self/fd", &process) == 0 && process.st_dev == link.st_dev
    }

    private static func behindMagic(_ link: FilePath, _ path: String) throws(GanError) -> Destination {
        var information = stat()
        guard link.withCString({ stat($0, &information) }) == 0 else {
            throw .fileSystem(errno, "The file \"\(path)\" could not be opened for writing")
        }
        if information.st_mode & S_IFMT == S_IFDIR { throw .fileSystem(EISDIR, "The file \"\(path)\" could not be written") }
        if information.st_mode & S_IFMT == S_IFSOCK { throw socket(path) }
        return .stream(link)
    }

    private static func socket(_ path: String) -> GanError {
        GanError(.inputOutput, "\"\(path)\" is a socket, which cannot be written to by its name; the name of a file was expected.")
    }

    private static func target(ofLink link: FilePath, for path: String) throws(GanError) -> FilePath {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let length = bytes.withUnsafeMutableBytes { room in
            room.withMemoryRebound(to: CChar.self) { room in
                room.baseAddress.map { start in link.withCString { readlink($0, start, room.count) } } ?? -1
            }
        }
        guard length >= 0 else { throw .fileSystem(errno, "The symbolic link \"\(path)\" could not be followed") }
        guard length < bytes.count else { throw .fileSystem(ENAMETOOLONG, "The symbolic link \"\(path)\" could not be followed") }
        let target = FilePath(bytes: bytes[..<length])
        return target.isAbsolute ? target : link.parts.folder.appending(target.bytes)
    }
}
