// A GAN for digits from Swift: trains, stops, goes on, saves, loads, draws. Its files equal those that C writes.
//
//     digits DATA OUTPUT

import Foundation

@main
struct Digits {
    var passed = 0, failed = 0

    mutating func check(_ good: Bool, _ what: String) {
        if good { passed += 1 } else { failed += 1; print("swift: failed: \(what)") }
    }

    /// The sentence of the error that a call must fail with.
    mutating func fails(_ name: String, _ call: () throws -> Void) -> String {
        do {
            try call()
            check(false, "no error, but \(name) was expected")
        } catch let error as GANError {
            check(error.name == name, "\(error.name) instead of \(name): \(error)")
            return "\(error)"
        } catch {
            check(false, "\(error) instead of \(name)")
        }
        return ""
    }

    static func main() {
        var digits = Digits()
        guard CommandLine.arguments.count == 3 else { exit(2) }
        do {
            try digits.run(data: CommandLine.arguments[1], output: CommandLine.arguments[2] + "/")
        } catch {
            digits.check(false, "\(error)")
        }
        print("swift: \(digits.passed) passed, \(digits.failed) failed")
        exit(digits.failed > 0 ? 1 : 0)
    }

    static func progress(_ trainer: Trainer, _ event: Trainer.Event) throws -> Bool {
        guard event == .epoch else { return false }
        let (epoch, d, g) = try (trainer.metric("epoch"), trainer.metric("discriminator.loss"), trainer.metric("generator.loss"))
        print(String(format: "epoch %.0f   discriminator %.3f   generator %.3f", epoch, d, g))
        return epoch == 2
    }

