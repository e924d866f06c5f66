// From options to networks and optimisers: the one place that knows which option means what to their builders.

import Base
import Data
import Graph
import Networks
import Optimisers

/// The values of `preset`.
public enum Preset: String, CaseIterable, Sendable {
    case mlp
    case dcgan
    case resnet
    /// One of the others, with options that suit the data (`OptionsAutomatic.swift`).
    case auto

    /// The networks that it stands for, for ever: a checkpoint names them only where others were chosen.
    public var network: NetworkKind {
        switch self {
        // A new training has chosen one of the others by the time that it asks.
        case .mlp, .auto: .mlp
        case .dcgan: .dcgan
        case .resnet: .resnet
        }
    }
}

/// The values of `network`: backbones of the room Networks.
public enum NetworkKind: String, CaseIterable, Sendable {
    case mlp
    case dcgan
    case resnet
    case layers
}

/// The functions that make pixels.
public enum OutputKind: String, CaseIterable, Sendable {
    case sigmoid
    case tanh
    case linear

    var activation: Activation {
        switch self {
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        case .linear: .linear
        }
    }
}

public enum InitialisationKind: String, CaseIterable, Sendable {
    case normal
    case he
    case glorot
    case orthogonal
}

public enum OptimiserKind: String, CaseIterable, Sendable {
    case adam
    case adamw
    case rmsprop
    case sgd
}

/// The two sides that have options of the same names.
enum Side {
    case generator
    case discriminator
}

extension OptionValues {
    /// The image size that the options name, with 0 meaning the dataset's; a contradiction is an error.
    public mutating func resolveImage(_ shape: ImageShape) throws(GanError) {
        for (option, actual) in [(Option.imageHeight, shape.height), (.imageWidth, shape.width), (.imageChannels, shape.channels)] {
            let wanted = integer(option)
            if wanted != 0 && wanted != actual {
                throw GanError(
                    .mismatch,
                    "The option \(option.name) is \(wanted), but the dataset's images are \(shape) (height × width × channels).")
            }
            try set(option, integer: actual)
        }
    }

    public var imageShape: ImageShape {
        get throws(GanError) {
            try ImageShape(height: integer(.imageHeight), width: integer(.imageWidth), channels: integer(.imageChannels))
        }
    }

    /// How a side's weights begin and are normalised, before the activation.
    func style(_ side: Side, activation: ActivationKind) -> LayerStyle {
        let isGenerator = side == .generator
        let gain: Float = activation == .relu || activation == .leakyRelu ? 1.4142135 : 1
        let initialisation: Initialisation =
            switch self[isGenerator ? Choices.generatorInitialisation : Choices.discriminatorInitialisation] {
            case .normal: .normal(deviation: Float(real(isGenerator ? .generatorInitialDeviation : .discriminatorInitialDeviation)))
            case .he: .he(gain: gain)
            case .glorot: .glorot
            case .orthogonal: .orthogonal(gain: 1)
            }
        return LayerStyle(initialisation, weight: flag(isGenerator ? .generatorSpectral : .discriminatorSpectral) ? .spectral : .plain)
    }

