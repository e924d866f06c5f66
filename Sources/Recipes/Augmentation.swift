// Differentiable augmentation (Zhao et al., "Differentiable augmentation for data-efficient GAN training", 2006.10738): pictures are
// changed at random before the discriminator sees them, real and generated ones alike, and the generator learns through the change. So
// the discriminator cannot learn few pictures by heart, and what is drawn is not changed with them.

import Base
import Graph

/// What is changed.
public enum AugmentationKind: String, CaseIterable, Sendable {
    case none
    case colour
    case translation
    case cutout
    case colourAndTranslation = "colour+translation"
    case colourAndCutout = "colour+cutout"
    case translationAndCutout = "translation+cutout"
    case all

    var hasColour: Bool { self == .colour || self == .colourAndTranslation || self == .colourAndCutout || self == .all }
    var hasTranslation: Bool { self == .translation || self == .colourAndTranslation || self == .translationAndCutout || self == .all }
    var hasCutout: Bool { self == .cutout || self == .colourAndCutout || self == .translationAndCutout || self == .all }
}

public struct Augmentation: Sendable {
    let kind: AugmentationKind
    /// The values of a pixel that are black and white. What the changes are measured by, and what they leave empty is half-way.
    let range: (low: Float, high: Float)

    public init(kind: AugmentationKind, range: (low: Float, high: Float)) {
        self.kind = kind
        self.range = range
    }

    /// Pictures [batch, height, width, channels], each changed in its own way.
    ///
    /// - Parameter probability: How likely each change is for each picture, one number; nil for all of them always.
    public func callAsFunction(_ pictures: Tensor, probability: Tensor?, _ s: StepBuilder) throws(GanError) -> Tensor {
        if kind == .none { return pictures }
        let middle = (range.low + range.high) / 2
        var x = try pictures - middle
        let chance = Chance(probability: probability)
        if kind.hasColour { x = try recoloured(x, chance, s) }
        if kind.hasTranslation { x = try moved(x, chance, s) }
        if kind.hasCutout { x = try cut(x, chance, s) }
        return try x + middle
    }

    /// Which pictures are changed.
    private struct Chance {
        let probability: Tensor?

        /// The numbers `values` [batch, n], or 0 where `numbers` [batch, n] of [0, 1) say that the change does not happen.
        func gate(_ values: Tensor, _ numbers: () throws(GanError) -> Tensor) throws(GanError) -> Tensor {
            guard let probability else { return values }
            return try values * probability.reshape([1, 1]).greater(numbers())
        }
    }

    /// One number a picture, as a factor of its pixels.
    private func perPicture(_ numbers: Tensor, _ column: Int = 0) throws(GanError) -> Tensor {
        let rows = numbers.shape[0]
        return try numbers.slice(starts: [0, column], counts: [rows, 1]).reshape([rows, 1, 1, 1])
    }

    /// Brightness by up to a quarter of the range to either side, saturation by 0 to 2, contrast by ½ to 1½.
    private func recoloured(_ pictures: Tensor, _ chance: Chance, _ s: StepBuilder) throws(GanError) -> Tensor {
        let changes = try chance.gate(s.uniform([3]) - 0.5) { () throws(GanError) in try s.uniform([3]) }
        var x = try pictures + perPicture(changes) * ((range.high - range.low) / 2)
        if x.shape[3] > 1 {
            let grey = try x.mean(axes: [3])
            x = try (x - grey) * (perPicture(changes, 1) * 2 + 1) + grey
        }
        let mean = try x.mean(axes: [1, 2, 3])
        return try (x - mean) * (perPicture(changes, 2) + 1) + mean
    }

