import Base
import Data

/// Every recipe, in the order in which manuals list them. The first is what a training is without being told.
public enum RecipeList {
    public static let all: [any Recipe.Type] = [
        AdversarialRecipe.self,
        InfoRecipe.self,
    ]

    static func type(_ options: OptionValues) -> (any Recipe.Type)? {
        let name = options.choice(.recipe)
        return all.first { $0.name == name }
    }

    /// The recipe that the options name.
    public static func make(_ options: OptionValues, fields: [Field]) throws(GanError) -> any Recipe {
        guard let type = type(options) else {
            throw GanError(.internalError, "The recipe '\(options.choice(.recipe))' is an option's choice, and is not in the list.")
        }
        return try type.init(options, fields: fields)
    }
}
