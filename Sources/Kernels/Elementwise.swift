// Chains of elementwise operations, interpreted block by block: a block of a few hundred elements passes through the
// whole chain while it is in the first-level cache, and the cost of deciding what to do is spread over the block.
//
// Inputs that are contiguous are read where they lie; broadcasts are spread out into a block once. The last few
// elements of a block, fewer than a vector, go through the same operations in a padded vector, so every element is
// computed by the same instructions wherever it lies.

/// Room for the registers' blocks and for the registers' current addresses.
@inlinable @inline(__always)
public func elementwiseWorkspace<V: FloatVector>(_ vector: V.Type) -> Int {
    16 &+ 2 &* ElementwiseArguments.registerLimit &+ ElementwiseArguments.registerLimit &* Tuning.elementwiseBlock
}

/// A chain as it is worked on: its shape made as flat as it can be, and what is known about its registers.
@frozen
public struct ElementwiseChain {
    @usableFromInline var t: ElementwiseArguments
    @usableFromInline var rows: Int
    @usableFromInline var columns: Int
    /// Rows that follow each other without gaps were joined; only (0, 0) and (·, 1) strides remain then.
    @usableFromInline var flat: Bool
    /// [rows, 1] was turned into [1, rows].
    @usableFromInline var turned: Bool
    @usableFromInline var blockRows: Int
    @usableFromInline var blockColumns: Int
    @usableFromInline let registers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
    @usableFromInline let blocks: UnsafeMutablePointer<Float>

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ arguments: UnsafePointer<ElementwiseArguments>, _ workspace: UnsafeMutablePointer<Float>) {
        t = arguments.pointee
        rows = t.rows
        columns = t.columns
        var joins = true
        var turns = t.columns == 1
        for i in 0..<t.inputCount {
            let input = t.inputs[i]
            let contiguous = input.columnStride == 1 && input.rowStride == t.columns
            if !(contiguous || (input.columnStride == 0 && input.rowStride == 0)) { joins = false }
            if input.rowStride != 0 && input.rowStride != 1 { turns = false }
        }
        for i in 0..<t.outputCount {
            if t.outputs[i].rowStride != t.columns { joins = false }
            if t.outputs[i].rowStride != 1 { turns = false }
        }
        // Sums need the rows as they are.
        if t.sumCount > 0 { (joins, turns) = (false, false) }
        turned = turns
        flat = joins && !turns
        if flat || turned {
            columns = rows &* columns
            rows = 1
        }
        if columns > Tuning.elementwiseBlock / 2 {
            let pieces = (columns &+ Tuning.elementwiseBlock &- 1) / Tuning.elementwiseBlock
            blockRows = 1
            blockColumns = ((columns &+ pieces &- 1) / pieces &+ V.width &- 1) / V.width &* V.width
        } else {
            blockRows = columns > 0 ? Tuning.elementwiseBlock / columns : 1
            blockColumns = columns
        }
        let address = UInt(bitPattern: workspace)
        let aligned = workspace + Int(bitPattern: (64 &- (address & 63)) & 63) / 4
        registers = UnsafeMutableRawPointer(aligned).assumingMemoryBound(to: UnsafeMutablePointer<Float>.self)
        blocks = aligned + 2 &* ElementwiseArguments.registerLimit
    }

    @inlinable @inline(__always)
    func block(_ register: Int) -> UnsafeMutablePointer<Float> { blocks + register &* Tuning.elementwiseBlock }

    @inlinable @inline(__always)
    func strides(_ input: ElementwiseInput) -> (row: Int, column: Int) {
        if turned { return (0, input.rowStride) }
        return (input.rowStride, input.columnStride)
    }

    /// Whether an operation writes to this register.
    @inlinable @inline(__always)
    func isWritten(_ register: Int) -> Bool {
        for i in 0..<t.operationCount where Int(t.operations[i].destination) == register { return true }
        return false
    }

    /// Whether an output stores this register.
    @inlinable @inline(__always)
    func isStored(_ register: Int) -> Bool {
        for i in 0..<t.outputCount where Int(t.outputs[i].register) == register { return true }
        return false
    }

    /// Whether a sum adds up this register.
    @inlinable @inline(__always)
    func isSummed(_ register: Int) -> Bool {
        guard let sums = t.sums else { return false }
        for i in 0..<t.sumCount where Int(sums[i].register) == register { return true }
        return false
    }
}

