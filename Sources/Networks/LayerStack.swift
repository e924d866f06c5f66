// The network `layers`: both networks as a list of layers that was given as text (`LayerText`).

import Base
import Graph

public struct LayerStack: Backbone {
    public struct Side: Sendable {
        public let layers: [TextLayer]
        /// The option that holds the text, for sentences.
        public let option: String
        public let style: LayerStyle
        /// The slope of leaky-relu.
        public let slope: Float
        /// The function inside of residual blocks.
        public let activation: Activation

        public init(_ text: String, option: String, style: LayerStyle, slope: Float, activation: Activation) throws(GanError) {
            guard !text.isEmpty else {
                throw GanError(
                    .outOfRange,
                    "The network 'layers' needs the option '\(option)', and it is empty. Set it, for example to \(option == "generator.layers" ? "'dense 256, relu, dense 784, sigmoid' for pictures of 28×28×1" : "'dense 256, leaky-relu'").")
            }
            layers = try LayerText.layers(text)
            self.option = option
            self.style = style
            self.slope = slope
            self.activation = activation
        }

        func refusal(_ layer: TextLayer, _ why: String) -> GanError {
            GanError(.outOfRange, "In the option '\(option)', at character \(layer.position), '\(layer.text)': \(why).")
        }
    }

    public let image: Shape
    public let generator: Side
    public let discriminator: Side
    /// The generator's last function, where its text ends without one.
    private let output: Activation?
    /// The function that pixels come out of.
    private let pixels: Activation

    /// - Parameters:
    ///   - image: [spatial…, channels].
    ///   - latent: How many numbers the generator is given.
    ///   - output: The generator's last function, where its text ends without one.
    /// - Throws: `.outOfRange` for layers that do not fit each other or the picture.
    public init(image: Shape, latent: Int, generator: Side, output: Activation, discriminator: Side) throws(GanError) {
        self.image = image
        self.generator = generator
        if case .activation(let kind)? = generator.layers.last?.kind {
            (self.output, pixels) = (nil, kind.activation(slope: generator.slope))
        } else {
            (self.output, pixels) = (output, output)
        }
        // Behind the last layer there is one that makes a logit: who wrote it down means that one.
        var judge = discriminator.layers
        if judge.last?.kind == .dense(outputs: 1) { judge.removeLast() }
        self.discriminator = Side(judge, like: discriminator)

        // Sizes that do not fit are found here, not when a graph is made.
        var shape = [latent]
        for layer in generator.layers { shape = try Self.shape(behind: layer, shape, generator) }
        try Self.check(shape, makes: image, generator)
        shape = image
        for layer in self.discriminator.layers { shape = try Self.shape(behind: layer, shape, discriminator) }
    }

    public var pixelRange: (low: Float, high: Float) { pixels == .sigmoid ? (0, 1) : (-1, 1) }
    public var judgesImagesApart: Bool {
        !discriminator.layers.contains { layer in
            if case .norm(let kind) = layer.kind { return kind.mixesItems }
            return false
        }
    }

    public func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let input = try condition.vector.map { (vector) throws(GanError) in try Tensor.concatenate([latents, vector], axis: 1) } ?? latents
        let x = try Self.run(generator, input, condition, keepsStatistics: true, scope)
        try Self.check(Array(x.shape.dropFirst()), makes: image, generator)
        let pictures = try x.reshape([x.shape[0]] + image)
        return try output?(pictures) ?? pictures
    }

    public func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        var x = images
        // What both networks are told stands beside the pixels: once where these are a row of numbers, else at each of them.
        switch discriminator.layers.first?.kind {
        case .dense?, .flatten?, nil:
            x = try Self.flat(x)
            if let vector = condition.vector { x = try Tensor.concatenate([x, vector], axis: 1) }
        default: x = try condition.asMaps(beside: images)
        }
        return try Self.flat(Self.run(discriminator, x, condition, keepsStatistics: false, scope))
    }

    public func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor {
        try Layers.dense(features, outputs: outputs, discriminator.style.scaled(1), scope[name ?? "\(discriminator.layers.count)"])
    }

    private static func flat(_ x: Tensor) throws(GanError) -> Tensor { try x.reshape([x.shape[0], x.elementCount / x.shape[0]]) }
}

extension LayerStack.Side {
    fileprivate init(_ layers: [TextLayer], like other: LayerStack.Side) {
        (self.layers, option, style, slope, activation) = (layers, other.option, other.style, other.slope, other.activation)
    }
}

// MARK: Sizes

extension LayerStack {
    private static func words(_ shape: Shape) -> String {
        shape.count == 1 ? "\(shape[0]) numbers" : shape.map { "\($0)" }.joined(separator: "×")
    }

    private static func check(_ shape: Shape, makes image: Shape, _ side: Side) throws(GanError) {
        let (made, wanted) = (try Sizes.product(shape, of: "a layer"), try Sizes.product(image, of: "an image"))
        if made == wanted && (shape.count == 1 || shape == image) { return }
        // What is wrong is the last layer that says how much there is.
        guard let last = side.layers.last(where: { !$0.kind.keepsShape }) ?? side.layers.last else { return }
        throw side.refusal(last, "the generator makes \(words(shape)), and an image is \(words(image)), which is \(wanted) numbers")
    }

