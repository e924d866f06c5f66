// What a preset changes: defaults of other options. An option that was set keeps its value whatever the preset; the
// preset `mlp` is the option table's own defaults.

extension OptionTable {
    static func presetDefault(_ preset: String, _ option: Option) -> OptionValue? {
        preset == "dcgan" ? deepConvolutional[option.name] : nil
    }

    /// Radford, Metz & Chintala (2016), section 3 and "Details of adversarial training".
    private static let deepConvolutional: [String: OptionValue] = {
        let changes: [(Option, OptionValue)] = [
            (.batchSize, .integer(64)), (.latentSize, .integer(100)), (.generatorOutput, .choice("tanh")),
            (.discriminatorActivation, .choice("leaky-relu")),
            (.generatorInitialDeviation, .real(0.02)), (.discriminatorInitialDeviation, .real(0.02)),
            (.generatorBeta1, .real(0.5)), (.discriminatorBeta1, .real(0.5)),
        ]
        return Dictionary(changes.map { ($0.0.name, $0.1) }, uniquingKeysWith: { first, _ in first })
    }()
}
