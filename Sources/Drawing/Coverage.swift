// How much of each pixel a line covers, from 0 to 1: the distance from the pixel's middle to the line tells.
//
// The values of all the segments of a figure are gathered by their maximum before anything is painted, so that joints and
// crossings are as dark as the rest.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

final class Coverage {
    /// The part of the picture that the lines can touch.
    let x, y, width, height: Int
    let values: UnsafeMutablePointer<Float>

    /// Nil when the lines touch nothing, or memory runs out.
    init?(of lines: [[Point]], radius: Double, width: Int, height: Int) {
        guard radius > 0, radius < 1e4 else { return nil }
        var left = Double.infinity, top = Double.infinity, right = -Double.infinity, bottom = -Double.infinity
        for line in lines {
            for point in line where point.isUsable {
                left = min(left, point.x)
                right = max(right, point.x)
                top = min(top, point.y)
                bottom = max(bottom, point.y)
            }
        }
        guard left <= right, top <= bottom else { return nil }
        let x = max(Int(left - radius) - 2, 0), y = max(Int(top - radius) - 2, 0)
        let w = min(Int(right + radius) + 2, width) - x, h = min(Int(bottom + radius) + 2, height) - y
        guard w > 0, h > 0, let memory = calloc(w * h, MemoryLayout<Float>.stride) else { return nil }
        (self.x, self.y, self.width, self.height) = (x, y, w, h)
        values = memory.bindMemory(to: Float.self, capacity: w * h)
        for line in lines {
            if line.count == 1, let only = line.first { add(from: only, to: only, radius: radius) }
            for (from, to) in zip(line, line.dropFirst()) { add(from: from, to: to, radius: radius) }
        }
    }

    deinit { free(values) }

    private func add(from a: Point, to b: Point, radius: Double) {
        guard a.isUsable, b.isUsable else { return }
        let firstRow = max(Int(min(a.y, b.y) - radius) - 1 - y, 0), lastRow = min(Int(max(a.y, b.y) + radius) + 1 - y, height - 1)
        let firstColumn = max(Int(min(a.x, b.x) - radius) - 1 - x, 0)
        let lastColumn = min(Int(max(a.x, b.x) + radius) + 1 - x, width - 1)
        guard firstRow <= lastRow, firstColumn <= lastColumn else { return }
        let dx = b.x - a.x, dy = b.y - a.y
        let squared = dx * dx + dy * dy
        for row in firstRow...lastRow {
            for column in firstColumn...lastColumn {
                let px = Double(x + column) + 0.5 - a.x, py = Double(y + row) + 0.5 - a.y
                let along = squared > 0 ? min(max((px * dx + py * dy) / squared, 0), 1) : 0
                let ex = px - along * dx, ey = py - along * dy
                let covered = Float(min(max(radius + 0.5 - (ex * ex + ey * ey).squareRoot(), 0), 1))
                let at = row * width + column
                if covered > values[at] { values[at] = covered }
            }
        }
    }
}
