import CGanShims

// Variates that are a function of (seed, stream, row, column) alone: Philox 4×32-10, a vector of counters at a time.
// A part of the work, a tail or another first row only chooses which counters are computed.

@inlinable @inline(__always)
public func random<V: FloatVector>(_ vector: V.Type, _ arguments: UnsafePointer<RandomArguments>, _ part: Int, _ parts: Int) {
    let t = arguments.pointee
    if t.rows <= 0 || t.columns <= 0 { return }
    // A unit is one vector of counters, four columns each.
    let unitColumns = 4 &* V.width
    let across = (t.columns &+ unitColumns &- 1) / unitColumns
    var unit = t.rows &* across &* part / parts
    let end = t.rows &* across &* (part &+ 1) / parts
    var scratch = gan_random_scratch()
    withUnsafeMutablePointer(to: &scratch) { scratch in
        let raw = UnsafeMutableRawPointer(scratch)
        let words = raw.assumingMemoryBound(to: UInt32.self)
        let values = (raw + 1024).assumingMemoryBound(to: Float.self)
        while unit < end {
            let units = min(4, end &- unit)
            drawUnits(V.self, t, first: unit, units: units, across: across, words: words, values: values)
            unit &+= units
        }
    }
}

/// Up to four units, all in the same stage at a time: each stage is a long chain of steps that wait for each other, and
/// those of several units fill each other's gaps.
@inlinable @inline(never)
func drawUnits<V: FloatVector>(
    _ vector: V.Type, _ t: RandomArguments, first: Int, units: Int, across: Int, words: UnsafeMutablePointer<UInt32>,
    values: UnsafeMutablePointer<Float>
) {
    let unitColumns = 4 &* V.width
    for i in 0..<units {
        let number = t.firstRow &+ UInt64(truncatingIfNeeded: (first &+ i) / across)
        V.philox(
            first: UInt32(truncatingIfNeeded: (first &+ i) % across &* V.width), UInt32(truncatingIfNeeded: number),
            UInt32(truncatingIfNeeded: number &>> 32), t.stream,
            key: (UInt32(truncatingIfNeeded: t.seed), UInt32(truncatingIfNeeded: t.seed &>> 32)), to: words + i &* unitColumns)
    }
    let unit = V(repeating: 5.960464477539063e-8)  // 2⁻²⁴
    let scale = V(repeating: t.scale)
    let offset = V(repeating: t.offset)
    switch t.distribution {
    case .uniform:
        for w in 0..<4 &* units {
            V.multiplyAdd(scale, V.upper24Bits(words + w &* V.width) * unit, offset).store(values + w &* V.width)
        }
    case .normal:
        // Box and Muller, "A note on the generation of random normal deviates" (1958).
        // Of each unit the first two words of a counter are one pair of uniform variates, the last two another.
        for i in 0..<units {
            let from = words + i &* unitColumns
            let to = values + i &* unitColumns
            let first = Twin<V>(V.upper24Bits(from), V.upper24Bits(from + 2 &* V.width))
            let second = Twin<V>(V.upper24Bits(from + V.width), V.upper24Bits(from + 3 &* V.width))
            let u1 = (first + Twin(repeating: 1)) * Twin(repeating: 5.960464477539063e-8)
            let u2 = second * Twin(repeating: 5.960464477539063e-8)
            let radius = (Twin(repeating: -2) * u1.logarithmOfNormal()).squareRoot()
            let (cosine, sine) = u2.cosineAndSineOfTurns()
            let (x, y) = (radius * cosine, radius * sine)
            V.multiplyAdd(scale, x.left, offset).store(to)
            V.multiplyAdd(scale, y.left, offset).store(to + V.width)
            V.multiplyAdd(scale, x.right, offset).store(to + 2 &* V.width)
            V.multiplyAdd(scale, y.right, offset).store(to + 3 &* V.width)
        }
    }
    // Word w of counter l belongs to column 4l + w.
    for i in 0..<units {
        let row = (first &+ i) / across
        let column = (first &+ i) % across &* unitColumns
        let count = min(unitColumns, t.columns &- column)
        let from = values + i &* unitColumns
        let y = t.y + (row &* t.columns &+ column)
        if count == unitColumns {
            var l = 0
            while l < V.width {
                gan_transpose_4(from + l, V.width, 4, y + 4 &* l, 4)
                l &+= 4
            }
        } else {
            for j in 0..<count { y[j] = from[(j & 3) &* V.width &+ (j &>> 2)] }
        }
    }
}
