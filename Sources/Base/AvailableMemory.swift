#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How much memory may be used without driving the system to kill somebody.
///
/// Linux hands out more memory than it has and ends a process when that is found out, so an allocation that succeeds says
/// nothing. Whoever is about to fill memory whose size a caller decides asks here first.
public enum AvailableMemory {
    /// Bytes that can be had without swapping, or nil where the system does not say.
    public static var bytes: Int? {
        guard let file = fopen("/proc/meminfo", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        while fgets(&line, Int32(line.count), file) != nil {
            var kilobytes: Int = 0
            let found = withUnsafeMutablePointer(to: &kilobytes) { target in
                withVaList([target]) { vsscanf(line, "MemAvailable: %ld kB", $0) }
            }
            if found == 1 { return kilobytes.multipliedReportingOverflow(by: 1024).partialValue }
        }
        return nil
    }

    /// Throws `.outOfMemory` when `needed` bytes are more than there are.
    public static func check(_ needed: Int, for what: @autoclosure () -> String) throws(GanError) {
        guard let bytes, needed > bytes else { return }
        throw GanError(
            .outOfMemory, "\(what()) needs \(needed / 1_000_000) MB of memory, and \(bytes / 1_000_000) MB are available.")
    }
}
