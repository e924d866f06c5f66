// Networks as text: what is read, and where what is not read is said to be wrong.

import Base
import Graph
import Networks
import XCTest

final class LayerTextTests: XCTestCase {
    func testLayersAreRead() throws {
        let layers = try LayerText.layers(
            " conv 64 4 2,leaky-relu , norm batch, upsample 2, upsample 2 bilinear, conv-transpose 8, conv 3, reshape 7 7 64, flatten, dropout 0.3, attention, dense 10, shuffle 2, average 4, sum, residual, tanh\n")
        XCTAssertEqual(
            layers.map(\.kind),
            [
                .convolution(outputs: 64, window: 4, stride: 2), .activation(.leakyRelu), .norm(.batch), .upsample(factor: 2, interpolates: false),
                .upsample(factor: 2, interpolates: true), .transposedConvolution(outputs: 8, window: 4, stride: 2),
                .convolution(outputs: 3, window: 3, stride: 1), .reshape([7, 7, 64]), .flatten, .dropout(share: 0.3), .attention,
                .dense(outputs: 10), .shuffle(factor: 2), .average(factor: 4), .sum, .residual, .activation(.tanh),
            ])
        XCTAssertEqual(layers[0].text, "conv 64 4 2")
        XCTAssertEqual(layers.prefix(3).map(\.position), [2, 14, 27])
        XCTAssertTrue(try LayerText.layers(" \n").isEmpty)
    }

    func testWhatCannotBeReadIsPointedAt() {
        for (text, expected) in [
            ("dens 3", "at character 1, 'dens': a layer was expected"), ("dens 3", "Did you mean 'dense'?"),
            ("relu, Relu", "at character 7, 'Relu'"), ("dense", "at the end: the number of outputs was expected, 1 to 65536"),
            ("dense 0", "at character 7, '0': the number"), ("dense 99999999999999999999", "at character 7, '99999999999999999999'"),
            ("dense 4.5", "'4.5': the number"), ("dense 256, relu dense 4", "at character 17, 'dense': a comma was expected"),
            ("relu,", "at the end: a layer was expected"), (",relu", "at character 1, ',': a layer was expected"),
            ("relu,,relu", "at character 6, ',': a layer was expected"), ("conv 3 x", "at character 8, 'x': the window's side"),
            ("conv 3 3 0", "at character 10, '0': the stride"), ("upsample 4 bilinear", "at character 12, 'bilinear': bilinear upsampling has the factor 2"),
            ("upsample 2 cubic", "'cubic': how to upsample was expected, one of nearest, bilinear"), ("norm", "at the end: a norm"),
            ("dropout 1", "at character 9, '1': the share"), ("dropout nan", "'nan'"), ("dropout -0.1", "'-0.1'"), ("reshape", "at the end: a length"),
            ("reshape 1 2 3 4 5", "at character 17, '5': a comma"), ("é dense", "at character 1, 'é'"), ("dense\u{0} 3", "at character 1"),
            (String(repeating: "relu,", count: 400) + "relu", "no more than 256 layers"),
        ] {
            XCTAssertThrowsError(try LayerText.layers(text), text) {
                let message = ($0 as? GanError)?.message ?? ""
                XCTAssertTrue(message.contains(expected), "\(text): \(message)")
            }
        }
    }

    private let style = LayerStyle(.he(gain: 1))

    private func stack(_ generator: String, _ discriminator: String, image: Shape = [8, 8, 3]) throws -> LayerStack {
        func side(_ text: String, _ option: String) throws -> LayerStack.Side {
            try .init(text, option: option, style: style, slope: 0.2, activation: .relu)
        }
        return try LayerStack(
            image: image, latent: 10, generator: side(generator, "generator.layers"), output: .tanh,
            discriminator: side(discriminator, "discriminator.layers"))
    }

    func testSizesThatDoNotFitArePointedAt() {
        for (generator, discriminator, expected) in [
            ("dense 191", "relu", "In the option 'generator.layers', at character 1, 'dense 191': the generator makes 191 numbers, and an image is 8×8×3"),
            ("dense 191, relu, norm batch", "relu", "'dense 191'"), ("relu, conv 4", "relu", "at character 7, 'conv 4': it works on maps"),
            ("dense 192, reshape 8 8 4", "relu", "at character 12, 'reshape 8 8 4': that is 256 numbers"),
            ("dense 192, reshape 4 4 12, shuffle 4", "relu", "'shuffle 4': it makes pixels of every 16 channels"),
            ("dense 192, reshape 3 8 8, upsample 2", "relu", "at character 27, 'upsample 2': the generator makes 6×16×8"),
            ("dense 192", "conv 4 3 3", "In the option 'discriminator.layers', at character 1, 'conv 4 3 3': it divides sides by 3"),
            ("dense 192", "conv 4 2 4", "'conv 4 2 4': the window of 2"), ("dense 192", "average 3", "'average 3'"),
            ("dense 192", "flatten, sum", "at character 10, 'sum'"), ("dense 192", "flatten, attention", "'attention': it works on maps"),
            ("dense 192", "dense 65536, reshape 65536 1, upsample 16, upsample 16, upsample 16, upsample 16", "too much"),
            ("", "relu", "needs the option 'generator.layers'"), ("dense 192", "", "needs the option 'discriminator.layers'"),
        ] {
            XCTAssertThrowsError(try stack(generator, discriminator), generator) {
                let message = ($0 as? GanError)?.message ?? ""
                XCTAssertTrue(message.contains(expected) && message.hasSuffix("."), message)
            }
        }
    }

    func testNetworksAreWhatTheTextSays() throws {
        let stack = try stack("dense 48, norm batch, relu, reshape 4 4 3, conv-transpose 3, sigmoid", "conv 4 4 2, leaky-relu, dense 7, dense 1")
        XCTAssertEqual(stack.pixelRange.low, 0)
        XCTAssertTrue(stack.judgesImagesApart)
        let graph = Graph()
        let (generator, discriminator) = (NetworkState(of: "generator", in: graph), NetworkState(of: "discriminator", in: graph))
        let images = try stack.generate(graph.buffer("latents", [2, 10]), .none, generator.run())
        XCTAssertEqual(images.shape, [2, 8, 8, 3])
        XCTAssertEqual(generator.parameters.map(\.name), ["0.weight", "0.gamma", "0.beta", "4.weight", "4.bias"].map { "generator.\($0)" })
        let scope = discriminator.run()
        let logits = try stack.head(stack.features(images, .none, scope), outputs: 1, name: nil, scope)
        XCTAssertEqual(logits.shape, [2, 1])
        // The last `dense 1` is the verdict, and not one more layer.
        XCTAssertEqual(discriminator.parameters.map(\.name), ["0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias"].map { "discriminator.\($0)" })
        XCTAssertEqual(try self.stack("dense 192", "norm batch").pixelRange.low, -1)
        XCTAssertFalse(try self.stack("dense 192", "norm batch").judgesImagesApart)
    }
}
