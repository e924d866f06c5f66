// From the characters of a text to a vector that says what it means, learnt with whatever reads that vector (as Reed et al., "Learning
// deep representations of fine-grained visual descriptions", 2016, 1605.05395, whose first kind this is). Characters rather than words:
// any language, no dictionary, and a word that was never seen is still made of parts that were.

import Base
import Graph

public enum TextEncoderKind: String, CaseIterable, Sendable {
    /// Convolutions that see pieces of words, then a recurrent layer that reads those in their order.
    case recurrent
    /// Convolutions alone, and of each channel the most that any place says: what is in the text, wherever it stands.
    case convolutional
    /// Places that ask each other (Vaswani et al., "Attention is all you need", 1706.03762).
    case transformer
}

public struct TextEncoder: Sendable {
    public let kind: TextEncoderKind
    /// Places of a text, and how many different numbers may stand there; 0 is the end and what follows it.
    public let length: Int
    public let characters: Int
    /// Channels inside, and numbers of the vector.
    public let channels: Int
    public let size: Int

    private static let style = LayerStyle(.he(gain: 1.4142135))
    private static let plain = LayerStyle(.he(gain: 1))
    private static let blocks = 2

    public init(_ kind: TextEncoderKind, length: Int, characters: Int, channels: Int, size: Int) {
        self.kind = kind
        self.length = length
        self.characters = characters
        self.channels = channels
        self.size = size
    }

    /// Texts [batch, length] to vectors [batch, size], whose numbers have mean 0 and variance 1 as a latent's do.
    public func callAsFunction(_ text: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let batch = text.shape[0]
        let isThere = try text.greater(0.5).reshape([batch, length, 1])
        let table = try scope.parameter("characters", [characters, channels], .normal(deviation: 1))
        let known = try table.gather(text.reshape([batch * length])).reshape([batch, length, channels])
        let read: Tensor
        switch kind {
        case .convolutional: read = try Self.most(pieces(known, isThere, scope), isThere)
        case .recurrent: read = try recurrent(known, isThere, scope["recurrent"])
        case .transformer: read = try transformed(known, isThere, scope["transformer"])
        }
        let vector = try Layers.dense(read.reshape([batch, channels]), outputs: size, Self.plain, scope["out"])
        return try Norm.standardised(vector, over: [1])
    }

    /// What convolutions make of nine characters around each place, [batch, length, channels].
    private func pieces(_ known: Tensor, _ isThere: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var x = try known * isThere
        for index in 0..<2 {
            x = try Layers.convolution(x, outputs: channels, window: 5, stride: 1, Self.style, scope[index]).maximum(0) * isThere
        }
        return x
    }

    /// The most of each channel; nothing is below 0.
    private static func most(_ x: Tensor, _ isThere: Tensor) throws(GanError) -> Tensor { try (x * isThere).largest(axes: [1]) }

    // MARK: In order

    /// Places that one step of the recurrence reads.
    private static let stride = 4

    /// The mean of what a gated recurrent unit (Cho et al. 1406.1078) remembers behind every four characters of the text.
    private func recurrent(_ known: Tensor, _ isThere: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let batch = known.shape[0]
        let missing = (Self.stride - length % Self.stride) % Self.stride
        func padded(_ x: Tensor) throws(GanError) -> Tensor { missing == 0 ? x : try x.pad(before: [0, 0, 0], after: [0, missing, 0]) }
        let steps = (length + missing) / Self.stride
        func pooled(_ x: Tensor) throws(GanError) -> Tensor {
            let width = x.shape[2]
            return try padded(x).reshape([batch, steps, Self.stride, width]).largest(axes: [2]).reshape([batch, steps, width])
        }
        let words = try pooled(pieces(known, isThere, scope))
        let isRead = try pooled(isThere)
        let inputs = try Layers.dense(words.reshape([batch * steps, channels]), outputs: 3 * channels, Self.plain, scope["input"])
            .reshape([batch, steps, 3 * channels])
        // Nothing is remembered before the first.
        var memory: Tensor?
        var total: Tensor?
        for step in 0..<steps {
            let input = try inputs.slice(starts: [0, step, 0], counts: [batch, 1, 3 * channels]).reshape([batch, 3 * channels])
            let isNew = try isRead.slice(starts: [0, step, 0], counts: [batch, 1, 1]).reshape([batch, 1])
            func gate(_ x: Tensor, _ number: Int) throws(GanError) -> Tensor {
                try x.slice(starts: [0, number * channels], counts: [batch, channels])
            }
            let next: Tensor
            if let memory {
                let own = try Layers.dense(memory, outputs: 3 * channels, norm: .nothing, Self.plain, scope["memory"])
                let reset = try (gate(input, 0) + gate(own, 0)).sigmoid()
                let keep = try (gate(input, 1) + gate(own, 1)).sigmoid()
                let candidate = try (gate(input, 2) + reset * gate(own, 2)).tanh()
                let changed = try keep * memory + (1 - keep) * candidate
                next = try memory + (changed - memory) * isNew
            } else {
                next = try (1 - gate(input, 1).sigmoid()) * gate(input, 2).tanh() * isNew
            }
            memory = next
            let counted = try next * isNew
            total = try total.map { (sum) throws(GanError) in try sum + counted } ?? counted
        }
        guard let total else { throw GanError(.internalError, "A text without places.") }
        let count = try isRead.sum(axes: [1]).reshape([batch, 1]).maximum(1)
        return try total / count
    }

    // MARK: All at once

    private func transformed(_ known: Tensor, _ isThere: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        let batch = known.shape[0]
        let heads = channels % 4 == 0 ? 4 : 1
        let width = channels / heads
        let places = try scope.parameter("places", [length, channels], .normal(deviation: 1))
        var x = try (known + places).reshape([batch * length, channels])
        // What is not there is asked by nobody.
        let closed = try ((isThere - 1) * 1e4).reshape([batch, 1, 1, length])
        for block in 0..<Self.blocks {
            let place = scope[block]
            let asked = try Norm.layer.apply(to: x, place["norm"])
            func map(_ name: String) throws(GanError) -> Tensor {
                try Layers.dense(asked, outputs: channels, norm: .nothing, Self.plain, place[name])
                    .reshape([batch, length, heads, width]).permute([0, 2, 1, 3])
            }
            let (query, key, value) = (try map("query"), try map("key"), try map("value"))
            let scores = try query.product(key, transposeB: true) * Float(1 / Double(width).squareRoot()) + closed
            let seen = try scores.softmax(axis: 3).product(value).permute([0, 2, 1, 3]).reshape([batch * length, channels])
            x = try x + Layers.dense(seen, outputs: channels, Self.plain, place["out"])
            let inner = try Layers.dense(
                Norm.layer.apply(to: x, place["inner"]["norm"]), outputs: 2 * channels, Self.style, place["inner"]["in"]).maximum(0)
            x = try x + Layers.dense(inner, outputs: channels, Self.plain, place["inner"]["out"])
        }
        let read = try Norm.layer.apply(to: x, scope["norm"]).reshape([batch, length, channels]) * isThere
        return try read.sum(axes: [1]).reshape([batch, channels]) / isThere.sum(axes: [1]).reshape([batch, 1]).maximum(1)
    }
}
