// What the plugins share beside gan.h.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What tells one file from another that took its name, or from itself after it was written to.
public struct FileIdentity: Equatable {
    private let device, number: UInt64
    private let size: Int64
    private let written, changed: Int64
    private let writtenPart, changedPart: Int64

    /// nil when there is no such file.
    public init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
        #if canImport(Glibc)
        let (modification, change) = (status.st_mtim, status.st_ctim)
        #else
        let (modification, change) = (status.st_mtimespec, status.st_ctimespec)
        #endif
        written = Int64(modification.tv_sec)
        writtenPart = Int64(modification.tv_nsec)
        changed = Int64(change.tv_sec)
        changedPart = Int64(change.tv_nsec)
    }
}
