import CGanShims
import Compute
import XCTest

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the bodies of these tests share.
private struct Shared {
    var barrier: Barrier
    var rounds: Int
    /// A counter a member, a cache line apart.
    var counters: UnsafeMutablePointer<Int>
    var failures: UnsafeMutablePointer<Int>
}

private let line = 16

/// Counts a run.
private let count: ThreadPool.Body = { context, part, parts in
    let shared = context.assumingMemoryBound(to: Shared.self)
    shared.pointee.counters[Int(part) * line] += 1
}

/// Goes through many barriers; after each, every member must see what the others wrote before it.
private let meet: ThreadPool.Body = { context, part, parts in
    let shared = context.assumingMemoryBound(to: Shared.self).pointee
    for round in 1...shared.rounds {
        shared.counters[Int(part) * line] = round
        shared.barrier.wait()
        for other in 0..<Int(parts) where shared.counters[other * line] != round { shared.failures[Int(part) * line] += 1 }
        shared.barrier.wait()
    }
}

private final class Fixture {
    let pool: ThreadPool
    let counters: UnsafeMutablePointer<Int>
    let failures: UnsafeMutablePointer<Int>

    init(threads: Int) {
        pool = ThreadPool(threads: threads)
        counters = .allocate(capacity: 256 * line)
        failures = .allocate(capacity: 256 * line)
        counters.initialize(repeating: 0, count: 256 * line)
        failures.initialize(repeating: 0, count: 256 * line)
    }

    deinit {
        counters.deallocate()
        failures.deallocate()
    }

    func run(_ body: ThreadPool.Body, rounds: Int = 1, present: Bool = false) {
        var shared = Shared(barrier: pool.barrier, rounds: rounds, counters: counters, failures: failures)
        if present { pool.runPresent(body, &shared) } else { pool.run(body, &shared) }
    }

    func values(_ pointer: UnsafeMutablePointer<Int>) -> [Int] { (0..<pool.threads).map { pointer[$0 * line] } }
}

final class ThreadPoolTests: XCTestCase {
    /// The smallest numbers are zero inside a run on every member, and the caller's own mode is back after it.
    func testMembersFlushTheSmallestNumbersToZero() {
        // The number to multiply, and each member's product.
        let numbers = UnsafeMutablePointer<Float>.allocate(capacity: 4)
        defer { numbers.deallocate() }
        numbers.update(repeating: .nan, count: 4)
        numbers[0] = 1e-30
        let pool = ThreadPool(threads: 3)
        pool.run(
            { context, part, _ in
                let numbers = UnsafeMutableRawPointer(mutating: context).assumingMemoryBound(to: Float.self)
                numbers[Int(part) + 1] = numbers[0] * 1e-10
            }, UnsafeRawPointer(numbers))
        for member in 1...3 { XCTAssertTrue(numbers[member] == 0 || numbers[member].isNaN, "\(numbers[member])") }
        XCTAssertEqual(numbers[1], 0)
        XCTAssertGreaterThan(numbers[0] * 1e-10, 0)
    }

    func testEveryMemberRunsOnce() {
        for threads in [1, 2, 3, 8] {
            let fixture = Fixture(threads: threads)
            for _ in 0..<2000 { fixture.run(count) }
            XCTAssertEqual(fixture.values(fixture.counters), Array(repeating: 2000, count: threads))
        }
    }

    func testSizesAreBounded() {
        XCTAssertEqual(ThreadPool(threads: 0).threads, 1)
        XCTAssertEqual(ThreadPool(threads: -5).threads, 1)
        XCTAssertEqual(ThreadPool(threads: 1_000_000).threads, ThreadPool.limit)
        XCTAssertGreaterThanOrEqual(ThreadPool.hardwareThreads, 1)
    }

    func testBarriers() {
        for threads in [1, 2, 3, 8] {
            let fixture = Fixture(threads: threads)
            for _ in 0..<20 { fixture.run(meet, rounds: 500) }
            XCTAssertEqual(fixture.values(fixture.failures), Array(repeating: 0, count: threads), "\(threads) threads")
        }
    }

    /// Calls of both kinds in turn: those who are there see each other's writes, nobody does a part twice, and who comes late to one
    /// call takes part in the next.
    func testThoseWhoAreThereMeet() {
        for threads in [1, 2, 3, 8] {
            let fixture = Fixture(threads: threads)
            for round in 0..<2000 {
                fixture.run(meet, rounds: 5, present: round % 3 > 0)
                if round % 500 == 499 { usleep(1000) }
            }
            XCTAssertEqual(fixture.values(fixture.failures), Array(repeating: 0, count: threads), "\(threads) threads")
            fixture.counters.update(repeating: 0, count: threads * line)
            fixture.run(count)
            XCTAssertEqual(fixture.values(fixture.counters), Array(repeating: 1, count: threads))
        }
    }

