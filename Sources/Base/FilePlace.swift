#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a path leads to, so that two paths to one file are known for what they are: by another name, by links of both
/// kinds, or by a mount.
public struct FilePlace {
    private struct Identity: Equatable {
        let device, number: UInt64

        init(_ information: stat) {
            device = UInt64(truncatingIfNeeded: information.st_dev)
            number = UInt64(truncatingIfNeeded: information.st_ino)
        }
    }

    public enum Kind: Sendable { case missing, file, folder, pipe, device }

    public let kind: Kind
    /// In bytes, for a file.
    public let size: Int64
    /// How many names a file has.
    private let names: UInt64
    private let identity: Identity?
    /// Where it is or would be: its folder and its name there.
    private let folder: Identity?
    private let name: [UInt8]

    /// Follows links as a writer does. What cannot be looked at is missing.
    public init(_ path: String) {
        var information = stat()
        var found = false
        var folder: Identity?
        var name: [UInt8] = []
        switch try? Destination(path: path) {
        case .own(let descriptor): found = fstat(descriptor, &information) == 0
        case .replace(let folderPath, let last, _):
            var folderInformation = stat()
            if folderPath.withCString({ stat($0, &folderInformation) }) == 0 { folder = Identity(folderInformation) }
            name = last.bytes
            found = folderPath.appending(last.bytes).withCString { stat($0, &information) } == 0
        default: found = stat(path, &information) == 0
        }
        self.folder = folder
        self.name = name
        identity = found ? Identity(information) : nil
        size = found ? Int64(information.st_size) : 0
        names = found ? UInt64(information.st_nlink) : 0
        guard found else {
            kind = .missing
            return
        }
        switch information.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFIFO, S_IFSOCK: kind = .pipe
        default: kind = .device
        }
    }

    /// Whether both lead to one file, or would make one. A device such as /dev/null is nobody's.
    public func isSame(as other: FilePlace) -> Bool {
        if kind == .device || other.kind == .device { return false }
        if let identity, let another = other.identity { return identity == another }
        guard let folder, let another = other.folder, identity == nil, other.identity == nil else { return false }
        return folder == another && name == other.name
    }

    /// Whether this file or folder is this folder, or lies somewhere in it. One that is missing lies where it would be.
    public static func isInside(_ path: String, _ folderPath: String) -> Bool {
        var wanted = stat()
        guard stat(folderPath, &wanted) == 0, wanted.st_mode & S_IFMT == S_IFDIR else { return false }
        // The nearest folder above it that there is.
        var start = FilePath(path)
        var information = stat()
        while start.withCString({ stat($0, &information) }) != 0 || information.st_mode & S_IFMT != S_IFDIR {
            var trimmed = start.bytes
            while trimmed.count > 1, trimmed.last == UInt8(ascii: "/") { trimmed.removeLast() }
            let above = FilePath(bytes: trimmed).parts.folder
            if above == start { return false }
            start = above
        }
        var current = retrying { start.withCString { Int(open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) } }.result
        var last: Identity?
        while current >= 0 {
            let found = fstat(Int32(current), &information) == 0
            let identity = Identity(information)
            let above = !found || identity == Identity(wanted) || identity == last
                ? -1 : retrying { Int(openat(Int32(current), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }.result
            close(Int32(current))
            if found && identity == Identity(wanted) { return true }
            last = identity
            current = above
        }
        return false
    }

    /// Whether a file of the folder, or of those in it to this depth, is this file and is taken by `isMeant`, which gets its
    /// name and its first bytes.
    public func isIn(_ folderPath: String, depth: Int, where isMeant: (_ name: [UInt8], _ beginning: [UInt8]) -> Bool) -> Bool {
        guard let identity, kind == .file else { return false }
        let opened = retrying { Int(open(folderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
        return opened.result >= 0 && Self.holds(Int32(opened.result), identity, depth: depth, isMeant)
    }

    /// Closes `folder`.
    private static func holds(_ folder: Int32, _ wanted: Identity, depth: Int, _ isMeant: ([UInt8], [UInt8]) -> Bool) -> Bool {
        guard let list = fdopendir(folder) else {
            close(folder)
            return false
        }
        defer { closedir(list) }
        while let entry = readdir(list) {
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let name = Array(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
            if name.first == UInt8(ascii: ".") { continue }
            var information = stat()
            let path = FilePath(bytes: name)
            guard path.withCString({ fstatat(dirfd(list), $0, &information, 0) }) == 0 else { continue }
            if information.st_mode & S_IFMT == S_IFDIR, depth > 0 {
                // Not through links, which may lead round in a circle.
                let inner = retrying {
                    path.withCString { Int(openat(dirfd(list), $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) }
                }
                if inner.result >= 0, holds(Int32(inner.result), wanted, depth: depth - 1, isMeant) { return true }
            } else if Identity(information) == wanted, isMeant(name, beginning(of: path, in: dirfd(list))) {
                return true
            }
        }
        return false
    }

    private static func beginning(of file: FilePath, in folder: Int32) -> [UInt8] {
        let opened = retrying { file.withCString { Int(openat(folder, $0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) } }
        guard opened.result >= 0 else { return [] }
        defer { close(Int32(opened.result)) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { room in retrying { pread(Int32(opened.result), room.baseAddress, room.count, 0) }.result }
        return Array(bytes.prefix(max(count, 0)))
    }

    /// The first 64 bytes of a regular file, or none.
    public static func beginning(_ path: String) -> [UInt8] {
        FilePlace(path).kind == .file ? beginning(of: FilePath(path), in: AT_FDCWD) : []
    }
}
