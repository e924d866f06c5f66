// PacGAN (Lin et al., "PacGAN: the power of two samples in generative adversarial networks", 1712.04086): the discriminator sees m items
// at a time, all real or all generated, and so sees where generated ones are too much alike. Consecutive items of a batch are a pack: the
// channels of its pictures lie behind each other, and so do the numbers of what is told of each.

import Base
import Graph

public struct Packing: Sendable {
    let size: Int

    public init(size: Int) { self.size = size }

    /// Items [batch, …, channels] as packs [batch / m, …, m · channels].
    public func items(_ items: Tensor) throws(GanError) -> Tensor {
        guard size > 1, let channels = items.shape.last else { return items }
        let packs = try split(items)
        let order = [0] + packs.shape.indices.dropFirst(2).dropLast() + [1, packs.rank - 1]
        return try packs.permute(order).reshape([packs.shape[0]] + items.shape.dropFirst().dropLast() + [size * channels])
    }

    /// What is told of each item, [batch] + shape, as that of each pack, [batch / m, m] + shape.
    func split(_ items: Tensor) throws(GanError) -> Tensor {
        size > 1 ? try items.reshape([items.shape[0] / size, size] + items.shape.dropFirst()) : items
    }

    /// The shape of an item, or of a pack.
    func shape(ofItems shape: Shape) throws(GanError) -> Shape {
        guard size > 1, let channels = shape.last else { return shape }
        return try shape.dropLast() + [Sizes.product(channels, size, of: "a pack's channels")]
    }

    /// Of numbers for every item those for packs: the first item's.
    func first(ofEach numbers: Tensor) throws(GanError) -> Tensor {
        guard size > 1 else { return numbers }
        let counts = [numbers.shape[0] / size] + numbers.shape.dropFirst()
        return try numbers.slice(starts: counts.map { _ in 0 }, counts: counts, strides: [size] + counts.dropFirst().map { _ in 1 })
    }
}
