// The recipe `next-frame`: Lotter, Kreiman & Cox, "Unsupervised learning of visual structure using predictive generative networks", 2015,
// 1511.06380. Of frames of a clip the generator says those that follow, near the true ones on average, and a discriminator that sees the past
// judges whether they may follow it: without it, what the past leaves open is blurred (section 3.2 of the paper).

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct NextFrame: Recipe {
    public static let name = "next-frame"
    public static let summary = "The frames that follow some frames of a film, learnt from clips."
    public static let paper =
        "Lotter, Kreiman & Cox, Unsupervised learning of visual structure using predictive generative networks, 2015, arxiv.org/abs/1511.06380"
    public static let options: [Option] = [
        .framesPast, .framesAhead, .framesMotion, Choices.memory.option, .memorySize, .sharpness, .pretraining,
    ]
    public static let defaults: [(Option, OptionValue)] =
        PictureSettings.defaults + [
            (Choices.dataItems.option, .choice(DatasetOptions.Items.clips.rawValue)),
            (.generatorChannels, .integer(16)), (.discriminatorChannels, .integer(16)), (.generatorLearningRate, .real(1e-3)),
            (.generatorBeta1, .real(0.9)), (.gradientClip, .real(1)),
            (Choices.generatorNorm.option, .choice(NormKind.none.rawValue)), (Choices.discriminatorNorm.option, .choice(NormKind.none.rawValue)),
            (.sharpness, .real(0.05)), (.averageDecay, .real(0.999)),
        ]

    /// [frames, height, width, channels] of the clips.
    private let clip: Shape
    private let past: Int
    private let ahead: Int
    private let sharpness: Float
    private let adversary: Cadence
    private let mirrors: Bool
    private let isLocal: Bool
    private let predictor: FramePredictor
    private let game: AdversarialGame
    private let generator: Network
    private let discriminator: Network

    /// What the discriminator is told.
    private static let told = "past"

    public static func suited(to data: DataOutline, _ options: OptionValues) -> Suited {
        var suited = Suited(.mlp)
        // What moves where is learnt to fractions of a pixel at the end, when steps are small.
        suited.choose(Choices.rateSchedule, .cosine)
        suited.choose(.rateSteps, .integer(10_000))
        return suited
    }

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let clip = try fields.clip(for: Self.name)
        let (past, ahead) = (options.integer(.framesPast), options.integer(.framesAhead))
        guard clip[0] >= past + ahead else {
            throw GanError(
                .mismatch,
                "The recipe 'next-frame' learns \(ahead) frames from the \(past) before them (frames.ahead, frames.past), and the clips have \(clip[0]): longer clips are needed, or set frames.past to \(max(1, clip[0] - ahead)) or less\(clip[0] <= ahead ? " and frames.ahead to 1" : "").")
        }
        let frame = Array(clip.dropFirst())
        guard min(frame[0], frame[1]) >= 4 else {
            throw GanError(.mismatch, "The recipe 'next-frame' learns from frames of 4×4 pixels or more; these have \(frame[0])×\(frame[1]).")
        }
        let norm = options[Choices.generatorNorm]
        isLocal = norm.isLocal
        mirrors = options.flag(.augmentMirror)
        sharpness = Float(options.real(.sharpness))
        adversary = .from(Int64(options.integer(.pretraining)))
        let predictor = FramePredictor(
            past: past, sides: [frame[0], frame[1]], colours: frame[2], channels: options.integer(.generatorChannels), memory: options[Choices.memory],
            memorySize: options.integer(.memorySize), motion: options.integer(.framesMotion), norm: norm,
            style: options.style(.generator, activation: .leakyRelu))
        let judge = PatchDiscriminator(
            channels: options.integer(.discriminatorChannels), sides: [frame[0], frame[1]], norm: options[Choices.discriminatorNorm],
            style: options.style(.discriminator, activation: .leakyRelu))
        let read = Port(Application.picture, [frame[0], frame[1], past * frame[2]])
        generator = Network("generator", inputs: [read]) { (inputs, scope) throws(GanError) in
            // In use one frame is made at a time, of which the next is made.
            ["images": try predictor(inputs(Application.picture), ahead: scope.purpose == .training ? ahead : 1, scope)]
        }
        let shown = [frame[0], frame[1], ahead * frame[2]]
        discriminator = Network("discriminator", inputs: [Port("images", shown), Port(Self.told, read.shape)]) { (inputs, scope) throws(GanError) in
            ["logits": try judge(Tensor.concatenate([inputs(Self.told), inputs("images")], axis: 3), scope)]
        }
        game = try PictureSettings.game(options, shown, discriminator, isTold: true, from: adversary)
        self.clip = clip
        self.past = past
        self.ahead = ahead
        self.predictor = predictor
    }

    public var networks: [Network] { sharpness > 0 ? [generator, discriminator] : [generator] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public static var possibleMetrics: [StepMetric] { AdversarialSettings.possibleMetrics + PictureSettings.metrics }
    public var metrics: [StepMetric] { (sharpness > 0 ? game.settings.metrics : []) + PictureSettings.metrics }

    /// One frame, and not a clip.
    public var drawn: Shape? { Array(clip.dropFirst()) }

    public var sampling: Sampling {
        Sampling(generator, [Sampling.Input(Application.picture, .picture(generator.inputs[0].shape, low: -1, high: 1))], output: "images")
    }

    public var application: Application? {
        Application(
            generator, output: "images", channels: (clip[3], clip[3]), multiple: predictor.multiple, reach: isLocal ? predictor.reach : nil,
            sides: predictor.reach == nil ? (clip[1], clip[2]) : nil, frames: past)
    }

    /// The last frames that are looked at, those that are said, and the true ones.
    public func preview(_ s: StepBuilder) throws(GanError) -> [Tensor] {
        guard [1, 3].contains(clip[3]) else { return [] }
        let all = try window(s)
        func frames(_ start: Int, _ count: Int, of stack: Tensor) throws(GanError) -> Tensor {
            try stack.slice(starts: [0, 0, 0, start * clip[3]], counts: [s.batch, clip[1], clip[2], count * clip[3]])
        }
        var row: [Tensor] = []
        for index in max(0, past - Self.shownFrames)..<past { row.append(try frames(index, 1, of: all)) }
        var seen = try frames(0, past, of: all)
        for _ in 0..<min(ahead, Self.shownFrames) {
            let next = try s.run(generator, [Application.picture: seen])("images")
            row.append(next)
            seen = past == 1 ? next : try Tensor.concatenate([frames(1, past - 1, of: seen), next], axis: 3)
        }
        for index in 0..<min(ahead, Self.shownFrames) { row.append(try frames(past + index, 1, of: all)) }
        return row
    }

    /// So many frames of each kind are in a row, at the most.
    private static let shownFrames = 3

    public func step(_ s: StepBuilder) throws(GanError) {
        let all = try mirrors ? s.mirrored(window(s)) : window(s)
        let (read, shown) = (past * clip[3], ahead * clip[3])
        let before = try all.slice(starts: [0, 0, 0, 0], counts: [s.batch, clip[1], clip[2], read])
        let truth = try all.slice(starts: [0, 0, 0, read], counts: [s.batch, clip[1], clip[2], shown])
        let made = try s.run(generator, [Application.picture: before])("images")
        // The adversarial loss weighs 1, so that gradients are of one size before and after the discriminator joins.
        let error = try Reconstruction.squared(made, truth) * (1 / max(sharpness, 1e-6))
        let moving = [(generator, game.settings.generatorOptimiser)]
        if sharpness > 0 && s.happens(adversary) {
            try game.step(
                s, real: truth, fake: made, told: [Self.told: before], moving: moving, generatorTerms: { (_) throws(GanError) in [error] })
        } else {
            try s.minimise(error, moving: moving, game.settings.generatorCadence, clip: game.settings.clip)
            if game.settings.averageDecay > 0 { try s.average(generator, decay: game.settings.averageDecay) }
        }
        try PictureSettings.report(made, truth, s)
    }

    /// So many frames one after the other, from anywhere in each clip of the batch, as channels: [batch, height, width, frames · channels].
    private func window(_ s: StepBuilder) throws(GanError) -> Tensor {
        let (frames, count, width) = (clip[0], past + ahead, clip[1] * clip[2] * clip[3])
        let clips = try s.data(Port(Field.clip, clip))
        let all = try Sizes.product(s.batch, frames, of: "the frames of a batch")
        // Places are whole numbers as floats.
        guard all <= 1 << 24 else {
            throw GanError(.outOfRange, "A batch of \(s.batch) clips of \(frames) frames is larger than can be counted; choose a smaller batch-size.")
        }
        let starts = try s.uniform([1]).whole(below: frames - count + 1) + s.graph.counting(s.batch).reshape([s.batch, 1]) * Float(frames)
        let places = try starts + s.graph.counting(count).reshape([1, count])
        return try clips.reshape([all, width]).gather(places.reshape([s.batch * count])).reshape([s.batch, count, clip[1], clip[2], clip[3]])
            .permute([0, 2, 3, 1, 4]).reshape([s.batch, clip[1], clip[2], count * clip[3]])
    }
}

extension [Field] {
    /// The [frames, height, width, channels] of the clips.
    /// - Throws: `.mismatch` where there are none.
    fileprivate func clip(for recipe: String) throws(GanError) -> Shape {
        for field in self {
            if field.name == Field.clip, case .values(let axes) = field.kind, axes.count == 4 { return axes }
        }
        let found = first.map { ": they are \($0.sentence)" } ?? ""
        throw GanError(
            .mismatch,
            "The recipe '\(recipe)' learns from clips, and the data have none\(found). Take a folder with a sub-folder of pictures for each clip, or an array [count, frames, height, width], and open it with data.items=clips.")
    }
}
