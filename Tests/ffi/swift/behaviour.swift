// What GAN.swift promises beyond digits.swift: nothing is cut or trapped, and what a program rarely uses works too.
//
//     behaviour CHECKPOINT OUTPUT

import Foundation

@main
struct Behaviour {
    var passed = 0, failed = 0

    mutating func check(_ good: Bool, _ what: String) {
        if good { passed += 1 } else { failed += 1; print("swift: failed: \(what)") }
    }

    mutating func refused(_ what: String, _ name: String = "GAN_E_INVALID_ARGUMENT", _ call: () throws -> Void) {
        do {
            try call()
            check(false, "\(what): no error")
        } catch let error as GANError {
            check(error.name == name && !error.message.isEmpty, "\(what): \(error.name), \(error)")
        } catch {
            check(false, "\(what): \(error)")
        }
    }

    static func main() {
        var behaviour = Behaviour()
        guard CommandLine.arguments.count == 3 else { exit(2) }
        do {
            try behaviour.run(CommandLine.arguments[1], CommandLine.arguments[2] + "/")
            try behaviour.madeData(CommandLine.arguments[2] + "/")
            try behaviour.inputs()
            try behaviour.measures(CommandLine.arguments[2])
            try behaviour.pictures(Generator(checkpoint: CommandLine.arguments[1]))
            try behaviour.callbacks()
        } catch {
            behaviour.check(false, "\(error)")
        }
        print("swift: \(behaviour.passed) passed, \(behaviour.failed) failed")
        exit(behaviour.failed > 0 ? 1 : 0)
    }

