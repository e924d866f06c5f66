#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// What the operating system's error numbers mean for a caller: a status of the contract and half a sentence.
// `strerror` is not used, because it speaks the language of the host's locale and is not safe between threads.

extension GanError {
    /// The failure of `deed`, a clause such as `The file "a.png" could not be opened`, with the reason behind it.
    public static func fileSystem(_ number: Int32, _ deed: String) -> GanError {
        let (status, reason) = meaning(ofErrorNumber: number)
        return GanError(status, "\(deed): \(reason).")
    }

    private static func meaning(ofErrorNumber number: Int32) -> (Status, String) {
        switch number {
        case ENOENT: return (.notFound, "there is no such file or folder")
        case ENOTDIR: return (.notFound, "a part of the path is not a folder")
        case EACCES, EPERM: return (.accessDenied, "permission was denied")
        case EROFS: return (.accessDenied, "the file system is read-only")
        case ETXTBSY: return (.accessDenied, "it is a program that is running")
        case ENOSPC: return (.noSpace, "no space is left on the device")
        case EDQUOT: return (.noSpace, "the disk quota is used up")
        case EFBIG: return (.noSpace, "the file would be larger than the system allows")
        case ENOMEM: return (.outOfMemory, "the system has no memory left")
        case EISDIR: return (.inputOutput, "it is a folder, and a file was expected")
        case ELOOP: return (.inputOutput, "symbolic links lead round in a circle")
        case ENAMETOOLONG: return (.inputOutput, "the name is too long")
        case EMFILE, ENFILE: return (.inputOutput, "too many files are open")
        case ENXIO: return (.inputOutput, "it is a socket, or a device that is not there")
        case EPIPE: return (.inputOutput, "nobody reads the other end of the pipe any more")
        case EIO: return (.inputOutput, "the device reported an error")
        default: return (.inputOutput, "the system reported error number \(number)")
        }
    }
}

/// Paths, as far as files need them taken apart.
public enum Path {
    /// As `FilePath.check`.
    public static func check(_ path: String) throws(GanError) { try FilePath(path).check() }

    /// `name` inside `folder`.
    public static func join(_ folder: String, _ name: String) -> String {
        folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
    }

    /// The folder part and the last name of a path: `a/b` gives `a` and `b`, `b` gives `.` and `b`.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let folder = slash == path.utf8.startIndex ? "/" : String(path[..<slash])
        return (folder, String(path[path.utf8.index(after: slash)...]))
    }
}

/// Repeats a system call for as long as a signal interrupts it. Returns its result and, when that is negative, `errno`.
@inline(__always)
func retrying(_ call: () -> Int) -> (result: Int, errorNumber: Int32) {
    while true {
        let result = call()
        if result >= 0 { return (result, 0) }
        let number = errno
        if number != EINTR { return (result, number) }
    }
}
