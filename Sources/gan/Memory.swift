// Whether there is memory for what an argument or a file asks for. Swift ends a program whose array finds none, so what may be large is
// asked for here first.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Memory {
    /// - Parameter what: What it is for, such as "a picture of 40 × 30 pixels".
    static func check(_ bytes: Int, for what: @autoclosure () -> String) throws {
        // A block of malloc's that nobody uses the compiler would leave out, and say that there is one.
        let room = mmap(nil, max(bytes, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard room != MAP_FAILED else { throw Failure(Exit.system, "There is no memory for \(what()).") }
        munmap(room, max(bytes, 1))
    }
}
