// Elementwise chains that add up registers over the rows: the sums of batch normalisation and its gradient, of biases and
// their like, made in the pass that makes the summands. A summand that nothing else reads is never stored.

/// The chain, chunk of rows by chunk of rows and strip of columns by strip of columns. A chunk's strip is one member's.
@inlinable @inline(never)
func elementwiseSums<V: FloatVector>(_ vector: V.Type, _ chain: ElementwiseChain, strips: Int, _ part: Int, _ parts: Int) {
    let t = chain.t
    guard let sums = t.sums else { return }
    var unit = strips &* t.sumChunks &* part / parts
    let end = strips &* t.sumChunks &* (part &+ 1) / parts
    if unit >= end { return }
    spreadBroadcasts(V.self, chain)
    while unit < end {
        let chunk = unit / strips
        let column = unit % strips &* chain.blockColumns
        let columns = min(chain.blockColumns, chain.columns &- column)
        let first = chain.rows &* chunk / t.sumChunks
        let last = chain.rows &* (chunk &+ 1) / t.sumChunks
        var row = first
        while row < last {
            let rows = min(chain.blockRows, last &- row)
            runBlock(V.self, chain, row: row, rows: rows, column: column, columns: columns)
            for i in 0..<t.sumCount {
                addRows(
                    V.self, UnsafePointer(chain.registers[Int(sums[i].register)]), rows: rows, columns: columns,
                    to: sums[i].partial + (chunk &* chain.columns &+ column), goingOn: row > first)
            }
            row &+= rows
        }
        unit &+= 1
    }
}

/// Adds the rows of a block to a row of sums, which begins at 0 unless it goes on.
@inlinable @inline(__always)
func addRows<V: FloatVector>(
    _ vector: V.Type, _ block: UnsafePointer<Float>, rows: Int, columns: Int, to sums: UnsafeMutablePointer<Float>, goingOn: Bool
) {
    let width = V.width
    var j = 0
    // Four columns of vectors at a time: additions to one of them wait for each other.
    while j &+ 4 &* width <= columns {
        let to = sums + j
        var (s0, s1, s2, s3) = (V.zero, V.zero, V.zero, V.zero)
        if goingOn {
            (s0, s1, s2, s3) = (V.load(to), V.load(to + width), V.load(to + 2 &* width), V.load(to + 3 &* width))
        }
        var from = block + j
        for _ in 0..<rows {
            s0 = s0 + V.load(from)
            s1 = s1 + V.load(from + width)
            s2 = s2 + V.load(from + 2 &* width)
            s3 = s3 + V.load(from + 3 &* width)
            from += columns
        }
        s0.store(to)
        s1.store(to + width)
        s2.store(to + 2 &* width)
        s3.store(to + 3 &* width)
        j &+= 4 &* width
    }
    while j < columns {
        let count = min(width, columns &- j)
        var s = goingOn ? V.loadUpTo(sums + j, count) : V.zero
        var from = block + j
        for _ in 0..<rows {
            s = s + V.loadUpTo(from, count)
            from += columns
        }
        s.storeUpTo(sums + j, count)
        j &+= width
    }
}
