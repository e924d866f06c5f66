// Whether there is room for what is going to be written, found out before it is made.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

struct Room {
    /// What is taken already of each file system.
    private var taken: [UInt64: Double] = [:]

    /// Refuses a file that is longer than its file system has room for, or than this process may write. Pipes and devices have
    /// no end.
    /// - Parameters:
    ///   - bytes: may be more than any file has.
    ///   - cause: what makes it so long, such as "'--count' is 100".
    mutating func take(_ bytes: Double, for path: String, _ cause: String) throws {
        guard !Places.isStream(path) else { return }
        func refuse(_ why: String) -> Failure { Failure(Exit.inputOutput, "\(cause): \"\(path)\" would take \(Format.size(bytes)), and \(why).") }
        var limit = rlimit()
        #if canImport(Glibc)
        let found = getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        #else
        let found = getrlimit(RLIMIT_FSIZE, &limit)
        #endif
        if found == 0, limit.rlim_cur < rlim_t(Int64.max), bytes > Double(limit.rlim_cur) {
            throw refuse("this process may write \(Format.size(Double(limit.rlim_cur))) into a file ('ulimit -f')")
        }
        if bytes > Double(Int64.max) { throw refuse("no file is so long") }
        try take(bytes, near: path, refuse)
    }

    /// Refuses more files in a folder than its file system has room for, each of some bytes at least.
    mutating func take(files: Int64, in folder: String, _ cause: String) throws {
        // The shortest PNG there is.
        let bytes = Double(files) * 67
        try take(bytes, near: folder + "/.") { Failure(Exit.inputOutput, "\(cause): so many files would take more than \(Format.size(bytes)), and \($0).") }
    }

    private mutating func take(_ bytes: Double, near path: String, _ refuse: (String) -> Failure) throws {
        // Its folder may have to be made.
        var place = path
        var information = stat()
        while stat(place, &information) != 0, Paths.folder(of: place) != place { place = Paths.folder(of: place) }
        var system = statvfs()
        guard statvfs(place, &system) == 0, system.f_blocks > 0 else { return }
        let free = Double(system.f_bavail) * Double(system.f_frsize)
        let device = UInt64(truncatingIfNeeded: information.st_dev)
        let before = taken[device] ?? 0
        guard bytes + before <= free else {
            throw refuse("\(Format.size(max(free - before, 0))) are free there\(before > 0 ? " beside the other files" : "")")
        }
        taken[device] = before + bytes
    }
}
