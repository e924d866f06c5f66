#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import CGan
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

    /// Held while `fill` runs.
    private let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Guards `filler`.
    private let record = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var filler: UInt?

    init(fill: gan_fill_fn?, release: gan_release_fn?, context: UnsafeMutableRawPointer?) {
        self.fill = fill
        self.release = release
        self.context = context
        for mutex in [turn, record] {
            mutex.initialize(to: pthread_mutex_t())
            pthread_mutex_init(mutex, nil)
        }
    }

    deinit {
        for mutex in [turn, record] {
            pthread_mutex_destroy(mutex)
            mutex.deallocate()
        }
        if isArmed { release?(context) }
    }

    /// From now on, letting go of the dataset calls `release`.
    func arm() { isArmed = true }

    /// Whether the calling thread is inside `fill`.
    var isFillingHere: Bool {
        pthread_mutex_lock(record)
        defer { pthread_mutex_unlock(record) }
        return filler == currentThread()
    }

    private func setFiller(_ thread: UInt?) {
        pthread_mutex_lock(record)
        filler = thread
        pthread_mutex_unlock(record)
    }

    private func callFill(_ indices: UnsafePointer<Int64>?, _ count: Int64, _ values: UnsafeMutablePointer<Float>?) -> Int32 {
        guard let fill, !isFillingHere else { return -1 }
        pthread_mutex_lock(turn)
        setFiller(currentThread())
        defer {
            setFiller(nil)
            pthread_mutex_unlock(turn)
        }
        return fill(context, indices, count, values)
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
