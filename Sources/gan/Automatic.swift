// The preset auto, which 'gan train' takes unless it is told what networks there are to be: what it chose, and for how long.
import CGan

enum Automatic {
    /// What the preset would be asked for, and how it is chosen for each recipe, the library knows. A preset that is named is taken, and so
    /// is a network: whoever sets its layers has a network of the library's defaults in mind.
    static func isWanted(_ settings: [String]) -> Bool {
        let schedule = ["learning-rate", "beta1", "beta2", "epsilon", "optimiser"]
        return !settings.contains { setting in
            let name = setting.prefix { $0 != "=" }
            let parts = name.split(separator: ".", maxSplits: 1)
            if name == "preset" || name == "network" || ["recipe=classifier", "recipe=autoencoder"].contains(setting) { return true }
            guard let network = parts.first, network == "generator" || network == "discriminator", parts.count == 2 else { return false }
            return !schedule.contains(String(parts[1])) && parts[1] != "steps"
        }
    }

    /// How many epochs there are where nobody says: as many as give steps enough, of which those of rows of numbers cost least.
    static func epochs(stepsPerEpoch: Int64, isRow: Bool) -> Int64 {
        let steps: Int64 = isRow ? 40_000 : 10_000
        return max(isRow ? 1 : 5, (steps + stepsPerEpoch - 1) / max(stepsPerEpoch, 1))
    }

    /// Of a table: 300 epochs, as the paper has it, and of a small one as many as give steps enough.
    static func epochsOfTable(stepsPerEpoch: Int64) -> Int64 { max(300, (3000 + stepsPerEpoch - 1) / max(stepsPerEpoch, 1)) }

    /// Where the rate falls, it is 0 at the end of this training.
    /// - Returns: Whether the trainer has to be made anew.
    static func setEnd(of trainer: Handle, _ epochs: Int64, _ options: Handle, _ settings: [String]) throws -> Bool {
        guard !settings.contains(where: { $0.hasPrefix("rate.") }), try Library.option(trainer, "rate.schedule") != "constant" else { return false }
        let (steps, isTooMany) = epochs.multipliedReportingOverflow(by: Int64(try Library.metric(trainer, "steps-per-epoch")))
        guard !isTooMany, steps < 1 << 48, try Library.option(trainer, "rate.steps") != String(steps) else { return false }
        try check(gan_options_set_integer(options.pointer, "rate.steps", steps))
        return true
    }

    /// What was chosen, in words. How much of it there is to tell depends on the options that this library has.
    static func sentence(_ trainer: Handle) throws -> String {
        func option(_ name: String) throws -> String { try Library.option(trainer, name) }
        let preset = try option("preset")
        var parts: [String] = []
        // Other recipes have networks of their own.
        let hasPresetsNetworks = try ["gan", "infogan"].contains(option("recipe"))
        switch preset {
        case _ where !hasPresetsNetworks: break
        case _ where try option("network") == "layers": parts.append("networks of its own (gan inspect shows them)")
        case "mlp": parts.append("fully connected networks (\(try option("generator.hidden")))")
        case "dcgan": parts.append("convolutional networks (\(try option("generator.channels")) channels)")
        default: parts.append("networks of the preset \(preset)")
        }
        if (try? option("condition")) ?? "none" != "none" { parts.append("told the \(try option("condition"))") }
        var loss = "the \(try option("loss")) loss"
        let penalties = try ["r1", "r2"].filter { try option($0) != "0" }.map { try "\($0.uppercased()) \(option($0))" }
        if !penalties.isEmpty { loss += " with \(penalties.joined(separator: " and "))" }
        parts.append(loss)
        if try option("average.decay") != "0" { parts.append("a moving average") }
        parts.append("batches of \(try option("batch-size"))")
        return "The preset auto chose " + parts.joined(separator: ", ")
    }
}
