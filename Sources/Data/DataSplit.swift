// Items that a training never sees, and those that it does.

import Base

public struct DataSplit {
    /// In the data's order; nil where all are taken.
    public let taken: AlignedBuffer<Int>?
    public let takenCount: Int
    public let heldOut: AlignedBuffer<Int>
    public let heldOutCount: Int

    /// - Parameters:
    ///   - share: Of the items that are held out, chosen by the seed.
    public init(count: Int, heldOut share: Double, seed: UInt64) throws(GanError) {
        let held = share > 0 ? min(max(Int(Double(count) * share), 1), max(count - 1, 0)) : 0
        heldOutCount = held
        takenCount = count - held
        let heldOut = try AlignedBuffer<Int>(count: max(held, 1), for: "items that are held out")
        self.heldOut = heldOut
        guard held > 0 else {
            taken = nil
            return
        }
        // The order of an epoch that no training reaches.
        let order = try BatchOrder(count: count, batch: count, seed: ~seed, shuffles: true)
        defer { withExtendedLifetime(order) {} }
        let flags = try AlignedBuffer<Bool>(count: count, for: "items that are held out")
        for item in order.rows(step: 0).prefix(held) { flags.pointer[item] = true }
        let taken = try AlignedBuffer<Int>(count: count - held, for: "items that are taken")
        var (mine, theirs) = (0, 0)
        for item in 0..<count {
            if flags.pointer[item] {
                heldOut.pointer[mine] = item
                mine += 1
            } else {
                taken.pointer[theirs] = item
                theirs += 1
            }
        }
        self.taken = taken
    }
}
