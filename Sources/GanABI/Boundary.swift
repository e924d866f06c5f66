import Base
import CHost

/// Everything between the host's call and its return: runs `body` on a thread that computes as every other does, cannot be
/// cancelled, and is waited for by a fork of another. Every function of the contract that does more than to return a literal
/// goes through here.
@inline(__always)
func inCall<Result>(_ length: CallLength = .any, _ body: () -> Result) -> Result {
    var call = gan_call()
    return withUnsafeMutablePointer(to: &call) { call in
        if length == .brief { gan_call_enter_briefly(call) } else { gan_call_enter(call) }
        defer { gan_call_leave(call) }
        return body()
    }
}

enum CallLength {
    case any
    /// Looks something up, in memory alone: no file, no waiting, no function of the host's. (Of an object that another thread
    /// destroys meanwhile it may be the call that lets it go; so it is nothing for one that holds the host's data.)
    case brief
}

/// Runs a function of the host's, in the floating-point environment of the host.
@inline(__always)
func inHost<Result>(_ body: () -> Result) -> Result {
    gan_host_begin()
    defer { gan_host_end() }
    return body()
}

/// The boundary of a function that looks something up and has no status: `other` is its answer on a stack that is too small.
@inline(__always)
func lookup<Result>(otherwise other: Result, _ body: () -> Result) -> Result {
    inCall(.brief) { isStackEnough() ? body() : other }
}

/// Whether the thread's stack has left what a call may need: `gan.h` and `ErrorMessage` name the number too. (Making the trainer
/// of a deep network takes 35 KiB, the most of all. Destroying takes 2, and is not refused.)
@inline(__always)
private func isStackEnough() -> Bool {
    if gan_stack_left() >= 48 << 10 { return true }
    ErrorMessage.setWithoutStack()
    return false
}

/// The one place where a failure becomes a status: runs `body`, and keeps the sentence of what it throws for
/// `gan_error_message`. Nothing but a `GanError` can be thrown below here, which the compiler checks.
@inline(__always)
func boundary(_ length: CallLength = .any, _ body: () throws(GanError) -> Void) -> Int32 {
    inCall(length) {
        guard isStackEnough() else { return Status.outOfMemory.rawValue }
        do throws(GanError) {
            try body()
            return Status.ok.rawValue
        } catch {
            ErrorMessage.set(error.message)
            return error.status.rawValue
        }
    }
}


/// The boundary of a function that makes an object and hands out its handle. `out` is written on success alone.
@inline(__always)
func creating(
    _ out: UnsafeMutablePointer<OpaquePointer?>?, _ make: () throws(GanError) -> HandleObject
) -> Int32 {
    boundary { () throws(GanError) in
        let out = try required(out, "out", "a place for the new handle")
        out.pointee = try HandleTable.shared.insert(try make())
    }
}
