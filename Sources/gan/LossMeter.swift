// The losses of an epoch: their mean over its steps, and how far they strayed from it.
import CGan

struct LossMeter {
    /// What the trainer says after a step.
    struct Step {
        var discriminator = 0.0, generator = 0.0, real = 0.0, fake = 0.0

        init() {}

        init(of trainer: Handle) throws {
            discriminator = try Library.metric(trainer, "discriminator.loss")
            generator = try Library.metric(trainer, "generator.loss")
            real = try Library.metric(trainer, "discriminator.real")
            fake = try Library.metric(trainer, "discriminator.fake")
        }
    }

    /// Mean and deviation as they grow (Welford, "Note on a method for calculating corrected sums of squares", 1962).
    struct Sum {
        private(set) var count = 0.0
        private(set) var mean = 0.0
        private var squares = 0.0

        mutating func add(_ value: Double) {
            count += 1
            let difference = value - mean
            mean += difference / count
            squares += difference * (value - mean)
        }

        var deviation: Double { count > 0 ? (squares / count).squareRoot() : 0 }
    }

    struct Sums {
        var discriminator = Sum(), generator = Sum(), real = Sum(), fake = Sum()
    }

    private(set) var sums = Sums()
    private(set) var last: Step?

    mutating func add(_ step: Step) {
        last = step
        sums.discriminator.add(step.discriminator)
        sums.generator.add(step.generator)
        sums.real.add(step.real)
        sums.fake.add(step.fake)
    }

    /// Begins a new epoch.
    mutating func begin() { sums = Sums() }
}
