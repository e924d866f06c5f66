import CGanShims
import CHost

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A team of threads that all run the same function, each on its part of the work, and meet at barriers inside it.
///
/// A training step is one `run`: the members walk through the same list of kernels, and a barrier between two kernels
/// costs a fraction of a microsecond, where handing out each kernel by itself would cost several. Waiting is a short
/// spin that makes way for others, and then sleep, so an idle team costs nothing, and two teams on the same processors do not hold each other up.
///
/// - Nothing is allocated by `run`.
/// - Threads are started by the first `run`. Where the system refuses some, the team is smaller.
/// - A member that the system does not schedule holds up all others. So short work is done by those who are there: `runPresent`.
/// - Several threads may call `run`; they take turns. A body must not call `run` of its own team.
/// - After `fork()` the child's first `run` starts new threads, since the old ones did not follow.
public final class ThreadPool: @unchecked Sendable {
    /// `part` is 0 ..< `parts`; part 0 runs on the thread that called `run`.
    public typealias Body = @convention(c) (_ context: UnsafeRawPointer, _ part: Int32, _ parts: Int32) -> Void

    public static let limit = 256

    /// How many members there are at most; `parts` is never more than this.
    public let threads: Int
    private let team: UnsafeMutablePointer<Team>?
    private let seats: UnsafeMutablePointer<Seat>?
    private let turn: UnsafeMutablePointer<pthread_mutex_t>?

    /// The processors that this process may run on.
    public static var hardwareThreads: Int { max(1, min(Int(gan_processor_count()), limit)) }

    /// A team of `threads` members, of whom the caller of `run` is one: with 1 no thread is ever started.
    public init(threads: Int) {
        let wanted = max(1, min(threads, ThreadPool.limit))
        var memory: UnsafeMutableRawPointer?
        let seatsOffset = (MemoryLayout<Team>.size + 63) & ~63
        let turnOffset = (seatsOffset + wanted * MemoryLayout<Seat>.stride + 63) & ~63
        guard wanted > 1, posix_memalign(&memory, 64, turnOffset + MemoryLayout<pthread_mutex_t>.size) == 0, let memory else {
            self.threads = 1
            team = nil
            seats = nil
            turn = nil
            return
        }
        self.threads = wanted
        let team = memory.bindMemory(to: Team.self, capacity: 1)
        let seats = (memory + seatsOffset).bindMemory(to: Seat.self, capacity: wanted)
        let turn = (memory + turnOffset).bindMemory(to: pthread_mutex_t.self, capacity: 1)
        team.initialize(to: Team(process: gan_process()))
        for part in 0..<wanted { (seats + part).initialize(to: Seat(team: team, part: Int32(part))) }
        pthread_mutex_init(turn, nil)
        self.team = team
        self.seats = seats
        self.turn = turn
    }

    deinit {
        guard let team, let seats, let turn else { return }
        if team.pointee.process == gan_process() { dismiss(team, seats) }
        pthread_mutex_destroy(turn)
        free(team)
    }

    /// Where the members meet. A plain value, so that a context can carry it without reference counting.
    public var barrier: Barrier { Barrier(team: team) }

