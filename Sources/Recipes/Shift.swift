// Pictures moved by a few pixels, and mirrored: what does not change what they show. Each picture of a batch by a random number of its
// own. Rows and columns are taken by products with matrices of ones and zeros, of which a table has one for every move.

import Base
import Graph

enum Shift {
    /// - Parameters:
    ///   - images: [batch, height, width, channels]; what comes in from beyond the edge is `edge`.
    ///   - pixels: The farthest move in each direction.
    static func moved(_ images: Tensor, by pixels: Int, mirrors: Bool, edge: Float, _ s: StepBuilder) throws(GanError) -> Tensor {
        if pixels == 0 && !mirrors { return images }
        let (batch, height, width, channels) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3])
        // With the edge at 0, what comes in is what a matrix leaves out.
        var x = try images - edge
        if pixels > 0 {
            let rows = try choice(of: table(height, by: min(pixels, height - 1), mirrors: false, images.graph), height, batch, s)
            x = try rows.product(x.reshape([batch, height, width * channels]))
        }
        let columns = try choice(of: table(width, by: min(pixels, width - 1), mirrors: mirrors, images.graph), width, batch, s)
        x = try x.reshape([batch, height, width, channels]).permute([0, 2, 1, 3]).reshape([batch, width, height * channels])
        x = try columns.product(x).reshape([batch, width, height, channels]).permute([0, 2, 1, 3])
        return try x + edge
    }

    /// A matrix [n, n] of the table for each item, all equally likely.
    private static func choice(of table: Tensor, _ n: Int, _ batch: Int, _ s: StepBuilder) throws(GanError) -> Tensor {
        let count = table.shape[0]
        let random = try s.uniform([])
        var index = try s.graph.constant(0, [batch])
        for step in 1..<max(count, 1) { index = try index + random.greater(Float(step) / Float(count)) }
        return try table.gather(index).reshape([batch, n, n])
    }

    /// Each row an [n, n] matrix whose product with a picture's lines moves them by −pixels … pixels, and once more mirrored.
    private static func table(_ n: Int, by pixels: Int, mirrors: Bool, _ graph: Graph) throws(GanError) -> Tensor {
        var rows: [Tensor] = []
        var identities = [try graph.identity(n)]
        if mirrors && n > 1 {
            // Ones at (i, n − 1 − i): in one line, n − 1 apart.
            let line = try graph.constant(1, [n, 1]).pad(before: [0, n - 2], after: [0, 0]).reshape([n * (n - 1)])
            identities.append(try line.pad(before: [1], after: [n - 1]).reshape([n, n]))
        }
        for identity in identities {
            let padded = try identity.pad(before: [pixels, 0], after: [pixels, 0])
            for start in 0...2 * pixels { rows.append(try padded.slice(starts: [start, 0], counts: [n, n]).reshape([1, n * n])) }
        }
        return rows.count == 1 ? rows[0] : try Tensor.concatenate(rows, axis: 0)
    }
}
