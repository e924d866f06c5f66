extension Text {
    /// The candidate that `name` was probably meant to be, or nil where none is near: for "did you mean" sentences.
    ///
    /// Capitals count as small letters and `_` as `-`. A name that is the last part of a dotted candidate, such as
    /// `learning-rate` of `generator.learning-rate`, is that candidate. Otherwise the nearest within a third of the
    /// name's length is taken, by the number of letters to add, drop, change or swap with a neighbour (the optimal string
    /// alignment distance); of several equally near, the first.
    public static func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = plain(name)
        // Longer is not a misspelt name, and the distance costs the product of the lengths.
        guard !wanted.isEmpty, wanted.count <= 128 else { return nil }
        var best: String?
        var bestDistance = max(2, wanted.count / 3) + 1
        for candidate in candidates {
            let letters = plain(candidate)
            if letters.count > 128 { continue }
            if letters.count > wanted.count, letters.suffix(wanted.count) == wanted[...],
                letters[letters.count - wanted.count - 1] == UInt8(ascii: ".")
            {
                return candidate
            }
            let apart = distance(wanted, letters)
            // A name shares at least something with what it was meant to be.
            if apart < bestDistance && apart < max(wanted.count, letters.count) {
                best = candidate
                bestDistance = apart
            }
        }
        return best
    }

    private static func plain(_ text: String) -> [UInt8] {
        text.utf8.prefix(200).map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): return byte + 32
            case UInt8(ascii: "_"): return UInt8(ascii: "-")
            default: return byte
            }
        }
    }

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        var row = last
        for i in 1...a.count {
            row[0] = i
            for j in 1...b.count {
                var best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] { best = min(best, beforeLast[j - 2] + 1) }
                row[j] = best
            }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[b.count]
    }
}
