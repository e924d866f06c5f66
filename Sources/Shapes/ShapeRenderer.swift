#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

/// Where a shape is looked at from, in degrees: `azimuth` 0 is from the front, +z, and 90 from the right, +x; `elevation` 90 is from above.
public struct View: Sendable {
    public var azimuth, elevation: Double

    public init(azimuth: Double, elevation: Double) { (self.azimuth, self.elevation) = (azimuth, elevation) }

    /// From all around and a little above.
    public static let four = [35.0, 125, 215, 305].map { View(azimuth: $0, elevation: 25) }
}

/// Draws meshes in parallel projection: a buffer of depths, and shading after Lambert by one light from above the viewer's left.
public enum ShapeRenderer {
    public static let longestSide = 4096
    private static let background: Float = 255, dark: Float = 45, bright: Float = 232
    /// Each pixel is the mean of so many times so many.
    private static let finer = 2

    /// - Parameters:
    ///   - sides: of the volume that the mesh is of. Its box fits into the picture from every azimuth, and has the same size from all.
    ///   - side: of the picture in pixels, 1 … `longestSide`.
    ///   - pixels: gets `side` rows, 0 (black) to 255, each `stride` behind the one before. Where there is no shape it is white.
    public static func draw(
        _ mesh: Mesh, sides: (depth: Int, height: Int, width: Int), from view: View, side: Int, into pixels: UnsafeMutablePointer<UInt8>, stride: Int
    ) throws(GanError) {
        let fine = side * finer
        let depths = try AlignedBuffer<Float>(count: fine * fine, for: "a picture of a shape")
        let shades = try AlignedBuffer<Float>(count: fine * fine, for: "a picture of a shape")
        depths.pointer.update(repeating: -.infinity, count: fine * fine)
        shades.pointer.update(repeating: background, count: fine * fine)
        let camera = Camera(view, sides, Float(fine))
        for triangle in 0..<mesh.triangleCount { draw(triangle, of: mesh, camera, fine, depths.pointer, shades.pointer) }
        for row in 0..<side {
            for column in 0..<side {
                var sum: Float = 0.5 * Float(finer * finer)
                for y in 0..<finer {
                    for x in 0..<finer { sum += shades.pointer[(row * finer + y) * fine + column * finer + x] }
                }
                pixels[row * stride + column] = UInt8(min(sum / Float(finer * finer), 255))
            }
        }
        withExtendedLifetime((depths, shades)) {}
    }

    private static func draw(
        _ triangle: Int, of mesh: Mesh, _ camera: Camera, _ fine: Int, _ depths: UnsafeMutablePointer<Float>, _ shades: UnsafeMutablePointer<Float>
    ) {
        let corners = mesh.corners(triangle)
        let a = camera.place(mesh.position(corners.0)), b = camera.place(mesh.position(corners.1)), c = camera.place(mesh.position(corners.2))
        // Twice its area; rows go downwards, so what is anticlockwise in space is clockwise here. The others look away.
        let area = (c.x - a.x) * (b.y - a.y) - (b.x - a.x) * (c.y - a.y)
        guard area > 0 else { return }
        let light = SIMD3(
            camera.light(mesh.normal(corners.0)), camera.light(mesh.normal(corners.1)), camera.light(mesh.normal(corners.2)))
        /// The pixels whose middles lie between two places.
        func span(_ low: Float, _ high: Float) -> Range<Int> {
            let first = max(Int((low - 0.5).rounded(.up)), 0), last = min(Int((high - 0.5).rounded(.down)), fine - 1)
            return first..<max(last + 1, first)
        }
        for row in span(min(a.y, b.y, c.y), max(a.y, b.y, c.y)) {
            for column in span(min(a.x, b.x, c.x), max(a.x, b.x, c.x)) {
                let x = Float(column) + 0.5, y = Float(row) + 0.5
                // The shares of the corners.
                let wb = ((c.x - a.x) * (y - a.y) - (x - a.x) * (c.y - a.y)) / area
                let wc = ((x - a.x) * (b.y - a.y) - (b.x - a.x) * (y - a.y)) / area
                let wa = 1 - wb - wc
                // A pixel on a line between two belongs to both.
                guard wa >= -1e-4, wb >= -1e-4, wc >= -1e-4 else { continue }
                let depth = wa * a.z + wb * b.z + wc * c.z
                let place = row * fine + column
                guard depth > depths[place] else { continue }
                depths[place] = depth
                shades[place] = dark + (bright - dark) * min(max(wa * light.x + wb * light.y + wc * light.z, 0), 1)
            }
        }
    }

    private struct Camera {
        /// To the right of the picture, upwards, and towards the viewer.
        private let right, up, near: SIMD3<Float>
        private let light: SIMD3<Float>
        private let middle: SIMD3<Float>
        private let scale, half: Float

        init(_ view: View, _ sides: (depth: Int, height: Int, width: Int), _ pixels: Float) {
            let azimuth = view.azimuth * .pi / 180, elevation = view.elevation * .pi / 180
            let right = SIMD3(cos(azimuth), 0, -sin(azimuth))
            let near = SIMD3(sin(azimuth) * cos(elevation), sin(elevation), cos(azimuth) * cos(elevation))
            let up = cross(near, right)
            let longest = Double(max(sides.depth, sides.height, sides.width))
            let half = SIMD3(Double(sides.depth), Double(sides.height), Double(sides.width)) / (2 * longest)
            // As wide as the box from any azimuth, and as high.
            let round = (half.x * half.x + half.z * half.z).squareRoot()
            let extent = max(round, half.y * abs(cos(elevation)) + round * abs(sin(elevation))) * 1.03
            (self.right, self.up, self.near) = (SIMD3<Float>(right), SIMD3<Float>(up), SIMD3<Float>(near))
            light = SIMD3<Float>(Shapes.unit(-0.45 * right + 0.65 * up + 0.75 * near))
            middle = SIMD3<Float>(half)
            self.half = pixels / 2
            scale = pixels / 2 / Float(extent)
        }

        /// Column, row and nearness.
        func place(_ position: SIMD3<Float>) -> SIMD3<Float> {
            let from = position - middle
            return SIMD3(half + scale * (from * right).sum(), half - scale * (from * up).sum(), (from * near).sum())
        }

        /// How much light falls on it, with some from everywhere.
        func light(_ normal: SIMD3<Float>) -> Float { 0.2 + 0.8 * max((normal * light).sum(), 0) }
    }
}
