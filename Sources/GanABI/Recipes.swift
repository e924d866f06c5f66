import CGan

// gan.h, "Recipes".

@_cdecl("gan_recipe_count") @implementation
public func gan_recipe_count() -> Int32 { lookup(otherwise: 0) { StaticText.recipeCount } }

@_cdecl("gan_recipe_name") @implementation
public func gan_recipe_name(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.recipe(index)?.name } }

@_cdecl("gan_recipe_summary") @implementation
public func gan_recipe_summary(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.recipe(index)?.summary } }

@_cdecl("gan_recipe_paper") @implementation
public func gan_recipe_paper(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.recipe(index)?.paper } }

@_cdecl("gan_recipe_options") @implementation
public func gan_recipe_options(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.recipe(index)?.options } }
