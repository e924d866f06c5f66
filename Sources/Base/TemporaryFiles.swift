#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// Temporary files: their names, and how none stays behind.
///
/// Whoever writes one holds the system's lock on it (`flock`), which ends with the process whatever ends that. So a file of
/// such a name that nobody holds is what a killed process left, and the first writer that comes into the folder takes it
/// away. Process numbers would tell less: other machines and containers that share the folder have their own.
///
/// For a program that is about to end by a signal, `removeAll` takes away what it has open itself.
public enum TemporaryFiles {
    /// The whole name is this, sixteen digits and the ending. It does not contain the target's, which may already be as long
    /// as names can be.
    private static let beginning = ".gan-new-"
    private static let ending = ".tmp"
    private static let nameLength = 9 + 16 + 4

    private static func isName(_ name: [UInt8]) -> Bool {
        name.count == nameLength && name.starts(with: beginning.utf8) && name.suffix(4).elementsEqual(ending.utf8)
            && name.dropFirst(9).prefix(16).allSatisfy { ($0 >= 48 && $0 <= 57) || ($0 >= 97 && $0 <= 102) }
    }

    // MARK: Making one

    /// A file that is open for reading and writing, locked, and registered for `removeAll`.
    struct Made {
        let descriptor: Int32
        let name: FilePath
        fileprivate let slot: Int?
    }

    /// Creates one, or returns the error number.
    static func create(in folder: Int32, mode: mode_t) -> (made: Made?, errorNumber: Int32) {
        var number = EEXIST
        for attempt in 0..<100 {
            let digits = String(unlikelyNumber(attempt), radix: 16)
            let name = FilePath(beginning + String(repeating: "0", count: 16 - digits.count) + digits + ending)
            // Before there is the file, so that no signal finds one that is not registered.
            let slot = Registry.enter(folder, name)
            let created = retrying {
                name.withCString { Int(openat(folder, $0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)) }
            }
            guard created.result >= 0 else {
                Registry.leave(slot)
                number = created.errorNumber
                if number == EEXIST { continue }
                return (nil, number)
            }
            let kept = aboveStandard(created)
            guard kept.result >= 0 else {
                name.withCString { _ = unlinkat(folder, $0, 0) }
                Registry.leave(slot)
                return (nil, kept.errorNumber)
            }
            let descriptor = Int32(kept.result)
            if isHeld(descriptor) { return (Made(descriptor: descriptor, name: name, slot: slot), 0) }
            // Another process took it for a leftover, in the moment before the lock.
            close(descriptor)
            name.withCString { _ = unlinkat(folder, $0, 0) }
            Registry.leave(slot)
        }
        return (nil, number)
    }

    /// Locks a new file. A file system without locks will do: there, nobody takes the file away either.
    private static func isHeld(_ descriptor: Int32) -> Bool {
        let locked = retrying { Int(flock(descriptor, LOCK_EX | LOCK_NB)) }
        if locked.result != 0 { return locked.errorNumber != EWOULDBLOCK }
        var information = stat()
        return fstat(descriptor, &information) == 0 && information.st_nlink > 0
    }

    /// Takes the file away.
    static func remove(_ made: Made, from folder: Int32) {
        made.name.withCString { _ = unlinkat(folder, $0, 0) }
        Registry.leave(made.slot)
    }

    /// Forgets a file that has got its own name.
    static func forget(_ made: Made) { Registry.leave(made.slot) }

