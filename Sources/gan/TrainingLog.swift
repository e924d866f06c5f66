// log.csv: a row an epoch, which spreadsheets and pandas read, and which a resumed training goes on with.

struct TrainingLog {
    struct Row {
        let epoch, step: Int64
        /// How many steps the means are over: fewer than an epoch has where a training was resumed within it.
        let steps: Int64
        /// Of each of the step's metrics.
        let means, deviations: [Double]
        let imagesPerSecond, seconds: Double

        init(epoch: Int64, step: Int64, sums: [LossMeter.Sum], imagesPerSecond: Double, seconds: Double) {
            self.epoch = epoch
            self.step = step
            steps = Int64(sums.first?.count ?? 0)
            means = sums.map(\.mean)
            deviations = sums.map(\.deviation)
            self.imagesPerSecond = imagesPerSecond
            self.seconds = seconds
        }

        /// Nil for a line that is no row of ours.
        fileprivate init?(_ line: Substring, _ metrics: StepMetrics) {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == TrainingLog.columns(metrics).count, let epoch = Int64(fields[0]), let step = Int64(fields[1]),
                let steps = Int64(fields[2])
            else { return nil }
            let numbers = fields[3...].compactMap { Double($0) }
            guard numbers.count == fields.count - 3, numbers.allSatisfy(\.isFinite) else { return nil }
            (self.epoch, self.step, self.steps) = (epoch, step, steps)
            var (means, deviations, place) = ([Double](), [Double](), 0)
            for name in metrics.names {
                means.append(numbers[place])
                deviations.append(StepMetrics.isLoss(name) ? numbers[place + 1] : 0)
                place += StepMetrics.isLoss(name) ? 2 : 1
            }
            (self.means, self.deviations) = (means, deviations)
            (imagesPerSecond, seconds) = (numbers[place], numbers[place + 1])
        }

        fileprivate func csv(_ metrics: StepMetrics) -> String {
            var numbers: [Double] = []
            for (index, name) in metrics.names.enumerated() { numbers += StepMetrics.isLoss(name) ? [means[index], deviations[index]] : [means[index]] }
            return ([String(epoch), String(step), String(steps)] + numbers.map { Format.significant($0, 7) }
                + [Format.fixed(imagesPerSecond, 0), Format.fixed(seconds, 3)]).joined(separator: ",")
        }

        func json(_ metrics: StepMetrics) -> String {
            var object = JSONObject()
            object.add("event", "epoch")
            object.add("epoch", epoch)
            object.add("step", step)
            for (name, mean) in zip(metrics.names, means) { object.add(name, mean) }
            object.add("images-per-second", Double(Format.fixed(imagesPerSecond, 1)) ?? imagesPerSecond)
            object.add("seconds", Double(Format.fixed(seconds, 3)) ?? seconds)
            return object.closed
        }

        /// The line of an epoch for people, shorter where columns are few.
        func text(_ metrics: StepMetrics, of epochs: Int64, columns: Int) -> String {
            let place = Format.right(String(epoch), String(epochs).count) + "/" + String(epochs)
            let shown = metrics.shown.map { ($0.short, $0.long, Format.right(Format.fixed(means[$0.index], 4), 7)) }
            let full = "epoch \(place)  " + shown.map { "\($0.1) \($0.2)  " }.joined() + "\(Format.grouped(imagesPerSecond)) images/s"
            if full.count < columns { return full }
            let short = place + shown.map { "  \($0.0) \($0.2)" }.joined()
            return short.count < columns ? short : place
        }
    }

    /// Of a loss its deviation follows.
    private static func columns(_ metrics: StepMetrics) -> [String] {
        ["epoch", "step", "steps"] + metrics.names.flatMap { StepMetrics.isLoss($0) ? [$0, $0 + ".deviation"] : [$0] } + ["images-per-second", "seconds"]
    }

    private static func header(_ metrics: StepMetrics) -> String { columns(metrics).joined(separator: ",") }

    private(set) var rows: [Row] = []
    private let path: String
    private let metrics: StepMetrics

    /// Begins a log, or goes on with the rows of epochs that were finished when the checkpoint was saved.
    init(folder: String, keeping epochs: Int64, _ metrics: StepMetrics) throws {
        path = Paths.join(folder, "log.csv")
        self.metrics = metrics
        let header = Self.header(metrics)
        // Of another recipe the same columns would mean other things.
        if epochs > 0, let text = Paths.contents(path), Self.firstLine(text) == header {
            for line in text.split(whereSeparator: \.isNewline) {
                if let row = Row(line, metrics), row.epoch <= epochs, row.epoch > (rows.last?.epoch ?? 0) { rows.append(row) }
            }
        }
        let file = try OutputFile(path)
        try file.write(header + "\n")
        for row in rows { try file.write(row.csv(metrics) + "\n") }
        try file.commit()
    }

    /// Adds a row. The file is opened for each, so that one that was moved away or deleted is missed at once.
    mutating func append(_ row: Row) throws {
        rows.append(row)
        try OutputFile.append(row.csv(metrics) + "\n", to: path)
    }

    /// Whether a file is a log that a training wrote, or empty, or only a link to one that is to come.
    static func isOurs(_ path: String) -> Bool {
        guard Paths.exists(path) else { return true }
        guard let text = Paths.contents(path) else { return false }
        return text.isEmpty || isHeader(firstLine(text))
    }

    private static func firstLine(_ text: String) -> Substring { text.prefix { !$0.isNewline } }

    /// Whether a line is the header of a log of any recipe.
    private static func isHeader(_ line: Substring) -> Bool {
        line.hasPrefix("epoch,step,steps,") && line.hasSuffix(",images-per-second,seconds")
    }

    /// Whether there is more in a file than a log that was just begun.
    static func holdsRows(_ path: String) -> Bool {
        guard Paths.exists(path) else { return false }
        guard let text = Paths.contents(path) else { return true }
        let first = firstLine(text)
        return !text.isEmpty && !(isHeader(first) && text == first + "\n")
    }
}