    mutating func run(_ checkpoint: String, _ output: String) throws {
        let generator = try Generator(checkpoint: checkpoint), sampler = try generator.sampler()
        let options = try Options()
        try options.setInteger("seed", .max)
        try options.setReal("generator.learning-rate", 0.25)
        check(try options.get("seed") == "9223372036854775807" && options.get("generator.learning-rate") == "0.25", "options are set from numbers")
        let described = Dictionary(uniqueKeysWithValues: GAN.options.map { ($0.name, $0) })
        check(described["batch-size"]?.bounds?.minimum == 1 && described["preset"]?.bounds == nil && described["loss"]?.summary.isEmpty == false, "options are described")
        check(GAN.metrics.contains { $0.name == "generator.loss" } && GAN.versionNumber >= 100, "metrics and the version")

        refused("load takes no byte 0") { _ = try Generator(checkpoint: checkpoint + "\0x") }
        refused("open takes no byte 0") { _ = try Dataset(path: "m\0x") }
        refused("open IDX takes no byte 0") { _ = try Dataset(idx: "m", labels: "m\0x") }
        refused("save takes no byte 0") { try generator.save(output + "nul\0x") }
        refused("set takes no byte 0") { try options.set("seed", "7\0x") }
        refused("a literal takes no byte 0") { _ = try Dataset(path: "m", ["seed": "7\0x"]) }
        refused("get takes no byte 0") { _ = try options.get("seed\0x") }
        check(!FileManager.default.fileExists(atPath: output + "nul"), "nothing was written")
        refused("sizes that overflow") { _ = try Dataset(pixels: [0], Shape(height: .max, width: .max, channels: .max)) }
        refused("negative sizes") { _ = try Dataset(pixels: [0, 0], Shape(height: -1, width: -2)) }
        refused("more than memory holds") { _ = try sampler.draw(seed: 7, count: 1 << 45) }
        refused("a count that overflows") { _ = try sampler.draw(seed: 7, count: .max) }
        refused("a count below zero") { _ = try sampler.draw(seed: 7, count: -1) }
        refused("a latent is short") { _ = try sampler.decode([Float](repeating: 0, count: 127)) }

        let latents = try sampler.latents(seed: 7, count: 2)
        check(try sampler.decodeBytes(latents) == sampler.drawBytes(seed: 7, count: 2), "latents to bytes")
        try sampler.writeIDX(output + "written.idx", seed: 7, count: 4)
        try sampler.writeNPY(output + "written.npy", seed: 7, count: 2)
        check(try Dataset(idx: output + "written.idx").shape().count == 4, "an IDX file")
        let (pixels, shape) = try GAN.decodePNG(sampler.png(seed: 7, count: 1, Sampler.Grid(columns: 1, margin: 0)))
        check(try shape == generator.shape && pixels == sampler.drawBytes(seed: 7, count: 1), "a PNG is decoded")
        try GAN.writePNG(output + "again.png", pixels: sampler.drawBytes(seed: 7, count: 64), shape)
        check(try Array(Data(contentsOf: URL(fileURLWithPath: output + "again.png"))) == sampler.png(seed: 7, count: 64), "a PNG of the caller's pixels")
        let file = try Checkpoint(path: checkpoint)
        let place = try file.tensors().firstIndex { $0.name == "generator.1.weight" && $0.shape == [256, 256] && $0.type == "F32" }
        check(try place != nil && file.read(Int64(place ?? 0)).count == 256 * 256, "a checkpoint tells its tensors, and gives their numbers")
        check(try GAN.decodeImage(sampler.png(seed: 7, count: 1, Sampler.Grid(columns: 1, margin: 0))).pixels == pixels, "a picture is decoded")
        let numbers = try GAN.decodeImageFloats(sampler.png(seed: 7, count: 1, Sampler.Grid(columns: 1, margin: 0)))
        let deep = try GAN.decodeImageFloats(GAN.encodePNG(numbers.pixels, numbers.shape, depth: 16))
        check(numbers.depth == 8 && deep.depth == 16 && zip(numbers.pixels, deep.pixels).allSatisfy { abs($0 - $1) < 1e-5 }, "numbers go into a picture and out")
        let cell = VolumeSize(depth: 1, height: 1, width: 1), mesh = try GAN.shapeMesh([1], cell)
        check(mesh.positions.count == 18 && mesh.normals.count == 18 && mesh.triangles.count == 24, "a volume becomes a mesh")
        check(try GAN.shapeMesh([0], cell).triangles.isEmpty, "an empty one has no triangles")
        check(try GAN.shapeRender([1], cell, azimuth: 0, elevation: 0, side: 8)[36] < 255, "and a picture")
        try GAN.shapeWrite(output + "cell.obj", [1], cell)
        refused("too few cells") { _ = try GAN.shapeMesh([1, 1], cell) }
        refused("a format that there is not") { try GAN.shapeWrite(output + "cell.ply", [1], cell) }
        check(described["seed"]?.condition == "" && described["generator.channels"]?.condition != "", "options tell when they matter")
        let labelled = try Dataset(pixels: [UInt8](repeating: 0, count: 400), Shape(height: 2, width: 1), labels: [Int32](repeating: 1, count: 200))
        check(try labelled.className(1) == "1", "classes have names")
        let saved = try Trainer(labelled)
        try saved.save(output + "memory.safetensors")
        try saved.checkSave(output + "memory.safetensors")
        refused("a folder that is not there", "GAN_E_NOT_FOUND") { try saved.checkSave(output + "no/such/file") }
        check(try Array(Data(contentsOf: URL(fileURLWithPath: output + "memory.safetensors"))) == saved.bytes(), "a checkpoint in memory is the file")
        check(try Trainer(bytes: saved.bytes(), labelled).data() == .same, "a training goes on from memory")
        check(try Generator(bytes: generator.bytes()).sampler().draw(seed: 7, count: 2) == sampler.draw(seed: 7, count: 2), "a generator in memory")
        check(try file.text("kind") == "trainer" && file.option("seed") == "7", "a checkpoint tells its kind and options")
    }

    mutating func madeData(_ output: String) throws {
        let stacked = try Dataset(making: "stacked", count: 6, seed: 1, of: Dataset(making: "digits", count: 20))
        try stacked.write(to: output + "stacked.idx", labels: output + "stacked-labels.idx")
        let read = try Dataset(idx: output + "stacked.idx", labels: output + "stacked-labels.idx")
        let isSame = try read.readLabels(first: 0, count: 6) == stacked.readLabels(first: 0, count: 6) && read.read(first: 0, count: 6) == stacked.read(first: 0, count: 6)
        check(try isSame && GAN.madeData.contains { $0.name == "ring" } && stacked.classes() == 1000, "data are made, written and read")
    }

