import Base

extension Mesh {
    /// The surface of a volume's shape. It is closed, also where the shape reaches the border, and its triangles meet along whole edges;
    /// of an empty volume it has none.
    public convenience init(of volume: Volume) throws(GanError) {
        let march = try MarchingCubes(volume)
        try march.run()
        try self.init(positions: march.positions, normals: march.normals, triangles: march.triangles)
    }
}

/// Goes from cube to cube, in slices along x. The corners of a cube are the middles of eight cells; the first cubes lie half outside.
private final class MarchingCubes {
    let positions = GrowingBytes(for: "the vertices of a shape")
    let normals = GrowingBytes(for: "the normals of a shape")
    let triangles = GrowingBytes(for: "the triangles of a shape")
    private let volume: Volume
    private let unit: Double
    private let cell = CellSurface()
    /// The vertices on the edges of one slice of cubes, or -1: along y and z at its near side, at its far side, and along x.
    private let edges: AlignedBuffer<Int32>
    private let sliceCount: Int
    /// Of the vertices of a loop.
    private var loop: [Int32] = []

    /// A vertex keeps this far from the ends of its edge, of length 1: those on other edges of the same end would have the same place, and
    /// formats without numbers for vertices, such as STL, would take them for one.
    private static let margin = 1.0 / 1024

    init(_ volume: Volume) throws(GanError) {
        self.volume = volume
        unit = 1 / Double(volume.longest)
        sliceCount = (volume.height + 2) * (volume.width + 2)
        edges = try AlignedBuffer(count: try Sizes.product(5, sliceCount, of: "a slice"), for: "a slice of a volume")
        loop.reserveCapacity(12)
    }

    func run() throws(GanError) {
        edges.pointer.update(repeating: -1, count: 5 * sliceCount)
        // Corners begin at -1, in the emptiness around.
        for x in -1..<volume.depth {
            // What was far is near now.
            edges.pointer.update(from: edges.pointer + 2 * sliceCount, count: 2 * sliceCount)
            (edges.pointer + 2 * sliceCount).update(repeating: -1, count: 3 * sliceCount)
            for y in -1..<volume.height { try row(x, y) }
        }
    }

    private func row(_ x: Int, _ y: Int) throws(GanError) {
        var values: (Double, Double, Double, Double, Double, Double, Double, Double) = (0, 0, 0, 0, 0, 0, 0, 0)
        let failure = withUnsafeMutablePointer(to: &values) { tuple -> GanError? in
            tuple.withMemoryRebound(to: Double.self, capacity: 8) { corners in
                do throws(GanError) {
                    var mask = read(x, y, -1, corners + 4) << 4
                    for z in -1..<volume.width {
                        corners.update(from: corners + 4, count: 4)
                        mask = mask >> 4 | read(x, y, z + 1, corners + 4) << 4
                        if mask != 0, mask != 255 { try cube(x, y, z, corners, mask) }
                    }
                    return nil
                } catch {
                    return error
                }
            }
        }
        if let failure { throw failure }
    }

    /// Four corners of one z.
    /// - Returns: a bit for each that is inside.
    private func read(_ x: Int, _ y: Int, _ z: Int, _ corners: UnsafeMutablePointer<Double>) -> Int {
        var mask = 0
        for corner in 0..<4 {
            corners[corner] = volume.excess(x + corner & 1, y + corner >> 1, z)
            if corners[corner] > 0 { mask |= 1 << corner }
        }
        return mask
    }

    private func cube(_ x: Int, _ y: Int, _ z: Int, _ corners: UnsafePointer<Double>, _ mask: Int) throws(GanError) {
        cell.begin(corners, mask: mask)
        while cell.advance() {
            loop.removeAll(keepingCapacity: true)
            for edge in cell.loop { loop.append(try vertex(x, y, z, edge)) }
            let count = loop.count
            if let fan = cell.fan {
                for place in 1..<count - 1 { try add(loop[fan], loop[(fan + place) % count], loop[(fan + place + 1) % count]) }
            } else {
                let middle = try middle()
                for place in 0..<count { try add(middle, loop[place], loop[(place + 1) % count]) }
            }
        }
    }

