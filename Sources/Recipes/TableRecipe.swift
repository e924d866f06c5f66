// The recipe `table`: Xu et al., "Modeling tabular data using conditional GAN" (CTGAN), 2019, 1907.00503. A row is a list of quantities and
// choices (`TableSchema`). In training both networks are told one category of each row, drawn so that rare ones come often enough
// (`TableDraws`); the generator learns to make rows that have it, and the discriminator judges ten rows at a time (PacGAN).

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct TableRecipe: Recipe {
    public static let name = "table"
    public static let summary = "Rows like those of a table (CSV): numbers, dates and categories that go together as they do in the data; with a category that is asked for."
    public static let paper = "Xu et al., Modeling tabular data using conditional GAN, 2019, arxiv.org/abs/1907.00503"
    public static let options: [Option] = [
        .tableConditions, .tableDropout, .tableTemperature,
    ]
    /// Those of the paper, section 4.4 and the experiments' appendix.
    public static let defaults: [(Option, OptionValue)] = [
        (.batchSize, .integer(500)), (.packing, .integer(10)), (.gradientPenalty, .real(10)),
        (Choices.loss.option, .choice(AdversarialLoss.wasserstein.rawValue)),
        (.generatorHidden, .list([256, 256])), (.discriminatorHidden, .list([256, 256])),
        (Choices.generatorInitialisation.option, .choice(InitialisationKind.glorot.rawValue)),
        (Choices.discriminatorInitialisation.option, .choice(InitialisationKind.glorot.rawValue)),
        (.generatorBeta1, .real(0.5)), (.discriminatorBeta1, .real(0.5)), (.generatorBeta2, .real(0.9)), (.discriminatorBeta2, .real(0.9)),
    ]

    private static let ownMetrics = [
        StepMetric("condition.loss", "How far made rows are from having the category that was asked for: the cross-entropy over the last step's batch, in nats.")
    ]

    private let schema: TableSchema
    private let settings: AdversarialSettings
    private let game: AdversarialGame
    private let generator: Network
    private let discriminator: Network
    private let latent: Int
    /// How many conditions there are to tell; 0 for a training without.
    private let conditions: Int

    /// A batch that leaves an epoch some steps.
    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited {
        var suited = Suited(.mlp)
        let piece = max(1, options.integer(.packing).multipliedReportingOverflow(by: options.integer(.accumulate)).partialValue)
        let wanted = min(500, max(data.count / 4, 1))
        suited.choose(.batchSize, .integer(Int64(min(65536, max(wanted / piece, 1) * min(piece, 65536)))))
        return suited
    }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        guard case .table(let schema)? = fields.first(where: { $0.name == Field.row })?.kind else {
            let found = fields.first.map { ": they are \($0.sentence)" } ?? ""
            throw GanError(.mismatch, "The recipe '\(Self.name)' learns from the rows of a table (a file .csv or .tsv), and the data are none\(found).")
        }
        self.schema = schema
        settings = try AdversarialSettings(options, image: [1, schema.width, 1], range: (-1, 1), judgesApart: true)
        latent = options.integer(.latentSize)
        let conditions = options.flag(.tableConditions) ? schema.conditionCount : 0
        self.conditions = conditions
        let networks = TableNetworks(
            layout: schema.layout, generator: options.list(.generatorHidden), discriminator: options.list(.discriminatorHidden),
            generatorStyle: options.style(.generator, activation: .linear), discriminatorStyle: options.style(.discriminator, activation: .linear),
            slope: Float(options.real(.leakySlope)), dropout: Float(options.real(.tableDropout)), temperature: Float(options.real(.tableTemperature)))
        let told = conditions > 0 ? [Port(Field.condition, [])] : []
        generator = Network("generator", inputs: [Port("latents", [latent])] + told) { (inputs, scope) throws(GanError) in
            var given = try inputs("latents")
            if conditions > 0 { given = try Tensor.concatenate([given, inputs(Field.condition).oneHot(conditions)], axis: 1) }
            let made = try networks.generate(given, scope)
            return ["images": made.rows, "logits": made.logits]
        }
        let shown = try settings.packing.shape(ofItems: [schema.width + conditions])
        discriminator = Network("discriminator", inputs: [Port("images", shown)]) { (inputs, scope) throws(GanError) in
            ["logits": try networks.judge(inputs("images"), scope)]
        }
        game = AdversarialGame(settings: settings, discriminator: discriminator, judgesApart: true)
    }

    public var networks: [Network] { [generator, discriminator] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + ownMetrics }
    public var metrics: [StepMetric] { settings.metrics + (conditions > 0 ? Self.ownMetrics : []) }

    public var sampling: Sampling {
        var inputs = [Sampling.Input("latents", .latent(size: latent, settings.latents))]
        if conditions > 0 { inputs.append(Sampling.Input(Field.condition, .condition(schema))) }
        return Sampling(generator, inputs, output: "images")
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let real = try s.data(Port(Field.row, [schema.width]))
        var inputs: Tensors = ["latents": try s.latents(latent, settings.latents)]
        guard conditions > 0 else {
            let fake = try s.run(generator, inputs)("images")
            return try game.step(s, real: real, fake: fake, moving: [(generator, settings.generatorOptimiser)])
        }
        let condition = try s.data(Port(Field.condition, []))
        inputs[Field.condition] = condition
        let made = try s.run(generator, inputs)
        let wanted = try condition.oneHot(conditions)
        let missed = try missing(made("logits"), wanted)
        try game.step(
            s, real: Tensor.concatenate([real, wanted], axis: 1), fake: Tensor.concatenate([made("images"), wanted], axis: 1),
            moving: [(generator, settings.generatorOptimiser)], generatorTerms: { (_) throws(GanError) in [missed] })
        try s.metric("condition.loss", missed)
    }

    /// The cross-entropy between the category that was asked for and what the generator makes of that column (section 4.3, "generator loss").
    private func missing(_ logits: Tensor, _ wanted: Tensor) throws(GanError) -> Tensor {
        var total: Tensor?
        for column in schema.conditionColumns {
            guard let place = schema.choicePlaces[column], let first = schema.conditionPlaces[column] else { continue }
            let count = schema.columns[column].choices
            let own = try logits.columns(from: place, count: count)
            let target = try wanted.columns(from: first, count: count)
            // Rows that were asked for a category of another column have a target of zeros.
            let entropy = try own.logSumExp(axis: 1) * target.sum(axes: [1]) - (own * target).sum(axes: [1])
            total = try total.map { (sum) throws(GanError) in try sum + entropy } ?? entropy
        }
        guard let total else { throw GanError(.internalError, "Conditions of no column.") }
        return try total.mean()
    }
}

extension TableSchema {
    /// What a row is to the networks.
    var layout: RowLayout {
        RowLayout(
            quantities: quantityCount,
            choices: zip(choicePlaces, columns).compactMap { place, column in place.map { .init(start: $0, count: column.choices) } }, width: width)
    }
}
