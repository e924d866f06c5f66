import Base
import Shapes
import XCTest

/// A volume that keeps its numbers.
final class Field {
    let depth, height, width: Int
    let level: Float
    private let values: AlignedBuffer<Float>

    init(_ depth: Int, _ height: Int, _ width: Int, level: Float = 0.5, _ value: (Int, Int, Int) -> Float) throws {
        (self.depth, self.height, self.width, self.level) = (depth, height, width, level)
        values = try AlignedBuffer(count: depth * height * width, for: "a volume")
        for x in 0..<depth {
            for y in 0..<height {
                for z in 0..<width { values.pointer[(x * height + y) * width + z] = value(x, y, z) }
            }
        }
    }

    func volume() throws -> Volume { try Volume(values.pointer, depth: depth, height: height, width: width, level: level) }
    func mesh() throws -> Mesh { try Mesh(of: try volume()) }
    func row(count: Int = 1, depth: Int? = nil) throws -> VolumeRow {
        try VolumeRow(values.pointer, count: count, depth: depth ?? self.depth, height: height, width: width, level: level)
    }
}

/// SplitMix64: the same numbers in every run.
struct Dice {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    mutating func uniform() -> Float { Float(next() >> 40) / Float(1 << 24) }
}

extension Mesh {
    func corners() -> [[Int]] { (0..<triangleCount).map { t in (0..<3).map { Int(triangles[t * 3 + $0]) } } }

    func place(_ vertex: Int) -> SIMD3<Double> {
        SIMD3(Double(positions[vertex * 3]), Double(positions[vertex * 3 + 1]), Double(positions[vertex * 3 + 2]))
    }

    func outward(_ vertex: Int) -> SIMD3<Double> {
        SIMD3(Double(normals[vertex * 3]), Double(normals[vertex * 3 + 1]), Double(normals[vertex * 3 + 2]))
    }

    /// The volume inside, by the theorem of divergence.
    var enclosed: Double {
        corners().reduce(0) { $0 + (place($1[0]) * product(place($1[1]), place($1[2]))).sum() } / 6
    }
}

func product(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// What is wrong with a mesh of triangles as a surface; nil for a closed one without a border whose triangles all look outwards.
/// - Parameter vertices: numbers of vertices, or of places.
func fault(_ triangles: [[Int]]) -> String? {
    var edges: Set<[Int]> = [], around: [Int: [Int: Int]] = [:]
    for triangle in triangles {
        guard Set(triangle).count == 3 else { return "the triangle \(triangle) has a vertex twice" }
        for corner in 0..<3 {
            let (a, b, c) = (triangle[corner], triangle[(corner + 1) % 3], triangle[(corner + 2) % 3])
            guard edges.insert([a, b]).inserted else { return "two triangles go from \(a) to \(b)" }
            around[a, default: [:]][b] = c
        }
    }
    for edge in edges where !edges.contains([edge[1], edge[0]]) { return "no triangle goes back from \(edge[1]) to \(edge[0])" }
    // The triangles around a vertex are one ring.
    for (vertex, next) in around {
        guard let first = next.keys.first else { continue }
        var (here, count) = (first, 0)
        repeat {
            guard let following = next[here] else { return "the ring around \(vertex) is open" }
            here = following
            count += 1
        } while here != first && count <= next.count
        guard count == next.count else { return "the vertex \(vertex) joins two surfaces" }
    }
    return nil
}
