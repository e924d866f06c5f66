import Base
import Foundation
import Training
import XCTest

/// The option table and the way from text and numbers to values and back.
final class OptionTests: XCTestCase {
    private func failure(_ body: () throws -> Void, file: StaticString = #filePath, line: UInt = #line) -> GanError {
        do {
            try body()
            XCTFail("nothing was thrown", file: file, line: line)
        } catch let error as GanError {
            XCTAssertTrue(error.message.hasSuffix(".") || error.message.hasSuffix("?"), error.message, file: file, line: line)
            return error
        } catch { XCTFail("\(error)", file: file, line: line) }
        return GanError(.ok, "")
    }

    private func refusal(_ name: String, _ text: String, file: StaticString = #filePath, line: UInt = #line) -> GanError {
        failure({
            var options = OptionValues()
            try options.set(name, text: text)
        }, file: file, line: line)
    }

    // MARK: The table

    func testNamesAreUniqueAndInOneStyle() {
        let names = OptionTable.all.map(\.name)
        XCTAssertEqual(Set(names).count, names.count)
        for name in names {
            XCTAssertNotNil(name.range(of: "^[a-z0-9]+([-.][a-z0-9]+)*$", options: .regularExpression), name)
        }
    }

    func testEveryDefaultIsAValueOfItsOption() throws {
        for option in OptionTable.all {
            var options = OptionValues()
            try options.set(option.name, text: option.defaultText)
            XCTAssertEqual(options.value(option), OptionValues().value(option), option.name)
            XCTAssertEqual(options.text(option), option.defaultText, option.name)
        }
    }

    func testEverySentenceSaysSomething() {
        for option in OptionTable.all {
            XCTAssertTrue(option.summary.hasSuffix("."), option.name)
            XCTAssertFalse(option.range.isEmpty, option.name)
            XCTAssertTrue(option.summary.allSatisfy { $0.isASCII }, option.name)
        }
    }

    func testBoundsAreTakenAndWhatLiesBeyondIsRefused() throws {
        for option in OptionTable.all {
            guard let bounds = option.bounds else { continue }
            var options = OptionValues()
            switch option.type {
            case "integer":
                let maximum = Int64(exactly: bounds.maximum) ?? .max
                try options.set(option.name, integer: Int64(bounds.minimum))
                try options.set(option.name, integer: maximum)
                XCTAssertEqual(refusal(option.name, String(Int64(bounds.minimum) - 1)).status, .outOfRange, option.name)
                if maximum < .max { XCTAssertEqual(refusal(option.name, String(maximum + 1)).status, .outOfRange, option.name) }
            case "real":
                try options.set(option.name, real: bounds.minimum)
                try options.set(option.name, real: bounds.maximum)
                for beyond in [bounds.minimum.nextDown, bounds.maximum.nextUp, .nan, .infinity, -.infinity] {
                    XCTAssertEqual(failure { try options.set(option.name, real: beyond) }.status, .outOfRange, option.name)
                }
                XCTAssertEqual(options.real(option), bounds.maximum, option.name)
            default: break
            }
        }
    }

    // MARK: Names

    func testUnknownNamesFindTheNearest() {
        for (given, meant) in [
            ("lerning-rate", "generator.learning-rate"), ("learning-rate", "generator.learning-rate"),
            ("batchsize", "batch-size"), ("BATCH_SIZE", "batch-size"), ("discriminator.lerning-rate", "discriminator.learning-rate"),
            ("latnet.size", "latent.size"), ("thraeds", "threads"), ("sed", "seed"),
        ] {
            let error = refusal(given, "1")
            XCTAssertEqual(error.status, .unknownName)
            XCTAssertEqual(error.message, "There is no option '\(given)'. Did you mean '\(meant)'?")
        }
        XCTAssertEqual(refusal("zzzzzzzzzzzzzz", "1").message, "There is no option 'zzzzzzzzzzzzzz'. gan_option_name lists all names.")
        XCTAssertEqual(refusal("", "1").status, .unknownName)
        XCTAssertLessThan(refusal(String(repeating: "é", count: 100_000), "1").message.utf8.count, 400)
    }

    // MARK: Text

    func testIntegers() throws {
        var options = OptionValues()
        try options.set("batch-size", text: "64")
        XCTAssertEqual(options.integer(.batchSize), 64)
        try options.set("seed", text: "9223372036854775807")
        XCTAssertEqual(options.text(.seed), "9223372036854775807")
        for wrong in ["", " 1", "1 ", "1.5", "1e2", "0x10", "abc", "9223372036854775808", "-1", "1,000", "١"] {
            XCTAssertEqual(refusal("seed", wrong).status, .outOfRange, wrong)
        }
        XCTAssertTrue(refusal("batch-size", "0").message.contains("1 to 65536"))
    }

