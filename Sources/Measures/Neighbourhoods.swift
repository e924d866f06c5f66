// Nearest neighbours among features: how far each row's are, and which balls around rows hold which others.

import Base

/// Distances squared between rows of features: |a|² + |b|² − 2 a·b, of rows less the mean of the data, where little is lost by the
/// difference. The same two rows have the same distance in either order.
final class Distances {
    let features: Features
    let norms: AlignedBuffer<Double>
    private let centre: AlignedBuffer<Double>

    /// - Parameter centre: The mean of the data.
    init(_ features: Features, centre: AlignedBuffer<Double>, _ team: Team) throws(GanError) {
        self.features = features
        self.centre = centre
        norms = try AlignedBuffer(count: max(features.count, 1), for: "norms")
        let matrix = features.matrix(centre: UnsafePointer(centre.pointer))
        // As the kernel adds: a row is at distance 0 of its copies.
        team.each(features.count) { row, _ in
            var sum = 0.0
            for i in 0..<features.width {
                let value = matrix.element(row, i)
                sum = Panels.set == 0 ? sum + value * value : sum.addingProduct(value, value)
            }
            norms.pointer[row] = sum
        }
    }

    var matrix: Matrix { features.matrix(centre: UnsafePointer(centre.pointer)) }

    @inline(__always)
    static func squared(_ a: Double, _ b: Double, _ product: Double) -> Double { max(0, a + b - 2 * product) }
}

/// For each row how far the k nearest others are, nearest first, as distances squared.
final class NearestOthers {
    let k: Int
    private let distances: AlignedBuffer<Double>

    /// - Parameter k: Fewer than there are rows.
    init(_ rows: Distances, k: Int, _ products: RowProducts) throws(GanError) {
        self.k = k
        let count = rows.features.count
        let distances = try AlignedBuffer<Double>(count: Sizes.product(count, k, of: "distances"), for: "distances of neighbours")
        for i in 0..<count * k { distances.pointer[i] = .infinity }
        let norms = rows.norms.pointer
        products.each(rows.matrix, rows.matrix) { block, _ in
            for i in 0..<block.rows {
                let row = block.row + i
                let line = block.line(i)
                let nearest = distances.pointer + row * k
                for j in 0..<block.columns {
                    let distance = Distances.squared(norms[row], norms[block.column + j], line[j])
                    if distance >= nearest[k - 1] || block.column + j == row { continue }
                    var place = k - 1
                    while place > 0 && nearest[place - 1] > distance {
                        nearest[place] = nearest[place - 1]
                        place -= 1
                    }
                    nearest[place] = distance
                }
            }
        }
        self.distances = distances
    }

    /// How far row `row`'s neighbour number `k` is, counted from 1, squared.
    @inline(__always)
    func radius(_ row: Int, _ k: Int) -> Double { distances.pointer[row * self.k + k - 1] }
}

/// What is seen in one pass over all pairs of a sample and an item of the data.
struct Encounters {
    /// Neighbours whose distance is a ball's radius: for precision and recall, and for density and coverage.
    static let manifoldNeighbours = 3
    static let densityNeighbours = 5

    /// Samples within the ball of an item, items within the ball of a sample.
    private(set) var samplesInData = 0
    private(set) var itemsInSamples = 0
    /// Pairs of a sample and an item whose ball, of the density's neighbours, holds it; and items whose ball holds a sample.
    private(set) var pairs = 0
    private(set) var itemsCovered = 0
    /// For each sample the nearest item, and how far it is, squared.
    let nearest: AlignedBuffer<Int>
    let distance: AlignedBuffer<Double>

    /// - Parameters:
    ///   - dataBalls: Of the density's neighbours, or fewer where precision and recall alone are asked for.
    ///   - sampleBalls: Nil where there are too few samples for balls.
    init(samples: Distances, data: Distances, dataBalls: NearestOthers?, sampleBalls: NearestOthers?, _ team: Team, _ products: RowProducts) throws(GanError) {
        let (n, m) = (samples.features.count, data.features.count)
        let parts = team.size
        nearest = try AlignedBuffer(count: max(n, 1), for: "nearest neighbours")
        distance = try AlignedBuffer(count: max(n, 1), for: "nearest neighbours")
        for i in 0..<n { distance.pointer[i] = .infinity }
        let rowFlags = try AlignedBuffer<UInt8>(count: max(n, 1), for: "flags")
        let rowCounts = try AlignedBuffer<Int>(count: max(n, 1), for: "counts")
        // Bit 0: within a sample's ball; bit 1: its own ball holds a sample.
        let columnFlags = try AlignedBuffer<UInt8>(count: Sizes.product(parts, m, of: "flags"), for: "flags")
        let dataRadii = try Self.radii(dataBalls, m)
        let wideRadii = try Self.radii(dataBalls, m, Self.densityNeighbours)
        let sampleRadii = try Self.radii(sampleBalls, n)
        let (near, far) = (nearest.pointer, distance.pointer)
        products.each(samples.matrix, data.matrix) { block, part in
            let flags = columnFlags.pointer + part * m
            let items = data.norms.pointer + block.column
            let (small, wide) = (dataRadii.pointer + block.column, wideRadii.pointer + block.column)
            for i in 0..<block.rows {
                let row = block.row + i
                let line = block.line(i)
                let norm = samples.norms.pointer[row]
                let radius = sampleRadii.pointer[row]
                var (closest, place, isInside, count) = (far[row], near[row], rowFlags.pointer[row], 0)
                for j in 0..<block.columns {
                    let squared = Distances.squared(norm, items[j], line[j])
                    if squared < closest { (closest, place) = (squared, block.column + j) }
                    if squared <= small[j] { isInside = 1 }
                    if squared <= radius { flags[block.column + j] |= 1 }
                    if squared <= wide[j] {
                        count += 1
                        flags[block.column + j] |= 2
                    }
                }
                (far[row], near[row], rowFlags.pointer[row]) = (closest, place, isInside)
                rowCounts.pointer[row] += count
            }
        }
        for i in 0..<n {
            samplesInData += Int(rowFlags.pointer[i])
            pairs += rowCounts.pointer[i]
        }
        for j in 0..<m {
            var flags: UInt8 = 0
            for part in 0..<parts { flags |= columnFlags.pointer[part * m + j] }
            itemsInSamples += Int(flags & 1)
            itemsCovered += Int(flags >> 1)
        }
    }

    /// Radii squared; −1 where there are no balls of so many neighbours, which holds nothing.
    private static func radii(_ balls: NearestOthers?, _ count: Int, _ k: Int = manifoldNeighbours) throws(GanError) -> AlignedBuffer<Double> {
        let radii = try AlignedBuffer<Double>(count: max(count, 1), for: "radii")
        for i in 0..<count {
            if let balls, balls.k >= k { radii.pointer[i] = balls.radius(i, k) } else { radii.pointer[i] = -1 }
        }
        return radii
    }
}
