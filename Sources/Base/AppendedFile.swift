#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that grows by whole pieces, such as a log by rows.
public enum AppendedFile {
    /// Appends `bytes` to a file that is there, all of them or none.
    /// - Throws: `.notFound` where it is no longer there, `.accessDenied`, `.noSpace`, else `.inputOutput`.
    public static func append(_ bytes: [UInt8], to path: String) throws(GanError) {
        try Path.check(path)
        let opened = aboveStandard(retrying { Int(open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY)) })
        guard opened.result >= 0 else { throw .fileSystem(opened.errorNumber, "The file \"\(path)\" could not be opened for writing") }
        let descriptor = Int32(opened.result)
        var information = stat()
        let isKnown = fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
        var number = bytes.withUnsafeBytes { writeAll(descriptor, $0) }
        if number != 0 && isKnown { _ = ftruncate(descriptor, information.st_size) }
        if close(descriptor) != 0 && number == 0 && errno != EINTR { number = errno }
        if number != 0 { throw .fileSystem(number, "The file \"\(path)\" could not be written") }
    }
}
