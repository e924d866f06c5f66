#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a path names, and what a folder holds.
public enum Folder {
    public enum Kind: Sendable { case missing, file, folder, other }

    /// Something in a folder.
    public struct Entry: Sendable {
        public let name: [UInt8]
        /// After following a symbolic link; `missing` for a link that leads nowhere.
        public let kind: Kind
    }

    /// What tells a folder from every other one, whatever it is called.
    public struct Identity: Hashable, Sendable {
        private let device: UInt64
        private let number: UInt64

        fileprivate init(_ information: stat) {
            device = UInt64(truncatingIfNeeded: information.st_dev)
            number = UInt64(truncatingIfNeeded: information.st_ino)
        }
    }

    /// What `path` names after following symbolic links; `other` is a pipe, a socket or a device.
    public static func kind(of path: FilePath) throws(GanError) -> Kind { try examined(path).kind }

    public static func kind(of path: String) throws(GanError) -> Kind { try kind(of: FilePath(path)) }

    /// Nil where there is nothing.
    public static func identity(of path: FilePath) throws(GanError) -> Identity? { try examined(path).identity }

    private static func examined(_ path: FilePath) throws(GanError) -> (kind: Kind, identity: Identity?) {
        try path.check()
        var information = stat()
        if path.withCString({ stat($0, &information) }) != 0 {
            let number = errno
            if number == ENOENT || number == ENOTDIR { return (.missing, nil) }
            throw .fileSystem(number, "\"\(path)\" could not be examined")
        }
        return (kind(ofMode: information.st_mode), Identity(information))
    }

    private static func kind(ofMode mode: mode_t) -> Kind {
        switch mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// What is in a folder, in the order of the names' bytes, without `.` and `..`.
    public static func contents(_ path: FilePath) throws(GanError) -> [Entry] {
        try path.check()
        guard let folder = path.withCString({ opendir($0) }) else {
            throw .fileSystem(errno, "The folder \"\(path)\" could not be opened")
        }
        defer { closedir(folder) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                let number = errno
                if number != 0 { throw .fileSystem(number, "The folder \"\(path)\" could not be read") }
                break
            }
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let start = UnsafeRawPointer(entry) + offset
            let name = Array(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
            if name == [UInt8(ascii: ".")] || name == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
            entries.append(Entry(name: name, kind: kind(of: name, in: folder, type: Int(entry.pointee.d_type))))
        }
        entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
        return entries
    }

    /// The names in a folder as text.
    public static func entries(_ path: String) throws(GanError) -> [String] {
        var names: [String] = []
        for entry in try contents(FilePath(path)) { names.append(FilePath.text(entry.name)) }
        return names
    }

    /// What the folder itself says of an entry, and otherwise what the system says of the file.
    private static func kind(of name: [UInt8], in folder: DirectoryStream, type: Int) -> Kind {
        if type == Int(DT_REG) { return .file }
        if type == Int(DT_DIR) { return .folder }
        var information = stat()
        let found = FilePath(bytes: name).withCString { fstatat(dirfd(folder), $0, &information, 0) == 0 }
        return found ? kind(ofMode: information.st_mode) : .missing
    }
}

#if canImport(Glibc)
private typealias DirectoryStream = OpaquePointer
#else
private typealias DirectoryStream = UnsafeMutablePointer<DIR>
#endif
