// log.csv: a row an epoch, which spreadsheets and pandas read, and which a resumed training goes on with.

struct TrainingLog {
    struct Row {
        let epoch, step: Int64
        /// How many steps the means are over: fewer than an epoch has where a training was resumed within it.
        let steps: Int64
        let discriminator, discriminatorDeviation, generator, generatorDeviation, real, fake: Double
        let imagesPerSecond, seconds: Double

        init(epoch: Int64, step: Int64, losses: LossMeter.Sums, imagesPerSecond: Double, seconds: Double) {
            self.epoch = epoch
            self.step = step
            steps = Int64(losses.discriminator.count)
            discriminator = losses.discriminator.mean
            discriminatorDeviation = losses.discriminator.deviation
            generator = losses.generator.mean
            generatorDeviation = losses.generator.deviation
            real = losses.real.mean
            fake = losses.fake.mean
            self.imagesPerSecond = imagesPerSecond
            self.seconds = seconds
        }

        /// Nil for a line that is no row of ours.
        init?(_ line: Substring) {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == 11, let epoch = Int64(fields[0]), let step = Int64(fields[1]), let steps = Int64(fields[2]) else { return nil }
            let numbers = fields[3...].compactMap { Double($0) }
            guard numbers.count == 8, numbers.allSatisfy(\.isFinite) else { return nil }
            (self.epoch, self.step, self.steps) = (epoch, step, steps)
            (discriminator, discriminatorDeviation, generator, generatorDeviation) = (numbers[0], numbers[1], numbers[2], numbers[3])
            (real, fake, imagesPerSecond, seconds) = (numbers[4], numbers[5], numbers[6], numbers[7])
        }

        static let header = "epoch,step,steps,discriminator.loss,discriminator.loss.deviation,generator.loss,generator.loss.deviation,"
            + "discriminator.real,discriminator.fake,images-per-second,seconds"

        var csv: String {
            let means = [discriminator, discriminatorDeviation, generator, generatorDeviation, real, fake].map { Format.significant($0, 7) }
            return "\(epoch),\(step),\(steps)," + means.joined(separator: ",")
                + ",\(Format.fixed(imagesPerSecond, 0)),\(Format.fixed(seconds, 3))"
        }

        var json: String {
            var object = JSONObject()
            object.add("event", "epoch")
            object.add("epoch", epoch)
            object.add("step", step)
            object.add("discriminator.loss", discriminator)
            object.add("generator.loss", generator)
            object.add("discriminator.real", real)
            object.add("discriminator.fake", fake)
            object.add("images-per-second", Double(Format.fixed(imagesPerSecond, 1)) ?? imagesPerSecond)
            object.add("seconds", Double(Format.fixed(seconds, 3)) ?? seconds)
            return object.closed
        }

        /// The line of an epoch for people, shorter where columns are few.
        func text(of epochs: Int64, columns: Int) -> String {
            let place = Format.right(String(epoch), String(epochs).count) + "/" + String(epochs)
            let d = Format.fixed(discriminator, 4), g = Format.fixed(generator, 4)
            let full = "epoch \(place)  D loss \(Format.right(d, 7))  G loss \(Format.right(g, 7))  \(Format.grouped(imagesPerSecond)) images/s"
            if full.count < columns { return full }
            let short = "\(place)  D \(Format.right(d, 7))  G \(Format.right(g, 7))"
            return short.count < columns ? short : place
        }
    }

    private(set) var rows: [Row] = []
    private let path: String

    /// Begins a log, or goes on with the rows of epochs that were finished when the checkpoint was saved.
    init(folder: String, keeping epochs: Int64) throws {
        path = Paths.join(folder, "log.csv")
        if epochs > 0, let text = Paths.contents(path) {
            for line in text.split(whereSeparator: \.isNewline) {
                if let row = Row(line), row.epoch <= epochs, row.epoch > (rows.last?.epoch ?? 0) { rows.append(row) }
            }
        }
        let file = try OutputFile(path)
        try file.write(Row.header + "\n")
        for row in rows { try file.write(row.csv + "\n") }
        try file.commit()
    }

    /// Adds a row. The file is opened for each, so that one that was moved away or deleted is missed at once.
    mutating func append(_ row: Row) throws {
        rows.append(row)
        try OutputFile.append(row.csv + "\n", to: path)
    }

    /// Whether a file is a log that a training wrote, or empty, or only a link to one that is to come.
    static func isOurs(_ path: String) -> Bool {
        guard Paths.exists(path) else { return true }
        guard let text = Paths.contents(path) else { return false }
        return text.isEmpty || text.hasPrefix(Row.header)
    }

    /// Whether there is more in a file than a log that was just begun.
    static func holdsRows(_ path: String) -> Bool {
        guard Paths.exists(path) else { return false }
        guard let text = Paths.contents(path) else { return true }
        return !text.isEmpty && text != Row.header + "\n"
    }
}