    func testReals() throws {
        var options = OptionValues()
        for (text, value) in [("2e-4", 2e-4), (".5", 0.5), ("0.1", 0.1), ("1", 1), ("+0.25", 0.25)] {
            try options.set("generator.learning-rate", text: text)
            XCTAssertEqual(options.real(.generatorLearningRate), value)
        }
        for wrong in ["nan", "inf", "infinity", "0x1p-3", "", "1e", "0.1 ", "1e999", "--1", "-0.1", "2"] {
            XCTAssertEqual(refusal("generator.learning-rate", wrong).status, .outOfRange, wrong)
        }
        XCTAssertTrue(refusal("generator.learning-rate", "0,5").message.contains("decimal separator is a point"))
    }

    func testRealsDoNotDependOnTheLocale() throws {
        let before = setlocale(LC_ALL, nil).map { String(cString: $0) }
        defer { setlocale(LC_ALL, before ?? "C") }
        // Where no such locale is installed, the test is that of testReals.
        _ = setlocale(LC_ALL, "de_DE.UTF-8")
        var options = OptionValues()
        try options.set("leaky-slope", text: "0.25")
        XCTAssertEqual(options.real(.leakySlope), 0.25)
        XCTAssertEqual(options.text(.leakySlope), "0.25")
        XCTAssertEqual(refusal("leaky-slope", "0,25").status, .outOfRange)
    }

    func testBooleans() throws {
        var options = OptionValues()
        try options.set("data.shuffle", text: "false")
        XCTAssertFalse(options.flag(.dataShuffle))
        try options.set("data.shuffle", integer: 1)
        XCTAssertTrue(options.flag(.dataShuffle))
        for wrong in ["", "yes", "1", "TRUE"] { XCTAssertEqual(refusal("data.shuffle", wrong).status, .outOfRange, wrong) }
        XCTAssertEqual(failure { try options.set("data.shuffle", integer: 2) }.status, .outOfRange)
        XCTAssertEqual(failure { try options.set("data.shuffle", real: 1) }.status, .outOfRange)
    }

    func testChoicesNameTheNearest() throws {
        let error = refusal("generator.activation", "leakyrelu")
        XCTAssertEqual(error.status, .unknownName)
        XCTAssertTrue(error.message.hasSuffix("Did you mean 'leaky-relu'?"), error.message)
        XCTAssertFalse(refusal("loss", "qqqqqqqqqq").message.contains("Did you mean"))
        var options = OptionValues()
        try options.set("loss", text: "minimax")
        XCTAssertEqual(options[Choices.loss], .minimax)
        XCTAssertEqual(failure { try options.set("loss", integer: 1) }.status, .outOfRange)
    }

    func testLists() throws {
        var options = OptionValues()
        try options.set("generator.hidden", text: "256,128,64")
        XCTAssertEqual(options.list(.generatorHidden), [256, 128, 64])
        XCTAssertEqual(options.text(.generatorHidden), "256,128,64")
        try options.set("generator.hidden", text: "")
        XCTAssertEqual(options.list(.generatorHidden), [])
        XCTAssertTrue(options.isSet(.generatorHidden))
        XCTAssertEqual(OptionValues().list(.generatorHidden), [256])
        for wrong in [",", "256,", ",256", "256,,1", "256;1", "256, 128", "0", "65537", "1.5", Array(repeating: "1", count: 65).joined(separator: ",")] {
            XCTAssertEqual(refusal("generator.hidden", wrong).status, .outOfRange, wrong)
        }
    }

    func testAutomaticOrNumber() throws {
        var options = OptionValues()
        XCTAssertNil(options.realOrAutomatic(.dataMinimum))
        try options.set("data.minimum", text: "-1")
        XCTAssertEqual(options.realOrAutomatic(.dataMinimum), -1)
        try options.set("data.minimum", text: "auto")
        XCTAssertEqual(options.text(.dataMinimum), "auto")
        XCTAssertEqual(refusal("leaky-slope", "auto").status, .outOfRange)
    }

    func testDataOptionsReachTheDataset() throws {
        var options = OptionValues()
        XCTAssertNil(options.dataset.minimum)
        XCTAssertEqual(options.dataset.fit, .exact)
        try options.set("data.height", integer: 3)
        try options.set("data.width", integer: 4)
        try options.set("data.channels", integer: 1)
        try options.set("data.fit", text: "crop")
        try options.set("data.minimum", real: -2)
        try options.set("data.maximum", real: 2.5)
        try options.set("data.classes", integer: 10)
        let dataset = options.dataset
        XCTAssertEqual([dataset.height, dataset.width, dataset.channels, dataset.classes], [3, 4, 1, 10])
        XCTAssertEqual(dataset.fit, .crop)
        XCTAssertEqual([dataset.minimum, dataset.maximum], [-2, 2.5])
    }

    func testNumbersForOtherTypes() throws {
        var options = OptionValues()
        try options.set("batch-size", real: 32)
        XCTAssertEqual(options.integer(.batchSize), 32)
        for wrong in [32.5, 1e300, -1e300, .nan, .infinity] {
            XCTAssertEqual(failure { try options.set("batch-size", real: wrong) }.status, .outOfRange)
        }
        try options.set("leaky-slope", integer: 1)
        XCTAssertEqual(options.real(.leakySlope), 1)
        XCTAssertEqual(options.integer(.batchSize), 32, "a refused value changes nothing")
    }

