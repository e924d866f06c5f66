import Base

/// binvox, the format of the program of that name (https://www.patrickmin.com/binvox/binvox.html): a header in text, and then pairs of
/// bytes, 0 or 1 and how often it comes. Cells come in the order [x][z][y]: y, which is up, varies fastest.
///
/// Its grids are cubes: a volume that is none is filled up with empty cells. A cell [i, j, k] has its middle at (i + 0.5) / side and so on,
/// where a mesh of the same volume has it.
enum Binvox {
    static func write(_ volume: Volume, to file: AtomicFile) throws(GanError) {
        var bytes = Pieces(file)
        let side = volume.longest
        try bytes.add("#binvox 1\ndim \(side) \(side) \(side)\ntranslate 0 0 0\nscale 1\ndata\n".utf8)
        var value: UInt8 = 0, count: UInt8 = 0
        for x in 0..<side {
            for z in 0..<side {
                for y in 0..<side {
                    let here: UInt8 = volume.isInside(x, y, z) ? 1 : 0
                    if here == value, count < 255 {
                        count += 1
                        continue
                    }
                    if count > 0 { try bytes.add([value, count]) }
                    (value, count) = (here, 1)
                }
            }
        }
        try bytes.add([value, count])
        try bytes.finish()
    }
}
