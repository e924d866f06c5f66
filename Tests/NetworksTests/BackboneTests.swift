// Networks for pictures of every size, as far as shapes go; that they train is the table of `RecipeTests`.

import Base
import Graph
import Networks
import Plan
import XCTest

final class BackboneTests: XCTestCase {
    private func side(_ channels: Int, _ upsampling: Upsampling, _ norm: NormKind = .none) -> ConvolutionalSide {
        var side = ConvolutionalSide(channels: channels, activation: .leakyRelu(slope: 0.2), style: LayerStyle(.he(gain: 1)), norm: norm)
        side.upsampling = upsampling
        side.limit = 8
        return side
    }

    private func backbones(_ image: Shape, _ upsampling: Upsampling, attention: Int = 0) throws -> [any Backbone] {
        let (g, d) = (side(2, upsampling), side(2, upsampling))
        return [
            try DeepConvolutional(image: image, generator: g, output: .tanh, discriminator: d, attentionSide: attention),
            try Residual(image: image, .r3gan, generator: g, output: .linear, discriminator: d, levels: 0, attentionSide: attention),
            try Residual(image: image, .sngan, generator: g, output: .tanh, discriminator: d, levels: 0, attentionSide: attention),
        ]
    }

    func testEverySizeWithEvenSides() throws {
        let sizes = [(8, 8), (8, 512), (10, 14), (12, 12), (28, 28), (22, 64), (48, 80), (96, 130), (256, 254), (512, 512)]
        for (height, width) in sizes {
            for upsampling in Upsampling.allCases {
                for backbone in try backbones([height, width, 3], upsampling) {
                    let graph = Graph()
                    let images = try backbone.generate(graph.buffer("latents", [2, 5]), .none, NetworkState(of: "generator", in: graph).run())
                    XCTAssertEqual(images.shape, [2, height, width, 3])
                    let scope = NetworkState(of: "discriminator", in: graph).run()
                    XCTAssertEqual(try backbone.head(backbone.features(images, .none, scope), outputs: 1, name: nil, scope).shape, [2, 1])
                }
            }
        }
        for (height, width) in [(7, 8), (6, 6), (8, 9), (4, 64), (1, 1)] {
            XCTAssertThrowsError(try backbones([height, width, 1], .nearest)) { XCTAssertEqual(($0 as? GanError)?.status, .outOfRange) }
        }
    }

    func testLevelsAndAttentionThatAreNotThere() throws {
        XCTAssertEqual(try Levels([32, 32, 3], wanted: 0).count, 3)
        XCTAssertEqual(try Levels([32, 32, 3], wanted: 2).count, 2)
        XCTAssertThrowsError(try Levels([28, 28, 1], wanted: 3)) { XCTAssertTrue(($0 as? GanError)?.message.contains("2 times") ?? false) }
        for sides in [4, 8, 16] { _ = try backbones([32, 64, 3], .nearest, attention: sides) }
        for side in [32, 5, 64] {
            XCTAssertThrowsError(try backbones([32, 64, 3], .nearest, attention: side)) {
                XCTAssertTrue(($0 as? GanError)?.message.contains("4, 8, 16") ?? false)
            }
        }
    }

    /// γ begins at 0: attention changes nothing before it has learnt, and then what the equations say.
    func testAttention() throws {
        let graph = Graph()
        let x = try graph.buffer("x", [2, 3, 2, 16])
        let y = try Attention.apply(x, LayerStyle(.normal(deviation: 1)), NetworkState(of: "n", in: graph).run())
        var interpreter = ReferenceInterpreter(graph: graph)
        func numbers(_ count: Int, _ step: Int) -> [Double] { (0..<count).map { Double(($0 * step) % 23) / 11 - 1 } }
        let (input, key, query, value, out) = (numbers(192, 7), numbers(32, 5), numbers(32, 9), numbers(32, 3), numbers(32, 8))
        interpreter.buffers = [
            "x": input, "n.key.weight": key, "n.query.weight": query, "n.value.weight": value, "n.out.weight": out, "n.gamma": [0],
        ]
        XCTAssertEqual(try interpreter.evaluate([y])[0], input)
        interpreter.buffers["n.gamma"] = [0.7]
        let made = try interpreter.evaluate([y])[0]
        for item in 0..<2 {
            func mapped(_ weight: [Double], _ place: Int) -> [Double] {
                (0..<2).map { o in (0..<16).reduce(0) { $0 + input[(item * 6 + place) * 16 + $1] * weight[$1 * 2 + o] } }
            }
            for j in 0..<6 {
                let shares = (0..<6).map { i in exp(zip(mapped(key, i), mapped(query, j)).reduce(0) { $0 + $1.0 * $1.1 }) }
                let total = shares.reduce(0, +)
                let seen = (0..<2).map { o in (0..<6).reduce(0) { $0 + shares[$1] / total * mapped(value, $1)[o] } }
                for channel in 0..<16 {
                    let place = (item * 6 + j) * 16 + channel
                    XCTAssertEqual(made[place], input[place] + 0.7 * (seen[0] * out[channel] + seen[1] * out[16 + channel]), accuracy: 1e-9)
                }
            }
        }
    }
}
