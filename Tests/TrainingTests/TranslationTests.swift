import Base
import Data
import Foundation
import Training
import XCTest

/// What is the recipe `translation`'s own: two data sets, a way back, and the pictures that its discriminators see again.
final class TranslationTests: XCTestCase {
    private let settings = [
        ("recipe", "translation"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("pool", "10"),
    ]

    private func images(_ count: Int, side: Int = 8, width: Int? = nil, channels: Int = 1, shade: Int = 3) throws -> Dataset {
        let shape = try ImageShape(height: side, width: width ?? side, channels: channels)
        let bytes = (0..<count * shape.elements).map { UInt8(($0 * shade + $0 / shape.elements * 11) % 256) }
        return try Dataset.fromBytes(bytes, count: count, shape: shape, labels: nil, classes: 0, ownership: .copy)
    }

    private func kinds(_ first: Dataset, _ second: Dataset) throws -> Dataset {
        try Dataset.combine([(Field.source, first), (Field.target, second)], isPaired: false)
    }

    private func refuses(_ words: String, _ data: Dataset, _ more: [(String, String)] = [], line: UInt = #line) {
        XCTAssertThrowsError(try Trainer(options: smallOptions(settings + more), dataset: data), line: line) {
            XCTAssertTrue(($0 as? GanError)?.message.contains(words) ?? false, "\($0)", line: line)
        }
    }

    func testWhatCannotBeTranslatedIsSaid() throws {
        try refuses("two data sets", images(20))
        try refuses("8×8 pixels (height × width) and the second's 8×6", kinds(images(20), images(20, width: 6)))
        try refuses("identity.weight to 0", kinds(images(20), images(20, channels: 3)))
        try refuses("'target' has 5 items", kinds(images(20), images(5)))
        try refuses("8×8 pixels or more", kinds(images(20, side: 4), images(20, side: 4)))
        try refuses("set pool to 0", kinds(images(20), images(20)), [("accumulate", "2")])
        try refuses("packing is 2", kinds(images(20), images(20)), [("packing", "2")])
        try refuses("augment.target", kinds(images(20), images(20)), [("augment", "all"), ("augment.target", "0.6")])
    }

    /// What belongs together and what does not are different data, whatever the fields are called.
    func testOthersWantPairs() throws {
        let pairs = [("recipe", "image-to-image"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6")]
        let (first, second) = (try images(20), try images(20, shade: 5))
        XCTAssertNoThrow(try Trainer(options: smallOptions(pairs), dataset: Dataset.combine([(Field.source, first), (Field.target, second)], isPaired: true)))
        XCTAssertThrowsError(try Trainer(options: smallOptions(pairs), dataset: kinds(first, second))) {
            XCTAssertTrue(($0 as? GanError)?.message.contains("combine them as pairs") ?? false, "\($0)")
        }
    }

    private func applied(_ generator: Generator, reverse: Bool, channels: (Int, Int)) throws -> [Float] {
        let applier = try Applier(generator: generator, threads: 1, tile: 0, isReversed: reverse)
        XCTAssertEqual(applier.application.channels.input, channels.0)
        XCTAssertEqual(applier.application.channels.output, channels.1)
        let picture = (0..<10 * 14 * channels.0).map { Float($0 % 17) / 8 - 1 }
        var made = [Float](repeating: .nan, count: 10 * 14 * channels.1)
        try applier.apply(picture, mask: nil, height: 10, width: 14, seed: 0, into: &made)
        return made
    }

    /// Grey to colour, and back; the same from a training, a file of it, and a file of the generator alone, with an average and without.
    func testAModelIsAppliedBothWays() throws {
        let path = NSTemporaryDirectory() + "translation-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for more in [[("generator.blocks", "1")], [("generator.blocks", "2"), ("average.decay", "0.9")], [("translator", "unet")]] {
            let trainer = try Trainer(
                options: smallOptions(settings + [("identity.weight", "0")] + more), dataset: kinds(images(20), images(13, channels: 3)))
            try trainer.step(3)
            let there = try applied(trainer.snapshot(), reverse: false, channels: (1, 3))
            let back = try applied(trainer.snapshot(), reverse: true, channels: (3, 1))
            XCTAssertFalse((there + back).contains { !$0.isFinite })
            try trainer.save(to: path)
            for _ in 0..<2 {
                let generator = try Generator(path: path)
                XCTAssertEqual(try applied(generator, reverse: false, channels: (1, 3)), there)
                XCTAssertEqual(try applied(generator, reverse: true, channels: (3, 1)), back)
                try generator.save(to: path)
            }
        }
        let oneWay = try Trainer(
            options: smallOptions([("recipe", "image-to-image"), ("source", "blurred"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6")]),
            dataset: images(20))
        XCTAssertThrowsError(try Applier(generator: oneWay.snapshot(), threads: 1, tile: 0, isReversed: true)) {
            XCTAssertTrue(($0 as? GanError)?.message.contains("one way only") ?? false, "\($0)")
        }
    }

    /// The pictures that were made last, the newest at the end.
    func testThePoolHoldsWhatWasMadeLast() throws {
        let data = try kinds(images(20), images(13, shade: 7))
        // Nothing learns, so that what is made of a picture does not change.
        let still = [("generator.blocks", "1"), ("generator.learning-rate", "0"), ("data.shuffle", "false")]
        let trainer = try Trainer(options: smallOptions(settings + still), dataset: data)
        func pool(_ name: String) throws -> [[Float]] {
            let all = try XCTUnwrap(trainer.values(of: name))
            return stride(from: 0, to: all.count, by: 64).map { Array(all[$0..<$0 + 64]) }
        }
        XCTAssertTrue(try pool("pool.target").allSatisfy { $0.allSatisfy { $0 == 0 } })
        let applier = try Applier(generator: trainer.snapshot(), threads: 1, tile: 0)
        func made(_ item: Int) throws -> [Float] {
            var (picture, result) = ([Float](repeating: .nan, count: 64), [Float](repeating: .nan, count: 64))
            try [item].withUnsafeBufferPointer { rows in
                try picture.withUnsafeMutableBufferPointer {
                    try data.columns[0].copyBatch(rows: rows, into: XCTUnwrap($0.baseAddress), rangeLow: -1, rangeHigh: 1)
                }
            }
            try applier.apply(picture, mask: nil, height: 8, width: 8, seed: 0, into: &result)
            return result
        }
        func same(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 } }
        try trainer.step(1)
        var kept = try pool("pool.target")
        XCTAssertTrue(kept[0..<4].allSatisfy { $0.allSatisfy { $0 == 0 } })
        for item in 0..<6 { XCTAssertTrue(try same(kept[4 + item], made(item))) }
        try trainer.step(1)
        kept = try pool("pool.target")
        for place in 0..<10 { XCTAssertTrue(try same(kept[place], made(2 + place)), "\(place)") }
    }

    func testBothDataSetsAreKnownAgain() throws {
        let path = NSTemporaryDirectory() + "translation-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (first, second) = (try images(20), try images(13, shade: 7))
        let trainer = try Trainer(options: smallOptions(settings), dataset: kinds(first, second))
        try trainer.step(1)
        try trainer.save(to: path)
        func comparison(_ data: Dataset) throws -> Trainer.DataComparison { try Trainer(checkpoint: path, overrides: nil, dataset: data).dataComparison }
        XCTAssertEqual(try comparison(kinds(first, second)), .same)
        XCTAssertEqual(try comparison(kinds(images(20, shade: 5), second)), .other)
        XCTAssertEqual(try comparison(kinds(first, images(13, shade: 9))), .other)
        XCTAssertEqual(try comparison(kinds(first, images(14, shade: 7))), .other)
        XCTAssertThrowsError(try Trainer(checkpoint: path, overrides: nil, dataset: first)) {
            XCTAssertTrue(($0 as? GanError)?.message.contains("sources of 8×8×1") ?? false, "\($0)")
        }
        XCTAssertThrowsError(try Trainer(checkpoint: path, overrides: nil, dataset: kinds(first, images(13, channels: 3))))
    }

    /// Light strokes on dark and dark ones on light, mixed up: what is dark in one kind is light in the other, which no pixel says.
    func testItLearns() throws {
        func drawn(_ count: Int, isDark: Bool, _ seed: Int) throws -> Dataset {
            var pixels = [UInt8](repeating: isDark ? 225 : 30, count: count * 256)
            for item in 0..<count {
                let place = (item * 5 + seed) % 11 + 2
                for i in 2..<14 { for j in 0..<2 {
                    let at = (item + seed) % 2 == 0 ? i * 16 + place + j : (place + j) * 16 + i
                    pixels[item * 256 + at] = isDark ? 20 : 220
                } }
            }
            return try Dataset.fromBytes(pixels, count: count, shape: ImageShape(height: 16, width: 16, channels: 1), labels: nil, classes: 0, ownership: .copy)
        }
        var options = OptionValues()
        for (name, value) in [
            ("recipe", "translation"), ("generator.channels", "4"), ("discriminator.channels", "4"), ("generator.blocks", "1"), ("identity.weight", "0"), ("seed", "3"),
            ("batch-size", "8"),
            ("generator.learning-rate", "0.002"), ("discriminator.learning-rate", "0.002"), ("threads", "2"),
        ] { try options.set(name, text: value) }
        let trainer = try Trainer(options: options, dataset: kinds(drawn(40, isDark: false, 0), drawn(64, isDark: true, 3)))
        func metric(_ name: String) throws -> Double { trainer.metric(try XCTUnwrap(Metric.find(name))) }
        try trainer.step(1)
        let before = try metric("cycle")
        try trainer.step(200)
        XCTAssertLessThan(try metric("cycle"), before)
        XCTAssertLessThan(try metric("cycle"), 0.1)
        let applier = try Applier(generator: trainer.snapshot(), threads: 1, tile: 0)
        let picture = [Float](repeating: -0.76, count: 256)
        var made = picture
        try applier.apply(picture, mask: nil, height: 16, width: 16, seed: 0, into: &made)
        XCTAssertGreaterThan(made.reduce(0, +) / 256, 0.2, "what was dark is light")
    }
}
