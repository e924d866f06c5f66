import Base
import Data

/// Every recipe, in the order in which manuals list them. The first is what a training is without being told.
public enum RecipeList {
    public static let all: [any Recipe.Type] = [
        AdversarialRecipe.self,
        InfoRecipe.self,
        ClassifierRecipe.self,
        AutoencoderRecipe.self,
        ImageToImage.self,
        SuperResolution.self,
        Inpainting.self,
        NextFrame.self,
        TextToImage.self,
        TagsRecipe.self,
        TableRecipe.self,
        Translation.self,
        VolumeRecipe.self,
        ViewToVolume.self,
    ]

    static func type(_ options: OptionValues) -> (any Recipe.Type)? {
        let name = options.choice(.recipe)
        return all.first { $0.name == name }
    }

    /// How the recipe that the options name wants patches to be cut, where it does.
    public static func patches(_ options: OptionValues) -> PatchPreference? { type(options)?.patches(options) }

    /// The recipe that the options name.
    public static func make(_ options: OptionValues, fields: [Field]) throws(GanError) -> any Recipe {
        guard let type = type(options) else {
            throw GanError(.internalError, "The recipe '\(options.choice(.recipe))' is an option's choice, and is not in the list.")
        }
        // An option of another recipe would do nothing, without a word.
        for other in all where other.name != type.name {
            for option in other.options where !type.options.contains(where: { $0.name == option.name }) && options.value(option) != option.defaultValue {
                throw GanError(
                    .outOfRange,
                    "\(option.name) is \(options.text(option)), and is an option of the recipe \(other.name), where this is \(type.name): leave it unset, or set recipe=\(other.name).")
            }
        }
        return try type.init(options, fields: fields)
    }
}
