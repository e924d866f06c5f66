// loss.png: the losses over the epochs, as a figure for a paper: axes with ticks and labels, a legend, and bands that
// show how far the losses strayed within each epoch.
import CGan
import Drawing

struct LossFigure {
    let rows: [TrainingLog.Row]
    let metrics: StepMetrics
    /// The option of that name, which decides what the losses are.
    let loss: String
    let measures: TrainingMeasures

    /// Blue and vermilion first, which colour-blind readers tell apart as well (Okabe and Ito, "Color universal design", 2008).
    private static let colours = [Colour(0, 114, 178), Colour(213, 94, 0), Colour(0, 158, 115), Colour(204, 121, 167), Colour(230, 159, 0)]
    private static let ink = Colour(38, 38, 38)
    private static let grid = Colour(226, 226, 226)

    private struct Curve {
        let name: String
        let colour: Colour
        let means, deviations: [Double]
    }

    private var curves: [Curve] {
        var losses = metrics.names.enumerated().filter { StepMetrics.isLoss($0.element) }
        if losses.isEmpty { losses = Array(metrics.names.enumerated().prefix(1)) }
        return losses.enumerated().map { place, loss in
            let isPart = StepMetrics.isLoss(loss.element) && loss.element != "loss"
            let words = loss.element.prefix(1).uppercased() + loss.element.dropFirst().dropLast(isPart ? ".loss".count : 0)
            return Curve(
                name: words + formula(loss.element), colour: Self.colours[place % Self.colours.count],
                means: rows.map { $0.means[loss.offset] }, deviations: rows.map { $0.deviations[loss.offset] })
        }
    }

    /// What an adversarial loss is, where it is short enough to be said.
    private func formula(_ name: String) -> String {
        guard loss == "non-saturating" || loss == "minimax" else { return "" }
        switch name {
        case "discriminator.loss": return ": mean of log D(x) + log(1 − D(G(z)))"
        case "generator.loss": return loss == "minimax" ? ": mean of −log(1 − D(G(z)))" : ": mean of log D(G(z))"
        default: return ""
        }
    }

    func write(to path: String) throws {
        guard let canvas = Canvas(width: 1400, height: 900 + (measured == nil ? 0 : 500) + (rates.isEmpty ? 0 : 440), colour: .white) else {
            throw Failure(Exit.system, "There is no memory for the picture \"\(path)\".")
        }
        draw(on: canvas)
        try canvas.withPixels {
            try check(gan_image_write_png($0.baseAddress, 1, Int32(canvas.height), Int32(canvas.width), 3, 1, 0, 1, path), .output)
        }
    }

    // MARK: The figure

    private func draw(on canvas: Canvas) {
        let curves = curves
        // An epoch may have made no such number.
        let losses = Axis.losses(curves.flatMap { zip($0.means, $0.deviations) }.filter(\.0.isFinite))
        let widest = losses.ticks.map { Text.width(of: losses.label($0), size: 20) }.max() ?? 0
        let frame = Frame(
            left: 95 + max(widest, 50), top: 70 + 46 * Double(curves.count), right: Double(canvas.width) - 50,
            bottom: 780, x: Axis.epochs(rows.map { Double($0.epoch) }), y: losses)
        let isLoss = metrics.names.contains(where: StepMetrics.isLoss)
        drawAxes(frame, !isLoss ? "Mean of the epoch" : isMaximised ? "Loss, as maximised" : "Loss", on: canvas)
        for curve in curves { drawBand(curve, frame, on: canvas) }
        for curve in curves { drawLine(curve, frame, on: canvas) }
        drawLegend(curves, frame, on: canvas)
        if let measured { drawMeasure(measured, left: frame.left, right: frame.right, on: canvas) }
        if !rates.isEmpty { drawRates(top: measured == nil ? 960 : 1460, left: frame.left, right: frame.right, on: canvas) }
    }

    /// The losses of adversarial networks are told as they are maximised.
    private var isMaximised: Bool { !metrics.names.contains { $0 == "classifier.loss" || $0 == "autoencoder.loss" } }

    /// The learning rates, where one of them changes; those that are one number all along need no figure.
    private var rates: [(name: String, values: [(epoch: Double, rate: Double)])] {
        let rates = measures.names.filter { $0.hasSuffix(TrainingMeasures.rate) }.map { name in
            (name: name, values: rows.compactMap { row in row.measures[name].map { (epoch: Double(row.epoch), rate: $0) } })
        }
        return rates.contains { rate in rate.values.contains { $0.rate != rate.values[0].rate } } ? rates.filter { !$0.values.isEmpty } : []
    }

