// What a preset changes: defaults of other options. An option that was set keeps its value whatever the preset; the
// preset `mlp` is the option table's own defaults.

extension OptionTable {
    static func presetDefault(_ preset: Preset, _ option: Option) -> OptionValue? {
        switch preset {
        case .mlp: nil
        case .dcgan: deepConvolutional[option.name]
        }
    }

    /// Radford, Metz & Chintala (2016), section 3 and "Details of adversarial training".
    private static let deepConvolutional: [String: OptionValue] = {
        let changes: [(Option, OptionValue)] = [
            (.batchSize, .integer(64)), (.latentSize, .integer(100)), (Choices.generatorOutput.option, .choice(OutputKind.tanh.rawValue)),
            (Choices.discriminatorActivation.option, .choice(ActivationKind.leakyRelu.rawValue)),
            (.generatorInitialDeviation, .real(0.02)), (.discriminatorInitialDeviation, .real(0.02)),
            (.generatorBeta1, .real(0.5)), (.discriminatorBeta1, .real(0.5)),
        ]
        return Dictionary(changes.map { ($0.0.name, $0.1) }, uniquingKeysWith: { first, _ in first })
    }()
}
