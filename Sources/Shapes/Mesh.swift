import Base

/// A closed surface of triangles.
///
/// The volume's longest side is 1 long and begins at 0: a cell of the volume `[32, 32, 32]` is 1/32 wide, and the first has its
/// middle at 1/64. x, y, which is up, and z are the volume's axes in their order.
public final class Mesh {
    /// How many vertices, and how many triangles.
    public let vertexCount, triangleCount: Int
    /// `[vertexCount, 3]`: x, y, z.
    public let positions: UnsafePointer<Float>
    /// `[vertexCount, 3]`: of length 1, from the inside to the outside.
    public let normals: UnsafePointer<Float>
    /// `[triangleCount, 3]`: numbers of vertices, anticlockwise as seen from outside.
    public let triangles: UnsafePointer<Int32>
    private let storage: [AlignedBuffer<UInt8>]

    /// Takes over what was gathered.
    init(positions: GrowingBytes, normals: GrowingBytes, triangles: GrowingBytes) throws(GanError) {
        vertexCount = positions.count / 12
        triangleCount = triangles.count / 12
        let (positions, normals, triangles) = (try positions.finish(), try normals.finish(), try triangles.finish())
        self.positions = UnsafeRawPointer(positions.pointer).assumingMemoryBound(to: Float.self)
        self.normals = UnsafeRawPointer(normals.pointer).assumingMemoryBound(to: Float.self)
        self.triangles = UnsafeRawPointer(triangles.pointer).assumingMemoryBound(to: Int32.self)
        storage = [positions, normals, triangles]
    }

    /// Where a vertex is.
    func position(_ vertex: Int32) -> SIMD3<Float> { Self.vector(positions, Int(vertex)) }

    /// Which way is out there.
    func normal(_ vertex: Int32) -> SIMD3<Float> { Self.vector(normals, Int(vertex)) }

    /// The vertices of a triangle.
    func corners(_ triangle: Int) -> (Int32, Int32, Int32) {
        (triangles[triangle * 3], triangles[triangle * 3 + 1], triangles[triangle * 3 + 2])
    }

    private static func vector(_ numbers: UnsafePointer<Float>, _ index: Int) -> SIMD3<Float> {
        SIMD3(numbers[index * 3], numbers[index * 3 + 1], numbers[index * 3 + 2])
    }
}

/// The right-handed product of two vectors: at right angles to both.
func cross<Number: SIMDScalar & FloatingPoint>(_ a: SIMD3<Number>, _ b: SIMD3<Number>) -> SIMD3<Number> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// Of length 1; what has no length stays.
func unit(_ vector: SIMD3<Double>) -> SIMD3<Double> {
    let length = (vector * vector).sum().squareRoot()
    return length > 0 ? vector / length : vector
}
