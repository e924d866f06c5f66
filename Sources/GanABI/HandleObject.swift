import Base
import CHost

/// The kinds of handles. The numbers are part of every handle; 0 is kept free.
enum HandleKind: UInt {
    case options = 1
    case dataset = 2
    case trainer = 3
    case generator = 4
    case sampler = 5
    case checkpoint = 6

    /// The kind's name in the contract.
    var name: StaticString {
        switch self {
        case .options: return "gan_options"
        case .dataset: return "gan_dataset"
        case .trainer: return "gan_trainer"
        case .generator: return "gan_generator"
        case .sampler: return "gan_sampler"
        case .checkpoint: return "gan_checkpoint"
        }
    }
}

/// What a handle leads to, with the record of who uses it at the moment. The record is guarded by the table's lock.
class HandleObject: @unchecked Sendable {
    let kind: HandleKind
    /// The thread in a call that uses the object exclusively, or 0.
    fileprivate var user: UInt64 = 0
    /// Whether that thread is in a callback that may read the object.
    fileprivate var isOpenForReading = false

    init(_ kind: HandleKind) { self.kind = kind }
}

/// A class of objects behind handles of one kind.
protocol Handled: HandleObject {
    static var kind: HandleKind { get }
}

/// What a call wants of an object.
enum Access {
    /// To use it, which one thread can do at a time.
    case exclusive
    /// The same, and its callback may call it too.
    case exclusiveOrInCallback
    /// To read what never changes, which any number of threads can do.
    case shared
}

/// Runs `body` with the object that `handle` leads to, alive and in use for as long as `body` runs.
///
/// - Throws: `.invalidArgument` for NULL, `.invalidHandle` for what is no live handle of the kind, `.busy`.
@inline(__always)
func using<Object: Handled, Result>(
    _ handle: OpaquePointer?, _ argument: StaticString, as type: Object.Type = Object.self, _ access: Access,
    _ body: (Object) throws(GanError) -> Result
) throws(GanError) -> Result {
    guard let handle else { throw missingHandle(argument, Object.kind) }
    let thread = gan_thread()
    var entered = false
    let found = try HandleTable.shared.locked { () throws(GanError) -> HandleObject? in
        guard let object = HandleTable.shared.object(handle, Object.kind) else { return nil }
        if access == .shared { return object }
        // In a child of fork() the thread that used it may be its parent's, and gone.
        if object.user == 0 || gan_thread_lives(object.user) == 0 {
            object.user = thread
            object.isOpenForReading = false
            entered = true
        } else if object.user != thread || access != .exclusiveOrInCallback || !object.isOpenForReading {
            throw busy(argument, Object.kind, ownThread: object.user == thread)
        }
        return object
    }
    guard let found else { throw invalidHandle(handle, argument, Object.kind) }
    defer { if entered { leave(found) } }
    return try body(unsafeDowncast(found, to: Object.self))
}

/// Runs a callback of the caller's, in which the object may be read. Only while the calling thread uses the object.
func openForReading<Result>(_ object: HandleObject, _ callback: () -> Result) -> Result {
    setOpenForReading(object, true)
    defer { setOpenForReading(object, false) }
    return inHost(callback)
}

private func setOpenForReading(_ object: HandleObject, _ value: Bool) {
    try? HandleTable.shared.locked { object.isOpenForReading = value }
}

private func leave(_ object: HandleObject) {
    try? HandleTable.shared.locked { object.user = 0 }
}

/// Destroys a handle and returns its object; nil for NULL and for whatever is no live handle of the kind.
func destroyed<Object: Handled>(_ handle: OpaquePointer?, as type: Object.Type) -> Object? {
    guard let handle, let object = HandleTable.shared.remove(handle, Object.kind) else { return nil }
    return unsafeDowncast(object, to: Object.self)
}

// MARK: Sentences

private func missingHandle(_ argument: StaticString, _ kind: HandleKind) -> GanError {
    GanError(.invalidArgument, "The argument '\(argument)' is NULL; a \(kind.name) was expected.")
}

private func invalidHandle(_ handle: OpaquePointer, _ argument: StaticString, _ kind: HandleKind) -> GanError {
    if let other = HandleTable.shared.kind(of: handle), other != kind {
        return GanError(.invalidHandle, "The argument '\(argument)' is a \(other.name); a \(kind.name) was expected.")
    }
    return GanError(
        .invalidHandle,
        "The argument '\(argument)' is no \(kind.name): it was destroyed already, or never was a handle of this library.")
}

private func busy(_ argument: StaticString, _ kind: HandleKind, ownThread: Bool) -> GanError {
    let user = ownThread ? "the very call whose callback made this one" : "another thread"
    return GanError(.busy, "The \(kind.name) '\(argument)' is in use by \(user); wait until that call has returned.")
}
