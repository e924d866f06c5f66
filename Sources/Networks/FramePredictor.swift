// Says which frames follow: an encoder of convolutions looks at one frame after the other, a recurrent memory keeps what moves where, and a
// decoder draws the next one (Lotter, Kreiman & Cox 1511.06380, section 3). What moves on is not drawn anew: the decoder weighs, for each
// pixel, those around it in the frame before, and a colour of its own (Finn, Goodfellow & Levine 1605.07157, section 3.1, with the weights
// of De Brabandere et al. 1605.09673, for each pixel). A frame that was said is looked at like any other, and the next one follows.

import Base
import Graph

public struct FramePredictor: Sendable {
    /// How many frames are looked at.
    public let past: Int
    /// Channels of a frame.
    public let colours: Int
    /// Channels of the first halved size; each further one has twice as many, up to eight times.
    public let channels: Int
    /// How often sides are halved.
    public let levels: Int
    public let norm: NormKind
    public let style: LayerStyle
    /// How far away in the frame before a pixel's colour is looked for.
    public let motion: Int
    private let memory: RecurrentMemory
    /// Height and width of what the memory sees, where it is of numbers.
    private let smallest: [Int]

    /// - Parameters:
    ///   - sides: Height and width of the frames that it learns from.
    ///   - memorySize: Numbers of a memory of numbers.
    public init(
        past: Int, sides: [Int], colours: Int, channels: Int, memory kind: MemoryKind, memorySize: Int, motion: Int, norm: NormKind, style: LayerStyle
    ) {
        self.past = past
        self.colours = colours
        self.channels = channels
        self.norm = norm
        self.style = style
        self.motion = motion
        // Maps stay large enough to say where something is; numbers are made of small ones.
        let most = kind == .convolutional ? 2 : 6
        var levels = 0
        while levels < most, sides.allSatisfy({ ($0 >> levels) % 2 == 0 && $0 >> levels > 4 }) { levels += 1 }
        self.levels = levels
        smallest = sides.map { $0 >> levels }
        memory = RecurrentMemory(kind: kind, size: kind == .lstm ? memorySize : Self.width(levels - 1, channels), style: style)
    }

    /// Sides of frames have to be multiples of this.
    public var multiple: Int { 1 << levels }

    /// How far away a pixel can lie that makes a difference to another; nil where every pixel does.
    public var reach: Int? {
        if memory.kind == .lstm { return nil }
        // A window of 4 reaches two pixels of its own size to either side, on the way down and up; a window of 3, one.
        let halving = 4 * ((1 << levels) - 1)
        return halving + (past + 1) * (1 << levels) + 2 + motion
    }

    /// Frames [batch, height, width, past · colours] to the `ahead` that follow, [batch, height, width, ahead · colours], −1 … 1.
    public func callAsFunction(_ frames: Tensor, ahead: Int, _ scope: Scope) throws(GanError) -> Tensor {
        var state: RecurrentMemory.State?
        var (before, last) = (try frame(0, of: frames), try frame(0, of: frames))
        var seen: [Tensor] = []
        var remembered = last
        for index in 0..<past {
            if index > 0 { (before, last) = (last, try frame(index, of: frames)) }
            seen = try encoded(last, scope)
            remembered = try memory(seen.last ?? last, &state, scope["memory"])
        }
        var said: [Tensor] = []
        for index in 0..<ahead {
            if index > 0 {
                seen = try encoded(last, scope)
                remembered = try memory(seen.last ?? last, &state, scope["memory"])
            }
            let next = try drawn(remembered, seen, last, before, scope)
            said.append(next)
            (before, last) = (last, next)
        }
        return said.count == 1 ? said[0] : try Tensor.concatenate(said, axis: 3)
    }

    /// What is seen of a frame at each halved size.
    private func encoded(_ frame: Tensor, _ scope: Scope) throws(GanError) -> [Tensor] {
        var x = frame
        var sizes: [Tensor] = []
        for level in 0..<levels {
            x = try leaky(Layers.convolution(x, outputs: width(level), norm: level == 0 ? .bias : layerNorm, style, scope["down"][level]))
            sizes.append(x)
        }
        if levels == 0 { sizes.append(try leaky(Layers.convolution(x, outputs: width(0), window: 3, stride: 1, style, scope["down"]["in"]))) }
        return sizes
    }

    /// The frame that follows.
    private func drawn(_ remembered: Tensor, _ seen: [Tensor], _ last: Tensor, _ before: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var x = remembered
        if memory.kind == .lstm {
            let channels = width(levels - 1)
            let numbers = try Sizes.product(smallest[0], smallest[1], channels, of: "a decoder's map")
            x = try leaky(Layers.dense(x, outputs: numbers, style, scope["out"]["memory"])).reshape([x.shape[0]] + smallest + [channels])
        }
        for level in (0..<levels).reversed() {
            x = try Tensor.concatenate([x, seen[level]], axis: 3)
            x = try leaky(Layers.transposedConvolution(x, outputs: width(level - 1), norm: layerNorm, style, scope["up"][level]))
        }
        x = try Tensor.concatenate([x, last, before], axis: 3)
        let side = 2 * motion + 1
        let moved = motion == 0 ? 0 : side * side
        // The pixels around, and one that is new, as far as each is believed; then the colours of the new one.
        let numbers = try Layers.convolution(x, outputs: (moved == 0 ? 0 : moved + 1) + colours, window: 3, stride: 1, style.scaled(1), scope["out"])
        func channels(_ start: Int, _ count: Int) throws(GanError) -> Tensor {
            try numbers.slice(starts: [0, 0, 0, start], counts: numbers.shape.dropLast() + [count])
        }
        guard moved > 0 else { return try numbers.tanh() }
        let beliefs = try channels(0, moved + 1).softmax(axis: 3)
        let new = try channels(moved + 1, colours).tanh()
        var result: [Tensor] = []
        for colour in 0..<colours {
            let around = try neighbours(of: colourPlane(colour, of: last))
            let candidates = try Tensor.concatenate([around, colourPlane(colour, of: new)], axis: 3)
            result.append(try (beliefs * candidates).sum(axes: [3]))
        }
        return result.count == 1 ? result[0] : try Tensor.concatenate(result, axis: 3)
    }

    /// The pixels around each, [batch, height, width, side²]; beyond the edge all is black.
    private func neighbours(of plane: Tensor) throws(GanError) -> Tensor {
        let side = 2 * motion + 1
        let each = try plane.graph.identity(side * side).reshape([side, side, 1, side * side])
        let around = Window(stride: [1, 1], paddingBefore: [motion, motion], paddingAfter: [motion, motion])
        return try (plane + 1).convolution(each, around) - 1
    }

    private func colourPlane(_ colour: Int, of frame: Tensor) throws(GanError) -> Tensor {
        if frame.shape[3] == 1 { return frame }
        return try frame.slice(starts: [0, 0, 0, colour], counts: frame.shape.dropLast() + [1])
    }

    private func frame(_ index: Int, of frames: Tensor) throws(GanError) -> Tensor {
        try frames.slice(starts: [0, 0, 0, index * colours], counts: frames.shape.dropLast() + [colours])
    }

    private var layerNorm: Norm { norm.norm(deviation: style.deviation, keepsStatistics: true, .none) }

    private func leaky(_ x: Tensor) throws(GanError) -> Tensor { try Activation.leakyRelu(slope: 0.2)(x) }

    private func width(_ level: Int) -> Int { Self.width(level, channels) }
    private static func width(_ level: Int, _ channels: Int) -> Int { channels << min(max(level, 0), 3) }
}
