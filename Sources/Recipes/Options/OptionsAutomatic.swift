// What `preset=auto` means: of options that nobody has set, those that suit the data. It is looked up once, when a training begins, and
// put in as plain values, so that a checkpoint says what was chosen and a resumed training does not ask again.

import Base
import Data

/// What is looked at.
public struct DataOutline: Sendable {
    public let count: Int
    public let fields: [Field]

    public init(count: Int, fields: [Field]) {
        self.count = count
        self.fields = fields
    }

    public init(_ dataset: Dataset) { self.init(count: dataset.count, fields: dataset.fields) }
}

extension OptionValues {
    /// Chooses the recipe that a table wants, where none was chosen.
    public mutating func resolveRecipe(_ data: DataOutline) {
        guard !isSet(.recipe), data.fields.first?.name == Field.row else { return }
        replace(.recipe, with: .choice(TableRecipe.name))
    }

    /// Puts what suits the data in place of `preset=auto`. Options that were set keep their values, and what is chosen goes by them.
    public mutating func resolvePreset(_ data: DataOutline) throws(GanError) {
        guard self[Choices.preset] == .auto else { return }
        let choices = RecipeList.type(self)?.suited(to: data, self) ?? Suited(.mlp)
        replace(Choices.preset.option, with: .choice(choices.preset.rawValue))
        // In the order of the table, whatever the order in which they were thought of.
        for option in OptionTable.all where !isSet(option) {
            if let value = choices.values[option.name] { replace(option, with: value) }
        }
    }
}

/// What a recipe chooses of itself.
public struct Suited: Sendable {
    let preset: Preset
    fileprivate(set) var values: [String: OptionValue] = [:]

    init(_ preset: Preset) { self.preset = preset }

    mutating func choose(_ option: Option, _ value: OptionValue) { values[option.name] = value }
    mutating func choose<Value>(_ choice: Choice<Value>, _ value: Value) { values[choice.option.name] = .choice(value.rawValue) }
}

extension Recipe {
    /// The first preset, as it is.
    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited { Suited(.mlp) }
}

extension Suited {
    /// For two networks that play against each other: a loss whose game has no way out into collapse, relativistic with R1 and R2 (Huang et
    /// al., "The GAN is dead; long live the GAN!", 2024), without batch normalisation, which R1 and R2 do not go with; and the moving
    /// average of the generator, which is drawn from.
    static func adversarial(_ data: DataOutline, _ options: OptionValues) -> Suited {
        var suited: Suited
        let image = data.fields.axes(of: Field.image)
        if let image, image.count == 3, min(image[0], image[1]) >= 8, image[0] % 2 == 0, image[1] % 2 == 0 {
            suited = pictures(image, data, options)
        } else {
            suited = rows(image ?? [], data, options)
        }
        suited.tell(of: data, options)
        return suited
    }

    /// Whether the game is the relativistic one: unless another loss, or a penalty, was asked for.
    private static func isRelativistic(_ options: OptionValues) -> Bool {
        let penalties: [Option] = [.r1, .r2, .gradientPenalty, .dragan, .weightClip]
        let isOpen = !options.isSet(Choices.loss.option) && !penalties.contains { options.isSet($0) }
        return isOpen || options.isSet(Choices.loss.option) && options[Choices.loss] == .relativistic
    }

    /// Whether a penalty on the discriminator's slope at each image was asked for.
    private static func isPenalised(_ options: OptionValues) -> Bool {
        [Option.r1, .r2, .gradientPenalty, .dragan].contains { options.real($0) > 0 }
    }

    private mutating func playRelativistic(_ options: OptionValues, r1: Double, r2: Double, every interval: Int64) {
        guard Self.isRelativistic(options) else { return }
        choose(Choices.loss, .relativistic)
        choose(.r1, .real(r1))
        choose(.r2, .real(r2))
        choose(.penaltyInterval, .integer(interval))
    }

