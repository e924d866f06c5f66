// The progress bar: one line at the bottom of the terminal, there from the first moment, redrawn at most twenty times a second,
// wiped away at the end.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

final class Progress {
    private let isShown: Bool
    private let epochs: Int64
    private let stepsPerEpoch: Int64
    private let metrics: StepMetrics
    private var target: Int64 = 0
    private var firstStep: Int64 = 0
    private var images: Int64 = 0
    private var started = 0.0
    private var drawn = 0.0
    private var isOnScreen = false

    init(isShown: Bool, epochs: Int64, stepsPerEpoch: Int64, _ metrics: StepMetrics) {
        self.metrics = metrics
        self.isShown = isShown
        self.epochs = epochs
        self.stepsPerEpoch = stepsPerEpoch
    }

    func start(step: Int64, target: Int64, images: Int64) {
        firstStep = step
        self.target = target
        self.images = images
        started = Clock.now()
        update(step: step, losses: nil)
    }

    var seconds: Double { Clock.now() - started }

    /// Images a second since the start.
    func speed(_ step: Int64) -> Double { Double((step - firstStep) * images) / max(seconds, 1e-9) }

    /// - Parameter step: how many steps are made.
    func update(step: Int64, losses: [Double]?) {
        // Once Ctrl-C was pressed its answer stands there.
        guard isShown, step < target, !Interruption.isRequested else { return }
        let now = Clock.now()
        guard now - drawn >= 0.05 else { return }
        drawn = now
        let made = step - firstStep
        let secondsPerStep = made > 0 ? (now - started) / Double(made) : .nan
        let values = losses ?? metrics.names.map { _ in .nan }
        let line = ProgressLine(
            epoch: step / max(stepsPerEpoch, 1) + 1, epochs: epochs, step: step % max(stepsPerEpoch, 1), steps: stepsPerEpoch,
            done: Double(step) / Double(max(target, 1)), losses: metrics.shown(values).map { ($0.short, values[$0.index]) },
            secondsPerStep: secondsPerStep, images: images, left: Double(target - step) * secondsPerStep
        ).text(columns: Terminal.columns - Self.margin)
        Interruption.setLineIsBusy(true)
        isOnScreen = true
        show("\r" + line + "\u{1B}[K")
    }

    /// A terminal writes ^C where the line ends, and must not begin another for it.
    private static let margin = 3

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
    /// Of this epoch.
    let step, steps: Int64
    let done: Double
    /// By their short names.
    let losses: [(name: String, value: Double)]
    /// NaN before the first step.
    let secondsPerStep: Double
    let images: Int64
    let left: Double

    func text(columns: Int) -> String {
        let place = "\(epoch)/\(epochs)", at = "\(step)/\(steps)"
        // From rich to poor; the first that leaves room for a bar is taken.
        let candidates: [(before: String, after: String, least: Int)]
        if secondsPerStep.isNaN {
            candidates = [
                ("epoch \(place) step \(at) ", "  making the first step", 12), ("\(place) step \(at) ", " first step", 4), ("\(place) \(at) ", "", 4),
            ]
        } else {
            let full = losses.map { "\($0.name) \(Format.fixed($0.value, 3))  " }.joined()
            let short = losses.map { "\($0.name) \(Format.fixed($0.value, 2)) " }.joined()
            let dense = losses.map { "\($0.name)\(Format.fixed($0.value, 2)) " }.joined()
            let time = Format.time(left)
            candidates = [
                ("epoch \(place) step \(at) ", "  \(full)\(speed)  \(time) left", 12),
                ("epoch \(place) step \(at) ", " \(short)\(speed) \(time) left", 4),
                ("\(place) step \(at) ", " \(dense)\(shortSpeed) \(time)", 4),
                ("\(place) \(at) ", " \(dense)\(shortSpeed) \(time)", 4),
                ("\(place) ", " \(dense)\(shortSpeed) \(time)", 3),
                ("\(place) ", " \(dense)\(time)", 3),
                ("\(place) ", " \(time)", 4),
            ]
        }
        for (before, after, least) in candidates {
            let room = columns - before.count - after.count - 2
            if room < least { continue }
            let full = min(Int(done * Double(room)), room)
            let bar = String(repeating: "=", count: full) + (full < room ? ">" : "") + String(repeating: " ", count: max(room - full - 1, 0))
            return before + "[" + bar + "]" + after
        }
        return String("\(Int(done * 100))%".prefix(max(columns, 0)))
    }

    /// Where a step is long enough to wait for, that is what matters; else how many images go by.
    private var speed: String {
        secondsPerStep >= 0.5 ? "\(Format.significant(secondsPerStep, 2)) s a step" : "\(Format.grouped(imagesPerSecond)) images/s"
    }

    private var shortSpeed: String {
        if secondsPerStep >= 0.5 { return "\(Format.significant(secondsPerStep, 2)) s/step" }
        return imagesPerSecond >= 9950 ? "\(Format.fixed(imagesPerSecond / 1000, 0))k/s" : "\(Format.fixed(imagesPerSecond, 0))/s"
    }

    private var imagesPerSecond: Double { Double(images) / max(secondsPerStep, 1e-9) }
}

enum Clock {
    /// Seconds on a clock that nobody sets.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
