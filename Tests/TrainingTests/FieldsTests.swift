import Base
import Data
import Foundation
import Networks
import Training
import XCTest

/// What trainings do with the fields of their data: tags, rows of numbers in units, several data sets in orders of their own.
final class FieldsTests: XCTestCase {
    private func path(_ name: String) -> String { NSTemporaryDirectory() + "fields-\(UUID().uuidString)-\(name)" }

    // MARK: Tags

    private func tagged() throws -> Dataset {
        let data = try bars(side: 8)
        var flags: [UInt8] = []
        for item in 0..<data.count {
            let isThird: UInt8 = item % 3 == 0 ? 1 : 0
            flags += [UInt8(item % 2), isThird, 0]
        }
        return try data.adding(Column.tags(flags, count: data.count, names: ["smile", "glasses", "hat"], name: Field.tags))
    }

    private func draw(_ sampler: Sampler, _ count: Int) -> [Float] {
        var images = [Float](repeating: .nan, count: count * 64)
        images.withUnsafeMutableBufferPointer { images in
            if let start = images.baseAddress { sampler.draw(seed: 9, first: 0, count: count, into: start) }
        }
        return images
    }

    func testTagsThatAreAskedForAreDrawn() throws {
        let trainer = try Trainer(options: smallOptions([("condition", "tags")]), dataset: tagged())
        try trainer.step(3)
        let path = path("tags.safetensors")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try trainer.save(to: path)
        let generator = try Generator(path: path)
        XCTAssertEqual(generator.inputs.map(\.name), ["latents", "tags"])
        XCTAssertEqual(generator.inputs[1].kindName, "tags")
        XCTAssertEqual((0..<3).map { generator.inputs[1].className($0) }, ["smile", "glasses", "hat"])
        let sampler = try Sampler(generator: generator, threads: 1)
        let unset = draw(sampler, 60)
        try sampler.set(1, text: "smile, glasses")
        let both = draw(sampler, 4)
        XCTAssertNotEqual(both, Array(unset.prefix(4 * 64)))
        try sampler.set(1, rows: [1, 1, 0])
        XCTAssertEqual(draw(sampler, 4), both)
        try sampler.set(1, text: "glasses,smile;none")
        let turns = draw(sampler, 4)
        XCTAssertEqual(turns.prefix(64), both.prefix(64))
        XCTAssertNotEqual(turns[64..<128], both[64..<128])
        try sampler.set(1, rows: [0, 0, 0])
        XCTAssertEqual(draw(sampler, 4)[64..<128], turns[64..<128])
        // What nobody asks for are the tags of items from all over the data: here of each of the 60.
        var rows: [Float] = []
        for item in 0..<60 {
            let isThird: Float = item % 3 == 0 ? 1 : 0
            rows += [Float(item % 2), isThird, 0]
        }
        try sampler.set(1, rows: rows)
        XCTAssertEqual(draw(sampler, 60), unset)
        try sampler.set(1, text: "")
        XCTAssertEqual(draw(sampler, 60), unset)
        for (text, words) in [("smil", "did you mean 'smile'"), ("beard", "it has 'smile', 'glasses', 'hat'")] {
            XCTAssertThrowsError(try sampler.set(1, text: text)) { error in
                XCTAssertEqual((error as? GanError)?.status, .unknownName)
                XCTAssertTrue("\(error)".contains(words), "\(error)")
            }
        }
        for rows: [Float] in [[1, 0], [2, 0, 0], [.nan, 0, 0], [-0.5, 0, 0]] {
            XCTAssertThrowsError(try sampler.set(1, rows: rows)) { XCTAssertEqual(($0 as? GanError)?.status, .outOfRange) }
        }
    }