    /// What samples are made of besides chance; sample i has class i mod 2 unless it is told.
    mutating func inputs() throws {
        let recipes = Dictionary(uniqueKeysWithValues: GAN.recipes.map { ($0.name, $0) })
        check(recipes["infogan"]?.options.contains("info.categories") == true && recipes["gan"]?.options.contains("condition") == true, "recipes are listed")
        check(recipes.values.allSatisfy { $0.summary.count > 20 && $0.paper.count > 20 }, "recipes say what they are")
        let images = try Dataset(pixels: (0..<400).map { UInt8($0 % 200) }, Shape(height: 2, width: 1), labels: (0..<200).map { $0 % 2 })
        let trainer = try Trainer(images, ["condition": "labels"])
        try trainer.step(2)
        let metrics = try trainer.metrics()
        check(metrics.contains("generator.loss"), "a trainer lists its metrics")
        for name in metrics { _ = try trainer.metric(name) }
        let generator = try trainer.generator(), inputs = try generator.inputs()
        check(inputs.map(\.name) == ["latents", "label"] && inputs.map(\.kind) == ["latent", "label"], "a generator lists its inputs")
        check(inputs.map(\.width) == [generator.latentSize, 1] && inputs.map(\.classes) == [[], ["0", "1"]], "their sizes and classes")
        let sampler = try generator.sampler(), free = try sampler.draw(seed: 7, count: 2)
        try sampler.set("label", "1")
        let set = try sampler.draw(seed: 7, count: 2)
        check(set[..<2] != free[..<2] && set[2...] == free[2...], "an input is set")
        try sampler.set("label", "")
        check(try sampler.draw(seed: 7, count: 2) == free, "an input is unset")
        try sampler.set("label", rows: [1])
        check(try sampler.draw(seed: 7, count: 2) == set, "an input is set to a row")
        try sampler.set("label", rows: [0, 1])
        check(try sampler.draw(seed: 7, count: 2) == free, "an input is set to rows")
        refused("a class that is not there", "GAN_E_UNKNOWN_NAME") { try sampler.set("label", "2") }
        refused("a class's number that is not there", "GAN_E_OUT_OF_RANGE") { try sampler.set("label", rows: [2]) }
        refused("an input that is not there", "GAN_E_UNKNOWN_NAME") { try sampler.set("labels", "1") }
        refused("an input takes no byte 0") { try sampler.set("label", "1\0") }
    }

    /// Counts what a closure was asked for, and whether it still lives.
    final class Count: @unchecked Sendable {
        var filled = 0
    }

    mutating func measures(_ folder: String) throws {
        let rows = (0..<40 * 64).map { UInt8($0 / 64 % 2 == $0 % 64 / 32 ? 255 : 0) }
        let halves = try Dataset(pixels: rows, Shape(height: 8, width: 8), labels: (0..<40).map { Int32($0 % 2) })
        let judged = try Trainer(halves, ["recipe": "classifier", "classifier.channels": 2, "batch-size": 10])
        try judged.run(epochs: 2)
        try judged.save(folder + "/judge")
        let judge = try judged.classifier(), images = try halves.read(first: 0, count: 3)
        check(try judge.classNames() == ["0", "1"] && judge.shape().height == 8 && judge.target() == "labels", "a classifier tells of itself")
        let told = try judge.run(images)
        check(try told.probabilities.count == 6 && told.features.count == 3 * judge.featureCount(), "and of pictures")
        for other in [try Classifier(checkpoint: folder + "/judge"), try Classifier(bytes: judged.bytes())] {
            check(try other.run(images).probabilities == told.probabilities, "a classifier is loaded")
        }
        refused("a classifier draws nothing", "GAN_E_MISMATCH") { _ = try judged.generator() }
        let same = try Evaluation(halves, beside: halves, judge)
        check(try same.value("copies").value == 1 && same.counts().samples == 40 && same.nearest(3).distance == 0, "data beside themselves are copies")
        check(try same.classOf(0).probability >= 0.5 && same.classCounts(0).samples + same.classCounts(1).samples == 40, "classes are told")
        let drawing = try Trainer(halves, ["batch-size": 10, "evaluate.every": 1, "evaluate.count": 16])
        try drawing.judge(judge)
        try drawing.run(epochs: 1)
        let drawn = try Evaluation(drawing.generator(), beside: halves, count: 20)
        check(try drawing.metric("evaluate.modes") >= 1 && drawn.value("recall").value >= 0, "a generator is evaluated")
        let known = try Evaluation(features: [3, 0, -3, 0, 0, 1, 0, -1], beside: [1, 0, -1, 0, 0, 1, 0, -1], width: 2)
        let distance = try known.value("frechet-distance")
        check(abs(distance.value - 8.0 / 3) < 1e-12 && distance.spread.isNaN, "the distance of features")
        check(GAN.measures.count >= 15 && GAN.measures[0].minimum >= 1 && GAN.measures[0].goal == "lower", "measures are listed")
        refused("a measure that is not there", "GAN_E_UNKNOWN_NAME") { _ = try known.value("recal") }
        refused("features that are no rows") { _ = try Evaluation(features: [1], beside: [1, 2], width: 2) }
    }