    /// By up to an eighth of each side, to any side.
    private func moved(_ pictures: Tensor, _ chance: Chance, _ s: StepBuilder) throws(GanError) -> Tensor {
        let (height, width) = (pictures.shape[1], pictures.shape[2])
        let reach = (Self.rounded(height, 8), Self.rounded(width, 8))
        let numbers = try s.uniform([2])
        func shift(_ axis: Int, _ reach: Int) throws(GanError) -> Tensor {
            try numbers.slice(starts: [0, axis], counts: [numbers.shape[0], 1]).whole(below: 2 * reach + 1) - Float(reach)
        }
        let shifts = try chance.gate(Tensor.concatenate([shift(0, reach.0), shift(1, reach.1)], axis: 1)) { () throws(GanError) in try s.uniform([1]) }
        let framed = try pictures.pad(before: [0, reach.0, reach.1, 0], after: [0, reach.0, reach.1, 0])
        let rows = try pictures.graph.counting(height).reshape([1, height]) + (shifts.slice(starts: [0, 0], counts: [numbers.shape[0], 1]) + Float(reach.0))
        let columns = try pictures.graph.counting(width).reshape([1, width]) + (shifts.slice(starts: [0, 1], counts: [numbers.shape[0], 1]) + Float(reach.1))
        return try framed.pixels(rows: rows, columns: columns)
    }

    /// A rectangle of half of each side, the middle of which is anywhere in the picture.
    private func cut(_ pictures: Tensor, _ chance: Chance, _ s: StepBuilder) throws(GanError) -> Tensor {
        let (height, width) = (pictures.shape[1], pictures.shape[2])
        let numbers = try s.uniform([2])
        /// 1 for the rows, or columns, that the rectangle takes, [batch, side].
        func inside(_ axis: Int, _ side: Int) throws(GanError) -> Tensor {
            let length = Self.rounded(side, 2)
            let middle = try numbers.slice(starts: [0, axis], counts: [numbers.shape[0], 1]).whole(below: side + (1 - length % 2))
            let first = try middle - (Float(length / 2) + 0.5)
            let places = try pictures.graph.counting(side).reshape([1, side])
            return try places.greater(first) * (first + Float(length)).greater(places)
        }
        let rows = try chance.gate(inside(0, height)) { () throws(GanError) in try s.uniform([1]) }
        let batch = pictures.shape[0]
        let hidden = try rows.reshape([batch, height, 1]) * inside(1, width).reshape([batch, 1, width])
        return try pictures * (1 - hidden).reshape([batch, height, width, 1])
    }

    private static func rounded(_ side: Int, _ divisor: Int) -> Int { (side + divisor / 2) / divisor }
}

extension StepBuilder {
    /// Pictures of which every other one, by chance, is turned left to right.
    public func mirrored(_ pictures: Tensor) throws(GanError) -> Tensor {
        let (height, width) = (pictures.shape[1], pictures.shape[2])
        let turned = try pictures.graph.constant(0.5, [1, 1]).greater(uniform([1]))
        let places = try pictures.graph.counting(width).reshape([1, width])
        let columns = try places + turned * (Float(width - 1) - places * 2)
        let rows = try pictures.graph.counting(height).reshape([1, height]).broadcast(to: [pictures.shape[0], height])
        return try pictures.pixels(rows: rows, columns: columns)
    }
}

extension Tensor {
    /// From pictures [batch, height, width, channels] those of the pixels in the places `rows` [batch, h] × `columns` [batch, w].
    fileprivate func pixels(rows: Tensor, columns: Tensor) throws(GanError) -> Tensor {
        let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
        let all = try Sizes.product([batch, height, width], of: "the pixels of a batch")
        // Places are whole numbers as floats.
        guard all <= 1 << 24 else {
            throw GanError(
                .outOfRange,
                "Moving and mirroring pictures takes batches of up to \(1 << 24) pixels, and these have \(all); choose a smaller batch-size, or a larger accumulate.")
        }
        let pictures = try graph.counting(batch).reshape([batch, 1]) * Float(height * width)
        let starts = try (pictures + rows * Float(width)).reshape([batch, rows.shape[1], 1])
        let places = try starts + columns.reshape([batch, 1, columns.shape[1]])
        return try reshape([all, channels]).gather(places.reshape([places.elementCount])).reshape([batch, rows.shape[1], columns.shape[1], channels])
    }
}
