// Furniture of boxes, 16 × 16 × 16 voxels, and a view of each: to try on it what makes volumes, and volumes of pictures.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

enum DrawnFurniture {
    /// Of a volume, and of a view.
    static let side = 16, viewSide = 32

    /// Volumes [x, y, z, 1], y upwards, and views [height, width, 1]. Chairs, tables, shelves and sofas are as frequent as each other.
    static func dataset(count: Int, seed: UInt64) throws(GanError) -> Dataset {
        let (voxels, pixels) = (side * side * side, viewSide * viewSide)
        let volumes = try AlignedBuffer<UInt8>(count: Sizes.product(count, voxels, of: "\(count) volumes"), for: "\(count) volumes")
        let views = try AlignedBuffer<UInt8>(count: Sizes.product(count, pixels, of: "\(count) views"), for: "\(count) views")
        volumes.pointer.update(repeating: 0, count: volumes.count)
        views.pointer.update(repeating: 0, count: views.count)
        for item in 0..<count {
            var random = CountedRandom(seed, UInt64(item))
            let volume = volumes.pointer + item * voxels
            switch random.below(4) {
            case 0: chair(volume, &random)
            case 1: table(volume, &random)
            case 2: shelf(volume, &random)
            default: sofa(volume, &random)
            }
            look(at: volume, into: views.pointer + item * pixels)
        }
        let axes = [side, side, side, 1]
        let volume = Column(
            Field(Field.volume, .values(axes)), count: count, shape: try ImageShape(folding: axes), storage: .bytes(UnsafePointer(volumes.pointer)), range: .unit,
            owner: volumes)
        let shape = try ImageShape(height: viewSide, width: viewSide, channels: 1)
        let view = Column(
            Field(Field.view, .values(shape.axes)), count: count, shape: shape, storage: .bytes(UnsafePointer(views.pointer)), range: .bytes, owner: views)
        return try Dataset(columns: [volume, view])
    }

    // MARK: Of boxes

    private typealias Volume = UnsafeMutablePointer<UInt8>

    private static func fill(_ volume: Volume, _ x: Range<Int>, _ y: Range<Int>, _ z: Range<Int>) {
        for i in x.clamped(to: 0..<side) {
            for j in y.clamped(to: 0..<side) {
                for k in z.clamped(to: 0..<side) { volume[(i * side + j) * side + k] = 1 }
            }
        }
    }

    /// So long in the middle of the side.
    private static func middle(_ length: Int) -> Range<Int> {
        let first = (side - length) / 2
        return first..<first + length
    }

    /// One leg at each corner, up to a height.
    private static func legs(_ volume: Volume, _ x: Range<Int>, _ height: Int, _ z: Range<Int>, width: Int) {
        for from in [x.lowerBound, x.upperBound - width] {
            for to in [z.lowerBound, z.upperBound - width] { fill(volume, from..<from + width, 0..<height, to..<to + width) }
        }
    }

    private static func chair(_ volume: Volume, _ random: inout CountedRandom) {
        let (x, z) = (middle(7 + random.below(4)), middle(7 + random.below(4)))
        let seat = 5 + random.below(3), thick = 1 + random.below(2)
        legs(volume, x, seat, z, width: 1 + random.below(2))
        fill(volume, x, seat..<seat + thick, z)
        fill(volume, x, seat + thick..<12 + random.below(5), z.lowerBound..<z.lowerBound + 1 + random.below(2))
        if random.below(3) == 0 {
            for arm in [x.lowerBound, x.upperBound - 1] { fill(volume, arm..<arm + 1, seat + thick + 2..<seat + thick + 3, z) }
            for arm in [x.lowerBound, x.upperBound - 1] { fill(volume, arm..<arm + 1, seat..<seat + thick + 3, z.upperBound - 1..<z.upperBound) }
        }
    }

    private static func table(_ volume: Volume, _ random: inout CountedRandom) {
        let (x, z) = (middle(11 + random.below(6)), middle(8 + random.below(6)))
        let height = 6 + random.below(4)
        fill(volume, x, height..<height + 1 + random.below(2), z)
        if random.below(3) == 0 {
            fill(volume, middle(2 + random.below(3)), 0..<height, middle(2 + random.below(3)))
            fill(volume, middle(7), 0..<1, middle(7))
        } else {
            legs(volume, x, height, z, width: 1 + random.below(2))
        }
    }

    private static func shelf(_ volume: Volume, _ random: inout CountedRandom) {
        let (x, z) = (middle(9 + random.below(6)), middle(4 + random.below(3)))
        let height = 12 + random.below(5), boards = 3 + random.below(2)
        fill(volume, x, 0..<height, z.lowerBound..<z.lowerBound + 1)
        for wall in [x.lowerBound, x.upperBound - 1] { fill(volume, wall..<wall + 1, 0..<height, z) }
        for board in 0..<boards {
            let at = board * (height - 1) / (boards - 1)
            fill(volume, x, at..<at + 1, z)
        }
    }

    private static func sofa(_ volume: Volume, _ random: inout CountedRandom) {
        let (x, z) = (middle(13 + random.below(4)), middle(8 + random.below(3)))
        let seat = 4 + random.below(2), arm = seat + 1 + random.below(3), width = 2 + random.below(2)
        fill(volume, x, 1..<seat, z)
        fill(volume, x, 1..<seat + 4 + random.below(3), z.lowerBound..<z.lowerBound + width)
        for from in [x.lowerBound, x.upperBound - width] { fill(volume, from..<from + width, 0..<arm, z) }
    }

    // MARK: Seen

    /// From the front right and above, without perspective: near is bright, and where nothing is, it is black.
    private static func look(at volume: Volume, into view: UnsafeMutablePointer<UInt8>) {
        let (azimuth, elevation) = (35 * Double.pi / 180, 25 * Double.pi / 180)
        let (sa, ca, se, ce) = (sin(azimuth), cos(azimuth), sin(elevation), cos(elevation))
        let half = Double(side) / 2
        // A corner of the cube is as far from its middle as this.
        let reach = half * 3.0.squareRoot()
        let scale = Double(viewSide) / (2 * reach)
        // Eight points of each voxel leave no gaps between pixels.
        for voxel in 0..<side * side * side where volume[voxel] != 0 {
            for part in 0..<8 {
                func centred(_ place: Int, _ bit: Int) -> Double { Double(place) + 0.25 + 0.5 * Double(part >> bit & 1) - half }
                let (x, y, z) = (centred(voxel / (side * side), 0), centred(voxel / side % side, 1), centred(voxel % side, 2))
                let right = x * ca - z * sa
                let towards = x * sa + z * ca
                let (up, near) = (y * ce - towards * se, y * se + towards * ce)
                let (column, row) = (Int(Double(viewSide) / 2 + right * scale), Int(Double(viewSide) / 2 - up * scale))
                guard column >= 0, column < viewSide, row >= 0, row < viewSide else { continue }
                let light = UInt8(max(0, min(255, 155 + 100 * near / reach)))
                let place = row * viewSide + column
                if light > view[place] { view[place] = light }
            }
        }
    }
}
