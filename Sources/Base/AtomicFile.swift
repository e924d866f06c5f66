#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that appears under its name whole or not at all. Everything that is written goes through here.
///
/// Bytes go to a temporary file in the same folder; `commit` syncs it, renames it over the target and syncs the folder.
/// Whoever reads the target sees the old contents or the new ones, also after a loss of power. A failure, `abandon` or
/// letting go of the object removes the temporary file, and `TemporaryFiles` what a killed process left.
///
/// - A symbolic link is written through: the file it names is replaced, and the link stays.
/// - An existing target keeps its permission bits, and its owner and group as far as the system lets them be given; a new
///   one gets 0666 less the process's umask.
/// - A pipe or device cannot be replaced, and what the process has open (`/dev/stdout`, `/dev/fd/3`) is not meant to be: they
///   are written to directly.
/// - What cannot be renamed onto, such as a file that is mounted for itself, is overwritten in place once all is there.
/// - The folder is held open, so a relative path means what it meant at the start.
public final class AtomicFile {
    public let path: String
    private var descriptor: Int32
    /// Where the temporary file is and what it is to become, or nil where bytes go to the target directly.
    private var place: Place?
    /// Whether this is only to find out that it could be done.
    private let isTrial: Bool

    private struct Place {
        let folder: Int32
        let target: FilePath
        let temporary: TemporaryFiles.Made
        let isNew: Bool
    }

    /// - Throws: `.notFound` for a missing folder, `.accessDenied`, `.noSpace`, else `.inputOutput`.
    public convenience init(path: String) throws(GanError) { try self.init(path: path, isTrial: false) }

    /// A file that is written to find out whether it could be, ended by `endTrial`: everything happens but that it gets its
    /// name, and nothing goes to a pipe or a device.
    public static func trial(path: String) throws(GanError) -> AtomicFile { try AtomicFile(path: path, isTrial: true) }

    private init(path: String, isTrial: Bool) throws(GanError) {
        self.path = path
        self.isTrial = isTrial
        switch try Destination(path: path) {
        case .own(let own):
            descriptor = fcntl(own, F_DUPFD_CLOEXEC, 3)
            place = nil
            guard descriptor >= 0 else { throw .fileSystem(errno, "The file \"\(path)\" could not be opened for writing") }
        case .stream(let device):
            descriptor = try Self.open(isTrial ? FilePath("/dev/null") : device, asking: isTrial ? device : nil, for: path)
            place = nil
        case .replace(let folderPath, let name, let old):
            let folder = try Self.openFolder(folderPath, for: path)
            TemporaryFiles.sweep(folder)
            let (made, number) = TemporaryFiles.create(in: folder, mode: old == nil ? 0o666 : 0o600)
            guard let made else {
                close(folder)
                throw .fileSystem(number, "The file \"\(path)\" could not be created")
            }
            if let old { Self.keepOwnerAndMode(of: old, on: made.descriptor) }
            descriptor = made.descriptor
            place = Place(folder: folder, target: name, temporary: made, isNew: old == nil)
        }
    }

    deinit { abandon() }

    // MARK: Writing

