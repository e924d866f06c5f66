// The progress bar: one line at the bottom of the terminal, redrawn at most twenty times a second, wiped away at the end.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

final class Progress {
    private let isShown: Bool
    private let epochs: Int64
    private var target: Int64 = 0
    private var firstStep: Int64 = 0
    private var images: Int64 = 0
    private var started = 0.0
    private var drawn = 0.0
    private var isOnScreen = false

    init(isShown: Bool, epochs: Int64) {
        self.isShown = isShown
        self.epochs = epochs
    }

    func start(step: Int64, target: Int64, images: Int64) {
        firstStep = step
        self.target = target
        self.images = images
        started = Clock.now()
    }

    var seconds: Double { Clock.now() - started }

    /// Images a second since the start.
    func speed(_ step: Int64) -> Double { Double((step - firstStep) * images) / max(seconds, 1e-9) }

    func update(step: Int64, stepsPerEpoch: Int64, losses: LossMeter.Step?) {
        guard isShown, step < target else { return }
        let now = Clock.now()
        guard now - drawn >= 0.05 else { return }
        drawn = now
        let speed = speed(step)
        let line = ProgressLine(
            epoch: step / stepsPerEpoch + 1, epochs: epochs, done: Double(step) / Double(max(target, 1)),
            discriminator: losses?.discriminator ?? .nan, generator: losses?.generator ?? .nan, speed: speed,
            left: Double((target - step) * images) / max(speed, 1e-9)
        ).text(columns: Terminal.columns - 1)
        Interruption.setLineIsBusy(true)
        isOnScreen = true
        show("\r" + line + "\u{1B}[K")
    }

    func erase() {
        guard isOnScreen else { return }
        isOnScreen = false
        show("\r\u{1B}[K")
        Interruption.setLineIsBusy(false)
    }

    /// A terminal that has gone will be noticed by the next line of an epoch.
    private func show(_ text: String) {
        var text = text
        text.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}

/// What the bar says, as much of it as there is room for.
struct ProgressLine {
    let epoch, epochs: Int64
    let done, discriminator, generator, speed, left: Double

    func text(columns: Int) -> String {
        let place = "\(epoch)/\(epochs)"
        let d = Format.fixed(discriminator, 3), g = Format.fixed(generator, 3)
        let d2 = Format.fixed(discriminator, 2), g2 = Format.fixed(generator, 2)
        let thousands = speed >= 9950 ? "\(Format.fixed(speed / 1000, 0))k/s" : "\(Format.fixed(speed, 0))/s"
        let time = Format.time(left)
        // From rich to poor; the first that leaves room for a bar is taken.
        let candidates: [(before: String, after: String, least: Int)] = [
            ("epoch \(place) ", "  D \(d)  G \(g)  \(Format.grouped(speed)) images/s  \(time) left", 12),
            ("epoch \(place) ", " D \(d) G \(g) \(thousands) \(time) left", 8),
            ("\(place) ", " D\(d2) G\(g2) \(thousands) \(time)", 4),
            ("\(place) ", " D\(d2) G\(g2) \(time)", 4),
            ("\(place) ", " \(time)", 4),
        ]
        for (before, after, least) in candidates {
            let room = columns - before.count - after.count - 2
            if room < least { continue }
            let full = min(Int(done * Double(room)), room)
            let bar = String(repeating: "=", count: full) + (full < room ? ">" : "") + String(repeating: " ", count: max(room - full - 1, 0))
            return before + "[" + bar + "]" + after
        }
        return String("\(Int(done * 100))%".prefix(max(columns, 0)))
    }
}

enum Clock {
    /// Seconds on a clock that nobody sets.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
