import Base
import Data
import Training
import XCTest

/// The recipes of volumes: when their discriminator is moved, what is refused, what is made of views.
final class VolumeTests: XCTestCase {
    private static let small = [
        ("recipe", "volume"), ("generator.channels", "3"), ("discriminator.channels", "4"), ("batch-size", "6"), ("latent.size", "5"), ("average.decay", "0"),
    ]
    private static let views = [("recipe", "view-to-volume"), ("view.channels", "4")] + small.dropFirst()

    private func trainer(_ settings: [(String, String)]) throws -> Trainer {
        let isOfViews = settings.contains { $0.1 == "view-to-volume" }
        return try Trainer(options: smallOptions(settings), dataset: plates(views: isOfViews))
    }

    /// Parameters and what Adam keeps of them.
    private func judge(_ trainer: Trainer) -> [String: [Float]] {
        var all: [String: [Float]] = [:]
        for name in trainer.savedNames where name.hasPrefix("discriminator.") { all[name] = trainer.values(of: name) }
        return all
    }

    func testTheDiscriminatorStaysWhereItIsRightTooOften() throws {
        let limit = 0.6
        let trainer = try trainer(Self.small + [("volume.accuracy", "0.6"), ("discriminator.learning-rate", "0.002")])
        var (moved, stayed) = (0, 0)
        for _ in 0..<40 {
            let (before, generator) = (judge(trainer), trainer.values(of: "generator.0.weight"))
            try trainer.step(1)
            let accuracy = trainer.metric(try XCTUnwrap(Metric.find("discriminator.accuracy")))
            XCTAssertTrue((0...1).contains(accuracy))
            if Float(accuracy) > Float(limit) {
                stayed += 1
                XCTAssertEqual(judge(trainer), before, "nothing of it changes, nor what Adam keeps")
            } else {
                moved += 1
                XCTAssertNotEqual(judge(trainer)["discriminator.0.weight"], before["discriminator.0.weight"])
            }
            XCTAssertNotEqual(trainer.values(of: "generator.0.weight"), generator)
        }
        XCTAssertGreaterThan(moved, 2)
        XCTAssertGreaterThan(stayed, 2)
        // Adam corrects for the updates that were made.
        let power = try XCTUnwrap(trainer.values(of: "gate.discriminator.adam.2")?.first)
        XCTAssertEqual(Double(power), pow(0.999, Double(moved)), accuracy: 1e-5)
    }

    func testALimitOfOneIsNone() throws {
        let (free, limited) = (try trainer(Self.small + [("volume.accuracy", "1")]), try trainer(Self.small + [("volume.accuracy", "0.999999")]))
        XCTAssertNil(free.values(of: "gate.discriminator.adam.1"))
        try free.step(1)
        try limited.step(1)
        // At first nobody is right about everything, and the first step of both is the same but for roundings of the correction.
        let (a, b) = (try XCTUnwrap(free.values(of: "discriminator.1.weight")), try XCTUnwrap(limited.values(of: "discriminator.1.weight")))
        for (x, y) in zip(a, b) { XCTAssertEqual(x, y, accuracy: 2e-6) }
    }

    func testWhatIsNoVolumeIsRefused() throws {
        func refused(_ settings: [(String, String)], _ data: Dataset, _ status: Status, _ words: String...) {
            XCTAssertThrowsError(try Trainer(options: smallOptions(settings), dataset: data)) { error in
                XCTAssertEqual((error as? GanError)?.status, status)
                for word in words { XCTAssertTrue((error as? GanError)?.message.contains(word) ?? false, "\(word) in \(error)") }
            }
        }
        try refused(Self.small, bars(), .mismatch, "volumes", "images of 6×6×1", "data.items=volumes")
        try refused(Self.views, bars(), .mismatch, "volumes")
        try refused(Self.views, plates(), .mismatch, "no views", "data.items=views")
        try refused(Self.small + [("levels", "2")], plates(), .outOfRange, "8×8×8", "1 times")
        try refused(Self.small + [("augment", "colour")], plates(), .outOfRange, "augment")
        try refused(Self.small + [("generator.output", "tanh")], plates(), .outOfRange, "generator.output")
        try refused(Self.views + [("latent.distribution", "uniform")], plates(views: true), .outOfRange, "normal")
        try refused(Self.views + [("packing", "2")], plates(views: true), .outOfRange, "packing")
        try refused(Self.small + [("view.channels", "4")], plates(), .outOfRange, "view-to-volume")
        let flat = [Float](repeating: 0, count: 60 * 6 * 6 * 6)
        let odd = try Dataset.fromValues(flat, count: 60, axes: [6, 6, 6, 1], range: (0, 1), name: "volume", ownership: .copy)
        refused(Self.small, odd, .outOfRange, "a volume", "6×6×6", "8 or more")
    }