    /// A panel of its own: networks whose rates are the same lie on each other.
    private func drawRates(top: Double, left: Double, right: Double, on canvas: Canvas) {
        let rates = rates, highest = rates.flatMap(\.values).map(\.rate).max() ?? 0
        let frame = Frame(left: left, top: top, right: right, bottom: top + 250, x: Axis.epochs(rows.map { Double($0.epoch) }), y: Axis.fromZero(to: highest))
        drawAxes(frame, "Learning rate", on: canvas)
        var x = left + 10
        for (place, rate) in rates.enumerated() {
            let colour = Self.colours[place % Self.colours.count]
            canvas.line(rate.values.map { Point(frame.x($0.epoch), frame.clippedY($0.rate)) }, thickness: 3, colour: colour, opacity: place == 0 ? 1 : 0.7)
            canvas.line([Point(x, top - 35), Point(x + 64, top - 35)], thickness: 3, colour: colour)
            let name = String(rate.name.dropLast(TrainingMeasures.rate.count))
            canvas.text(name, x: x + 84, y: top - 25, size: 21, colour: Self.ink, weight: 0.12)
            x += 84 + Text.width(of: name, size: 21) + 50
        }
    }

    /// What is shown below the losses: the measure that decides, or the accuracy on what was held out.
    private var measured: (name: String, title: String)? {
        for (name, title) in [(measures.deciding, String(measures.deciding.dropFirst("evaluate.".count))), ("accuracy", "accuracy on held-out pictures")]
        where rows.contains(where: { $0.measures[name] != nil }) { return (name, title) }
        return nil
    }

    /// A panel of its own, with the best epoch marked.
    private func drawMeasure(_ measured: (name: String, title: String), left: Double, right: Double, on canvas: Canvas) {
        let points = rows.compactMap { row in row.measures[measured.name].map { (epoch: Double(row.epoch), value: $0) } }
        let frame = Frame(
            left: left, top: 960, right: right, bottom: 1280, x: Axis.epochs(rows.map { Double($0.epoch) }),
            y: Axis.losses(points.map { ($0.value, 0) }))
        drawAxes(frame, "Measure", on: canvas)
        let isLower = measured.name == measures.deciding && measures.isLower
        let best = isLower ? points.min { $0.value < $1.value } : points.max { $0.value < $1.value }
        if let best {
            let x = frame.x(best.epoch)
            canvas.line([Point(x, frame.top), Point(x, frame.bottom)], thickness: 2, colour: Self.colours[1], opacity: 0.5)
        }
        let line = points.map { Point(frame.x($0.epoch), frame.clippedY($0.value)) }
        canvas.line(line, thickness: 3, colour: Self.colours[2])
        for point in line where line.count <= 40 {
            canvas.line([point], thickness: 11, colour: Self.colours[2])
            canvas.line([point], thickness: 5, colour: .white)
        }
        let end = best.map { ", best \(Format.significant($0.value, 4)) at epoch \(Int64($0.epoch))" } ?? ""
        canvas.line([Point(left + 10, 925), Point(left + 74, 925)], thickness: 3, colour: Self.colours[2])
        canvas.text(measured.title + end, x: left + 94, y: 935, size: 21, colour: Self.ink, weight: 0.12)
    }

    private func drawAxes(_ frame: Frame, _ title: String, on canvas: Canvas) {
        for tick in frame.y.ticks {
            let y = frame.y(tick)
            canvas.line([Point(frame.left, y), Point(frame.right, y)], thickness: 1.2, colour: Self.grid)
            canvas.line([Point(frame.left - 9, y), Point(frame.left, y)], thickness: 2, colour: Self.ink)
            canvas.text(frame.y.label(tick), x: frame.left - 20, y: y + 10, size: 20, colour: Self.ink, anchor: .right, weight: 0.12)
        }
        for tick in frame.x.ticks {
            let x = frame.x(tick)
            canvas.line([Point(x, frame.bottom), Point(x, frame.bottom + 9)], thickness: 2, colour: Self.ink)
            canvas.text(frame.x.label(tick), x: x, y: frame.bottom + 42, size: 20, colour: Self.ink, anchor: .centre, weight: 0.12)
        }
        canvas.line(
            [Point(frame.left, frame.top), Point(frame.left, frame.bottom), Point(frame.right, frame.bottom)], thickness: 2, colour: Self.ink)
        canvas.text("Epoch", x: (frame.left + frame.right) / 2, y: frame.bottom + 88, size: 23, colour: Self.ink, anchor: .centre, weight: 0.12)
        canvas.text(
            title, x: 48, y: (frame.top + frame.bottom) / 2, size: 23, colour: Self.ink, anchor: .centre, weight: 0.12,
            upwards: true)
    }

    /// One deviation to each side of the mean.
    private func drawBand(_ curve: Curve, _ frame: Frame, on canvas: Canvas) {
        guard rows.count > 1 else { return }
        var index = 0
        for column in Int(frame.left) + 1..<Int(frame.right) {
            let epoch = frame.epoch(at: Double(column) + 0.5)
            while index + 2 < rows.count, Double(rows[index + 1].epoch) < epoch { index += 1 }
            let from = Double(rows[index].epoch), to = Double(rows[index + 1].epoch)
            guard to > from, epoch >= from, epoch <= to else { continue }
            let share = (epoch - from) / (to - from)
            let mean = curve.means[index] * (1 - share) + curve.means[index + 1] * share
            let deviation = curve.deviations[index] * (1 - share) + curve.deviations[index + 1] * share
            let x = Double(column) + 0.5
            let low = frame.clippedY(mean - deviation), high = frame.clippedY(mean + deviation)
            if low - high >= 1 { canvas.line([Point(x, high), Point(x, low)], thickness: 1, colour: curve.colour, opacity: 0.16) }
        }
    }

