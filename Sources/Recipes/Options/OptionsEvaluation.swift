// The options of evaluations during a training. They are no part of what is trained, and no checkpoint has them.

import Measures

extension Option {
    public static let evaluateEvery = Option(
        "evaluate.every", .integer(0...(1 << 31)), default: .integer(0), .machine,
        "After how many epochs each the generator is measured against the data, as metrics that begin with evaluate; 0 for never. Networks are the same with it and without.")
    public static let evaluateCount = Option(
        "evaluate.count", .integer(16...65536), default: .integer(1000), .machine,
        "How many samples an evaluation in training draws, and how many items of the data they are compared with at the most.")
    public static let evaluateMeasure = Option(
        "evaluate.measure", .choice(Measure.all.filter { $0.isOfProgress }.map(\.name)), default: .choice("frechet-distance"), .machine,
        "Which measure says that an evaluation in training is the best so far.")
    public static let evaluatePatience = Option(
        "evaluate.patience", .integer(0...100_000), default: .integer(0), .machine,
        "After how many evaluations that were no better than the best a training ends; 0 for none.")
    public static let evaluateCollapse = Option(
        "evaluate.collapse", .real(0...1, orAutomatic: false), default: .real(0.5), .machine,
        "Below which share of its best recall, or the entropy of the classes, counts as a collapse at an evaluation in training; 0 for never.")

    static let evaluation: [Option] = [.evaluateEvery, .evaluateCount, .evaluateMeasure, .evaluatePatience, .evaluateCollapse]
}
