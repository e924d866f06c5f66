import Base

/// A set of option values: those that were set, and the table's defaults for all others.
///
/// Setting checks name, type and range at once, so that what is read is always usable.
public struct OptionValues: Sendable {
    private var explicit: [String: OptionValue] = [:]
    /// Who notes what is read, where somebody wants to know.
    private var readers: OptionReaders?

    public init() {}

    /// The same values, of which is noted which are read.
    func noting(_ readers: OptionReaders) -> OptionValues {
        var copy = self
        copy.readers = readers
        return copy
    }

    // MARK: Names and values from outside

    /// Sets an option from text in the form that `gan_options_set` documents.
    /// - Throws: `.unknownName` for the option or a choice, `.outOfRange` for the value. Nothing is changed then.
    public mutating func set(_ name: String, text: String) throws(GanError) {
        let option = try OptionTable.find(name)
        explicit[option.name] = try option.parse(text)
    }

    /// Sets an integer, a real or a boolean (0 or 1).
    public mutating func set(_ name: String, integer: Int64) throws(GanError) {
        let option = try OptionTable.find(name)
        explicit[option.name] = try option.parse(integer)
    }

    /// Sets a real, or an integer when the value is whole.
    public mutating func set(_ name: String, real: Double) throws(GanError) {
        let option = try OptionTable.find(name)
        explicit[option.name] = try option.parse(real)
    }

    /// Sets an option that the library resolved to an integer, such as an image's height.
    public mutating func set(_ option: Option, integer: Int) throws(GanError) {
        explicit[option.name] = try option.parse(Int64(integer))
    }

    /// Puts a value that was checked before in an option's place.
    public mutating func replace(_ option: Option, with value: OptionValue) { explicit[option.name] = value }

    /// The option's value as text that `set(_:text:)` reads back exactly.
    public func text(_ name: String) throws(GanError) -> String { text(try OptionTable.find(name)) }

    // MARK: Values for the library's own use

    /// Whether the option was set, rather than left at its default.
    public func isSet(_ option: Option) -> Bool { explicit[option.name] != nil }

    public func value(_ option: Option) -> OptionValue {
        readers?.note(option.name)
        return explicit[option.name] ?? usual(option)
    }

    /// What an option is where it was not set.
    func usual(_ option: Option) -> OptionValue { recipeDefault(option) ?? presetDefault(option) ?? option.defaultValue }

    /// What the recipe makes of an option that was not set, whatever the preset.
    private func recipeDefault(_ option: Option) -> OptionValue? {
        guard case .choice(let recipe)? = explicit[Option.recipe.name] else { return nil }
        return OptionTable.recipeDefault(recipe, option)
    }

    /// What the preset makes of an option that was not set; nil for what all have.
    private func presetDefault(_ option: Option) -> OptionValue? {
        guard case .choice(let preset)? = explicit[Choices.preset.option.name] else { return nil }
        return OptionTable.presetDefault(Choices.preset.value(preset), option)
    }

    /// Whether the preset or the recipe has a default of its own for an option.
    public func isChangedByPreset(_ option: Option) -> Bool { (recipeDefault(option) ?? presetDefault(option)) != nil }

    public func text(_ option: Option) -> String { value(option).text }

    // An accessor of another type than the option's gives the empty value of its own type: 0, false or "".

    public func integer(_ option: Option) -> Int {
        if case .integer(let value) = value(option) { return Int(clamping: value) }
        return 0
    }

    public func real(_ option: Option) -> Double {
        if case .real(let value) = value(option) { return value }
        return 0
    }

    /// Like `real`, and nil where the value is "auto".
    public func realOrAutomatic(_ option: Option) -> Double? {
        if case .real(let value) = value(option) { return value }
        return nil
    }

    public func flag(_ option: Option) -> Bool { value(option) == .boolean(true) }

    public func choice(_ option: Option) -> String {
        if case .choice(let name) = value(option) { return name }
        return ""
    }

    /// The value of an option of type text.
    public func words(_ option: Option) -> String {
        if case .text(let text) = value(option) { return text }
        return ""
    }

    public subscript<Value>(_ choice: Choice<Value>) -> Value { choice.value(self.choice(choice.option)) }

    public func list(_ option: Option) -> [Int] {
        if case .list(let values) = value(option) { return values.map { Int(clamping: $0) } }
        return []
    }
}
