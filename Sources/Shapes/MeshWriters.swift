import Base

// Meshes as files of other programs. Both formats have the y axis up only by agreement: what reads them asks, or may be turned.

/// Wavefront's OBJ: text, a line a vertex, a normal or a triangle.
enum OBJ {
    static func write(_ mesh: Mesh, to file: AtomicFile) throws(GanError) {
        var lines = TextLines(file)
        try lines.add("# A shape made by libgan: \(mesh.vertexCount) vertices, \(mesh.triangleCount) triangles, y is up.\no shape\n")
        for vertex in 0..<mesh.vertexCount { try lines.add("v", mesh.position(Int32(vertex))) }
        for vertex in 0..<mesh.vertexCount { try lines.add("vn", mesh.normal(Int32(vertex))) }
        for triangle in 0..<mesh.triangleCount {
            let (a, b, c) = mesh.corners(triangle)
            try lines.add("f \(a + 1)//\(a + 1) \(b + 1)//\(b + 1) \(c + 1)//\(c + 1)\n")
        }
        try lines.finish()
    }
}

/// The binary STL of stereolithography: 80 bytes that say nothing, the number of triangles, and of each the normal and three corners.
enum STL {
    static func write(_ mesh: Mesh, to file: AtomicFile) throws(GanError) {
        var bytes = Pieces(file)
        // A file that begins with "solid" would be taken for one of text.
        var title = Array("A shape made by libgan, binary STL".utf8)
        title += [UInt8](repeating: 0x20, count: 80 - title.count)
        try bytes.add(title)
        try bytes.add(UInt32(mesh.triangleCount))
        for triangle in 0..<mesh.triangleCount {
            let (a, b, c) = mesh.corners(triangle)
            let corners = (mesh.position(a), mesh.position(b), mesh.position(c))
            let first = SIMD3<Double>(corners.0)
            let normal = unit(cross(SIMD3<Double>(corners.1) - first, SIMD3<Double>(corners.2) - first))
            for vector in [SIMD3<Float>(normal), corners.0, corners.1, corners.2] {
                for axis in 0..<3 { try bytes.add(vector[axis].bitPattern) }
            }
            try bytes.add([0, 0])
        }
        try bytes.finish()
    }
}

/// Gathers small pieces of a file, and writes them some tens of thousands of bytes at a time.
struct Pieces {
    private static let most = 1 << 16
    private let file: AtomicFile
    private var bytes: [UInt8] = []

    init(_ file: AtomicFile) {
        self.file = file
        bytes.reserveCapacity(Self.most + 256)
    }

    mutating func add(_ more: some Sequence<UInt8>) throws(GanError) {
        bytes.append(contentsOf: more)
        if bytes.count >= Self.most { try finish() }
    }

    /// In the order that STL asks for: the low byte first.
    mutating func add(_ number: UInt32) throws(GanError) {
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        if bytes.count >= Self.most { try finish() }
    }

    mutating func finish() throws(GanError) {
        try file.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}

private struct TextLines {
    private var pieces: Pieces

    init(_ file: AtomicFile) { pieces = Pieces(file) }

    mutating func add(_ text: String) throws(GanError) { try pieces.add(text.utf8) }

    /// Three numbers of six decimals, which tell two vertices apart in the largest volume.
    mutating func add(_ name: StaticString, _ vector: SIMD3<Float>) throws(GanError) {
        var line = name.withUTF8Buffer { Array($0) }
        for axis in 0..<3 {
            // Between -2 and 2, all of them.
            let millionths = Int((min(max(Double(vector[axis]), -2), 2) * 1e6).rounded())
            line.append(UInt8(ascii: " "))
            if millionths < 0 { line.append(UInt8(ascii: "-")) }
            var rest = millionths.magnitude, unit: UInt = 1_000_000
            while unit > 0 {
                line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
                if unit == 1_000_000 { line.append(UInt8(ascii: ".")) }
                rest %= unit
                unit /= 10
            }
        }
        line.append(UInt8(ascii: "\n"))
        try pieces.add(line)
    }

    mutating func finish() throws(GanError) { try pieces.finish() }
}
