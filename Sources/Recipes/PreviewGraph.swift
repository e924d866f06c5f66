// What a training shows of itself between steps: a row of pictures side by side for each of some items of the data, such as the input, what
// the networks make of it by now, and the truth.

import Base
import Graph
import Networks

public struct PreviewGraph {
    public let graph: Graph
    /// [items, height, width, channels] in the recipe's range of pixels.
    public let rows: Tensor
    /// The fields of the data that it reads.
    public let fields: [Port]

    /// Pixels between two pictures of a row, which are black.
    public static let gap = 2

    /// - Parameter items: How many rows.
    /// - Returns: nil for a recipe that draws its samples without data.
    public init?(_ recipe: some Recipe, items: Int) throws(GanError) {
        let builder = StepBuilder(networks: recipe.networks, metrics: [], batch: items, step: 0, purpose: .sampling)
        let pictures = try recipe.preview(builder)
        if pictures.isEmpty { return nil }
        let height = pictures.map { $0.shape[1] }.max() ?? 1
        let channels = pictures.map { $0.shape[3] }.max() ?? 1
        let gap = try builder.graph.constant(recipe.pixelRange.low, [items, height, Self.gap, channels])
        var row: [Tensor] = []
        for picture in pictures {
            if !row.isEmpty { row.append(gap) }
            row.append(try Self.alike(picture, height: height, channels: channels, black: recipe.pixelRange.low))
        }
        graph = builder.graph
        rows = row.count == 1 ? row[0] : try Tensor.concatenate(row, axis: 2)
        fields = builder.fields
    }

    /// Grey as colour among coloured ones, and a small picture with larger pixels among large ones.
    private static func alike(_ picture: Tensor, height: Int, channels: Int, black: Float) throws(GanError) -> Tensor {
        var picture = picture
        if picture.shape[3] == 1, channels > 1 { picture = try picture.broadcast(to: Array(picture.shape.dropLast()) + [channels]) }
        let factor = height / picture.shape[1]
        if factor > 1 { picture = try picture.repeatedPixels(factor) }
        let missing = height - picture.shape[1]
        if missing == 0 { return picture }
        return try (picture - black).pad(before: [0, 0, 0, 0], after: [0, missing, 0, 0]) + black
    }
}
