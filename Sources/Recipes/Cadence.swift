// When something happens: at which steps of a training, counted from 0. One type is several discriminator steps to a generator step,
// lazy penalties, a pretraining phase, the start of a decay.

public struct Cadence: Hashable, Sendable {
    /// Every so many steps, from `first` on.
    public private(set) var interval: Int64 = 1
    public private(set) var first: Int64 = 0
    /// The first step at which it happens no more.
    public private(set) var end: Int64 = .max

    private init() {}

    public static let always = Cadence()

    public static func every(_ interval: Int) -> Cadence { always.every(interval) }
    public static func from(_ step: Int64) -> Cadence { always.from(step) }
    public static func before(_ step: Int64) -> Cadence { always.before(step) }

    public func every(_ interval: Int) -> Cadence {
        var copy = self
        copy.interval = Int64(max(interval, 1))
        return copy
    }

    public func from(_ step: Int64) -> Cadence {
        var copy = self
        copy.first = max(step, 0)
        return copy
    }

    public func before(_ step: Int64) -> Cadence {
        var copy = self
        copy.end = max(step, 0)
        return copy
    }

    public func happens(at step: Int64) -> Bool { step >= first && step < end && (step - first) % interval == 0 }

    /// How often it has happened when `steps` steps have been made.
    public func count(after steps: Int64) -> Int64 {
        let last = min(steps, end)
        return last <= first ? 0 : (last - first - 1) / interval + 1
    }
}
