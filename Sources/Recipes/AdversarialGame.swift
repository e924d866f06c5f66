// What all adversarial recipes do in a step: the discriminator is shown real and generated items, and is moved by the loss and the
// penalties that the options name; then the generator is, by what the moved discriminator says. What a recipe wants besides, such as a
// class that is recognised, it adds as terms of both losses.

import Base
import Graph
import Networks
import Objectives
import Optimisers

/// What the discriminator said.
struct Judged {
    let real: Tensors
    let fake: Tensors
}

struct AdversarialGame: Sendable {
    let settings: AdversarialSettings
    let discriminator: Network
    /// Whether what is said of an item depends on that item alone, so that real and generated ones can be judged in one batch.
    let judgesApart: Bool
    /// When the discriminator is moved, in a training that begins without it.
    var cadence = Cadence.always
    /// The discriminator stays as it is at steps at which it tells a larger share of the batch right; nil for one that is moved at all.
    var accuracyLimit: Float?

    static let accuracy = StepMetric(
        "discriminator.accuracy", "The share of the last step's items, real and generated, that the discriminator told right.")

    /// One step.
    ///
    /// - Parameters:
    ///   - told: What the discriminator is told of the items, real and generated alike, [batch] + shape each.
    ///   - toldOfFake: What it is told of the generated ones, where that is something else.
    ///   - generators: What is moved by the generator's loss.
    ///   - judges: What is moved by the discriminator's loss besides.
    ///   - discriminatorTerms: What the discriminator minimises besides, of what it said.
    ///   - generatorTerms: What the generators minimise besides, of what the moved discriminator says of generated items.
    func step(
        _ s: StepBuilder, real: Tensor, fake: Tensor, told: Tensors = [:], toldOfFake: Tensors? = nil, moving generators: [(Network, any Optimiser)],
        judges: [(Network, any Optimiser)] = [],
        discriminatorTerms: (Judged) throws(GanError) -> [Tensor] = { (_) throws(GanError) in [] },
        generatorTerms: (Tensors) throws(GanError) -> [Tensor] = { (_) throws(GanError) in [] }
    ) throws(GanError) {
        let turn = try moveDiscriminator(s, real: real, fake: fake, told: told, toldOfFake: toldOfFake, judges: judges, terms: discriminatorTerms)
        guard s.happens(settings.generatorCadence) else {
            try settings.report(discriminator: turn.objective, generator: nil, turn.judged, s)
            return
        }
        let (again, adversarial) = try opinion(s, turn, of: turn.shown.fake)
        var generatorLoss = adversarial
        for term in try generatorTerms(again) { generatorLoss = try generatorLoss + term }
        try s.minimise(generatorLoss, moving: generators, settings.generatorCadence, clip: settings.clip)
        if settings.averageDecay > 0, let generator = generators.first?.0 { try s.average(generator, decay: settings.averageDecay) }
        try settings.report(discriminator: turn.objective, generator: adversarial, turn.judged, s)
    }

    /// What the discriminator was shown and said before it was moved.
    struct Turn {
        let shown: (real: Tensor, fake: Tensor)
        let told: Tensors
        let toldOfFake: Tensors
        let judged: Judged
        /// The adversarial part of its loss.
        let objective: Tensor
    }

    /// Shows the discriminator real and generated items, and moves it.
    func moveDiscriminator(
        _ s: StepBuilder, real: Tensor, fake: Tensor, told: Tensors = [:], toldOfFake: Tensors? = nil, judges: [(Network, any Optimiser)] = [],
        terms: (Judged) throws(GanError) -> [Tensor] = { (_) throws(GanError) in [] }
    ) throws(GanError) -> Turn {
        let told = try told.mapped { (items) throws(GanError) in try settings.packing.split(items) }
        let toldOfFake = try toldOfFake?.mapped { (items) throws(GanError) in try settings.packing.split(items) } ?? told
        let shown = try settings.showing(real: real, fake: fake, s)
        let judged = try judgesApart
            ? together(shown.real, shown.fake, told, toldOfFake, s)
            : Judged(real: judge(shown.real, told, s), fake: judge(shown.fake, toldOfFake, s))
        let objective = try settings.loss.discriminator(real: judged.real("logits"), fake: judged.fake("logits"), smoothing: settings.smoothing)
        var loss = objective
        for term in try terms(judged) { loss = try loss + term }
        loss = try settings.penalised(loss, real: shown.real, fake: shown.fake, logitsOf: judged, s) {
            (items) throws(GanError) in try judge(items, told, s)("logits")
        }
        var gate: UpdateGate?
        if let accuracyLimit {
            let share = try settings.loss.accuracy(real: judged.real("logits"), fake: judged.fake("logits"))
            gate = UpdateGate(value: share, limit: accuracyLimit)
            try s.metric(Self.accuracy.name, share)
        }
        try s.minimise(
            loss, moving: [(discriminator, settings.discriminatorOptimiser)] + judges, cadence, clip: settings.clip, limit: settings.weightLimit, unless: gate)
        try settings.showing.adaptation.follow(settings.loss.belief(real: judged.real("logits"), fake: judged.fake("logits")), s)
        return Turn(shown: shown, told: told, toldOfFake: toldOfFake, judged: judged, objective: objective)
    }

    /// What the moved discriminator says of generated items, as they are shown to it, and what the generator minimises of that.
    func opinion(_ s: StepBuilder, _ turn: Turn, of fake: Tensor) throws(GanError) -> (said: Tensors, loss: Tensor) {
        let said = try judge(fake, turn.toldOfFake, s)
        // A relativistic loss compares with what the same discriminator says of real items.
        let real = settings.loss.isRelativistic ? try judge(turn.shown.real, turn.told, s)("logits") : try turn.judged.real("logits")
        return (said, try settings.loss.generator(real: real, fake: said("logits")))
    }

    private func judge(_ items: Tensor, _ told: Tensors, _ s: StepBuilder) throws(GanError) -> Tensors {
        var inputs = told
        inputs["images"] = items
        return try s.run(discriminator, inputs)
    }

    /// Real and generated items judged in one batch, so that weights are read once.
    private func together(
        _ real: Tensor, _ fake: Tensor, _ told: Tensors, _ toldOfFake: Tensors, _ s: StepBuilder
    ) throws(GanError) -> Judged {
        var both = try told.joined(toldOfFake) { (ofReal, ofFake) throws(GanError) in try Tensor.concatenate([ofReal, ofFake], axis: 0) }
        both["images"] = try Tensor.concatenate([real, fake], axis: 0)
        let result = try s.run(discriminator, both)
        /// Half of the rows of everything that was said.
        func half(_ second: Bool) throws(GanError) -> Tensors {
            try result.mapped { (whole) throws(GanError) in
                let counts = [whole.shape[0] / 2] + whole.shape.dropFirst()
                return try whole.slice(starts: [second ? counts[0] : 0] + counts.dropFirst().map { _ in 0 }, counts: counts)
            }
        }
        return Judged(real: try half(false), fake: try half(true))
    }
}
