import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// SQLite's functions, reached through the table that the host hands over and never by name: the program may have its
/// SQLite inside itself, and another may lie on the system.
///
/// SQLite calls a function with nothing but a context that only that SQLite can read, so there is one table for all
/// connections. A second SQLite in one process is refused for as long as connections of the first are alive.
var sqlite: sqlite3_api_routines {
    // Every way here leads through a connection, which entered before. Only the function that is wanted is read, so
    // that a table shorter than this header's is no matter.
    @inline(__always) unsafeAddress { Host.table.pointee.unsafelyUnwrapped }
}

enum Host {
    /// For what takes the table itself.
    static var functions: UnsafePointer<sqlite3_api_routines>? { table.pointee }

    fileprivate nonisolated(unsafe) static let table = {
        let place = UnsafeMutablePointer<UnsafePointer<sqlite3_api_routines>?>.allocate(capacity: 1)
        place.initialize(to: nil)
        return place
    }()

    private nonisolated(unsafe) static var connections = 0

    private nonisolated(unsafe) static let mutex = {
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        return mutex
    }()

    /// Counts a connection; false when another SQLite is here.
    static func enter(_ api: UnsafePointer<sqlite3_api_routines>) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard connections == 0 || table.pointee == api else { return false }
        // Written only when it changes: other connections read it without the lock.
        if table.pointee != api { table.pointee = api }
        connections += 1
        return true
    }

    static func leave() {
        pthread_mutex_lock(mutex)
        connections -= 1
        pthread_mutex_unlock(mutex)
    }
}
