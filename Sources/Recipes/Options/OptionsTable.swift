import Base
import Networks

// Every option of the library, in the order in which manuals and `gan_option_name` list them. The command-line flags,
// the checks, the sentences and the checkpoints are all made from these lines; there is no second list.

extension Option {
    // MARK: The model

    public static let recipe = Option(
        "recipe", .choice(RecipeList.all.map { recipe in recipe.name }), default: .choice(AdversarialRecipe.name), .model,
        "What is trained; gan recipes tells what each wants and makes.")
    public static let seed = Option(
        "seed", .integer(0...Int64.max), default: .integer(0), .model, isOriginal: true,
        "Where all randomness comes from: initial weights, latents and the order of the images.")
    public static let batchSize = Option(
        "batch-size", .integer(1...65536), default: .integer(100), .model, isOriginal: true,
        "How many images a training step looks at.")

    public static let latentSize = Option(
        "latent.size", .integer(1...65536), default: .integer(128), .model, isOriginal: true,
        "How many numbers the generator makes an image from.")

    public static let imageHeight = Option(
        "image.height", .integer(0...65536), default: .integer(0), .model, isOriginal: true,
        "Rows of an image, in pixels; 0 for those of the dataset.")
    public static let imageWidth = Option(
        "image.width", .integer(0...65536), default: .integer(0), .model, isOriginal: true,
        "Columns of an image, in pixels; 0 for those of the dataset.")
    public static let imageChannels = Option(
        "image.channels", .integer(0...65536), default: .integer(0), .model, isOriginal: true,
        "Values per pixel, such as 1 for grey and 3 for RGB; 0 for those of the dataset.")

    // MARK: The two networks

    public static let generatorHidden = hidden("generator")
    public static let generatorInitialDeviation = initialDeviation("generator")
    public static let generatorChannels = channels("generator")
    public static let discriminatorHidden = hidden("discriminator")
    public static let discriminatorChannels = channels("discriminator")
    public static let discriminatorInitialDeviation = initialDeviation("discriminator")
    public static let leakySlope = Option(
        "leaky-slope", .real(0...1, orAutomatic: false), default: .real(0.2), .model, isOriginal: true,
        "The slope of leaky-relu below 0.",
        when: [
            .init(option: "generator.activation", value: "leaky-relu"), .init(option: "discriminator.activation", value: "leaky-relu"),
        ])

    // MARK: The optimisers (Kingma and Ba, "Adam: a method for stochastic optimization", 2015, whose names these are)

    public static let generatorLearningRate = learningRate("generator")
    public static let generatorBeta1 = beta1("generator")
    public static let generatorBeta2 = beta2("generator")
    public static let generatorEpsilon = epsilon("generator")
    public static let discriminatorLearningRate = learningRate("discriminator")
    public static let discriminatorBeta1 = beta1("discriminator")
    public static let discriminatorBeta2 = beta2("discriminator")
    public static let discriminatorEpsilon = epsilon("discriminator")

    // MARK: What came later; options that a training leaves at their defaults are not written into its checkpoints, so a default here
    // is for ever

