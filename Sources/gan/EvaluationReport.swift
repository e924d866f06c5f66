// What gan evaluate found, as a table, as CSV, or as JSON; and its list of measures.
import CGan

struct EvaluationReport {
    struct Line {
        let measure: Measure
        let value, spread: Double
    }

    struct ClassCount {
        let name: String
        let samples, items: Int64
    }

    let samples, items: Int64
    private let lines: [Line]
    private let classes: [ClassCount]
    private let judge: Judge?
    private let isTable: Bool

    /// - Parameter measures: Nil for all that can be had.
    init(_ evaluation: Handle, measures: [Measure]?, judge: Judge?, isTable: Bool = false) throws {
        self.judge = judge
        self.isTable = isTable
        var samples: Int64 = 0, items: Int64 = 0
        try check(gan_evaluation_counts(evaluation.pointer, &samples, &items))
        (self.samples, self.items) = (samples, items)
        var lines: [Line] = [], tooFew: [Measure] = []
        for measure in measures ?? Measure.all {
            var value = 0.0, spread = 0.0
            let status = gan_evaluation_value(evaluation.pointer, measure.name, &value, &spread)
            // What these samples have not is left out, unless it was asked for.
            if status == GAN_E_MISMATCH, measures == nil {
                if min(samples, items) < measure.minimum { tooFew.append(measure) }
                continue
            }
            try check(status)
            lines.append(Line(measure: measure, value: value, spread: spread))
        }
        self.lines = lines
        try Self.tell(tooFew, samples, items, isAll: lines.isEmpty)
        var classes: [ClassCount] = []
        if let judge, judge.tellsClasses {
            var count: Int32 = 0
            try check(gan_classifier_classes(judge.handle.pointer, &count))
            for index in 0..<count {
                var mine: Int64 = 0, theirs: Int64 = 0
                try check(gan_evaluation_class_counts(evaluation.pointer, index, &mine, &theirs))
                let name = try Library.text { gan_classifier_class_name(judge.handle.pointer, index, $0, $1, $2) }
                classes.append(ClassCount(name: name, samples: mine, items: theirs))
            }
        }
        self.classes = classes
    }

    /// What more samples, or more data, would tell.
    private static func tell(_ measures: [Measure], _ samples: Int64, _ items: Int64, isAll: Bool) throws {
        guard let least = measures.map(\.minimum).min() else { return }
        let what = samples <= items ? Format.count(samples, "sample") : Format.count(items, "item") + " of the data"
        if isAll { throw Failure(Exit.badData, "Nothing can be measured of \(what): \(least) or more are needed, and \(Measure.all.map(\.minimum).max() ?? least) for all measures.") }
        Output.note("Left out, for there \(min(samples, items) == 1 ? "is" : "are") \(what): " + measures.map { "\($0.name) (from \($0.minimum) on)" }.joined(separator: ", ") + ".")
    }

    func json(samples path: String, data: String) -> String {
        var object = JSONObject()
        object.add("evaluated", path)
        object.add("data", data)
        object.add("features", judge?.kind ?? (isTable ? "cells" : "random"))
        if let judge {
            if let path = judge.path { object.add(judge.kind, path) }
            if let accuracy = judge.accuracy { object.add("accuracy", accuracy) }
        }
        object.add("samples", samples)
        object.add("items", items)
        for line in lines {
            object.add(line.measure.name, line.value)
            if !line.spread.isNaN { object.add(line.measure.name + ".spread", line.spread) }
        }
        if !classes.isEmpty {
            let rows = classes.map { row in
                var object = JSONObject()
                object.add("name", row.name)
                object.add("samples", row.samples)
                object.add("items", row.items)
                return object.closed
            }
            object.add("classes", raw: "[" + rows.joined(separator: ", ") + "]")
        }
        return object.closed
    }

    var csv: String {
        "measure,value,spread,better\n"
            + lines.map { "\($0.measure.name),\($0.value),\($0.spread.isNaN ? "" : "\($0.spread)"),\($0.measure.goal)\n" }.joined()
    }

    /// "the features of digits.classifier.safetensors, which knows 99.1 % of pictures that it was not trained on"
    private var features: String {
        guard let judge else { return isTable ? "their cells" : "random features" }
        let name = judge.path.map { "the features of \($0)" } ?? "the features of \(judge.kind == "classifier" ? "a classifier" : "an autoencoder") that is not kept"
        let known = judge.target == "tags" ? "tags" : "pictures"
        return name + (judge.accuracy.map { ", which knows \(Format.fixed(100 * $0, 1)) % of \(known)\(known == "tags" ? " of pictures" : "") that it was not trained on" } ?? "")
    }

    var table: String {
        let width = lines.map(\.measure.name.count).max() ?? 0
        var text = "\(Format.count(samples, "sample")) beside \(Format.count(items, "item")) of the data, by \(features)\n\n"
        for line in lines {
            let spread = line.spread.isNaN ? "" : "± \(Format.significant(line.spread, 2))"
            text += "\(Format.left(line.measure.name, width))  \(Format.right(Format.significant(line.value, 5), 11))  \(Format.left(spread, 10)) \(line.measure.goal) is better\n"
        }
        guard !classes.isEmpty else { return text }
        text += "\n" + Format.left("class", width) + "  " + Format.right("samples", 11) + "  " + Format.right("data", 10) + "\n"
        for row in classes {
            text += Format.left(row.name, width) + "  " + Format.right(share(row.samples, samples), 11) + "  " + Format.right(share(row.items, items), 10) + "\n"
        }
        return text
    }

    private func share(_ part: Int64, _ all: Int64) -> String { Format.fixed(100 * Double(part) / Double(max(all, 1)), 1) + " %" }
}

/// What the measures are.
struct MeasureList {
    let isJSON: Bool

    func print() throws {
        if isJSON {
            let objects = Measure.all.map { measure in
                var object = JSONObject()
                object.add("name", measure.name)
                object.add("summary", measure.summary)
                object.add("range", measure.range)
                object.add("better", measure.goal)
                object.add("needs", measure.needs)
                object.add("minimum", measure.minimum)
                object.add("samples", measure.samples)
                object.add("paper", measure.paper)
                return object.closed
            }
            return try Output.line(json: "[" + objects.joined(separator: ",\n ") + "]")
        }
        let width = min(Terminal.columns, 100) - 1
        for (index, measure) in Measure.all.enumerated() {
            if index > 0 { try Output.line() }
            try Output.line("\(measure.name)  (\(measure.goal) is better)")
            for text in [
                measure.summary, "Values: \(measure.range). Samples: \(measure.samples); \(measure.minimum) at least.", measure.paper + ".",
            ] {
                try Output.line(Format.wrapped(text, width, indent: 4))
            }
        }
    }
}
