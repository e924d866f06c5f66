import Base
import Data
import Training
import XCTest

/// Trainings on patches keep the promises of all trainings; so does what a preview shows.
final class PatchTrainingTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "patches-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (number, (width, height)) in [(40, 24), (33, 57), (26, 26)].enumerated() {
            var pixels: [UInt8] = []
            for y in 0..<height { for x in 0..<width { pixels.append(UInt8((x * (7 + number) + y * y * 3) % 251)) } }
            try pixels.withUnsafeBufferPointer {
                try PNGWriter.write(XCTUnwrap($0.baseAddress), count: 1, shape: ImageShape(height: height, width: width, channels: 1), grid: ImageGrid(columns: 1), path: folder + "/\(number).png")
            }
        }
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    private func options(_ settings: [(String, String)]) throws -> OptionValues {
        try smallOptions([("generator.channels", "3"), ("discriminator.channels", "3"), ("batch-size", "32")] + settings)
    }

    private func bits(_ trainer: Trainer) -> [String: [UInt32]] {
        var all: [String: [UInt32]] = [:]
        for name in trainer.savedNames { all[name] = (trainer.values(of: name) ?? []).map(\.bitPattern) }
        return all
    }

    func testThreadsPartsAndResumingChangeNothing() throws {
        let path = folder + "/model.safetensors"
        for settings in [
            [("recipe", "super-resolution"), ("scale", "2"), ("generator.blocks", "1"), ("sharpness", "0")],
            [("recipe", "inpainting")],
            [("recipe", "image-to-image"), ("source", "edges")],
        ] {
            let options = try options(settings)
            let data = try Dataset.open(path: folder, options: options.dataset)
            XCTAssertTrue(data.isPatches)
            let steps = Int64(data.count / 32) + 3
            var first: [String: [UInt32]] = [:]
            for threads in ["1", "3"] {
                let trainer = try Trainer(options: self.options(settings + [("threads", threads)]), dataset: data)
                XCTAssertEqual(try trainer.options.text("data.fit"), "patches")
                try trainer.step(steps)
                if first.isEmpty { first = bits(trainer) }
                XCTAssertEqual(bits(trainer), first, "\(settings[0].1) on \(threads) threads")
            }
            // Beyond the end of an epoch, with the pictures opened anew.
            let begun = try Trainer(options: options, dataset: data)
            try begun.step(steps - 2)
            try begun.save(to: path)
            let resumed = try Trainer(checkpoint: path, overrides: nil, dataset: Dataset.open(path: folder, options: options.dataset))
            XCTAssertEqual(resumed.dataComparison, .same)
            try resumed.step(2)
            XCTAssertEqual(bits(resumed), first, "\(settings[0].1), resumed")
        }
    }

    func testPreviewsShowInputOutputAndTruth() throws {
        let options = try options([("recipe", "super-resolution"), ("scale", "2"), ("generator.blocks", "1"), ("sharpness", "0")])
        let data = try Dataset.open(path: folder, options: options.dataset)
        let trainer = try Trainer(options: options, dataset: data)
        let (side, row) = (data.shape.height, try trainer.previewShape())
        XCTAssertEqual(row, try ImageShape(height: side, width: 3 * side + 4, channels: 1))
        func preview(_ first: Int64, _ count: Int) throws -> [UInt8] {
            var pixels = [UInt8](repeating: 77, count: count * row.elements)
            try pixels.withUnsafeMutableBufferPointer { try trainer.preview(first: first, count: count, into: XCTUnwrap($0.baseAddress)) }
            return pixels
        }
        let whole = try preview(0, 6)
        let before = bits(trainer)
        XCTAssertEqual(try preview(5, 1), Array(whole.suffix(row.elements)))
        XCTAssertEqual(bits(trainer), before)
        // An untrained network makes about what cubic convolution does: near the truth, and not equal to it.
        var (distance, range) = (0, Set<UInt8>())
        for y in 0..<side {
            for x in 0..<side {
                let (made, truth) = (whole[y * row.width + side + 2 + x], whole[y * row.width + 2 * side + 4 + x])
                distance += abs(Int(made) - Int(truth))
                range.insert(truth)
            }
        }
        XCTAssertGreaterThan(range.count, 10)
        XCTAssertGreaterThan(distance, 0)
        try trainer.step(3)
        let later = try preview(0, 6)
        let pictures = [0..<side, side + 2..<2 * side + 2, 2 * side + 4..<3 * side + 4]
        let isSame = pictures.map { columns in
            (0..<6 * side).allSatisfy { y in columns.allSatisfy { x in whole[y * row.width + x] == later[y * row.width + x] } }
        }
        XCTAssertEqual(isSame, [true, false, true])
        XCTAssertThrowsError(try Trainer(options: smallOptions(), dataset: bars()).previewShape()) { error in
            XCTAssertEqual((error as? GanError)?.status, .mismatch)
        }
    }

    func testOptionsThatDoNothingAreRefused() throws {
        let plain = try bars(side: 8)
        let data = try plain.adding(
            Column.tags((0..<plain.count).map { UInt8($0 % 2) }, count: plain.count, names: ["odd"], name: Field.tags))
        for (recipe, name, value) in [
            ("inpainting", "generator.output", "sigmoid"), ("inpainting", "latent.size", "7"), ("super-resolution", "network", "dcgan"),
            ("super-resolution", "generator.hidden", "9"), ("image-to-image", "generator.activation", "tanh"), ("super-resolution", "packing", "2"),
            ("super-resolution", "content", "random"), ("tags", "network", "dcgan"), ("tags", "generator.hidden", "9"), ("tags", "condition", "tags"),
        ] {
            var settings = [("recipe", recipe), (name, value), ("batch-size", "20")]
            if recipe == "image-to-image" { settings.append(("source", "edges")) }
            if recipe == "super-resolution" { settings += [("scale", "2"), ("sharpness", name == "packing" ? "0.1" : "0")] }
            XCTAssertThrowsError(try Trainer(options: smallOptions(settings), dataset: data), "\(recipe) \(name)") { error in
                XCTAssertEqual((error as? GanError)?.status, .outOfRange)
                XCTAssertTrue((error as? GanError)?.message.contains(name) ?? false, "\(error)")
            }
        }
    }

    func testAClassifiersMapsAreKeptInTheTraining() throws {
        let data = try bars(side: 8, classes: 3)
        let judge = folder + "/judge.safetensors"
        let trained = try Trainer(options: smallOptions([("recipe", "classifier"), ("classifier.channels", "3"), ("classifier.features", "4")]), dataset: data)
        try trained.step(4)
        try trained.save(to: judge)
        let settings = [
            ("recipe", "super-resolution"), ("scale", "2"), ("generator.blocks", "1"), ("sharpness", "0.1"), ("pretrain.steps", "1"), ("content", "classifier"),
        ]
        XCTAssertThrowsError(try Trainer(options: options(settings), dataset: data)) { error in
            XCTAssertTrue((error as? GanError)?.message.contains("content.classifier") ?? false, "\(error)")
        }
        let trainer = try Trainer(options: options(settings + [("content.classifier", judge)]), dataset: data)
        for name in trained.savedNames where name.hasPrefix("classifier.0.") && !name.contains(".adam.") {
            XCTAssertEqual(trainer.values(of: "content" + name.dropFirst("classifier".count)), trained.values(of: name), name)
        }
        let content = trainer.savedNames.filter { $0.hasPrefix("content.") }
        XCTAssertFalse(content.isEmpty)
        let before = content.map { trainer.values(of: $0) }
        try trainer.step(5)
        XCTAssertEqual(content.map { trainer.values(of: $0) }, before)
        let path = folder + "/model.safetensors"
        try trainer.save(to: path)
        try FileManager.default.removeItem(atPath: judge)
        let resumed = try Trainer(checkpoint: path, overrides: nil, dataset: data)
        try resumed.step(2)
        try trainer.step(2)
        XCTAssertEqual(bits(resumed), bits(trainer))
    }
}
