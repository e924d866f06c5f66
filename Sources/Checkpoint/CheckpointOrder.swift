/// The order in which libgan writes the tensors of a file of format version 1, found from their names alone, so that a file whose
/// tensors another program put in another order can be compared with what libgan had written. (From version 2 on, whose networks and
/// layers may have any name, a file says what is in it whatever the order: `CheckpointChecksum`.)
///
/// Parameters come first, the generator's before the discriminator's, layer by layer, then what networks follow, such as running
/// averages, then the optimisers' moments in the parameters' order. What has a name that version 1 does not know comes
/// where it stood, and then the comparison fails, as it does for any change.
struct CheckpointOrder {
    private static let parameters = ["weight", "bias", "gamma", "beta"]
    private static let states = ["mean", "variance"]
    private static let moments = ["m", "v"]

    /// The places of `names`, in libgan's order.
    static func places(of names: [String]) -> [Int] {
        let keys = names.map(key)
        return names.indices.sorted { first, second in
            keys[first] == keys[second] ? first < second : keys[first].lexicographicallyPrecedes(keys[second])
        }
    }

    /// Group, network, layer, parameter, moment.
    private static func key(_ name: String) -> [Int] {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, let layer = Int(parts[1]) else { return [9] }
        let network = parts[0] == "generator" ? 0 : parts[0] == "discriminator" ? 1 : 2
        let parameter = parameters.firstIndex(of: String(parts[2]))
        switch parts.count {
        case 3:
            if let parameter { return [0, network, layer, parameter] }
            return states.firstIndex(of: String(parts[2])).map { [1, network, layer, $0] } ?? [9]
        case 5 where parts[3] == "adam":
            guard let parameter, let moment = moments.firstIndex(of: String(parts[4])) else { return [9] }
            return [2, network, layer, parameter, moment]
        default: return [9]
        }
    }
}
