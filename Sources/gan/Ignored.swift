// What a user asked for and will not get: nothing fails, so it is said on standard error, even where --quiet is.
import CGan

enum Ignored {
    /// - Parameters:
    ///   - settings: what was set, as NAME=VALUE.
    ///   - value: the value that an option has in this training.
    static func tell(_ settings: [String], _ value: (_ name: String) throws -> String) throws {
        tellInstructionSet()
        var told: Set<String> = []
        for setting in settings {
            let name = String(setting.prefix { $0 != "=" })
            guard told.insert(name).inserted, let row = OptionRow.all.first(where: { $0.name == name }), !row.condition.isEmpty else { continue }
            if try !row.counts(value) { Output.note("Note: the option '\(name)' changes nothing here: it counts with \(row.conditions.joined(separator: " or ")) only.") }
        }
    }

    /// The library goes by GAN_ISA where it names a set that this processor has, and cannot print.
    static func tellInstructionSet() {
        guard let wanted = Terminal.environment("GAN_ISA"), !wanted.isEmpty, wanted != Library.instructionSet else { return }
        let known = ["avx512", "avx2", "baseline"]
        let why = known.contains(wanted) ? "which this processor does not have" : "which is none of \(known.joined(separator: ", "))"
        Output.note("Note: GAN_ISA is '\(wanted)', \(why). It is ignored, and \(Library.instructionSet) is used.")
    }
}
