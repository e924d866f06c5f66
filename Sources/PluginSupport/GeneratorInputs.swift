import CGan

/// What a generator's images are made of besides its latents: labels, categories and codes, by their names.
public struct GeneratorInputs {
    public struct Input {
        public let name, kind: String
        /// 0 where it is no class.
        public let classes: Int32
    }

    /// Without the latents, which are the first.
    public let all: [Input]

    /// - Throws: a status of libgan's, whose sentence waits.
    public init(_ generator: OpaquePointer?) throws(InputFailure) {
        var count: Int32 = 0
        try InputFailure.check(gan_generator_input_count(generator, &count))
        var all: [Input] = []
        for index in 1..<max(count, 1) {
            var classes: Int32 = 0
            try InputFailure.check(gan_generator_input_classes(generator, index, &classes))
            let name = try Self.text { gan_generator_input_name(generator, index, $0, $1, $2) }
            let kind = try Self.text { gan_generator_input_kind(generator, index, $0, $1, $2) }
            all.append(Input(name: name, kind: kind, classes: classes))
        }
        self.all = all
    }

    private static func text(
        _ read: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?) -> Int32
    ) throws(InputFailure) -> String {
        var size = 0
        try InputFailure.check(read(nil, 0, &size))
        var buffer = [CChar](repeating: 0, count: max(1, size))
        try InputFailure.check(read(&buffer, buffer.count, nil))
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    /// The input that is meant where a value stands alone: the label, or what there is in its place.
    public var principal: String { all.first { $0.kind == "label" }?.name ?? all.first?.name ?? "label" }

    // MARK: Settings as text

    /// What text such as `label=7, c2=0.5` sets, in its order. A comma, a semicolon, an ampersand (which ffmpeg's filters leave alone)
    /// or a line's end stands between two settings where an input's name and an equals sign follow; any other is part of the value,
    /// for classes may be called what they like, and several values stand between commas. `cat`, without a name, is the principal input's.
    public func settings(_ text: String) -> [(name: String, value: String)] {
        var settings: [(name: String, value: String)] = []
        var rest = Self.trimmed(Substring(text))
        while !rest.isEmpty {
            // Its name, unless the equals sign comes after the first separator.
            var name = principal
            if let sign = rest.utf8.firstIndex(of: UInt8(ascii: "=")), !rest[..<sign].utf8.contains(where: Self.isSeparator) {
                name = String(Self.trimmed(rest[..<sign]))
                rest = rest[rest.utf8.index(after: sign)...]
            }
            let end = nextSetting(in: rest)
            settings.append((name, String(Self.trimmed(rest[..<(end ?? rest.endIndex)]))))
            rest = end.map { Self.trimmed(rest[rest.utf8.index(after: $0)...]) } ?? ""
        }
        return settings
    }

    /// The separator before the next input's name and equals sign.
    private func nextSetting(in text: Substring) -> Substring.Index? {
        for place in text.utf8.indices where Self.isSeparator(text.utf8[place]) {
            let after = text[text.utf8.index(after: place)...]
            guard let sign = after.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = Self.trimmed(after[..<sign])
            if name == "latents" || all.contains(where: { $0.name == name }) { return place }
        }
        return nil
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "\n")
    }

    /// Without blanks at its ends.
    public static func trimmed(_ text: String) -> String { String(trimmed(Substring(text))) }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, first <= 32 { text = text[text.utf8.index(after: text.startIndex)...] }
        while let last = text.utf8.last, last <= 32 { text = text[..<text.utf8.index(before: text.endIndex)] }
        return text
    }

    // MARK: Setting

    /// Sets what the settings say, and all other inputs to what they are without being set.
    /// - Throws: the library's sentence, or one that says that an input is set twice.
    public func apply(_ settings: [(name: String, value: String)], to sampler: OpaquePointer?) throws(InputFailure) {
        for (place, setting) in settings.enumerated() where settings[..<place].contains(where: { $0.name == setting.name }) {
            throw InputFailure(GAN_E_INVALID_ARGUMENT, "The input '\(setting.name)' is set twice.")
        }
        for input in ["latents"] + all.map(\.name) {
            try InputFailure.check(gan_sampler_set(sampler, input, ""))
        }
        for (name, value) in settings {
            // Nothing is no value, and would be taken for what the input is without one.
            if value.isEmpty { throw InputFailure(GAN_E_INVALID_ARGUMENT, "The input '\(name)' is set to nothing; a value was expected.") }
            try InputFailure.check(gan_sampler_set(sampler, name, value))
        }
    }
}

/// Why an input cannot be set: a status of libgan's, and a sentence.
public struct InputFailure: Error {
    public let status: Int32
    public let sentence: String

    init(_ status: Int32, _ sentence: String) {
        self.status = status
        self.sentence = sentence
    }

    static func check(_ status: Int32) throws(InputFailure) {
        if status != GAN_OK { throw InputFailure(status, String(cString: gan_error_message())) }
    }
}
