// Ctrl-C. The first one is answered at once, sets a flag, which the training sees between two steps, and has it saved; the second
// stops the program at once. A checkpoint appears under its name whole or not at all, so that does no harm either.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Written by the handler alone, which may run between any two instructions; read by the thread that trains.
private nonisolated(unsafe) var requests: sig_atomic_t = 0
/// Whether there is a progress bar, which an answer wipes away.
private nonisolated(unsafe) var lineIsBusy: sig_atomic_t = 0
/// When the step at hand began and how long one takes, in seconds; 0 when no step is being made, or none has been.
private nonisolated(unsafe) var stepBegan = 0.0
private nonisolated(unsafe) var stepLasts = 0.0
/// What is said at the end of a training that is not saved: made ready before, for a handler may allocate nothing.
private nonisolated(unsafe) var lastWords: UnsafeMutablePointer<UInt8>?
private nonisolated(unsafe) var lastWordsCount = 0

private func onSignal(_ number: Int32) {
    let error = errno
    defer { errno = error }
    // A terminal that is closed may say so twice, and nobody is there who would want to stop without saving.
    if number == SIGHUP, requests > 0 { return }
    requests += 1
    if requests == 1 { return answer() }
    wipe()
    if let lastWords { _ = write(STDERR_FILENO, lastWords, lastWordsCount) }
    OutputFile.removeTemporary()
    _exit(Exit.stopped)
}

private func say(_ text: StaticString) { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }

private func wipe() {
    guard lineIsBusy != 0 else { return }
    let wipe: StaticString = "\r\u{1B}[K"
    _ = write(STDOUT_FILENO, wipe.utf8Start, wipe.utf8CodeUnitCount)
}

/// Says how long it will be until the training stops, where that is long enough to wonder.
private func answer() {
    wipe()
    guard stepBegan > 0 else { return }
    let left = stepLasts - (Clock.now() - stepBegan)
    if stepLasts == 0 {
        say("Finishing the first step; Ctrl-C again stops without saving.\n")
    } else if stepLasts >= 0.5 {
        say("Finishing this step, about ")
        // The digits of a whole number of seconds, from the last to the first.
        var rest = left > 1 ? (left < 1e6 ? Int(left.rounded(.up)) : 1_000_000) : 1, power = 1
        while rest / power >= 10 { power *= 10 }
        while power > 0 {
            var digit = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power)
            _ = write(STDERR_FILENO, &digit, 1)
            rest %= power
            power /= 10
        }
        say(" s; Ctrl-C again stops without saving.\n")
    }
}

/// Before a training, and without one: ends as the signal asks, but leaves nothing half written.
private func onEnd(_ number: Int32) {
    OutputFile.removeTemporary()
    signal(number, SIG_DFL)
    raise(number)
}

enum Interruption {
    static var isRequested: Bool { requests > 0 }
    static func setLineIsBusy(_ busy: Bool) { lineIsBusy = busy ? 1 : 0 }

    /// Makes a step, so that the time it takes is known to who is asked to stop in the midst of it.
    static func duringStep(_ body: () throws -> Void) rethrows {
        let began = Clock.now()
        stepBegan = began
        defer { stepBegan = 0 }
        try body()
        let lasted = Clock.now() - began
        // The first step may take longer than those that follow, which a mean of the last few forgets.
        stepLasts = stepLasts == 0 ? lasted : 0.7 * stepLasts + 0.3 * lasted
    }

    /// What a second Ctrl-C says before it stops everything.
    static func setLastWords(_ text: String) {
        let bytes = Array((Terminal.shown(Printable.text(text)) + "\n").utf8)
        let place = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        place.initialize(from: bytes, count: bytes.count)
        // Only what cannot be read any more may be freed, and a handler may be reading it: some bytes a checkpoint are left. First
        // the shorter of both counts, so that a handler in between reads no more than there is.
        lastWordsCount = min(lastWordsCount, bytes.count)
        lastWords = place
        lastWordsCount = bytes.count
    }

    /// From here on Ctrl-C, a request to end and a terminal that is closed are answered by saving.
    static func catchSignals() { handle(with: onSignal) }

    /// From here on these signals take temporary files away before they end the program.
    static func tidyUpOnSignals() {
        OutputFile.prepareForSignals()
        handle(with: onEnd)
    }

    private static func handle(with handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        #if canImport(Glibc)
        action.__sigaction_handler.sa_handler = handler
        #else
        action.__sigaction_u.__sa_handler = handler
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
