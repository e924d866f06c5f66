// Places values in the arena so that those which live at the same time do not overlap: the largest first, each at the lowest
// offset that is free for its whole life ("greedy by size", Pisarchyk and Lee, "Efficient memory management for deep
// neural net inference", 2020).

enum ArenaPlanner {
    struct Value {
        var count: Int
        /// The first and the last step that touch the value.
        var first: Int
        var last: Int
    }

    /// Values begin on 64-byte boundaries: no two share a cache line, and vector loads are aligned.
    static let alignment = 16

    static func rounded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

    /// Every value's offset, in floats, and the arena's length.
    static func place(_ values: [Value]) -> (offsets: [Int], count: Int) {
        var offsets = [Int](repeating: 0, count: values.count)
        var placed: [Int] = []
        var total = 0
        let order = values.indices.sorted { values[$0].count != values[$1].count ? values[$0].count > values[$1].count : $0 < $1 }
        for index in order {
            let value = values[index]
            let neighbours = placed
                .filter { values[$0].first <= value.last && value.first <= values[$0].last }
                .sorted { offsets[$0] < offsets[$1] }
            var offset = 0
            for neighbour in neighbours {
                if offsets[neighbour] >= offset + rounded(value.count) { break }
                offset = max(offset, offsets[neighbour] + rounded(values[neighbour].count))
            }
            offsets[index] = offset
            placed.append(index)
            total = max(total, offset + rounded(value.count))
        }
        return (offsets, total)
    }
}
