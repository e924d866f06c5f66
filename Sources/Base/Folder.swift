#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a path names, and what a folder holds.
public enum Folder {
    public enum Kind: Sendable { case missing, file, folder, other }

    /// What `path` names after following symbolic links; `other` is a pipe, a socket or a device.
    public static func kind(of path: String) throws(GanError) -> Kind {
        try Path.check(path)
        var information = stat()
        if stat(path, &information) != 0 {
            let number = errno
            if number == ENOENT || number == ENOTDIR { return .missing }
            throw .fileSystem(number, "\"\(path)\" could not be examined")
        }
        switch information.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// The names in a folder in the order of their bytes, without `.` and `..`.
    public static func entries(_ path: String) throws(GanError) -> [String] {
        try Path.check(path)
        guard let folder = opendir(path) else {
            throw .fileSystem(errno, "The folder \"\(path)\" could not be opened")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                let number = errno
                if number != 0 { throw .fileSystem(number, "The folder \"\(path)\" could not be read") }
                break
            }
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let name = String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
            if name != "." && name != ".." { names.append(name) }
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return names
    }
}
