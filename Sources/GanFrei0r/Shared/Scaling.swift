#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How a value between the pixels comes about.
package enum ScalingKernel: Int, CaseIterable {
    case nearest, linear, cubic

    /// How far a pixel reaches, in pixels.
    var radius: Double {
        switch self {
        case .nearest: 0.5
        case .linear: 1
        case .cubic: 2
        }
    }

    func weight(_ distance: Double) -> Double {
        let x = distance.magnitude
        switch self {
        case .nearest: return 1
        case .linear: return max(0, 1 - x)
        case .cubic:
            // Keys, "Cubic convolution interpolation for digital image processing" (1981), with a = −1/2.
            if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
            return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
        }
    }
}

/// One direction of a scaling: which pixels of the source make up each of the target, and how much of each.
/// Where an image shrinks, the kernel grows with it, so that no pixel is passed over.
final class ScalingAxis {
    /// Source pixels for every target pixel.
    let taps: Int
    /// The first of them, for each target pixel.
    let first: UnsafeMutablePointer<Int32>
    /// `[target, taps]`; the sum for each target pixel is 1.
    let weights: UnsafeMutablePointer<Float>

    /// nil when there is no memory. Both sizes are at least 1.
    init?(source: Int, target: Int, kernel: ScalingKernel) {
        let step = Double(source) / Double(target)
        let reach = kernel == .nearest ? 0.5 : kernel.radius * max(1, step)
        let taps = kernel == .nearest ? 1 : min(source, Int((2 * reach).rounded(.up)) + 1)
        let (count, overflow) = taps.multipliedReportingOverflow(by: target)
        guard !overflow, let first = calloc(target, MemoryLayout<Int32>.stride),
            let weights = calloc(count, MemoryLayout<Float>.stride)
        else { return nil }
        self.taps = taps
        self.first = first.bindMemory(to: Int32.self, capacity: target)
        self.weights = weights.bindMemory(to: Float.self, capacity: count)
        for place in 0..<target {
            let centre = (Double(place) + 0.5) * step - 0.5
            let nearest = min(max(Int((centre + 0.5).rounded(.down)), 0), source - 1)
            let start = kernel == .nearest ? nearest : min(max(Int((centre - reach).rounded(.up)), 0), source - taps)
            self.first[place] = Int32(clamping: start)
            let row = self.weights + place * taps
            guard kernel != .nearest else {
                row[0] = 1
                continue
            }
            var total = 0.0
            var each = Int((centre - reach).rounded(.up))
            let last = Int((centre + reach).rounded(.down))
            // Beyond the edge, the pixel at the edge goes on.
            while each <= last {
                let weight = kernel.weight((Double(each) - centre) / max(1, step))
                let tap = min(max(each, 0), source - 1) - start
                if tap >= 0 && tap < taps {
                    row[tap] += Float(weight)
                    total += weight
                }
                each += 1
            }
            if total != 0 { for tap in 0..<taps { row[tap] /= Float(total) } }
        }
    }

    deinit {
        free(first)
        free(weights)
    }
}