    public static let embeddingSize = Option(
        "embedding.size", .integer(1...4096), default: .integer(64), .model,
        "With conditioning=embed, how many numbers are learnt for each class.", when: [.init(option: "conditioning", value: "embed")])
    public static let textChannels = Option(
        "text.channels", .integer(1...4096), default: .integer(128), .model,
        "How many numbers the text encoder keeps of each character inside.")
    public static let textSize = Option(
        "text.size", .integer(1...4096), default: .integer(128), .model, "How many numbers the meaning of a text is.")
    public static let textWrong = Option(
        "text.wrong", .real(0...1000, orAutomatic: false), default: .real(1), .model,
        "Weight of wrong captions: how much both networks lose where a picture does not go with its own text more than with those of the batch's other pictures.")
    public static let textInterpolation = Option(
        "text.interpolation", .real(0...1, orAutomatic: false), default: .real(0.25), .model,
        "The share of generated pictures that are made for the middle between two texts.")
    public static let latentDiscrete = Option(
        "latent.discrete", .integer(0...65536), default: .integer(0), .model,
        "How many of the latent's numbers count as 1 or -1 by their signs, so that samples may be of kinds with nothing between them.")
    public static let r1 = weight("r1", "Weight of R1: half the squared norm of the gradient of D(x) by real images.")
    public static let r2 = weight("r2", "Weight of R2: half the squared norm of the gradient of D(G(z)) by generated images.")
    public static let gradientPenalty = weight(
        "gradient-penalty", "Weight of the squared distance from 1 of the norm of the gradient of D, on lines between real and generated images (WGAN-GP takes 10).")
    public static let dragan = weight("dragan", "Weight of the same around real images (DRAGAN takes 10).")
    public static let penaltyInterval = Option(
        "penalty.every", .integer(1...1024), default: .integer(1), .model,
        "How many steps there are to each that has the penalties, which then weigh as many times as much.")
    public static let weightClip = Option(
        "weight-clip", .real(0...1000, orAutomatic: false), default: .real(0), .model,
        "The largest magnitude of the discriminator's parameters, to which they are cut after each step (the Wasserstein loss takes 0.01); 0 for any.")
    public static let gradientClip = Option(
        "gradient-clip", .real(0...1e9, orAutomatic: false), default: .real(0), .schedule,
        "The largest norm of a network's gradient, to which it is scaled down; 0 for any.")
    public static let discriminatorSteps = Option(
        "discriminator.steps", .integer(1...1024), default: .integer(1), .model,
        "How many steps of the discriminator there are to each of the generator.")
    public static let averageDecay = Option(
        "average.decay", .real(0...0.999999, orAutomatic: false), default: .real(0), .model,
        "How much of the generator's moving average each step keeps, once there were many; samples are drawn from the average. 0 for none.")
    public static let packing = Option(
        "packing", .integer(1...64), default: .integer(1), .model,
        "How many images the discriminator sees at a time, all real or all generated (PacGAN); it has to divide batch-size.")
    public static let labelSmoothing = Option(
        "label-smoothing", .real(0...0.5, orAutomatic: false), default: .real(0), .model,
        "How far below 1 the discriminator's target for real images is, with the losses that have one (non-saturating, minimax, least-squares); 0.1 is usual.")
    public static let noise = Option(
        "noise", .real(0...100, orAutomatic: false), default: .real(0), .schedule,
        "The deviation of the normal noise that is added to whatever the discriminator sees, in the scale of generator.output; it falls to 0 in a straight line over noise.steps. 0 for none.")
    public static let noiseSteps = Option(
        "noise.steps", .integer(0...(1 << 48)), default: .integer(0), .schedule, "After how many steps there is no noise any more.")
    public static let accumulate = Option(
        "accumulate", .integer(1...65536), default: .integer(1), .schedule,
        "Into how many parts a batch is cut, which are looked at one after the other: a step needs as much less memory, and some more time. Images and random numbers are those of the whole batch, and so are the gradients, but that batch normalisation, relativistic-average and dragan look at each part by itself, and that dropout drops others.")
    public static let augmentProbability = Option(
        "augment.probability", .real(0...1, orAutomatic: false), default: .real(1), .model,
        "How likely each change of augment is for each image; with augment.target, how likely at first.")
    public static let augmentTarget = Option(
        "augment.target", .real(0...1, orAutomatic: false), default: .real(0), .model,
        "Where the mean sign of what the discriminator says of real images is to be (0.6 is usual): augmentation becomes likelier above it, and less likely below. 0 for a probability that stays.")
    public static let augmentEvery = Option(
        "augment.every", .integer(1...1024), default: .integer(4), .model,
        "With augment.target, after how many steps the probability changes each time.")
    public static let augmentImages = Option(
        "augment.images", .integer(1...(1 << 40)), default: .integer(500_000), .model,
        "With augment.target, over how many real images the probability goes from 0 to 1 at the fastest.")
    public static let augmentMirror = Option(
        "augment.mirror", .boolean, default: .boolean(false), .model,
        "Whether every other image of the data, by chance, is turned left to right in training; for data where that is as good an image.")
    public static let truncation = Option(
        "truncation", .real(0...100, orAutomatic: false), default: .real(0), .machine,
        "When samples are drawn, the largest magnitude of a latent's numbers: those beyond are drawn anew (fewer kinds of images, each more typical). 0 for any, or from 0.02 on.")
    public static let generatorSpectral = spectral("generator")
    public static let discriminatorSpectral = spectral("discriminator")
    public static let rateWarmUp = Option(
        "rate.warm-up", .integer(0...(1 << 48)), default: .integer(0), .schedule, "Over how many steps learning rates rise from 0.")
    public static let rateSteps = Option(
        "rate.steps", .integer(0...(1 << 48)), default: .integer(0), .schedule,
        "After how many steps a learning rate that falls is 0; 0 for one that does not fall.")
    public static let weightDecay = Option(
        "weight-decay", .real(0...1, orAutomatic: false), default: .real(0.01), .schedule,
        "How much of itself a parameter loses a step, times the learning rate, with the optimiser adamw.")

