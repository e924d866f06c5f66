import Compute
import Kernels
import XCTest

/// A convolution in one of its three directions, with everything that can vary.
private struct Case: CustomStringConvertible {
    var kind = ConvolutionKind.forward
    var batch = 1
    var inChannels = 1
    var outChannels = 1
    var axes: [ConvolutionAxis]
    var chunks = 1
    var bias = false
    var activation = Activation.identity
    var derivative: Activation? = nil
    var slope: Float = 0.2

    var description: String {
        let shape = axes.map { "\($0.x)→\($0.y) window \($0.window) stride \($0.stride) dilation \($0.dilation) padding \($0.padding)" }
        return "\(kind) batch \(batch), \(inChannels)→\(outChannels), \(shape), chunks \(chunks), bias \(bias), \(activation), "
            + "derivative \(String(describing: derivative))"
    }

    var taps: Int { axes.reduce(1) { $0 * $1.window } }
    var xCount: Int { axes.reduce(batch * inChannels) { $0 * $1.x } }
    var yCount: Int { axes.reduce(batch * outChannels) { $0 * $1.y } }
    var wCount: Int { taps * inChannels * outChannels }
    var sourceCount: Int { kind == .inputGradient ? yCount : xCount }
    var otherCount: Int { kind == .weightGradient ? yCount : wCount }
    var resultCount: Int { kind == .forward ? yCount : kind == .inputGradient ? xCount : wCount * chunks }
    var columns: Int { kind == .inputGradient ? inChannels : outChannels }

