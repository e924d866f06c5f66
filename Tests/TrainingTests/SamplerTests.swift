import Base
import Data
import Foundation
import Training
import XCTest

/// A sample is a function of the generator, the seed and its index, however it is drawn.
final class SamplerTests: XCTestCase {
    private func generator(_ settings: [(String, String)] = []) throws -> Generator {
        let trainer = try Trainer(options: smallOptions(settings), dataset: bars(side: 8))
        try trainer.step(6)
        return try trainer.snapshot()
    }

    private func draw(_ sampler: Sampler, seed: UInt64 = 7, first: Int64, count: Int) -> [Float] {
        var images = [Float](repeating: .nan, count: count * sampler.generator.imageShape.elements)
        images.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { sampler.draw(seed: seed, first: first, count: count, into: base) }
        }
        return images
    }

    func testASampleDoesNotDependOnItsBatch() throws {
        for settings in [[], [("generator.hidden", "150,90")], [("latent.distribution", "uniform")], [("preset", "dcgan"), ("generator.channels", "5")]] {
            let sampler = try Sampler(generator: generator(settings), threads: 2)
            let together = draw(sampler, first: 3, count: 345)
            let elements = sampler.generator.imageShape.elements
            for (first, count) in [(0, 1), (1, 1), (0, 4), (2, 5), (10, 15), (10, 16), (10, 17), (200, 70), (344, 1), (1, 300)] {
                let apart = draw(sampler, first: 3 + Int64(first), count: count)
                XCTAssertEqual(apart, Array(together[first * elements..<(first + count) * elements]), "\(first), \(count)")
            }
            for threads in [1, 3, 8, 50] {
                XCTAssertEqual(draw(try Sampler(generator: sampler.generator, threads: threads), first: 3, count: 345), together, "\(threads) threads")
            }
            XCTAssertNotEqual(draw(sampler, seed: 8, first: 3, count: 345), together)
        }
    }

    /// Truncation draws anew what is beyond it, the same whatever else is drawn.
    func testTruncationKeepsWhatIsWithin() throws {
        for distribution in ["normal", "uniform"] {
            let generator = try generator([("latent.distribution", distribution)])
            let size = generator.latentSize
            func latents(_ sampler: Sampler, first: Int64, count: Int) -> [Float] {
                var latents = [Float](repeating: .nan, count: count * size)
                latents.withUnsafeMutableBufferPointer { buffer in
                    if let base = buffer.baseAddress { sampler.latents(seed: 7, first: first, count: count, into: base) }
                }
                return latents
            }
            let free = latents(try Sampler(generator: generator, threads: 1), first: 0, count: 300)
            for limit in [0.02, 0.5, 1.0] {
                let sampler = try Sampler(generator: generator, threads: 2, truncation: limit)
                let within = latents(sampler, first: 0, count: 300)
                var changed: [Double] = []
                for (a, b) in zip(within, free) {
                    XCTAssertLessThanOrEqual(abs(a), Float(limit))
                    if abs(b) <= Float(limit) { XCTAssertEqual(a, b) } else { changed.append(Double(a)) }
                }
                if limit == 0.5 {
                    // They are not heaped at the limit.
                    let mean = changed.reduce(0, +) / Double(changed.count)
                    let square = changed.reduce(0) { $0 + $1 * $1 } / Double(changed.count)
                    XCTAssertEqual(mean, 0, accuracy: 0.03)
                    XCTAssertEqual(square, 0.25 / 3, accuracy: 0.01)
                }
                XCTAssertEqual(latents(sampler, first: 130, count: 7), Array(within[130 * size..<137 * size]))
                let whole = draw(sampler, first: 0, count: 300)
                let elements = generator.imageShape.elements
                for (first, count) in [(0, 1), (120, 20), (299, 1)] {
                    XCTAssertEqual(draw(sampler, first: Int64(first), count: count), Array(whole[first * elements..<(first + count) * elements]))
                }
                var decoded = [Float](repeating: .nan, count: 300 * elements)
                decoded.withUnsafeMutableBufferPointer { images in
                    if let start = images.baseAddress { sampler.decode(latents: within, count: 300, into: start) }
                }
                XCTAssertEqual(decoded, whole)
            }
            XCTAssertThrowsError(try Sampler(generator: generator, threads: 1, truncation: 0.01)) {
                XCTAssertTrue(($0 as? GanError)?.message.contains("truncation") ?? false)
            }
        }
    }

    /// A small draw is made by one thread where the others sleep, and by all where they are awake.
    func testASampleDoesNotDependOnWhoIsAwake() throws {
        for settings in [[], [("preset", "dcgan")]] {
            let sampler = try Sampler(generator: generator(settings), threads: 3)
            let expected = draw(try Sampler(generator: sampler.generator, threads: 1), first: 0, count: 5)
            for _ in 0..<5 {
                usleep(3_000)
                for _ in 0..<3 { XCTAssertEqual(draw(sampler, first: 0, count: 5), expected) }
            }
        }
    }

    /// Whatever the layers' functions are, and whether or not products take them in, every way of drawing gives the same.
    func testEveryGeneratorCanBeDrawnFrom() throws {
        for preset in ["mlp", "dcgan"] {
            for activation in ["relu", "leaky-relu", "sigmoid", "tanh"] {
                for (output, slope) in [("sigmoid", "0.2"), ("tanh", "0"), ("linear", "1")] {
                    let settings = [
                        ("preset", preset), ("generator.activation", activation), ("generator.output", output), ("leaky-slope", slope),
                        ("generator.channels", "3"),
                    ]
                    let sampler = try Sampler(generator: generator(settings), threads: 3)
                    let together = draw(sampler, first: 0, count: 30)
                    let elements = sampler.generator.imageShape.elements
                    XCTAssertFalse(together.contains { !$0.isFinite }, "\(settings)")
                    XCTAssertNotEqual(Array(together[..<elements]), Array(together[elements..<2 * elements]), "\(settings)")
                    for first in [0, 7, 29] {
                        XCTAssertEqual(
                            draw(sampler, first: Int64(first), count: 1), Array(together[first * elements..<(first + 1) * elements]),
                            "\(settings)")
                    }
                    XCTAssertEqual(draw(sampler, first: 0, count: 5), Array(together[..<(5 * elements)]), "\(settings)")
                }
            }
        }
    }

    func testDecodingTheLatentsOfASampleGivesTheSample() throws {
        let sampler = try Sampler(generator: generator(), threads: 2)
        let elements = sampler.generator.imageShape.elements
        let size = sampler.generator.latentSize
        var latents = [Float](repeating: 0, count: 21 * size)
        var decoded = [Float](repeating: 0, count: 21 * elements)
        var bytes = [UInt8](repeating: 0, count: 21 * elements)
        var drawnBytes = bytes
        sampler.latents(seed: 7, first: 40, count: 21, into: &latents)
        sampler.decode(latents: latents, count: 21, into: &decoded)
        sampler.decodeBytes(latents: latents, count: 21, into: &bytes)
        sampler.drawBytes(seed: 7, first: 40, count: 21, into: &drawnBytes)
        XCTAssertEqual(decoded, draw(sampler, first: 40, count: 21))
        XCTAssertEqual(bytes, drawnBytes)
        XCTAssertEqual(bytes, decoded.map { UInt8(($0 * 255).rounded(.toNearestOrEven)) })
    }

    func testASavedGeneratorDrawsTheSame() throws {
        let original = try generator([("generator.output", "tanh")])
        let path = NSTemporaryDirectory() + "libgan-generator-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try original.save(to: path)
        let loaded = try Generator(path: path)
        let bytes = try Foundation.Data(contentsOf: URL(fileURLWithPath: path))
        let parsed = try bytes.withUnsafeBytes { try Generator(bytes: $0) }
        let expected = draw(try Sampler(generator: original, threads: 1), first: 0, count: 9)
        XCTAssertEqual(draw(try Sampler(generator: loaded, threads: 1), first: 0, count: 9), expected)
        XCTAssertEqual(draw(try Sampler(generator: parsed, threads: 1), first: 0, count: 9), expected)
        XCTAssertEqual(loaded.low, -1)
        XCTAssertTrue(expected.contains { $0 < 0 })
    }
}
