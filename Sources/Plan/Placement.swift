// Where every value lives. A root node has one place for its whole life.

import Base
import Graph

struct Placement {
    let schedule: Schedule
    private(set) var storages: [Storage] = [.constants(count: 0)]
    private(set) var place: [Int: Location] = [:]
    /// Updates whose value was not made in its buffer and has to be copied there in the end.
    private(set) var copies: [Update] = []
    /// Updates whose value is what another buffer held before the run: copied aside first, and into place in the end.
    private(set) var staged: [(update: Update, stage: Location)] = []
    private(set) var arenaCount = 0
    /// Inputs that lie in the arena, where their only reader wants them.
    private(set) var inputs: [String: Location] = [:]
    private var bufferStorage: [String: Int] = [:]

    private var analysis: Analysis { schedule.analysis }

    /// - Parameter inputs: Buffers that are filled anew before every run, so that they need not persist.
    init(_ schedule: Schedule, inputs: Set<String>) {
        self.schedule = schedule
        placeBuffers()
        placeUpdates()
        placeConcatenations(inputs)
        placeRest()
        placeArena()
    }

    /// The place of a node's value, through views.
    func location(of id: Int) -> Location? {
        let (root, offset) = analysis.root(of: id)
        guard var location = place[root] else { return nil }
        location.offset += offset
        return location
    }

    func bufferLocation(_ name: String) -> Location? {
        bufferStorage[name].map { Location(storage: $0, offset: 0) }
    }

    func finished(constants count: Int) -> [Storage] {
        var storages = storages
        storages[0] = .constants(count: count)
        return storages
    }

    private mutating func bufferStorage(_ name: String, count: Int) -> Int {
        if let known = bufferStorage[name] { return known }
        storages.append(.buffer(name: name, count: count))
        bufferStorage[name] = storages.count - 1
        return storages.count - 1
    }

    private mutating func placeBuffers() {
        for id in analysis.live {
            if case .buffer(let name) = analysis.node(id).operation {
                place[id] = Location(storage: bufferStorage(name, count: analysis.node(id).elementCount), offset: 0)
            }
        }
        for update in analysis.updates { _ = bufferStorage(update.buffer, count: update.value.elementCount) }
    }

    /// A value is made right in its buffer when nothing reads the buffer's old value after that.
    private mutating func placeUpdates() {
        let bufferNodes = Dictionary(
            analysis.live.compactMap { id -> (String, Int)? in
                if case .buffer(let name) = analysis.node(id).operation { return (name, id) }
                return nil
            }, uniquingKeysWith: { first, _ in first })
        for update in analysis.updates {
            let (root, offset) = analysis.root(of: update.value.id)
            if case .buffer(let name) = analysis.node(root).operation {
                if name == update.buffer && offset == 0 { continue }  // unchanged
                storages.append(.arena(offset: 0, count: update.value.elementCount))
                staged.append((update, Location(storage: storages.count - 1, offset: 0)))
                continue
            }
            guard let made = schedule.maker[root], place[root] == nil, offset == 0,
                analysis.node(root).elementCount == update.value.elementCount,
                let storage = bufferStorage[update.buffer],
                canOverwrite(bufferNodes[update.buffer], at: made)
            else {
                copies.append(update)
                continue
            }
            place[root] = Location(storage: storage, offset: 0)
        }
    }

    /// Whether the unit at `position` may write over the memory of `old`: every reader has run, or reads each element just
    /// before the same element is written.
    private func canOverwrite(_ old: Int?, at position: Int) -> Bool {
        guard let old, let readers = schedule.readers[old] else { return true }
        return readers.allSatisfy { reader in
            reader < position || (reader == position && readsElementForElement(schedule.units[position], old))
        }
    }

    private func readsElementForElement(_ unit: Schedule.Unit, _ root: Int) -> Bool {
        if case .adam(let adam) = unit { return adam.all.flatMap { [$0.parameter, $0.first, $0.second] }.contains(root) }
        if case .product(let fusion) = unit {
            guard let y = fusion.derivativeOf, analysis.root(of: y) == (root, 0), analysis.isShortProduct(fusion.product) else { return false }
            return analysis.node(root).elementCount == analysis.node(fusion.result).elementCount
                && !(analysis.node(fusion.product).operands + [fusion.bias].compactMap { $0 }).contains { analysis.root(of: $0).node == root }
        }
        guard case .group(let group) = unit else { return false }
        return schedule.operands(of: unit).allSatisfy { operand in
            let (other, offset) = analysis.root(of: operand)
            if other != root { return true }
            return offset == 0 && analysis.node(operand).elementCount == group.shape.reduce(1, *)
                && analysis.node(root).elementCount == analysis.node(operand).elementCount
        }
    }