    func testAValueIsCopiedNotShared() throws {
        var first = OptionValues()
        try first.set("batch-size", integer: 7)
        let second = first
        try first.set("batch-size", integer: 8)
        XCTAssertEqual(second.integer(.batchSize), 7)
    }

    // MARK: Checkpoints

    func testCanonicalPairsReadBackExactly() throws {
        var options = OptionValues()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            for option in OptionTable.all where option.type == "real" {
                guard let bounds = option.bounds, bounds.maximum <= 10 else { continue }
                try options.set(option.name, real: Double.random(in: bounds.minimum...bounds.maximum, using: &random))
            }
            try options.set("seed", integer: Int64.random(in: 0 ... .max, using: &random))
            try options.set("discriminator.hidden", text: "3,2,1")
            let read = try OptionValues(checkpoint: options.canonicalPairs())
            for option in OptionTable.all where option.scope != .machine {
                XCTAssertEqual(read.value(option), options.value(option), option.name)
            }
            XCTAssertEqual(read.canonicalPairs().map(\.value), options.canonicalPairs().map(\.value))
        }
    }

    /// What a preset changes is written even where it is what all trainings have: another version's preset may differ. The network is
    /// not, where it is the preset's, so that the first version reads its own.
    func testPresetsAreReadBackExactly() throws {
        for preset in Preset.allCases {
            for settings in [[], [("r1", "0"), ("average.decay", "0")], [("network", "dcgan"), ("r2", "0")], [("network", "mlp")], [("generator.layers", "relu, dense 3")]] {
                var options = OptionValues()
                try options.set("preset", text: preset.rawValue)
                for (name, value) in settings { try options.set(name, text: value) }
                let pairs = options.canonicalPairs()
                let read = try OptionValues(checkpoint: pairs)
                for option in OptionTable.all where option.scope != .machine {
                    XCTAssertEqual(read.value(option), options.value(option), "\(option.name) of \(preset)")
                }
                XCTAssertEqual(pairs.contains { $0.name == "network" }, options[Choices.network] != preset.network)
                XCTAssertEqual(pairs.contains { $0.name == "r1" }, preset == .resnet)
            }
        }
    }

    func testTexts() throws {
        var options = OptionValues()
        try options.set("generator.layers", text: "dense 3, relu")
        XCTAssertEqual(options.words(.generatorLayers), "dense 3, relu")
        let error = failure { try options.set("generator.layers", text: "dense 3, rel") }
        XCTAssertEqual(error.status, .outOfRange)
        XCTAssertTrue(error.message.contains("'generator.layers' cannot be read at character 10, 'rel'") && error.message.hasSuffix("Did you mean 'relu'?"), error.message)
        XCTAssertEqual(options.words(.generatorLayers), "dense 3, relu")
        XCTAssertEqual(options.words(.batchSize), "")
    }

    func testCanonicalPairsAreSortedAndLeaveTheMachineOut() throws {
        var options = OptionValues()
        try options.set("threads", integer: 3)
        let names = options.canonicalPairs().map(\.name)
        XCTAssertEqual(names, names.sorted())
        XCTAssertFalse(names.contains("threads"))
        XCTAssertFalse(names.contains("data.height"))
        XCTAssertTrue(names.contains("data.shuffle"))
    }

    func testAForeignCheckpointIsRefused() {
        for pair in [("no-such", "1"), ("batch-size", "0"), ("loss", "no-such-loss")] {
            let error = failure { _ = try OptionValues(checkpoint: [(name: pair.0, value: pair.1)]) }
            XCTAssertEqual(error.status, .badFormat)
            XCTAssertTrue(error.message.contains(pair.0), error.message)
        }
    }

    func testOverridesOnResuming() throws {
        var saved = OptionValues()
        try saved.set("latent.size", integer: 16)
        try saved.set("image.height", integer: 28)
        var overrides = OptionValues()
        try overrides.set("generator.learning-rate", real: 1e-3)
        try overrides.set("threads", integer: 1)
        try overrides.set("latent.size", integer: 16)
        try overrides.set("image.height", integer: 0)
        let resumed = try saved.overridden(by: overrides)
        XCTAssertEqual(resumed.real(.generatorLearningRate), 1e-3)
        XCTAssertEqual(resumed.integer(.threads), 1)
        XCTAssertEqual(resumed.integer(.imageHeight), 28)
        XCTAssertEqual(resumed.integer(.latentSize), 16)

        try overrides.set("latent.size", integer: 17)
        let error = failure { _ = try saved.overridden(by: overrides) }
        XCTAssertEqual(error.status, .mismatch)
        XCTAssertTrue(error.message.contains("'latent.size' is 17") && error.message.contains("16"), error.message)
    }
}
