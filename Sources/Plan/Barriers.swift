// Puts barriers between steps. Members of the team run through the list at their own pace; before a step that reads what
// another member may still be writing, or writes what another may still be reading or writing, all meet. Steps that the
// first member does alone follow each other without meeting.

enum Barriers {
    private struct Range {
        var arena: Bool
        var storage: Int  // of a buffer
        var start: Int
        var end: Int
        var alone: Bool
    }

    static func insert(into steps: [Step], storages: [Storage]) -> [Step] {
        var steps = steps
        var reads: [Range] = []
        var writes: [Range] = []
        func conflict(_ range: Range, with others: [Range]) -> Bool {
            others.contains { other in
                other.arena == range.arena && (range.arena || other.storage == range.storage)
                    && other.start < range.end && range.start < other.end && !(other.alone && range.alone)
            }
        }
        for index in steps.indices {
            func ranges(_ extents: [(Location, Int)]) -> [Range] {
                extents.compactMap { location, count in
                    switch storages[location.storage] {
                    case .arena(let offset, _):
                        let start = offset + location.offset
                        return Range(arena: true, storage: 0, start: start, end: start + count, alone: steps[index].alone)
                    case .buffer:
                        return Range(
                            arena: false, storage: location.storage, start: location.offset, end: location.offset + count,
                            alone: steps[index].alone)
                    case .constants: return nil
                    }
                }
            }
            let stepReads = ranges(steps[index].work.reads)
            let stepWrites = ranges(steps[index].work.writes)
            if stepReads.contains(where: { conflict($0, with: writes) })
                || stepWrites.contains(where: { conflict($0, with: writes) || conflict($0, with: reads) })
            {
                steps[index].barrierBefore = true
                reads.removeAll(keepingCapacity: true)
                writes.removeAll(keepingCapacity: true)
            }
            reads += stepReads
            writes += stepWrites
        }
        return steps
    }
}

extension Work {
    /// The memory a step reads: where it begins and how many floats it reaches over.
    var reads: [(Location, Int)] {
        switch self {
        case .product(let work):
            var all = [
                (work.a, work.batch * work.rows * work.inner), (work.b, work.batch * work.inner * work.columns),
            ]
            if let bias = work.bias { all.append((bias, work.columns)) }
            if let y = work.derivativeOf { all.append((y, work.rows * work.columns)) }
            if work.accumulate { all.append((work.c, work.batch * work.rows * work.columns)) }
            for adam in [work.adam, work.biasAdam].compactMap({ $0 }) { all += Work.adam(adam).reads }
            return all
        case .elementwise(let work):
            return work.inputs.map {
                ($0.location, (work.rows - 1) * $0.rowStride + (work.columns - 1) * $0.columnStride + 1)
            }
        case .reduction(let work):
            return [(work.x, work.outer * work.reduced * work.inner)]
        case .random, .fill:
            return []
        case .copy(let work):
            return [(work.x, CopyWork.reach(work.shape, work.xStrides))]
        case .convolutionPacking(let work):
            return [(work.b, work.geometry.counts.w)]
        case .convolution(let work):
            let (x, y, _) = work.geometry.counts
            let packed = work.geometry.packedCount(work.kind)
            if work.kind == .weightGradient { return [(work.a, x), (work.b, y)] }
            var all = [(work.a, work.kind == .forward ? x : y), (work.packed, packed)]
            if let bias = work.bias {
                all.append((bias, work.kind == .forward ? work.geometry.outChannels : work.geometry.inChannels))
            }
            if let other = work.derivativeOf { all.append((other, work.kind == .forward ? y : x)) }
            return all
        case .adam(let work):
            return (work.gradient.map { [($0, work.count)] } ?? []) + [(work.scalars, 3)] + writes
        case .gather(let work):
            return [(work.table, work.entries * work.width), (work.indices, work.count)]
        case .scatterAdd(let work):
            return [(work.values, work.count * work.width), (work.indices, work.count)]
        }
    }

    /// The memory a step writes.
    var writes: [(Location, Int)] {
        switch self {
        case .product(let work):
            if work.adam != nil { return [work.adam, work.biasAdam].compactMap { $0 }.flatMap { Work.adam($0).writes } }
            return [(work.c, work.batch * work.rows * work.columns)]
        case .elementwise(let work):
            return work.outputs.map { ($0.location, work.rows * work.columns) } + work.sums.map { ($0.location, work.chunks * work.columns) }
        case .reduction(let work):
            return [(work.y, work.outer * work.inner)]
        case .random(let work):
            return [(work.y, work.rows * work.columns)]
        case .fill(let y, let count, _):
            return [(y, count)]
        case .copy(let work):
            return [(work.y, CopyWork.reach(work.shape, work.yStrides))]
        case .convolutionPacking(let work):
            return [(work.packed, work.geometry.packedCount(work.kind))]
        case .convolution(let work):
            let (x, y, w) = work.geometry.counts
            switch work.kind {
            case .forward: return [(work.y, y)]
            case .inputGradient: return [(work.y, x)]
            case .weightGradient: return [(work.y, work.chunks * w)]
            }
        case .adam(let work):
            return [(work.parameters, work.count), (work.first, work.count), (work.second, work.count)]
        case .gather(let work):
            return [(work.values, work.count * work.width)]
        case .scatterAdd(let work):
            return [(work.table, work.entries * work.width)]
        }
    }
}

extension CopyWork {
    /// From the first element to the last, both included.
    static func reach(_ shape: [Int], _ strides: [Int]) -> Int {
        zip(shape, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
    }
}
