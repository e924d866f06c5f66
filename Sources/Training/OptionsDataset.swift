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
        options.fit =
            switch choice(.dataFit) {
            case "crop": .crop
            case "patches": .patches
            default: .exact
            }
        // A training that goes on names the sides that it has.
        if integer(.imageHeight) > 0, integer(.imageWidth) > 0, options.fit != .crop, options.height == 0, options.width == 0 {
            (options.patchHeight, options.patchWidth) = (integer(.imageHeight), integer(.imageWidth))
        }
        if let preference = RecipeList.patches(self) { options.patches = preference }
        // Who says "exact" means it.
        if isSet(.dataFit) { options.patches.isUnasked = false }
        options.minimum = realOrAutomatic(.dataMinimum)
        options.maximum = realOrAutomatic(.dataMaximum)
        options.classes = integer(.dataClasses)
        options.items = self[Choices.dataItems]
        options.frames = integer(.dataFrames)
        options.pairs = self[Choices.dataPairs]
        options.readsMetadata = flag(.dataMetadata)
        options.textLength = integer(.dataTextLength)
        options.table.categorical = TableOptions.names(words(.tableCategorical))
        options.table.continuous = TableOptions.names(words(.tableContinuous))
        options.table.leftOut = TableOptions.names(words(.tableLeaveOut))
        options.table.header = self[Choices.tableHeader]
        return options
    }
}