/// Images of one size, scaled to another and written into a frame: first along the rows, then down the columns, in
/// single precision, a vector at a time.
package final class Scaler {
    typealias Vector = SIMD8<Float>

    private let channels: Int
    private let source: (width: Int, height: Int)
    private let target: (width: Int, height: Int)
    private let across, down: ScalingAxis
    /// `[source height, stride]`: the image scaled along its rows.
    private let rows: UnsafeMutablePointer<Float>
    /// One row of the target, its values as the low bytes of numbers.
    private let line: UnsafeMutablePointer<UInt32>
    /// Floats a row: whole vectors.
    private let stride: Int

    /// nil when there is no memory. Channels beyond those that can be shown are left out.
    package init?(source: (width: Int, height: Int), channels: Int, target: (width: Int, height: Int), kernel: ScalingKernel) {
        self.channels = channels
        self.source = source
        self.target = target
        let shown = Scaler.shown(channels)
        let vector = Vector.scalarCount
        stride = (target.width * shown + vector - 1) / vector * vector
        let (count, overflow) = stride.multipliedReportingOverflow(by: source.height)
        guard !overflow, let across = ScalingAxis(source: source.width, target: target.width, kernel: kernel),
            let down = ScalingAxis(source: source.height, target: target.height, kernel: kernel),
            let rows = calloc(count, MemoryLayout<Float>.stride)
        else { return nil }
        guard let line = calloc(stride, MemoryLayout<UInt32>.stride) else {
            free(rows)
            return nil
        }
        self.across = across
        self.down = down
        self.rows = rows.bindMemory(to: Float.self, capacity: count)
        self.line = line.bindMemory(to: UInt32.self, capacity: stride)
    }

    deinit {
        free(rows)
        free(line)
    }

    /// RGB and RGBA are shown as they are, over black; of anything else the first channel, as grey.
    package static func shown(_ channels: Int) -> Int { channels == 3 || channels == 4 ? channels : 1 }

    /// - Parameters:
    ///   - image: `[height, width, channels]`.
    ///   - map: the pixel of each of 256 grey values.
    ///   - pixels: where the first pixel goes, in a frame of `pitch` pixels a row.
    package func draw(_ image: UnsafePointer<UInt8>, map: UnsafePointer<UInt32>, to pixels: UnsafeMutablePointer<UInt32>, pitch: Int) {
        scaleRows(image)
        // What the loops read is in names of their own, so that it stays in registers; and their sums wrap, since the
        // sizes were checked when memory for them was taken.
        let (line, width) = (line, target.width)
        for y in 0..<target.height {
            mixRow(y)
            let to = pixels + y * pitch
            switch Scaler.shown(channels) {
            case 3:
                for x in 0..<width {
                    let from = line + 3 &* x
                    to[x] = Pixel.opaque(from[0] & 255, from[1] & 255, from[2] & 255)
                }
            case 4:
                for x in 0..<width {
                    let from = line + 4 &* x
                    let alpha = from[3] & 255
                    to[x] = Pixel.opaque(Scaler.share(from[0], alpha), Scaler.share(from[1], alpha), Scaler.share(from[2], alpha))
                }
            default:
                for x in 0..<width { to[x] = map[Int(truncatingIfNeeded: line[x] & 255)] }
            }
        }
    }

    /// A value over black: v · alpha / 255, rounded. Of a product of 255 · 255 at most, (p + 128 + (p + 128) / 256) / 256.
    @inline(__always)
    private static func share(_ value: UInt32, _ alpha: UInt32) -> UInt32 {
        let product = (value & 255) &* alpha &+ 128
        return (product &+ product >> 8) >> 8
    }

    private func scaleRows(_ image: UnsafePointer<UInt8>) {
        let (taps, shown, channels, width) = (across.taps, Scaler.shown(channels), channels, target.width)
        let (first, table) = (across.first, across.weights)
        for y in 0..<source.height {
            let from = image + y * source.width * channels
            let to = rows + y * stride
            for x in 0..<width {
                let weights = table + x &* taps
                let pixel = from + Int(truncatingIfNeeded: first[x]) &* channels
                for channel in 0..<shown {
                    var sum: Float = 0
                    var tap = 0
                    while tap < taps {
                        sum += weights[tap] * Float(pixel[tap &* channels &+ channel])
                        tap &+= 1
                    }
                    to[x &* shown &+ channel] = sum
                }
            }
        }
    }

    /// The sum of some rows, each by its weight, as whole numbers 0 … 255.
    private func mixRow(_ y: Int) {
        let taps = down.taps
        let weights = down.weights + y * taps
        let from = UnsafeRawPointer(rows + Int(down.first[y]) * stride)
        let to = UnsafeMutableRawPointer(line)
        let pitch = stride * MemoryLayout<Float>.stride
        let (low, high) = (Vector(repeating: 0), Vector(repeating: 255))
        // Added to a number below 2²², 2²³ leaves its nearest whole number in the low bits.
        let whole = Vector(repeating: 8_388_608)
        var offset = 0
        while offset < pitch {
            var sum = from.loadUnaligned(fromByteOffset: offset, as: Vector.self) * weights[0]
            var place = offset &+ pitch
            var tap = 1
            while tap < taps {
                sum += from.loadUnaligned(fromByteOffset: place, as: Vector.self) * weights[tap]
                place &+= pitch
                tap &+= 1
            }
            let value = pointwiseMin(pointwiseMax(sum, low), high) + whole
            to.storeBytes(of: value, toByteOffset: offset, as: Vector.self)
            offset &+= MemoryLayout<Vector>.stride
        }
    }
}