    public static let levels = Option(
        "levels", .integer(0...6), default: .integer(0), .model,
        "How often the networks dcgan and resnet halve an image's sides; 0 for as often as they stay even and of 4 or more.",
        when: Choices.isConvolutional + Choices.makesVolumes)
    public static let attentionSide = Option(
        "attention.side", .integer(0...65536), default: .integer(0), .model,
        "Where both networks have self-attention: in the maps whose shorter side this is (SAGAN takes 32 of 128); 0 for none.",
        when: Choices.isConvolutional)
    public static let generatorChannelsLimit = channelsLimit("generator")
    public static let discriminatorChannelsLimit = channelsLimit("discriminator")
    public static let generatorBlocks = blocks("generator")
    public static let discriminatorBlocks = blocks("discriminator")
    public static let generatorLayers = layers("generator")
    public static let discriminatorLayers = layers("discriminator")

    // MARK: Of the recipe infogan

    public static let categories = Option(
        "info.categories", .integer(0...1024), default: .integer(10), .model, "How many categories the code c1 has; 0 for no such code.")
    public static let codes = Option(
        "info.codes", .integer(0...256), default: .integer(2), .model, "How many codes are numbers from -1 to 1.")
    public static let informationWeight = Option(
        "info.weight", .real(0...1000, orAutomatic: false), default: .real(1), .model, "How much the category's information weighs beside the loss.")
    public static let codeWeight = Option(
        "info.code-weight", .real(0...1000, orAutomatic: false), default: .real(0.1), .model,
        "How much the numbers' information weighs beside the loss.")
    public static let codeDelay = Option(
        "info.code-delay", .integer(0...(1 << 40)), default: .integer(0), .schedule,
        "Until how many steps the numbers' information counts for a tenth of its weight only; over as many again it comes to all of it. Until then the category takes what pictures differ in most.")

    // MARK: Of recipes from picture to picture

    public static let absoluteWeight = Option(
        "l1.weight", .real(0...1e6, orAutomatic: false), default: .real(100), .model,
        "How much the mean distance of pixels from the true ones weighs beside the adversarial loss.")
    public static let dropout = Option(
        "dropout", .real(0...0.9, orAutomatic: false), default: .real(0.5), .model,
        "The share of numbers that the generator leaves out at its smallest sizes, in training and in use: its noise, which the seed decides; 0 for none.")
    public static let scale = Option(
        "scale", .integer(2...8), default: .integer(4), .model, "How many times as long super-resolution makes the sides: 2, 4 or 8.")
    public static let sharpness = Option(
        "sharpness", .real(0...1000, orAutomatic: false), default: .real(0.005), .model,
        "How much the discriminator's opinion weighs beside the distance from the truth in super-resolution and next-frame; 0 trains on the distance alone, which is nearest to the truth and less sharp.")
    public static let pretraining = Option(
        "pretrain.steps", .integer(0...(1 << 40)), default: .integer(1000), .model,
        "How many steps super-resolution and next-frame learn from the distance alone, before the discriminator joins.")
    public static let contentWeight = Option(
        "content.weight", .real(0...1000, orAutomatic: false), default: .real(0.02), .model,
        "How much the distance in the maps of a network, of which content says which, weighs beside the distance in pixels, as soon as the discriminator joins.",
        when: [.init(option: "content", value: "random"), .init(option: "content", value: "classifier")])
    public static let contentClassifier = Option(
        "content.classifier", .text(TextForm("a path") { (text) throws(GanError) in
            if text.utf8.count > 4096 { throw GanError(.outOfRange, "is longer than any path.") }
        }), default: .text(""), .machine,
        "With content=classifier, the checkpoint of a classifier of pictures of as many channels, of which a new training takes its first layers along; one that goes on has them.",
        when: [.init(option: "content", value: "classifier")])
    public static let holeSize = Option(
        "hole.size", .real(0.05...0.9, orAutomatic: false), default: .real(0.5), .model,
        "The sides of the largest hole that inpainting learns from, as a share of the picture's.")

