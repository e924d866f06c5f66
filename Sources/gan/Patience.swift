// What takes longer than a user would wait without a word: what is waited for is said on standard error.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Patience {
    /// Does something, and says `text` when it is not done after a second and a half.
    static func telling<Result>(_ text: String, isQuiet: Bool = false, _ body: () throws -> Result) rethrows -> Result {
        if isQuiet { return try body() }
        let teller = Teller(text)
        teller.start()
        defer { teller.stop() }
        return try body()
    }

    /// Reads what is called `path`.
    static func reading<Result>(_ path: String, isQuiet: Bool, _ body: () throws -> Result) rethrows -> Result {
        let isPipe = Pipes.isNamed(path)
        return try telling(isPipe ? "Waiting for what comes through the pipe \(path) …" : "Reading \(path) …", isQuiet: isQuiet && !isPipe, body)
    }
}

/// A thread that waits for the end of something, and says a sentence when that does not come.
private final class Teller: @unchecked Sendable {
    private let text: String
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let ended = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Guarded by `mutex`.
    private var isDone = false
    #if canImport(Glibc)
    private var thread = pthread_t()
    #else
    private var thread: pthread_t?
    #endif
    private var isRunning = false

    init(_ text: String) {
        self.text = text
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(ended, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(ended)
        mutex.deallocate()
        ended.deallocate()
    }

    /// Where there is no thread to be had nothing is said.
    func start() {
        // Signals are for the thread that works.
        var all = sigset_t(), before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        // This object outlives the thread, which `stop` waits for.
        isRunning = pthread_create(&thread, nil, { Teller.run($0) }, Unmanaged.passUnretained(self).toOpaque()) == 0
    }

    func stop() {
        guard isRunning else { return }
        pthread_mutex_lock(mutex)
        isDone = true
        pthread_cond_signal(ended)
        pthread_mutex_unlock(mutex)
        #if canImport(Glibc)
        pthread_join(thread, nil)
        #else
        if let thread { pthread_join(thread, nil) }
        #endif
    }

    private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        Unmanaged<Teller>.fromOpaque(context).takeUnretainedValue().wait()
        return nil
    }

    private func wait() {
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        until.tv_sec += 1
        until.tv_nsec += 500_000_000
        if until.tv_nsec >= 1_000_000_000 {
            until.tv_sec += 1
            until.tv_nsec -= 1_000_000_000
        }
        pthread_mutex_lock(mutex)
        var number: Int32 = 0
        while !isDone, number == 0 { number = pthread_cond_timedwait(ended, mutex, &until) }
        let isLate = !isDone
        pthread_mutex_unlock(mutex)
        if isLate { Output.note(text) }
    }
}

/// Pipes that have a name. Whoever opens one for writing waits until somebody reads it.
enum Pipes {
    static func isNamed(_ path: String) -> Bool {
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFIFO else { return false }
        // What the process has open is nobody's name: /dev/stdout leads to no file.
        guard let real = realpath(path, nil) else { return false }
        free(real)
        return true
    }

    /// Does what writes to `path`, once somebody reads it where it is a pipe. One without a reader is told, even where --quiet is:
    /// it may well be a mistake.
    static func writing<Result>(to path: String, _ body: () throws -> Result) rethrows -> Result {
        guard isNamed(path) else { return try body() }
        let descriptor = Patience.telling("Nobody reads the pipe \(path) yet. Waiting until somebody does …") { open(path) }
        // Held until all is written: between two writers a reader would see the end.
        defer { if descriptor >= 0 { close(descriptor) } }
        return try body()
    }

    /// Waits for a reader. Other failures are left to who writes.
    private static func open(_ path: String) -> Int32 {
        while true {
            let descriptor = system(path)
            if descriptor >= 0 || (errno != ENXIO && errno != EINTR) { return descriptor }
            usleep(20_000)
        }
    }

    private static func system(_ path: String) -> Int32 {
        #if canImport(Glibc)
        return Glibc.open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        #else
        return Darwin.open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        #endif
    }
}