@inlinable @inline(__always)
public func elementwise<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ElementwiseArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let chain = ElementwiseChain(V.self, arguments, workspace)
    if chain.rows <= 0 || chain.columns <= 0 { return }
    let across = (chain.columns &+ chain.blockColumns &- 1) / chain.blockColumns
    if chain.t.sumCount > 0 { return elementwiseSums(V.self, chain, strips: across, part, parts) }
    let down = (chain.rows &+ chain.blockRows &- 1) / chain.blockRows
    let total = across &* down
    var index = total &* part / parts
    let end = total &* (part &+ 1) / parts
    if index >= end { return }
    spreadBroadcasts(V.self, chain)
    while index < end {
        let row = index / across &* chain.blockRows
        let column = index % across &* chain.blockColumns
        runBlock(
            V.self, chain, row: row, rows: min(chain.blockRows, chain.rows &- row),
            column: column, columns: min(chain.blockColumns, chain.columns &- column))
        index &+= 1
    }
}

/// Fills the blocks of those inputs that are the same for every block.
@inlinable @inline(never)
func spreadBroadcasts<V: FloatVector>(_ vector: V.Type, _ chain: ElementwiseChain) {
    for i in 0..<chain.t.inputCount {
        let input = chain.t.inputs[i]
        let stride = chain.strides(input)
        let block = chain.block(i)
        if stride.row == 0 && stride.column == 0 {
            let value = V.splat(input.pointer)
            var j = 0
            while j < Tuning.elementwiseBlock {
                value.store(block + j)
                j &+= V.width
            }
        } else if stride.row == 0 && chain.blockRows > 1 {
            for r in 0..<min(chain.blockRows, chain.rows) {
                copyRow(V.self, input.pointer, to: block + r &* chain.columns, count: chain.columns)
            }
        }
    }
}

@inlinable @inline(__always)
func copyRow<V: FloatVector>(_ vector: V.Type, _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, count: Int) {
    var j = 0
    while j < count {
        let lanes = min(V.width, count &- j)
        V.loadUpTo(from + j, lanes).storeUpTo(to + j, lanes)
        j &+= V.width
    }
}

/// The whole chain for one block of `rows` whole rows, or of a part of one row.
@inlinable @inline(never)
func runBlock<V: FloatVector>(_ vector: V.Type, _ chain: ElementwiseChain, row: Int, rows: Int, column: Int, columns: Int) {
    let t = chain.t
    let count = rows &* columns
    let whole = count / V.width &* V.width
    for i in 0..<t.inputCount {
        let input = t.inputs[i]
        let stride = chain.strides(input)
        let block = chain.block(i)
        let from = input.pointer + (row &* stride.row &+ column &* stride.column)
        // A stored input is copied too, since another output may lie over the memory that it is read from.
        // So is a summed one that operations read too, whose last elements they want padded.
        let staged = chain.isWritten(i) || chain.isStored(i) || (t.operationCount > 0 && chain.isSummed(i))
        chain.registers[i] = block
        // What was spread out before the first block stays so, even for a block of one row.
        let spread = stride.row == 0 && (stride.column == 0 || chain.blockRows > 1)
        if !spread && stride.column == 1 && (rows == 1 || stride.row == columns) {
            if staged {
                copyRow(V.self, from, to: block, count: count)
            } else {
                chain.registers[i] = UnsafeMutablePointer(mutating: from)
            }
        } else if spread {
            // Spread out before the first block, and again where an operation writes over it.
            if chain.isWritten(i) {
                for r in 0..<rows {
                    for j in 0..<columns { block[r &* columns &+ j] = from[j &* stride.column] }
                }
            }
        } else if stride.column == 1 {
            for r in 0..<rows { copyRow(V.self, from + r &* stride.row, to: block + r &* columns, count: columns) }
        } else {
            for r in 0..<rows {
                let value = V.splat(from + r &* stride.row)
                var j = 0
                while j < columns {
                    value.storeUpTo(block + (r &* columns &+ j), min(V.width, columns &- j))
                    j &+= V.width
                }
            }
        }
    }

    // Where there is a single contiguous output the last operation writes it in place.
    var target: UnsafeMutablePointer<Float>? = nil
    if t.outputCount == 1 && t.operationCount > 0 && t.sumCount == 0 {
        let output = t.outputs[0]
        if output.register == t.operations[t.operationCount &- 1].destination && (rows == 1 || output.rowStride == columns) {
            target = output.pointer + (row &* output.rowStride &+ column)
        }
    }
    if whole > 0 { runOperations(V.self, chain, from: 0, count: whole, target: target) }
    if whole < count && t.operationCount > 0 {
        for i in 0..<t.inputCount where chain.registers[i] != chain.block(i) {
            V.load(chain.registers[i] + whole, count: count &- whole).store(chain.block(i) + whole)
            chain.registers[i] = chain.block(i)
        }
        runOperations(V.self, chain, from: whole, count: V.width, target: nil)
    }
    if let target {
        if whole < count {
            let block = chain.block(Int(t.outputs[0].register))
            V.load(block + whole, count: count &- whole).store(target + whole, count: count &- whole)
        }
        return
    }
    for i in 0..<t.outputCount {
        let output = t.outputs[i]
        let to = output.pointer + (row &* output.rowStride &+ column)
        let block = UnsafePointer(chain.block(Int(output.register)))
        if rows == 1 || output.rowStride == columns {
            copyRow(V.self, block, to: to, count: count)
        } else {
            for r in 0..<rows { copyRow(V.self, block + r &* columns, to: to + r &* output.rowStride, count: columns) }
        }
    }
}

