// The recipe `infogan`: Chen et al., "InfoGAN: interpretable representation learning by information maximizing generative adversarial
// nets", 2016, 1606.03657. The generator is given codes besides its latent, and a third network, on the discriminator's features, has to
// read them off the picture: so codes come to mean what pictures differ in, without any label.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct InfoRecipe: Recipe {
    public static let name = "infogan"
    public static let summary = "Pictures with codes that the networks find themselves: a category (c1) and numbers from -1 to 1 (c2, c3, …)."
    public static let paper =
        "Chen et al., InfoGAN: interpretable representation learning by information maximizing generative adversarial nets, 2016, arxiv.org/abs/1606.03657"
    public static let options: [Option] = [.categories, .codes, .informationWeight, .codeWeight, .codeDelay]
    public static let hasNetworksByOption = true

    private let backbone: any Backbone
    private let settings: AdversarialSettings
    private let game: AdversarialGame
    private let latent: Int
    private let categories: Int
    private let codes: Int
    private let categoryWeight: Float
    private let codeWeight: Float
    private let codeDelay: Int64
    private let generator: Network
    private let discriminator: Network
    private let recogniser: Network
    /// Hidden units of the recogniser's own layer.
    private static let recogniserUnits = 128

    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited { .information(data, options) }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let backbone = try options.backbone(fields.image(for: Self.name))
        let (latent, categories, codes) = (options.integer(.latentSize), options.integer(.categories), options.integer(.codes))
        guard categories != 1, categories > 0 || codes > 0 else {
            throw GanError(
                .outOfRange,
                "The recipe infogan needs something to find: set info.categories to 2 or more (it is \(categories)), or info.codes to 1 or more (it is \(codes)).")
        }
        self.backbone = backbone
        self.latent = latent
        self.categories = categories
        self.codes = codes
        try options.checkAgreement(.nothing)
        settings = try AdversarialSettings(options, backbone)
        let pack = settings.packing.size
        categoryWeight = Float(options.real(.informationWeight))
        codeWeight = Float(options.real(.codeWeight))
        codeDelay = Int64(options.integer(.codeDelay))
        let names = Self.inputNames(categories: categories, codes: codes)
        generator = Network("generator", inputs: [Port("latents", [latent])] + names.map { Port($0, []) }) { (inputs, scope) throws(GanError) in
            var parts = [try inputs("latents")]
            for (index, name) in names.enumerated() {
                let code = try inputs(name)
                parts.append(index == 0 && categories > 0 ? try code.oneHot(categories) : try code.reshape([code.shape[0], 1]))
            }
            return ["images": try backbone.generate(Tensor.concatenate(parts, axis: 1), .none, scope)]
        }
        let shown = Port("images", try settings.packing.shape(ofItems: backbone.image))
        discriminator = Network("discriminator", inputs: [shown]) { (inputs, scope) throws(GanError) in
            let features = try backbone.features(inputs("images"), .none, scope)
            return ["logits": try backbone.head(features, outputs: 1, name: nil, scope), "features": features]
        }
        recogniser = Network("recogniser", inputs: []) { (inputs, scope) throws(GanError) in
            let hidden = try Activation.leakyRelu(slope: 0.1)(
                backbone.head(inputs("features"), outputs: Self.recogniserUnits, name: "hidden", scope))
            /// For each item of a pack.
            func read(_ numbers: Int, _ name: String) throws(GanError) -> Tensor {
                try backbone.head(hidden, outputs: pack * numbers, name: name, scope).reshape([hidden.shape[0] * pack, numbers])
            }
            var outputs: Tensors = [:]
            if categories > 0 { outputs["category"] = try read(categories, "category") }
            if codes > 0 {
                outputs["mean"] = try read(codes, "mean")
                outputs["logVariance"] = try read(codes, "variance")
            }
            return outputs
        }
        game = AdversarialGame(settings: settings, discriminator: discriminator, judgesApart: backbone.judgesImagesApart)
    }

    /// c1 is the category, where there is one, and the numbers follow.
    private static func inputNames(categories: Int, codes: Int) -> [String] {
        (0..<(codes + (categories > 0 ? 1 : 0))).map { "c\($0 + 1)" }
    }

    public var networks: [Network] { [generator, discriminator, recogniser] }
    public var pixelRange: (low: Float, high: Float) { backbone.pixelRange }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + ownMetrics }
    public var metrics: [StepMetric] { settings.metrics + Self.ownMetrics }

    static let ownMetrics = [
        StepMetric("information", "How well the codes are read off generated images: minus the mean of -log Q(c|x) over the last step's batch.")
    ]

    public var sampling: Sampling {
        let names = Self.inputNames(categories: categories, codes: codes)
        let kinds = names.indices.map { $0 == 0 && categories > 0 ? Sampling.Input.Kind.category(categories) : .code }
        return Sampling(
            generator, [Sampling.Input("latents", .latent(size: latent, settings.latents))] + zip(names, kinds).map { Sampling.Input($0, $1) },
            output: "images")
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        var inputs: Tensors = ["latents": try s.latents(latent, settings.latents)]
        let names = Self.inputNames(categories: categories, codes: codes)
        var category: Tensor?
        var numbers: [Tensor] = []
        for (index, name) in names.enumerated() {
            let uniform = try s.uniform([1])
            if index == 0 && categories > 0 {
                let choice = try uniform.whole(below: categories).reshape([s.batch])
                inputs[name] = choice
                category = try choice.oneHot(categories)
            } else {
                let number = try uniform * 2 - 1
                inputs[name] = try number.reshape([s.batch])
                numbers.append(number)
            }
        }
        let fake = try s.run(generator, inputs)("images")
        let real = try s.images(backbone.image)
        // The features that both share learn to read the codes too.
        func reading(_ result: Tensors) throws(GanError) -> Tensor {
            try information(s.run(recogniser, ["features": result("features")]), category, numbers, s)
        }
        var read: Tensor?
        try game.step(
            s, real: real, fake: fake, moving: [(generator, settings.generatorOptimiser), (recogniser, settings.generatorOptimiser)],
            discriminatorTerms: { (judged) throws(GanError) in [try reading(judged.fake)] },
            generatorTerms: { (again) throws(GanError) in
                let term = try reading(again)
                read = term
                return [term]
            })
        if let read { try s.metric("information", read.negated()) }
    }

    /// The weighted sum of what is not known of the codes.
    private func information(_ outputs: Tensors, _ category: Tensor?, _ numbers: [Tensor], _ s: StepBuilder) throws(GanError) -> Tensor {
        var total: Tensor?
        if let category { total = try MutualInformation.categorical(outputs("category"), code: category) * categoryWeight }
        if !numbers.isEmpty {
            let own = try weighted(
                MutualInformation.gaussian(
                    mean: outputs("mean"), logVariance: outputs("logVariance"), codes: Tensor.concatenate(numbers, axis: 1)), s)
            total = try total.map { (sum) throws(GanError) in try sum + own } ?? own
        }
        guard let total else { throw GanError(.internalError, "InfoGAN without codes.") }
        return total
    }

    /// How much of the numbers' weight counts before its time: enough that they come to mean something, too little that it is the kind.
    private static let earlyShare = 0.1

    /// What is not known of the numbers, by its weight at this step. The narrower Q's normal distributions become, the steeper this is: from
    /// the first step on it would have the numbers tell digits apart, which are then no more the category's.
    private func weighted(_ unknown: Tensor, _ s: StepBuilder) throws(GanError) -> Tensor {
        guard codeDelay > 0 else { return try unknown * codeWeight }
        let delay = Double(codeDelay)
        let share = try s.schedule("codes") { step in min(1, max(Self.earlyShare, Double(step) / delay - 1)) }
        return try unknown * (share * codeWeight).reshape(unknown.shape)
    }
}