    private mutating func rates(_ rate: Double, beta1: Double, beta2: Double) {
        for option in [Option.generatorLearningRate, .discriminatorLearningRate] { choose(option, .real(rate)) }
        for option in [Option.generatorBeta1, .discriminatorBeta1] { choose(option, .real(beta1)) }
        for option in [Option.generatorBeta2, .discriminatorBeta2] { choose(option, .real(beta2)) }
    }

    /// After so many steps the rate is 0, unless a program that knows how many there will be says otherwise.
    private static let stepsOfRows: Int64 = 40_000

    /// Rows of numbers, and pictures of sides that cannot be halved: fully connected layers.
    private static func rows(_ axes: [Int], _ data: DataOutline, _ options: OptionValues) -> Suited {
        var suited = Suited(.mlp)
        let size = axes.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        let isRow = axes.count != 3 || axes[0] == 1
        let units: Int64 = size <= 8 ? 128 : size <= 64 ? 256 : 512
        suited.choose(.generatorHidden, .list([units, units]))
        suited.choose(.discriminatorHidden, .list([units, units, units]))
        suited.choose(Choices.generatorActivation, .leakyRelu)
        suited.choose(Choices.discriminatorActivation, .leakyRelu)
        suited.choose(Choices.generatorInitialisation, .he)
        suited.choose(Choices.discriminatorInitialisation, .he)
        // Numbers may lie at the ends of their range as often as elsewhere, where tanh is flat.
        suited.choose(Choices.generatorOutput, isRow ? .linear : .tanh)
        // Rows come in kinds with nothing between them more often than not: half of a latent that was asked for, or 8 numbers more.
        let signs = options.isSet(.latentDiscrete) ? options.integer(.latentDiscrete) : isRow ? 8 : 0
        let latent = options.isSet(.latentSize) ? options.integer(.latentSize) : signs + max(4, min(64, size))
        suited.choose(.latentSize, .integer(Int64(latent)))
        suited.choose(.latentDiscrete, .integer(Int64(min(signs, latent / 2))))
        suited.choose(.batchSize, batch(64, data, options))
        suited.rates(isRow ? 1e-3 : 5e-4, beta1: 0.5, beta2: 0.99)
        suited.playRelativistic(options, r1: isRow ? 1e-3 : 0.1, r2: isRow ? 1e-3 : 0.1, every: 1)
        suited.choose(.averageDecay, .real(0.999))
        if isRow {
            // Narrow modes are met at the end, when steps are small.
            suited.choose(Choices.rateSchedule, .cosine)
            suited.choose(.rateSteps, .integer(stepsOfRows))
        }
        return suited
    }

    /// Pictures whose sides can be halved: convolutions, as wide as a step of some tenths of a second has room for.
    private static func pictures(_ image: [Int], _ data: DataOutline, _ options: OptionValues) -> Suited {
        var suited = Suited(.dcgan)
        let area = image[0] * image[1]
        let channels: Int64 = area <= 40 * 40 ? 32 : area <= 80 * 80 ? 24 : 16
        suited.choose(.generatorChannels, .integer(channels))
        suited.choose(.discriminatorChannels, .integer(channels))
        suited.choose(.latentSize, .integer(64))
        suited.choose(.batchSize, batch(data.count < 5000 ? 32 : 64, data, options))
        suited.rates(5e-4, beta1: 0.5, beta2: 0.99)
        // R1 and R2 are slopes at each image by itself, which a norm over the batch that was asked for does not leave.
        let norm = Choices.discriminatorNorm
        if !options.isSet(norm.option) || ![.batch, .batchByClass].contains(options[norm]) {
            if isRelativistic(options) || isPenalised(options) { suited.choose(norm, .none) }
            suited.playRelativistic(options, r1: 1, r2: 1, every: 4)
        }
        suited.choose(.averageDecay, .real(0.999))
        return suited
    }

