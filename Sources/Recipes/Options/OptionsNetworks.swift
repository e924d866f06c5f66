// From options to networks and optimisers: the one place that knows which option means what to their builders.

import Base
import Data
import Graph
import Networks
import Optimisers

/// The architectures of `preset`.
public enum Preset: String, CaseIterable, Sendable {
    case mlp
    case dcgan
}

/// The functions that an option names; the slope of leaky-relu is an option of its own.
public enum ActivationKind: String, CaseIterable, Sendable {
    case relu
    case leakyRelu = "leaky-relu"
    case sigmoid
    case tanh
    case linear

    func activation(slope: Float) -> Activation {
        switch self {
        case .relu: .relu
        case .leakyRelu: .leakyRelu(slope: slope)
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        case .linear: .linear
        }
    }
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

    /// The networks of `preset` for images [height, width, channels].
    func backbone(_ image: Shape) throws(GanError) -> any Backbone {
        let slope = Float(real(.leakySlope))
        let output = self[Choices.generatorOutput].activation
        func style(_ deviation: Option, _ kind: Choice<InitialisationKind>, _ activation: ActivationKind, spectral: Option) -> LayerStyle {
            let gain: Float = activation == .relu || activation == .leakyRelu ? 1.4142135 : 1
            let initialisation: Initialisation =
                switch self[kind] {
                case .normal: .normal(deviation: Float(real(deviation)))
                case .he: .he(gain: gain)
                case .glorot: .glorot
                case .orthogonal: .orthogonal(gain: 1)
                }
            return LayerStyle(initialisation, weight: flag(spectral) ? .spectral : .plain)
        }
        let (g, d) = (self[Choices.generatorActivation], self[Choices.discriminatorActivation])
        let generatorStyle = style(.generatorInitialDeviation, Choices.generatorInitialisation, g, spectral: .generatorSpectral)
        let discriminatorStyle = style(.discriminatorInitialDeviation, Choices.discriminatorInitialisation, d, spectral: .discriminatorSpectral)
        switch self[Choices.preset] {
        case .mlp:
            return MultilayerPerceptron(
                image: image,
                generator: .init(hidden: list(.generatorHidden), activation: g.activation(slope: slope), style: generatorStyle), output: output,
                discriminator: .init(hidden: list(.discriminatorHidden), activation: d.activation(slope: slope), style: discriminatorStyle))
        case .dcgan:
            return try DeepConvolutional(
                image: image,
                generator: .init(
                    channels: integer(.generatorChannels), activation: g.activation(slope: slope), style: generatorStyle,
                    norm: self[Choices.generatorNorm]),
                output: output,
                discriminator: .init(
                    channels: integer(.discriminatorChannels), activation: d.activation(slope: slope), style: discriminatorStyle,
                    norm: self[Choices.discriminatorNorm]))
        }
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
