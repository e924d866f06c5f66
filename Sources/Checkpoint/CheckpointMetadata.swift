import Base

/// What a checkpoint says about itself besides its tensors: what it is, and how it came to be.
///
/// In the file these are texts under `__metadata__`:
///
///     format           "libgan"
///     format-version   "1", or "2" where the first version of the library would not know what the file means
///     kind             "trainer" or "generator"
///     options          every resolved option, as a JSON object of texts in canonical form
///     seed, step       whole numbers in decimal
///     checksum         see `CheckpointChecksum`
///     images           how many images the data of a trainer had; not in files of libgan 0.1
///     edited           whatever it says, the file was changed on purpose, and its checksum means nothing
public struct CheckpointMetadata: Equatable, Sendable {
    public enum Kind: String, Sendable {
        /// Everything that resuming needs: both networks, moments, averages.
        case trainer
        /// What sampling needs.
        case generator
    }

    public var kind: Kind
    public var options: [String: String]
    public var seed: UInt64
    /// How many steps of training led here. Never negative.
    public var step: Int
    /// Further texts, kept as they are. Their names must not be among those above.
    public var others: [String: String]
    /// The version of the format that a reader has to know.
    public var version: UInt64

    /// - Parameter version: 1 where options, tensors and other texts mean what they meant in the first version of the library.
    public init(kind: Kind, options: [String: String], seed: UInt64, step: Int, others: [String: String] = [:], version: UInt64 = 1) {
        self.version = version
        self.kind = kind
        self.options = options
        self.seed = seed
        self.step = step
        self.others = others
    }

    /// Among `others`, since it need not be there.
    public static let imagesName = "images"

    /// How many images the training's data had, where the file says so.
    public var images: UInt64? { others[Self.imagesName].flatMap { Text.uint64($0) } }

    /// The name of the text that a program leaves in a checkpoint whose numbers or options it changed.
    static let editedName = "edited"
    /// Whether the checkpoint was changed outside libgan, and says so. A damaged file does not say so by chance.
    public var isEdited: Bool { others[Self.editedName] != nil }

    static let formatName = "libgan"
    /// The newest that is known here.
    static let newestVersion: UInt64 = 2

    enum Key: String, CaseIterable {
        case format
        case formatVersion = "format-version"
        case kind
        case options
        case seed
        case step
        case checksum
    }

    /// The texts of the file, with zeros for the checksums: two from version 2 on.
    func texts() throws(GanError) -> [String: String] {
        guard step >= 0 else {
            throw GanError(.invalidArgument, "The step of a checkpoint is \(step), and steps count up from 0.")
        }
        var texts = others
        if version > 1, texts.updateValue(CheckpointChecksum.zeros, forKey: CheckpointChecksum.contentsName) != nil {
            throw GanError(.invalidArgument, "The metadata name \"\(CheckpointChecksum.contentsName)\" is reserved by the checkpoint's format.")
        }
        for key in Key.allCases {
            guard texts.updateValue(text(for: key), forKey: key.rawValue) == nil else {
                throw GanError(.invalidArgument, "The metadata name \"\(key.rawValue)\" is reserved by the checkpoint's format.")
            }
        }
        return texts
    }

    private func text(for key: Key) -> String {
        switch key {
        case .format: Self.formatName
        case .formatVersion: String(version)
        case .kind: kind.rawValue
        case .options: JSONWriter.text(ofStringMap: options)
        case .seed: String(seed)
        case .step: String(step)
        case .checksum: CheckpointChecksum.zeros
        }
    }

    /// Whether the header is one of a checkpoint, and of a version that is understood here. The first thing to ask:
    /// about any other file there is no more to say.
    static func checkFormat(of header: SafetensorsHeader, source: String) throws(GanError) {
        guard header.metadata[Key.format.rawValue]?.value == formatName else {
            throw GanError(
                .badFormat,
                "\(source) is a safetensors file, but not a checkpoint of libgan: its metadata has no \"format\" that says "
                    + "\"\(formatName)\". A file that libgan has saved was expected.")
        }
        let text = try Self.text(.formatVersion, of: header, source)
        guard let version = Text.uint64(text), version > 0 else {
            throw invalid(.formatVersion, text, source, expected: "a whole number from 1 on")
        }
        guard version <= newestVersion else {
            throw GanError(
                .newerVersion,
                "\(source) is a checkpoint of format version \(version), and this libgan knows versions up to \(newestVersion). "
                    + "Load it with a newer libgan.")
        }
    }

    /// Reads the texts of a header that `checkFormat` has passed.
    init(_ header: SafetensorsHeader, source: String) throws(GanError) {
        let kindText = try Self.text(.kind, of: header, source)
        guard let kind = Kind(rawValue: kindText) else {
            throw Self.invalid(.kind, kindText, source, expected: "\"trainer\" or \"generator\"")
        }
        let seedText = try Self.text(.seed, of: header, source)
        guard let seed = Text.uint64(seedText) else {
            throw Self.invalid(.seed, seedText, source, expected: "a whole number")
        }
        let stepText = try Self.text(.step, of: header, source)
        guard let step = Text.uint64(stepText).flatMap({ Int(exactly: $0) }) else {
            throw Self.invalid(.step, stepText, source, expected: "a whole number")
        }
        // `checkFormat` has read it already.
        version = Text.uint64(try Self.text(.formatVersion, of: header, source)) ?? 1
        self.kind = kind
        self.seed = seed
        self.step = step
        self.options = try Self.options(try Self.text(.options, of: header, source), source)
        self.others = header.metadata.mapValues(\.value).filter {
            Key(rawValue: $0.key) == nil && $0.key != CheckpointChecksum.contentsName
        }
    }

    static func text(_ key: Key, of header: SafetensorsHeader, _ source: String) throws(GanError) -> String {
        guard let text = header.metadata[key.rawValue]?.value else {
            throw GanError(.badFormat, "\(source) is a damaged checkpoint: its metadata has no \"\(key.rawValue)\".")
        }
        return text
    }

    private static func options(_ text: String, _ source: String) throws(GanError) -> [String: String] {
        var text = text
        do {
            return try text.withUTF8 { utf8 in
                var reader = JSONReader(UnsafeRawBufferPointer(utf8))
                let map = try reader.stringMap(atMost: SafetensorsHeader.mostNames)
                try reader.end()
                return map.mapValues(\.value)
            }
        } catch {
            let message = (error as? JSONReader.Failure)?.message ?? "could not be read"
            throw GanError(.badFormat, "\(source) is a damaged checkpoint: the text of its options \(message).")
        }
    }

    static func invalid(_ key: Key, _ text: String, _ source: String, expected: String) -> GanError {
        GanError(
            .badFormat,
            "\(source) is a damaged checkpoint: its metadata says \(quoted(text)) for \"\(key.rawValue)\", and \(expected) was expected.")
    }
}
