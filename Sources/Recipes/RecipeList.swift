import Base
import Data

/// Every recipe, in the order in which manuals list them. The first is what a training is without being told.
public enum RecipeList {
    public static let all: [any Recipe.Type] = [
        AdversarialRecipe.self,
        InfoRecipe.self,
    ]

    /// The recipe that the options name.
    public static func make(_ options: OptionValues, fields: [Field]) throws(GanError) -> any Recipe {
        let name = options.choice(.recipe)
        guard let type = all.first(where: { $0.name == name }) else {
            throw GanError(.internalError, "The recipe '\(name)' is an option's choice, and is not in the list.")
        }
        return try type.init(options, fields: fields)
    }
}
