// The surface within one cube of eight neighbouring points: marching cubes (Lorensen and Cline 1987, "Marching cubes: a high resolution
// 3D surface construction algorithm"), by a rule instead of their table of 256 cases.
//
// The surface crosses those edges of the cube of which one end is inside. On each side of the cube it leaves lines from crossing to
// crossing. The rule says which: going round a side anticlockwise, as seen from outside the cube, a line leads from every edge at which
// we come in to one at which we go out, with the inside to its right. An edge lies on two sides, which go along it in opposite
// directions: it is entered on one and left on the other. So each crossing has one line that ends there and one that begins, and the
// lines form loops, which go anticlockwise as seen from outside the shape. Each loop is filled with triangles.
//
// Where the two inner corners of a side lie across from each other, either they hang together or the outer ones do. The asymptotic
// decider (Nielson and Hamann 1991) asks for the saddle of the bilinear function through the four: if it is inside, they hang together.
// (They do if both are as good.) It looks at these four numbers alone, so that the cube on the other side answers the same, and no hole
// opens between the two.
//
// Where a loop is filled, a line across it must not lie on a side of the cube, where the neighbour's might be the same: four triangles
// would meet there. So corners of triangles that share a side of the cube are neighbours in the loop, or the loop gets a vertex
// in its middle. Every edge of a triangle is then shared by exactly two, and the triangles around a vertex go round it once.

/// What all cubes have in common. A corner is a number of three bits: 1 for x, 2 for y, 4 for z.
struct CellGeometry {
    /// The corners of each side, anticlockwise as seen from outside: six times four.
    let sides: [Int]
    /// The edge from each of those corners to the next.
    let sideEdges: [Int]
    /// The sides that each of the twelve edges lies on, a bit each.
    let sidesOfEdge: [Int]
    /// The lower end of each edge; its axis is the number of the edge divided by 4.
    let edgeCorners: [Int]

    init() {
        var sides: [Int] = [], sideEdges: [Int] = []
        var sidesOfEdge = [Int](repeating: 0, count: 12), edgeCorners = sidesOfEdge
        for axis in 0..<3 {
            let u = 1 << ((axis + 1) % 3), v = 1 << ((axis + 2) % 3)
            for far in 0..<2 {
                // u, v and the axis are right-handed: from the far side, 0, u, u + v, v is anticlockwise; from the near side, clockwise.
                let round = far == 1 ? [0, u, u + v, v] : [0, v, u + v, u]
                let corners = round.map { $0 + far << axis }
                for (place, corner) in corners.enumerated() {
                    let other = corners[(place + 1) % 4]
                    let edge = Self.edge(corner, other)
                    sidesOfEdge[edge] |= 1 << (2 * axis + far)
                    edgeCorners[edge] = corner & other
                    sideEdges.append(edge)
                }
                sides += corners
            }
        }
        (self.sides, self.sideEdges, self.sidesOfEdge, self.edgeCorners) = (sides, sideEdges, sidesOfEdge, edgeCorners)
    }

    /// The number of the edge between two corners: 4 × its axis, and the two other bits of its corners.
    private static func edge(_ a: Int, _ b: Int) -> Int {
        let low = a & b
        switch a ^ b {
        case 1: return low >> 1
        case 2: return 4 + (low & 1) + (low >> 2) * 2
        default: return 8 + low
        }
    }
}

/// The loops of one cube after another.
final class CellSurface {
    let geometry = CellGeometry()
    /// Where the line that begins at a crossing ends; -1 for edges without one.
    private var next = [Int](repeating: -1, count: 12)
    /// The edges of the loop found last, in its direction.
    private(set) var loop: [Int] = []
    private var pending = 0

    init() { loop.reserveCapacity(12) }

    /// Begins with another cube.
    /// - Parameters:
    ///   - excess: of each corner; greater than 0 is inside.
    ///   - mask: a bit for each corner that is inside.
    func begin(_ excess: UnsafePointer<Double>, mask: Int) {
        pending = 0
        for side in 0..<6 {
            func corner(_ place: Int) -> Int { geometry.sides[side * 4 + place & 3] }
            func isInside(_ place: Int) -> Bool { mask >> corner(place) & 1 == 1 }
            /// From one that is outside to one that is inside, on the way round.
            func enters(_ place: Int) -> Bool { !isInside(place) && isInside(place + 1) }
            var isJoined = false
            if isInside(0) == isInside(2), isInside(1) == isInside(3), isInside(0) != isInside(1) {
                let inner = isInside(0) ? 0 : 1
                isJoined = excess[corner(inner)] * excess[corner(inner + 2)] >= excess[corner(inner + 1)] * excess[corner(inner + 3)]
            }
            for place in 0..<4 where enters(place) {
                // Around the corner that is inside, to the next edge at which we go out; or, where those hang together, around the
                // corner that is outside, to the edge before.
                var out = place + 1
                while isInside(out + 1) { out += 1 }
                if isJoined { out = place + 3 }
                let edge = geometry.sideEdges[side * 4 + place]
                next[edge] = geometry.sideEdges[side * 4 + out & 3]
                pending |= 1 << edge
            }
        }
    }

    /// Whether there is another loop, which then is `loop`.
    func advance() -> Bool {
        guard pending != 0 else { return false }
        loop.removeAll(keepingCapacity: true)
        var edge = pending.trailingZeroBitCount
        while pending >> edge & 1 == 1 {
            pending &= ~(1 << edge)
            loop.append(edge)
            edge = next[edge]
        }
        return true
    }

    /// The place in the loop from which all lines across it lie inside the cube; nil where there is none.
    var fan: Int? {
        let count = loop.count
        return loop.indices.first { place in
            count < 4 || (2...count - 2).allSatisfy { geometry.sidesOfEdge[loop[place]] & geometry.sidesOfEdge[loop[(place + $0) % count]] == 0 }
        }
    }
}
