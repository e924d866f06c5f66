import Base
import Data
import Training
import XCTest

/// Any loss with any penalty, network and condition makes a step that is finite and moves both networks, or is refused by a sentence.
final class CombinationTests: XCTestCase {
    private static let losses = ["non-saturating", "minimax", "least-squares", "hinge", "wasserstein", "relativistic", "relativistic-average"]
    private static let penalties: [[(String, String)]] = [
        [], [("r1", "1")], [("r1", "1"), ("r2", "1")], [("gradient-penalty", "10")], [("dragan", "10")],
    ]
    private static let conditions: [[(String, String)]] = [
        [],
        [("condition", "labels")],
        [("condition", "labels"), ("conditioning", "embed"), ("embedding.size", "2")],
        [("condition", "labels"), ("conditioning", "projection")],
        [("condition", "labels"), ("conditioning", "concatenate")],
        [("recipe", "infogan"), ("info.categories", "2"), ("info.codes", "1")],
    ]
    private static let convolutional = [("preset", "dcgan"), ("generator.channels", "1"), ("discriminator.channels", "2")]
    /// With whether the discriminator looks at each item by itself.
    private static let networks: [(settings: [(String, String)], isApart: Bool)] = [
        ([("generator.hidden", "4"), ("discriminator.hidden", "4"), ("discriminator.activation", "leaky-relu")], true),
        (convolutional, false),
        (convolutional + [("discriminator.norm", "layer"), ("generator.norm", "instance")], true),
    ]

    /// Beside those, every loss and condition, and every penalty with each.
    private static let others: [[(String, String)]] = [
        [("preset", "resnet"), ("generator.channels", "2"), ("discriminator.channels", "2"), ("generator.channels-limit", "3"), ("discriminator.channels-limit", "3"), ("r1", "0"), ("r2", "0")],
        [
            ("network", "layers"), ("generator.layers", "dense 32, reshape 4 4 2, relu, upsample 2, conv 1 3 1, sigmoid"),
            ("discriminator.layers", "conv 2 4 2, leaky-relu, flatten, dense 5, norm layer, leaky-relu"),
        ],
    ]

    func testOtherNetworks() throws {
        let data = try bars(count: 24, side: 8, classes: 3)
        for network in Self.others {
            for (i, condition) in Self.conditions.enumerated() {
                for (j, loss) in Self.losses.enumerated() {
                    let settings = [("batch-size", "6"), ("latent.size", "3"), ("threads", "1")] + network + condition + Self.penalties[(i + j) % 5]
                        + [("loss", loss), ("packing", j % 2 == 0 ? "1" : "3"), ("augment", "all"), ("accumulate", j % 3 == 0 ? "2" : "1")]
                    do {
                        let trainer = try Trainer(options: smallOptions(settings), dataset: data)
                        let names = trainer.savedNames.filter { $0.hasSuffix(".weight") && ($0.hasPrefix("generator.") || $0.hasPrefix("discriminator.")) }
                        let before = names.map { trainer.values(of: $0) ?? [] }
                        try trainer.step(2)
                        let moved = zip(names, before).filter { trainer.values(of: $0) != $1 }.map(\.0)
                        XCTAssertTrue(moved.contains { $0.hasPrefix("generator.") } && moved.contains { $0.hasPrefix("discriminator.") }, "\(settings)")
                    } catch { XCTFail("\(settings.dropFirst(3)): \(error)") }
                }
            }
        }
    }

    func testEveryCombination() throws {
        let data = try bars(count: 24, side: 8, classes: 3)
        let base = [("batch-size", "6"), ("latent.size", "3"), ("threads", "1")]
        var made = 0
        for (network, isApart) in Self.networks {
            for condition in Self.conditions {
                for penalty in Self.penalties {
                    for (index, loss) in Self.losses.enumerated() {
                        let settings = base + network + condition + penalty + [("loss", loss), ("packing", index % 2 == 0 ? "1" : "3")]
                        let name = "\(settings.dropFirst(3))"
                        if !penalty.isEmpty && !isApart {
                            XCTAssertThrowsError(try Trainer(options: smallOptions(settings), dataset: data), name) {
                                XCTAssertTrue(($0 as? GanError)?.message.contains("discriminator.norm") ?? false, name)
                            }
                            continue
                        }
                        do {
                            let trainer = try Trainer(options: smallOptions(settings), dataset: data)
                            let before = ["generator.0.weight", "discriminator.0.weight"].map { trainer.values(of: $0) ?? [] }
                            try trainer.step(1)
                            let after = ["generator.0.weight", "discriminator.0.weight"].map { trainer.values(of: $0) ?? [] }
                            for (old, new) in zip(before, after) {
                                XCTAssertNotEqual(old, new, name)
                                XCTAssertTrue(new.allSatisfy(\.isFinite), name)
                            }
                            for metric in trainer.metricList { XCTAssertTrue(trainer.metric(metric).isFinite, "\(metric.name): \(name)") }
                            made += 1
                        } catch { XCTFail("\(name): \(error)") }
                    }
                }
            }
        }
        XCTAssertEqual(made, 6 * 7 * (5 + 1 + 5))
    }

    func testContradictionsAreSaid() throws {
        let data = try bars(side: 8, classes: 3)
        let cases: [([(String, String)], String)] = [
            ([("packing", "3")], "packing"),
            ([("packing", "50")], "packing"),
            ([("accumulate", "3")], "accumulate"),
            ([("accumulate", "10"), ("packing", "4")], "packing"),
            ([("label-smoothing", "0.1"), ("loss", "wasserstein")], "label-smoothing"),
            ([("label-smoothing", "0.1"), ("loss", "relativistic")], "label-smoothing"),
            ([("label-smoothing", "0.1"), ("loss", "hinge")], "label-smoothing"),
            ([("weight-clip", "0.01"), ("gradient-penalty", "10")], "weight-clip"),
            ([("noise", "0.1")], "noise.steps"),
            ([("rate.schedule", "cosine")], "rate.steps"),
            ([("augment.target", "0.6")], "augment"),
            ([("conditioning", "projection")], "condition=labels"),
            ([("generator.norm", "batch-by-class"), ("preset", "dcgan")], "condition=labels"),
            ([("discriminator.norm", "batch-by-class"), ("preset", "dcgan"), ("condition", "labels"), ("packing", "2")], "packing"),
            ([("recipe", "infogan"), ("generator.norm", "batch-by-class"), ("preset", "dcgan")], "condition=labels"),
            ([("recipe", "infogan"), ("packing", "3")], "packing"),
            ([("recipe", "infogan"), ("condition", "labels")], "recipe=gan"),
            ([("network", "layers"), ("generator.layers", "dense 64"), ("discriminator.layers", "flatten, dense 5, norm batch"), ("r1", "1")], "discriminator.layers"),
        ]
        for (settings, word) in cases {
            XCTAssertThrowsError(try Trainer(options: smallOptions(settings), dataset: data), "\(settings)") {
                let error = $0 as? GanError
                XCTAssertEqual(error?.status, .outOfRange, "\(settings)")
                XCTAssertTrue(error?.message.contains(word) ?? false, "\(settings): \(error?.message ?? "")")
            }
        }
        let line = try Dataset.fromBytes(
            [UInt8](repeating: 7, count: 240), count: 60, shape: ImageShape(height: 1, width: 4, channels: 1), labels: nil, classes: 0, ownership: .copy)
        for settings in [[("augment", "all")], [("augment.mirror", "true")]] {
            XCTAssertThrowsError(try Trainer(options: smallOptions(settings), dataset: line), "\(settings)")
        }
    }
}
