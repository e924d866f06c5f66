import Base
import Data
import Graph
import Networks
import Plan
import Training
import XCTest

/// What changes of pictures are, by the reference interpreter; that steps are what it says is `RecipeTests`' business.
final class AugmentationTests: XCTestCase {
    /// A recipe whose only step looks at changed pictures.
    private struct Looking: Recipe {
        static let name = "looking"
        static let summary = "Looks."
        static let paper = ""
        static let options: [Training.Option] = []

        let shape: Shape
        let look: @Sendable (Tensor, StepBuilder) throws(GanError) -> Tensor

        init(_ shape: Shape, look: @escaping @Sendable (Tensor, StepBuilder) throws(GanError) -> Tensor) {
            self.shape = shape
            self.look = look
        }

        init(_ options: OptionValues, fields: [Field]) throws(GanError) { self.init([1, 1, 1]) { (x, _) throws(GanError) in x } }

        var networks: [Network] { [] }
        static let possibleMetrics: [StepMetric] = []
        var metrics: [StepMetric] { [] }
        var pixelRange: (low: Float, high: Float) { (0, 1) }
        var sampling: Sampling { Sampling(Network("none", inputs: []) { (_, _) throws(GanError) in [:] }, [], output: "") }
        func step(_ s: StepBuilder) throws(GanError) {
            let pictures = try s.data(Port(Field.image, shape))
            _ = try s.state("seen", pictures.shape, .constant(0))
            s.setState("seen", try look(pictures, s))
        }
    }

    private let (batch, height, width) = (40, 8, 16)

    private func picture(_ item: Int, _ row: Int, _ column: Int, _ channel: Int) -> Double {
        let mixed: Int = item * 7 + row * 31 + column * 17 + channel * 5
        return 0.1 + Double(mixed % 97) / 120
    }

    /// [item][row][column][channel] of the changed pictures.
    private func seen(channels: Int = 1, _ look: @escaping @Sendable (Tensor, StepBuilder) throws(GanError) -> Tensor) throws -> [[[[Double]]]] {
        let graph = try StepGraph(Looking([height, width, channels], look: look), batch: batch, step: 0)
        let piece = try XCTUnwrap(graph.pieces.first)
        var reference = ReferenceInterpreter(graph: piece.graph)
        reference.seed = 11
        var pixels: [Double] = []
        for i in 0..<batch { for r in 0..<height { for c in 0..<width { for k in 0..<channels { pixels.append(picture(i, r, c, k)) } } } }
        reference.buffers = [StepBuilder.buffer(of: Field.image): pixels]
        let values = try reference.evaluate(piece.updates.map(\.value))[0]
        var place = 0
        return (0..<batch).map { _ in
            (0..<height).map { _ in
                (0..<width).map { _ in
                    defer { place += channels }
                    return Array(values[place..<place + channels])
                }
            }
        }
    }

    private func augmented(_ kind: AugmentationKind, probability: Float? = nil) throws -> [[[[Double]]]] {
        try seen { (pictures, s) throws(GanError) in
            let chance = try probability.map { (p) throws(GanError) in try s.graph.constant(p, [1]) }
            return try Augmentation(kind: kind, range: (0, 1))(pictures, probability: chance, s)
        }
    }

    func testTranslationMovesPictures() throws {
        var shifts: Set<[Int]> = []
        for (item, pixels) in try augmented(.translation).enumerated() {
            let found = (-1...1).flatMap { y in (-2...2).map { x in [y, x] } }.filter { shift in
                for r in 0..<height {
                    for c in 0..<width {
                        let (row, column) = (r + shift[0], c + shift[1])
                        let isInside = (0..<height).contains(row) && (0..<width).contains(column)
                        if abs(pixels[r][c][0] - (isInside ? picture(item, row, column, 0) : 0.5)) > 1e-6 { return false }
                    }
                }
                return true
            }
            XCTAssertEqual(found.count, 1, "picture \(item)")
            shifts.formUnion(found)
        }
        XCTAssertGreaterThan(shifts.count, 8, "\(shifts)")
    }

    func testCutoutMakesAHole() throws {
        var holes: Set<[Int]> = []
        for (item, pixels) in try augmented(.cutout).enumerated() {
            var (rows, columns, count): (Set<Int>, Set<Int>, Int) = ([], [], 0)
            for r in 0..<height {
                for c in 0..<width {
                    if abs(pixels[r][c][0] - picture(item, r, c, 0)) < 1e-6 { continue }
                    XCTAssertEqual(pixels[r][c][0], 0.5, accuracy: 1e-6)
                    rows.insert(r)
                    columns.insert(c)
                    count += 1
                }
            }
            // A pixel may be grey already.
            XCTAssertGreaterThanOrEqual(count, rows.count * columns.count - 2)
            XCTAssertTrue((height / 4...height / 2).contains(rows.count) && (width / 4...width / 2).contains(columns.count), "\(rows), \(columns)")
            holes.insert([rows.min() ?? 0, columns.min() ?? 0])
        }
        XCTAssertGreaterThan(holes.count, 12)
    }