    /// Calls `body` with the elements of x, w and y that meet in each term.
    func forEachTerm(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
        let (z, y, x) = (axes[0], axes[1], axes[2])
        for n in 0..<batch {
            for oz in 0..<z.y {
                for oy in 0..<y.y {
                    for ox in 0..<x.y {
                        let yPixel = ((n * z.y + oz) * y.y + oy) * x.y + ox
                        for kz in 0..<z.window {
                            let iz = oz * z.stride + kz * z.dilation - z.padding
                            if iz < 0 || iz >= z.x { continue }
                            for ky in 0..<y.window {
                                let iy = oy * y.stride + ky * y.dilation - y.padding
                                if iy < 0 || iy >= y.x { continue }
                                for kx in 0..<x.window {
                                    let ix = ox * x.stride + kx * x.dilation - x.padding
                                    if ix < 0 || ix >= x.x { continue }
                                    let xPixel = ((n * z.x + iz) * y.x + iy) * x.x + ix
                                    let tap = (kz * y.window + ky) * x.window + kx
                                    for i in 0..<inChannels {
                                        for c in 0..<outChannels {
                                            body(xPixel * inChannels + i, (tap * inChannels + i) * outChannels + c, yPixel * outChannels + c)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    static func random(_ chance: inout Chance, largest: Int = 9) -> Case {
        let rank = chance.int(1...3)
        var axes: [ConvolutionAxis] = []
        for axis in 0..<3 {
            if axis < 3 - rank {
                axes.append(ConvolutionAxis(x: 1, y: 1, window: 1, stride: 1, dilation: 1, padding: 0))
                continue
            }
            let window = chance.int(1...5)
            let stride = chance.int(1...4)
            let dilation = chance.pick([1, 1, 1, 2, 3])
            let x = chance.int(1...largest)
            let before = chance.pick([0, 0, 1, 1, 2, 7])
            let after = chance.pick([0, 0, 1, 1, 2, 7])
            let room = x + before + after - (window - 1) * dilation - 1
            if room < 0 {
                // As much padding as the window needs, all of it after.
                axes.append(
                    ConvolutionAxis(x: x, y: 1, window: window, stride: stride, dilation: dilation, padding: before))
            } else {
                axes.append(
                    ConvolutionAxis(x: x, y: room / stride + 1, window: window, stride: stride, dilation: dilation, padding: before))
            }
        }
        let few = rank == 3
        var s = Case(axes: axes)
        s.kind = chance.pick([.forward, .inputGradient, .weightGradient])
        s.batch = chance.pick(few ? [1, 2, 4, 9] : [1, 1, 2, 3, 5, 7, 14, 17])
        s.inChannels = chance.pick(few ? [1, 2, 3, 8, 17] : [1, 1, 2, 3, 4, 5, 8, 16, 17, 33])
        s.outChannels = chance.pick(few ? [1, 2, 3, 8, 17] : [1, 1, 2, 3, 4, 5, 8, 16, 17, 33])
        if s.kind == .weightGradient {
            s.chunks = chance.pick([1, 1, 2, 3])
        } else {
            let activations: [Activation] = [.identity, .relu, .leakyRelu, .sigmoid, .tanh]
            s.bias = chance.bool()
            s.activation = chance.pick([.identity] + activations)
            if chance.bool() { s.derivative = chance.pick(activations) }
        }
        return s
    }
}

private final class Operands {
    let source, other, bias, y: Fenced<Float>
    init(_ s: Case, _ chance: inout Chance) {
        let atEnd = chance.bool()
        source = Fenced(s.sourceCount, atEnd: atEnd)
        other = Fenced(s.otherCount, atEnd: atEnd)
        bias = Fenced(s.columns, atEnd: atEnd)
        y = Fenced(s.resultCount, atEnd: atEnd)
        for buffer in [source, other, bias, y] { buffer.fill { chance.float() } }
    }
}

private func convolve(_ s: Case, _ o: Operands, _ table: KernelTable, parts: Int, atEnd: Bool) -> Fenced<Float> {
    let result = Fenced<Float>(s.resultCount, atEnd: atEnd)
    result.fill { .nan }
    let packed = Fenced<Float>(
        ConvolutionArguments.packedCount(
            s.kind, z: s.axes[0], y: s.axes[1], x: s.axes[2], inChannels: s.inChannels, outChannels: s.outChannels))
    packed.fill { .nan }
    var t = ConvolutionArguments(
        kind: s.kind, batch: s.batch, inChannels: s.inChannels, outChannels: s.outChannels, z: s.axes[0], y: s.axes[1], x: s.axes[2],
        source: o.source.pointer, other: o.other.pointer, result: result.pointer, packed: packed.pointer)
    t.chunks = s.chunks
    t.bias = s.bias ? UnsafePointer(o.bias.pointer) : nil
    t.activation = s.activation
    t.slope = s.slope
    if let derivative = s.derivative {
        t.derivativeActivation = derivative
        t.derivativeOf = UnsafePointer(o.y.pointer)
    }
    for part in 0..<parts { table.convolutionPacking(&t, part, parts) }
    let workspace = Fenced<Float>(table.convolutionWorkspace(&t))
    for part in 0..<parts {
        workspace.fill { .nan }
        table.convolution(&t, part, parts, workspace.pointer)
    }
    keep(o, result, packed, workspace)
    return result
}

private func activate(_ x: Double, _ activation: Activation, _ slope: Double) -> Double {
    switch activation {
    case .identity: return x
    case .relu: return x.isNaN || x > 0 ? x : 0
    case .leakyRelu: return x > 0 ? x : slope * x
    case .sigmoid: return 1 / (1 + exp(-x))
    case .tanh: return tanh(x)
    }
}

private func derivative(_ y: Double, _ activation: Activation, _ slope: Double) -> Double {
    switch activation {
    case .identity: return 1
    case .relu: return y.isNaN ? y : y > 0 ? 1 : 0
    case .leakyRelu: return y.isNaN ? y : y > 0 ? 1 : slope
    case .sigmoid: return y * (1 - y)
    case .tanh: return 1 - y * y
    }
}

/// The first element that is further from the truth than rounding explains. Chunks are added first.
private func mismatch(_ s: Case, _ o: Operands, _ result: [Float]) -> String? {
    let count = s.kind == .weightGradient ? s.wCount : s.resultCount
    var sums = [Double](repeating: 0, count: count)
    var sizes = sums
    let source = o.source.values
    let other = o.other.values
    s.forEachTerm { x, w, y in
        let (a, b, to): (Int, Int, Int) =
            switch s.kind {
            case .forward: (x, w, y)
            case .inputGradient: (y, w, x)
            case .weightGradient: (x, y, w)
            }
        let product = Double(source[a]) * Double(other[b])
        sums[to] += product
        sizes[to] += abs(product)
    }
    for i in 0..<count {
        var found = 0.0
        for chunk in 0..<s.chunks { found += Double(result[chunk * count + i]) }
        var x = sums[i]
        if s.bias { x += Double(o.bias.pointer[i % s.columns]) }
        x = activate(x, s.activation, Double(s.slope))
        if let d = s.derivative { x *= derivative(Double(o.y.pointer[i]), d, Double(s.slope)) }
        if !(abs(found - x) <= 1e-6 + 4e-7 * (sizes[i] + abs(x) + 2)) { return "element \(i): \(found), not \(x)" }
    }
    keep(o)
    return nil
}

final class ConvolutionTests: XCTestCase {
    private func check(_ s: Case, _ chance: inout Chance) {
        let o = Operands(s, &chance)
        for (name, table) in tables {
            var expected: [UInt32]? = nil
            for parts in [1, 2, 3, 8] {
                let result = convolve(s, o, table, parts: parts, atEnd: chance.bool())
                if let expected {
                    XCTAssertEqual(result.bits, expected, "\(name) \(s): \(parts) parts differ from one")
                } else {
                    expected = result.bits
                    if let problem = mismatch(s, o, result.values) { XCTFail("\(name) \(s): \(problem)") }
                }
            }
        }
    }

    private func image(_ x: Int, _ y: Int, _ window: Int, _ stride: Int, _ padding: Int) -> [ConvolutionAxis] {
        let axis = ConvolutionAxis(x: x, y: y, window: window, stride: stride, dilation: 1, padding: padding)
        return [ConvolutionAxis(x: 1, y: 1, window: 1, stride: 1, dilation: 1, padding: 0), axis, axis]
    }

    /// A volume that windows of 4 × 4 × 4 halve.
    private func volume(_ side: Int) -> [ConvolutionAxis] {
        [ConvolutionAxis](repeating: ConvolutionAxis(x: side, y: side / 2, window: 4, stride: 2, dilation: 1, padding: 1), count: 3)
    }

    func testRandomGeometries() {
        var chance = Chance(11)
        for _ in 0..<500 { check(.random(&chance), &chance) }
    }

    /// Images whose rows collide in the cache are spread first; groups of several heights; blocks and panels of all widths.
    func testTheLayersOfSmallNetworks() {
        var chance = Chance(12)
        for kind in [ConvolutionKind.forward, .inputGradient, .weightGradient] {
            for (batch, channels, axes) in [
                (15, (1, 64), image(28, 14, 4, 2, 1)), (13, (1, 20), image(28, 14, 5, 2, 2)), (3, (64, 40), image(14, 7, 4, 2, 1)),
                (16, (64, 16), image(8, 4, 4, 2, 1)), (15, (3, 37), image(32, 16, 4, 2, 1)), (2, (16, 3), image(9, 9, 3, 1, 1)),
                (14, (32, 32), image(8, 8, 3, 1, 1)), (33, (5, 70), image(4, 1, 4, 1, 0)), (16, (8, 32), volume(4)), (2, (32, 40), volume(6)),
                (3, (1, 32), volume(8)),
            ] {
                var s = Case(axes: axes)
                s.kind = kind
                s.batch = batch
                (s.inChannels, s.outChannels) = channels
                if kind == .weightGradient {
                    s.chunks = ConvolutionArguments.chunks(
                        batch: batch, z: axes[0], y: axes[1], x: axes[2], inChannels: s.inChannels, outChannels: s.outChannels)
                } else {
                    s.bias = chance.bool()
                    s.activation = .tanh
                }
                check(s, &chance)
            }
        }
    }

    /// Windows of 3 × 3 with whole vectors of channels go through transforms: sides that squares do not divide, padding from none to more
    /// than the window, planes, and more squares than a block has.
    func testWindowsOfThreeByThree() {
        var chance = Chance(13)
        let activations: [Activation] = [.identity, .relu, .leakyRelu, .sigmoid, .tanh]
        for kind in [ConvolutionKind.forward, .inputGradient, .weightGradient] {
            for (batch, planes, channels, sides, padding) in [
                (1, 1, (16, 16), (1, 1), 1), (2, 1, (16, 48), (7, 5), 1), (1, 1, (32, 16), (8, 3), 0), (3, 1, (16, 32), (4, 6), 2),
                (2, 3, (16, 16), (5, 4), 1), (1, 1, (16, 16), (3, 3), 3), (2, 1, (64, 32), (17, 18), 1), (5, 1, (128, 128), (6, 6), 1),
            ] {
                var axes = [ConvolutionAxis(x: planes, y: planes, window: 1, stride: 1, dilation: 1, padding: 0)]
                for side in [sides.0, sides.1] {
                    axes.append(ConvolutionAxis(x: side, y: side + 2 * padding - 2, window: 3, stride: 1, dilation: 1, padding: padding))
                }
                var s = Case(axes: axes)
                s.kind = kind
                s.batch = batch
                (s.inChannels, s.outChannels) = channels
                if kind == .weightGradient {
                    s.chunks = chance.pick([1, 2, 5])
                } else {
                    s.bias = chance.bool()
                    s.activation = chance.pick(activations)
                    if chance.bool() { s.derivative = chance.pick(activations) }
                }
                check(s, &chance)
            }
        }
    }

    /// Every write-back passes NaN on: from a number of an image to what its windows see, from the bias to its channel, from what
    /// the derivative is taken of to that element; and to nothing else.
    func testNotANumberPasses() {
        var chance = Chance(14)
        let activations: [Activation] = [.identity, .relu, .leakyRelu, .sigmoid, .tanh]
        for kind in [ConvolutionKind.forward, .inputGradient, .weightGradient] {
            for (batch, channels, axes) in [
                (15, (3, 37), image(8, 4, 4, 2, 1)), (3, (16, 40), image(6, 6, 3, 1, 1)), (2, (20, 3), image(9, 9, 3, 1, 1)),
                (2, (16, 32), image(6, 6, 3, 1, 1)), (3, (1, 20), image(12, 6, 4, 2, 1)), (14, (16, 1), image(6, 3, 4, 2, 1)), (1, (2, 2), image(5, 3, 3, 2, 1)),
            ] {
                for place in 0..<(kind == .weightGradient ? 2 : 3) {
                    // The derivative of nothing reads nothing.
                    for activation in kind == .weightGradient ? [.identity] : activations where place < 2 || activation != .identity {
                        var s = Case(axes: axes)
                        s.kind = kind
                        s.batch = batch
                        (s.inChannels, s.outChannels) = channels
                        if kind != .weightGradient {
                            s.bias = place == 1 || chance.bool()
                            if place == 2 { s.derivative = activation } else { s.activation = activation }
                        }
                        let o = Operands(s, &chance)
                        let strange: Float = chance.bool() ? .nan : -.nan
                        var wanted = [Bool](repeating: false, count: s.resultCount)
                        if kind == .weightGradient || place == 0 {
                            let inSource = place == 0
                            let at = chance.int(0...((inSource ? s.sourceCount : s.otherCount) - 1))
                            (inSource ? o.source : o.other).pointer[at] = strange
                            s.forEachTerm { x, w, y in
                                switch kind {
                                case .forward: if x == at { wanted[y] = true }
                                case .inputGradient: if y == at { wanted[x] = true }
                                case .weightGradient: if (inSource ? x : y) == at { wanted[w] = true }
                                }
                            }
                        } else {
                            let at = chance.int(0...((place == 1 ? s.columns : s.resultCount) - 1))
                            (place == 1 ? o.bias : o.y).pointer[at] = strange
                            for i in wanted.indices { wanted[i] = place == 1 ? i % s.columns == at : i == at }
                        }
                        for (name, table) in tables {
                            let result = convolve(s, o, table, parts: 2, atEnd: true)
                            // Where patches are copied, windows that reach over the edge multiply y by the zeros there; transforms mix
                            // the positions of a square.
                            let isTransformed = channels == (16, 32) && (place == 0 || kind == .weightGradient)
                            let mayBeMore = kind == .weightGradient && place == 1 || isTransformed
                            for i in wanted.indices where wanted[i] ? !result.pointer[i].isNaN : result.pointer[i].isNaN && !mayBeMore {
                                return XCTFail("\(name) \(s), NaN in operand \(place): element \(i) is \(result.pointer[i])")
                            }
                            keep(result)
                        }
                    }
                }
            }
        }
    }

    /// An image has the same bits in a batch of any size and at any place in it.
    func testImagesDoNotDependOnTheirCompany() {
        var chance = Chance(13)
        for round in 0..<40 {
            var whole = Case.random(&chance, largest: 8)
            whole.kind = round % 2 == 0 ? .forward : .inputGradient
            whole.chunks = 1
            whole.derivative = nil
            whole.batch = 31
            if round % 5 == 0 { (whole.inChannels, whole.outChannels) = (16, 64) }
            let o = Operands(whole, &chance)
            for (name, table) in tables {
                let expected = convolve(whole, o, table, parts: 1, atEnd: true).bits
                for batch in [1, 2, 4, 7, 14, 20] {
                    var some = whole
                    some.batch = batch
                    let first = chance.int(0...(31 - batch))
                    let part = Operands(some, &chance)
                    let offset = whole.sourceCount / 31 * first
                    for i in 0..<some.sourceCount { part.source.pointer[i] = o.source.pointer[offset + i] }
                    for i in 0..<some.otherCount { part.other.pointer[i] = o.other.pointer[i] }
                    for i in 0..<some.columns { part.bias.pointer[i] = o.bias.pointer[i] }
                    let found = convolve(some, part, table, parts: 2, atEnd: true).bits
                    let from = whole.resultCount / 31 * first
                    XCTAssertEqual(found, Array(expected[from..<(from + found.count)]), "\(name): \(batch) images of \(whole)")
                }
            }
        }
    }
}