    /// Starts the threads now rather than in the first `run`, so that no run has anything left to allocate.
    public func start() {
        run({ _, _, _ in }, UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()))
    }

    /// Runs `body` once on every member and returns when all have returned.
    ///
    /// Every member computes in one floating-point mode, whatever the host has set: see `gan_enter_float_mode`.
    public func run(_ body: Body, _ context: UnsafeRawPointer) { run(body, context, everybody: true) }

    /// Runs `body` on the calling thread and on those members that answer within two microseconds; `parts` is their number. For
    /// work that is sooner done by fewer than a member comes that another program keeps from its processor.
    public func runPresent(_ body: Body, _ context: UnsafeRawPointer) { run(body, context, everybody: false) }

    private func run(_ body: Body, _ context: UnsafeRawPointer, everybody: Bool) {
        let mode = gan_enter_float_mode()
        defer { gan_leave_float_mode(mode) }
        guard let team, let seats, let turn else {
            body(context, 0, 1)
            return
        }
        let process = gan_process()
        if team.pointee.process != process {
            // A child of fork(): neither the threads nor whoever held the lock exist here.
            team.initialize(to: Team(process: process))
            pthread_mutex_init(turn, nil)
        }
        pthread_mutex_lock(turn)
        if team.pointee.members == 0 { assemble(team, seats) }
        if team.pointee.members > 1 {
            // Most often they are what they were, and the others, who look at this line, keep it until it is announced.
            if team.pointee.context != context { team.pointee.context = context }
            if team.pointee.body.map({ unsafeBitCast($0, to: Int.self) }) != unsafeBitCast(body, to: Int.self) {
                team.pointee.body = body
            }
            let before = gan_atomic_load(team.done.word)
            let number = gan_atomic_load(team.call.word) &+ 1
            let parts: Int32
            if everybody {
                parts = team.pointee.members
                if team.pointee.parts != parts { team.pointee.parts = parts }
                gan_roll_open(team.roll, number, UInt64(GAN_ROLL_EVERYBODY))
                team.call.announce()
            } else {
                gan_roll_open(team.roll, number, 0)
                team.call.announce()
                parts = callRoll(team)
            }
            let others = UInt32(bitPattern: parts &- 1)
            body(context, 0, parts)
            var done = gan_atomic_load(team.done.word)
            while done &- before != others {
                team.done.wait(while: done, team.pointee.isCrowded)
                done = gan_atomic_load(team.done.word)
            }
        } else {
            body(context, 0, 1)
        }
        pthread_mutex_unlock(turn)
    }

    /// Waits for the members to join, but not for long, and closes the roll. Returns how many parts there are.
    private func callRoll(_ team: UnsafeMutablePointer<Team>) -> Int32 {
        let others = team.pointee.members &- 1
        let start = gan_nanoseconds()
        while gan_roll_joined(gan_roll(team.roll)) < others && gan_nanoseconds() &- start < 2_000 { gan_pause() }
        while true {
            let roll = gan_roll(team.roll)
            let parts = gan_roll_joined(roll) &+ 1
            // Those who joined read it once the roll is closed.
            team.pointee.parts = parts
            if gan_roll_change(team.roll, roll, gan_roll_closed(roll)) != 0 { return parts }
        }
    }

    /// Whether a member sleeps, so that calling the team would cost what waking it does: some 50 microseconds.
    public var sleeps: Bool {
        guard let team else { return false }
        return gan_atomic_load_ordered(team.call.sleepers) != 0
    }

    /// Runs `body` on the calling thread as the only member of a team, in the floating-point mode of all teams. There are no
    /// others to meet: `body` must not wait at the barrier when `parts` is 1.
    public func runAlone(_ body: Body, _ context: UnsafeRawPointer) {
        let mode = gan_enter_float_mode()
        defer { gan_leave_float_mode(mode) }
        body(context, 0, 1)
    }

    private func assemble(_ team: UnsafeMutablePointer<Team>, _ seats: UnsafeMutablePointer<Seat>) {
        team.pointee.isCrowded = threads > ThreadPool.hardwareThreads
        var started: Int32 = 1
        while started < Int32(threads) {
            let seat = seats + Int(started)
            seat.pointee.call = team.call.word.pointee
            if gan_start_thread(&seat.pointee.thread, memberMain, UnsafeMutableRawPointer(seat)) != 0 { break }
            started += 1
        }
        // Read by the members after the first call only.
        team.pointee.members = started
    }

    private func dismiss(_ team: UnsafeMutablePointer<Team>, _ seats: UnsafeMutablePointer<Seat>) {
        if team.pointee.members < 2 { return }
        team.pointee.body = nil
        gan_roll_open(team.roll, gan_atomic_load(team.call.word) &+ 1, UInt64(GAN_ROLL_EVERYBODY))
        team.call.announce()
        for part in 1..<Int(team.pointee.members) { gan_join_thread(seats[part].thread) }
    }
}

/// The meeting point of a team.
public struct Barrier: @unchecked Sendable {
    fileprivate let team: UnsafeMutablePointer<Team>?

    /// Returns when every member of the team has called it. What any of them wrote before, all see afterwards.
    @inline(__always)
    public func wait() {
        guard let team, team.pointee.parts > 1 else { return }
        let round = gan_atomic_load(team.round.word)
        if gan_atomic_add(team.arrived.word, 1) == UInt32(bitPattern: team.pointee.parts) {
            gan_atomic_store(team.arrived.word, 0)
            team.round.announce()
        } else {
            team.round.wait(while: round, team.pointee.isCrowded)
        }
    }
}

/// What the members share. The signals come first, each on a cache line of its own: what it takes to meet is the time that lines
/// take from one processor to another, and no line more than needed is passed on. So what a call is about is on the call's line,
/// and members who are done count themselves and wait for nobody.
private struct Team {
    let call: UInt32 = 0
    let callSleepers: UInt32 = 0
    var body: ThreadPool.Body?
    var context: UnsafeRawPointer?
    /// 0 before the threads were started.
    var members: Int32 = 0
    /// How many do the call that goes on.
    var parts: Int32 = 1
    /// Whether there are more members than processors. Then waiting makes way at once: who is waited for may need this processor.
    var isCrowded = false
    private var line: (UInt64, UInt64) = (0, 0)
    let roll: UInt64 = 0
    let done = Signal()
    let round = Signal()
    let arrived = Signal()
    /// The process whose threads these are.
    var process: Int32

