#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The models that a connection used last, by path.
///
/// Every use looks at the file again, which costs a microsecond: one that was replaced is loaded anew, and one that was
/// deleted is an error, so that a statement never draws from what its path no longer names. A table whose rows are being
/// read keeps the model that it began with.
final class ModelCache {
    private struct Entry {
        let path: String
        let file: FileIdentity
        let model: Model
    }

    /// The last used comes last.
    private var entries: [Entry] = []
    private let most = 8

    func model(_ path: String) throws(SQLError) -> Model {
        let file = FileIdentity(path)
        if let place = entries.firstIndex(where: { $0.path == path }) {
            let entry = entries.remove(at: place)
            if let file, file == entry.file {
                entries.append(entry)
                return entry.model
            }
        }
        // When it is not there, loading says so in the library's words.
        let model = try Model(path: path)
        if let file {
            if entries.count >= most { entries.removeFirst() }
            entries.append(Entry(path: path, file: file, model: model))
        }
        return model
    }
}

/// What tells one file from another that took its name, or from itself after it was written to.
struct FileIdentity: Equatable {
    private let device, number: UInt64
    private let size: Int64
    private let written, changed: Int64
    private let writtenPart, changedPart: Int64

    /// nil when there is no such file.
    init?(_ path: String) {
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