    public static let cycleWeight = Option(
        "cycle.weight", .real(0...1e6, orAutomatic: false), default: .real(10), .model,
        "How much it weighs in translation how far a picture is from itself after it was translated there and back; 0 for no matter.")
    public static let identityWeight = Option(
        "identity.weight", .real(0...1e6, orAutomatic: false), default: .real(5), .model,
        "How much it weighs in translation what is changed in a picture that is of the wanted kind already; 0 for no matter, as it has to be where the kinds have different channels.")
    public static let pool = Option(
        "pool", .integer(0...10000), default: .integer(50), .model,
        "How many made pictures translation keeps of each kind, of which its discriminators see some again; they are in its checkpoints. 0 for none.")

    // MARK: The machine

    public static let threads = Option(
        "threads", .integer(0...256), default: .integer(0), .machine,
        "How many threads calculate; 0 for as many as there are processors. Results do not depend on it.")

    public static let tile = Option(
        "tile", .integer(0...65536), default: .integer(0), .machine,
        "Into pieces of how many pixels a side a picture is cut for a network that is applied to it, which changes nothing in what comes of it; networks with noise, or with a norm over the whole picture, are not cut. 0 for pieces as large as memory allows.")

    public static let reverse = Option(
        "reverse", .boolean, default: .boolean(false), .machine,
        "Which way a model of translation is applied: false makes pictures of the second data set's kind of the first's, true the other way round.",
        when: [.init(option: "recipe", value: "translation")])

    // MARK: The data

    public static let dataShuffle = Option(
        "data.shuffle", .boolean, default: .boolean(true), .schedule, isOriginal: true,
        "Whether every epoch takes the images in a new order drawn from the seed, or always in the dataset's order.")
    public static let dataHeight = Option(
        "data.height", .integer(0...65536), default: .integer(0), .machine,
        "Rows to which data.fit brings every image, in pixels; 0 for those of the files, or for patches what suits the recipe.")
    public static let dataWidth = Option(
        "data.width", .integer(0...65536), default: .integer(0), .machine,
        "Columns to which data.fit brings every image, in pixels; 0 for those of the files, or for patches what suits the recipe.")
    public static let dataChannels = Option(
        "data.channels", .integer(0...65536), default: .integer(0), .machine,
        "Values per pixel, 1 for grey or 3 for RGB; 0 for what the files have.")
    public static let dataFit = Option(
        "data.fit", .choice(["exact", "crop", "patches"]), default: .choice("exact"), .machine,
        "What happens to images of another size: exact refuses them, crop scales and cuts them at the centre, patches learns from pieces of data.height by data.width that are cut anywhere out of them at their full size. The recipes that make pictures of pictures take patches of pictures of different sizes, and of large ones, unless this is set.")
    public static let dataMinimum = dataLimit("minimum", "black", otherwise: "0 for floats and bytes, the smallest value for rows of floats and for integers")
    public static let dataMaximum = dataLimit("maximum", "white", otherwise: "1 for floats, 255 for bytes, the largest value for rows of floats and for integers")
    public static let dataClasses = Option(
        "data.classes", .integer(0...65536), default: .integer(0), .machine,
        "How many classes the labels name; 0 for the largest label + 1.")

    public static let dataFrames = Option(
        "data.frames", .integer(0...65536), default: .integer(0), .machine,
        "How many pictures of a sub-folder make a clip, one clip after the other; 0 for all of them.",
        when: [.init(option: "data.items", value: "clips")])
    public static let dataMetadata = Option(
        "data.metadata", .boolean, default: .boolean(true), .machine,
        "Whether metadata.csv or metadata.jsonl in a folder of pictures is read, which may give each a label, tags and a text.")
    public static let dataTextLength = Option(
        "data.text-length", .integer(0...4096), default: .integer(0), .machine,
        "How many characters a text has room for; 0 for those of the longest.")

