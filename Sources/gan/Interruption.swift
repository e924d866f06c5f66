// Ctrl-C. The first one sets a flag, which the training sees between two steps; the second ends the program at once. A
// checkpoint appears under its name whole or not at all, so that does no harm either.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Written by the handler alone, which may run between any two instructions; read by the thread that trains.
private nonisolated(unsafe) var requests: sig_atomic_t = 0
/// Whether there is a progress bar, which the second Ctrl-C wipes away.
private nonisolated(unsafe) var lineIsBusy: sig_atomic_t = 0

private func onSignal(_ number: Int32) {
    requests += 1
    guard requests > 1 else { return }
    if lineIsBusy != 0 {
        let wipe: StaticString = "\r\u{1B}[K"
        _ = write(STDOUT_FILENO, wipe.utf8Start, wipe.utf8CodeUnitCount)
    }
    _exit(Exit.interrupted)
}

enum Interruption {
    static var isRequested: Bool { requests > 0 }
    static func setLineIsBusy(_ busy: Bool) { lineIsBusy = busy ? 1 : 0 }

    /// From here on Ctrl-C, a request to end and a terminal that is closed are answered by saving.
    static func catchSignals() {
        var action = sigaction()
        #if canImport(Glibc)
        action.__sigaction_handler.sa_handler = onSignal
        #else
        action.__sigaction_u.__sa_handler = onSignal
        #endif
        sigemptyset(&action.sa_mask)
        action.sa_flags = Int32(SA_RESTART)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // What the caller wants ignored (nohup, a background job) stays ignored.
            var old = sigaction()
            sigaction(number, nil, &old)
            #if canImport(Glibc)
            let isIgnored = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == 1
            #else
            let isIgnored = unsafeBitCast(old.__sigaction_u.__sa_handler, to: Int.self) == 1
            #endif
            if !isIgnored { sigaction(number, &action, nil) }
        }
    }
}