    /// The parts of a concatenation along the outermost axis are made in their part of it.
    private mutating func placeConcatenations(_ free: Set<String>) {
        for id in analysis.live where schedule.maker[id] != nil && place[id] == nil {
            guard case .concatenate(let axis) = analysis.node(id).operation else { continue }
            guard analysis.node(id).shape[..<axis].allSatisfy({ $0 == 1 }) else { continue }
            storages.append(.arena(offset: 0, count: analysis.node(id).elementCount))
            place[id] = Location(storage: storages.count - 1, offset: 0)
            var offset = 0
            for part in analysis.node(id).operands {
                let count = analysis.node(part).elementCount
                let (root, start) = analysis.root(of: part)
                if place[root] == nil, start == 0, schedule.maker[root] != nil, analysis.node(root).elementCount == count {
                    place[root] = Location(storage: storages.count - 1, offset: offset)
                } else if case .buffer(let name) = analysis.node(root).operation, free.contains(name), inputs[name] == nil, start == 0,
                    analysis.node(root).elementCount == count, schedule.readers[root]?.count == 1,
                    !analysis.updates.contains(where: { $0.buffer == name })
                {
                    place[root] = Location(storage: storages.count - 1, offset: offset)
                    inputs[name] = place[root]
                }
                offset += count
            }
        }
    }

    /// A chain's result takes the place of an operand that nothing reads later; everything else gets a place of its own.
    private mutating func placeRest() {
        var shared: Set<Int> = []  // storages that hold more than one root at a time
        for (id, location) in place where analysis.node(id).elementCount < storages[location.storage].count {
            shared.insert(location.storage)
        }
        // What is copied in the end is read after every unit.
        for update in copies {
            if let location = location(of: update.value.id) { shared.insert(location.storage) }
        }
        let copied = Set(copies.map { analysis.root(of: $0.value.id).node })
        for (position, unit) in schedule.units.enumerated() {
            var taken: Set<Int> = []
            for made in Schedule.made(by: unit) where place[made] == nil {
                if case .group(let group) = unit, !group.sums.contains(made), !schedule.outputs(of: group).contains(made) { continue }
                if mayOverwriteOperands(unit, making: made) {
                    let candidate = schedule.reads(of: unit).first { root in
                        guard let location = place[root], case .arena = storages[location.storage] else { return false }
                        return !taken.contains(root) && !copied.contains(root) && !shared.contains(location.storage)
                            && analysis.node(root).elementCount == storages[location.storage].count
                            && analysis.node(root).elementCount == analysis.node(made).elementCount
                            && lastReader(of: location.storage) == position
                            && readsElementForElement(unit, root)
                    }
                    if let candidate, let location = place[candidate] {
                        taken.insert(candidate)
                        place[made] = location
                        continue
                    }
                }
                storages.append(.arena(offset: 0, count: analysis.node(made).elementCount))
                place[made] = Location(storage: storages.count - 1, offset: 0)
            }
        }
    }

    /// Chains, and products that are multiplied by an activation's derivative while they are written.
    private func mayOverwriteOperands(_ unit: Schedule.Unit, making made: Int) -> Bool {
        switch unit {
        case .group(let group): !group.sums.contains(made)
        case .product(let fusion): fusion.derivativeOf != nil
        default: false
        }
    }

    /// The last unit that reads anything placed in a storage so far.
    private func lastReader(of storage: Int) -> Int {
        place.reduce(-1) { last, entry in
            entry.value.storage == storage ? max(last, schedule.readers[entry.key]?.last ?? -1) : last
        }
    }

    private mutating func placeArena() {
        var values = [ArenaPlanner.Value?](repeating: nil, count: storages.count)
        func touch(_ storage: Int, at position: Int) {
            guard case .arena(_, let count) = storages[storage] else { return }
            let value = values[storage] ?? ArenaPlanner.Value(count: count, first: position, last: position)
            values[storage] = ArenaPlanner.Value(count: count, first: min(value.first, position), last: max(value.last, position))
        }
        for (root, location) in place {
            if let made = schedule.maker[root] { touch(location.storage, at: made) }
            if case .buffer = analysis.node(root).operation { touch(location.storage, at: -1) }
            for reader in schedule.readers[root] ?? [] { touch(location.storage, at: reader) }
        }
        for update in copies {
            if let location = location(of: update.value.id) { touch(location.storage, at: schedule.units.count) }
        }
        for (_, stage) in staged {
            touch(stage.storage, at: -1)
            touch(stage.storage, at: schedule.units.count)
        }
        let indices = values.indices.filter { values[$0] != nil }
        let (offsets, count) = ArenaPlanner.place(indices.compactMap { values[$0] })
        for (index, offset) in zip(indices, offsets) {
            storages[index] = .arena(offset: offset, count: storages[index].count)
        }
        arenaCount = count
    }
}

/// A range of memory, for asking whether two values overlap.
struct MemoryRange {
    /// 0 for the arena, which storages share; else the storage.
    var storage: Int
    var start: Int
    var end: Int

    func overlaps(_ other: MemoryRange) -> Bool { storage == other.storage && start < other.end && other.start < end }
}

extension Placement {
    /// The memory behind a location. The plan's own temporary memory is a storage of its own here.
    func range(of location: Location, count: Int) -> MemoryRange {
        if location.storage < storages.count, case .arena(let offset, _) = storages[location.storage] {
            return MemoryRange(storage: 0, start: offset + location.offset, end: offset + location.offset + count)
        }
        // Constants are storage 0, and are never written.
        return MemoryRange(storage: location.storage == 0 ? -1 : location.storage, start: location.offset, end: location.offset + count)
    }
}
