#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a host may set. Every number of frei0r's lies between 0 and 1, so each has a scale; a value
/// outside is kept and given back as it was set, and the frame says what to write instead: a seed of 7 that silently became
/// seed 1000 would be found by nobody. What is no number changes nothing. Names and places are text, because only text can hold
/// them, and because hosts ask for parameters before they know of a model.
package protocol HostParameter: RawRepresentable, Sendable where RawValue == Int32 {
    var name: StaticString { get }
    var explanation: StaticString { get }
    /// What is set as text; all others are numbers.
    var isText: Bool { get }
    var initial: Double { get }
    /// How many whole steps there are between 0 and 1; nil where every number counts.
    var steps: Int? { get }
    /// What a number of steps is called, such as "seed 7".
    func meaning(ofStep step: Int) -> String
}

extension HostParameter {
    package func meaning(ofStep step: Int) -> String { "\(step)" }

    /// What is wrong with a value; nil for one between 0 and 1. What rounding leaves of a bound is the bound.
    func fault(of value: Double) -> Failure? {
        if value >= -1e-6 && value <= 1 + 1e-6 { return nil }
        // Whoever writes 7 means the seventh, whose value can be told.
        if let steps, let number = Int(exactly: value), (1...steps).contains(number) {
            let wanted = short(Double(number) / Double(steps))
            return Failure(
                sentence: "The parameter \(name) is \(number), and frei0r's numbers go from 0 to 1. Write \(wanted) for \(meaning(ofStep: number)).",
                brief: "\(name): \(number) is \(wanted)")
        }
        let number = short(value)
        return Failure(
            sentence: "The parameter \(name) is \(number), and frei0r's numbers go from 0 to 1. \(explanation).", brief: "\(name): from 0 to 1")
    }

    /// A number without the point of a whole one.
    private func short(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// The values that a host set, in frei0r's order.
package final class Parameters: @unchecked Sendable {
    private let all: [any HostParameter]
    private var values: [Double]
    private var texts: [SetText?]

    /// nil when there is no memory.
    init?(_ all: [any HostParameter]) {
        self.all = all
        values = all.map(\.initial)
        texts = all.map { $0.isText ? SetText("") : nil }
        for (place, parameter) in all.enumerated() where parameter.isText && texts[place] == nil { return nil }
    }

    func isText(_ index: Int32) -> Bool? { all.indices.contains(Int(index)) ? all[Int(index)].isText : nil }

    func set(_ index: Int32, _ value: Double) { if !value.isNaN { values[Int(index)] = value } }
    func get(_ index: Int32) -> Double { values[Int(index)] }
    func setText(_ index: Int32, _ text: UnsafePointer<CChar>?) { if let text, let copy = SetText(text) { texts[Int(index)] = copy } }
    /// Good until the parameter is set again.
    func text(_ index: Int32) -> UnsafePointer<CChar>? { texts[Int(index)].map { UnsafePointer($0.bytes) } }

    /// - Throws: what is wrong with the first value that is none.
    func check() throws(Failure) {
        for (place, parameter) in all.enumerated() {
            if parameter.isText {
                guard texts[place]?.string != nil else {
                    throw Failure(sentence: "The text of the parameter \(parameter.name) is not UTF-8.", brief: "\(parameter.name): not UTF-8")
                }
            } else if let fault = parameter.fault(of: values[place]) {
                throw fault
            }
        }
    }

    /// 0 … 1.
    package func share(_ parameter: some HostParameter) -> Double { min(max(values[Int(parameter.rawValue)], 0), 1) }

    /// The nearest of some whole steps.
    package func step(_ parameter: some HostParameter, of steps: Int) -> Int { Int((share(parameter) * Double(steps)).rounded()) }

    package func string(_ parameter: some HostParameter) -> String { texts[Int(parameter.rawValue)]?.string ?? "" }
}

/// What was set as text: its bytes, for asking, and the same as a string.
private final class SetText {
    let bytes: UnsafeMutablePointer<CChar>
    /// nil for what is not UTF-8.
    let string: String?

    /// nil when there is no memory.
    init?(_ text: UnsafePointer<CChar>) {
        guard let copy = strdup(text) else { return nil }
        bytes = copy
        string = String(validatingCString: copy)
    }

    deinit { free(bytes) }
}