    func testTagsAreAskedOfDataThatHaveNone() throws {
        XCTAssertThrowsError(try Trainer(options: smallOptions([("condition", "tags")]), dataset: bars())) { error in
            XCTAssertEqual((error as? GanError)?.status, .mismatch)
            XCTAssertTrue("\(error)".contains("metadata.csv"), "\(error)")
        }
        XCTAssertThrowsError(
            try Trainer(options: smallOptions([("condition", "tags"), ("generator.norm", "batch-by-class")]), dataset: tagged()))
        // And going on with others.
        let trainer = try Trainer(options: smallOptions([("condition", "tags")]), dataset: tagged())
        let path = path("tags.safetensors")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try trainer.save(to: path)
        XCTAssertThrowsError(try Trainer(checkpoint: path, overrides: nil, dataset: bars(side: 8))) { error in
            XCTAssertTrue("\(error)".contains("3 tags"), "\(error)")
        }
        let data = try bars(side: 8)
        let others = try data.adding(
            Column.tags([UInt8](repeating: 1, count: 3 * data.count), count: data.count, names: ["smile", "glasses", "beard"], name: Field.tags))
        XCTAssertThrowsError(try Trainer(checkpoint: path, overrides: nil, dataset: others))
        let same = try data.adding(
            Column.tags([UInt8](repeating: 1, count: 3 * data.count), count: data.count, names: ["smile", "glasses", "hat"], name: Field.tags))
        XCTAssertEqual(try Trainer(checkpoint: path, overrides: nil, dataset: same).dataComparison, .other, "the same pictures with other tags")
        XCTAssertEqual(try Trainer(checkpoint: path, overrides: nil, dataset: tagged()).dataComparison, .same)
    }

    // MARK: Rows of numbers

    private func rows(_ count: Int = 400) throws -> Dataset {
        let values = (0..<2 * count).map { (index: Int) -> Float in
            let step = Float(index % 7) * 2
            return step - 4 + Float(index % 5) / 10
        }
        return try Dataset.fromValues(values, count: count, axes: [2], range: nil, name: Field.image, ownership: .copy)
    }

    func testRowsComeOutInTheirUnits() throws {
        for (output, low, high) in [("sigmoid", 0, 1), ("tanh", -1, 1), ("linear", -1, 1)] as [(String, Float, Float)] {
            let options = try smallOptions([("generator.output", output), ("loss", "relativistic")])
            let trainer = try Trainer(options: options, dataset: rows())
            try trainer.step(5)
            let path = path("rows.safetensors")
            defer { try? FileManager.default.removeItem(atPath: path) }
            try trainer.save(to: path)
            let generator = try Generator(path: path)
            XCTAssertEqual([generator.low, generator.high], [-4, 8.4])
            XCTAssertTrue(generator.makesRows)
            func draw(_ generator: Generator) throws -> [Float] {
                let sampler = try Sampler(generator: generator, threads: 1)
                var values = [Float](repeating: .nan, count: 200)
                values.withUnsafeMutableBufferPointer { values in
                    if let start = values.baseAddress { sampler.draw(seed: 1, first: 0, count: 100, into: start) }
                }
                return values
            }
            // The same network on the same numbers without units, which comes out in the network's.
            var pictures = [Float](repeating: 0, count: 800)
            try Array(0..<400).withUnsafeBufferPointer { items in
                try pictures.withUnsafeMutableBufferPointer { try rows().copyBatch(rows: items, into: XCTUnwrap($0.baseAddress), rangeLow: 0, rangeHigh: 1) }
            }
            let plain = try Trainer(
                options: options,
                dataset: Dataset.fromFloats(
                    pictures.map { min(max($0, 0), 1) }, count: 400, shape: ImageShape(height: 1, width: 2, channels: 1), minimum: 0, maximum: 1, labels: nil,
                    classes: 0, ownership: .copy))
            try plain.step(5)
            for (a, b) in zip(try draw(generator), try draw(plain.snapshot())) {
                let expected: Float = (b - low) / (high - low) * 12.4 - 4
                XCTAssertEqual(a, expected, accuracy: 1e-3, output)
            }
            let resumed = try Trainer(checkpoint: path, overrides: nil, dataset: rows())
            XCTAssertEqual(resumed.dataComparison, .same)
            XCTAssertThrowsError(
                try Trainer(
                    checkpoint: path, overrides: nil,
                    dataset: Dataset.fromValues([Float](repeating: 1, count: 800), count: 400, axes: [2], range: (0, 2), name: Field.image, ownership: .copy))
            ) { error in
                XCTAssertTrue("\(error)".contains("from -4 to 8.4") && "\(error)".contains("data.minimum and data.maximum"), "\(error)")
            }
        }
    }