    mutating func run(data: String, output: String) throws {
        func write<Value>(_ name: String, _ values: [Value]) throws {
            try values.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: output + name)) }
        }

        print("libgan \(GAN.version) on \(GAN.instructionSet) from Swift")
        let digits = try Dataset(path: data)
        let (count, shape) = try digits.shape()
        print("\(count) images of \(shape.height) x \(shape.width) x \(shape.channels) in \(try digits.classes()) classes")
        check(try count == 10000 && shape == Shape(height: 28, width: 28) && digits.classes() == 10, "the shape of the dataset")
        check(try digits.read(first: 9999, count: 1).count == 784 && digits.readLabels(first: 0, count: 3) == [7, 2, 1], "images and labels are read")

        // Two of three epochs, then the closure stops the run; another trainer goes on with the file.
        var trainer = try Trainer(digits, ["seed": 7, "generator.hidden": [256, 256], "generator.learning-rate": 1e-3, "discriminator.learning-rate": "1e-3"])
        check(try trainer.option("generator.hidden") == "256,256", "an option of the trainer")
        _ = fails("GAN_E_CANCELLED") { try trainer.run(epochs: 3) { try Digits.progress(trainer, $0) } }
        try trainer.save(output + "stopped.safetensors")
        struct Mine: Error {}
        do {
            try trainer.run(epochs: 1) { _ in throw Mine() }
            check(false, "an error of the closure comes out of run")
        } catch is Mine {
            check(true, "an error of the closure comes out of run")
        }

        trainer = try Trainer(checkpoint: output + "stopped.safetensors", digits)
        try trainer.run(epochs: 1) { try Digits.progress(trainer, $0) }
        check(try trainer.metric("epoch") == 3 && trainer.metric("step") == 300, "the metrics")
        try trainer.save(output + "digits.safetensors")
        let taken = try trainer.generator().sampler().draw(seed: 7, count: 64)

        // Cancelling a run from another thread, once it is under way.
        let canceller = trainer.canceller
        var asked = false
        _ = fails("GAN_E_CANCELLED") {
            try trainer.run(epochs: 300) { _ in
                if !asked { Thread.detachNewThread { try? canceller.cancel() } }
                asked = true
                return false
            }
        }
        trainer = try Trainer(digits)
        _ = fails("GAN_E_INVALID_HANDLE") { try canceller.cancel() }

        let generator = try Generator(checkpoint: output + "digits.safetensors")
        check(try generator.shape == shape && generator.axes() == [28, 28, 1] && generator.latentSize == 128 && generator.range == 0...1, "the generator's shape")
        check(try generator.option("seed") == "7", "an option of the generator")
        let sampler = try generator.sampler(["threads": 1])
        let images = try sampler.draw(seed: 7, count: 64), latents = try sampler.latents(seed: 7, count: 64)
        check(try images == taken && images == sampler.decode(latents), "a snapshot, a file and decoding give the same images")
        let way = try sampler.path(from: Array(latents[..<128]), to: Array(latents[128..<256]), count: 5)
        check(way[..<128] == latents[..<128], "a path begins where it should")
        check(try sampler.pathAt(0.25, from: Array(latents[..<128]), to: Array(latents[128..<256])) == Array(way[128..<256]), "a place of a path")
        try write("images.f32", images)
        try write("images.u8", sampler.drawBytes(seed: 7, count: 64))
        try write("far.f32", sampler.draw(seed: .max - 4, first: 1 << 40, count: 2))
        try write("path.f32", sampler.decode(way))
        try write("grid.png", sampler.png(seed: 7, count: 64))
        try sampler.writePNG(output + "written.png", seed: 7, count: 64)
        let pixels = try sampler.drawBytes(seed: 1, count: 1), shades = Array(" .:-=+*#%@")
        for row in stride(from: 0, to: 28, by: 2) { print(String(pixels[row * 28..<row * 28 + 28].map { shades[Int($0) * 10 / 256] })) }

        let file = try Data(contentsOf: URL(fileURLWithPath: output + "digits.safetensors"))
        check(try Generator(bytes: Array(file)).sampler().draw(seed: 7, count: 64) == images, "a generator from memory draws the same")
        let noise = try Trainer(Dataset(pixels: (0..<200 * 64).map { UInt8(truncatingIfNeeded: $0 &* $0) }, Shape(height: 8, width: 8)))
        try noise.step(3)
        check(try noise.metric("step") == 3, "training on bytes from memory")
        let floats = try Dataset(floats: [0, 0.5, 1, 0.25, 0, 0.5, 1, 0.25], Shape(height: 2, width: 2), labels: [4, 0])
        check(try floats.read(first: 1, count: 1) == [0, 0.5, 1, 0.25] && floats.readLabels(first: 0, count: 2) == [4, 0], "a dataset of floats")
        let told = try floats.withTags([1, 0, 1, 1], names: ["hat", "smile"]).withTexts(["a é", "b"]).withLabels([0, 1], names: ["no", "yes"], name: "answer")
        let pairs = try Dataset(combining: [("source", told), ("target", try Dataset(values: [1, 2, 3, 4], axes: [2]))])
        let fields = try pairs.fields()
        check(
            fields.count == 6 && fields[2].name == "source.tags" && fields[2].kind == "tags" && fields[2].classes == ["hat", "smile"]
                && fields[5].shape == [2] && fields[5].items == 2 && fields[5].range == (1, 4), "fields of a dataset")
        check(
            try pairs.fieldText(2, item: 1) == "hat,smile" && pairs.fieldText(3, item: 0) == "a é" && pairs.fieldText(4, item: 1) == "yes"
                && pairs.readField(5, first: 1, count: 1) == [3, 4], "items of fields")

        let small: Options = ["batch-size": 50, "generator.hidden": "8", "discriminator.hidden": "8"]
        let learnt = try Trainer(Dataset(csv: "city,size\n" + String(repeating: "Seoul,1.5\nBusan,2.5\n", count: 100), small), small)
        try learnt.step(2)
        let made = try learnt.generator()
        let columns = try made.columns()
        check(try columns.count == 2 && columns[0].name == "city" && columns[0].categories == ["Busan", "Seoul"] && made.cellText(0, 1) == "Seoul", "columns of a table")
        let rows = try made.sampler()
        try rows.where("city=Seoul")
        let cells = try rows.drawRows(seed: 7, count: 3, columns: 2)
        check(cells[0] == 1 && cells[2] == 1 && cells[4] == 1, "rows of a table")
        try rows.writeCSV(output + "rows.csv", seed: 7, count: 3)
        check(try String(contentsOfFile: output + "rows.csv", encoding: .utf8).hasPrefix("city,size\nSeoul,"), "a table in a file")

        check(fails("GAN_E_NOT_FOUND") { _ = try Generator(checkpoint: "no-such-file.safetensors") }.contains("no-such-file"), "the sentence names the file")
        check(fails("GAN_E_UNKNOWN_NAME") { _ = try Trainer(digits, ["batchsize": 64]) }.contains("batch-size"), "the sentence gives the nearest option")
        check(try Options(["seed": 9_007_199_254_740_993]).get("seed") == "9007199254740993", "options are read")
    }
}