    /// The vertex on an edge of a cube, which up to four cubes share.
    private func vertex(_ x: Int, _ y: Int, _ z: Int, _ edge: Int) throws(GanError) -> Int32 {
        let corner = cell.geometry.edgeCorners[edge], axis = edge >> 2
        let start = (x + corner & 1, y + corner >> 1 & 1, z + corner >> 2)
        let place = (start.1 + 1) * (volume.width + 2) + start.2 + 1
        let known = edges.pointer + (axis == 0 ? 4 : (corner & 1) * 2 + axis - 1) * sliceCount + place
        if known.pointee >= 0 { return known.pointee }

        let end = (start.0 + (axis == 0 ? 1 : 0), start.1 + (axis == 1 ? 1 : 0), start.2 + (axis == 2 ? 1 : 0))
        let from = volume.excess(start.0, start.1, start.2), to = volume.excess(end.0, end.1, end.2)
        let share = min(max(from / (from - to), Self.margin), 1 - Self.margin)
        var position = SIMD3(Double(start.0), Double(start.1), Double(start.2)) + 0.5
        position[axis] += share
        // The slope of the trilinear function through the cells' middles: along the edge, where it is one number, and across it, where
        // it is the mean of those on both sides.
        var slope = (1 - share) * slope(start) + share * self.slope(end)
        slope[axis] = to - from
        known.pointee = try add(position * unit, normal: Shapes.unit(-slope))
        return known.pointee
    }

    private func slope(_ at: (Int, Int, Int)) -> SIMD3<Double> {
        let (x, y, z) = at
        return SIMD3(
            volume.excess(x + 1, y, z) - volume.excess(x - 1, y, z), volume.excess(x, y + 1, z) - volume.excess(x, y - 1, z),
            volume.excess(x, y, z + 1) - volume.excess(x, y, z - 1)) / 2
    }

    /// A vertex in the middle of a loop.
    private func middle() throws(GanError) -> Int32 {
        func vector(_ bytes: GrowingBytes, _ vertex: Int32) -> SIMD3<Double> {
            func number(_ axis: Int) -> Double { Double(bytes.bytes.load(fromByteOffset: Int(vertex) * 12 + axis * 4, as: Float.self)) }
            return SIMD3(number(0), number(1), number(2))
        }
        var position = SIMD3<Double>(), normal = SIMD3<Double>(), area = SIMD3<Double>()
        var last = vector(positions, loop[loop.count - 1])
        for vertex in loop {
            let here = vector(positions, vertex)
            position += here
            normal += vector(normals, vertex)
            area += cross(last, here)
            last = here
        }
        normal = Shapes.unit(normal)
        return try add(position / Double(loop.count), normal: normal == SIMD3() ? Shapes.unit(area) : normal)
    }

    // MARK: Gathering

    private func add(_ position: SIMD3<Double>, normal: SIMD3<Double>) throws(GanError) -> Int32 {
        let number = Int32(truncatingIfNeeded: positions.count / 12)
        try append(SIMD3<Float>(position), to: positions)
        try append(SIMD3<Float>(normal), to: normals)
        return number
    }

    private func add(_ a: Int32, _ b: Int32, _ c: Int32) throws(GanError) { try append(SIMD3(a, b, c), to: triangles) }

    @inline(__always)
    private func append<Number>(_ vector: SIMD3<Number>, to bytes: GrowingBytes) throws(GanError) {
        let room = try bytes.reserve(12)
        for axis in 0..<3 { room.storeBytes(of: vector[axis], toByteOffset: axis * 4, as: Number.self) }
        bytes.append(12)
    }
}
