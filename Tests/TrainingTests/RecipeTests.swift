import Base
import Data
import Training
import XCTest

/// Every loss, penalty, norm, optimiser, condition and recipe: its step is the reference interpreter's, and it keeps the promises that
/// all trainings keep.
final class RecipeTests: XCTestCase {
    private struct Case {
        let name: String
        let settings: [(String, String)]
        var tolerance = 2e-3
    }

    private static let convolutional = [
        ("preset", "dcgan"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("latent.size", "5"),
    ]

    private static let cases: [Case] =
        ["least-squares", "hinge", "wasserstein", "relativistic", "relativistic-average"].map { Case(name: $0, settings: [("loss", $0)]) }
        + [
            Case(name: "WGAN-GP", settings: [("loss", "wasserstein"), ("gradient-penalty", "10"), ("discriminator.steps", "3"), ("discriminator.activation", "tanh")]),
            Case(name: "clipped weights", settings: [("loss", "wasserstein"), ("weight-clip", "0.1"), ("discriminator.optimiser", "rmsprop")]),
            Case(name: "R1 and R2", settings: [("loss", "relativistic"), ("r1", "1"), ("r2", "1"), ("discriminator.activation", "tanh")]),
            Case(name: "lazy R1", settings: [("r1", "10"), ("penalty.every", "2"), ("discriminator.activation", "sigmoid")]),
            Case(name: "DRAGAN", settings: [("dragan", "10"), ("discriminator.activation", "tanh")]),
            Case(name: "a moving average", settings: [("average.decay", "0.9")]),
            Case(name: "clipped gradients", settings: [("gradient-clip", "0.05")]),
            Case(name: "AdamW on a cosine", settings: [("generator.optimiser", "adamw"), ("rate.schedule", "cosine"), ("rate.steps", "7"), ("rate.warm-up", "2")]),
            Case(name: "momentum on a line", settings: [("generator.optimiser", "sgd"), ("discriminator.optimiser", "sgd"), ("rate.schedule", "linear"), ("rate.steps", "9")]),
            Case(name: "spectral normalisation", settings: [("discriminator.spectral-norm", "true"), ("loss", "hinge")]),
            Case(name: "orthogonal", settings: [("generator.initialisation", "orthogonal"), ("discriminator.initialisation", "orthogonal")]),
            Case(name: "He and Glorot", settings: [("generator.initialisation", "he"), ("discriminator.initialisation", "glorot")]),
            Case(name: "labels", settings: [("condition", "labels")]),
            Case(name: "embedded labels", settings: [("condition", "labels"), ("conditioning", "embed"), ("embedding.size", "3")]),
            Case(name: "projected labels", settings: [("condition", "labels"), ("conditioning", "projection")]),
            Case(name: "labels told and asked", settings: [("condition", "labels"), ("conditioning", "auxiliary")]),
            Case(name: "InfoGAN", settings: [("recipe", "infogan"), ("info.categories", "3"), ("info.codes", "2")]),
            Case(name: "InfoGAN of codes alone", settings: [("recipe", "infogan"), ("info.categories", "0"), ("info.codes", "1")]),
            Case(name: "a DCGAN with R1 in its batches", settings: convolutional + [("r1", "1"), ("discriminator.norm", "none")]),
            Case(name: "instance normalisation", settings: convolutional + [("generator.norm", "instance"), ("discriminator.norm", "instance")]),
            Case(name: "layer normalisation", settings: convolutional + [("generator.norm", "layer"), ("discriminator.norm", "layer")]),
            Case(name: "a spectral DCGAN of labels", settings: convolutional + [
                ("condition", "labels"), ("discriminator.spectral-norm", "true"), ("discriminator.norm", "none"), ("generator.norm", "batch-by-class"), ("conditioning", "projection"),
            ]),
            Case(name: "a DCGAN of labels beside the pixels", settings: convolutional + [("condition", "labels")]),
            Case(name: "a convolutional InfoGAN", settings: convolutional + [("recipe", "infogan"), ("info.categories", "3")]),
        ]

    private func data() throws -> Dataset { try bars(side: 8, classes: 3) }

    /// Where a loss looks at differences of logits only, the last bias has no gradient but roundings, which Adam makes steps of.
    private static let withoutGradient: Set<String> = ["discriminator.1.bias", "discriminator.1.bias.adam.m", "discriminator.1.bias.adam.v", "discriminator.1.bias.rmsprop.v"]

    func testStepsAreTheReferences() throws {
        for one in Self.cases {
            let cancels = one.settings.contains { $0 == "loss" && ($1 == "wasserstein" || $1 == "hinge" || $1.hasPrefix("relativistic")) }
            do {
                try compareWithReference(
                    one.settings, data: data(), steps: 3, tolerance: one.tolerance, except: cancels ? Self.withoutGradient : [])
            } catch { XCTFail("\(one.name): \(error)") }
        }
    }

    private func bits(_ trainer: Trainer) -> [String: [UInt32]] {
        var all: [String: [UInt32]] = [:]
        for name in trainer.savedNames { all[name] = (trainer.values(of: name) ?? []).map(\.bitPattern) }
        return all
    }

    func testThreadsAndResumingChangeNothing() throws {
        let data = try data()
        let folder = NSTemporaryDirectory() + "recipes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/model.safetensors"
        for one in Self.cases {
            var first: [String: [UInt32]] = [:]
            for threads in ["1", "2", "5"] {
                let trainer = try Trainer(options: smallOptions(one.settings + [("threads", threads)]), dataset: data)
                try trainer.step(7)
                if first.isEmpty { first = bits(trainer) }
                XCTAssertEqual(bits(trainer), first, "\(one.name) on \(threads) threads")
            }
            let begun = try Trainer(options: smallOptions(one.settings), dataset: data)
            try begun.step(4)
            try begun.save(to: path)
            let resumed = try Trainer(checkpoint: path, overrides: nil, dataset: data)
            try resumed.step(3)
            XCTAssertEqual(bits(resumed), first, "\(one.name), resumed")
        }
    }

    func testSamplesDoNotDependOnTheirBatchNorOnTheFile() throws {
        let data = try data()
        let folder = NSTemporaryDirectory() + "recipes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/model.safetensors"
        for one in Self.cases {
            let trainer = try Trainer(options: smallOptions(one.settings), dataset: data)
            try trainer.step(3)
            try trainer.save(to: path)
            let count = 150
            func draw(_ sampler: Sampler, _ first: Int, _ count: Int) -> [UInt32] {
                var images = [Float](repeating: .nan, count: count * 64)
                images.withUnsafeMutableBufferPointer { images in
                    if let start = images.baseAddress { sampler.draw(seed: 9, first: Int64(first), count: count, into: start) }
                }
                return images.map(\.bitPattern)
            }
            let whole = try draw(Sampler(generator: trainer.snapshot(), threads: 1), 0, count)
            XCTAssertFalse(whole.contains { !Float(bitPattern: $0).isFinite }, one.name)
            let loaded = try Generator(path: path)
            try loaded.save(to: path)
            for threads in [1, 2, 3] {
                let sampler = try Sampler(generator: Generator(path: path), threads: threads)
                for (first, some) in [(0, 1), (7, 1), (3, 5), (0, 40), (99, 51), (0, count)] {
                    XCTAssertEqual(
                        draw(sampler, first, some), Array(whole[first * 64..<(first + some) * 64]), "\(one.name): \(some) from \(first), \(threads) threads")
                }
            }
        }
    }

    func testWhatIsAskedForIsDrawn() throws {
        let trainer = try Trainer(options: smallOptions([("condition", "labels")]), dataset: data())
        try trainer.step(3)
        let sampler = try Sampler(generator: trainer.snapshot(), threads: 2)
        func draw() -> [Float] {
            var images = [Float](repeating: .nan, count: 6 * 64)
            images.withUnsafeMutableBufferPointer { images in
                if let start = images.baseAddress { sampler.draw(seed: 9, first: 0, count: 6, into: start) }
            }
            return images
        }
        let unset = draw()
        try sampler.set(1, rows: [0, 1, 2])
        XCTAssertEqual(draw(), unset, "classes i mod 3 are what nobody asks for")
        try sampler.set(1, rows: [2])
        let twos = draw()
        XCTAssertEqual(Array(twos[128..<192]), Array(unset[128..<192]))
        XCTAssertNotEqual(Array(twos[..<64]), Array(unset[..<64]))
        for wrong: Float in [-1, 3, 0.5, .nan] {
            XCTAssertThrowsError(try sampler.set(1, rows: [wrong])) { XCTAssertEqual(($0 as? GanError)?.status, .outOfRange) }
        }
        XCTAssertEqual(draw(), twos, "what was refused changed nothing")
        try sampler.set(1, rows: [])
        XCTAssertEqual(draw(), unset)
    }

    func testWhatDataLackIsSaid() throws {
        XCTAssertThrowsError(try Trainer(options: smallOptions([("condition", "labels")]), dataset: bars())) {
            XCTAssertEqual(($0 as? GanError)?.status, .mismatch)
            XCTAssertTrue(($0 as? GanError)?.message.contains("label") ?? false)
        }
        XCTAssertThrowsError(
            try Trainer(options: smallOptions([("recipe", "infogan"), ("info.categories", "0"), ("info.codes", "0")]), dataset: bars()))
        XCTAssertThrowsError(
            try Trainer(options: smallOptions([("discriminator.steps", "1021"), ("r1", "1"), ("penalty.every", "1019")]), dataset: bars()))
    }
}
