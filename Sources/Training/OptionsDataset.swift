import Base
import Data
import Recipes

extension OptionValues {
    /// The data.… options, in the form in which module Data takes them.
    public var dataset: DatasetOptions {
        var options = DatasetOptions()
        options.height = integer(.dataHeight)
        options.width = integer(.dataWidth)
        options.channels = integer(.dataChannels)
        options.fit = choice(.dataFit) == "crop" ? .crop : .exact
        options.minimum = realOrAutomatic(.dataMinimum)
        options.maximum = realOrAutomatic(.dataMaximum)
        options.classes = integer(.dataClasses)
        options.items = self[Choices.dataItems]
        options.frames = integer(.dataFrames)
        options.pairs = self[Choices.dataPairs]
        options.readsMetadata = flag(.dataMetadata)
        options.textLength = integer(.dataTextLength)
        return options
    }
}