    // MARK: Several data sets

    /// Tells the means of what it is given, of two data sets, and learns nothing.
    private struct Means: Recipe {
        static let name = "means"
        static let summary = "The means of two fields."
        static let paper = "None."
        static let options: [Option] = []
        static let readsApart = true
        init() {}
        init(_ options: OptionValues, fields: [Field]) throws(GanError) {}
        var networks: [Network] { [] }
        /// Under names that metrics have.
        static let names = ["a": "discriminator.loss", "b": "generator.loss", "c": "discriminator.real"]
        static let possibleMetrics: [StepMetric] = []
        var metrics: [StepMetric] { ["a", "b", "c"].compactMap { Self.names[$0].map { StepMetric($0, "A mean.") } } }
        var pixelRange: (low: Float, high: Float) { (0, 255) }
        var sampling: Sampling { Sampling(Network("none", inputs: []) { (_, _) throws(GanError) in [:] }, [], output: "none") }
        func step(_ s: StepBuilder) throws(GanError) {
            for name in ["a", "b", "c"] { try s.metric(Self.names[name] ?? "", s.data(Port(name, [1, 1, 1])).mean()) }
        }
    }

    func testEveryDataSetHasAnOrderOfItsOwn() throws {
        func images(_ count: Int, _ start: Int) throws -> Dataset {
            try Dataset.fromBytes(
                (0..<count).map { UInt8(start + $0) }, count: count, shape: ImageShape(height: 1, width: 1, channels: 1), labels: nil, classes: 0,
                ownership: .copy)
        }
        let first = try images(40, 0)
        let pairs = try Dataset.combine([("a", first), ("c", images(40, 100))], isPaired: true)
        let data = try Dataset.combine([("", pairs), ("b", images(25, 200))], isPaired: false)
        for shuffles in ["true", "false"] {
            let trainer = try Trainer(
                options: smallOptions([("batch-size", "4"), ("data.shuffle", shuffles), ("threads", "2")]), dataset: data,
                recipe: { (_, _) throws(GanError) in Means() })
            let alone = try BatchOrder(count: 40, batch: 4, seed: 5, shuffles: shuffles == "true")
            var seen: [Double] = []
            for step in 0..<30 {
                try trainer.step(1)
                let means = ["a", "b", "c"].map { name in trainer.metricList.first { $0.name == Means.names[name] }.map { trainer.metric($0) } ?? .nan }
                let expected = Double(alone.rows(step: Int64(step)).reduce(0, +)) / 4
                XCTAssertEqual(means[0], expected, accuracy: 1e-4, "the first order is that of a dataset alone")
                XCTAssertEqual(means[2], expected + 100, accuracy: 1e-4, "pairs stay together")
                seen.append(means[1])
            }
            XCTAssertEqual(trainer.stepsPerEpoch, 10)
            // Six batches an epoch of the 25: each item at most once, and other batches in each epoch where they are shuffled.
            XCTAssertTrue(seen.allSatisfy { $0 >= 200 && $0 <= 224 })
            XCTAssertEqual(seen[0..<6] == seen[6..<12], shuffles == "false")
        }
        XCTAssertThrowsError(
            try Trainer(options: smallOptions([("batch-size", "30")]), dataset: data, recipe: { (_, _) throws(GanError) in Means() })
        ) { error in XCTAssertTrue("\(error)".contains("25"), "\(error)") }
    }
}
