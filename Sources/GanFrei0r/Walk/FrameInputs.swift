import CGan
import Frei0rPlugin
import PluginSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the images of a frame are made of besides their latents. What was set is held. Without being set, each image keeps a class,
/// image c that of number c mod their count, and codes go back and forth between their ends while the latents walk: the walk stays
/// closed, and a frame a function of the time.
struct FrameInputs {
    private let model: Model
    /// Those that nobody has set.
    private let unset: [(input: GeneratorInputs.Input, turns: Double)]
    /// Whether images in turn get one of several values that were set.
    let areInTurn: Bool

    /// Sets what the parameters Label and Inputs say.
    /// - Throws: what is wrong with them.
    init(_ model: Model, _ settings: Settings) throws(Failure) {
        self.model = model
        var wanted = model.inputs.settings(settings.inputs)
        let label = GeneratorInputs.trimmed(settings.label)
        if !label.isEmpty { wanted.insert((model.inputs.principal, label), at: 0) }
        if wanted.contains(where: { $0.name == "latents" }) {
            throw Failure(sentence: "Inputs sets the latents, which the walk goes through. Choose another Seed instead.", brief: "latents walk")
        }
        let set = wanted
        try Failure.of { () throws(InputFailure) in try model.inputs.apply(set, to: model.sampler) }
        areInTurn = wanted.contains { $0.value.utf8.contains(UInt8(ascii: ",")) }
        unset = model.inputs.all.enumerated().filter { place in !set.contains { $0.name == place.element.name } }
            // Each code at a pace of its own, so that all are seen with all.
            .map { ($0.element, Double($0.offset + 1)) }
    }

    /// Sets what changes from image to image and from frame to frame, for the images from `first` on.
    /// - Parameter position: where the first image is on its way, 0 … 16.
    func set(_ first: Int, _ count: Int, at position: Double) throws(Failure) {
        for (input, turns) in unset {
            var values: [Float]
            switch input.kind {
            case "label", "category": values = (0..<count).map { Float((first + $0) % Int(max(input.classes, 1))) }
            case "code": values = [Float(sin(2 * Double.pi * turns * position / Double(Walk.samples)))]
            default: continue
            }
            try Failure.check(gan_sampler_set_values(model.sampler, input.name, &values, Int64(values.count)))
        }
    }
}