    init(process: Int32) { self.process = process }
}

/// A member's place.
private struct Seat {
    let team: UnsafeMutablePointer<Team>
    let part: Int32
    var call: UInt32 = 0
    var thread: UInt = 0
}

/// A number that goes up, and the number of those asleep until it does, alone on a cache line.
private struct Signal {
    var word: UInt32 = 0
    var sleepers: UInt32 = 0
    var line: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
}

/// Signals are used through pointers only: several threads look at them at once, which `inout` would forbid.
extension UnsafeMutablePointer<Signal> {
    fileprivate var word: UnsafeMutablePointer<UInt32> { UnsafeMutableRawPointer(self).assumingMemoryBound(to: UInt32.self) }
    fileprivate var sleepers: UnsafeMutablePointer<UInt32> { word + 1 }

    fileprivate func announce() {
        _ = gan_atomic_add(word, 1)
        if gan_atomic_load_ordered(sleepers) != 0 { gan_wake_all(word) }
    }

    /// Looks for a fifth of a millisecond, then sleeps.
    ///
    /// Being woken takes some 50 microseconds, and whoever is woken late keeps the others waiting as long: a team that
    /// slept sooner than that would, once disturbed by the system's clock, go on putting each other to sleep at every
    /// call. After the first 15 microseconds the processor is offered to other threads at every look.
    @inline(__always)
    fileprivate func wait(while old: UInt32, _ isCrowded: Bool) {
        var looks = 0
        while looks < 64 {
            if gan_atomic_load(word) != old { return }
            gan_pause()
            looks &+= 1
        }
        waitLong(while: old, isCrowded)
    }

    @inline(never)
    private func waitLong(while old: UInt32, _ isCrowded: Bool) {
        let start = gan_nanoseconds()
        while true {
            let waited = gan_nanoseconds() &- start
            if waited > (isCrowded ? 20_000 : 200_000) { break }
            if isCrowded || waited > 15_000 { gan_yield() }
            for _ in 0..<16 {
                if gan_atomic_load(word) != old { return }
                gan_pause()
            }
        }
        _ = gan_atomic_add(sleepers, 1)
        while gan_atomic_load_ordered(word) == old { gan_sleep_while(word, old) }
        _ = gan_atomic_add(sleepers, UInt32.max)
    }
}

/// The signals of a team.
extension UnsafeMutablePointer<Team> {
    private func signal(_ offset: Int) -> UnsafeMutablePointer<Signal> {
        (UnsafeMutableRawPointer(self) + offset).assumingMemoryBound(to: Signal.self)
    }
    fileprivate var call: UnsafeMutablePointer<Signal> { signal(0) }
    /// At the end of the call's line.
    fileprivate var roll: UnsafeMutablePointer<UInt64> { (UnsafeMutableRawPointer(self) + 56).assumingMemoryBound(to: UInt64.self) }
    fileprivate var done: UnsafeMutablePointer<Signal> { signal(64) }
    fileprivate var round: UnsafeMutablePointer<Signal> { signal(128) }
    fileprivate var arrived: UnsafeMutablePointer<Signal> { signal(192) }
}

/// A member's life: wait for a call, do the part, say so.
private func memberMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let seat = argument?.assumingMemoryBound(to: Seat.self) else { return nil }
    let team = seat.pointee.team
    let part = seat.pointee.part
    var seen = seat.pointee.call
    _ = gan_enter_float_mode()
    while true {
        team.call.wait(while: seen, team.pointee.isCrowded)
        seen = gan_atomic_load(team.call.word)
        guard let (part, parts) = team.join(call: seen, as: part) else { continue }
        guard let body = team.pointee.body, let context = team.pointee.context else { return nil }
        body(context, part, parts)
        team.done.announce()
    }
}

extension UnsafeMutablePointer<Team> {
    /// A member's part of a call, and how many parts there are. Nil where the roll was closed without it: then what the call was
    /// about may be changing already, and is not to be read.
    fileprivate func join(call: UInt32, as own: Int32) -> (part: Int32, parts: Int32)? {
        while true {
            let roll = gan_roll(roll)
            guard gan_roll_call(roll) == call else { return nil }
            if gan_roll_is_for_everybody(roll) != 0 { return (own, pointee.members) }
            if gan_roll_is_closed(roll) != 0 { return nil }
            guard gan_roll_change(self.roll, roll, roll + 1) != 0 else { continue }
            var looks = 0
            while gan_roll_is_closed(gan_roll(self.roll)) == 0 {
                // The caller closes it at once, unless it is this processor that it waits for.
                if looks < 200 { gan_pause() } else { gan_yield() }
                looks &+= 1
            }
            return (gan_roll_joined(roll) + 1, pointee.parts)
        }
    }
}
