// What a network keeps from one frame to the next: a long short-term memory (Hochreiter & Schmidhuber, "Long short-term memory", 1997, with
// the forget gate of Gers et al., "Learning to forget", 2000). Either of numbers, or of maps, whose products are convolutions
// (Shi et al. 1506.04214), so that what is remembered lies where it was seen, and pictures may have any sides.

import Base
import Graph

public enum MemoryKind: String, CaseIterable, Sendable {
    case convolutional
    case lstm
}

struct RecurrentMemory: Sendable {
    let kind: MemoryKind
    /// Numbers that are kept; of maps, how many at each place.
    let size: Int
    let style: LayerStyle

    /// What is kept between two frames.
    struct State {
        fileprivate let hidden: Tensor
        fileprivate let cell: Tensor
    }

    private static let window = 3

    /// Takes in what is seen [batch, height, width, channels], and says what is remembered: [batch, height, width, size], or [batch, size] of
    /// numbers.
    ///
    /// - Parameter state: What the frame before left; nil for the first.
    func callAsFunction(_ seen: Tensor, _ state: inout State?, _ scope: Scope) throws(GanError) -> Tensor {
        var x = seen
        if kind == .lstm { x = try x.reshape([x.shape[0], x.elementCount / x.shape[0]]) }
        // Gates see both, through weights of their own, so that a first frame needs no zeros.
        let plain = style.scaled(1)
        func gates(_ x: Tensor, _ norm: Norm, _ name: String) throws(GanError) -> Tensor {
            switch kind {
            case .lstm: try Layers.dense(x, outputs: 4 * size, norm: norm, plain, scope[name])
            case .convolutional: try Layers.convolution(x, outputs: 4 * size, window: Self.window, stride: 1, norm: norm, plain, scope[name])
            }
        }
        var all = try gates(x, .bias, "input")
        if let state { all = try all + gates(state.hidden, .nothing, "hidden") }
        func gate(_ index: Int) throws(GanError) -> Tensor {
            let last = all.rank - 1
            var (starts, counts) = (all.shape.map { _ in 0 }, all.shape)
            starts[last] = index * size
            counts[last] = size
            return try all.slice(starts: starts, counts: counts)
        }
        var cell = try gate(0).sigmoid() * gate(1).tanh()
        // Remembers in the beginning: a bias of 1 (Jozefowicz et al., "An empirical exploration of recurrent network architectures", 2015).
        if let state { cell = try cell + (gate(2) + 1).sigmoid() * state.cell }
        let hidden = try gate(3).sigmoid() * cell.tanh()
        state = State(hidden: hidden, cell: cell)
        return hidden
    }
}
