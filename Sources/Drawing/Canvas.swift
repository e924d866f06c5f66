// A picture in memory, 8 bits each of red, green and blue, on which lines, rectangles and letters are drawn.
//
// It serves the loss curves of the command and the frames in which a plugin says what went wrong. Whatever is drawn
// outside the picture, or at a point that is no number, is left out: nothing here can fail but the creation.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

public struct Colour: Equatable, Sendable {
    public var red, green, blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    public static let black = Colour(0, 0, 0)
    public static let white = Colour(255, 255, 255)
}

/// A place in pixels: x to the right, y downwards, both from the top left corner of the picture. The middle of the
/// first pixel is (0.5, 0.5).
public struct Point: Equatable, Sendable {
    public var x, y: Double

    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    var isUsable: Bool { x.magnitude < 1e6 && y.magnitude < 1e6 }  // false for NaN, too
}

public final class Canvas {
    public let width: Int
    public let height: Int
    let bytes: UnsafeMutablePointer<UInt8>

    /// A picture of one colour. Nil when a side is not 1 … 16384 or memory runs out.
    public init?(width: Int, height: Int, colour: Colour) {
        guard (1...16384).contains(width), (1...16384).contains(height), let memory = malloc(width * height * 3) else { return nil }
        self.width = width
        self.height = height
        bytes = memory.bindMemory(to: UInt8.self, capacity: width * height * 3)
        fill(x: 0, y: 0, width: width, height: height, colour: colour)
    }

    deinit { free(bytes) }

    /// The picture as [height, width, 3] bytes, valid inside the body.
    public func withPixels<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: bytes, count: width * height * 3))
    }

    /// The colour of a pixel, or nil outside the picture.
    public subscript(x: Int, y: Int) -> Colour? {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return nil }
        let at = (y * width + x) * 3
        return Colour(bytes[at], bytes[at + 1], bytes[at + 2])
    }

    /// Fills whole pixels.
    public func fill(x: Int, y: Int, width: Int, height: Int, colour: Colour) {
        let left = max(x, 0), top = max(y, 0)
        let right = min(x.addingReportingOverflow(width).partialValue, self.width)
        let bottom = min(y.addingReportingOverflow(height).partialValue, self.height)
        guard left < right, top < bottom else { return }
        for row in top..<bottom {
            for column in left..<right {
                let at = (row * self.width + column) * 3
                bytes[at] = colour.red
                bytes[at + 1] = colour.green
                bytes[at + 2] = colour.blue
            }
        }
    }

    /// A line from point to point with round ends and joints, smooth at its edges.
    ///
    /// - Parameters:
    ///   - points: one point alone is a disc.
    ///   - thickness: in pixels.
    ///   - opacity: from 0, nothing, to 1. Where a line crosses itself it is not darker.
    public func line(_ points: [Point], thickness: Double, colour: Colour, opacity: Double = 1) {
        strokes([points], thickness: thickness, colour: colour, opacity: opacity)
    }

    /// Several lines as one figure: where they meet it is not darker.
    public func strokes(_ lines: [[Point]], thickness: Double, colour: Colour, opacity: Double = 1) {
        guard let mask = Coverage(of: lines, radius: thickness / 2, width: width, height: height) else { return }
        let strength = min(max(opacity, 0), 1)
        for row in 0..<mask.height {
            for column in 0..<mask.width {
                let share = Double(mask.values[row * mask.width + column]) * strength
                if share > 0 { blend(x: mask.x + column, y: mask.y + row, colour: colour, share: share) }
            }
        }
    }

    private func blend(x: Int, y: Int, colour: Colour, share: Double) {
        let at = (y * width + x) * 3
        func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
            UInt8(min(max((Double(old) + (Double(new) - Double(old)) * share).rounded(), 0), 255))
        }
        bytes[at] = mixed(bytes[at], colour.red)
        bytes[at + 1] = mixed(bytes[at + 1], colour.green)
        bytes[at + 2] = mixed(bytes[at + 2], colour.blue)
    }
}
