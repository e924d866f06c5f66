// Specks in the air: pieces of a made volume that are small beside its largest one are left out. (Wu et al. 1610.07584 show the largest
// alone.) Voxels that share a face belong together, as they do in the surface around them.

import Base

final class VolumePieces {
    private let depth, height, width: Int
    /// Pieces smaller than this share of the largest one go.
    private let share: Double
    /// The piece of each voxel, from 1 on; 0 for none so far.
    private let pieces: AlignedBuffer<Int32>
    /// Voxels whose neighbours have not been looked at. Each comes in once.
    private let waiting: AlignedBuffer<Int32>
    /// How many voxels each piece has.
    private let sizes: AlignedBuffer<Int32>

    /// Nil where nothing is to be left out, and for what is no volume of one number a voxel.
    ///
    /// - Parameter axes: [depth, height, width, channels] of volumes.
    init?(_ axes: [Int], share: Double) throws(GanError) {
        guard axes.count == 4, axes[3] == 1, share > 0 else { return nil }
        (depth, height, width) = (axes[0], axes[1], axes[2])
        self.share = share
        let count = try Sizes.product(depth, height, width, of: "a volume")
        guard count < Int32.max else {
            throw GanError(.outOfRange, "A volume of \(depth)×\(height)×\(width) voxels has more than pieces are looked for in; set volume.pieces to 0.")
        }
        pieces = try AlignedBuffer(count: count, for: "the pieces of a volume")
        waiting = try AlignedBuffer(count: count, for: "the pieces of a volume")
        sizes = try AlignedBuffer(count: count + 1, for: "the pieces of a volume")
    }

    /// - Parameters:
    ///   - volumes: [count, depth, height, width], full above `level`.
    ///   - empty: What takes the place of a voxel that is left out.
    @inline(__always)
    func leaveOut<Value: Comparable>(of volumes: UnsafeMutablePointer<Value>, count: Int, level: Value, empty: Value) {
        let size = pieces.count
        for place in 0..<count {
            let volume = volumes + place * size
            let (found, largest) = mark { volume[$0] > level }
            if found < 2 { continue }
            let least = Int32((share * Double(largest)).rounded(.up))
            for voxel in 0..<size where pieces.pointer[voxel] != 0 && sizes.pointer[Int(pieces.pointer[voxel])] < least { volume[voxel] = empty }
        }
    }

    /// Numbers the pieces. Returns how many there are, and the size of the largest.
    @inline(__always)
    private func mark(_ isFull: (Int) -> Bool) -> (count: Int, largest: Int32) {
        let (size, layer) = (pieces.count, height * width)
        pieces.buffer.update(repeating: 0)
        var (piece, largest): (Int32, Int32) = (0, 0)
        for start in 0..<size where pieces.pointer[start] == 0 && isFull(start) {
            piece += 1
            pieces.pointer[start] = piece
            waiting.pointer[0] = Int32(truncatingIfNeeded: start)
            var (left, found) = (1, Int32(0))
            func look(_ voxel: Int) {
                if pieces.pointer[voxel] != 0 || !isFull(voxel) { return }
                pieces.pointer[voxel] = piece
                waiting.pointer[left] = Int32(truncatingIfNeeded: voxel)
                left += 1
            }
            while left > 0 {
                left -= 1
                found += 1
                let voxel = Int(waiting.pointer[left])
                let (row, z) = voxel.quotientAndRemainder(dividingBy: width)
                let (x, y) = row.quotientAndRemainder(dividingBy: height)
                if x > 0 { look(voxel - layer) }
                if x + 1 < depth { look(voxel + layer) }
                if y > 0 { look(voxel - width) }
                if y + 1 < height { look(voxel + width) }
                if z > 0 { look(voxel - 1) }
                if z + 1 < width { look(voxel + 1) }
            }
            sizes.pointer[Int(piece)] = found
            largest = max(largest, found)
        }
        return (Int(piece), largest)
    }
}
