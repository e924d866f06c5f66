import Base
import CGan
import CGanShims
import CHost
import Data

/// What a dataset borrows from its host: a release function, a fill function, and the context of both.
///
/// It stands between host and module Data for two promises of the contract. `release` is not called when making the
/// dataset fails, however late: only an armed lease calls it. And `fill`, which a host may well have written for one
/// thread, runs on one thread at a time even when several trainers share the dataset; a fill that asks for its own dataset
/// again is refused instead of waiting for itself.
final class DatasetLease: @unchecked Sendable {
    private let fill: gan_fill_fn?
    private let release: gan_release_fn?
    private let context: UnsafeMutableRawPointer?
    private var isArmed = false

    /// The thread that `fill` runs on, or 0. Guarded by `gan_lock`, which fork knows: a mutex of its own, held by a thread that a
    /// child of fork() has not, would be held for ever.
    private var filler: UInt64 = 0
    /// Goes up whenever `fill` has returned, for those that wait for their turn.
    private let turns = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)

    init(fill: gan_fill_fn?, release: gan_release_fn?, context: UnsafeMutableRawPointer?) {
        self.fill = fill
        self.release = release
        self.context = context
        turns.initialize(to: 0)
    }

    deinit {
        turns.deallocate()
        if isArmed, let release { inHost { release(context) } }
    }

    /// From now on, letting go of the dataset calls `release`.
    func arm() { isArmed = true }

    /// Whether the calling thread is inside `fill`.
    var isFillingHere: Bool {
        gan_lock()
        defer { gan_unlock() }
        return filler == gan_thread()
    }

    private func waitForTurn() {
        while true {
            gan_lock()
            if filler == 0 || gan_thread_lives(filler) == 0 {
                filler = gan_thread()
                gan_unlock()
                return
            }
            let seen = gan_atomic_load(turns)
            gan_unlock()
            gan_park()
            gan_sleep_while(turns, seen)
            gan_unpark()
        }
    }

    private func endTurn() {
        gan_lock()
        filler = 0
        gan_unlock()
        _ = gan_atomic_add(turns, 1)
        gan_wake_all(turns)
    }

    private func callFill(_ indices: UnsafePointer<Int64>?, _ count: Int64, _ values: UnsafeMutablePointer<Float>?) -> Int32 {
        guard let fill, !isFillingHere else { return -1 }
        waitForTurn()
        defer { endTurn() }
        return inHost { fill(context, indices, count, values) }
    }

    // MARK: As module Data takes it

    /// A context that keeps the lease alive until `giveBack` is called with it.
    func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    static let giveBack: Dataset.ReleaseFunction = { context in
        if let context { Unmanaged<DatasetLease>.fromOpaque(context).release() }
    }

    static let fillFromHost: Dataset.FillFunction = { context, indices, count, values in
        guard let context else { return -1 }
        return Unmanaged<DatasetLease>.fromOpaque(context).takeUnretainedValue().callFill(indices, count, values)
    }
}
