// Options that were set and do nothing: found by noting which ones a recipe reads while it is made, so that no recipe keeps a list.

import Base
import Synchronization

/// Notes the names of options that are read.
public final class OptionReaders: Sendable {
    private let names = Mutex<Set<String>>([])

    public init() {}

    func note(_ name: String) { _ = names.withLock { $0.insert(name) } }
    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
}

extension OptionValues {
    /// What the trainer reads, whatever is trained, and what drawing does.
    private static let trainers: [Option] = [
        .recipe, Choices.preset.option, .seed, .batchSize, .accumulate, .imageHeight, .imageWidth, .imageChannels, .dataShuffle, .truncation,
    ]

    /// The recipe of these options with a note of what it read of them.
    public func make(_ maker: (OptionValues) throws(GanError) -> any Recipe) throws(GanError) -> (recipe: any Recipe, readers: OptionReaders) {
        let readers = OptionReaders()
        return (try maker(noting(readers)), readers)
    }

    /// Refuses an option of `asked` that was set to something and that the recipe, all of whose steps were built, has not read.
    ///
    /// Recipes whose networks the option network chooses are left out: there it depends on that and others what counts, of which options
    /// tell; and what could be trained from the first version on goes on being taken.
    public func refuseUnread(_ asked: OptionValues, _ readers: OptionReaders) throws(GanError) {
        let recipe = choice(.recipe)
        guard let type = RecipeList.type(self), !type.hasNetworksByOption else { return }
        for option in OptionTable.all where asked.isSet(option) && option.scope != .machine && !readers.contains(option.name) {
            if Self.trainers.contains(where: { $0.name == option.name }) || Option.evaluation.contains(where: { $0.name == option.name }) { continue }
            if asked.value(option) == asked.usual(option) { continue }
            // What an option counts with it says itself, and whoever asks is told.
            let counts = option.conditions.isEmpty || option.conditions.contains { condition in OptionTable.all.contains { $0.name == condition.option && text($0) == condition.value } }
            if !counts { continue }
            throw GanError(
                .outOfRange,
                "The option \(option.name) is \(asked.text(option)), and does nothing in this training by the recipe '\(recipe)': leave it unset.")
        }
    }
}
