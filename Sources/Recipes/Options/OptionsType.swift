import Base

/// What an option is: a name, a type with its bounds or choices, a default, a sentence, and how far it reaches.
///
/// The options themselves are in `OptionsTable.swift`; text and numbers become values in `OptionsParsing.swift`.
public struct Option: Sendable {
    /// What values an option takes.
    public enum Kind: Sendable {
        case integer(ClosedRange<Int64>)
        /// `orAutomatic`: the word "auto" is a value too, and leaves the choice to the library.
        case real(ClosedRange<Double>, orAutomatic: Bool)
        case boolean
        case choice([String])
        /// Integers, each within `each`, at most `upTo` of them; none is a value too.
        case list(each: ClosedRange<Int64>, upTo: Int)
        /// Text of a form of its own.
        case text(TextForm)
    }

    /// What texts an option takes.
    public struct TextForm: Sendable {
        /// The form, for people.
        public let range: String
        /// Throws the end of a sentence that begins with the option's name: where the text is wrong, and what was expected there.
        let check: @Sendable (String) throws(GanError) -> Void

        init(_ range: String, _ check: @escaping @Sendable (String) throws(GanError) -> Void) {
            self.range = range
            self.check = check
        }
    }

    /// How far an option reaches.
    public enum Scope: Sendable {
        /// Part of what is being trained: saved in a checkpoint, and a resumed training must agree with it.
        case model
        /// How the training goes on: saved in a checkpoint, and a resumed training may override it.
        case schedule
        /// Where and on what the training runs: never saved.
        case machine
    }

    public let name: String
    public let kind: Kind
    public let scope: Scope
    /// What the option means, with its unit.
    public let summary: String
    /// The values of other options under which this one has a meaning, any one of them; none where it always has.
    public let conditions: [Condition]
    /// Whether the first version had it: a checkpoint that says nothing newer can be read by that version.
    public let isOriginal: Bool
    public let defaultValue: OptionValue

    /// Another option's value. By its name, since options are made of one another.
    public struct Condition: Sendable {
        public let option, value: String
    }

    init(
        _ name: String, _ kind: Kind, default value: OptionValue, _ scope: Scope, isOriginal: Bool = false, _ summary: String,
        when conditions: [Condition] = []
    ) {
        self.name = name
        self.kind = kind
        self.scope = scope
        self.summary = summary
        self.isOriginal = isOriginal
        self.conditions = conditions
        self.defaultValue = value
    }

    /// The type, by the names that `gan_option_type` documents.
    public var type: String {
        switch kind {
        case .integer: return "integer"
        case .real: return "real"
        case .boolean: return "boolean"
        case .choice: return "choice"
        case .list: return "list"
        case .text: return "text"
        }
    }

    /// The default, in the form that reading and saving an option use.
    public var defaultText: String { defaultValue.text }

    /// The conditions, in the form that `gan_option_condition` documents.
    public var conditionText: String { conditions.map { "\($0.option)=\($0.value)" }.joined(separator: "|") }

    /// The smallest and the largest value (of each element, for a list), where the type has them.
    public var bounds: (minimum: Double, maximum: Double)? {
        switch kind {
        case .integer(let range), .list(each: let range, upTo: _):
            return (Double(range.lowerBound), Double(range.upperBound))
        case .real(let range, orAutomatic: _): return (range.lowerBound, range.upperBound)
        case .boolean, .choice, .text: return nil
        }
    }

    /// The names that a choice takes; empty for every other type.
    public var choices: [String] {
        if case .choice(let names) = kind { return names }
        return []
    }

    /// The values that the option takes, for people.
    public var range: String {
        switch kind {
        case .integer(let range): return "\(range.lowerBound) to \(range.upperBound)"
        case .real(let range, let orAutomatic):
            let numbers = "\(Text.format(range.lowerBound)) to \(Text.format(range.upperBound))"
            return orAutomatic ? "auto, or \(numbers)" : numbers
        case .boolean: return "true|false"
        case .choice(let names): return names.joined(separator: "|")
        case .list(let each, let upTo):
            return "0 to \(upTo) integers with commas between them, each \(each.lowerBound) to \(each.upperBound)"
        case .text(let form): return form.range
        }
    }
}

/// An option whose choices are the cases of a type: the names are written there, once.
public struct Choice<Value: RawRepresentable & CaseIterable & Sendable>: Sendable where Value.RawValue == String {
    public let option: Option
    private let defaultCase: Value

    init(
        _ name: String, default value: Value, _ scope: Option.Scope, isOriginal: Bool = false, _ summary: String,
        when conditions: [Option.Condition] = []
    ) {
        option = Option(
            name, .choice(Value.allCases.map(\.rawValue)), default: .choice(value.rawValue), scope, isOriginal: isOriginal, summary,
            when: conditions)
        defaultCase = value
    }

    /// The case of that name. Names are checked when an option is set, so there always is one.
    func value(_ name: String) -> Value { Value(rawValue: name) ?? defaultCase }
}

/// The value of an option. Only `OptionsParsing.swift` makes values of what a caller or a file says.
public enum OptionValue: Sendable, Equatable {
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
    case choice(String)
    case list([Int64])
    case text(String)
    case automatic

    /// The value as text, from which parsing makes exactly this value again.
    public var text: String {
        switch self {
        case .integer(let value): return String(value)
        case .real(let value): return Text.format(value)
        case .boolean(let value): return value ? "true" : "false"
        case .choice(let name): return name
        case .text(let text): return text
        case .list(let values): return values.map { String($0) }.joined(separator: ",")
        case .automatic: return "auto"
        }
    }
}
