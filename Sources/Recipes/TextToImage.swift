// The recipe `text-to-image`: Reed et al., "Generative adversarial text to image synthesis", 2016, 1605.05396. A text encoder is learnt
// beside the two networks. The discriminator is matching-aware (section 4.2): a real picture with the caption of another one is as wrong
// as a generated picture, here with every other caption of the batch. The generator is also trained on texts that lie between two of the
// batch (section 4.3), so that what is between texts is a picture too.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct TextToImage: Recipe {
    public static let name = "text-to-image"
    public static let summary = "Pictures of what a text says, learnt from pictures with captions."
    public static let paper = "Reed et al., Generative adversarial text to image synthesis, 2016, arxiv.org/abs/1605.05396"
    public static let options: [Option] = [
        Choices.textEncoder.option, .textChannels, .textSize, .textWrong, .textInterpolation,
    ]
    public static let hasNetworksByOption = true

    private let backbone: any Backbone
    private let settings: AdversarialSettings
    private let game: AdversarialGame
    private let latent: Int
    private let size: Int
    private let wrong: Float
    private let interpolation: Float
    private let text: Port
    private let textInput: Sampling.Input
    private let encoder: Network
    private let generator: Network
    private let discriminator: Network

    private static let meaning = "meaning"
    private static let read = "read"

    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited { .adversarial(data, options) }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let backbone = try options.backbone(fields.image(for: Self.name))
        let (length, characters, examples) = try fields.captions(for: Self.name)
        let (latent, size) = (options.integer(.latentSize), options.integer(.textSize))
        try options.checkAgreement(.nothing)
        settings = try AdversarialSettings(options, backbone)
        guard settings.packing.size == 1 else {
            throw GanError(
                .outOfRange,
                "packing is \(settings.packing.size), and the recipe \(Self.name) asks of each picture by itself which text it belongs to: leave it at 1.")
        }
        let text = Port(Field.text, [length])
        let textEncoder = TextEncoder(
            options[Choices.textEncoder], length: length, characters: characters.count + 2, channels: options.integer(.textChannels), size: size)
        encoder = Network(Sampling.encoderName, inputs: [text]) { (inputs, scope) throws(GanError) in
            [Self.meaning: try textEncoder(inputs(Field.text), scope)]
        }
        generator = Network("generator", inputs: [Port("latents", [latent]), Port(Self.meaning, [size])]) { (inputs, scope) throws(GanError) in
            ["images": try backbone.generate(inputs("latents"), Condition(vector: inputs(Self.meaning)), scope)]
        }
        discriminator = Network("discriminator", inputs: [Port("images", backbone.image), Port(Self.meaning, [size])]) {
            (inputs, scope) throws(GanError) in
            let features = try backbone.features(inputs("images"), .none, scope)
            let read = try backbone.head(features, outputs: size, name: Self.read, scope)
            let own = try (read * inputs(Self.meaning)).sum(axes: [1]) * Self.scale(size)
            return ["logits": try backbone.head(features, outputs: 1, name: nil, scope) + own, Self.read: read]
        }
        game = AdversarialGame(settings: settings, discriminator: discriminator, judgesApart: backbone.judgesImagesApart)
        self.backbone = backbone
        self.latent = latent
        self.size = size
        self.text = text
        textInput = Sampling.Input(Field.text, .text(length: length, characters: characters, examples: examples))
        wrong = Float(options.real(.textWrong))
        interpolation = Float(options.real(.textInterpolation))
    }

    /// Products of vectors of so many numbers are of about one size whatever the number.
    private static func scale(_ size: Int) -> Float { Float(1 / Double(size).squareRoot()) }

    public var networks: [Network] { [generator, discriminator, encoder] }
    public var pixelRange: (low: Float, high: Float) { backbone.pixelRange }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + ownMetrics }
    public var metrics: [StepMetric] { settings.metrics + (wrong > 0 ? Self.ownMetrics : []) }

    static let ownMetrics = [
        StepMetric("text.real", "How far the discriminator is from telling which text of the last step's batch a real picture came with, in nats; 0 where it always can."),
        StepMetric("text.fake", "The same of generated pictures and the texts that they were made for."),
    ]

    public var sampling: Sampling {
        Sampling(
            generator, [Sampling.Input("latents", .latent(size: latent, settings.latents)), textInput], output: "images",
            encoder: .init(encoder, input: Self.meaning))
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let texts = try s.data(text)
        let meaning = try s.run(encoder, [Field.text: texts])(Self.meaning)
        // The encoder is moved by what the discriminator says of real pictures alone: it must not learn to make generated ones worse.
        let held = try meaning.withoutGradient()
        let mixed = try between(held, s)
        let fake = try s.run(generator, ["latents": s.latents(latent, settings.latents), Self.meaning: mixed.meaning])("images")
        let real = try s.images(backbone.image)
        let identity = try s.graph.identity(s.batch)
        let alike = try Self.alike(texts)
        func contrast(_ judged: Tensors, with meaning: Tensor, counted: Tensor?) throws(GanError) -> Tensor {
            let scores = try judged(Self.read).product(meaning, transposeB: true) * Self.scale(size)
            return try Contrast.crossEntropy(scores, identity: identity, alike: alike, counted: counted)
        }
        var told: (real: Tensor?, fake: Tensor?) = (nil, nil)
        try game.step(
            s, real: real, fake: fake, told: [Self.meaning: meaning], toldOfFake: [Self.meaning: mixed.meaning],
            moving: [(generator, settings.generatorOptimiser)], judges: [(encoder, settings.discriminatorOptimiser)],
            discriminatorTerms: { (judged) throws(GanError) in
                if wrong <= 0 { return [] }
                let term = try contrast(judged.real, with: meaning, counted: nil)
                told.real = term
                return [try term * wrong]
            },
            generatorTerms: { (again) throws(GanError) in
                if wrong <= 0 { return [] }
                let term = try contrast(again, with: held, counted: mixed.isWhole)
                told.fake = term
                return [try term * wrong]
            })
        if settings.averageDecay > 0 && s.happens(settings.generatorCadence) { try s.average(encoder, decay: settings.averageDecay) }
        if let real = told.real { try s.metric("text.real", real) }
        if let fake = told.fake { try s.metric("text.fake", fake) }
    }

    /// What the generator is told: of a share of the items, the middle between their text and that of the next item; and which are whole.
    private func between(_ meaning: Tensor, _ s: StepBuilder) throws(GanError) -> (meaning: Tensor, isWhole: Tensor?) {
        guard interpolation > 0, s.batch > 1 else { return (meaning, nil) }
        let rest = try meaning.slice(starts: [1, 0], counts: [s.batch - 1, size])
        let next = try Tensor.concatenate([rest, meaning.slice(starts: [0, 0], counts: [1, size])], axis: 0)
        let isWhole = try s.uniform([1]).greater(interpolation)
        let own = try isWhole * 0.5 + 0.5
        return (try meaning * own + next * (1 - own), isWhole)
    }

    /// Ones where two items have the same text, [batch, batch].
    private static func alike(_ texts: Tensor) throws(GanError) -> Tensor {
        let (count, length) = (texts.shape[0], texts.shape[1])
        let equal = try texts.reshape([count, 1, length]).equal(texts.reshape([1, count, length]))
        return try equal.sum(axes: [2]).reshape([count, count]).greater(Float(length) - 0.5)
    }
}

extension [Field] {
    /// The texts that items come with.
    /// - Throws: `.mismatch` where they have none.
    fileprivate func captions(for recipe: String) throws(GanError) -> (length: Int, characters: [Unicode.Scalar], examples: [[Int32]]) {
        for field in self {
            if case .text(let length, let characters, let examples) = field.kind, field.name == Field.text { return (length, characters, examples) }
        }
        throw GanError(
            .mismatch,
            "The recipe '\(recipe)' learns from pictures with captions, and the data have none: a file metadata.csv beside the pictures, with the columns file_name and text, gives them some.")
    }
}