    /// The shape of an item behind a layer, given that in front of it.
    private static func shape(behind layer: TextLayer, _ shape: Shape, _ side: Side) throws(GanError) -> Shape {
        let spatial = Array(shape.dropLast())
        let channels = shape[shape.count - 1]
        func needsMaps() throws(GanError) {
            guard shape.count >= 2 else {
                throw side.refusal(layer, "it works on maps, such as height × width × channels, and is given \(words(shape)); put 'reshape HEIGHT WIDTH CHANNELS' before it")
            }
        }
        func grown(_ factor: Int) throws(GanError) -> Shape {
            var sides: Shape = []
            for length in spatial { sides.append(try Sizes.product(length, factor, of: "a layer")) }
            return sides
        }
        func shrunk(_ factor: Int) throws(GanError) -> Shape {
            for length in spatial where length % factor != 0 {
                throw side.refusal(layer, "it divides sides by \(factor), and is given \(words(shape)), of which \(length) cannot be divided so")
            }
            return spatial.map { $0 / factor }
        }
        func check(window: Int, stride: Int) throws(GanError) {
            guard window >= stride else { throw side.refusal(layer, "the window of \(window) passes over pixels at a stride of \(stride); make it at least as large") }
        }
        let result: Shape
        switch layer.kind {
        case .dense(let outputs): result = [outputs]
        case .convolution(let outputs, let window, let stride):
            try needsMaps()
            try check(window: window, stride: stride)
            result = try shrunk(stride) + [outputs]
        case .transposedConvolution(let outputs, let window, let stride):
            try needsMaps()
            try check(window: window, stride: stride)
            result = try grown(stride) + [outputs]
        case .upsample(let factor, _):
            try needsMaps()
            result = try grown(factor) + [channels]
        case .shuffle(let factor):
            try needsMaps()
            let group = try Sizes.product(spatial.map { _ in factor }, of: "a layer")
            guard channels % group == 0 else {
                throw side.refusal(layer, "it makes pixels of every \(group) channels, and is given \(words(shape)), of which \(channels) cannot be divided so")
            }
            result = try grown(factor) + [channels / group]
        case .average(let factor):
            try needsMaps()
            result = try shrunk(factor) + [channels]
        case .sum:
            try needsMaps()
            result = [channels]
        case .reshape(let wanted):
            let (made, there) = (try Sizes.product(wanted, of: "a layer"), try Sizes.product(shape, of: "a layer"))
            guard made == there else { throw side.refusal(layer, "that is \(made) numbers, and it is given \(words(shape))\(shape.count == 1 ? "" : ", which is \(there)")") }
            result = wanted
        case .flatten: result = [try Sizes.product(shape, of: "a layer")]
        case .residual, .attention:
            try needsMaps()
            result = shape
        case .norm, .activation, .dropout: result = shape
        }
        // No layer of a network that can be trained is larger; a tensor of a whole batch of them is still counted without overflow.
        guard try Sizes.product(result, of: "a layer") <= 1 << 31 else { throw side.refusal(layer, "it makes \(words(result)), which is too much") }
        return result
    }
}

// MARK: Layers

extension LayerStack {
    private static func run(_ side: Side, _ input: Tensor, _ condition: Condition, keepsStatistics: Bool, _ scope: Scope) throws(GanError) -> Tensor {
        let style = side.style.scaled(side.activation.gain)
        func norm(_ kind: NormKind) -> Norm { kind.norm(deviation: style.deviation, keepsStatistics: keepsStatistics, condition) }
        var x = input
        var index = 0
        while index < side.layers.count {
            let layer = side.layers[index]
            let place = scope[index]
            // With a condition there are more channels than the text can know.
            _ = try shape(behind: layer, Array(x.shape.dropFirst()), side)
            // A norm behind a linear layer is that layer's, which then needs no bias.
            var behind = Norm.bias
            if layer.kind.isLinear, index + 1 < side.layers.count, case .norm(let kind) = side.layers[index + 1].kind {
                behind = norm(kind)
                index += 1
            }
            switch layer.kind {
            case .dense(let outputs): x = try Layers.dense(flat(x), outputs: outputs, norm: behind, style, place)
            case .convolution(let outputs, let window, let stride):
                x = try Layers.convolution(x, outputs: outputs, window: window, stride: stride, norm: behind, style, place)
            case .transposedConvolution(let outputs, let window, let stride):
                x = try Layers.transposedConvolution(x, outputs: outputs, window: window, stride: stride, norm: behind, style, place)
            case .residual:
                x = try ResidualBlock(activation: side.activation, style: style, norm: .bias, upsampling: .nearest).plain(x, place)
            case .upsample(let factor, let interpolates): x = try interpolates ? x.interpolatedPixels() : x.repeatedPixels(factor)
            case .shuffle(let factor): x = try x.shuffledPixels(factor)
            case .average(let factor): x = try x.averagedPixels(factor)
            case .sum: x = try x.sum(axes: Array(1..<x.rank - 1)).reshape([x.shape[0], x.shape[x.rank - 1]])
            case .reshape(let shape): x = try x.reshape([x.shape[0]] + shape)
            case .flatten: x = try flat(x)
            case .norm(let kind): x = try norm(kind).apply(to: x, place)
            case .activation(let kind): x = try kind.activation(slope: side.slope)(x)
            case .dropout(let share): x = try Dropout.apply(x, share: share, place)
            case .attention: x = try Attention.apply(x, style.scaled(1), place)
            }
            index += 1
        }
        return x
    }
}

extension TextLayer.Kind {
    fileprivate var keepsShape: Bool {
        switch self {
        case .norm, .activation, .dropout, .attention, .residual: true
        default: false
        }
    }

    fileprivate var isLinear: Bool {
        switch self {
        case .dense, .convolution, .transposedConvolution: true
        default: false
        }
    }
}