    /// 256 members cannot all answer in two microseconds, and are not waited for.
    func testShortWorkIsDoneByThoseWhoAreThere() throws {
        if ThreadPool.hardwareThreads >= 128 { throw XCTSkip("they might") }
        let pool = ThreadPool(threads: 256)
        pool.start()
        // A caller that loses its processor in between may find them all there; not every time.
        var fewest = 256
        for _ in 0..<50 {
            var parts = 0
            pool.runPresent(
                { context, part, parts in
                    if part == 0 { UnsafeMutableRawPointer(mutating: context).storeBytes(of: Int(parts), as: Int.self) }
                }, &parts)
            XCTAssertGreaterThanOrEqual(parts, 1)
            fewest = min(fewest, parts)
        }
        XCTAssertLessThan(fewest, 256)
    }

    func testTeamsAtTheSameTime() {
        let fixtures = (0..<3).map { _ in Fixture(threads: 2) }
        let done = (0..<3).map { expectation(description: "team \($0)") }
        for (i, fixture) in fixtures.enumerated() {
            nonisolated(unsafe) let fixture = fixture
            Thread.detachNewThread {
                for _ in 0..<50 { fixture.run(meet, rounds: 100) }
                done[i].fulfill()
            }
        }
        wait(for: done, timeout: 120)
        for fixture in fixtures { XCTAssertEqual(fixture.values(fixture.failures), [0, 0]) }
    }

    func testCallersTakeTurns() {
        let fixture = Fixture(threads: 2)
        nonisolated(unsafe) let shared = fixture
        let done = (0..<4).map { expectation(description: "caller \($0)") }
        for i in 0..<4 {
            Thread.detachNewThread {
                for _ in 0..<500 { shared.run(count) }
                done[i].fulfill()
            }
        }
        wait(for: done, timeout: 120)
        XCTAssertEqual(fixture.values(fixture.counters), [2000, 2000])
    }

    func testTeamsComeAndGo() {
        for _ in 0..<200 {
            let fixture = Fixture(threads: 4)
            fixture.run(count)
        }
        // Every thread was joined: only this process's own remain.
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
        XCTAssertLessThan(tasks, 50)
    }

    func testIdleTeamsSleep() {
        let fixture = Fixture(threads: 3)
        fixture.run(count)
        usleep(5_000)
        let before = clock()
        usleep(200_000)
        let used = Double(clock() - before) / Double(CLOCKS_PER_SEC)
        XCTAssertLessThan(used, 0.02, "an idle team used \(used) s of processor time in 0.2 s")
    }

    func testASleepingTeamSaysSoAndNeedNotBeWoken() {
        let fixture = Fixture(threads: 3)
        XCTAssertFalse(fixture.pool.sleeps, "there are no members yet")
        fixture.run(count)
        usleep(50_000)
        XCTAssertTrue(fixture.pool.sleeps)
        var shared = Shared(barrier: fixture.pool.barrier, rounds: 1, counters: fixture.counters, failures: fixture.failures)
        fixture.pool.runAlone(count, &shared)
        XCTAssertEqual(fixture.values(fixture.counters), [2, 1, 1])
        XCTAssertTrue(fixture.pool.sleeps)
        XCTAssertFalse(ThreadPool(threads: 1).sleeps)
    }

    func testSignalsAreBlockedInMembers() {
        let fixture = Fixture(threads: 2)
        fixture.run { context, part, _ in
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            let shared = context.assumingMemoryBound(to: Shared.self).pointee
            shared.counters[Int(part) * line] = Int(sigismember(&mask, SIGUSR1)) + 1
        }
        XCTAssertEqual(fixture.values(fixture.counters), [1, 2])
    }

    func testAChildOfForkHasItsOwnThreads() {
        let fixture = Fixture(threads: 2)
        fixture.run(count)
        let status = gan_in_child({ argument in
            guard let argument else { return 1 }
            let fixture = Unmanaged<Fixture>.fromOpaque(argument).takeUnretainedValue()
            fixture.run(count)
            fixture.run(meet, rounds: 100)
            fixture.run(count)
            return fixture.values(fixture.failures) == [0, 0] && fixture.values(fixture.counters) == [101, 101] ? 0 : 2
        }, Unmanaged.passUnretained(fixture).toOpaque(), 20)
        XCTAssertEqual(status, 0)
        fixture.run(count)
        XCTAssertEqual(fixture.values(fixture.counters), [2, 2])
    }

    func testARunAllocatesNothing() {
        let fixture = Fixture(threads: 2)
        for _ in 0..<10 { fixture.run(meet, rounds: 10) }
        let before = gan_heap_bytes()
        for _ in 0..<100 { fixture.run(meet, rounds: 10) }
        // Less is no matter of ours: a thread of the test's own libraries may end meanwhile, and give back what it had.
        XCTAssertLessThanOrEqual(gan_heap_bytes(), before)
        XCTAssertGreaterThan(before, 0)
    }
}
