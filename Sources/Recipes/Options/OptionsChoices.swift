// The options whose choices are cases of a type, beside the others in `OptionsTable.swift`.

import Data
import Networks
import Objectives
import Optimisers

public enum Choices {
    public static let preset = Choice(
        "preset", default: Preset.mlp, .model, isOriginal: true,
        "The architecture of both networks, and defaults that suit it: mlp is fully connected layers, dcgan convolutions (batch-size 64, latent.size 100, generator.output tanh, discriminator.activation leaky-relu, initial deviations 0.02, beta1 0.5), resnet residual networks that are trained with the relativistic loss, R1 and R2; auto chooses what suits the data, and of other options those that are not set.")
    public static let network = Choice(
        "network", default: NetworkKind.mlp, .model,
        "What both networks are made of, where it is not the preset's: mlp, dcgan, resnet, or layers, the lists in generator.layers and discriminator.layers.")
    public static let residual = Choice(
        "residual", default: ResidualKind.r3gan, .model,
        "For the network resnet, whose residual blocks it has: r3gan's, which need no norm, or sngan's, with norm and activation in front of each convolution.",
        when: [.init(option: "network", value: NetworkKind.resnet.rawValue)])
    public static let generatorUpsampling = Choice(
        "generator.upsampling", default: Upsampling.transposed, .model,
        "How the generator doubles sides: a transposed convolution, nearest or bilinear and then a convolution, or shuffle, a convolution whose channels become pixels.",
        when: isConvolutional + makesVolumes)
    /// The recipes that have convolutional networks of their own.
    static let makesPicturesOfPictures: [Option.Condition] = ["image-to-image", "super-resolution", "inpainting", "next-frame", "translation", "tags"].map {
        .init(option: "recipe", value: $0)
    }
    /// Those whose networks are convolutional in three dimensions.
    static let makesVolumes: [Option.Condition] = ["volume", "view-to-volume"].map { .init(option: "recipe", value: $0) }
    static let isConvolutional: [Option.Condition] = [
        .init(option: "network", value: NetworkKind.dcgan.rawValue), .init(option: "network", value: NetworkKind.resnet.rawValue),
    ]
    public static let loss = Choice(
        "loss", default: AdversarialLoss.nonSaturating, .model, isOriginal: true,
        "What the networks play for. The generator maximises log D(G(z)) (non-saturating) or -log(1 - D(G(z))) (minimax); the others are those of LSGAN, of SNGAN (hinge), of WGAN, and of the relativistic GANs, paired or against the average.")
    public static let latentDistribution = Choice(
        "latent.distribution", default: LatentDistribution.normal, .model, isOriginal: true,
        "How latents are distributed: normal (mean 0, deviation 1) or uniform (from -1 to 1).")
    public static let condition = Choice(
        "condition", default: ConditionKind.none, .model, "What both networks are told of each image: nothing, its label, or its tags.")
    public static let conditioning = Choice(
        "conditioning", default: Conditioning.auxiliary, .model,
        "How they are told: concatenate (a number a class or tag beside the input), embed (numbers learnt for each), projection (the discriminator's features times a vector of the class, or the sum of the tags'), or auxiliary (the discriminator also names the class, or the tags).")

    public static let dataItems = Choice(
        "data.items", default: DatasetOptions.Items.pictures, .machine,
        "What the data are made of: pictures; clips, which are sub-folders of pictures in the order of their names' numbers, or arrays [count, frames, height, width]; volumes, which are arrays [count, depth, height, width] or a binvox or NPY file each; or views, a folder of views and one of volumes with equal names, or two arrays.")
    public static let dataPairs = Choice(
        "data.pairs", default: DatasetOptions.Pairs.none, .machine,
        "Whether each picture of a folder is two: side-by-side makes its left half the source and its right half the target.")

    public static let augment = Choice(
        "augment", default: AugmentationKind.none, .model,
        "What is changed at random in whatever the discriminator sees, for small data (Zhao et al. 2020): brightness, saturation and contrast (colour), where it lies (translation), a hole in it (cutout). Penalties are on the slope by what the discriminator sees.")
    public static let textEncoder = Choice(
        "text.encoder", default: TextEncoderKind.recurrent, .model,
        "What reads texts, character by character: convolutions and behind them a recurrent layer, convolutions alone, or a small transformer.")
    public static let source = Choice(
        "source", default: SourceKind.pairs, .model,
        "What image-to-image begins with: pairs (the data's sources), or what is made of the pictures themselves: their grey, their edges, a blurred version, or one of few colours.")
    public static let shrinking = Choice(
        "shrinking", default: Shrinking.bicubic, .model,
        "How super-resolution makes small pictures of large ones: bicubic (cubic convolution, widened against aliasing) or area (means).")
    public static let content = Choice(
        "content", default: ContentKind.pixels, .model,
        "In what super-resolution's pictures are to be near the truth beside the discriminator's opinion: pixels alone, or also the maps of a network of random weights (random), or of a classifier, whose file content.classifier names.")
    public static let hole = Choice(
        "hole", default: HoleKind.mixed, .model,
        "What inpainting cuts out of pictures to learn: a box in the centre, boxes anywhere, strokes, or mixed (boxes and strokes).")
    public static let translator = Choice(
        "translator", default: TranslatorKind.residual, .model,
        "What translation's generators are: residual (generator.blocks blocks at a quarter of the sides; what they make is added to the picture) or unet (sides are halved as often as can be, with skips).")

    public static let generatorOutput = Choice(
        "generator.output", default: OutputKind.sigmoid, .model, isOriginal: true,
        "The function that makes pixels: sigmoid (0 to 1), tanh (-1 to 1) or linear (read as -1 to 1).")
    public static let generatorActivation = activation("generator")
    public static let discriminatorActivation = activation("discriminator")
    public static let generatorNorm = norm("generator")
    public static let discriminatorNorm = norm("discriminator")
    public static let generatorInitialisation = initialisation("generator")
    public static let discriminatorInitialisation = initialisation("discriminator")
    public static let generatorOptimiser = optimiser("generator")
    public static let discriminatorOptimiser = optimiser("discriminator")
    public static let rateSchedule = Choice(
        "rate.schedule", default: RateSchedule.Shape.constant, .schedule, "How learning rates go on: constant, or down to 0 at rate.steps.")

    private static func activation(_ network: String) -> Choice<ActivationKind> {
        Choice(
            "\(network).activation", default: .relu, .model, isOriginal: true,
            "The function behind each of the \(network)'s hidden layers.")
    }

    private static func norm(_ network: String) -> Choice<NormKind> {
        Choice(
            "\(network).norm", default: .batch, .model, "For the networks dcgan and resnet, what normalises the \(network)'s layers.",
            when: isConvolutional + makesPicturesOfPictures + makesVolumes)
    }

    private static func initialisation(_ network: String) -> Choice<InitialisationKind> {
        Choice(
            "\(network).initialisation", default: .normal, .model,
            "How the \(network)'s weights begin: normal (of \(network).initial-deviation), or by the size of the layer.")
    }

    private static func optimiser(_ network: String) -> Choice<OptimiserKind> {
        Choice(
            "\(network).optimiser", default: .adam, .schedule,
            "What moves the \(network)'s parameters. rmsprop keeps beta2 of its mean, sgd has beta1 as its momentum.")
    }
}
