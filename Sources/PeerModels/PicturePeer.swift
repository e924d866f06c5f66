// Two models that make pictures of pictures, with exactly the layers of which other frameworks' figures are known: the networks of Isola
// et al. 1611.07004 and of Ledig et al. 1609.04802, at 64 × 64 pixels and few channels.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers
import Recipes

public struct PicturePeer: Recipe {
    public static let name = "peer of pictures"
    public static let summary = "What other frameworks' figures are of."
    public static let paper = ""
    public static let options: [Option] = []

    public enum Kind: String, CaseIterable, Sendable {
        case pix2pix
        case srgan
    }

    public let kind: Kind
    private static let side = 64
    private static let image: Shape = [side, side, 3]
    /// [height, width, channels] of what pictures are made of.
    private let given: Shape
    private let generator: Network
    private let discriminator: Network
    /// In whose maps srgan's pictures are compared.
    private let features: Network

    public init(_ kind: Kind) {
        self.kind = kind
        let given = kind == .pix2pix ? Self.image : [16, 16, 3]
        self.given = given
        generator = Network("generator", inputs: [Port("given", given)]) { (inputs, scope) throws(GanError) in
            ["images": try kind == .pix2pix ? Self.translate(inputs("given"), scope) : Self.resolve(inputs("given"), scope)]
        }
        discriminator = Network("discriminator", inputs: [Port("images", [Self.side, Self.side, kind == .pix2pix ? 6 : 3])]) {
            (inputs, scope) throws(GanError) in
            ["logits": try kind == .pix2pix ? Self.judgePatches(inputs("images"), scope) : Self.judge(inputs("images"), scope)]
        }
        features = Network("features", inputs: [Port("images", Self.image)], isFixed: true) { (inputs, scope) throws(GanError) in
            var x = try inputs("images")
            for (layer, (outputs, stride)) in [(32, 1), (64, 2), (64, 1)].enumerated() {
                x = try Self.convolution(x, outputs, stride: stride, norm: .nothing, Self.he, scope["c\(layer + 1)"]).maximum(0)
            }
            return ["maps": x]
        }
    }

    /// No option and no data decide anything.
    public init(_ options: OptionValues, fields: [Field]) throws(GanError) { self.init(.pix2pix) }

    public var networks: [Network] { [generator, discriminator] + (kind == .srgan ? [features] : []) }
    public static let possibleMetrics = [StepMetric("discriminator.loss", "Minimised."), StepMetric("generator.loss", "Minimised.")]
    public var metrics: [StepMetric] { Self.possibleMetrics }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public var sampling: Sampling { Sampling(generator, [.init("given", .picture(given, low: -1, high: 1))], output: "images") }

