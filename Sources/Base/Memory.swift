#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
internal import CHost

/// What is left of memory, as far as a call of the contract is concerned.
public enum Memory {
    /// Throws `.outOfMemory` where Swift's runtime has been given memory of the reserve since the call began (see `GanMemory.h`).
    ///
    /// What a call has made by then is whole, but lies in the reserve: whoever would keep it, or begin something large, asks here
    /// first, and the call gives everything back.
    public static func check() throws(GanError) {
        if gan_memory_is_short() != 0 { throw GanError(.outOfMemory, "Memory ran out, and this call was given up.") }
    }

    /// The same, and throws where the system has not `bytes` in one piece: before an array is made that is larger than what the
    /// reserve is for, or grows to that.
    public static func check(room bytes: Int) throws(GanError) {
        try check()
        guard let probe = gan_allocate(max(bytes, 1)) else {
            throw GanError(.outOfMemory, "No memory for a list of \(bytes) bytes.")
        }
        free(probe)
    }
}
