// Options that contradict each other, or networks and data that they do not suit, are refused before anything is made, with what to do.

import Base
import Graph
import Networks
import Optimisers

extension OptionValues {
    private var penalties: [Option] { [Option.r1, .r2, .gradientPenalty, .dragan].filter { real($0) > 0 } }

    private func refusal(_ sentence: String) -> GanError { GanError(.outOfRange, sentence) }

    /// What no adversarial training can be.
    func checkAgreement() throws(GanError) {
        let loss = self[Choices.loss]
        if real(.labelSmoothing) > 0 && !loss.hasTarget {
            throw refusal(
                "label-smoothing is \(text(.labelSmoothing)), and the loss \(loss.rawValue) has no target that could be smoothed: leave it at 0, or choose one of the losses non-saturating, minimax and least-squares.")
        }
        if real(.weightClip) > 0 && real(.gradientPenalty) > 0 {
            throw refusal(
                "weight-clip is \(text(.weightClip)) and gradient-penalty \(text(.gradientPenalty)), and each is there instead of the other: leave one at 0.")
        }
        if real(.noise) > 0 && integer(.noiseSteps) == 0 {
            throw refusal("noise is \(text(.noise)), and noise.steps does not say over how many steps it falls to 0: set it, to 10000 for example.")
        }
        if self[Choices.rateSchedule] != .constant && integer(.rateSteps) == 0 {
            throw refusal(
                "rate.schedule is \(text(Choices.rateSchedule.option)), and rate.steps does not say over how many steps rates fall to 0: set it to as many as you train.")
        }
        let (batch, parts, pack) = (integer(.batchSize), integer(.accumulate), integer(.packing))
        guard batch % parts == 0 else {
            throw refusal("accumulate is \(parts), which does not divide batch-size, \(batch): choose a number of parts that does.")
        }
        guard batch / parts % pack == 0 else {
            throw refusal(
                parts == 1
                    ? "packing is \(pack), which does not divide batch-size, \(batch): choose \(batch / pack * pack > 0 ? batch / pack * pack : pack) images a batch, for example."
                    : "packing is \(pack), which does not divide the \(batch / parts) images of each of the \(parts) parts of a batch (batch-size, accumulate).")
        }
        if real(.augmentTarget) > 0 && self[Choices.augment] == .none {
            throw refusal(
                "augment.target is \(text(.augmentTarget)), and augment is none, so there is nothing to make likelier: set augment to what is to be changed, such as all.")
        }
    }

    /// What networks and items do not allow.
    ///
    /// - Parameters:
    ///   - image: [height, width, channels] of the items.
    ///   - judgesApart: Whether what the discriminator says of an item depends on that item alone.
    func checkAgreement(image: Shape, judgesApart: Bool) throws(GanError) {
        // A slope at an item is asked for; where a batch is normalised, an item's logit depends on the other items too.
        if let penalty = penalties.first, !judgesApart {
            let (what, instead) = self[Choices.network] == .layers
                ? ("batch normalisation in discriminator.layers", "take another norm there")
                : ("discriminator.norm=\(text(Choices.discriminatorNorm.option))", "set discriminator.norm to layer, instance or none")
            throw refusal("\(penalty.name) is on the discriminator's slope at each image, and \(what) mixes the images of a batch: \(instead).")
        }
        let kind = self[Choices.augment]
        let arePictures = image.count == 3 && image[0] > 1 && image[1] > 1
        if kind != .none && !arePictures {
            throw refusal("augment=\(kind.rawValue) changes pictures, and the data are \(image): leave it at none.")
        }
        if flag(.augmentMirror) && !arePictures {
            throw refusal("augment.mirror turns pictures left to right, and the data are \(image): leave it false.")
        }
    }

    /// What there is without a condition, or not.
    ///
    /// - Parameter told: What the networks are told.
    func checkAgreement(_ told: Told) throws(GanError) {
        var isOfOneClass = false
        if case .label = told { isOfOneClass = true }
        for norm in [Choices.generatorNorm, Choices.discriminatorNorm] where self[norm] == .batchByClass && !isOfOneClass {
            throw refusal(
                told.count > 0
                    ? "\(norm.option.name) is batch-by-class, and with condition=tags an image has no one class: choose another norm."
                    : "\(norm.option.name) is batch-by-class, and the networks are told no class: set condition=labels, or another norm.")
        }
        if value(Choices.conditioning.option) != Choices.conditioning.option.defaultValue && self[Choices.condition] == .none {
            throw refusal(
                "conditioning is \(text(Choices.conditioning.option)), and condition is none, so the networks are told nothing: set condition=labels or condition=tags.")
        }
        if self[Choices.discriminatorNorm] == .batchByClass && integer(.packing) > 1 {
            throw refusal("discriminator.norm is batch-by-class, and with packing an item of the discriminator has several classes: choose another norm.")
        }
    }
}
