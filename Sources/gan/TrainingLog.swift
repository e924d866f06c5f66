// log.csv: a row an epoch, which spreadsheets and pandas read, and which a resumed training goes on with.

struct TrainingLog {
    struct Row {
        let epoch, step: Int64
        /// How many steps the means are over: fewer than an epoch has where a training was resumed within it.
        let steps: Int64
        /// Of each of the step's metrics.
        let means, deviations: [Double]
        let imagesPerSecond, seconds: Double
        /// What was measured of the networks at the end of the epoch, by name.
        let measures: [String: Double]

        init(epoch: Int64, step: Int64, sums: [LossMeter.Sum], imagesPerSecond: Double, seconds: Double, measures: [String: Double]) {
            self.measures = measures
            self.epoch = epoch
            self.step = step
            // Not every step makes every number.
            steps = Int64(sums.map(\.count).max() ?? 0)
            means = sums.map(\.mean)
            deviations = sums.map(\.deviation)
            self.imagesPerSecond = imagesPerSecond
            self.seconds = seconds
        }

        /// Nil for a line that is no row of ours.
        /// - Parameter measured: The names of its last columns.
        fileprivate init?(_ line: Substring, _ metrics: StepMetrics, _ measured: [String]) {
            let all = line.split(separator: ",", omittingEmptySubsequences: false)
            let count = TrainingLog.columns(metrics).count
            let fields = all.prefix(count)
            guard all.count == count + measured.count, let epoch = Int64(fields[0]), let step = Int64(fields[1]),
                let steps = Int64(fields[2])
            else { return nil }
            // A field of nothing is a number that the epoch did not make.
            let numbers = fields[3...].compactMap { field in field.isEmpty ? .nan : Double(field).flatMap { $0.isFinite ? $0 : nil } }
            guard numbers.count == fields.count - 3, numbers.suffix(2).allSatisfy(\.isFinite) else { return nil }
            (self.epoch, self.step, self.steps) = (epoch, step, steps)
            var (means, deviations, place) = ([Double](), [Double](), 0)
            for name in metrics.names {
                means.append(numbers[place])
                deviations.append(StepMetrics.isLoss(name) ? numbers[place + 1] : 0)
                place += StepMetrics.isLoss(name) ? 2 : 1
            }
            (self.means, self.deviations) = (means, deviations)
            (imagesPerSecond, seconds) = (numbers[place], numbers[place + 1])
            var measures: [String: Double] = [:]
            for (name, field) in zip(measured, all.dropFirst(count)) where !field.isEmpty {
                guard let value = Double(field), value.isFinite else { return nil }
                measures[name] = value
            }
            self.measures = measures
        }

        fileprivate func csv(_ metrics: StepMetrics, _ measured: [String]) -> String {
            var numbers: [Double] = []
            for (index, name) in metrics.names.enumerated() { numbers += StepMetrics.isLoss(name) ? [means[index], deviations[index]] : [means[index]] }
            return ([String(epoch), String(step), String(steps)] + numbers.map { $0.isNaN ? "" : Format.significant($0, 7) }
                + [Format.fixed(imagesPerSecond, 0), Format.fixed(seconds, 3)] + measured.map { measures[$0].map { Format.significant($0, 7) } ?? "" })
                .joined(separator: ",")
        }

        /// - Parameter best: Whether this was the best evaluation so far; nil where there was none.
        func json(_ metrics: StepMetrics, _ measured: [String], best: Bool?) -> String {
            var object = JSONObject()
            object.add("event", "epoch")
            object.add("epoch", epoch)
            object.add("step", step)
            for (name, mean) in zip(metrics.names, means) { object.add(name, mean) }
            object.add("images-per-second", Double(Format.fixed(imagesPerSecond, 1)) ?? imagesPerSecond)
            object.add("seconds", Double(Format.fixed(seconds, 3)) ?? seconds)
            for name in measured { if let value = measures[name] { object.add(name, value) } }
            if let best { object.add("best", raw: best ? "true" : "false") }
            return object.closed
        }

        /// The line of an epoch for people, shorter where columns are few.
        /// - Parameter end: What stands behind it where there is room.
        func text(_ metrics: StepMetrics, of epochs: Int64, columns: Int, end: String = "") -> String {
            let place = Format.right(String(epoch), String(epochs).count) + "/" + String(epochs)
            let shown = metrics.shown(means).map { ($0.short, $0.long, Format.right(Format.fixed(means[$0.index], 4), 7)) }
            let full = "epoch \(place)  " + shown.map { "\($0.1) \($0.2)  " }.joined() + "\(Format.grouped(imagesPerSecond)) images/s"
            let short = place + shown.map { "  \($0.0) \($0.2)" }.joined()
            for candidate in [full + end, short + end, full, short] where candidate.count < columns { return candidate }
            return place
        }
    }

    /// Of a loss its deviation follows.
    private static func columns(_ metrics: StepMetrics) -> [String] {
        ["epoch", "step", "steps"] + metrics.names.flatMap { StepMetrics.isLoss($0) ? [$0, $0 + ".deviation"] : [$0] } + ["images-per-second", "seconds"]
    }

    private var header: String { (Self.columns(metrics) + measured).joined(separator: ",") }

    private(set) var rows: [Row] = []
    private let path: String
    private let metrics: StepMetrics
    /// The names of what is measured, each a column at the end.
    private var measured: [String]

    /// Begins a log, or goes on with the rows of epochs that were finished when the checkpoint was saved.
    init(folder: String, keeping epochs: Int64, _ metrics: StepMetrics, measured: [String]) throws {
        path = Paths.join(folder, "log.csv")
        self.metrics = metrics
        self.measured = measured
        let own = Self.columns(metrics)
        // Of another recipe the same columns would mean other things.
        if epochs > 0, let text = Paths.contents(path),
            case let before = Self.firstLine(text).split(separator: ",", omittingEmptySubsequences: false).map({ String($0) }), before.starts(with: own)
        {
            let measuredBefore = Array(before.dropFirst(own.count))
            for line in text.split(whereSeparator: \.isNewline).dropFirst() {
                if let row = Row(line, metrics, measuredBefore), row.epoch <= epochs, row.epoch > (rows.last?.epoch ?? 0) { rows.append(row) }
            }
        }
        // What was measured before stays, though it be measured no more.
        for row in rows { self.measured += row.measures.keys.sorted().filter { !self.measured.contains($0) } }
        let file = try OutputFile(path)
        try file.write(header + "\n")
        for row in rows { try file.write(row.csv(metrics, self.measured) + "\n") }
        try file.commit()
    }

    /// Adds a row. The file is opened for each, so that one that was moved away or deleted is missed at once.
    mutating func append(_ row: Row) throws {
        rows.append(row)
        try OutputFile.append(row.csv(metrics, measured) + "\n", to: path)
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
        let names = line.split(separator: ",", omittingEmptySubsequences: false)
        guard let end = names.firstIndex(of: "seconds") else { return false }
        return names.starts(with: ["epoch", "step", "steps"]) && end > 3 && names[end - 1] == "images-per-second"
            && names[(end + 1)...].allSatisfy { TrainingMeasures.isMeasured(String($0)) }
    }

    /// Whether there is more in a file than a log that was just begun.
    static func holdsRows(_ path: String) -> Bool {
        guard Paths.exists(path) else { return false }
        guard let text = Paths.contents(path) else { return true }
        let first = firstLine(text)
        return !text.isEmpty && !(isHeader(first) && text == first + "\n")
    }
}
