// gan bench: how fast a training with these options is on this machine, and how long drawing takes.
import ArgumentParser
import CGan

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure training and drawing on this machine.",
        usage: "gan bench [<options>]",
        discussion: "Images are made up, so no data are needed. Close what else uses the processors.")

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("The images' rows, columns and channels.", valueName: "hxwxc"))
    var size = "28x28x1"

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("How long to measure each thing.", valueName: "s"))
    var seconds = 2.0

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp(OptionRow.summary(of: "threads"), valueName: "n"))
    var threads: String?

    @OptionGroup var settings: SettingFlags

    @Flag(name: .long, help: "Print one object of JSON.")
    var json = false

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("'--seconds' is \(seconds); more than 0 and up to 3600 was expected.") }
        _ = try shape()
    }

    private func shape() throws -> [Int32] {
        let sides = size.split(separator: "x", omittingEmptySubsequences: false).map { Int32($0) }
        guard sides.count == 3, let h = sides[0], let w = sides[1], let c = sides[2], (1...4096).contains(h), (1...4096).contains(w), (1...64).contains(c)
        else { throw ValidationError("'--size' takes rows, columns and channels, such as 28x28x1, and got '\(size)'.") }
        return [h, w, c]
    }

    mutating func run() throws {
        let shape = try shape()
        let options = try Library.options()
        if let threads { try check(gan_options_set(options.pointer, "threads", threads)) }
        for setting in settings.set { try Library.set(options, setting) }

        let batch = Int64(try Library.text { gan_options_get(options.pointer, "batch-size", $0, $1, $2) }) ?? 100
        try Ignored.tell(settings.set) { name in try Library.text { gan_options_get(options.pointer, name, $0, $1, $2) } }
        let dataset = try dataset(shape, count: batch * 2)
        let trainer = try Handle(destroy: gan_trainer_destroy) { gan_trainer_create(options.pointer, dataset.pointer, $0) }
        let images = Double(try Library.option(trainer, "batch-size")) ?? 1
        let step = try measured { try check(gan_trainer_step(trainer.pointer, 1)) }

        let generator = try Handle(destroy: gan_generator_destroy) { gan_trainer_generator(trainer.pointer, $0) }
        let sampler = try Library.sampler(generator, options)
        var pixels = [UInt8](repeating: 0, count: 64 * Int(shape[0]) * Int(shape[1]) * Int(shape[2]))
        let one = try measured { try check(gan_sampler_draw_bytes(sampler.pointer, 1, 0, 1, &pixels, pixels.count)) }
        let many = try measured { try check(gan_sampler_draw_bytes(sampler.pointer, 1, 0, 64, &pixels, pixels.count)) }
        let threads = try Library.option(trainer, "threads")
        let preset = try Library.option(trainer, "preset")

        if json {
            var object = JSONObject()
            object.add("version", Library.version)
            object.add("instruction-set", Library.instructionSet)
            object.add("threads", raw: threads)
            object.add("preset", preset)
            object.add("size", size)
            object.add("batch-size", Int64(images))
            object.add("seconds-per-step", step)
            object.add("steps-per-second", 1 / step)
            object.add("images-per-second", images / step)
            object.add("seconds-per-sample", one)
            object.add("seconds-per-64-samples", many)
            return try Output.line(json: object.closed)
        }
        let rows: [(String, String, String)] = [
            ("training, \(Format.grouped(images)) images a step", duration(step), "\(rate(1 / step)) steps/s, \(rate(images / step)) images/s"),
            ("drawing 1 image", duration(one), "\(rate(1 / one)) images/s"),
            ("drawing 64 images", duration(many), "\(rate(64 / many)) images/s"),
        ]
        let width = rows.map(\.0.count).max() ?? 0
        let head =
            "\(preset), \(shape.map(String.init).joined(separator: " × ")), \(threads == "0" ? "all processors" : "\(threads) thread\(threads == "1" ? "" : "s")"), "
                + "\(Library.instructionSet), libgan \(Library.version)"
        try Output.line(Format.wrapped(head, Terminal.columns, indent: 0))
        for (what, time, speed) in rows {
            let line = "  \(Format.left(what, width))  \(Format.right(time, 8))  \(speed)"
            try Output.line(line.count < Terminal.columns ? line : Format.wrapped("\(what): \(time), \(speed)", Terminal.columns, indent: 2))
        }
    }

    /// The median of the times that something takes, after a start that warms up.
    private func measured(_ body: () throws -> Void) throws -> Double {
        let begin = Clock.now()
        repeat { try body() } while Clock.now() - begin < seconds * 0.2
        var times: [Double] = []
        let start = Clock.now()
        var last = start
        repeat {
            try body()
            let now = Clock.now()
            times.append(now - last)
            last = now
        } while last - start < seconds && times.count < 1_000_000
        times.sort()
        return max(times[times.count / 2], 1e-9)
    }

    private func duration(_ seconds: Double) -> String {
        seconds >= 1 ? "\(Format.significant(seconds, 3)) s" : seconds >= 1e-3 ? "\(Format.significant(seconds * 1e3, 3)) ms" : "\(Format.significant(seconds * 1e6, 3)) us"
    }

    private func rate(_ value: Double) -> String { value >= 100 ? Format.grouped(value) : Format.significant(value, 3) }

    /// Images without any meaning, and without any two alike.
    private func dataset(_ shape: [Int32], count: Int64) throws -> Handle {
        let (size, overflow) = (Int(shape[0]) * Int(shape[1]) * Int(shape[2])).multipliedReportingOverflow(by: Int(count))
        guard !overflow, size <= 1 << 32 else { throw Failure(Exit.usage, "Batches of \(count / 2) images of \(self.size) are more than memory holds.") }
        var state: UInt32 = 1
        let pixels = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
            for index in 0..<size {
                state = state &* 1_664_525 &+ 1_013_904_223
                buffer[index] = UInt8(truncatingIfNeeded: state >> 24)
            }
            used = size
        }
        return try Handle(destroy: gan_dataset_destroy) {
            gan_dataset_create_bytes(pixels, count, shape[0], shape[1], shape[2], nil, 0, nil, nil, $0)
        }
    }
}
