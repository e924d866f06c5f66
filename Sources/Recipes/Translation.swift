// The recipe `translation`: Zhu et al., "Unpaired image-to-image translation using cycle-consistent adversarial networks", 2017,
// 1703.10593. Two kinds of pictures, of which none belongs to one of the other kind. One generator makes the second kind of the first, the
// other goes back; a discriminator for each kind sees real and made ones; and there and back again is where a picture was. With the loss
// wasserstein it is what Wang et al. 1707.03124 make training data by: rendered plates, whose texts are known, in the style of photographs.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public enum TranslatorKind: String, CaseIterable, Sendable {
    case residual
    case unet
}

public struct Translation: Recipe {
    public static let name = "translation"
    public static let summary = "Pictures of one kind from pictures of another, and back, of two data sets without pairs."
    public static let paper =
        "Zhu et al., Unpaired image-to-image translation using cycle-consistent adversarial networks, 2017, arxiv.org/abs/1703.10593; Wang et al., Adversarial generation of training examples, 2017, arxiv.org/abs/1707.03124"
    public static let options: [Option] = [Choices.translator.option, .cycleWeight, .identityWeight, .pool]
    public static let defaults: [(Option, OptionValue)] =
        PictureSettings.defaults + [
            (Choices.loss.option, .choice(AdversarialLoss.leastSquares.rawValue)),
            (.generatorChannels, .integer(32)), (.discriminatorChannels, .integer(32)), (.generatorBlocks, .integer(4)),
            (Choices.generatorNorm.option, .choice(NormKind.instance.rawValue)), (Choices.discriminatorNorm.option, .choice(NormKind.instance.rawValue)),
        ]
    public static let readsApart = true