    func testAViewBecomesItsVolume() throws {
        let settings = Self.views + [("view.reconstruction", "100"), ("generator.learning-rate", "0.003"), ("generator.channels", "8"), ("latent.size", "12"), ("average.decay", "0.9")]
        let trainer = try trainer(settings)
        try trainer.step(400)
        XCTAssertGreaterThan(trainer.metric(try XCTUnwrap(Metric.find("intersection"))), 0.8)
        let path = NSTemporaryDirectory() + "views-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try trainer.snapshot().save(to: path)
        let generator = try Generator(path: path)
        XCTAssertEqual(generator.axes, [8, 8, 8, 1])
        let data = try plates(views: true)
        func made(_ applier: Applier, seed: UInt64, item: Int, scale: Int = 1) throws -> [Float] {
            var picture = [Float](repeating: -1, count: 64 * scale * scale)
            guard case .bytes(let pixels) = data.storage else { throw GanError(.internalError, "Bytes were expected.") }
            for y in 0..<8 * scale { for x in 0..<8 * scale { picture[y * 8 * scale + x] = pixels[item * 64 + y / scale * 8 + x / scale] > 0 ? 1 : -1 } }
            var volume = [Float](repeating: .nan, count: 512)
            try volume.withUnsafeMutableBufferPointer { try applier.apply(picture, mask: nil, height: 8 * scale, width: 8 * scale, seed: seed, into: XCTUnwrap($0.baseAddress)) }
            return volume
        }
        let applier = try Applier(generator: generator, threads: 1, tile: 0)
        for item in [0, 7, 23] {
            let volume = try made(applier, seed: 0, item: item)
            var (common, either) = (0, 0)
            var truth = [Float](repeating: 0, count: 512)
            try [item].withUnsafeBufferPointer { rows in
                try truth.withUnsafeMutableBufferPointer { try data.columns[1].copyBatch(rows: rows, into: XCTUnwrap($0.baseAddress), rangeLow: 0, rangeHigh: 1) }
            }
            for (a, b) in zip(volume, truth) {
                if a > 0 && b > 0.5 { common += 1 }
                if a > 0 || b > 0.5 { either += 1 }
            }
            XCTAssertGreaterThan(Double(common) / Double(either), 0.7, "item \(item)")
        }
        let first = try made(applier, seed: 0, item: 3)
        XCTAssertTrue(first.allSatisfy { $0 >= -1 && $0 <= 1 })
        XCTAssertEqual(first, try made(Applier(generator: trainer.snapshot(), threads: 2, tile: 0), seed: 0, item: 3), "threads and files change nothing")
        XCTAssertEqual(first, try made(applier, seed: 0, item: 3, scale: 3), "a picture of another size is scaled")
        XCTAssertNotEqual(first, try made(applier, seed: 1, item: 3), "other seeds make variants")
        XCTAssertEqual(try made(applier, seed: 1, item: 3), try made(applier, seed: 1, item: 3))
    }

