#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// Writing in a library: what the system would do to the host is held back, and errors are numbers.

/// Writes all of `bytes` at the descriptor's position; returns 0 or the error number.
func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    holdingBackSignals { writeEverything(descriptor, bytes) }
}

private func writeEverything(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    var done = 0
    while done < bytes.count {
        let part = UnsafeRawBufferPointer(rebasing: bytes[done..<bytes.count])
        let wrote = retrying { write(descriptor, part.baseAddress, min(part.count, 1 << 30)) }
        if wrote.result > 0 {
            done += wrote.result
            continue
        }
        switch wrote.errorNumber {
        case 0:
            return EIO  // a device that takes nothing and says nothing
        case EAGAIN, EWOULDBLOCK:
            // An inherited pipe may be non-blocking; wait until it takes more.
            var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = retrying { Int(poll(&waiting, 1, -1)) }
            if ready.result < 0 { return ready.errorNumber }
        case let number:
            return number
        }
    }
    return 0
}

/// Makes the contents of one file those of another, which is written in place; returns 0 or the error number.
///
/// Room is taken before the first byte is overwritten, so that a full disk leaves the target as it was.
/// - Parameter isTouched: whether the target is no longer what it was.
func overwrite(_ target: Int32, with source: Int32, isTouched: inout Bool) -> Int32 {
    var old = stat()
    var new = stat()
    guard fstat(target, &old) == 0, fstat(source, &new) == 0 else { return errno }
    if new.st_size > old.st_size {
        let number = holdingBackSignals { posix_fallocate(target, 0, new.st_size) }
        if [ENOSPC, EFBIG, EDQUOT, EIO].contains(number) {
            _ = ftruncate(target, old.st_size)
            return number
        }
    }
    isTouched = true
    var block = [UInt8](repeating: 0, count: 1 << 16)
    return block.withUnsafeMutableBytes { block in
        var done: off_t = 0
        while done < new.st_size {
            let got = retrying { pread(source, block.baseAddress, block.count, done) }
            if got.result <= 0 { return got.result < 0 ? got.errorNumber : EIO }
            let number = writeAll(target, UnsafeRawBufferPointer(rebasing: block[..<got.result]))
            if number != 0 { return number }
            done += off_t(got.result)
        }
        if ftruncate(target, new.st_size) != 0 { return errno }
        return syncContents(target)
    }
}

/// Brings a file's contents to the disk; returns 0 or the error number. A file system that does not sync is none.
func syncContents(_ descriptor: Int32) -> Int32 {
    let synced = retrying { Int(fsync(descriptor)) }
    return synced.result == 0 || [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(synced.errorNumber) ? 0 : synced.errorNumber
}

/// Runs `body`, which returns 0 or an error number.
///
/// A pipe without a reader and a file beyond the process's limit raise SIGPIPE and SIGXFSZ, which end a host that did
/// not think of them. Both are held back on this thread for the time of the call, and taken away if this call raised them.
private func holdingBackSignals(_ body: () -> Int32) -> Int32 {
    var signals = sigset_t()
    var previous = sigset_t()
    var pendingBefore = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGXFSZ)
    sigemptyset(&pendingBefore)
    let held = pthread_sigmask(SIG_BLOCK, &signals, &previous) == 0
    sigpending(&pendingBefore)
    let number = body()
    if held {
        if number == EPIPE { takeAway(SIGPIPE, unlessPendingIn: pendingBefore) }
        if number == EFBIG { takeAway(SIGXFSZ, unlessPendingIn: pendingBefore) }
        pthread_sigmask(SIG_SETMASK, &previous, nil)
    }
    return number
}

/// Removes a signal that is pending now and was not before.
private func takeAway(_ signal: Int32, unlessPendingIn before: sigset_t) {
    var before = before
    var now = sigset_t()
    sigemptyset(&now)
    guard sigismember(&before, signal) == 0, sigpending(&now) == 0, sigismember(&now, signal) == 1 else { return }
    var one = sigset_t()
    var taken: Int32 = 0
    sigemptyset(&one)
    sigaddset(&one, signal)
    sigwait(&one, &taken)
}
