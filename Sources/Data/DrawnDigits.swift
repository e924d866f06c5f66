// Digits as strokes: no handwriting, but of the same kind, 28 × 28 pixels of light on dark with a slant, a size and a width of their own.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

enum DrawnDigits {
    static let side = 28

    /// The labels are as frequent as each other, in no order.
    static func dataset(count: Int, seed: UInt64) throws(GanError) -> Dataset {
        let shape = try ImageShape(height: side, width: side, channels: 1)
        let pixels = try AlignedBuffer<UInt8>(
            count: Sizes.product(count, shape.elements, of: "\(count) images of \(shape)"), for: "\(count) images of \(shape)")
        let labels = try AlignedBuffer<Int32>(count: count, for: "the labels of \(count) images")
        pixels.pointer.update(repeating: 0, count: pixels.count)
        for item in 0..<count {
            var random = CountedRandom(seed, UInt64(item))
            let digit = random.below(10)
            labels.pointer[item] = Int32(truncatingIfNeeded: digit)
            draw(digit, on: pixels.pointer + item * shape.elements, &random)
        }
        return try Dataset(
            count: count, shape: shape, storage: .bytes(pixels.pointer), range: .bytes,
            labels: try Labels(checking: labels, classes: 10, of: "the drawn digits"), owner: pixels)
    }

    /// - Parameters:
    ///   - scale: of the usual size.
    ///   - pixels: `side` × `side`, black.
    static func draw(_ digit: Int, scale: Double = 1, on pixels: UnsafeMutablePointer<UInt8>, _ random: inout CountedRandom) {
        let pen = Pen(&random, scale: scale)
        pen.draw(strokes[digit][random.below(strokes[digit].count)], on: pixels)
    }

    typealias Point = (x: Double, y: Double)
    /// Lines through points, in a square of side 1 whose origin is at its top left.
    typealias Stroke = [Point]

    /// A part of an ellipse, from one angle to another in degrees, clockwise from the right.
    private static func arc(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ from: Double, _ to: Double) -> Stroke {
        let parts = max(4, Int(abs(to - from) / 20))
        return (0...parts).map { part in
            let angle = (from + (to - from) * Double(part) / Double(parts)) * Double.pi / 180
            return (x + width * cos(angle), y + height * sin(angle))
        }
    }

    /// The ways in which each digit is written.
    private static let strokes: [[[Stroke]]] = [
        [[arc(0.5, 0.5, 0.28, 0.4, 0, 360)]],
        [[[(0.5, 0.1), (0.5, 0.9)]], [[(0.34, 0.28), (0.52, 0.1), (0.52, 0.9)]]],
        [[arc(0.5, 0.32, 0.26, 0.22, 190, 390) + [(0.24, 0.88), (0.78, 0.88)]]],
        [[arc(0.48, 0.3, 0.24, 0.2, 200, 450) + arc(0.48, 0.7, 0.27, 0.2, 270, 520)]],
        [[[(0.62, 0.9), (0.62, 0.1), (0.22, 0.65), (0.82, 0.65)]], [[(0.28, 0.12), (0.25, 0.5), (0.72, 0.5)], [(0.7, 0.12), (0.66, 0.9)]]],
        [[[(0.74, 0.12), (0.34, 0.12), (0.3, 0.46)] + arc(0.48, 0.66, 0.26, 0.22, 225, 500)]],
        [[arc(0.68, 0.67, 0.4, 0.56, 270, 180) + arc(0.5, 0.69, 0.22, 0.2, 180, 540)]],
        [[[(0.22, 0.13), (0.76, 0.13), (0.42, 0.9)]], [[(0.22, 0.13), (0.76, 0.13), (0.42, 0.9)], [(0.36, 0.5), (0.72, 0.5)]]],
        [[arc(0.5, 0.3, 0.2, 0.19, 90, 450) + arc(0.5, 0.69, 0.25, 0.2, 270, 630)]],
        [[arc(0.5, 0.32, 0.22, 0.2, 0, 360) + [(0.7, 0.5), (0.6, 0.9)]]],
    ]

    /// One hand: how it slants, how large it writes, how wide its pen is and how it trembles.
    private struct Pen {
        // From the square of strokes to pixels.
        private let xx, xy, yx, yy, centreX, centreY: Double
        private let wave, phase, pace: Double
        private let radius, ink: Double

        init(_ random: inout CountedRandom, scale: Double) {
            let angle = 0.1 * max(-2.5, min(2.5, random.normal()))
            let slant = 0.18 * max(-2, min(2, random.normal())) - 0.1
            let (width, height) = (19 * scale * random.uniform(0.8, 1.1), 20 * scale * random.uniform(0.85, 1.08))
            (xx, xy) = (width * cos(angle), height * (slant * cos(angle) - sin(angle)))
            (yx, yy) = (width * sin(angle), height * (slant * sin(angle) + cos(angle)))
            centreX = 13.5 + random.uniform(-1, 1)
            centreY = 13.5 + random.uniform(-1, 1)
            wave = random.uniform(0, 0.035)
            phase = random.uniform(0, 2 * Double.pi)
            pace = random.uniform(4, 9)
            radius = random.uniform(0.8, 1.7)
            ink = random.uniform(215, 255)
        }

        private func place(_ point: Point) -> Point {
            let x = point.x - 0.5 + wave * sin(pace * point.y + phase)
            let y = point.y - 0.5 + wave * sin(pace * point.x + 2 * phase)
            return (centreX + xx * x + xy * y, centreY + yx * x + yy * y)
        }

        /// Pixels are as bright as the pen covers them, and keep the brightest of what covers them.
        func draw(_ strokes: [Stroke], on pixels: UnsafeMutablePointer<UInt8>) {
            for stroke in strokes {
                for (a, b) in zip(stroke, stroke.dropFirst()) { draw(from: place(a), to: place(b), on: pixels) }
            }
        }

        private func draw(from a: Point, to b: Point, on pixels: UnsafeMutablePointer<UInt8>) {
            let reach = radius + 1
            func range(_ a: Double, _ b: Double) -> ClosedRange<Int>? {
                let low = max(0, Int((min(a, b) - reach).rounded(.up))), high = min(side - 1, Int((max(a, b) + reach).rounded(.down)))
                return low <= high ? low...high : nil
            }
            guard let rows = range(a.y, b.y), let columns = range(a.x, b.x) else { return }
            let (dx, dy) = (b.x - a.x, b.y - a.y)
            let length = max(dx * dx + dy * dy, 1e-12)
            for row in rows {
                for column in columns {
                    let (px, py) = (Double(column) - a.x, Double(row) - a.y)
                    let along = max(0, min(1, (px * dx + py * dy) / length))
                    let (ex, ey) = (px - along * dx, py - along * dy)
                    let covered = radius + 0.5 - (ex * ex + ey * ey).squareRoot()
                    if covered <= 0 { continue }
                    let value = UInt8(min(covered, 1) * ink)
                    let place = row * side + column
                    if value > pixels[place] { pixels[place] = value }
                }
            }
        }
    }
}
