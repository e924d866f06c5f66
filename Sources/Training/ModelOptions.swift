// From options to a model: the one place that knows which option means what to the builders.

import Base
import Data
import Models

extension OptionValues {
    /// The image size that the options name, with 0 meaning the dataset's; a contradiction is an error.
    mutating func resolveImage(_ shape: ImageShape) throws(GanError) {
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

    var imageShape: ImageShape {
        get throws(GanError) {
            try ImageShape(height: integer(.imageHeight), width: integer(.imageWidth), channels: integer(.imageChannels))
        }
    }

    var architecture: any Architecture {
        get throws(GanError) {
            let slope = Float(real(.leakySlope))
            func nonlinearity(_ option: Option) -> Nonlinearity {
                switch choice(option) {
                case "relu": .relu
                case "leaky-relu": .leakyRelu(slope: slope)
                case "sigmoid": .sigmoid
                case "tanh": .tanh
                default: .linear
                }
            }
            if choice(.preset) == "dcgan" {
                let image = try imageShape
                return try DeepConvolutional(
                    latentSize: integer(.latentSize), height: image.height, width: image.width, imageChannels: image.channels,
                    generatorChannels: integer(.generatorChannels), discriminatorChannels: integer(.discriminatorChannels),
                    generatorDeviation: Float(real(.generatorInitialDeviation)),
                    discriminatorDeviation: Float(real(.discriminatorInitialDeviation)),
                    generatorActivation: nonlinearity(.generatorActivation),
                    discriminatorActivation: nonlinearity(.discriminatorActivation), output: nonlinearity(.generatorOutput))
            }
            return MultilayerPerceptron(
                latentSize: integer(.latentSize), pixelCount: try imageShape.elements,
                generator: .init(
                    hidden: list(.generatorHidden), activation: nonlinearity(.generatorActivation),
                    deviation: Float(real(.generatorInitialDeviation))),
                output: nonlinearity(.generatorOutput),
                discriminator: .init(
                    hidden: list(.discriminatorHidden), activation: nonlinearity(.discriminatorActivation),
                    deviation: Float(real(.discriminatorInitialDeviation))))
        }
    }

    var adversarialLoss: AdversarialLoss { AdversarialLoss(rawValue: choice(.loss)) ?? .nonSaturating }
    var latentDistribution: LatentDistribution { LatentDistribution(rawValue: choice(.latentDistribution)) ?? .normal }

    var generatorAdam: Adam {
        Adam(
            network: "generator",
            constants: .init(
                rate: real(.generatorLearningRate), beta1: real(.generatorBeta1), beta2: real(.generatorBeta2),
                epsilon: real(.generatorEpsilon)))
    }

    var discriminatorAdam: Adam {
        Adam(
            network: "discriminator",
            constants: .init(
                rate: real(.discriminatorLearningRate), beta1: real(.discriminatorBeta1), beta2: real(.discriminatorBeta2),
                epsilon: real(.discriminatorEpsilon)))
    }
}
