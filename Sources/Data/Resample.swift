import Base

/// Scaling of images: the average over the area that a pixel covers when shrinking, bilinear when growing.
public enum Resample {
    /// Scales a picture, keeping its proportions, until it just covers `shape`, and cuts out the centre.
    ///
    /// - Parameter source: `[height, width, channels]`, with the channels of `shape`.
    static func cover(
        from source: UnsafePointer<UInt8>, height: Int, width: Int, to destination: UnsafeMutablePointer<UInt8>, _ shape: ImageShape
    ) throws(GanError) {
        try cover(height: height, width: width, shape) { Float(source[$0]) } put: { destination[$0] = UInt8(max(0, min(255, ($1 + 0.5).rounded(.down)))) }
    }

    /// The same of numbers.
    public static func cover(
        from source: UnsafePointer<Float>, height: Int, width: Int, to destination: UnsafeMutablePointer<Float>, _ shape: ImageShape
    ) throws(GanError) {
        try cover(height: height, width: width, shape) { source[$0] } put: { destination[$0] = $1 }
    }

    @inline(__always)
    private static func cover(
        height: Int, width: Int, _ shape: ImageShape, pixel: (Int) -> Float, put: (Int, Float) -> Void
    ) throws(GanError) {
        // Pixels of the source per pixel of the result; the tighter side decides.
        let step = min(Double(height) / Double(shape.height), Double(width) / Double(shape.width))
        let across = try Taps(count: shape.width, of: width, step: step)
        let down = try Taps(count: shape.height, of: height, step: step)

        // The axes are independent: first every needed row across, then the rows down. Floats hold the values between.
        let row = shape.width * shape.channels
        let needed = try Sizes.product(height, row, of: "a scaled picture")
        let between = try AlignedBuffer<Float>(count: needed, for: "a scaled picture")
        defer { withExtendedLifetime((between, across, down)) {} }
        for y in down.used {
            let from = y * width * shape.channels
            let to = between.pointer + y * row
            for x in 0..<shape.width {
                for channel in 0..<shape.channels {
                    var sum: Float = 0
                    for tap in 0..<across.taps { sum += across.weight(x, tap) * pixel(from + across.index(x, tap) * shape.channels + channel) }
                    to[x * shape.channels + channel] = sum
                }
            }
        }
        for y in 0..<shape.height {
            for i in 0..<row {
                var sum: Float = 0
                for tap in 0..<down.taps { sum += down.weight(y, tap) * between.pointer[down.index(y, tap) * row + i] }
                put(y * row + i, sum)
            }
        }
    }

    /// Which source positions, with which weights, make up each position of one axis. The weights of a position add up to 1.
    private struct Taps {
        let taps: Int
        /// The source positions that are used at all.
        let used: ClosedRange<Int>
        private let size: Int
        private let firsts: AlignedBuffer<Int>
        private let weights: AlignedBuffer<Float>

        init(count: Int, of size: Int, step: Double) throws(GanError) {
            self.size = size
            taps = step > 1 ? Int(step.rounded(.up)) + 1 : 2
            firsts = try AlignedBuffer<Int>(count: count, for: "a scaled picture")
            weights = try AlignedBuffer<Float>(count: try Sizes.product(count, taps, of: "a scaled picture"), for: "a scaled picture")
            let start = (Double(size) - Double(count) * step) / 2
            for position in 0..<count {
                let from = start + Double(position) * step
                let first = step > 1 ? from.rounded(.down) : (from + step / 2 - 0.5).rounded(.down)
                firsts.pointer[position] = Int(first)
                var sum = 0.0
                for tap in 0..<taps {
                    let place = first + Double(tap)
                    let weight =
                        step > 1
                        ? max(0, min(place + 1, from + step) - max(place, from))  // the share of the pixel that is covered
                        : max(0, 1 - abs(place + 0.5 - (from + step / 2)))  // the nearness of its centre
                    weights.pointer[position * taps + tap] = Float(weight)
                    sum += weight
                }
                for tap in 0..<taps { weights.pointer[position * taps + tap] /= Float(sum) }
            }
            let low = max(0, min(size - 1, firsts.pointer[0]))
            used = low...max(low, min(size - 1, firsts.pointer[count - 1] + taps - 1))
        }

        /// Positions beyond the border are those at the border.
        func index(_ position: Int, _ tap: Int) -> Int { max(0, min(size - 1, firsts.pointer[position] + tap)) }
        func weight(_ position: Int, _ tap: Int) -> Float { weights.pointer[position * taps + tap] }
    }
}