    private func drawLine(_ curve: Curve, _ frame: Frame, on canvas: Canvas) {
        let points = zip(rows, curve.means).map { Point(frame.x(Double($0.epoch)), frame.clippedY($1)) }
        canvas.line(points, thickness: rows.count > 400 ? 2 : 3, colour: curve.colour)
        guard rows.count <= 40 else { return }
        for point in points {
            canvas.line([point], thickness: 11, colour: curve.colour)
            canvas.line([point], thickness: 5, colour: .white)
        }
    }

    private func drawLegend(_ curves: [Curve], _ frame: Frame, on canvas: Canvas) {
        var y = 62.0
        for curve in curves {
            canvas.fill(x: Int(frame.left) + 10, y: Int(y) - 16, width: 64, height: 18, colour: blended(curve.colour))
            canvas.line([Point(frame.left + 10, y - 7), Point(frame.left + 74, y - 7)], thickness: 3, colour: curve.colour)
            canvas.text(curve.name, x: frame.left + 94, y: y + 3, size: 21, colour: Self.ink, weight: 0.12)
            y += 46
        }
        for (line, y) in [("lines: means over an epoch", 62.0), ("bands: one standard deviation", 108)] {
            canvas.text(line, x: frame.right, y: y, size: 16, colour: Colour(110, 110, 110), anchor: .right, weight: 0.11)
        }
    }

    /// A colour as its band looks on white.
    private func blended(_ colour: Colour) -> Colour {
        func mixed(_ value: UInt8) -> UInt8 { UInt8(255 - (255 - Int(value)) * 16 / 100) }
        return Colour(mixed(colour.red), mixed(colour.green), mixed(colour.blue))
    }
}

/// Where numbers are in the picture.
private struct Frame {
    let left, top, right, bottom: Double
    let x, y: Axis

    func x(_ value: Double) -> Double { left + (value - x.low) / (x.high - x.low) * (right - left) }
    func y(_ value: Double) -> Double { bottom - (value - y.low) / (y.high - y.low) * (bottom - top) }
    func clippedY(_ value: Double) -> Double { min(max(y(value), top), bottom) }
    func epoch(at place: Double) -> Double { x.low + (place - left) / (right - left) * (x.high - x.low) }
}

/// A range of numbers and the round ones among them.
struct Axis {
    let low, high, step: Double

    var ticks: [Double] {
        let first = (low / step - 1e-9).rounded(.up)
        return stride(from: first, through: high / step + 1e-9, by: 1).map { $0 * step }
    }

    /// As many decimals as the distance of the ticks needs, and the sign of a printed minus.
    func label(_ value: Double) -> String {
        var decimals = 0
        var rest = step
        while decimals < 9, (rest - rest.rounded()).magnitude > 1e-6 {
            rest *= 10
            decimals += 1
        }
        let text = step >= 1e6 ? Format.significant(value, 3) : decimals == 0 ? Format.grouped(value) : Format.fixed(value, decimals)
        return text.hasPrefix("-") ? (Double(text) == 0 ? String(text.dropFirst()) : "−" + text.dropFirst()) : text
    }

    /// A step of 1, 2 or 5 times a power of ten that gives at most that many ticks.
    private static func step(_ span: Double, atMost count: Double) -> Double {
        var power = 1e-12
        while power < 1e18 {
            for factor in [1.0, 2, 5] where span / (power * factor) <= count { return power * factor }
            power *= 10
        }
        return span
    }

    /// What is small and never below 0.
    static func fromZero(to high: Double) -> Axis {
        let high = high > 0 ? high * 1.05 : 1
        return Axis(low: 0, high: high, step: step(high, atMost: 5))
    }

    /// From 0 to the last epoch.
    static func epochs(_ values: [Double]) -> Axis {
        let high = max(values.max() ?? 1, 1)
        return Axis(low: 0, high: high, step: max(step(high, atMost: 10), 1))
    }

    /// The means wholly, and of the deviations around them as much as does not flatten the curves.
    static func losses(_ values: [(mean: Double, deviation: Double)]) -> Axis {
        let lowest = values.map(\.mean).min() ?? 0, highest = values.map(\.mean).max() ?? 1
        let span = max(highest - lowest, 1e-6 * max(lowest.magnitude, 1))
        let low = max(values.map { $0.mean - $0.deviation }.min() ?? lowest, lowest - 0.3 * span)
        let high = min(values.map { $0.mean + $0.deviation }.max() ?? highest, highest + 0.3 * span)
        let step = step(high - low + 0.1 * span, atMost: 7)
        return Axis(low: low - 0.05 * span, high: high + 0.05 * span, step: step)
    }
}
