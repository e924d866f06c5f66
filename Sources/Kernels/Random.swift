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
        let values = (raw + 256).assumingMemoryBound(to: Float.self)
        while unit < end {
            let row = unit / across
            let column = unit % across &* unitColumns
            drawUnit(
                V.self, t, row: row, column: column, count: min(unitColumns, t.columns &- column), words: words, values: values)
            unit &+= 1
        }
    }
}

@inlinable @inline(never)
func drawUnit<V: FloatVector>(
    _ vector: V.Type, _ t: RandomArguments, row: Int, column: Int, count: Int, words: UnsafeMutablePointer<UInt32>,
    values: UnsafeMutablePointer<Float>
) {
    let number = t.firstRow &+ UInt64(truncatingIfNeeded: row)
    V.philox(
        first: UInt32(truncatingIfNeeded: column / 4), UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number &>> 32),
        t.stream, key: (UInt32(truncatingIfNeeded: t.seed), UInt32(truncatingIfNeeded: t.seed &>> 32)), to: words)
    let unit = V(repeating: 5.960464477539063e-8)  // 2⁻²⁴
    let scale = V(repeating: t.scale)
    let offset = V(repeating: t.offset)
    switch t.distribution {
    case .uniform:
        var w = 0
        while w < 4 {
            V.multiplyAdd(scale, V.upper24Bits(words + w &* V.width) * unit, offset).store(values + w &* V.width)
            w &+= 1
        }
    case .normal:
        var w = 0
        while w < 4 {
            let u1 = (V.upper24Bits(words + w &* V.width) + V(repeating: 1)) * unit
            let u2 = V.upper24Bits(words + (w &+ 1) &* V.width) * unit
            let radius = (V(repeating: -2) * u1.logarithm()).squareRoot()
            let (cosine, sine) = u2.cosineAndSineOfTurns()
            V.multiplyAdd(scale, radius * cosine, offset).store(values + w &* V.width)
            V.multiplyAdd(scale, radius * sine, offset).store(values + (w &+ 1) &* V.width)
            w &+= 2
        }
    }
    // Word w of counter l belongs to column 4l + w.
    let y = t.y + (row &* t.columns &+ column)
    if count == 4 &* V.width {
        var l = 0
        while l < V.width {
            gan_transpose_4(values + l, V.width, 4, y + 4 &* l, 4)
            l &+= 4
        }
    } else {
        for j in 0..<count { y[j] = values[(j & 3) &* V.width &+ (j &>> 2)] }
    }
}