    /// Brightness and contrast are one straight line for all pixels of a grey picture, and another for each picture.
    func testColoursAreALine() throws {
        var slopes: Set<Int> = []
        for (item, pixels) in try augmented(.colour).enumerated() {
            let (x0, x1) = (picture(item, 0, 0, 0), picture(item, 0, 1, 0))
            let slope = (pixels[0][1][0] - pixels[0][0][0]) / (x1 - x0)
            XCTAssertTrue((0.5...1.5).contains(slope), "\(slope)")
            let offset = pixels[0][0][0] - slope * x0
            for r in 0..<height { for c in 0..<width { XCTAssertEqual(pixels[r][c][0], slope * picture(item, r, c, 0) + offset, accuracy: 1e-5) } }
            slopes.insert(Int(slope * 1000))
        }
        XCTAssertGreaterThan(slopes.count, 30)
    }

    func testMirroringTurnsHalfOfThem() throws {
        let pictures = try seen { (pictures, s) throws(GanError) in try s.mirrored(pictures) }
        var turned = 0
        for (item, pixels) in pictures.enumerated() {
            let isTurned = pixels[0][0][0] != picture(item, 0, 0, 0)
            turned += isTurned ? 1 : 0
            for r in 0..<height { for c in 0..<width { XCTAssertEqual(pixels[r][c][0], picture(item, r, isTurned ? width - 1 - c : c, 0)) } }
        }
        XCTAssertTrue((10...30).contains(turned), "\(turned) of 40")
    }

    /// Not a change, but shown in the same way: the channels of consecutive pictures behind each other.
    func testPacksAreConsecutivePictures() throws {
        let graph = try StepGraph(Looking([height, width, 2]) { (x, _) throws(GanError) in try Packing(size: 4).items(x).reshape(x.shape) }, batch: batch, step: 0)
        let piece = try XCTUnwrap(graph.pieces.first)
        var reference = ReferenceInterpreter(graph: piece.graph)
        func number(_ i: Int, _ r: Int, _ c: Int, _ k: Int) -> Double { Double(((i * height + r) * width + c) * 2 + k) }
        reference.buffers = [StepBuilder.buffer(of: Field.image): (0..<batch * height * width * 2).map(Double.init)]
        let values = try reference.evaluate(piece.updates.map(\.value))[0]
        for pack in 0..<batch / 4 {
            for (r, c) in [(0, 0), (3, 5), (7, 15)] {
                let place = ((pack * height + r) * width + c) * 8
                XCTAssertEqual(Array(values[place..<place + 8]), (0..<4).flatMap { j in (0..<2).map { number(pack * 4 + j, r, c, $0) } })
            }
        }
    }

    func testProbabilityIsHowManyAreChanged() throws {
        for kind in [AugmentationKind.colour, .translation, .cutout] {
            for (probability, range) in [(Float(0), 0...0), (0.5, 8...30), (1, 30...40)] {
                let changed = try augmented(kind, probability: probability).enumerated().filter { item, pixels in
                    (0..<height).contains { r in (0..<width).contains { c in abs(pixels[r][c][0] - picture(item, r, c, 0)) > 1e-6 } }
                }
                XCTAssertTrue(range.contains(changed.count), "\(kind.rawValue) at \(probability): \(changed.count)")
            }
        }
    }

    /// A discriminator that knows the data makes augmentation likelier, one that does not less likely.
    func testTheProbabilityFollowsTheDiscriminator() throws {
        func probability(_ settings: [(String, String)]) throws -> Double {
            let trainer = try Trainer(
                options: smallOptions([("augment", "colour"), ("augment.every", "2"), ("augment.images", "400")] + settings), dataset: bars(side: 8))
            try trainer.step(30)
            let value = trainer.metric(try XCTUnwrap(Metric.find("augment.probability")))
            XCTAssertTrue((0...1).contains(value))
            return value
        }
        // The generator stays as it is, and the discriminator learns fast.
        let winning = [("generator.learning-rate", "0"), ("discriminator.learning-rate", "0.02")]
        XCTAssertGreaterThan(try probability(winning + [("augment.target", "0.6"), ("augment.probability", "0.2")]), 0.5)
        XCTAssertGreaterThan(try probability(winning + [("augment.target", "0.6"), ("augment.probability", "0.2"), ("loss", "relativistic")]), 0.5)
        // Of a discriminator that never learns, real pictures are no more real than generated ones.
        XCTAssertEqual(try probability([("discriminator.learning-rate", "0"), ("augment.target", "1"), ("augment.probability", "0.3")]), 0)
    }
}