    mutating func pictures(_ drawing: Generator) throws {
        refused("a generator of numbers is no applier", "GAN_E_MISMATCH") { _ = try drawing.applier() }
        let images = try Dataset(pixels: (0..<40 * 64).map { UInt8($0 % 251) }, Shape(height: 8, width: 8))
        let trainer = try Trainer(images, ["recipe": "super-resolution", "scale": 2, "generator.channels": 4, "generator.blocks": 1, "batch-size": 10])
        check(try trainer.previewShape() == Shape(height: 8, width: 28), "a row of input, output and truth")
        check(try trainer.preview(count: 2).count == 448, "and two of them")
        refused("rows before the first", "GAN_E_INVALID_ARGUMENT") { _ = try trainer.preview(first: -1, count: 1) }
        let applier = try trainer.generator().applier(["threads": 1])
        check(applier.inputChannels == 1 && applier.outputChannels == 1 && !applier.takesMask, "an applier tells of itself")
        check(try applier.shape(height: 5, width: 7) == Shape(height: 10, width: 14), "and of what it makes")
        let white = [Float](repeating: 1, count: 35), bytes = [UInt8](repeating: 255, count: 35)
        let floats = try applier.apply(white, height: 5, width: 7), made = try applier.applyBytes(bytes, height: 5, width: 7)
        check(floats.count == 140 && made.count == 140 && abs(floats[60] * 255 - Float(made[60])) < 0.51, "a picture of a picture")
        refused("a picture is short") { _ = try applier.apply([1], height: 5, width: 7) }
        refused("a mask is short") { _ = try applier.applyBytes(bytes, mask: [1], height: 5, width: 7) }
        refused("a mask where none is wanted") { _ = try applier.apply(white, mask: white, height: 5, width: 7) }
        refused("a picture without a side", "GAN_E_OUT_OF_RANGE") { _ = try applier.apply([], height: 0, width: 7) }
        check(try applier.frames() == 0, "a picture is none of several")
        try frames()
    }

    mutating func frames() throws {
        let trainer = try Trainer(
            Dataset(making: "moving", count: 10, seed: 3),
            ["recipe": "next-frame", "frames.past": 2, "frames.ahead": 1, "generator.channels": 2, "discriminator.channels": 2, "batch-size": 5])
        let applier = try trainer.generator().applier(["threads": 1])
        let given = (1...70).map { UInt8($0 * 7 % 256) }
        let five = try applier.predictBytes(given, height: 5, width: 7, count: 5), two = try applier.predictBytes(given, height: 5, width: 7, count: 2)
        check(try applier.frames() == 2 && five.count == 175 && Array(five.prefix(70)) == two, "frames that follow")
        let floats = try applier.predict(given.map { Float($0) / 255 }, height: 5, width: 7)
        check(floats.count == 35 && abs(floats[12] * 255 - Float(five[12])) < 0.6, "frames of floats")
        refused("a frame is short") { _ = try applier.predict([1], height: 5, width: 7) }
        refused("too few frames", "GAN_E_OUT_OF_RANGE") { _ = try applier.predictBytes(Array(given.prefix(35)), height: 5, width: 7) }
        refused("a picture where frames are read", "GAN_E_MISMATCH") { _ = try applier.apply([Float](repeating: 1, count: 35), height: 5, width: 7) }
    }

    mutating func callbacks() throws {
        let count = Count(), one = Shape(height: 1, width: 1)
        weak var kept: Count?
        var trainer: Trainer?
        do {
            let own = Count()
            kept = own
            let images = try Dataset(count: 1000, one) { indices, values in
                own.filled += 1
                count.filled += indices.count
                for (i, index) in indices.enumerated() { values[i] = Float(index) / 1000 }
            }
            check(try images.read(first: 500, count: 1) == [0.5], "a closure's images are read")
            trainer = try Trainer(images)
        }
        try trainer?.step(2)
        check(count.filled == 201 && kept != nil, "a closure fills batches")
        trainer = nil
        check(kept == nil, "and goes with the last that needs it")
        refused("no images") { _ = try Dataset(count: 0, one) { _, _ in } }

        struct Mine: Error {}
        let broken = try Dataset(count: 1000, one) { _, _ in throw Mine() }, training = try Trainer(broken)
        let calls: [(String, () throws -> Void)] = [
            ("step", { try training.step() }), ("run", { try training.run(epochs: 1) }), ("run with a closure", { try training.run(epochs: 1) { _ in false } }),
            ("read", { _ = try broken.read(first: 0, count: 1) }),
        ]
        for (what, call) in calls {
            do {
                try call()
                check(false, "an error of the closure comes out of \(what)")
            } catch {
                check(error is Mine, "an error of the closure comes out of \(what): \(error)")
            }
        }
        refused("and is not thrown twice", "GAN_E_NOT_FOUND") { _ = try Generator(checkpoint: "no-such-file") }
    }
}