    /// Appends `bytes`. After a failure the temporary file is gone and so is the object's use.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(GanError) {
        guard descriptor >= 0 else { throw finished() }
        if isTrial && place == nil { return }
        try settle(writeAll(descriptor, bytes))
    }

    public func write(_ bytes: [UInt8]) throws(GanError) {
        guard descriptor >= 0 else { throw finished() }
        if isTrial && place == nil { return }
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
        guard descriptor >= 0, !isTrial else { throw finished() }
        guard let place else {
            let closed = close(descriptor)
            let number = errno
            descriptor = -1
            if closed != 0 && number != EINTR { throw .fileSystem(number, "The file \"\(path)\" could not be closed") }
            return
        }
        try settle(syncContents(descriptor))
        let renamed = retrying {
            place.temporary.name.withCString { from in
                place.target.withCString { to in Int(renameat(place.folder, from, place.folder, to)) }
            }
        }
        guard renamed.result == 0 else { return try overwriteInPlace(place, insteadOf: renamed.errorNumber) }
        TemporaryFiles.forget(place.temporary)
        close(descriptor)
        descriptor = -1
        self.place = nil
        // The file is in its place. A folder that cannot be synced, as on some network mounts, takes nothing of that away.
        _ = retrying { Int(fsync(place.folder)) }
        close(place.folder)
    }

    /// A file that is mounted for itself cannot be renamed onto, nor another user's in a folder such as /tmp, though it may be
    /// written to.
    private func overwriteInPlace(_ place: Place, insteadOf number: Int32) throws(GanError) {
        let deed = "The new contents could not be put in the place of \"\(path)\""
        defer { abandon() }
        guard [EBUSY, EXDEV, EPERM, EACCES].contains(number) else { throw .fileSystem(number, deed) }
        let opened = retrying {
            place.target.withCString { Int(openat(place.folder, $0, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC)) }
        }
        guard opened.result >= 0 else { throw .fileSystem(number, deed) }
        let target = Int32(opened.result)
        var isTouched = false
        let failed = overwrite(target, with: descriptor, isTouched: &isTouched)
        close(target)
        if failed != 0 {
            throw .fileSystem(
                failed, "The file \"\(path)\" can only be overwritten in place, and \(isTouched ? "is damaged, for that was interrupted" : "that failed")")
        }
    }

    /// Finds out what else could keep the file from being written, and leaves everything as it was.
    ///
    /// - Parameter isReadAgain: whether the file is of use only to those who may read it, too.
    public func endTrial(isReadAgain: Bool = false) throws(GanError) {
        guard descriptor >= 0, isTrial else { throw finished() }
        defer { abandon() }
        guard let place else { return }
        try settle(syncContents(descriptor))
        let readable = place.temporary.name.withCString { faccessat(place.folder, $0, R_OK, AT_EACCESS) }
        if isReadAgain && readable != 0 && errno == EACCES {
            throw GanError(
                .accessDenied,
                "The file \"\(path)\" could be written but not read again: \(place.isNew ? "the process's umask" : "its mode") forbids that.")
        }
    }

    /// That the file could be written, as far as an empty one tells. Pipes and devices are not opened.
    public static func check(path: String) throws(GanError) { try trial(path: path).endTrial() }

    /// Gives up: the target stays as it was. Harmless after `commit`.
    public func abandon() {
        guard descriptor >= 0 else { return }
        if let place {
            // Before it is closed, and so unlocked.
            TemporaryFiles.remove(place.temporary, from: place.folder)
            close(place.folder)
        }
        place = nil
        close(descriptor)
        descriptor = -1
    }

    private func finished() -> GanError {
        GanError(.inputOutput, "The file \"\(path)\" is no longer open for writing; an earlier failure or commit closed it.")
    }

    // MARK: Opening

    /// - Parameter asking: opened is another file, and of this one the system is only asked whether it may be written.
    private static func open(_ file: FilePath, asking: FilePath?, for path: String) throws(GanError) -> Int32 {
        if let asking, asking.withCString({ faccessat(AT_FDCWD, $0, W_OK, AT_EACCESS) }) != 0 {
            throw .fileSystem(errno, "The file \"\(path)\" could not be opened for writing")
        }
        // O_TRUNC is for files behind /proc's links; pipes and devices know nothing of it.
        let opened = aboveStandard(retrying { file.withCString { Int(systemOpen($0, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY)) } })
        guard opened.result >= 0 else { throw .fileSystem(opened.errorNumber, "The file \"\(path)\" could not be opened for writing") }
        return Int32(opened.result)
    }

    private static func openFolder(_ folder: FilePath, for path: String) throws(GanError) -> Int32 {
        var opened = retrying { folder.withCString { Int(systemOpen($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) } }
        #if os(Linux)
        if opened.errorNumber == EACCES {
            // Permission to enter and to write is enough to create a file there.
            let asPlace: Int32 = 0o10000000  // O_PATH, which the C header hides from some callers
            opened = retrying { folder.withCString { Int(systemOpen($0, asPlace | O_DIRECTORY | O_CLOEXEC)) } }
        }
        #endif
        opened = aboveStandard(opened)
        guard opened.result >= 0 else {
            throw .fileSystem(opened.errorNumber, "The folder \"\(folder)\" of the file \"\(path)\" could not be opened")
        }
        return Int32(opened.result)
    }

    /// Where the system forbids it or the file system knows no modes, the file is ours, and no more people may read it than
    /// might before.
    private static func keepOwnerAndMode(of old: stat, on descriptor: Int32) {
        var new = stat()
        var mode = old.st_mode & 0o7777
        if fstat(descriptor, &new) == 0, new.st_uid != old.st_uid || new.st_gid != old.st_gid,
            fchown(descriptor, old.st_uid, old.st_gid) != 0
        {
            mode &= 0o777
            // What the old group might do is not for another one.
            if new.st_gid != old.st_gid, fchown(descriptor, uid_t.max, old.st_gid) != 0 { mode = mode & ~0o070 | (mode & 0o007) << 3 & mode }
        }
        fchmod(descriptor, mode)
    }
}

/// The system's `open`, under a name that the methods above do not hide.
private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 { open(path, flags) }