/// Runs the operations over `count` elements, whole vectors, beginning at `from`. The last one writes to `target`
/// where there is one.
@inlinable @inline(never)
func runOperations<V: FloatVector>(
    _ vector: V.Type, _ chain: ElementwiseChain, from: Int, count: Int, target: UnsafeMutablePointer<Float>?
) {
    let t = chain.t
    for i in 0..<t.operationCount {
        let operation = t.operations[i]
        let a = UnsafePointer(chain.registers[Int(operation.a)]) + from
        let b = UnsafePointer(chain.registers[Int(operation.b)]) + from
        let c = UnsafePointer(chain.registers[Int(operation.c)]) + from
        let block = chain.block(Int(operation.destination))
        chain.registers[Int(operation.destination)] = block
        var to = block + from
        if let target, i == t.operationCount &- 1 { to = target + from }
        runOperation(V.self, operation.opcode, a, b, c, to, count)
    }
}

@inlinable @inline(__always)
func runOperation<V: FloatVector>(
    _ vector: V.Type, _ opcode: ElementwiseOpcode, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ to: UnsafeMutablePointer<Float>, _ count: Int
) {
    switch opcode {
    case .add: map(V.self, a, b, to, count) { $0 + $1 }
    case .subtract: map(V.self, a, b, to, count) { $0 - $1 }
    case .multiply: map(V.self, a, b, to, count) { $0 * $1 }
    case .divide: map(V.self, a, b, to, count) { $0 / $1 }
    case .maximum: map(V.self, a, b, to, count) { V.maximum($0, $1) }
    case .minimum: map(V.self, a, b, to, count) { V.minimum($0, $1) }
    case .multiplyAdd: map(V.self, a, b, c, to, count) { V.multiplyAdd($0, $1, $2) }
    case .select: map(V.self, a, b, c, to, count) { $0.select($1, $2) }
    case .greater: map(V.self, a, b, to, count) { V.isGreater($0, $1) }
    case .equal: map(V.self, a, b, to, count) { V.isEqual($0, $1) }
    case .negate: map(V.self, a, to, count) { -$0 }
    case .absolute: map(V.self, a, to, count) { $0.absolute() }
    case .exponential: mapTwins(V.self, a, to, count, { $0.exponential() }, { $0.exponential() })
    case .logarithm: mapTwins(V.self, a, to, count, { $0.logarithm() }, { $0.logarithm() })
    case .squareRoot: map(V.self, a, to, count) { $0.squareRoot() }
    case .tanh: mapTwins(V.self, a, to, count, { $0.hyperbolicTangent() }, { $0.hyperbolicTangent() })
    case .sigmoid: mapTwins(V.self, a, to, count, { $0.sigmoid() }, { $0.sigmoid() })
    case .softplus: mapTwins(V.self, a, to, count, { $0.softplus() }, { $0.softplus() })
    }
}

@inlinable @inline(__always)
func map<V: FloatVector>(
    _ vector: V.Type, _ a: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ count: Int, _ body: (V) -> V
) {
    var j = 0
    while j < count {
        body(V.load(a + j)).store(to + j)
        j &+= V.width
    }
}

/// For functions: two vectors at a time, and the last one alone.
@inlinable @inline(__always)
func mapTwins<V: FloatVector>(
    _ vector: V.Type, _ a: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ count: Int, _ body: (Twin<V>) -> Twin<V>,
    _ last: (V) -> V
) {
    var j = 0
    while j &+ Twin<V>.width <= count {
        body(.load(a + j)).store(to + j)
        j &+= Twin<V>.width
    }
    while j < count {
        last(V.load(a + j)).store(to + j)
        j &+= V.width
    }
}

@inlinable @inline(__always)
func map<V: FloatVector>(
    _ vector: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ count: Int,
    _ body: (V, V) -> V
) {
    var j = 0
    while j < count {
        body(V.load(a + j), V.load(b + j)).store(to + j)
        j &+= V.width
    }
}

@inlinable @inline(__always)
func map<V: FloatVector>(
    _ vector: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ to: UnsafeMutablePointer<Float>, _ count: Int, _ body: (V, V, V) -> V
) {
    var j = 0
    while j < count {
        body(V.load(a + j), V.load(b + j), V.load(c + j)).store(to + j)
        j &+= V.width
    }
}
