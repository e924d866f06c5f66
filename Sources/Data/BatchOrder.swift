import Base

/// Which items make up which batch.
///
/// The order of an epoch is a function of (seed, epoch) alone, so that a resumed training sees the very batches that an
/// uninterrupted one would have seen. A last batch that is not full is dropped; over many epochs every item gets its turn.
public final class BatchOrder {
    public let count: Int
    public let batch: Int
    public let seed: UInt64
    public let shuffles: Bool
    /// Full batches in an epoch, at least 1.
    public let stepsPerEpoch: Int

    private let order: AlignedBuffer<Int>
    /// The items that are taken, where they are not all.
    private let items: AlignedBuffer<Int>?
    private var epoch: Int64 = -1
    /// What draws each row of a batch by itself, where something does, and the conditions that it drew them under.
    private let draws: TableDraws?
    private let conditions: AlignedBuffer<Int>
    private var drawnStep: Int64 = -1

    /// - Parameters:
    ///   - items: `count` of the items, where not all are taken.
    ///   - draws: What takes rows of a table by conditions, instead of each once in an epoch.
    /// - Throws: `.invalidArgument` for a batch below 1, `.outOfRange` for one larger than the data, `.outOfMemory`.
    public init(count: Int, batch: Int, seed: UInt64, shuffles: Bool, items: AlignedBuffer<Int>? = nil, draws: TableDraws? = nil) throws(GanError) {
        guard batch >= 1 else { throw GanError(.invalidArgument, "The batch size is \(batch); at least 1 was expected.") }
        guard batch <= count else {
            throw GanError(
                .outOfRange, "The batch size is \(batch), and the data have \(count) items; choose a batch of at most \(count).")
        }
        self.count = count
        self.batch = batch
        self.seed = seed
        self.shuffles = shuffles
        self.stepsPerEpoch = count / batch
        self.order = try AlignedBuffer<Int>(count: count, for: "the order of \(count) items")
        self.items = items
        self.draws = draws
        self.conditions = try AlignedBuffer<Int>(count: draws == nil ? 0 : batch, for: "the conditions of a batch")
        for place in 0..<count { order.pointer[place] = items.map { $0.pointer[place] } ?? place }
    }

    /// The epoch that a step is part of.
    public func epoch(ofStep step: Int64) -> Int64 { max(step, 0) / Int64(stepsPerEpoch) }

    /// The items of the batch at `step`, counted from 0 over all epochs. Valid until the next call.
    ///
    /// Costs nothing within an epoch and O(count) where a new one begins; allocates nothing.
    public func rows(step: Int64) -> UnsafeBufferPointer<Int> {
        let step = max(step, 0)
        if let draws {
            if step != drawnStep { draw(draws, step: step) }
            return UnsafeBufferPointer(start: order.pointer, count: batch)
        }
        let wanted = epoch(ofStep: step)
        if wanted != epoch {
            arrange(epoch: wanted)
            epoch = wanted
        }
        let place = Int(step % Int64(stepsPerEpoch))
        return UnsafeBufferPointer(start: order.pointer + place * batch, count: batch)
    }

    public var drawsConditions: Bool { draws != nil }

    /// The conditions under which the rows of that batch were drawn; empty where there are none. Valid until the next call.
    public func conditions(step: Int64) -> UnsafeBufferPointer<Int> {
        _ = rows(step: step)
        return UnsafeBufferPointer(conditions.buffer)
    }

    private func draw(_ draws: TableDraws, step: Int64) {
        for place in 0..<batch {
            let drawn = draws.draw(seed: seed, place: UInt64(step) &* UInt64(batch) &+ UInt64(place))
            order.pointer[place] = drawn.row
            conditions.pointer[place] = drawn.condition
        }
        drawnStep = step
    }

    /// The shuffle of Fisher and Yates (Durstenfeld, 1964), from the identity, with a random number per position that
    /// is a hash of (seed, epoch, position).
    private func arrange(epoch: Int64) {
        guard shuffles else { return }
        let items = order.pointer
        for place in 0..<count { items[place] = self.items.map { $0.pointer[place] } ?? place }
        let key = CountedRandom.key(seed, UInt64(bitPattern: epoch))
        var last = count - 1
        while last > 0 {
            let other = CountedRandom.number(upTo: UInt64(last), key: key, at: UInt64(last))
            let moved = items[last]
            items[last] = items[other]
            items[other] = moved
            last -= 1
        }
    }
}

extension Dataset {
    /// An item of an order, any being as likely as another: what a seed has at a number. Not the order of any training's batches.
    public func item(seed: UInt64, number: Int64, order: Int) -> Int {
        let count = orderCounts[order]
        let key = CountedRandom.key(~seed, UInt64(truncatingIfNeeded: order))
        return CountedRandom.number(upTo: UInt64(max(count, 1) - 1), key: key, at: UInt64(bitPattern: number))
    }
}
