import Base
import Checkpoint
import Compute
import Recipes

// Options on their way into a checkpoint and back, and what a resumed training may change.

extension OptionValues {
    /// Every option that belongs in a checkpoint with its value as text, sorted by name. Defaults of the first version's options are
    /// written out; those of later options are not, so that the first version reads what it could have trained.
    /// `init(checkpoint:)` reads the same values back, exactly.
    public func canonicalPairs() -> [(name: String, value: String)] {
        OptionTable.all.filter(isWritten)
            .map { (name: $0.name, value: text($0)) }
            .sorted { $0.name < $1.name }
    }

    private func isWritten(_ option: Option) -> Bool {
        if option.scope == .machine { return false }
        if option.isOriginal { return true }
        if option.name == Choices.network.option.name { return self[Choices.network] != self[Choices.preset].network }
        // What a preset changes is written whatever it is: a later version's preset may say something else.
        return value(option) != option.defaultValue || isChangedByPreset(option)
    }

    /// The options that a checkpoint holds. An option that the file does not mention has its default.
    /// - Throws: `.badFormat` for a name or value that this library does not know.
    public init(checkpoint pairs: some Sequence<(name: String, value: String)>) throws(GanError) {
        self.init()
        for (name, value) in pairs {
            do { try set(name, text: value) } catch {
                throw GanError(.badFormat, "The checkpoint's options cannot be used. \(error.message)")
            }
        }
    }

    /// A checkpoint's options with those that were set in `overrides` in their place.
    ///
    /// - Throws: `.mismatch` when an override contradicts what has been trained: the options of scope `model` must
    ///   agree, except that an image size of 0 agrees with any.
    public func overridden(by overrides: OptionValues) throws(GanError) -> OptionValues {
        var result = self
        for option in OptionTable.all where overrides.isSet(option) {
            let (mine, theirs) = (value(option), overrides.value(option))
            if mine == theirs { continue }
            if option.scope != .model {
                result.replace(option, with: theirs)
                continue
            }
            let isAnyImageSize = option.name.utf8.starts(with: "image.".utf8) && theirs == .integer(0)
            if isAnyImageSize { continue }
            // What suits the data was chosen when the training began.
            if theirs == .choice(Preset.auto.rawValue) && option.name == Choices.preset.option.name { continue }
            throw GanError(
                .mismatch,
                "The option '\(option.name)' is \(theirs.text), and the checkpoint was trained with \(mine.text). "
                    + "Leave the option unset to resume this checkpoint, or begin a new training.")
        }
        return result
    }
}

extension OptionValues {
    /// The options that a checkpoint keeps.
    var checkpointOptions: [String: String] {
        Dictionary(canonicalPairs().map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The options of a checkpoint, which must say how large its images are.
    public init(checkpoint metadata: CheckpointMetadata) throws(GanError) {
        try self.init(checkpoint: metadata.options.map { (name: $0.key, value: $0.value) })
        for option in [Option.imageHeight, .imageWidth, .imageChannels] where integer(option) == 0 {
            throw GanError(.badFormat, "The checkpoint's options cannot be used: they have no \(option.name).")
        }
    }

    /// How many threads to use, with 0 resolved.
    var threadCount: Int {
        let threads = integer(.threads)
        return threads == 0 ? ThreadPool.hardwareThreads : threads
    }
}