    /// For codes that networks find by themselves: networks with a layer in which everything meets everything between the codes and the
    /// first map, and between the last map and what is read off it, and with batch normalisation (Chen et al. 1606.03657, appendix C.1,
    /// which has four times as many units and twice the channels). Where a code only adds a map of its own to the others', as in `dcgan`, it
    /// comes to mean a blob that early, shapeless pictures have, and stays with it. Rates are the paper's. A penalty on the
    /// discriminator's slope does not go with a norm over the batch, which is then left out of it.
    static func information(_ data: DataOutline, _ options: OptionValues) -> Suited {
        guard let image = data.fields.axes(of: Field.image), image.count == 3, !asksForNetworks(options),
            let networks = InfoNetworks(height: image[0], width: image[1], channels: image[2])
        else { return .adversarial(data, options) }
        var suited = Suited(.mlp)
        suited.choose(Choices.network, .layers)
        suited.choose(.generatorLayers, .text(networks.generator))
        suited.choose(.discriminatorLayers, .text(networks.discriminator(isNormalised: !isPenalised(options))))
        suited.choose(.latentSize, .integer(62))
        suited.choose(.batchSize, batch(100, data, options))
        suited.rates(2e-4, beta1: 0.5, beta2: 0.999)
        suited.choose(.generatorLearningRate, .real(1e-3))
        if options.integer(.categories) > 0 { suited.choose(.codeDelay, .integer(2000)) }
        return suited
    }

    /// For characters by tags: networks as wide as a step of some tenths of a second has room for.
    static func characters(_ data: DataOutline, _ options: OptionValues) -> Suited {
        var suited = Suited(.mlp)
        guard let image = data.fields.axes(of: Field.image), image.count == 3 else { return suited }
        let area = image[0] * image[1]
        suited.choose(.generatorChannels, .integer(area <= 40 * 40 ? 32 : area <= 80 * 80 ? 24 : 16))
        suited.choose(.discriminatorChannels, .integer(area <= 40 * 40 ? 32 : area <= 80 * 80 ? 24 : 16))
        suited.choose(.batchSize, batch(data.count < 5000 ? 32 : 64, data, options))
        return suited
    }

    /// Whether anything was said of what the networks are, rather than of how they are moved.
    private static func asksForNetworks(_ options: OptionValues) -> Bool {
        let movement = ["learning-rate", "beta1", "beta2", "epsilon", "optimiser"]
        return OptionTable.all.contains { option in
            guard options.isSet(option) else { return false }
            if [Choices.network.option.name, Option.levels.name, Option.attentionSide.name, Option.latentDiscrete.name].contains(option.name) { return true }
            let parts = option.name.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, parts[0] == "generator" || parts[0] == "discriminator", parts[1] != "steps" else { return false }
            return !movement.contains(String(parts[1]))
        }
    }

    /// A batch that leaves an epoch some steps, and that can be cut as was asked for.
    private static func batch(_ usual: Int, _ data: DataOutline, _ options: OptionValues) -> OptionValue {
        var batch = usual
        while batch > 8 && data.count / 4 < batch { batch /= 2 }
        let piece = max(1, options.integer(.packing).multipliedReportingOverflow(by: options.integer(.accumulate)).partialValue)
        let whole = min(max(batch / piece, 1), max(data.count / piece, 1)) * min(piece, 65536)
        return .integer(Int64(max(1, min(whole, 65536))))
    }

    /// What is known of each item is told, as long as there are enough of a kind to learn it from.
    private mutating func tell(of data: DataOutline, _ options: OptionValues) {
        guard options.choice(.recipe) == AdversarialRecipe.name, !options.isSet(Choices.condition.option) else { return }
        for field in data.fields {
            if case .label(let classes, _) = field.kind, classes >= 2, classes <= 128, data.count / classes >= 20 {
                choose(Choices.condition, .labels)
            }
        }
    }
}

extension [Field] {
    /// The axes of the values of that name.
    fileprivate func axes(of name: String) -> [Int]? {
        for field in self where field.name == name {
            if case .values(let axes) = field.kind { return axes }
        }
        return nil
    }
}