    // MARK: What generator and discriminator have alike

    private static func hidden(_ network: String) -> Option {
        Option(
            "\(network).hidden", .list(each: 1...65536, upTo: 64), default: .list([256]), .model, isOriginal: true,
            "For the network mlp, the sizes of the \(network)'s hidden layers, from its input to its output; an empty list for none.",
            when: [.init(option: "network", value: "mlp")])
    }

    private static func channels(_ network: String) -> Option {
        Option(
            "\(network).channels", .integer(1...4096), default: .integer(64), .model, isOriginal: true,
            "For the networks dcgan and resnet, the channels of the \(network)'s layer next to the image; every halving of the sides doubles them.",
            when: Choices.isConvolutional + Choices.makesPicturesOfPictures + Choices.makesVolumes)
    }

    private static func channelsLimit(_ network: String) -> Option {
        Option(
            "\(network).channels-limit", .integer(0...65536), default: .integer(0), .model,
            "The most channels that a layer of the \(network) has, however often sides are halved; 0 for any.", when: Choices.isConvolutional + Choices.makesVolumes)
    }

    private static func blocks(_ network: String) -> Option {
        Option(
            "\(network).blocks", .integer(1...64), default: .integer(2), .model,
            "For the network resnet, how many residual blocks the \(network) has for each size of its maps.",
            when: [.init(option: "network", value: NetworkKind.resnet.rawValue)]
                + (network == "generator" ? ["super-resolution", "translation", "tags"] : ["tags"]).map { .init(option: "recipe", value: $0) })
    }

    private static func layers(_ network: String) -> Option {
        Option(
            "\(network).layers", .text(TextForm(LayerText.grammar) { (text) throws(GanError) in _ = try LayerText.layers(text) }),
            default: .text(""), .model,
            network == "generator"
                ? "For the network layers, the layers from a latent to an image, such as 'dense 256, relu, dense 784, sigmoid'; without a function at the end generator.output follows."
                : "For the network layers, those from an image to the numbers of which a last one, dense 1, makes a verdict.",
            when: [.init(option: "network", value: NetworkKind.layers.rawValue)])
    }

    private static func weight(_ name: String, _ summary: String) -> Option {
        Option(name, .real(0...1e6, orAutomatic: false), default: .real(0), .model, summary + " 0 for none.")
    }

    private static func spectral(_ network: String) -> Option {
        Option(
            "\(network).spectral-norm", .boolean, default: .boolean(false), .model,
            "Whether the \(network)'s weights are divided by their largest singular value.")
    }

    private static func initialDeviation(_ network: String) -> Option {
        Option(
            "\(network).initial-deviation", .real(0...10, orAutomatic: false), default: .real(0.01), .model, isOriginal: true,
            "The standard deviation of the \(network)'s initial weights, which are normal with mean 0.")
    }

    private static func learningRate(_ network: String) -> Option {
        Option(
            "\(network).learning-rate", .real(0...1, orAutomatic: false), default: .real(2e-4), .schedule, isOriginal: true,
            "Adam's step size for the \(network); 0 leaves it as it is.")
    }

    // The upper bound of both is as near to 1 as single precision goes with some digits left in 1 - beta.
    private static func beta1(_ network: String) -> Option {
        Option(
            "\(network).beta1", .real(0...0.999999, orAutomatic: false), default: .real(0.9), .schedule, isOriginal: true,
            "How much of the mean of the \(network)'s gradients Adam keeps at each step.")
    }

    private static func beta2(_ network: String) -> Option {
        Option(
            "\(network).beta2", .real(0...0.999999, orAutomatic: false), default: .real(0.999), .schedule, isOriginal: true,
            "How much of the mean of the \(network)'s squared gradients Adam keeps at each step.")
    }

    private static func epsilon(_ network: String) -> Option {
        Option(
            "\(network).epsilon", .real(1e-30...1, orAutomatic: false), default: .real(1e-8), .schedule, isOriginal: true,
            "What Adam adds to the root of the mean square for the \(network), against division by 0.")
    }

