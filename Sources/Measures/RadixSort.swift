// Sorting floats without asking for memory: their bits as whole numbers of the same order, eleven of them at a time.

enum RadixSort {
    static let tableSize = 1 << 11

    static func key(_ value: Float) -> UInt32 {
        let bits = value.bitPattern
        return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
    }

    static func value(_ key: UInt32) -> Float { Float(bitPattern: key >> 31 == 0 ? ~key : key ^ 1 << 31) }

    /// - Parameters:
    ///   - scratch: As many again.
    ///   - table: `tableSize` numbers.
    static func sort(_ keys: UnsafeMutablePointer<UInt32>, scratch: UnsafeMutablePointer<UInt32>, _ count: Int, _ table: UnsafeMutablePointer<Int>) {
        var (from, to) = (keys, scratch)
        for pass in 0..<3 {
            let shift = UInt32(11 * pass)
            for i in 0..<tableSize { table[i] = 0 }
            for i in 0..<count { table[Int(from[i] >> shift & 0x7FF)] += 1 }
            var place = 0
            for i in 0..<tableSize {
                let size = table[i]
                table[i] = place
                place += size
            }
            for i in 0..<count {
                let key = from[i]
                let digit = Int(key >> shift & 0x7FF)
                to[table[digit]] = key
                table[digit] += 1
            }
            (from, to) = (to, from)
        }
        // Three passes end in the scratch memory.
        keys.update(from: scratch, count: count)
    }
}
