// How the numbers of a column are written: whole, with so many decimals, or as dates of ISO 8601. Made numbers are written the same way.

import Base

public enum NumberForm: Hashable, Sendable {
    case integer
    /// Decimals at the most; `isFixed` where every cell has as many.
    case real(decimals: Int, isFixed: Bool)
    /// Numbers with exponents, or of more digits than anybody measures.
    case general
    /// Seconds since 1970 without leap seconds, written as a day, to the minute or to the second, with the letter between date and time, and
    /// what stands behind.
    case date(DateForm)

    public struct DateForm: Hashable, Sendable {
        public enum Precision: Int, Sendable {
            case day = 86400
            case minute = 60
            case second = 1
        }

        public let precision: Precision
        public let hasT: Bool
        public let hasZ: Bool

        public init(precision: Precision, hasT: Bool, hasZ: Bool) {
            self.precision = precision
            self.hasT = hasT
            self.hasZ = hasZ
        }
    }

    public var kindName: String {
        switch self {
        case .integer: "integer"
        case .real, .general: "real"
        case .date: "date"
        }
    }

    private static let mostDecimals = 15

    // MARK: Reading

    /// The number that a cell is, where it is one. A number that begins with a zero that means nothing, as a code of an area does, is none.
    public static func number(_ text: String) -> Double? {
        var digits = text.utf8[...]
        if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits.removeFirst() }
        if digits.first == UInt8(ascii: "0"), let second = digits.dropFirst().first, second >= UInt8(ascii: "0"), second <= UInt8(ascii: "9") { return nil }
        guard let value = Text.double(text), abs(value) <= 1e30 else { return nil }
        return value
    }

    /// The number that a text is in a column of this form: of a date the seconds.
    public func number(of text: String) -> Double? {
        if case .date = self { return Self.date(text)?.seconds }
        return Self.number(text)
    }

    /// The form that a cell's number has.
    static func form(ofNumber text: String) -> NumberForm {
        let bytes = text.utf8
        guard !bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return .general }
        guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return bytes.count > 16 ? .general : .integer }
        let decimals = bytes.distance(from: point, to: bytes.endIndex) - 1
        return decimals > mostDecimals ? .general : .real(decimals: decimals, isFixed: true)
    }

    /// The form of numbers some of which have either; nil where no form has both.
    func joined(_ other: NumberForm) -> NumberForm? {
        switch (self, other) {
        case (.date, _), (_, .date): self == other ? self : nil
        case (.general, _), (_, .general): .general
        case (.integer, .integer): .integer
        case (.integer, .real(let decimals, _)), (.real(let decimals, _), .integer): .real(decimals: decimals, isFixed: false)
        case (.real(let a, let first), .real(let b, let second)): .real(decimals: max(a, b), isFixed: first && second && a == b)
        }
    }

    /// The seconds since 1970 of a date, and its form.
    static func date(_ text: String) -> (seconds: Double, form: NumberForm)? {
        var bytes = text.utf8[...]
        func number(_ count: Int) -> Int? {
            guard bytes.count >= count else { return nil }
            var value = 0
            for byte in bytes.prefix(count) {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            bytes = bytes.dropFirst(count)
            return value
        }
        func take(_ character: Unicode.Scalar) -> Bool {
            guard bytes.first == UInt8(ascii: character) else { return false }
            bytes = bytes.dropFirst()
            return true
        }
        guard let year = number(4), year >= 1, take("-"), let month = number(2), take("-"), let day = number(2), (1...12).contains(month),
            day >= 1, day <= days(inMonth: month, of: year)
        else { return nil }
        var seconds = daysSince1970(year: year, month: month, day: day) * 86400
        if bytes.isEmpty { return (Double(seconds), .date(DateForm(precision: .day, hasT: false, hasZ: false))) }
        let hasT = take("T")
        guard hasT || take(" "), let hour = number(2), take(":"), let minute = number(2), hour < 24, minute < 60 else { return nil }
        seconds += hour * 3600 + minute * 60
        var precision = DateForm.Precision.minute
        if take(":") {
            guard let second = number(2), second < 60 else { return nil }
            seconds += second
            precision = .second
        }
        let hasZ = take("Z")
        return bytes.isEmpty ? (Double(seconds), .date(DateForm(precision: precision, hasT: hasT, hasZ: hasZ))) : nil
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Of the Gregorian calendar, by whole cycles of 400 years from a first of March.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + ofYear - 719_468
    }

    /// The first second of the year 1, and the last of 9999.
    private static let firstSecond = -62_135_596_800.0
    private static let lastSecond = 253_402_300_799.0

    // MARK: Writing

    /// The nearest number that can be written.
    func rounded(_ value: Double) -> Double {
        switch self {
        case .integer: return value.rounded()
        case .real(let decimals, _):
            let scale = Self.power(decimals)
            let scaled = (value * scale).rounded()
            return abs(scaled) < 9e15 ? scaled / scale : value
        case .general: return value
        case .date(let form):
            let unit = Double(form.precision.rawValue)
            return min(max((value / unit).rounded() * unit, Self.firstSecond), Self.lastSecond)
        }
    }

    private static func power(_ decimals: Int) -> Double { (0..<min(decimals, mostDecimals)).reduce(1.0) { result, _ in result * 10 } }

    public func text(_ value: Double) -> String {
        switch self {
        case .integer: return Int64(exactly: value.rounded()).map { String($0) } ?? Text.format(value)
        case .real(let decimals, let isFixed):
            let scaled = (value * Self.power(decimals)).rounded()
            guard decimals > 0, abs(scaled) < 9e15, let whole = Int64(exactly: scaled) else { return Text.format(value) }
            var digits = String(abs(whole))
            if digits.utf8.count <= decimals { digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits }
            var fraction = digits.suffix(decimals)
            if !isFixed { while fraction.last == "0" { fraction.removeLast() } }
            return (whole < 0 ? "-" : "") + digits.dropLast(decimals) + (fraction.isEmpty ? "" : "." + fraction)
        case .general: return Text.format(value)
        case .date(let form): return Self.text(seconds: value, form)
        }
    }

    private static func text(seconds value: Double, _ form: DateForm) -> String {
        let seconds = Int(exactly: min(max(value.rounded(), firstSecond), lastSecond)) ?? 0
        let day = seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400)
        let time = seconds - day * 86400
        // Howard Hinnant, "chrono-compatible low-level date algorithms": days back to a year that begins in March.
        let days = day + 719_468
        let era = days / 146_097
        let ofEra = days - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * ofYear + 2) / 153
        let dayOfMonth = ofYear - (153 * month + 2) / 5 + 1
        let civil = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civil <= 2 ? 1 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let digits = String(year)
        var text = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "-\(two(civil))-\(two(dayOfMonth))"
        if form.precision == .day { return text }
        text += (form.hasT ? "T" : " ") + two(time / 3600) + ":" + two(time / 60 % 60)
        if form.precision == .second { text += ":" + two(time % 60) }
        return text + (form.hasZ ? "Z" : "")
    }
}
