import Base
import Data
import Training
import XCTest

/// Every loss, penalty, norm, optimiser, condition and recipe: its step is the reference interpreter's, and it keeps the promises that
/// all trainings keep.
final class RecipeTests: XCTestCase {
    private struct Case {
        let name: String
        let settings: [(String, String)]
        var tolerance = 2e-3
    }

    private static let convolutional = [
        ("preset", "dcgan"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("latent.size", "5"),
    ]

    private static let residual = [
        ("preset", "resnet"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("latent.size", "5"),
    ]

    private static let listed = [("network", "layers"), ("batch-size", "6"), ("latent.size", "5")]

    private static let texts = [("recipe", "text-to-image"), ("text.channels", "8"), ("text.size", "6")]

    private static let characters = [
        ("recipe", "tags"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("latent.size", "5"), ("generator.blocks", "2"),
        ("average.decay", "0"), ("discriminator.activation", "tanh"),
    ]

    private static let pictures = [
        ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("generator.blocks", "2"), ("average.decay", "0"),
    ]

    /// Their clips are barClips'.
    private static let film = [
        ("recipe", "next-frame"), ("frames.past", "3"), ("frames.ahead", "2"), ("frames.motion", "1"), ("generator.channels", "3"), ("discriminator.channels", "4"),
        ("batch-size", "6"), ("average.decay", "0"), ("sharpness", "0.1"),
    ]

    private static let resolving = pictures + [("recipe", "super-resolution"), ("scale", "2")]
    /// More pictures are kept than a step makes, and few enough that old ones are shown from the second step on.
    private static let translation = [
        ("recipe", "translation"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("pool", "8"), ("generator.learning-rate", "0.002"),
    ]
    private static let residualTranslation = translation + [("generator.blocks", "1")]

    /// Their data are plates.
    private static let volumes = [
        ("recipe", "volume"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("latent.size", "5"), ("average.decay", "0"),
        ("discriminator.learning-rate", "0.005"),
    ]
    private static let views = Array(volumes.dropFirst()) + [("recipe", "view-to-volume"), ("view.channels", "3")]

    private static let cases: [Case] =
        ["least-squares", "hinge", "wasserstein", "relativistic", "relativistic-average"].map { Case(name: $0, settings: [("loss", $0)]) }
        + [
            Case(name: "WGAN-GP", settings: [("loss", "wasserstein"), ("gradient-penalty", "10"), ("discriminator.steps", "3"), ("discriminator.activation", "tanh")]),
            Case(name: "clipped weights", settings: [("loss", "wasserstein"), ("weight-clip", "0.1"), ("discriminator.optimiser", "rmsprop")]),
            Case(name: "R1 and R2", settings: [("loss", "relativistic"), ("r1", "1"), ("r2", "1"), ("discriminator.activation", "tanh")]),
            Case(name: "lazy R1", settings: [("r1", "10"), ("penalty.every", "2"), ("discriminator.activation", "sigmoid")]),
            Case(name: "DRAGAN", settings: [("dragan", "10"), ("discriminator.activation", "tanh")]),
            Case(name: "packs of two", settings: [("packing", "2")]),
            Case(name: "packs with everything", settings: [
                ("packing", "5"), ("condition", "labels"), ("conditioning", "projection"), ("gradient-penalty", "1"), ("dragan", "1"), ("discriminator.activation", "tanh"),
            ]),
            Case(name: "packs of pictures and labels", settings: convolutional + [("packing", "3"), ("condition", "labels"), ("conditioning", "auxiliary"), ("loss", "hinge")]),
            Case(name: "packs of embedded labels", settings: [("packing", "2"), ("condition", "labels"), ("conditioning", "embed"), ("embedding.size", "3")]),
            Case(name: "InfoGAN in packs", settings: [("recipe", "infogan"), ("info.categories", "3"), ("packing", "2"), ("loss", "relativistic"), ("discriminator.steps", "2")]),
            Case(name: "smoothed labels", settings: [("label-smoothing", "0.1")]),
            Case(name: "smoothed targets", settings: [("label-smoothing", "0.2"), ("loss", "least-squares")]),
            Case(name: "noise that fades", settings: [("noise", "0.5"), ("noise.steps", "5")]),
            Case(name: "changed colours", settings: [("augment", "colour")]),
            Case(name: "moved pictures", settings: [("augment", "translation"), ("r1", "1"), ("discriminator.activation", "tanh")]),
            Case(name: "pictures with holes", settings: convolutional + [("augment", "cutout"), ("augment.mirror", "true")]),
            Case(name: "all changes, as likely as needed", settings: convolutional + [
                ("augment", "all"), ("augment.target", "0.6"), ("augment.every", "2"), ("augment.images", "50"), ("augment.probability", "0.5"),
            ]),
            Case(name: "changes now and then", settings: [("augment", "all"), ("augment.probability", "0.4"), ("packing", "2"), ("noise", "0.1"), ("noise.steps", "100")]),
            Case(name: "a batch in parts", settings: [("accumulate", "4")]),
            Case(name: "parts with everything", settings: [
                ("accumulate", "5"), ("packing", "2"), ("loss", "relativistic"), ("r1", "1"), ("r2", "1"), ("discriminator.activation", "tanh"), ("average.decay", "0.9"),
                ("gradient-clip", "0.5"), ("discriminator.steps", "2"), ("discriminator.spectral-norm", "true"), ("generator.spectral-norm", "true"), ("noise", "0.1"), ("noise.steps", "4"),
            ]),
            Case(name: "a DCGAN in parts", settings: convolutional + [
                ("accumulate", "2"), ("augment", "all"), ("augment.target", "0.6"), ("augment.every", "1"), ("augment.images", "20"), ("average.decay", "0.5"), ("condition", "labels"),
            ]),
            Case(name: "InfoGAN in parts", settings: [("recipe", "infogan"), ("info.categories", "3"), ("accumulate", "2"), ("discriminator.steps", "3"), ("penalty.every", "3"), ("r1", "1"), ("discriminator.activation", "tanh")]),
            Case(name: "a moving average", settings: [("average.decay", "0.9")]),
            Case(name: "clipped gradients", settings: [("gradient-clip", "0.05")]),
            Case(name: "AdamW on a cosine", settings: [("generator.optimiser", "adamw"), ("rate.schedule", "cosine"), ("rate.steps", "7"), ("rate.warm-up", "2")]),
            Case(name: "momentum on a line", settings: [("generator.optimiser", "sgd"), ("discriminator.optimiser", "sgd"), ("rate.schedule", "linear"), ("rate.steps", "9")]),
            Case(name: "spectral normalisation", settings: [("discriminator.spectral-norm", "true"), ("loss", "hinge")]),
            Case(name: "orthogonal", settings: [("generator.initialisation", "orthogonal"), ("discriminator.initialisation", "orthogonal")]),
            Case(name: "He and Glorot", settings: [("generator.initialisation", "he"), ("discriminator.initialisation", "glorot")]),
            Case(name: "latents of signs", settings: [("latent.discrete", "2")]),
            Case(name: "latents of signs alone, and labels", settings: [("latent.discrete", "5"), ("latent.size", "5"), ("condition", "labels")]),
            Case(name: "labels beside the input", settings: [("condition", "labels"), ("conditioning", "concatenate")]),
            Case(name: "embedded labels", settings: [("condition", "labels"), ("conditioning", "embed"), ("embedding.size", "3")]),
            Case(name: "projected labels", settings: [("condition", "labels"), ("conditioning", "projection")]),
            Case(name: "labels told and asked", settings: [("condition", "labels"), ("conditioning", "auxiliary")]),
            Case(name: "tags", settings: [("condition", "tags"), ("conditioning", "concatenate")]),
            Case(name: "embedded tags", settings: [("condition", "tags"), ("conditioning", "embed"), ("embedding.size", "3")]),
            Case(name: "projected tags", settings: [("condition", "tags"), ("conditioning", "projection"), ("loss", "least-squares")]),
            Case(name: "tags told and asked, with DRAGAN", settings: [
                ("condition", "tags"), ("conditioning", "auxiliary"), ("dragan", "10"), ("discriminator.activation", "tanh"),
            ]),
            Case(name: "tags of packs", settings: [("condition", "tags"), ("conditioning", "projection"), ("packing", "2")]),
            Case(name: "InfoGAN", settings: [("recipe", "infogan"), ("info.categories", "3"), ("info.codes", "2")]),
            Case(name: "InfoGAN whose numbers come later", settings: [("recipe", "infogan"), ("info.categories", "3"), ("info.code-delay", "2")]),
            Case(name: "InfoGAN of codes alone", settings: [("recipe", "infogan"), ("info.categories", "0"), ("info.codes", "1")]),
            Case(name: "a DCGAN with R1 in its batches", settings: convolutional + [("r1", "1"), ("discriminator.norm", "none")]),
            Case(name: "instance normalisation", settings: convolutional + [("generator.norm", "instance"), ("discriminator.norm", "instance")]),
            Case(name: "layer normalisation", settings: convolutional + [("generator.norm", "layer"), ("discriminator.norm", "layer")]),
            Case(name: "a spectral DCGAN of labels", settings: convolutional + [
                ("condition", "labels"), ("discriminator.spectral-norm", "true"), ("discriminator.norm", "none"), ("generator.norm", "batch-by-class"), ("conditioning", "projection"),
            ]),
            Case(name: "a DCGAN of labels beside the pixels", settings: convolutional + [("condition", "labels"), ("conditioning", "concatenate")]),
            Case(name: "super-resolution on error alone", settings: resolving + [("sharpness", "0")]),
            Case(name: "super-resolution, sharp after two steps", settings: resolving + [
                ("sharpness", "0.1"), ("pretrain.steps", "2"), ("shrinking", "area"), ("generator.norm", "batch"), ("r1", "1"),
            ]),
            Case(name: "super-resolution by the maps of a network", settings: resolving + [("sharpness", "0.5"), ("pretrain.steps", "1"), ("content", "random"), ("content.weight", "0.5")]),
            Case(name: "edges to pictures", settings: pictures + [("recipe", "image-to-image"), ("source", "edges"), ("discriminator.norm", "instance")]),
            Case(name: "posterised, relativistic", settings: pictures + [("recipe", "image-to-image"), ("source", "posterised"), ("loss", "relativistic"), ("generator.norm", "instance"), ("discriminator.norm", "none")]),
            Case(name: "blurred, without noise", settings: pictures + [("recipe", "image-to-image"), ("source", "blurred"), ("dropout", "0"), ("discriminator.norm", "none")]),
            Case(name: "inpainting", settings: pictures + [("recipe", "inpainting")]),
            Case(name: "inpainting the centre", settings: pictures + [("recipe", "inpainting"), ("hole", "centre"), ("loss", "hinge"), ("discriminator.spectral-norm", "true")]),
            Case(name: "next frames", settings: film + [("pretrain.steps", "1"), ("r1", "1")]),
            Case(name: "next frames by numbers, on error alone", settings: film + [("memory", "lstm"), ("memory.size", "5"), ("frames.motion", "0"), ("sharpness", "0")]),
            Case(name: "next frames by moved pixels, in parts, mirrored", settings: film + [
                ("frames.motion", "2"), ("generator.norm", "instance"), ("discriminator.norm", "layer"), ("loss", "relativistic"), ("pretrain.steps", "0"), ("accumulate", "2"),
                ("augment.mirror", "true"), ("frames.ahead", "3"), ("gradient-clip", "0"),
            ]),
            Case(name: "next frames with norms in their batches", settings: film + [("generator.norm", "batch"), ("discriminator.norm", "batch"), ("average.decay", "0.9"), ("pretrain.steps", "0")]),
            Case(name: "texts", settings: texts),
            Case(name: "texts, relativistic and penalised", settings: texts + convolutional + [
                ("text.encoder", "convolutional"), ("discriminator.norm", "none"), ("loss", "relativistic"), ("r1", "1"), ("r2", "1"), ("discriminator.activation", "tanh"),
                ("average.decay", "0.9"), ("discriminator.steps", "2"),
            ]),
            Case(name: "texts that are asked, in parts", settings: texts + [("text.encoder", "transformer"), ("accumulate", "2"), ("text.interpolation", "0"), ("augment", "all")]),
            Case(name: "texts without wrong ones", settings: texts + [("text.wrong", "0"), ("text.interpolation", "1")]),
            Case(name: "characters by tags", settings: characters),
            Case(name: "characters by tags that are not told, drawn apart, in parts", settings: characters + [
                ("tags.judged", "false"), ("tags.drawn", "apart"), ("accumulate", "2"), ("average.decay", "0.9"), ("discriminator.steps", "2"),
                ("discriminator.blocks", "2"), ("generator.norm", "instance"), ("generator.upsampling", "nearest"),
            ]),
            Case(name: "characters in packs, without a head", settings: characters + [
                ("tags.weight", "0"), ("packing", "2"), ("dragan", "0"), ("loss", "hinge"), ("discriminator.norm", "batch"), ("generator.norm", "none"), ("latent.discrete", "2"),
                ("generator.upsampling", "transposed"), ("levels", "1"), ("generator.output", "sigmoid"),
            ]),
            Case(name: "characters, relativistic, with R1 and changed colours", settings: characters + [
                ("loss", "relativistic"), ("dragan", "0"), ("r1", "1"), ("augment", "colour"), ("tags.weight", "3"), ("discriminator.spectral-norm", "true"), ("generator.norm", "layer"),
            ]),
            Case(name: "translation", settings: residualTranslation),
            Case(name: "translation by U-Nets, with a Wasserstein judge", settings: translation + [
                ("translator", "unet"), ("loss", "wasserstein"), ("gradient-penalty", "1"), ("discriminator.steps", "3"), ("identity.weight", "0"), ("pool", "3"),
                ("augment.mirror", "true"),
            ]),
            Case(name: "translation without a history, in parts", settings: residualTranslation + [
                ("pool", "0"), ("accumulate", "2"), ("cycle.weight", "1"), ("generator.norm", "none"), ("discriminator.norm", "none"), ("r1", "1"),
            ]),
            Case(name: "translation of what is changed, averaged", settings: residualTranslation + [
                ("augment", "colour"), ("noise", "0.1"), ("noise.steps", "5"), ("average.decay", "0.9"), ("loss", "relativistic"), ("generator.norm", "batch"), ("discriminator.norm", "batch"),
            ]),
            Case(name: "a DCGAN of tags beside the pixels", settings: convolutional + [("condition", "tags"), ("conditioning", "concatenate")]),
            Case(name: "a DCGAN of tags", settings: convolutional + [
                ("condition", "tags"), ("conditioning", "auxiliary"), ("generator.norm", "instance"), ("discriminator.norm", "none"),
            ]),
            Case(name: "a convolutional InfoGAN", settings: convolutional + [("recipe", "infogan"), ("info.categories", "3")]),
        ] + networks + tables + ofVolumes

    private static let ofVolumes = [
        Case(name: "volumes", settings: volumes),
        Case(name: "volumes of which the judge learns now and then", settings: volumes + [("volume.accuracy", "0.5"), ("average.decay", "0.9"), ("discriminator.steps", "2")]),
        Case(name: "volumes by a judge that always learns", settings: volumes + [
            ("volume.accuracy", "1"), ("loss", "hinge"), ("discriminator.norm", "none"), ("discriminator.spectral-norm", "true"), ("discriminator.learning-rate", "0.0002"),
        ]),
        Case(name: "volumes in parts, penalised", settings: volumes + [
            ("accumulate", "2"), ("volume.accuracy", "0.6"), ("discriminator.norm", "none"), ("r1", "0.1"), ("discriminator.activation", "tanh"), ("generator.upsampling", "nearest"),
            ("gradient-clip", "0.5"),
        ]),
        Case(name: "volumes in packs, by means of squares", settings: volumes + [
            ("packing", "2"), ("loss", "least-squares"), ("volume.accuracy", "0.7"), ("latent.distribution", "uniform"), ("discriminator.optimiser", "rmsprop"), ("generator.norm", "instance"),
        ]),
        Case(name: "volumes, relativistic", settings: volumes + [("loss", "relativistic"), ("volume.accuracy", "0.6"), ("discriminator.norm", "layer"), ("noise", "0.1"), ("noise.steps", "4")]),
        Case(name: "volumes of views", settings: views),
        Case(name: "volumes of views, in parts, averaged", settings: views + [
            ("accumulate", "2"), ("average.decay", "0.9"), ("volume.accuracy", "0.5"), ("view.divergence", "0.1"), ("view.reconstruction", "100"), ("loss", "relativistic-average"),
        ]),
        Case(name: "volumes of views by a judge that always learns", settings: views + [("volume.accuracy", "1"), ("discriminator.norm", "none"), ("view.divergence", "0")]),
    ]

    /// Networks, norms, ways of upsampling and attention, each with each other at least once.
    private static let networks = [
        Case(name: "R3GAN", settings: residual),
        Case(name: "R3GAN's networks of two blocks, lazily penalised", settings: residual + [
            ("generator.blocks", "2"), ("discriminator.blocks", "2"), ("penalty.every", "2"), ("discriminator.activation", "tanh"), ("attention.side", "4"),
        ]),
        Case(name: "SNGAN", settings: residual + [
            ("residual", "sngan"), ("loss", "hinge"), ("r1", "0"), ("r2", "0"), ("discriminator.spectral-norm", "true"), ("generator.norm", "batch"),
        ]),
        Case(name: "SNGAN's blocks, penalised, with attention", settings: residual + [
            ("residual", "sngan"), ("discriminator.activation", "tanh"), ("generator.norm", "layer"), ("generator.upsampling", "bilinear"),
            ("attention.side", "4"), ("generator.blocks", "2"), ("discriminator.blocks", "2"),
        ]),
        Case(name: "a residual GAN of labels", settings: residual + [
            ("residual", "sngan"), ("condition", "labels"), ("conditioning", "projection"), ("generator.norm", "batch-by-class"), ("loss", "hinge"),
            ("r1", "0"), ("r2", "0"), ("generator.upsampling", "shuffle"),
        ]),
        Case(name: "a residual GAN of transposed convolutions", settings: residual + [
            ("generator.upsampling", "transposed"), ("generator.norm", "instance"), ("discriminator.norm", "instance"), ("r1", "0"), ("r2", "0"), ("attention.side", "8"),
        ]),
        Case(name: "a residual GAN with norms in its batches", settings: residual + [
            ("generator.upsampling", "shuffle"), ("generator.norm", "batch"), ("discriminator.norm", "batch"), ("r1", "0"), ("r2", "0"), ("loss", "least-squares"),
            ("generator.initialisation", "glorot"), ("discriminator.initialisation", "orthogonal"),
        ]),
        Case(name: "a residual InfoGAN", settings: residual + [("recipe", "infogan"), ("info.categories", "3"), ("loss", "non-saturating"), ("r1", "0"), ("r2", "0")]),
        Case(name: "a DCGAN of nearest pixels, with attention", settings: convolutional + [("generator.upsampling", "nearest"), ("attention.side", "4")]),
        Case(name: "a DCGAN of interpolated pixels", settings: convolutional + [
            ("generator.upsampling", "bilinear"), ("generator.initialisation", "he"), ("discriminator.initialisation", "he"), ("generator.channels-limit", "2"),
        ]),
        Case(name: "a DCGAN of shuffled pixels", settings: convolutional + [("generator.upsampling", "shuffle"), ("generator.norm", "instance")]),
        Case(name: "a penalised DCGAN with attention", settings: convolutional + [
            ("attention.side", "4"), ("discriminator.norm", "none"), ("r1", "1"), ("discriminator.activation", "tanh"), ("generator.norm", "layer"),
            ("generator.upsampling", "bilinear"), ("discriminator.spectral-norm", "true"),
        ]),
        Case(name: "lists of dense layers", settings: listed + [
            ("generator.layers", "dense 12, relu, dropout 0.2, dense 64, sigmoid"), ("discriminator.layers", "flatten, dropout 0.3, dense 9, leaky-relu, dense 1"),
        ]),
        Case(name: "lists of convolutions", settings: listed + [
            ("generator.layers", "dense 48, norm batch, relu, reshape 4 4 3, attention, conv-transpose 3, norm batch, leaky-relu, residual, conv 1, tanh"),
            ("discriminator.layers", "conv 4 4 2, leaky-relu, dropout 0.25, attention, conv 3, norm layer, relu, residual, average 2, sum, dense 6, tanh"),
        ]),
        Case(name: "lists with labels, penalised", settings: listed + [
            ("condition", "labels"), ("r1", "1"), ("generator.layers", "dense 32, reshape 4 4 2, norm batch-by-class, tanh, upsample 2 bilinear, norm instance, conv 4, conv 4 1, shuffle 2, average 2"),
            ("discriminator.layers", "conv 4 4 2, tanh, norm instance, upsample 2, attention, conv 2 2 2, tanh"), ("discriminator.initialisation", "glorot"),
        ]),
    ]

    private static let rows = [("recipe", "table"), ("generator.hidden", "12,9"), ("discriminator.hidden", "10,11"), ("batch-size", "20"), ("packing", "2")]

    private static let tables = [
        Case(name: "rows of a table", settings: rows + [("table.dropout", "0")]),
        Case(name: "rows with dropout, and the losses of others", settings: rows + [("loss", "hinge"), ("gradient-penalty", "0"), ("average.decay", "0.9")]),
        Case(name: "rows without conditions", settings: rows + [("table.conditions", "false"), ("packing", "1")]),
        Case(name: "rows in parts", settings: rows + [("accumulate", "2"), ("discriminator.steps", "2"), ("table.temperature", "0.5")]),
    ]

    private static let classifier = [("recipe", "classifier"), ("classifier.channels", "3"), ("classifier.features", "9"), ("classifier.learning-rate", "0.01")]

    /// Those that draw nothing, beside the others for all that trains.
    private static let allCases: [Case] =
        cases + [
            Case(name: "a classifier of residual blocks", settings: classifier + [("classifier.shift", "0")]),
            Case(name: "a classifier of moved and mirrored pictures", settings: classifier + [("classifier.shift", "2"), ("classifier.mirror", "true")]),
            Case(name: "a connected classifier of all data", settings: classifier + [
                ("classifier.network", "mlp"), ("classifier.hidden", "7,5"), ("classifier.shift", "1"), ("classifier.held-out", "0"),
            ]),
            Case(name: "a classifier of tags", settings: classifier + [("classifier.target", "tags"), ("classifier.shift", "0"), ("rate.schedule", "cosine"), ("rate.steps", "20")]),
            Case(name: "an autoencoder", settings: [
                ("recipe", "autoencoder"), ("autoencoder.channels", "3"), ("autoencoder.features", "6"), ("autoencoder.learning-rate", "0.01"),
            ]),
        ]

    /// What a case is trained on.
    private func data(of one: Case) throws -> Dataset {
        if one.settings.contains(where: { $0 == "recipe" && $1 == "table" }) { return try Self.table() }
        if one.settings.contains(where: { $0 == "recipe" && $1 == "next-frame" }) { return try barClips() }
        if one.settings.contains(where: { $0 == "recipe" && $1 == "view-to-volume" }) { return try plates(views: true) }
        if one.settings.contains(where: { $0 == "recipe" && $1 == "volume" }) { return try plates() }
        let bars = try data()
        guard one.settings.contains(where: { $0 == "recipe" && $1 == "translation" }) else { return bars }
        // Another kind of pictures, of which there are fewer: stripes from top to bottom.
        let stripes = (0..<27 * 64).map { (index: Int) -> UInt8 in (index / 8 + index / 64) % 3 == 0 ? 240 : UInt8(index / 64) }
        let others = try Dataset.fromBytes(stripes, count: 27, shape: ImageShape(height: 8, width: 8, channels: 1), labels: nil, classes: 0, ownership: .copy)
        return try Dataset.combine([(Field.source, bars), (Field.target, others)], isPaired: false)
    }

    /// Bars with a class, with four tags, and with texts that say the same, of which two exclude each other.
    private func data() throws -> Dataset {
        let bars = try bars(side: 8, classes: 3)
        var flags: [UInt8] = []
        for item in 0..<bars.count {
            let (isThird, isLow): (UInt8, UInt8) = (item % 3 == 0 ? 1 : 0, item % 7 < 4 ? 1 : 0)
            flags += [UInt8(item % 2), UInt8(1 - item % 2), isThird, isLow]
        }
        let texts = (0..<bars.count).map { "\($0 % 2 == 0 ? "left" : "right")\($0 % 3 == 0 ? " third" : "")" }
        return try bars.adding(Column.tags(flags, count: bars.count, names: ["left", "right", "third", "seventh"], name: Field.tags))
            .adding(Column.texts(texts, length: 0, name: Field.text))
    }

    /// Rows of every kind of column.
    private static func table() throws -> Dataset {
        var text = "city,age,born,height,paid,none,all\n"
        for item in 0..<60 {
            let age = 20 + item * 7 % 50
            text += "\(["Seoul", "Busan", "\"a, b\"", ""][item % 4]),\(age),\(1950 + item % 40)-0\(1 + item % 9)-15,"
            text += "\(item % 5 == 0 ? "" : "\(150 + item).\(item % 10)"),\(item % 3 == 0 ? 0 : 1000 + item * item),,x\n"
        }
        var options = DatasetOptions()
        options.table.continuous = ["paid"]
        return try Array(text.utf8).withUnsafeBytes { try Dataset.table($0, options: options) }
    }

    /// Where a loss looks at differences of logits only, the last bias has no gradient but roundings, which Adam makes steps of.
    private static let withoutGradient = Set(["1", "5", "logit", "out"].flatMap { layer in
        ["", ".adam.m", ".adam.v", ".rmsprop.v"].flatMap { ["discriminator.\(layer).bias\($0)", "reverse-discriminator.\(layer).bias\($0)"] }
    })

    private static let ofTables = Set(["", ".adam.m", ".adam.v"].map { "discriminator.2.bias\($0)" })

    func testStepsAreTheReferences() throws {
        for one in Self.allCases {
            let isTable = one.settings.contains { $0 == "recipe" && $1 == "table" }
            let cancels = isTable || one.settings.contains { ($0 == "preset" && $1 == "resnet") || ($0 == "loss" && ($1 == "wasserstein" || $1 == "hinge" || $1.hasPrefix("relativistic"))) }
            do {
                // The reference reads the first items, and a classifier holds some out.
                try compareWithReference(
                    one.settings + (one.settings.contains { $0 == "recipe" && $1 == "classifier" } ? [("classifier.held-out", "0")] : []), data: data(of: one), steps: 3, tolerance: one.tolerance, except: cancels ? Self.withoutGradient.union(isTable ? Self.ofTables : []) : [])
            } catch { XCTFail("\(one.name): \(error)") }
        }
    }

    private func bits(_ trainer: Trainer) -> [String: [UInt32]] {
        var all: [String: [UInt32]] = [:]
        for name in trainer.savedNames { all[name] = (trainer.values(of: name) ?? []).map(\.bitPattern) }
        return all
    }

    func testThreadsAndResumingChangeNothing() throws {
        let folder = NSTemporaryDirectory() + "recipes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/model.safetensors"
        for one in Self.allCases {
            let data = try data(of: one)
            var first: [String: [UInt32]] = [:]
            for threads in ["1", "2", "5"] {
                let trainer = try Trainer(options: smallOptions(one.settings + [("threads", threads)]), dataset: data)
                try trainer.step(7)
                if first.isEmpty { first = bits(trainer) }
                XCTAssertEqual(bits(trainer), first, "\(one.name) on \(threads) threads")
            }
            let begun = try Trainer(options: smallOptions(one.settings), dataset: data)
            try begun.step(4)
            try begun.save(to: path)
            let resumed = try Trainer(checkpoint: path, overrides: nil, dataset: data)
            try resumed.step(3)
            XCTAssertEqual(bits(resumed), first, "\(one.name), resumed")
        }
    }

    func testSamplesDoNotDependOnTheirBatchNorOnTheFile() throws {
        let folder = NSTemporaryDirectory() + "recipes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/model.safetensors"
        for one in Self.cases {
            let data = try data(of: one)
            let trainer = try Trainer(options: smallOptions(one.settings), dataset: data)
            try trainer.step(3)
            try trainer.save(to: path)
            let (count, size) = try (150, trainer.snapshot().imageShape.elements)
            func draw(_ sampler: Sampler, _ first: Int, _ count: Int) -> [UInt32] {
                var images = [Float](repeating: .nan, count: count * size)
                images.withUnsafeMutableBufferPointer { images in
                    if let start = images.baseAddress { sampler.draw(seed: 9, first: Int64(first), count: count, into: start) }
                }
                return images.map(\.bitPattern)
            }
            let whole = try draw(Sampler(generator: trainer.snapshot(), threads: 1), 0, count)
            XCTAssertFalse(whole.contains { !Float(bitPattern: $0).isFinite }, one.name)
            let loaded = try Generator(path: path)
            try loaded.save(to: path)
            for threads in [1, 2, 3] {
                let sampler = try Sampler(generator: Generator(path: path), threads: threads)
                for (first, some) in [(0, 1), (7, 1), (3, 5), (0, 40), (99, 51), (0, count)] {
                    XCTAssertEqual(
                        draw(sampler, first, some), Array(whole[first * size..<(first + some) * size]), "\(one.name): \(some) from \(first), \(threads) threads")
                }
            }
        }
    }

    /// After two steps at keeps of 1/10 and 2/11 little is left of the initial weights, whatever the decay.
    func testTheAverageOfAShortTrainingIsNotOfItsBeginning() throws {
        let trainer = try Trainer(options: smallOptions([("average.decay", "0.9999")]), dataset: data())
        let name = "generator.0.weight"
        func now() throws -> [Float] { try XCTUnwrap(trainer.values(of: name)) }
        let initial = try now()
        try trainer.step(1)
        let first = try now()
        try trainer.step(1)
        let (second, average) = (try now(), try XCTUnwrap(trainer.values(of: "average.\(name)")))
        for i in initial.indices {
            XCTAssertEqual(average[i], (initial[i] / 10 + first[i] * 9 / 10) * 2 / 11 + second[i] * 9 / 11, accuracy: 1e-6)
        }
    }

    func testWhatIsAskedForIsDrawn() throws {
        let trainer = try Trainer(options: smallOptions([("condition", "labels")]), dataset: data())
        try trainer.step(3)
        let sampler = try Sampler(generator: trainer.snapshot(), threads: 2)
        func draw() -> [Float] {
            var images = [Float](repeating: .nan, count: 6 * 64)
            images.withUnsafeMutableBufferPointer { images in
                if let start = images.baseAddress { sampler.draw(seed: 9, first: 0, count: 6, into: start) }
            }
            return images
        }
        let unset = draw()
        try sampler.set(1, rows: [0, 1, 2])
        XCTAssertEqual(draw(), unset, "classes i mod 3 are what nobody asks for")
        try sampler.set(1, rows: [2])
        let twos = draw()
        XCTAssertEqual(Array(twos[128..<192]), Array(unset[128..<192]))
        XCTAssertNotEqual(Array(twos[..<64]), Array(unset[..<64]))
        for wrong: Float in [-1, 3, 0.5, .nan] {
            XCTAssertThrowsError(try sampler.set(1, rows: [wrong])) { XCTAssertEqual(($0 as? GanError)?.status, .outOfRange) }
        }
        XCTAssertEqual(draw(), twos, "what was refused changed nothing")
        try sampler.set(1, rows: [])
        XCTAssertEqual(draw(), unset)
    }

    /// The generator's relativistic loss compares two logits of one discriminator, the moved one. With one real picture, and one that a
    /// generator of zeros makes, the next step's discriminator tells what they are.
    func testARelativisticLossLooksAtOneDiscriminator() throws {
        let pixels = [UInt8](repeating: 250, count: 60 * 16)
        let data = try Dataset.fromBytes(pixels, count: 60, shape: ImageShape(height: 4, width: 4, channels: 1), labels: nil, classes: 0, ownership: .copy)
        for recipe in ["gan", "infogan"] {
            for loss in ["relativistic", "relativistic-average"] {
                let trainer = try Trainer(
                    options: smallOptions([
                        ("recipe", recipe), ("loss", loss), ("generator.initial-deviation", "0"), ("generator.learning-rate", "0"),
                        ("discriminator.learning-rate", "0.05"),
                    ]), dataset: data)
                func metric(_ name: String) throws -> Double { trainer.metric(try XCTUnwrap(Metric.find(name))) }
                try trainer.step(1)
                let generator = -(try metric("generator.loss"))
                let before = -(try metric("discriminator.loss"))
                try trainer.step(1)
                let discriminator = -(try metric("discriminator.loss"))
                XCTAssertGreaterThan(abs(discriminator - before), 0.05, "the discriminator has to move for this to tell anything")
                // softplus(-d) of a difference d is told, and softplus(d) asked for.
                XCTAssertEqual(generator, log(1 + 1 / (exp(discriminator) - 1)), accuracy: 1e-4, "\(recipe), \(loss)")
            }
        }
    }

    func testClipsThatAreNoneOrTooShortAreRefused() throws {
        func refused(_ settings: [(String, String)], _ data: Dataset, _ words: String...) {
            XCTAssertThrowsError(try Trainer(options: smallOptions(Self.film + settings), dataset: data)) { error in
                XCTAssertEqual((error as? GanError)?.status, .mismatch)
                for word in words { XCTAssertTrue((error as? GanError)?.message.contains(word) ?? false, "\(word) in \(error)") }
            }
        }
        try refused([], bars(), "clips", "data.items=clips")
        try refused([("frames.past", "6")], barClips(), "frames.past to 5", "have 7")
        try refused([("frames.ahead", "7")], barClips(), "frames.ahead to 1")
        try refused([], barClips(side: 3), "4×4")
        XCTAssertNoThrow(try Trainer(options: smallOptions(Self.film + [("frames.past", "5")]), dataset: barClips()))
    }

    /// Windows begin anywhere in a clip, so that all of it is learnt from, and never reach beyond it.
    func testFramesOfAllPlacesAreLearntFrom() throws {
        let trainer = try Trainer(options: smallOptions(Self.film + [("frames.past", "2"), ("frames.ahead", "1"), ("frames.motion", "3"), ("sharpness", "0")]), dataset: barClips())
        func error() throws -> Double { trainer.metric(try XCTUnwrap(Metric.find("error"))) }
        try trainer.step(1)
        let before = try error()
        try trainer.step(500)
        XCTAssertLessThan(try error(), 0.5 * before)
    }

    func testWhatDataLackIsSaid() throws {
        XCTAssertThrowsError(try Trainer(options: smallOptions([("condition", "labels")]), dataset: bars())) {
            XCTAssertEqual(($0 as? GanError)?.status, .mismatch)
            XCTAssertTrue(($0 as? GanError)?.message.contains("label") ?? false)
        }
        XCTAssertThrowsError(
            try Trainer(options: smallOptions([("recipe", "infogan"), ("info.categories", "0"), ("info.codes", "0")]), dataset: bars()))
        XCTAssertThrowsError(
            try Trainer(options: smallOptions([("discriminator.steps", "1021"), ("r1", "1"), ("penalty.every", "1019")]), dataset: bars()))
    }
}