    private static func dataLimit(_ name: String, _ colour: String, otherwise: String) -> Option {
        // Beyond these bounds scaling in single precision makes no sense any more.
        return Option(
            "data.\(name)", .real(-1e30...1e30, orAutomatic: true), default: .automatic, .machine,
            "The value in a file that is \(colour); auto for \(otherwise).")
    }
}

/// All options, and the way from a name to one of them.
public enum OptionTable {
    public static let all: [Option] = {
        var all = common + Option.evaluation
        // Recipes may share one.
        for option in RecipeList.all.flatMap({ recipe in recipe.options }) where !all.contains(where: { $0.name == option.name }) { all.append(option) }
        return all
    }()

    /// Those that every recipe has.
    private static let common: [Option] = [
        .recipe, Choices.preset.option, Choices.network.option, Choices.residual.option, .levels, .seed, .threads, .tile, .reverse, .batchSize, Choices.loss.option,
        .latentSize, Choices.latentDistribution.option, .latentDiscrete,
        .imageHeight, .imageWidth, .imageChannels,
        .generatorHidden, .generatorChannels, .generatorChannelsLimit, .generatorBlocks, Choices.generatorUpsampling.option, .generatorLayers,
        Choices.generatorActivation.option, Choices.generatorOutput.option,
        .generatorInitialDeviation, Choices.generatorInitialisation.option, Choices.generatorNorm.option, .generatorSpectral,
        .discriminatorHidden, .discriminatorChannels, .discriminatorChannelsLimit, .discriminatorBlocks, .discriminatorLayers,
        Choices.discriminatorActivation.option,
        .discriminatorInitialDeviation, Choices.discriminatorInitialisation.option, Choices.discriminatorNorm.option, .discriminatorSpectral,
        .leakySlope, .attentionSide,
        .r1, .r2, .gradientPenalty, .dragan, .penaltyInterval, .weightClip, .gradientClip, .discriminatorSteps, .averageDecay,
        .packing, .labelSmoothing, .noise, .noiseSteps, .accumulate,
        Choices.augment.option, .augmentProbability, .augmentTarget, .augmentEvery, .augmentImages, .augmentMirror, .truncation,
        Choices.generatorOptimiser.option, Choices.discriminatorOptimiser.option, .weightDecay,
        Choices.rateSchedule.option, .rateWarmUp, .rateSteps,
        .generatorLearningRate, .generatorBeta1, .generatorBeta2, .generatorEpsilon,
        .discriminatorLearningRate, .discriminatorBeta1, .discriminatorBeta2, .discriminatorEpsilon,
        .dataShuffle, .dataHeight, .dataWidth, .dataChannels, .dataFit, .dataMinimum, .dataMaximum, .dataClasses,
        Choices.dataItems.option, .dataFrames, Choices.dataPairs.option, .dataMetadata, .dataTextLength,
        .tableCategorical, .tableContinuous, .tableLeaveOut, Choices.tableHeader.option,
    ]

    /// The option of that name.
    /// - Throws: `.unknownName` with the nearest name.
    public static func find(_ name: String) throws(GanError) -> Option {
        if let option = all.first(where: { $0.name == name }) { return option }
        let advice = nearest(to: name).map { "Did you mean '\($0)'?" } ?? "gan_option_name lists all names."
        throw GanError(.unknownName, "There is no option '\(Option.excerpt(name))'. \(advice)")
    }

    /// The name that was probably meant. A name without its first part, even misspelt, is looked for too, so that
    /// "lerning-rate" finds "generator.learning-rate".
    private static func nearest(to name: String) -> String? {
        if let whole = Text.nearestName(to: name, among: all.map(\.name)) { return whole }
        let last = Text.nearestName(to: name, among: all.map { lastPart($0.name) })
        return all.first { lastPart($0.name) == last }?.name
    }

    private static func lastPart(_ name: String) -> String {
        String(name.utf8.split(separator: UInt8(ascii: ".")).last ?? name.utf8[...]) ?? name
    }

}

extension Option {
    /// What a sentence quotes of a name or value that a caller gave: its beginning, where it is long.
    public static func excerpt(_ text: String) -> String {
        text.utf8.count <= 80 ? text : text.prefix(60) + "…"
    }
}
