import Base

// From what a caller says to a value of the option's type and range, or a sentence that says what was expected.
// Nothing here depends on the locale.

extension Option {
    /// - Throws: `.outOfRange` for text that is not of the type or not within the bounds, `.unknownName` for a choice.
    func parse(_ text: String) throws(GanError) -> OptionValue {
        switch kind {
        case .integer(let range):
            guard let value = Text.int64(text) else { throw notANumber(text, "an integer") }
            return .integer(try check(value, range))
        case .real(let range, let orAutomatic):
            if orAutomatic && text == "auto" { return .automatic }
            guard let value = Text.double(text) else { throw notANumber(text, orAutomatic ? "auto or a number" : "a number") }
            return .real(try check(value, range))
        case .boolean:
            switch text {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            default: throw refusal("is 'true' or 'false', and '\(Option.excerpt(text))' is neither")
            }
        case .choice(let names):
            if names.contains(text) { return .choice(text) }
            let advice = Text.nearestName(to: text, among: names).map { " Did you mean '\($0)'?" } ?? ""
            throw GanError(
                .unknownName,
                "The option '\(name)' is one of \(names.joined(separator: ", ")), and not '\(Option.excerpt(text))'.\(advice)")
        case .list(let each, let upTo):
            return .list(try elements(of: text, each: each, upTo: upTo))
        case .text(let form):
            guard text.utf8.count <= Option.longestText else { throw refusal("takes texts of \(Option.longestText) bytes at the most") }
            do { try form.check(text) } catch { throw refusal("cannot be read \(error.message)") }
            return .text(text)
        }
    }

    func parse(_ integer: Int64) throws(GanError) -> OptionValue {
        switch kind {
        case .integer(let range): return .integer(try check(integer, range))
        case .real(let range, orAutomatic: _): return .real(try check(Double(integer), range))
        case .boolean:
            guard integer == 0 || integer == 1 else { throw refusal("is 0 (false) or 1 (true), and not \(integer)") }
            return .boolean(integer == 1)
        case .choice, .list, .text: throw refusal("is a \(type), which an integer cannot set; set it from text")
        }
    }

    func parse(_ real: Double) throws(GanError) -> OptionValue {
        guard real.isFinite else { throw refusal("takes finite numbers, and not \(Text.format(real))") }
        switch kind {
        case .integer(let range):
            guard let whole = Int64(exactly: real) else {
                throw refusal("is an integer from \(self.range), and \(Text.format(real)) is not")
            }
            return .integer(try check(whole, range))
        case .real(let range, orAutomatic: _): return .real(try check(real, range))
        case .boolean, .choice, .list, .text: throw refusal("is a \(type), which a real number cannot set; set it from text")
        }
    }

    // MARK: Pieces

    private static let longestText = 16384

    private func elements(of text: String, each: ClosedRange<Int64>, upTo: Int) throws(GanError) -> [Int64] {
        var values: [Int64] = []
        if text.isEmpty { return values }
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            if values.count == upTo { throw refusal("holds at most \(upTo) integers, and '\(Option.excerpt(text))' has more") }
            guard let element = String(part), let value = Text.int64(element) else {
                throw refusal(
                    "is a list of integers with commas between them, such as 256,128, and '\(Option.excerpt(text))' is not")
            }
            values.append(try check(value, each))
        }
        return values
    }

    private func check<Number: Comparable & CustomStringConvertible>(
        _ value: Number, _ range: ClosedRange<Number>
    ) throws(GanError) -> Number {
        if range.contains(value) { return value }
        let shown = (value as? Double).map { Text.format($0) } ?? value.description
        throw refusal("takes \(self.range), and \(shown) is outside")
    }

    private func notANumber(_ text: String, _ expected: String) -> GanError {
        let quoted = Option.excerpt(text)
        // A number in the manner of many countries deserves more than "not a number".
        let withPoint = String(text.map { $0 == "," ? "." : $0 })
        if Text.holds(text, ",") && Text.double(withPoint) != nil {
            return refusal(
                "takes \(expected) (\(range)), and '\(quoted)' is none: the decimal separator is a point in every locale")
        }
        if text.isEmpty { return refusal("takes \(expected) (\(range)), and the text is empty") }
        guard type == "integer", let value = Text.double(text) else {
            return refusal("takes \(expected) (\(range)), and '\(quoted)' is not")
        }
        return refusal("takes \(expected) (\(range)), and '\(quoted)' is \(value == value.rounded() ? "outside or not plain digits" : "not whole")")
    }

    private func refusal(_ rest: String) -> GanError {
        GanError(.outOfRange, "The option '\(name)' \(rest)" + (rest.hasSuffix("?") ? "" : "."))
    }
}
