// What is printed: a table for people, or a line of JSON for each of its rows.

final class Report {
    private let isJSON: Bool
    private var title: String?
    private var columns: [String] = []
    private static let width = 92
    private static let cellWidth = 11

    init(json: Bool) { isJSON = json }

    /// A heading, printed when its first row is.
    func section(_ title: String, _ columns: [String]) {
        self.title = title
        self.columns = columns
    }

    /// - Parameters:
    ///   - item: What is measured, in words without spaces that stay the same for ever.
    ///   - fields: Names and values of the line of JSON, values as JSON has them.
    func row(
        _ item: String, threads: Int? = nil, _ label: String, _ cells: [String], _ fields: [(String, String)], _ noise: Noise.Reading?
    ) {
        if isJSON {
            record(item, (threads.map { [("threads", "\($0)")] } ?? []) + fields, noise)
        } else {
            if let title {
                print("\n" + line(title, columns))
                self.title = nil
            }
            let mark = noise.map { $0.isLoud ? "  !" : "" } ?? ""
            print(line(label, cells) + mark)
            Text.flush()
        }
    }

    /// What is a line of JSON and no row.
    func record(_ item: String, _ fields: [(String, String)], _ noise: Noise.Reading? = nil) {
        guard isJSON else { return }
        var all = [("item", Self.quoted(item))] + fields
        if let noise { all += [("other_processors", Text.fixed(noise.others, 2)), ("stolen", Text.fixed(noise.stolen, 2))] }
        print("{" + all.map { "\(Self.quoted($0.0)): \($0.1)" }.joined(separator: ", ") + "}")
        Text.flush()
    }

    /// What is no line of JSON.
    func note(_ text: String) {
        if isJSON { return }
        print(text)
        Text.flush()
    }

    private func line(_ label: String, _ cells: [String]) -> String {
        Text.left(label, Self.width - Self.cellWidth * columns.count) + cells.map { Text.right($0, Self.cellWidth) }.joined()
    }

    static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
    }

    // MARK: Cells and fields that many rows have

    static func spread(_ samples: Samples) -> String {
        let (low, high) = samples.spread
        let digits = high >= 100 ? 0 : high >= 10 ? 1 : 2
        return "\(Text.fixed(low, digits))–\(Text.fixed(high, digits))"
    }

    /// A time, of which four digits say all there is.
    static func time(_ value: Double) -> String { Text.fixed(value, value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3) }

    static func fields(_ samples: Samples, _ unit: String) -> [(String, String)] {
        [
            ("unit", quoted(unit)), ("median", Text.significant(samples.median)), ("p10", Text.significant(samples.spread.low)),
            ("p90", Text.significant(samples.spread.high)),
        ]
    }
}
