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
        return options
    }
}