    private var optimiser: Adam {
        kind == .pix2pix
            ? Adam(rate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8) : Adam(rate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let read = try s.data(Port(Field.source, given))
        let truth = try s.data(Port(Field.target, Self.image))
        let made = try s.run(generator, ["given": read])("images")
        func judge(_ pictures: Tensor) throws(GanError) -> Tensor {
            let shown = try kind == .pix2pix ? Tensor.concatenate([read, pictures], axis: 3) : pictures
            return try s.run(discriminator, ["images": shown])("logits")
        }
        let loss = AdversarialLoss.nonSaturating
        let judged: (real: Tensor, fake: Tensor)
        if kind == .pix2pix {
            // Batch normalisation: real and made pictures go apart.
            judged = (try judge(truth), try judge(made))
        } else {
            let both = try judge(Tensor.concatenate([truth, made], axis: 0))
            judged = (try both.slice(starts: [0, 0], counts: [s.batch, 1]), try both.slice(starts: [s.batch, 0], counts: [s.batch, 1]))
        }
        let discriminatorLoss = try loss.discriminator(real: judged.real, fake: judged.fake)
        try s.minimise(discriminatorLoss, moving: [(discriminator, optimiser)])
        let adversarial = try loss.generator(real: judged.real, fake: judge(made))
        let generatorLoss: Tensor
        if kind == .pix2pix {
            generatorLoss = try adversarial + Reconstruction.absolute(made, truth) * 100
        } else {
            let maps = (made: try s.run(features, ["images": made])("maps"), truth: try s.run(features, ["images": truth])("maps"))
            generatorLoss = try Reconstruction.squared(maps.made, maps.truth) + adversarial * 1e-3
        }
        try s.minimise(generatorLoss, moving: [(generator, optimiser)])
        try s.metric("discriminator.loss", discriminatorLoss)
        try s.metric("generator.loss", generatorLoss)
    }

    // MARK: Layers

    private static let small = LayerStyle(.normal(deviation: 0.02))
    private static let he = LayerStyle(.he(gain: 1.4142135))
    private static var batchNorm: Norm { .batch(BatchNorm(deviation: 0.02, keepsStatistics: true)) }
    private static let leaky = Activation.leakyRelu(slope: 0.2)

    /// Windows of 3 × 3 unless said otherwise, with zeros around that keep the sides.
    private static func convolution(
        _ x: Tensor, _ outputs: Int, window: Int = 3, stride: Int = 1, norm: Norm = .bias, _ style: LayerStyle, _ scope: Scope
    ) throws(GanError) -> Tensor {
        try Layers.convolution(x, outputs: outputs, window: window, stride: stride, padding: window / 2, norm: norm, style, scope)
    }

    // MARK: pix2pix

    private static func translate(_ picture: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let widths = [32, 64, 128, 256, 256]
        var halved: [Tensor] = []
        var x = picture
        for (level, width) in widths.enumerated() {
            x = try leaky(Layers.convolution(x, outputs: width, norm: level == 0 ? .bias : batchNorm, small, scope["e\(level + 1)"]))
            halved.append(x)
        }
        for (level, width) in [256, 128, 64, 32].enumerated() {
            x = try Layers.transposedConvolution(x, outputs: width, norm: batchNorm, small, scope["d\(level + 1)"]).maximum(0)
            x = try Tensor.concatenate([x, halved[3 - level]], axis: 3)
        }
        return try Layers.transposedConvolution(x, outputs: 3, small, scope["d5"]).tanh()
    }

    private static func judgePatches(_ both: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var x = try leaky(Layers.convolution(both, outputs: 32, small, scope["c1"]))
        for (layer, width) in [64, 128].enumerated() { x = try leaky(Layers.convolution(x, outputs: width, norm: batchNorm, small, scope["c\(layer + 2)"])) }
        let logits = try Layers.convolution(x, outputs: 1, window: 4, stride: 1, padding: 1, small, scope["c4"])
        return try logits.reshape([logits.shape[0], logits.elementCount / logits.shape[0]])
    }

    // MARK: srgan

    private static func resolve(_ picture: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var x = try convolution(picture, 32, window: 9, he, scope["in"]).maximum(0)
        for block in 0..<4 {
            let inner = try convolution(x, 32, norm: batchNorm, he, scope["r\(block)a"]).maximum(0)
            x = try x + convolution(inner, 32, norm: batchNorm, he, scope["r\(block)b"])
        }
        for layer in ["p1", "p2"] { x = try convolution(x, 128, he, scope[layer]).shuffledPixels(2).maximum(0) }
        return try convolution(x, 3, window: 9, LayerStyle(.he(gain: 0.5)), scope["out"]).tanh()
    }

    private static func judge(_ pictures: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var x = pictures
        for (layer, width) in [32, 32, 64, 64, 128, 128].enumerated() {
            x = try leaky(convolution(x, width, stride: 1 + layer % 2, he, scope["c\(layer + 1)"]))
        }
        let vector = try leaky(Layers.dense(x.reshape([x.shape[0], x.elementCount / x.shape[0]]), outputs: 256, he, scope["f1"]))
        return try Layers.dense(vector, outputs: 1, LayerStyle(.he(gain: 1)), scope["f2"])
    }
}
