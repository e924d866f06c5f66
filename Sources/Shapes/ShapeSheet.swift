import Base
import Data

/// A picture of shapes: of each a square of four views, from all around.
public enum ShapeSheet {
    /// The side of a view in pixels, where nothing else is said.
    public static let usualSide = 128

    /// Draws the four views of a shape, two above two.
    ///
    /// - Parameters:
    ///   - side: of one view.
    ///   - pixels: gets `[2 · side, 2 · side]`.
    public static func draw(_ volume: Volume, side: Int, into pixels: UnsafeMutablePointer<UInt8>) throws(GanError) {
        let mesh = try Mesh(of: volume)
        for (number, view) in View.four.enumerated() {
            try ShapeRenderer.draw(
                mesh, sides: (volume.depth, volume.height, volume.width), from: view, side: side,
                into: pixels + number / 2 * side * 2 * side + number % 2 * side, stride: 2 * side)
        }
    }

    /// Writes a PNG file of shapes, nearly a square of them.
    static func write(_ volumes: VolumeRow, to path: String) throws(GanError) {
        let shape = try ImageShape(height: 2 * usualSide, width: 2 * usualSide, channels: 1)
        let columns = Int(Double(volumes.count).squareRoot().rounded(.up))
        let grid = ImageGrid(columns: max(columns, 1), margin: 1)
        _ = try PNGWriter.size(count: volumes.count, shape: shape, grid: grid)
        let size = try Sizes.product(volumes.count, shape.elements, of: "a picture of \(volumes.count) shapes")
        let pixels = try AlignedBuffer<UInt8>(count: size, for: "a picture of \(volumes.count) shapes")
        for index in 0..<volumes.count { try draw(try volumes.volume(index), side: usualSide, into: pixels.pointer + index * shape.elements) }
        try PNGWriter.write(pixels.pointer, count: volumes.count, shape: shape, grid: grid, path: path)
        withExtendedLifetime(pixels) {}
    }
}