    /// The networks of the option `network` for images [height, width, channels].
    private func networks(_ image: Shape) throws(GanError) -> any Backbone {
        let slope = Float(real(.leakySlope))
        let output = self[Choices.generatorOutput].activation
        let (g, d) = (self[Choices.generatorActivation], self[Choices.discriminatorActivation])
        let (generatorStyle, discriminatorStyle) = (style(.generator, activation: g), style(.discriminator, activation: d))
        let (levels, attention) = (integer(.levels), integer(.attentionSide))
        switch self[Choices.network] {
        case .mlp:
            return MultilayerPerceptron(
                image: image,
                generator: .init(hidden: list(.generatorHidden), activation: g.activation(slope: slope), style: generatorStyle), output: output,
                discriminator: .init(hidden: list(.discriminatorHidden), activation: d.activation(slope: slope), style: discriminatorStyle))
        case .dcgan:
            return try DeepConvolutional(
                image: image, generator: convolutional(.generator), output: output,
                discriminator: convolutional(.discriminator), levels: levels, attentionSide: attention)
        case .resnet:
            return try Residual(
                image: image, self[Choices.residual], generator: convolutional(.generator), output: output,
                discriminator: convolutional(.discriminator), levels: levels, attentionSide: attention)
        case .layers:
            func side(_ option: Option, _ style: LayerStyle, _ activation: ActivationKind) throws(GanError) -> LayerStack.Side {
                try .init(words(option), option: option.name, style: style, slope: slope, activation: activation.activation(slope: slope))
            }
            return try LayerStack(
                image: image, latent: integer(.latentSize), generator: side(.generatorLayers, generatorStyle, g), output: output,
                discriminator: side(.discriminatorLayers, discriminatorStyle, d))
        }
    }

    /// Networks of volumes [depth, height, width, channels]: the layers of `dcgan` with windows of one axis more (Wu et al. 1610.07584,
    /// appendix A).
    func volumeNetworks(_ volume: Shape, output: Activation) throws(GanError) -> DeepConvolutional {
        try DeepConvolutional(
            image: volume, generator: convolutional(.generator), output: output, discriminator: convolutional(.discriminator), levels: integer(.levels))
    }

    /// The networks of the option `network`, with the latents that the options ask for.
    func backbone(_ image: Shape) throws(GanError) -> any Backbone {
        try withDiscreteLatents(networks(image))
    }

    func withDiscreteLatents(_ networks: any Backbone) throws(GanError) -> any Backbone {
        let (discrete, latent) = (integer(.latentDiscrete), integer(.latentSize))
        guard discrete <= latent else {
            throw GanError(.outOfRange, "The option latent.discrete is \(discrete), and a latent has \(latent) numbers (latent.size).")
        }
        return discrete > 0 ? DiscreteLatents(networks, count: discrete) : networks
    }

    /// A side as the options of its name describe it.
    func convolutional(_ side: Side) -> ConvolutionalSide {
        let isGenerator = side == .generator
        let activation = self[isGenerator ? Choices.generatorActivation : Choices.discriminatorActivation]
        var result = ConvolutionalSide(
            channels: integer(isGenerator ? .generatorChannels : .discriminatorChannels),
            activation: activation.activation(slope: Float(real(.leakySlope))), style: style(side, activation: activation),
            norm: self[isGenerator ? Choices.generatorNorm : Choices.discriminatorNorm])
        result.limit = integer(isGenerator ? .generatorChannelsLimit : .discriminatorChannelsLimit)
        result.blocks = integer(isGenerator ? .generatorBlocks : .discriminatorBlocks)
        result.upsampling = self[Choices.generatorUpsampling]
        return result
    }

    func optimiser(_ side: Side) -> any Optimiser {
        let isGenerator = side == .generator
        let rate = real(isGenerator ? .generatorLearningRate : .discriminatorLearningRate)
        let schedule = RateSchedule(
            self[Choices.rateSchedule], warmUp: Int64(integer(.rateWarmUp)), end: Int64(integer(.rateSteps)))
        let epsilon = real(isGenerator ? .generatorEpsilon : .discriminatorEpsilon)
        let beta1 = real(isGenerator ? .generatorBeta1 : .discriminatorBeta1)
        let beta2 = real(isGenerator ? .generatorBeta2 : .discriminatorBeta2)
        switch self[isGenerator ? Choices.generatorOptimiser : Choices.discriminatorOptimiser] {
        case .adam: return Adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, schedule: schedule)
        case .adamw: return Adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: real(.weightDecay), schedule: schedule)
        case .rmsprop: return RMSProp(rate: rate, smoothing: beta2, epsilon: epsilon, schedule: schedule)
        case .sgd: return GradientDescent(rate: rate, momentum: beta1, schedule: schedule)
        }
    }
}
