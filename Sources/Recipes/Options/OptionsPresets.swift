// What a preset changes: defaults of other options. An option that was set keeps its value whatever the preset; the
// preset `mlp` is the option table's own defaults.

import Networks
import Objectives

extension OptionTable {
    /// What a recipe changes, whatever the preset.
    static func recipeDefault(_ recipe: String, _ option: Option) -> OptionValue? { recipeDefaults[recipe]?[option.name] }

    private static let recipeDefaults: [String: [String: OptionValue]] = {
        var all: [String: [String: OptionValue]] = [:]
        for recipe in RecipeList.all {
            all[recipe.name] = Dictionary(recipe.defaults.map { ($0.0.name, $0.1) }, uniquingKeysWith: { first, _ in first })
        }
        return all
    }()

    static func presetDefault(_ preset: Preset, _ option: Option) -> OptionValue? {
        if option.name == Choices.network.option.name { return .choice(preset.network.rawValue) }
        return switch preset {
        case .mlp, .auto: nil
        case .dcgan: deepConvolutional[option.name]
        case .resnet: residual[option.name]
        }
    }

    /// Radford, Metz & Chintala (2016), section 3 and "Details of adversarial training".
    private static let deepConvolutional = table(
        [
            (.batchSize, .integer(64)), (.latentSize, .integer(100)), (Choices.generatorOutput.option, .choice(OutputKind.tanh.rawValue)),
            (Choices.discriminatorActivation.option, .choice(ActivationKind.leakyRelu.rawValue)),
            (.generatorInitialDeviation, .real(0.02)), (.discriminatorInitialDeviation, .real(0.02)),
            (.generatorBeta1, .real(0.5)), (.discriminatorBeta1, .real(0.5)),
        ])

    /// Huang et al. (2501.05441), section 4: norm-free residual networks, the relativistic loss with R1 and R2, Adam without the first
    /// moment, and samples from a moving average.
    private static let residual = table(
        [
            (.batchSize, .integer(64)), (.latentSize, .integer(64)), (Choices.generatorOutput.option, .choice(OutputKind.linear.rawValue)),
            (Choices.generatorActivation.option, .choice(ActivationKind.leakyRelu.rawValue)),
            (Choices.discriminatorActivation.option, .choice(ActivationKind.leakyRelu.rawValue)),
            (Choices.generatorNorm.option, .choice(NormKind.none.rawValue)), (Choices.discriminatorNorm.option, .choice(NormKind.none.rawValue)),
            (Choices.generatorInitialisation.option, .choice(InitialisationKind.he.rawValue)),
            (Choices.discriminatorInitialisation.option, .choice(InitialisationKind.he.rawValue)),
            (Choices.generatorUpsampling.option, .choice(Upsampling.nearest.rawValue)),
            (.generatorChannels, .integer(32)), (.discriminatorChannels, .integer(32)),
            (.generatorChannelsLimit, .integer(128)), (.discriminatorChannelsLimit, .integer(128)),
            (.generatorBlocks, .integer(1)), (.discriminatorBlocks, .integer(1)),
            (Choices.loss.option, .choice(AdversarialLoss.relativistic.rawValue)), (.r1, .real(1)), (.r2, .real(1)),
            (.generatorBeta1, .real(0)), (.discriminatorBeta1, .real(0)), (.generatorBeta2, .real(0.99)), (.discriminatorBeta2, .real(0.99)),
            (.averageDecay, .real(0.999)),
        ])

    private static func table(_ changes: [(Option, OptionValue)]) -> [String: OptionValue] {
        Dictionary(changes.map { ($0.0.name, $0.1) }, uniquingKeysWith: { first, _ in first })
    }
}
