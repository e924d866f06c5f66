// Whether a training goes wrong in one of the two ways that are common: the discriminator wins, so that the generator learns nothing any
// more, or the samples become all the same. Each is said once, with what to try.
import CGan

struct Watch {
    /// So many steps must look bad before anything is said.
    private static let window = 500
    /// Below this the discriminator tells every image right, whatever the loss: all of them but Wasserstein's are 0 then.
    private static let won = 0.03

    private let isJudged: Bool
    private var badSteps = 0
    private var hasWarned = (won: false, collapsed: false)
    /// Of the data: the mean of pixels' variances, and the middle one of the distances to the nearest neighbour; nil before they are needed.
    private var data: Spread?

    init(loss: String) { isJudged = !loss.hasPrefix("wasserstein") }

    /// - Returns: What is wrong, where it is time to say so.
    mutating func add(_ metrics: StepMetrics, _ values: [Double]) -> String? {
        guard isJudged, !hasWarned.won, let place = metrics.names.firstIndex(of: "discriminator.loss") else { return nil }
        badSteps = values[place] > -Self.won ? badSteps + 1 : max(0, badSteps - 10)
        guard badSteps >= Self.window else { return nil }
        hasWarned.won = true
        return "Warning: for \(Self.window) steps the discriminator has told all images right, and the generator learns little from it. "
            + "Try --preset auto, or --set loss=relativistic --set r1=1 --set r2=1, or a lower discriminator.learning-rate."
    }

    /// Looks at samples, after an epoch.
    mutating func look(at trainer: Handle, _ dataset: Handle) throws -> String? {
        guard !hasWarned.collapsed, try Library.metric(trainer, "step") >= Double(Self.window) else { return nil }
        var total: Int64 = 0, height: Int32 = 0, width: Int32 = 0, channels: Int32 = 0
        try check(gan_dataset_shape(dataset.pointer, &total, &height, &width, &channels))
        let size = Int(height) * Int(width) * Int(channels)
        let count = min(64, Int(total))
        guard size > 0, size <= 1 << 20, count >= 8 else { return nil }
        if data == nil {
            var values = [Float](repeating: 0, count: count * size)
            // Images of a class may lie together: from all over the data.
            for item in 0..<count {
                let place = Int64(item) * total / Int64(count)
                try values.withUnsafeMutableBufferPointer { values in
                    guard let start = values.baseAddress else { return }
                    try check(gan_dataset_read(dataset.pointer, place, 1, start + item * size, size))
                }
            }
            data = Spread(values, count: count, size: size)
        }
        let generator = try Handle(destroy: gan_generator_destroy) { gan_trainer_generator(trainer.pointer, $0) }
        // What makes pictures of pictures makes the same one of the same.
        if PictureNetwork.is(generator) { return nil }
        let sampler = try Library.sampler(generator)
        var values = [Float](repeating: 0, count: count * size), low: Float = 0, high: Float = 1
        try check(gan_sampler_draw(sampler.pointer, 0, 0, Int64(count), &values, values.count))
        try check(gan_generator_range(generator.pointer, &low, &high))
        for i in values.indices { values[i] = (values[i] - low) / (high - low) }
        let samples = Spread(values, count: count, size: size)
        // Of a few numbers many may be nearly the same, as the data's are.
        guard let data, data.variance > 1e-6,
            samples.variance < 0.05 * data.variance || size >= 16 && samples.distance < 0.1 * data.distance
        else { return nil }
        hasWarned.collapsed = true
        return "Warning: the samples are nearly all alike, which those of the data are not. If that does not pass, try --preset auto, or "
            + "--set loss=relativistic --set r1=1 --set r2=1, a smaller learning rate, or --set packing=2 where it is there."
    }

    /// How much images differ.
    struct Spread {
        let variance: Double
        let distance: Double

        /// - Parameter values: [count, size].
        init(_ values: [Float], count: Int, size: Int) {
            var variance = 0.0
            for place in 0..<size {
                var sum = 0.0, squares = 0.0
                for item in 0..<count {
                    let value = Double(values[item * size + place])
                    sum += value
                    squares += value * value
                }
                variance += squares / Double(count) - (sum / Double(count)) * (sum / Double(count))
            }
            self.variance = variance / Double(size)
            var nearest = [Double](repeating: .infinity, count: count)
            for a in 0..<count {
                for b in 0..<a {
                    var sum: Float = 0
                    for place in 0..<size {
                        let difference = values[a * size + place] - values[b * size + place]
                        sum += difference * difference
                    }
                    nearest[a] = min(nearest[a], Double(sum))
                    nearest[b] = min(nearest[b], Double(sum))
                }
            }
            distance = (nearest.sorted()[count / 2] / Double(size)).squareRoot()
        }
    }
}
