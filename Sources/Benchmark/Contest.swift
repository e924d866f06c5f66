// Measures several things at once by turns, so that whatever disturbs the machine disturbs all of them, and their ratio is
// taken turn by turn.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One of the things that are compared: a call that is made again and again.
struct Contestant {
    let name: String
    /// What one call does: floating-point operations, bytes, or 1 for itself.
    let amount: Double
    let call: () -> Void

    init(_ name: String, amount: Double = 1, call: @escaping () -> Void) {
        self.name = name
        self.amount = amount
        self.call = call
    }
}

/// What a contestant achieved.
struct Result {
    let name: String
    let amount: Double
    /// Seconds a call.
    var seconds = Samples()
    /// The median of each turn.
    var turns: [Double] = []

    /// 10⁹ amounts a second: GFLOP/s or GB/s.
    var rate: Samples { seconds.map { amount / $0 * 1e-9 } }

    /// How many times as fast as the other: the median over the turns.
    func speed(over other: Result) -> Double {
        Samples(zip(turns, other.turns).map { (amount / $0) / (other.amount / $1) }).median
    }
}

struct Contest {
    /// Measuring time of each contestant.
    let seconds: Double
    /// Whether contestants have threads that go on spinning for a while after a call, and must come to rest before
    /// another's turn.
    let restsBetween: Bool

    private static let turn = 0.015
    private static let rest: UInt32 = 8_000  // microseconds
    private static let shortest = 2e-4
    private static let fewest = 3

    /// `prepare` is called with the number of each turn before it.
    func run(_ contestants: [Contestant], prepare: (Int) -> Void = { _ in }) -> [Result] {
        var results = contestants.map { Result(name: $0.name, amount: $0.amount) }
        // Warms up, and finds how long a call takes.
        let durations = contestants.map { contestant in
            let start = Clock.now()
            var calls = 0
            while calls < 1 || (Clock.now() - start < 0.1 * seconds && calls < 2000) {
                contestant.call()
                calls += 1
            }
            return (Clock.now() - start) / Double(calls)
        }
        let start = Clock.now()
        var turn = 0
        while turn < Self.fewest || Clock.now() - start < seconds * Double(contestants.count) {
            prepare(turn)
            for place in contestants.indices {
                // Each goes first as often as last.
                let index = (place + turn) % contestants.count
                if restsBetween && contestants.count > 1 { usleep(Self.rest) }
                let medianOfTurn = take(contestants[index], durations[index], &results[index].seconds)
                results[index].turns.append(medianOfTurn)
            }
            turn += 1
        }
        return results
    }

    private func take(_ contestant: Contestant, _ duration: Double, _ all: inout Samples) -> Double {
        // A sample is long against the clock's own time.
        let repeats = max(1, Int((Self.shortest / duration).rounded(.up)))
        var start = Clock.now()
        let end = start + Self.turn
        // The caches are full of another's data, and its threads asleep.
        while duration < Self.turn && Clock.now() - start < 0.1 * Self.turn { contestant.call() }
        var own = Samples()
        repeat {
            start = Clock.now()
            for _ in 0..<repeats { contestant.call() }
            own.add((Clock.now() - start) / Double(repeats))
            all.add(own.values[own.values.count - 1])
        } while Clock.now() < end
        return own.median
    }
}
