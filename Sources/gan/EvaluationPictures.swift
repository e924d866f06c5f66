// Pictures of an evaluation: samples beside the data nearest to them, and examples of each class.
import CGan

struct EvaluationPictures {
    let evaluation: Handle
    let source: PictureSource
    let dataset: Handle
    let samples: Int64

    /// Pairs of a sample and what is nearest to it, and how many stand in a row.
    private static let pairs = 48, pairsARow = 6
    private static let examples = 10

    /// Of the first thousand samples the pairs that are nearest, nearest first.
    func writeNeighbours(_ path: String) throws {
        var found: [(sample: Int64, item: Int64, distance: Double)] = []
        for sample in 0..<min(samples, 1000) {
            var item: Int64 = 0, distance = 0.0
            try check(gan_evaluation_nearest(evaluation.pointer, sample, &item, &distance))
            found.append((sample, item, distance))
        }
        found.sort { $0.distance < $1.distance }
        let shape = try PictureSource.shape(dataset), size = Int(shape.height) * Int(shape.width) * Int(shape.channels)
        var pixels: [UInt8] = []
        for pair in found.prefix(Self.pairs) {
            pixels += try source.pixels(pair.sample, size: size)
            pixels += try PictureSource.pixels(dataset, pair.item, size: size)
        }
        try write(pixels, columns: Int32(2 * Self.pairsARow), to: path)
    }

    /// A row for each class of the samples of which the classifier is most sure.
    func writeClasses(_ path: String, _ judge: Handle) throws {
        var count: Int32 = 0
        try check(gan_classifier_classes(judge.pointer, &count))
        var found: [[(sample: Int64, probability: Float)]] = Array(repeating: [], count: Int(count))
        for sample in 0..<samples {
            var index: Int32 = 0, probability: Float = 0
            try check(gan_evaluation_class(evaluation.pointer, sample, &index, &probability))
            if found.indices.contains(Int(index)) { found[Int(index)].append((sample, probability)) }
        }
        let shape = try PictureSource.shape(dataset), size = Int(shape.height) * Int(shape.width) * Int(shape.channels)
        var pixels: [UInt8] = []
        for row in found {
            let best = row.sorted { $0.probability > $1.probability }.prefix(Self.examples)
            for example in best { pixels += try source.pixels(example.sample, size: size) }
            pixels += [UInt8](repeating: 0, count: (Self.examples - best.count) * size)
        }
        try write(pixels, columns: Int32(Self.examples), to: path)
    }

    private func write(_ pixels: [UInt8], columns: Int32, to path: String) throws {
        let shape = try PictureSource.shape(dataset)
        let count = Int64(pixels.count / max(Int(shape.height) * Int(shape.width) * Int(shape.channels), 1))
        try check(gan_image_write_png(pixels, count, shape.height, shape.width, shape.channels, columns, 2, 2, path), .output)
    }
}