    /// [height, width, channels] of the first kind and of the second.
    private let source: Shape
    private let target: Shape
    private let cycleWeight: Float
    private let identityWeight: Float
    private let mirrors: Bool
    private let sourcePool: PicturePool
    private let targetPool: PicturePool
    /// The judges of either kind.
    private let sourceGame: AdversarialGame
    private let targetGame: AdversarialGame
    /// From the first kind to the second, and back.
    private let generator: Network
    private let reverse: Network
    private let multiple: Int
    private let reach: Int?

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let (source, target) = try fields.kinds()
        let pool = options.integer(.pool)
        identityWeight = Float(options.real(.identityWeight))
        cycleWeight = Float(options.real(.cycleWeight))
        guard identityWeight == 0 || source[2] == target[2] else {
            throw GanError(
                .mismatch,
                "The first data set's pictures have \(source[2]) \(source[2] == 1 ? "channel" : "channels") and the second's \(target[2]), so that none can be of the other kind already: set identity.weight to 0, or data.channels to what both are to have.")
        }
        if pool > 0 && options.integer(.accumulate) > 1 {
            throw GanError(
                .outOfRange,
                "accumulate is \(options.integer(.accumulate)), and the pictures that are kept for the discriminators (pool=\(pool)) are those of whole batches: set pool to 0, or accumulate to 1.")
        }
        if options.real(.augmentTarget) > 0 {
            throw GanError(
                .outOfRange,
                "augment.target is \(options.text(.augmentTarget)), which follows one discriminator, and the recipe 'translation' has two: leave it at 0, and choose augment.probability.")
        }
        mirrors = options.flag(.augmentMirror)
        sourcePool = PicturePool(name: "pool.source", size: pool)
        targetPool = PicturePool(name: "pool.target", size: pool)
        let sides = Array(source.prefix(2))
        let isLocal = options[Choices.generatorNorm].isLocal
        let makes: @Sendable (Tensor, Int, Scope) throws(GanError) -> Tensor
        switch options[Choices.translator] {
        case .residual:
            let network = ResidualTranslator(
                channels: options.integer(.generatorChannels), blocks: options.integer(.generatorBlocks), sides: sides,
                norm: options[Choices.generatorNorm], style: options.style(.generator, activation: .relu))
            (multiple, reach) = (network.multiple, isLocal ? network.reach : nil)
            makes = { (picture, outputs, scope) throws(GanError) in try network(picture, outputs: outputs, scope).tanh() }
        case .unet:
            let network = UNet(
                channels: options.integer(.generatorChannels), sides: sides, norm: options[Choices.generatorNorm],
                style: options.style(.generator, activation: .leakyRelu), dropout: 0)
            (multiple, reach) = (network.multiple, isLocal ? network.reach : nil)
            makes = { (picture, outputs, scope) throws(GanError) in try network(picture, outputs: outputs, scope).tanh() }
        }
        func translator(_ name: String, _ from: Shape, _ to: Shape) -> Network {
            Network(name, inputs: [Port(Application.picture, from)]) { (inputs, scope) throws(GanError) in
                ["images": try makes(inputs(Application.picture), to[2], scope)]
            }
        }
        generator = translator("generator", source, target)
        reverse = translator(Self.reverseName, target, source)
        let patches = PatchDiscriminator(
            channels: options.integer(.discriminatorChannels), sides: sides, norm: options[Choices.discriminatorNorm],
            style: options.style(.discriminator, activation: .leakyRelu))
        func judge(_ name: String, _ image: Shape) throws(GanError) -> AdversarialGame {
            let network = Network(name, inputs: [Port("images", image)]) { (inputs, scope) throws(GanError) in
                ["logits": try patches(inputs("images"), scope)]
            }
            return try PictureSettings.game(options, image, network, isTold: false)
        }
        targetGame = try judge("discriminator", target)
        sourceGame = try judge("reverse-discriminator", source)
        self.source = source
        self.target = target
    }

    public static let reverseName = "reverse-generator"

    public var networks: [Network] { [generator, targetGame.discriminator, reverse, sourceGame.discriminator] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    private static let cycle = StepMetric(
        "cycle", "The mean distance of a pixel from what it was, after the last step's pictures were translated there and back, of a range from 0 to 1.")
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.metrics + [cycle] }
    public var metrics: [StepMetric] { Self.possibleMetrics }

    public var sampling: Sampling {
        Sampling(generator, [Sampling.Input(Application.picture, .picture(source, low: -1, high: 1))], output: "images")
    }

    public var application: Application? {
        Application(generator, output: "images", channels: (source[2], target[2]), multiple: multiple, reach: reach)
    }

    public var reverseApplication: Application? {
        Application(reverse, output: "images", channels: (target[2], source[2]), multiple: multiple, reach: reach)
    }

    /// A picture of the first kind, as one of the second, and back again.
    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] {
        let read = try s.data(Port(Field.source, source))
        let made = try s.run(generator, [Application.picture: read])("images")
        return [read, made, try s.run(reverse, [Application.picture: made])("images")]
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        func pictures(_ name: String, _ shape: Shape) throws(GanError) -> Tensor {
            let read = try s.data(Port(name, shape))
            return try mirrors ? s.mirrored(read) : read
        }
        func run(_ network: Network, _ picture: Tensor) throws(GanError) -> Tensor { try s.run(network, [Application.picture: picture])("images") }
        let (first, second) = (try pictures(Field.source, source), try pictures(Field.target, target))
        let (asSecond, asFirst) = (try run(generator, first), try run(reverse, second))
        let settings = targetGame.settings

        let turns = [
            try targetGame.moveDiscriminator(s, real: second, fake: targetPool.show(asSecond, s)),
            try sourceGame.moveDiscriminator(s, real: first, fake: sourcePool.show(asFirst, s)),
        ]
        guard s.happens(settings.generatorCadence) else { return try report(turns, generators: nil, s) }

        // Equation 3, with the identity term of section 5.2.
        func opinion(_ game: AdversarialGame, _ turn: AdversarialGame.Turn, real: Tensor, made: Tensor) throws(GanError) -> Tensor {
            // New pictures, which the discriminator may not have been shown.
            try game.opinion(s, turn, of: settings.showing(real: real, fake: made, s).fake).loss
        }
        let adversarial = try opinion(targetGame, turns[0], real: second, made: asSecond) + opinion(sourceGame, turns[1], real: first, made: asFirst)
        var loss = adversarial
        let cycle = try Reconstruction.absolute(run(reverse, asSecond), first) + Reconstruction.absolute(run(generator, asFirst), second)
        if cycleWeight > 0 { loss = try loss + cycle * cycleWeight }
        if identityWeight > 0 {
            let changed = try Reconstruction.absolute(run(generator, second), second) + Reconstruction.absolute(run(reverse, first), first)
            loss = try loss + changed * identityWeight
        }
        try s.minimise(
            loss, moving: [(generator, settings.generatorOptimiser), (reverse, settings.generatorOptimiser)], settings.generatorCadence, clip: settings.clip)
        if settings.averageDecay > 0 { for network in [generator, reverse] { try s.average(network, decay: settings.averageDecay) } }
        try report(turns, generators: adversarial, s)
        // Of two kinds, in a range from −1 to 1.
        try s.metric("cycle", cycle * 0.25)
    }

    /// Means over both kinds.
    private func report(_ turns: [AdversarialGame.Turn], generators: Tensor?, _ s: StepBuilder) throws(GanError) {
        func mean(_ value: (AdversarialGame.Turn) throws(GanError) -> Tensor) throws(GanError) -> Tensor { try (value(turns[0]) + value(turns[1])) * 0.5 }
        try s.metric("discriminator.loss", mean { (turn) throws(GanError) in turn.objective }.negated())
        if let generators { try s.metric("generator.loss", generators * -0.5) }
        try s.metric("discriminator.real", mean { (turn) throws(GanError) in try turn.judged.real("logits").sigmoid().mean() })
        try s.metric("discriminator.fake", mean { (turn) throws(GanError) in try turn.judged.fake("logits").sigmoid().mean() })
    }
}

extension [Field] {
    /// The [height, width, channels] of either kind of pictures.
    fileprivate func kinds() throws(GanError) -> (Shape, Shape) {
        func axes(_ name: String) -> Shape? {
            for field in self {
                if field.name == name, case .values(let axes) = field.kind, axes.count == 3, field.units == nil { return axes }
            }
            return nil
        }
        guard let source = axes(Field.source), let target = axes(Field.target) else {
            let found = first.map { ", and these are \($0.sentence) alone" } ?? ""
            throw GanError(
                .mismatch,
                "The recipe 'translation' learns from two data sets of pictures, one of each kind\(found): give a second one (together their fields are 'source' and 'target'), or a folder with the folders 'trainA' and 'trainB'.")
        }
        guard source[0] == target[0], source[1] == target[1] else {
            throw GanError(
                .mismatch,
                "The first data set's pictures have \(source[0])×\(source[1]) pixels (height × width) and the second's \(target[0])×\(target[1]), where both kinds need the same: set data.fit=crop, and data.height and data.width to the sides that all are to have.")
        }
        guard Swift.min(source[0], source[1]) >= 8 else {
            throw GanError(.mismatch, "The recipe 'translation' learns from pictures of 8×8 pixels or more; these have \(source[0])×\(source[1]).")
        }
        return (source, target)
    }
}