    /// A number that another thread or process hardly has at the same time; `O_EXCL` settles the rest.
    private static func unlikelyNumber(_ attempt: Int) -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let thread = withUnsafePointer(to: &now) { UInt64(UInt(bitPattern: $0)) }  // each thread has its own stack
        var x = UInt64(bitPattern: Int64(now.tv_sec)) &* 1_000_000_007 &+ UInt64(bitPattern: Int64(now.tv_nsec))
        x = (x ^ thread &+ UInt64(attempt) ^ UInt64(UInt32(bitPattern: getpid())) << 40) &* 0x9E37_79B9_7F4A_7C15
        return x ^ x >> 32
    }

    // MARK: What others left

    /// The folders in which this process has looked last: a look at every file of a film would take long.
    private nonisolated(unsafe) static let seen: UnsafeMutablePointer<Atomic<UInt64>> = {
        let places = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: 16)
        for place in 0..<16 { (places + place).initialize(to: Atomic(0)) }
        return places
    }()

    /// Takes away the temporary files of processes that are no more, once a minute for a folder. Nothing that goes wrong matters.
    static func sweep(_ folder: Int32) {
        var information = stat()
        var now = timespec()
        guard fstat(folder, &information) == 0 else { return }
        clock_gettime(CLOCK_MONOTONIC, &now)
        var mark = UInt64(truncatingIfNeeded: information.st_ino) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: information.st_dev)
        let place = seen + Int(truncatingIfNeeded: mark >> 60)
        mark = (mark ^ UInt64(truncatingIfNeeded: now.tv_sec) >> 6) | 1
        if place.pointee.exchange(mark, ordering: .relaxed) == mark { return }

        // The folder's own descriptor may be a mere place, and has one position for all.
        let opened = retrying { Int(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
        guard opened.result >= 0 else { return }
        guard let list = fdopendir(Int32(opened.result)) else {
            close(Int32(opened.result))
            return
        }
        defer { closedir(list) }
        while let entry = readdir(list) {
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            guard strnlen(start.assumingMemoryBound(to: CChar.self), nameLength + 1) == nameLength else { continue }
            let name = Array(UnsafeRawBufferPointer(start: start, count: nameLength))
            if isName(name) { removeLeftover(FilePath(bytes: name), from: folder) }
        }
    }

    private static func removeLeftover(_ name: FilePath, from folder: Int32) {
        func tryToOpen(_ access: Int32) -> Int32 {
            Int32(retrying { name.withCString { Int(openat(folder, $0, access | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC)) } }.result)
        }
        // Network file systems lock what is open for writing; a file that may only be read is locked all the same elsewhere.
        var descriptor = tryToOpen(O_RDWR)
        if descriptor < 0 { descriptor = tryToOpen(O_RDONLY) }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return }
        if retrying({ Int(flock(descriptor, LOCK_EX | LOCK_NB)) }).result == 0 { name.withCString { _ = unlinkat(folder, $0, 0) } }
    }

    // MARK: What this process has

    /// Makes sure that `removeAll` may be called in a signal handler.
    public static func prepareForSignals() { Registry.leave(Registry.enter(-1, FilePath(""))) }

    /// Takes away every temporary file of this process, which ends right after it. May be called in a signal handler that
    /// interrupts the writing thread, once `prepareForSignals` was.
    public static func removeAll() { Registry.removeAll() }
}

/// The temporary files of this process, in memory that a signal handler may read.
private enum Registry {
    struct Slot {
        /// 0 free, 1 being written, 2 filled.
        var state: sig_atomic_t = 0
        var folder: Int32 = -1
        var name: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    }

    /// Who writes more files at once has the others swept up by the next process.
    private static let capacity = 64

    private nonisolated(unsafe) static let slots: UnsafeMutablePointer<Slot> = {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
        return slots
    }()

    private nonisolated(unsafe) static let owners: UnsafeMutablePointer<Atomic<Bool>> = {
        let owners = UnsafeMutablePointer<Atomic<Bool>>.allocate(capacity: capacity)
        for place in 0..<capacity { (owners + place).initialize(to: Atomic(false)) }
        return owners
    }()

    static func enter(_ folder: Int32, _ name: FilePath) -> Int? {
        guard name.bytes.count < MemoryLayout<(UInt64, UInt64, UInt64, UInt64)>.size else { return nil }
        for place in 0..<capacity where !(owners + place).pointee.exchange(true, ordering: .acquiring) {
            let slot = slots + place
            slot.pointee.folder = folder
            withUnsafeMutableBytes(of: &slot.pointee.name) { room in
                room.copyBytes(from: name.bytes)
                room[name.bytes.count] = 0
            }
            atomicMemoryFence(ordering: .releasing)
            slot.pointee.state = 2
            return place
        }
        return nil
    }

    static func leave(_ place: Int?) {
        guard let place else { return }
        slots[place].state = 0
        (owners + place).pointee.store(false, ordering: .releasing)
    }

    static func removeAll() {
        for place in 0..<capacity where slots[place].state == 2 && slots[place].folder >= 0 {
            withUnsafePointer(to: &slots[place].name) { name in
                _ = unlinkat(slots[place].folder, UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), 0)
            }
        }
    }
}

/// What was opened, under a number above those of standard input, output and error. In a program that has closed these, a
/// file of ours would else be where its own messages go.
func aboveStandard(_ opened: (result: Int, errorNumber: Int32)) -> (result: Int, errorNumber: Int32) {
    guard opened.result >= 0, opened.result <= 2 else { return opened }
    let copy = retrying { Int(fcntl(Int32(opened.result), F_DUPFD_CLOEXEC, 3)) }
    close(Int32(opened.result))
    return copy
}
