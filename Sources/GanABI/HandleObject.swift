import Base
import CHost

/// The kinds of handles, as many as there come to be: a kind stands in the table's slot and not in the handle's number.
enum HandleKind: UInt32 {
    case options, dataset, trainer, generator, sampler, checkpoint, classifier, evaluation, applier

    /// The kind's name in the contract.
    var name: StaticString {
        switch self {
        case .options: return "gan_options"
        case .dataset: return "gan_dataset"
        case .trainer: return "gan_trainer"
        case .generator: return "gan_generator"
        case .sampler: return "gan_sampler"
        case .checkpoint: return "gan_checkpoint"
        case .classifier: return "gan_classifier"
        case .evaluation: return "gan_evaluation"
        case .applier: return "gan_applier"
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
    var entry = Entry.none
    let found = try HandleTable.shared.locked { () throws(GanError) -> Unmanaged<HandleObject>? in
        guard let object = HandleTable.shared.object(handle, Object.kind) else { return nil }
        if access != .shared { entry = enter(object, thread, access) }
        return entry == .refused ? nil : object.retain()
    }
    if entry == .refused { throw busy(handle, argument, Object.kind, thread) }
    guard let found else { throw invalidHandle(handle, argument, Object.kind) }
    // The retained object is this one from here on, so that it is counted once and no more.
    let object = unsafeDowncast(found.takeRetainedValue(), to: Object.self)
    defer { if entry == .entered { leave(object) } }
    return try body(object)
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

private enum Entry {
    /// Nothing to give back: the object is read, or the thread is its user already.
    case none
    case entered, refused
}

/// Makes the thread the object's user. Only within `locked`.
@inline(__always)
private func enter(_ object: Unmanaged<HandleObject>, _ thread: UInt64, _ access: Access) -> Entry {
    let object = object.takeUnretainedValue()
    // In a child of fork() the thread that used it may be its parent's, and gone.
    if object.user == 0 || gan_thread_lives(object.user) == 0 {
        object.user = thread
        object.isOpenForReading = false
        return .entered
    }
    return object.user == thread && access == .exclusiveOrInCallback && object.isOpenForReading ? .none : .refused
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

private func busy(_ handle: OpaquePointer, _ argument: StaticString, _ kind: HandleKind, _ thread: UInt64) -> GanError {
    // Only this thread ends a call of its own, so that it is still in it, if it was.
    let isOwn = (try? HandleTable.shared.locked { HandleTable.shared.object(handle, kind)?.takeUnretainedValue().user == thread }) ?? false
    let user = isOwn ? "the very call whose callback made this one" : "another thread"
    return GanError(.busy, "The \(kind.name) '\(argument)' is in use by \(user); wait until that call has returned.")
}