    /// What is left out is told by a walk through each volume that is written another way.
    func testSpecksAreLeftOut() throws {
        // Wide weights make voxels that have little to do with their neighbours.
        let trainer = try trainer(Self.small + [("generator.initial-deviation", "0.5")])
        try trainer.step(1)
        let generator = try trainer.snapshot()
        let count = 20
        func draw(_ share: Double, threads: Int = 1) throws -> [Float] {
            var all = [Float](repeating: .nan, count: count * 512)
            let sampler = try Sampler(generator: generator, threads: threads, smallestPiece: share)
            try all.withUnsafeMutableBufferPointer { sampler.draw(seed: 3, first: 0, count: count, into: try XCTUnwrap($0.baseAddress)) }
            return all
        }
        let made = try draw(0)
        var leftOut = 0
        for share in [0.05, 0.5, 1] {
            let drawn = try draw(share)
            XCTAssertEqual(drawn, try draw(share, threads: 2))
            for item in 0..<count {
                let volume = Array(made[item * 512..<(item + 1) * 512])
                // Every voxel takes the smallest number around until none changes.
                var piece = (0..<512).map { volume[$0] > 0.5 ? $0 : -1 }
                var isChanged = true
                while isChanged {
                    isChanged = false
                    for voxel in 0..<512 where piece[voxel] >= 0 {
                        let (x, y, z) = (voxel / 64, voxel / 8 % 8, voxel % 8)
                        for (a, b, c) in [(x - 1, y, z), (x + 1, y, z), (x, y - 1, z), (x, y + 1, z), (x, y, z - 1), (x, y, z + 1)]
                        where (0..<8).contains(a) && (0..<8).contains(b) && (0..<8).contains(c) {
                            let other = piece[(a * 8 + b) * 8 + c]
                            if other >= 0, other < piece[voxel] { (piece[voxel], isChanged) = (other, true) }
                        }
                    }
                }
                var sizes: [Int: Int] = [:]
                for number in piece where number >= 0 { sizes[number, default: 0] += 1 }
                let largest = sizes.values.max() ?? 0
                for voxel in 0..<512 {
                    let goes = piece[voxel] >= 0 && Double(sizes[piece[voxel]] ?? 0) < share * Double(largest)
                    if goes { leftOut += 1 }
                    XCTAssertEqual(drawn[item * 512 + voxel], goes ? 0 : volume[voxel], "voxel \(voxel) of \(item) at \(share)")
                }
            }
        }
        XCTAssertGreaterThan(leftOut, 10)
        var bytes = [UInt8](repeating: 9, count: count * 512)
        try bytes.withUnsafeMutableBufferPointer {
            try Sampler(generator: generator, threads: 1, smallestPiece: 0.5).drawBytes(seed: 3, first: 0, count: count, into: XCTUnwrap($0.baseAddress))
        }
        for (byte, value) in zip(bytes, try draw(0.5)) { XCTAssertEqual(Float(byte) / 255, value, accuracy: 0.003) }
    }

    func testPreviewsShowVolumesFromThreeSides() throws {
        let (volumes, views) = (try trainer(Self.small), try trainer(Self.views))
        XCTAssertEqual(try volumes.previewShape(), try ImageShape(height: 8, width: 3 * 8 + 2 * 2, channels: 1))
        let shape = try views.previewShape()
        XCTAssertEqual(shape, try ImageShape(height: 8, width: 7 * 8 + 6 * 2, channels: 1))
        var pixels = [UInt8](repeating: 9, count: 2 * shape.elements)
        try pixels.withUnsafeMutableBufferPointer { try views.preview(first: 0, count: 2, into: XCTUnwrap($0.baseAddress)) }
        for item in 0..<2 {
            func pixel(_ place: Int, _ row: Int, _ column: Int) -> UInt8 { pixels[(item * 8 + row) * shape.width + place * 10 + column] }
            for column in 0..<8 {
                // A plate's front is white, and as high as its view is long; up is up.
                for row in 0..<8 { XCTAssertEqual(pixel(4, row, column) == 255, pixel(0, 7 - row, column) == 255) }
                // Seen from above it reaches from the back to the front.
                XCTAssertEqual(pixel(6, 0, column) > 0, pixel(0, 0, column) > 0)
                XCTAssertEqual(pixel(6, 7, column) > 0, pixel(0, 0, column) > 0)
            }
        }
    }
}
