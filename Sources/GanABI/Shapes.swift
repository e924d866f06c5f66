#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import CGan
import Shapes

// gan.h, "Shapes": what volumes become.

@_cdecl("gan_shape_mesh") @implementation
public func gan_shape_mesh(
    _ values: UnsafePointer<Float>!, _ depth: Int32, _ height: Int32, _ width: Int32, _ level: Float,
    _ positions: UnsafeMutablePointer<Float>!, _ normals: UnsafeMutablePointer<Float>!, _ vertex_capacity: Int, _ vertices: UnsafeMutablePointer<Int>!,
    _ triangles: UnsafeMutablePointer<Int32>!, _ triangle_capacity: Int, _ faces: UnsafeMutablePointer<Int>!
) -> Int32 {
    boundary { () throws(GanError) in
        let volume = try volume(values, depth, height, width, level)
        let vertices = try required(vertices, "vertices", "a place for the number of vertices")
        let faces = try required(faces, "faces", "a place for the number of triangles")
        let isAsking = positions == nil && normals == nil && triangles == nil
        if isAsking, vertex_capacity != 0 || triangle_capacity != 0 {
            throw GanError(
                .invalidArgument,
                "The arguments 'positions', 'normals' and 'triangles' are NULL, and the capacities are \(UInt(bitPattern: vertex_capacity)) and \(UInt(bitPattern: triangle_capacity)); buffers, or 0 to ask for the sizes, were expected.")
        }
        let mesh = try Mesh(of: volume)
        func tell() { (vertices.pointee, faces.pointee) = (mesh.vertexCount, mesh.triangleCount) }
        guard !isAsking else { return tell() }
        for (capacity, count, what) in [(vertex_capacity, mesh.vertexCount, "vertices"), (triangle_capacity, mesh.triangleCount, "triangles")]
        where room(capacity) < count {
            tell()
            throw GanError(.bufferTooSmall, "The buffers have room for \(capacity) \(what), and the shape has \(count).")
        }
        if mesh.vertexCount > 0 {
            let positions = try required(positions, "positions", "a buffer")
            let triangles = try required(triangles, "triangles", "a buffer")
            memcpy(positions, mesh.positions, mesh.vertexCount * 3 * MemoryLayout<Float>.stride)
            if let normals { memcpy(normals, mesh.normals, mesh.vertexCount * 3 * MemoryLayout<Float>.stride) }
            memcpy(triangles, mesh.triangles, mesh.triangleCount * 3 * MemoryLayout<Int32>.stride)
        }
        withExtendedLifetime(mesh) { tell() }
    }
}

@_cdecl("gan_shape_render") @implementation
public func gan_shape_render(
    _ values: UnsafePointer<Float>!, _ depth: Int32, _ height: Int32, _ width: Int32, _ level: Float, _ azimuth: Double, _ elevation: Double,
    _ side: Int32, _ pixels: UnsafeMutablePointer<UInt8>!, _ capacity: Int
) -> Int32 {
    boundary { () throws(GanError) in
        let volume = try volume(values, depth, height, width, level)
        for (value, name) in [(azimuth, "azimuth"), (elevation, "elevation")] as [(Double, StaticString)] where !(value.magnitude <= 1e6) {
            throw GanError(.outOfRange, "The argument '\(name)' is \(Text.format(value)); degrees were expected, at most a million.")
        }
        let side = try checkedCount(side, "side", least: 1)
        guard side <= ShapeRenderer.longestSide else {
            throw GanError(.outOfRange, "The argument 'side' is \(side); a picture of a shape may have \(ShapeRenderer.longestSide) pixels a side.")
        }
        try checkCapacity(capacity, .bytes, holds: side, of: side, "rows of \(side) pixels")
        let pixels = try required(pixels, "pixels", "a buffer")
        try ShapeRenderer.draw(
            try Mesh(of: volume), sides: (volume.depth, volume.height, volume.width), from: View(azimuth: azimuth, elevation: elevation), side: side,
            into: pixels, stride: side)
    }
}

@_cdecl("gan_shape_write") @implementation
public func gan_shape_write(
    _ values: UnsafePointer<Float>!, _ count: Int64, _ depth: Int32, _ height: Int32, _ width: Int32, _ level: Float, _ path: UnsafePointer<CChar>!
) -> Int32 {
    boundary { () throws(GanError) in
        let path = try text(path, "path")
        let count = try checkedCount(count, "count", least: 1)
        let volumes = try VolumeRow(
            try required(values, "values", "an array of volumes"), count: count, depth: Int(depth), height: Int(height), width: Int(width), level: level)
        try ShapeFile.write(volumes, to: path)
    }
}

private func volume(_ values: UnsafePointer<Float>?, _ depth: Int32, _ height: Int32, _ width: Int32, _ level: Float) throws(GanError) -> Volume {
    try Volume(try required(values, "values", "a volume"), depth: Int(depth), height: Int(height), width: Int(width), level: level)
}
