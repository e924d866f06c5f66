// A history of made pictures, of which a discriminator is shown some in place of new ones, so that it does not forget what it has learnt of
// them (Shrivastava et al. 1612.07828, section 2.3; Zhu et al. 1703.10593, section 4: "an image buffer that stores the 50 previously
// created images"). It is a state of the training: in its checkpoints, and the same whatever the number of threads.

import Base
import Graph

struct PicturePool: Sendable {
    let name: String
    /// How many pictures are kept; 0 for none.
    let size: Int

    /// What is shown of the pictures that a step has made, [batch] + shape: each is as likely itself as any of those that are kept. Then the
    /// step's own are kept, in place of the oldest.
    func show(_ made: Tensor, _ s: StepBuilder) throws(GanError) -> Tensor {
        if size == 0 { return made }
        let picture = Array(made.shape.dropFirst())
        let width = try Sizes.product(picture, of: "a picture")
        let (size, batch) = (size, s.batch)
        let kept = try s.state(name, [size] + picture, .constant(0))
        // The first pictures come in at the end.
        let filled = try s.schedule("pool.filled") { step in Double(min(Int64(size), step < Int64(size) ? step * Int64(batch) : .max)) }
        let index = try (s.uniform([1]) * filled).floored(below: size).minimum((filled - 1).maximum(0).broadcast(to: [batch, 1]))
        let old = try kept.reshape([size, width]).gather((Float(size - 1) - index).reshape([batch])).reshape(made.shape)
        let isOld = try s.uniform([1]).greater(0.5) * filled.greater(0.5)
        let all = try Tensor.concatenate([kept, made], axis: 0)
        s.setState(name, try all.slice(starts: [batch] + picture.map { _ in 0 }, counts: [size] + picture))
        return try isOld.reshape([batch] + picture.map { _ in 1 }).broadcast(to: made.shape).select(old, made)
    }
}
